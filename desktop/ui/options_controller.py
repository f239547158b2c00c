"""Joins the options of the conversation at hand with their dialog and the header."""

from dataclasses import replace

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog

from desktop.core.model import Conversation
from desktop.core.options import Options
from desktop.core.schemas import AnswerSchema
from desktop.core.text import _, printable
from desktop.tasks.backend import Backend
from desktop.ui.conversation.header import ConversationHeader
from desktop.ui.conversation_state import ConversationState
from desktop.ui.options_dialog import OptionsDialog


class OptionsController(QObject):
    """Keeps the options true; those of a conversation that is not stored yet are remembered."""

    def __init__(self, backend: Backend, state: ConversationState, header: ConversationHeader) -> None:
        super().__init__(header)
        self._branches = backend.branches
        self._settings = backend.settings
        self._state = state
        self._header = header
        header.options_requested.connect(self.open)
        for signal in (state.shown, state.began, state.stored, state.options_changed):
            signal.connect(self._show)
        self._branches.changed.connect(self._show)
        state.shown.connect(self._on_shown)
        self._branches.recalled.connect(self._on_recalled)

    def open(self) -> None:
        """Open the dialog, and keep what is chosen."""
        settings = self._settings.current
        dialog = OptionsDialog(
            self._state.current.options, schemas=settings.schemas, parent=self._header.window()
        )
        dialog.schemas_changed.connect(self._on_schemas)
        if dialog.exec() == QDialog.DialogCode.Accepted:
            self.use(dialog.options())
        dialog.deleteLater()

    def use(self, options: Options) -> None:
        """The next questions of the conversation at hand are answered so."""
        current = self._state.current
        self._state.use_options(options)
        if current.id:
            self._branches.set_options(current.id, options)
        elif not current.private:
            self._branches.remember_options(options)

    def _on_schemas(self, schemas: tuple[AnswerSchema, ...]) -> None:
        self._settings.change(replace(self._settings.current, schemas=schemas))

    def _on_recalled(self, options: Options) -> None:
        current = self._state.current
        if not current.id and not current.messages and not current.options:
            self._state.use_options(options)

    def _show(self, conversation: Conversation) -> None:
        if conversation.id == self._state.current.id:
            self._header.show_options(said(conversation.options))

    def _on_shown(self, conversation: Conversation) -> None:
        if not conversation.id and not conversation.messages and not conversation.private:
            self._branches.recall_options()


def said(options: Options) -> str:
    """What differs from the usual, in a few words; empty for nothing."""
    parts = []
    if options.instructions:
        parts.append(_("instructions"))
    if options.schema is not None:
        parts.append(printable(options.schema.name, limit=30))
    if options.effort is not None:
        parts.append(_("reasoning"))
    if options.temperature is not None:
        parts.append(_("temperature"))
    if options.max_tokens is not None:
        parts.append(_("length"))
    return ", ".join(parts)

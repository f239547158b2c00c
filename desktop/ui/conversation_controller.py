"""Joins the conversation at hand with the transcript, the empty page and the header."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QStackedWidget

from desktop.core.events import Finished
from desktop.core.model import Attachment, Conversation
from desktop.core.problem_text import Remedy
from desktop.core.problems import Code
from desktop.core.request import CodeLanguage
from desktop.core.text import _
from desktop.tasks.backend import Backend
from desktop.ui.choice import Choice
from desktop.ui.code_copying import CodeCopying
from desktop.ui.composing import preset_rows
from desktop.ui.conversation.empty import EmptyPage
from desktop.ui.conversation.header import ConversationHeader
from desktop.ui.conversation.transcript import Transcript
from desktop.ui.conversation_files import ConversationFiles
from desktop.ui.conversation_state import ConversationState
from desktop.ui.links import open_link
from desktop.ui.messages import Messages
from desktop.ui.model_rows import model_name, model_rows
from desktop.ui.pictures import Pictures


class ConversationController(QObject):
    """Keeps the right side true.

    Attributes:
        is_covered: whether a page of its own is seen instead of a conversation that is at hand.

    Signals:
        images_changed(): which images are in the conversation at hand.
    """

    images_changed = Signal()

    def __init__(
        self,
        backend: Backend,
        state: ConversationState,
        choice: Choice,
        *,
        pages: QStackedWidget,
        transcript: Transcript,
        empty: EmptyPage,
        header: ConversationHeader,
        pictures: Pictures,
        messages: Messages,
        files: ConversationFiles,
        act: Callable[[Remedy], object],
    ) -> None:
        super().__init__(pages)
        self._backend = backend
        self._state = state
        self._choice = choice
        self._pages = pages
        self._transcript = transcript
        self._empty = empty
        self._header = header
        self._pictures = pictures
        self._messages = messages
        self._act = act
        self._code = CodeCopying(backend, messages)
        header.export_requested.connect(lambda: files.export((state.current.id,), (state.current.title,)))
        header.import_requested.connect(files.choose_import)
        self._waiting: dict[str, list[int]] = {}
        self.is_covered: Callable[[Conversation], bool] = lambda _conversation: False
        self._connect()
        self.show_models()
        self._on_choice()

    def show_models(self) -> None:
        """Fill the model picker, with prices where they are known."""
        self._header.set_models(model_rows(self._backend))

    def _connect(self) -> None:
        state, transcript = self._state, self._transcript
        state.shown.connect(self._on_shown)
        state.began.connect(self._on_began)
        state.stored.connect(self._on_stored)
        state.grew.connect(transcript.append)
        state.prepared.connect(transcript.preparing)
        state.retrying.connect(transcript.retrying)
        state.stopped.connect(transcript.finish)
        state.finished.connect(self._on_finished)
        transcript.stop_requested.connect(state.stop)
        transcript.remedy_requested.connect(self._on_remedy)
        transcript.link_clicked.connect(self._on_link)
        transcript.code_requested.connect(self._on_code)
        transcript.thumbnails_needed.connect(self._on_thumbnails_needed)
        self._pictures.arrived.connect(self._on_picture)
        self._backend.prices.loaded.connect(self.show_models)
        self._choice.changed.connect(self._on_choice)
        self._backend.prompts.changed.connect(self._on_choice)
        self._backend.history.carried_changed.connect(self._on_carried_changed)
        self._backend.branches.changed.connect(self._on_carried_changed)

    def _on_shown(self, conversation: Conversation) -> None:
        self._waiting.clear()
        self._transcript.show_conversation(conversation)
        self._show_title(conversation)
        self.images_changed.emit()

    def _on_began(self, conversation: Conversation) -> None:
        self._transcript.begin(conversation)
        self._show_title(conversation)

    def _on_stored(self, conversation: Conversation) -> None:
        self._transcript.stored(conversation)
        self._show_title(conversation)
        if not conversation.private:
            self._backend.history.remember_open(conversation.id)
        self._backend.history.refresh()
        self.images_changed.emit()

    def _on_finished(self, event: Finished, is_here: bool) -> None:
        if is_here:
            self._transcript.finish(event.answer, event.conversation)
        # A conversation that the user deleted meanwhile needs no word.
        if event.not_stored is not None and event.not_stored.code is not Code.CONVERSATION_GONE:
            self._messages.show(event.not_stored)
        self._backend.history.refresh()
        self.images_changed.emit()

    def _on_carried_changed(self, conversation: Conversation) -> None:
        self._state.update_carried(conversation)
        self.images_changed.emit()

    def _show_title(self, conversation: Conversation) -> None:
        self._header.set_title(conversation.title or _new_title(conversation))
        self._header.set_deletable(bool(conversation.id) and not conversation.private)
        if not self.is_covered(conversation):
            self._pages.setCurrentWidget(self._transcript if conversation.messages else self._empty)

    def _on_choice(self) -> None:
        self._header.set_current(self._choice.model.id, model_name(self._choice.model.id))
        self._empty.set_presets(
            preset_rows(
                on_device=self._choice.on_device, cards_only=True, library=self._backend.prompts.library
            ),
            on_device=self._choice.on_device,
        )

    def _on_remedy(self, name: str) -> None:
        self._act(Remedy(name))

    def _on_code(self, message_id: int, language: str) -> None:
        self._code.copy_message(self._state.current, message_id, CodeLanguage(language))

    def _on_link(self, url: str) -> None:
        open_link(self._pages.window(), url)

    def _on_thumbnails_needed(self, attachments: Sequence[Attachment]) -> None:
        for attachment in attachments:
            if attachment.sent is None:
                continue
            pixmap = self._pictures.get(attachment.sent)
            if pixmap is not None:
                self._transcript.set_thumbnail(attachment.id, pixmap)
            else:
                self._waiting.setdefault(attachment.sent.sha256, []).append(attachment.id)

    def _on_picture(self, sha256: str, pixmap: QPixmap) -> None:
        for attachment_id in self._waiting.pop(sha256, []):
            self._transcript.set_thumbnail(attachment_id, pixmap)


def _new_title(conversation: Conversation) -> str:
    return _("Private conversation") if conversation.private else _("New conversation")

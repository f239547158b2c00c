"""Asking again, going on, writing a question anew, and flipping through what came of it."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QMenu

from desktop.core.model import ON_DEVICE, Conversation, Detail, Message, Role
from desktop.core.request import Question, asked_again, continued, looked_at_closer
from desktop.core.text import _
from desktop.tasks.backend import Backend
from desktop.ui.choice import Choice
from desktop.ui.composer.state import detail_name
from desktop.ui.composer_controller import ComposerController
from desktop.ui.conversation.transcript import Transcript
from desktop.ui.conversation_state import ConversationState
from desktop.ui.messages import Messages
from desktop.ui.model_rows import model_name


class Branching(QObject):
    """Joins the buttons of questions and answers with the conversation's branches.

    Signals:
        comparison_wanted(int): a question of the branch at hand is to be put to several models; its id.
    """

    comparison_wanted = Signal(int)

    def __init__(
        self,
        backend: Backend,
        state: ConversationState,
        choice: Choice,
        *,
        composer: ComposerController,
        transcript: Transcript,
        messages: Messages,
    ) -> None:
        super().__init__(transcript)
        self._backend = backend
        self._state = state
        self._choice = choice
        self._composer = composer
        self._messages = messages
        self._transcript = transcript
        transcript.set_offer_actions(True, self._more_menu)
        transcript.again_requested.connect(self.ask_again)
        transcript.continue_requested.connect(self.go_on)
        transcript.edit_requested.connect(self.edit)
        transcript.version_chosen.connect(self.show_version)
        for signal in (state.shown, state.stored):
            signal.connect(self._show_versions)
        state.finished.connect(self._on_finished)
        backend.branches.shown.connect(self._on_shown)
        backend.branches.failed.connect(messages.show)

    def ask_again(self, answer_id: int, model: str | None = None) -> None:
        """Another answer to the question of this one, by the chosen model or another."""
        question = self._question_of(answer_id)
        if question is not None and self._is_free():
            chosen = model or self._choice.model.id
            self._ask(lambda now: asked_again(now, question.id, model=chosen), chosen)

    def ask_closer(self, answer_id: int, detail: Detail) -> None:
        """Another version of the question of this answer, whose images are looked at with another detail."""
        question = self._question_of(answer_id)
        if question is not None and self._is_free():
            chosen = self._choice.model.id
            self._ask(lambda now: looked_at_closer(now, question, model=chosen, detail=detail), chosen)

    def go_on(self, answer_id: int) -> None:
        """A version of a cut answer that continues it, by the model that began it."""
        answer = self._message(answer_id)
        if answer is not None and answer.model and answer.model != ON_DEVICE and self._is_free():
            chosen = answer.model
            self._ask(lambda now: continued(now, answer_id, model=chosen), chosen)

    def edit(self, question_id: int) -> None:
        """Write a question anew, in the composer."""
        question = self._message(question_id)
        if question is not None and self._is_free():
            self._composer.editing.begin(question)

    def show_version(self, message_id: int) -> None:
        """Bring another version to hand."""
        if self._is_free():
            self._backend.branches.show_version(self._state.current.id, message_id)

    def retry(self) -> bool:
        """Answer the last question once more; False if it was never stored."""
        messages = self._state.current.messages
        question = next((m for m in reversed(messages) if m.role is Role.USER), None)
        if question is None or not question.id:
            return False
        chosen = self._choice.model.id
        self._ask(lambda now: asked_again(now, question.id, model=chosen), chosen)
        return True

    def _more_menu(self, answer_id: int) -> QMenu:
        """Asking again by others, or with another detail."""
        menu = QMenu(self._transcript)
        others = menu.addMenu(_("Ask again with another model"))
        for model in self._backend.catalog.offered(datetime.now(UTC).date()):
            words = model_name(model.id).replace("&", "&&")
            others.addAction(words, partial(self.ask_again, answer_id, model.id))
        question = self._question_of(answer_id)
        if question is not None and question.attachments and self._choice.model.details:
            levels = menu.addMenu(_("Ask again with another detail"))
            for detail in self._choice.model.details:
                levels.addAction(detail_name(detail), partial(self.ask_closer, answer_id, detail))
        if question is not None:
            menu.addSeparator()
            menu.addAction(_("Compare models…"), partial(self.comparison_wanted.emit, question.id))
        return menu

    def _show_versions(self, conversation: Conversation) -> None:
        """What the flippers below questions and answers offer."""
        if conversation.id == self._state.current.id:
            for message in conversation.messages:
                if len(ids := conversation.versions_of(message.id)) > 1:
                    self._transcript.set_versions(ids, message.id)

    def _on_finished(self, _event: object, is_here: bool) -> None:
        if is_here:
            self._show_versions(self._state.current)

    def _ask(self, made: Callable[[Conversation], Question], model: str) -> None:
        """Ask a question that is made of the branch at hand; the model that is asked is the chosen one."""
        if model != self._choice.model.id:
            self._choice.use_model(model)
        self._composer.ask_question(made(self._state.current))

    def _is_free(self) -> bool:
        if self._state.is_answering:
            self._messages.say(_("Wait for the answer, or stop it."))
            return False
        return bool(self._state.current.id)

    def _question_of(self, answer_id: int) -> Message | None:
        upto = self._state.current.upto(answer_id, included=False)
        if upto is self._state.current or not upto.messages or upto.messages[-1].role is not Role.USER:
            return None
        return upto.messages[-1]

    def _message(self, message_id: int) -> Message | None:
        return next((m for m in self._state.current.messages if m.id == message_id), None)

    def _on_shown(self, conversation: Conversation) -> None:
        if conversation.id == self._state.current.id and not self._state.is_answering:
            self._state.show(conversation)

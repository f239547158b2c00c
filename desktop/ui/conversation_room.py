"""What belongs to the conversation at hand beside reading it: versions, options, and asking again."""

from collections.abc import Callable

from PySide6.QtCore import QCoreApplication, QObject

from desktop.core.model import Conversation, Role
from desktop.core.problem_text import Remedy
from desktop.ui.answer_shapes import AnswerShapes
from desktop.ui.branching import Branching
from desktop.ui.compare_controller import join_comparing
from desktop.ui.composer_controller import ComposerController
from desktop.ui.composer_controller import Parts as ComposerParts
from desktop.ui.conversation_controller import ConversationController
from desktop.ui.options_controller import OptionsController
from desktop.ui.private_talk import PrivateTalk
from desktop.ui.window_parts import WindowParts


class ConversationRoom(QObject):
    """Makes the controllers of the conversation's side and joins them.

    Attributes:
        comparing: the same question to several models at once.
        branching: versions of questions and answers.
        options: how the conversation at hand is answered.
        private: conversations that are never stored.
    """

    def __init__(
        self,
        parent: QObject,
        asking: ComposerParts,
        parts: WindowParts,
        *,
        composer: ComposerController,
        conversation: ConversationController,
        act: Callable[[Remedy], object],
    ) -> None:
        super().__init__(parent)
        backend, state, choice = asking.backend, asking.conversation, asking.choice
        self._state = state
        self._composer = composer
        self._transcript, self._panels = parts.transcript, parts.panels
        self.comparing = join_comparing(asking, parts, composer=composer, conversation=conversation, act=act)
        self.branching = Branching(
            backend,
            state,
            choice,
            composer=composer,
            transcript=parts.transcript,
            messages=asking.messages,
        )
        self.branching.comparison_wanted.connect(self.comparing.choose_again)
        parts.transcript.comparison_opened.connect(self._on_comparison)
        for signal in (state.shown, state.stored):
            signal.connect(self._show_compared)
        self._shapes = AnswerShapes(backend, state, parts.transcript)
        self.options = OptionsController(backend, state, parts.header)
        state.options_changed.connect(composer.refresh)
        self.private = PrivateTalk(backend, state, parts.header, parts.central)

    def quit(self) -> None:
        """End the program, whatever windows are open, if the conversation at hand may be left."""
        if self.private.may_leave():
            self._transcript.window().close()
            QCoreApplication.quit()

    def find(self) -> None:
        """Look for words in the conversation, which comes into sight for that."""
        self._panels.show_page()
        self._transcript.open_find()

    def _show_compared(self, conversation: Conversation) -> None:
        for message in conversation.messages:
            if others := self.comparing.others(conversation, message):
                self._transcript.set_compared(message.id, others)

    def _on_comparison(self, question_id: int) -> None:
        current = self._state.current
        number = next((m.comparison for m in current.messages if m.id == question_id), None)
        if number is not None:
            self.comparing.open(current, number)

    def begin_private(self) -> None:
        """A private conversation, with an empty prompt; what is being written elsewhere is kept there."""
        if self.private.may_leave():
            self._composer.save_draft()
            self.private.begin()
            self._composer.load_draft(self._state.current)

    def retry(self) -> None:
        """Have the last question answered again; one that was never stored is asked anew."""
        if not self.branching.retry():
            questions = [m for m in self._state.current.messages if m.role is Role.USER]
            if questions:
                self._composer.ask_again(questions[-1].text)

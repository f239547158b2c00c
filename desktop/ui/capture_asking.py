"""Asks about captured pictures; each answer appears in a small window at the side."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from PySide6.QtCore import QObject, QRect, Qt, Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication

from desktop.core.events import Finished
from desktop.core.model import AnswerState, Conversation, Message, Role
from desktop.core.problem_text import Remedy
from desktop.core.problems import Problem
from desktop.core.request import Question, asked_again
from desktop.tasks.backend import Backend
from desktop.tasks.gallery import Inspection
from desktop.tasks.questions import RunningQuestion
from desktop.ui.budget_guard import BudgetGuard
from desktop.ui.capture.answer_window import AnswerWindow
from desktop.ui.capture.captured import Captured
from desktop.ui.capture_terms import capture_question, price_line, prompt_for
from desktop.ui.choice import Choice
from desktop.ui.conversation_state import ConversationState
from desktop.ui.links import open_link
from desktop.ui.staying import Staying


@dataclass(eq=False, slots=True)
class _Talk:
    """A captured picture, what was asked about it, and the window that shows the answer.

    Attributes:
        window: None once it was closed.
        captured: as it came from the overlay.
        conversation: as far as it is stored; ``id`` 0 before. Private if the one in the main window was.
        question: as it was asked last; None before the picture is known.
        running: the answer being written; None before and after.
        text: what has come of it.
        stopped: the user has stopped it; its end has not arrived yet.
        path: the picture's file; of a private conversation it goes with the window.
        continued: it goes on in the main window.
    """

    captured: Captured
    window: AnswerWindow | None
    conversation: Conversation = field(default_factory=Conversation)
    question: Question | None = None
    running: RunningQuestion | None = None
    text: str = ""
    stopped: bool = False
    path: Path | None = None
    continued: bool = False


class CaptureAsking(QObject):
    """Makes a conversation of each captured picture that is asked about.

    Signals:
        conversation_wanted(int): the user wants to go on in the main window; the conversation's id.
        remedy_wanted(Remedy): of a problem that only the main window can mend.
    """

    conversation_wanted = Signal(int)
    remedy_wanted = Signal(object)

    def __init__(
        self,
        backend: Backend,
        choice: Choice,
        state: ConversationState,
        *,
        guard: Callable[[], BudgetGuard],
        staying: Staying,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._backend = backend
        self._choice = choice
        self._state = state
        self._guard = guard
        self._staying = staying
        self._talks: list[_Talk] = []

    def begin(self, captured: Captured, available: QRect) -> _Talk:
        """Show the window; `ask` follows when the picture is a file, or `fail`."""
        for talk in tuple(self._talks):
            if talk.window is not None and not talk.window.is_pinned:
                # What is still being answered there goes on, into the history.
                talk.window.close()
        prompt = prompt_for(captured.prompt, on_device=self._choice.on_device)
        private = self._state.current.private
        window = AnswerWindow(captured.title, prompt, self._choice.model.id, private=private)
        talk = _Talk(replace(captured, prompt=prompt), window, Conversation(private=private))
        self._talks.append(talk)
        pinned = sum(1 for other in self._talks if other.window is not None) - 1
        window.place_on(available, pinned)
        window.stop_requested.connect(lambda: self._stop(talk))
        window.remedy_requested.connect(lambda name: self._on_remedy(talk, Remedy(name)))
        window.link_clicked.connect(lambda url: open_link(talk.window, url))
        window.continue_requested.connect(lambda: self._continue(talk))
        window.left.connect(lambda: self._on_left(talk))
        window.asked.connect(lambda text: self._ask_next(talk, text))
        window.price = lambda text: price_line(self._backend, self._choice, self._following(talk, text))
        self._backend.captures.thumbnail(
            captured.image, captured.edits, 256, lambda image: self._show_picture(talk, image)
        )
        if QApplication.activeModalWidget() is not None:
            # A dialog is open: without this, nothing could be done in the window before that is closed.
            window.setWindowModality(Qt.WindowModality.ApplicationModal)
        window.show()
        window.raise_()
        window.activateWindow()
        return talk

    def ask(self, talk: _Talk, path: Path) -> None:
        """Ask about the picture, which is this file."""

        def looked(inspection: Inspection, _thumbnail: QImage) -> None:
            if talk.window is None:
                # It was closed before anything was asked.
                self._staying.release(_name(talk))
                self._forget_if_over(talk)
                return
            captured = talk.captured
            question = capture_question(
                inspection.facts,
                talk.conversation,
                captured.edits,
                prompt=captured.prompt,
                detail=captured.detail,
                model=self._choice.model,
            )
            self._ask(talk, question)

        talk.path = path
        self._staying.hold(_name(talk))
        self._backend.gallery.inspect(path, looked, lambda trouble: self.fail(talk, trouble))

    def fail(self, talk: _Talk, trouble: Problem) -> None:
        """The picture cannot be asked about."""
        answer = Message(
            role=Role.ASSISTANT,
            text="",
            state=AnswerState.FAILED,
            created_at=talk.captured.at,
            model=self._choice.model.id,
            problem=trouble,
        )
        self._on_ended(talk, Finished(answer=answer, conversation=None))

    def _ask(self, talk: _Talk, question: Question) -> None:
        talk.question = question
        allowed = self._guard().passed(question, self._choice.model, over=talk.window)
        if allowed is None:
            # What was typed is not lost.
            self._tell(talk, "not_asked", question.text, question.model)
            self._staying.release(_name(talk))
            self._forget_if_over(talk)
            return
        self._run(talk, allowed)

    def _run(self, talk: _Talk, allowed: Question) -> None:
        talk.question, talk.text, talk.stopped = allowed, "", False
        running = talk.running = self._backend.ask(allowed)
        # The main window shows it too, when the conversation is opened there.
        self._state.follow(running, here=False)
        running.prepared.connect(lambda done, total: self._tell(talk, "preparing", done, total))
        running.stored.connect(lambda conversation: self._on_stored(talk, conversation))
        running.grown.connect(lambda text: self._on_grown(talk, text))
        running.retrying.connect(lambda event: self._tell(talk, "retrying", event))
        running.ended.connect(lambda event: self._on_ended(talk, event))
        self._staying.hold(_name(talk))
        self._backend.start(running)

    def _tell(self, talk: _Talk, what: str, *values: object) -> None:
        if talk.window is not None:
            getattr(talk.window, what)(*values)

    def _on_stored(self, talk: _Talk, conversation: Conversation) -> None:
        talk.conversation = conversation
        self._backend.history.refresh()
        self._tell(talk, "stored", conversation)

    def _on_grown(self, talk: _Talk, text: str) -> None:
        if not talk.stopped:
            talk.text += text
            self._tell(talk, "append", text)

    def _on_ended(self, talk: _Talk, event: Finished) -> None:
        talk.running = None
        talk.conversation = event.conversation or talk.conversation
        self._tell(talk, "finished", event)
        self._forget_if_over(talk)
        self._staying.release(_name(talk))

    def _stop(self, talk: _Talk) -> None:
        if talk.running is None and talk.window is not None:
            # Nothing is asked yet.
            talk.window.close()
        if talk.running is not None:
            self._state.stop(talk.running)
            talk.stopped = True
            self._tell(talk, "stopped", talk.text, self._choice.model.id)

    def _on_remedy(self, talk: _Talk, remedy: Remedy) -> None:
        if remedy is Remedy.RETRY:
            self._again(talk)
            return
        if talk.conversation.id:
            talk.continued = True
            self.conversation_wanted.emit(talk.conversation.id)
        self.remedy_wanted.emit(remedy)

    def _again(self, talk: _Talk) -> None:
        stored, model = talk.conversation, self._choice.model
        asked = [message.id for message in stored.messages if message.role is Role.USER]
        if talk.running is not None or talk.question is None:
            return
        question = asked_again(stored, asked[-1], model=model.id) if asked else talk.question
        self._tell(talk, "begin_again", model.id, "" if asked else question.text)
        self._ask(talk, question)

    def _ask_next(self, talk: _Talk, text: str) -> None:
        if not talk.conversation.id:
            if talk.running is None and talk.question is not None:
                self._tell(talk, "begin_again", self._choice.model.id, text)
                self._ask(talk, self._following(talk, text))
            return
        question = self._guard().passed(self._following(talk, text), self._choice.model, over=talk.window)
        if question is not None and talk.running is None:
            self._tell(talk, "begin_next", text, question.model)
            self._run(talk, question)

    def _following(self, talk: _Talk, text: str) -> Question:
        if not talk.conversation.id and talk.question is not None:
            return replace(talk.question, text=text, model=self._choice.model.id)
        return Question(conversation=talk.conversation, text=text, model=self._choice.model.id, drafted=False)

    def _continue(self, talk: _Talk) -> None:
        talk.continued = True
        self.conversation_wanted.emit(talk.conversation.id)
        if talk.window is not None:
            talk.window.close()

    def _show_picture(self, talk: _Talk, image: QImage) -> None:
        if talk.window is not None:
            talk.window.show_picture(image)

    def _on_left(self, talk: _Talk) -> None:
        talk.window = None
        if talk.running is not None and talk.conversation.private and not talk.continued:
            # Nobody would ever see it.
            self._state.stop(talk.running)
        self._forget_if_over(talk)

    def _forget_if_over(self, talk: _Talk) -> None:
        if talk.window is None and talk.running is None and talk in self._talks:
            self._talks.remove(talk)
            if talk.conversation.private and talk.path is not None:
                self._backend.captures.remove(talk.path)
            if talk.conversation.private and talk.conversation.id and not talk.continued:
                self._backend.branches.forget(talk.conversation.id)


def _name(talk: _Talk) -> str:
    return f"answer {id(talk)}"

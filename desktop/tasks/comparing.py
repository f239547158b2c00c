"""A comparison while it runs: one question to several pairs of model and detail, all at once.

The first side goes ahead until it is stored, because it gives the comparison its number and, in a new
conversation, the conversation; then all others run at once. If it ends before that, the next one goes ahead
in its place. Each side is a `RunningQuestion` like any other.
"""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop.core.comparing import joined
from desktop.core.events import Finished
from desktop.core.model import AnswerState, Conversation, Message, Role
from desktop.core.request import Question
from desktop.tasks.questions import RunningQuestion


class RunningComparison(QObject):
    """The sides of one comparison; lives in the GUI thread and deletes itself after `over`.

    Attributes:
        questions: what each side asks; those after the first get their number when it is stored.
        conversation: the branch of the side that went ahead, once it is stored.

    Signals:
        beginning(int, RunningQuestion, bool): a side is about to run; True if it goes ahead. Connect to its
            signals now.
        ended(int, Finished): a side has ended; exactly once for each, also for one that never ran.
        over(): all have ended.
    """

    beginning = Signal(int, object, bool)
    ended = Signal(int, object)
    over = Signal()

    def __init__(
        self,
        questions: Sequence[Question],
        *,
        make: Callable[[Question], RunningQuestion],
        start: Callable[[RunningQuestion], None],
        all_prepared: Callable[[], None],
        parent: QObject | None = None,
    ) -> None:
        """Prepare the sides.

        Args:
            questions: see `core.comparing.sides_of`.
            make: makes a question that is not running yet.
            start: lets it run.
            all_prepared: called when no side has images to prepare any more.
            parent: the owner.
        """
        super().__init__(parent)
        self.questions = tuple(questions)
        self.conversation: Conversation | None = None
        self._make = make
        self._start = start
        self._all_prepared = all_prepared
        self._waiting = list(range(len(self.questions)))
        self._running: dict[int, RunningQuestion] = {}
        self._preparing = set(self._waiting)
        self._left = len(self.questions)

    def start(self) -> None:
        """Let the first side go ahead."""
        self._go_ahead()

    def stop(self, place: int) -> None:
        """Ask one side to end; `ended` follows, with what had come."""
        if place in self._running:
            self._running[place].stop()
        elif place in self._waiting:
            self._give_up(place)

    def stop_all(self) -> None:
        """Ask all sides to end."""
        # First those that wait: they must not go ahead when the one before them ends.
        for place in (*self._waiting, *self._running):
            self.stop(place)

    def _go_ahead(self) -> None:
        if self._waiting:
            place = self._waiting.pop(0)
            self._begin(place, self.questions[place], ahead=True)

    def _begin(self, place: int, question: Question, *, ahead: bool) -> None:
        running = self._running[place] = self._make(question)
        # Bound to this side, and before anybody else: what follows from an end is decided here.
        running.stored.connect(partial(self._on_stored, place))
        running.ended.connect(partial(self._on_ended, place))
        self.beginning.emit(place, running, ahead)
        self._start(running)

    def _on_stored(self, place: int, conversation: Conversation) -> None:
        self._note_prepared(place)
        if self.conversation is not None:
            return
        self.conversation = conversation
        waiting, self._waiting = self._waiting, []
        for other in waiting:
            self._begin(other, joined(self.questions[other], conversation), ahead=False)

    def _on_ended(self, place: int, event: Finished) -> None:
        self._running.pop(place, None)
        self._note_prepared(place)
        if self.conversation is None and event.conversation is None:
            self._go_ahead()
        self._note_end(place, event)

    def _give_up(self, place: int) -> None:
        self._waiting.remove(place)
        self._note_prepared(place)
        self._note_end(place, Finished(_never_asked(self.questions[place]), None))

    def _note_prepared(self, place: int) -> None:
        if place in self._preparing:
            self._preparing.discard(place)
            if not self._preparing:
                self._all_prepared()

    def _note_end(self, place: int, event: Finished) -> None:
        self._left -= 1
        self.ended.emit(place, event)
        if not self._left:
            self.over.emit()
            self.deleteLater()


def _never_asked(question: Question) -> Message:
    return Message(
        role=Role.ASSISTANT,
        text="",
        state=AnswerState.STOPPED,
        created_at=datetime.now(UTC),
        model=question.model,
    )

"""Comparisons that are running: what each side has come to, whichever conversation is open meanwhile."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import partial

from PySide6.QtCore import QObject, Signal

from desktop.core.events import Finished, Retrying
from desktop.core.model import AnswerState, Conversation, Detail, Message, Role
from desktop.core.problems import Code
from desktop.core.request import Question, new_images
from desktop.tasks.backend import Backend
from desktop.tasks.comparing import RunningComparison
from desktop.tasks.questions import RunningQuestion
from desktop.ui.conversation_state import ConversationState


@dataclass(eq=False, slots=True)
class LiveSide:
    """One side.

    Attributes:
        detail: how closely it looks; None if the question brings no images.
        answer: as it stands, without ``text`` while it is running.
        text: what has come.
        running: while it runs.
        prepared: so many of so many images are ready.
        retrying: why its engine waits.
        has_ended: its end has arrived; a stopped one is not running although that is still to come.
    """

    detail: Detail | None
    answer: Message
    text: str = ""
    running: RunningQuestion | None = None
    prepared: tuple[int, int] = (0, 0)
    retrying: Retrying | None = None
    has_ended: bool = False

    @property
    def is_running(self) -> bool:
        """Whether more may come, as it is shown."""
        return self.answer.state is AnswerState.RUNNING

    @property
    def shown(self) -> Message:
        """The answer with what has come."""
        return replace(self.answer, text=self.text) if self.is_running else self.answer


@dataclass(eq=False, slots=True)
class LiveComparison:
    """One comparison that is running, or ended while its page was open.

    Attributes:
        question: the message that is shown: before anything is stored, what is about to be.
        sides: in the order in which they were chosen.
        conversation_id: 0 until the first side is stored.
        number: see `Message.comparison`; 0 until then.
    """

    question: Message
    sides: tuple[LiveSide, ...]
    conversation_id: int = 0
    number: int = 0
    running: RunningComparison | None = field(default=None)


class Comparisons(QObject):
    """All comparisons that are running.

    Signals:
        changed(LiveComparison, int): a side began, was stopped or has ended.
        grew(LiveComparison, int, str): a side has more text.
        prepared(LiveComparison, int, int, int): so many of so many images of a side are ready.
        retrying(LiveComparison, int, Retrying): a side's engine waits and tries again.
        stored(LiveComparison): the first side is in the history: there are ids now.
        over_budget(LiveComparison): nothing was asked, because the month's budget is used up.
    """

    changed = Signal(object, int)
    grew = Signal(object, int, str)
    prepared = Signal(object, int, int, int)
    retrying = Signal(object, int, object)
    stored = Signal(object)
    over_budget = Signal(object)

    def __init__(self, backend: Backend, state: ConversationState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._backend = backend
        self._state = state
        self._lives: list[LiveComparison] = []

    def prepare(self, questions: Sequence[Question], question: Message) -> LiveComparison:
        """A comparison that is not running yet; ``question`` is what is shown of it until it is stored."""
        running = self._backend.compare(questions)
        sides = tuple(
            LiveSide(detail=_detail(asked), answer=_waiting(question, asked.model)) for asked in questions
        )
        live = LiveComparison(question, sides, questions[0].conversation.id, running=running)
        running.beginning.connect(partial(self._on_beginning, live))
        running.ended.connect(partial(self._on_ended, live))
        running.over.connect(partial(self._on_over, live))
        return live

    def start(self, live: LiveComparison) -> None:
        """Let it run; its first side is at hand from now on."""
        if live.running is not None:
            self._lives.append(live)
            live.running.start()

    def find(self, conversation_id: int, number: int | None = None) -> LiveComparison | None:
        """The running one of a conversation: that of this number, or the newest."""
        found = (v for v in reversed(self._lives) if v.conversation_id == conversation_id != 0)
        return next((live for live in found if number is None or live.number == number), None)

    def stop(self, live: LiveComparison, place: int) -> None:
        """Stop one side: felt at once."""
        side = live.sides[place]
        if live.running is None or not side.is_running:
            return
        if side.running is None:
            live.running.stop(place)
            return
        side.answer = replace(side.shown, state=AnswerState.STOPPED)
        self._state.stop(side.running)
        self.changed.emit(live, place)

    def stop_all(self, live: LiveComparison) -> None:
        """Stop all sides, those first that wait for the one before them."""
        waiting = [at for at, side in enumerate(live.sides) if side.running is None]
        for place in (*waiting, *range(len(live.sides))):
            self.stop(live, place)

    def _on_beginning(self, live: LiveComparison, place: int, running: RunningQuestion, ahead: bool) -> None:
        side = live.sides[place]
        side.running = running
        running.prepared.connect(partial(self._on_prepared, live, place))
        running.stored.connect(partial(self._on_stored, live, place))
        running.grown.connect(partial(self._on_grown, live, place))
        running.retrying.connect(partial(self._on_retrying, live, place))
        # Where the one before it could not be asked, this one takes its place: also on the screen.
        before = [other.running for other in live.sides if other.running not in (None, running)]
        at_hand = self._state.live
        here = ahead and (not before or (at_hand is not None and at_hand.running in before))
        self._state.follow(running, here=here)
        self.changed.emit(live, place)

    def _on_prepared(self, live: LiveComparison, place: int, done: int, total: int) -> None:
        live.sides[place].prepared = (done, total)
        if live.sides[place].is_running:
            self.prepared.emit(live, place, done, total)

    def _on_stored(self, live: LiveComparison, place: int, conversation: Conversation) -> None:
        side = live.sides[place]
        question, answer = conversation.messages[-2:]
        if side.is_running:
            side.answer = answer
        if not live.number:
            live.question, live.conversation_id = question, conversation.id
            live.number = question.comparison or 0
            self.stored.emit(live)

    def _on_grown(self, live: LiveComparison, place: int, text: str) -> None:
        side = live.sides[place]
        if side.is_running:
            side.text += text
            side.retrying = None
            self.grew.emit(live, place, text)

    def _on_retrying(self, live: LiveComparison, place: int, event: Retrying) -> None:
        live.sides[place].retrying = event
        if live.sides[place].is_running:
            self.retrying.emit(live, place, event)

    def _on_ended(self, live: LiveComparison, place: int, event: Finished) -> None:
        side = live.sides[place]
        side.answer, side.text, side.has_ended = event.answer, event.answer.text, True
        side.retrying = None
        self.changed.emit(live, place)

    def _on_over(self, live: LiveComparison) -> None:
        self._lives.remove(live)
        troubles = [side.answer.problem for side in live.sides]
        if not live.number and all(t is not None and t.code is Code.BUDGET_REACHED for t in troubles):
            self.over_budget.emit(live)
        live.running = None
        for side in live.sides:
            side.running = None


def _detail(question: Question) -> Detail | None:
    return next((image.detail for image in new_images(question) if not image.edits.overview), None)


def _waiting(question: Message, model: str) -> Message:
    return Message(
        role=Role.ASSISTANT, text="", state=AnswerState.RUNNING, created_at=question.created_at, model=model
    )

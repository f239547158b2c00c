"""The conversation at hand, and the answers being written, which go on when another one is opened."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal

from desktop.core.events import Finished, Retrying
from desktop.core.model import AnswerState, Attachment, Conversation, Message, Role
from desktop.core.options import Options
from desktop.core.request import Kind, Question, new_images
from desktop.tasks.backend import Backend
from desktop.tasks.questions import RunningQuestion


@dataclass(eq=False, slots=True)
class Live:
    """One answer being written.

    Attributes:
        running: the question.
        conversation: what is shown of it: before it is stored, the conversation that was asked in, with the
            question and an empty answer added.
        text: what has come.
        stopped: the user has stopped it; its end has not arrived yet.
    """

    running: RunningQuestion
    conversation: Conversation
    text: str = ""
    stopped: bool = False
    prepared: tuple[int, int] = (0, 0)
    retrying: Retrying | None = field(default=None)

    def is_in(self, conversation: Conversation) -> bool:
        """Whether it belongs to a stored branch: of a comparison, several are written in one conversation."""
        end = self.conversation.messages[-1].id
        if end:
            return any(message.id == end for message in conversation.messages)
        return 0 != conversation.id == self.conversation.id and self.running.question.shown


class ConversationState(QObject):
    """What the right side shows.

    Attributes:
        current: the conversation at hand. Replaced, never changed.
        refused: the images of its last question that the server refused just now.

    Signals:
        shown(Conversation): another conversation is at hand, or this one changed as a whole.
        began(Conversation): a question was asked in the one at hand; its last message is the empty answer.
        stored(Conversation): the one at hand is in the history now, its attachments have their ids.
        grew(str): its answer has more text.
        prepared(int, int): so many of so many images are ready.
        retrying(Retrying): its engine waits and tries again.
        stopped(Message): its answer as it stands, at the moment of Stop.
        finished(Finished, bool): an answer has ended; True if in the conversation at hand.
        options_changed(Conversation): the one at hand is answered otherwise from now on.
        never_stored(Question): the question at hand ended before it was in the history.
    """

    shown = Signal(object)
    began = Signal(object)
    stored = Signal(object)
    grew = Signal(str)
    prepared = Signal(int, int)
    retrying = Signal(object)
    stopped = Signal(object)
    finished = Signal(object, bool)
    options_changed = Signal(object)
    never_stored = Signal(object)

    def __init__(self, backend: Backend, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._backend = backend
        self.current = Conversation()
        self.refused: tuple[Attachment, ...] = ()
        self._lives: list[Live] = []

    @property
    def live(self) -> Live | None:
        """The answer being written in the conversation at hand, stopped or not."""
        return next((live for live in self._lives if live.conversation is self.current), None)

    @property
    def is_answering(self) -> bool:
        """Whether an answer is being written here and has not been stopped."""
        return self.live is not None and not self.live.stopped

    def show(self, conversation: Conversation) -> None:
        """Bring a conversation to hand; one that is being answered is shown as far as it is."""
        live = next((v for v in self._lives if v.is_in(conversation)), None)
        if live is not None:
            # What is being written meanwhile is only in the store.
            live.conversation = replace(live.conversation, draft=conversation.draft)
        self.current = live.conversation if live else conversation
        self.refused = ()
        self.shown.emit(self.current)
        if live is not None:
            self._show_progress(live)

    def rename(self, conversation_id: int, title: str) -> None:
        """A conversation has another title."""
        for live in self._lives:
            if live.conversation.id == conversation_id and live.conversation is not self.current:
                live.conversation = replace(live.conversation, title=title)
        if conversation_id == self.current.id:
            live_here = self.live
            self.current = replace(self.current, title=title)
            if live_here is not None:
                live_here.conversation = self.current

    def update_carried(self, conversation: Conversation) -> None:
        """Take over what is left out; ignored when another conversation is at hand."""
        if conversation.id == self.current.id and self.live is None:
            self.current = conversation

    def use_options(self, options: Options) -> None:
        """The next questions are answered so; one that is being answered is not touched."""
        if self.live is not None:
            self.live.conversation = replace(self.current, options=options)
            self.current = self.live.conversation
        else:
            self.current = replace(self.current, options=options)
        self.options_changed.emit(self.current)

    def ask(self, question: Question) -> None:
        """Ask in the conversation at hand."""
        running = self._backend.ask(question)
        self.follow(running)
        self._backend.start(running)

    def follow(self, running: RunningQuestion, *, here: bool = True) -> None:
        """Show what a question comes to that is about to run; only if ``here`` it is at hand from now on."""
        live = Live(running, _with_question(running.question))
        self._lives.append(live)
        # Each signal comes with its own question, so these are bound to it; all run in the GUI thread.
        running.prepared.connect(lambda done, total: self._on_prepared(live, done, total))
        running.stored.connect(lambda conversation: self._on_stored(live, conversation))
        running.grown.connect(lambda text: self._on_grown(live, text))
        running.retrying.connect(lambda event: self._on_retrying(live, event))
        running.ended.connect(lambda event: self._on_ended(live, event))
        if here:
            self.current = live.conversation
            self.refused = ()
            self.began.emit(self.current)

    def stop(self, running: RunningQuestion | None = None) -> None:
        """Stop the answer at hand, or another one: felt at once, made true by `finished` a moment later."""
        live = self.live if running is None else next((v for v in self._lives if v.running is running), None)
        if live is None or live.stopped:
            return
        live.stopped = True
        live.running.stop()
        if live is self.live:
            answer = replace(live.conversation.messages[-1], text=live.text, state=AnswerState.STOPPED)
            self.stopped.emit(answer)

    def abandon(self, conversation_id: int) -> None:
        """Stop what is being answered in a conversation that is about to be deleted."""
        for live in self._lives:
            if live.conversation.id == conversation_id:
                live.running.stop()

    def _show_progress(self, live: Live) -> None:
        if live.text:
            self.grew.emit(live.text)
        elif live.prepared[1]:
            self.prepared.emit(*live.prepared)

    def _on_prepared(self, live: Live, done: int, total: int) -> None:
        live.prepared = (done, total)
        if live.conversation is self.current and not live.stopped:
            self.prepared.emit(done, total)

    def _on_stored(self, live: Live, conversation: Conversation) -> None:
        is_here = live.conversation is self.current
        live.conversation = conversation
        if is_here:
            self.current = conversation
            self.stored.emit(conversation)

    def _on_grown(self, live: Live, text: str) -> None:
        if live.stopped:
            return
        live.text += text
        live.retrying = None
        if live.conversation is self.current:
            self.grew.emit(text)

    def _on_retrying(self, live: Live, event: Retrying) -> None:
        live.retrying = event
        if live.conversation is self.current and not live.stopped:
            self.retrying.emit(event)

    def _on_ended(self, live: Live, event: Finished) -> None:
        is_here = live.conversation is self.current
        self._lives.remove(live)
        if is_here:
            self.refused = event.refused
            # What was never stored is shown all the same, with its reason; the draft still has the question.
            self.current = event.conversation or replace(
                live.conversation, messages=(*live.conversation.messages[:-1], event.answer)
            )
        self.finished.emit(event, is_here)
        if is_here and event.conversation is None:
            self.never_stored.emit(live.running.question)


def _with_question(question: Question) -> Conversation:
    """The conversation as it will be, for the time until the store has it."""
    now = datetime.now(UTC)
    said = question.conversation.messages
    answer = Message(
        role=Role.ASSISTANT, text="", state=AnswerState.RUNNING, created_at=now, model=question.model
    )
    if question.kind is Kind.AGAIN:
        return replace(question.conversation, messages=(*said, answer))
    if question.kind is Kind.CONTINUED:
        return replace(question.conversation, messages=(*said[:-1], replace(answer, text=said[-1].text)))
    asked = Message(
        role=Role.USER,
        text=question.text,
        created_at=now,
        model=question.model,
        attachments=tuple(
            Attachment(image=n.image, detail=n.detail, edits=n.edits) for n in new_images(question)
        ),
    )
    return replace(question.conversation, messages=(*said, asked, answer))

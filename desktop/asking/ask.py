"""One question, from the click to the stored and priced answer."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace

from desktop.asking.billing import expected_of, settle
from desktop.asking.prepare import earlier_images, image_parts, prepare_new
from desktop.asking.services import Services
from desktop.asking.spent import check_budget
from desktop.asking.titles import title_of
from desktop.asking.waiting import undisturbed
from desktop.core.catalog import Model
from desktop.core.estimate import NOTHING_LEARNED, Estimate, estimate
from desktop.core.events import Answered, Finished, Preparing, QuestionEvent, Stored, TextDelta
from desktop.core.ledger import Learned
from desktop.core.limits import check_request
from desktop.core.model import ON_DEVICE, AnswerState, Attachment, Conversation, Message, Role
from desktop.core.pricing import Rates
from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.core.request import ImagePart, Kind, Question, build_request, new_images
from desktop.core.shrinking import SHRINKABLE
from desktop.store.questions import Beginning
from desktop.system.clock import monotonic, now_utc

CHECKPOINT_S = 1.0
"""How much streamed text a crash may lose, in seconds."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Run:
    """What one question has come to so far. ``kept`` is the part of ``text`` that the history keeps."""

    question: Question
    model: Model
    services: Services
    started: float = field(default_factory=monotonic)
    conversation: Conversation | None = None
    estimate: Estimate | None = None
    rates: Rates | None = None
    learned: Learned = NOTHING_LEARNED
    parts: Mapping[int, ImagePart] = field(default_factory=dict)
    text: str = ""
    kept: str = ""
    ending: Answered | None = None
    stopped: bool = False

    def __post_init__(self) -> None:
        """A continued answer begins with what there was of it."""
        if self.question.kind is Kind.CONTINUED:
            self.text = self.kept = self.question.conversation.messages[-1].text


class _Checkpoints:
    """Stores what has come within `CHECKPOINT_S`, also when nothing follows it."""

    def __init__(self, run: _Run, answer_id: int) -> None:
        self._run = run
        self._answer_id = answer_id
        self._next: asyncio.TimerHandle | None = None

    def text_came(self) -> None:
        """There is more to store."""
        if self._next is None:
            self._next = asyncio.get_running_loop().call_later(CHECKPOINT_S, self._store)

    def end(self) -> None:
        """Store nothing more: the answer itself is stored now."""
        if self._next is not None:
            self._next.cancel()

    def _store(self) -> None:
        self._next = None
        self._run.services.store.checkpoint(self._answer_id, self._run.kept)


async def ask(question: Question, services: Services) -> AsyncGenerator[QuestionEvent, None]:
    """Ask, store and price one question.

    Cancel the task that iterates to stop it: the events then end with a `Finished` whose answer is STOPPED.

    Yields:
        `Preparing` for each new image, `Stored`, any number of `TextDelta` and `Retrying`, and exactly one
        `Finished`. Raises nothing: what went wrong is the answer's problem.
    """
    services = replace(services, store=services.store.for_conversation(question.conversation))
    run = _Run(question, services.catalog.model(question.model), services)
    try:
        async with aclosing(_prepare_and_stream(run)) as events:
            async for event in events:
                yield event
    except asyncio.CancelledError:
        run.stopped = True
        if (task := asyncio.current_task()) is not None:
            task.uncancel()
    except ProblemError as error:
        run.ending = Answered(complete=False, problem=error.problem)
    except Exception:  # noqa: BLE001 - see below
        # Whatever a lower room forgot becomes a sentence; the trace goes to the log and the question ends.
        _log.exception("a question ended unexpectedly")
        run.ending = Answered(complete=False, problem=problem(Code.UNEXPECTED))
    yield await _finish(run)


async def _prepare_and_stream(run: _Run) -> AsyncGenerator[QuestionEvent, None]:
    await check_budget(run.question, run.model, run.services)
    attachments: list[Attachment] = []
    images = new_images(run.question)
    earlier = earlier_images(run.question)
    async with aclosing(prepare_new(images, run.model, run.services, earlier=earlier)) as prepared:
        async for attachment in prepared:
            attachments.append(attachment)
            yield Preparing(len(attachments), len(images))
    run.conversation = await _store(run, tuple(attachments))
    yield Stored(run.conversation)
    engine = run.services.engine_for(run.model)
    run.parts = await image_parts(run.conversation, run.model, run.services)
    request = build_request(
        _told(run.question, run.conversation),
        model=run.model.id,
        images=run.parts,
        share_private_text=run.model.id == ON_DEVICE,
        max_tokens=run.question.answer_limit,
    )
    checkpoints = _Checkpoints(run, run.conversation.messages[-1].id)
    try:
        async with aclosing(engine.answer(request)) as events:
            async for event in events:
                if isinstance(event, Answered):
                    run.ending = event
                    return
                if isinstance(event, TextDelta):
                    run.text += event.text
                    run.kept += event.text if event.kept is None else event.kept
                    checkpoints.text_came()
                yield event
    finally:
        checkpoints.end()


async def _store(run: _Run, attachments: tuple[Attachment, ...]) -> Conversation:
    question = run.question
    carried = question.carried()
    sizes = {a.key: a.sent.size_bytes for a in attachments if a.sent}
    refused = check_request(
        image_count=len(attachments) + len(carried),
        image_bytes=sum(sizes.values()) + sum(a.sent.size_bytes for a in carried if a.sent),
        limits=run.services.limits_for(run.model),
    )
    if refused is not None:
        raise ProblemError(refused)
    run.rates = await asyncio.to_thread(run.services.rates, run.model)
    provider = run.services.provider_for(run.model)
    run.learned = await asyncio.wrap_future(run.services.store.learned(provider, run.model.id))
    run.estimate = estimate(question, model=run.model, rates=run.rates, sent_bytes=sizes, learned=run.learned)
    return await undisturbed(
        run.services.store.begin(
            Beginning(
                conversation_id=question.conversation.id,
                question=_asked(question, attachments),
                parent_id=question.conversation.messages[-1].id if question.conversation.messages else None,
                title=question.conversation.title or title_of(question),
                model=question.model,
                provider=provider,
                expected=expected_of(run.estimate),
                asked_at=now_utc(),
                options=question.conversation.options,
                text=run.text,
                shown=question.shown,
                drafted=question.drafted,
            )
        )
    )


def _asked(question: Question, attachments: tuple[Attachment, ...]) -> Message:
    """The question's row: a new one, or the stored one that gets another answer."""
    messages = question.conversation.messages
    if question.kind is not Kind.NEW:
        return messages[-1] if question.kind is Kind.AGAIN else messages[-2]
    return Message(
        role=Role.USER,
        text=question.text,
        created_at=now_utc(),
        attachments=(*map(_anew, question.kept), *attachments),
        model=question.model,
        comparison=question.comparison,
    )


def _anew(kept: Attachment) -> Attachment:
    """An image of the version before, as it belongs to the new one."""
    return replace(kept, id=0, tokens=None, cost_usd=None, left_out=False, stand_in="")


def _told(question: Question, stored: Conversation) -> Conversation:
    """What is said to the engine; of a continued answer also what there is, and that it should go on."""
    if question.kind is not Kind.CONTINUED:
        return stored
    asked = Message(role=Role.USER, text=question.text, created_at=now_utc())
    return replace(stored, messages=(*stored.messages[:-1], question.conversation.messages[-1], asked))


async def _finish(run: _Run) -> Finished:
    answer = _final_answer(run)
    if run.conversation is None or run.estimate is None:
        return Finished(answer, None)
    settled = settle(
        answer,
        run.conversation,
        model=run.model,
        rates=run.rates,
        estimate=run.estimate,
        learned=run.learned,
        parts=run.parts,
    )
    store = run.services.store
    try:
        kept = replace(settled.answer, text=run.kept)
        conversation = await undisturbed(store.finish(kept, settled.attachments, settled.images))
        refused = _refused(answer, run.conversation)
        if refused:
            await undisturbed(store.set_left_out([a.id for a in refused], left_out=True))
            conversation = await undisturbed(store.conversation(conversation.id, leaf=answer.id))
    except ProblemError as error:
        # It is stored when that can be done; until then the conversation goes on with it all the same.
        said = (*run.conversation.messages[:-1], settled.answer)
        owed = replace(run.conversation, messages=said)
        return Finished(settled.answer, owed, not_stored=error.problem)
    shown = conversation.messages[-1]
    if run.text != run.kept:
        # What is in no file of ours is seen until the window reads the conversation again.
        shown = replace(shown, text=run.text)
        conversation = replace(conversation, messages=(*conversation.messages[:-1], shown))
    return Finished(shown, conversation, refused=refused)


def _refused(answer: Message, conversation: Conversation) -> tuple[Attachment, ...]:
    """The image that the server named; the whole question's where it did not say which.

    A question that brought none is refused for what it carried. They are left out of what follows, so that
    they spoil nothing.
    """
    if answer.problem is None or answer.problem.code not in SHRINKABLE:
        return ()
    number = answer.problem.parameters.get("image")
    carried = conversation.carried()
    if isinstance(number, int) and 0 < number <= len(carried):
        return (carried[number - 1],)
    return conversation.messages[-2].attachments or carried


def _final_answer(run: _Run) -> Message:
    ending = run.ending or Answered(complete=False, problem=problem(Code.ENDED_EARLY))
    if run.conversation is None:
        base = Message(
            role=Role.ASSISTANT,
            text="",
            created_at=now_utc(),
            model=run.question.model,
            provider=run.services.provider_for(run.model),
        )
    else:
        base = run.conversation.messages[-1]
    return replace(
        base,
        text=run.text,
        state=_state(run, ending),
        problem=None if run.stopped else ending.problem,
        usage=ending.usage,
        shareable_text=ending.shareable_text,
        seconds=monotonic() - run.started,
    )


def _state(run: _Run, ending: Answered) -> AnswerState:
    if run.stopped:
        return AnswerState.STOPPED
    if ending.complete:
        return AnswerState.COMPLETE
    return AnswerState.INCOMPLETE if run.text else AnswerState.FAILED


def failure(event: Finished) -> Problem | None:
    """Why a finished question has no complete answer; None if it has, or if the user stopped it."""
    return event.answer.problem or event.not_stored

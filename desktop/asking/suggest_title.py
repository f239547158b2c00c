"""A title by the model that answered: a tiny request, whose cost is in the ledger without a message."""

import asyncio
from contextlib import aclosing

from desktop.asking.services import Services
from desktop.asking.spent import check_budget
from desktop.asking.titles import MAX_TITLE
from desktop.asking.waiting import undisturbed
from desktop.core.catalog import Model
from desktop.core.estimate import estimate_text_tokens
from desktop.core.events import Answered, TextDelta
from desktop.core.model import ON_DEVICE, Conversation, Message, Role, Usage
from desktop.core.pricing import bill
from desktop.core.problems import Code, ProblemError, problem
from desktop.core.request import Question, Request, Turn
from desktop.core.text import printable
from desktop.system.clock import monotonic, now_utc

QUESTION_CHARS = 1_000
ANSWER_CHARS = 1_500
MAX_TOKENS = 1_200
"""Enough for a model that reasons before it answers."""
_MAX_ANSWER_CHARS = 2_000
_MARKS = " \"'“”„«»「」《》#*`"
_ASK = (
    "Write a title for this conversation about images: at most six words, in the language of the question, "
    "without quotation marks and without a full stop. Answer with the title only."
)


async def suggest_title(conversation_id: int, services: Services) -> str:
    """Have the model of a conversation's first answer name it. Nothing but the ledger is changed.

    Raises:
        ProblemError: CONVERSATION_GONE, BUDGET_REACHED; TITLE_NOT_OFFERED where no model behind the server in
            force has answered; EMPTY_ANSWER; or what can go wrong with a question.
    """
    conversation = await asyncio.wrap_future(services.store.conversation(conversation_id))
    question, answer = _first_answered(conversation)
    model = services.catalog.model(answer.model or "")
    if model.id == ON_DEVICE or services.provider_for(model) != answer.provider:
        # What was said to one server is not told to another.
        raise ProblemError(problem(Code.TITLE_NOT_OFFERED))
    request = _request(question, answer, model)
    asked = Question(conversation=Conversation(), text=request.turns[0].text, model=model.id)
    await check_budget(asked, model, services)
    title = _cleaned(await _answer(request, model, services))
    if not title:
        raise ProblemError(problem(Code.EMPTY_ANSWER))
    return title


def _first_answered(conversation: Conversation) -> tuple[Message, Message]:
    pairs = zip(conversation.messages, conversation.messages[1:], strict=False)
    for question, answer in pairs:
        if answer.role is Role.ASSISTANT and answer.text and answer.model != ON_DEVICE:
            return question, answer
    raise ProblemError(problem(Code.TITLE_NOT_OFFERED))


def _request(question: Message, answer: Message, model: Model) -> Request:
    told = answer.text if answer.shareable_text is None else answer.shareable_text
    text = f"{_ASK}\n\nQuestion:\n{question.text[:QUESTION_CHARS]}\n\nAnswer:\n{told[:ANSWER_CHARS]}"
    return Request(model=model.id, turns=(Turn(role=Role.USER, text=text),), max_tokens=MAX_TOKENS)


async def _answer(request: Request, model: Model, services: Services) -> str:
    moment, started = now_utc(), monotonic()
    text, ending = "", Answered(complete=False, problem=problem(Code.ENDED_EARLY))
    try:
        async with aclosing(services.engine_for(model).answer(request)) as events:
            async for event in events:
                if isinstance(event, TextDelta):
                    text = (text + event.text)[:_MAX_ANSWER_CHARS]
                elif isinstance(event, Answered):
                    ending = event
    finally:
        usage = ending.usage or _expected(request, text)
        rates = await asyncio.to_thread(services.rates, model)
        billed = bill(usage, rates, ()) if usage else None
        await undisturbed(
            services.store.note_spent(
                Message(
                    role=Role.ASSISTANT,
                    text="",
                    created_at=moment,
                    model=model.id,
                    provider=services.provider_for(model),
                    usage=usage,
                    cost_usd=billed.total if billed else None,
                    seconds=monotonic() - started,
                )
            )
        )
    if ending.problem is not None and not text:
        raise ProblemError(ending.problem)
    return text


def _expected(request: Request, text: str) -> Usage | None:
    """Our figures where text came without usage; None when nothing came, as nothing may be billed."""
    if not text:
        return None
    return Usage(
        prompt_tokens=estimate_text_tokens(request.turns[0].text),
        completion_tokens=estimate_text_tokens(text),
        reported=False,
    )


def _cleaned(answer: str) -> str:
    line = next((line.strip() for line in answer.splitlines() if line.strip()), "")
    bare = line.lstrip(_MARKS).rstrip(_MARKS + ".。")
    return printable(bare, limit=MAX_TITLE + 20).strip()

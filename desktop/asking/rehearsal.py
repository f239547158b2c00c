"""The request that a question would make, or has made, without a trace in the history."""

from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar, cast

from desktop.asking.prepare import earlier_images, image_parts, prepare_new
from desktop.asking.services import Services
from desktop.core.catalog import Model
from desktop.core.model import Attachment, Conversation, Message, Role, SentImage
from desktop.core.ports import Server
from desktop.core.problems import Code, ProblemError, problem
from desktop.core.request import Question, Request, build_request, new_images
from desktop.system.clock import now_utc

if TYPE_CHECKING:
    from desktop.store.store import Store


T = TypeVar("T")


class _Memory:
    """What `prepare` uses of the store: reads from it, and keeps in memory what would be written."""

    def __init__(self, store: "Store") -> None:
        self._store = store
        self._new: dict[str, bytes] = {}

    def put_image(self, data: bytes, sent: SentImage) -> "Future[None]":
        """Keep it until the rehearsal ends."""
        self._new[sent.sha256] = data
        return _done(None)

    def image_bytes(self, sent: SentImage) -> "Future[bytes]":
        """A new image's bytes, or the stored ones."""
        data = self._new.get(sent.sha256)
        return self._store.image_bytes(sent) if data is None else _done(data)

    def set_left_out(self, ids: Sequence[int], *, left_out: bool) -> "Future[None]":  # noqa: ARG002 - the store's
        """Nothing: an image that is gone is set aside when the question is really asked."""
        return _done(None)


async def rehearse(question: Question, services: Services) -> Request:
    """What `ask` would send for ``question``.

    Raises:
        ProblemError: an image is missing, has changed, cannot be decoded, or the model would refuse it.
    """
    model = services.catalog.model(question.model)
    unwritten = _without_writing(services)
    attachments: list[Attachment] = []
    earlier = earlier_images(question)
    async with aclosing(prepare_new(new_images(question), model, unwritten, earlier=earlier)) as prepared:
        async for attachment in prepared:
            # Stored ones have ids from 1 on.
            attachments.append(replace(attachment, id=-1 - len(attachments)))
    kept = [replace(one, id=-1 - len(attachments) - at) for at, one in enumerate(question.kept)]
    message = Message(
        role=Role.USER, text=question.text, created_at=now_utc(), attachments=(*kept, *attachments)
    )
    conversation = replace(question.conversation, messages=(*question.conversation.messages, message))
    return await _request(conversation, model, unwritten, max_tokens=question.answer_limit)


async def repeat(conversation: Conversation, message_id: int, services: Services) -> Request:
    """What would be sent if a stored question were asked again now, in its place.

    Args:
        conversation: as it is stored.
        message_id: of the question, or of an answer to it.
        services: the parts.

    Raises:
        ProblemError: there is no such question (CONVERSATION_GONE), or one of its images is gone.
    """
    upto = next((at for at, message in enumerate(conversation.messages, 1) if message.id == message_id), 0)
    messages = list(conversation.messages[:upto])
    while messages and messages[-1].role is not Role.USER:
        messages.pop()
    if not messages:
        raise ProblemError(problem(Code.CONVERSATION_GONE))
    model = services.catalog.model(messages[-1].model or "")
    part = replace(conversation, messages=tuple(messages), options=messages[-1].options)
    return await _request(part, model, _without_writing(services))


def server_of(model_id: str, services: Services) -> Server:
    """The server that a question to this model goes to.

    Raises:
        ProblemError: the reader on this computer answers (NOT_SENT).
    """
    server = services.server_for(services.catalog.model(model_id))
    if server is None:
        raise ProblemError(problem(Code.NOT_SENT))
    return server


async def _request(
    conversation: Conversation, model: Model, services: Services, max_tokens: int | None = None
) -> Request:
    return build_request(
        conversation,
        model=model.id,
        images=await image_parts(conversation, model, services),
        share_private_text=False,
        max_tokens=max_tokens,
    )


def _without_writing(services: Services) -> Services:
    # Not a Protocol of these three methods: then everything that takes Services would have to say which.
    return replace(services, store=cast("Store", _Memory(services.store)))


def _done(value: T) -> "Future[T]":
    future: Future[T] = Future()
    future.set_result(value)
    return future

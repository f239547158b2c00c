"""Asks a server that speaks OpenAI's Chat Completions protocol and streams its answer."""

import asyncio
import importlib
import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import AsyncExitStack, aclosing, asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from desktop.core.events import Answered, EngineEvent, Retrying, TextDelta
from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.core.redact import redact
from desktop.core.request import Request
from desktop.core.text import printable
from desktop.engines.chat_request import (
    Quirks,
    arguments_of,
    learned,
    quirks_of,
    refused_image,
    schema_refusal,
)
from desktop.engines.chat_stream import AnswerReader
from desktop.engines.model_list import read_model_names
from desktop.engines.openai_client import make_client, uses_proxy
from desktop.engines.openai_errors import Context, Phase, ServerRefusedError, problem_of
from desktop.engines.providers import Provider, provider_for
from desktop.engines.retries import FIRST_WAIT_S, wait_before_retry
from desktop.engines.token_count import count_arguments, read_count

if TYPE_CHECKING:
    from openai import AsyncOpenAI

_NOT_REACHED = frozenset({Code.CONNECTION_REFUSED, Code.HOST_NOT_FOUND})
_NO_COUNTER = frozenset({404, 405, 501})
"""What servers answer at an address that they do not have."""
_NO_KEY = "no-key"
"""Sent to servers that need no key: the library insists on one."""

_TAIL_S = 5.0
"""How long usage is awaited after the answer is finished."""

_DRAIN_S = 0.1
"""How long the body's end is awaited after ``[DONE]``; then the connection can be used again."""

_MODEL_LIST_S = 30.0


@dataclass(slots=True)
class _Try:
    """One HTTP request and how far it came."""

    reader: AnswerReader
    phase: Phase = Phase.WAITING
    request_id: str | None = None
    problem: Problem | None = None

    def answered(self, problem: Problem | None) -> Answered:
        return Answered(
            complete=problem is None,
            problem=problem,
            usage=self.reader.usage,
            request_id=printable(self.request_id, limit=100) if self.request_id else None,
        )


class OpenAIChat:
    """An engine for one server. All coroutines run on one event loop.

    Attributes:
        base_url: of the server, with its version: ``https://api.openai.com/v1``.
        provider: what is known about the server.
    """

    def __init__(
        self,
        *,
        base_url: str,
        key: Callable[[], str | None],
        idle_timeout_s: float | None = None,
        deadline_s: float = 600,
        connect_timeout_s: float = 15,
        first_wait_s: float = FIRST_WAIT_S,
    ) -> None:
        """Nothing is imported or opened yet.

        Args:
            base_url: of the server.
            key: asked before every question; None if there is none.
            idle_timeout_s: longest silence; None for the provider's own (60 s; more for servers that load
                models).
            deadline_s: longest time for one answer, retries included.
            connect_timeout_s: longest time to connect.
            first_wait_s: wait before the second try where the server asks for none.
        """
        self.base_url = base_url
        self.provider: Provider = provider_for(base_url)
        self._host = _host_of(base_url)
        self._key = key
        self._idle_s = self.provider.idle_timeout_s if idle_timeout_s is None else idle_timeout_s
        self._deadline_s = deadline_s
        self._connect_s = connect_timeout_s
        self._first_wait_s = first_wait_s
        self._quirks: Quirks = quirks_of(self.provider)
        self._client: AsyncOpenAI | None = None
        self._making = asyncio.Lock()

    async def answer(self, request: Request) -> AsyncGenerator[EngineEvent, None]:
        """See `desktop.core.ports.Engine.answer`."""
        context = self._context(request.model)
        deadline = asyncio.get_running_loop().time() + self._deadline_s
        if request.schema is not None and not self.provider.takes_schema:
            refusal = problem(Code.SCHEMA_NOT_TAKEN, host=self._host, model=printable(request.model))
            yield Answered(complete=False, problem=refusal, usage=None, request_id=None)
            return
        tries = 0
        already_learned: list[Quirks] = [self._quirks]
        while True:
            tries += 1
            attempt = _Try(AnswerReader(context))
            try:
                async with aclosing(self._stream(request, attempt, deadline)) as texts:
                    async for text in texts:
                        yield TextDelta(text)
            except Exception as error:  # noqa: BLE001 - the one table at the edge maps whatever it is
                failure = error
            else:
                verdict = attempt.problem
                yield attempt.answered(verdict and self._told(verdict, request.model))
                return
            if attempt.phase is Phase.WAITING and self._has_learned(failure, request, already_learned):
                tries -= 1
                continue
            found = self._problem(failure, request, context, attempt)
            wait = None
            if attempt.phase is Phase.WAITING:
                wait = wait_before_retry(failure, context, tries=tries, first_wait_s=self._first_wait_s)
            if wait is None or asyncio.get_running_loop().time() + wait.seconds >= deadline:
                yield attempt.answered(found)
                return
            yield Retrying(found, wait.seconds, tries + 1, wait.may_bill_twice)
            await asyncio.sleep(wait.seconds)

    async def prepare(self) -> None:
        """Import the package and make the client, so that the first question need not wait for it."""
        await self._ready_client()

    async def list_models(self) -> tuple[str, ...]:
        """The ids of the server's models, at most 2,000 of at most 200 characters; what "Test key" asks for.

        Raises:
            ProblemError: no connection, a refusal, or an answer that is no list of models.
        """
        phase = Phase.CLIENT
        try:
            async with asyncio.timeout(self._connect_s + _MODEL_LIST_S):
                client = await self._ready_client()
                phase = Phase.WAITING
                async with client.models.with_streaming_response.list() as response:
                    return await read_model_names(response)
        except Exception as error:  # noqa: BLE001 - the one table at the edge maps whatever it is
            found = self._told(problem_of(error, self._context(), phase))
        raise ProblemError(found)

    async def count_tokens(self, request: Request) -> int:
        """The input tokens of ``request`` as the server counts them; everything is uploaded for it.

        Raises:
            ProblemError: the server does not count (COUNT_NOT_OFFERED), or what can go wrong with a question.
        """
        if not self.provider.counts_tokens:
            raise ProblemError(self._told(problem(Code.COUNT_NOT_OFFERED), request.model))
        phase = Phase.CLIENT
        try:
            async with asyncio.timeout(self._deadline_s):
                client = await self._ready_client()
                await asyncio.to_thread(importlib.import_module, "openai.resources.responses")
                arguments = await asyncio.to_thread(count_arguments, request)
                phase = Phase.WAITING
                # Untyped: the arguments are data, checked against the library's types by the tests' server.
                count: Any = client.responses.input_tokens.with_streaming_response.count
                async with count(**arguments) as response:
                    return await read_count(response)
        except Exception as error:  # noqa: BLE001 - the one table at the edge maps whatever it is
            found = self._told(_problem_of_count(error, self._context(request.model), phase), request.model)
        raise ProblemError(found)

    def arguments(self, request: Request) -> dict[str, Any]:
        """What `answer` sends for ``request``, as far as this server's wishes are known. Encodes all images.

        Any thread.
        """
        return arguments_of(request, self._quirks)

    async def close(self) -> None:
        """Close all sockets; the engine opens new ones if it is asked again."""
        client, self._client = self._client, None
        if client is not None:
            await client.close()

    async def _stream(self, request: Request, attempt: _Try, deadline: float) -> AsyncGenerator[str, None]:
        """The text of one HTTP request's answer; ``attempt`` gets the verdict. Raises whatever goes wrong."""
        attempt.phase = Phase.CLIENT
        client = await self._ready_client()
        arguments = await asyncio.to_thread(arguments_of, request, self._quirks)
        attempt.phase = Phase.WAITING
        reader = attempt.reader
        async with self._response(client, arguments, deadline) as response:
            attempt.phase = Phase.READING
            attempt.request_id = response.headers.get("x-request-id")
            if response.headers.get("content-encoding", "identity").lower() != "identity":
                raise ProblemError(problem(Code.NOT_THE_PROTOCOL, host=self._host))
            # The undecoded bytes: the library's own decoder bounds neither lines nor decompressed pieces.
            chunks: AsyncGenerator[bytes, None] = response.http_response.aiter_raw()
            async with aclosing(chunks):
                while (data := await self._next_piece(chunks, reader, deadline)) is not None:
                    text, attempt.problem = reader.feed(data)
                    if text:
                        yield text
                    if attempt.problem is not None:
                        return
                if reader.ended:
                    await _drain(chunks)
        text, attempt.problem = reader.finish()
        if text:
            yield text

    async def _next_piece(
        self, chunks: AsyncGenerator[bytes, None], reader: AnswerReader, deadline: float
    ) -> bytes | None:
        """More of the body; None at its end or after ``[DONE]``."""
        if reader.ended:
            return None
        if not reader.finished:
            async with self._until(deadline):
                return await anext(chunks, None)
        # The answer is whole, only its usage is missing: nothing that happens now spoils it.
        with suppress(Exception):
            async with asyncio.timeout(_TAIL_S):
                return await anext(chunks, None)
        return None

    @asynccontextmanager
    async def _response(
        self, client: "AsyncOpenAI", arguments: dict[str, Any], deadline: float
    ) -> AsyncIterator[Any]:
        # Untyped: the arguments are data, checked against the library's types by the tests' server.
        create: Any = client.chat.completions.with_streaming_response.create
        async with AsyncExitStack() as stack:
            async with self._until(deadline):
                response = await stack.enter_async_context(create(**arguments))
            yield response

    @asynccontextmanager
    async def _until(self, deadline: float) -> AsyncIterator[None]:
        try:
            async with asyncio.timeout_at(deadline) as limit:
                yield
        except TimeoutError:
            if not limit.expired():
                raise
            raise ProblemError(
                problem(Code.TIMED_OUT, host=self._host, seconds=round(self._deadline_s))
            ) from None

    async def _ready_client(self) -> "AsyncOpenAI":
        self._check_key()
        async with self._making:
            if self._client is None:
                self._client = await asyncio.to_thread(
                    make_client,
                    base_url=self.base_url,
                    provider=self.provider,
                    key=self._current_key,
                    connect_s=self._connect_s,
                    idle_s=self._idle_s,
                    deadline_s=self._deadline_s,
                )
            return self._client

    async def _current_key(self) -> str:
        return self._key() or _NO_KEY

    def _check_key(self) -> None:
        """Refuse a key that cannot work before anything is sent: a header holds one line of ASCII."""
        key = self._key()
        if not key:
            if self.provider.needs_key:
                raise ProblemError(problem(Code.KEY_MISSING, host=self._host))
            return
        if not key.isascii():
            raise ProblemError(problem(Code.KEY_NOT_ASCII))
        if re.search(r"[\r\n]", key):
            raise ProblemError(problem(Code.KEY_MULTI_LINE))
        if not key.isprintable():
            raise ProblemError(problem(Code.KEY_HAS_SPACES))

    def _has_learned(self, failure: Exception, request: Request, already: list[Quirks]) -> bool:
        quirks = learned(self._quirks, failure, request)
        if quirks is None or quirks in already:
            return False
        already.append(quirks)
        self._quirks = quirks
        return True

    def _told(self, found: Problem, model: str = "") -> Problem:
        """``found`` with the names that any sentence may need."""
        if found.code in _NOT_REACHED and uses_proxy(self.base_url):
            # The connection that failed was the one to the proxy.
            found = problem(Code.PROXY_FAILED, **found.parameters)
        names = {"host": self._host}
        if model:
            names["model"] = printable(model)
        if found.code is Code.URL_INVALID:
            names["url"] = self._host
        return problem(found.code, **{**names, **found.parameters})

    def _problem(self, failure: Exception, request: Request, context: Context, attempt: _Try) -> Problem:
        found = self._told(problem_of(failure, context, attempt.phase), request.model)
        if isinstance(failure, ServerRefusedError):
            attempt.request_id = failure.request_id
            about_schema = schema_refusal(failure) if request.schema is not None else None
            if request.schema is not None and about_schema is not None:
                return problem(about_schema, **found.parameters, schema=request.schema.name)
            number = refused_image(request, failure) if found.code is Code.IMAGE_REFUSED else None
            if number is not None:
                images = [image for turn in request.turns for image in turn.images]
                name = images[number - 1].facts.name
                found = problem(found.code, **found.parameters, image=number, name=name)
        return found

    def _context(self, model: str = "") -> Context:
        return Context(host=self._host, model=model, keys=tuple(filter(None, [self._key()])))


def _problem_of_count(error: Exception, context: Context, phase: Phase) -> Problem:
    found = problem_of(error, context, phase)
    no_address = isinstance(error, ServerRefusedError) and error.status in _NO_COUNTER
    return problem(Code.COUNT_NOT_OFFERED) if no_address and found.code is not Code.MODEL_NOT_FOUND else found


def _host_of(base_url: str) -> str:
    """Host and port as shown, without a user or a password; the address itself if it is none."""
    try:
        host = urlsplit(base_url).netloc
    except ValueError:
        host = ""
    return printable(host.rpartition("@")[2] or redact(base_url))


async def _drain(chunks: AsyncGenerator[bytes, None]) -> None:
    # The answer is whole; at worst the connection is not used again.
    with suppress(Exception):
        async with asyncio.timeout(_DRAIN_S):
            await anext(chunks, None)

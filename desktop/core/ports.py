"""The few places with more than one implementation."""

from collections.abc import AsyncGenerator
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any, Protocol

from desktop.core.events import EngineEvent
from desktop.core.problems import Problem
from desktop.core.request import Request


class Engine(Protocol):
    """Somebody who answers."""

    def answer(self, request: Request) -> AsyncGenerator[EngineEvent, None]:
        """Answer one request.

        Yields:
            Any number of `TextDelta` and `Retrying`, then exactly one `Answered`. Raises nothing but
            `asyncio.CancelledError`; when cancelled, its socket or its process's task is closed before that
            leaves.
        """
        ...

    async def close(self) -> None:
        """Give back sockets and processes; may be called more than once."""
        ...


class Server(Engine, Protocol):
    """An engine that sends what it is asked over a network.

    Attributes:
        base_url: where to.
    """

    base_url: str

    async def count_tokens(self, request: Request) -> int:
        """The input tokens of ``request`` as the server itself counts them.

        Raises:
            ProblemError: COUNT_NOT_OFFERED, or what can go wrong with a question.
        """
        ...

    def arguments(self, request: Request) -> dict[str, Any]:
        """The body of the HTTP request that `answer` would make. Slow with large images; any thread."""
        ...


@dataclass(frozen=True, slots=True)
class KeyStatus:
    """Where the key is, without the key.

    Attributes:
        hint: the key as it may be shown, ``sk-…4f2a``; None if there is none.
        origin: who holds it: ``environment``, ``keyring`` or ``session``; None if there is none.
        backend: name of the keyring that holds it, or would, for example ``Secret Service``.
        problem: why the keyring could not be used, if it could not.
    """

    hint: str | None = None
    origin: str | None = None
    backend: str | None = None
    problem: Problem | None = None


class KeyStore(Protocol):
    """Keeps one key for each origin (scheme, host, port) of a base URL. No call blocks; none raises.

    Futures never fail: what went wrong is in `KeyStatus.problem`.
    """

    def load(self, origin: str) -> Future[KeyStatus]:
        """Read the key of ``origin`` once a session."""
        ...

    def save(self, origin: str, key: str) -> Future[KeyStatus]:
        """Keep ``key``: in the keyring, or until quitting if there is none, and the status says which."""
        ...

    def delete(self, origin: str) -> Future[KeyStatus]:
        """Forget the key of ``origin`` everywhere but in the environment."""
        ...

    def key(self, origin: str) -> str | None:
        """The key that was loaded or saved in this session, for the engine only."""
        ...

"""Keeps the key: in the system's keyring, else until quitting, and says which. Never in a file of ours."""

import contextlib
import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TYPE_CHECKING

from desktop.core import credentials
from desktop.core.ports import KeyStatus
from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.core.settings import DEFAULT_BASE_URL
from desktop.system import backends
from desktop.system.environment import Secrets
from desktop.system.keyring_thread import KeyringThread
from desktop.system.logs import keep_out

if TYPE_CHECKING:
    from keyring.backend import KeyringBackend

SERVICE = "Sightline"
"""Name under which the keyring lists the keys; the user name is the origin."""
TIME_LIMIT_S = 5.0
ENVIRONMENT, KEYRING, SESSION = "environment", "keyring", "session"

_log = logging.getLogger(__name__)


class KeyringKeys:
    """A `core.ports.KeyStore`. Any thread may call; the keyring is touched by one thread of its own only.

    The environment's key wins, but only for the origin of the environment's base URL (OpenAI's without one):
    a key is never sent to a server that it does not belong to.
    """

    def __init__(self, secrets: Secrets | None = None, *, time_limit_s: float = TIME_LIMIT_S) -> None:
        self._environment = _by_origin(secrets or Secrets())
        self._thread = KeyringThread(time_limit_s)
        self._guard = threading.Lock()
        self._keys: dict[str, str] = {}
        self._statuses: dict[str, KeyStatus] = {}
        # Counts what the user did to a key, so that a read that comes late does not undo it.
        self._changes: dict[str, int] = {}

    def load(self, origin: str) -> Future[KeyStatus]:
        """Read the key of ``origin`` once a session; a read that failed is tried again."""
        with self._guard:
            known = self._status_of(origin)
            change = self._changes.get(origin, 0)
        if known is not None:
            return _done(known)
        return self._run(lambda: self._load(origin, change), origin)

    def save(self, origin: str, key: str) -> Future[KeyStatus]:
        """Keep ``key`` in the keyring, or until quitting if that fails, and the status says which and why."""
        keep_out(key)
        change = self._change(origin, key)
        return self._run(lambda: self._save(origin, key, change), origin)

    def delete(self, origin: str) -> Future[KeyStatus]:
        """Forget the key of ``origin`` everywhere but in the environment."""
        change = self._change(origin, None)
        return self._run(lambda: self._delete(origin, change), origin)

    def key(self, origin: str) -> str | None:
        """The key that was loaded or saved in this session, for the engine only."""
        with self._guard:
            return self._environment.get(origin) or self._keys.get(origin)

    def close(self) -> None:
        """End the keyring's thread; idempotent."""
        self._thread.close()

    # On the keyring's thread

    def _load(self, origin: str, change: int) -> KeyStatus:
        key: str | None = None

        def read(backend: "KeyringBackend") -> Problem | None:
            nonlocal key
            key = backend.get_password(SERVICE, origin)
            return None

        name, trouble = _with_backend(read)
        if key is not None:
            keep_out(key)
        return self._learned(origin, key, change=change, held_by=name, trouble=trouble)

    def _save(self, origin: str, key: str, change: int) -> KeyStatus:
        def write(backend: "KeyringBackend") -> Problem | None:
            backend.set_password(SERVICE, origin, key)
            # A backend may drop the key and say nothing.
            if backend.get_password(SERVICE, origin) != key:
                return problem(Code.KEYRING_LOST_THE_KEY, name=backends.name_of(backend))
            return None

        name, trouble = _with_backend(write)
        return self._learned(origin, key, change=change, held_by=name, trouble=trouble)

    def _delete(self, origin: str, change: int) -> KeyStatus:
        def remove(backend: "KeyringBackend") -> Problem | None:
            from keyring.errors import PasswordDeleteError  # noqa: PLC0415

            # That there was no key is no failure; a key that is still there is.
            with contextlib.suppress(PasswordDeleteError):
                backend.delete_password(SERVICE, origin)
            if backend.get_password(SERVICE, origin) is not None:
                return problem(Code.KEYRING_FAILED, name=backends.name_of(backend))
            return None

        name, trouble = _with_backend(remove)
        return self._learned(origin, None, change=change, held_by=name, trouble=trouble)

    # Bookkeeping

    def _run(self, work: Callable[[], KeyStatus], origin: str) -> Future[KeyStatus]:
        return self._thread.run(work, too_late=lambda: self._too_late(origin))

    def _change(self, origin: str, key: str | None) -> int:
        """The user's word counts at once, whatever the keyring makes of it."""
        with self._guard:
            self._statuses.pop(origin, None)
            if key is None:
                self._keys.pop(origin, None)
            else:
                self._keys[origin] = key
            self._changes[origin] = self._changes.get(origin, 0) + 1
            return self._changes[origin]

    def _learned(
        self, origin: str, key: str | None, *, change: int, held_by: str | None, trouble: Problem | None
    ) -> KeyStatus:
        with self._guard:
            if self._changes.get(origin, 0) != change:
                return self._status_of(origin) or self._session_status(origin, None)
            if key is not None:
                self._keys[origin] = key
            if trouble is not None:
                return self._session_status(origin, trouble)
            self._statuses[origin] = _status(key, KEYRING, backend=held_by)
            return self._status_of(origin) or KeyStatus()

    def _status_of(self, origin: str) -> KeyStatus | None:
        if origin in self._environment:
            return _status(self._environment[origin], ENVIRONMENT)
        return self._statuses.get(origin)

    def _session_status(self, origin: str, trouble: Problem | None) -> KeyStatus:
        if origin in self._environment:
            return _status(self._environment[origin], ENVIRONMENT, trouble=trouble)
        status = _status(self._keys.get(origin), SESSION, trouble=trouble)
        if status.hint is not None:
            # Else the next load would put the keyring's old key over the one that was just typed.
            self._statuses[origin] = status
        return status

    def _too_late(self, origin: str) -> KeyStatus:
        with self._guard:
            return self._session_status(origin, problem(Code.KEYRING_TIMED_OUT))


def _by_origin(secrets: Secrets) -> dict[str, str]:
    """The environment's key for its origin; for none if its base URL is no address."""
    if secrets.key is None:
        return {}
    try:
        return {credentials.origin(secrets.base_url or DEFAULT_BASE_URL): secrets.key}
    except ProblemError:
        return {}


def _with_backend(
    work: "Callable[[KeyringBackend], Problem | None]",
) -> tuple[str | None, Problem | None]:
    """Run ``work`` with the chosen backend; its name, and what went wrong. It may raise anything at all."""
    try:
        backend = backends.choose_backend()
    except Exception as error:  # noqa: BLE001
        return None, _failure(error, None)
    if backend is None:
        return None, problem(Code.KEYRING_ABSENT)
    name = backends.name_of(backend)
    try:
        return name, work(backend)
    except Exception as error:  # noqa: BLE001
        return name, _failure(error, name)


def _failure(error: Exception, name: str | None) -> Problem:
    # Only the kind of error: its text is the backend's, and may quote what it was given.
    _log.warning("keyring %s: %s", name, type(error).__name__)
    if name is None:
        return problem(Code.KEYRING_ABSENT)
    from keyring.errors import InitError, KeyringLocked  # noqa: PLC0415

    code = Code.KEYRING_LOCKED if isinstance(error, (InitError, KeyringLocked)) else Code.KEYRING_FAILED
    return problem(code, name=name)


def _status(
    key: str | None, held_by: str, *, backend: str | None = None, trouble: Problem | None = None
) -> KeyStatus:
    if key is None:
        # Where a key would be kept is told before there is one.
        return KeyStatus(backend=backend, problem=trouble)
    return KeyStatus(hint=credentials.mask_key(key), origin=held_by, backend=backend, problem=trouble)


def _done(status: KeyStatus) -> Future[KeyStatus]:
    future: Future[KeyStatus] = Future()
    future.set_result(status)
    return future

"""Which processes that use this history are alive: each holds a file locked, and kill -9 frees it too.

A process id would not do: it is used again, and means nothing in another container or after a restart. The
functions are called while `opening.lock` is held, so that nobody sweeps a file that is just being locked.
"""

import uuid
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from desktop.store.files import make_private_folder

FOLDER = "running"


@dataclass(frozen=True, slots=True)
class Owner:
    """This process's mark. ``token`` stands in the rows that only a living process may leave as they are."""

    token: str
    lock: FileLock


def become_owner(folder: Path) -> Owner:
    """Lock a new file in ``folder/running`` until `release` or the end of this process.

    Raises:
        OSError: the folder is read-only or full.
    """
    make_private_folder(folder / FOLDER)
    token = uuid.uuid4().hex
    lock = _lock_of(folder, token)
    lock.acquire(timeout=0)
    return Owner(token, lock)


def release(owner: Owner, folder: Path) -> None:
    """Stop being alive for others."""
    owner.lock.release()
    _path_of(folder, owner.token).unlink(missing_ok=True)


def living(folder: Path) -> frozenset[str]:
    """Tokens of the processes that are alive, this one included; files of dead ones are removed.

    Raises:
        OSError: the folder cannot be read.
    """
    if not (folder / FOLDER).is_dir():
        return frozenset()
    tokens = sorted(path.stem for path in (folder / FOLDER).glob("*.lock"))
    return frozenset(token for token in tokens if _is_alive(folder, token))


def _is_alive(folder: Path, token: str) -> bool:
    lock = _lock_of(folder, token)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        return True
    lock.release()
    _path_of(folder, token).unlink(missing_ok=True)
    return False


def _lock_of(folder: Path, token: str) -> FileLock:
    return FileLock(_path_of(folder, token), mode=0o600, thread_local=False)


def _path_of(folder: Path, token: str) -> Path:
    return folder / FOLDER / f"{token}.lock"

"""One window for each data folder."""

import logging
from pathlib import Path

from filelock import FileLock, Timeout

_log = logging.getLogger(__name__)


class InstanceLock:
    """A locked file; the system frees it when the process ends, however it ends."""

    def __init__(self, path: Path) -> None:
        self._lock = FileLock(path, mode=0o600, thread_local=False)

    def acquire(self) -> bool:
        """Take the lock without waiting.

        Returns:
            False if another window has it. True also where no lock can be made, as in a folder that is
            read-only: windows that cannot write do not disturb each other.
        """
        try:
            self._lock.acquire(timeout=0)
        except Timeout:
            return False
        except OSError as error:
            _log.info("no lock for the window: %s", error)
        return True

    @property
    def is_held(self) -> bool:
        """Whether this process really has it; not where no lock can be made."""
        return self._lock.is_locked

    def release(self) -> None:
        """Let another window have it; may be called more than once."""
        self._lock.release(force=True)

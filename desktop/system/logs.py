"""The log: a private file that is turned over, warnings on stderr, and no key in either."""

import logging
import os
import sys
from collections.abc import Callable
from io import TextIOWrapper
from logging.handlers import RotatingFileHandler
from pathlib import Path

from desktop.core.compat import override
from desktop.core.redact import redact
from desktop.system.files import make_private_folder
from desktop.system.paths import DataFolder

_MAX_BYTES = 1_000_000
_KEPT_FILES = 3
_FORMAT = "%(asctime)s %(levelname)s %(process)d %(threadName)s %(name)s: %(message)s"

_secrets: set[str] = set()


def keep_out(secret: str) -> None:
    """Hide this text in everything that is logged from now on."""
    if secret.strip():
        _secrets.add(secret.strip())


def start(
    folder: DataFolder, *, quiet: bool = False, debug: bool = False, name: str = "sightline"
) -> Callable[[], None]:
    """Log to ``<folder>/logs/<name>.log``; without a file if it cannot be written.

    Args:
        folder: where data lives.
        quiet: nothing on stderr, for the terminal command, which has its own words for what went wrong.
        debug: log everything, also what libraries say.
        name: of the file; the window and the terminal command turn over files of their own.

    Returns:
        Ends the logging; may be called more than once.
    """
    handlers: list[logging.Handler] = []
    try:
        make_private_folder(folder.logs)
        handlers.append(_PrivateFile(folder.logs / f"{name}.log"))
    except OSError as error:
        logging.getLogger(__name__).info("no log file: %s", error)
    # A windowed program on Windows has no stderr.
    if not quiet and sys.stderr is not None:
        warnings = logging.StreamHandler()
        warnings.setLevel(logging.WARNING)
        handlers.append(warnings)
    root = logging.getLogger()
    for handler in handlers:
        handler.setFormatter(_Redacting(_FORMAT))
        root.addHandler(handler)
    root.setLevel(logging.DEBUG if debug else logging.INFO)
    if not debug:
        for chatty in ("httpx", "httpx2", "httpcore", "openai", "PIL", "keyring", "filelock"):
            logging.getLogger(chatty).setLevel(logging.WARNING)
    return lambda: _stop(handlers)


def _stop(handlers: list[logging.Handler]) -> None:
    for handler in handlers:
        logging.getLogger().removeHandler(handler)
        handler.close()


class _Redacting(logging.Formatter):
    """Hides keys in the whole record, its trace included, and makes any text writable."""

    @override
    def format(self, record: logging.LogRecord) -> str:
        text = redact(super().format(record), _secrets)
        # File names that are no UTF-8 hold half surrogates.
        return text.encode("utf-8", "backslashreplace").decode("utf-8")


class _PrivateFile(RotatingFileHandler):
    """Log files with mode 0600, each of them from its first byte."""

    def __init__(self, path: Path) -> None:
        super().__init__(path, maxBytes=_MAX_BYTES, backupCount=_KEPT_FILES, encoding="utf-8")

    @override
    def _open(self) -> TextIOWrapper:
        number = os.open(self.baseFilename, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600)
        return os.fdopen(number, "a", encoding="utf-8", errors="backslashreplace")

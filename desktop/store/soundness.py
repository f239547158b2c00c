"""Remembers that a database was checked and closed, so that the next start need not read all of it.

Reading a history of 10,000 conversations takes a good part of a second. A file that has not changed since it
was closed by us, as far as the system can tell, is believed for a week; one that was not closed, or that
anybody else has touched, is checked.
"""

import json
import time
from contextlib import suppress
from pathlib import Path

from desktop.store.files import create_private_file

BELIEVED_S = 7 * 24 * 3600


def is_known_sound(path: Path, now_s: float | None = None) -> bool:
    """Whether the file is as it was when it was closed after a check, not long ago.

    Args:
        path: the database.
        now_s: seconds since the epoch; None for the clock's.
    """
    now = time.time() if now_s is None else now_s
    try:
        noted = json.loads(_note(path).read_text(encoding="utf-8"))
        checked_s = float(noted["checked_s"])
        # What was not written into the file yet is not what was closed.
        unwritten = path.with_name(path.name + "-wal")
        return (
            noted["file"] == _state(path)
            and 0 <= now - checked_s < BELIEVED_S
            and not (unwritten.exists() and unwritten.stat().st_size)
        )
    except (OSError, ValueError, KeyError, TypeError):
        return False


def note_closed(path: Path, checked_s: float) -> None:
    """The file was closed; it was checked at ``checked_s``. Nothing happens where that cannot be noted."""
    note = _note(path)
    with suppress(OSError):
        unwritten = path.with_name(path.name + "-wal")
        if unwritten.exists() and unwritten.stat().st_size:
            note.unlink(missing_ok=True)
            return
        create_private_file(note)
        note.write_text(json.dumps({"file": _state(path), "checked_s": checked_s}), encoding="utf-8")


def checked_at(path: Path) -> float:
    """When a believed file was checked, in seconds since the epoch."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        return float(json.loads(_note(path).read_text(encoding="utf-8"))["checked_s"])
    return 0.0


def _note(path: Path) -> Path:
    return path.with_name(path.name + ".checked")


def _state(path: Path) -> list[int]:
    found = path.stat()
    return [found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino]

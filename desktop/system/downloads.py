"""Keeps what was downloaded as files of the data folder."""

import contextlib
import itertools
import os
import uuid
from pathlib import Path

from desktop.system.files import make_private_folder


def keep_download(folder: Path, name: str, data: bytes) -> Path:
    """Write a new file, whole or not at all, readable by its owner only; no other is overwritten. Any thread.

    Raises:
        OSError: the folder cannot be written.
    """
    make_private_folder(folder)
    # Several of one name may come at once: every data URL is called "image".
    part = folder / f".{uuid.uuid4().hex}.part"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(part, flags, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        return _named(part, folder, name)
    finally:
        part.unlink(missing_ok=True)


def _named(part: Path, folder: Path, name: str) -> Path:
    """Give the file its name, or the first free one: ``cat.png``, ``cat (2).png``..."""
    stem, suffix = os.path.splitext(name)  # noqa: PTH122 - a name, no path
    for number in itertools.count(1):
        path = folder / (name if number == 1 else f"{stem} ({number}){suffix}")
        with contextlib.suppress(FileExistsError):
            _move_to_free(part, path)
            return path
    raise AssertionError("numbers have no end")


def _move_to_free(part: Path, path: Path) -> None:
    """Rename, but never over another file.

    Raises:
        FileExistsError: there is one.
    """
    if os.name == "nt":
        part.rename(path)
        return
    try:
        path.hardlink_to(part)
    except FileExistsError:
        raise
    except OSError:
        # A file system without hard links: the name is taken first, and the file put over it.
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        part.replace(path)

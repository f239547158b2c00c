"""Keeps what was downloaded as files of the data folder."""

import itertools
import os
from pathlib import Path

from desktop.system.files import make_private_folder


def keep_download(folder: Path, name: str, data: bytes) -> Path:
    """Write a new file, whole or not at all, readable by its owner only; no other is overwritten.

    Raises:
        OSError: the folder cannot be written.
    """
    make_private_folder(folder)
    part = folder / f".{name[:60]}.{os.getpid()}.part"
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        return _linked(part, folder, name)
    finally:
        part.unlink(missing_ok=True)


def _linked(part: Path, folder: Path, name: str) -> Path:
    """Give the file its name, or the first free one: ``cat.png``, ``cat (2).png``..."""
    stem, suffix = os.path.splitext(name)  # noqa: PTH122 - a name, no path
    for number in itertools.count(1):
        path = folder / (name if number == 1 else f"{stem} ({number}){suffix}")
        if not path.exists():
            part.rename(path)
            return path
    raise AssertionError("numbers have no end")

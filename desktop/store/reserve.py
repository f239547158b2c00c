"""A file of 4 MB that is given up when the disk is full, because then even DELETE needs room for its log."""

import errno
import os
import shutil
from pathlib import Path

from desktop.store.files import write_durably

NAME = "sightline.reserve"
SIZE_BYTES = 4_000_000


def keep_reserve(folder: Path) -> None:
    """Make the reserve unless it is there.

    Raises:
        OSError: there is no room for it.
    """
    path = folder / NAME
    if not path.is_file() or path.stat().st_size < SIZE_BYTES:
        if shutil.disk_usage(folder).free < SIZE_BYTES:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))
        # Random, so that a compressing file system gives it real room.
        write_durably(path, os.urandom(SIZE_BYTES), temporary=path.with_suffix(".part"))


def drop_reserve(folder: Path) -> bool:
    """Give the room back to the disk; False if there was no reserve left."""
    try:
        (folder / NAME).unlink()
    except OSError:
        return False
    return True

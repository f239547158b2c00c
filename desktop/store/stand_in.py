"""A history for this session alone, where the real one cannot be written: a copy in a temporary folder.

So questions can be asked all the same. It is removed when it is closed, or by the next one after a kill.
"""

import os
import shutil
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from desktop.store.files import create_private_file
from desktop.store.owners import living

PREFIX = "sightline-session-"
_YOUNG_S = 60.0
"""A folder that is younger may be one that another process is just making."""


def make_stand_in(name: str, fill: Callable[[sqlite3.Connection], None]) -> Path:
    """A new private folder with a database.

    Args:
        name: of the database.
        fill: puts into the empty database what can be read of the real one.

    Raises:
        OSError: there is no place for it.
        sqlite3.Error: the same.
    """
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=PREFIX))
    try:
        create_private_file(folder / name)
        connection = sqlite3.connect(folder / name, isolation_level=None)
        connection.row_factory = sqlite3.Row
        try:
            fill(connection)
        finally:
            connection.close()
    except BaseException:
        remove_stand_in(folder)
        raise
    return folder


def remove_stand_in(folder: Path) -> None:
    """Remove it with all that is in it, as far as that can be done."""
    shutil.rmtree(folder, ignore_errors=True)


def _sweep() -> None:
    """Remove those of processes that were killed."""
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        with suppress(OSError):
            status = folder.lstat()
            ours = not folder.is_symlink() and (sys.platform == "win32" or status.st_uid == os.getuid())
            if ours and time.time() - status.st_mtime > _YOUNG_S and not living(folder):
                remove_stand_in(folder)

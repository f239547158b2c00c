"""Files that only their owner may read, and that are whole or absent after a power cut."""

import os
import sys
from pathlib import Path

_BINARY = getattr(os, "O_BINARY", 0)


def make_private_folder(folder: Path) -> None:
    """Create ``folder`` and its missing parents with mode 0700, whatever the umask says.

    Raises:
        OSError: it cannot be created, or a file is in its place.
    """
    if folder.is_dir():
        return
    if folder.parent != folder:
        make_private_folder(folder.parent)
    folder.mkdir(mode=0o700, exist_ok=True)


def make_private(path: Path) -> None:
    """Take away what others may do with a file or folder of ours that was made with a wide mode.

    Raises:
        OSError: it belongs to somebody else.
    """
    mode = path.stat().st_mode
    if sys.platform != "win32" and mode & 0o077:
        path.chmod(mode & 0o700)


def create_private_file(path: Path) -> None:
    """Create an empty file with mode 0600 unless it is there; one that is there is made private.

    Raises:
        OSError: the folder is read-only or full.
    """
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY | _BINARY, 0o600))
    except FileExistsError:
        make_private(path)


def write_durably(path: Path, data: bytes, *, temporary: Path) -> None:
    """Write ``data`` so that ``path`` holds all of it or is not there, even after a power cut.

    Args:
        path: the file; its folder exists.
        data: its bytes.
        temporary: a name on the same disk that nobody else uses; gone afterwards.

    Raises:
        OSError: the folder is read-only or full; nothing is left behind.
    """
    try:
        number = os.open(temporary, os.O_CREAT | os.O_TRUNC | os.O_WRONLY | _BINARY, 0o600)
        with os.fdopen(number, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in ``folder`` survive a power cut. Windows does so by itself and cannot be asked."""
    if sys.platform == "win32":
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)

"""Where the windows of one data folder meet, and who is at the other end."""

import contextlib
import hashlib
import os
import socket
import struct
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import unquote_to_bytes, urlsplit

from desktop.core.capturing import CaptureRequest
from desktop.core.handover import Handover, is_link

_MAX_ADDRESS_BYTES = 103
"""The shortest room that any system has for the name of a socket, its ending zero left out."""
_DIGITS = 20


def addresses(root: Path, *, make: bool = False) -> tuple[str, ...]:
    """Names of sockets for a data folder, the best first; short, however long the folder's own name is.

    Args:
        root: the data folder; other spellings of it give the same names.
        make: create the folder that is made for this, if it is missing.

    Returns:
        Only names in folders that nobody but this user can write to. On Windows the one name of a pipe.
    """
    name = f"sightline-{hashlib.sha256(os.fsencode(root.resolve())).hexdigest()[:_DIGITS]}"
    if os.name != "posix":
        return (name,)
    found = (str(folder / name) for folder in _private_folders(make=make))
    return tuple(address for address in dict.fromkeys(found) if _fits(address))


def peer_user(descriptor: int) -> int | None:
    """The number of the user at the other end of a Unix socket; None where the system does not tell."""
    if sys.platform == "win32":
        return None
    with socket.socket(fileno=os.dup(descriptor)) as end:
        if hasattr(socket, "SO_PEERCRED"):
            told = end.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, struct.calcsize("3i"))
            return int(struct.unpack("3i", told)[1])
        # LOCAL_PEERCRED of macOS and the BSDs: a version, then the user.
        told = end.getsockopt(0, 1, struct.calcsize("2I"))
        return int(struct.unpack("2I", told[: struct.calcsize("2I")])[1])


def is_own(descriptor: int) -> bool:
    """Whether this user is at the other end too; True where the system does not tell."""
    try:
        user = peer_user(descriptor)
    except OSError:
        return False
    return user is None or user == os.getuid()


def handover_of(
    arguments: Iterable[str], environment: Mapping[str, str], capture: CaptureRequest | None = None
) -> Handover:
    """What the command line and the desktop say at a launch; paths are made absolute.

    Args:
        arguments: paths, http(s) addresses, and the ``file:`` addresses of some launchers.
        environment: of this process.
        capture: the screen is to be captured.
    """
    given = tuple(arguments)
    return Handover(
        paths=tuple(_path(text) for text in given if not is_link(text)),
        links=tuple(text for text in given if is_link(text)),
        capture=capture,
        startup_id=environment.get("DESKTOP_STARTUP_ID", ""),
        activation_token=environment.get("XDG_ACTIVATION_TOKEN", ""),
    )


def _path(text: str) -> Path:
    if text[:7].lower() == "file://" and os.name == "posix":
        parts = urlsplit(text)
        if parts.netloc in ("", "localhost"):
            text = os.fsdecode(unquote_to_bytes(parts.path.encode("utf-8", "surrogateescape")))
    path = Path(text)
    try:
        return path.absolute()
    except OSError:
        # The folder in which this process runs is gone.
        return Path(os.environ.get("PWD", os.sep)) / path


def _private_folders(*, make: bool) -> Iterator[Path]:
    own = Path(tempfile.gettempdir()) / f"sightline-{os.getuid()}"
    if make and not os.path.lexists(own):
        with contextlib.suppress(OSError):
            own.mkdir(mode=0o700)
    runtime = os.environ.get("XDG_RUNTIME_DIR", "")
    candidates: Sequence[Path] = (Path(runtime or "."), Path(f"/run/user/{os.getuid()}"), own)
    yield from (folder for folder in candidates if folder.is_absolute() and _is_private(folder))


def _is_private(folder: Path) -> bool:
    try:
        status = folder.lstat()
    except OSError:
        return False
    return folder.is_dir() and status.st_uid == os.getuid() and not status.st_mode & 0o022


def _fits(address: str) -> bool:
    try:
        return len(address.encode()) <= _MAX_ADDRESS_BYTES
    except UnicodeEncodeError:
        return False

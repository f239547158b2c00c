"""What a second launch gives to the window that is open already, and how it is written on the way.

Fields with a zero byte between them, because names are bytes that have none: the version, the two tokens of
the desktop, then each file as ``F`` and its name, each address as ``A`` and its text, and a wish to capture
the screen as ``C``, its kind, the delay in milliseconds and the prompt.
"""

import os
from dataclasses import dataclass
from pathlib import Path

from desktop.core.capturing import MAX_DELAY_S, MAX_PROMPT_CHARS, CaptureKind, CaptureRequest

VERSION = b"1"
MAX_BYTES = 16_000_000
"""More than any system lets a command line have."""
MAX_NAMES = 200_000

_FILE, _ADDRESS, _CAPTURE = b"F", b"A", b"C"
_MAX_TOKEN = 1_000
_FIRST_NAME = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """Files and addresses to bring in; with nothing at all, only the window is to come to the front.

    Attributes:
        paths: absolute paths of files and folders.
        links: http and https addresses.
        capture: the screen is to be captured; the window stays where it is then.
        startup_id: ``DESKTOP_STARTUP_ID``, with which X11 lets a window come to the front.
        activation_token: ``XDG_ACTIVATION_TOKEN``, the same for Wayland.
    """

    paths: tuple[Path, ...] = ()
    links: tuple[str, ...] = ()
    capture: CaptureRequest | None = None
    startup_id: str = ""
    activation_token: str = ""


def encode_handover(handover: Handover) -> bytes:
    """The bytes of ``handover``."""
    return b"\0".join(
        (
            VERSION,
            _bytes_of(handover.startup_id),
            _bytes_of(handover.activation_token),
            *(_FILE + os.fsencode(path) for path in handover.paths),
            *(_ADDRESS + _bytes_of(link) for link in handover.links),
            *((_capture_bytes(handover.capture),) if handover.capture else ()),
        )
    )


def decode_handover(data: bytes) -> Handover:
    """What `encode_handover` was given. Whoever wrote the bytes, nothing else comes of them.

    Raises:
        ValueError: they are something else.
    """
    fields = data.split(b"\0", MAX_NAMES + _FIRST_NAME)
    if len(data) > MAX_BYTES or len(fields) > MAX_NAMES + _FIRST_NAME:
        raise ValueError("too much")
    if len(fields) < _FIRST_NAME or fields[0] != VERSION:
        raise ValueError("not of this version")
    startup_id, activation_token = (field[:_MAX_TOKEN].decode("ascii") for field in fields[1:_FIRST_NAME])
    paths: list[Path] = []
    links: list[str] = []
    capture = None
    for field in fields[_FIRST_NAME:]:
        kind, named = field[:1], field[1:]
        if kind == _FILE:
            paths.append(_absolute(named))
        elif kind == _ADDRESS and is_link(link := named.decode()):
            links.append(link)
        elif kind == _CAPTURE:
            capture = _capture(named)
        else:
            raise ValueError("neither a file nor an address")
    return Handover(
        paths=tuple(paths),
        links=tuple(links),
        capture=capture,
        startup_id=startup_id,
        activation_token=activation_token,
    )


def is_link(text: str) -> bool:
    """Whether it is an address on the web, which is kept as text, and not the name of a file."""
    return text[:8].lower().startswith(("http://", "https://"))


def _absolute(name: bytes) -> Path:
    path = Path(os.fsdecode(name))
    if not path.is_absolute():
        raise ValueError("a path that is not absolute")
    return path


def _capture_bytes(request: CaptureRequest) -> bytes:
    wanted = f"{request.kind.value} {round(request.delay_s * 1000)} {request.prompt[:MAX_PROMPT_CHARS]}"
    return _CAPTURE + _bytes_of(wanted)


def _capture(named: bytes) -> CaptureRequest:
    kind, delay_ms, prompt = named.decode().split(" ", 2)
    delay_s = int(delay_ms) / 1000
    if not 0 <= delay_s <= MAX_DELAY_S or len(prompt) > MAX_PROMPT_CHARS:
        raise ValueError("out of range")
    return CaptureRequest(kind=CaptureKind(kind), delay_s=delay_s, prompt=prompt)


def _bytes_of(text: str) -> bytes:
    # A command line may hold bytes that are no text; an address with such bytes leads nowhere.
    return text.encode("utf-8", "replace").replace(b"\0", b"")

"""Asks an X11 window manager for the focus with the time at which the user acted, which Qt does not know.

A window manager that guards the focus compares times. Qt sends that of the last event of its own window,
which is older than what the user has just done elsewhere. See the Extended Window Manager Hints,
``_NET_ACTIVE_WINDOW``, and the Startup Notification Protocol of freedesktop.org.
"""

import ctypes
import logging
import re
import struct
from collections.abc import Iterator

_log = logging.getLogger(__name__)

_CLIENT_MESSAGE = 33
_TO_THE_MANAGER = 0x00080000 | 0x00100000  # SubstructureNotify, SubstructureRedirect
_TO_LISTENERS = 0x00400000  # PropertyChange, which all who follow launches select
_USER_ACTED = 2
_CHUNK_BYTES = 20
_TIME = re.compile(r"_TIME(\d{1,10})$")


class _Iterator(ctypes.Structure):
    """``xcb_screen_iterator_t``; a screen begins with the number of its root window."""

    _fields_ = (
        ("data", ctypes.POINTER(ctypes.c_uint32)),
        ("rem", ctypes.c_int),
        ("index", ctypes.c_int),
    )


class _Reply(ctypes.Structure):
    """``xcb_intern_atom_reply_t``."""

    _fields_ = (
        ("response_type", ctypes.c_uint8),
        ("pad", ctypes.c_uint8),
        ("sequence", ctypes.c_uint16),
        ("length", ctypes.c_uint32),
        ("atom", ctypes.c_uint32),
    )


def ask_for_focus(window: int, startup_id: str) -> bool:
    """Ask for the focus for a window, and end the launch that ``startup_id`` names; it may be empty.

    Returns:
        Whether it was asked for; not without an X server or libxcb.
    """
    try:
        xcb = _declared(ctypes.CDLL("libxcb.so.1"))
    except (OSError, AttributeError):
        _log.warning("libxcb cannot be used", exc_info=True)
        return False
    # Never null: what went wrong is told by the next call.
    server = xcb.xcb_connect(None, None)
    try:
        if xcb.xcb_connection_has_error(server):
            return False
        root = xcb.xcb_setup_roots_iterator(xcb.xcb_get_setup(server)).data[0]
        for event, mask in _events(xcb, server, window, root, startup_id):
            xcb.xcb_send_event(server, 0, root, mask, event)
        xcb.xcb_flush(server)
        # An answer to this comes after everything before it has arrived.
        _atom(xcb, server, "_NET_ACTIVE_WINDOW")
    finally:
        xcb.xcb_disconnect(server)
    return True


def acted_at(startup_id: str) -> int:
    """When the user acted, in milliseconds of the X server; 0 for unknown."""
    found = _TIME.search(startup_id)
    return int(found.group(1)) & 0xFFFFFFFF if found else 0


def _events(
    xcb: ctypes.CDLL, server: int, window: int, root: int, startup_id: str
) -> Iterator[tuple[bytes, int]]:
    active = _atom(xcb, server, "_NET_ACTIVE_WINDOW")
    data = struct.pack("=5I", _USER_ACTED, acted_at(startup_id), 0, 0, 0)
    yield _client_message(32, window, active, data), _TO_THE_MANAGER
    if startup_id:
        escaped = startup_id.replace("\\", "\\\\").replace('"', '\\"')
        text = f'remove: ID="{escaped}"'.encode() + b"\0"
        kind = "_NET_STARTUP_INFO_BEGIN"
        for start in range(0, len(text), _CHUNK_BYTES):
            chunk = text[start : start + _CHUNK_BYTES].ljust(_CHUNK_BYTES, b"\0")
            yield _client_message(8, root, _atom(xcb, server, kind), chunk), _TO_LISTENERS
            kind = "_NET_STARTUP_INFO"


def _client_message(bits: int, window: int, kind: int, data: bytes) -> bytes:
    return struct.pack("=BBHII", _CLIENT_MESSAGE, bits, 0, window, kind) + data


def _atom(xcb: ctypes.CDLL, server: int, name: str) -> int:
    asked = xcb.xcb_intern_atom(server, 0, len(name), name.encode())
    reply = xcb.xcb_intern_atom_reply(server, asked, None)
    if not reply:
        return 0
    atom = int(reply.contents.atom)
    ctypes.CDLL(None).free(reply)
    return atom


def _declared(xcb: ctypes.CDLL) -> ctypes.CDLL:
    """The functions that are used, with their types; pointers would be cut to 32 bits otherwise."""
    pointer, number = ctypes.c_void_p, ctypes.c_uint32
    for name, result, arguments in (
        ("xcb_connect", pointer, (ctypes.c_char_p, pointer)),
        ("xcb_connection_has_error", ctypes.c_int, (pointer,)),
        ("xcb_get_setup", pointer, (pointer,)),
        ("xcb_setup_roots_iterator", _Iterator, (pointer,)),
        ("xcb_intern_atom", ctypes.c_uint, (pointer, ctypes.c_uint8, ctypes.c_uint16, ctypes.c_char_p)),
        ("xcb_intern_atom_reply", ctypes.POINTER(_Reply), (pointer, ctypes.c_uint, pointer)),
        ("xcb_send_event", ctypes.c_uint, (pointer, ctypes.c_uint8, number, number, ctypes.c_char_p)),
        ("xcb_flush", ctypes.c_int, (pointer,)),
        ("xcb_disconnect", None, (pointer,)),
    ):
        function = getattr(xcb, name)
        function.restype, function.argtypes = result, arguments
    return xcb

"""What the first bytes of a PNG or JPEG say: formats and sizes of images that come from outside."""

import struct

_PNG = b"\x89PNG\r\n\x1a\n"
_FRAMES = frozenset((0xC0, 0xC1, 0xC2, 0xC3, 0xC5, 0xC6, 0xC7, 0xC9, 0xCA, 0xCB, 0xCD, 0xCE, 0xCF))
"""Markers of JPEG (ITU-T T.81, table B.1) behind which the size stands."""
_BARE = frozenset((0x01, *range(0xD0, 0xD8)))


def picture_head(data: bytes) -> tuple[str, int, int] | None:
    """Media type, width and height in pixels; None if it is neither PNG nor JPEG."""
    if data.startswith(_PNG):
        if len(data) < 24 or data[12:16] != b"IHDR":
            return None
        width, height = struct.unpack(">II", data[16:24])
        return "image/png", width, height
    size = _jpeg_size(data) if data.startswith(b"\xff\xd8\xff") else None
    return None if size is None else ("image/jpeg", *size)


def _jpeg_size(data: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 4 <= len(data) and data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF or marker in _BARE:
            at += 1 if marker == 0xFF else 2
            continue
        (length,) = struct.unpack(">H", data[at + 2 : at + 4])
        if marker in _FRAMES:
            if at + 9 > len(data):
                return None
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        if marker == 0xDA or length < 2:
            return None
        at += 2 + length
    return None

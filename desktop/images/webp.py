"""The size of a WebP from its header: Pillow takes the memory for its pixels as soon as it opens one."""


def webp_size(data: bytes) -> tuple[int, int] | None:
    """Width and height in pixels; None if ``data`` is no WebP.

    Source: RFC 9649, sections 2.5 to 2.7 (simple, lossless and extended file format).
    """
    if data[:4] != b"RIFF" or data[8:12] != b"WEBP" or len(data) < 30:
        return None
    match data[12:16]:
        case b"VP8X":
            return _number(data[24:27]) + 1, _number(data[27:30]) + 1
        case b"VP8L":
            bits = _number(data[21:25])
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8 ":
            return _number(data[26:28]) & 0x3FFF, _number(data[28:30]) & 0x3FFF
        case _:
            return None


def _number(data: bytes) -> int:
    return int.from_bytes(data, "little")

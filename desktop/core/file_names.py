"""Names of exported files: readable, safe on every system, and the same each time."""

import re

from desktop.core.model import SentImage
from desktop.core.text import printable

_MOST_CHARS = 80
_MOST_BYTES = 150
"""File systems take 255; an ending, a number and the name while it is written are added."""
_FORBIDDEN = re.compile(r'[<>:"/\\|?*]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)
_SUFFIXES = {"image/png": "png", "image/jpeg": "jpg"}


def file_stem(title: str, instead: str) -> str:
    """A title as the name of a file without its ending; ``instead`` where nothing of it can be one."""
    text = _FORBIDDEN.sub(" ", printable(title, limit=10_000))
    text = _cut(" ".join(text.split()).strip(" ."))
    if not any(c.isalnum() for c in text):
        return instead
    # Windows opens a device instead of the file.
    return f"_{text}" if _DEVICES.match(text) else text


def image_name(name: str, sent: SentImage) -> str:
    """``receipt-3fa4c1d2.png``: what the file was called, and what tells it from others of that name."""
    stem = re.sub(r"\.\w{1,5}$", "", printable(name, limit=10_000))
    stem = "".join(c if c.isalnum() or c in "-_" else "-" for c in stem)
    stem = _cut(re.sub("-{2,}", "-", stem)).strip("-") or "image"
    return f"{stem}-{sent.sha256[:8]}.{_SUFFIXES[sent.media_type]}"


def numbered(stem: str, taken: set[str]) -> str:
    """``stem``, or the first of ``stem (2)``, ``stem (3)`` that is not taken; and takes it."""
    name, number = stem, 1
    while name.casefold() in taken:
        number += 1
        name = f"{stem} ({number})"
    taken.add(name.casefold())
    return name


def _cut(text: str) -> str:
    """No longer than file systems take, and not within a character."""
    kept = text[:_MOST_CHARS].encode()[:_MOST_BYTES].decode("utf-8", "ignore")
    return kept.rstrip(" .")

"""What the history's list shows, and in what order. Pure."""

from dataclasses import dataclass

MAX_TAG_CHARS = 40
Place = tuple[int, int]
"""Where a conversation stands: pinned or not, and its newest message; the highest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """Which conversations are listed.

    Attributes:
        archived: those of the archive, and no others; else those that are not in it.
        tag: only those that have this tag; empty for all.
    """

    archived: bool = False
    tag: str = ""


def tag_name(typed: str) -> str:
    """A tag as it is kept: one line, one space between words, at most 40 characters; empty for none."""
    return " ".join(typed.replace('"', " ").split())[:MAX_TAG_CHARS].strip()

"""What the gallery keeps of an image at hand, for the next start."""

from dataclasses import dataclass, field
from pathlib import Path

from desktop.core.edits import Edits
from desktop.core.model import Detail

ItemPlace = tuple[int, int]
"""The number of a file, and the page of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GalleryItem:
    """One image at hand.

    Attributes:
        file: the number of the file, in the order in which files were added; its pages share it.
        page: the page or frame of it, from 0.
        path: the file.
        detail: its own level; None follows the selector.
        edits: what was done to it.
        edited_sha256: the hash of the file that the edits were made for; None without edits, or if unknown.
        url: where it was downloaded from; empty if it was not.
        as_link: this address is sent in place of its bytes.
        once: it goes with one question only; None follows the setting.
    """

    file: int
    page: int
    path: Path
    detail: Detail | None = None
    edits: Edits = field(default_factory=Edits)
    edited_sha256: str | None = None
    url: str = ""
    as_link: bool = False
    once: bool | None = None

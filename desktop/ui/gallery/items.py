"""What one tile of the gallery shows."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from desktop.core.text import _, join_list, printable

TileState = Literal["loading", "ready", "unusable", "missing"]
"""``missing`` is a file that is not there any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One image at hand. All texts are ready to be shown.

    Attributes:
        key: names the tile for as long as the window lives.
        name: the file's name, printable.
        path: the file.
        state: ``loading`` while it is looked at, ``ready``, or why it cannot be used.
        pixels: ``560×820``, or empty while unknown.
        cost: ``562 tok``; empty while unknown.
        badge: what differs for this image: ``→ JPEG``, ``GPS removed``, ``Low``; empty if nothing does.
        reason: why it is unusable.
        about: format, size and date, for the list: ``PNG · 214 KB · 3 Oct 2026``.
        in_conversation: it was sent in this conversation before.
        asked: it was asked about, and what that has cost so far: ``$0.0034``, or a word without a price.
        told: more about it for the tip: what it was asked, which files are copies of it.
    """

    key: int
    name: str
    path: Path
    state: TileState = "loading"
    pixels: str = ""
    cost: str = ""
    badge: str = ""
    reason: str = ""
    about: str = ""
    in_conversation: bool = False
    asked: str = ""
    told: tuple[str, ...] = ()

    @property
    def is_usable(self) -> bool:
        """Whether it can be selected for a question."""
        return self.state in ("loading", "ready")


def spoken(tile: Tile, *, number: int = 0) -> str:
    """The tile in words for a screen reader; ``number`` is its place in the selection, 0 for none."""
    parts = [tile.name, tile.pixels, tile.cost, tile.badge]
    if tile.state == "loading":
        parts.append(_("loading"))
    if not tile.is_usable:
        parts.append(_("not usable: {reason}").format(reason=tile.reason))
    if tile.in_conversation:
        parts.append(_("in this conversation"))
    if tile.asked:
        parts.append(_("asked about: {cost}").format(cost=tile.asked))
    if number:
        parts.append(_("image {number} of the next question").format(number=number))
    return join_list(parts)


def hint(tile: Tile) -> str:
    """The tile's tooltip, in plain text: name and folder, what is known, and why it cannot be used."""
    lines = [tile.name, printable(str(tile.path.parent), limit=300)]
    lines += [part for part in (tile.about, *tile.told) if part]
    if tile.reason:
        lines += ["", tile.reason]
    return "\n".join(lines)

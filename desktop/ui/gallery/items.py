"""What one tile of the gallery shows."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from desktop.core.text import _, join_list, printable

TileState = Literal["loading", "ready", "unusable"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Tile:
    """One image at hand. All texts are ready to be shown.

    Attributes:
        key: names the tile for as long as the window lives.
        name: the file's name, printable.
        path: the file.
        state: ``loading`` while it is looked at, ``ready``, or ``unusable``.
        pixels: ``560×820``, or empty while unknown.
        cost: ``562 tok``, or a price when it is selected; empty while unknown.
        badge: what differs for this image: ``→ JPEG``, ``GPS removed``, ``Low``; empty if nothing does.
        reason: why it is unusable.
        in_conversation: it was sent in this conversation before.
    """

    key: int
    name: str
    path: Path
    state: TileState = "loading"
    pixels: str = ""
    cost: str = ""
    badge: str = ""
    reason: str = ""
    in_conversation: bool = False


def spoken(tile: Tile, *, number: int = 0) -> str:
    """The tile in words for a screen reader; ``number`` is its place in the selection, 0 for none."""
    parts = [tile.name, tile.pixels, tile.cost, tile.badge]
    if tile.state == "loading":
        parts.append(_("loading"))
    if tile.state == "unusable":
        parts.append(_("not usable: {reason}").format(reason=tile.reason))
    if tile.in_conversation:
        parts.append(_("in this conversation"))
    if number:
        parts.append(_("image {number} of the next question").format(number=number))
    return join_list(parts)


def hint(tile: Tile) -> str:
    """The tile's tooltip, in plain text: name and folder, and why it cannot be used."""
    lines = [tile.name, printable(str(tile.path.parent), limit=300)]
    if tile.reason:
        lines += ["", tile.reason]
    return "\n".join(lines)

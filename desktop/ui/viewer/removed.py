"""What of a file is not sent: position, camera, author and so on, and what was blacked out. Pure."""

from dataclasses import dataclass

from desktop.core.edits import Edits
from desktop.core.model import ImageFacts, Position
from desktop.core.text import _, format_count, format_taken_at, join_list, ngettext


@dataclass(frozen=True, slots=True)
class Row:
    """A name at the left and a value at the right.

    Attributes:
        name: what it is.
        value: plain text.
        strong: the end of the value, which stands out.
        tooltip: more about it; empty for none.
    """

    name: str
    value: str
    strong: str = ""
    tooltip: str = ""


def removed_rows(image: ImageFacts, edits: Edits) -> tuple[Row, ...]:
    """All that is not sent, a row each; none if there is nothing."""
    found = set(image.metadata)
    rows: list[Row] = []
    if image.position is not None:
        rows.append(Row(_("GPS position"), position_text(image.position)))
    elif "gps" in found:
        rows.append(Row(_("GPS position"), _("removed")))
    rows.extend(_camera(image))
    if image.taken_at:
        rows.append(Row(_("Date and time"), format_taken_at(image.taken_at)))
    for kind, name in (
        ("author", _("Author")),
        ("comment", _("Comment")),
        ("thumbnail", _("Embedded preview")),
    ):
        if kind in found:
            rows.append(Row(name, _("removed")))
    notes = join_list(kind.upper() for kind in ("exif", "xmp", "iptc") if kind in found)
    if notes and not rows:
        rows.append(Row(_("Metadata ({kinds})").format(kinds=notes), _("removed")))
    if "icc" in found:
        rows.append(Row(_("Colour profile"), _("converted to sRGB")))
    if edits.blackouts:
        count = len(edits.blackouts)
        areas = ngettext("{count} area", "{count} areas", count).format(count=format_count(count))
        rows.append(Row(_("Blacked out"), areas))
    return tuple(rows)


def position_text(position: Position) -> str:
    """``48.14 N, 11.58 E``."""
    north = _("{degrees} N") if position.latitude >= 0 else _("{degrees} S")
    east = _("{degrees} E") if position.longitude >= 0 else _("{degrees} W")
    return join_list(
        (
            north.format(degrees=f"{abs(position.latitude):.2f}"),
            east.format(degrees=f"{abs(position.longitude):.2f}"),
        )
    )


def _camera(image: ImageFacts) -> list[Row]:
    """One row for all that names the camera, as precisely as the file does."""
    named = (
        (bool(image.camera), _("Camera"), _("camera")),
        (bool(image.lens), _("Lens"), _("lens")),
        ("serial" in image.metadata, _("Serial no."), _("serial no.")),
    )
    there = [(first, later) for is_there, first, later in named if is_there]
    if not there:
        return []
    name = join_list([there[0][0], *(later for _first, later in there[1:])])
    return [Row(name, _("removed"), tooltip=join_list((image.camera or "", image.lens or "")))]

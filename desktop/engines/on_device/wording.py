"""The reader's findings as Markdown. What was read in an image is hostile: it is fenced or escaped."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from desktop.core.model import ImageFacts
from desktop.core.text import (
    DASH,
    _,
    format_count,
    format_pixels,
    format_size,
    format_taken_at,
    join_list,
    join_sentences,
    marked,
    ngettext,
    printable,
)
from desktop.engines.on_device.amounts import Amounts
from desktop.engines.on_device.compare import PixelDifference, Region, TextDifference
from desktop.engines.on_device.intent import Intent, Need
from desktop.engines.on_device.reader import Reading

_NEEDS: Final = {
    Need.DESCRIBE: marked("describing a picture"),
    Need.EXPLAIN: marked("explaining"),
    Need.TRANSLATE: marked("translating"),
    Need.COUNT: marked("counting things in a picture"),
    Need.SUMMARISE: marked("summarising"),
    Need.CHART: marked("reading the values of a chart"),
}

_MAX_QUESTION: Final = 80
"""Characters of a question that are repeated."""

_WHERE: Final = (
    (marked("upper left"), marked("top"), marked("upper right")),
    (marked("left"), marked("middle"), marked("right")),
    (marked("lower left"), marked("bottom"), marked("lower right")),
)

_KINDS: Final = {
    "exif": "EXIF",
    "gps": marked("position"),
    "xmp": "XMP",
    "icc": marked("colour profile"),
    "iptc": "IPTC",
    "comment": marked("comment"),
    "serial": marked("serial no."),
    "author": marked("Author"),
    "thumbnail": marked("Embedded preview"),
}


def fence(lines: Iterable[str]) -> str:
    """Text that shows exactly: a code block whose fence is longer than any run of backticks inside."""
    text = "\n".join(lines)
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    mark = "`" * max(3, longest + 1)
    return f"{mark}\n{text}\n{mark}"


def escape(text: str) -> str:
    """One line of text from outside that Markdown shows as it is, in headings and table cells too."""
    return re.sub(r"([\\`*_{}\[\]<>()#|~&!])", r"\\\1", printable(text))


def no_image() -> str:
    """The answer to a question without an image."""
    return _("There is no image to read. Add one and ask again.")


def one_image() -> str:
    """Said when one image is to be compared with nothing."""
    return _("There is only one image, so there is nothing to compare it with. This is its text:")


def heading(number: int, name: str) -> str:
    """The heading of one of several images."""
    return f"### {number}. {escape(name)}"


def reading(found: Reading, intent: Intent) -> str:
    """Text and codes of one image, or that there are none. Never empty if one of them was asked for."""
    parts: list[str] = []
    if found.lines:
        parts.append(fence(found.lines))
    parts += [f"{escape(code.kind)}:\n\n{fence([code.text])}" for code in found.codes]
    if not intent.sure and not parts:
        parts.append(_("No text, barcode or QR code was found."))
    if intent.sure and intent.text and not found.lines:
        parts.append(_("No text was found."))
    if intent.sure and intent.codes and not found.codes:
        parts.append(_("No barcode or QR code was found."))
    return "\n\n".join(parts)


def amounts(found: Amounts) -> str:
    """How many amounts there are, the total, and whether it is right; no verdict where it is not exact."""
    count = len(found.items)
    sentences: list[str] = []
    if count:
        text = ngettext("{count} amount, {sum}.", "{count} amounts, {sum} in all.", count)
        sentences.append(text.format(count=format_count(count), sum=_money(found.items_sum)))
    if found.total is not None:
        sentences.append(_("The total says {total}.").format(total=_money(found.total)))
    if found.extras_on_top:
        text = _("With {extras} of tax and extras, the amounts add up to it exactly.")
        sentences.append(text.format(extras=_money(found.extras_sum)))
    elif found.adds_up:
        sentences.append(_("The amounts add up to it exactly."))
    return join_sentences(*sentences)


def pair(names: tuple[str, str], number: int) -> str:
    """The heading of what differs between the first image and image ``number``."""
    first, second = _numbered(names, number)
    return "### " + _("{first} and {second}").format(first=first, second=second)


def differences(
    names: tuple[str, str], number: int, text: TextDifference | None, pixels: PixelDifference
) -> str:
    """What differs between the first image and image ``number``; ``text`` is None if neither has any."""
    first, second = _numbered(names, number)
    return "\n\n".join([*_text_difference(first, second, text), *_pixel_difference(pixels)])


def needs(intent: Intent, question: str) -> str:
    """Names what is asked and cannot be done here; said before what can."""
    if Need.ANSWER in intent.needs:
        text = _("I can read text and codes, but answering “{question}” needs a model.")
        return text.format(question=escape(" ".join(printable(question, limit=_MAX_QUESTION).split())))
    parts = join_list(_(_NEEDS[part]) for part in intent.needs)
    if intent.sure:
        return _("This part of the question needs a model: {parts}.").format(parts=parts)
    return _("I can read text and codes, but this needs a model: {parts}.").format(parts=parts)


def unsettled() -> str:
    """Said where a total was to be checked, and the amounts that were found do not come to it."""
    return _("I could not confirm the total from these amounts; checking it needs a model.")


def facts(image: ImageFacts) -> str:
    """A table of what the file says about itself."""
    megapixels = f"{image.width_px * image.height_px / 1_000_000:.1f}"
    rows = [
        (_("File"), escape(image.name)),
        (_("Format"), escape(image.format)),
        (
            _("Size"),
            _("{pixels} pixels ({megapixels} megapixels)").format(
                pixels=format_pixels(image.width_px, image.height_px), megapixels=megapixels
            ),
        ),
        (_("On disk"), format_size(image.file_bytes)),
        (_("Frames or pages"), format_count(image.frames)),
        (_("Transparency"), _("yes") if image.has_alpha else _("no")),
        (_("Taken"), _or_dash(format_taken_at(image.taken_at or ""))),
        (_("Camera"), _or_dash(image.camera)),
        (_("Position"), _position(image)),
        (_("Metadata"), _kinds(image.metadata)),
    ]
    head, *below = (f"| {label} | {value} |" for label, value in rows)
    return "\n".join([head, "| --- | --- |", *below])


def facts_stay() -> str:
    """Said below facts, which may tell where somebody lives."""
    return _("These facts stay on this computer: metadata is removed before an image is sent.")


def _money(amount: Decimal) -> str:
    return f"{amount:,.2f}"


def _or_dash(text: str | None) -> str:
    return escape(text) if text else DASH


def _position(image: ImageFacts) -> str:
    """``47.605° N, 9.450° E``: a hundred metres, as far as a person reads them."""
    position = image.position
    if position is None:
        return _("not in the history; the file may tell it") if "gps" in image.metadata else DASH
    north = _("{degrees}° N") if position.latitude >= 0 else _("{degrees}° S")
    east = _("{degrees}° E") if position.longitude >= 0 else _("{degrees}° W")
    latitude, longitude = f"{abs(position.latitude):.3f}", f"{abs(position.longitude):.3f}"
    return join_list((north.format(degrees=latitude), east.format(degrees=longitude)))


def _numbered(names: tuple[str, str], number: int) -> tuple[str, str]:
    return f"1. {escape(names[0])}", f"{number}. {escape(names[1])}"


def _kinds(kinds: Iterable[str]) -> str:
    return join_list(_(_KINDS[kind]) if kind in _KINDS else escape(kind) for kind in kinds) or DASH


def _text_difference(first: str, second: str, text: TextDifference | None) -> list[str]:
    if text is None:
        return [_("No text was found in either.")]
    if not text.removed and not text.added:
        text_same = ngettext(
            "The text is the same ({count} line).", "The text is the same ({count} lines).", text.same
        )
        return [text_same.format(count=format_count(text.same))]
    parts: list[str] = []
    for name, lines in ((first, text.removed), (second, text.added)):
        if lines:
            parts += [_("Text only in {name}:").format(name=name), fence(lines)]
    return parts


def _pixel_difference(pixels: PixelDifference) -> list[str]:
    parts: list[str] = []
    if pixels.first_size != pixels.second_size:
        text = _("The sizes differ: {first} and {second} pixels. They were compared at the same size.")
        parts.append(
            text.format(first=format_pixels(*pixels.first_size), second=format_pixels(*pixels.second_size))
        )
    if not pixels.regions:
        return [*parts, _("No visible difference between the pixels.")]
    count = len(pixels.regions) + pixels.more_regions
    text = ngettext(
        "{share} of the pixels differ, in {count} region:",
        "{share} of the pixels differ, in {count} regions:",
        count,
    )
    regions = [_region(region) for region in pixels.regions]
    if pixels.more_regions:
        regions.append(_("and {count} smaller ones").format(count=format_count(pixels.more_regions)))
    listed = "\n".join(f"- {region}" for region in regions)
    return [*parts, f"{text.format(share=_percent(pixels.share), count=format_count(count))}\n\n{listed}"]


def _region(region: Region) -> str:
    """``lower right (62–73% across, 79–94% down)``."""
    text = _("{where} ({left}–{right}% across, {top}–{bottom}% down)")
    sides = {side: round(100 * getattr(region, side)) for side in ("left", "right", "top", "bottom")}
    return text.format(where=_where(region), **sides)


def _where(region: Region) -> str:
    """The ninth of the image that holds the middle of a region, or the side along which it stretches."""
    wide, high = region.right - region.left > 2 / 3, region.bottom - region.top > 2 / 3
    if wide and high:
        return _("nearly everywhere")
    across = 1 if wide else _third((region.left + region.right) / 2)
    down = 1 if high else _third((region.top + region.bottom) / 2)
    return _(_WHERE[down][across])


def _third(share: float) -> int:
    return min(2, int(3 * share))


def _percent(share: float) -> str:
    return f"{share:.1%}" if share >= 0.001 else "< 0.1%"

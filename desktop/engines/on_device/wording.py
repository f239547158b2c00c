"""The reader's findings as Markdown. What was read in an image is hostile: it is fenced or escaped."""

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from desktop.core.model import ImageFacts, Position
from desktop.core.text import (
    DASH,
    _,
    format_count,
    format_pixels,
    format_size,
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
    Need.CHECK: marked("checking the total, which the amounts found here do not settle"),
    Need.ANSWER: marked("understanding the question"),
}

_KINDS: Final = {
    "exif": "EXIF",
    "gps": marked("position"),
    "xmp": "XMP",
    "icc": marked("colour profile"),
    "iptc": "IPTC",
    "comment": marked("comment"),
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


def differences(
    names: tuple[str, str], number: int, text: TextDifference | None, pixels: PixelDifference
) -> str:
    """What differs between the first image and image ``number``; ``text`` is None if neither has any."""
    first, second = f"1. {escape(names[0])}", f"{number}. {escape(names[1])}"
    title = _("{first} and {second}").format(first=first, second=second)
    return "\n\n".join([f"### {title}", *_text_difference(first, second, text), *_pixel_difference(pixels)])


def needs(parts: Iterable[Need]) -> str:
    """Names what was asked and not done."""
    listed = join_list(_(_NEEDS[part]) for part in parts)
    return _("Needs a model: {parts}. This reader reads text, codes and facts.").format(parts=listed)


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
        (_("Taken"), _or_dash(image.taken_at)),
        (_("Camera"), _or_dash(image.camera)),
        (_("Position"), _position(image.position)),
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


def _position(position: Position | None) -> str:
    return f"{position.latitude:.5f}, {position.longitude:.5f}" if position else DASH


def _kinds(kinds: Iterable[str]) -> str:
    return join_list(_(_KINDS[kind]) if kind in _KINDS else escape(kind) for kind in kinds) or DASH


def _text_difference(first: str, second: str, text: TextDifference | None) -> list[str]:
    if text is None:
        return [_("No text was found in either.")]
    if not text.removed and not text.added:
        return [_("The text is the same.")]
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
    return _("from the left {left} to {right}, from the top {top} to {bottom}").format(
        left=_whole(region.left),
        right=_whole(region.right),
        top=_whole(region.top),
        bottom=_whole(region.bottom),
    )


def _whole(share: float) -> str:
    return f"{share:.0%}"


def _percent(share: float) -> str:
    return f"{share:.1%}" if share >= 0.001 else "< 0.1%"

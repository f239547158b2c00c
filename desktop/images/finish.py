"""From an opened page to the finished picture: blacked out, cropped, turned, scaled, marked, in that order.

What is blacked out is gone from the decoded pixels before anything looks at them, so not a trace of it is in
its neighbours, in the choice of the format, or in the bytes.
"""

import io
import math
from collections.abc import Sequence
from typing import Final

from PIL import Image

from desktop.core.edits import Area, Edits, placement
from desktop.core.problems import Code, ProblemError, problem
from desktop.images import pdf, pixels
from desktop.images.inspect import Finish
from desktop.images.pages import Page, page_size

_TURNS: Final = {
    1: Image.Transpose.ROTATE_270,
    2: Image.Transpose.ROTATE_180,
    3: Image.Transpose.ROTATE_90,
}


def finished(page: Page, finish: Finish) -> Image.Image:
    """What is sent of a page.

    Returns:
        Mode RGB, exactly ``finish.width_px`` by ``finish.height_px``, without any info.

    Raises:
        ProblemError: UNEXPECTED, the overlay is not of this size.
        Exception: whatever decoders raise for damaged files.
    """
    edits, size = finish.edits, (finish.width_px, finish.height_px)
    blackouts = [_sorted(area) for area in edits.blackouts]
    page_px = page_size(page)
    before_turning = size[::-1] if edits.quarter_turns % 2 else size
    area = edits.visible(*page_px)
    result = part(page, before_turning, area, blackouts=blackouts, quick=finish.quick)
    turn = _TURNS.get(edits.quarter_turns % 4)
    if turn is not None:
        result = result.transpose(turn)
    _blacken(result, edits, page_px)
    if finish.overlay is not None:
        _lay_over(result, finish.overlay)
    return result


def part(
    page: Page, size: tuple[int, int], area: Area, *, blackouts: Sequence[Area] = (), quick: bool = False
) -> Image.Image:
    """An area of the upright page, scaled to ``size``, mode RGB."""
    if not isinstance(page, pdf.PdfPage):
        return pixels.render(page, size, area, blackouts, quick=quick)
    if not blackouts:
        return pdf.draw(page, size, area)
    # Drawn as large as the page counts, because smaller letters would reach out of the area.
    whole = pdf.draw(page, page.size, Area(0, 0, *page.size))
    pixels.black_out(whole, blackouts)
    return pixels.scaled(whole, size, (area.left, area.top, area.right, area.bottom))


def _sorted(area: Area) -> Area:
    """As if it had been drawn from the upper left."""
    across, down = sorted((area.left, area.right)), sorted((area.top, area.bottom))
    return Area(across[0], down[0], across[1], down[1])


def _blacken(picture: Image.Image, edits: Edits, page_px: tuple[int, int]) -> None:
    """Black once more: scaling has blended the edges, and a profile may have made the black a grey."""
    a, b, c, d, e, f = placement(edits, page_px, picture.size)
    for area in edits.blackouts:
        corners = [(x, y) for x in (area.left, area.right) for y in (area.top, area.bottom)]
        across = [a * x + b * y + c for x, y in corners]
        down = [d * x + e * y + f for x, y in corners]
        placed = Area(
            math.floor(min(across)), math.floor(min(down)), math.ceil(max(across)), math.ceil(max(down))
        )
        pixels.black_out(picture, [placed])


def _lay_over(picture: Image.Image, png: bytes) -> None:
    overlay = Image.open(io.BytesIO(png), formats=("PNG",))
    if overlay.mode != "RGBA" or overlay.size != picture.size:
        raise ProblemError(problem(Code.UNEXPECTED, detail="overlay"))
    picture.paste(overlay, mask=overlay)

"""Pages of a PDF as pixels, by PDFium. Only worker processes import it."""

import math
from dataclasses import dataclass
from typing import Any, Final

from PIL import Image

from desktop.core.edits import Area
from desktop.core.problems import Code, ProblemError, problem
from desktop.images.formats import MAX_PIXELS, starts_as_image

DPI: Final = 200
"""What a page counts as: small print of 8 points is 22 pixels high, and A4 has 4 megapixels."""

_MAX_SIDE_PX: Final = 30_000
_POINTS_AN_INCH: Final = 72
_PASSWORD_NEEDED: Final = 4
"""``FPDF_ERR_PASSWORD`` of PDFium's ``fpdfview.h``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfPage:
    """One page of an open document.

    Attributes:
        size: width and height in pixels: its points at `DPI`, fewer where those were too many.
        pages: number of pages of the document.
        document: keeps PDFium's document open.
        handle: PDFium's page.
    """

    size: tuple[int, int]
    pages: int
    document: Any
    handle: Any


def is_pdf(data: bytes) -> bool:
    """Whether ``data`` begins as a PDF; readers allow some bytes before its header."""
    return b"%PDF-" in data[:1024] and not starts_as_image(data)


def open_pdf(data: bytes, *, name: str, page: int = 0) -> PdfPage:
    """Open one page without drawing it.

    Raises:
        ProblemError: PDF_LOCKED, PDF_HAS_NO_PAGES, PAGE_MISSING or IMAGE_DAMAGED.
    """
    import pypdfium2  # noqa: PLC0415 - only for a PDF

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise ProblemError(problem(_why_not(data), name=name)) from error
    pages = len(document)
    if not 0 <= page < pages:
        raise ProblemError(problem(Code.PAGE_MISSING, name=name, page=page + 1, pages=pages))
    if document.get_formtype():
        # What was filled in is drawn only then.
        document.init_forms()
    handle = document[page]
    return PdfPage(size=_size(*handle.get_size()), pages=pages, document=document, handle=handle)


def draw(page: PdfPage, size: tuple[int, int], area: Area) -> Image.Image:
    """Draw a part of a page on white.

    Args:
        page: the page.
        size: width and height of the result.
        area: the part, in pixels of the page's own `PdfPage.size`.

    Returns:
        Mode RGB, exactly ``size``.
    """
    import pypdfium2.raw as pdfium  # noqa: PLC0415 - only for a PDF
    from pypdfium2 import PdfBitmap  # noqa: PLC0415

    across, down = size[0] / area.width_px, size[1] / area.height_px
    bitmap = PdfBitmap.new_native(*size, pdfium.FPDFBitmap_BGRx, rev_byteorder=True)
    bitmap.fill_rect((255, 255, 255, 255), 0, 0, *size)
    placed = (
        -round(area.left * across),
        -round(area.top * down),
        max(1, round(page.size[0] * across)),
        max(1, round(page.size[1] * down)),
    )
    flags = pdfium.FPDF_ANNOT | pdfium.FPDF_REVERSE_BYTE_ORDER
    pdfium.FPDF_RenderPageBitmap(bitmap, page.handle, *placed, 0, flags)
    if page.handle.formenv is not None:
        pdfium.FPDF_FFLDraw(page.handle.formenv, bitmap, page.handle, *placed, 0, flags)
    return Image.frombytes("RGB", size, bitmap.buffer, "raw", "RGBX", bitmap.stride, 1)


def information(page: PdfPage) -> dict[str, Any]:
    """What the document says about itself: ``Author``, ``Title``, ``Producer``..., those that are there."""
    return {key: value for key, value in page.document.get_metadata_dict().items() if value}


def _why_not(data: bytes) -> Code:
    """Why a document was not opened. PDFium's last error may be that of the document before."""
    import pypdfium2.raw as pdfium  # noqa: PLC0415 - only for a PDF

    handle = pdfium.FPDF_LoadMemDocument64(data, len(data), None)
    if handle:
        pdfium.FPDF_CloseDocument(handle)
        return Code.PDF_HAS_NO_PAGES
    return Code.PDF_LOCKED if pdfium.FPDF_GetLastError() == _PASSWORD_NEEDED else Code.IMAGE_DAMAGED


def _size(width_points: float, height_points: float) -> tuple[int, int]:
    if not (0 < width_points < math.inf and 0 < height_points < math.inf):
        raise ValueError((width_points, height_points))
    width, height = (points * DPI / _POINTS_AN_INCH for points in (width_points, height_points))
    scale = min(1.0, math.sqrt(MAX_PIXELS / (width * height)), _MAX_SIDE_PX / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))

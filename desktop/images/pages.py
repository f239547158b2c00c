"""One page or frame of any file that can be read: pages of PDF and TIFF, frames of what moves."""

from PIL.ImageFile import ImageFile

from desktop.core.problems import Code, ProblemError, problem
from desktop.images import pdf
from desktop.images.formats import check_pixels, is_jpeg, open_image
from desktop.images.pixels import upright_size

Page = ImageFile | pdf.PdfPage


def open_page(data: bytes, *, name: str, page: int = 0) -> Page:
    """Open one page without decoding it.

    Args:
        data: the whole file.
        name: the file's name for problems.
        page: from 0.

    Raises:
        ProblemError: those of `formats.open_image` and `pdf.open_pdf`; PAGE_MISSING.
    """
    if pdf.is_pdf(data):
        return pdf.open_pdf(data, name=name, page=page)
    image = open_image(data, name=name)
    if page == 0:
        return image
    pages = page_count(image)
    if not 0 < page < pages:
        raise ProblemError(problem(Code.PAGE_MISSING, name=name, page=page + 1, pages=pages))
    image.seek(_place(image, page))
    check_pixels(image, name=name)
    return image


def page_count(page: Page) -> int:
    """How many pages or frames the file has, at least 1."""
    if isinstance(page, pdf.PdfPage):
        return page.pages
    # The further pictures of a camera's JPEG are previews and depth maps.
    return 1 if is_jpeg(page) else max(1, int(getattr(page, "n_frames", 1)))


def page_size(page: Page) -> tuple[int, int]:
    """Width and height of the upright page in pixels."""
    return page.size if isinstance(page, pdf.PdfPage) else upright_size(page)


def is_lossless(page: Page) -> bool:
    """Whether its pixels are as they were made, so that a JPEG of them is the first loss."""
    return isinstance(page, pdf.PdfPage) or page.format in {"PNG", "BMP", "TIFF", "GIF"}


def _place(image: ImageFile, page: int) -> int:
    """Where the page is in the file: a HEIF may begin with another image than the one that it opens with."""
    if image.format != "HEIF":
        return page
    first = image.tell()
    return page if page > first else page - 1

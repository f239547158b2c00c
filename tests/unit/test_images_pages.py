"""Pages of PDF and TIFF, frames of what moves: found, drawn as viewers show them, sent. In real workers."""

import io
from pathlib import Path

import pillow_heif
import pytest
from PIL import Image

from desktop.core.edits import Area, Edits
from desktop.core.problems import Code, Problem, ProblemError
from desktop.images.workers import ImageWorkers
from tests.helpers import pdfs, pictures

RED, GREEN, BLUE = (255, 0, 0), (0, 255, 0), (0, 0, 255)


def saved(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def sent(
    workers: ImageWorkers,
    path: Path,
    page: int,
    size: tuple[int, int] | None = None,
    edits: Edits | None = None,
) -> Image.Image:
    facts = workers.inspect(path, thumbnail_px=None, page=page).result(60).facts
    edits = edits or Edits()
    width, height = size or edits.size(facts.width_px, facts.height_px)
    encoded = workers.encode(
        path,
        expected_sha256=facts.sha256,
        width_px=width,
        height_px=height,
        lossless=True,
        page=page,
        edits=edits,
    ).result(60)
    return Image.open(io.BytesIO(encoded.data)).convert("RGB")


def refused(workers: ImageWorkers, path: Path, page: int = 0) -> Problem:
    error = workers.inspect(path, thumbnail_px=64, page=page).exception(60)
    assert isinstance(error, ProblemError)
    return error.problem


def near(found: object, expected: tuple[int, int, int], tolerance: int = 0) -> bool:
    assert isinstance(found, tuple)
    return all(abs(a - b) <= tolerance for a, b in zip(found, expected, strict=True))


def three_boxes() -> bytes:
    """Pages of a red, a green and a blue box in the lower left quarter."""
    contents = [
        pdfs.box((red / 255, green / 255, blue / 255), 0, 0, 144, 72)
        for red, green, blue in (RED, GREEN, BLUE)
    ]
    return pdfs.pdf(*contents, sizes=[(288, 144), (288, 144), (144, 288)])


def test_each_page_of_a_pdf_has_its_own_size_and_content(image_workers: ImageWorkers, tmp_path: Path) -> None:
    path = saved(tmp_path / "a.pdf", three_boxes())
    sizes = [(800, 400), (800, 400), (400, 800)]
    for page, (colour, size) in enumerate(zip((RED, GREEN, BLUE), sizes, strict=True)):
        found = image_workers.inspect(path, thumbnail_px=64, page=page).result(60)
        assert (found.facts.format, found.facts.frames, found.facts.page) == ("PDF", 3, page)
        assert (found.facts.width_px, found.facts.height_px) == size
        assert found.thumbnail is not None
        assert max(found.thumbnail.width_px, found.thumbnail.height_px) == 64
        picture = sent(image_workers, path, page)
        assert picture.size == size
        assert picture.getpixel((1, size[1] - 2)) == colour
        assert picture.getpixel((size[0] - 2, 1)) == (255, 255, 255)


@pytest.mark.parametrize("size", [(800, 400), (333, 167), (1, 1), (800, 1)])
def test_a_page_is_drawn_at_exactly_the_planned_size(
    image_workers: ImageWorkers, tmp_path: Path, size: tuple[int, int]
) -> None:
    assert sent(image_workers, saved(tmp_path / "a.pdf", three_boxes()), 0, size).size == size


def test_a_part_of_a_page_is_drawn_sharp_and_turned(image_workers: ImageWorkers, tmp_path: Path) -> None:
    path = saved(tmp_path / "a.pdf", three_boxes())
    # The red box covers the lower left quarter: its corner is in the midst of the part.
    edits = Edits(crop=Area(300, 100, 500, 300), quarter_turns=1)
    for size in ((200, 200), (90, 90)):
        picture = sent(image_workers, path, 0, size, edits)
        near_end, far_end = size[0] // 4, size[0] * 3 // 4
        assert picture.getpixel((near_end, near_end)) == RED
        for corner in ((far_end, near_end), (near_end, far_end), (far_end, far_end)):
            assert picture.getpixel(corner) == (255, 255, 255)
    whole = sent(image_workers, path, 0).crop((300, 100, 500, 300)).transpose(Image.Transpose.ROTATE_270)
    assert sent(image_workers, path, 0, (200, 200), edits).tobytes() == whole.tobytes()


def test_a_page_that_is_turned_in_the_file_is_upright(image_workers: ImageWorkers, tmp_path: Path) -> None:
    content = pdfs.box((1, 0, 0), 0, 0, 144, 72)
    path = saved(tmp_path / "a.pdf", pdfs.pdf(content, size_points=(288, 144), rotate=90))
    picture = sent(image_workers, path, 0)
    assert picture.size == (400, 800)
    assert picture.getpixel((1, 1)) == RED


def test_small_print_can_be_read(image_workers: ImageWorkers, tmp_path: Path) -> None:
    path = saved(tmp_path / "a.pdf", pdfs.pdf(pdfs.page_of_text("Net weight 250 g", size_points=8)))
    picture = sent(image_workers, path, 0).convert("L")
    assert picture.size == (1653, 2339)
    box = picture.point(lambda value: 255 * (value < 128)).getbbox()
    assert box is not None
    assert 15 <= box[3] - box[1] <= 30


def test_a_page_of_any_size_keeps_within_the_limits(image_workers: ImageWorkers, tmp_path: Path) -> None:
    sizes = [(1, 1), (14_400, 14_400), (14_400, 10), (0.2, 5000)]
    path = saved(tmp_path / "a.pdf", pdfs.pdf(*[b""] * len(sizes), sizes=sizes))
    for page in range(len(sizes)):
        facts = image_workers.inspect(path, thumbnail_px=64, page=page).result(60).facts
        assert facts.width_px * facts.height_px <= 64_100_000
        assert 1 <= min(facts.width_px, facts.height_px) <= max(facts.width_px, facts.height_px) <= 30_000


def test_a_pdf_tells_that_it_names_its_author(image_workers: ImageWorkers, tmp_path: Path) -> None:
    for author, expected in (("Jane", ("author",)), ("", ())):
        path = saved(tmp_path / "a.pdf", pdfs.pdf(b"", author=author))
        assert image_workers.inspect(path, thumbnail_px=None).result(60).facts.metadata == expected


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (pdfs.pdf(b"", locked=True), Code.PDF_LOCKED),
        (pdfs.pdf(), Code.PDF_HAS_NO_PAGES),
        (b"%PDF-1.7\n", Code.IMAGE_DAMAGED),
        (b"%PDF-1.7\n" + bytes(5000), Code.IMAGE_DAMAGED),
        (pdfs.pdf(b"", size_points=(0, 0)).replace(b"/MediaBox", b"/NoMedia"), None),
    ],
    ids=["locked", "no pages", "cut off", "zeros", "no size"],
)
def test_a_pdf_that_cannot_be_shown_says_why(
    image_workers: ImageWorkers, tmp_path: Path, data: bytes, code: Code | None
) -> None:
    path = saved(tmp_path / "a.pdf", data)
    if code is None:  # PDFium takes it for a letter page
        assert image_workers.inspect(path, thumbnail_px=None).result(60).facts.width_px == 1700
        return
    for _ in range(2):
        # The reason is this document's own, not that of the one before.
        refused(image_workers, saved(tmp_path / "b.pdf", pdfs.pdf(b"", locked=True)))
        assert refused(image_workers, path).code is code


def test_an_image_is_no_pdf_because_it_mentions_one(image_workers: ImageWorkers, tmp_path: Path) -> None:
    data = pictures.encoded(pictures.four_corners(), "JPEG", comment=b"made from %PDF-1.4")
    path = saved(tmp_path / "a", data)
    assert image_workers.inspect(path, thumbnail_px=None).result(60).facts.format == "JPEG"


def frames(kind: str) -> bytes:
    """A red, a green and a blue frame; the green one covers only the left half, over the red."""
    first, third = Image.new("RGB", (40, 20), RED), Image.new("RGB", (40, 20), BLUE)
    second = first.copy()
    second.paste(GREEN, (0, 0, 20, 20))
    options = {"lossless": True} if kind == "WEBP" else {}
    if kind == "AVIF":
        options = {"quality": 95, "subsampling": "4:4:4"}  # type: ignore[dict-item]
    return pictures.encoded(first, kind, save_all=True, append_images=[second, third], duration=50, **options)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG", "AVIF"])
def test_the_chosen_frame_is_sent_as_a_viewer_shows_it(
    image_workers: ImageWorkers, tmp_path: Path, kind: str
) -> None:
    path = saved(tmp_path / "a", frames(kind))
    facts = image_workers.inspect(path, thumbnail_px=None, page=1).result(60).facts
    assert (facts.format, facts.frames, facts.page) == (kind, 3, 1)
    halves = [(RED, RED), (GREEN, RED), (BLUE, BLUE)]
    for page, (left, right) in enumerate(halves):
        picture = sent(image_workers, path, page)
        assert near(picture.getpixel((5, 10)), left, 6), page
        assert near(picture.getpixel((35, 10)), right, 6), page


def test_pages_of_a_tiff_have_their_own_sizes(image_workers: ImageWorkers, tmp_path: Path) -> None:
    first, second = Image.new("RGB", (40, 20), RED), Image.new("L", (30, 60), 90)
    path = saved(tmp_path / "a", pictures.encoded(first, "TIFF", save_all=True, append_images=[second]))
    facts = image_workers.inspect(path, thumbnail_px=None, page=1).result(60).facts
    assert (facts.frames, facts.width_px, facts.height_px) == (2, 30, 60)
    assert sent(image_workers, path, 0).getpixel((5, 5)) == RED
    assert sent(image_workers, path, 1).getpixel((5, 5)) == (90, 90, 90)


def test_the_first_page_of_a_heif_is_the_one_that_it_opens_with(
    image_workers: ImageWorkers, tmp_path: Path
) -> None:
    pillow_heif.register_heif_opener()
    pages = [Image.new("RGB", (64, 64), colour) for colour in (RED, GREEN, BLUE)]
    data = pictures.encoded(
        pages[0], "HEIF", save_all=True, append_images=pages[1:], primary_index=1, quality=95
    )
    path = saved(tmp_path / "a", data)
    for page, colour in enumerate((GREEN, RED, BLUE)):
        assert near(sent(image_workers, path, page).getpixel((30, 30)), colour, 12), page


@pytest.mark.parametrize("page", [3, 1_000_000, -1])
@pytest.mark.parametrize("kind", ["PDF", "GIF", "TIFF"])
def test_a_page_that_is_not_there_is_named(
    image_workers: ImageWorkers, tmp_path: Path, kind: str, page: int
) -> None:
    path = saved(tmp_path / "a", three_boxes() if kind == "PDF" else frames(kind))
    found = refused(image_workers, path, page)
    assert found.code is Code.PAGE_MISSING
    assert dict(found.parameters) == {"name": "a", "page": page + 1, "pages": 3}


def test_pictures_for_the_viewer_are_upright_and_within_the_pixels(
    image_workers: ImageWorkers, tmp_path: Path
) -> None:
    scene = pictures.four_corners(800, 600)
    stored = scene.transpose(Image.Transpose.ROTATE_90)
    exif = pictures.exif_orientation(6)
    path = saved(tmp_path / "a.jpg", pictures.encoded(stored, "JPEG", quality=95, exif=exif))
    whole = image_workers.picture(path, max_pixels=10**9).result(60)
    assert (whole.width_px, whole.height_px, len(whole.rgba)) == (800, 600, 800 * 600 * 4)
    assert set(whole.rgba[3::4]) == {255}
    small = image_workers.picture(path, max_pixels=30_000).result(60)
    assert (small.width_px, small.height_px) == (200, 150)
    assert near(tuple(small.rgba[:3]), RED, 12)
    # A box keeps its own pixels while the whole would have to be made smaller.
    box = image_workers.picture(path, max_pixels=30_000, box=Area(300, 250, 500, 350)).result(60)
    assert (box.width_px, box.height_px) == (200, 100)
    assert near(tuple(box.rgba[-4:-1]), (255, 255, 0), 12)

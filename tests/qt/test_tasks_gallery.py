"""Pictures for the viewer: pixels of a page, and the very bytes that would be sent, read back by Qt."""

import random
import threading
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from PySide6.QtCore import QThread
from PySide6.QtGui import QColor, QImage, QImageReader
from pytestqt.qtbot import QtBot

from desktop.core.catalog import parse_catalog
from desktop.core.edits import Area, Callout, Edits, Frame
from desktop.core.model import Detail, ImageFacts, SentImage
from desktop.core.planning import ImagePlan, plan_new
from desktop.core.problems import Code, Problem
from desktop.core.request import NewImage, expand
from desktop.images.inspect import Inspection
from desktop.images.workers import ImageWorkers
from desktop.store.store import Store
from desktop.tasks import decoding
from desktop.tasks.delivery import Delivery
from desktop.tasks.gallery import THUMBNAIL_PX, GalleryTasks
from tests.helpers import pdfs, pictures

WAIT_MS = 30_000
ROOT = Path(__file__).parents[2]
CATALOG = parse_catalog(tomllib.loads((ROOT / "resources" / "models.toml").read_text(encoding="utf-8")))
MODEL = CATALOG.model("gpt-4.1")


@pytest.fixture(scope="module")
def workers() -> Iterator[ImageWorkers]:
    found = ImageWorkers(processes=2, time_limit_s=60)
    found.inspect(Path("/nonexistent"), thumbnail_px=None).exception(timeout=60)
    yield found
    found.close()


@pytest.fixture
def gallery(workers: ImageWorkers, tmp_path: Path) -> Iterator[GalleryTasks]:
    store = Store(tmp_path / "history")
    store.open().result(30)
    delivery = Delivery()
    tasks = GalleryTasks(workers, store, delivery, pasted_folder=tmp_path / "pasted")
    yield tasks
    tasks.close()
    delivery.close()
    store.close()


def looked_at(workers: ImageWorkers, path: Path, data: bytes, *, page: int = 0) -> ImageFacts:
    path.write_bytes(data)
    return workers.inspect(path, thumbnail_px=None, page=page).result(60).facts


def planned(facts: ImageFacts, edits: Edits, *, detail: Detail = Detail.HIGH) -> tuple[NewImage, ImagePlan]:
    new = NewImage(image=facts, detail=detail, edits=edits)
    return new, plan_new(MODEL, new)


def sent_picture(
    qtbot: QtBot, gallery: GalleryTasks, new: NewImage, plan: ImagePlan, *, lossless: bool = False
) -> tuple[QImage, SentImage]:
    arrived: list[Any] = []
    gallery.sent_picture(
        new,
        plan,
        lossless=lossless,
        succeeded=lambda image, sent: arrived.append((image, sent, QThread.isMainThread())),
        failed=arrived.append,
    )
    qtbot.waitUntil(lambda: bool(arrived), timeout=WAIT_MS)
    image, sent, in_gui_thread = arrived[0]
    assert in_gui_thread
    return image, sent


def rgb(image: QImage, x: int, y: int) -> tuple[int, int, int]:
    colour = image.pixelColor(x, y)
    return colour.red(), colour.green(), colour.blue()


def darkest_and_brightest(image: QImage, area: Area) -> tuple[int, int]:
    values = [
        value
        for x in range(area.left, area.right)
        for y in range(area.top, area.bottom)
        for value in rgb(image, x, y)
    ]
    return min(values), max(values)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "progressive"])
@pytest.mark.parametrize("size", [(640, 480), (3000, 2000)])
def test_what_is_blacked_out_is_black_in_the_sent_bytes_as_qt_reads_them(
    qtbot: QtBot,
    workers: ImageWorkers,
    gallery: GalleryTasks,
    tmp_path: Path,
    kind: str,
    size: tuple[int, int],
) -> None:
    picture = pictures.photo(*size)
    box = (size[0] // 4, size[1] // 4, size[0] // 2, size[1] // 2)
    picture.paste(pictures.text_page("4111 1111 1111", width_px=box[2] - box[0]).crop((0, 0, 9, 9)), box[:2])
    options = {"PNG": {}, "JPEG": {"quality": 90}, "progressive": {"progressive": True}}[kind]
    data = pictures.encoded(picture, "PNG" if kind == "PNG" else "JPEG", **options)
    facts = looked_at(workers, tmp_path / "a", data)
    edits = Edits(blackouts=(Area(*box),))
    new, plan = planned(facts, edits)
    image, sent = sent_picture(qtbot, gallery, new, plan)
    assert (
        (image.width(), image.height()) == (plan.width_px, plan.height_px) == (sent.width_px, sent.height_px)
    )
    scale = plan.width_px / size[0]
    # A JPEG rings for a block at the edges of black.
    inner = Area(*(round(edge * scale) + 16 * sign for edge, sign in zip(box, (1, 1, -1, -1), strict=True)))
    assert darkest_and_brightest(image, inner) <= (0, 4)
    outside = [rgb(image, random.Random(n).randrange(plan.width_px), 5) for n in range(50)]
    assert max(max(pixel) for pixel in outside) > 60


def test_marks_are_painted_into_the_sent_bytes_upright(
    qtbot: QtBot, workers: ImageWorkers, gallery: GalleryTasks, tmp_path: Path
) -> None:
    facts = looked_at(workers, tmp_path / "a", pictures.encoded(Image.new("RGB", (400, 300), "white")))
    edits = Edits(crop=Area(100, 0, 400, 300), quarter_turns=1, marks=(Frame(Area(150, 50, 250, 100)),))
    new, plan = planned(facts, edits)
    image, _sent = sent_picture(qtbot, gallery, new, plan)
    assert (image.width(), image.height()) == (300, 300)
    # Down is what was across, less the crop; across is what was up, from the right: 300 - 100, 300 - 50.
    for edge in (200, 250):
        assert any(rgb(image, x, 100) != (255, 255, 255) for x in range(edge - 3, edge + 3))
    assert rgb(image, 225, 100) == (255, 255, 255)
    assert rgb(image, 100, 200) == (255, 255, 255)


def test_an_overview_and_a_part_of_a_pdf_are_what_was_planned(
    qtbot: QtBot, workers: ImageWorkers, gallery: GalleryTasks, tmp_path: Path
) -> None:
    data = pdfs.pdf(b"", pdfs.box((0, 0, 1), 0, 421, 297.5, 421))
    facts = looked_at(workers, tmp_path / "a.pdf", data, page=1)
    asked = NewImage(image=facts, detail=Detail.HIGH, edits=Edits(region=Area(0, 0, 900, 700)))
    for new in expand(asked):
        plan = plan_new(MODEL, new)
        image, sent = sent_picture(qtbot, gallery, new, plan)
        assert (image.width(), image.height()) == (plan.width_px, plan.height_px)
        assert rgb(image, image.width() // 3, image.height() // 3) == (0, 0, 255)
        assert sent.media_type == "image/png"


def test_the_pixels_of_a_page_arrive_in_the_gui_thread(
    qtbot: QtBot, workers: ImageWorkers, gallery: GalleryTasks, tmp_path: Path
) -> None:
    facts = looked_at(workers, tmp_path / "a.png", pictures.encoded(pictures.four_corners(2000, 1000)))
    arrived: list[Any] = []

    def keep(image: QImage) -> None:
        arrived.append((image, QThread.isMainThread()))

    gallery.picture(facts, keep, arrived.append, max_pixels=10**8)
    gallery.picture(facts, keep, arrived.append, max_pixels=500)
    gallery.picture(facts, keep, arrived.append, max_pixels=10**8, box=Area(990, 490, 1010, 510))
    qtbot.waitUntil(lambda: len(arrived) == 3, timeout=WAIT_MS)
    by_width = {image.width(): image for image, in_gui_thread in arrived if in_gui_thread}
    assert set(by_width) == {2000, 31, 20}
    for image in by_width.values():
        corners = [(1, 1), (image.width() - 2, 1), (1, image.height() - 2)]
        for (x, y), name in zip(corners, ("red", "lime", "blue"), strict=True):
            assert image.pixelColor(x, y) == QColor(name)


def test_many_pixels_come_through_shared_memory_and_few_through_the_pipe(
    workers: ImageWorkers, tmp_path: Path
) -> None:
    picture = pictures.photo(1200, 900)
    facts = looked_at(workers, tmp_path / "a.png", pictures.encoded(picture))
    large = workers.picture(facts.path, max_pixels=10**8).result(60)
    small = workers.picture(facts.path, max_pixels=1000).result(60)
    assert isinstance(large.rgba, memoryview)
    assert bytes(large.rgba) == picture.convert("RGBA").tobytes()
    assert isinstance(small.rgba, bytes)


def test_a_page_that_cannot_be_read_says_why(
    qtbot: QtBot, workers: ImageWorkers, gallery: GalleryTasks, tmp_path: Path
) -> None:
    facts = looked_at(workers, tmp_path / "a.png", pictures.encoded(pictures.photo()))
    facts.path.write_bytes(pictures.encoded(pictures.four_corners()))
    told: list[Problem] = []
    new, plan = planned(facts, Edits(marks=(Callout((5, 5)),)))
    gallery.sent_picture(new, plan, lossless=False, succeeded=lambda *_: None, failed=told.append)
    qtbot.waitUntil(lambda: bool(told), timeout=WAIT_MS)
    facts.path.unlink()
    gallery.picture(facts, lambda _image: None, told.append, max_pixels=1000)
    qtbot.waitUntil(lambda: len(told) == 2, timeout=WAIT_MS)
    assert [problem.code for problem in told] == [Code.IMAGE_CHANGED, Code.IMAGE_MISSING]


def test_what_is_cancelled_is_not_delivered_and_others_go_on(
    qtbot: QtBot, workers: ImageWorkers, gallery: GalleryTasks, tmp_path: Path
) -> None:
    facts = looked_at(workers, tmp_path / "a.jpg", pictures.encoded(pictures.photo(2400, 1800), "JPEG"))
    arrived: list[Any] = []
    new, plan = planned(facts, Edits(marks=(Callout((5, 5)),)))
    for _ in range(4):
        gallery.picture(facts, arrived.append, arrived.append, max_pixels=10**8).cancel()
        gallery.sent_picture(
            new, plan, lossless=False, succeeded=lambda *both: arrived.append(both), failed=arrived.append
        ).cancel()
    gallery.picture(facts, lambda image: arrived.append(image.width()), arrived.append, max_pixels=48)
    qtbot.waitUntil(lambda: bool(arrived), timeout=WAIT_MS)
    assert arrived == [8]


def test_a_thumbnail_shows_the_edits(
    qtbot: QtBot, workers: ImageWorkers, gallery: GalleryTasks, tmp_path: Path
) -> None:
    facts = looked_at(workers, tmp_path / "a.png", pictures.encoded(Image.new("RGB", (900, 600), "white")))
    edits = Edits(
        quarter_turns=1, blackouts=(Area(0, 0, 450, 600),), marks=(Frame(Area(500, 100, 800, 500)),)
    )
    arrived: list[QImage] = []
    gallery.thumbnail_of_file(facts.path, arrived.append, edits=edits, size=(900, 600))
    gallery.thumbnail_of_file(facts.path, arrived.append, edits=edits)
    qtbot.waitUntil(lambda: len(arrived) == 2, timeout=WAIT_MS)
    for image in arrived:
        assert (image.width(), image.height()) == (213, THUMBNAIL_PX)
        assert rgb(image, 100, 50) == (0, 0, 0)
        assert rgb(image, 5, 300) == (255, 255, 255)
    marked = [any(rgb(image, x, 230) != (255, 255, 255) for x in range(20, 60)) for image in arrived]
    assert sorted(marked) == [False, True]


def test_the_gui_thread_never_decodes(
    qtbot: QtBot,
    workers: ImageWorkers,
    gallery: GalleryTasks,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Making a `QImage` of much data takes long; it happens in another thread."""
    threads: list[int] = []

    class Noticed(QImageReader):
        def read(self) -> QImage:
            threads.append(threading.get_ident())
            return super().read()

    monkeypatch.setattr(decoding, "QImageReader", Noticed)
    facts = looked_at(workers, tmp_path / "a.png", pictures.encoded(pictures.photo()))
    sent_picture(qtbot, gallery, *planned(facts, Edits()))
    arrived: list[QImage] = []
    gallery.inspect(facts.path, lambda _facts, image: arrived.append(image), lambda _problem: None)
    gallery.thumbnail_of_file(facts.path, arrived.append)
    qtbot.waitUntil(lambda: len(arrived) == 2, timeout=WAIT_MS)
    assert [image.size().toTuple() for image in arrived] == [(320, 240)] * 2
    assert len(threads) == 3
    assert threading.get_ident() not in threads


def test_thumbnails_decoded_one_after_the_other_held_the_window_for_all_of_them(qtbot: QtBot) -> None:
    data = pictures.encoded(pictures.photo(), "JPEG")
    decoded = threading.Thread(target=lambda: [decoding.read_image(data) for _ in range(400)])
    gaps: list[float] = []
    decoded.start()
    last = time.perf_counter()
    while decoded.is_alive():
        threading.Event().wait(0.001)
        gaps.append(time.perf_counter() - last)
        last = time.perf_counter()
    decoded.join()
    # All together take about 400 ms.
    assert len(gaps) > 50
    assert max(gaps) < 0.1


def test_many_files_are_looked_at_in_one_go(qtbot: QtBot, gallery: GalleryTasks, tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(pictures.encoded(pictures.photo()))
    (tmp_path / "b.txt").write_bytes(b"text")
    arrived: list[Any] = []
    places = [(tmp_path / name, 0) for name in ("a.png", "b.txt", "gone.png")]
    gallery.look_at(places, lambda found: arrived.append((found, QThread.isMainThread())), arrived.append)
    gallery.look_at(places, arrived.append, arrived.append).cancel()
    qtbot.waitUntil(lambda: bool(arrived), timeout=WAIT_MS)
    (found, in_gui_thread), *more = arrived
    assert in_gui_thread
    assert not more
    assert isinstance(found[0], Inspection)
    assert (found[0].facts.width_px, found[0].thumbnail) == (320, None)
    assert [trouble.code for trouble in found[1:]] == [Code.IMAGE_NOT_AN_IMAGE, Code.IMAGE_MISSING]


def test_a_timer_that_fired_after_the_window_was_closed_raised_for_a_picture_with_marks(
    gallery: GalleryTasks, workers: ImageWorkers, tmp_path: Path
) -> None:
    facts = looked_at(workers, tmp_path / "a.png", pictures.encoded(pictures.photo(60, 40)))
    new, plan = planned(facts, Edits(marks=(Frame(Area(5, 5, 30, 30)),)))
    gallery.close()
    future = gallery.sent_picture(
        new, plan, lossless=False, succeeded=lambda *_result: None, failed=lambda _problem: None
    )
    assert future.cancelled()

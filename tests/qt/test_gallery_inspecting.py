"""Files are looked at in the order in which somebody wants to see them. With real files and a real worker."""

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path

import pytest
from PIL import Image, PngImagePlugin
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from desktop.core.edits import Area, Edits
from desktop.core.model import DraftImage
from desktop.images.inspect import CacheFolders
from desktop.images.workers import ImageWorkers
from desktop.store.store import Store
from desktop.tasks.delivery import Delivery
from desktop.tasks.gallery import GalleryTasks, Looked
from desktop.ui.gallery_inspecting import BATCH, MAX_BATCHES, InspectQueue, Place, WhileVisible, Wishes
from desktop.ui.gallery_state import GalleryState
from tests.helpers import pictures

WAIT_MS = 30_000
FILES = 70


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    for key in range(FILES):
        (folder / f"{key}.png").write_bytes(pictures.encoded(Image.new("RGB", (40, 30), "blue")))
    return folder


@pytest.fixture(scope="module")
def workers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ImageWorkers]:
    cache = tmp_path_factory.mktemp("cache")
    caches = CacheFolders(own=cache / "own", shared=cache / "thumbnails")
    found = ImageWorkers(processes=1, time_limit_s=60, caches=caches)
    found.inspect(Path("/nonexistent"), thumbnail_px=None).exception(timeout=60)
    yield found
    found.close()


class Gallery:
    """What a queue was asked for and told, in order."""

    def __init__(self, tasks: GalleryTasks, folder: Path) -> None:
        self.done: list[int] = []
        self.pictured: list[int] = []
        self.bare: list[int] = []
        self.glanced: list[tuple[int, QImage]] = []
        self._folder = folder
        wishes = Wishes(
            place=self._place,
            looked=self._looked,
            bare=self.bare.extend,
            pictured=self._picture,
            glanced=self._glance,
        )
        self.queue = InspectQueue(tasks, wishes)

    def _place(self, key: int) -> Place:
        return self._folder / f"{key}.png", 0

    def _looked(self, found: Sequence[tuple[int, Place, Looked]]) -> None:
        self.done.extend(key for key, _place, _looked in found)

    def _picture(self, key: int, _place: Place, image: QImage) -> None:
        assert not image.isNull()
        self.pictured.append(key)

    def _glance(self, key: int, _place: Place, image: QImage) -> None:
        self.glanced.append((key, image))


@pytest.fixture
def tasks(workers: ImageWorkers, tmp_path: Path) -> Iterator[GalleryTasks]:
    store = Store(tmp_path / "history")
    delivery = Delivery()
    tasks = GalleryTasks(workers, store, delivery, pasted_folder=tmp_path / "pasted")
    yield tasks
    tasks.close()
    delivery.close()
    store.close()


@pytest.fixture
def gallery(tasks: GalleryTasks, folder: Path) -> Gallery:
    return Gallery(tasks, folder)


IN_BATCHES = BATCH * MAX_BATCHES
"""What the workers have been given at once, before anybody says what is on the screen."""


def test_what_is_on_the_screen_comes_before_what_waits(qtbot: QtBot, gallery: Gallery) -> None:
    gallery.queue.extend(range(FILES))
    gallery.queue.prefer([FILES - 2, FILES - 1])
    gallery.queue.prefer([FILES - 9, FILES - 8])

    qtbot.waitUntil(lambda: len(gallery.done) == FILES, timeout=WAIT_MS)

    assert sorted(gallery.done) == list(range(FILES))
    rest = [key for key in gallery.done if key >= IN_BATCHES]
    assert set(rest[:2]) <= {FILES - 9, FILES - 8, FILES - 2, FILES - 1}
    # Only what is on the screen comes with its pixels.
    assert set(gallery.pictured) <= {FILES - 9, FILES - 8, FILES - 2, FILES - 1}
    assert {FILES - 9, FILES - 8} <= set(gallery.pictured)


def test_what_has_left_the_gallery_is_not_looked_at(qtbot: QtBot, gallery: Gallery) -> None:
    gallery.queue.extend(range(FILES))
    gallery.queue.forget(range(IN_BATCHES, FILES))

    qtbot.waitUntil(lambda: len(gallery.done) == IN_BATCHES, timeout=WAIT_MS)

    assert set(gallery.done) == set(range(IN_BATCHES))


def test_the_file_managers_thumbnail_is_shown_while_a_file_waits(
    qtbot: QtBot, gallery: Gallery, workers: ImageWorkers, folder: Path
) -> None:
    assert workers._caches is not None
    assert workers._caches.shared is not None
    path = folder / "90.png"
    path.write_bytes((folder / "0.png").read_bytes())
    os.utime(path, (1_700_000_000, 1_700_000_000))
    uri = f"file://{path}"
    note = PngImagePlugin.PngInfo()
    note.add_text("Thumb::URI", uri)
    note.add_text("Thumb::MTime", "1700000000")
    thumbnail = workers._caches.shared / "large" / f"{hashlib.md5(uri.encode()).hexdigest()}.png"
    thumbnail.parent.mkdir(parents=True)
    Image.new("RGB", (20, 15), "red").save(thumbnail, pnginfo=note)

    gallery.queue.extend([*range(60), 90])
    gallery.queue.prefer([90])
    gallery.queue.prefer([90])
    qtbot.waitUntil(lambda: 90 in gallery.done, timeout=WAIT_MS)

    assert [(key, image.pixelColor(3, 3).name()) for key, image in gallery.glanced] == [(90, "#fe0000")]


def test_a_picture_that_nobody_sees_any_more_is_dropped() -> None:
    started: dict[int, Future[QImage]] = {}

    def starting() -> Callable[[int], Future[QImage] | None]:
        return lambda key: None if key == 9 else started.setdefault(key, Future())

    pictures_shown = WhileVisible(starting())
    pictures_shown.show([1, 2, 9])
    pictures_shown.show([2, 3, 9])
    assert {key: future.cancelled() for key, future in started.items()} == {1: True, 2: False, 3: False}

    first = started.pop(2)
    first.set_result(QImage())
    pictures_shown.show([2, 3])
    assert started[2] is not first


def test_first_tiles_waited_for_a_scroll_before_they_got_their_pictures(
    qtbot: QtBot, tasks: GalleryTasks, folder: Path
) -> None:
    """They had been given to a batch, whose results bring no pictures, before they were on the screen."""
    state = GalleryState(tasks)
    shown: list[int] = []
    state.pictured.connect(lambda key, _pixmap: shown.append(key))
    state.add([folder], select=False)
    qtbot.waitUntil(lambda: len(state.entries) >= BATCH, timeout=WAIT_MS)
    visible = list(state.entries)[:4]
    state.show(visible)
    qtbot.waitUntil(lambda: set(shown) >= set(visible), timeout=WAIT_MS)


def test_what_is_blacked_out_is_not_shown_by_a_glance(
    qtbot: QtBot, tasks: GalleryTasks, folder: Path
) -> None:
    """The file manager's thumbnail is of the file as it is."""
    state = GalleryState(tasks)
    shown: list[int] = []
    state.pictured.connect(lambda key, _pixmap: shown.append(key))
    edits = Edits(blackouts=(Area(0, 0, 9, 9),))
    plain, edited = (
        state._restored(DraftImage(path=folder / name, sha256="0" * 64, detail=None, edits=done))
        for name, done in (("1.png", Edits()), ("2.png", edits))
    )
    image = QImage(8, 8, QImage.Format.Format_RGB32)
    image.fill(0)
    for key in (plain, edited):
        state._thumbnails.on_glanced(key, state.entries[key].place, image)
    assert shown == [plain]

"""Odd and hostile files, as the window looks at them: each ends as an image or its reason, nothing waits."""

import sys
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from desktop.core.problems import Code, Problem
from desktop.images.inspect import CacheFolders, Inspection
from desktop.images.workers import ImageWorkers
from desktop.store.store import Store
from desktop.tasks.delivery import Delivery
from desktop.tasks.gallery import Found, GalleryTasks
from tests.helpers import pictures
from tests.helpers.odd_files import ODD, let_go, make_odd_files

WAIT_MS = 90_000
MOST_HELD_S = 0.25

Became = dict[Path, Code | None]


class Probe(QObject):
    """The longest time that the event loop did not turn, in seconds."""

    def __init__(self) -> None:
        super().__init__()
        self.longest = 0.0
        self._last = time.perf_counter()
        self._timer = QTimer(self, interval=5, timerType=Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._on_tick)
        self._timer.start()

    def _on_tick(self) -> None:
        now = time.perf_counter()
        self.longest = max(self.longest, now - self._last)
        self._last = now


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[Path, Code | None]]:
    folder = tmp_path_factory.mktemp("odd") / "files"
    yield make_odd_files(folder)
    let_go(folder)


@pytest.fixture
def gallery(tmp_path: Path) -> Iterator[GalleryTasks]:
    caches = CacheFolders(own=tmp_path / "own", shared=tmp_path / "shared")
    workers = ImageWorkers(processes=2, caches=caches)
    workers.inspect(tmp_path / "gone", thumbnail_px=None).exception(60)
    store, delivery = Store(tmp_path / "history"), Delivery()
    tasks = GalleryTasks(workers, store, delivery, pasted_folder=tmp_path / "pasted")
    yield tasks
    tasks.close()
    delivery.close()
    workers.close()
    store.close()


def looked_at(qtbot: QtBot, gallery: GalleryTasks, paths: list[Path]) -> Became:
    """What becomes of files in batches."""
    found: Became = {}

    def arrived(batch: list[Path], looked: Sequence[Inspection | Problem]) -> None:
        found.update(zip(batch, map(became, looked), strict=True))

    for at in range(0, len(paths), 16):
        batch = paths[at : at + 16]
        gallery.look_at([(path, 0) for path in batch], partial(arrived, batch), lambda _trouble: None)
    qtbot.waitUntil(lambda: len(found) == len(paths), timeout=WAIT_MS)
    return found


def became(outcome: Inspection | Problem) -> Code | None:
    return outcome.code if isinstance(outcome, Problem) else None


@pytest.mark.skipif(sys.platform != "linux", reason="other systems cannot hold all of them")
def test_all_of_them_are_there(odd: Became) -> None:
    missing = {entry.name for entry in ODD if entry.path(next(iter(odd)).parent) not in odd}
    assert missing <= {b"unreadable.png"}


def test_each_becomes_an_image_or_its_reason(
    qtbot: QtBot, gallery: GalleryTasks, odd: dict[Path, Code | None]
) -> None:
    found: Became = {}
    wrong: list[Path] = []

    def seen(path: Path, looked: Inspection, image: QImage) -> None:
        found[path] = None
        longest = max(looked.facts.width_px, looked.facts.height_px)
        if max(image.width(), image.height()) != min(320, longest):
            wrong.append(path)

    probe = Probe()
    for path in odd:
        gallery.inspect(
            path,
            lambda looked, image, path=path: seen(path, looked, image),
            lambda trouble, path=path: found.update({path: trouble.code}),
        )
    qtbot.waitUntil(lambda: len(found) == len(odd), timeout=WAIT_MS)
    assert found == odd
    assert wrong == []
    assert probe.longest < MOST_HELD_S


def test_in_batches_each_becomes_the_same_twice(
    qtbot: QtBot, gallery: GalleryTasks, odd: dict[Path, Code | None]
) -> None:
    """The second time from what was remembered."""
    for _time in range(2):
        probe = Probe()
        assert looked_at(qtbot, gallery, list(odd)) == odd
        assert probe.longest < MOST_HELD_S


def test_the_folder_is_searched_and_every_entry_accounted_for(
    qtbot: QtBot, gallery: GalleryTasks, odd: dict[Path, Code | None]
) -> None:
    folder = next(iter(odd)).parent
    steps: list[Found] = []
    ended: list[bool] = []
    gallery.found.connect(steps.append)
    gallery.scanned.connect(ended.append)
    gallery.scan([folder], recursive=False)
    qtbot.waitUntil(lambda: bool(ended), timeout=WAIT_MS)
    files = [path for step in steps for path in step.files]
    passed = {told.path.name: told.problem.code for step in steps for told in step.passed}
    left = [path.name for step in steps for path in step.left_folders]
    assert passed == {
        "a pipe.png": Code.IMAGE_NOT_A_FILE,
        "a socket.png": Code.IMAGE_NOT_A_FILE,
        "link to a device.png": Code.LINK_LEADS_NOWHERE,
        "link to itself.png": Code.LINK_LEADS_NOWHERE,
        "link to nothing.png": Code.LINK_LEADS_NOWHERE,
    }
    assert left == ["a folder.png"]
    assert len(files) + len(passed) + len(left) == len(list(folder.iterdir()))
    assert len(files) == len(set(files))


def test_a_file_that_grows_while_it_is_read_ends_as_an_image_or_as_damaged(
    qtbot: QtBot, gallery: GalleryTasks, tmp_path: Path
) -> None:
    """As a download does."""
    path = tmp_path / "growing.png"
    data = pictures.encoded(pictures.photo(400, 300))
    found: list[Code | None] = []
    with path.open("wb", buffering=0) as file:
        for at in range(0, len(data), len(data) // 30):
            file.write(data[at : at + len(data) // 30])
            gallery.inspect(
                path,
                lambda _looked, _image: found.append(None),
                lambda trouble: found.append(trouble.code),
            )
        qtbot.waitUntil(lambda: len(found) >= 30, timeout=WAIT_MS)
    assert set(found) <= {None, Code.IMAGE_DAMAGED}
    whole: list[Inspection] = []
    gallery.inspect(path, lambda looked, _image: whole.append(looked), lambda _trouble: None)
    qtbot.waitUntil(lambda: bool(whole), timeout=WAIT_MS)
    assert whole[0].facts.file_bytes == len(data)

"""Many files in few tasks: each gets what it would get alone, whatever its neighbours do. Real processes."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import wait
from pathlib import Path

import pytest
from PIL import Image

from desktop.core.problems import Code, Problem
from desktop.images import jobs
from desktop.images.fingerprint import fingerprint
from desktop.images.inspect import CacheFolders, Inspection
from desktop.images.workers import ImageWorkers
from tests.helpers import pictures, worker_tasks
from tests.helpers.processes import until

WAIT_S = 60
THUMBNAIL_PX = 64


@pytest.fixture
def odd_workers(monkeypatch: pytest.MonkeyPatch) -> Iterator[ImageWorkers]:
    """Files happen to their worker as they are called."""
    monkeypatch.setattr(jobs, "look_at_files", worker_tasks.look_at_odd_files)
    workers = ImageWorkers(processes=1, time_limit_s=2)
    workers.inspect(Path("/nonexistent"), thumbnail_px=None).exception(WAIT_S)
    yield workers
    workers.close()


def files(folder: Path, *names: str) -> list[tuple[Path, int]]:
    data = pictures.encoded(pictures.photo(64, 48))
    for name in names:
        (folder / name).write_bytes(data)
    return [(folder / name, 0) for name in names]


def look(workers: ImageWorkers, places: list[tuple[Path, int]]) -> list[str]:
    found = workers.look_at(places, thumbnail_px=THUMBNAIL_PX).result(WAIT_S)
    return [
        outcome.facts.name
        if isinstance(outcome, Inspection)
        else f"{outcome.parameters['name']}: {outcome.code}"
        for outcome in found
    ]


def tries(place: tuple[Path, int]) -> str:
    return place[0].with_suffix(".tries").read_text()


def test_each_file_has_its_facts_or_its_reason_in_order(image_workers: ImageWorkers, tmp_path: Path) -> None:
    places = files(tmp_path, "1.png", "2.png", "3.png")
    places[1][0].write_bytes(b"")
    places.append((tmp_path / "gone.png", 0))
    found = image_workers.look_at(places, thumbnail_px=THUMBNAIL_PX).result(WAIT_S)
    assert isinstance(found[0], Inspection)
    assert found[0].thumbnail is None
    assert found[0].facts == image_workers.inspect(places[0][0], thumbnail_px=None).result(WAIT_S).facts
    assert isinstance(found[1], Problem)
    assert [getattr(outcome, "code", None) for outcome in found] == [
        None,
        Code.IMAGE_EMPTY,
        None,
        Code.IMAGE_MISSING,
    ]


def test_no_files_are_looked_at_at_once(image_workers: ImageWorkers) -> None:
    assert image_workers.look_at([], thumbnail_px=THUMBNAIL_PX).result(0) == ()


def test_thumbnails_are_in_the_caches_when_the_facts_are_there(tmp_path: Path) -> None:
    caches = CacheFolders(own=tmp_path / "cache")
    places = files(tmp_path, "1.png", "2.png")
    workers = ImageWorkers(processes=1, caches=caches)
    try:
        until(
            lambda: time.time_ns() - places[1][0].stat().st_ctime_ns > 100_000_000, "the file system's clock"
        )
        found = workers.look_at(places, thumbnail_px=THUMBNAIL_PX).result(WAIT_S)
        kept = [path for path in caches.own.rglob("*") if path.is_file()]
        seen = workers.inspect(places[0][0], thumbnail_px=THUMBNAIL_PX).result(WAIT_S)
    finally:
        workers.close()
    assert len(kept) == 2
    assert isinstance(found[0], Inspection)
    assert seen.thumbnail is not None
    assert (seen.facts, seen.fingerprint) == (found[0].facts, found[0].fingerprint)
    assert any(seen.thumbnail.jpeg in path.read_bytes() for path in kept)


def test_a_file_that_crashes_its_worker_costs_its_neighbours_nothing(
    odd_workers: ImageWorkers, tmp_path: Path
) -> None:
    places = files(tmp_path, "1.png", "crash.png", "3.png", "memory.png")
    wanted = [
        "1.png",
        f"crash.png: {Code.IMAGE_CRASHED_DECODER}",
        "3.png",
        f"memory.png: {Code.IMAGE_CRASHED_DECODER}",
    ]
    assert look(odd_workers, places) == wanted
    assert [tries(place) for place in places] == ["4 1 ", "4 1 ", "1 ", "1 "]


def test_a_file_that_crashed_before_is_put_together_with_no_others(
    odd_workers: ImageWorkers, tmp_path: Path
) -> None:
    places = files(tmp_path, "1.png", "crash.png", "3.png", "4.png")
    first = look(odd_workers, places)
    assert look(odd_workers, places) == first
    assert [tries(place) for place in places] == ["4 1 1 ", "4 1 ", "1 2 ", "1 2 "]


def test_a_file_that_hangs_costs_its_neighbours_nothing(odd_workers: ImageWorkers, tmp_path: Path) -> None:
    places = files(tmp_path, "1.png", "hang.png", "3.png")
    assert look(odd_workers, places) == ["1.png", f"hang.png: {Code.IMAGE_TOO_SLOW}", "3.png"]


def test_slow_files_go_on_in_further_tasks(odd_workers: ImageWorkers, tmp_path: Path) -> None:
    """All together they take longer than one task may."""
    names = [f"slow {number}.png" for number in range(8)]
    places = files(tmp_path, *names)
    assert look(odd_workers, places) == names
    assert [tries(place) for place in places] == [f"{8 - number} " for number in range(8)]


def test_what_is_looked_at_waits_for_no_more_than_a_moment(
    image_workers: ImageWorkers, tmp_path: Path
) -> None:
    """A task of many files ends early, and the rest waits behind what somebody looks at."""
    data = pictures.encoded(pictures.photo(1600, 1200), "JPEG")
    for number in range(160):
        (tmp_path / f"{number}.jpg").write_bytes(data)
    batches = [
        image_workers.look_at([(tmp_path / f"{16 * group + n}.jpg", 0) for n in range(16)], thumbnail_px=320)
        for group in range(10)
    ]
    order: list[str] = []
    for future in batches:
        future.add_done_callback(lambda _done: order.append("batch"))
    seen = image_workers.inspect(tmp_path / "0.jpg", thumbnail_px=320)
    seen.add_done_callback(lambda _done: order.append("seen"))
    wait([seen, *batches], timeout=WAIT_S)
    assert order.index("seen") <= 2
    assert order.count("batch") == 10


def test_a_cancelled_batch_is_dropped(image_workers: ImageWorkers, tmp_path: Path) -> None:
    data = pictures.encoded(pictures.photo(1600, 1200), "JPEG")
    for number in range(64):
        (tmp_path / f"{number}.jpg").write_bytes(data)
    places = [(tmp_path / f"{number}.jpg", 0) for number in range(64)]
    batches = [image_workers.look_at(places, thumbnail_px=320) for _ in range(30)]
    threading.Event().wait(0.05)
    began = time.monotonic()
    for future in batches:
        assert future.cancel()
    image_workers.look_at(places[:1], thumbnail_px=320).result(WAIT_S)
    # Not cancelled they would take 10 s and more.
    assert time.monotonic() - began < 5
    assert wait(batches, timeout=1).not_done == set()


def test_after_closing_a_batch_is_cancelled(tmp_path: Path) -> None:
    workers = ImageWorkers(processes=1)
    workers.close()
    assert workers.look_at(files(tmp_path, "1.png"), thumbnail_px=8).cancelled()


def test_a_task_ends_early_and_says_only_what_it_has_done(tmp_path: Path) -> None:
    places = files(tmp_path, "1.png", "2.png", "3.png")
    assert len(jobs.look_at_files(places, THUMBNAIL_PX, None, 0)) == 1
    assert len(jobs.look_at_files(places, THUMBNAIL_PX, None, 60)) == 3


def test_a_picture_and_its_smaller_copy_look_the_same() -> None:
    photo = Image.linear_gradient("L").rotate(30).resize((640, 480))
    first, second = fingerprint(photo), fingerprint(photo.resize((200, 150)))
    assert first is not None
    assert second is not None
    assert (first ^ second).bit_count() <= 4
    assert 0 <= first < 2**64
    other = fingerprint(photo.rotate(180))
    assert other is not None
    assert (first ^ other).bit_count() > 10
    assert fingerprint(Image.new("RGB", (90, 70), "teal")) is None

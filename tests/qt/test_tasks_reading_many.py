"""Many images are read in the background: one at a time, after everything else, kept as it comes."""

import asyncio
from collections.abc import Iterator, Mapping
from concurrent.futures import Future
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.app import make_ground
from desktop.core.found_text import PageCode, PageText
from desktop.core.model import ImageFacts
from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.core.settings import Settings
from desktop.system.environment import Secrets
from desktop.system.paths import DataFolder
from desktop.tasks.backend import Backend
from desktop.tasks.reading_many import MAX_CRASHES
from desktop.wiring import make_parts
from tests.helpers.asking import CATALOG, make_image
from tests.helpers.history import opened
from tests.helpers.window import WAIT_MS


class Reader:
    """Reads names instead of pixels; runs on the network loop.

    Attributes:
        begun: names in the order in which their reading began.
        cancelled: names whose reading was cancelled.
        refuses: what is wrong with a name.
        held: names that take until they are let go.
    """

    def __init__(self) -> None:
        self.begun: list[str] = []
        self.cancelled: list[str] = []
        self.refuses: dict[str, Problem] = {}
        self.held: set[str] = set()
        self.at_once = 0

    async def read(
        self, data: bytes, *, page_px: tuple[int, int], name: str, after: asyncio.Event | None = None
    ) -> PageText:
        while after is not None and not after.is_set():
            await after.wait()
        assert data.startswith(b"\x89PNG")
        self.begun.append(name)
        self.at_once += 1
        assert self.at_once == 1 or after is None
        try:
            while name in self.held:  # noqa: ASYNC110 - let go by another thread
                await asyncio.sleep(0.005)
        except asyncio.CancelledError:
            self.cancelled.append(name)
            raise
        finally:
            self.at_once -= 1
        if name in self.refuses:
            raise ProblemError(self.refuses[name])
        code = PageCode("QR code", f"code of {name}", ((0, 0),) * 4)
        return PageText(text=f"text of {name}", codes=(code,) if name == "1.png" else (), page_px=page_px)


class Bench:
    """The tasks, and all that they told, in order."""

    def __init__(self, folder: Path) -> None:
        data = DataFolder(folder / "data")
        data.prepare()
        parts = make_parts(folder=data, settings=Settings(), secrets=Secrets(None), catalog=CATALOG)
        self.reader = Reader()
        ground = make_ground(parts, Settings())
        self.backend = Backend(replace(ground, read_page=self.reader.read))
        self.store = parts.services.store
        self.store.open()
        self.many = self.backend.reading_many
        self.told: list[tuple[object, ...]] = []
        self.found: dict[str, str] = {}
        self.many.progressed.connect(self._on_progress)
        self.many.refused.connect(self._on_refused)
        self.many.failed.connect(self._on_failed)
        self.many.ended.connect(self._on_ended)
        self.backend.reading.found.connect(self._on_found)

    def _on_progress(self, done: int, total: int) -> None:
        self.told.append((done, total))

    def _on_refused(self, source_id: str, trouble: Problem) -> None:
        self.told.append(("refused", source_id, trouble.code))

    def _on_failed(self, trouble: Problem) -> None:
        self.told.append(("failed", trouble.code))

    def _on_ended(self) -> None:
        self.told.append(("ended",))

    def _on_found(self, source_id: str, text: str) -> None:
        self.found[source_id] = text


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.backend.close()


@pytest.fixture
def pages(qtbot: QtBot, bench: Bench, tmp_path: Path) -> list[ImageFacts]:
    """Six images, ``1.png`` to ``6.png``."""
    found: list[ImageFacts] = []
    for number in range(1, 7):
        path = make_image(tmp_path / f"{number}.png", 64 + number, 48)
        bench.backend.gallery.inspect(path, lambda seen, _image: found.append(seen.facts), pytest.fail)
    qtbot.waitUntil(lambda: len(found) == 6, timeout=WAIT_MS)
    return sorted(found, key=lambda facts: facts.name)


def ended(qtbot: QtBot, bench: Bench) -> None:
    qtbot.waitUntil(lambda: ("ended",) in bench.told, timeout=WAIT_MS)


def texts(bench: Bench, pages: list[ImageFacts]) -> Mapping[str, str]:
    """What is kept by now: the last page is written beside what tells of its end."""
    return bench.store.texts([page.source_id for page in pages]).result()


def test_all_are_read_one_after_the_other_and_kept(
    qtbot: QtBot, bench: Bench, pages: list[ImageFacts]
) -> None:
    bench.many.read(pages[:3])
    assert bench.many.is_running
    ended(qtbot, bench)
    assert bench.told == [(0, 3), (1, 3), (2, 3), (3, 3), ("ended",)]
    assert not bench.many.is_running
    expected = {
        pages[0].source_id: "text of 1.png\ncode of 1.png",
        pages[1].source_id: "text of 2.png",
        pages[2].source_id: "text of 3.png",
    }
    assert bench.found == expected
    qtbot.waitUntil(lambda: texts(bench, pages) == expected, timeout=WAIT_MS)


def test_what_was_read_before_is_skipped(qtbot: QtBot, bench: Bench, pages: list[ImageFacts]) -> None:
    bench.store.keep_text(pages[0].source_id, "").result()
    bench.many.read([*pages[:2], pages[1]])
    ended(qtbot, bench)
    assert bench.told == [(1, 2), (2, 2), ("ended",)]
    # It is kept by another thread.
    qtbot.waitUntil(lambda: pages[1].source_id in texts(bench, pages), timeout=WAIT_MS)
    bench.told.clear()
    bench.many.read(pages[:2])
    ended(qtbot, bench)
    assert bench.told == [(2, 2), ("ended",)]
    assert bench.reader.begun == ["2.png"]
    bench.told.clear()
    bench.many.read([])
    ended(qtbot, bench)
    assert bench.told == [(0, 0), ("ended",)]


def test_an_image_that_cannot_be_read_costs_nothing_but_itself(
    qtbot: QtBot, bench: Bench, pages: list[ImageFacts], tmp_path: Path
) -> None:
    bench.reader.refuses["2.png"] = problem(Code.IMAGE_TOO_SLOW, name="2.png", seconds=1)
    (tmp_path / "3.png").unlink()
    bench.many.read(pages[:4])
    ended(qtbot, bench)
    assert [told for told in bench.told if told[0] == "refused"] == [
        ("refused", pages[1].source_id, Code.IMAGE_TOO_SLOW),
        ("refused", pages[2].source_id, Code.IMAGE_MISSING),
    ]
    assert bench.told[-2:] == [(4, 4), ("ended",)]
    assert set(bench.found) == {pages[0].source_id, pages[3].source_id}


def test_cancelling_is_felt_at_once_and_asking_again_goes_on(
    qtbot: QtBot, bench: Bench, pages: list[ImageFacts]
) -> None:
    bench.reader.held.add("2.png")
    bench.many.read(pages[:3])
    qtbot.waitUntil(lambda: bench.reader.begun == ["1.png", "2.png"], timeout=WAIT_MS)
    bench.many.cancel()
    assert bench.told == [(0, 3), (1, 3), ("ended",)]
    bench.many.cancel()
    qtbot.waitUntil(lambda: bench.reader.cancelled == ["2.png"], timeout=WAIT_MS)
    bench.reader.held.clear()
    bench.many.read(pages[:3])
    qtbot.waitUntil(lambda: bench.told[-1] == ("ended",) and len(bench.told) > 3, timeout=WAIT_MS)
    assert bench.told[3:] == [(1, 3), (2, 3), (3, 3), ("ended",)]
    assert bench.reader.begun == ["1.png", "2.png", "2.png", "3.png"]


def test_cancelled_from_the_signal_that_tells_the_progress(
    qtbot: QtBot, bench: Bench, pages: list[ImageFacts]
) -> None:
    bench.many.progressed.connect(lambda done, _total: done == 1 and bench.many.cancel())
    bench.many.read(pages[:3])
    ended(qtbot, bench)
    assert bench.told == [(0, 3), (1, 3), ("ended",)]
    assert bench.reader.begun == ["1.png"]


def test_more_may_be_asked_for_meanwhile(qtbot: QtBot, bench: Bench, pages: list[ImageFacts]) -> None:
    bench.reader.held.add("1.png")
    bench.many.read(pages[:2])
    qtbot.waitUntil(lambda: bench.reader.begun == ["1.png"], timeout=WAIT_MS)
    bench.many.read(pages[1:4])
    qtbot.waitUntil(lambda: bench.told == [(0, 2), (0, 4)], timeout=WAIT_MS)
    bench.reader.held.clear()
    ended(qtbot, bench)
    assert bench.told[2:] == [(1, 4), (2, 4), (3, 4), (4, 4), ("ended",)]


def test_viewed_pages_go_first(qtbot: QtBot, bench: Bench, pages: list[ImageFacts]) -> None:
    bench.reader.held.update(("1.png", "5.png"))
    bench.many.read(pages[:3])
    qtbot.waitUntil(lambda: bench.reader.begun == ["1.png"], timeout=WAIT_MS)
    read: list[str] = []
    for page in pages[3:]:
        bench.backend.reading.read(page, lambda found: read.append(found.text), pytest.fail)
    qtbot.waitUntil(lambda: "5.png" in bench.reader.begun, timeout=WAIT_MS)
    bench.reader.held.discard("1.png")
    # The first of the many has ended, and the next one waits although nothing keeps it but a viewed page.
    qtbot.waitUntil(lambda: (1, 3) in bench.told, timeout=WAIT_MS)
    assert "2.png" not in bench.reader.begun
    bench.reader.held.clear()
    ended(qtbot, bench)
    assert set(bench.reader.begun[1:4]) == {"4.png", "5.png", "6.png"}
    assert bench.reader.begun[4:] == ["2.png", "3.png"]
    assert len(read) == 3
    # Viewed pages are kept, too.
    qtbot.waitUntil(lambda: len(texts(bench, pages)) == 6, timeout=WAIT_MS)


def test_without_a_reader_nothing_is_tried_again_and_again(
    qtbot: QtBot, bench: Bench, pages: list[ImageFacts]
) -> None:
    for page in pages:
        bench.reader.refuses[page.name] = problem(Code.READER_MISSING)
    bench.many.read(pages)
    ended(qtbot, bench)
    assert bench.told == [(0, 6), ("failed", Code.READER_MISSING), ("ended",)]
    bench.told.clear()
    for page in pages:
        bench.reader.refuses[page.name] = problem(Code.READER_CRASHED)
    bench.many.read(pages)
    ended(qtbot, bench)
    assert bench.told[-2:] == [("failed", Code.READER_CRASHED), ("ended",)]
    assert bench.reader.begun[1:] == [f"{number}.png" for number in range(1, MAX_CRASHES + 1)]


def test_one_image_that_crashes_the_reader_does_not_end_it(
    qtbot: QtBot, bench: Bench, pages: list[ImageFacts]
) -> None:
    for name in ("1.png", "2.png", "3.png", "4.png", "6.png"):
        bench.reader.refuses[name] = problem(Code.READER_CRASHED)
    bench.many.read(pages)
    ended(qtbot, bench)
    assert set(bench.found) == {pages[4].source_id}
    assert bench.told[-2:] == [(6, 6), ("ended",)]


def test_the_window_closes_meanwhile_and_what_was_read_is_there(
    qtbot: QtBot, bench: Bench, pages: list[ImageFacts], tmp_path: Path
) -> None:
    bench.reader.held.add("3.png")
    bench.many.read(pages)
    qtbot.waitUntil(lambda: "3.png" in bench.reader.begun, timeout=WAIT_MS)
    bench.backend.close()
    assert bench.reader.cancelled == ["3.png"]
    bench.many.read(pages)
    with opened(tmp_path / "data") as store:
        assert set(store.texts([page.source_id for page in pages]).result()) == {
            page.source_id for page in pages[:2]
        }


def test_what_cannot_be_kept_is_told_once_and_read_all_the_same(
    qtbot: QtBot, bench: Bench, pages: list[ImageFacts], monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[Code] = []
    bench.backend.reading.not_kept.connect(lambda trouble: told.append(trouble.code))
    full: Future[None] = Future()
    full.set_exception(ProblemError(problem(Code.DISK_FULL, folder="/x")))
    with monkeypatch.context() as patch:
        patch.setattr(bench.store, "keep_text", lambda _source_id, _text: full)
        bench.many.read(pages[:3])
        ended(qtbot, bench)
    assert len(bench.found) == 3
    assert told == [Code.DISK_FULL]
    # What was not kept is read again.
    bench.told.clear()
    bench.many.read(pages[:3])
    ended(qtbot, bench)
    qtbot.waitUntil(lambda: len(texts(bench, pages)) == 3, timeout=WAIT_MS)
    with monkeypatch.context() as patch:
        patch.setattr(bench.store, "keep_text", lambda _source_id, _text: full)
        bench.many.read(pages)
        qtbot.waitUntil(lambda: len(told) == 2, timeout=WAIT_MS)


def test_what_is_at_hand_no_more_is_forgotten(qtbot: QtBot, bench: Bench, pages: list[ImageFacts]) -> None:
    bench.many.read(pages[:2])
    ended(qtbot, bench)
    ids = [page.source_id for page in pages[:2]]
    bench.backend.reading.forget(ids[:1])
    known: list[object] = []
    bench.backend.reading.texts(ids, known.append)
    qtbot.waitUntil(lambda: bool(known), timeout=WAIT_MS)
    qtbot.waitUntil(lambda: set(bench.store.texts(ids).result()) == {ids[1]}, timeout=WAIT_MS)

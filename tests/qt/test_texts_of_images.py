"""Texts for prompts: kept ones at once, others read one by one, and nothing of what is hidden."""

import asyncio
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.app import make_ground
from desktop.core.edits import Area, Edits
from desktop.core.found_text import FoundLine, PageText
from desktop.core.model import ImageFacts
from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.core.prompt_filling import Meant
from desktop.core.settings import Settings
from desktop.system.environment import Secrets
from desktop.system.paths import DataFolder
from desktop.tasks.backend import Backend
from desktop.ui.texts_of_images import TextsOfImages
from desktop.wiring import make_parts
from tests.helpers.asking import CATALOG, make_image
from tests.helpers.window import WAIT_MS


class Bench:
    """Texts over real parts, with a reader that reads names instead of pixels.

    Attributes:
        begun: names in the order in which they were read.
        cancelled: names whose reading was cancelled.
        refuses: what is wrong with a name.
        held: names that take until they are let go.
    """

    def __init__(self, folder: Path, qtbot: QtBot) -> None:
        data = DataFolder(folder / "data")
        data.prepare()
        parts = make_parts(folder=data, settings=Settings(), secrets=Secrets(None), catalog=CATALOG)
        self.folder, self.qtbot = folder, qtbot
        self.begun: list[str] = []
        self.cancelled: list[str] = []
        self.refuses: dict[str, Problem] = {}
        self.held: set[str] = set()
        self.backend = Backend(replace(make_ground(parts, Settings()), read_page=self._read))
        self.store = parts.services.store
        self.store.open()
        self.texts = TextsOfImages(self.backend.reading)

    async def _read(
        self, data: bytes, *, page_px: tuple[int, int], name: str, after: asyncio.Event | None = None
    ) -> PageText:
        self.begun.append(name)
        try:
            while name in self.held:  # noqa: ASYNC110 - let go by another thread
                await asyncio.sleep(0.005)
        except asyncio.CancelledError:
            self.cancelled.append(name)
            raise
        if name in self.refuses:
            raise ProblemError(self.refuses[name])
        if name == "empty.png":
            return PageText(page_px=page_px)
        above = FoundLine(f"above of {name}", ((0, 0), (90, 0), (90, 20), (0, 20)))
        below = FoundLine(f"below of {name}", ((0, 60), (90, 60), (90, 80), (0, 80)))
        return PageText(lines=(above, below), text=f"{above.text}\n{below.text}", page_px=page_px)

    def image(self, name: str, edits: Edits | None = None) -> Meant:
        path = self.folder / name
        if not path.exists():
            make_image(path, 100, 60 + len(name), color=f"#{sum(map(ord, name)) % 4096:03x}")
        found: list[ImageFacts] = []
        self.backend.gallery.inspect(path, lambda seen, _thumbnail: found.append(seen.facts), pytest.fail)
        self.qtbot.waitUntil(lambda: bool(found), timeout=WAIT_MS)
        return Meant(found[0], edits or Edits())

    def wait(self) -> None:
        self.qtbot.waitUntil(lambda: not self.texts.state().busy, timeout=WAIT_MS)


@pytest.fixture
def bench(tmp_path: Path, qtbot: QtBot) -> Iterator[Bench]:
    made = Bench(tmp_path, qtbot)
    yield made
    made.held.clear()
    made.backend.close()


def test_what_is_missing_is_read_one_by_one_and_known_then(bench: Bench) -> None:
    one, two = bench.image("a.png"), bench.image("b.png")
    bench.texts.want([one, two])
    state = bench.texts.state()
    assert (state.done, state.total, state.busy) == (0, 2, True)
    bench.wait()
    assert bench.begun == ["a.png", "b.png"]
    assert bench.texts.text(two) == "above of b.png\nbelow of b.png"
    bench.texts.want([])
    bench.texts.want([two])
    assert not bench.texts.state().busy


def test_what_was_read_before_is_not_read_again(bench: Bench) -> None:
    one = bench.image("a.png")
    told: list[object] = []
    bench.backend.reading.read_later(one.facts, told.append, pytest.fail)
    bench.qtbot.waitUntil(lambda: bool(told), timeout=WAIT_MS)
    kept = one.facts.source_id
    bench.qtbot.waitUntil(lambda: bool(bench.store.texts([kept]).result(10)), timeout=WAIT_MS)
    fresh = TextsOfImages(bench.backend.reading)
    fresh.want([one])
    bench.qtbot.waitUntil(lambda: not fresh.state().busy, timeout=WAIT_MS)
    assert fresh.text(one) == "above of a.png\nbelow of a.png"
    assert bench.begun == ["a.png"]


def test_what_is_blacked_out_or_cropped_away_is_in_no_text(bench: Bench) -> None:
    whole = bench.image("a.png")
    bench.texts.want([whole])
    bench.wait()
    black = bench.image("a.png", Edits(blackouts=(Area(0, 0, 100, 30),)))
    cropped = bench.image("a.png", Edits(crop=Area(0, 0, 100, 30)))
    assert bench.texts.text(black) == bench.texts.text(cropped) == ""
    bench.texts.want([black, cropped])
    bench.wait()
    assert bench.texts.text(black) == "below of a.png"
    assert bench.texts.text(cropped) == "above of a.png"
    assert bench.texts.text(whole) == "above of a.png\nbelow of a.png"


def test_where_nothing_is_found_or_can_be_read_it_is_said(bench: Bench) -> None:
    empty, broken = bench.image("empty.png"), bench.image("broken.png")
    bench.refuses["broken.png"] = problem(Code.READER_CRASHED)
    bench.texts.want([empty, broken])
    bench.wait()
    state = bench.texts.state()
    assert (state.empty, state.failed) == ((empty,), (broken,))
    del bench.refuses["broken.png"]
    bench.texts.try_again()
    bench.wait()
    assert bench.texts.state().failed == ()
    assert bench.texts.text(broken) == "above of broken.png\nbelow of broken.png"


def test_nobody_has_to_wait(bench: Bench) -> None:
    one, two = bench.image("a.png"), bench.image("b.png")
    bench.held.add("a.png")
    bench.texts.want([one, two])
    bench.qtbot.waitUntil(lambda: bench.begun == ["a.png"], timeout=WAIT_MS)
    bench.texts.skip()
    state = bench.texts.state()
    assert (state.busy, state.skipped) == (False, (one, two))
    bench.qtbot.waitUntil(lambda: bench.cancelled == ["a.png"], timeout=WAIT_MS)
    bench.held.clear()
    bench.texts.try_again()
    bench.wait()
    assert bench.texts.text(one)
    assert bench.texts.text(two)


def test_reading_stops_for_what_is_wanted_no_more(bench: Bench) -> None:
    one, two = bench.image("a.png"), bench.image("b.png")
    bench.held.add("a.png")
    bench.texts.want([one])
    bench.qtbot.waitUntil(lambda: bench.begun == ["a.png"], timeout=WAIT_MS)
    bench.texts.want([two])
    bench.wait()
    assert bench.cancelled == ["a.png"]
    assert bench.begun == ["a.png", "b.png"]


def test_a_prompt_that_is_typed_away_at_once_reads_nothing(bench: Bench) -> None:
    one = bench.image("a.png")
    bench.texts.want([one])
    bench.texts.want([])
    assert bench.texts.state().total == 0
    bench.texts.want([one])
    bench.wait()
    assert bench.begun == ["a.png"]

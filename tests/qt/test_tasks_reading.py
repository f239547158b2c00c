"""Viewed pages are read one at a time, the newest first, once each; whatever fails is told."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.app import make_ground
from desktop.core.found_text import PageText
from desktop.core.model import ImageFacts
from desktop.core.problems import Code, Problem
from desktop.core.settings import Settings
from desktop.system.environment import Secrets
from desktop.system.paths import DataFolder
from desktop.tasks.backend import Backend
from desktop.tasks.reading import NewestFirst
from desktop.wiring import make_parts
from tests.helpers import pictures
from tests.helpers.asking import CATALOG

WAIT_MS = 60_000


@pytest.fixture
def backend(tmp_path: Path) -> Iterator[Backend]:
    data = DataFolder(tmp_path / "data")
    data.prepare()
    parts = make_parts(folder=data, settings=Settings(), secrets=Secrets(None), catalog=CATALOG)
    backend = Backend(make_ground(parts, Settings()))
    yield backend
    backend.close()


def looked_at(qtbot: QtBot, backend: Backend, path: Path) -> ImageFacts:
    found: list[ImageFacts] = []
    backend.gallery.inspect(path, lambda seen, _thumbnail: found.append(seen.facts), lambda _problem: None)
    qtbot.waitUntil(lambda: bool(found), timeout=WAIT_MS)
    return found[0]


def page_file(folder: Path, words: str) -> Path:
    path = folder / f"{words}.png"
    pictures.text_page(words).save(path)
    return path


def test_a_page_is_read_once_and_then_known(qtbot: QtBot, backend: Backend, tmp_path: Path) -> None:
    path = page_file(tmp_path, "hello")
    facts = looked_at(qtbot, backend, path)
    told: list[PageText] = []
    assert backend.reading.known(facts) is None
    backend.reading.read(facts, told.append, pytest.fail)
    qtbot.waitUntil(lambda: len(told) == 1, timeout=WAIT_MS)
    assert told[0].text == "hello"
    assert told[0].page_px == (facts.width_px, facts.height_px)
    assert backend.reading.known(facts) is told[0]
    # Read again, the file would be missed.
    path.unlink()
    backend.reading.read(facts, told.append, pytest.fail)
    qtbot.waitUntil(lambda: len(told) == 2, timeout=WAIT_MS)
    assert told[1] is told[0]


def test_a_cancelled_reading_tells_nothing_and_the_next_is_read(
    qtbot: QtBot, backend: Backend, tmp_path: Path
) -> None:
    first, second = (looked_at(qtbot, backend, page_file(tmp_path, words)) for words in ("first", "second"))
    told: list[object] = []
    future = backend.reading.read(first, told.append, told.append)
    future.cancel()
    backend.reading.read(second, told.append, told.append)
    qtbot.waitUntil(lambda: bool(told), timeout=WAIT_MS)
    assert [page.text for page in told if isinstance(page, PageText)] == ["second"]
    assert len(told) == 1
    assert backend.reading.known(first) is None


def test_a_file_that_has_changed_is_told(qtbot: QtBot, backend: Backend, tmp_path: Path) -> None:
    path = page_file(tmp_path, "before")
    facts = looked_at(qtbot, backend, path)
    pictures.text_page("after").save(path)
    told: list[Problem] = []
    backend.reading.read(facts, pytest.fail, told.append)
    qtbot.waitUntil(lambda: bool(told), timeout=WAIT_MS)
    assert told[0].code is Code.IMAGE_CHANGED


def test_a_missing_package_is_told(
    qtbot: QtBot, backend: Backend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    facts = looked_at(qtbot, backend, page_file(tmp_path, "text"))
    (tmp_path / "rapidocr.py").write_text("raise ModuleNotFoundError('absent', name='rapidocr')")
    monkeypatch.syspath_prepend(tmp_path)
    told: list[Problem] = []
    backend.reading.read(facts, pytest.fail, told.append)
    qtbot.waitUntil(lambda: bool(told), timeout=WAIT_MS)
    assert told[0].code is Code.READER_MISSING


def test_the_newest_goes_first_and_a_cancelled_one_gives_its_turn_away() -> None:
    async def run() -> list[str]:
        turn, order = NewestFirst(), []
        go_on = asyncio.Event()

        async def take(name: str) -> None:
            async with turn.taken():
                order.append(name)
                await go_on.wait()

        tasks = {}
        for name in ("running", "old", "cancelled", "new"):
            tasks[name] = asyncio.create_task(take(name))
            await asyncio.sleep(0)
        tasks["cancelled"].cancel()
        await asyncio.sleep(0)
        go_on.set()
        await asyncio.gather(*tasks.values(), return_exceptions=True)
        return order

    assert asyncio.run(run()) == ["running", "new", "old"]


def test_a_turn_that_is_cancelled_when_it_has_just_come_goes_to_the_next() -> None:
    async def run() -> list[str]:
        turn, order = NewestFirst(), []
        held, leave = asyncio.Event(), asyncio.Event()

        async def take(name: str) -> None:
            async with turn.taken():
                order.append(name)
                held.set()
                await leave.wait()

        first = asyncio.create_task(take("first"))
        await held.wait()
        others = [asyncio.create_task(take(name)) for name in ("old", "new")]
        await asyncio.sleep(0)
        leave.set()
        first.add_done_callback(lambda _task: others[1].cancel())
        await asyncio.gather(first, *others, return_exceptions=True)
        async with asyncio.timeout(5), turn.taken():
            order.append("free")
        return order

    assert asyncio.run(run())[-1] == "free"

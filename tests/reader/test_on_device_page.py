"""Pages read for the viewer, for real: text and codes with their places, whichever way the page is turned."""

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from desktop.core.found_text import PageText, bounds
from desktop.core.problems import Code, ProblemError
from desktop.core.secret_kinds import Kind
from desktop.core.sensitive import suggestions
from desktop.engines.on_device.engine import OnDeviceEngine
from tests.helpers import pictures
from tests.helpers.reading import collect, part, reader_processes, request, until
from tests.helpers.sensitive_pages import SENSITIVE, Page, covered, drawn, false_alarms

Read = Callable[..., PageText]
FEW = tuple(
    row for row in SENSITIVE if row[2] in {"jane.doe@example.com", "4111 1111 1111 1111", "hunter2-Blue7"}
)


@pytest.fixture(scope="module")
def read() -> Iterator[Read]:
    """Read with one engine, whose process stays for all tests of this file."""
    engine = OnDeviceEngine(idle_s=600)
    with asyncio.Runner() as runner:

        def read(picture: Image.Image, page_px: tuple[int, int] | None = None) -> PageText:
            data = pictures.encoded(picture)
            return runner.run(engine.read_page(data, page_px=page_px or picture.size, name="a.png"))

        # Started now, so that the guards do not take the process for what the first test left behind.
        read(pictures.text_page("ready"))
        yield read
        runner.run(engine.close())


def small(quarter_turns: int = 0) -> Page:
    """A few lines, some of them sensitive; cropped, so that reading it takes no time."""
    page = drawn("small", 24, sensitive=FEW)
    return Page("small", page.picture.crop((0, 0, 800, 560)), page.placed).turned(quarter_turns)


def test_lines_come_in_reading_order_with_their_places(read: Read) -> None:
    picture = pictures.text_page("The quick brown fox", "jumps over 13 lazy dogs.")
    found = read(picture)
    assert [line.text for line in found.lines] == ["The quick brown fox", "jumps over 13 lazy dogs."]
    assert found.text.split("\n") == ["The quick brown fox", "jumps over 13 lazy dogs."]
    assert found.page_px == picture.size
    assert all(0.9 < line.confidence <= 1 for line in found.lines)
    ink = Image.eval(picture.convert("L"), lambda value: 255 - value).getbbox()
    assert ink is not None
    boxes = bounds([corner for line in found.lines for corner in line.corners])
    assert all(abs(a - b) < 20 for a, b in zip(boxes, ink, strict=True))


def test_places_are_told_in_pixels_of_the_page_whatever_was_read(read: Read) -> None:
    picture = pictures.text_page("The quick brown fox")
    (once,), (twice,) = read(picture).lines, read(picture, (picture.width * 2, picture.height * 3)).lines
    for (x, y), (wide, high) in zip(once.corners, twice.corners, strict=True):
        assert (wide, high) == pytest.approx((2 * x, 3 * y))


@pytest.mark.parametrize("turns", [0, 1, 2, 3])
def test_a_turned_page_is_read_and_what_is_sensitive_is_covered(read: Read, turns: int) -> None:
    page = small(turns)
    found = read(page.picture)
    assert found.quarter_turns == -turns % 4
    assert "Contact: jane.doe@example.com (sales)" in found.text.split("\n")
    suggested = suggestions(found)
    assert {s.kind for s in suggested} == {Kind.EMAIL, Kind.CARD, Kind.KEY}
    for placed in page.placed:
        assert covered(placed, suggested) > 0.97, placed
    assert false_alarms(page, suggested) == []


def test_a_code_has_its_place_and_its_bars_are_no_text(read: Read) -> None:
    page = Image.new("RGB", (900, 500), "white")
    image = zxingcpp.create_barcode(
        "WIFI:T:WPA;S:Home;P:secret123;;", zxingcpp.BarcodeFormat.QRCode
    ).to_image(scale=6)
    code = Image.fromarray(image).convert("RGB")
    page.paste(code, (300, 100))
    found = read(page)
    assert [code.text for code in found.codes] == ["WIFI:T:WPA;S:Home;P:secret123;;"]
    left, top, right, bottom = bounds(found.codes[0].corners)
    assert 300 <= left < right <= 300 + code.width
    assert 100 <= top < bottom <= 100 + code.height
    (suggestion,) = suggestions(found)
    assert suggestion.kind is Kind.KEY
    assert suggestion.area.left <= left
    assert found.lines == ()


def test_a_page_without_text_is_empty_and_upright(read: Read) -> None:
    found = read(pictures.four_corners(300, 200))
    assert (found.lines, found.codes, found.text, found.quarter_turns) == ((), (), "", 0)


def test_damaged_bytes_are_told() -> None:
    async def run() -> None:
        engine = OnDeviceEngine()
        with pytest.raises(ProblemError) as caught:
            await engine.read_page(b"\x89PNG", page_px=(10, 10))
        assert caught.value.problem.code is Code.READER_CRASHED
        await engine.close()

    asyncio.run(run())


def test_a_missing_package_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rapidocr.py").write_text("raise ModuleNotFoundError('absent', name='rapidocr')")
    # A worker gets the path of this process.
    monkeypatch.syspath_prepend(tmp_path)

    async def run() -> None:
        engine = OnDeviceEngine()
        with pytest.raises(ProblemError) as caught:
            await engine.read_page(pictures.encoded(pictures.text_page("text")), page_px=(10, 10))
        assert caught.value.problem.code is Code.READER_MISSING
        await engine.close()

    asyncio.run(run())


def test_a_page_that_takes_too_long_or_whose_process_dies_is_told_and_the_next_is_read() -> None:
    large = pictures.encoded(pictures.text_page(*["many words"] * 40, size_px=40, width_px=2400))

    async def run() -> None:
        before = reader_processes()
        slow = OnDeviceEngine(time_limit_s=0.2)
        with pytest.raises(ProblemError) as caught:
            await slow.read_page(large, page_px=(10, 10), name="slow.png")
        assert caught.value.problem.code is Code.IMAGE_TOO_SLOW
        assert caught.value.problem.parameters["name"] == "slow.png"
        await slow.close()
        engine = OnDeviceEngine()
        task = asyncio.create_task(engine.read_page(large, page_px=(10, 10)))
        await until(lambda: bool(reader_processes() - before))
        (pid,) = reader_processes() - before
        await asyncio.sleep(1.0)  # into the networks, which are written in C++
        os.kill(pid, signal.SIGKILL)
        with pytest.raises(ProblemError) as caught:
            await task
        assert caught.value.problem.code is Code.READER_CRASHED
        again = pictures.encoded(pictures.text_page("again"))
        assert (await engine.read_page(again, page_px=(10, 10))).text == "again"
        await engine.close()

    asyncio.run(run())


def test_a_page_waits_until_a_question_about_many_images_is_answered() -> None:
    async def run() -> None:
        engine = OnDeviceEngine()
        page = pictures.text_page("text")
        ended: list[str] = []
        question = asyncio.create_task(collect(engine, request("Copy the text", *[part(page)] * 2)))
        question.add_done_callback(lambda _task: ended.append("question"))
        await asyncio.sleep(0)
        reading = asyncio.create_task(engine.read_page(pictures.encoded(page), page_px=page.size))
        reading.add_done_callback(lambda _task: ended.append("page"))
        await asyncio.gather(question, reading)
        assert ended == ["question", "page"]
        await engine.close()

    asyncio.run(run())


def test_a_page_that_nobody_waits_for_is_read_after_viewed_pages_and_questions() -> None:
    async def run() -> None:
        engine = OnDeviceEngine()
        picture = pictures.text_page("text")
        data = pictures.encoded(picture)
        ended: list[str] = []
        none_viewed = asyncio.Event()

        async def in_background() -> None:
            await engine.read_page(data, page_px=picture.size, after=none_viewed)
            ended.append("background")

        reading = asyncio.create_task(in_background())
        await engine.read_page(data, page_px=picture.size)
        ended.append("viewed")
        question = asyncio.create_task(collect(engine, request("Copy the text", part(picture))))
        question.add_done_callback(lambda _task: ended.append("question"))
        await asyncio.sleep(0)
        none_viewed.set()
        await asyncio.sleep(0)
        # A page that is viewed while the background waits for the question.
        none_viewed.clear()
        await question
        await engine.read_page(data, page_px=picture.size)
        ended.append("viewed")
        none_viewed.set()
        await reading
        assert ended == ["viewed", "question", "viewed", "background"]
        await engine.close()

    asyncio.run(run())

"""The on-device reader, for real: RapidOCR and zxing-cpp in their own process, on pictures drawn here."""

import asyncio
import itertools
import multiprocessing
import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import zxingcpp
from PIL import Image

from desktop.core.events import Answered, EngineEvent, TextDelta
from desktop.core.model import ON_DEVICE, ImageFacts, Position, Role, Usage
from desktop.core.problems import Code, ProblemError
from desktop.core.request import ImagePart, Request, Turn
from desktop.engines.on_device.engine import OnDeviceEngine, asked
from desktop.engines.on_device.process import ReaderProcess
from desktop.engines.on_device.reader import tiles
from tests.helpers import pictures, worker_tasks

SAMPLES = Path(__file__).parents[2] / "resources" / "samples"


def part(picture: Image.Image, name: str = "a.png", **facts: Any) -> ImagePart:
    found = ImageFacts(
        path=Path(name),
        name=name,
        sha256=name,
        file_bytes=1234,
        modified_ns=0,
        format="PNG",
        width_px=picture.width,
        height_px=picture.height,
        **facts,
    )
    return ImagePart(data=pictures.encoded(picture), media_type="image/png", detail=None, facts=found)


def request(question: str, *images: ImagePart) -> Request:
    return Request(model=ON_DEVICE, turns=(Turn(role=Role.USER, images=images, text=question),))


async def collect(engine: OnDeviceEngine, asked: Request) -> tuple[str, Answered]:
    """The whole answer; checks that it ends exactly once."""
    events: list[EngineEvent] = [event async for event in engine.answer(asked)]
    ended = events[-1]
    assert isinstance(ended, Answered)
    assert all(isinstance(event, TextDelta) for event in events[:-1])
    assert ended.usage == Usage(prompt_tokens=0, completion_tokens=0)
    return "".join(event.text for event in events if isinstance(event, TextDelta)), ended


Ask = Callable[..., tuple[str, Answered]]


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    """Ask one engine, whose process stays for all tests of this file: loading the networks takes seconds."""
    engine = OnDeviceEngine(idle_s=600)
    with asyncio.Runner() as runner:

        def ask(question: str, *images: ImagePart) -> tuple[str, Answered]:
            return runner.run(collect(engine, request(question, *images)))

        # Started now, so that the guards do not take the process for what the first test left behind.
        ask("Copy the text", part(pictures.text_page("ready")))
        yield ask
        runner.run(engine.close())


def reader_processes() -> set[int]:
    return {child.pid or 0 for child in multiprocessing.active_children()}


def fenced(answer: str) -> list[str]:
    """The lines of the first code block."""
    return [line.strip() for line in answer.split("```")[1].strip().splitlines() if line.strip()]


def test_text_is_copied_in_reading_order(ask: Ask) -> None:
    answer, ended = ask(
        "Copy the text", part(pictures.text_page("The quick brown fox", "jumps over 13 lazy dogs."))
    )
    assert fenced(answer) == ["The quick brown fox", "jumps over 13 lazy dogs."]
    assert ended.complete
    assert ended.shareable_text is None


def test_the_sample_receipt_is_listed_and_its_total_checked(ask: Ask) -> None:
    receipt = Image.open(SAMPLES / "receipt.png")
    answer, ended = ask("List every line item with its price, then check the total.", part(receipt))
    assert ended.complete
    lines = [" ".join(line.split()) for line in fenced(answer)]
    for line in ("2x Sourdough 11.80", "1x Rye 4.90", "3x Croissant 8.70", "TOTAL EUR 37.34"):
        assert line in lines
    assert "the amounts add up to it exactly" in answer
    assert "Needs a model" not in answer


def test_a_total_that_is_not_exact_needs_a_model(ask: Ask) -> None:
    page = pictures.text_page("Bread 3.00", "Tea 2.00", "Total 6.00")
    answer, _ended = ask("List the prices and check the total", part(page))
    assert "The total says 6.00." in answer
    assert "exactly" not in answer
    assert "Needs a model: checking the total" in answer


def code(content: str, kind: zxingcpp.BarcodeFormat) -> Image.Image:
    image = zxingcpp.create_barcode(content, kind).to_image(scale=5)
    return Image.fromarray(image.__array__() if hasattr(image, "__array__") else image).convert("RGB")


def test_codes_are_read_from_the_top(ask: Ask) -> None:
    page = Image.new("RGB", (900, 900), "white")
    page.paste(code("https://example.com/a?b=`c`", zxingcpp.BarcodeFormat.QRCode), (50, 40))
    page.paste(code("4006381333931", zxingcpp.BarcodeFormat.EAN13), (50, 500))
    answer, ended = ask("Read the codes", part(page))
    assert ended.complete
    assert answer.index("https://example.com/a?b=`c`") < answer.index("4006381333931")
    assert "QR Code" in answer
    assert "EAN-13" in answer


def test_a_picture_without_text_says_so_and_names_what_needs_a_model(ask: Ask) -> None:
    answer, ended = ask("Describe this picture", part(pictures.four_corners(300, 200)))
    assert answer == (
        "No text, barcode or QR code was found.\n\n"
        "Needs a model: describing a picture. This reader reads text, codes and facts."
    )
    assert ended.complete


def test_several_images_are_told_one_after_the_other(ask: Ask) -> None:
    images = [part(pictures.text_page(f"Page {n}"), f"page_{n}.png") for n in (1, 2)]
    answer, _ended = ask("Copy the text", *images)
    order = [r"### 1. page\_1.png", "Page 1", r"### 2. page\_2.png", "Page 2"]
    places = [answer.index(item) for item in order]
    assert places == sorted(places)


def test_differences_are_told_as_lines_and_as_pixels(ask: Ask) -> None:
    first = pictures.text_page("Bread 3.00", "Total 3.00")
    second = pictures.text_page("Bread 3.00", "Total 4.00")
    answer, _ended = ask("Spot the differences", part(first, "a.png"), part(second, "b.png"))
    assert "Text only in 1. a.png:\n\n```\nTotal 3.00\n```" in answer
    assert "Text only in 2. b.png:\n\n```\nTotal 4.00\n```" in answer
    assert "of the pixels differ, in 1 region" in answer


def test_one_image_has_nothing_to_be_compared_with(ask: Ask) -> None:
    answer, _ended = ask("Spot the differences", part(pictures.text_page("Bread")))
    assert "only one image" in answer
    assert fenced(answer) == ["Bread"]


def test_facts_are_shown_and_kept_from_follow_ups(ask: Ask) -> None:
    image = part(pictures.text_page("secret place"), position=Position(48.8584, 2.2945), camera="X-T5")
    answer, ended = ask("Copy the text of this file. Where was it taken?", image)
    assert "48.85840, 2.29450" in answer
    assert ended.shareable_text is not None
    assert "secret place" in ended.shareable_text
    assert "48.85" not in ended.shareable_text
    assert "X-T5" not in ended.shareable_text
    # Nothing that may be shared comes after it, so an answer that is cut off is private from there on.
    assert answer.startswith(ended.shareable_text)


def test_a_question_without_an_image_is_answered_honestly(ask: Ask) -> None:
    answer, ended = ask("Copy the text")
    assert (answer, ended.complete) == ("There is no image to read. Add one and ask again.", True)


def test_a_follow_up_is_about_its_own_images_or_else_about_all_carried() -> None:
    first, second = part(pictures.four_corners(), "1"), part(pictures.four_corners(), "2")
    answer = Turn(role=Role.ASSISTANT, text="…")
    turns = (Turn(role=Role.USER, images=(first,), text="a"), answer)
    later = (*turns, Turn(role=Role.USER, images=(second,), text="b"))
    assert asked(Request(model=ON_DEVICE, turns=later)) == ("b", (second,))
    again = (*later, answer, Turn(role=Role.USER, text="c"))
    assert asked(Request(model=ON_DEVICE, turns=again)) == ("c", (first, second))


def test_a_long_page_is_read_to_its_end(ask: Ask) -> None:
    lines = [f"Paragraph number {number}" for number in range(0, 120, 4)]
    page = pictures.text_page(*lines, size_px=70, width_px=1000).resize((1000, 5000))
    answer, _ended = ask("Copy the text", part(page))
    assert fenced(answer) == lines


@pytest.mark.parametrize("size", [(1, 1), (7, 4000), (4000, 9), (30, 30)])
def test_odd_shapes_are_survived(ask: Ask, size: tuple[int, int]) -> None:
    answer, ended = ask("Copy the text", part(Image.new("RGB", size, "white")))
    assert (answer, ended.complete) == ("No text was found.", True)


@pytest.mark.parametrize("height", [1, 2400, 2641, 5000, 20_000])
def test_tiles_cover_every_row_and_overlap(height: int) -> None:
    found = tiles(height)
    assert found[0][0] == 0
    assert found[-1][1] == height
    assert all(0 < bottom - top <= 2640 for top, bottom in found)
    assert all(before[1] - after[0] == 240 for before, after in itertools.pairwise(found))


def test_damaged_bytes_end_the_answer_with_a_problem(ask: Ask) -> None:
    broken = ImagePart(
        data=b"\x89PNG", media_type="image/png", detail=None, facts=part(pictures.four_corners()).facts
    )
    answer, ended = ask("Copy the text", broken)
    assert (answer, ended.complete) == ("", False)
    assert ended.problem is not None


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(60):
        while not true():  # noqa: ASYNC110 - processes set no events
            await asyncio.sleep(0.01)


async def begun(engine: OnDeviceEngine) -> "asyncio.Task[tuple[str, Answered]]":
    """A question whose process runs, and is still busy."""
    large = pictures.text_page(*["many words to be read " * 4] * 40, size_px=40, width_px=2400)
    before = reader_processes()
    task = asyncio.create_task(collect(engine, request("Copy the text", *[part(large)] * 20)))
    await until(lambda: bool(reader_processes() - before))
    await asyncio.sleep(1.0)  # into the networks, which are written in C++
    assert not task.done()
    return task


async def reads(engine: OnDeviceEngine) -> bool:
    answer, ended = await collect(engine, request("Copy the text", part(pictures.text_page("again"))))
    return ended.complete and "again" in answer


def test_cancelling_ends_the_process_within_a_second_and_the_next_question_works() -> None:
    async def run() -> None:
        before = reader_processes()
        engine = OnDeviceEngine()
        task = await begun(engine)
        begin = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert time.monotonic() - begin < 1
        assert reader_processes() == before
        assert await reads(engine)
        await engine.close()
        assert reader_processes() == before

    asyncio.run(run())


def test_a_killed_process_is_told_and_the_next_question_works() -> None:
    async def run() -> None:
        before = reader_processes()
        engine = OnDeviceEngine()
        task = await begun(engine)
        (pid,) = reader_processes() - before
        os.kill(pid, signal.SIGKILL)
        _answer, ended = await task
        assert ended.problem is not None
        assert ended.problem.code is Code.READER_CRASHED
        assert await reads(engine)
        (pid,) = reader_processes() - before
        os.kill(pid, signal.SIGKILL)
        assert await reads(engine), "a process that died while idle is replaced unnoticed"
        await engine.close()

    asyncio.run(run())


def test_an_image_that_takes_too_long_is_given_up() -> None:
    async def run() -> None:
        engine = OnDeviceEngine(time_limit_s=0.2)
        large = pictures.text_page(*["many words"] * 40, size_px=40, width_px=2400)
        _answer, ended = await collect(engine, request("Copy the text", part(large, "slow.png")))
        assert ended.problem is not None
        assert ended.problem.code is Code.IMAGE_TOO_SLOW
        assert ended.problem.parameters["name"] == "slow.png"
        await engine.close()

    asyncio.run(run())


def test_closing_ends_a_running_question_and_refuses_new_ones() -> None:
    async def run() -> None:
        before = reader_processes()
        engine = OnDeviceEngine()
        task = await begun(engine)
        await engine.close()
        await engine.close()
        for ended in (
            (await task)[1],
            (await collect(engine, request("Copy the text", part(pictures.photo()))))[1],
        ):
            assert ended.problem is not None
            assert ended.problem.code is Code.STOPPED
        assert reader_processes() == before

    asyncio.run(run())


def test_an_idle_process_ends_and_comes_back_when_needed() -> None:
    async def run() -> None:
        before = reader_processes()
        process = ReaderProcess(idle_s=0.1, time_limit_s=60)
        first = await process.run(worker_tasks.process_id, name="a")
        await until(lambda: reader_processes() == before)
        assert await process.run(worker_tasks.process_id, name="a") != first
        await process.close()

    asyncio.run(run())


def test_two_questions_at_once_take_turns() -> None:
    async def run() -> None:
        process = ReaderProcess(idle_s=60, time_limit_s=60)
        found = await asyncio.gather(
            *(process.run(worker_tasks.echo, number, name="a") for number in range(5))
        )
        assert found == [0, 1, 2, 3, 4]
        await process.close()

    asyncio.run(run())


def test_cancelling_one_question_leaves_the_other_alone(tmp_path: Path) -> None:
    async def run() -> None:
        process = ReaderProcess(idle_s=60, time_limit_s=60)
        hung = asyncio.create_task(process.run(worker_tasks.hang, tmp_path / "started", name="a"))
        await until((tmp_path / "started").exists)
        other = asyncio.create_task(process.run(worker_tasks.echo, "alive", name="b"))
        begin = time.monotonic()
        hung.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hung
        assert time.monotonic() - begin < 1
        assert await other == "alive"
        await process.close()

    asyncio.run(run())


def test_the_process_reaches_no_network() -> None:
    async def run() -> str:
        process = ReaderProcess(idle_s=60, time_limit_s=60)
        with socket.create_server(("127.0.0.1", 0)) as server:
            found = await process.run(worker_tasks.connect, server.getsockname()[1], name="a")
        await process.close()
        return found

    assert asyncio.run(run()).startswith("refused: socket.")


@pytest.mark.parametrize("package", ["rapidocr", "onnxruntime", "zxingcpp"])
def test_a_missing_package_is_told(package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / f"{package}.py").write_text(f"raise ModuleNotFoundError('absent', name={package!r})")
    # A worker gets the path of this process.
    monkeypatch.syspath_prepend(tmp_path)

    async def run() -> Answered:
        engine = OnDeviceEngine()
        image = part(pictures.text_page("text"))
        _answer, ended = await collect(engine, request("Copy the text and the codes", image))
        await engine.close()
        return ended

    problem = asyncio.run(run()).problem
    assert problem is not None
    assert problem.code is Code.READER_MISSING


def test_problems_of_the_process_pass_through() -> None:
    async def run() -> None:
        process = ReaderProcess(idle_s=60, time_limit_s=60)
        with pytest.raises(ProblemError) as caught:
            await process.run(worker_tasks.die, int(signal.SIGSEGV), name="a")
        assert caught.value.problem.code is Code.READER_CRASHED
        await process.close()

    asyncio.run(run())

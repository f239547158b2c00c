"""Where a photo was taken is told to who asks, and is in no file of ours and no byte that is sent."""

import asyncio
import struct
from collections.abc import AsyncGenerator, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from desktop.core.events import EngineEvent, TextDelta
from desktop.core.model import ON_DEVICE, Position
from desktop.core.request import Request
from desktop.engines.on_device.engine import OnDeviceEngine
from desktop.engines.openai_chat import OpenAIChat
from desktop.system import logs
from desktop.system.paths import DataFolder
from tests.helpers import pictures
from tests.helpers.asking import Bench, running
from tests.helpers.loopback import Loopback

NORTH, EAST = (47.0, 36.0, 18.44), (9.0, 27.0, 1.64)
LATITUDE, LONGITUDE = 47.605122, 9.450456
TOLD = "47.605° N, 9.450° E"


def rationals(part: tuple[float, ...], order: str) -> bytes:
    """Degrees, minutes and seconds as EXIF keeps them, without the denominator of the seconds."""
    degrees, minutes, seconds = part
    return struct.pack(f"{order}5I", int(degrees), 1, int(minutes), 1, round(seconds * 25))


SPELLINGS = (
    b"47.605",
    b"47,605",
    b"9.450",
    "47° 36".encode(),
    "47°36".encode(),
    "9° 27".encode(),
    b"47/1",
    b"47, 36",
    b"[47.0, 36",
    *(struct.pack(f"{order}d", number) for order in "<>" for number in (LATITUDE, LONGITUDE)),
    *(rationals(part, order) for order in "<>" for part in (NORTH, EAST)),
)


def holds_position(data: bytes) -> bool:
    return any(spelling in data for spelling in SPELLINGS)


@pytest.fixture
def photo(tmp_path: Path) -> Path:
    """A lake, with where it lies."""
    exif = Image.Exif()
    exif.get_ifd(0x8825).update({1: "N", 2: NORTH, 3: "E", 4: EAST})
    path = tmp_path / "lake.jpg"
    pictures.photo().save(path, exif=exif.tobytes())
    assert holds_position(path.read_bytes())
    return path


@pytest.fixture
def data(tmp_path: Path) -> Iterator[Path]:
    """A data folder with a log that tells everything."""
    stop = logs.start(DataFolder(tmp_path / "data"), quiet=True, debug=True)
    yield tmp_path / "data"
    stop()


def files_with_position(folder: Path) -> list[str]:
    return [p.name for p in folder.rglob("*") if p.is_file() and holds_position(p.read_bytes())]


def asks_both(bench: Bench, reader: OnDeviceEngine) -> None:
    """The reader for its own model, the server for every other."""
    server = bench.engine
    bench.services = replace(
        bench.services, engine_for=lambda model: reader if model.id == ON_DEVICE else server
    )


def test_a_position_is_told_and_neither_kept_nor_sent(data: Path, photo: Path, loopback: Loopback) -> None:
    told: list[str] = []
    found_while_open: list[str] = []

    async def scene() -> None:
        reader = OnDeviceEngine()
        async with running(data, loopback.base_url) as bench:
            asks_both(bench, reader)
            try:
                where = bench.question("Where was this taken?", photo, model=ON_DEVICE)
                first = await bench.ask(
                    where, lambda e: told.append(e.text) if isinstance(e, TextDelta) else None
                )
                found_while_open.extend(files_with_position(data))
                assert TOLD in first.answer.text
                assert TOLD in first.conversation.messages[-1].text
                follow_up = bench.question("And what is it?", conversation=first.conversation)
                second = await bench.ask(follow_up)
                # The history does not know it, but the photo is still there to be asked.
                again = bench.question(
                    "Where was this taken?", conversation=second.conversation, model=ON_DEVICE
                )
                third = await bench.ask(again)
                assert TOLD in third.answer.text
                await bench.ask(bench.question("Thanks", photo, conversation=third.conversation))
                found_while_open.extend(files_with_position(data))
                stored = await asyncio.wrap_future(bench.store.conversation(first.conversation.id))
                assert "| Position | not in the history; the file may tell it |" in stored.messages[1].text
            finally:
                await reader.close()

    asyncio.run(scene())
    assert TOLD in "".join(told)
    assert found_while_open == []
    assert files_with_position(data) == []
    assert len(loopback.requests) == 2
    assert not any(holds_position(request.raw) for request in loopback.requests)
    assert not any(holds_position(image) for request in loopback.requests for image in request.images)


def test_a_photo_that_is_gone_is_told_about_without_its_position(data: Path, photo: Path) -> None:
    async def scene() -> str:
        async with running(data, engine=OnDeviceEngine()) as bench:
            first = await bench.ask(bench.question("Where was this taken?", photo, model=ON_DEVICE))
            await asyncio.to_thread(photo.unlink)
            again = bench.question("Where was it taken?", conversation=first.conversation, model=ON_DEVICE)
            return (await bench.ask(again)).answer.text

    text = asyncio.run(scene())
    assert TOLD not in text
    assert "| Position | not in the history; the file may tell it |" in text


def test_a_photo_that_was_replaced_does_not_lend_its_position(data: Path, photo: Path) -> None:
    async def scene() -> str:
        async with running(data, engine=OnDeviceEngine()) as bench:
            first = await bench.ask(bench.question("Where was this taken?", photo, model=ON_DEVICE))
            exif = Image.Exif()
            exif.get_ifd(0x8825).update({1: "S", 2: (33.0, 51.0, 0.0), 3: "E", 4: (151.0, 12.0, 0.0)})
            pictures.photo().save(photo, exif=exif.tobytes())
            again = bench.question("Where was it taken?", conversation=first.conversation, model=ON_DEVICE)
            return (await bench.ask(again)).answer.text

    assert "33.850" not in asyncio.run(scene())


def test_a_server_is_never_given_the_position_in_its_image_part(
    data: Path, photo: Path, loopback: Loopback
) -> None:
    """Only the reader gets it: what a network engine is handed cannot leak."""
    seen: list[Position | None] = []

    class Watching(OpenAIChat):
        def answer(self, request: Request) -> AsyncGenerator[EngineEvent, None]:
            seen.extend(part.facts.position for turn in request.turns for part in turn.images)
            return super().answer(request)

    async def scene() -> None:
        engine = Watching(base_url=loopback.base_url, key=lambda: "sk-test-key-of-the-bench")
        async with running(data, engine=engine) as bench:
            await bench.ask(bench.question("Where is this?", photo))

    asyncio.run(scene())
    assert seen == [None]


class Stalling:
    """Tells something that must not be kept, and then nothing more."""

    async def answer(self, _request: Request) -> AsyncGenerator[EngineEvent, None]:
        yield TextDelta(f"It is at {TOLD}.", "It was told.")
        await asyncio.Event().wait()

    async def close(self) -> None:
        """Nothing is open."""


def test_what_is_only_shown_is_in_no_checkpoint_and_not_in_a_stopped_answer(data: Path, photo: Path) -> None:
    async def stored_text(bench: Bench) -> str:
        summaries = await asyncio.wrap_future(bench.store.summaries())
        if not summaries:
            return ""
        stored = await asyncio.wrap_future(bench.store.conversation(summaries[0].id))
        return stored.messages[-1].text

    async def scene() -> None:
        async with running(data, engine=Stalling()) as bench:
            task = asyncio.create_task(bench.ask(bench.question("Where?", photo, model=ON_DEVICE)))
            async with asyncio.timeout(20):
                while not (text := await stored_text(bench)):  # noqa: ASYNC110 - the store sets no event
                    await asyncio.sleep(0.05)
            assert text == "It was told."
            assert files_with_position(data) == []
            task.cancel()
            finished = await task
            assert TOLD in finished.answer.text
            assert await stored_text(bench) == "It was told."

    asyncio.run(scene())
    assert files_with_position(data) == []

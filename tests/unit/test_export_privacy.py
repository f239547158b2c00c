"""Where a photo was taken is in nothing that leaves: neither in code nor in tables nor in conversations."""

import asyncio
import base64
import re
import sqlite3
import zipfile
from datetime import timedelta
from pathlib import Path

import piexif
import pytest
from PIL import Image

from desktop.asking.as_code import message_as_code, question_as_code
from desktop.asking.exporting import export_spending
from desktop.core.model import ON_DEVICE, Conversation, Message, Role
from desktop.core.request import CodeLanguage
from desktop.system.clock import now_utc
from tests.helpers.archives import export
from tests.helpers.asking import Bench, running
from tests.helpers.loopback import Loopback

POSITION = "47.370342, 8.545336"
TRACES = (b"47.37", b"8.545", b"GPS", b"Exif", b"Canary camera", b"photos of anna")
_DATA_URL = re.compile(rb"data:image/\w+;base64,([A-Za-z0-9+/=]+)")


def photo_with_position(folder: Path) -> Path:
    folder.mkdir()
    position = {
        piexif.GPSIFD.GPSLatitudeRef: b"N",
        piexif.GPSIFD.GPSLatitude: ((47, 1), (22, 1), (1323, 100)),
        piexif.GPSIFD.GPSLongitudeRef: b"E",
        piexif.GPSIFD.GPSLongitude: ((8, 1), (32, 1), (4321, 100)),
    }
    exif = {"0th": {piexif.ImageIFD.Make: b"Canary camera"}, "GPS": position}
    path = folder / "photo.jpg"
    Image.new("RGB", (320, 240), "green").save(path, exif=piexif.dump(exif), comment=b"GPS 47.37")
    return path


def assert_no_trace(exported: bytes) -> None:
    images = [base64.b64decode(match) for match in _DATA_URL.findall(exported)]
    for data in (_DATA_URL.sub(b"", exported), *images):
        for trace in TRACES:
            assert trace not in data


async def told_by_the_reader(bench: Bench, path: Path) -> Conversation:
    """A conversation in which the reader on this computer has said where the photo was taken."""
    asked = await bench.ask(bench.question("Where is this?", path))
    assert asked.conversation is not None
    question, _answer = asked.conversation.messages
    answer = Message(
        id=99,
        role=Role.ASSISTANT,
        text=f"It was taken at {POSITION}.",
        shareable_text="It was taken somewhere.",
        provider=ON_DEVICE,
        model=ON_DEVICE,
        created_at=now_utc(),
    )
    again = Message(id=100, role=Role.USER, text="And when?", created_at=now_utc(), model="gpt-4.1")
    return Conversation(id=asked.conversation.id, title="Photos", messages=(question, answer, again))


@pytest.mark.parametrize("language", list(CodeLanguage))
def test_code_has_no_position(loopback: Loopback, tmp_path: Path, language: CodeLanguage) -> None:
    path = photo_with_position(tmp_path / "photos of anna")

    async def run() -> tuple[str, str]:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            new = await question_as_code(bench.question("What?", path), language, bench.services)
            conversation = await told_by_the_reader(bench, path)
            return new, await message_as_code(conversation, 100, language, bench.services)

    new, stored = asyncio.run(run())

    assert "taken somewhere" in stored
    for code in (new, stored):
        assert "base64," in code
        assert_no_trace(code.encode())


def test_tables_have_no_position(loopback: Loopback, tmp_path: Path) -> None:
    path = photo_with_position(tmp_path / "photos of anna")

    async def run() -> tuple[Path, Path]:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            await bench.ask(bench.question("Where is this?", path))
            today, day = now_utc().astimezone().date(), timedelta(days=1)
            return await export_spending(today - day, today + day, tmp_path / "spending.csv", bench.services)

    images, days = asyncio.run(run())

    assert (images.name, days.name) == ("spending.csv", "spending-days.csv")
    assert b"photo.jpg" in images.read_bytes()
    for table in (images, days):
        assert_no_trace(table.read_bytes())


@pytest.mark.parametrize("name", ["all.html", "all.json", "all.md", "all.sightline"])
def test_conversations_have_no_position(loopback: Loopback, tmp_path: Path, name: str) -> None:
    path = photo_with_position(tmp_path / "photos of anna")

    def tell(connection: sqlite3.Connection) -> None:
        # As the reader's answers are kept: without the position, and with what may leave.
        connection.execute(
            "UPDATE message SET text = 'Canary camera, taken at —.', text_sha256 = NULL,"
            " shareable_text = 'It was taken somewhere.' WHERE role = 'assistant'"
        )

    async def run() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            await bench.ask(bench.question("Where is this?", path))
            await asyncio.wrap_future(bench.store._write(tell))
            await asyncio.to_thread(export, bench.store, tmp_path / "out" / name)

    asyncio.run(run())

    if name != "all.sightline":
        for file in (p for p in (tmp_path / "out").rglob("*") if p.is_file()):
            assert_no_trace(file.read_bytes())
        assert "taken somewhere" in (tmp_path / "out" / name).read_text(encoding="utf-8")
        return
    with zipfile.ZipFile(tmp_path / "out" / name) as archive:
        for entry in archive.namelist():
            # What the file says about its camera comes along to another Sightline, but not its place.
            assert_no_trace(archive.read(entry).replace(b"Canary camera", b""))

"""What was found out about a file is remembered until it changes, and nothing private with it."""

import hashlib
import json
import os
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from desktop.core.edits import Area, Edits
from desktop.core.model import Position
from desktop.images import jobs, known
from desktop.images.files import read_file
from desktop.images.inspect import CacheFolders, Inspection, Thumbnail
from desktop.images.workers import ImageWorkers
from tests.helpers import pdfs, pictures
from tests.helpers.processes import until

THUMBNAIL_PX = 64
PLANTED = "a camera that only the cache knows"


@pytest.fixture
def caches(tmp_path: Path) -> CacheFolders:
    return CacheFolders(own=tmp_path / "cache" / "pictures", left_out=(tmp_path / "data",))


def saved(path: Path, data: bytes) -> Path:
    """A file that was not changed at this very moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    until(lambda: time.time_ns() - path.stat().st_ctime_ns > 100_000_000, "the clock of the file system")
    os.utime(path, ns=(0, 1_700_000_000_123_456_789))
    until(lambda: time.time_ns() - path.stat().st_ctime_ns > 100_000_000, "the clock of the file system")
    return path


def look(workers: ImageWorkers, caches: CacheFolders, path: Path, page: int = 0) -> Inspection:
    arguments = (path, page, THUMBNAIL_PX, caches)
    return workers.queue.submit(jobs.inspect_file, arguments, name=path.name).result(60)


def show(workers: ImageWorkers, caches: CacheFolders, path: Path, edits: Edits) -> Thumbnail:
    arguments = (path, 0, THUMBNAIL_PX, edits, None, caches)
    return workers.queue.submit(jobs.thumbnail_of_file, arguments, name=path.name).result(60)


def entries(caches: CacheFolders) -> list[Path]:
    return [path for path in caches.own.rglob("*") if path.is_file()]


def plant(entry: Path, **facts: Any) -> None:
    """Make the entry say something else, so that it shows when it is believed."""
    line, picture = entry.read_bytes()[32:].split(b"\n", 1)
    told = json.loads(line)
    told["facts"] |= facts
    data = json.dumps(told).encode() + b"\n" + picture
    entry.write_bytes(hashlib.sha256(data).digest() + data)


def test_the_second_opening_comes_from_the_cache(
    image_workers: ImageWorkers, caches: CacheFolders, tmp_path: Path
) -> None:
    path = saved(tmp_path / "a.jpg", pictures.encoded(pictures.photo(), "JPEG"))
    first = look(image_workers, caches, path)
    again = look(image_workers, caches, path)
    assert again.facts == first.facts
    assert first.thumbnail is not None
    assert again.thumbnail is not None
    assert (again.thumbnail.width_px, again.thumbnail.height_px) == (64, 48)
    assert again == first
    plant(entries(caches)[0], camera=PLANTED)
    assert look(image_workers, caches, path).facts.camera == PLANTED
    assert caches.own.stat().st_mode & 0o777 == 0o700
    assert entries(caches)[0].stat().st_mode & 0o777 == 0o600


def test_a_file_with_the_same_size_and_time_was_taken_for_the_one_before(
    image_workers: ImageWorkers, caches: CacheFolders, tmp_path: Path
) -> None:
    """As `cp --preserve` and image tools that keep the time leave it."""
    white, black = (pictures.encoded(Image.new("L", (80, 60), grey), "BMP") for grey in (255, 0))
    path = saved(tmp_path / "a.bmp", white)
    look(image_workers, caches, path)
    assert len(white) == len(black)
    saved(path, black)
    found = look(image_workers, caches, path)
    assert found.facts.sha256 == hashlib.sha256(black).hexdigest()
    assert found.thumbnail is not None
    assert pictures.decoded(found.thumbnail.jpeg).getpixel((9, 9)) == (0, 0, 0)


DAMAGE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _data: b"",
    "cut": lambda data: data[:-10],
    "flipped": lambda data: data[:200] + bytes([data[200] ^ 1]) + data[201:],
    "garbage": lambda data: os.urandom(len(data)),
    "no picture": lambda data: hashlib.sha256(data[32:99]).digest() + data[32:99],
    "huge": lambda data: data + bytes(3_000_000),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_entry_is_not_believed(
    image_workers: ImageWorkers, caches: CacheFolders, tmp_path: Path, kind: str
) -> None:
    path = saved(tmp_path / "a.jpg", pictures.encoded(pictures.photo(), "JPEG"))
    first = look(image_workers, caches, path)
    entry = entries(caches)[0]
    plant(entry, camera=PLANTED)
    entry.write_bytes(DAMAGE[kind](entry.read_bytes()))
    assert look(image_workers, caches, path).facts == first.facts


def test_a_position_is_told_again_and_never_kept(
    image_workers: ImageWorkers, caches: CacheFolders, tmp_path: Path
) -> None:
    for kind in ("JPEG", "WEBP"):
        data = pictures.encoded(pictures.photo(), kind, exif=pictures.exif_with_position())
        path = saved(tmp_path / f"a.{kind}", data)
        look(image_workers, caches, path)
        assert look(image_workers, caches, path).facts.position == Position(48.8584, 2.2945)
    assert len(entries(caches)) == 2
    for entry in entries(caches):
        assert not any(part in entry.read_bytes() for part in (b"48.8", b"2.29", b"osition", b"Exif"))


def test_what_is_blacked_out_reaches_no_cache_and_comes_from_none(
    image_workers: ImageWorkers, caches: CacheFolders, tmp_path: Path
) -> None:
    path = saved(tmp_path / "a.png", pictures.encoded(Image.new("RGB", (320, 240), "red")))
    look(image_workers, caches, path)
    before = [entry.read_bytes() for entry in entries(caches)]
    shown = show(image_workers, caches, path, Edits(blackouts=(Area(0, 0, 320, 240),)))
    assert pictures.decoded(shown.jpeg).getextrema() == ((0, 0), (0, 0), (0, 0))
    assert [entry.read_bytes() for entry in entries(caches)] == before
    plain = show(image_workers, caches, path, Edits())
    assert pictures.nearly(pictures.decoded(plain.jpeg).getpixel((9, 9)), (255, 0, 0))


def test_nothing_is_kept_of_files_in_our_own_folders(
    image_workers: ImageWorkers, caches: CacheFolders, tmp_path: Path
) -> None:
    data = pictures.encoded(pictures.photo())
    inside = saved(tmp_path / "data" / "pasted" / "a.png", data)
    link = tmp_path / "link.png"
    link.symlink_to(inside)
    for path in (inside, link, saved(caches.own / "b.png", data)):
        look(image_workers, caches, path)
    assert entries(caches) == [caches.own / "b.png"]


def test_pages_are_known_apart(image_workers: ImageWorkers, caches: CacheFolders, tmp_path: Path) -> None:
    path = saved(tmp_path / "a.pdf", pdfs.pdf(pdfs.page_of_text("one"), pdfs.page_of_text("two")))
    first = [look(image_workers, caches, path, page) for page in (0, 1)]
    assert [look(image_workers, caches, path, page).facts for page in (0, 1)] == [it.facts for it in first]
    assert len(entries(caches)) == 2


def test_a_cache_that_cannot_be_written_is_no_problem(image_workers: ImageWorkers, tmp_path: Path) -> None:
    blocked = saved(tmp_path / "no-folder", b"a file")
    caches = CacheFolders(own=blocked / "pictures", shared=blocked / "thumbnails")
    path = saved(tmp_path / "a.jpg", pictures.encoded(pictures.photo(), "JPEG"))
    assert look(image_workers, caches, path).facts.width_px == 320
    assert blocked.read_bytes() == b"a file"


def test_the_oldest_entries_make_room(
    caches: CacheFolders, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(known, "MAX_BYTES", 3000 * 256)
    path = saved(tmp_path / "a.png", pictures.encoded(pictures.photo()))
    content = read_file(path)
    shard = known.entry_path(caches.own, path, 0).parent
    pages = [n for n in range(5000) if known.entry_path(caches.own, path, n).parent == shard][:6]
    for at, page in enumerate(pages):
        facts = jobs.inspect_file(path, 0, None, None)
        assert isinstance(facts, Inspection)
        thumbnail = Thumbnail(width_px=64, height_px=48, jpeg=bytes(700))
        one = replace(facts, facts=replace(facts.facts, page=page), thumbnail=thumbnail)
        known.keep(caches.own, one, content, THUMBNAIL_PX)
        os.utime(known.entry_path(caches.own, path, page), ns=(0, at))
    kept = [page for page in pages if known.entry_path(caches.own, path, page).exists()]
    assert 0 < len(kept) < len(pages)
    assert kept == pages[-len(kept) :]
    assert sum(entry.stat().st_size for entry in entries(caches)) <= 3000

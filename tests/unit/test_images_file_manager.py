"""Thumbnails go both ways between us and the file manager, by the rules of freedesktop."""

import hashlib
import io
import os
import random
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, PngImagePlugin

from desktop.images import jobs
from desktop.images.file_manager import thumbnail_path, uri_of
from desktop.images.inspect import CacheFolders, Thumbnail
from desktop.images.png import quick_png
from desktop.images.workers import ImageWorkers
from tests.helpers import pdfs, pictures
from tests.helpers.processes import until

MODIFIED_S = 1_700_000_000


@pytest.fixture
def shared(tmp_path: Path) -> Path:
    return tmp_path / "cache home" / "thumbnails"


@pytest.fixture
def caches(tmp_path: Path, shared: Path) -> CacheFolders:
    return CacheFolders(own=tmp_path / "own", shared=shared)


def saved(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    os.utime(path, (MODIFIED_S, MODIFIED_S))
    return path


def photo(folder: Path) -> Path:
    return saved(folder / "a photo.jpg", pictures.encoded(pictures.photo().resize((800, 600)), "JPEG"))


def look(workers: ImageWorkers, caches: CacheFolders, path: Path, page: int = 0) -> None:
    workers.queue.submit(jobs.inspect_file, (path, page, 320, caches), name=path.name).result(60)


def glance(workers: ImageWorkers, caches: CacheFolders, path: Path) -> Thumbnail | None:
    return workers.queue.submit(jobs.glance_at_file, (path, 320, caches), name=path.name).result(60)


def made_by_another(shared: Path, path: Path, *, size: str = "large", **fields: str) -> Path:
    """A red thumbnail as a file manager makes it, written by the specification and by none of our code."""
    uri = "file://" + str(path).replace(" ", "%20")
    told = {
        "Thumb::URI": uri,
        "Thumb::MTime": str(MODIFIED_S),
        "Software": "GNOME::ThumbnailFactory",
        **fields,
    }
    note = PngImagePlugin.PngInfo()
    for key, value in told.items():
        note.add_text(key, value)
    thumbnail = shared / size / f"{hashlib.md5(uri.encode()).hexdigest()}.png"
    thumbnail.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (120, 90), "red").save(thumbnail, pnginfo=note)
    return thumbnail


def test_the_name_is_that_of_the_specification() -> None:
    path = Path("/home/jens/photos/me.png")
    assert uri_of(path) == "file:///home/jens/photos/me.png"
    expected = Path("/c/thumbnails/large/c6ee772d9e49320e97ec29a7eb5b1697.png")
    assert thumbnail_path(Path("/c/thumbnails"), path, "large") == expected


def test_odd_names_are_written_as_glib_writes_them() -> None:
    path = Path(os.fsdecode(b"/a b/!$&'()*+,-./:=@_~/%;?#[]\"<>\\^`{|}/caf\xe9.png"))
    assert uri_of(path) == (
        "file:///a%20b/!$&'()*+,-./:=@_~/%25%3B%3F%23%5B%5D%22%3C%3E%5C%5E%60%7B%7C%7D/caf%E9.png"
    )


def test_the_file_manager_finds_our_thumbnail(
    image_workers: ImageWorkers, caches: CacheFolders, shared: Path, tmp_path: Path
) -> None:
    path = photo(tmp_path)
    look(image_workers, caches, path)
    uri = f"file://{tmp_path}/a%20photo.jpg"
    thumbnail = shared / "large" / f"{hashlib.md5(uri.encode()).hexdigest()}.png"
    assert list(shared.rglob("*.*")) == [thumbnail]
    with Image.open(thumbnail) as image:
        assert (image.format, image.size) == ("PNG", (256, 192))
        assert image.info["Thumb::URI"] == uri
        assert image.info["Thumb::MTime"] == str(MODIFIED_S)
        assert image.info["Thumb::Size"] == str(path.stat().st_size)
        assert (image.info["Thumb::Image::Width"], image.info["Thumb::Image::Height"]) == ("800", "600")
    assert thumbnail.stat().st_mode & 0o777 == 0o600
    assert {folder.stat().st_mode & 0o777 for folder in (shared, shared / "large")} == {0o700}


def test_nothing_is_shared_that_a_file_manager_shows_otherwise(
    image_workers: ImageWorkers, caches: CacheFolders, shared: Path, tmp_path: Path
) -> None:
    glass = pictures.encoded(Image.new("RGBA", (800, 600), (1, 2, 3, 99)))
    look(image_workers, caches, saved(tmp_path / "transparent.png", glass))
    look(
        image_workers,
        caches,
        saved(tmp_path / "small.png", pictures.encoded(pictures.photo().resize((200, 200)))),
    )
    look(
        image_workers,
        caches,
        saved(tmp_path / "a.pdf", pdfs.pdf(pdfs.page_of_text("one"), pdfs.page_of_text("two"))),
        page=1,
    )
    fresh = tmp_path / "changed this second.png"
    fresh.write_bytes(pictures.encoded(pictures.photo().resize((800, 600))))
    os.utime(fresh, (time.time() + 3600, time.time() + 3600))
    look(image_workers, caches, fresh)
    assert not shared.exists()


def test_a_thumbnail_of_the_file_manager_is_seen_before_the_file_is_decoded(
    image_workers: ImageWorkers, caches: CacheFolders, shared: Path, tmp_path: Path
) -> None:
    path = photo(tmp_path)
    assert glance(image_workers, caches, path) is None
    made_by_another(shared, path)
    seen = glance(image_workers, caches, path)
    assert seen is not None
    assert (seen.width_px, seen.height_px) == (120, 90)
    assert pictures.nearly(pictures.decoded(seen.jpeg).getpixel((9, 9)), (255, 0, 0))


def test_a_valid_thumbnail_of_another_program_is_left_alone(
    image_workers: ImageWorkers, caches: CacheFolders, shared: Path, tmp_path: Path
) -> None:
    path = photo(tmp_path)
    thumbnail = made_by_another(shared, path)
    before = thumbnail.read_bytes()
    look(image_workers, caches, path)
    assert thumbnail.read_bytes() == before
    os.utime(path, (MODIFIED_S + 5, MODIFIED_S + 5))
    look(image_workers, caches, path)
    with Image.open(thumbnail) as image:
        assert image.info["Thumb::MTime"] == str(MODIFIED_S + 5)


@pytest.mark.parametrize(
    "fields",
    [
        {"Thumb::MTime": str(MODIFIED_S - 1)},
        {"Thumb::MTime": ""},
        {"Thumb::Size": "12"},
        {"Thumb::URI": "file:///home/jens/photos/me.png"},
    ],
)
def test_a_thumbnail_of_another_version_of_the_file_is_not_shown(
    image_workers: ImageWorkers, caches: CacheFolders, shared: Path, tmp_path: Path, fields: dict[str, str]
) -> None:
    path = photo(tmp_path)
    made_by_another(shared, path, **fields)
    assert glance(image_workers, caches, path) is None


def test_failures_of_other_programs_are_not_trusted(
    image_workers: ImageWorkers, caches: CacheFolders, shared: Path, tmp_path: Path
) -> None:
    path = photo(tmp_path)
    made_by_another(shared, path, size="fail/gnome-thumbnail-factory")
    assert glance(image_workers, caches, path) is None


def text_bomb() -> bytes:
    note = PngImagePlugin.PngInfo()
    note.add_text("Thumb::MTime", "1" * 50_000_000, zip=True)
    return pictures.encoded(Image.new("RGB", (9, 9)), pnginfo=note)


HOSTILE: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _thumbnail: b"",
    "cut": lambda thumbnail: thumbnail[:-40],
    "no png": lambda _thumbnail: pictures.encoded(pictures.photo(), "JPEG"),
    "claims": lambda _thumbnail: pictures.png_header(30_000, 30_000),
    "bomb": lambda _thumbnail: pictures.png_bomb(8_000, 8_000),
    "text bomb": lambda _thumbnail: text_bomb(),
    "too long": lambda thumbnail: thumbnail + bytes(5_000_000),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_thumbnail_is_passed_over(
    image_workers: ImageWorkers, caches: CacheFolders, shared: Path, tmp_path: Path, kind: str
) -> None:
    path = photo(tmp_path)
    thumbnail = made_by_another(shared, path)
    thumbnail.write_bytes(HOSTILE[kind](thumbnail.read_bytes()))
    assert glance(image_workers, caches, path) is None


def test_a_pipe_in_the_cache_holds_nobody_up(
    image_workers: ImageWorkers, caches: CacheFolders, shared: Path, tmp_path: Path
) -> None:
    path = photo(tmp_path)
    thumbnail = made_by_another(shared, path)
    thumbnail.unlink()
    os.mkfifo(thumbnail)
    assert glance(image_workers, caches, path) is None


def test_what_is_known_needs_no_glance(
    image_workers: ImageWorkers, caches: CacheFolders, shared: Path, tmp_path: Path
) -> None:
    path = photo(tmp_path)
    made_by_another(shared, path)
    until(lambda: time.time_ns() - path.stat().st_ctime_ns > 100_000_000, "the clock of the file system")
    look(image_workers, caches, path)
    assert glance(image_workers, caches, path) is None


@given(
    width_px=st.integers(1, 40), height_px=st.integers(1, 40), seed=st.integers(0, 2**32), flat=st.booleans()
)
def test_quick_pngs_are_read_back_to_the_pixel(width_px: int, height_px: int, seed: int, flat: bool) -> None:
    size = width_px, height_px
    noise = Image.frombytes("RGB", size, random.Random(seed).randbytes(3 * width_px * height_px))
    picture = noise.quantize(3).convert("RGB") if flat else noise
    with Image.open(
        io.BytesIO(quick_png(picture, {"Thumb::URI": "file:///caf%E9.png", "Software": "é"}))
    ) as read:
        read.load()
        assert (read.format, read.mode, read.size) == ("PNG", "RGB", size)
        assert read.tobytes() == picture.tobytes()
        assert read.info == {"Thumb::URI": "file:///caf%E9.png", "Software": "é"}

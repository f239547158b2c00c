"""How quickly the files of a folder are looked at, the first time and again, against one process of Pillow.

    .venv/bin/python -m tests.bench.thumbnails [PHOTOS]

12-megapixel JPEGs, a dozen of them made and the rest hard links. The naive program decodes each at an eighth
(`draft`), scales it and writes the very PNG that the file manager is given. Ours does what the window does
when a folder is opened: it looks at all files in batches, which writes that PNG too, hashes the file, reads
what it says, and keeps that and a thumbnail of 320 pixels. What is on the screen also has its pixels handed
over, one by one: `with_pixels` does so for all. The rounds alternate, so that both have the same computer;
the median counts. The rate needs both cores: where others use them, the processor time of either program, of
one process each, tells what it would be.
"""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from desktop.images.file_manager import WRITTEN
from desktop.images.inspect import CacheFolders, Inspection
from desktop.images.workers import ImageWorkers
from desktop.tasks.decoding import thumbnail_image
from desktop.tasks.gallery import THUMBNAIL_PX
from tests.bench.figures import print_figure, print_least
from tests.bench.photo_folder import fill, made

GOAL_RATE = 1.7
GOAL_AGAIN = 20.0
ROUNDS = 5
BATCH = 16

TITLES = (
    "pillow",
    "first_opening",
    "second_opening",
    "first_opening_with_pixels",
    "second_opening_with_pixels",
    "pillow_processor",
    "first_opening_processor",
)

NAIVE = """
import hashlib, os, sys, time
from pathlib import Path
from PIL import Image, PngImagePlugin
folder = Path(sys.argv[1])
folder.mkdir(mode=0o700)
began, used = time.perf_counter(), time.process_time()
for name in sys.argv[2:]:
    uri = Path(name).as_uri()
    with Image.open(name) as image:
        image.draft("RGB", (256, 256 * image.height // image.width))
        image.thumbnail((256, 256), reducing_gap=None)
        note = PngImagePlugin.PngInfo()
        note.add_text("Thumb::URI", uri)
        note.add_text("Thumb::MTime", str(int(os.stat(name).st_mtime)))
        target = folder / f"{hashlib.md5(uri.encode()).hexdigest()}.png"
        image.save(target.with_suffix(".part"), "PNG", compress_level=1, pnginfo=note)
    target.with_suffix(".part").rename(target)
print(time.perf_counter() - began, time.process_time() - used)
"""

OURS = """
import sys, time
from pathlib import Path
from desktop.images import jobs
from desktop.images.formats import prepare_pillow
from desktop.images.inspect import CacheFolders
folder = Path(sys.argv[1])
prepare_pillow()
jobs.inspect_file(Path(sys.argv[2]), 0, 320, CacheFolders(own=folder / "warm"))
caches = CacheFolders(own=folder / "own", shared=folder / "shared")
began, used = time.perf_counter(), time.process_time()
for name in sys.argv[2:]:
    jobs.inspect_file(Path(name), 0, 320, caches)
print(time.perf_counter() - began, time.process_time() - used)
"""


def alone(program: str, paths: Sequence[Path], folder: Path) -> tuple[float, float]:
    """Seconds of one process, and those in which it had the processor; its start not counted."""
    command = [sys.executable, "-c", program, str(folder), *map(str, paths)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    wall, used = map(float, done.stdout.split())
    return wall, used


def ours_s(workers: ImageWorkers, paths: Sequence[Path]) -> float:
    """Seconds until all files are looked at, as a folder is opened: facts here, thumbnails in the caches."""
    began = time.perf_counter()
    batches = [paths[at : at + BATCH] for at in range(0, len(paths), BATCH)]
    futures = [workers.look_at([(path, 0) for path in batch], thumbnail_px=THUMBNAIL_PX) for batch in batches]
    assert all(isinstance(found, Inspection) for future in futures for found in future.result())
    return time.perf_counter() - began


def with_pixels_s(workers: ImageWorkers, paths: Sequence[Path]) -> float:
    """Seconds until all files are looked at one by one, and their pixels are here, decoded."""
    began = time.perf_counter()
    for future in [workers.inspect(path, thumbnail_px=THUMBNAIL_PX) for path in paths]:
        assert not thumbnail_image(future.result().thumbnail).isNull()
    return time.perf_counter() - began


def one_round(paths: Sequence[Path], folder: Path) -> tuple[float, ...]:
    """Seconds of the naive program and of ours; processor seconds of both programs. See `TITLES`."""
    caches = CacheFolders(own=folder / "own", shared=folder / "shared")
    workers = ImageWorkers(caches=caches)
    try:
        warm = [workers.inspect(paths[0].with_name("missing"), thumbnail_px=8) for _ in range(16)]
        for future in warm:
            future.exception()
        naive, naive_used = alone(NAIVE, paths, folder / "naive")
        first = ours_s(workers, paths)
        again = min(ours_s(workers, paths) for _ in range(3))
        again_pixels = min(with_pixels_s(workers, paths) for _ in range(3))
    finally:
        workers.close()
    workers = ImageWorkers(caches=CacheFolders(own=folder / "own 2", shared=folder / "shared 2"))
    try:
        for future in [workers.inspect(paths[0].with_name("missing"), thumbnail_px=8) for _ in range(16)]:
            future.exception()
        first_pixels = with_pixels_s(workers, paths)
    finally:
        workers.close()
    written = len(list((folder / "shared" / WRITTEN).iterdir()))
    if written != len(paths):
        raise SystemExit(f"{written} thumbnails of {len(paths)} were written")
    _wall, used = alone(OURS, paths, folder / "alone")
    return naive, first, again, first_pixels, again_pixels, naive_used, used


def main() -> int:
    """Print the medians; status 1 if a goal is missed."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 96
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name).resolve()
        paths = fill(folder / "photos", list(made(min(12, count))), count)
        rounds = []
        for number in range(ROUNDS):
            (folder / str(number)).mkdir()
            rounds.append(one_round(paths, folder / str(number)))
    for title, times in zip(TITLES, zip(*rounds, strict=True), strict=True):
        print_figure(title, statistics.median(times) / count * 1000, "ms a photo")
    rate = statistics.median(naive / first for naive, first, *_rest in rounds)
    again = statistics.median(first / again for _naive, first, again, *_rest in rounds)
    reached = [
        print_least("thumbnails_to_pillow", rate, "times the rate", goal=GOAL_RATE),
        print_least("second_opening", again, "times faster", goal=GOAL_AGAIN),
    ]
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())

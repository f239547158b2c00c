"""Which changed copies of photos and screens are found, and which different pictures are mistaken for copies.

    .venv/bin/python -m tests.bench.near_copies [FOLDERS]

Photos of Debian's background packages (or of the folders given), of which copies are made: smaller, brighter,
of low quality, slightly cropped. Beside them pages of text, which must not be taken for each other. What is
not found counts less than what is mistaken.
"""

import io
import sys
import time
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path

from PIL import Image, ImageDraw, ImageEnhance

from desktop.core.near_copies import NearCopies
from desktop.images.fingerprint import fingerprint
from tests.bench.figures import print_figure, print_least
from tests.bench.scenes import FOLDERS

SIDE_PX = 320
MOST_PHOTOS = 60
SCREENS = 40
GOAL_FOUND = 0.9
GOAL_MISTAKEN = 0.001
Picture = Image.Image


def _quality(picture: Picture) -> Picture:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=35)
    return Image.open(io.BytesIO(out.getvalue())).convert("RGB")


def _cropped(picture: Picture) -> Picture:
    width, height = picture.size
    return picture.crop((width // 100, height // 100, width - width // 100, height - height // 100))


CHANGES: dict[str, Callable[[Picture], Picture]] = {
    "half_the_size": lambda picture: picture.resize((picture.width // 2, picture.height // 2)),
    "low_quality": _quality,
    "brighter": lambda picture: ImageEnhance.Brightness(picture).enhance(1.15),
    "one_per_cent_cropped": _cropped,
}


def photos(folders: list[Path]) -> Iterator[Picture]:
    """Different photos, no larger than a tile's thumbnail needs."""
    paths = sorted(path for folder in folders for path in folder.rglob("*.jp*g"))
    for path in paths[:MOST_PHOTOS]:
        picture = Image.open(path).convert("RGB")
        picture.thumbnail((1200, 1200))
        yield picture


def screens() -> Iterator[Picture]:
    """Pages of text that look alike from far away and say different things."""
    for number in range(SCREENS):
        page = Image.new("RGB", (900, 1200), "white")
        draw = ImageDraw.Draw(page)
        for line in range(48):
            words = (7 * number + 13 * line) % 11 + 3
            draw.text((60, 40 + 23 * line), "word " * words + str(number * line), fill="black")
        yield page


def small(picture: Picture) -> Picture:
    """As thumbnails are."""
    made = picture.copy()
    made.thumbnail((SIDE_PX, SIDE_PX))
    return made


def main() -> int:
    """Print the figures; status 1 if a goal is missed."""
    folders = [Path(name) for name in sys.argv[1:]] or [Path(folder) for folder in FOLDERS]
    real = list(photos(folders))
    pictures = [*real, *screens()]
    began = time.perf_counter()
    marks = [fingerprint(small(picture)) for picture in pictures]
    print_figure("fingerprint", 1000 * (time.perf_counter() - began) / len(pictures), "ms a picture")
    print_figure("pictures", len(pictures), "different ones")
    reached = []
    for name, change in CHANGES.items():
        found = [
            _is_found(mark, picture, change(picture)) for mark, picture in zip(marks, real, strict=False)
        ]
        reached.append(
            print_least(f"found: {name}", sum(found) / len(found), "of all photos", goal=GOAL_FOUND)
        )
    pairs = list(combinations(range(len(pictures)), 2))
    copies = NearCopies()
    for key, (mark, picture) in enumerate(zip(marks, pictures, strict=True)):
        copies.add(key, str(key), mark, picture.size)
    mistaken = sum(len(copies.copies_of(key)[1]) for key in range(len(pictures))) / 2
    reached.append(print_figure("mistaken", mistaken / len(pairs), "of all pairs", goal=GOAL_MISTAKEN))
    return 0 if all(reached) else 1


def _is_found(mark: int | None, picture: Picture, changed: Picture) -> bool:
    copies = NearCopies()
    copies.add(1, "a", mark, picture.size)
    copies.add(2, "b", fingerprint(small(changed)), changed.size)
    return copies.copies_of(1)[1] == (2,)


if __name__ == "__main__":
    sys.exit(main())

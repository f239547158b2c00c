"""What is sent against the naive way, the whole file in base64: bytes, seconds, tokens, likeness.

Seconds are those of the processor, so that a busy machine does not change them.

.venv/bin/python -m tests.bench.encode [folder with photos ...]
"""

import argparse
import base64
import io
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image

from desktop.core.catalog import Model
from desktop.core.image_tokens import image_tokens
from desktop.core.model import Detail
from desktop.core.planning import ImagePlan, plan_image
from desktop.images import pixels
from desktop.images.encode import encode
from desktop.images.finish import finished
from desktop.images.formats import prepare_pillow
from desktop.images.inspect import EncodedImage, Finish
from desktop.images.pages import open_page
from tests.bench import scenes
from tests.bench.figures import print_figure
from tests.bench.similarity import ssim
from tests.helpers.asking import CATALOG

T = TypeVar("T")


@dataclass(frozen=True, kw_only=True)
class Way:
    """A model at a detail, and how many times fewer bytes a photo must have there."""

    model: Model
    detail: Detail
    fewer: float | None

    @property
    def name(self) -> str:
        return f"{self.model.id}_{self.detail}"


WAYS = (
    Way(model=CATALOG.model("gpt-4.1"), detail=Detail.HIGH, fewer=10),
    Way(model=CATALOG.model("gpt-5.6-terra"), detail=Detail.HIGH, fewer=4),
    Way(model=CATALOG.model("gpt-6-astra"), detail=Detail.HIGH, fewer=4),
    Way(model=CATALOG.model("gpt-5.6-terra"), detail=Detail.ORIGINAL, fewer=None),
)
PHOTO_SSIM, SCREENSHOT_SSIM = 0.95, 0.99


def main() -> int:
    """Print all figures; status 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folders", nargs="*", type=Path, default=scenes.FOLDERS)
    folders = tuple(parser.parse_args().folders)
    prepare_pillow()
    reached = [measure("photo", name, data, PHOTO_SSIM) for name, data in scenes.photos(folders)]
    reached += [measure("screenshot", name, data, SCREENSHOT_SSIM) for name, data in scenes.screenshots()]
    return 0 if all(reached) else 1


def measure(kind: str, name: str, data: bytes, least_ssim: float) -> bool:
    """Print the figures of one file at every model and detail; whether all goals are reached."""
    width, height = open_page(data, name=name).size
    naive_s, _naive = timed(lambda: base64.b64encode(data))
    print(f"\n{kind}: {name}, {width}x{height}, {len(data) / 1e6:.2f} MB; naive {naive_s * 1000:.0f} ms")
    reached = [compare(kind, data, (width, height), way, least_ssim) for way in WAYS]
    return all(reached)


def compare(kind: str, data: bytes, size: tuple[int, int], way: Way, least_ssim: float) -> bool:
    """Print the figures of one file for one model and detail; whether the goals are reached."""
    plan = plan_image(way.model, *size, way.detail)
    seconds, encoded = timed(lambda: sent(data, plan))
    plain_s, _plain = timed(lambda: plain(data, plan))
    name = f"  {way.name}"
    print(
        f"{name}: {plan.width_px}x{plan.height_px} {encoded.sent.media_type}, "
        f"{encoded.sent.size_bytes / 1e3:.0f} kB, {plan.tokens} tokens"
    )
    found = [
        least(
            f"{name}_times_fewer_bytes", len(data) / len(encoded.data), way.fewer if kind == "photo" else None
        ),
        least(f"{name}_ssim", likeness(data, plan, encoded), least_ssim),
        print_figure(f"{name}_tokens_off", tokens_off(way, size, encoded), "tokens", goal=0),
    ]
    print_figure(f"{name}_encode", seconds * 1000, "ms")
    print_figure(f"{name}_encode_to_plain_pillow", seconds / plain_s, "of its time")
    if kind == "photo":
        with without_draft():
            whole_s, _whole = timed(lambda: sent(data, plan))
        print_figure(f"{name}_without_draft", whole_s / seconds, "times as long")
    return all(found)


def tokens_off(way: Way, size: tuple[int, int], encoded: EncodedImage) -> int:
    """By how many tokens what is sent differs from the whole file, by the model's rule."""
    source = image_tokens(way.model, *size, way.detail)
    found = image_tokens(way.model, encoded.sent.width_px, encoded.sent.height_px, way.detail)
    if source is None or found is None:
        raise ValueError(way)
    return abs(source.tokens - found.tokens)


def least(name: str, value: float, goal: float | None) -> bool:
    """Print a figure that must be at least ``goal``; whether it is."""
    print(f"{name} {value:.4f}" if goal is None else f"{name} {value:.4f}, goal >= {goal:g}")
    return goal is None or value >= goal


def timed(run: Callable[[], T]) -> tuple[float, T]:
    """The better of two, in seconds, and the result."""
    best = float("inf")
    for _ in range(2):
        began = time.process_time()
        result = run()
        best = min(best, time.process_time() - began)
    return best, result


def sent(data: bytes, plan: ImagePlan) -> EncodedImage:
    """As a worker does it."""
    page = open_page(data, name="")
    return encode(finished(page, Finish(width_px=plan.width_px, height_px=plan.height_px)))


def plain(data: bytes, plan: ImagePlan) -> bytes:
    """As a few lines of Pillow do it."""
    image = Image.open(io.BytesIO(data)).convert("RGB")
    out = io.BytesIO()
    kind = "JPEG" if data.startswith(b"\xff\xd8") else "PNG"
    image.resize((plan.width_px, plan.height_px), Image.Resampling.LANCZOS).save(out, kind, quality=90)
    return out.getvalue()


def likeness(data: bytes, plan: ImagePlan, encoded: EncodedImage) -> float:
    """Structural similarity of the brightness: what the encoder was given, and the sent bytes decoded."""
    given = finished(open_page(data, name=""), Finish(width_px=plan.width_px, height_px=plan.height_px))
    found = Image.open(io.BytesIO(encoded.data))
    first, second = (np.asarray(image.convert("RGB").convert("L"), np.float32) for image in (given, found))
    return ssim(first, second)


@contextmanager
def without_draft() -> Iterator[None]:
    """The JPEG decoder decodes every pixel."""
    draft, pixels.draft = pixels.draft, lambda *_arguments, **_options: 1
    try:
        yield
    finally:
        pixels.draft = draft


if __name__ == "__main__":
    sys.exit(main())

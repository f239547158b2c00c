"""How long the viewer waits for the text of a 12-megapixel photo and of an A4 scan, upright and turned.

The reader's real process, started already; its start is told apart.

.venv/bin/python -m tests.bench.reading
"""

import asyncio
import time

from PIL import Image

from desktop.engines.on_device.engine import OnDeviceEngine
from tests.bench.figures import print_figure
from tests.helpers import pictures
from tests.helpers.sensitive_pages import drawn

A4_300_DPI = 2480, 3508


def scan() -> Image.Image:
    """A page of 66 lines."""
    page = Image.new("RGB", A4_300_DPI, "white")
    half = drawn("half", 22).picture.resize((1980, 1754))
    page.paste(half, (200, 0))
    page.paste(half, (200, 1754))
    return page


async def measure() -> None:
    """Print seconds by picture."""
    engine = OnDeviceEngine(idle_s=600)
    page = scan()
    for name, picture in (
        ("first_words_with_start", pictures.text_page("ready")),
        ("photo_12_megapixels", pictures.photo(4032, 3024)),
        ("a4_300_dpi", page),
        ("a4_turned_90", page.transpose(Image.Transpose.ROTATE_270)),
        ("a4_turned_180", page.transpose(Image.Transpose.ROTATE_180)),
    ):
        data = pictures.encoded(picture)
        began = time.perf_counter()
        await engine.read_page(data, page_px=picture.size, name=name)
        print_figure(name, time.perf_counter() - began, "s")
    await engine.close()


if __name__ == "__main__":
    asyncio.run(measure())

"""How long conversations take to leave as a .sightline file and to come in, and how the window fares.

.venv/bin/python -m tests.bench.exchange

Each is held against the same run's bare work: the same bytes into a zip, and the same images synced to the
disk one by one. The holds are those of an event loop that only ticks, while the exchange thread works.
"""

import io
import os
import sys
import tempfile
import time
import zipfile
from pathlib import Path
from random import Random

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PIL import Image
from PySide6.QtCore import QCoreApplication, QEventLoop, QTimer

from desktop.asking.exporting_conversations import export_conversations
from desktop.core.archive import ExportFormat, ExportWish
from desktop.store.files import write_durably
from desktop.store.store import Store
from desktop.tasks.delivery import Delivery
from desktop.tasks.exchange import ExchangeTasks
from tests.bench.figures import print_figure
from tests.helpers.archives import asked, follow
from tests.helpers.history import opened

CONVERSATIONS = 300
TURNS = 3
SIDE_PX = 180
TICK_MS = 2
SWITCH_S = 0.001
"""As `app` tunes the interpreter."""


def _noise(random: Random) -> bytes:
    out = io.BytesIO()
    size = SIDE_PX, SIDE_PX
    Image.frombytes("RGB", size, random.randbytes(3 * SIDE_PX * SIDE_PX)).save(out, "PNG")
    return out.getvalue()


def _fill(store: Store) -> list[bytes]:
    random = Random(7)
    pictures = [_noise(random) for _number in range(CONVERSATIONS)]
    for number, picture in enumerate(pictures):
        done = asked(store, f"What is on image {number}?", picture, answer="**Nothing** but noise. " * 80)
        for turn in range(TURNS - 1):
            done = follow(store, done, f"And turn {turn}?", "Still nothing but noise. " * 80)
    return pictures


def _timed_import(path: Path, store: Store) -> tuple[float, list[float]]:
    """Seconds, and how late each tick of the event loop came, in milliseconds."""
    delivery = Delivery()
    exchange = ExchangeTasks(store, delivery)
    loop = QEventLoop()
    late: list[float] = []
    last = time.perf_counter()

    def tick() -> None:
        nonlocal last
        now = time.perf_counter()
        late.append(max(0.0, 1000 * (now - last) - TICK_MS))
        last = now

    timer = QTimer(interval=TICK_MS)
    timer.timeout.connect(tick)
    timer.start()
    began = time.perf_counter()
    exchange.import_file(path, lambda _outcome: loop.quit(), lambda trouble: sys.exit(str(trouble)))
    loop.exec()
    taken = time.perf_counter() - began
    timer.stop()
    exchange.close()
    delivery.close()
    return taken, sorted(late)


def _bare_zip(folder: Path, source: Path) -> float:
    with zipfile.ZipFile(source) as archive:
        entries = [(info, archive.read(info)) for info in archive.infolist()]
    began = time.perf_counter()
    with zipfile.ZipFile(folder / "bare.zip", "w") as archive:
        for info, data in entries:
            archive.writestr(info.filename, data, info.compress_type)
    return time.perf_counter() - began


def _bare_files(folder: Path, pictures: list[bytes]) -> float:
    place = folder / "bare"
    place.mkdir()
    began = time.perf_counter()
    for number, picture in enumerate(pictures):
        write_durably(place / f"{number}.png", picture, temporary=place / f"{number}.part")
    return time.perf_counter() - began


def main() -> int:
    """Print the figures; 1 where a goal is missed."""
    QCoreApplication.instance() or QCoreApplication([])
    sys.setswitchinterval(SWITCH_S)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        target = folder / "all.sightline"
        with opened(folder / "a") as store:
            pictures = _fill(store)
            began = time.perf_counter()
            export_conversations(ExportWish(format=ExportFormat.ZIP, target=target), store)
            exported = time.perf_counter() - began
        print_figure("export_300", exported, "s")
        print_figure("export_to_bare_zip", exported / _bare_zip(folder, target), "times")
        with opened(folder / "b") as store:
            imported, late = _timed_import(target, store)
            again, _late = _timed_import(target, store)
        print_figure("import_300", imported, "s")
        print_figure("import_to_bare_files", imported / _bare_files(folder, pictures), "times")
        print_figure("import_300_again", again, "s")
        reached = print_figure("hold_p99", late[int(0.99 * (len(late) - 1))], "ms", goal=16)
        print_figure("hold_most", late[-1], "ms")
    return 0 if reached else 1


if __name__ == "__main__":
    sys.exit(main())

"""A disk that fills up, in many sizes: nothing that was stored is lost, it is said, and deleting works.

    sudo .venv/bin/python -m tests.bench.full_disk [SIZES]

Each size is a tmpfs of its own, which only root may mount. Questions with answers of all lengths are stored
until there is no room; then another program takes the rest, something is deleted, and the history is opened
again.
"""

import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from desktop.core.model import AnswerState, Conversation
from desktop.core.problems import Code, ProblemError
from desktop.store.store import Store
from tests.bench.figures import print_figure
from tests.helpers.history import answered, ask, opened

SIZES = 60
SMALLEST_KB, STEP_KB = 300, 190
"""From hardly any room at all to 11 MB: below and above that of the reserve."""


@contextmanager
def disk(folder: Path, size_kb: int) -> Iterator[None]:
    """A disk of this size at ``folder``."""
    folder.mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size_kb}k", "tmpfs", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def fill(store: Store, chance: random.Random, stored: dict[int, str]) -> tuple[Code | None, float]:
    """Ask and answer until something cannot be stored; why, and how long it took to know."""
    for number in range(5000):
        began = time.monotonic()
        text = f"answer {number} " * chance.randrange(1, 3000)
        try:
            running = ask(store, f"question {number}", chance.randbytes(chance.randrange(1, 60_000)))
            done = store.finish(answered(running, text), ()).result()
        except ProblemError as error:
            return error.problem.code, time.monotonic() - began
        stored[done.id] = text
    return None, 0.0


@dataclass
class Seen:
    """What all disks have shown; ``deleted`` by whether there was a reserve, and whether it worked."""

    slowest_s: float = 0.0
    stood_in: int = 0
    deleted: Counter[tuple[bool, bool]] = field(default_factory=Counter)


def faults_of(folder: Path, chance: random.Random, seen: Seen) -> list[str]:
    """What is wrong on one disk."""
    stored: dict[int, str] = {}
    faults: list[str] = []
    with opened(folder) as store:
        if Code.NOTHING_STORED in {notice.code for notice in store.notices}:
            seen.stood_in += 1
            return faults
        code, took_s = fill(store, chance, stored)
        seen.slowest_s = max(seen.slowest_s, took_s)
        if code is not Code.DISK_FULL:
            faults.append(f"the full disk is called {code}")
        faults += _compare(store, stored)
        if stored:
            gone = max(stored)
            has_reserve = (folder / "sightline.reserve").exists()
            _crowd(folder.parent / "of another program")
            error = store.delete(gone).exception()
            seen.deleted[has_reserve, error is None] += 1
            if error is None:
                del stored[gone]
            elif has_reserve:
                faults.append(f"deleting fails: {error}")
            (folder.parent / "of another program").unlink()
    with opened(folder) as store:
        if Code.NOTHING_STORED in {notice.code for notice in store.notices}:
            faults.append("after deleting it cannot be written")
        faults += _compare(store, stored)
    return faults


def _crowd(path: Path) -> None:
    """Another program takes the last byte."""
    with suppress(OSError), path.open("wb", buffering=0) as file:
        for size in (100_000, 4096, 1):
            with suppress(OSError):
                while file.write(bytes(size)):
                    pass


def _compare(store: Store, stored: dict[int, str]) -> list[str]:
    found = {row.id for row in store.summaries().result()}
    faults = [f"conversation {number} is lost" for number in stored.keys() - found]
    for number in stored.keys() & found:
        conversation: Conversation = store.conversation(number).result()
        answer = conversation.messages[-1]
        if (answer.text, answer.state) != (stored[number], AnswerState.COMPLETE):
            faults.append(f"answer of {number} is lost: {answer.state}")
        images = [attachment.sent for attachment in conversation.attachments() if attachment.sent]
        if not images or not all(store.image_bytes(sent).result() for sent in images):
            faults.append(f"an image of {number} is lost")
    return faults


def main() -> int:
    """Print the figures; status 1 if a goal is missed."""
    sizes = int(sys.argv[1]) if len(sys.argv) > 1 else SIZES
    faults, seen = 0, Seen()
    with tempfile.TemporaryDirectory(prefix="sightline-full-") as root:
        for number in range(sizes):
            size_kb = SMALLEST_KB + number * STEP_KB
            with disk(Path(root) / "disk", size_kb):
                found = faults_of(Path(root) / "disk" / "data", random.Random(number), seen)
            faults += bool(found)
            for fault in found[:3]:
                print(f"{size_kb} KB: {fault}", flush=True)
    print_figure("sizes", sizes, "sizes")
    print_figure("too_small_for_a_history", seen.stood_in, "sizes")
    print_figure("deleted_with_reserve", seen.deleted[True, True], "sizes")
    print_figure("deleted_without_reserve", seen.deleted[False, True], "sizes")
    print_figure("not_deleted_without_reserve", seen.deleted[False, False], "sizes")
    reached = [
        print_figure("message_after", seen.slowest_s, "s", goal=1),
        print_figure("sizes_with_a_fault", faults, "sizes", goal=0),
    ]
    return 0 if all(reached) else 1


if __name__ == "__main__":
    sys.exit(main())

"""Damaged histories: a whole one, ways to damage its file, and what must be found in it afterwards."""

import random
import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from desktop.core.model import AnswerState, Message
from desktop.core.problems import Code
from desktop.store.opening import DATABASE
from desktop.store.pages import DamagedFile, Found
from desktop.store.store import Store
from tests.helpers.gallery_items import item
from tests.helpers.history import answered, ask, opened

PAGE = 4096


@dataclass(frozen=True)
class Whole:
    """A history that is all right.

    Attributes:
        folder: its data folder.
        data: the database file, with no log beside it.
        texts: every message, by id.
        pages: the pages that each message lies on, by id.
    """

    folder: Path
    data: bytes
    texts: dict[int, str]
    pages: dict[int, frozenset[int]]


def make_whole(folder: Path, *, conversations: int = 60, longest: int = 3000) -> Whole:
    """Conversations with one to four answers of all lengths, images, a gallery, texts and a draft."""
    chance = random.Random(7)
    texts: dict[int, str] = {}
    with opened(folder) as store:
        for number in range(conversations):
            kept = 0
            for turn in range(chance.randrange(1, 5)):
                images = [f"image {number} {turn}".encode()] if turn == 0 or chance.random() < 0.3 else []
                asked = f"Question {number}.{turn}: what is it? " * chance.randrange(1, 5)
                running = ask(store, asked, *images, conversation_id=kept)
                text = f"Answer {number}.{turn}. " * chance.randrange(1, longest // 12)
                done = store.finish(answered(running, text), ()).result()
                kept = done.id
            texts.update((message.id, message.text) for message in done.messages)
        store.change_gallery(put=[item(number) for number in range(200)]).result()
        for number in range(20):
            store.keep_text(f"{number:064x}:0", "found text " * 50).result()
    path = folder / DATABASE
    return Whole(folder, path.read_bytes(), texts, _pages_of_messages(path))


def _pages_of_messages(path: Path) -> dict[int, frozenset[int]]:
    with closing(sqlite3.connect(path)) as connection:
        root = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'message'").fetchone()[0]
    places: dict[int, frozenset[int]] = {}
    with closing(DamagedFile(path)) as file:
        for leaf in _leaves(file, root):
            page, head, kind = file._tree_page(leaf)
            for cell in file._cells(page, head):
                chain = Found()
                row = file._row(page, cell, kind, chain)
                assert row.rowid is not None
                places[row.rowid] = frozenset({leaf, *chain.overflow})
    return places


def _leaves(file: DamagedFile, root: int) -> list[int]:
    page, head, kind = file._tree_page(root)
    if kind == 0x0D:
        return [root]
    return [leaf for child in file._children(page, head, Found()) for leaf in _leaves(file, child)]


# Ways to damage


def _flip(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randrange(1, 60)):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)


def _zero_pages(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randrange(1, 8)):
        _fill(data, chance.randrange(len(data) // PAGE) * PAGE, PAGE, b"\0")


def _zero_sector(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randrange(1, 8)):
        _fill(data, chance.randrange(len(data) // 512) * 512, 512, b"\0")


def _noise(data: bytearray, chance: random.Random) -> None:
    at = chance.randrange(len(data) - 20_000)
    data[at : at + 20_000] = chance.randbytes(20_000)


def _cut(data: bytearray, chance: random.Random) -> None:
    del data[chance.randrange(1, len(data)) :]


def _swap(data: bytearray, chance: random.Random) -> None:
    for _ in range(chance.randrange(1, 6)):
        one, other = (chance.randrange(len(data) // PAGE) * PAGE for _ in range(2))
        data[one : one + PAGE], data[other : other + PAGE] = (
            data[other : other + PAGE],
            data[one : one + PAGE],
        )


def _header(data: bytearray, chance: random.Random) -> None:
    data[:100] = chance.randbytes(100)


def _first_page(data: bytearray, _chance: random.Random) -> None:
    _fill(data, 0, PAGE, b"\0")


def _numbers(data: bytearray, chance: random.Random) -> None:
    """Page numbers, sizes and counts, as a wild write would hit them."""
    for _ in range(chance.randrange(1, 6)):
        at = chance.randrange(len(data) // PAGE) * PAGE + chance.randrange(0, 40)
        data[at : at + 4] = chance.randbytes(4)


def _foreign(data: bytearray, chance: random.Random) -> None:
    """A part of another file, as after a repair of the file system."""
    at = chance.randrange(len(data) // PAGE) * PAGE
    _fill(data, at, min(40_000, len(data) - at), b"<p>This is no database.</p>\n")


def _fill(data: bytearray, at: int, size: int, content: bytes) -> None:
    data[at : at + size] = (content * (size // len(content) + 1))[:size]


DAMAGES: tuple[Callable[[bytearray, random.Random], None], ...] = (
    _flip,
    _zero_pages,
    _zero_sector,
    _noise,
    _cut,
    _swap,
    _header,
    _first_page,
    _numbers,
    _foreign,
)


def damaged(whole: Whole, number: int) -> tuple[str, bytes]:
    """The name of a kind of damage, and the file with it; the same for the same number."""
    damage = DAMAGES[number % len(DAMAGES)]
    data = bytearray(whole.data)
    damage(data, random.Random(number))
    return damage.__name__.strip("_"), bytes(data)


def untouched(whole: Whole, data: bytes) -> dict[int, str]:
    """The messages of which every page is as it was."""
    same = {
        number + 1
        for number in range(len(whole.data) // PAGE)
        if data[number * PAGE : (number + 1) * PAGE] == whole.data[number * PAGE : (number + 1) * PAGE]
    }
    return {number: whole.texts[number] for number, pages in whole.pages.items() if pages <= same}


@dataclass
class Outcome:
    """What became of one damaged file.

    Attributes:
        noticed: the damage was seen when it was opened.
        readable: so many messages lay on pages that are as they were.
        found: so many of all messages are there and as they were.
        open_s: until the list of conversations could be shown.
        faults: what must not be.
    """

    noticed: bool = False
    readable: int = 0
    found: int = 0
    open_s: float = 0.0
    faults: list[str] = field(default_factory=list)


def open_damaged(whole: Whole, data: bytes, folder: Path) -> Outcome:
    """Open a copy of the history with this file in it, and look at everything."""
    folder.mkdir(mode=0o700)
    (folder / DATABASE).write_bytes(data)
    shutil.copytree(whole.folder / "images", folder / "images")
    outcome = Outcome()
    began = time.perf_counter()
    store = Store(folder)
    try:
        store.open().result()
        store.summaries().result()
        outcome.open_s = time.perf_counter() - began
        _look(store, whole, data, outcome)
    except Exception as error:
        outcome.faults.append(f"{type(error).__name__}: {error}")
    finally:
        store.close()
    _check_files(whole, data, folder, outcome)
    return outcome


def _look(store: Store, whole: Whole, data: bytes, outcome: Outcome) -> None:
    codes = {notice.code for notice in store.notices}
    outcome.noticed = bool(codes & {Code.DATABASE_DAMAGED, Code.DATABASE_SALVAGED})
    readable = untouched(whole, data)
    messages: dict[int, Message] = {}
    for summary in store.summaries().result():
        messages.update(_all_versions(store, summary.id))
    outcome.readable = len(readable)
    for number, text in whole.texts.items():
        there = messages.get(number)
        as_it_was = there is not None and there.text == text
        outcome.found += as_it_was
        if number in readable and not as_it_was:
            outcome.faults.append(f"message {number} is readable, and is {'another' if there else 'missing'}")
        if there is not None and not as_it_was and there.state is AnswerState.COMPLETE:
            outcome.faults.append(f"message {number} is another one and looks whole")
    store.gallery().result()
    store.asked().result()
    running = ask(store, "Life goes on", b"a new image")
    store.finish(answered(running), ()).result()
    store.delete(running.id).result()


def _all_versions(store: Store, conversation_id: int) -> dict[int, Message]:
    """The messages of a conversation; damage may have made versions of them."""
    shown = store.conversation(conversation_id).result()
    others = {number for ids in shown.versions for number in ids}
    found = {message.id: message for message in shown.messages}
    while left := others - found.keys():
        branch = store.conversation(conversation_id, leaf=left.pop()).result()
        found.update((message.id, message) for message in branch.messages)
        others |= {number for ids in branch.versions for number in ids}
    return found


def _check_files(whole: Whole, data: bytes, folder: Path, outcome: Outcome) -> None:
    kept = [p for p in folder.glob(f"{DATABASE}.damaged-*") if not p.name.endswith(("-wal", "-shm"))]
    if outcome.noticed and [path.read_bytes() for path in kept] != [data]:
        outcome.faults.append(f"the damaged file was not kept as it was: {kept}")
    left = [p.name for p in folder.rglob("*") if ".part" in p.name or ".salvaged" in p.name]
    if left:
        outcome.faults.append(f"left over: {left}")
    images = {p.name for p in (whole.folder / "images").rglob("*") if p.is_file()}
    if lost := images - {p.name for p in (folder / "images").rglob("*")}:
        outcome.faults.append(f"image files were deleted: {len(lost)}")
    with closing(sqlite3.connect(folder / DATABASE)) as connection:
        if outcome.noticed and connection.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            outcome.faults.append("the new history is damaged")
        if outcome.noticed and connection.execute("PRAGMA foreign_key_check").fetchall():
            outcome.faults.append("the new history has dangling rows")

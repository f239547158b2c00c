"""How long the gallery's rows, the map of asked images and read texts take in the database.

.venv/bin/python -m tests.bench.gallery_store

Each is held against the same run's bare sqlite3: the same rows by the shortest way, nothing made of them.
"""

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from desktop.core.asked import Asked
from desktop.core.gallery_items import GalleryItem
from desktop.store.store import Store
from desktop.tasks.delivery import Delivery
from desktop.tasks.workbench import SLICE, WorkbenchTasks
from tests.bench.figures import print_figure
from tests.helpers.history import ask, opened

ITEMS = 10_000
REQUESTS = 100_000
WORDS = "Invoice 2026-0117 to be paid within 30 days, VAT included. " * 17
"""A thousand characters: a page of large print, or a screenshot."""

Work = Callable[[], object]


def _median_ms(work: Work, times: int = 5) -> float:
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        work()
        taken.append(1000 * (time.perf_counter() - began))
    return sorted(taken)[times // 2]


def _compare(name: str, work: Work, bare: Work, *, goal: float) -> bool:
    ours, theirs = _median_ms(work), _median_ms(bare)
    reached = print_figure(f"{name}", ours, "ms", goal=goal)
    print_figure(f"bare_{name}", theirs, "ms")
    print_figure(f"{name}_to_bare", ours / theirs, "times")
    return reached


def _items() -> list[GalleryItem]:
    folder = Path("/home/somebody/Pictures/2026")
    return [GalleryItem(file=number, page=0, path=folder / f"IMG_{number:05}.jpg") for number in range(ITEMS)]


def _source(number: int) -> str:
    return f"{number:064x}"


def _fill_ledger(connection: sqlite3.Connection) -> None:
    """Conversations of five requests; every second one is about two images, each image is in three."""
    message = attachment = request = 0
    for conversation in range(1, REQUESTS // 5 + 1):
        connection.execute(
            "INSERT INTO conversation (id, title, created_at) VALUES (?, ?, '')",
            (conversation, f"What is the total of {conversation}?"),
        )
        images: list[int] = []
        for turn in range(5):
            message += 1
            _insert_message(connection, message, conversation, "user")
            for part in range(1 + conversation % 2 if turn == 0 else 0):
                attachment += 1
                _insert_attachment(connection, attachment, message, (conversation * 7 + part * 3) % ITEMS)
                images.append(attachment)
            message += 1
            _insert_message(connection, message, conversation, "assistant")
            request += 1
            connection.execute(
                "INSERT INTO usage (id, message_id, created_at, provider, model, images, sent_bytes,"
                " cost_usd) VALUES (?, ?, '2026', 'openai', 'm', ?, 20000, '0.002134')",
                (request, message, len(images)),
            )
            connection.executemany(
                "INSERT INTO usage_image (usage_id, attachment_id, detail, carried, cost_usd, sent_bytes,"
                " source_bytes) VALUES (?, ?, 'high', 0, ?, 20000, 214000)",
                [(request, image, f"0.00{1000 + (request * 37 + image) % 700}") for image in images],
            )


def _insert_message(connection: sqlite3.Connection, number: int, conversation: int, role: str) -> None:
    connection.execute(
        "INSERT INTO message (id, conversation_id, role, text, state, created_at)"
        " VALUES (?, ?, ?, ?, 'complete', '')",
        (number, conversation, role, "some words of a question or an answer " * 12),
    )


def _insert_attachment(connection: sqlite3.Connection, number: int, message: int, image: int) -> None:
    connection.execute(
        "INSERT INTO attachment (id, message_id, detail, source_path, source_name, source_sha256,"
        " source_bytes, source_modified_ns, source_format, source_width_px, source_height_px, source_frames,"
        " source_has_alpha, source_metadata)"
        " VALUES (?, ?, 'high', x'2f686f6d65', 'IMG.jpg', ?, 1, 1, 'JPEG', 4000, 3000, 1, 0, '[]')",
        (number, message, _source(image)),
    )


def _gallery(store: Store, bare: sqlite3.Connection) -> bool:
    items = _items()
    rows = [(i.file, i.page, bytes(i.path), None, "", None, None, 0, None) for i in items]

    def write_bare() -> None:
        bare.execute("BEGIN")
        bare.executemany("INSERT OR REPLACE INTO gallery_item VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)
        bare.execute("COMMIT")

    def read_bare() -> None:
        bare.execute("SELECT * FROM gallery_item ORDER BY file, page").fetchall()

    def write() -> None:
        store.change_gallery(put=items).result()

    answer_id = ask(store, "?").messages[-1].id
    write()
    writing = store.change_gallery(put=items)
    # An answer that is to be stored just when the rows are written.
    waited = _median_ms(lambda: store.checkpoint(answer_id, "text").result(), 1)
    writing.result()
    return all(
        (
            _compare("write_10000_rows", write, write_bare, goal=200),
            _compare("read_10000_rows", lambda: store.gallery().result(), read_bare, goal=200),
            print_figure("answer_waits_while_they_are_written", waited, "ms", goal=100),
        )
    )


def _asked(store: Store, bare: sqlite3.Connection) -> bool:
    store._write(_fill_all).result()
    bare.execute("PRAGMA wal_checkpoint").fetchone()

    def read_bare() -> None:
        bare.execute("SELECT attachment_id, usage_id, cost_usd FROM usage_image").fetchall()
        bare.execute("SELECT id, source_sha256, source_page, message_id FROM attachment").fetchall()

    reached = _compare("asked_of_100000_requests", lambda: store.asked().result(), read_bare, goal=300)
    some = [_source(number) for number in range(20)]
    print_figure("asked_about_20_images", _median_ms(lambda: store.asked_about(some).result()), "ms")
    return reached


def _fill_all(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN")
    _delete_all(connection)
    _fill_ledger(connection)
    connection.executemany(
        "INSERT INTO found_text (source_id, text) VALUES (?, ?)",
        [(_source(number), f"{number} {WORDS}") for number in range(ITEMS)],
    )
    connection.execute("COMMIT")


def _delete_all(connection: sqlite3.Connection) -> None:
    for table in ("conversation", "usage"):
        connection.execute(f"DELETE FROM {table}")


def _texts(store: Store, bare: sqlite3.Connection) -> bool:
    ids = [_source(number) for number in range(ITEMS)]

    def read_bare() -> None:
        bare.execute("SELECT * FROM found_text").fetchall()

    reached = _compare("read_10000_texts", lambda: store.texts(ids).result(), read_bare, goal=200)
    print_figure("unread_of_10000", _median_ms(lambda: store.unread(ids).result()), "ms")
    return reached


def _window(store: Store) -> bool:
    """What the window's own thread does of it."""
    tasks = WorkbenchTasks(store, Delivery())
    tasks._readable = True
    items = _items()
    put = _median_ms(lambda: tasks.put(items))
    tasks._write_soon.stop()
    tasks._changed.clear()

    def hand_over() -> None:
        tasks._left = items[:SLICE]
        tasks._on_breath()

    slice_ms = _median_ms(hand_over)
    tasks._write_soon.stop()
    tasks._asked = store.asked().result()
    known: dict[str, Asked] = dict(tasks._asked)
    some = {_source(number): known[_source(number)] for number in range(20)}
    tasks._closed = True
    deleted = _median_ms(lambda: tasks.note_deletion(7))
    merged = _median_ms(lambda: tasks._on_asked(set(some), {}))
    return all(
        (
            print_figure("window_put_10000_at_once", put, "ms", goal=8),
            print_figure("window_slice_handed_over", slice_ms, "ms", goal=8),
            print_figure("window_finds_images_of_a_deleted_conversation", deleted, "ms", goal=8),
            print_figure("window_takes_changes_of_10000_asked", merged, "ms", goal=8),
        )
    )


def main() -> int:
    """Print the medians; status 1 if a goal is missed."""
    from PySide6.QtCore import QCoreApplication

    application = QCoreApplication([])
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as store:
        path = store.folder / "sightline.db"
        with closing(sqlite3.connect(path, isolation_level=None)) as bare:
            bare.execute("PRAGMA synchronous = FULL")
            parts = [_gallery(store, bare), _asked(store, bare), _texts(store, bare)]
        parts.append(_window(store))
    application.processEvents()
    return 0 if all(parts) else 1


if __name__ == "__main__":
    sys.exit(main())

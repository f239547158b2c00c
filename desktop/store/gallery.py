"""The images at hand as rows: SQL as functions of a connection."""

import sqlite3
from collections.abc import Callable, Sequence
from functools import partial

from desktop.core.edits import Edits, decode_edits, encode_edits
from desktop.core.gallery_items import GalleryItem, ItemPlace
from desktop.core.model import Detail
from desktop.store import rows
from desktop.store.connections import transaction

ROWS_AT_ONCE = 2_000
"""More are written in several transactions, between which an answer may be stored."""

_UNCHANGED = Edits()
_ALL = "SELECT * FROM gallery_item ORDER BY file, page"
_DOUBTFUL = "SELECT * FROM gallery_item WHERE edits <> '' OR page < 0 OR path = x'' OR instr(path, x'00')"
_PUT = """
    INSERT OR REPLACE INTO gallery_item (file, page, path, detail, edits, edited_sha256, url, as_link, once)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
"""
_REMOVE = "DELETE FROM gallery_item WHERE file = ? AND page = ?"


def read_gallery(connection: sqlite3.Connection) -> tuple[GalleryItem, ...]:
    """All items, in the order in which they were added.

    One whose edits cannot be read is left out: it must not come back with less blacked out than before.
    """
    return tuple(item for row in connection.execute(_ALL) if (item := _item(row)) is not None)


def read_lost(connection: sqlite3.Connection) -> tuple[ItemPlace, ...]:
    """Where the rows are that `read_gallery` leaves out."""
    return tuple((row["file"], row["page"]) for row in connection.execute(_DOUBTFUL) if _item(row) is None)


def changes(
    put: Sequence[GalleryItem], removed: Sequence[ItemPlace]
) -> list[Callable[[sqlite3.Connection], None]]:
    """Transactions that keep ``put``, in place of what was at their files and pages, and forget ``removed``.

    A place that is in both is kept. What is put comes first: a crash between two transactions may leave an
    image twice, and loses none.
    """
    kept = {(item.file, item.page) for item in put}
    gone = [place for place in removed if place not in kept]
    steps: list[GalleryItem | ItemPlace] = [*put, *gone]
    return [
        partial(_change, part=steps[start : start + ROWS_AT_ONCE])
        for start in range(0, len(steps), ROWS_AT_ONCE)
    ]


def _change(connection: sqlite3.Connection, part: Sequence[GalleryItem | ItemPlace]) -> None:
    with transaction(connection):
        items = (_columns(step) for step in part if isinstance(step, GalleryItem))
        connection.executemany(_PUT, (columns for columns in items if columns is not None))
        connection.executemany(_REMOVE, (step for step in part if not isinstance(step, GalleryItem)))


def _columns(item: GalleryItem) -> tuple[rows.Value, ...] | None:
    """None for a path that no file can have: one of them must not keep all others from being written."""
    try:
        path = rows.path_bytes(item.path)
    except UnicodeEncodeError:
        return None
    return (
        item.file,
        item.page,
        path,
        item.detail.value if item.detail else None,
        rows.clean(encode_edits(item.edits)),
        item.edited_sha256,
        rows.clean(item.url) or None,
        int(item.as_link),
        None if item.once is None else int(item.once),
    )


def _item(row: sqlite3.Row) -> GalleryItem | None:
    path = row["path"]
    # No file has such a name; asking the system for one raises what nobody expects.
    if not path or b"\0" in path or row["page"] < 0:
        return None
    try:
        edits = decode_edits(row["edits"]) if row["edits"] else _UNCHANGED
    except ValueError:
        return None
    return GalleryItem(
        file=row["file"],
        page=row["page"],
        path=rows.path_value(path),
        detail=_detail(row["detail"]),
        edits=edits,
        edited_sha256=row["edited_sha256"],
        url=row["url"] or "",
        as_link=bool(row["as_link"]),
        once=None if row["once"] is None else bool(row["once"]),
    )


def _detail(text: str | None) -> Detail | None:
    """None, which follows the selector, for a level that this version does not know."""
    if not text:
        return None
    try:
        return Detail(text)
    except ValueError:
        return None

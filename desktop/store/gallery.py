"""The images at hand as rows: SQL as functions of a connection."""

import sqlite3
from collections.abc import Iterable, Sequence

from desktop.core.edits import decode_edits, encode_edits
from desktop.core.gallery_items import GalleryItem
from desktop.core.model import Detail
from desktop.store import rows
from desktop.store.connections import transaction

ROWS_AT_ONCE = 1_000
"""More are written in several transactions, between which an answer may be stored."""

_PUT = """
    INSERT OR REPLACE INTO gallery_item (file, page, path, detail, edits, edited_sha256, url, as_link)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
"""


def read_gallery(connection: sqlite3.Connection) -> tuple[GalleryItem, ...]:
    """All items, in the order in which they were added.

    One whose edits cannot be read is left out: it must not come back with less blacked out than before.
    """
    found = connection.execute("SELECT * FROM gallery_item ORDER BY file, page")
    return tuple(item for row in found if (item := _item(row)) is not None)


def put_items(connection: sqlite3.Connection, items: Sequence[GalleryItem]) -> None:
    """Keep these, in place of what was at their files and pages."""
    with transaction(connection):
        connection.executemany(_PUT, map(_columns, items))


def remove_items(connection: sqlite3.Connection, places: Iterable[tuple[int, int]]) -> None:
    """Forget these, by file and page."""
    with transaction(connection):
        connection.executemany("DELETE FROM gallery_item WHERE file = ? AND page = ?", places)


def _columns(item: GalleryItem) -> tuple[rows.Value, ...]:
    return (
        item.file,
        item.page,
        rows.path_bytes(item.path),
        item.detail.value if item.detail else None,
        rows.clean(encode_edits(item.edits)),
        item.edited_sha256,
        rows.clean(item.url) or None,
        int(item.as_link),
    )


def _item(row: sqlite3.Row) -> GalleryItem | None:
    try:
        edits = decode_edits(row["edits"])
        detail = Detail(row["detail"]) if row["detail"] else None
    except ValueError:
        return None
    return GalleryItem(
        file=row["file"],
        page=row["page"],
        path=rows.path_value(row["path"]),
        detail=detail,
        edits=edits,
        edited_sha256=row["edited_sha256"],
        url=row["url"] or "",
        as_link=bool(row["as_link"]),
    )

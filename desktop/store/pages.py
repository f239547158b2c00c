"""Read rows out of a damaged SQLite file, page by page, where SQLite itself gives up.

The format is that of https://sqlite.org/fileformat2.html. Nothing is believed: every number is checked
against the page and the file, what does not fit is passed over, and no chain is followed twice.
"""

import mmap
import struct
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

Value = int | float | str | bytes | None

SCHEMA_ROOT = 1
_TABLE_LEAF, _TABLE_INTERIOR, _INDEX_LEAF, _INDEX_INTERIOR = 0x0D, 0x05, 0x0A, 0x02
_LEAVES = frozenset({_TABLE_LEAF, _INDEX_LEAF})
_WITH_ROWIDS = frozenset({_TABLE_LEAF, _TABLE_INTERIOR})
_WITHOUT_ROWIDS = frozenset({_INDEX_LEAF, _INDEX_INTERIOR})
_FILE_HEADER, _WAL_HEADER, _FRAME_HEADER = 100, 32, 24
_USUAL_PAGE = 4096
_LARGEST_ROW = 256_000_000
_SIZES = (0, 1, 2, 3, 4, 6, 8, 8, 0, 0, 0, 0)
"""Bytes of a value by its kind, below 12."""
_RESERVED = frozenset({10, 11})


class UnreadableError(Exception):
    """A page, a cell or a row is not what it should be."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row as it is stored. ``rowid`` is None in a table WITHOUT ROWID."""

    rowid: int | None
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """A table or an index.

    Attributes:
        root: number of its first page.
        has_rowids: of a table; not of an index, or of a table WITHOUT ROWID.
        owns: whether the rows of a page can be of this tree.
    """

    root: int
    has_rowids: bool
    owns: Callable[[Sequence[Row]], bool] = lambda _rows: True


@dataclass(slots=True)
class Found:
    """What `DamagedFile.rows` has come across.

    Attributes:
        trouble: a page or a cell of a tree could not be read, so that there may be rows elsewhere.
        unreadable: so many rows are there and cannot be read.
        pages: of the trees.
        overflow: pages that rows go on on.
    """

    trouble: bool = False
    unreadable: int = 0
    pages: set[int] = field(default_factory=set)
    overflow: set[int] = field(default_factory=set)


class DamagedFile:
    """A database file and its log, opened for reading only; close it in the end.

    Attributes:
        version: ``user_version`` as the first page has it.
    """

    def __init__(self, path: Path, log: Path | None = None) -> None:
        self._data = _content(path)
        self._log = b"" if log is None else _content(log)
        self._page_bytes = self._find_page_size()
        self._in_log = self._committed()
        reserved = self._data[20] if len(self._data) > _FILE_HEADER else 0
        self._usable = self._page_bytes - (reserved if reserved <= 64 else 0)
        self._count = max(len(self._data) // self._page_bytes, *self._in_log, 0)
        self.version = self._number_at(60)

    def close(self) -> None:
        """Let go of the files."""
        for content in (self._data, self._log):
            if isinstance(content, mmap.mmap):
                content.close()

    def _number_at(self, place: int) -> int:
        with suppress(UnreadableError, struct.error):
            return int(struct.unpack_from(">I", self.page(1), place)[0])
        return 0

    def _find_page_size(self) -> int:
        """By the header of the file or of the log; the usual one where neither makes sense."""
        for content, place, form in ((self._data, 16, ">H"), (self._log, 8, ">I")):
            if len(content) >= _WAL_HEADER:
                size = int(struct.unpack_from(form, content, place)[0])
                size = 65536 if size == 1 else size
                if 512 <= size <= 65536 and size & (size - 1) == 0:
                    return size
        return _USUAL_PAGE

    def _committed(self) -> dict[int, int]:
        """Where the newest version of a page is in the log, by the page's number."""
        log, step = self._log, _FRAME_HEADER + self._page_bytes
        if len(log) < _WAL_HEADER or struct.unpack_from(">I", log)[0] & ~1 != 0x377F0682:
            return {}
        salts, found, pending = log[16:24], {}, {}
        for place in range(_WAL_HEADER, len(log) - step + 1, step):
            number, pages_after_commit = struct.unpack_from(">II", log, place)
            if log[place + 8 : place + 16] != salts:
                break
            if number:
                pending[number] = place + _FRAME_HEADER
            if pages_after_commit:
                found.update(pending)
                pending = {}
        return found

    def page(self, number: int) -> bytes:
        """The bytes of a page, from 1.

        Raises:
            UnreadableError: there is no such page.
        """
        size = self._page_bytes
        if (place := self._in_log.get(number)) is not None:
            return bytes(self._log[place : place + size])
        page = bytes(self._data[(number - 1) * size : number * size]) if number >= 1 else b""
        if len(page) < size:
            raise UnreadableError
        return page

    def rows(self, tree: Tree, found: Found) -> Iterator[Row]:
        """All rows of a tree that can be read; pages that cannot, or are of another tree, are passed over.

        Args:
            tree: the tree.
            found: is told what was seen; pages in it are not looked at again.
        """
        kinds = _WITH_ROWIDS if tree.has_rowids else _WITHOUT_ROWIDS
        waiting = [tree.root]
        while waiting:
            number = waiting.pop()
            try:
                page, head, kind = self._tree_page(number)
            except UnreadableError:
                found.trouble = True
                continue
            if kind not in kinds or number in found.pages:
                found.trouble = True
                continue
            unreadable = found.unreadable
            rows = list(self._rows_on(page, head, kind, found))
            if rows and not tree.owns(rows):
                found.trouble, found.unreadable = True, unreadable
                continue
            found.pages.add(number)
            yield from rows
            if kind not in _LEAVES:
                waiting += reversed(list(self._children(page, head, found)))

    def strays(self, seen: set[int]) -> Iterator[Iterator[Row]]:
        """The rows of each page that no tree has led to."""
        for number in range(1, self._count + 1):
            if number in seen:
                continue
            with suppress(UnreadableError):
                page, head, kind = self._tree_page(number)
                if kind != _TABLE_INTERIOR:
                    yield self._rows_on(page, head, kind, Found())

    def _tree_page(self, number: int) -> tuple[bytes, int, int]:
        """A page of a tree, where its header begins, and its kind."""
        page = self.page(number)
        head = _FILE_HEADER if number == 1 else 0
        if page[head] not in _WITH_ROWIDS | _WITHOUT_ROWIDS:
            raise UnreadableError
        return page, head, page[head]

    def _cells(self, page: bytes, head: int) -> list[int]:
        kind = page[head]
        start = head + (8 if kind in _LEAVES else 12)
        count = struct.unpack_from(">H", page, head + 3)[0]
        count = min(count, (self._page_bytes - start) // 2)
        return list(struct.unpack_from(f">{count}H", page, start))

    def _children(self, page: bytes, head: int, found: Found) -> Iterator[int]:
        for place in self._cells(page, head):
            if place + 4 <= self._page_bytes:
                yield int(struct.unpack_from(">I", page, place)[0])
            else:
                found.trouble = True
        yield int(struct.unpack_from(">I", page, head + 8)[0])

    def _rows_on(self, page: bytes, head: int, kind: int, found: Found) -> Iterator[Row]:
        if kind == _TABLE_INTERIOR:
            return
        for place in self._cells(page, head):
            try:
                yield self._row(page, place, kind, found)
            except (UnreadableError, IndexError, struct.error):
                found.unreadable += 1

    def _row(self, page: bytes, place: int, kind: int, found: Found) -> Row:
        if kind == _INDEX_INTERIOR:
            place += 4
        size, place = _varint(page, place)
        rowid = None
        if kind == _TABLE_LEAF:
            rowid, place = _varint(page, place)
        if not 0 < size <= _LARGEST_ROW:
            raise UnreadableError
        return Row(rowid, _values(self._payload(page, place, size, kind, found)))

    def _payload(self, page: bytes, place: int, size: int, kind: int, found: Found) -> bytes:
        """A row's bytes, with what lies on overflow pages."""
        usable = self._usable
        most = usable - 35 if kind == _TABLE_LEAF else (usable - 12) * 64 // 255 - 23
        if size <= most:
            local = size
        else:
            least = (usable - 12) * 32 // 255 - 23
            local = least + (size - least) % (usable - 4)
            local = least if local > most else local
        if place + local > len(page):
            raise UnreadableError
        parts = [page[place : place + local]]
        left = size - local
        following = struct.unpack_from(">I", page, place + local)[0] if left else 0
        chain: list[int] = []
        while left > 0:
            if following in chain[-1:] or len(chain) > size // 400:
                raise UnreadableError
            chain.append(following)
            more = self.page(following)
            parts.append(more[4 : 4 + min(left, usable - 4)])
            left -= usable - 4
            following = struct.unpack_from(">I", more)[0]
        found.overflow.update(chain)
        return b"".join(parts)


def _content(path: Path) -> "mmap.mmap | bytes":
    with path.open("rb") as file:
        if file.seek(0, 2) == 0:
            return b""
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _varint(data: bytes, place: int) -> tuple[int, int]:
    """A number of one to nine bytes, as a signed one of 64 bits, and the place after it."""
    value = 0
    for count in range(9):
        byte = data[place + count]
        if count == 8:
            value = value << 8 | byte
            break
        value = value << 7 | byte & 0x7F
        if byte < 0x80:
            break
    return value - (1 << 64) if value >> 63 else value, place + count + 1


def _values(record: bytes) -> tuple[Value, ...]:
    size, place = _varint(record, 0)
    if not place <= size <= len(record):
        raise UnreadableError
    values: list[Value] = []
    at = size
    while place < size:
        kind = record[place]
        # Most kinds are one byte long; a file has millions of them.
        place += 1
        if kind >= 0x80:
            kind, place = _varint(record, place - 1)
        end = at + (_SIZES[kind] if 0 <= kind < 12 else (kind - 12) // 2)
        if kind in _RESERVED or kind < 0 or end > len(record):
            raise UnreadableError
        values.append(_value(kind, record[at:end]))
        at = end
    return tuple(values)


def _value(kind: int, data: bytes) -> Value:
    if kind >= 12:
        return data.decode("utf-8", "replace") if kind % 2 else data
    if kind == 0:
        return None
    if kind in (8, 9):
        return kind - 8
    if kind == 7:
        return float(struct.unpack(">d", data)[0])
    return int.from_bytes(data, "big", signed=True)

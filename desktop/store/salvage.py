"""Save what can be read of a damaged history into a new one of the same version, row by row.

The damaged file is only read. Columns are matched by name, so that it does not matter which of them this
Sightline has added since; whatever a migration does to old rows, it does to these afterwards.
"""

import hashlib
import logging
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from itertools import chain, groupby, islice
from pathlib import Path

from desktop.store.connections import open_empty, transaction
from desktop.store.conversations import PRIVATE_FROM
from desktop.store.mending import mark_lost, mend
from desktop.store.migrations import MIGRATIONS
from desktop.store.pages import SCHEMA_ROOT, DamagedFile, Found, Row, Tree, Value
from desktop.store.tables import SAMPLE, Table, likely_version, table_from, tables_in, tables_of_version
from desktop.store.upgrades import refuse_newer, upgrade

_log = logging.getLogger(__name__)

_SCHEMA_KINDS = frozenset({"table", "index", "view", "trigger"})
_AT_ONCE = 500
_BY_CONVERSATION = "message_of_conversation"
_NOT_WORTH_IT = frozenset({"held_image"})
"""Rows that mean something to living processes only; there are none."""
_OF_CONVERSATIONS = ("conversation", "message", "attachment", "image", "usage", "usage_image")
"""What an older copy can add. What the user has deleted is in no copy: deleting deletes them."""


@dataclass(frozen=True, slots=True)
class Salvaged:
    """What was saved.

    Attributes:
        conversations: so many are there.
        damaged: so many messages are lost, or not what they were.
    """

    conversations: int
    damaged: int


def salvage(
    target: sqlite3.Connection, path: Path, log: Path | None, *, backups: Iterable[Path], folder: Path
) -> Salvaged:
    """Fill an empty database.

    Args:
        target: an empty one, on the disk or in memory; afterwards it is a history of this version.
        path: the damaged file.
        log: the log beside it, if there is one.
        backups: older copies, the newest first, for what the damaged file has lost.
        folder: the history's, where the images are.

    Raises:
        OSError: the file cannot be read at all, or the disk is full.
        sqlite3.Error: the disk is full.
    """
    target.execute("PRAGMA foreign_keys = OFF")
    with closing(DamagedFile(path, log)) as source:
        messages = _copy_damaged(source, target)
    upgrade(target, None)
    with transaction(target):
        for backup in backups:
            _add_from_backup(target, backup)
        mark_lost(target, messages)
        mend(target, folder)
    target.execute("PRAGMA foreign_keys = ON")
    return count_saved(target)


def count_saved(connection: sqlite3.Connection) -> Salvaged:
    """What a salvaged history holds."""
    count = connection.execute("SELECT count(*) FROM conversation").fetchone()[0]
    return Salvaged(conversations=count, damaged=len(_damaged(connection)))


@dataclass(slots=True)
class _Schema:
    """What a damaged file says of itself.

    Attributes:
        roots: first pages of tables, by name.
        tables: those that are described.
        of_messages: first page of the index of messages by conversation.
    """

    roots: dict[str, int] = field(default_factory=dict)
    tables: dict[str, Table] = field(default_factory=dict)
    of_messages: list[int] = field(default_factory=list)


def _copy_damaged(source: DamagedFile, target: sqlite3.Connection) -> dict[int, int]:
    """Copy all rows that can be read.

    Returns:
        The conversation of each message that there was, as far as it can be known; empty if all were read.
    """
    found = Found()
    schema = _schema(source, found)
    version = likely_version(schema.tables, source.version)
    upgrade(target, None, migrations=MIGRATIONS[:version])
    known = {**tables_of_version(version), **schema.tables}
    there = tables_in(target)
    with transaction(target):
        made = _take_out(target, there)
        for name, root in schema.roots.items():
            table = known.get(name)
            if name == "sqlite_sequence":
                _continue_numbers(target, source.rows(Tree(root, has_rowids=True), found))
            elif table is not None:
                rows = source.rows(Tree(root, table.has_rowid, table.owns), found)
                if name in there and name not in _NOT_WORTH_IT:
                    _insert(target, there[name], map(table.values, rows))
                else:
                    _exhaust(rows)
        if found.trouble or there.keys() - schema.roots.keys():
            _insert_strays(source, target, known, found.pages)
        for name, made_rows in made.items():
            _insert(target, there[name], made_rows)
    if not (found.trouble or found.unreadable):
        return {}
    row = target.execute("SELECT seq FROM sqlite_sequence WHERE name = 'message'").fetchone()
    return _indexed(source, schema.of_messages, last=row[0] if row else 0)


def _indexed(source: DamagedFile, roots: Iterable[int], *, last: int) -> dict[int, int]:
    """What the index of messages by conversation names, which may be whole where the messages are not."""
    found: dict[int, int] = {}
    for root in roots:
        for row in source.rows(Tree(root, has_rowids=False), Found()):
            numbers = [value for value in row.values if isinstance(value, int) and 0 < value < PRIVATE_FROM]
            # The conversation, and the message once or twice: a key is in its index for itself.
            if len(numbers) == len(row.values) >= 2 and numbers[1] == numbers[-1] <= last:
                found.setdefault(numbers[1], numbers[0])
    return found


def _take_out(target: sqlite3.Connection, tables: Mapping[str, Table]) -> dict[str, list[dict[str, Value]]]:
    """The rows that migrations make in an empty history: those of the damaged one come before them."""
    made = {}
    for name in tables:
        rows = [dict(row) for row in target.execute(f'SELECT * FROM "{name}"')]  # noqa: S608 - our names
        if rows:
            made[name] = rows
            target.execute(f'DELETE FROM "{name}"')  # noqa: S608 - the same
    return made


def _exhaust(rows: Iterable[Row]) -> None:
    for _row in rows:
        pass


def _schema(source: DamagedFile, found: Found) -> _Schema:
    rows = list(source.rows(Tree(SCHEMA_ROOT, has_rowids=True, owns=_is_schema), found))
    if found.trouble or not rows:
        rows += [row for page in source.strays(found.pages) for row in page]
    schema = _Schema()
    for row in filter(_is_of_schema, rows):
        kind, name, _of, root, sql = row.values
        if not isinstance(name, str) or not isinstance(root, int) or root <= 0:
            continue
        if name == _BY_CONVERSATION:
            schema.of_messages.append(root)
        elif kind == "table":
            schema.roots.setdefault(name, root)
            table = table_from(sql) if isinstance(sql, str) else None
            if table is not None:
                schema.tables.setdefault(table.name, table)
    return schema


def _is_of_schema(row: Row) -> bool:
    return len(row.values) == 5 and row.values[0] in _SCHEMA_KINDS


def _is_schema(rows: Sequence[Row]) -> bool:
    return any(map(_is_of_schema, rows))


def _insert(target: sqlite3.Connection, table: Table, rows: Iterable[Mapping[str, Value]]) -> None:
    """What does not fit into the table stays away; what is there already wins."""
    names = {column.name for column in table.columns}
    needed = [column.name for column in table.columns if column.needed]
    for columns, alike in groupby(rows, key=lambda row: tuple(name for name in row if name in names)):
        listed = ", ".join(f'"{name}"' for name in columns)
        marks = ", ".join("?" * len(columns))
        sql = f'INSERT OR IGNORE INTO "{table.name}" ({listed}) VALUES ({marks})'  # noqa: S608 - our names
        must = [name for name in needed if name in columns]
        whole = (row for row in alike if all(row[name] is not None for name in must) and _is_ours(table, row))
        values = (tuple(row[name] for name in columns) for row in whole)
        while part := list(islice(values, _AT_ONCE)):
            try:
                target.executemany(sql, part)
            except (sqlite3.IntegrityError, sqlite3.DataError, OverflowError):
                _insert_one_by_one(target, sql, part)


def _is_ours(table: Table, row: Mapping[str, Value]) -> bool:
    """Not with a damaged number, after which all new ones would be out of range."""
    number = row.get(table.key) if table.key else None
    return number is None or (isinstance(number, int) and 0 <= number < PRIVATE_FROM)


def _insert_one_by_one(target: sqlite3.Connection, sql: str, rows: Sequence[tuple[Value, ...]]) -> None:
    for row in rows:
        try:
            target.execute(sql, row)
        except (sqlite3.IntegrityError, sqlite3.DataError, OverflowError):
            _log.info("a damaged row does not fit")


def _insert_strays(
    source: DamagedFile, target: sqlite3.Connection, known: Mapping[str, Table], seen: set[int]
) -> None:
    """Rows of pages that no tree leads to, where it is clear which table they are of."""
    candidates = [table for name, table in known.items() if name not in _NOT_WORTH_IT]
    there = tables_in(target)
    for page in source.strays(seen):
        sample = list(islice(page, SAMPLE))
        owners = [table for table in candidates if sample and table.owns(sample)]
        if len(owners) == 1 and owners[0].name in there:
            rows = chain(sample, page)
            _insert(target, there[owners[0].name], map(owners[0].values, rows))


def _continue_numbers(target: sqlite3.Connection, rows: Iterator[Row]) -> None:
    """Numbers of what was deleted are not used again."""
    highest: dict[str, int] = defaultdict(int)
    for row in rows:
        if len(row.values) == 2 and isinstance(row.values[0], str) and isinstance(row.values[1], int):
            highest[row.values[0]] = max(highest[row.values[0]], row.values[1])
    for name, number in highest.items():
        if not 0 <= number < PRIVATE_FROM:
            continue
        target.execute("UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", (number, name))
        target.execute(
            "INSERT INTO sqlite_sequence (name, seq) SELECT ?, ? WHERE NOT EXISTS"
            " (SELECT 1 FROM sqlite_sequence WHERE name = ?)",
            (name, number, name),
        )


def _add_from_backup(target: sqlite3.Connection, backup: Path) -> None:
    """Add what an older copy has and the damaged file has lost; a backup that is damaged too adds nothing."""
    with ExitStack() as ends:
        memory = ends.enter_context(closing(open_empty()))
        try:
            with closing(sqlite3.connect(backup)) as older:
                refuse_newer(older)
                if older.execute("PRAGMA quick_check(1)").fetchone()[0] != "ok":
                    return
                older.backup(memory)
            upgrade(memory, None)
        except Exception:  # noqa: BLE001 - whatever is wrong with it, the damaged file is what counts
            _log.warning("a backup adds nothing to a damaged history", exc_info=True)
            return
        _restore_damaged(target, memory)
        tables = tables_in(target)
        for name in _OF_CONVERSATIONS:
            rows = memory.execute(f'SELECT * FROM "{name}"')  # noqa: S608 - our names
            _insert(target, tables[name], map(dict, rows))


def _restore_damaged(target: sqlite3.Connection, older: sqlite3.Connection) -> None:
    for message_id, digest in _damaged(target):
        row = older.execute("SELECT text FROM message WHERE id = ?", (message_id,)).fetchone()
        if row is not None and _digest(row[0]) == digest:
            target.execute("UPDATE message SET text = ? WHERE id = ?", (row[0], message_id))


def _damaged(connection: sqlite3.Connection) -> list[tuple[int, str]]:
    """Messages that are not what they were, with the hash that they had."""
    rows = connection.execute("SELECT id, text, text_sha256 FROM message WHERE text_sha256 IS NOT NULL")
    return [(number, digest) for number, text, digest in rows if _digest(text) != digest]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()

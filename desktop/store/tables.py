"""How tables keep their rows: what a damaged row can be of, and which columns its values are for."""

import re
import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from dataclasses import dataclass

from desktop.store.connections import open_empty
from desktop.store.migrations import MIGRATIONS
from desktop.store.pages import Row, Value
from desktop.store.upgrades import upgrade

_TYPES: Mapping[str, tuple[type, ...]] = {
    "INTEGER": (int,),
    "INT": (int,),
    "TEXT": (str,),
    "BLOB": (bytes,),
    "REAL": (float, int),
    "ANY": (int, float, str, bytes),
}
SAMPLE = 5
"""So many rows of a page tell what it is of."""
_HASH = re.compile(r"[0-9a-f]{64}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:")


@dataclass(frozen=True, slots=True)
class Column:
    """A column; ``needed`` where no row can be without a value."""

    name: str
    type: str
    needed: bool

    def fits(self, value: Value) -> bool:
        """Whether a value can be this column's."""
        if value is None:
            return not self.needed
        if not isinstance(value, _TYPES.get(self.type, (object,))):
            return False
        if self.name.endswith("sha256"):
            return _HASH.fullmatch(str(value)) is not None
        return not self.name.endswith("_at") or _TIME.match(str(value)) is not None


@dataclass(frozen=True, slots=True)
class Table:
    """A table as its rows are stored.

    Attributes:
        name: of the table.
        columns: in the order of the stored values.
        key: the column that the row's number is the value of; None if there is none.
        has_rowid: False for a table WITHOUT ROWID.
        least: no row that was ever written has fewer values.
    """

    name: str
    columns: tuple[Column, ...]
    key: str | None
    has_rowid: bool
    least: int

    def values(self, row: Row) -> dict[str, Value]:
        """What a row holds, by column; columns that were added after it was written are not in it."""
        names = (column.name for column in self.columns)
        found = dict(zip(names, row.values, strict=False))
        if self.key is not None:
            found[self.key] = row.rowid
        return found

    def fits(self, row: Row) -> bool:
        """Whether a row of unknown origin can be of this table."""
        if (row.rowid is not None) != self.has_rowid:
            return False
        if not self.least <= len(row.values) <= len(self.columns):
            return False
        return all(
            value is None if column.name == self.key else column.fits(value)
            for column, value in zip(self.columns, row.values, strict=False)
        )

    def owns(self, rows: Sequence[Row]) -> bool:
        """Whether a page with these rows is of this table, by the first ones: single ones may be damaged."""
        looked_at = rows[:SAMPLE]
        return 2 * sum(map(self.fits, looked_at)) >= len(looked_at)


def tables_of_version(version: int) -> dict[str, Table]:
    """The tables of a history that has seen so many migrations."""
    with closing(open_empty()) as memory:
        upgrade(memory, None, migrations=MIGRATIONS[:version])
        return tables_in(memory)


def tables_in(connection: sqlite3.Connection) -> dict[str, Table]:
    """All ordinary tables; none that SQLite keeps for itself, and none that only searching needs."""
    listed = connection.execute("SELECT name, wr FROM pragma_table_list WHERE type = 'table'").fetchall()
    return {
        name: _table(connection, name, has_rowid=not without)
        for name, without in listed
        if not name.startswith("sqlite_")
    }


def table_from(sql: str) -> Table | None:
    """The table that a CREATE TABLE statement makes; None if it is damaged."""
    with closing(open_empty()) as memory, suppress(sqlite3.Error, ValueError):
        memory.execute(sql)
        return next(iter(tables_in(memory).values()), None)
    return None


def _table(connection: sqlite3.Connection, name: str, *, has_rowid: bool) -> Table:
    infos = connection.execute(
        'SELECT name, type, "notnull", dflt_value, pk FROM pragma_table_xinfo(?)', (name,)
    ).fetchall()
    key = None
    if has_rowid:
        keys = [info for info in infos if info[4]]
        key = keys[0][0] if len(keys) == 1 and keys[0][1].upper() == "INTEGER" else None
    else:
        # The key comes first in what is stored.
        infos.sort(key=lambda info: info[4] or len(infos) + 1)
    columns = tuple(
        Column(info[0], info[1].upper(), needed=bool(info[2] or info[4]) and info[0] != key) for info in infos
    )
    return Table(name, columns, key, has_rowid, _least(infos))


def _least(infos: Sequence[sqlite3.Row]) -> int:
    """Columns at the end that may be absent: those that can have been added later."""
    count = len(infos)
    while count and not infos[count - 1][4] and (infos[count - 1][3] is not None or not infos[count - 1][2]):
        count -= 1
    return count


def likely_version(found: Mapping[str, Table], said: int) -> int:
    """The version that a damaged file has: by its tables, else what its header says, else the newest."""
    newest = len(MIGRATIONS)
    if not found:
        return said if 0 < said <= newest else newest
    columns = {(table.name, column.name) for table in found.values() for column in table.columns}

    def distance(version: int) -> tuple[int, bool]:
        known = tables_of_version(version)
        theirs = {(t.name, c.name) for t in known.values() if t.name in found for c in t.columns}
        absent = len(known.keys() ^ found.keys())
        return len(theirs ^ columns) + absent, version != said

    return min(range(newest, 0, -1), key=distance)

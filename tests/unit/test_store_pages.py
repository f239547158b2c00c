"""Rows are read from the bytes of a file as SQLite reads them, and a damaged file raises nothing."""

import random
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from desktop.store.pages import SCHEMA_ROOT, DamagedFile, Found, Row, Tree

VALUES = (
    None,
    0,
    1,
    -1,
    127,
    -128,
    32767,
    -32768,
    8388607,
    2**31 - 1,
    -(2**31),
    2**47 - 1,
    2**63 - 1,
    -(2**63),
    0.5,
    -1e300,
    "",
    "Crème brûlée 🍮",
    b"",
    b"\x00\xff",
)


def make(path: Path, page_bytes: int, *, log: bool = False) -> sqlite3.Connection:
    """Two tables with rows of all kinds and lengths; left open where the log shall stay."""
    chance = random.Random(3)
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute(f"PRAGMA page_size = {page_bytes}")
    if log:
        connection.execute("PRAGMA journal_mode = WAL").fetchone()
        connection.execute("PRAGMA wal_autocheckpoint = 0").fetchone()
    connection.execute("CREATE TABLE t (id INTEGER PRIMARY KEY, a, b, c)")
    connection.execute("CREATE TABLE w (a, b, k TEXT PRIMARY KEY) WITHOUT ROWID")
    for number in range(200):
        text = "x" * chance.choice((0, 10, 300, page_bytes - 40, page_bytes, 3 * page_bytes + 7))
        row = (chance.choice(VALUES), text, chance.choice(VALUES))
        connection.execute("INSERT INTO t VALUES (?, ?, ?, ?)", (number * 7**number % 2**62 - 2**61, *row))
        connection.execute("INSERT INTO w VALUES (?, ?, ?)", (row[0], text, f"key {number}"))
    return connection


def root_of(file: DamagedFile, name: str) -> int:
    rows = file.rows(Tree(SCHEMA_ROOT, has_rowids=True), Found())
    return next(int(row.values[3]) for row in rows if row.values[1] == name)  # type: ignore[arg-type]


def by_our_reader(path: Path, log: Path | None = None) -> tuple[list[Row], list[Row]]:
    with closing(DamagedFile(path, log)) as file:
        found = Found()
        with_ids = list(file.rows(Tree(root_of(file, "t"), has_rowids=True), found))
        without = list(file.rows(Tree(root_of(file, "w"), has_rowids=False), found))
        assert (found.trouble, found.unreadable) == (False, 0)
    return with_ids, without


@pytest.mark.parametrize("page_bytes", [512, 4096, 65536])
def test_a_whole_file_is_read_as_sqlite_reads_it(tmp_path: Path, page_bytes: int) -> None:
    with closing(make(tmp_path / "a.db", page_bytes)) as connection:
        expected = connection.execute("SELECT id, a, b, c FROM t ORDER BY id").fetchall()
        keyed = connection.execute("SELECT k, a, b FROM w").fetchall()
    with_ids, without = by_our_reader(tmp_path / "a.db")
    assert [(row.rowid, *row.values[1:]) for row in with_ids] == expected
    assert {row.values for row in without} == set(keyed)


def test_what_is_only_in_the_log_is_read_and_what_was_not_committed_is_not(tmp_path: Path) -> None:
    path = tmp_path / "a.db"
    with closing(make(path, 4096, log=True)) as connection:
        expected = connection.execute("SELECT id, a, b, c FROM t ORDER BY id").fetchall()
        connection.execute("PRAGMA cache_size = 5")
        connection.execute("BEGIN")
        connection.execute("UPDATE t SET b = 'never committed, and long enough to be written' || b")
        with_ids, _ = by_our_reader(path, tmp_path / "a.db-wal")
        connection.execute("ROLLBACK")
    assert [(row.rowid, *row.values[1:]) for row in with_ids] == expected


def test_whatever_is_in_a_file_nothing_is_raised(tmp_path: Path) -> None:
    make(tmp_path / "a.db", 512).close()
    whole = (tmp_path / "a.db").read_bytes()
    chance = random.Random(5)
    for _ in range(60):
        data = bytearray(whole[: chance.choice((len(whole), chance.randrange(len(whole))))])
        for _ in range(chance.randrange(200)):
            if data:
                data[chance.randrange(len(data))] = chance.randrange(256)
        (tmp_path / "b.db").write_bytes(data)
        with closing(DamagedFile(tmp_path / "b.db", tmp_path / "a.db")) as file:
            for root in range(8):
                for has_rowids in (True, False):
                    list(file.rows(Tree(root, has_rowids), Found()))
            for page in file.strays(set()):
                list(page)

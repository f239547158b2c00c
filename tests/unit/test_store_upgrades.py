"""Older files are brought up to date with a backup, newer ones refused."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from desktop.core.problems import Code, ProblemError, problem
from desktop.store.migrations import MIGRATIONS
from desktop.store.upgrades import refuse_newer, upgrade, version_of
from tests.helpers.history import opened


def test_a_new_file_gets_every_migration_and_no_backup(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        assert store._read(version_of).result() == len(MIGRATIONS)
    assert not list(tmp_path.glob("*.backup-*"))


def test_an_older_file_is_backed_up_and_brought_up_to_date(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    first = ("CREATE TABLE a (x TEXT)", "INSERT INTO a VALUES ('kept')")
    second = ("ALTER TABLE a ADD COLUMN y TEXT DEFAULT 'new'",)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        upgrade(connection, path, migrations=[first])
        upgrade(connection, path, migrations=[first, second], scrubs={})
        assert connection.execute("SELECT * FROM a").fetchall() == [("kept", "new")]
        assert version_of(connection) == 2
    backup = tmp_path / "old.db.backup-v1"
    assert stat.S_IMODE(backup.stat().st_mode) == 0o600
    with closing(sqlite3.connect(backup)) as connection:
        assert connection.execute("SELECT * FROM a").fetchall() == [("kept",)]
        assert version_of(connection) == 1


def test_what_a_killed_upgrade_left_of_its_backup_kept_the_history_shut(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    first, second = ("CREATE TABLE a (x TEXT)",), ("CREATE TABLE b (x TEXT)",)
    (tmp_path / "old.db.backup-v1.part").write_bytes(b"half a page" * 500)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        upgrade(connection, path, migrations=[first])
        upgrade(connection, path, migrations=[first, second], scrubs={})
        assert version_of(connection) == 2
    assert sorted(left.name for left in tmp_path.iterdir()) == ["old.db", "old.db.backup-v1"]


def test_a_migration_that_fails_is_undone_as_a_whole(tmp_path: Path) -> None:
    path = tmp_path / "old.db"
    first = ("CREATE TABLE a (x TEXT)",)
    broken = ("INSERT INTO a VALUES ('half')", "CREATE TABLE b (x TEXT)", "nonsense")
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        upgrade(connection, path, migrations=[first])
        with pytest.raises(sqlite3.OperationalError):
            upgrade(connection, path, migrations=[first, broken])
        assert version_of(connection) == 1
        assert connection.execute("SELECT * FROM a").fetchall() == []
        assert connection.execute("SELECT name FROM sqlite_schema").fetchall() == [("a",)]


def test_a_version_from_the_future_is_named(tmp_path: Path) -> None:
    with closing(sqlite3.connect(":memory:")) as connection:
        connection.execute("PRAGMA user_version = 7")
        with pytest.raises(ProblemError) as caught:
            refuse_newer(connection, [("SELECT 1",)])
    assert caught.value.problem == problem(Code.DATABASE_NEWER, found=7, known=1)

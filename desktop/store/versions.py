"""Which SQLite this is, and whether it can do what the history needs."""

import sqlite3


def sqlite_version() -> str:
    """The version of the library that is used."""
    return sqlite3.sqlite_version


def check_search() -> None:
    """Find a word by full text in a database in memory.

    Raises:
        sqlite3.Error: this SQLite has no FTS5.
        LookupError: it does not find the word.
    """
    database = sqlite3.connect(":memory:")
    try:
        database.execute("CREATE VIRTUAL TABLE words USING fts5(text)")
        database.execute("INSERT INTO words VALUES ('a receipt of the bakery')")
        if database.execute("SELECT count(*) FROM words WHERE words MATCH 'bakery'").fetchone() != (1,):
            raise LookupError("FTS5")
    finally:
        database.close()

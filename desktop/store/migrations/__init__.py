"""The numbered steps that bring any older file up to date: `m0001` makes an empty file a history.

Each step is a tuple of statements, or functions of the connection where SQL does not do, run in one
transaction together with the new ``user_version``, after a backup. A step that was shipped is never edited: a
change is a new step, with a test from the file of every version before.
"""

import sqlite3
from collections.abc import Callable

from desktop.store.migrations import (
    m0001_first,
    m0002_ledger,
    m0003_gallery,
    m0004_branches,
    m0005_exchange,
    m0006_finding,
)

Migration = tuple[str | Callable[[sqlite3.Connection], None], ...]

MIGRATIONS: tuple[Migration, ...] = (
    m0001_first.STATEMENTS,
    m0002_ledger.STATEMENTS,
    m0003_gallery.STATEMENTS,
    m0004_branches.STATEMENTS,
    m0005_exchange.STATEMENTS,
    m0006_finding.STATEMENTS,
)
"""``MIGRATIONS[n]`` leads from version n to version n + 1."""

SCRUBS: dict[int, Callable[[sqlite3.Connection], None]] = {1: m0002_ledger.scrub}
"""What must be in no file of ours any more, taken out of the backup of a file of that version too."""

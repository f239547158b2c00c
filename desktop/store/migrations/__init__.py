"""The numbered steps that bring any older file up to date: `m0001` makes an empty file a history.

Each step is a tuple of statements, run in one transaction together with the new ``user_version``, after a
backup. A step that was shipped is never edited: a change is a new step, with a test from the file of every
version before.
"""

from desktop.store.migrations import m0001_first

Migration = tuple[str, ...]

MIGRATIONS: tuple[Migration, ...] = (m0001_first.STATEMENTS,)
"""``MIGRATIONS[n]`` leads from version n to version n + 1."""

"""A history that version 4 wrote: everything is still there, and each conversation has a name of its own."""

import sqlite3
from contextlib import closing
from pathlib import Path

from desktop.asking.importing import import_conversations
from desktop.store.migrations import MIGRATIONS
from desktop.store.opening import DATABASE
from desktop.store.upgrades import version_of
from tests.helpers.archives import everything, export
from tests.helpers.history import opened

DUMP = Path(__file__).parents[1] / "data" / "history_v4.sql"


def test_a_file_of_version_4_is_exported_and_comes_in_elsewhere(tmp_path: Path) -> None:
    old = tmp_path / "old"
    old.mkdir()
    with closing(sqlite3.connect(old / DATABASE)) as connection:
        connection.executescript(DUMP.read_text(encoding="utf-8"))
    with opened(old) as store:
        assert store._read(version_of).result() == len(MIGRATIONS)
        there = everything(store)
        assert [c.title for c in there[-2:]] == ["What is this?", "Compare?"]
        assert len({c.uid for c in there}) == len(there) == 4
        branched = there[-2]
        assert (branched.tags, branched.pinned) == (("garden",), True)
        assert [m.message.text for m in branched.messages] == [
            "What is this?",
            "a tree",
            "a shrub",
            "What kind?",
            "answer to What kind?",
        ]
        # The files of the images are not in the dump.
        assert export(store, tmp_path / "all.sightline").missing_images > 0
    with opened(tmp_path / "new") as store:
        assert len(import_conversations(tmp_path / "all.sightline", store).imported) == 4
        assert everything(store) == there

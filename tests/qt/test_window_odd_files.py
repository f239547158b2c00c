"""A folder of hostile files in the window: it answers all the time, and every tile tells its reason."""

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.core.problems import Code
from tests.helpers.odd_files import let_go, make_odd_files
from tests.helpers.window import open_window
from tests.qt.test_odd_files import MOST_HELD_S, WAIT_MS, Probe


@pytest.fixture
def odd(tmp_path: Path) -> Iterator[dict[Path, Code | None]]:
    folder = tmp_path / "odd"
    yield make_odd_files(folder)
    let_go(folder)


@pytest.mark.skipif(sys.platform != "linux", reason="the set is of Linux's files")
def test_every_hostile_file_is_a_picture_or_tells_its_reason_on_its_tile(
    qtbot: QtBot, tmp_path: Path, odd: dict[Path, Code | None]
) -> None:
    files = [path for path in odd if not path.is_dir()]
    with open_window(qtbot, tmp_path / "data", model="gpt-4.1") as opened:
        probe = Probe()
        opened.images.add(files, select=False)

        def known() -> bool:
            entries = opened.images.entries.values()
            there = {entry.path for entry in entries}
            return there >= set(files) and all(entry.facts or entry.problem for entry in entries)

        qtbot.waitUntil(known, timeout=WAIT_MS)
        model = opened.gallery.model
        for entry in opened.images.entries.values():
            tile = model.source.tile(entry.key)
            assert tile.is_usable == (entry.problem is None)
            assert bool(tile.reason) == (entry.problem is not None), entry.path
        usable = {entry.path for entry in opened.images.entries.values() if entry.facts}
        assert usable == {path for path in files if odd[path] is None}
        opened.gallery.view.selectAll()
        assert {opened.images.entries[key].path for key in opened.images.selection} == usable
        assert probe.longest < MOST_HELD_S

"""What was checked and closed is not read as a whole at the next start; whatever else happened is checked."""

import os
from pathlib import Path

import pytest

from desktop.core.problems import Code
from desktop.store import replacing
from desktop.store.opening import DATABASE
from desktop.store.soundness import BELIEVED_S, checked_at, is_known_sound
from tests.helpers.history import answered, ask, opened


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    with opened(tmp_path) as store:
        for number in range(30):
            store.finish(answered(ask(store, f"What is {number}?"), "text " * 200), ()).result()
    return tmp_path / DATABASE


def test_a_file_that_was_closed_is_believed_for_a_week(closed: Path) -> None:
    assert is_known_sound(closed)
    checked = checked_at(closed)
    assert is_known_sound(closed, checked + BELIEVED_S - 1)
    assert not is_known_sound(closed, checked + BELIEVED_S + 1)
    with opened(closed.parent):
        pass
    # Not from start to start: it is the check that counts.
    assert checked_at(closed) == checked


def test_a_file_that_anybody_touched_is_checked(closed: Path) -> None:
    size = closed.stat().st_size
    with closed.open("r+b") as file:
        file.seek(size // 2)
        file.write(os.urandom(40_000))
    assert not is_known_sound(closed)
    with opened(closed.parent) as store:
        assert [notice.code for notice in store.notices] == [Code.DATABASE_SALVAGED]


def test_a_file_that_was_not_closed_is_checked(closed: Path) -> None:
    with opened(closed.parent) as store:
        ask(store, "And now?")
        assert not is_known_sound(closed)


def test_a_note_that_cannot_be_read_is_none(closed: Path) -> None:
    for text in ("", "[]", '{"file": 1}', '{"file": [1], "checked_s": "x"}'):
        closed.with_name(closed.name + ".checked").write_text(text)
        assert not is_known_sound(closed)
        assert checked_at(closed) == 0.0


def test_a_believed_file_is_not_read_as_a_whole(closed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Path] = []
    known = replacing.is_known_sound
    monkeypatch.setattr(replacing, "is_known_sound", lambda path: asked.append(path) or known(path))
    assert not replacing.is_damaged(closed)
    assert asked == [closed]

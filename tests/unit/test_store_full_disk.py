"""On a full disk nothing is lost, it is said, and deleting works."""

import shutil
import sqlite3
from pathlib import Path

import pytest

from desktop.core.model import Draft
from desktop.core.problems import Code, ProblemError, problem
from desktop.store.reserve import SIZE_BYTES
from desktop.store.store import Store
from tests.helpers.history import answered, ask, begin, code_of, opened, question, sent_image


def _fill(store: Store) -> None:
    """From now on SQLite finds no room for another page: a real SQLITE_FULL."""

    def limit(connection: sqlite3.Connection) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}").fetchone()

    store._write(limit).result()


def test_on_a_full_disk_nothing_is_lost_and_deleting_works(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        first = ask(store, "first " * 1000)
        store.finish(answered(first), ()).result()
        _fill(store)
        with pytest.raises(ProblemError) as caught:
            begin(store, question("second " * 10_000))
        assert caught.value.problem == problem(Code.DISK_FULL, folder=str(tmp_path))
        assert len(store.summaries().result()) == 1
        assert len(store.conversation(first.id).result().messages) == 2
        store.delete(first.id).result()
        assert store.summaries().result() == ()


def test_the_reserve_is_given_up_for_the_end_of_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path) as store:
        reserve = tmp_path / "sightline.reserve"
        assert reserve.stat().st_size == SIZE_BYTES
        running = ask(store, "?")
        _fill(store)
        # Here a page limit stands for the disk, so giving the file up must lift the limit.
        real = Path.unlink

        def unlink(path: Path, missing_ok: bool = False) -> None:
            real(path, missing_ok=missing_ok)
            if path == reserve:
                store._opened.result().writer.execute("PRAGMA max_page_count = 100000").fetchone()  # type: ignore[union-attr]

        monkeypatch.setattr(Path, "unlink", unlink)
        assert code_of(store.checkpoint(running.messages[-1].id, "x" * 100_000)) is Code.DISK_FULL
        assert reserve.exists()
        stored = store.finish(answered(running, "x" * 100_000), ()).result()
        assert not reserve.exists()
        assert stored.messages[-1].text == "x" * 100_000
    with opened(tmp_path):
        assert reserve.stat().st_size == SIZE_BYTES


def test_new_questions_do_not_use_the_last_megabytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(tmp_path) as store:
        running = ask(store, "?", b"one")
        # Another program fills the disk, and the reserve was needed once.
        (tmp_path / "sightline.reserve").unlink()
        full = shutil.disk_usage(tmp_path)._replace(free=SIZE_BYTES - 1)
        monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
        assert code_of(store.save_draft(0, Draft(text="new"))) is Code.DISK_FULL
        assert code_of(store.put_image(b"new", sent_image(b"new"))) is Code.DISK_FULL
        store.finish(answered(running), ()).result()
        store.delete(running.id).result()
        monkeypatch.undo()
        store.save_draft(0, Draft(text="new")).result()
        assert (tmp_path / "sightline.reserve").stat().st_size == SIZE_BYTES


def test_a_disk_that_is_full_at_the_start_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(tmp_path) as store:
        ask(store, "?")
    (tmp_path / "sightline.reserve").unlink()
    full = shutil.disk_usage(tmp_path)._replace(free=0)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: full)
    with opened(tmp_path) as store:
        assert [notice.code for notice in store.notices] == [Code.DISK_FULL]
        assert len(store.summaries().result()) == 1
        assert code_of(store.remember("a", "b")) is Code.DISK_FULL

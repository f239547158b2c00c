"""The gallery comes back as it was: rows of images, written in short transactions."""

import sqlite3
import threading
from concurrent.futures import Future
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.core.edits import Edits
from desktop.core.gallery_items import GalleryItem, ItemPlace
from desktop.core.problems import Code
from desktop.store import gallery
from desktop.store.batches import Batches
from desktop.store.gallery import ROWS_AT_ONCE
from desktop.store.store import Store
from tests.helpers.gallery_items import BLACKED_OUT, everything, item, spoil
from tests.helpers.history import answered, ask, code_of, opened
from tests.helpers.ledger import new_history


def test_everything_of_an_image_comes_back_in_the_order_of_files_and_pages(tmp_path: Path) -> None:
    items = [item(7), everything(2, page=3), item(2), everything(1)]
    with opened(tmp_path) as store:
        assert store.gallery().result() == ()
        store.change_gallery(put=items).result()
    with opened(tmp_path) as store:
        assert store.gallery().result() == (items[3], items[2], items[1], items[0])


def test_an_image_takes_the_place_of_what_was_there_and_others_are_forgotten(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.change_gallery(put=[item(1), item(2), item(3)]).result()
        changed = item(1, edits=BLACKED_OUT, edited_sha256="cd" * 32)
        # What is in both is kept.
        store.change_gallery(put=[changed], removed=[(2, 0), (1, 0), (9, 9)]).result()
        assert store.gallery().result() == (changed, item(3))


@pytest.mark.parametrize(
    "columns",
    [
        {"edits": "nonsense"},
        {"edits": '{"blackouts": [[1, 2]]}'},
        {"path": b""},
        {"path": b"a\0b"},
    ],
)
def test_what_was_hidden_does_not_come_back_visible(tmp_path: Path, columns: dict[str, object]) -> None:
    with opened(tmp_path) as store:
        store.change_gallery(put=[item(1), item(2, edits=BLACKED_OUT)]).result()
        assert store.lost_from_gallery().result() == ()
        spoil(store, 2, **columns)
        assert store.gallery().result() == (item(1),)
        assert store.lost_from_gallery().result() == ((2, 0),)


def test_a_level_of_detail_that_is_not_known_follows_the_selector(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.change_gallery(put=[everything(2)]).result()
        spoil(store, 2, detail="ultra")
        (found,) = store.gallery().result()
        assert (found.detail, found.edits) == (None, BLACKED_OUT)
        assert store.lost_from_gallery().result() == ()


def test_a_path_that_no_file_can_have_keeps_no_other_image_out(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.change_gallery(put=[item(1), item(2, path=Path("/\ud800")), item(3, url="\ud800")]).result()
        assert [(found.file, found.url) for found in store.gallery().result()] == [(1, ""), (3, "?")]


def test_deleting_a_conversation_leaves_the_gallery_alone(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.change_gallery(put=[item(1)]).result()
        asked = ask(store, "?", b"image")
        store.finish(answered(asked), ()).result()
        store.delete(asked.id).result()
        assert store.gallery().result() == (item(1),)


def test_an_answer_is_stored_between_two_parts_of_a_large_change(tmp_path: Path) -> None:
    ended: list[str] = []
    with opened(tmp_path) as store:
        running = ask(store, "?")
        answer_id = running.messages[-1].id
        held, release = threading.Event(), threading.Event()

        def hold(_connection: sqlite3.Connection) -> None:
            held.set()
            release.wait(60)

        store._write(hold)
        held.wait(60)
        # All are asked for before the first begins.
        first = store.change_gallery(put=[item(n) for n in range(3 * ROWS_AT_ONCE)])
        second = store.change_gallery(put=(), removed=[(n, 0) for n in range(3 * ROWS_AT_ONCE)])
        answer = store.checkpoint(answer_id, "some text")
        for name, future in (("first", first), ("second", second), ("answer", answer)):
            future.add_done_callback(lambda _future, name=name: ended.append(name))  # type: ignore[misc]
        release.set()
        second.result()
        assert ended[0] == "answer"
        assert sorted(ended) == ["answer", "first", "second"]
        # Never mixed: what was asked for last holds.
        assert store.gallery().result() == ()


def test_closing_finishes_a_large_change(tmp_path: Path) -> None:
    items = [item(n) for n in range(3 * ROWS_AT_ONCE + 1)]
    with opened(tmp_path) as store:
        store.change_gallery(put=items)
        store.change_gallery(put=(), removed=[(0, 0)])
    with opened(tmp_path) as store:
        assert store.gallery().result() == tuple(items[1:])


def test_without_room_it_is_said_and_what_was_there_stays(tmp_path: Path) -> None:
    def limit(connection: sqlite3.Connection) -> None:
        pages = connection.execute("PRAGMA page_count").fetchone()[0]
        connection.execute(f"PRAGMA max_page_count = {pages}").fetchone()

    with opened(tmp_path) as store:
        store.change_gallery(put=[item(1)]).result()
        store._write(limit).result()
        many = [item(n) for n in range(2, 5 * ROWS_AT_ONCE)]
        assert code_of(store.change_gallery(put=many)) is Code.DISK_FULL
        assert store.gallery().result() == (item(1),)
        # The rest of that change was dropped, and others go on.
        store.change_gallery(put=(), removed=[(1, 0)]).result()
        assert store.gallery().result() == ()


def test_locked_by_another_process_it_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("desktop.store.connections.BUSY_TIMEOUT_MS", 50)
    with opened(tmp_path) as store:
        other = sqlite3.connect(tmp_path / "sightline.db", isolation_level=None)
        try:
            other.execute("BEGIN IMMEDIATE")
            assert code_of(store.change_gallery(put=[item(1)])) is Code.DATABASE_LOCKED
            assert store.gallery().result() == ()
            other.execute("ROLLBACK")
        finally:
            other.close()
        store.change_gallery(put=[item(1)]).result()
        assert store.gallery().result() == (item(1),)


@pytest.mark.unprivileged
def test_in_a_folder_that_can_only_be_read_the_gallery_is_read(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.change_gallery(put=[item(1)]).result()
    tmp_path.chmod(0o500)
    try:
        with opened(tmp_path) as store:
            assert store.gallery().result() == (item(1),)
            store.change_gallery(put=[item(2)]).result()
            assert store.gallery().result() == (item(1), item(2))
        with opened(tmp_path) as store:
            assert store.gallery().result() == (item(1),)
    finally:
        tmp_path.chmod(0o700)


PLACES = st.tuples(st.integers(1, 4), st.integers(0, 1))
CHANGES = st.lists(
    st.tuples(st.dictionaries(PLACES, st.booleans(), max_size=6), st.lists(PLACES)), max_size=5
)


@given(CHANGES)
@settings(max_examples=60, deadline=None)
def test_after_any_changes_the_gallery_is_what_a_table_would_be(
    changes: list[tuple[dict[ItemPlace, bool], list[ItemPlace]]],
) -> None:
    table: dict[ItemPlace, GalleryItem] = {}
    with new_history() as connection, pytest.MonkeyPatch.context() as patch:
        patch.setattr(gallery, "ROWS_AT_ONCE", 2)
        for wanted, removed in changes:
            put = [item(*place, edits=BLACKED_OUT if edited else Edits()) for place, edited in wanted.items()]
            for part in gallery.changes(put, removed):
                part(connection)
            for place in removed:
                table.pop(place, None)
            table.update({(one.file, one.page): one for one in put})
        assert gallery.read_gallery(connection) == tuple(table[place] for place in sorted(table))


def test_a_part_that_fails_ends_its_batch_alone() -> None:
    queue: list[object] = []
    done: list[str] = []

    def run(part: str) -> None:
        if part == "bad":
            raise ValueError(part)
        done.append(part)

    batches = Batches(queue.append, run)
    first, second = batches.add(["a", "bad", "never"]), batches.add(["b"])
    assert not first.cancel()
    while queue:
        queue.pop(0)()  # type: ignore[operator]
    assert isinstance(first.exception(), ValueError)
    assert second.result() is None
    assert done == ["a", "b"]
    assert batches.add([]).done()
    third: Future[None] = batches.add(["c"])
    batches.close()
    queue.pop(0)()  # type: ignore[operator]
    assert (third.result(), done[-1]) == (None, "c")


def test_after_closing_nothing_is_taken(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.open().result()
    store.close()
    with pytest.raises(RuntimeError):
        store.change_gallery(put=[item(1)])

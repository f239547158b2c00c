"""The history in the window: deletion with a way back, what the next start finds, searching to a message."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from desktop.core.model import Conversation
from desktop.core.summaries import Listed
from desktop.store.store import Store
from desktop.tasks import history as tasks
from tests.helpers.asking import make_image
from tests.helpers.history import NOON, answered, ask, beginning, facts, opened, sent_image
from tests.helpers.window import WAIT_MS, Opened, open_window


def said(store: Store, text: str, answer: str = "answer", *images: bytes) -> Conversation:
    return store.finish(answered(ask(store, text, *images), answer), ()).result()


class Bench:
    def __init__(self, qtbot: QtBot, opened: Opened) -> None:
        self.qtbot, self.opened = qtbot, opened
        self.store = opened.parts.services.store
        self.history = opened.history

    def titles(self) -> list[str]:
        rows = self.opened.backend.history.rows.summaries
        return [summary.title for summary in rows]

    def until(self, *titles: str) -> None:
        self.qtbot.waitUntil(lambda: self.titles() == list(titles), timeout=WAIT_MS)

    def notice(self) -> object:
        return self.opened.window._notices.notices()[-1]


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    with opened(tmp_path) as store:
        for number in range(3):
            said(store, f"question {number}", f"the walrus {number}")
    with open_window(qtbot, tmp_path) as window:
        made = Bench(qtbot, window)
        made.until("question 2", "question 1", "question 0")
        yield made


def test_what_is_deleted_comes_back_with_undo(bench: Bench) -> None:
    rows = bench.opened.backend.history.rows.summaries
    bench.history.delete_requested.emit([rows[0].id, rows[2].id])
    bench.until("question 1")
    notice = bench.notice()
    assert notice.text == "2 conversations deleted."  # type: ignore[attr-defined]
    notice._on_action()  # type: ignore[attr-defined]
    bench.until("question 2", "question 1", "question 0")
    assert bench.store.finding.purge().result().conversation_ids == ()


def test_what_is_deleted_is_gone_when_its_notice_closes(bench: Bench) -> None:
    gone = bench.opened.backend.history.rows.summaries[0].id
    bench.history.delete_requested.emit([gone])
    bench.until("question 1", "question 0")
    bench.notice().close_notice()  # type: ignore[attr-defined]
    bench.qtbot.waitUntil(
        lambda: bench.store.conversation(gone).exception(timeout=10) is not None, timeout=WAIT_MS
    )


def test_deleting_the_conversation_at_hand_leaves_an_empty_one_until_undo(bench: Bench) -> None:
    first = bench.opened.backend.history.rows.summaries[1]
    with bench.qtbot.waitSignal(bench.opened.backend.history.loaded, timeout=WAIT_MS):
        bench.history.opened.emit(first.id)
    bench.opened.window._parts.header.delete_requested.emit()
    bench.qtbot.waitUntil(lambda: bench.opened.conversation.current.id == 0, timeout=WAIT_MS)
    bench.notice()._on_action()  # type: ignore[attr-defined]
    bench.qtbot.waitUntil(lambda: bench.opened.conversation.current.id == first.id, timeout=WAIT_MS)


def test_what_a_killed_window_had_deleted_is_gone_at_the_next_start(qtbot: QtBot, tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        gone = said(store, "gone", "answer", b"1")
        said(store, "stays")
        store.keep_text(facts("receipt.jpg").sha256, "read").result()
        # A killed window leaves just this.
        store.finding.set_deleted([gone.id], NOON).result()
        store.remember(tasks.OPEN_KEY, str(gone.id)).result()
    with open_window(qtbot, tmp_path) as window:
        bench = Bench(qtbot, window)
        bench.until("stays")
        qtbot.waitUntil(
            lambda: bench.store.conversation(gone.id).exception(timeout=10) is not None, timeout=WAIT_MS
        )
        assert not bench.store.image_path(sent_image(b"1")).exists()
        read = [facts("receipt.jpg").sha256]
        qtbot.waitUntil(lambda: bench.store.texts(read).result() == {}, timeout=WAIT_MS)


def test_a_terminal_beside_the_window_leaves_what_may_be_taken_back(bench: Bench, tmp_path: Path) -> None:
    gone = bench.opened.backend.history.rows.summaries[0].id
    bench.history.delete_requested.emit([gone])
    bench.until("question 1", "question 0")
    with opened(tmp_path) as other:
        assert other.conversation(gone).result().id == gone


def test_pins_tags_archive_and_titles_change_the_list(bench: Bench) -> None:
    second, first, zeroth = bench.opened.backend.history.rows.summaries
    bench.history.acted.emit("pin", (zeroth.id,))
    bench.until("question 0", "question 2", "question 1")
    bench.history.acted.emit("archive", (second.id, first.id))
    bench.until("question 0")
    bench.qtbot.waitUntil(bench.history._archive.isVisible, timeout=WAIT_MS)
    bench.history.listed_chosen.emit(Listed(archived=True))
    bench.until("question 2", "question 1")
    bench.history.acted.emit("unarchive", (first.id,))
    bench.until("question 2")
    bench.opened.backend.organising.set_tags(zeroth.id, ("shop",))
    bench.history.listed_chosen.emit(Listed(tag="shop"))
    bench.until("question 0")
    bench.history.renamed.emit(zeroth.id, "Another")
    bench.until("Another")


def test_renaming_the_conversation_at_hand_shows_in_its_header(bench: Bench) -> None:
    row = bench.opened.backend.history.rows.summaries[0]
    with bench.qtbot.waitSignal(bench.opened.backend.history.loaded, timeout=WAIT_MS):
        bench.history.opened.emit(row.id)
    with bench.qtbot.waitSignal(bench.opened.window._history_controller.titled, timeout=WAIT_MS):
        bench.history.renamed.emit(row.id, "Another")
    assert bench.opened.conversation.current.title == "Another"


def test_the_list_is_read_in_pages_while_it_is_scrolled(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tasks, "PAGE", 40)
    with opened(tmp_path) as store:
        for number in range(100):
            said(store, f"question {number}")
    with open_window(qtbot, tmp_path) as window:
        bench = Bench(qtbot, window)
        qtbot.waitUntil(lambda: len(bench.titles()) == 40, timeout=WAIT_MS)
        assert bench.opened.backend.history.rows.more
        bar = bench.history.view.verticalScrollBar()
        for count in (80, 100):
            bar.setValue(0)
            bar.setValue(bar.maximum())
            qtbot.waitUntil(lambda count=count: len(bench.titles()) == count, timeout=WAIT_MS)
        assert bench.titles() == [f"question {number}" for number in range(99, -1, -1)]
        # An answer in an old one brings it to the top, and no row is lost or there twice.
        old = bench.opened.backend.history.rows.summaries[90].id
        bench.store.finish(answered(ask(bench.store, "more", conversation_id=old)), ()).result()
        bench.opened.backend.history.refresh()
        qtbot.waitUntil(lambda: bench.titles()[0] == "question 9", timeout=WAIT_MS)
        assert sorted(bench.titles()) == sorted(f"question {number}" for number in range(100))


def test_searching_leads_to_the_message_in_its_branch(bench: Bench) -> None:
    store = bench.store
    row = bench.opened.backend.history.rows.summaries[1]
    stored = store.conversation(row.id).result()
    again = store.begin(beginning(stored.messages[0], conversation_id=row.id, parent_id=None)).result()
    store.finish(answered(again, "a carpenter"), ()).result()
    found: list[tuple[int, int]] = []
    bench.opened.window._history_controller.found.connect(lambda *told: found.append(told))
    bench.qtbot.keyClick(bench.opened.window, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    assert bench.history.search.field.hasFocus()

    bench.history.search.set_text("walrus 1")
    results = bench.history.results.view
    bench.qtbot.waitUntil(lambda: results.model().rowCount() == 1, timeout=WAIT_MS)
    bench.qtbot.keyClick(bench.history.search.field, Qt.Key.Key_Return)

    bench.qtbot.waitUntil(lambda: bool(found), timeout=WAIT_MS)
    assert found == [(row.id, stored.messages[1].id)]
    shown = [message.text for message in bench.opened.conversation.current.messages]
    assert shown == ["question 1", "the walrus 1"]


def test_a_dropped_image_finds_the_conversations_that_have_it(qtbot: QtBot, tmp_path: Path) -> None:
    picture = make_image(tmp_path / "a.png")
    folder = tmp_path / "data"
    with opened(folder) as store:
        said(store, "has it", "answer", picture.read_bytes())
        said(store, "has another", "answer", b"other")
    with open_window(qtbot, folder) as window:
        window.history.image_dropped.emit(picture)
        results = window.history.results
        qtbot.waitUntil(lambda: results.said == "1 conversation", timeout=WAIT_MS)
        assert results.view.current().summary.title == "has it"  # type: ignore[union-attr]
        results.closed.emit()
        assert window.history.body.currentWidget() is window.history.view


def test_a_file_that_is_no_image_is_explained(qtbot: QtBot, tmp_path: Path) -> None:
    odd = tmp_path / "odd.png"
    odd.write_text("no image")
    with open_window(qtbot, tmp_path / "data") as window:
        window.history.image_dropped.emit(odd)
        qtbot.waitUntil(lambda: "odd.png" in window.history.results.said, timeout=WAIT_MS)

"""Conversations leave as files and come in from files, in the window, over a real store."""

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QAction, QDropEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.archive import ExportFormat, ImportOutcome
from desktop.core.archive_words import imported_sentence
from desktop.core.problems import Code, problem
from desktop.tasks import exchange
from desktop.ui import conversation_files
from desktop.ui.conversation.header import ConversationHeader
from desktop.ui.export_dialog import ExportDialog
from desktop.ui.widgets.progress_dialog import ProgressDialog
from tests.helpers.archives import asked, everything, export, picture, rich
from tests.helpers.history import opened as opened_store
from tests.helpers.window import WAIT_MS, Opened, open_window


class Bench:
    def __init__(self, qtbot: QtBot, opened: Opened) -> None:
        self.qtbot, self.opened, self.window = qtbot, opened, opened.window
        self.store = opened.parts.services.store
        self.header = opened.window.findChild(ConversationHeader)

    def show(self, conversation_id: int) -> None:
        self.window._open_conversation(conversation_id)
        self.qtbot.waitUntil(lambda: self.opened.conversation.current.id == conversation_id, timeout=WAIT_MS)

    def menu(self, text: str) -> QAction:
        (found,) = (a for a in self.header._menu.actions() if a.text() == text)
        return found

    def dialog(self) -> ExportDialog:
        self.menu("Export conversation…").trigger()
        dialog = self.window.findChild(ExportDialog)
        assert dialog is not None
        return dialog

    def notice(self) -> str:
        notices = self.window._notices
        self.qtbot.waitUntil(lambda: bool(notices.notices()), timeout=WAIT_MS)
        return str(notices.notices()[-1].text)


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    with open_window(qtbot, tmp_path / "data") as opened:
        yield Bench(qtbot, opened)


def choose(place: QWidget, name: str) -> None:
    (found,) = (b for b in place.findChildren(QAbstractButton) if b.accessibleName() == name)
    assert found.isEnabled()
    found.click()


def target(monkeypatch: pytest.MonkeyPatch, folder: Path) -> list[str]:
    """The user takes the name that is offered, in ``folder``; which names were."""
    offered: list[str] = []

    def new_file(_parent: object, *, title: str, path: Path, filters: list[str]) -> Path:
        offered.append(path.name)
        return folder / path.name

    monkeypatch.setattr(conversation_files, "choose_new_file", new_file)
    monkeypatch.setattr(conversation_files, "choose_folder", lambda *_a, **_k: [folder])
    return offered


def test_a_conversation_is_exported_from_its_menu(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = asked(bench.store, "What is the total?", picture("red"))
    asked(bench.store, "Which?")
    bench.show(done.id)
    offered = target(monkeypatch, tmp_path)
    dialog = bench.dialog()
    assert dialog.format is ExportFormat.ZIP
    choose(dialog, "Web page")
    choose(dialog, "Export…")
    assert bench.notice() == "Exported as “What is the total.html”."
    assert offered == ["What is the total.html"]
    page = (tmp_path / "What is the total.html").read_text(encoding="utf-8")
    assert "What is the total?" in page
    assert "Which?" not in page


def test_all_of_them_are_exported_with_full_paths(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done = asked(bench.store, "What?", picture("red"))
    asked(bench.store, "Which?")
    bench.show(done.id)
    target(monkeypatch, tmp_path)
    dialog = bench.dialog()
    choose(dialog, "JSON")
    choose(dialog, "All conversations")
    choose(dialog, "Full paths")
    choose(dialog, "Export…")
    assert bench.notice().startswith("2 conversations exported as “Sightline 20")
    (file,) = tmp_path.glob("*.json")
    assert '"path": "/pictures/receipt.jpg"' in file.read_text(encoding="utf-8")


def test_markdown_gets_a_folder_of_its_own(
    bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.show(asked(bench.store, "What?", picture("red")).id)
    (tmp_path / "What").mkdir()
    target(monkeypatch, tmp_path)
    dialog = bench.dialog()
    choose(dialog, "Markdown")
    assert not dialog._files.isEnabled()
    choose(dialog, "Export…")
    assert bench.notice() == "Exported as “What (2)”."
    assert len(list((tmp_path / "What (2)" / "images").iterdir())) == 1


def test_why_an_export_failed_is_told(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.show(asked(bench.store, "What?").id)
    (tmp_path / "file").write_text("x")
    target(monkeypatch, tmp_path / "file")
    choose(bench.dialog(), "Export…")
    assert "Nothing can be written" in bench.notice()


def test_the_menu_offers_to_import_where_there_is_nothing_to_export(bench: Bench) -> None:
    assert bench.header._more.isVisible()
    assert not bench.menu("Export conversation…").isVisible()
    assert not bench.menu("Delete conversation…").isVisible()
    assert bench.menu("Import conversations…").isVisible()


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    with opened_store(tmp_path / "elsewhere") as store:
        rich(store)
        asked(store, "Which?", picture("green"))
        export(store, tmp_path / "all.sightline")
    return tmp_path / "all.sightline"


def test_a_file_is_imported_and_shown(bench: Bench, archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(conversation_files, "choose_files", lambda *_a, **_k: [archive])
    bench.menu("Import conversations…").trigger()
    assert bench.notice() == "2 conversations imported."
    bench.qtbot.waitUntil(lambda: bench.opened.history.view.model().rowCount() > 0, timeout=WAIT_MS)
    choose(bench.window._notices, "Show the last")
    current = bench.opened.conversation
    bench.qtbot.waitUntil(lambda: bool(current.current.messages), timeout=WAIT_MS)
    assert current.current.messages[0].text == "Which?"


def test_a_file_that_is_dropped_is_imported_and_is_no_image(bench: Bench, archive: Path) -> None:
    bench.window.gallery_room.incoming.add([archive])
    assert bench.notice() == "2 conversations imported."
    assert not bench.opened.images.entries
    bench.window._notices.close_newest()
    bench.window.gallery_room.incoming.add([archive])
    assert bench.notice() == "2 were here already."


def test_several_are_exported_from_the_list_and_a_file_is_dropped_on_it(
    bench: Bench, archive: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target(monkeypatch, tmp_path)
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(archive))])
    at, button, keys = QPointF(20, 200), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    panel = bench.opened.history
    panel.dropEvent(QDropEvent(at, Qt.DropAction.CopyAction, mime, button, keys))
    assert bench.notice() == "2 conversations imported."
    bench.qtbot.waitUntil(lambda: panel.view.model().rowCount() > 1, timeout=WAIT_MS)
    bench.window._notices.close_newest()
    panel.acted.emit("export", (1, 2))
    dialog = bench.window.findChild(ExportDialog)
    assert dialog is not None
    choose(dialog, "These 2")
    choose(dialog, "Export…")
    assert bench.notice().startswith("2 conversations exported as “Sightline 20")


def test_several_files_are_imported_one_after_the_other(bench: Bench, archive: Path, tmp_path: Path) -> None:
    other = tmp_path / "bad.sightline"
    other.write_bytes(b"x")
    bench.window.gallery_room.outside.conversations.import_files([other, archive])
    notices = bench.window._notices
    bench.qtbot.waitUntil(lambda: len(notices.notices()) == 2, timeout=WAIT_MS)
    assert [n.text.partition(".")[0] for n in notices.notices()] == [
        "“bad",
        "2 conversations imported",
    ]


def test_the_window_is_started_with_a_file(qtbot: QtBot, archive: Path, tmp_path: Path) -> None:
    with open_window(qtbot, tmp_path / "data", images=(archive,)) as opened:
        bench = Bench(qtbot, opened)
        assert bench.notice() == "2 conversations imported."
        assert len(everything(bench.store)) == 2


def test_a_long_job_shows_its_progress_and_can_be_ended(
    bench: Bench, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    going, release = threading.Event(), threading.Event()

    def slow(_path: Path, _store: object, step: Callable[[int, int], None]) -> ImportOutcome:
        step(1, 4)
        going.set()
        release.wait(20)
        step(2, 4)
        raise AssertionError("it was not ended")

    monkeypatch.setattr(exchange, "import_conversations", slow)
    files = bench.window.gallery_room.outside.conversations
    files.import_file(archive)
    bench.qtbot.waitUntil(going.is_set, timeout=WAIT_MS)
    progress = bench.window.findChild(ProgressDialog)
    assert progress is not None
    bench.qtbot.waitUntil(progress.isVisible, timeout=WAIT_MS)
    assert progress._count.text() == "1 of 4"
    QTest.keyClick(progress, Qt.Key.Key_Escape)
    release.set()
    bench.qtbot.waitUntil(lambda: not progress.isVisible(), timeout=WAIT_MS)
    assert not bench.window._notices.notices()
    assert not bench.opened.backend.exchange.is_busy


def test_closing_ends_a_job(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ended = threading.Event()

    def endless(_path: Path, _store: object, step: Callable[[int, int], None]) -> ImportOutcome:
        try:
            while True:
                step(0, 1)
        finally:
            ended.set()

    monkeypatch.setattr(exchange, "import_conversations", endless)
    with open_window(qtbot, tmp_path / "data") as opened:
        opened.window.gallery_room.outside.conversations.import_file(tmp_path / "x.sightline")
    assert ended.is_set()


def test_formats_are_chosen_by_the_keyboard(bench: Bench) -> None:
    bench.show(asked(bench.store, "What?").id)
    dialog = bench.dialog()
    assert dialog.focusWidget().accessibleName() == "Sightline file"
    QTest.keyClick(dialog.focusWidget(), Qt.Key.Key_Right)
    assert dialog.format is ExportFormat.HTML
    for name in ("Sightline file", "Web page", "Markdown", "JSON", "Export…", "Cancel"):
        assert [b for b in dialog.findChildren(QAbstractButton) if b.accessibleName() == name]
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()


def test_what_came_of_an_import_in_words() -> None:
    assert imported_sentence(ImportOutcome()) == "There is no conversation in this file."
    stopped = ImportOutcome(present=1, missing_images=2, stopped=problem(Code.STOPPED))
    assert imported_sentence(stopped) == "1 was here already. 2 images were lost before."

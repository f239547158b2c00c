"""The text of an answer: loads nothing, copies what was written, and ends exact however it came."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSize, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QTextCursor
from pytestqt.qtbot import QtBot

from desktop.ui import theme
from desktop.ui.conversation.answer_view import AnswerText
from desktop.ui.conversation.quiet_text import QuietText


@pytest.fixture
def view(qtbot: QtBot) -> AnswerText:
    made = AnswerText()
    qtbot.addWidget(made)
    made.resize(500, 100)
    made.show()
    return made


def select_all(view: QuietText) -> str:
    view.selectAll()
    return view.createMimeDataFromSelection().text()


@pytest.fixture
def trap(tmp_path: Path) -> Iterator[Callable[[], bool]]:
    """A named pipe ``trap`` in `tmp_path`; tells whether anybody has opened it for reading."""
    path = tmp_path / "trap"
    os.mkfifo(path)
    # Another process writes: it goes on as soon as there is a reader, and lets none wait.
    opened = tmp_path / "opened"
    script = 'while true; do : > "$1"; : > "$2"; done'
    with subprocess.Popen(["sh", "-c", script, "sh", str(path), str(opened)]) as writer:
        yield opened.exists
        writer.kill()


def test_no_markdown_and_no_html_opens_a_file(
    view: AnswerText, qtbot: QtBot, tmp_path: Path, trap: Callable[[], bool]
) -> None:
    pipe = tmp_path / "trap"
    view.set_markdown(f"![x]({pipe})\n\n![x](file://{pipe})\n\n<img src='{pipe}'>\n\n[x]({pipe})")
    view.grab()
    for evil in (f"<img src='{pipe}'>", f"<img src='file://{pipe}'>", f"<img width=9 height=9 src='{pipe}'>"):
        # HTML that no renderer of ours would write; an empty answer of loadResource() would not stop Qt here.
        view.document().setHtml(f"{evil}<table background='{pipe}'><tr><td style='background:url({pipe})'>x")
        view.grab()
    qtbot.wait(50)
    assert not trap()
    pipe.open("rb").close()
    qtbot.waitUntil(trap)


def test_every_resource_is_answered_so_that_qt_looks_no_further(view: AnswerText) -> None:
    for name in ("/dev/zero", "file:///dev/zero", "https://evil.example/a.png", "data:,x", ""):
        assert view.loadResource(2, QUrl(name)).size() == QSize(1, 1)
        for kind in (1, 3, 4, 100):
            assert view.loadResource(kind, QUrl(name)) == b""


def test_it_is_as_high_as_its_text_at_every_width(view: AnswerText) -> None:
    view.set_markdown("word " * 400)
    wide = view.height()
    view.resize(250, view.height())
    assert view.height() > wide
    assert view.height() >= view.document().size().height()
    assert view.verticalScrollBar().maximum() == 0


def test_copying_gives_what_was_written_without_breaks_for_display(view: AnswerText) -> None:
    view.set_markdown("a `code` " + "x" * 1000)
    assert select_all(view) == "a code " + "x" * 1000
    assert not view.createMimeDataFromSelection().hasHtml()


def test_copying_by_key_puts_it_on_the_clipboard(view: AnswerText, qtbot: QtBot) -> None:
    view.set_markdown("37.34")
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "37.34"


def test_a_click_on_a_link_is_only_told(view: AnswerText, qtbot: QtBot) -> None:
    view.set_markdown("[a link](https://example.org/a?b=1)")
    place = view.cursorRect(view.cursorForPosition(QPoint(10, 5))).center()
    with qtbot.waitSignal(view.link_clicked) as told:
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert told.args == ["https://example.org/a?b=1"]
    assert "a link" in view.toPlainText()


def test_streaming_ends_with_the_exact_text_and_renders_less_often_than_it_grows(
    view: AnswerText, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    rendered: list[str] = []
    from desktop.ui.conversation import answer_view

    render = answer_view.render
    monkeypatch.setattr(answer_view, "render", lambda text: rendered.append(text) or render(text))
    text = ""
    for number in range(300):
        text += f"word{number} "
        view.set_markdown(text, streaming=True)
        QGuiApplication.processEvents()
    view.set_markdown(text)
    assert view.toPlainText() == text.strip()
    assert rendered[-1] == text
    assert len(rendered) < 100


def test_what_streams_is_shown_without_waiting_for_its_end(view: AnswerText, qtbot: QtBot) -> None:
    view.set_markdown("first", streaming=True)
    qtbot.waitUntil(lambda: view.toPlainText() == "first")
    view.set_markdown("first second", streaming=True)
    qtbot.waitUntil(lambda: view.toPlainText() == "first second")


def test_a_slow_rendering_is_followed_by_a_longer_rest(
    view: AnswerText, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop.ui.conversation import answer_view

    now = [100.0]

    def slow(_text: str) -> str:
        now[0] += 0.5
        return "x"

    monkeypatch.setattr(answer_view, "monotonic", lambda: now[0])
    monkeypatch.setattr(answer_view, "render", slow)
    view.set_markdown("a")
    view.set_markdown("ab", streaming=True)
    assert view._timer.interval() == 2000


def test_a_selection_stays_while_the_text_grows(view: AnswerText, qtbot: QtBot) -> None:
    view.set_markdown("first", streaming=True)
    qtbot.waitUntil(lambda: view.toPlainText() == "first")
    cursor = view.textCursor()
    cursor.select(QTextCursor.SelectionType.WordUnderCursor)
    view.setTextCursor(cursor)
    view.set_markdown("first and more")
    assert view.textCursor().selectedText() == "first"


def test_the_theme_changes_its_colours_at_once(view: AnswerText) -> None:
    view.set_markdown("words")
    light = view.document().toHtml()
    theme.current().apply("dark")
    try:
        assert view.document().toHtml() != light
        assert theme.current().color("text").name() in view.document().toHtml()
    finally:
        theme.current().apply("light")


def test_the_wheel_is_left_to_the_transcript(view: AnswerText, qtbot: QtBot) -> None:
    from PySide6.QtGui import QWheelEvent

    view.set_markdown("word " * 100)
    event = QWheelEvent(
        QPoint(5, 5).toPointF(),
        QPoint(5, 5).toPointF(),
        QPoint(0, -10),
        QPoint(0, -120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    view.wheelEvent(event)
    assert not event.isAccepted()


def test_bullets_are_small_and_stand_clear_of_their_text(view: AnswerText) -> None:
    view.resize(300, 60)
    view.set_markdown("- item `x`\n- second")
    image = view.viewport().grab().toImage()
    text_left = view.document().indentWidth()
    blank = image.pixelColor(0, 0)
    inked = [
        x for x in range(int(text_left)) for y in range(20) if image.pixelColor(x, y).rgb() != blank.rgb()
    ]
    assert inked
    assert max(inked) - min(inked) <= 5
    assert text_left - max(inked) >= 7

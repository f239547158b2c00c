"""The text of an answer: loads nothing, copies what was written, and ends exact however it came."""

import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QSize, Qt, QUrl
from PySide6.QtGui import QGuiApplication, QPainter, QPixmap
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.ui import theme
from desktop.ui.conversation.answer_view import AnswerText
from desktop.ui.conversation.code_head import CodeHead
from desktop.ui.conversation.quiet_text import QuietDocument
from desktop.ui.widgets.buttons import IconButton


@pytest.fixture
def view(qtbot: QtBot) -> AnswerText:
    made = AnswerText()
    qtbot.addWidget(made)
    made.resize(500, 100)
    made.show()
    return made


def select_all(view: AnswerText) -> str:
    view.selecting.select_all()
    return view.selecting.text()


def drawn(document: QuietDocument) -> None:
    painter = QPainter(picture := QPixmap(300, 300))
    document.drawContents(painter)
    painter.end()
    assert not picture.isNull()


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
        document = QuietDocument()
        document.setHtml(f"{evil}<table background='{pipe}'><tr><td style='background:url({pipe})'>x")
        drawn(document)
    qtbot.wait(50)
    assert not trap()
    pipe.open("rb").close()
    qtbot.waitUntil(trap)


def test_every_resource_is_answered_so_that_qt_looks_no_further() -> None:
    document = QuietDocument()
    for name in ("/dev/zero", "file:///dev/zero", "https://evil.example/a.png", "data:,x", ""):
        assert document.loadResource(2, QUrl(name)).size() == QSize(1, 1)
        for kind in (1, 3, 4, 100):
            assert document.loadResource(kind, QUrl(name)) == b""


def test_it_is_as_high_as_its_text_at_every_width(view: AnswerText) -> None:
    view.set_markdown("word " * 400)
    wide = view.height()
    view.resize(250, view.height())
    assert view.height() > wide
    assert view.height() == view._pieces.height


def test_copying_gives_what_was_written_without_breaks_for_display(view: AnswerText) -> None:
    view.set_markdown("a `code` " + "x" * 1000)
    assert select_all(view) == "a code " + "x" * 1000


def test_copying_by_key_puts_it_on_the_clipboard(view: AnswerText, qtbot: QtBot) -> None:
    view.set_markdown("37.34")
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "37.34"


def test_a_click_on_a_link_is_only_told(view: AnswerText, qtbot: QtBot) -> None:
    view.set_markdown("[a link](https://example.org/a?b=1)")
    with qtbot.waitSignal(view.link_clicked) as told:
        qtbot.mouseClick(view, Qt.MouseButton.LeftButton, pos=QPoint(10, 8))
    assert told.args == ["https://example.org/a?b=1"]
    assert "a link" in view.text()


def test_streaming_ends_with_the_exact_text_and_renders_less_often_than_it_grows(
    view: AnswerText, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop.ui.conversation import answer_view

    rendered: list[str] = []
    read = view._splitter.set_text

    def counted(text: str, *, final: bool) -> None:
        rendered.append(text)
        read(text, final=final)

    monkeypatch.setattr(view._splitter, "set_text", counted)
    monkeypatch.setattr(answer_view, "FRAME_MS", 60_000)
    text = ""
    for number in range(300):
        text += f"word{number} "
        view.set_markdown(text, streaming=True)
        QGuiApplication.processEvents()
    view.set_markdown(text)
    assert view.text() == text.strip()
    assert rendered[-1] == text
    assert 1 < len(rendered) <= 3


def test_what_streams_is_shown_without_waiting_for_its_end(view: AnswerText, qtbot: QtBot) -> None:
    view.set_markdown("first", streaming=True)
    qtbot.waitUntil(lambda: view.text() == "first")
    view.set_markdown("first second", streaming=True)
    qtbot.waitUntil(lambda: view.text() == "first second")


def test_a_slow_rendering_is_followed_by_a_longer_rest(
    view: AnswerText, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop.ui.conversation import answer_view

    now = [100.0]

    def slow(_text: str, *, final: bool) -> None:
        now[0] += 0.5

    monkeypatch.setattr(answer_view, "monotonic", lambda: now[0])
    monkeypatch.setattr(view._splitter, "set_text", slow)
    view.set_markdown("a")
    view.set_markdown("ab", streaming=True)
    assert view._timer.interval() == 2000


def test_a_selection_stays_while_the_text_grows(view: AnswerText, qtbot: QtBot) -> None:
    view.set_markdown("first", streaming=True)
    qtbot.waitUntil(lambda: view.text() == "first")
    qtbot.mouseDClick(view, Qt.MouseButton.LeftButton, pos=QPoint(8, 8))
    view.set_markdown("first and more")
    assert view.selecting.text() == "first"


def test_the_theme_changes_its_colours_at_once(view: AnswerText) -> None:
    view.set_markdown("words")
    light = view.grab().toImage()
    theme.current().apply("dark")
    try:
        assert theme.current().color("text").name() in view._pieces.lay_out(0).document().toHtml()
        assert view.grab().toImage() != light
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
    image = view.grab().toImage()
    text_left = view._pieces.all[0].left
    blank = image.pixelColor(0, 0)
    inked = [
        x for x in range(int(text_left)) for y in range(20) if image.pixelColor(x, y).rgb() != blank.rgb()
    ]
    assert inked
    assert max(inked) - min(inked) <= 5
    assert text_left - max(inked) >= 7


def heads(view: AnswerText) -> list[CodeHead]:
    return sorted((head for head in view.findChildren(CodeHead) if head.isVisible()), key=lambda h: h.y())


def test_each_block_of_code_has_its_language_and_copies_exactly(view: AnswerText, qtbot: QtBot) -> None:
    long = "\n".join(f"line_{n} = '{n}'" for n in range(100)) + "\n\n    end  "
    view.set_markdown(f"- in a list\n\n  ```cpp\n  int x;\n  ```\n\n```python\n{long}\n```")
    first, second = heads(view)
    assert [h.findChild(IconButton).accessibleDescription() for h in (first, second)] == ["C++", "Python"]
    first.findChild(IconButton).setFocus()
    qtbot.keyClick(first.findChild(IconButton), Qt.Key.Key_Space)
    assert QGuiApplication.clipboard().text() == "int x;"
    qtbot.mouseClick(second.findChild(IconButton), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == long
    assert second.findChild(IconButton).accessibleName() == "Copied"


def test_a_wide_table_wraps_and_then_scrolls(view: AnswerText, qtbot: QtBot) -> None:
    from PySide6.QtWidgets import QScrollBar

    def bars() -> list[QScrollBar]:
        return [bar for bar in view.findChildren(QScrollBar) if bar.isVisible()]

    row = "|".join(["some longer words in a cell"] * 4)
    view.set_markdown(f"{row}\n{'|'.join(['--'] * 4)}\n{row}")
    assert bars() == []
    assert view._pieces.all[0].across <= view.width()
    row = "|".join(["unbreakablewords"] * 9)
    view.set_markdown(f"{row}\n{'|'.join(['--'] * 9)}\n{row}")
    (bar,) = bars()
    assert bar.maximum() >= view._pieces.all[0].across - view.width()
    before = view.grab().toImage()
    bar.setValue(bar.maximum())
    assert view.grab().toImage() != before


def test_parts_of_a_long_table_share_their_columns(view: AnswerText) -> None:
    view.set_markdown(
        "|a|b|\n|--|--|\n" + "| some words | 2 |\n" * 100 + "| something much longer here | 2 |"
    )
    tables = view._pieces.all
    assert len(tables) > 2
    assert all(view._pieces.lay_out(n).widths == tables[0].widths for n in range(len(tables)))


def test_only_what_is_seen_of_a_long_answer_is_laid_out(view: AnswerText, qtbot: QtBot) -> None:
    # As a window of its own it would be seen as a whole, whatever its height.
    view.hide()
    view.set_markdown("\n\n".join(f"paragraph {n} " + "word " * 40 for n in range(1000)))
    qtbot.waitUntil(lambda: len(view.leaves) == 1000)
    assert sum(piece.has_document for piece in view._pieces.all) < 150
    middle = view.height() // 2
    view.expose(middle, middle + 500)
    assert view._pieces.all[view._pieces.at(view.height() // 2)].has_document
    assert not view._pieces.all[0].has_document


def test_dragging_selects_from_one_block_to_another(view: AnswerText, qtbot: QtBot) -> None:
    view.set_markdown("first words\n\n- item `code`\n\nlast words")
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=QPoint(0, 8))
    qtbot.mouseMove(view, QPoint(100, 40))
    qtbot.mouseMove(view, QPoint(400, view.height() - 5))
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=QPoint(400, view.height() - 5))
    assert view.selecting.text() == "first words\n\n• item code\n\nlast words"


def test_text_is_selected_by_key(view: AnswerText, qtbot: QtBot) -> None:
    view.set_markdown("one two\n\nthree")
    view.setFocus()
    shift, control = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
    qtbot.keyClick(view, Qt.Key.Key_Right, shift | control)
    assert view.selecting.text().strip() == "one"
    qtbot.keyClick(view, Qt.Key.Key_Down, shift)
    assert view.selecting.text().startswith("one two\n\n")


def test_links_are_reached_and_opened_by_key(qtbot: QtBot, present: Callable[[QWidget], None]) -> None:
    view = AnswerText()
    view.resize(300, 50)
    view.set_markdown("[a](https://a.example) and\n\n[b](https://b.example)")
    present(view)
    view.setFocus()
    told: list[str] = []
    view.link_clicked.connect(told.append)
    for _link in range(2):
        qtbot.keyClick(view, Qt.Key.Key_Tab)
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert told == ["https://a.example", "https://b.example"]


def test_places_behind_emoji_are_right(view: AnswerText) -> None:
    import re

    view.set_markdown("😀😀 find `me` here")
    words = re.compile("here")
    assert view._pieces.found(0, words, 0) == [(len("😀😀 find me here") + 2 + 2 - 4, 4, True)]


def test_an_answer_that_takes_long_to_read_is_read_bit_by_bit(
    view: AnswerText, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    from desktop.ui.conversation import answer_view

    monkeypatch.setattr(answer_view, "READ_S", 0)
    view.hide()
    text = "\n".join(f"{n}. item" for n in range(1, 5001))
    view.set_markdown(text)
    assert 0 < len(view.leaves) < 5000
    qtbot.waitUntil(lambda: len(view.leaves) == 5000)
    assert view.text() == text

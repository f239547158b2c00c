"""The prompt box: which keys send, how it grows, and what is pasted."""

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, Qt, QUrl
from PySide6.QtGui import QColor, QImage, QInputMethodEvent
from PySide6.QtWidgets import QApplication, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.composer.prompt_box import PromptBox, text_of_html

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def box(qtbot: QtBot) -> PromptBox:
    made = PromptBox()
    qtbot.addWidget(made)
    made.resize(400, 60)
    made.show()
    return made


@pytest.mark.parametrize(
    ("send_key", "key", "held", "sends"),
    [
        ("enter", Qt.Key.Key_Return, None, True),
        ("enter", Qt.Key.Key_Enter, Qt.KeyboardModifier.KeypadModifier, True),
        ("enter", Qt.Key.Key_Return, CONTROL, True),
        ("enter", Qt.Key.Key_Return, SHIFT, False),
        ("ctrl_enter", Qt.Key.Key_Return, None, False),
        ("ctrl_enter", Qt.Key.Key_Return, CONTROL, True),
        ("ctrl_enter", Qt.Key.Key_Enter, CONTROL, True),
        ("ctrl_enter", Qt.Key.Key_Return, SHIFT, False),
    ],
)
def test_the_send_key_sends_and_the_others_begin_a_line(
    box: PromptBox, qtbot: QtBot, send_key: str, key: Qt.Key, held: Qt.KeyboardModifier | None, sends: bool
) -> None:
    sent: list[None] = []
    box.send_requested.connect(lambda: sent.append(None))
    box.set_send_key(send_key)
    qtbot.keyClicks(box, "a")
    qtbot.keyClick(box, key, held or Qt.KeyboardModifier.NoModifier)
    qtbot.keyClicks(box, "b")
    assert len(sent) == (1 if sends else 0)
    assert box.toPlainText() == ("ab" if sends else "a\nb")


def test_enter_that_ends_a_composition_does_not_send(box: PromptBox, qtbot: QtBot) -> None:
    box.set_send_key("enter")
    sent: list[None] = []
    box.send_requested.connect(lambda: sent.append(None))
    QApplication.sendEvent(box, QInputMethodEvent("shou ju", []))
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert not sent
    commit = QInputMethodEvent("", [])
    commit.setCommitString("收据")
    QApplication.sendEvent(box, commit)
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert sent
    assert "收据" in box.toPlainText()


def test_it_grows_with_its_text_between_two_and_ten_lines(box: PromptBox) -> None:
    empty = box.height()
    box.setPlainText("one\ntwo")
    assert box.height() == empty
    box.setPlainText("\n".join("line" for _ in range(6)))
    six = box.height()
    assert six > empty
    box.setPlainText("word " * 60)
    assert box.height() > empty
    box.setPlainText("\n".join("line" for _ in range(40)))
    ten = box.height()
    assert six < ten < 12 * box.fontMetrics().lineSpacing()
    box.clear()
    assert box.height() == empty


def test_lines_of_chinese_have_the_room_they_need(box: PromptBox) -> None:
    box.setPlainText("收据上有什么?\n" * 3 + "合计是多少?")
    assert box.verticalScrollBar().maximum() == 0


def test_tab_leaves_the_box(qtbot: QtBot) -> None:
    window, box, button = QWidget(), PromptBox(), QPushButton()
    qtbot.addWidget(window)
    column = QVBoxLayout(window)
    column.addWidget(box)
    column.addWidget(button)
    window.show()
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Tab)
    assert box.toPlainText() == ""
    assert window.focusWidget() is button


def mime(**parts: object) -> QMimeData:
    made = QMimeData()
    for name, value in parts.items():
        getattr(made, f"set{name.capitalize()}")(value)
    return made


def test_pasted_files_go_out_and_leave_no_text(box: PromptBox, qtbot: QtBot, tmp_path: Path) -> None:
    first, second = tmp_path / "a b.png", tmp_path / "ü.jpg"
    for path in (first, second):
        path.write_bytes(b"x")
    data = mime(text=f"{first}\n{second}")
    data.setUrls([QUrl.fromLocalFile(str(path)) for path in (first, second)])
    assert box.canInsertFromMimeData(data)
    with qtbot.waitSignal(box.paths_pasted) as pasted:
        box.insertFromMimeData(data)
    assert pasted.args == [[first, second]]
    assert box.toPlainText() == ""


def test_a_pasted_picture_goes_out(box: PromptBox, qtbot: QtBot) -> None:
    image = QImage(3, 2, QImage.Format.Format_RGB32)
    image.fill(QColor("#ff0000"))
    data = QMimeData()
    data.setImageData(image)
    with qtbot.waitSignal(box.image_pasted) as pasted:
        box.insertFromMimeData(data)
    assert pasted.args[0].size() == image.size()


def test_text_from_an_office_program_is_text_although_it_brings_a_picture(box: PromptBox) -> None:
    data = mime(text="Total 37.34", html="<b>Total</b> 37.34")
    data.setImageData(QImage(3, 2, QImage.Format.Format_RGB32))
    box.insertFromMimeData(data)
    assert box.toPlainText() == "Total 37.34"


def test_rich_text_arrives_plain_and_loads_nothing(box: PromptBox) -> None:
    box.insertFromMimeData(mime(html="<p>Total <b>37.34</b><img src='/dev/zero'></p>"))
    assert box.toPlainText() == "Total 37.34"


def test_a_web_address_is_pasted_as_text(box: PromptBox) -> None:
    data = mime(text="https://example.org/a.png")
    data.setUrls([QUrl("https://example.org/a.png")])
    box.insertFromMimeData(data)
    assert box.toPlainText() == "https://example.org/a.png"


def test_script_and_style_of_pasted_html_are_no_words() -> None:
    assert text_of_html("<style>p{}</style><p>a &amp; b</p><script>x()</script>") == "a & b"

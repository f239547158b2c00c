"""Text from outside is shown as it is, wherever it is shown."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument
from pytestqt.qtbot import QtBot

from desktop.ui.widgets.labels import ElidedLabel, KeyCap, escaped_tooltip, label, plain_tooltip

HOSTILE = [
    "<b>bold</b>",
    "<img src='file:///etc/passwd'>",
    "a < b & c",
    "![x](/dev/zero)",
    "&amp;",
    "<qt>x</qt>",
]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_label_shows_markup_as_text(qtbot: QtBot, text: str) -> None:
    made = label(text)
    qtbot.addWidget(made)

    assert made.textFormat() is Qt.TextFormat.PlainText
    assert made.text() == text


@pytest.mark.parametrize("text", HOSTILE)
def test_a_tooltip_read_as_rich_text_shows_markup_as_text(text: str) -> None:
    document = QTextDocument()
    tooltip = escaped_tooltip(text)

    document.setHtml(tooltip)

    assert tooltip.startswith("<qt>")
    assert document.toPlainText() == text


def test_a_tooltip_keeps_lines_and_is_bounded() -> None:
    document = QTextDocument()

    document.setHtml(escaped_tooltip("first\nsecond" + "x" * 100_000))

    assert document.toPlainText().startswith("first\nsecond")
    assert len(document.toPlainText()) == 2000


def test_no_text_makes_no_tooltip(qtbot: QtBot) -> None:
    made = label("x")
    qtbot.addWidget(made)
    plain_tooltip(made, "before")

    plain_tooltip(made, "")

    assert made.toolTip() == ""


def test_an_elided_label_tells_all_of_it_in_the_tooltip_only_where_it_is_cut(qtbot: QtBot) -> None:
    made = ElidedLabel("a rather long <b>name</b>.png", mode=Qt.TextElideMode.ElideMiddle)
    qtbot.addWidget(made)
    made.show()

    made.resize(made.sizeHint())
    whole = made.toolTip()
    made.resize(40, 20)

    assert whole == ""
    assert "&lt;b&gt;" in made.toolTip()
    assert made.accessibleName() == "a rather long <b>name</b>.png"


def test_an_elided_label_can_shrink_but_wants_its_whole_width(qtbot: QtBot) -> None:
    made = ElidedLabel("a rather long name.png")
    qtbot.addWidget(made)

    assert made.minimumSizeHint().width() < 30
    assert made.sizeHint().width() > made.fontMetrics().horizontalAdvance("a rather long name.png")


def test_an_elided_label_is_one_line(qtbot: QtBot) -> None:
    made = ElidedLabel("two\nlines\r\n\tand more")
    qtbot.addWidget(made)

    assert made.text() == "two lines and more"


def test_a_key_cap_is_plain_text(qtbot: QtBot) -> None:
    made = KeyCap("<i>Ctrl</i>")
    qtbot.addWidget(made)

    assert made.textFormat() is Qt.TextFormat.PlainText

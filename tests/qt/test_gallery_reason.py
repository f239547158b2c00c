"""Why an image cannot be used is said in whole lines, in every script."""

import pytest
from PySide6.QtGui import QFont, QFontMetricsF
from pytestqt.qtbot import QtBot

from desktop.ui.gallery.reason import broken

LONG = {
    "English": "“holiday.heic” is damaged. The file breaks off or contradicts itself, so it cannot be sent. "
    * 3,
    "Chinese": "“假期.heic”已损坏。文件不完整或内容矛盾，无法显示或发送。" * 6,
    "no spaces": "x" * 400,
    "beyond 16 bits": "🍏🍎🍐" * 60,
}


@pytest.mark.parametrize("text", LONG.values(), ids=LONG)
def test_a_long_reason_fills_whole_lines_and_ends_in_an_ellipsis(qtbot: QtBot, text: str) -> None:
    font = QFont()
    lines, line_px = broken(text, font, 110, 75)
    assert 1 <= len(lines) * line_px <= 75
    assert lines[-1].endswith("…")
    assert all(QFontMetricsF(font).horizontalAdvance(line) <= 111 for line in lines)
    assert "".join(lines[:-1]).replace(" ", "") in text.replace(" ", "")


def test_a_short_reason_is_left_as_it_is(qtbot: QtBot) -> None:
    lines, _line_px = broken("过大", QFont(), 110, 75)
    assert lines == ["过大"]

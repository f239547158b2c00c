"""Notices: they stack, go, and take nothing from the user."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.widgets.banner import Banner
from desktop.ui.widgets.notices import Notice, NoticeStack


@pytest.fixture
def host(present: Callable[[QWidget], None]) -> QWidget:
    """The window over which notices float; a field in it has the focus."""
    widget = QWidget()
    widget.resize(600, 400)
    field = QLineEdit(widget)
    present(widget)
    field.setFocus()
    return widget


def texts(stack: NoticeStack) -> list[str]:
    return [notice.text for notice in stack.notices()]


def press(notice: Notice, name: str) -> None:
    next(b for b in notice.findChildren(QAbstractButton) if b.accessibleName() == name).click()


def test_notices_stack_with_the_newest_lowest_inside_the_window(host: QWidget) -> None:
    stack = NoticeStack(host)

    stack.show_notice("first")
    stack.show_notice("second", kind="problem")

    first, second = stack.notices()
    assert first.y() < second.y()
    assert host.rect().contains(stack.geometry())
    assert stack.isVisible()


def test_a_notice_goes_after_its_time(qtbot: QtBot, host: QWidget) -> None:
    stack = NoticeStack(host)

    stack.show_notice("soon gone", seconds=0.02)
    stack.show_notice("stays", seconds=0)

    qtbot.waitUntil(lambda: texts(stack) == ["stays"])


def test_a_notice_waits_while_its_button_has_the_focus(qtbot: QtBot, host: QWidget) -> None:
    stack = NoticeStack(host)
    stack.show_notice("wait", seconds=0.15)
    field = host.findChild(QLineEdit)
    close = stack.notices()[0].findChildren(QAbstractButton)[-1]

    close.setFocus()
    qtbot.wait(250)
    during = texts(stack)
    field.setFocus()

    assert during == ["wait"]
    qtbot.waitUntil(lambda: texts(stack) == [])
    assert not stack.isVisible()


def test_the_action_closes_the_notice_and_then_acts_once(host: QWidget) -> None:
    stack = NoticeStack(host)
    seen: list[list[str]] = []

    stack.show_notice("3 images left out", action="Undo", callback=lambda: seen.append(texts(stack)))
    press(stack.notices()[0], "Undo")

    assert seen == [[]]


def test_a_notice_never_takes_the_focus(host: QWidget) -> None:
    field = host.findChild(QLineEdit)

    NoticeStack(host).show_notice("look", action="Undo", callback=lambda: None)

    assert host.focusWidget() is field


def test_keys_close_a_notice(qtbot: QtBot, host: QWidget) -> None:
    stack = NoticeStack(host)
    stack.show_notice("one", seconds=0)
    stack.show_notice("two", seconds=0)

    closed = stack.close_newest()
    qtbot.keyClick(stack.notices()[0].findChildren(QAbstractButton)[-1], Qt.Key.Key_Space)

    assert closed
    assert texts(stack) == []
    assert not stack.close_newest()


def test_the_same_notice_is_shown_once_and_the_oldest_makes_room(host: QWidget) -> None:
    stack = NoticeStack(host)

    for text in ("a", "b", "a", "c", "d", "e"):
        stack.show_notice(text, seconds=0)

    assert texts(stack) == ["a", "c", "d", "e"]


def test_a_notice_shows_markup_as_text_and_wraps_long_text(host: QWidget) -> None:
    stack = NoticeStack(host)

    stack.show_notice("<b>x</b> " + "very long " * 40, seconds=0)

    said = next(w for w in stack.notices()[0].findChildren(QLabel) if w.text())
    assert said.textFormat() is Qt.TextFormat.PlainText
    assert stack.height() > 100
    assert host.rect().contains(stack.geometry())


def test_notices_stay_at_the_lower_edge_when_the_window_grows(host: QWidget) -> None:
    stack = NoticeStack(host)
    stack.show_notice("here", seconds=0)

    host.resize(900, 700)

    assert host.height() - stack.geometry().bottom() < 20


def test_a_banner_has_its_sentence_and_buttons_and_can_change_both(qtbot: QtBot) -> None:
    pressed: list[str] = []
    banner = Banner("key-round", "No API key yet", [("Add a key", lambda: pressed.append("old"))])
    qtbot.addWidget(banner)
    banner.show()

    banner.set_text("Another sentence")
    banner.set_actions([("Use a local server", lambda: pressed.append("new"))])
    buttons = [b for b in banner.findChildren(QAbstractButton) if b.isVisible()]
    buttons[-1].click()

    assert banner.accessibleName() == "Another sentence"
    assert pressed == ["new"]


@pytest.mark.parametrize("by", ["time", "closing", "button"])
def test_what_was_not_acted_upon_ends_and_is_told_once(host: QWidget, qtbot: QtBot, by: str) -> None:
    stack = NoticeStack(host)
    told: list[str] = []
    stack.show_notice(
        "deleted",
        action="Undo",
        callback=lambda: told.append("undone"),
        seconds=0.01 if by == "time" else 0,
        ended=lambda: told.append("ended"),
    )
    notice = stack.notices()[0]
    if by == "closing":
        notice.close_notice()
    elif by == "button":
        notice._on_action()
    qtbot.waitUntil(lambda: bool(told))
    notice.close_notice()
    assert told == (["undone"] if by == "button" else ["ended"])

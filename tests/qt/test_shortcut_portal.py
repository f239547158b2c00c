"""The shortcut from anywhere through the desktop portal, on a real bus."""

import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from desktop.capture.shortcuts.global_shortcut import GlobalShortcut
from desktop.capture.shortcuts.portal import PortalWay
from desktop.core.compat import override
from desktop.core.problems import Code, Problem
from tests.helpers.shortcuts_portal import ShortcutsPortal, shortcuts_bus

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="portals are Linux's")

WAIT_MS = 20_000


class Everywhere(PortalWay):
    """Also where nobody sees the screen."""

    @override
    def why_not(self) -> Problem | None:
        return None


@pytest.fixture
def bus(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[ShortcutsPortal, Callable[[], None]]]:
    before = QGuiApplication.desktopFileName()
    QGuiApplication.setDesktopFileName("sightline")
    with shortcuts_bus(tmp_path) as (portal, process):
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", portal.address)
        yield portal, process.kill
    QGuiApplication.setDesktopFileName(before)


@pytest.fixture
def portal(bus: tuple[ShortcutsPortal, Callable[[], None]]) -> ShortcutsPortal:
    return bus[0]


@pytest.fixture
def shortcut(qtbot: QtBot) -> Iterator[GlobalShortcut]:
    made = GlobalShortcut(ways=(Everywhere,))
    yield made
    made.close()


def in_force(qtbot: QtBot, shortcut: GlobalShortcut, keys: str) -> None:
    shortcut.use(keys)
    qtbot.waitUntil(lambda: shortcut.in_force or shortcut.trouble is not None, timeout=WAIT_MS)
    assert shortcut.trouble is None


def failed(qtbot: QtBot, shortcut: GlobalShortcut, keys: str) -> Problem:
    with qtbot.waitSignal(shortcut.failed, timeout=WAIT_MS) as told:
        shortcut.use(keys)
    assert shortcut.trouble == told.args[0]
    assert not shortcut.in_force
    return shortcut.trouble


def test_the_desktop_is_told_who_asks_and_gives_the_keys_that_the_user_grants(
    qtbot: QtBot, portal: ShortcutsPortal, shortcut: GlobalShortcut
) -> None:
    portal.start(answer=0, trigger="Press <Super>x")

    in_force(qtbot, shortcut, "Meta+Shift+X")

    assert [call[0] for call in portal.calls] == ["Register", "CreateSession", "BindShortcuts"]
    assert portal.calls[0][1] == "sightline"
    assert portal.calls[2][1]["capture"] == {
        "description": "Capture the screen and ask about it",
        "preferred_trigger": "SHIFT+LOGO+x",
    }
    assert shortcut.described == "Press <Super>x"
    with qtbot.waitSignal(shortcut.pressed, timeout=WAIT_MS):
        portal.ask("Press", "capture")
    assert os.environ.pop("XDG_ACTIVATION_TOKEN") == "token-1"
    with qtbot.waitSignal(shortcut.changed, timeout=WAIT_MS):
        portal.ask("Rename", "Press <Super>y")
    assert shortcut.described == "Press <Super>y"


def test_other_keys_are_asked_for_in_a_session_of_their_own(
    qtbot: QtBot, portal: ShortcutsPortal, shortcut: GlobalShortcut
) -> None:
    portal.start(answer=0)
    in_force(qtbot, shortcut, "Meta+Shift+X")

    in_force(qtbot, shortcut, "Ctrl+Alt+F9")
    qtbot.waitUntil(lambda: shortcut.in_force, timeout=WAIT_MS)

    assert portal.calls[-1][1]["capture"]["preferred_trigger"] == "CTRL+ALT+F9"
    assert (portal.count("Register"), portal.count("Close"), portal.count("BindShortcuts")) == (1, 1, 2)
    presses: list[None] = []
    shortcut.pressed.connect(lambda: presses.append(None))
    with qtbot.waitSignal(shortcut.pressed, timeout=WAIT_MS):
        portal.ask("Press", "something else")
        portal.ask("Press", "capture")
    assert len(presses) == 1
    os.environ.pop("XDG_ACTIVATION_TOKEN")


def test_switched_off_it_hears_nothing_more(
    qtbot: QtBot, portal: ShortcutsPortal, shortcut: GlobalShortcut
) -> None:
    portal.start(answer=0)
    in_force(qtbot, shortcut, "Meta+Shift+X")

    shortcut.use(None)
    qtbot.waitUntil(lambda: portal.count("Close") == 1, timeout=WAIT_MS)
    portal.ask("Press", "capture")
    qtbot.wait(50)

    assert "XDG_ACTIVATION_TOKEN" not in os.environ
    in_force(qtbot, shortcut, "Meta+Shift+X")


@pytest.mark.parametrize(
    ("parameters", "code", "reason"),
    [
        ({"answer": 1}, Code.SHORTCUT_REFUSED, None),
        ({"answer": 2}, Code.SHORTCUT_NOT_OFFERED, "the desktop ended it"),
        ({"answer": 0, "known": ("another",)}, Code.SHORTCUT_NOT_OFFERED, "An app id is required"),
    ],
)
def test_what_the_desktop_refuses_is_said(
    qtbot: QtBot,
    portal: ShortcutsPortal,
    shortcut: GlobalShortcut,
    parameters: dict[str, object],
    code: Code,
    reason: str | None,
) -> None:
    portal.start(**parameters)

    trouble = failed(qtbot, shortcut, "Meta+Shift+X")

    assert trouble.code is code
    assert trouble.parameters.get("reason") == reason


def test_without_a_portal_the_command_to_bind_by_hand_is_said(
    qtbot: QtBot, portal: ShortcutsPortal, shortcut: GlobalShortcut, monkeypatch: pytest.MonkeyPatch
) -> None:
    trouble = failed(qtbot, shortcut, "Meta+Shift+X")
    assert trouble.code is Code.SHORTCUT_NOT_OFFERED
    assert trouble.parameters["command"] == "sightline --capture region"

    for address in ("disabled:", "unix:path=/nowhere/bus", "nonsense", ""):
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
        monkeypatch.setenv("XDG_RUNTIME_DIR", "/nowhere")
        assert failed(qtbot, shortcut, "Meta+Shift+X").code is Code.SHORTCUT_NOT_OFFERED, address


def test_a_portal_that_does_not_answer_is_not_waited_for_for_ever(
    qtbot: QtBot, portal: ShortcutsPortal, shortcut: GlobalShortcut, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.capture.shortcuts.portal.ANSWER_MS", 300)
    portal.start(silent=True)

    trouble = failed(qtbot, shortcut, "Meta+Shift+X")

    assert trouble.parameters["reason"] == "the desktop did not answer"


def test_a_session_that_ends_is_said_and_a_new_portal_is_asked_anew(
    qtbot: QtBot, portal: ShortcutsPortal, shortcut: GlobalShortcut
) -> None:
    portal.start(answer=0)
    in_force(qtbot, shortcut, "Meta+Shift+X")

    portal.end()
    portal.start(answer=0)
    qtbot.waitUntil(lambda: portal.count("BindShortcuts") == 2, timeout=WAIT_MS)
    with qtbot.waitSignal(shortcut.pressed, timeout=WAIT_MS):
        portal.ask("Press", "capture")
    os.environ.pop("XDG_ACTIVATION_TOKEN")

    with qtbot.waitSignal(shortcut.failed, timeout=WAIT_MS):
        portal.ask("EndSessions")
    assert not shortcut.in_force


def test_a_bus_that_ends_is_said(
    qtbot: QtBot, bus: tuple[ShortcutsPortal, Callable[[], None]], shortcut: GlobalShortcut
) -> None:
    portal, kill = bus
    portal.start(answer=0)
    in_force(qtbot, shortcut, "Meta+Shift+X")

    with qtbot.waitSignal(shortcut.failed, timeout=WAIT_MS):
        kill()

    assert shortcut.trouble is not None
    assert shortcut.trouble.code is Code.SHORTCUT_NOT_OFFERED

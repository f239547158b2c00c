"""Which ways to capture the screen are tried where, and what each says where it cannot."""

from concurrent.futures import CancelledError, Future
from dataclasses import replace

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from desktop.capture.capturer import Capturer
from desktop.capture.shots import ScreenPicture, Shot
from desktop.capture.surroundings import Surroundings, from_environment, here
from desktop.capture.ways import in_order
from desktop.core.problem_text import explain, sentence
from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.core.sentences.capture import CaptureWay, CaptureWhy

BUS = {"DBUS_SESSION_BUS_ADDRESS": "unix:path=/x"}
ALL = {"grim": "/usr/bin/grim", "gnome-screenshot": "/x", "spectacle": "/y"}


def tried(
    system: str, platform: str, programs: dict[str, str], *, screens: int = 1, **environment: str
) -> list[str]:
    told = from_environment(environment, system=system, qt_platform=platform, screens=screens)
    surroundings = replace(told, find=programs.get)
    return [way.name for way in in_order(surroundings) if way.why_not(surroundings) is None]


@pytest.mark.parametrize(
    ("system", "platform", "environment", "expected"),
    [
        ("win32", "windows", {}, ["qt"]),
        ("darwin", "cocoa", {}, ["qt"]),
        ("linux", "xcb", {}, ["qt", "gnome-screenshot", "spectacle"]),
        (
            "linux",
            "xcb",
            {"XDG_SESSION_TYPE": "x11", **BUS},
            ["qt", "portal", "gnome-screenshot", "spectacle"],
        ),
        ("linux", "wayland", {"XDG_CURRENT_DESKTOP": "sway", **BUS}, ["portal", "grim"]),
        (
            "linux",
            "wayland",
            {"XDG_CURRENT_DESKTOP": "ubuntu:GNOME", **BUS},
            ["portal", "grim", "gnome-screenshot"],
        ),
        ("linux", "wayland", {"XDG_CURRENT_DESKTOP": "KDE"}, ["grim", "spectacle"]),
        # Qt as a guest of the compositor's X server would see black.
        ("linux", "xcb", {"WAYLAND_DISPLAY": "wayland-0"}, ["grim"]),
        ("linux", "xcb", {"XDG_SESSION_TYPE": "wayland"}, ["grim"]),
        ("linux", "offscreen", {"WAYLAND_DISPLAY": "wayland-0", **BUS}, []),
        ("linux", "offscreen", {}, []),
        ("linux", "vnc", {}, []),
    ],
)
def test_the_ways_of_each_session_in_order(
    system: str, platform: str, environment: dict[str, str], expected: list[str]
) -> None:
    assert tried(system, platform, ALL, **environment) == expected


def test_with_several_screens_whoever_gives_each_its_own_pixels_comes_first() -> None:
    """One picture of screens of two scales has been blended by the compositor."""
    desktop = {"XDG_CURRENT_DESKTOP": "ubuntu:GNOME", **BUS}
    assert tried("linux", "wayland", ALL, screens=2, **desktop) == ["grim", "portal", "gnome-screenshot"]
    assert tried("linux", "xcb", ALL, screens=2)[0] == "qt"


def test_what_is_not_installed_is_not_tried() -> None:
    assert tried("linux", "wayland", {}, XDG_CURRENT_DESKTOP="KDE") == []


def test_without_a_screen_nobody_is_asked_and_each_says_why(qtbot: QtBot) -> None:
    assert here().qt_platform == "offscreen"
    capturer = Capturer()
    future = capturer.take()
    with pytest.raises(ProblemError) as raised:
        future.result(0)
    capturer.close()
    said = raised.value.problem
    assert said.code is Code.CAPTURE_IMPOSSIBLE
    assert explain(said).meaning.startswith("No way works. The direct way: there is no screen here")
    assert str(said.parameters["reasons"]).count("there is no screen here") == len(in_order(here()))


SHOT = Shot(
    screens=(
        ScreenPicture(name="s", place=QRect(0, 0, 1, 1), image=QImage(1, 1, QImage.Format.Format_RGB32)),
    )
)


class Scripted:
    """A backend that does what a test says; the real ones have tests of their own."""

    def __init__(self, name: str, *, absent: Problem | None = None) -> None:
        self.name = name
        self.absent = absent
        self.asked: list[Future[Shot]] = []
        self.is_closed = False

    def why_not(self) -> Problem | None:
        return self.absent

    def take(self) -> "Future[Shot]":
        self.asked.append(Future())
        return self.asked[-1]

    def close(self) -> None:
        self.is_closed = True


def failed(way: CaptureWay, why: CaptureWhy = CaptureWhy.NO_PICTURE) -> ProblemError:
    return ProblemError(problem(Code.CAPTURE_FAILED, way=way, why=why, reason="it “said” so\nand more"))


def test_the_next_one_is_asked_where_one_fails(qtbot: QtBot) -> None:
    away = Scripted(
        "away", absent=problem(Code.CAPTURE_NOT_HERE, way=CaptureWay.GRIM, why=CaptureWhy.NOT_INSTALLED)
    )
    first, second = Scripted("first"), Scripted("second")
    capturer = Capturer(among=[away, first, second])
    future = capturer.take()
    assert (len(away.asked), len(first.asked), len(second.asked)) == (0, 1, 0)
    first.asked[0].set_exception(failed(CaptureWay.DIRECT))
    qtbot.waitUntil(lambda: bool(second.asked))
    second.asked[0].set_result(SHOT)
    qtbot.waitUntil(future.done)
    assert future.result(0) is SHOT
    capturer.close()
    assert away.is_closed
    assert second.is_closed


def test_when_all_fail_each_reason_is_said_in_one_line(qtbot: QtBot) -> None:
    first, second, third = Scripted("first"), Scripted("second"), Scripted("third")
    capturer = Capturer(among=[first, second, third])
    future = capturer.take()
    first.asked[0].set_exception(failed(CaptureWay.PORTAL))
    qtbot.waitUntil(lambda: bool(second.asked))
    second.asked[0].set_exception(failed(CaptureWay.GRIM, CaptureWhy.ENDED_BADLY))
    qtbot.waitUntil(lambda: bool(third.asked))
    third.asked[0].set_exception(RuntimeError("a bug"))
    qtbot.waitUntil(future.done)
    with pytest.raises(ProblemError) as raised:
        future.result(0)
    said = explain(raised.value.problem)
    assert said.what == "The screen cannot be captured here."
    assert said.meaning == (
        "No way works. The desktop’s portal: it gave no picture (“it “said” so and more”); "
        "grim: it ended with an error (“it “said” so and more”); …: it failed without a reason."
    )
    assert sentence(raised.value.problem).isprintable()


@pytest.mark.parametrize("code", [Code.CAPTURE_REFUSED, Code.CAPTURE_TIMED_OUT])
def test_nobody_else_is_asked_when_the_person_said_no_or_nothing(qtbot: QtBot, code: Code) -> None:
    first, second = Scripted("first"), Scripted("second")
    future = Capturer(among=[first, second]).take()
    first.asked[0].set_exception(ProblemError(Problem(code, {"way": CaptureWay.PORTAL, "seconds": 60})))
    qtbot.waitUntil(future.done)
    with pytest.raises(ProblemError) as raised:
        future.result(0)
    assert raised.value.problem.code is code
    assert second.asked == []


def test_giving_up_withdraws_what_is_asked(qtbot: QtBot) -> None:
    first, second = Scripted("first"), Scripted("second")
    capturer = Capturer(among=[first, second])
    future = capturer.take()
    assert future.cancel()
    assert first.asked[0].cancelled()
    again = capturer.take()
    third = capturer.take()
    assert again.cancelled()
    capturer.close()
    with pytest.raises(CancelledError):
        third.result(0)
    assert all(one.cancelled() for one in first.asked)
    assert second.asked == []
    with pytest.raises(ProblemError):
        capturer.take().result(0)


def test_the_surroundings_of_a_test_are_read() -> None:
    told = from_environment(
        {"XDG_CURRENT_DESKTOP": "a::GNOME", "SWAYSOCK": "/x"}, system="linux", qt_platform="wayland"
    )
    assert told == Surroundings(
        system="linux",
        qt_platform="wayland",
        is_wayland=True,
        desktops=frozenset({"a", "gnome"}),
        has_sway=True,
    )

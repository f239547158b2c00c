"""The desktop portal as it should be, and in all the ways in which it is not."""

import os
import shutil
import sys
import time
from collections.abc import Iterator
from concurrent.futures import CancelledError, Future
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from PySide6.QtGui import QColor, QGuiApplication, QImage
from pytestqt.qtbot import QtBot

from desktop.capture import backend_portal
from desktop.capture.backend_portal import PortalBackend
from desktop.capture.shots import Shot
from desktop.core.problem_text import explain, sentence
from desktop.core.problems import Code, Problem, ProblemError
from tests.helpers.portal import Portal, portal_bus
from tests.helpers.processes import until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="portals are Linux's")


@pytest.fixture(scope="module")
def bus(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Portal]:
    with portal_bus(tmp_path_factory.mktemp("portal")) as made:
        yield made


@pytest.fixture
def portal(bus: Portal, monkeypatch: pytest.MonkeyPatch, qapp: QGuiApplication) -> Portal:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", bus.address)
    return bus


@pytest.fixture
def backend() -> Iterator[PortalBackend]:
    made = PortalBackend(call_s=1.0, answer_s=0.4, choice_s=2.0)
    yield made
    made.close()


@pytest.fixture
def picture(tmp_path: Path, qapp: QGuiApplication) -> Path:
    """A picture of all screens, as a portal may keep it ready; `grants` makes a new file of it."""
    image = QImage(QGuiApplication.primaryScreen().size(), QImage.Format.Format_ARGB32)
    image.fill(QColor("#204080"))
    image.setPixelColor(3, 2, QColor("#ff8000"))
    path = tmp_path / "kept.png"
    assert image.save(str(path))
    return path


def grants(picture: Path, name: str = "Bild schirm ü%.png", **more: Any) -> dict[str, Any]:
    given = picture.with_name(name)
    return {"answers": 0, "uri": f"file://{quote(str(given))}", "copy": [str(picture), str(given)], **more}


def trouble(future: "Future[Shot]") -> Problem:
    with pytest.raises(ProblemError) as raised:
        future.result(30)
    return raised.value.problem


def test_the_picture_is_taken_without_a_dialog_and_its_file_is_gone(
    portal: Portal, backend: PortalBackend, picture: Path
) -> None:
    portal.plays(grants(picture))
    shot = backend.take().result(30)
    (screen,) = shot.screens
    assert screen.image.pixelColor(3, 2) == QColor("#ff8000")
    assert screen.image.size() == QGuiApplication.primaryScreen().size()
    assert screen.place == QGuiApplication.primaryScreen().geometry()
    assert (shot.backend, screen.windows) == ("portal", ())
    ((method, options),) = portal.calls
    assert method == "Screenshot"
    assert options["interactive"] == "0"
    assert sorted(path.name for path in picture.parent.iterdir()) == ["kept.png"]


@pytest.mark.parametrize(
    "more",
    [
        {"first": True},
        {"handle": "/org/freedesktop/portal/desktop/request/1"},
        {"handle": "/org/freedesktop/portal/desktop/request/2", "first": True},
        {"spoofed": True},
    ],
    ids=["answer overtaken", "other handle", "other handle overtaken", "a stranger answers too"],
)
def test_the_answer_is_found_whenever_and_wherever_it_comes(
    portal: Portal, backend: PortalBackend, picture: Path, more: dict[str, Any]
) -> None:
    portal.plays(grants(picture, **more))
    assert backend.take().result(30).screens


def test_no_means_no(portal: Portal, backend: PortalBackend) -> None:
    portal.plays({"answers": 1})
    said = trouble(backend.take())
    assert said.code is Code.CAPTURE_REFUSED
    assert len(portal.calls) == 1


def test_what_is_not_granted_silently_is_asked_for_with_the_desktops_own_dialog(
    portal: Portal, backend: PortalBackend, picture: Path
) -> None:
    portal.plays({"answers": 2}, grants(picture))
    assert len(backend.take().result(30).screens) == 1
    assert [options["interactive"] for _method, options in portal.calls] == ["0", "1"]


def test_a_no_that_is_called_a_failure_is_a_no_all_the_same(
    portal: Portal, backend: PortalBackend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who has just denied it is not shown the next dialog."""
    monkeypatch.setattr(backend_portal, "_THOUGHT_S", 0.1)
    portal.plays({"answers": 2, "after_ms": 200})
    assert trouble(backend.take()).code is Code.CAPTURE_REFUSED
    assert len(portal.calls) == 1


def test_an_old_portal_is_not_told_of_a_dialog_that_it_always_shows(
    portal: Portal, backend: PortalBackend, picture: Path
) -> None:
    portal.plays(grants(picture), version=1)
    assert backend.take().result(30).screens
    ((_method, options),) = portal.calls
    assert set(options) == {"handle_token"}


def test_a_part_that_the_person_chose_lies_unscaled_in_the_middle_of_a_screen(
    portal: Portal, backend: PortalBackend, picture: Path
) -> None:
    part = QImage(301, 200, QImage.Format.Format_RGB32)
    part.fill(QColor("#10c040"))
    assert part.save(str(picture))
    portal.plays({"answers": 2}, grants(picture))
    (screen,) = backend.take().result(30).screens
    (chosen,) = screen.windows
    assert screen.image.size() == QGuiApplication.primaryScreen().size()
    area = chosen.area
    assert (area.width_px, area.height_px) == (301, 200)
    assert screen.image.copy(area.left, area.top, 301, 200) == part
    assert screen.image.pixelColor(area.left - 1, area.top) != QColor("#10c040")


def test_a_part_that_nobody_chose_is_not_taken_for_the_screen(
    portal: Portal, backend: PortalBackend, picture: Path
) -> None:
    assert QImage(301, 200, QImage.Format.Format_RGB32).save(str(picture))
    portal.plays(grants(picture))
    assert "does not fit the screens" in sentence(trouble(backend.take()))


def test_who_is_never_answered_is_told_how_long_was_waited_and_the_question_is_withdrawn(
    portal: Portal, backend: PortalBackend
) -> None:
    portal.plays({})
    said = trouble(PortalBackend(answer_s=0.6).take())
    assert said.code is Code.CAPTURE_TIMED_OUT
    assert explain(said).what == "The desktop’s portal did not answer within 1 s."
    assert until(lambda: ["Close"] in portal.calls, "the question to be withdrawn", 10)


def test_a_portal_that_takes_no_question_lets_others_be_asked(portal: Portal, backend: PortalBackend) -> None:
    portal.plays({"silent": True})
    said = trouble(PortalBackend(call_s=0.5).take())
    assert (said.code, said.parameters["why"]) == (Code.CAPTURE_NOT_HERE, "it does not answer")


def test_a_portal_that_dies_is_not_waited_for(portal: Portal, backend: PortalBackend) -> None:
    portal.plays({"dies": True})
    began = time.monotonic()
    said = trouble(PortalBackend(answer_s=60).take())
    assert "ended before it answered" in sentence(said)
    assert time.monotonic() - began < 10


def test_nobody_is_there(portal: Portal, backend: PortalBackend) -> None:
    portal.end()
    said = trouble(backend.take())
    assert (said.code, said.parameters["why"]) == (Code.CAPTURE_NOT_HERE, "this desktop has none")


def test_a_portal_without_screenshots(portal: Portal, backend: PortalBackend) -> None:
    portal.plays({}, version=None)
    said = trouble(backend.take())
    assert (said.code, said.parameters["why"]) == (Code.CAPTURE_NOT_HERE, "it offers no screenshots here")


@pytest.mark.parametrize("address", ["disabled:", "unix:path=/nowhere/bus", "tcp:host=localhost,port=1", "x"])
def test_no_bus(
    backend: PortalBackend, monkeypatch: pytest.MonkeyPatch, qapp: QGuiApplication, address: str
) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    said = trouble(backend.take())
    assert (said.code, said.parameters["why"]) == (Code.CAPTURE_NOT_HERE, "this session has no message bus")


@pytest.mark.parametrize(
    ("act", "said"),
    [
        ({"answers": 0}, "cannot be understood"),
        ({"answers": 7, "uri": "file:///x"}, "cannot be understood"),
        ({"answers": 0, "results": {"uri": 5}}, "cannot be understood"),
        ({"answers": 0, "uri": "file://[x/y.png"}, "cannot be understood"),
        ({"answers": 0, "uri": "file:relative.png"}, "cannot be understood"),
        ({"answers": 0, "uri": "file:///a%00b.png"}, "cannot be understood"),
        ({"answers": 0, "uri": "https://example.org/a.png"}, "not on this computer"),
        ({"answers": 0, "uri": "file://elsewhere/a.png"}, "not on this computer"),
    ],
)
def test_an_answer_that_names_no_picture_is_said(
    portal: Portal, backend: PortalBackend, act: dict[str, Any], said: str
) -> None:
    portal.plays(act)
    problem = trouble(backend.take())
    assert problem.code is Code.CAPTURE_FAILED
    assert said in sentence(problem)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("absent", "no picture"),
        ("pipe", "not an image"),
        ("folder", "not an image"),
        ("notes", "not an image"),
    ],
)
def test_what_is_no_new_picture_stays_where_it_is(
    portal: Portal, backend: PortalBackend, tmp_path: Path, name: str, said: str
) -> None:
    """Nothing here names a file outside: whoever breaks the code would lose it."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    (tmp_path / "notes").write_text("mine")
    os.utime(tmp_path / "notes", (1_000_000_000, 1_000_000_000))
    before = sorted(path.name for path in tmp_path.iterdir())
    portal.plays({"answers": 0, "uri": f"file://{tmp_path / name}"})
    assert said in sentence(trouble(backend.take()))
    assert sorted(path.name for path in tmp_path.iterdir()) == before


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "no picture"),
        (b"not an image", "not an image"),
        (b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>', "not an image"),
        (b"P6 30000 30000 255\n" + bytes(100), "too large"),
        (b"P6 400 400 255\n" + bytes(100), "not an image"),
    ],
    ids=["empty", "text", "svg", "a bomb", "cut off"],
)
def test_a_file_that_is_no_picture_is_said_and_left_alone(
    portal: Portal, backend: PortalBackend, picture: Path, content: bytes, said: str
) -> None:
    picture.write_bytes(content)
    portal.plays(grants(picture, "screen.png"))
    assert said in sentence(trouble(backend.take()))
    assert picture.with_name("screen.png").read_bytes() == content


def test_a_file_that_was_there_before_is_read_and_never_removed(
    portal: Portal, backend: PortalBackend, picture: Path
) -> None:
    old = picture.with_name("old.png")
    shutil.copy(picture, old)
    os.utime(old, (1_000_000_000, 1_000_000_000))
    portal.plays({"answers": 0, "uri": f"file://{old}"})
    assert backend.take().result(30).screens
    assert old.exists()


def test_who_gives_up_waits_no_longer(portal: Portal, qtbot: QtBot) -> None:
    portal.plays({})
    backend = PortalBackend(answer_s=60)
    future = backend.take()
    assert until(lambda: portal.calls, "the question", 10)
    assert future.cancel()
    with pytest.raises(CancelledError):
        future.result(0)
    # The guard of threads sees that the job has ended.
    backend.close()

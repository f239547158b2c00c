"""Screenshot programs that hang, fail, print nothing, leave no file, or come late.

The programs here are small real ones that behave as gnome-screenshot's and Spectacle's documented command
lines do, and then do not; gnome-screenshot itself runs in ``tests/window/test_capture_x11.py``.
"""

import os
import sys
import time
from concurrent.futures import Future
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QGuiApplication, QImage

from desktop.capture.backend_program import Program, ProgramBackend
from desktop.capture.shots import Shot
from desktop.capture.ways import GNOME_SCREENSHOT, SPECTACLE
from desktop.core.problem_text import sentence
from desktop.core.problems import Code, Problem, ProblemError
from tests.helpers.processes import is_alive, until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="these programs are Linux's")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qapp: QGuiApplication) -> Path:
    """Where the program is; with a picture of the screen, and a session folder that must stay empty."""
    programs = tmp_path / "bin"
    programs.mkdir()
    runtime = tmp_path / "run"
    runtime.mkdir(mode=0o700)
    monkeypatch.setenv("PATH", f"{programs}:{os.environ['PATH']}")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(runtime))
    monkeypatch.setenv("QT_SCALE_FACTOR", "3")
    image = QImage(QGuiApplication.primaryScreen().size(), QImage.Format.Format_RGB32)
    image.fill(QColor("#204080"))
    assert image.save(str(tmp_path / "screen.png"))
    return tmp_path


def program(
    place: Path, script: str, name: str = "spectacle", *, limit_s: float = 20, later_s: float = 0
) -> Program:
    path = place / "bin" / name
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)
    if name == "spectacle":
        command: tuple[str, ...] = ("spectacle", "-b", "-n", "-f", "-o")
        return Program(way=SPECTACLE, command=command, limit_s=limit_s, writes_later_s=later_s)
    return Program(way=GNOME_SCREENSHOT, command=(name, "-f"), limit_s=limit_s)


def trouble(future: "Future[Shot]") -> Problem:
    with pytest.raises(ProblemError) as raised:
        future.result(30)
    assert raised.value.problem.code is Code.CAPTURE_FAILED
    return raised.value.problem


def left_over(place: Path) -> list[str]:
    return [path.name for path in (place / "run").iterdir()]


def test_the_whole_desktop_comes_through_a_private_file_that_is_gone(place: Path) -> None:
    note = place / "note"
    script = f"""
        echo "$*" > {note}; echo "scale $QT_SCALE_FACTOR" >> {note}; stat -c %a "$(dirname "$5")" >> {note}
        cp {place}/screen.png "$5"
    """
    shot = ProgramBackend(program(place, script)).take().result(30)
    assert shot.backend == "spectacle"
    assert shot.screens[0].image.pixelColor(1, 1) == QColor("#204080")
    said, scale, mode = note.read_text().splitlines()
    assert said == f"-b -n -f -o {said.split()[4]}"
    assert Path(said.split()[4]).is_relative_to(place / "run")
    # Ours must not scale its windows.
    assert (scale.strip(), mode) == ("scale", "700")
    assert left_over(place) == []


def test_gnome_screenshot_is_told_the_file(place: Path) -> None:
    made = program(place, f'[ "$1" = -f ] && cp {place}/screen.png "$2"', "gnome-screenshot")
    assert ProgramBackend(made).take().result(30).screens


def test_a_file_that_another_instance_writes_later_is_awaited(place: Path) -> None:
    half, whole = f'head -c 300 {place}/screen.png > "$5"', f'cp {place}/screen.png "$5"'
    script = f"(sleep 0.2; {half}; sleep 0.2; {whole}) >&- 2>&- &"
    assert ProgramBackend(program(place, script, later_s=10)).take().result(30).screens
    assert left_over(place) == []


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("exit 0", "it gave no picture"),
        (': > "$5"', "it gave no picture"),
        ('echo nonsense > "$5"', "its file is not an image"),
        ("echo first >&2; echo 'Failed to connect' >&2; echo >&2; exit 1", "“Failed to connect”"),
        ("exit 3", "it ended with an error"),
        ("kill -9 $$", "it ended with an error"),
        ("yes >&2 & sleep 0.1; kill $!; exit 1", "“y”"),
    ],
    ids=["no file", "empty", "no image", "an error", "silent error", "killed", "endless words"],
)
def test_what_went_wrong_is_said(place: Path, script: str, said: str) -> None:
    assert said in sentence(trouble(ProgramBackend(program(place, script)).take()))
    assert left_over(place) == []


def test_a_picture_of_other_screens_is_not_taken(place: Path) -> None:
    assert QImage(123, 45, QImage.Format.Format_RGB32).save(str(place / "screen.png"))
    made = program(place, f'cp {place}/screen.png "$5"')
    assert "does not fit the screens" in sentence(trouble(ProgramBackend(made).take()))


def test_a_program_that_hangs_is_ended_with_its_children(place: Path) -> None:
    script = (
        f"trap '' TERM; sleep 1000 & echo $! > {place}/child; echo $$ > {place}/pid; wait; wait; sleep 1000"
    )
    said = trouble(ProgramBackend(program(place, script, limit_s=0.4)).take())
    assert "it did not end in time" in sentence(said)
    pids = [int((place / name).read_text()) for name in ("pid", "child")]
    until(lambda: not any(map(is_alive, pids)), "the program's end", 10)
    assert left_over(place) == []


def test_who_gives_up_ends_the_program(place: Path) -> None:
    backend = ProgramBackend(program(place, f"echo $$ > {place}/pid; exec sleep 1000", limit_s=1000))
    future = backend.take()
    pid = int(until(lambda: (place / "pid").exists() and (place / "pid").read_text(), "the program"))
    began = time.monotonic()
    assert future.cancel()
    until(lambda: not is_alive(pid) and not left_over(place), "the program's end", 10)
    assert time.monotonic() - began < 5
    backend.close()


def test_a_program_that_cannot_be_started_is_said(place: Path) -> None:
    made = program(place, "")
    (place / "bin" / "spectacle").write_text("not a script")
    assert trouble(ProgramBackend(made).take()).parameters["why"] == "it ended with an error"

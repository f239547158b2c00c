"""Captured pictures on their way into files and to the clipboard."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot

from desktop.core.edits import Area, Edits, Frame
from desktop.core.problem_text import sentence
from desktop.core.problems import Code, Problem
from desktop.tasks.captures import CaptureTasks
from desktop.tasks.delivery import Delivery
from desktop.tasks.marks import LINE, finished

AT = datetime(2026, 11, 28, 15, 47, 12, tzinfo=UTC)
EDITS = Edits(marks=(Frame(Area(40, 40, 80, 80)),), blackouts=(Area(2, 3, 12, 13),))


@pytest.fixture
def captures(tmp_path: Path) -> Iterator[CaptureTasks]:
    delivery = Delivery()
    tasks = CaptureTasks(delivery, folder=tmp_path / "captures")
    yield tasks
    tasks.close()
    delivery.close()


def picture(width: int = 100, height: int = 90) -> QImage:
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("#336699"))
    image.setPixelColor(5, 6, QColor("#fedcba"))
    return image


def refused(trouble: Problem) -> None:
    raise AssertionError(trouble)


def test_captures_of_one_second_are_all_kept_pixel_by_pixel(
    captures: CaptureTasks, qtbot: QtBot, tmp_path: Path
) -> None:
    kept: list[Path] = []
    for _ in range(3):
        captures.keep(picture(), Edits(), "Editor: a/b.txt", AT, kept.append, refused)
    qtbot.waitUntil(lambda: len(kept) == 3)

    assert len(set(kept)) == 3
    for path in kept:
        assert path.parent == tmp_path / "captures"
        assert path.name.startswith("Editor a b.txt 2026-11-28")
        assert path.stat().st_mode & 0o777 == 0o600
        assert QImage(str(path)).convertToFormat(QImage.Format.Format_RGB32) == picture()
    assert sorted(path.name for path in (tmp_path / "captures").iterdir()) == sorted(p.name for p in kept)


def test_what_was_blacked_out_is_in_no_file_and_marks_stay_layers(
    captures: CaptureTasks, qtbot: QtBot
) -> None:
    kept: list[Path] = []
    captures.keep(picture(), EDITS, "", AT, kept.append, refused)
    qtbot.waitUntil(lambda: bool(kept))
    image = QImage(str(kept[0]))
    inside = {image.pixelColor(x, y).name() for x in range(2, 12) for y in range(3, 13)}
    assert inside == {"#000000"}
    assert image.pixelColor(60, 40) == picture().pixelColor(60, 40)


def test_a_capture_that_cannot_be_written_says_so(
    captures: CaptureTasks, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "captures").write_bytes(b"in the way")
    said: list[Problem] = []
    captures.keep(picture(), EDITS, "", AT, lambda _path: None, said.append)
    qtbot.waitUntil(lambda: bool(said))
    assert said[0].code is Code.CAPTURE_NOT_KEPT


def test_a_file_that_the_user_chose_and_that_cannot_be_written_is_named(
    captures: CaptureTasks, qtbot: QtBot, tmp_path: Path
) -> None:
    (tmp_path / "nowhere").write_bytes(b"in the way")
    said: list[Problem] = []
    captures.write(picture(), EDITS, tmp_path / "nowhere" / "out.png", lambda _path: None, said.append)
    qtbot.waitUntil(lambda: bool(said))
    assert said[0].code is Code.CAPTURE_NOT_SAVED
    # Nothing was put on the clipboard, and space is not what lacks.
    text = sentence(said[0])
    assert "“out.png”" in text
    assert "Ctrl+V" not in text


def test_what_is_copied_and_saved_has_its_marks_and_nothing_below_black(
    captures: CaptureTasks, qtbot: QtBot, tmp_path: Path
) -> None:
    image, before = picture(), picture()
    made: list[QImage] = []
    written: list[Path] = []
    captures.finish(image, EDITS, made.append)
    captures.write(image, EDITS, tmp_path / "out.png", written.append, refused)
    qtbot.waitUntil(lambda: bool(made and written))

    for found in (made[0], QImage(str(written[0]))):
        assert (found.width(), found.height()) == (100, 90)
        inside = {found.pixelColor(x, y).name() for x in range(2, 12) for y in range(3, 13)}
        assert inside == {"#000000"}
        assert found.pixelColor(60, 40) == LINE
        assert found.pixelColor(90, 10).name() == "#336699"
    assert image == before


def test_without_edits_the_pixels_are_the_same() -> None:
    assert finished(picture(), Edits()) == picture()

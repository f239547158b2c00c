"""Qt itself: X11, Windows, macOS."""

import sys
from concurrent.futures import Future

from PySide6.QtGui import QGuiApplication, QImage, QScreen

from desktop.capture import screens
from desktop.capture.cutting import Spot
from desktop.capture.job import Jobs, Stop
from desktop.capture.reading import failure
from desktop.capture.shots import Shot
from desktop.capture.surroundings import here
from desktop.capture.ways import QT
from desktop.capture.windows import awaited_windows, open_windows
from desktop.core.edits import Area
from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.core.sentences.capture import CaptureWay, CaptureWhy


class QtBackend:
    """Grabs each screen in the GUI thread, which is the only one that may; the rest is done in another."""

    name = QT.name

    def __init__(self) -> None:
        self._jobs = Jobs(self.name)

    def why_not(self) -> Problem | None:
        """Where Qt is no guest of a Wayland compositor it can."""
        return QT.why_not(here())

    def take(self) -> "Future[Shot]":
        """Grab all screens, and ask for the windows at the same time."""
        if sys.platform == "darwin" and (trouble := _macos_trouble()) is not None:
            return _failed(trouble)
        surroundings = here()
        listed = self._jobs.start(lambda _stop: open_windows(surroundings))
        try:
            pictures = [
                _grabbed(screen, spot)
                for screen, spot in zip(QGuiApplication.screens(), screens.spots(), strict=True)
            ]
        except ProblemError as error:
            return _failed(error.problem)

        def finish(_stop: Stop) -> Shot:
            return screens.shot_of_screens(pictures, awaited_windows(listed), backend=self.name)

        return self._jobs.start(finish)

    def close(self) -> None:
        """Nobody waits for windows any more."""
        self._jobs.close()


def _grabbed(screen: QScreen, spot: Spot) -> tuple[Spot, QImage]:
    image = screens.plain(screen.grabWindow(0).toImage())
    if image.isNull():
        raise failure(CaptureWay.DIRECT, CaptureWhy.NO_PICTURE)
    # Qt's sizes are rounded where the scale is a fraction; the picture knows.
    left, top = spot.desktop.left, spot.desktop.top
    native = Area(left, top, left + image.width(), top + image.height())
    return Spot(name=spot.name, place=spot.place, desktop=native), image


def _macos_trouble() -> Problem | None:
    from desktop.capture.macos import may_capture  # noqa: PLC0415 - on macOS only

    return None if may_capture() else problem(Code.CAPTURE_REFUSED, way=CaptureWay.DIRECT)


def _failed(trouble: Problem) -> "Future[Shot]":
    future: Future[Shot] = Future()
    future.set_exception(ProblemError(trouble))
    return future

"""gnome-screenshot and Spectacle: a picture of the whole desktop in a file."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtGui import QImage

from desktop.capture import screens
from desktop.capture.backend_job import JobBackend
from desktop.capture.cutting import Spot
from desktop.capture.job import Stop
from desktop.capture.programs import private_folder, run_all
from desktop.capture.reading import failure, read_picture
from desktop.capture.shots import Shot
from desktop.capture.surroundings import Surroundings
from desktop.capture.ways import GNOME_SCREENSHOT, SPECTACLE, Way
from desktop.capture.windows import awaited_windows, open_windows
from desktop.core.compat import override
from desktop.core.problems import ProblemError
from desktop.core.sentences.capture import CaptureWhy


@dataclass(frozen=True, slots=True, kw_only=True)
class Program:
    """One program.

    Attributes:
        way: what it needs.
        command: without the file's name, which comes last.
        limit_s: how long it may take.
        writes_later_s: how long the file may be awaited after the program has ended well.
    """

    way: Way
    command: tuple[str, ...]
    limit_s: float = 10.0
    writes_later_s: float = 0.0


GNOME_SCREENSHOT_PROGRAM = Program(way=GNOME_SCREENSHOT, command=("gnome-screenshot", "-f"))
# In the background, without a notification, the whole desktop. Where one runs already it takes the work over.
SPECTACLE_PROGRAM = Program(way=SPECTACLE, command=("spectacle", "-b", "-n", "-f", "-o"), writes_later_s=3.0)
_EVERY_S = 0.05


class ProgramBackend(JobBackend):
    """Runs one program, and cuts its picture into screens."""

    def __init__(self, program: Program) -> None:
        super().__init__(program.way)
        self._program = program

    @override
    def _shot(self, surroundings: Surroundings, places: Sequence[Spot], stop: Stop) -> Shot:
        windows = self._jobs.start(lambda _stop: open_windows(surroundings))
        with private_folder() as folder:
            image = self._picture(folder, stop)
        shot = screens.shot_of_desktop(image, places, awaited_windows(windows), backend=self.name)
        if shot is None:
            raise failure(self._program.way.label, CaptureWhy.OTHER_SCREENS)
        return shot

    def _picture(self, folder: Path, stop: Stop) -> QImage:
        way, file = self._program.way.label, folder / "screen.png"
        command = [*self._program.command, str(file)]
        try:
            (ended,) = run_all([command], folder, limit_s=self._program.limit_s, stop=stop)
        except OSError as error:
            raise failure(way, CaptureWhy.ENDED_BADLY, error.strerror or "") from error
        if ended.status is None:
            raise failure(way, CaptureWhy.HUNG)
        if not ended.is_well:
            raise failure(way, CaptureWhy.ENDED_BADLY, ended.said)
        deadline = time.monotonic() + self._program.writes_later_s
        while True:
            try:
                return read_picture(file, way)
            except ProblemError:
                # It may be there in half.
                if time.monotonic() >= deadline or stop.wait(_EVERY_S):
                    raise

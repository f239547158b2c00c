"""grim, for compositors made with wlroots: the exact pixels of each output."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtGui import QImage

from desktop.capture import screens
from desktop.capture.backend_job import JobBackend
from desktop.capture.cutting import Spot
from desktop.capture.job import Stop
from desktop.capture.programs import Ended, private_folder, run_all
from desktop.capture.reading import failure, read_picture
from desktop.capture.shots import Shot
from desktop.capture.surroundings import Surroundings
from desktop.capture.ways import GRIM
from desktop.capture.windows import awaited_windows, open_windows
from desktop.core.compat import override
from desktop.core.sentences.capture import CaptureWay, CaptureWhy

_LIMIT_S = 10.0


class GrimBackend(JobBackend):
    """One grim for each screen, all at once."""

    def __init__(self, *, limit_s: float = _LIMIT_S) -> None:
        super().__init__(GRIM)
        self._limit_s = limit_s

    @override
    def _shot(self, surroundings: Surroundings, places: Sequence[Spot], stop: Stop) -> Shot:
        windows = self._jobs.start(lambda _stop: open_windows(surroundings))
        with private_folder() as folder:
            files = [folder / f"{number}.ppm" for number in range(len(places))]
            pictures = self._pictures(places, files, folder, stop)
        return screens.shot_of_screens(
            list(zip(places, pictures, strict=True)), awaited_windows(windows), backend=self.name
        )

    def _pictures(
        self, places: Sequence[Spot], files: Sequence[Path], folder: Path, stop: Stop
    ) -> list[QImage]:
        by_name = [["-o", spot.name] for spot in places]
        ended = self._run(by_name, files, folder, stop)
        if not all(one.is_well for one in ended) and not any(one.status is None for one in ended):
            # Qt may call an output otherwise than grim does, but both know where it is.
            by_place = [["-g", _geometry(spot)] for spot in places]
            ended = self._run(by_place, files, folder, stop)
        for one in ended:
            if one.status is None:
                raise failure(CaptureWay.GRIM, CaptureWhy.HUNG)
            if not one.is_well:
                raise failure(CaptureWay.GRIM, CaptureWhy.ENDED_BADLY, one.said)
        return [read_picture(file, CaptureWay.GRIM) for file in files]

    def _run(
        self, choices: Sequence[list[str]], files: Sequence[Path], folder: Path, stop: Stop
    ) -> list[Ended]:
        commands = [
            ["grim", "-t", "ppm", *choice, str(file)] for choice, file in zip(choices, files, strict=True)
        ]
        try:
            return run_all(commands, folder, limit_s=self._limit_s, stop=stop)
        except OSError as error:
            raise failure(CaptureWay.GRIM, CaptureWhy.ENDED_BADLY, error.strerror or "") from error


def _geometry(spot: Spot) -> str:
    at = spot.desktop
    return f"{at.left},{at.top} {at.width_px}x{at.height_px}"

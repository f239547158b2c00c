"""Takes a shot in a process of its own, on whatever platform its environment says, and writes it down.

``python -m tests.helpers.shooting FOLDER [NAME…]``: with the backends of these names, else with those of this
system. ``FOLDER/shot.json`` tells what came of it, ``FOLDER/<number>.png`` are the pictures.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PIL import Image

from tests.helpers.processes import PATIENCE_S, ROOT

if TYPE_CHECKING:
    from desktop.capture.shots import Shot


@dataclass(frozen=True)
class Taken:
    """What came of it.

    Attributes:
        screens: ``name``, ``place`` (left, top, width, height), ``ratio`` of Qt, ``windows`` (title, left,
            top, right, bottom) of each.
        images: the picture of each.
        told: ``backend``, ``active``, or ``code`` and ``sentence``.
    """

    screens: list[dict[str, Any]]
    images: list[Image.Image]
    told: dict[str, Any]


def shoot(folder: Path, *names: str, environment: Mapping[str, str]) -> Taken:
    """Run it, and read what it has written."""
    return ran("tests.helpers.shooting", folder, *names, environment=environment)


def ran(module: str, folder: Path, *arguments: str, environment: Mapping[str, str]) -> Taken:
    """Run a module that writes down a shot, and read it."""
    folder.mkdir(parents=True, exist_ok=True)
    done = subprocess.run(
        [sys.executable, "-m", module, str(folder), *arguments],
        cwd=ROOT,
        env=dict(environment),
        capture_output=True,
        timeout=PATIENCE_S,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    assert done.stderr == b"", done.stderr
    told = json.loads((folder / "shot.json").read_text())
    screens = told.pop("screens")
    images = [Image.open(folder / f"{number}.png").convert("RGB") for number in range(len(screens))]
    return Taken(screens, images, told)


def written(shot: "Shot", folder: Path) -> dict[str, Any]:
    """A shot as `Taken` has it; its pictures go into the folder."""
    from PySide6.QtGui import QGuiApplication

    ratios = {screen.name(): screen.devicePixelRatio() for screen in QGuiApplication.screens()}
    screens = []
    for number, screen in enumerate(shot.screens):
        assert screen.image.save(str(folder / f"{number}.png"))
        place, areas = screen.place, [(one.title, one.area) for one in screen.windows]
        screens.append(
            {
                "name": screen.name,
                "place": [place.x(), place.y(), place.width(), place.height()],
                "ratio": ratios[screen.name],
                "windows": [[t, a.left, a.top, a.right, a.bottom] for t, a in areas],
            }
        )
    return {"backend": shot.backend, "active": shot.active_title, "screens": screens}


def main(folder: Path, names: list[str]) -> None:
    """Take it, and end."""
    from PySide6.QtCore import QTimer
    from PySide6.QtGui import QGuiApplication

    from desktop.capture.capturer import Capturer
    from desktop.core.problem_text import explain, sentence
    from desktop.core.problems import ProblemError

    application = QGuiApplication([])
    capturer = Capturer(application)
    if names:
        among = [backend for backend in capturer._backends() if backend.name in names]
        capturer = Capturer(application, among=among)
    future = capturer.take()
    timer = QTimer(application)
    timer.timeout.connect(lambda: future.done() and application.quit())
    timer.start(5)
    application.exec()
    told: dict[str, Any] = {"screens": []}
    try:
        shot = future.result(0)
    except ProblemError as error:
        trouble = error.problem
        told |= {"code": trouble.code, "sentence": sentence(trouble), "meaning": explain(trouble).meaning}
    else:
        told = written(shot, folder)
    (folder / "shot.json").write_text(json.dumps(told))
    capturer.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])

"""The step that has the icons drawn."""

from pathlib import Path

from build_folder import PYTHON, WORK
from setup_steps import ROOT, run_quietly
from steps import step

ICONS = WORK / "icons"


def draw() -> Path:
    """Draw the icons that are not in the repository. Returns their folder."""
    ICONS.mkdir(parents=True, exist_ok=True)
    with step("Drawing the icons"):
        command = [PYTHON, ROOT / "packaging" / "draw_icons.py", ICONS]
        run_quietly(command, "The icons could not be drawn.")
    return ICONS

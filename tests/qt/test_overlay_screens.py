"""Screens of different scale: every region is exact to the pixel, in what is shown and in what comes out."""

import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
SCALES = {"one": 1.0, "two": 2.0, "quarter": 1.25, "half": 1.5}


def test_a_region_is_exact_on_screens_of_every_scale(tmp_path: Path) -> None:
    screens = [
        {"name": name, "x": 2000 * at, "y": 0, "width": round(640 * scale), "height": round(480 * scale)}
        | {"logicalDpi": round(96 * scale), "logicalBaseDpi": 96, "dpr": 1}
        for at, (name, scale) in enumerate(SCALES.items())
    ]
    config = tmp_path / "screens.json"
    config.write_text(json.dumps({"screens": screens}))
    done = subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.helpers.overlay_child"],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": f"offscreen:configfile={config}"},
        capture_output=True,
        text=True,
        check=True,
        timeout=100,
    )
    found = {screen["screen"]: screen for screen in json.loads(done.stdout)}
    assert set(found) == set(SCALES)
    for name, scale in SCALES.items():
        # From the pixel under (20, 30) to the one under (119.5, 89.5), both included.
        corners = [int(20 * scale), int(30 * scale), int(119.5 * scale) + 1, int(89.5 * scale) + 1]
        assert found[name] == {
            "screen": name,
            "covers": True,
            "chosen_on": [name],
            "panel_here": True,
            "area": corners,
            "painted": 0,
            "exact": True,
            "title": "",
        }

"""The installer for Windows: Inno Setup over the frozen folder."""

import os
import shutil
from pathlib import Path

from build_folder import WORK
from build_icons import ICONS
from freezing_dress import IMAGE_TYPES
from setup_steps import ROOT, run_quietly
from steps import SetupError, step

SCRIPT = ROOT / "packaging" / "windows" / "sightline.iss"
IMAGE = "Sightline.Image"
"""What the script calls images that Sightline opens."""
_USUAL_PLACE = "Inno Setup 6/ISCC.exe"


def build(app: Path, dist: Path, version: str, *, quick: bool) -> Path:
    """Make the installer.

    Args:
        app: the frozen app's folder.
        dist: where the installer goes.
        version: Sightline's.
        quick: makes no difference here.

    Raises:
        SetupError: Inno Setup is missing or failed.
    """
    del quick
    compiler = _compiler()
    lines = WORK / "associations.iss"
    lines.write_text(associations(), "utf-8")
    name = f"sightline-{version}-setup"
    defines = {"Version": version, "App": app, "Icons": ICONS, "Output": dist, "Name": name}
    defines["Associations"] = lines
    options = [f"/D{key}={value}" for key, value in defines.items()]
    with step("Making the installer"):
        run_quietly([compiler, "/Q", *options, SCRIPT], "Inno Setup failed.")
    return dist / f"{name}.exe"


def associations() -> str:
    """The lines of the registry that offer Sightline by "open with", for each suffix of images.

    What the user has chosen as default stays so.
    """
    lines = []
    for suffix in IMAGE_TYPES:
        value = f'ValueType: string; ValueName: ".{suffix}"'
        ours = f'ValueName: "{IMAGE}"; Flags: uninsdeletevalue'
        lines += [
            rf'Root: HKCU; Subkey: "{{#Types}}\Applications\{{#Window}}\SupportedTypes"; {value}',
            rf'Root: HKCU; Subkey: "{{#Types}}\.{suffix}\OpenWithProgids"; ValueType: string; {ours}',
            rf'Root: HKCU; Subkey: "{{#Capabilities}}\FileAssociations"; {value}; ValueData: "{IMAGE}"',
        ]
    return "\n".join(lines) + "\n"


def _compiler() -> Path:
    found = shutil.which("ISCC")
    places = [Path(os.environ.get(name, ""), _USUAL_PLACE) for name in ("ProgramFiles(x86)", "ProgramFiles")]
    compiler = Path(found) if found else next((place for place in places if place.is_file()), None)
    if compiler is None:
        raise SetupError("Please install Inno Setup 6, then start again.")
    return compiler

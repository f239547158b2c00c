"""What the PyInstaller spec does besides listing: filters what was found, dresses each system's program."""

import re
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import contents
import freezing_dress

Row = tuple[str, str, str]
"""PyInstaller's: place in the app, file on this machine (a link's target), kind."""

_VERSION = re.compile(r'^__version__ = "([^"]+)"$', re.MULTILINE)
_LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==", re.MULTILINE)


def version(root: Path) -> str:
    """Sightline's version; it stands in `desktop/__init__.py` and nowhere else."""
    found = _VERSION.search((root / "desktop" / "__init__.py").read_text("utf-8"))
    assert found is not None
    return found[1]


def runtime_distributions(root: Path) -> set[str]:
    """Names of all distributions that the app runs with, on any system."""
    lock = (root / "packaging" / "locks" / "runtime.txt").read_text("utf-8")
    return {contents.normalized(name) for name in _LOCKED.findall(lock)}


def needed(rows: Iterable[Row], venv: Path) -> list[Row]:
    """The rows that belong into the app.

    Args:
        rows: what PyInstaller found.
        venv: where the packages are installed; on Linux a library from elsewhere has to be on a list.
    """
    return [row for row in rows if not _is_left_out(row, venv)]


def _is_left_out(row: Row, venv: Path) -> bool:
    place, source, kind = row
    if contents.is_left_out(place):
        return True
    if kind == "SYMLINK":
        return contents.is_left_out(source)
    return kind == "BINARY" and sys.platform.startswith("linux") and _is_the_systems(Path(source), venv)


def _is_the_systems(library: Path, venv: Path) -> bool:
    ours = (venv, Path(sysconfig.get_path("platstdlib")))
    return not any(library.is_relative_to(folder) for folder in ours) and not contents.matches(
        library.name, contents.BUNDLED_SYSTEM_LIBRARIES
    )


def without_build_paths(rows: Iterable[Row], work: Path) -> list[Row]:
    """Python modules; the one that tells how and where this Python was built is replaced by an empty one."""
    work.mkdir(parents=True, exist_ok=True)
    empty = work / "sysconfigdata.py"
    empty.write_text('"""Nothing of the machine that built this."""\n\nbuild_time_vars = {}\n', "utf-8")

    def source_of(name: str, source: str) -> str:
        return str(empty) if name.startswith("_sysconfigdata") else source

    return [(name, source_of(name, source), kind) for name, source, kind in rows]


def executable_options(root: Path, name: str) -> dict[str, Any]:
    """What a program shows of itself in its system's file manager; keyword arguments for `EXE`."""
    if sys.platform == "win32":
        work = root / "build" / "package"
        resource = work / f"{name}-version.txt"
        resource.write_text(freezing_dress.version_resource(name, version(root)), "utf-8")
        return {"icon": str(work / "icons" / "sightline.ico"), "version": str(resource)}
    if sys.platform == "darwin":
        return {"entitlements_file": str(root / "packaging" / "macos" / "sightline.entitlements")}
    return {}


def bundle_options(root: Path) -> dict[str, Any]:
    """What macOS is told of the app; keyword arguments for `BUNDLE`."""
    return {
        "icon": str(root / "build" / "package" / "icons" / "sightline.icns"),
        "bundle_identifier": contents.BUNDLE_ID,
        "version": version(root),
        "info_plist": freezing_dress.info_plist(),
    }

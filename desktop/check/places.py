"""What this installation is made of, and where it keeps things."""

import platform
import sys
from pathlib import Path

from desktop.core.text import marked, printable
from desktop.store.versions import sqlite_version
from desktop.system import versions as packages
from desktop.system.paths import DataFolder
from desktop.system.resources import resource_path

TITLES = {
    "Operating system": marked("Operating system"),
    "program": marked("Program"),
    "resources": marked("Resources"),
    "data": marked("Data"),
    "settings": marked("Settings"),
    "cache": marked("Cache"),
    "logs": marked("Logs"),
}
"""What people read for those of `versions` and `places` that are not names of programs."""


def versions() -> dict[str, str]:
    """Versions of what matters, by name; a dash for what is not there."""
    return {
        **packages.versions({"SQLite": sqlite_version()}),
        "Operating system": printable(platform.platform()),
    }


def places(folder: DataFolder) -> dict[str, str]:
    """Where things are."""
    found: dict[str, Path] = {
        "program": Path(sys.executable),
        "resources": resource_path(),
        "data": folder.root,
        "settings": folder.settings_file,
        "cache": folder.cache,
        "logs": folder.logs,
    }
    return {name: printable(str(path), limit=1000) for name, path in found.items()}

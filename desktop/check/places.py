"""What this installation is made of, and where it keeps things."""

import importlib.metadata
import platform
import ssl
import sys
from pathlib import Path

from desktop.core.text import marked, printable
from desktop.store.versions import sqlite_version
from desktop.system.paths import DataFolder
from desktop.system.resources import resource_path

_PACKAGES = {
    "Qt for Python": "PySide6_Essentials",
    "openai": "openai",
    "Pillow": "pillow",
    "RapidOCR": "rapidocr",
    "onnxruntime": "onnxruntime",
    "zxing-cpp": "zxing-cpp",
    "pypdfium2": "pypdfium2",
    "keyring": "keyring",
}
TITLES = {
    "System": marked("System"),
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
        "Python": platform.python_version(),
        **{name: _version(package) for name, package in _PACKAGES.items()},
        "SQLite": sqlite_version(),
        "OpenSSL": ssl.OPENSSL_VERSION.removeprefix("OpenSSL "),
        "System": printable(platform.platform()),
    }


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return "–"


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

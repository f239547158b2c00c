"""Versions of what the application stands on: for reports, for the About box, for ``--check``."""

import importlib.metadata
import os
import platform
import ssl
import sys
from collections.abc import Mapping

from desktop import __version__
from desktop.core.crashes import Surroundings

_TOLD = (
    "PySide6-Essentials",
    "openai",
    "pillow",
    "pi-heif",
    "pypdfium2",
    "onnxruntime",
    "rapidocr",
    "zxing-cpp",
    "keyring",
)
"""What is asked about first when something is wrong."""


def package_version(name: str) -> str:
    """The version of an installed distribution; a dash if it is not there."""
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return "–"


def versions(others: Mapping[str, str]) -> Mapping[str, str]:
    """Names and versions. Reads files.

    Args:
        others: what this room cannot ask: Qt, SQLite.
    """
    return {
        "Python": platform.python_version(),
        **others,
        **{name: package_version(name) for name in _TOLD},
        "OpenSSL": ssl.OPENSSL_VERSION.removeprefix("OpenSSL "),
    }


def surroundings(others: Mapping[str, str], *, platform_name: str, language: str) -> Surroundings:
    """What a report tells of this computer: no name of it or of its user. Reads files."""
    libc = " ".join(platform.libc_ver()) if sys.platform == "linux" else ""
    parts = platform.system(), platform.release(), platform.machine(), libc
    return Surroundings(
        version=__version__,
        system=" ".join(filter(None, (*parts, _distribution()))),
        desktop=tuple(os.environ.get(name, "") for name in ("XDG_CURRENT_DESKTOP", "XDG_SESSION_TYPE")),
        language=language,
        platform=platform_name,
        packages=versions(others),
        frozen=bool(getattr(sys, "frozen", False)),
    )


def _distribution() -> str:
    if sys.platform != "linux":
        return ""
    try:
        told = platform.freedesktop_os_release()
    except OSError:
        return ""
    return f"({told.get('ID', '')} {told.get('VERSION_ID', '')})"

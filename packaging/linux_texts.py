"""Texts of the Linux packages that hold a version and a date."""

import time
from pathlib import Path

import build_folder

LINUX = Path(__file__).resolve().parent / "linux"


def filled(name: str, version: str) -> str:
    """A file of `packaging/linux` with the version and the date of the commit put in."""
    date = time.strftime("%Y-%m-%d", time.gmtime(build_folder.source_date()))
    return (LINUX / name).read_text("utf-8").replace("@VERSION@", version).replace("@DATE@", date)

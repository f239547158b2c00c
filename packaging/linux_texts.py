"""Texts of the Linux packages that hold a version, a date or the list of what is inside."""

import time
from importlib import metadata
from pathlib import Path

import build_folder

LINUX = Path(__file__).resolve().parent / "linux"

_HEAD = """\
Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/
Upstream-Name: Sightline
Comment: Sightline brings the packages it is made of, unchanged, with their licence texts beside them.
 This package is not part of Debian.

Files: *
Copyright: Sightline developers
License: sightline
"""


def filled(name: str, version: str) -> str:
    """A file of `packaging/linux` with the version and the date of the commit put in."""
    date = time.strftime("%Y-%m-%d", time.gmtime(build_folder.source_date()))
    return (LINUX / name).read_text("utf-8").replace("@VERSION@", version).replace("@DATE@", date)


def copyright_text(internal: Path) -> str:
    """Who made what is in the package, and where the whole licences are.

    Args:
        internal: the folder of the frozen app that holds the metadata of all its packages.
    """
    found = {each.name.lower(): each for each in metadata.distributions(path=[str(internal)])}
    rows = [_paragraph(found[name]) for name in sorted(found)]
    licence = (
        "License: sightline\n See the licence of Sightline in its sources.\n"
        "\nLicense: as-in-metadata\n"
        " The whole text of each licence is in /usr/lib/sightline/_internal/NAME-VERSION.dist-info.\n"
    )
    return f"{_HEAD}\n" + "\n".join(rows) + f"\n{licence}"


def _paragraph(distribution: metadata.Distribution) -> str:
    told = distribution.metadata
    words = told.get("License-Expression") or told.get("License") or "see its licence file"
    who = told.get("Author") or told.get("Author-email") or told.get("Maintainer-email") or "its authors"
    folder = f"{distribution.name.replace('-', '_')}-{distribution.version}"
    return (
        f"Files: usr/lib/sightline/_internal/{folder}*\n"
        f"Copyright: {' '.join(who.split())}\n"
        f"License: as-in-metadata\n"
        f"Comment: {distribution.name} {distribution.version}: {' '.join(words.split())[:200]}\n"
    )

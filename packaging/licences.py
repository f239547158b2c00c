"""Holds licences against what is installed, what is locked, and what is about to be passed on.

    python packaging/licences.py                 a table of everything
    python packaging/licences.py check [FOLDER]  status 1 if something has no known licence or none that is
                                                 allowed, or if FOLDER, a build, holds what may not go along
    python packaging/licences.py copyright       a copyright file for Debian (DEP-5)

The table is resources/licences/licences.toml. To be run in the environment that the locks describe.
"""

import argparse
import importlib.metadata
import re
import sys
import textwrap
from fnmatch import fnmatch
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "packaging" / "locks" / "runtime.txt"
_CLASSIFIERS = {
    "MIT License": {"MIT", "MIT-0", "MIT-CMU"},
    "BSD License": {"BSD-2-Clause", "BSD-3-Clause", "0BSD"},
    "Apache Software License": {"Apache-2.0"},
    "Mozilla Public License 2.0 (MPL 2.0)": {"MPL-2.0"},
    "GNU Library or Lesser General Public License (LGPL)": {"LGPL-3.0-or-later"},
}
sys.path.insert(0, str(ROOT))

from desktop.core.licences import LicenceTable, normal_name  # noqa: E402
from desktop.system.licences import load_table, read_components  # noqa: E402

UNASKED = {"Qt": "", "SQLite": ""}
"""Versions that take Qt and a database to ask."""


def locked(lock: Path = LOCK) -> set[str]:
    """Names of the distributions of a lock."""
    names = re.findall(r"^([A-Za-z0-9._-]+)(?:\[[^\]]*\])?==", lock.read_text("utf-8"), re.MULTILINE)
    return {normal_name(name) for name in names}


def faults_of_lock(table: LicenceTable, names: set[str]) -> list[str]:
    """What is wrong between the lock and the table."""
    faults = [
        f"{name}: no licence is known; add it to licences.toml" for name in names - set(table.distributions)
    ]
    faults += [f"{name}: in licences.toml, but not in the lock" for name in set(table.distributions) - names]
    for name, row in table.distributions.items():
        if not table.allows(row.licence):
            faults.append(f"{name}: {row.licence} is not allowed")
    faults += [
        f"{part.name}: {part.licence} is not allowed"
        for part in table.parts
        if not table.allows(part.licence)
    ]
    faults += [
        f"{name}: {kind} is no kind" for name, kind in table.licences.items() if kind not in table.kinds
    ]
    return sorted(faults)


def faults_of_installed(table: LicenceTable) -> list[str]:
    """What is wrong between the table and what the installed packages say of themselves."""
    faults = []
    there = {component.name: component for component in read_components(UNASKED)}
    faults += [f"{name}: no text of its licence is found" for name, one in there.items() if not one.text]
    for name, row in table.distributions.items():
        try:
            metadata = importlib.metadata.metadata(name)
        except importlib.metadata.PackageNotFoundError:
            if not row.elsewhere and not _is_for_elsewhere(name):
                faults.append(f"{name}: not installed")
            continue
        said = metadata.get("License-Expression")
        if said and said != row.licence:
            faults.append(f"{name}: says {said}, licences.toml says {row.licence}")
        for classifier in metadata.get_all("Classifier") or []:
            meant = _CLASSIFIERS.get(classifier.rpartition(" :: ")[2])
            if not said and meant and not any(licence in row.licence for licence in meant):
                faults.append(f"{name}: says {classifier}, licences.toml says {row.licence}")
    return sorted(faults)


def _is_for_elsewhere(name: str) -> bool:
    """The lock is for all systems and versions: what has a marker may rightly be missing here."""
    pattern = rf"^{re.escape(name).replace('-', '[-_.]')}==\S+ ;"
    return re.search(pattern, LOCK.read_text("utf-8"), re.MULTILINE | re.IGNORECASE) is not None


def faults_of_build(table: LicenceTable, folder: Path) -> list[str]:
    """Files of a build that may not be passed on."""
    faults = []
    for path in sorted(folder.rglob("*")):
        for pattern, why in table.forbidden.items():
            if fnmatch(path.name.lower(), pattern.lower()):
                faults.append(f"{path.relative_to(folder)}: {why}")
    return faults


def copyright_file() -> str:
    """Debian's copyright file. Nothing is claimed for Sightline, which has no licence."""
    lines = [
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/",
        "Upstream-Name: Sightline",
        "",
        "Files: *",
        "Copyright: the makers of Sightline, and for each part below its makers",
        "License: Sightline-and-parts",
        " Sightline itself has no licence yet: all rights are with its makers.",
        " .",
        " This package also holds what follows, under the licences that stand behind it. Their full texts",
        " are in the application's About box, in the *.dist-info folders of this package, in licences/texts.",
    ]
    for component in read_components(UNASKED):
        where = f" (inside {component.of})" if component.of else ""
        lines += [" .", f" {component.name} {component.version}{where}: {component.licence}"]
        lines += textwrap.wrap(component.note, 100, initial_indent="  ", subsequent_indent="  ")
    return "\n".join(lines)


def main() -> int:
    """Do what the command line says."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", nargs="?", default="table", choices=("table", "check", "copyright"))
    parser.add_argument("folder", nargs="?", type=Path)
    options = parser.parse_args()
    table = load_table()
    if options.command == "copyright":
        print(copyright_file())
        return 0
    if options.command == "table":
        for component in read_components(UNASKED):
            print(f"{component.name:36} {component.version:14} {component.licence}")
        return 0
    faults = [*faults_of_lock(table, locked()), *faults_of_installed(table)]
    if options.folder is not None:
        faults += faults_of_build(table, options.folder)
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())

"""Which Debian packages hold the libraries that a frozen app needs and does not bring."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

from build_folder import WORK
from steps import SetupError

# Plugins that Qt loads only where their libraries are there.
_OPTIONAL = ("libqgtk3.so",)


def depends(app: Path) -> str:
    """The value of `Depends`: packages with the oldest version that has what is used.

    Args:
        app: the folder of the app, as it will be installed.

    Raises:
        SetupError: with what dpkg-shlibdeps said.
    """
    folder = WORK / "shlibdeps"
    (folder / "debian").mkdir(parents=True, exist_ok=True)
    (folder / "debian" / "control").write_text("Source: sightline\n\nPackage: sightline\nArchitecture: any\n", "utf-8")
    binaries = [path for path in elf_files(app) if path.name not in _OPTIONAL]
    places = sorted({str(path.parent) for path in binaries})
    command = ["dpkg-shlibdeps", "-O", "--ignore-missing-info", "--warnings=0", *(f"-l{place}" for place in places)]
    done = subprocess.run(
        [*command, *(f"-e{path}" for path in binaries)], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode != 0:
        raise SetupError(f"{done.stderr[-3000:]}\n\nA library is missing on this system, or dpkg-shlibdeps failed.")
    return done.stdout.strip().removeprefix("shlibs:Depends=")


def elf_files(folder: Path) -> Iterator[Path]:
    """Programs and libraries below a folder, sorted."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if file.read(4) == b"\x7fELF":
                    yield path

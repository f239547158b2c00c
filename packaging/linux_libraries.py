"""Which Debian packages hold the libraries that a frozen app needs and does not bring."""

import subprocess
from collections.abc import Iterable, Iterator
from pathlib import Path

import contents
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
    source = "Source: sightline\n\nPackage: sightline\nArchitecture: any\n"
    (folder / "debian" / "control").write_text(source, "utf-8")
    binaries = [path for path in elf_files(app) if path.name not in _OPTIONAL]
    places = sorted({str(path.parent) for path in binaries})
    command = ["dpkg-shlibdeps", "-O", "--ignore-missing-info", "--warnings=0"]
    command += [f"-l{place}" for place in places] + [f"-x{package}" for package in sorted(_brought(binaries))]
    command += [f"-e{path}" for path in binaries]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        tail = done.stderr[-3000:]
        raise SetupError(f"{tail}\n\nA library is missing on this system, or dpkg-shlibdeps failed.")
    return done.stdout.strip().removeprefix("shlibs:Depends=")


def _brought(binaries: Iterable[Path]) -> set[str]:
    """Packages of this system whose libraries the app brings; dpkg-shlibdeps would find the system's."""
    known = contents.BUNDLED_SYSTEM_LIBRARIES
    patterns = sorted({f"*/{path.name}" for path in binaries if contents.matches(path.name, known)})
    told = subprocess.run(["dpkg-query", "-S", *patterns], capture_output=True, text=True, check=False).stdout
    return {line.split(":")[0] for line in told.splitlines()}


def elf_files(folder: Path) -> Iterator[Path]:
    """Programs and libraries below a folder, sorted."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            with path.open("rb") as file:
                if file.read(4) == b"\x7fELF":
                    yield path

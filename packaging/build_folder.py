"""The frozen app as a folder: an environment from the locks, PyInstaller in it, and what it leaves undone."""

import gzip
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import zipfile
from collections import Counter
from pathlib import Path

import system_packages
from contents import APP_NAME
from setup_steps import BUILD, ROOT, hash_of, run_quietly
from steps import SetupError, step

WORK = BUILD / "package"
VENV = WORK / "venv"
PYTHON = VENV / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")
APP = WORK / "dist" / "sightline"
_STAMP = VENV / "finished"
_TOOLS = [ROOT / "packaging" / "locks" / name for name in ("build.txt", "package.txt")]
_RUNTIME = [ROOT / "packaging" / "locks" / "runtime.txt"]
_PIP = (
    *(PYTHON, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input"),
    *("--require-hashes", "--no-deps", "--no-build-isolation"),
)
# Wheels of these come with debug symbols, and so may Python; others are left as their makers packed them,
# because `strip` breaks libraries that were repacked for wheels.
_STRIPPED = ("libpython3*", "python3*/lib-dynload/*.so", "pyclipper/*.so", "_pi_heif*.so")


def make_environment() -> None:
    """Install what the locks name, by hash, into an environment for builds alone.

    Raises:
        SetupError: something has to be done by hand first.
    """
    fingerprint = hash_of(*(lock.read_bytes() for lock in _TOOLS + _RUNTIME), sys.version.encode())
    if _STAMP.exists() and _STAMP.read_text("utf-8") == fingerprint:
        return
    system_packages.install_missing(missing_parts)
    with step("Making the environment for builds"):
        shutil.rmtree(VENV, ignore_errors=True)
        WORK.mkdir(parents=True, exist_ok=True)
        run_quietly([sys.executable, "-m", "venv", VENV], "Python could not make an environment.")
        # The tools first: a package without a wheel is built with them, and nothing comes without a hash.
        for locks in (_TOOLS, _RUNTIME):
            requirements = [word for lock in locks for word in ("-r", str(lock))]
            run_quietly([*_PIP, *requirements], "pip could not install the packages.")
    _STAMP.write_text(fingerprint, "utf-8")


def missing_parts() -> list[system_packages.Part]:
    """Find what the system lacks: Qt's libraries too, because what is not there cannot be found as needed."""
    return system_packages.missing_for_venv() + system_packages.missing_parts("run")


def freeze() -> Path:
    """Run PyInstaller over the sources as they are. Returns the app's folder.

    Raises:
        SetupError: with the end of what PyInstaller said.
    """
    translations = [PYTHON, ROOT / "packaging" / "translations.py", ROOT]
    with step("Compiling the translations"):
        run_quietly(translations, "A translation has an error.")
    with step("Freezing the app"):
        shutil.rmtree(WORK / "dist", ignore_errors=True)
        options = ["--noconfirm", "--clean", "--log-level", "WARN"]
        places = ["--workpath", WORK / "work", "--distpath", WORK / "dist"]
        command = [PYTHON, "-m", "PyInstaller", *options, *places, ROOT / "packaging" / "sightline.spec"]
        os.environ.update(build_environment())
        run_quietly(command, "PyInstaller could not freeze the app.")
    if sys.platform.startswith("linux"):
        with step("Leaving out debug symbols"):
            _strip(APP / "_internal")
    with step("Looking for files that may not be passed on"):
        licences = [PYTHON, ROOT / "packaging" / "licences.py", "check", APP]
        run_quietly(licences, "A licence is not known, or does not allow this.")
    if sys.platform == "darwin":
        return WORK / "dist" / f"{APP_NAME}.app"
    return APP


def build_environment() -> dict[str, str]:
    """What makes two builds of one commit alike: its time, one order of sets, no cache of other builds."""
    return {
        "SOURCE_DATE_EPOCH": str(source_date()),
        "PYTHONHASHSEED": "0",
        "PYINSTALLER_CONFIG_DIR": str(WORK / "cache"),
    }


def source_date() -> int:
    """Seconds since 1970 of the commit that is built, or `SOURCE_DATE_EPOCH`; outside of git one of 2026."""
    given = os.environ.get("SOURCE_DATE_EPOCH")
    if given:
        return int(given)
    command = ["git", "log", "-1", "--format=%ct"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return int(told.stdout) if told.returncode == 0 and told.stdout.strip() else 1_767_225_600


def _strip(internal: Path) -> None:
    if shutil.which("strip") is None:
        raise SetupError("Please install binutils: `strip` is missing.")
    for pattern in _STRIPPED:
        for library in internal.glob(pattern):
            if not library.is_symlink():
                run_quietly(["strip", "--strip-unneeded", library], f"{library.name} could not be stripped.")


def sizes(app: Path) -> str:
    """One line: how large the app is, and its largest parts."""
    parts: Counter[str] = Counter()
    for path in app.rglob("*"):
        if path.is_file() and not path.is_symlink():
            names = path.relative_to(app).parts
            inside = names[1:] if names[0] == "_internal" else names
            parts[inside[0].split(".libs")[0] if len(inside) > 1 else "other files"] += path.stat().st_size
    largest = ", ".join(f"{name} {size / 1e6:.0f}" for name, size in parts.most_common(9))
    return f"The app has {parts.total() / 1e6:.0f} MB: {largest}"


def archive(app: Path, dist: Path, version: str, *, quick: bool) -> Path:
    """Pack the folder as it is, for those who install nothing: `.tar.gz`, on Windows `.zip`."""
    name = f"sightline-{version}-{sys.platform}-{platform.machine().lower()}"
    with step("Packing the folder"):
        if sys.platform == "win32":
            return _zip(app, dist / f"{name}.zip", name)
        target = dist / f"{name}.tar.gz"
        with (
            target.open("wb") as file,
            gzip.GzipFile("", "wb", 1 if quick else 6, file, source_date()) as packed,
            tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as tar,
        ):
            for path in sorted([app, *app.rglob("*")]):
                tar.add(path, str(Path(name, path.relative_to(app))), recursive=False, filter=neutral)
        return target


def neutral(member: tarfile.TarInfo) -> tarfile.TarInfo:
    """A file of nobody in particular, of the time of the commit."""
    member.uid = member.gid = 0
    member.uname = member.gname = "root"
    member.mtime = source_date()
    return member


def _zip(app: Path, target: Path, name: str) -> Path:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as packed:
        for path in sorted(app.rglob("*")):
            if path.is_file():
                packed.write(path, str(Path(name, path.relative_to(app))))
    return target

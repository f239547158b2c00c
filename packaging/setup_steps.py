"""Make `.venv` and keep it in step with the locks.

What was done is written to a stamp in `.venv`, last of all: with an unchanged stamp nothing is done, and a
set-up that was interrupted leaves no stamp and is made anew.
"""

import hashlib
import json
import platform
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import system_packages
import translations
from steps import SetupError, say, step

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PROGRAMS = VENV / ("Scripts" if sys.platform == "win32" else "bin")
SUFFIX = ".exe" if sys.platform == "win32" else ""
PYTHON = PROGRAMS / f"python{SUFFIX}"
SIGHTLINE = PROGRAMS / f"sightline{SUFFIX}"
STAMP = VENV / "sightline-set-up.json"
UNFINISHED = VENV / "unfinished-set-up"
BUILD = ROOT / "build"

LOCKS_FOR = {"run": ("runtime.txt", "build.txt"), "test": ("dev.txt",)}
# PySide6-Essentials 6.11.3 has wheels for these and newer; pip would only say "no matching distribution".
OLDEST_GLIBC = {"x86_64": (2, 34), "aarch64": (2, 39)}


def make_ready(purpose: str) -> None:
    """Bring the system packages, `.venv` and the translations up to date.

    Args:
        purpose: "run", or "test" for what the checks need as well.

    Raises:
        SetupError: Something has to be done by hand first.
    """
    # The system first: what has to be typed by hand is better told before the long download than after it.
    done = is_stamped(f"system {purpose}", system_fingerprint())
    if not done:
        system_packages.install_missing(lambda: missing_parts(purpose))
    make_python_ready(purpose)
    if not done:
        write_stamps(read_stamps() | {f"system {purpose}": system_fingerprint()})


def missing_parts(purpose: str) -> list[system_packages.Part]:
    """Find everything that the system lacks, so that it can be installed with one command."""
    parts = [] if VENV.exists() else system_packages.missing_for_venv()
    return parts + system_packages.missing_parts(purpose)


def make_python_ready(purpose: str) -> None:
    """Bring `.venv` and the translations up to date.

    Raises:
        SetupError: Python is too bare, or pip failed.
    """
    if not is_stamped(f"python {purpose}", python_fingerprint(ROOT, purpose)):
        with one_at_a_time():
            # Another set-up may have done it while this one waited.
            if not is_stamped(f"python {purpose}", python_fingerprint(ROOT, purpose)):
                check_glibc()
                make_venv()
                install(purpose)
                stamp_python(purpose)
    if translations.stale_catalogues(ROOT):
        with step("Compiling the translations"):
            run_quietly([PYTHON, ROOT / "packaging" / "translations.py", ROOT], "A translation has an error.")


def system_fingerprint() -> str:
    """Sum up what decides whether the system has to be looked at again: the list, and the machine."""
    return hash_of(Path(system_packages.__file__).read_bytes(), platform.node().encode())


def python_fingerprint(root: Path, purpose: str) -> str:
    """Sum up everything that decides what belongs into `.venv`.

    Args:
        root: The project's folder. An editable install holds its path, so a moved folder is set up anew.
        purpose: "run" or "test".

    Returns:
        A hash that changes when a lock, pyproject.toml, the build hook, the Python or the folder changes.
    """
    files = [root / "packaging" / "locks" / name for name in LOCKS_FOR[purpose]]
    files += [root / "pyproject.toml", root / "packaging" / "hatch_build.py"]
    version = f"{sys.version_info.major}.{sys.version_info.minor} {sys.platform} {platform.machine()}"
    return hash_of(str(root).encode(), version.encode(), *(file.read_bytes() for file in files))


def hash_of(*parts: bytes) -> str:
    """Hash several pieces so that moving a byte from one to the next changes the result."""
    return hashlib.sha256(b"".join(hashlib.sha256(part).digest() for part in parts)).hexdigest()


def is_stamped(key: str, fingerprint: str) -> bool:
    """Tell whether a step was finished with this fingerprint, in an environment that is still there."""
    return PYTHON.exists() and not UNFINISHED.exists() and read_stamps().get(key) == fingerprint


def stamp_python(purpose: str) -> None:
    """Note what `.venv` holds now."""
    # The lock for tests holds everything that the window needs.
    finished = ("run", "test") if purpose == "test" else (purpose,)
    stamps = {f"python {name}": python_fingerprint(ROOT, name) for name in finished}
    write_stamps(without_python(read_stamps()) | stamps)


def without_python(stamps: dict[str, str]) -> dict[str, str]:
    """Leave out the notes about `.venv`: the packages they stand for may have been replaced."""
    return {key: value for key, value in stamps.items() if not key.startswith("python ")}


def write_stamps(stamps: dict[str, str]) -> None:
    """Write which steps are finished, whole or not at all."""
    unfinished = STAMP.with_suffix(".part")
    unfinished.write_text(json.dumps(stamps, indent=1), "utf-8")
    unfinished.replace(STAMP)


def read_stamps() -> dict[str, str]:
    """Read which steps are finished; an unreadable stamp counts as none."""
    try:
        stamps: dict[str, str] = json.loads(STAMP.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return stamps


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Wait until no other set-up is at work in this folder. The lock goes with the process that holds it."""
    BUILD.mkdir(exist_ok=True)
    with (BUILD / "set-up.lock").open("w") as lock:
        if sys.platform == "win32":
            # Its own waiting gives up after ten seconds; two set-ups at once are rare enough to be told so.
            import msvcrt

            msvcrt.locking(lock.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                say("Another set-up is at work in this folder; waiting for it.")
                fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def check_glibc() -> None:
    """See whether Qt's package exists for this Linux.

    Raises:
        SetupError: The system is too old, or built on another C library.
    """
    needed = OLDEST_GLIBC.get(platform.machine())
    if not sys.platform.startswith("linux") or needed is None:
        return
    name, version = platform.libc_ver()
    if name != "glibc" or tuple(int(number) for number in version.split(".")[:2]) < needed:
        wanted = ".".join(map(str, needed))
        raise SetupError(
            f"Qt for Python needs a Linux with glibc {wanted} or newer, and this one has"
            f" {name or 'another C library'} {version}. Distributions since 2022 (ARM: 2024) have it."
        )


def make_venv() -> None:
    """Make `.venv`, unless one is there that is whole and of this Python.

    Raises:
        SetupError: This Python cannot make environments and the part that can is not to be had.
    """
    why = why_unusable()
    if why is None:
        return
    system_packages.install_missing(system_packages.missing_for_venv)
    if why:
        say(f"{why} Making .venv anew.")
    with step("Making .venv"):
        if VENV.exists():
            shutil.rmtree(VENV)
        VENV.mkdir()
        UNFINISHED.touch()
        # Started from inside .venv, sys.executable would be the program that was just removed.
        python = getattr(sys, "_base_executable", sys.executable)
        run_quietly([python, "-m", "venv", VENV], "Python could not make .venv.")


def why_unusable() -> str | None:
    """Say why `.venv` cannot be used as it is: None when it can, an empty text when there is none yet."""
    if not VENV.exists():
        return ""
    if UNFINISHED.exists():
        return "The last set-up was interrupted."
    if not PYTHON.exists():
        return "The Python of .venv is gone."
    probe = "import sys, pip; print('%d.%d' % sys.version_info[:2])"
    found = subprocess.run([PYTHON, "-c", probe], capture_output=True, text=True, check=False)
    if found.returncode != 0:
        return "The Python of .venv does not start."
    here = f"{sys.version_info.major}.{sys.version_info.minor}"
    return (
        None
        if found.stdout.strip() == here
        else f".venv is for Python {found.stdout.strip()}, this is {here}."
    )


def install(purpose: str) -> None:
    """Install the locked packages by their hashes, then the project itself as an editable package.

    Raises:
        SetupError: pip failed, most often because there is no network.
    """
    locks = [str(ROOT / "packaging" / "locks" / name) for name in LOCKS_FOR[purpose]]
    UNFINISHED.touch()
    write_stamps(without_python(read_stamps()))
    with step("Installing the packages (about 300 MB, a minute or two the first time)"):
        requirements = [argument for lock in locks for argument in ("-r", lock)]
        # The locks name every package, so pip has nothing to look for: left to itself it takes
        # `coverage[toml]` for one without a version as soon as there is a newer coverage than the locked one.
        pip(["--require-hashes", "--no-deps", *requirements])
    with step("Installing Sightline itself"):
        # The build tools come from the lock too, so nothing is fetched for a build environment.
        pip(["--no-deps", "--no-build-isolation", "--editable", str(ROOT)])
    UNFINISHED.unlink()


def pip(arguments: Sequence[str]) -> None:
    """Run `pip install` in `.venv`.

    Raises:
        SetupError: With the end of what pip said.
    """

    def clean_up() -> None:
        # pip ended in order, so what is there is whole and the next run may go on from it.
        UNFINISHED.unlink(missing_ok=True)

    options = ["--quiet", "--disable-pip-version-check", "--no-input"]
    command: list[str | Path] = [PYTHON, "-m", "pip", "install", *options, *arguments]
    run_quietly(command, "pip could not install the packages. Is there a network?", clean_up)


def run_quietly(
    command: Sequence[str | Path], sentence: str, on_failure: Callable[[], None] = lambda: None
) -> None:
    """Run a command and show what it said only when it fails.

    Args:
        command: The program and its arguments.
        sentence: What to tell the user where it fails.
        on_failure: Called before that.

    Raises:
        SetupError: The command ended with another status than 0.
    """
    done = subprocess.run(
        command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", check=False
    )
    if done.returncode != 0:
        on_failure()
        tail = "\n".join(done.stdout.splitlines()[-15:])
        raise SetupError(f"{tail}\n\n{sentence}")

"""Write the locks anew: `python packaging/lock.py [--upgrade]`.

A lock is a requirements file with the exact version and the hashes of every package, for Python 3.11 to
3.14 on Linux, Windows and macOS at once. It holds no address: where packages come from is the machine's
business.

Versions stay as they are unless `--upgrade` is given or pyproject.toml no longer allows them.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCKS = ROOT / "packaging" / "locks"
HEADER = "# Written by packaging/lock.py. Change pyproject.toml and run that instead of editing this.\n"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
# The oldest systems with a wheel of every package: Qt decides it on Linux, the reader's runtime on macOS.
PLATFORMS = {
    "x86_64-manylinux_2_34": "Linux x86_64, glibc 2.34",
    "aarch64-manylinux_2_39": "Linux aarch64, glibc 2.39",
    "x86_64-pc-windows-msvc": "Windows x86_64",
    "aarch64-apple-darwin": "macOS 14 arm64",
    "x86_64-apple-darwin": "macOS 14 x86_64",
}
OLDEST_MACOS = "14.0"
SOURCE_ONLY = ("xcffib",)
"""Come as source, and are built without a compiler."""


def main() -> None:
    """Write the four locks, then check that every platform finds a wheel of each package."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--upgrade", action="store_true", help="take the newest versions that pyproject.toml allows"
    )
    upgrade = parser.parse_args().upgrade
    LOCKS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        uv = install_uv(Path(folder))
        pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
        build_tools = Path(folder) / "build.in"
        build_tools.write_text("\n".join(pyproject["build-system"]["requires"]), "utf-8")
        runtime = ["-c", str(LOCKS / "runtime.txt")]
        write_lock(uv, "runtime.txt", ["pyproject.toml"], upgrade=upgrade)
        write_lock(uv, "build.txt", [str(build_tools), *runtime], upgrade=upgrade)
        both = [*runtime, "-c", str(LOCKS / "build.txt")]
        write_lock(
            uv, "dev.txt", ["pyproject.toml", "--group", "dev", str(build_tools), *both], upgrade=upgrade
        )
        write_lock(uv, "package.txt", ["--group", "package", *both], upgrade=upgrade)
        check_every_platform(uv, Path(folder) / "target")


def install_uv(folder: Path) -> str:
    """Install uv into a throw-away environment, so that nobody has to have it.

    Args:
        folder: An empty folder.

    Returns:
        The path of the `uv` program.
    """
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    programs = folder / "venv" / ("Scripts" if sys.platform == "win32" else "bin")
    subprocess.run([programs / "python", "-m", "pip", "install", "--quiet", "uv"], check=True)
    return str(programs / "uv")


def write_lock(uv: str, name: str, sources: list[str], *, upgrade: bool) -> None:
    """Resolve the sources for all platforms and write one lock.

    Args:
        uv: The path of the `uv` program.
        name: The lock's file name.
        sources: What to resolve, and the constraints, as arguments of `uv pip compile`.
        upgrade: Whether to leave the versions that the lock has now.
    """
    lock = LOCKS / name
    options = [
        "--universal",
        "--generate-hashes",
        "--python-version",
        PYTHONS[0],
        "--no-header",
        "--no-annotate",
    ]
    command = [uv, "pip", "compile", "--quiet", *options, "--output-file", str(lock), *sources]
    subprocess.run([*command, *(["--upgrade"] if upgrade else [])], cwd=ROOT, check=True)
    lock.write_text(HEADER + lock.read_text("utf-8").removeprefix(HEADER), "utf-8")
    print(f"Wrote {lock.relative_to(ROOT)}")


def check_every_platform(uv: str, target: Path) -> None:
    """Resolve the largest lock and that of builds for each platform and Python, from wheels only, by hash.

    Args:
        uv: The path of the `uv` program.
        target: A folder that stands for the other machine; nothing is installed into it.

    Raises:
        SystemExit: Where a package has no wheel, or no hash of it is in the lock.
    """
    environment = os.environ | {"MACOSX_DEPLOYMENT_TARGET": OLDEST_MACOS}
    options = ["--dry-run", "--only-binary", ":all:", "--require-hashes", "--target", str(target)]
    options += [f"--no-binary={name}" for name in SOURCE_ONLY]
    failures = []
    for platform, words in PLATFORMS.items():
        for python in PYTHONS:
            where = ["--python-platform", platform, "--python-version", python]
            locks = ["-r", str(LOCKS / "dev.txt"), "-r", str(LOCKS / "package.txt")]
            command = [uv, "pip", "install", *options, *where, *locks]
            found = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
            print(f"{'ok  ' if found.returncode == 0 else 'FAIL'} {words}, Python {python}")
            failures += [found.stderr] if found.returncode else []
    if failures:
        sys.exit("\n".join(failures))


if __name__ == "__main__":
    main()

"""A Debian of its own to install packages into: made by debootstrap, entered by chroot."""

import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

SUITE = "bookworm"
USER = "person"
HOME = f"/home/{USER}"
# What the system writes for itself, whatever is installed: caches, logs, lists of packages.
_THE_SYSTEMS_OWN = ("proc", "sys", "dev", "run", "tmp", "var/cache", "var/log", "var/lib/apt", "var/lib/dpkg")


class CleanRoot:
    """One root folder.

    Attributes:
        path: on this machine.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def run(self, *command: str, check: bool = True) -> str:
        """Run a program as root in it. Returns what it printed, both streams."""
        return self._run(["chroot", str(self.path), *command], _ROOTS_OWN, check=check)

    def run_as_user(self, *command: str, environment: Mapping[str, str], check: bool = True) -> str:
        """Run a program to its end as the ordinary user. Returns what it printed, both streams."""
        return self._run(self.as_user(*command), environment, check=check)

    def as_user(self, *command: str) -> list[str]:
        """The command that runs a program as the ordinary user."""
        return ["chroot", f"--userspec={USER}:{USER}", str(self.path), *command]

    def files(self) -> set[str]:
        """Every file, folder and link, by its path in the root, but for what the system writes for itself."""
        prune = [word for name in _THE_SYSTEMS_OWN for word in ("-path", f"./{name}", "-o")][:-1]
        command = ["find", ".", "(", *prune, ")", "-prune", "-o", "-print0"]
        found = subprocess.run(command, cwd=self.path, capture_output=True, check=True)
        return {name.decode(errors="backslashreplace") for name in found.stdout.split(b"\0") if name}

    def _run(self, command: Sequence[str], environment: Mapping[str, str], *, check: bool) -> str:
        done = subprocess.run(
            command, env=dict(environment), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        printed = done.stdout.decode(errors="backslashreplace")
        if check and done.returncode != 0:
            raise SystemExit(f"{command[2:]} ended with {done.returncode}:\n{printed}")
        return printed


_ROOTS_OWN = {
    "PATH": "/usr/sbin:/usr/bin:/sbin:/bin",
    "HOME": "/root",
    "LC_ALL": "C.UTF-8",
    "DEBIAN_FRONTEND": "noninteractive",
}


@contextmanager
def made(folder: Path, kept: Path) -> Iterator[CleanRoot]:
    """A new root with an ordinary user in it, gone with the block.

    Args:
        folder: where it is made; must not exist.
        kept: the base system as a tar file, made if it is not there, because fetching it takes a minute.
    """
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        command = ["debootstrap", "--variant=minbase", SUITE, str(folder)]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        subprocess.run(["tar", "-C", str(folder), "-czf", str(kept), "."], check=True)
    else:
        folder.mkdir()
        subprocess.run(["tar", "-C", str(folder), "-xzf", str(kept)], check=True)
    root = CleanRoot(folder)
    try:
        _let_in(folder)
        root.run("useradd", "--create-home", "--shell", "/bin/bash", USER)
        yield root
    finally:
        for name in ("dev/shm", "dev/pts", "dev", "proc"):
            subprocess.run(["umount", str(folder / name)], stderr=subprocess.DEVNULL, check=False)
        if (folder / "proc" / "self").exists():
            raise SystemExit(f"{folder} is still mounted: a process is left in it")
        subprocess.run(["rm", "-rf", "--one-file-system", str(folder)], check=True)


def _let_in(folder: Path) -> None:
    """The kernel's folders, and this machine's way to the packages."""
    subprocess.run(["mount", "-t", "proc", "proc", str(folder / "proc")], check=True)
    for name in ("dev", "dev/pts", "dev/shm"):
        subprocess.run(["mount", "--bind", f"/{name}", str(folder / name)], check=True)
    for source in ("/etc/apt/sources.list.d", "/etc/apt/apt.conf.d", "/etc/apt/auth.conf.d"):
        if Path(source).exists():
            subprocess.run(["cp", "-a", f"{source}/.", str(folder / source[1:])], check=True)
    for source in ("/etc/resolv.conf", "/etc/hosts", "/etc/apt/sources.list"):
        if Path(source).exists():
            subprocess.run(["cp", "-L", source, str(folder / source[1:])], check=True)

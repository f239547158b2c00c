"""A Debian of its own to install packages into: made by debootstrap, entered by chroot."""

import os
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.helpers.processes import until

SUITE = "bookworm"
USER = "person"
_CHROOT = "/usr/sbin/chroot"
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
        return self._run([_CHROOT, str(self.path), *command], _ROOTS_OWN, check=check)

    def run_as_user(self, *command: str, environment: Mapping[str, str], check: bool = True) -> str:
        """Run a program to its end as the ordinary user. Returns what it printed, both streams."""
        return self._run(self.as_user(*command), environment, check=check)

    def as_user(self, *command: str) -> list[str]:
        """The command that runs a program as the ordinary user."""
        return [_CHROOT, f"--userspec={USER}:{USER}", str(self.path), *command]

    def files(self) -> set[str]:
        """Every file, folder and link, by its path in the root, but for what the system writes for itself."""
        prune = [word for name in _THE_SYSTEMS_OWN for word in ("-path", f"./{name}", "-o")][:-1]
        command = ["find", ".", "(", *prune, ")", "-prune", "-o", "-print0"]
        found = subprocess.run(command, cwd=self.path, capture_output=True, check=True)
        return {name.decode(errors="backslashreplace") for name in found.stdout.split(b"\0") if name}

    def _run(self, command: Sequence[str], environment: Mapping[str, str], *, check: bool) -> str:
        # A file and no pipe: what a launcher has started keeps a pipe open, and would be waited for.
        with tempfile.TemporaryFile() as told:
            done = subprocess.run(
                command,
                env=dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=told,
                stderr=subprocess.STDOUT,
                timeout=600,
                check=False,
            )
            told.seek(0)
            printed = told.read().decode(errors="backslashreplace")
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
def made(kept: Path) -> Iterator[CleanRoot]:
    """A new root with an ordinary user in it, gone with the block.

    Nothing of this machine is mounted in it: what is deleted with it can only be its own.

    Args:
        kept: the base system as a tar file, made if it is not there, because fetching it takes a minute.
    """
    folder = Path(tempfile.mkdtemp(prefix="sightline-root-"))
    folder.chmod(0o755)
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        command = ["debootstrap", "--variant=minbase", SUITE, str(folder)]
        subprocess.run(command, stdout=subprocess.DEVNULL, check=True)
        subprocess.run(["tar", "-C", str(folder), "-czf", str(kept), "."], check=True)
    else:
        subprocess.run(["tar", "-C", str(folder), "-xzf", str(kept)], check=True)
    root = CleanRoot(folder)
    try:
        _let_in(folder)
        root.run("useradd", "--create-home", "--shell", "/bin/bash", USER)
        yield root
    finally:
        for pid in processes_in(root):
            os.kill(pid, signal.SIGKILL)
        until(lambda: not processes_in(root), "the end of all processes in the root")
        _let_go(folder)


def processes_in(root: CleanRoot) -> list[int]:
    """The processes whose root this is."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and (entry / "root").readlink() == root.path:
                found.append(int(entry.name))
        except OSError:
            continue
    return found


def _let_in(folder: Path) -> None:
    """The kernel's view of processes, shared memory of its own, and this machine's way to the packages.

    The devices are debootstrap's own.
    """
    subprocess.run(["mount", "-t", "proc", "proc", str(folder / "proc")], check=True)
    (folder / "dev/shm").mkdir(exist_ok=True)
    subprocess.run(["mount", "-t", "tmpfs", "-o", "mode=1777", "shm", str(folder / "dev/shm")], check=True)
    # Debootstrap has written where it got its packages from; this machine knows all places.
    (folder / "etc/apt/sources.list").unlink(missing_ok=True)
    for source in ("/etc/apt/sources.list.d", "/etc/apt/apt.conf.d", "/etc/apt/auth.conf.d"):
        if Path(source).exists():
            subprocess.run(["cp", "-a", f"{source}/.", str(folder / source[1:])], check=True)
    for source in ("/etc/resolv.conf", "/etc/hosts", "/etc/apt/sources.list"):
        if Path(source).exists():
            subprocess.run(["cp", "-L", source, str(folder / source[1:])], check=True)


def _let_go(folder: Path) -> None:
    """Take the mounts away, and delete the folder only when none is left below it."""
    for name in ("dev/shm", "proc"):
        subprocess.run(["umount", str(folder / name)], check=False)
    left = [line.split()[1] for line in Path("/proc/mounts").read_text("utf-8").splitlines()]
    if any(place.startswith(f"{folder}/") for place in left):
        raise SystemExit(f"{folder} has mounts in it and is left as it is")
    subprocess.run(["rm", "-rf", "--one-file-system", str(folder)], check=True)

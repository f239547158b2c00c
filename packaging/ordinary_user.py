"""Run tests as a user whom file permissions bind, when everything else runs as root (in CI, in a container).

The interpreter starts as root and gives its rights up itself (`tests/helpers/drop_privileges.py`): Python and
the checkout may lie below a folder that no other user can enter, such as root's home, so a plain `su` would
not even find the interpreter. The code under test is copied to a place that this user can read.
"""

import os
import shutil
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

COPIED = ("desktop", "tests", "resources", "packaging", "pyproject.toml", "README.md")
NOBODY = 65534


class OrdinaryUser:
    """A throw-away copy of the checkout and a home for the user `nobody`; both go when the block ends.

    Attributes:
        checkout: The copy, the folder to run pytest in.
        environment: What the user's processes need in theirs.
        pytest_options: What loads the plugin and puts temporary folders where the user may write.
    """

    def __init__(self, root: Path) -> None:
        # Not $TMPDIR, which may be as private as the checkout.
        self._folder = Path(tempfile.mkdtemp(prefix="sightline-tests-", dir="/tmp"))
        self._root = root
        self.checkout = self._folder / "checkout"
        home = self._folder / "home"
        self.environment = {
            "SIGHTLINE_RUN_AS_UID": str(NOBODY),
            "HOME": str(home),
            "USER": "nobody",
            "LOGNAME": "nobody",
            "TMPDIR": str(home),
            "XDG_RUNTIME_DIR": "",
            "XDG_CONFIG_HOME": "",
            "XDG_DATA_HOME": "",
            "XDG_CACHE_HOME": "",
            "XDG_STATE_HOME": "",
            "PYTHONDONTWRITEBYTECODE": "1",
        }
        self.pytest_options = ["-p", "tests.helpers.drop_privileges", f"--basetemp={home / 'pytest'}"]

    def __enter__(self) -> Self:
        """Make the copy and the home."""
        home = Path(self.environment["HOME"])
        for folder in (self.checkout, home):
            folder.mkdir()
            os.chown(folder, NOBODY, NOBODY)
        home.chmod(0o700)
        self._folder.chmod(0o755)
        for name in COPIED:
            source = self._root / name
            if source.is_dir():
                shutil.copytree(source, self.checkout / name, ignore=shutil.ignore_patterns("__pycache__"))
            elif source.exists():
                shutil.copy2(source, self.checkout / name)
        make_readable(self.checkout)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Remove both. Root may enter whatever a test has locked."""
        shutil.rmtree(self._folder, ignore_errors=True)


def make_readable(folder: Path) -> None:
    """Let everybody read a folder and all that is in it, whatever the umask was when it was made."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | (0o555 if path.is_dir() else 0o444))

"""A pytest plugin: the tests run as an ordinary user although root started pytest.

`packaging/dev.py test` loads it with `-p` for the tests marked `unprivileged`; without SIGHTLINE_RUN_AS_UID
it does nothing. Real and effective user change, so `os.getuid`, `os.access` and every system call see an
ordinary user. Only the saved user stays root, because importing must go on working: the interpreter and the
packages may lie below a folder that no other user can enter. An import, with the code of the module that it
runs, has root's rights as long as it lasts. A child process has no way back and may not even find the
interpreter, so tests that start processes should not carry the mark.
"""

import builtins
import importlib
import os
import threading
from collections.abc import Callable
from typing import Any

import pytest


def pytest_configure(config: pytest.Config) -> None:
    """Give root's rights up before the first test file is read."""
    wanted = os.environ.get("SIGHTLINE_RUN_AS_UID")
    if wanted is None or os.geteuid() != 0:
        return
    uid = int(wanted)
    imports = ImportsAsRoot(uid)
    builtins.__import__ = imports.wrap(builtins.__import__)
    importlib.import_module = imports.wrap(importlib.import_module)
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, 0)


class ImportsAsRoot:
    """Lends root's rights to import functions.

    Attributes:
        uid: The user that the process is otherwise.
    """

    def __init__(self, uid: int) -> None:
        self.uid = uid
        # The user is the process's and not a thread's: one thread must not end what another still needs.
        self._lock = threading.RLock()
        self._depth = 0

    def wrap(self, import_something: Callable[..., Any]) -> Callable[..., Any]:
        """Make an import function that reads files as root."""

        def wrapped(*args: Any, **kwargs: Any) -> Any:
            with self._lock:
                self._depth += 1
                os.seteuid(0)
                try:
                    return import_something(*args, **kwargs)
                finally:
                    self._depth -= 1
                    if self._depth == 0:
                        os.seteuid(self.uid)

        return wrapped

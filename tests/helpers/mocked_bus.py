"""A private bus, and on it a portal by python-dbusmock in a process of its own."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.helpers.processes import clean_environment, until

_PYTHON = "/usr/bin/python3"
"""The system's, which has Debian's package python3-dbusmock."""
PORTAL = "org.freedesktop.portal.Desktop"


class MockedPortal:
    """Who answers on the bus, by a template of python-dbusmock.

    Attributes:
        address: for ``DBUS_SESSION_BUS_ADDRESS``.
    """

    def __init__(self, address: str, folder: Path, template: Path) -> None:
        self.address = address
        self._folder = folder
        self._template = template
        self._calls = folder / "calls"
        self._calls.write_text("")
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def calls(self) -> list[Any]:
        """What was called, in order: the method, then what it was given."""
        return [json.loads(line) for line in self._calls.read_text().splitlines()]

    def begin(self, parameters: dict[str, Any]) -> None:
        """Have one with these parameters of the template."""
        told = json.dumps({"calls": str(self._calls), **parameters})
        command = [_PYTHON, "-m", "dbusmock", "--session", "--template", str(self._template), "-p", told]
        with (self._folder / "portal.log").open("ab") as out:
            self._process = subprocess.Popen(
                command,
                env={
                    **clean_environment(self._folder / "home"),
                    "DBUS_SESSION_BUS_ADDRESS": self.address,
                    "PYTHONDONTWRITEBYTECODE": "1",
                },
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
            )
        until(self._is_there, "the portal on the bus", 20)

    def end(self) -> None:
        """Without it nobody answers on the bus."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None

    def told(self, message: Any) -> Any:
        """What the bus answers to a message."""
        from jeepney.bus import get_bus
        from jeepney.io.blocking import DBusConnection, prep_socket

        with DBusConnection(prep_socket(get_bus(self.address))) as bus:
            return bus.send_and_get_reply(message, timeout=5)

    def _is_there(self) -> bool:
        from jeepney.bus_messages import message_bus

        return bool(self.told(message_bus.NameHasOwner(PORTAL)).body[0])


@contextmanager
def private_bus(folder: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A bus with nobody on it: its address, and its own process."""
    reads, writes = os.pipe()
    bus = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--print-address={writes}"],
        env=clean_environment(folder / "home"),
        pass_fds=(writes,),
        stdin=subprocess.DEVNULL,
    )
    os.close(writes)
    try:
        with os.fdopen(reads) as told:
            yield told.readline().strip(), bus
    finally:
        bus.kill()
        bus.wait(10)

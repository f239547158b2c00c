"""A screenshot portal on a private bus: python-dbusmock in a process of its own, see `portal_template`."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.helpers.processes import clean_environment, until

_TEMPLATE = Path(__file__).with_name("portal_template.py")
_PYTHON = "/usr/bin/python3"
"""The system's, which has Debian's package python3-dbusmock."""


class Portal:
    """The bus, and who answers on it.

    Attributes:
        address: for ``DBUS_SESSION_BUS_ADDRESS``.
    """

    def __init__(self, address: str, folder: Path) -> None:
        self.address = address
        self._folder = folder
        self._acts, self._calls = folder / "acts.json", folder / "calls"
        self._process: subprocess.Popen[bytes] | None = None

    def plays(self, *acts: dict[str, Any], version: int | None = 2) -> None:
        """What it does at each call from now on; starts it if need be."""
        self._acts.write_text(json.dumps(acts))
        self._calls.write_text("")
        if self._process is None or self._process.poll() is not None or version != self._version:
            self._start(version)

    @property
    def calls(self) -> list[Any]:
        """What was called, in order: method, then options."""
        return [json.loads(line) for line in self._calls.read_text().splitlines()]

    def _start(self, version: int | None) -> None:
        self.end()
        self._version = version
        told: dict[str, Any] = {"acts": str(self._acts), "calls": str(self._calls)}
        if version is not None:
            told["version"] = version
        with (self._folder / "portal.log").open("ab") as out:
            self._process = subprocess.Popen(
                [
                    _PYTHON,
                    "-m",
                    "dbusmock",
                    "--session",
                    "--template",
                    str(_TEMPLATE),
                    "-p",
                    json.dumps(told),
                ],
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

    def _is_there(self) -> bool:
        from jeepney.bus import get_bus
        from jeepney.bus_messages import message_bus
        from jeepney.io.blocking import DBusConnection, prep_socket

        with DBusConnection(prep_socket(get_bus(self.address))) as bus:
            name = message_bus.NameHasOwner("org.freedesktop.portal.Desktop")
            return bool(bus.send_and_get_reply(name, timeout=5).body[0])

    def end(self) -> None:
        """Without it nobody answers on the bus."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None


@contextmanager
def portal_bus(folder: Path) -> Iterator[Portal]:
    """A bus without a portal: that starts with its first `Portal.plays`."""
    reads, writes = os.pipe()
    bus = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--print-address={writes}"],
        env=clean_environment(folder / "home"),
        pass_fds=(writes,),
        stdin=subprocess.DEVNULL,
    )
    os.close(writes)
    with os.fdopen(reads) as told:
        portal = Portal(told.readline().strip(), folder)
    try:
        yield portal
    finally:
        portal.end()
        bus.kill()
        bus.wait(10)

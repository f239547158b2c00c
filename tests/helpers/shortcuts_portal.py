"""A GlobalShortcuts portal on a private bus: python-dbusmock in a process of its own."""

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.helpers.processes import clean_environment, until

_TEMPLATE = Path(__file__).with_name("shortcuts_portal_template.py")
_PYTHON = "/usr/bin/python3"
"""The system's, which has Debian's package python3-dbusmock."""
PORTAL = "org.freedesktop.portal.Desktop"


class ShortcutsPortal:
    """The bus, and who answers on it.

    Attributes:
        address: for ``DBUS_SESSION_BUS_ADDRESS``.
    """

    def __init__(self, address: str, folder: Path) -> None:
        self.address = address
        self._folder = folder
        self._calls = folder / "calls"
        self._calls.write_text("")
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, *, known: tuple[str, ...] = ("sightline",), **parameters: Any) -> None:
        """Have a portal that knows these desktop entries; see the template for the others."""
        told = {"calls": str(self._calls), "known": known, "trigger": "Press a key", **parameters}
        command = [_PYTHON, "-m", "dbusmock", "--session", "-t", str(_TEMPLATE), "-p", json.dumps(told)]
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

    @property
    def calls(self) -> list[Any]:
        """What was called, in order: the method, then what it was given."""
        return [json.loads(line) for line in self._calls.read_text().splitlines()]

    def count(self, method: str) -> int:
        return sum(call[0] == method for call in self.calls)

    def ask(self, method: str, *words: str) -> None:
        """Have the template do something."""
        from jeepney import DBusAddress, MessageType, new_method_call

        place = DBusAddress("/org/freedesktop/portal/desktop", PORTAL, "org.sightline.Test")
        answer = self._told(new_method_call(place, method, "s" * len(words), words))
        assert answer.header.message_type is MessageType.method_return, answer.body

    def end(self) -> None:
        """Without it nobody answers on the bus."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(10)
            self._process = None

    def _is_there(self) -> bool:
        from jeepney.bus_messages import message_bus

        return bool(self._told(message_bus.NameHasOwner(PORTAL)).body[0])

    def _told(self, message: Any) -> Any:
        from jeepney.bus import get_bus
        from jeepney.io.blocking import DBusConnection, prep_socket

        with DBusConnection(prep_socket(get_bus(self.address))) as bus:
            return bus.send_and_get_reply(message, timeout=5)


@contextmanager
def shortcuts_bus(folder: Path) -> Iterator[tuple[ShortcutsPortal, subprocess.Popen[bytes]]]:
    """A bus without a portal, which `ShortcutsPortal.start` brings; and the bus's own process."""
    reads, writes = os.pipe()
    bus = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--nopidfile", f"--print-address={writes}"],
        env=clean_environment(folder / "home"),
        pass_fds=(writes,),
        stdin=subprocess.DEVNULL,
    )
    os.close(writes)
    with os.fdopen(reads) as told:
        portal = ShortcutsPortal(told.readline().strip(), folder)
    try:
        yield portal, bus
    finally:
        portal.end()
        bus.kill()
        bus.wait(10)

"""A GlobalShortcuts portal on a private bus, see `shortcuts_portal_template`."""

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.helpers.mocked_bus import PORTAL, MockedPortal, private_bus

_TEMPLATE = Path(__file__).with_name("shortcuts_portal_template.py")


class ShortcutsPortal(MockedPortal):
    """Does what its template was told, and what it is asked for."""

    def __init__(self, address: str, folder: Path) -> None:
        super().__init__(address, folder, _TEMPLATE)

    def start(self, *, known: tuple[str, ...] = ("sightline",), **parameters: Any) -> None:
        """Have a portal that knows these desktop entries; see the template for the others."""
        self.begin({"known": known, "trigger": "Press a key", **parameters})

    def count(self, method: str) -> int:
        return sum(call[0] == method for call in self.calls)

    def ask(self, method: str, *words: str) -> None:
        """Have the template do something."""
        from jeepney import DBusAddress, MessageType, new_method_call

        place = DBusAddress("/org/freedesktop/portal/desktop", PORTAL, "org.sightline.Test")
        answer = self.told(new_method_call(place, method, "s" * len(words), words))
        assert answer.header.message_type is MessageType.method_return, answer.body


@contextmanager
def shortcuts_bus(folder: Path) -> Iterator[tuple[ShortcutsPortal, subprocess.Popen[bytes]]]:
    """A bus without a portal, which `ShortcutsPortal.start` brings; and the bus's own process."""
    with private_bus(folder) as (address, bus):
        portal = ShortcutsPortal(address, folder)
        try:
            yield portal, bus
        finally:
            portal.end()

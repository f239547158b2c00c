"""A screenshot portal on a private bus, see `portal_template`."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.helpers.mocked_bus import MockedPortal, private_bus

_TEMPLATE = Path(__file__).with_name("portal_template.py")


class Portal(MockedPortal):
    """Plays what it is told."""

    def __init__(self, address: str, folder: Path) -> None:
        super().__init__(address, folder, _TEMPLATE)
        self._acts = folder / "acts.json"
        self._version: int | None = None

    def plays(self, *acts: dict[str, Any], version: int | None = 2) -> None:
        """What it does at each call from now on; starts it if need be."""
        self._acts.write_text(json.dumps(acts))
        self._calls.write_text("")
        if self._process is None or self._process.poll() is not None or version != self._version:
            self.end()
            self._version = version
            told: dict[str, Any] = {} if version is None else {"version": version}
            self.begin({"acts": str(self._acts), **told})


@contextmanager
def portal_bus(folder: Path) -> Iterator[Portal]:
    """A bus without a portal: that starts with its first `Portal.plays`."""
    with private_bus(folder) as (address, _bus):
        portal = Portal(address, folder)
        try:
            yield portal
        finally:
            portal.end()

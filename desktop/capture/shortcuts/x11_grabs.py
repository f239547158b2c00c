"""A connection to the X server that grabs keys on all its screens. No Qt: it may be made in a thread."""

import logging
from collections.abc import Iterator
from typing import TYPE_CHECKING

from desktop.capture.shortcuts.keys import Keys
from desktop.capture.shortcuts.x11_keymap import Keymap, keymap

if TYPE_CHECKING:
    import xcffib

_log = logging.getLogger(__name__)


class TakenError(Exception):
    """Another program has the keys."""


class MissingError(Exception):
    """The keyboard does not have the key."""


class LostError(Exception):
    """The connection to the X server has ended."""


class Grabs:
    """Made by `open_grabs`; afterwards all calls come from one thread.

    Attributes:
        socket: descriptor that becomes readable when something has happened.
    """

    def __init__(self, connection: "xcffib.Connection") -> None:
        import xcffib  # noqa: PLC0415 - takes 60 ms
        import xcffib.xproto as protocol  # noqa: PLC0415

        self._protocol = protocol
        self._refused: type[Exception] = xcffib.Error
        self._lost: type[Exception] = xcffib.XcffibException
        self._connection = connection
        self._core = connection.core
        self._roots = [screen.root for screen in connection.get_setup().roots]
        self._wanted: Keys | None = None
        self._map: Keymap | None = None
        self._released_at = -1
        self.socket = int(connection.get_file_descriptor())

    def grab(self, keys: Keys | None) -> None:
        """Have these keys instead of those before; None for no keys.

        Raises:
            TakenError: another program has them, in one of the states of the locks at least.
            MissingError: this keyboard lacks the key.
            LostError: the server is gone.
        """
        self._wanted = None
        try:
            self._let_go()
            if keys is not None:
                self._take(keys)
        except self._lost as error:
            raise LostError from error

    def presses(self) -> Iterator[None]:
        """What has come since: one item for each time that the keys were pressed. Never waits.

        Raises:
            TakenError: the keyboard's layout has changed, and another program has what the keys are now.
            MissingError: the layout has changed, and has the key no more.
            LostError: the server is gone.
        """
        changed = False
        try:
            while (event := self._connection.poll_for_event()) is not None:
                if isinstance(event, self._protocol.MappingNotifyEvent):
                    changed = True
                elif self._is_press(event):
                    yield None
        except self._lost as error:
            raise LostError from error
        # All of them first: one change of layout is told by many.
        if changed and self._wanted is not None:
            self.grab(self._wanted)
            # The answers may have brought events that no readable socket tells any more.
            yield from self.presses()

    def close(self) -> None:
        """Let go of everything; idempotent."""
        self._map = self._wanted = None
        self._connection.disconnect()

    def _is_press(self, event: "xcffib.Event") -> bool:
        if self._map is None:
            return False
        if isinstance(event, self._protocol.KeyReleaseEvent):
            self._released_at = event.time
            return False
        if not isinstance(event, self._protocol.KeyPressEvent):
            return False
        # A key that is held repeats as releases and presses, each pair at one moment.
        repeated = event.time == self._released_at
        return not repeated and self._map.is_pressed(event.detail, event.state)

    def _take(self, keys: Keys) -> None:
        found = self._read(keys)
        if not found.codes:
            raise MissingError
        self._map, self._wanted = found, keys
        asked = [
            self._core.GrabKeyChecked(
                True,
                root,
                mask,
                code,
                self._protocol.GrabMode.Async,
                self._protocol.GrabMode.Async,
            )
            for root in self._roots
            for code in found.codes
            for mask in found.masks()
        ]
        refused = False
        for cookie in asked:
            try:
                cookie.check()
            except self._refused as error:
                # BadAccess, where another connection has the very same grab.
                _log.info("a key was not given: %s", type(error).__name__)
                refused = True
        if refused:
            self._let_go()
            raise TakenError

    def _let_go(self) -> None:
        """Of all keys: nothing else is grabbed by this connection."""
        self._map = None
        for root in self._roots:
            self._core.UngrabKeyChecked(self._protocol.Grab.Any, root, self._protocol.ModMask.Any).check()

    def _read(self, keys: Keys) -> Keymap:
        setup = self._connection.get_setup()
        first, last = setup.min_keycode, setup.max_keycode
        mapping = self._core.GetKeyboardMapping(first, last - first + 1)
        held = self._core.GetModifierMapping().reply()
        written = mapping.reply()
        wide, flat = written.keysyms_per_keycode, list(written.keysyms)
        symbols = {first + at // wide: flat[at : at + wide] for at in range(0, len(flat), wide)}
        each, codes = held.keycodes_per_modifier, list(held.keycodes)
        return keymap(keys, symbols, [codes[at : at + each] for at in range(0, 8 * each, each)])


def open_grabs() -> Grabs:
    """Connect to the X server that ``DISPLAY`` names. Blocks for a moment: for a thread that may.

    Raises:
        OSError: there is no xcb library, or no server that lets us in.
    """
    import xcffib  # noqa: PLC0415 - takes 60 ms, and asks the linker's cache
    import xcffib.xproto  # noqa: PLC0415 - which a connection needs

    try:
        return Grabs(xcffib.connect())
    except xcffib.XcffibException as error:
        raise OSError(str(error)) from error

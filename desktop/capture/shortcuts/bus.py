"""A connection to the session bus that Qt's loop wakes: nothing waits, and no thread stays.

A thread connects and shows who we are, for two seconds at most; then the socket is the GUI thread's.
"""

import logging
import os
import socket
from collections.abc import Callable
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSocketNotifier, Signal

from desktop.capture.shortcuts.opening import Opening

if TYPE_CHECKING:
    from jeepney import Message
    from jeepney.low_level import Parser

_log = logging.getLogger(__name__)

_LIMIT_S = 2.0
_CHUNK_BYTES = 65_536
_MOST_BYTES = 4_000_000
"""Nothing that portals say is nearly so long."""

Answered = Callable[["Message"], None]


class Bus(QObject):
    """One connection, for one life.

    Attributes:
        name: our own unique name, such as ``:1.42``; empty until `opened`.

    Signals:
        opened(): messages may be sent.
        came(Message): a signal of somebody on the bus that a match rule asked for.
        lost(str): it could not be opened or has ended, and why; once, and nothing comes after it.
    """

    opened = Signal()
    came = Signal(object)
    lost = Signal(str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.name = ""
        self._socket: socket.socket | None = None
        self._parser: Parser | None = None
        self._notifier: QSocketNotifier | None = None
        self._waiting: dict[int, Answered] = {}
        self._serials = count(1)
        self._opening: Opening | None = Opening(_connect, _close, self)
        self._opening.ended.connect(self._on_connected)

    def ask(self, message: "Message", answered: Answered) -> None:
        """Send a call; ``answered`` gets its answer, even an error, but not once the bus is closed."""
        serial = next(self._serials)
        self._waiting[serial] = answered
        self._send(message, serial)

    def tell(self, message: "Message") -> None:
        """Send a call whose answer nobody needs."""
        self._send(message, next(self._serials))

    def close(self) -> None:
        """End it; idempotent."""
        if self._opening is not None:
            self._opening.forget()
            self._opening = None
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            self._notifier = None
        if self._socket is not None:
            self._socket.close()
            self._socket = None
        self._waiting.clear()

    def _on_connected(self, made: object) -> None:
        self._opening = None
        if not isinstance(made, socket.socket):
            self._lose(str(made))
            return
        from jeepney import message_bus  # noqa: PLC0415 - the thread has imported it
        from jeepney.low_level import Parser  # noqa: PLC0415

        made.setblocking(False)
        self._socket, self._parser = made, Parser()
        self._notifier = QSocketNotifier(made.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._on_data)
        self.ask(message_bus.Hello(), self._on_hello)

    def _on_hello(self, answer: "Message") -> None:
        self.name = str(answer.body[0])
        self.opened.emit()

    def _send(self, message: "Message", serial: int) -> None:
        if self._socket is None:
            return
        try:
            # Never more than a few hundred bytes, which the kernel takes whole unless the bus hangs.
            self._socket.sendall(message.serialise(serial))
        except OSError as error:
            self._lose(str(error))

    def _on_data(self) -> None:
        if self._socket is None or self._parser is None:
            return
        try:
            data = self._socket.recv(_CHUNK_BYTES)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._lose(str(error))
            return
        if not data:
            self._lose("the session bus has closed the connection")
            return
        try:
            messages = self._parser.feed(data)
            self._check_size(self._parser)
        except Exception as error:  # noqa: BLE001 - whatever is not D-Bus ends the connection
            self._lose(str(error))
            return
        for message in messages:
            self._deliver(message)

    @staticmethod
    def _check_size(parser: "Parser") -> None:
        if parser.buf.bytes_buffered > _MOST_BYTES or parser.bytes_desired() > _MOST_BYTES:
            raise ValueError("too long a message")

    def _deliver(self, message: "Message") -> None:
        from jeepney import HeaderFields, MessageType  # noqa: PLC0415

        kind = message.header.message_type
        if kind is MessageType.signal:
            self.came.emit(message)
        elif kind in (MessageType.method_return, MessageType.error):
            serial = message.header.fields.get(HeaderFields.reply_serial, 0)
            if (answered := self._waiting.pop(serial, None)) is not None:
                answered(message)

    def _lose(self, reason: str) -> None:
        _log.info("the session bus: %s", reason)
        self.close()
        self.lost.emit(reason)


def _connect() -> socket.socket:
    """Connect to the session bus and authenticate.

    Raises:
        OSError: nobody is there, or does not answer in time.
        Exception: what is there is no bus, or its address makes no sense.
    """
    from jeepney.bus import get_connectable_addresses  # noqa: PLC0415 - 17 ms that a start can spare
    from jeepney.io.blocking import prep_socket  # noqa: PLC0415

    address = os.environ.get("DBUS_SESSION_BUS_ADDRESS", "")
    if not address:
        place = Path(os.environ.get("XDG_RUNTIME_DIR", "/nowhere"), "bus")
        if not place.exists():
            raise FileNotFoundError("there is no session bus")
        address = f"unix:path={place}"
    made: socket.socket = prep_socket(next(get_connectable_addresses(address)), timeout=_LIMIT_S)
    return made


def _close(made: object) -> None:
    if isinstance(made, socket.socket):
        made.close()

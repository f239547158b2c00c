"""A second launch talks to the window that is open: both ends of a socket that only this user can reach.

The window speaks first, so that one that does not answer is never given anything: the greeting, then the
length of the message and the message itself, then a word that it was taken. QtNetwork is imported when it is
used first, because that takes longer than a start can spare.
"""

import logging
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from enum import Enum, auto
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.handover import MAX_BYTES, Handover, decode_handover, encode_handover
from desktop.system.meeting import is_own
from desktop.tasks.delivery import Delivery

if TYPE_CHECKING:
    from PySide6.QtNetwork import QLocalServer, QLocalSocket

__all__ = ["Handover", "HandoverServer", "Reached", "ask_for_focus", "hand_over"]

GREETING = b"sightline 1\n"
TAKEN = b"taken\n"
PATIENCE_S = 3.0
"""So long a second launch waits for each word of the window."""
VISIT_MS = 10_000
"""So long a connection may last."""
MAX_VISITORS = 16
_LENGTH_BYTES = 4
_CHUNK_BYTES = 64_000

_log = logging.getLogger(__name__)


class Reached(Enum):
    """How handing over ended."""

    NOBODY = auto()
    """Nobody listens: the window is not ready yet, or is closing."""
    SILENT = auto()
    """Somebody listens and does not answer; nothing was given."""
    TAKEN = auto()
    """The window has it."""


class HandoverServer(QObject):
    """Listens in the window's process, and never waits. Lives in the GUI thread.

    Signals:
        received(Handover): a second launch has something, or only the wish to see the window. It is told that
            this was taken once everybody who listens has returned.
    """

    received = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._server: QLocalServer | None = None
        self._visitors: set[_Visitor] = set()
        self._reading = ThreadPoolExecutor(1, thread_name_prefix="handover")
        self._delivery = Delivery(self)

    def listen(self, addresses: Sequence[str]) -> bool:
        """Listen at the first address that can be had; what a killed window left there goes first.

        To be called only by who holds the window's lock. False if none can be had.
        """
        from PySide6.QtNetwork import QLocalServer  # noqa: PLC0415 - after the window shows

        server = QLocalServer(self)
        server.setSocketOptions(QLocalServer.SocketOption.UserAccessOption)
        server.newConnection.connect(self._on_connection)
        for address in addresses:
            QLocalServer.removeServer(address)
            if server.listen(address):
                self._server = server
                return True
            _log.warning("cannot listen at %s: %s", address, server.errorString())
        return False

    def close(self) -> None:
        """Listen no more; idempotent."""
        self._delivery.close()
        if self._server is not None:
            self._server.close()
            self._server = None
        for visitor in tuple(self._visitors):
            visitor.leave()
        self._reading.shutdown(wait=True, cancel_futures=True)

    def _on_connection(self) -> None:
        while self._server is not None and (connection := self._server.nextPendingConnection()) is not None:
            if len(self._visitors) >= MAX_VISITORS or not is_own(int(connection.socketDescriptor())):
                _log.warning("a connection was refused")
                connection.abort()
                connection.deleteLater()
                continue
            visitor = _Visitor(connection, self)
            self._visitors.add(visitor)
            visitor.complete.connect(self._on_message)
            visitor.gone.connect(self._on_gone)
            visitor.greet()

    def _on_message(self, visitor: "_Visitor", data: bytes) -> None:
        def take(handover: Handover | None) -> None:
            if handover is None:
                visitor.leave()
                return
            self.received.emit(handover)
            visitor.thank()

        # Many names take a while.
        self._delivery.follow(self._reading.submit(_decoded, data), take)

    def _on_gone(self, visitor: "_Visitor") -> None:
        self._visitors.discard(visitor)
        visitor.deleteLater()


class _Visitor(QObject):
    """One connection, from the greeting to its end.

    Signals:
        complete(_Visitor, bytes): its message is there.
        gone(_Visitor): it has ended, or its time is over. Emitted once.
    """

    complete = Signal(object, bytes)
    gone = Signal(object)

    def __init__(self, connection: "QLocalSocket", parent: QObject) -> None:
        super().__init__(parent)
        self._connection = connection
        connection.setParent(self)
        # What is not taken from there stays with whoever writes it.
        connection.setReadBufferSize(_CHUNK_BYTES)
        connection.readyRead.connect(self._on_data)
        connection.disconnected.connect(self.leave)
        self._came = bytearray()
        self._over = False
        self._limit = QTimer(self, singleShot=True, interval=VISIT_MS)
        self._limit.timeout.connect(self.leave)
        self._limit.start()

    def greet(self) -> None:
        """Say that somebody is here; only now the other end tells what it wants."""
        self._connection.write(GREETING)

    def thank(self) -> None:
        """Say that it was taken; the other end leaves then."""
        if not self._over:
            self._connection.write(TAKEN)
            self._connection.flush()

    def leave(self) -> None:
        """End it."""
        if not self._over:
            self._over = True
            self._limit.stop()
            self._connection.abort()
            self.gone.emit(self)

    def _on_data(self) -> None:
        if self._over:
            return
        self._came += self._connection.readAll().data()
        length = int.from_bytes(self._came[:_LENGTH_BYTES], "big")
        if len(self._came) < _LENGTH_BYTES:
            return
        left = _LENGTH_BYTES + length - len(self._came)
        if length > MAX_BYTES or left < 0:
            _log.warning("a message was refused")
            self.leave()
        elif left == 0:
            self.complete.emit(self, bytes(self._came[_LENGTH_BYTES:]))


def ask_for_focus(window: int, handover: Handover) -> None:
    """Have the window manager of X11 give a window the focus, at the time of the user's further launch."""

    def ask() -> None:
        from desktop.system.x11 import ask_for_focus  # noqa: PLC0415 - ctypes, which a start needs not

        ask_for_focus(window, handover.startup_id)

    threading.Thread(target=ask, daemon=True).start()


def hand_over(addresses: Sequence[str], handover: Handover, *, patience_s: float = PATIENCE_S) -> Reached:
    """Give the window that listens at one of these addresses what it is to bring in. Blocks."""
    data = encode_handover(handover)
    for address in addresses:
        reached = _visit(address, len(data).to_bytes(_LENGTH_BYTES, "big") + data, patience_s)
        if reached is not Reached.NOBODY:
            return reached
    return Reached.NOBODY


def _visit(address: str, message: bytes, patience_s: float) -> Reached:
    from PySide6.QtNetwork import QLocalSocket  # noqa: PLC0415 - the first window never needs it

    connection = QLocalSocket()
    connection.connectToServer(address)
    if not connection.waitForConnected(round(patience_s * 1000)):
        refused = connection.error() in (
            QLocalSocket.LocalSocketError.ServerNotFoundError,
            QLocalSocket.LocalSocketError.ConnectionRefusedError,
        )
        return Reached.NOBODY if refused else Reached.SILENT
    # A stranger learns no names.
    if not is_own(int(connection.socketDescriptor())):
        return Reached.NOBODY
    try:
        for said, answer in ((b"", GREETING), (message, TAKEN)):
            connection.write(said)
            heard = _hear(connection, len(answer), patience_s)
            if heard != answer:
                gone = connection.state() is not QLocalSocket.LocalSocketState.ConnectedState
                return Reached.NOBODY if gone else Reached.SILENT
    finally:
        connection.abort()
    return Reached.TAKEN


def _hear(connection: "QLocalSocket", length: int, patience_s: float) -> bytes:
    """So many bytes, or fewer if the other end leaves or the time is over."""
    heard = b""
    deadline = time.monotonic() + patience_s
    while len(heard) < length:
        left_ms = round((deadline - time.monotonic()) * 1000)
        if left_ms <= 0:
            break
        # Writes what waits, too.
        there = connection.bytesAvailable() > 0 or connection.waitForReadyRead(left_ms)
        if not there and connection.state() is not connection.LocalSocketState.ConnectedState:
            break
        heard += connection.read(length - len(heard)).data()
    return heard


def _decoded(data: bytes) -> Handover | None:
    try:
        return decode_handover(data)
    except ValueError as error:
        _log.warning("a message was refused: %s", error)
        return None

"""One question to an XDG desktop portal over D-Bus, and its answer: the Request and Response dance.

A method of a portal answers with the path of a Request, and what comes of it is a signal ``Response`` of that
Request, maybe minutes later: the desktop may ask the person first. The signal can overtake the method's
answer, so it is listened for before, at the path that the portal derives from our name and our token; old
portals return another path. See the documentation of ``org.freedesktop.portal.Request``.
"""

import contextlib
import os
import secrets
import socket
import threading
from collections import deque
from types import TracebackType
from typing import Any, Self

from jeepney import DBusAddress, HeaderFields, MatchRule, Message, MessageFlag, MessageType, new_method_call
from jeepney.bus import get_bus
from jeepney.bus_messages import message_bus
from jeepney.io.blocking import DBusConnection, prep_socket

from desktop.capture.job import Stop
from desktop.capture.portal_answers import (
    Answer,
    BusError,
    NoAnswerError,
    OddAnswerError,
    PortalGoneError,
    Said,
)
from desktop.system.clock import monotonic

PORTAL = "org.freedesktop.portal.Desktop"
_PATH = "/org/freedesktop/portal/desktop"
_REQUEST = "org.freedesktop.portal.Request"
_BUS = "org.freedesktop.DBus"
_CONNECT_S = 2.0
_MOST_WAITING = 100


class PortalBus:
    """A connection of its own to the session bus, for one thread."""

    def __init__(self, stop: Stop, *, call_limit_s: float) -> None:
        """Connect.

        Args:
            stop: ends whatever is waited for, at once.
            call_limit_s: for the answer of a method, which waits for no person.

        Raises:
            Exception: of whatever kind: there is no bus, or none that can be used.
        """
        self._limit_s = call_limit_s
        self._sock = prep_socket(get_bus(_address()), timeout=_CONNECT_S)
        # A thread that reads from it then finds its end.
        stop.call(self._hang_up)
        # Its first call has no limit of its own, and whoever listens there may not be a bus.
        limit = threading.Timer(call_limit_s, self._hang_up)
        limit.daemon = True
        limit.start()
        try:
            self._bus = DBusConnection(self._sock)
        finally:
            limit.cancel()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, _kind: type[BaseException] | None, _error: BaseException | None, _trace: TracebackType | None
    ) -> None:
        self._bus.close()

    def version(self, interface: str) -> int:
        """The version of one of the portal's interfaces.

        Raises:
            BusError: there is no portal, or it does not have this interface.
            TimeoutError: it does not answer.
        """
        properties = DBusAddress(_PATH, bus_name=PORTAL, interface="org.freedesktop.DBus.Properties")
        reply = self._call(new_method_call(properties, "Get", "ss", (interface, "version")))
        (_kind, version) = _body(reply, 1)[0]
        return int(version)

    def ask(
        self, interface: str, method: str, options: dict[str, tuple[str, Any]], *, limit_s: float
    ) -> Answer:
        """Ask a question that takes a parent window and options, and wait for what comes of it.

        Args:
            interface: such as ``org.freedesktop.portal.Screenshot``.
            method: such as ``Screenshot``.
            options: by name, each with its D-Bus type.
            limit_s: how long a person may take.

        Raises:
            BusError: it refused to be asked.
            TimeoutError: it does not even take the question.
            NoAnswerError: it took the question, and nothing came of it in time.
            PortalGoneError: it ended.
            OddAnswerError: its answer is not as documented.
        """
        heard: deque[Message] = deque(maxlen=_MOST_WAITING)
        response = MatchRule(type="signal", interface=_REQUEST, member="Response")
        ended = MatchRule(type="signal", sender=_BUS, interface=_BUS, member="NameOwnerChanged")
        ended.add_arg_condition(0, PORTAL)
        with self._bus.filter(response, queue=heard), self._bus.filter(ended, queue=heard):
            for rule in (response, ended):
                self._call(message_bus.AddMatch(rule))
            token = f"sightline_{secrets.token_hex(8)}"
            with_token = {**options, "handle_token": ("s", token)}
            address = DBusAddress(_PATH, bus_name=PORTAL, interface=interface)
            taken = self._call(new_method_call(address, method, "sa{sv}", ("", with_token)))
            handle, portal = str(_body(taken, 1)[0]), str(taken.header.fields.get(HeaderFields.sender))
            paths = {handle, self._expected_path(token)}
            try:
                return self._awaited(heard, paths, portal, limit_s)
            except TimeoutError as error:
                self._withdraw(handle)
                raise NoAnswerError from error

    def _awaited(self, heard: "deque[Message]", paths: set[str], portal: str, limit_s: float) -> Answer:
        deadline = monotonic() + limit_s
        while True:
            message = self._bus.recv_until_filtered(heard, timeout=max(0.0, deadline - monotonic()))
            fields = message.header.fields
            if fields.get(HeaderFields.member) == "NameOwnerChanged":
                if _body(message, 3)[1] == portal:
                    raise PortalGoneError
            # Anybody on the bus may send such a signal.
            elif fields.get(HeaderFields.path) in paths and fields.get(HeaderFields.sender) == portal:
                return _answer(message)

    def _expected_path(self, token: str) -> str:
        name = str(self._bus.unique_name).removeprefix(":").replace(".", "_")
        return f"{_PATH}/request/{name}/{token}"

    def _withdraw(self, handle: str) -> None:
        """Close what the person was asked."""
        with contextlib.suppress(Exception):
            message = new_method_call(DBusAddress(handle, bus_name=PORTAL, interface=_REQUEST), "Close")
            message.header.flags |= MessageFlag.no_reply_expected
            self._bus.send(message)

    def _call(self, message: Message) -> Message:
        reply = self._bus.send_and_get_reply(message, timeout=self._limit_s)
        if reply.header.message_type is MessageType.error:
            text = reply.body[0] if reply.body and isinstance(reply.body[0], str) else ""
            raise BusError(str(reply.header.fields.get(HeaderFields.error_name, "")), text)
        return reply

    def _hang_up(self) -> None:
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)


def _answer(message: Message) -> Answer:
    said, results = _body(message, 2)
    try:
        return Answer(Said(said), {name: value for name, (_kind, value) in results.items()})
    except (ValueError, TypeError, AttributeError) as error:
        raise OddAnswerError from error


def _body(message: Message, length: int) -> tuple[Any, ...]:
    body = message.body
    if not isinstance(body, tuple) or len(body) != length:
        raise OddAnswerError
    return body


def _address() -> str:
    told = os.environ.get("DBUS_SESSION_BUS_ADDRESS")
    return told or f"unix:path={os.environ['XDG_RUNTIME_DIR']}/bus"

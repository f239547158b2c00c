"""The GlobalShortcuts portal: the desktop asks the user for the keys, and tells when they are pressed.

See the documentation of xdg-desktop-portal: ``org.freedesktop.portal.GlobalShortcuts``, ``Request``,
``Session``, and ``org.freedesktop.host.portal.Registry``, by which a program outside of a sandbox says which
desktop entry is its own: since version 1.21 a portal gives no shortcuts to a program that it does not know.
"""

import logging
import os
import sys
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication

from desktop.capture.shortcuts.bus import Bus
from desktop.capture.shortcuts.keys import Keys
from desktop.capture.shortcuts.way import ShortcutWay, not_offered
from desktop.core.compat import override
from desktop.core.problems import Code, Problem, problem
from desktop.core.text import _, printable

if TYPE_CHECKING:
    from jeepney import Message

_log = logging.getLogger(__name__)

PORTAL = "org.freedesktop.portal.Desktop"
PLACE = "/org/freedesktop/portal/desktop"
SHORTCUTS = "org.freedesktop.portal.GlobalShortcuts"
REQUEST = "org.freedesktop.portal.Request"
SESSION = "org.freedesktop.portal.Session"
REGISTRY = "org.freedesktop.host.portal.Registry"
SHORTCUT_ID = "capture"
ANSWER_MS = 20_000
"""A portal is started by the bus when it is asked first. Only the user may take longer."""
_REASON_CHARS = 120
_GRANTED, _DECLINED = 0, 1

Responded = Callable[[int, Mapping[str, Any]], None]


class PortalWay(ShortcutWay):
    """Asks the portal: a session for each change of keys, because one can be bound only once."""

    name = "portal"

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._keys: Keys | None = None
        self._bus: Bus | None = None
        self._session = ""
        self._round = 0
        self._responses: dict[str, Responded] = {}
        self._patience = QTimer(self, singleShot=True, interval=ANSWER_MS)
        self._patience.timeout.connect(self._on_silence)

    @override
    def why_not(self) -> Problem | None:
        if sys.platform in ("win32", "darwin"):
            return not_offered()
        has_person = QGuiApplication.platformName() not in ("offscreen", "minimal")
        return None if has_person else not_offered()

    @override
    def use(self, keys: Keys) -> None:
        self._keys = keys
        if self._bus is None:
            self._patience.start()
            self._bus = Bus(self)
            self._bus.opened.connect(self._on_opened)
            self._bus.came.connect(self._on_signal)
            self._bus.lost.connect(self._on_lost)
        elif self._bus.name:
            self._begin()

    @override
    def close(self) -> None:
        self._keys = None
        self._patience.stop()
        self._end_session()
        if self._bus is not None:
            bus, self._bus = self._bus, None
            bus.close()
            bus.deleteLater()

    # Questions

    def _on_opened(self) -> None:
        from jeepney import MatchRule, message_bus  # noqa: PLC0415 - the bus has imported it

        if self._bus is None:
            return
        heard = MatchRule(type="signal", sender=PORTAL, path_namespace=PLACE)
        self._bus.tell(message_bus.AddMatch(heard))
        owner = MatchRule(
            type="signal",
            sender="org.freedesktop.DBus",
            interface="org.freedesktop.DBus",
            member="NameOwnerChanged",
            path="/org/freedesktop/DBus",
        )
        owner.add_arg_condition(0, PORTAL)
        self._bus.tell(message_bus.AddMatch(owner))
        self._register()
        self._begin()

    def _register(self) -> None:
        """Say which desktop entry is ours, before anything else is asked. Older portals have no registry."""
        self._ask(REGISTRY, "Register", "sa{sv}", (QGuiApplication.desktopFileName(), {}), _on_registered)

    def _begin(self) -> None:
        """Ask for the keys anew, with a session of its own."""
        self._end_session()
        self._round += 1
        self._patience.start()
        token = f"sightline{self._round}"
        options = {"handle_token": ("s", token), "session_handle_token": ("s", token)}
        self._request("CreateSession", "a{sv}", (options,), token, self._on_session)

    def _on_session(self, response: int, results: Mapping[str, Any]) -> None:
        handle = _text(results.get("session_handle"))
        if response != _GRANTED or not handle or self._keys is None:
            self._fail(not_offered(_("the desktop did not begin it")))
            return
        self._session = handle
        # From here on it may be the user who takes time.
        self._patience.stop()
        token = f"sightline{self._round}bind"
        wanted = {
            "description": ("s", _("Capture the screen and ask about it")),
            "preferred_trigger": ("s", self._keys.trigger),
        }
        self._request(
            "BindShortcuts",
            "oa(sa{sv})sa{sv}",
            (handle, [(SHORTCUT_ID, wanted)], "", {"handle_token": ("s", token)}),
            token,
            self._on_bound,
        )

    def _on_bound(self, response: int, results: Mapping[str, Any]) -> None:
        bound = _triggers(results.get("shortcuts"))
        if response == _GRANTED and SHORTCUT_ID in bound:
            self.described.emit(bound[SHORTCUT_ID])
        elif response in (_GRANTED, _DECLINED):
            self._fail(problem(Code.SHORTCUT_REFUSED))
        else:
            self._fail(not_offered(_("the desktop ended it")))

    def _request(
        self, method: str, signature: str, body: tuple[object, ...], token: str, responded: Responded
    ) -> None:
        """Call a method whose result comes as a signal of an object of its own."""
        if self._bus is None:
            return
        sender = self._bus.name.lstrip(":").replace(".", "_")
        self._responses[f"{PLACE}/request/{sender}/{token}"] = responded

        def answered(answer: "Message") -> None:
            if (refusal := _error(answer)) is not None:
                self._fail(not_offered(refusal))
            elif answer.body and responded in self._responses.values():
                # Old portals choose the object's name themselves.
                self._responses[str(answer.body[0])] = responded

        self._ask(SHORTCUTS, method, signature, body, answered)

    def _ask(
        self,
        interface: str,
        method: str,
        signature: str,
        body: tuple[object, ...],
        answered: "Callable[[Message], None]",
        place: str = PLACE,
    ) -> None:
        from jeepney import DBusAddress, new_method_call  # noqa: PLC0415

        address = DBusAddress(place, bus_name=PORTAL, interface=interface)
        if self._bus is not None:
            self._bus.ask(new_method_call(address, method, signature, body), answered)

    def _end_session(self) -> None:
        self._responses.clear()
        if self._session:
            session, self._session = self._session, ""
            self._ask(SESSION, "Close", "", (), _on_closed, session)

    # What the portal says by itself

    def _on_signal(self, message: "Message") -> None:
        from jeepney import HeaderFields  # noqa: PLC0415

        fields = message.header.fields
        place = str(fields.get(HeaderFields.path, ""))
        said = (fields.get(HeaderFields.interface), fields.get(HeaderFields.member))
        if said == (REQUEST, "Response") and place in self._responses:
            responded = self._responses.pop(place)
            for other in [key for key, value in self._responses.items() if value is responded]:
                del self._responses[other]
            response, results = message.body
            responded(int(response), results)
        elif said == (SHORTCUTS, "Activated") and message.body[:2] == (self._session, SHORTCUT_ID):
            self._on_activated(message.body[-1])
        elif said == (SHORTCUTS, "ShortcutsChanged") and message.body[0] == self._session:
            self.described.emit(_triggers(("a(sa{sv})", message.body[1])).get(SHORTCUT_ID, ""))
        elif said == (SESSION, "Closed") and place == self._session:
            self._session = ""
            self._fail(not_offered(_("the desktop ended it")))
        elif said == ("org.freedesktop.DBus", "NameOwnerChanged"):
            self._on_owner(str(message.body[2]))

    def _on_activated(self, options: Mapping[str, Any]) -> None:
        if token := _text(options.get("activation_token")):
            # Where Qt looks for it when it asks a Wayland compositor for the focus; it takes it out again.
            os.environ["XDG_ACTIVATION_TOKEN"] = token
        self.pressed.emit()

    def _on_owner(self, owner: str) -> None:
        """The portal has ended, or another one has begun, which knows nothing of us."""
        self._session = ""
        if owner and self._keys is not None and not self._patience.isActive():
            self._register()
            self._begin()

    def _on_silence(self) -> None:
        self._fail(not_offered(_("the desktop did not answer")))

    def _on_lost(self, reason: str) -> None:
        self._fail(not_offered(reason))

    def _fail(self, trouble: Problem) -> None:
        self._patience.stop()
        self._responses.clear()
        if self._keys is not None:
            self.failed.emit(trouble)


def _on_registered(answer: "Message") -> None:
    if (refusal := _error(answer)) is not None:
        _log.info("the portal does not know us: %s", refusal)


def _on_closed(_answer: "Message") -> None:
    """It may be gone already."""


def _error(answer: "Message") -> str | None:
    """What an error says; None for an answer that is none."""
    from jeepney import HeaderFields, MessageType  # noqa: PLC0415

    if answer.header.message_type is not MessageType.error:
        return None
    said = answer.body[0] if answer.body and isinstance(answer.body[0], str) else ""
    return printable(said or str(answer.header.fields.get(HeaderFields.error_name)), limit=_REASON_CHARS)


def _text(variant: object) -> str:
    """The text in a variant; empty if there is none."""
    return variant[1] if isinstance(variant, tuple) and isinstance(variant[1], str) else ""


def _triggers(variant: object) -> dict[str, str]:
    """How each bound shortcut is pressed, in the desktop's words."""
    entries = variant[1] if isinstance(variant, tuple) else ()
    return {
        str(name): printable(_text(about.get("trigger_description")), limit=_REASON_CHARS)
        for name, about in entries
    }

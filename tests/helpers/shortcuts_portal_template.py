"""A python-dbusmock template: the GlobalShortcuts portal, and the registry of programs without a sandbox.

Runs in Debian's Python, which has dbusmock; nothing of the project can be imported here. Parameters:
``known`` (names of the installed desktop entries; a program that registers none of them gets no session),
``answer`` (what the user says: 0 yes, 1 no, 2 something else, none for never), ``trigger`` (what the desktop
calls the keys), ``silent`` (it never answers at all). What was called is noted in the file ``calls``.
"""

# ruff: noqa: N802 - methods are called as the portal calls them

import json
from pathlib import Path
from typing import Any

import dbus
import dbus.service

BUS_NAME = "org.freedesktop.portal.Desktop"
MAIN_OBJ = "/org/freedesktop/portal/desktop"
MAIN_IFACE = "org.freedesktop.portal.GlobalShortcuts"
SYSTEM_BUS = False
REGISTRY = "org.freedesktop.host.portal.Registry"
REQUEST = "org.freedesktop.portal.Request"
SESSION = "org.freedesktop.portal.Session"
TEST = "org.sightline.Test"
ERROR = "org.freedesktop.portal.Error."


def load(mock: Any, parameters: dict[str, Any]) -> None:
    mock.parameters = parameters
    mock.registered = {}
    mock.sessions = {}
    mock.AddProperty(MAIN_IFACE, "version", dbus.UInt32(2))


def note(mock: Any, *words: Any) -> None:
    with Path(mock.parameters["calls"]).open("a") as out:
        out.write(json.dumps(words) + "\n")


def refusal(kind: str, text: str) -> dbus.exceptions.DBusException:
    return dbus.exceptions.DBusException(text, name=ERROR + kind)


def respond(mock: Any, sender: str, token: str, response: int, results: dict[str, Any]) -> str:
    handle = f"{MAIN_OBJ}/request/{sender[1:].replace('.', '_')}/{token}"
    told = [dbus.UInt32(response), dbus.Dictionary(results, signature="sv")]
    mock.EmitSignalDetailed(REQUEST, "Response", "ua{sv}", told, {"path": handle, "destination": sender})
    return handle


@dbus.service.method(REGISTRY, in_signature="sa{sv}", out_signature="", sender_keyword="sender")
def Register(self: Any, name: str, _options: dict[str, Any], sender: str = "") -> None:
    note(self, "Register", name)
    if name not in self.parameters["known"]:
        raise refusal("Failed", f"Could not register app ID: App info not found for '{name}'")
    if sender in self.registered:
        raise refusal("InvalidArgument", "Registered too late")
    self.registered[sender] = name


@dbus.service.method(
    MAIN_IFACE,
    in_signature="a{sv}",
    out_signature="o",
    sender_keyword="sender",
    async_callbacks=("answer", "fail"),
)
def CreateSession(self: Any, options: dict[str, Any], sender: str, answer: Any, fail: Any) -> None:
    note(self, "CreateSession")
    if self.parameters.get("silent"):
        return
    if sender not in self.registered:
        fail(refusal("NotAllowed", "An app id is required"))
        return
    session = f"{MAIN_OBJ}/session/{sender[1:].replace('.', '_')}/{options['session_handle_token']}"
    self.AddObject(session, SESSION, {}, [("Close", "", "", "self.parent_close(self)")])
    self.sessions[session] = sender
    import dbusmock

    dbusmock.get_object(session).parent_close = lambda closed: close(self, closed.path)
    answer(respond(self, sender, options["handle_token"], 0, {"session_handle": session}))


def close(self: Any, session: str) -> None:
    note(self, "Close")
    self.sessions.pop(session, None)
    self.RemoveObject(session)


@dbus.service.method(MAIN_IFACE, in_signature="oa(sa{sv})sa{sv}", out_signature="o", sender_keyword="sender")
def BindShortcuts(
    self: Any, session: str, shortcuts: list[Any], _parent: str, options: dict[str, Any], sender: str = ""
) -> str:
    wanted = {str(name): {str(k): str(v) for k, v in about.items()} for name, about in shortcuts}
    note(self, "BindShortcuts", wanted)
    if self.sessions.get(session) != sender:
        raise refusal("Failed", "Session already has bound shortcuts")
    self.sessions[session] = "bound"
    response = self.parameters.get("answer")
    results = {}
    if response == 0:
        about = dbus.Dictionary({"trigger_description": self.parameters["trigger"]}, signature="sv")
        results["shortcuts"] = dbus.Array([dbus.Struct((n, about)) for n in wanted], signature="(sa{sv})")
    if response is None:
        return f"{MAIN_OBJ}/request/{sender[1:].replace('.', '_')}/{options['handle_token']}"
    return respond(self, sender, options["handle_token"], response, results)


@dbus.service.method(TEST, in_signature="s", out_signature="")
def Press(self: Any, name: str) -> None:
    """As the user does it; each session is told."""
    for session in [*self.sessions, f"{MAIN_OBJ}/session/somebody/else"]:
        options = dbus.Dictionary({"activation_token": "token-1"}, signature="sv")
        told = [dbus.ObjectPath(session), name, dbus.UInt64(1), options]
        self.EmitSignal(MAIN_IFACE, "Activated", "osta{sv}", told)


@dbus.service.method(TEST, in_signature="", out_signature="")
def EndSessions(self: Any) -> None:
    for session in list(self.sessions):
        details = {"path": session}
        told = [dbus.Dictionary({}, signature="sv")]
        self.EmitSignalDetailed(SESSION, "Closed", "a{sv}", told, details)
        del self.sessions[session]


@dbus.service.method(TEST, in_signature="s", out_signature="")
def Rename(self: Any, trigger: str) -> None:
    """The user chooses other keys in the desktop's settings."""
    about = dbus.Dictionary({"trigger_description": trigger}, signature="sv")
    for session in self.sessions:
        shortcuts = dbus.Array([dbus.Struct(("capture", about))], signature="(sa{sv})")
        self.EmitSignal(MAIN_IFACE, "ShortcutsChanged", "oa(sa{sv})", [dbus.ObjectPath(session), shortcuts])

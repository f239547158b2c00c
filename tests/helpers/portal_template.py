"""A python-dbusmock template: a screenshot portal that misbehaves on demand.

Runs in Debian's Python, which has dbusmock; nothing of the project can be imported here. Each call follows
the next entry of the list in the file that the parameter ``acts`` names; the last entry stays. What was
called is noted in the file that ``calls`` names, a JSON value a line.

Keys of an entry: ``answers`` (Response's first word; none if missing), ``uri``, ``results`` (instead of it),
``first`` (the signal before the method's answer), ``handle`` (another one than expected), ``copy`` (a file
that becomes a new one at the uri), ``silent`` (no method's answer either), ``dies``, ``spoofed`` (a stranger
answers too), ``after_ms`` (when the signal comes).
"""

import json
import os
import shutil
from pathlib import Path
from typing import Any

import dbus
import dbus.service
import dbusmock
from gi.repository import GLib

BUS_NAME = "org.freedesktop.portal.Desktop"
MAIN_OBJ = "/org/freedesktop/portal/desktop"
MAIN_IFACE = "org.freedesktop.portal.Screenshot"
SYSTEM_BUS = False
REQUEST = "org.freedesktop.portal.Request"


def load(mock: Any, parameters: dict[str, Any]) -> None:
    mock.acts, mock.calls = parameters["acts"], parameters["calls"]
    if "version" in parameters:
        mock.AddProperty(MAIN_IFACE, "version", dbus.UInt32(parameters["version"]))


@dbus.service.method(
    MAIN_IFACE,
    in_signature="sa{sv}",
    out_signature="o",
    sender_keyword="sender",
    async_callbacks=("answer", "_fail"),
)
def Screenshot(  # noqa: N802 - the portal's name
    self: Any, parent: str, options: dict[str, Any], sender: str, answer: Any, _fail: Any
) -> None:
    act = next_act(Path(self.acts))
    called = ["Screenshot", {name: str(value) for name, value in options.items()}]
    with Path(self.calls).open("a") as out:
        out.write(json.dumps(called) + "\n")
    if act.get("silent"):
        return
    expected = f"{MAIN_OBJ}/request/{sender[1:].replace('.', '_')}/{options['handle_token']}"
    handle = act.get("handle", expected)
    self.AddObject(handle, REQUEST, {}, [])
    noted = f"open({self.calls!r}, 'a').write('[\"Close\"]\\n')"
    dbusmock.get_object(handle).AddMethod(REQUEST, "Close", "", "", noted)
    if act.get("first"):
        respond(self, act, handle, sender)
    answer(dbus.ObjectPath(handle))
    if act.get("dies"):
        GLib.timeout_add(50, lambda: os._exit(0))
    elif not act.get("first"):
        GLib.timeout_add(act.get("after_ms", 20), lambda: respond(self, act, handle, sender))


def next_act(path: Path) -> dict[str, Any]:
    acts: list[dict[str, Any]] = json.loads(path.read_text())
    if len(acts) > 1:
        path.write_text(json.dumps(acts[1:]))
    return acts[0]


def respond(mock: Any, act: dict[str, Any], handle: str, sender: str) -> bool:
    """Send the signal; False, so that GLib calls it once."""
    if act.get("copy"):
        shutil.copyfile(*act["copy"])
    if act.get("spoofed"):
        stranger = dbus.bus.BusConnection(os.environ["DBUS_SESSION_BUS_ADDRESS"])
        message = dbus.lowlevel.SignalMessage(handle, REQUEST, "Response")
        message.append(dbus.UInt32(1), dbus.Dictionary({}, signature="sv"), signature="ua{sv}")
        message.set_destination(sender)
        stranger.send_message(message)
        stranger.flush()
    if "answers" in act:
        told = act.get("results", {"uri": act["uri"]} if "uri" in act else {})
        results = [dbus.UInt32(act["answers"]), dbus.Dictionary(told, signature="sv")]
        details = {"path": handle, "destination": sender}
        mock.EmitSignalDetailed(REQUEST, "Response", "ua{sv}", results, details)
    return False

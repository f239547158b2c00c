"""Shows files in the file manager with the files selected, where the system has a way for that."""

import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from desktop.core.leaving import uri

_LIMIT_S = 3.0
_MOST_SHOWN = 100


def show_in_file_manager(paths: Sequence[Path], startup_id: str = "") -> bool:
    """Ask for it. Blocks for seconds at most.

    Args:
        paths: the files.
        startup_id: for the file manager's window to come to the front; may be empty.

    Returns:
        False if there is nobody to ask; to open the folder is then all that is left.
    """
    if not paths:
        return True
    if sys.platform == "win32":
        # Explorer takes one, and ends with 1 always.
        subprocess.Popen(f'explorer /select,"{paths[0]}"')
        return True
    if sys.platform == "darwin":
        return subprocess.run(["open", "-R", *map(str, paths[:_MOST_SHOWN])], check=False).returncode == 0
    return _asked_over_the_bus(paths[:_MOST_SHOWN], startup_id)


def _asked_over_the_bus(paths: Sequence[Path], startup_id: str) -> bool:
    """``org.freedesktop.FileManager1``, which the file managers of most desktops answer to."""
    from jeepney import DBusAddress, MessageType, new_method_call  # noqa: PLC0415 - when it is used first
    from jeepney.io.blocking import open_dbus_connection  # noqa: PLC0415

    manager = DBusAddress(
        "/org/freedesktop/FileManager1",
        bus_name="org.freedesktop.FileManager1",
        interface="org.freedesktop.FileManager1",
    )
    message = new_method_call(manager, "ShowItems", "ass", ([uri(path) for path in paths], startup_id))
    try:
        with open_dbus_connection(bus="SESSION") as bus:
            reply = bus.send_and_get_reply(message, timeout=_LIMIT_S)
    except Exception:  # noqa: BLE001 - no bus, a broken one, one of another user: all the same here
        return False
    return reply.header.message_type is MessageType.method_return

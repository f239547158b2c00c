"""The open windows of sway, as ``swaymsg`` tells them. See sway-ipc(7), GET_TREE."""

import json
import subprocess
from collections.abc import Iterator
from typing import Any

from desktop.capture.windows import MOST_WINDOWS, OpenWindow, OpenWindows, title_of
from desktop.core.edits import Area

_LIMIT_S = 2.0
_MOST_DEPTH = 40


def ask_sway() -> OpenWindows:
    """All windows that a person can see. Blocks for some milliseconds.

    Raises:
        OSError: there is no ``swaymsg``.
        subprocess.SubprocessError: it failed or took too long.
        ValueError: it told something else.
    """
    done = subprocess.run(
        ["swaymsg", "--raw", "--type", "get_tree"],
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=_LIMIT_S,
        check=True,
    )
    return windows_in(json.loads(done.stdout))


def windows_in(tree: object) -> OpenWindows:
    """The windows of a tree. What is not as documented is left out."""
    found = list(_windows(tree, 0))
    # Floating ones lie above the others, and the one with the keyboard above those beside it.
    found.sort(key=lambda entry: (_lies_above(entry), bool(entry.get("focused"))), reverse=True)
    windows, active_title = [], ""
    for entry in found[:MOST_WINDOWS]:
        title, area = title_of(str(entry.get("name") or "")), _area(entry)
        if entry.get("focused"):
            active_title = title
        if area is not None:
            windows.append(OpenWindow(title, area))
    return OpenWindows(windows=tuple(windows), active_title=active_title)


def _windows(node: object, depth: int) -> Iterator[dict[str, Any]]:
    if not isinstance(node, dict) or depth > _MOST_DEPTH:
        return
    if node.get("pid") and node.get("visible"):
        yield node
    for children in (node.get("nodes"), node.get("floating_nodes")):
        for child in children if isinstance(children, list) else ():
            yield from _windows(child, depth + 1)


def _lies_above(entry: dict[str, Any]) -> int:
    return 2 * bool(entry.get("fullscreen_mode")) + (entry.get("type") == "floating_con")


def _area(entry: dict[str, Any]) -> Area | None:
    """Its place with its title bar, which ``rect`` leaves out."""
    try:
        left, top, wide, high = (int(entry["rect"][name]) for name in ("x", "y", "width", "height"))
        above = max(0, int(entry["deco_rect"]["height"]))
    except (KeyError, TypeError, ValueError, OverflowError):
        return None
    if entry.get("fullscreen_mode"):
        above = 0
    return Area(left, top - above, left + wide, top + high) if wide > 0 and high > 0 else None

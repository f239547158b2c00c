"""What every way to a shortcut that works everywhere can do."""

from PySide6.QtCore import QObject, Signal

from desktop.capture.shortcuts.keys import Keys
from desktop.core.capturing import CAPTURE_COMMAND
from desktop.core.problems import Code, Problem, problem


class ShortcutWay(QObject):
    """One way. Lives in the GUI thread; never waits there.

    Attributes:
        name: short, for logs.

    Signals:
        pressed(): the keys were pressed; once for each time, however long they are held.
        failed(Problem): they are not in force, or are no more; SHORTCUT_NOT_OFFERED has the next way tried.
        described(str): the keys are in force, in this desktop's words; empty for those that were asked for.
    """

    name = ""
    pressed = Signal()
    failed = Signal(object)
    described = Signal(str)

    def why_not(self) -> Problem | None:
        """Why it cannot work here; None if it may. Quick."""
        raise NotImplementedError

    def use(self, keys: Keys) -> None:
        """Have these keys from now on instead of those before."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of the keys and end what is running; idempotent."""
        raise NotImplementedError


def not_offered(reason: str = "") -> Problem:
    """This desktop has no such shortcuts, with what it said about that."""
    more = {"reason": reason} if reason else {}
    return problem(Code.SHORTCUT_NOT_OFFERED, command=CAPTURE_COMMAND, **more)

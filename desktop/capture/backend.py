"""What every way to capture the screen can do."""

from concurrent.futures import Future
from typing import Protocol

from desktop.capture.shots import Shot
from desktop.core.problems import Problem


class CaptureBackend(Protocol):
    """One way to get pictures of all screens.

    Attributes:
        name: short, for logs and for what is said when it fails, such as ``portal``.
    """

    name: str

    def why_not(self) -> Problem | None:
        """Why it cannot work here; None if it may. Quick, and called in the GUI thread."""

    def take(self) -> "Future[Shot]":
        """Take the pictures. Called in the GUI thread, and never waits there.

        Returns:
            The shot; fails with `ProblemError`. CAPTURE_REFUSED means that the user said no: nobody else is
            asked then.
        """

    def close(self) -> None:
        """End what it has running; idempotent."""

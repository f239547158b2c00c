"""Signals that end the process while it starts: before Qt's loop runs, nobody else hears them."""

import signal
import sys

_NAMES = ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK")
"""Where there are such."""


class EarlyEnd:
    """Of this process.

    Attributes:
        asked: a signal has come.
    """

    asked = False

    @classmethod
    def begin(cls) -> None:
        """Note such a signal from now on.

        Nothing is raised from within the handler: it may run in the middle of an import, which then fails in
        odd ways (PySide makes its enumerations when they are used first, and loses them).
        """

        def on_signal(*_: object) -> None:
            cls.asked = True

        for number in ending_signals():
            signal.signal(number, on_signal)

    @classmethod
    def leave_if_asked(cls) -> None:
        """End the process with status 0, if it was asked to: called between the steps of the start."""
        if cls.asked:
            sys.exit(0)


def ending_signals() -> list[signal.Signals]:
    """Those that end a process; not one that whoever started this one has it ignore, as ``nohup`` does."""
    there = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    return [number for number in there if signal.getsignal(number) is not signal.SIG_IGN]

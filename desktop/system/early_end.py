"""Signals that end the process while it starts: before Qt's loop runs, nobody else hears them."""

import signal
import sys

_NAMES = ("SIGTERM", "SIGINT", "SIGHUP", "SIGBREAK")
"""Where there are such."""


class EarlyEnd:
    """Of this process.

    Attributes:
        asked: a signal has come. It is kept, because what it raises may be caught by whatever runs just then.
    """

    asked = False

    @classmethod
    def begin(cls) -> None:
        """End the process at such a signal, with status 0: nothing has been begun that must be ended."""

        def on_signal(*_: object) -> None:
            cls.asked = True
            sys.exit(0)

        for number in ending_signals():
            signal.signal(number, on_signal)


def ending_signals() -> list[signal.Signals]:
    """Those that end a process; not one that whoever started this one has it ignore, as ``nohup`` does."""
    there = [getattr(signal, name) for name in _NAMES if hasattr(signal, name)]
    return [number for number in there if signal.getsignal(number) is not signal.SIG_IGN]

"""What the terminal's commands have in common: how they read their words, and what they say."""

import argparse
import io
import sys
from typing import NoReturn

from desktop.core.compat import override
from desktop.core.text import _

EXIT_USAGE = 2
EXIT_STOPPED = 130
"""What shells give for a command ended by Ctrl+C."""


class Parser(argparse.ArgumentParser):
    """Usage errors are one line and the way to help."""

    @override
    def error(self, message: str) -> NoReturn:
        """End with status 2."""
        self.exit(
            EXIT_USAGE,
            f"{self.prog}: {message}\n" + _("Try “{program} --help”.").format(program=self.prog) + "\n",
        )


def take_any_character() -> None:
    """Not every terminal and not every pipe takes every character: "?" is better than a trace."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")


def say(line: str) -> None:
    """Tell something that is no answer."""
    print(line, file=sys.stderr)  # noqa: T201 - the terminal's own voice

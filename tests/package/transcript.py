"""Prints what is tried and what came of it, with no path of this machine in it."""

import sys
from collections.abc import Mapping


class Transcript:
    """What was done, in order; also written to a file.

    Attributes:
        failed: steps whose expectation did not come true.
    """

    def __init__(self, replaced: Mapping[str, str]) -> None:
        """``replaced``: what stands for paths of this machine."""
        self.failed: list[str] = []
        self.lines: list[str] = []
        self._replaced = dict(replaced)

    def leave_out(self, path: str) -> None:
        """A folder of this machine that is not to be told."""
        self._replaced[path] = ""

    def did(self, text: str) -> None:
        """A step begins."""
        self._write(f"\n== {text}")

    def typed(self, command: str, printed: str, most: int = 12) -> None:
        """A command and the end of what it printed."""
        self._write(f"$ {command}")
        lines = printed.rstrip().splitlines()
        for line in ["…", *lines[-most:]] if len(lines) > most else lines:
            self._write(f"  {line}")

    def told(self, text: str) -> None:
        """Something that was seen."""
        self._write(f"  {text}")

    def expect(self, name: str, holds: object) -> None:
        """What should be so, and whether it is."""
        self._write(f"{'ok    ' if holds else 'FAILED'} {name}")
        if not holds:
            self.failed.append(name)

    def _write(self, text: str) -> None:
        for path, word in self._replaced.items():
            text = text.replace(path, word)
        self.lines.append(text)
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()

"""The real application as a process that `driven_window` drives, and what it has said."""

import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass, field
from pathlib import Path

from tests.helpers.processes import PATIENCE_S, ROOT, clean_environment, descendants, is_alive, until


@dataclass
class Told:
    """What one process has said, in the order in which it said so."""

    lines: list[list[str]] = field(default_factory=list)
    killed_at: float = 0.0

    def of(self, word: str) -> list[list[str]]:
        return [line for line in self.lines if line[0] == word]


class DrivenApp:
    """One process of `driven_window`."""

    def __init__(self, folder: Path, *arguments: str | Path) -> None:
        self.told = Told()
        self._more = threading.Condition()
        self.started_at = time.monotonic()
        self._err = (folder / "stderr").open("ab")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.helpers.driven_window", *map(str, arguments)],
            cwd=ROOT,
            env=clean_environment(folder / "home", QT_QPA_PLATFORM="offscreen"),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._err,
            start_new_session=True,
        )
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            # One that was cut off by the kill says nothing.
            if line.endswith(b"\n"):
                with self._more:
                    self.told.lines.append(line.decode().split())
                    self._more.notify_all()

    def wait_for(self, word: str, count: int = 1, timeout_s: float = PATIENCE_S) -> float:
        """Wait for lines that begin with a word; the moment of the last."""
        with self._more:
            assert self._more.wait_for(lambda: len(self.told.of(word)) >= count, timeout_s), (
                word,
                self.told.lines[-3:],
            )
            return float(self.told.of(word)[count - 1][-1])

    def go(self, seed: int, how: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"go {seed} {how}\n".encode())
        self.process.stdin.flush()

    def kill(self) -> float:
        """SIGKILL, the window's process alone; seconds until its worker processes have ended."""
        children = descendants(self.process.pid)
        self.told.killed_at = time.monotonic()
        self.process.kill()
        self.process.wait(10)
        until(lambda: not any(map(is_alive, children)), "the end of the workers")
        ended = time.monotonic() - self.told.killed_at
        self._close()
        return ended

    def quit(self) -> None:
        """As a session ends it."""
        if self.process.poll() is None:
            os.kill(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(PATIENCE_S)
        finally:
            self.process.kill()
            self._close()

    def _close(self) -> None:
        self._thread.join(PATIENCE_S)
        for stream in (self.process.stdin, self.process.stdout, self._err):
            if stream is not None:
                stream.close()

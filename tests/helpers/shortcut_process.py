"""A process that has nothing but the shortcut from anywhere; driven by lines, and telling lines.

    python -m tests.helpers.shortcut_process [TITLE]

It reads ``use KEYS``, ``use`` for none, ``cut`` and ``quit``; it says ``on``, ``off``, ``pressed`` and
``failed CODE``.
With a title it has a window, too, and says ``typed NUMBER`` for each key that reaches that.
"""

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tests.helpers.processes import PATIENCE_S, ROOT

if TYPE_CHECKING:
    from PySide6.QtGui import QGuiApplication


class ShortcutProcess:
    """The process, from outside."""

    def __init__(self, environment: Mapping[str, str], log: Path, title: str = "") -> None:
        self._more = threading.Condition()
        self.told: list[str] = []
        self._log = log
        with log.open("wb") as err:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.helpers.shortcut_process", *([title] if title else [])],
                cwd=ROOT,
                env=dict(environment),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=err,
                text=True,
            )
        self.pid = self._process.pid
        self._thread = threading.Thread(target=self._listen)
        self._thread.start()

    def _listen(self) -> None:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            with self._more:
                self.told.append(line.strip())
                self._more.notify_all()

    def use(self, keys: str = "") -> str:
        """Have these keys; what it says about that: ``on``, ``off`` or ``failed …``."""
        before = len(self.told)
        self._say(f"use {keys}".strip())
        return self.wait_for(before, *(("on", "failed") if keys else ("off",)))

    def wait_for(self, after: int, *words: str) -> str:
        """The first line after so many that begins with one of these words."""

        def found() -> str:
            return next((line for line in self.told[after:] if line.startswith(words)), "")

        with self._more:
            assert self._more.wait_for(found, PATIENCE_S), (words, self.told, self._log.read_text())
            return found()

    def cut(self) -> None:
        """End its connection to the X server, though not Qt's."""
        self._say("cut")

    def presses(self) -> int:
        return self.told.count("pressed")

    def wait_for_presses(self, count: int) -> None:
        with self._more:
            assert self._more.wait_for(lambda: self.presses() >= count, PATIENCE_S), (count, self.told)

    def end(self) -> str:
        """Quit; what it has said on standard error."""
        if self._process.poll() is None:
            self._say("quit")
        try:
            self._process.wait(PATIENCE_S)
        finally:
            self._process.kill()
            self._thread.join(PATIENCE_S)
            for stream in (self._process.stdin, self._process.stdout):
                if stream is not None:
                    stream.close()
        return self._log.read_text()

    def _say(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()


def say(*words: object) -> None:
    os.write(1, (" ".join(map(str, words)) + "\n").encode())


class Told:
    """Says what becomes of a shortcut, and does what lines on standard input say."""

    def __init__(self, application: "QGuiApplication") -> None:
        from PySide6.QtCore import QSocketNotifier

        from desktop.capture.shortcuts.global_shortcut import GlobalShortcut

        self._application = application
        self._was_on = False
        self._left = b""
        self._shortcut = GlobalShortcut(application)
        self._shortcut.pressed.connect(lambda: say("pressed"))
        self._shortcut.failed.connect(lambda trouble: say("failed", trouble.code))
        self._shortcut.changed.connect(self._show)
        self._commands = QSocketNotifier(0, QSocketNotifier.Type.Read, application)
        self._commands.activated.connect(self._obey)

    def _show(self) -> None:
        if self._shortcut.in_force != self._was_on:
            self._was_on = not self._was_on
            say("on" if self._was_on else "off")

    def _obey(self) -> None:
        *lines, self._left = (self._left + os.read(0, 4096)).split(b"\n")
        for line in lines:
            word, _, keys = line.decode().partition(" ")
            if word == "use":
                self._shortcut.use(keys or None)
            elif word == "cut":
                # As xkill does it: the server ends the connection.
                with socket.socket(fileno=os.dup(self._shortcut._way._grabs.socket)) as end:  # type: ignore[union-attr]
                    end.shutdown(socket.SHUT_RDWR)
            else:
                self._shortcut.close()
                self._application.quit()


def main() -> None:
    from PySide6.QtGui import QGuiApplication, QKeyEvent, QWindow

    class Window(QWindow):
        def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802 - Qt's own name
            say("typed", event.key())

    application = QGuiApplication(sys.argv)
    window = Window()
    if sys.argv[1:]:
        window.setTitle(sys.argv[1])
        # Portals want to know a program's desktop entry.
        application.setDesktopFileName(sys.argv[1])
        window.resize(300, 200)
        window.show()
    told = Told(application)
    application.exec()
    del told


if __name__ == "__main__":
    main()

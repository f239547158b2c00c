"""The shortcut that captures from anywhere: one at a time, in the first way that works here."""

import logging
from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from desktop.capture.shortcuts.keys import Keys, read_keys
from desktop.capture.shortcuts.way import ShortcutWay, not_offered
from desktop.capture.shortcuts.ways import WAYS, MakeWay
from desktop.core.problems import Code, Problem, problem

_log = logging.getLogger(__name__)


class GlobalShortcut(QObject):
    """Lives in the GUI thread, and nothing of it waits.

    Attributes:
        trouble: why the keys are not in force; None while they are, or are being asked for, and where none
            are wanted.
        in_force: the keys are ours now.
        described: the keys in force as the desktop names them, where it may have chosen others; else empty.

    Signals:
        pressed(): the keys were pressed, whatever program has the keyboard.
        failed(Problem): they are not in force: SHORTCUT_TAKEN, SHORTCUT_UNUSABLE, SHORTCUT_REFUSED,
            SHORTCUT_NOT_OFFERED.
        changed(): `trouble`, `in_force` or `described` has changed.
    """

    pressed = Signal()
    failed = Signal(object)
    changed = Signal()

    def __init__(self, parent: QObject | None = None, *, ways: Sequence[MakeWay] = WAYS) -> None:
        super().__init__(parent)
        self._makers = tuple(ways)
        self._left: list[MakeWay] = []
        self._way: ShortcutWay | None = None
        self._keys: Keys | None = None
        self.trouble: Problem | None = None
        self.in_force = False
        self.described = ""

    def use(self, keys: str | None) -> None:
        """Have these keys, in Qt's portable words, from now on; None for none."""
        read = read_keys(keys) if keys else None
        if read is not None and self._way is not None:
            self._keys = read
            self._tell(None)
            self._way.use(read)
            return
        self.close()
        if keys and read is None:
            self._fail(problem(Code.SHORTCUT_UNUSABLE, keys=keys))
        elif read is not None:
            self._keys = read
            self._left = list(self._makers)
            self._try_next(None)

    def close(self) -> None:
        """Let go of the keys; idempotent. `use` may follow."""
        self._drop_way()
        self._keys = None
        self._left = []
        self._tell(None)

    def _try_next(self, trouble: Problem | None) -> None:
        """The next way; ``trouble`` is why the last one could not."""
        self._drop_way()
        while self._left and self._keys is not None:
            way = self._left.pop(0)(self)
            refused = way.why_not()
            if refused is None:
                self._way = way
                way.pressed.connect(self._on_pressed)
                way.failed.connect(self._on_failed)
                way.described.connect(self._on_described)
                way.use(self._keys)
                return
            trouble = trouble or refused
            way.deleteLater()
        self._fail(trouble or not_offered())

    def _on_pressed(self) -> None:
        if self.sender() is self._way:
            self.pressed.emit()

    def _on_failed(self, trouble: Problem) -> None:
        if self.sender() is not self._way or self._way is None:
            return
        _log.info("%s: %s", self._way.name, trouble)
        if trouble.code is Code.SHORTCUT_NOT_OFFERED:
            self._try_next(trouble)
        else:
            self._fail(trouble)

    def _on_described(self, words: str) -> None:
        if self.sender() is self._way:
            self._tell(None, in_force=True, described=words)

    def _fail(self, trouble: Problem) -> None:
        self._tell(trouble)
        self.failed.emit(trouble)

    def _tell(self, trouble: Problem | None, *, in_force: bool = False, described: str = "") -> None:
        before = (self.trouble, self.in_force, self.described)
        self.trouble, self.in_force, self.described = trouble, in_force, described
        if (trouble, in_force, described) != before:
            self.changed.emit()

    def _drop_way(self) -> None:
        if self._way is not None:
            way, self._way = self._way, None
            way.close()
            way.deleteLater()

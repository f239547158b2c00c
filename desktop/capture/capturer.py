"""Takes pictures of the screen in the best way that works here."""

import logging
from collections.abc import Callable, Sequence
from concurrent.futures import Future, InvalidStateError
from contextlib import suppress

from PySide6.QtCore import QObject, Qt, Signal

from desktop.capture.backend import CaptureBackend
from desktop.capture.backend_grim import GrimBackend
from desktop.capture.backend_portal import PortalBackend
from desktop.capture.backend_program import GNOME_SCREENSHOT_PROGRAM, SPECTACLE_PROGRAM, ProgramBackend
from desktop.capture.backend_qt import QtBackend
from desktop.capture.shots import Shot
from desktop.capture.surroundings import here
from desktop.capture.ways import GNOME_SCREENSHOT, GRIM, PORTAL, QT, SPECTACLE, in_order
from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.core.sentences.capture import capture_reasons

_log = logging.getLogger(__name__)

# Nobody else is asked after these: the person said no, or was asked and may still be thinking.
_FINAL = frozenset({Code.CAPTURE_REFUSED, Code.CAPTURE_TIMED_OUT})

_MAKERS: dict[str, Callable[[], CaptureBackend]] = {
    QT.name: QtBackend,
    PORTAL.name: PortalBackend,
    GRIM.name: GrimBackend,
    GNOME_SCREENSHOT.name: lambda: ProgramBackend(GNOME_SCREENSHOT_PROGRAM),
    SPECTACLE.name: lambda: ProgramBackend(SPECTACLE_PROGRAM),
}


class _Taking:
    """One wish for a shot, and how far it has come."""

    def __init__(self, left: Sequence[CaptureBackend]) -> None:
        self.future: Future[Shot] = Future()
        self.left = list(left)
        self.troubles: list[Problem] = []
        self.asked: Future[Shot] | None = None

    def succeed(self, shot: Shot) -> None:
        # It may be cancelled in this moment.
        with suppress(InvalidStateError):
            self.future.set_result(shot)

    def fail(self, trouble: Problem) -> None:
        with suppress(InvalidStateError):
            self.future.set_exception(ProblemError(trouble))


class Capturer(QObject):
    """Lives in the GUI thread."""

    _ended = Signal(object, object)

    def __init__(
        self, parent: QObject | None = None, *, among: Sequence[CaptureBackend] | None = None
    ) -> None:
        """Make it ready.

        Args:
            parent: owns it.
            among: the backends in order; those of this operating system if None.
        """
        super().__init__(parent)
        self._given = among
        self._made: dict[str, CaptureBackend] = {}
        self._taking: _Taking | None = None
        self._is_closed = False
        self._ended.connect(self._on_ended, Qt.ConnectionType.QueuedConnection)

    def take(self) -> "Future[Shot]":
        """Take pictures of all screens. Called in the GUI thread, which does not wait.

        Returns:
            The shot. Fails with CAPTURE_REFUSED or CAPTURE_TIMED_OUT, which end it at once, or with
            CAPTURE_IMPOSSIBLE, which tells why each way did not work. Cancelling it withdraws what is asked.
            An earlier one that has not ended is cancelled.
        """
        self._give_up()
        taking = _Taking(() if self._is_closed else self._backends())
        self._taking = taking
        taking.future.add_done_callback(lambda ended: self._withdraw(taking) if ended.cancelled() else None)
        self._next(taking)
        return taking.future

    def close(self) -> None:
        """End what is under way; idempotent."""
        self._is_closed = True
        self._give_up()
        for backend in (*self._made.values(), *(self._given or ())):
            backend.close()

    def _backends(self) -> Sequence[CaptureBackend]:
        """In order; that may be another one when screens have come or gone."""
        if self._given is not None:
            return self._given
        names = [way.name for way in in_order(here())]
        for name in names:
            if name not in self._made:
                self._made[name] = _MAKERS[name]()
        return [self._made[name] for name in names]

    def _next(self, taking: _Taking) -> None:
        while taking.left:
            backend = taking.left.pop(0)
            trouble = backend.why_not()
            if trouble is None:
                taking.asked = backend.take()
                taking.asked.add_done_callback(lambda ended: self._tell(taking, ended))
                return
            taking.troubles.append(trouble)
        taking.fail(problem(Code.CAPTURE_IMPOSSIBLE, reasons=capture_reasons(taking.troubles)))

    def _tell(self, taking: _Taking, ended: "Future[Shot]") -> None:
        # In whatever thread it ended; the next is asked in the GUI thread.
        if not self._is_closed and not taking.future.done():
            self._ended.emit(taking, ended)

    def _on_ended(self, taking: _Taking, ended: "Future[Shot]") -> None:
        if ended.cancelled() or taking.future.done():
            return
        try:
            shot = ended.result(timeout=0)
        except ProblemError as error:
            _log.info("a way to capture failed: %s", error)
            if error.problem.code in _FINAL:
                taking.fail(error.problem)
                return
            taking.troubles.append(error.problem)
        except Exception:  # noqa: BLE001 - what a backend forgot: the next one is asked
            _log.exception("a way to capture ended unexpectedly")
            taking.troubles.append(problem(Code.UNEXPECTED))
        else:
            taking.succeed(shot)
            return
        self._next(taking)

    def _withdraw(self, taking: _Taking) -> None:
        if taking.asked is not None:
            taking.asked.cancel()

    def _give_up(self) -> None:
        if self._taking is not None:
            self._taking.future.cancel()
            self._taking = None

"""The XDG desktop portal ``org.freedesktop.portal.Screenshot``: the way that Wayland desktops mean.

A portal asks the person, the first time or each time. What it gives is one picture of all screens, in a file
that nobody else takes away. See the documentation of xdg-desktop-portal.
"""

import contextlib
import logging
import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote_to_bytes, urlsplit

from PySide6.QtGui import QImage

from desktop.capture import screens
from desktop.capture.backend_job import JobBackend
from desktop.capture.cutting import Spot
from desktop.capture.job import Stop
from desktop.capture.portal_answers import Answer, BusError, NoAnswerError, PortalGoneError, Said
from desktop.capture.reading import failure, read_picture
from desktop.capture.shots import Shot
from desktop.capture.surroundings import Surroundings
from desktop.capture.ways import PORTAL
from desktop.capture.windows import awaited_windows, open_windows
from desktop.core.compat import override
from desktop.core.problems import Code, ProblemError, problem
from desktop.core.sentences.capture import CaptureWay, CaptureWhy
from desktop.system.clock import monotonic, now_utc

if TYPE_CHECKING:
    from desktop.capture.portal_bus import PortalBus

_log = logging.getLogger(__name__)

_INTERFACE = "org.freedesktop.portal.Screenshot"
_CALL_S = 10.0
_ANSWER_S = 60.0
_CHOICE_S = 300.0
_KNOWS_INTERACTIVE = 2
"""The version from which on a portal knows the option; older ones always ask the person."""
_THOUGHT_S = 1.5
"""A portal says "failed" also for the person's no (xdg-desktop-portal, ``screenshot.c``). After that long it
was a person; before, it was denied long ago or nobody could be asked: the desktop's own dialog is due."""
_CLOCKS_S = 5.0
_ABSENT = ("ServiceUnknown", "NameHasNoOwner", "Spawn.")
_SILENT = frozenset({"NoReply", "Timeout", "TimedOut"})


class PortalBackend(JobBackend):
    """Asks without a dialog first, and with the desktop's own one where that is not granted."""

    def __init__(
        self, *, call_s: float = _CALL_S, answer_s: float = _ANSWER_S, choice_s: float = _CHOICE_S
    ) -> None:
        """Set the limits.

        Args:
            call_s: for the portal to take a question.
            answer_s: for the person to allow it.
            choice_s: for the person to choose what is captured, in the desktop's own dialog.
        """
        super().__init__(PORTAL)
        self._call_s = call_s
        self._answer_s = answer_s
        self._choice_s = choice_s

    @override
    def _shot(self, surroundings: Surroundings, places: Sequence[Spot], stop: Stop) -> Shot:
        windows = self._jobs.start(lambda _stop: open_windows(surroundings))
        image, was_chosen = self._picture(stop)
        shot = screens.shot_of_desktop(image, places, awaited_windows(windows), backend=self.name)
        if shot is not None:
            return shot
        if was_chosen:
            return screens.shot_of_choice(image, places[0], backend=self.name)
        raise failure(CaptureWay.PORTAL, CaptureWhy.OTHER_SCREENS)

    def _picture(self, stop: Stop) -> tuple[QImage, bool]:
        """The picture, and whether the person chose what is on it."""
        asked_at = now_utc().timestamp()
        answer, was_chosen = self._answer(stop)
        if answer.said is Said.NO:
            raise ProblemError(problem(Code.CAPTURE_REFUSED, way=CaptureWay.PORTAL))
        if answer.said is Said.FAILED:
            raise failure(CaptureWay.PORTAL, CaptureWhy.SAID_NO_REASON)
        path = _local_path(answer.results.get("uri"))
        picture = read_picture(path, CaptureWay.PORTAL)
        # Only what turned out to be a picture: nobody else's file is ever taken for the portal's.
        _delete(path, since=asked_at)
        return picture, was_chosen

    def _answer(self, stop: Stop) -> tuple[Answer, bool]:
        from desktop.capture.portal_bus import PortalBus  # noqa: PLC0415 - when it is used first

        try:
            bus = PortalBus(stop, call_limit_s=self._call_s)
        except Exception as error:
            _log.info("no session bus", exc_info=True)
            raise _not_here(CaptureWhy.NO_BUS) from error
        try:
            with bus:
                return self._asked(bus)
        except BusError as error:
            raise failure(CaptureWay.PORTAL, CaptureWhy.ENDED_BADLY, error.text) from error
        except TimeoutError as error:
            raise _not_here(CaptureWhy.SILENT) from error
        except (PortalGoneError, OSError) as error:
            raise failure(CaptureWay.PORTAL, CaptureWhy.WENT_AWAY) from error
        except ProblemError:
            raise
        except Exception as error:
            _log.warning("the portal's answer cannot be understood", exc_info=True)
            raise failure(CaptureWay.PORTAL, CaptureWhy.ODD_ANSWER) from error

    def _asked(self, bus: "PortalBus") -> tuple[Answer, bool]:
        try:
            version = bus.version(_INTERFACE)
        except BusError as error:
            raise _not_here(_why_absent(error.name)) from error
        if version >= _KNOWS_INTERACTIVE:
            asked_at = monotonic()
            answer = _ask(bus, {"interactive": ("b", False)}, self._answer_s)
            if answer.said is not Said.FAILED:
                return answer, False
            if monotonic() - asked_at > _THOUGHT_S:
                return Answer(Said.NO, {}), False
            return _ask(bus, {"interactive": ("b", True)}, self._choice_s), True
        return _ask(bus, {}, self._choice_s), True


def _ask(bus: "PortalBus", options: dict[str, tuple[str, Any]], limit_s: float) -> Answer:
    try:
        return bus.ask(_INTERFACE, "Screenshot", options, limit_s=limit_s)
    except NoAnswerError as error:
        seconds = max(1, round(limit_s))
        raise ProblemError(problem(Code.CAPTURE_TIMED_OUT, way=CaptureWay.PORTAL, seconds=seconds)) from error


def _not_here(why: CaptureWhy) -> ProblemError:
    return ProblemError(problem(Code.CAPTURE_NOT_HERE, way=CaptureWay.PORTAL, why=why))


def _why_absent(name: str) -> CaptureWhy:
    """Why a portal has no version of this interface, by the name of the error."""
    kind = name.removeprefix("org.freedesktop.DBus.Error.")
    if kind.startswith(_ABSENT):
        return CaptureWhy.NO_PORTAL
    return CaptureWhy.SILENT if kind in _SILENT else CaptureWhy.NO_SCREENSHOTS


def _local_path(uri: object) -> Path:
    """The file of a uri.

    Raises:
        ProblemError: CAPTURE_FAILED: it names none on this computer.
    """
    if not isinstance(uri, str) or not uri:
        raise failure(CaptureWay.PORTAL, CaptureWhy.ODD_ANSWER)
    try:
        parts = urlsplit(uri)
    except ValueError as error:
        raise failure(CaptureWay.PORTAL, CaptureWhy.ODD_ANSWER) from error
    path = unquote_to_bytes(parts.path)
    if parts.scheme != "file" or parts.netloc not in {"", "localhost"}:
        raise failure(CaptureWay.PORTAL, CaptureWhy.NOT_LOCAL)
    if not path.startswith(b"/") or b"\0" in path:
        raise failure(CaptureWay.PORTAL, CaptureWhy.ODD_ANSWER)
    return Path(os.fsdecode(path))


def _delete(path: Path, *, since: float) -> None:
    """Remove the picture, if it came into being for us: no answer can have an older file removed."""
    with contextlib.suppress(OSError):
        told = path.lstat()
        if stat.S_ISREG(told.st_mode) and told.st_uid == os.getuid() and told.st_mtime >= since - _CLOCKS_S:
            path.unlink()

"""Notes that a run of the window is under way, so that the next one knows how it ended. Without Qt.

In ``<data>/crashes``, all of it private: ``running.json`` is there for as long as the window is open; a fatal
signal writes where the process was into ``fault.txt``; ``trail.txt`` has the last log lines in words that may
be passed on. The window's lock keeps two processes from using them at once. Reports stay, ten of them.
"""

import contextlib
import faulthandler
import json
import logging
import os
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from desktop import __version__
from desktop.core.crashes import End, LastRun
from desktop.core.harmless import harmless_fault, harmless_trace, harmless_word
from desktop.system.boot import boot_mark, is_same_boot
from desktop.system.files import make_private_folder, replace_file
from desktop.system.trail import Trail

MOST_REPORTS = 10
_MOST_READ = 400_000
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Marker:
    """What ``running.json`` holds.

    Attributes:
        began: seconds since the epoch.
        version: of the application.
        boot: tells one start of the computer from another.
        early: so many crashes right after the start came before this run, in a row.
        settled: it has lived for long enough that what the start brings back is not to blame.
        end: how it ended, if it could still say so.
        trace: of the exception that ended it.
    """

    began: float
    version: str = __version__
    boot: str = ""
    early: int = 0
    settled: bool = False
    end: str = ""
    trace: tuple[str, ...] = ()

    def table(self) -> dict[str, object]:
        return {name: getattr(self, name) for name in self.__slots__}


class RunWatch:
    """Of one run of the window. Does nothing until `begin`, which only who has the window's lock may call.

    Attributes:
        last: the run before this one, if it did not end by itself.
        trail: the last log lines, in words that may be passed on.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._marker_path = folder / "running.json"
        self._fault_path = folder / "fault.txt"
        self._trail_path = folder / "trail.txt"
        self._marker: _Marker | None = None
        self._fault: TextIO | None = None
        self.last: LastRun | None = None
        self.trail = Trail()

    @property
    def folder(self) -> Path:
        """Where reports are kept."""
        return self._folder

    def begin(self) -> None:
        """Look how the last run ended, and watch this one, unless nothing can be written."""
        logging.getLogger().addHandler(self.trail)
        try:
            make_private_folder(self._folder)
            self.last = self._look_back()
            early = self.last.early if self.last is not None else 0
            self._marker = _Marker(began=time.time(), boot=boot_mark(), early=early)
            self._fault = _private(self._fault_path)
            self._write_marker()
            self.trail.write_to(_private(self._trail_path))
        except OSError as error:
            _log.info("this run is not watched: %s", error)
            return
        # Only the one that failed: looking at threads that go on may fail, too.
        faulthandler.enable(self._fault, all_threads=False)

    def settle(self) -> None:
        """It has lived for `EARLY_S`: what crashes from now on was not the start."""
        if self._marker is not None:
            self._marker.settled = True
            self._marker.early = 0
            self._write_marker()

    def touch(self) -> None:
        """It is still alive."""
        if self._marker is not None:
            with contextlib.suppress(OSError):
                os.utime(self._marker_path)

    def note_end(self, end: End, error: BaseException | None = None) -> None:
        """This run is about to end in a way that is not its own."""
        if self._marker is not None:
            self._marker.end = end.value
            self._marker.trace = harmless_trace(error) if error is not None else ()
            self._write_marker()

    def close(self) -> None:
        """This run ends; unless an end was noted it does so by itself, and nothing is left. Idempotent."""
        logging.getLogger().removeHandler(self.trail)
        self.trail.close()
        if self._fault is not None:
            faulthandler.disable()
            self._fault.close()
            self._fault = None
        marker, self._marker = self._marker, None
        if marker is not None and not marker.end:
            for path in (self._marker_path, self._fault_path, self._trail_path):
                with contextlib.suppress(OSError):
                    path.unlink(missing_ok=True)

    def keep(self, text: str, at: datetime) -> Path | None:
        """Keep a report, and the last `MOST_REPORTS`. Slow.

        Returns:
            Its file; None if it could not be written.
        """
        path = self._free_name(at)
        try:
            make_private_folder(self._folder)
            replace_file(path, text.encode("utf-8", "backslashreplace"))
            for old in sorted(self._folder.glob("report-*.txt"))[:-MOST_REPORTS]:
                old.unlink(missing_ok=True)
        except OSError as error:
            _log.info("a report was not kept: %s", error)
            return None
        return path

    def _free_name(self, at: datetime) -> Path:
        stamp = f"report-{at.astimezone(UTC):%Y-%m-%dT%H%M%SZ}"
        path, number = self._folder / f"{stamp}.txt", 1
        while path.exists():
            number += 1
            path = self._folder / f"{stamp}-{number}.txt"
        return path

    def _write_marker(self) -> None:
        if self._marker is not None:
            with contextlib.suppress(OSError), _private(self._marker_path) as file:
                json.dump(self._marker.table(), file)

    def _look_back(self) -> LastRun | None:
        try:
            alive = self._marker_path.stat().st_mtime
        except FileNotFoundError:
            return None
        marker = _marker_of(_read(self._marker_path))
        fault, ended = _read(self._fault_path), alive
        trace = marker.trace
        end = _noted(marker)
        if end is None and fault.strip():
            # Windows writes there for some things that end nothing; with a marker left it did end.
            end, trace = End.SIGNAL, harmless_fault(fault)
            ended = self._fault_path.stat().st_mtime
        elif end is None:
            end = End.KILLED if is_same_boot(marker.boot) else End.COMPUTER_OFF
        log = tuple(_read(self._trail_path).splitlines()[-self.trail.most :])
        with contextlib.suppress(OSError):
            ended = max(ended, self._trail_path.stat().st_mtime)
        return LastRun(
            end=end,
            began_at=datetime.fromtimestamp(marker.began, UTC) if marker.began > 0 else None,
            ended_at=datetime.fromtimestamp(ended, UTC),
            version=harmless_word(marker.version),
            trace=trace,
            log=log,
            early=marker.early + 1 if end.is_crash and not marker.settled else 0,
        )


def _noted(marker: _Marker) -> End | None:
    try:
        return End(marker.end)
    except ValueError:
        return None


def _marker_of(text: str) -> _Marker:
    """What can be read of it; it may be cut off, or of another version."""
    try:
        table = json.loads(text)
    except (ValueError, RecursionError):
        table = None
    if not isinstance(table, dict):
        return _Marker(began=0.0, version="", settled=True)
    began, early, trace = table.get("began"), table.get("early"), table.get("trace")
    lines = trace if isinstance(trace, list) else []
    return _Marker(
        began=float(began) if isinstance(began, int | float) and 0 < began < 2**33 else 0.0,
        version=str(table.get("version", ""))[:40],
        boot=str(table.get("boot", ""))[:80],
        early=early if type(early) is int and 0 <= early < 1000 else 0,
        settled=table.get("settled") is True,
        end=str(table.get("end", "")),
        trace=tuple(line for line in lines[:1000] if isinstance(line, str)),
    )


def _read(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file.read(_MOST_READ).decode("utf-8", "replace")
    except OSError:
        return ""


def _private(path: Path) -> TextIO:
    """A new file with mode 0600 from its first byte; an old one is emptied."""
    number = os.open(path, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    return os.fdopen(number, "w", encoding="utf-8", errors="backslashreplace")

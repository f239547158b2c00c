"""How runs of the window end, and the report that somebody may pass on."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from desktop.core.harmless import harmless_word, written
from desktop.core.problems import Code
from desktop.core.redact import redact

EARLY_S = 10.0
"""A crash so soon after the start may be because of what the start brings back."""
CAREFUL_AFTER = 2
"""After so many of those in a row the next start brings nothing back."""
MOST_LOG_LINES = 60
_MOST_CHARS = 200_000


class End(StrEnum):
    """How a run ended that did not end by itself."""

    SIGNAL = "signal"
    EXCEPTION = "exception"
    KILLED = "killed"
    COMPUTER_OFF = "computer_off"
    DISPLAY_LOST = "display_lost"

    @property
    def is_crash(self) -> bool:
        """Whether it was our fault, as far as can be told."""
        return self in (End.SIGNAL, End.EXCEPTION)

    @property
    def code(self) -> Code:
        """The problem whose words tell it."""
        return _CODES[self]


_CODES = {
    End.SIGNAL: Code.CRASHED,
    End.EXCEPTION: Code.CRASHED,
    End.KILLED: Code.WAS_KILLED,
    End.COMPUTER_OFF: Code.COMPUTER_WENT_OFF,
    End.DISPLAY_LOST: Code.DISPLAY_WAS_LOST,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class LastRun:
    """The run before this one, which did not end by itself.

    Attributes:
        end: how it ended.
        began_at: when it was started; None if that is not known.
        ended_at: when it ended, or was alive last.
        version: of the application.
        trace: where it was, in harmless words.
        log: what it had logged last, in harmless words.
        early: so many crashes in a row came right after the start, this one included.
    """

    end: End
    began_at: datetime | None
    ended_at: datetime
    version: str
    trace: tuple[str, ...] = ()
    log: tuple[str, ...] = ()
    early: int = 0

    @property
    def asks_for_care(self) -> bool:
        """Whether the next start should bring nothing back."""
        return self.early >= CAREFUL_AFTER


@dataclass(frozen=True, slots=True, kw_only=True)
class Uncaught:
    """An exception that no code caught; the window goes on.

    Attributes:
        at: when.
        where: the thread, in words of ours.
        trace: in harmless words.
        log: what was logged last, in harmless words.
    """

    at: datetime
    where: str
    trace: tuple[str, ...]
    log: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A report for people.

    Attributes:
        code: what happened.
        at: when.
        text: to be passed on.
        path: the file that holds it; None if it could not be written.
    """

    code: Code
    at: datetime
    text: str
    path: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What a report tells of the computer.

    Attributes:
        version: of the application.
        system: the system and its version.
        desktop: the kind of desktop and session, words of the system.
        language: of the window.
        platform: Qt's platform plugin.
        packages: names and versions.
        frozen: started from the installed application, not from the sources.
    """

    version: str
    system: str
    desktop: tuple[str, ...] = ()
    language: str = ""
    platform: str = ""
    packages: Mapping[str, str] = field(default_factory=dict)
    frozen: bool = False


_WHAT = {
    End.SIGNAL: "The process was ended by a fatal signal.",
    End.EXCEPTION: "The process ended because of an exception that nothing caught.",
    End.KILLED: "The process was killed from outside, or there was not enough memory; it left no trace.",
    End.COMPUTER_OFF: "The computer was switched off or restarted while the window was open.",
    End.DISPLAY_LOST: "The connection to the display was lost.",
}
"""For whoever mends it: a report is in English."""


def report_of_last_run(last: LastRun, around: Surroundings) -> str:
    """The report about a run that did not end by itself."""
    lines = [_WHAT[last.end], "", f"Ended:    {_moment(last.ended_at)}"]
    if last.began_at is not None:
        lines.append(f"Started:  {_moment(last.began_at)}")
    if last.early:
        lines.append(f"Crashes right after the start, in a row: {last.early}")
    if last.version != around.version:
        lines.append(f"Version then: {harmless_word(last.version)}")
    return _report(lines, around, last.trace, last.log)


def report_of_uncaught(uncaught: Uncaught, around: Surroundings) -> str:
    """The report about an exception that no code caught."""
    lines = [
        "An exception that nothing caught. The window went on.",
        "",
        f"When:     {_moment(uncaught.at)}",
        f"Where:    {uncaught.where}",
    ]
    return _report(lines, around, uncaught.trace, uncaught.log)


def surroundings_lines(around: Surroundings) -> tuple[str, ...]:
    """The versions alone, for whoever reports something else."""
    desktop = " ".join(filter(None, map(harmless_word, around.desktop)))
    return (
        f"Sightline {around.version}{' (installed)' if around.frozen else ''}",
        f"System:   {around.system}",
        *([f"Desktop:  {desktop}"] if desktop else []),
        *([f"Language: {harmless_word(around.language)}"] if around.language else []),
        *([f"Platform: {harmless_word(around.platform)}"] if around.platform else []),
        *(f"{name} {version}" for name, version in around.packages.items()),
    )


def _report(head: list[str], around: Surroundings, trace: tuple[str, ...], log: tuple[str, ...]) -> str:
    lines = ["Sightline report", "", *head, "", "Versions", *_indented(surroundings_lines(around))]
    if trace:
        lines += ["", "Trace", *_indented(trace)]
    if log:
        lines += ["", f"Log, the last {len(log)} lines", *_indented(log)]
    # The second net: whatever looks like a key, however it came here.
    return redact(written(lines))[:_MOST_CHARS] + "\n"


def _indented(lines: tuple[str, ...]) -> list[str]:
    return [f"  {line}" for line in lines]


def _moment(at: datetime) -> str:
    return f"{at.astimezone():%Y-%m-%d %H:%M:%S %z}"

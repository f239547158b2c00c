"""Runs the checks within a time limit and says what they found."""

import argparse
import json
import os
import sys
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from desktop import __version__
from desktop.check.places import TITLES, places, versions
from desktop.core import text as words
from desktop.core.problem_text import sentence
from desktop.core.problems import ProblemError
from desktop.core.text import _, format_seconds, ngettext, printable
from desktop.engines.on_device.layout import display_width
from desktop.system import resources
from desktop.system.command_line import Parser, take_any_character
from desktop.system.command_words import translate_argparse
from desktop.system.paths import DataFolder
from desktop.wiring import data_folder

TIME_LIMIT_S = 20.0
"""Longest for everything."""


@dataclass(slots=True)
class Check:
    """One part that is looked at.

    Attributes:
        name: for scripts, never translated.
        title: in the user's language.
        look: says what it found, or raises whatever is wrong.
        found: what it said.
        trouble: why it failed; None if it did not.
        seconds: how long it took.
        done: whether it has ended.
    """

    name: str
    title: str
    look: Callable[[], str]
    found: str = ""
    trouble: str | None = None
    seconds: float = 0.0
    done: threading.Event = field(default_factory=threading.Event)

    @property
    def passed(self) -> bool:
        """Whether it has ended well."""
        return self.done.is_set() and self.trouble is None

    def carry_out(self) -> None:
        """Look, and keep what came of it."""
        started = time.monotonic()
        try:
            self.found = self.look()
        except ProblemError as error:
            self.trouble = sentence(error.problem)
        except Exception as error:  # noqa: BLE001 - whatever a broken installation raises is the finding
            self.trouble = printable(f"{type(error).__name__}: {error}", limit=300)
        self.seconds = time.monotonic() - started
        self.done.set()


def main(arguments: Sequence[str]) -> int:
    """Do what `desktop.check.run` says."""
    take_any_character()
    words.install(resources.load_translations("system"))
    translate_argparse()
    options = _parser().parse_args(arguments)
    started = time.monotonic()
    folder = data_folder(options.data_dir)
    checks = carry_out(folder)
    seconds = time.monotonic() - started
    text = as_json(checks, folder) if options.json else as_table(checks, folder, seconds)
    print(text, flush=True)  # noqa: T201 - the answer of this command
    status = 0 if all(check.passed for check in checks) else 1
    if not all(check.done.is_set() for check in checks):
        # What hangs would keep the process from ending.
        os._exit(status)
    return status


def _parser() -> argparse.ArgumentParser:
    parser = Parser(prog="sightline", description=_("Look whether every part of this installation works."))
    parser.add_argument("--check", action="store_true", required=True, help=argparse.SUPPRESS)
    parser.add_argument("--json", action="store_true", help=_("for scripts: everything as JSON"))
    parser.add_argument("--data-dir", metavar="DIR", help=_("where history and settings live"))
    return parser


def carry_out(folder: DataFolder, time_limit_s: float = TIME_LIMIT_S) -> list[Check]:
    """Look at every part.

    Args:
        folder: whose data folder is looked at.
        time_limit_s: longest for everything; what has not ended then has failed.

    Returns:
        In the order in which they are told.
    """
    from desktop.tasks.imports import restore_import  # noqa: PLC0415 - before all else that imports Qt

    restore_import()
    from desktop.check import look, parts  # noqa: PLC0415

    deadline = time.monotonic() + time_limit_s
    beside = [Check(*row) for row in parts.rows(folder)]
    begin(beside)
    application = look.start_qt()
    in_window = [Check(*row) for row in look.rows()]
    for check in in_window:
        check.carry_out()
    wait_for(beside, deadline, time_limit_s)
    application.shutdown()
    return [*beside, *in_window]


def begin(checks: Iterable[Check]) -> None:
    """Start each in a thread of its own."""
    for check in checks:
        threading.Thread(target=check.carry_out, name=f"check-{check.name}", daemon=True).start()


def wait_for(checks: Iterable[Check], deadline: float, time_limit_s: float) -> None:
    """Wait for all; those that have not ended by then have failed.

    Args:
        checks: that were begun.
        deadline: of `time.monotonic`, in seconds.
        time_limit_s: what is told as the limit.
    """
    for check in checks:
        if not check.done.wait(max(0.0, deadline - time.monotonic())):
            check.trouble = _("no answer within {time}").format(time=format_seconds(time_limit_s))


def as_table(checks: Sequence[Check], folder: DataFolder, seconds: float) -> str:
    """What people read."""
    failed = sum(1 for check in checks if not check.passed)
    title_width = max(display_width(check.title) for check in checks)
    good, bad = _("ok"), _("FAILED")
    width = max(display_width(good), display_width(bad))
    lines = [f"Sightline {__version__}", *_pairs(versions().items()), "", *_pairs(places(folder).items()), ""]
    for check in checks:
        word = good if check.passed else bad
        told = check.found if check.passed else check.trouble
        lines.append(f"{_padded(word, width)}  {_padded(check.title, title_width)}  {told}")
    verdict = (
        ngettext("{count} part does not work.", "{count} parts do not work.", failed).format(count=failed)
        if failed
        else _("Everything works.")
    )
    return "\n".join([*lines, "", f"{verdict} ({format_seconds(seconds)})"])


def _pairs(rows: Iterable[tuple[str, str]]) -> list[str]:
    pairs = [(_(TITLES[name]) if name in TITLES else name, value) for name, value in rows]
    width = max(display_width(name) for name, _value in pairs)
    return [f"  {_padded(name, width)}  {value}" for name, value in pairs]


def _padded(text: str, columns: int) -> str:
    return text + " " * (columns - display_width(text))


def as_json(checks: Sequence[Check], folder: DataFolder) -> str:
    """What scripts read."""
    told = {
        "sightline": __version__,
        "ok": all(check.passed for check in checks),
        "frozen": bool(getattr(sys, "frozen", False)),
        "versions": versions(),
        "places": places(folder),
        "checks": [
            {
                "name": check.name,
                "ok": check.passed,
                "found": check.found,
                "trouble": check.trouble,
                "seconds": round(check.seconds, 3),
            }
            for check in checks
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=2)

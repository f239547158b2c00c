"""Problems in words: what happened, what it means, and the one thing to do.

The same in the window and the terminal. The sentences are rows of data in `sentences`. Whatever a problem
holds comes from outside: it is shown as one plain, bounded line, and a parameter that is missing never
raises.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from string import Formatter

from desktop.core.problems import Code, Problem
from desktop.core.sentences import (
    archives,
    capture,
    computer,
    connection,
    crashes,
    files,
    images,
    links,
    prompts,
    question,
    server,
)
from desktop.core.sentences.row import Remedy, Row
from desktop.core.text import _, format_count, format_size, join_sentences, marked, printable

__all__ = ["Explanation", "Remedy", "exit_status", "explain", "remedy", "rows", "sentence"]

# What stands for a parameter that a lower room did not give.
_STAND_INS = {
    "host": marked("the server"),
    "model": marked("this model"),
    "folder": marked("the data folder"),
}
_QUOTED = frozenset({"name"})
# Some are names, some are words.
_TRANSLATED = frozenset({"format", "way", "why"})
_LIMIT = 120
# Several reasons in one line, each bounded already.
_LIMITS = {"reasons": 600}


@dataclass(frozen=True, slots=True)
class Explanation:
    """A problem in three short sentences, plain text in the chosen language.

    Attributes:
        what: what happened.
        meaning: what follows from it, and what the server or the system said about it.
        remedy: the one thing to do.
    """

    what: str
    meaning: str
    remedy: str


@cache
def rows() -> Mapping[Code, Row]:
    """The entry of every code."""
    rooms = images, files, archives, links, capture, question, connection, server, computer, crashes, prompts
    return {code: row for room in rooms for code, row in room.ROWS.items()}


def explain(problem: Problem) -> Explanation:
    """The problem in three sentences. Never raises, whatever the parameters are."""
    row = rows()[problem.code]
    meaning = _filled(row.meaning, problem, row)
    return Explanation(
        what=_filled(row.what, problem, row),
        meaning=join_sentences(meaning, _said(problem)),
        remedy=_filled(row.remedy, problem, row),
    )


def sentence(problem: Problem) -> str:
    """The problem in one line: what happened, what the server said about it, and the one thing to do."""
    row = rows()[problem.code]
    return join_sentences(_filled(row.what, problem, row), _said(problem), _filled(row.remedy, problem, row))


def remedy(code: Code) -> Remedy | None:
    """What a button beside the sentence may do; None where nothing can be done from inside Sightline."""
    return rows()[code].button


def exit_status(problem: Problem) -> int:
    """The terminal's exit status.

    Returns:
        1 for this computer's own trouble, 2 for a wrong command, key or address, 3 for an image that cannot
        be used, 4 for what a server refused or said, 5 for a connection that failed or ended.
    """
    return rows()[problem.code].status


def _said(problem: Problem) -> str:
    """What the server or the operating system said in its own words."""
    message, reason = _plain(problem, "message", 300), _plain(problem, "reason", 300)
    if message:
        return _("The server said: “{message}”.").format(message=message)
    return _("The system said: “{reason}”.").format(reason=reason) if reason else ""


def _plain(problem: Problem, name: str, limit: int) -> str:
    return printable(str(problem.parameters.get(name, "")), limit=limit).strip().rstrip(".")


def _filled(text: str, problem: Problem, row: Row) -> str:
    translated = _(text)
    names = [name for _literal, name, _spec, _conversion in Formatter().parse(translated) if name]
    filled = translated.format(**{name: _shown(name, problem, row) for name in names})
    begins_with_stand_in = translated.startswith("{") and names[0] not in problem.parameters
    return filled[:1].upper() + filled[1:] if begins_with_stand_in else filled


def _shown(name: str, problem: Problem, row: Row) -> str:
    value = problem.parameters.get(name)
    if value is None or value == "":
        return _(row.unnamed) if name == "name" else _(_STAND_INS.get(name, "…"))
    if isinstance(value, int):
        return format_size(value) if name.endswith("_bytes") else format_count(value)
    shown = printable(_(str(value)) if name in _TRANSLATED else str(value), limit=_LIMITS.get(name, _LIMIT))
    return f"“{shown}”" if name in _QUOTED else shown

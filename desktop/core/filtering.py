"""The gallery's filter: ``type:png w>2000 asked:no text:"invoice"``. Any text is a filter; none is an error.

Terms beside each other must all hold. ``-term`` turns one round, ``|`` or ``OR`` stands between alternatives,
parentheses group. A word alone is looked for in the name and in the folder's last part.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import PurePath

from desktop.core.filter_fields import FIELDS, SYNONYMS, Subject, folded
from desktop.core.text import _, join_list, marked

MAX_CHARS = 1_000
_TOKEN = re.compile(
    r"""(?P<space>\s+)
    |(?P<open>\()|(?P<close>\))|(?P<or>\|)|(?P<not>-(?=\S))
    |(?P<field>[A-Za-z]+)(?P<operator><=|>=|!=|[:<>=])(?P<value>"[^"]*"?|[^\s()|"]*)
    |(?P<phrase>"[^"]*"?)
    |(?P<word>[^\s()|"]+)""",
    re.VERBOSE,
)
_MOST_DEEP = 50

Matches = Callable[[Subject], bool]


@dataclass(frozen=True, slots=True)
class Trouble:
    """A term that is not understood, and filters nothing.

    Attributes:
        start: where it begins, in characters.
        length: of it.
        sentence: what is wrong and what can be typed; translated.
    """

    start: int
    length: int
    sentence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """What was typed, understood.

    Attributes:
        text: as it was typed.
        matches: whether an image is meant.
        needs: names of the fields that it asks for.
        troubles: terms that are not understood.
        is_empty: it shows everything.
    """

    text: str = ""
    matches: Matches
    needs: frozenset[str] = frozenset()
    troubles: tuple[Trouble, ...] = ()
    is_empty: bool = True


@dataclass(slots=True)
class _Reading:
    """Tokens, and how far they are read."""

    tokens: list[re.Match[str]]
    at: int = 0
    deep: int = 0
    needs: set[str] = field(default_factory=set)
    troubles: list[Trouble] = field(default_factory=list)

    def next(self) -> re.Match[str] | None:
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def take(self) -> re.Match[str]:
        self.at += 1
        return self.tokens[self.at - 1]


def parse(text: str) -> Filter:
    """Understand what was typed; never fails.

    What is not understood, or not typed to its end, is passed over as if it were not there.
    """
    text = text[:MAX_CHARS]
    found = [token for token in _TOKEN.finditer(text) if not token["space"]]
    reading = _Reading(found)
    terms: list[Matches] = []
    while reading.next() is not None:
        if (term := _either(reading)) is not None:
            terms.append(term)
        elif (left := reading.next()) is not None and left["close"]:
            # One that closes nothing.
            reading.take()
    matches = _all(terms)
    return Filter(
        text=text,
        matches=matches or everything,
        needs=frozenset(reading.needs),
        troubles=tuple(reading.troubles),
        is_empty=matches is None,
    )


def everything(_subject: Subject) -> bool:
    """No filter."""
    return True


def _either(reading: _Reading) -> Matches | None:
    choices = [_together(reading)]
    while (token := reading.next()) is not None and _is_or(token):
        reading.take()
        choices.append(_together(reading))
    given = [choice for choice in choices if choice is not None]
    if len(given) < 2:
        return given[0] if given else None
    return lambda subject: any(choice(subject) for choice in given)


def _together(reading: _Reading) -> Matches | None:
    terms: list[Matches] = []
    while (token := reading.next()) is not None and not token["close"] and not _is_or(token):
        term = _term(reading)
        if term is not None:
            terms.append(term)
    return _all(terms)


def _all(terms: list[Matches]) -> Matches | None:
    if len(terms) < 2:
        return terms[0] if terms else None
    return lambda subject: all(term(subject) for term in terms)


def _term(reading: _Reading) -> Matches | None:
    token = reading.take()
    if token["not"] or token["word"] == "NOT":
        following = reading.next()
        if following is None or following["close"] or _is_or(following) or reading.deep >= _MOST_DEEP:
            return None
        reading.deep += 1
        inner = _term(reading)
        reading.deep -= 1
        return None if inner is None else lambda subject: not inner(subject)
    if token["open"]:
        return _group(reading)
    if token["field"]:
        return _field(reading, token)
    return _word((token["phrase"] or token["word"]).strip('"'))


def _group(reading: _Reading) -> Matches | None:
    if reading.deep >= _MOST_DEEP:
        return None
    reading.deep += 1
    inner = _either(reading)
    reading.deep -= 1
    if (closing := reading.next()) is not None and closing["close"]:
        reading.take()
    return inner


def _is_or(token: re.Match[str]) -> bool:
    return bool(token["or"]) or token["word"] == "OR"


def _word(text: str) -> Matches | None:
    wanted = folded(text)
    if not wanted.strip("-"):
        return None
    return lambda subject: wanted in folded(subject.name) or wanted in folded(PurePath(subject.folder).name)


def _field(reading: _Reading, token: re.Match[str]) -> Matches | None:
    typed, operator, value = token["field"].lower(), token["operator"], token["value"].strip('"')
    name = SYNONYMS.get(typed, typed)
    known = FIELDS.get(name)
    if known is None:
        return _unknown_field(reading, token)
    if not value:
        return None
    if operator == "=" and "=" not in known.operators:
        operator = ":"
    try:
        if operator not in known.operators:
            raise ValueError(operator)  # noqa: TRY301 - said as any other value that does not fit
        test = known.read(operator, value)
    except (ValueError, OverflowError):
        reading.troubles.append(_not_understood(token, known.examples, known.values))
        return None
    reading.needs.add(name)

    def matches(subject: Subject) -> bool:
        found = getattr(subject, name)
        return found is not None and test(found)

    return matches


def _unknown_field(reading: _Reading, token: re.Match[str]) -> Matches | None:
    """``12:30`` or ``C:`` may be in a name; ``colour:red`` is a mistake that is worth a word."""
    if not token["value"]:
        return None
    fields = join_list(FIELDS)
    sentence = _("There is no field “{name}”. Fields are {fields}.").format(
        name=token["field"], fields=fields
    )
    reading.troubles.append(Trouble(token.start(), len(token[0]), sentence))
    return None


_EXAMPLE = marked("“{term}” is not understood. Type for example {example}.")
_VALUES = marked("“{term}” is not understood. It may be {values}.")


def _not_understood(token: re.Match[str], examples: tuple[str, ...], values: tuple[str, ...]) -> Trouble:
    if values:
        sentence = _(_VALUES).format(term=token[0], values=join_list(values))
    else:
        sentence = _(_EXAMPLE).format(term=token[0], example=examples[0])
    return Trouble(token.start(), len(token[0]), sentence)

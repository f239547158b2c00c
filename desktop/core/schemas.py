"""JSON schemas for answers: the value, what is wrong with one, and what OpenAI's strict mode asks for.

A schema is kept as the text that was written, so that nobody's layout is lost. `check` says at once what
keeps it from being used at all; `strict_flaws` says what keeps a server from guaranteeing the answer's shape,
and `schema_repair.make_strict` mends that. Both are for a text of at most `MOST_CHARS`, and quick enough for
every keystroke.

The meaning of the words is that of JSON Schema 2020-12. No library: the sentences of the known one cannot be
translated, it follows references into the network unless told otherwise, and a pattern or a web of references
can keep it busy for ever, with the interpreter locked.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from typing import Any

from desktop.core.json_text import JsonFaultError, Path, Place, Spot, parse_json, place_of, spots
from desktop.core.schema_faults import Flaw, FlawKind, faults, strict_faults

MOST_CHARS = 30_000
MOST_SCHEMAS = 50
"""Of the user's own, which are kept with the settings."""
MOST_KEPT_CHARS = 100_000
"""Of all of them together: the settings' file holds a million bytes."""
MOST_NAME_CHARS = 60
MOST_DEPTH = 40
"""Of brackets; each level of a schema takes two or three."""
_MOST_FLAWS = 20
_NAME_CHARS = 64


@dataclass(frozen=True, slots=True)
class AnswerSchema:
    """The shape that an answer is to have.

    Attributes:
        name: as the user sees it.
        text: the JSON schema as it was written.
    """

    name: str
    text: str


def read_schema(table: object) -> AnswerSchema:
    """A schema of a stored table; its text may be one that `check` refuses, and is kept all the same.

    Raises:
        ValueError: the table is something else.
    """
    if not isinstance(table, Mapping) or table.keys() != {"name", "text"}:
        raise ValueError
    name, text = table["name"], table["text"]
    if not isinstance(name, str) or not isinstance(text, str):
        raise ValueError  # noqa: TRY004 - a wrong value of a file, like all the others
    if not 0 < len(name.strip()) <= MOST_NAME_CHARS or not name.isprintable() or len(text) > MOST_CHARS:
        raise ValueError
    return AnswerSchema(name, text)


def check(text: str) -> Flaw | None:
    """What keeps this from being the schema of an answer; None if nothing does. The first thing only."""
    return _judged(text).flaw


def strict_flaws(text: str) -> tuple[Flaw, ...]:
    """What OpenAI's strict mode refuses in a schema that passes `check`; at most 20 things, in order."""
    return _judged(text).strict


def is_strict(schema: AnswerSchema) -> bool:
    """Whether a server can be asked to guarantee the shape."""
    judged = _judged(schema.text)
    return judged.flaw is None and not judged.strict


def wire_schema(text: str) -> dict[str, Any]:
    """The schema as it goes into a request.

    Raises:
        ValueError: `check` finds something.
    """
    schema_value(text)
    return dict(json.loads(text))


def schema_value(text: str) -> dict[str, Any]:
    """The schema itself; do not change it.

    Raises:
        ValueError: `check` finds something.
    """
    judged = _judged(text)
    if judged.flaw is not None or judged.value is None:
        raise ValueError(judged.flaw)
    return judged.value


def wire_name(name: str) -> str:
    """The name as ``response_format`` takes it: at most 64 of a-z, A-Z, 0-9, ``_`` and ``-``."""
    plain = re.sub(r"[^A-Za-z0-9_-]+", "_", name).strip("_")[:_NAME_CHARS]
    return plain or "answer"


@dataclass(frozen=True, slots=True)
class _Judged:
    value: dict[str, Any] | None
    flaw: Flaw | None
    strict: tuple[Flaw, ...] = ()


@lru_cache(maxsize=64)
def _judged(text: str) -> _Judged:
    try:
        value = parse_json(text, most_chars=MOST_CHARS, most_depth=MOST_DEPTH)
    except JsonFaultError as error:
        flaw = Flaw(kind=FlawKind.NOT_JSON, place=place_of(text, error.offset), json=error.fault)
        return _Judged(None, flaw)
    places: dict[Path, Spot] = {}
    for spot in spots(text):
        places[spot.path] = spot
        if spot.repeats:
            word = str(spot.path[-1])
            return _Judged(
                None,
                Flaw(kind=FlawKind.TWICE, path=spot.path, place=place_of(text, spot.offset), word=word),
            )
    found = next(faults(value), None)
    if found is not None:
        return _Judged(None, _placed(found, text, places))
    strict = tuple(_placed(flaw, text, places) for flaw in islice(strict_faults(value), _MOST_FLAWS))
    return _Judged(value, None, strict)


def _placed(flaw: Flaw, text: str, places: Mapping[Path, Spot]) -> Flaw:
    path = flaw.path
    while path and path not in places:
        path = path[:-1]
    place = place_of(text, places[path].offset) if path in places else Place(1, 1)
    return Flaw(
        kind=flaw.kind, path=flaw.path, place=place, json=flaw.json, word=flaw.word, wanted=flaw.wanted
    )

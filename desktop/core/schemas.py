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
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from itertools import islice
from typing import Any

from desktop.core.json_text import (
    JsonFault,
    JsonFaultError,
    Path,
    Place,
    Spot,
    parse_json,
    path_text,
    place_of,
    spots,
)
from desktop.core.schema_words import (
    COUNTS,
    LISTS_OF_SCHEMAS,
    MAPS_OF_SCHEMAS,
    NUMBERS,
    SCHEMAS,
    STRICT_WORDS,
    TYPES,
)

MOST_CHARS = 30_000
MOST_SCHEMAS = 50
"""Of the user's own, which are kept with the settings."""
MOST_KEPT_CHARS = 100_000
"""Of all of them together: the settings' file holds a million bytes."""
MOST_NAME_CHARS = 60
MOST_DEPTH = 40
"""Of brackets; each level of a schema takes two or three."""
MOST_STRICT_LEVELS = 10
"""Levels of objects and lists that OpenAI's strict mode takes. This and `MOST_STRICT_VALUES` are from
"Supported schemas" in https://platform.openai.com/docs/guides/structured-outputs."""
MOST_STRICT_VALUES = 1000
"""Values of all ``enum`` together that it takes; its other limits lie above `MOST_CHARS`."""
_MOST_FLAWS = 20
_NAME_CHARS = 64
STRICT_FORMATS = frozenset(
    {"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"}
)


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


class FlawKind(StrEnum):
    """What is wrong with a schema. `schema_sentences` has the words."""

    NOT_JSON = "not_json"
    TWICE = "twice"
    NOT_AN_OBJECT = "not_an_object"
    NOT_A_SCHEMA = "not_a_schema"
    WRONG_TYPE = "wrong_type"
    WRONG_VALUE = "wrong_value"
    UNKNOWN_REQUIRED = "unknown_required"
    NETWORK = "network"
    REF_LEADS_NOWHERE = "ref_leads_nowhere"
    REF_LOOPS = "ref_loops"
    # What strict mode refuses
    OPEN = "open"
    OPTIONAL = "optional"
    UNSUPPORTED = "unsupported"
    NO_TYPE = "no_type"
    ROOT_CHOICE = "root_choice"
    TOO_MANY_LEVELS = "too_many_levels"
    TOO_MANY_VALUES = "too_many_values"


@dataclass(frozen=True, slots=True, kw_only=True)
class Flaw:
    """One thing that is wrong with a schema.

    Attributes:
        kind: what it is.
        path: where in the schema.
        place: the same in the text.
        json: why it is no JSON, for NOT_JSON.
        word: the keyword, name or value that it is about.
        wanted: what may stand there.
    """

    kind: FlawKind
    path: Path = ()
    place: Place = field(default=Place(1, 1))
    json: JsonFault | None = None
    word: str = ""
    wanted: str = ""

    @property
    def where(self) -> str:
        """The path as shown."""
        return path_text(self.path)


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
    found = next(_faults(value), None)
    if found is not None:
        return _Judged(None, _placed(found, text, places))
    strict = tuple(_placed(flaw, text, places) for flaw in islice(_strict(value), _MOST_FLAWS))
    return _Judged(value, None, strict)


def _placed(flaw: Flaw, text: str, places: Mapping[Path, Spot]) -> Flaw:
    path = flaw.path
    while path and path not in places:
        path = path[:-1]
    place = place_of(text, places[path].offset) if path in places else Place(1, 1)
    return Flaw(
        kind=flaw.kind, path=flaw.path, place=place, json=flaw.json, word=flaw.word, wanted=flaw.wanted
    )


def subschemas(schema: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:  # noqa: ANN401 - JSON is any
    """A schema and all within it, the outer before the inner, each with the way to it."""
    todo: list[tuple[Path, Any]] = [(path, schema)]
    while todo:
        at, found = todo.pop()
        yield at, found
        if isinstance(found, dict):
            todo += reversed(list(_within(found, at)))


def _within(schema: dict[str, Any], path: Path) -> Iterator[tuple[Path, Any]]:
    for word, value in schema.items():
        at = (*path, word)
        if word in SCHEMAS:
            yield at, value
        elif word in LISTS_OF_SCHEMAS and isinstance(value, list):
            yield from (((*at, number), one) for number, one in enumerate(value))
        elif word in MAPS_OF_SCHEMAS and isinstance(value, dict):
            yield from (((*at, name), one) for name, one in value.items())


def resolved(root: dict[str, Any], reference: str) -> Any:  # noqa: ANN401 - JSON is any
    """What a reference within the schema leads to.

    Raises:
        LookupError: nothing is there.
    """
    if reference in ("#", "#/"):
        return root
    found: Any = root
    for step in reference.removeprefix("#/").split("/"):
        name = step.replace("~1", "/").replace("~0", "~")
        if isinstance(found, list) and name.isascii() and name.isdigit():
            found = found[int(name)]
        elif isinstance(found, dict):
            found = found[name]
        else:
            raise LookupError(reference)
    return found


def _faults(root: Any) -> Iterator[Flaw]:  # noqa: ANN401 - JSON is any
    if not isinstance(root, dict):
        yield Flaw(kind=FlawKind.NOT_AN_OBJECT)
        return
    for path, schema in subschemas(root):
        if isinstance(schema, dict):
            yield from _word_faults(schema, path)
            yield from _reference_faults(schema, path, root)
        elif not isinstance(schema, bool):
            yield Flaw(kind=FlawKind.NOT_A_SCHEMA, path=path)
    if _behind_references(root, root).get("type") != "object":
        yield Flaw(kind=FlawKind.NOT_AN_OBJECT, path=("type",))


def _word_faults(schema: dict[str, Any], path: Path) -> Iterator[Flaw]:
    for word, value in schema.items():
        wanted = _wanted(word, value)
        if wanted:
            yield Flaw(kind=FlawKind.WRONG_VALUE, path=(*path, word), word=word, wanted=wanted)
    yield from _type_faults(schema.get("type", "object"), (*path, "type"))
    required, properties = schema.get("required"), schema.get("properties")
    if isinstance(required, list) and isinstance(properties, dict) and properties:
        for number, name in enumerate(required):
            if name not in properties:
                yield Flaw(kind=FlawKind.UNKNOWN_REQUIRED, path=(*path, "required", number), word=str(name))


def _type_faults(value: Any, path: Path) -> Iterator[Flaw]:  # noqa: ANN401 - JSON is any
    names = value if isinstance(value, list) and value else [value]
    for number, name in enumerate(names):
        if not isinstance(name, str) or name not in TYPES:
            at = (*path, number) if isinstance(value, list) and value else path
            shown = name if isinstance(name, str) else ""
            yield Flaw(kind=FlawKind.WRONG_TYPE, path=at, word=shown, wanted=", ".join(TYPES))


def _wanted(word: str, value: Any) -> str:  # noqa: ANN401, PLR0911 - JSON is any; a row for each kind of word
    """What a keyword's value must be, if it is something else; empty if it is right."""
    if word in MAPS_OF_SCHEMAS:
        return "" if isinstance(value, dict) else "{ }"
    if word in LISTS_OF_SCHEMAS:
        return "" if isinstance(value, list) and value else "[ { } ]"
    if word == "required":
        right = isinstance(value, list) and all(isinstance(name, str) for name in value)
        return "" if right else '[ "…" ]'
    if word == "enum":
        return "" if isinstance(value, list) and value else "[ … ]"
    if word in COUNTS:
        return "" if type(value) is int and value >= 0 else "0, 1, 2, …"
    if word in NUMBERS:
        number = type(value) in (int, Decimal)
        return "" if number and (word != "multipleOf" or value > 0) else "1.5"
    if word in ("description", "title", "format", "pattern", "$ref"):
        return "" if isinstance(value, str) else '"…"'
    return ""


def _reference_faults(schema: dict[str, Any], path: Path, root: dict[str, Any]) -> Iterator[Flaw]:
    for word in ("$ref", "$dynamicRef", "$recursiveRef"):
        reference = schema.get(word)
        if not isinstance(reference, str):
            continue
        at = (*path, word)
        if not reference.startswith("#"):
            yield Flaw(kind=FlawKind.NETWORK, path=at, word=reference)
            return
        try:
            target = resolved(root, reference)
        except (LookupError, ValueError):
            yield Flaw(kind=FlawKind.REF_LEADS_NOWHERE, path=at, word=reference)
            return
        if not isinstance(target, dict | bool):
            yield Flaw(kind=FlawKind.REF_LEADS_NOWHERE, path=at, word=reference)
        elif word == "$ref" and _loops(schema, root):
            yield Flaw(kind=FlawKind.REF_LOOPS, path=at, word=reference)


def _loops(schema: dict[str, Any], root: dict[str, Any]) -> bool:
    """Whether following references from here never comes to an end."""
    seen: set[int] = set()
    at: Any = schema
    while isinstance(at, dict) and isinstance(at.get("$ref"), str):
        if id(at) in seen:
            return True
        seen.add(id(at))
        try:
            at = resolved(root, at["$ref"])
        except (LookupError, ValueError):
            return False
    return False


def _behind_references(schema: dict[str, Any], root: dict[str, Any]) -> dict[str, Any]:
    for _step in range(MOST_DEPTH):
        if "$ref" not in schema or "type" in schema:
            break
        found = resolved(root, schema["$ref"])
        if not isinstance(found, dict):
            break
        schema = found
    return schema


def _strict(root: dict[str, Any]) -> Iterator[Flaw]:
    if "anyOf" in root:
        yield Flaw(kind=FlawKind.ROOT_CHOICE, path=("anyOf",))
    values = 0
    for path, schema in subschemas(root):
        if not isinstance(schema, dict):
            if path[-1:] != ("additionalProperties",):
                yield Flaw(kind=FlawKind.NO_TYPE, path=path)
            continue
        if _levels(path) > MOST_STRICT_LEVELS:
            yield Flaw(kind=FlawKind.TOO_MANY_LEVELS, path=path, wanted=str(MOST_STRICT_LEVELS))
            return
        values += len(schema.get("enum", ()))
        if values > MOST_STRICT_VALUES:
            yield Flaw(kind=FlawKind.TOO_MANY_VALUES, path=(*path, "enum"), wanted=str(MOST_STRICT_VALUES))
            return
        yield from _strict_words(schema, path)


def _strict_words(schema: dict[str, Any], path: Path) -> Iterator[Flaw]:
    for word, value in schema.items():
        refused = word not in STRICT_WORDS or (word == "format" and value not in STRICT_FORMATS)
        if refused:
            shown = f"{word}: {value}" if word == "format" else word
            yield Flaw(kind=FlawKind.UNSUPPORTED, path=(*path, word), word=shown)
    if not schema.keys() & {"type", "anyOf", "$ref"}:
        yield Flaw(kind=FlawKind.NO_TYPE, path=path)
    if not is_object(schema):
        return
    if schema.get("additionalProperties") is not False:
        yield Flaw(kind=FlawKind.OPEN, path=path)
    missing = [name for name in schema.get("properties", {}) if name not in schema.get("required", ())]
    if missing:
        yield Flaw(kind=FlawKind.OPTIONAL, path=(*path, "properties", missing[0]), word=missing[0])


def is_object(schema: Mapping[str, Any]) -> bool:
    """Whether it describes objects, by its type or by their properties."""
    kind = schema.get("type")
    named = kind == "object" or (isinstance(kind, list) and "object" in kind)
    return named or "properties" in schema


def _levels(path: Path) -> int:
    """How many objects and lists are around a subschema, itself included."""
    return 1 + sum(step in ("properties", "items") for step in path if isinstance(step, str))

"""What may be wrong with a schema, as values: with its form, and with what strict mode takes.

`schemas.check` and `schemas.strict_flaws` give places in the text to what is found here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from desktop.core.json_text import JsonFault, Path, Place, path_text
from desktop.core.schema_words import (
    COUNTS,
    LISTS_OF_SCHEMAS,
    MAPS_OF_SCHEMAS,
    NUMBERS,
    SCHEMAS,
    STRICT_WORDS,
    TYPES,
)

MOST_STRICT_LEVELS = 10
"""Levels of objects and lists that OpenAI's strict mode takes. This and `MOST_STRICT_VALUES` are from
"Supported schemas" in https://platform.openai.com/docs/guides/structured-outputs."""
MOST_STRICT_VALUES = 1000
"""Values of all ``enum`` together that it takes; its other limits lie above `MOST_CHARS`."""
_MOST_REFERENCES = 40
STRICT_FORMATS = frozenset(
    {"date-time", "time", "date", "duration", "email", "hostname", "ipv4", "ipv6", "uuid"}
)


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


def faults(root: Any) -> Iterator[Flaw]:  # noqa: ANN401 - JSON is any
    """What keeps a value from being the schema of an answer."""
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
    for _step in range(_MOST_REFERENCES):
        if "$ref" not in schema or "type" in schema:
            break
        found = resolved(root, schema["$ref"])
        if not isinstance(found, dict):
            break
        schema = found
    return schema


def strict_faults(root: dict[str, Any]) -> Iterator[Flaw]:
    """What strict mode refuses in a schema that has no faults."""
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

"""Whether an answer has the shape that its schema asks for, and if not, where.

Bounded: a check takes at most `_MOST_STEPS` steps, whatever schema and answer are. Some words of JSON Schema
are not looked at (`schema_words.UNCHECKED`); `Fit.unchecked` names those that the schema has.
"""

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from itertools import islice
from typing import Any

from desktop.core.json_text import Path, compact, path_text
from desktop.core.schema_faults import resolved, subschemas
from desktop.core.schema_words import UNCHECKED
from desktop.core.schemas import AnswerSchema, schema_value

_MOST_STEPS = 400_000
_MOST_MISFITS = 5
_MOST_LEVELS = 200


class MisfitKind(StrEnum):
    """How a value differs from what is asked for."""

    TYPE = "type"
    VALUE = "value"
    MISSING = "missing"
    EXTRA = "extra"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    NOT_A_MULTIPLE = "not_a_multiple"
    TOO_FEW = "too_few"
    TOO_MANY = "too_many"
    NONE_OF = "none_of"
    SEVERAL_OF = "several_of"
    FORBIDDEN = "forbidden"


@dataclass(frozen=True, slots=True)
class Misfit:
    """One value that does not fit.

    Attributes:
        path: which.
        kind: why.
        wanted: what the schema asks for: a type, a limit, the name of a property.
    """

    path: Path
    kind: MisfitKind
    wanted: str = ""

    @property
    def where(self) -> str:
        """The path as shown."""
        return path_text(self.path)


@dataclass(frozen=True, slots=True)
class Fit:
    """The result of a check.

    Attributes:
        misfits: the first few, in the order of the answer; none if it fits.
        unchecked: words of the schema that were not looked at.
        whole: all of the answer was looked at.
    """

    misfits: tuple[Misfit, ...] = ()
    unchecked: tuple[str, ...] = ()
    whole: bool = True

    @property
    def fits(self) -> bool:
        """Nothing was found that does not fit."""
        return not self.misfits


class _EnoughError(Exception):
    """The check took its steps."""


def fit(schema: AnswerSchema, value: Any) -> Fit:  # noqa: ANN401 - JSON is any
    """Hold a value of `parse_json` against a schema.

    Raises:
        ValueError: the schema is none (`schemas.check`).
    """
    root = schema_value(schema.text)
    unchecked: set[str] = set()
    for _path, part in subschemas(root):
        if isinstance(part, dict):
            unchecked |= part.keys() & UNCHECKED
    checking = _Checking(root)
    found: list[Misfit] = []
    try:
        found += islice(checking.misfits(root, value, (), 0), _MOST_MISFITS)
    except _EnoughError:
        return Fit((), tuple(sorted(unchecked)), whole=False)
    return Fit(tuple(found), tuple(sorted(unchecked)))


@dataclass(slots=True)
class _Checking:
    root: dict[str, Any]
    steps: int = 0

    def misfits(self, schema: Any, value: Any, path: Path, level: int) -> Iterator[Misfit]:  # noqa: ANN401
        """What of ``value`` does not fit ``schema``."""
        self.steps += 1
        if self.steps > _MOST_STEPS or level > _MOST_LEVELS:
            raise _EnoughError
        if schema is True:
            return
        if schema is False:
            yield Misfit(path, MisfitKind.FORBIDDEN)
            return
        if "$ref" in schema:
            yield from self.misfits(resolved(self.root, schema["$ref"]), value, path, level + 1)
        wrong = self._wrong_itself(schema, value, path)
        if wrong is not None:
            # What is of another type would only fail in more ways.
            yield wrong
            return
        yield from self._choices(schema, value, path, level)
        if isinstance(value, dict):
            yield from self._properties(schema, value, path, level)
        elif isinstance(value, list):
            yield from self._items(schema, value, path, level)

    def _wrong_itself(self, schema: dict[str, Any], value: Any, path: Path) -> Misfit | None:  # noqa: ANN401
        kinds = schema.get("type", ())
        listed = [kinds] if isinstance(kinds, str) else list(kinds)
        if listed and not any(_is(value, kind) for kind in listed):
            return Misfit(path, MisfitKind.TYPE, ", ".join(listed))
        if "enum" in schema:
            self.steps += len(schema["enum"])
            if not any(_same(value, one) for one in schema["enum"]):
                return Misfit(path, MisfitKind.VALUE, compact(schema["enum"][:10])[1:-1])
        if "const" in schema and not _same(value, schema["const"]):
            return Misfit(path, MisfitKind.VALUE, compact(schema["const"]))
        return _wrong_amount(schema, value, path)

    def _choices(self, schema: dict[str, Any], value: Any, path: Path, level: int) -> Iterator[Misfit]:  # noqa: ANN401
        for part in schema.get("allOf", ()):
            yield from self.misfits(part, value, path, level + 1)
        for word, most in (("anyOf", None), ("oneOf", 1)):
            if word not in schema:
                continue
            fitting = sum(self._fits(part, value, path, level) for part in schema[word])
            if fitting == 0:
                yield Misfit(path, MisfitKind.NONE_OF)
            elif most is not None and fitting > most:
                yield Misfit(path, MisfitKind.SEVERAL_OF)
        if "not" in schema and self._fits(schema["not"], value, path, level):
            yield Misfit(path, MisfitKind.FORBIDDEN)

    def _fits(self, schema: Any, value: Any, path: Path, level: int) -> bool:  # noqa: ANN401 - JSON is any
        return next(self.misfits(schema, value, path, level + 1), None) is None

    def _properties(
        self, schema: dict[str, Any], value: dict[str, Any], path: Path, level: int
    ) -> Iterator[Misfit]:
        for name in schema.get("required", ()):
            if name not in value:
                yield Misfit(path, MisfitKind.MISSING, name)
        properties, others = schema.get("properties", {}), schema.get("additionalProperties", True)
        for name, inner in value.items():
            if name in properties:
                yield from self.misfits(properties[name], inner, (*path, name), level + 1)
            elif "patternProperties" in schema:
                continue
            elif others is False:
                yield Misfit((*path, name), MisfitKind.EXTRA)
            else:
                yield from self.misfits(others, inner, (*path, name), level + 1)

    def _items(self, schema: dict[str, Any], value: list[Any], path: Path, level: int) -> Iterator[Misfit]:
        first = schema.get("prefixItems", ())
        for number, inner in enumerate(value):
            part = first[number] if number < len(first) else schema.get("items", True)
            yield from self.misfits(part, inner, (*path, number), level + 1)


def _wrong_amount(schema: dict[str, Any], value: Any, path: Path) -> Misfit | None:  # noqa: ANN401
    """A number, a length or a count that is too small or too large."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return _wrong_number(schema, value, path)
    words = _COUNTED.get(type(value))
    return _wrong_count(schema, len(value), path, words) if words else None


_COUNTED: dict[type, tuple[str, str]] = {
    str: ("minLength", "maxLength"),
    list: ("minItems", "maxItems"),
    dict: ("minProperties", "maxProperties"),
}


def _wrong_number(schema: dict[str, Any], value: int | Decimal, path: Path) -> Misfit | None:
    for word, kind, is_wrong in _LIMITS:
        limit = schema.get(word)
        if limit is not None and is_wrong(value, limit):
            return Misfit(path, kind, str(limit))
    return None


def _is_multiple(value: int | Decimal, step: int | Decimal) -> bool:
    try:
        return value % step == 0
    except ArithmeticError:
        # More digits than can be told: not held against the answer.
        return True


_LIMITS: tuple[tuple[str, MisfitKind, Callable[[Any, Any], bool]], ...] = (
    ("minimum", MisfitKind.TOO_SMALL, operator.lt),
    ("exclusiveMinimum", MisfitKind.TOO_SMALL, operator.le),
    ("maximum", MisfitKind.TOO_LARGE, operator.gt),
    ("exclusiveMaximum", MisfitKind.TOO_LARGE, operator.ge),
    ("multipleOf", MisfitKind.NOT_A_MULTIPLE, lambda value, step: not _is_multiple(value, step)),
)


def _wrong_count(schema: dict[str, Any], count: int, path: Path, words: tuple[str, str]) -> Misfit | None:
    least, most = schema.get(words[0], 0), schema.get(words[1], count)
    if count < least:
        return Misfit(path, MisfitKind.TOO_FEW, str(least))
    return Misfit(path, MisfitKind.TOO_MANY, str(most)) if count > most else None


def _is(value: Any, kind: str) -> bool:  # noqa: ANN401 - JSON is any
    if isinstance(value, bool):
        return kind == "boolean"
    if kind == "integer":
        return isinstance(value, int) or (isinstance(value, Decimal) and value == value.to_integral_value())
    return isinstance(value, _PYTHON.get(kind, ()))


_PYTHON: dict[str, tuple[type, ...]] = {
    "string": (str,),
    "number": (int, Decimal),
    "object": (dict,),
    "array": (list,),
    "null": (type(None),),
}


def _same(one: Any, other: Any) -> bool:  # noqa: ANN401 - JSON is any
    """Equal as JSON: to Python 1 is True."""
    if isinstance(one, bool) or isinstance(other, bool):
        return one is other
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_same, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_same(one[name], other[name]) for name in one)
    return bool(one == other)

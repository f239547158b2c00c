"""An answer in JSON as a table: rows to read, to sort out, and to copy as CSV or JSON.

What becomes of it: a list of objects is a row for each; so is the one list of objects within an object, whose
other values are fields above the table; an object with ``columns`` and ``rows`` is what it says; an object
without any such list is a row for each of its fields; a list of anything else has one column. What is nested
deeper is shown as JSON on one line. Everything is bounded, whatever a server sends.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from typing import Any

from desktop.core.csv_cells import csv_lines, harmless
from desktop.core.json_text import JsonFaultError, compact, indented, parse_json
from desktop.core.schema_faults import resolved
from desktop.core.schemas import AnswerSchema, schema_value
from desktop.core.text import without_controls

MOST_CHARS = 4_000_000
MOST_ROWS = 50_000
MOST_COLUMNS = 60
_MOST_DEPTH = 64
_MOST_LAID_OUT = 50_000
_MOST_PROSE = 200
"""Characters before a fence: "Here is what I found:", and not an answer in words."""
_FENCE = "```"

Cell = str | int | Decimal | bool | None


class Shape(StrEnum):
    """What the rows of a table are."""

    OBJECTS = "objects"
    CELLS = "cells"
    FIELDS = "fields"
    VALUES = "values"


FIELD_COLUMNS = ("field", "value")
"""Columns of `Shape.FIELDS`; `Shape.VALUES` has the second only."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerTable:
    """An answer as rows and columns.

    Attributes:
        shape: what the rows are.
        name: of the list within the answer; empty where there is no name.
        columns: their names as in the answer.
        rows: as many cells each as there are columns.
        fields: what is beside the rows, by name.
        numeric: columns that hold numbers only.
        left_out: rows beyond `MOST_ROWS`.
        value: the answer, as `parse_json` gives it.
        source: the answer as it came, without a fence around it.
    """

    shape: Shape
    name: str = ""
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    fields: tuple[tuple[str, Cell], ...] = ()
    numeric: frozenset[int] = frozenset()
    left_out: int = 0
    value: Any = field(default=None, repr=False)
    source: str = field(default="", repr=False)


def json_in(text: str) -> str | None:
    """The JSON of an answer: all of it, or what is in one fence at its end; None if it has no such form."""
    if len(text) > MOST_CHARS:
        return None
    bare = text.strip()
    if bare[:1] in ("{", "["):
        return bare
    at = bare.find(_FENCE)
    if not 0 <= at <= _MOST_PROSE or not bare.endswith(_FENCE):
        return None
    language, _line, inner = bare[at + len(_FENCE) : -len(_FENCE)].partition("\n")
    inner = inner.strip()
    is_json = language.strip().lower() in ("", "json") and inner[:1] in ("{", "[")
    return inner if is_json and _FENCE not in inner else None


def answer_table(text: str, schema: AnswerSchema | None = None) -> AnswerTable | None:
    """The table of an answer; None if it is no JSON, or none that is a table.

    Args:
        text: the answer, finished.
        schema: gives the order of columns, and those of a list without rows.
    """
    source = json_in(text)
    if source is None:
        return None
    try:
        value = parse_json(source, most_chars=MOST_CHARS, most_depth=_MOST_DEPTH)
    except JsonFaultError:
        return None
    return table_of(value, source, known=outline_of(schema).columns if schema else ())


def table_of(value: Any, source: str, *, known: Sequence[str] = ()) -> AnswerTable:  # noqa: ANN401 - JSON is any
    """The table of an object or a list."""
    if isinstance(value, list):
        return _of_list(value, (), "", known, value, source)
    name = _list_name(value)
    if name is None:
        rows = tuple((key, cell(inner)) for key, inner in value.items())
        return AnswerTable(
            shape=Shape.FIELDS,
            columns=FIELD_COLUMNS,
            rows=rows[:MOST_ROWS],
            left_out=max(0, len(rows) - MOST_ROWS),
            value=value,
            source=source,
        )
    rest = [(key, inner) for key, inner in value.items() if key != name]
    headings: Sequence[str] = ()
    if _is_cells(value[name]) and _is_texts(value.get("columns")):
        headings = value["columns"]
        rest = [(key, inner) for key, inner in rest if key != "columns"]
    fields = tuple((key, cell(inner)) for key, inner in rest)
    return _of_list(value[name], fields, name, headings or known, value, source)


def cell(value: Any) -> Cell:  # noqa: ANN401 - JSON is any
    """A value as it stands in a cell."""
    return compact(value) if isinstance(value, list | dict) else value


@dataclass(frozen=True, slots=True)
class Outline:
    """What the table of an answer will look like.

    Attributes:
        fields: beside the rows.
        columns: of the rows; empty where only the answer tells.
    """

    fields: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()


def outline_of(schema: AnswerSchema) -> Outline:
    """What a schema tells of its answers' table; nothing for one that `schemas.check` refuses."""
    try:
        root = schema_value(schema.text)
    except ValueError:
        return Outline()
    properties = _followed(root, root).get("properties", {})
    items = {name: _followed(one, root).get("items") for name, one in properties.items()}
    lists = {name: _followed(item, root) for name, item in items.items() if item is not None}
    objects = [name for name, item in lists.items() if item.get("properties")]
    if len(objects) == 1:
        fields = tuple(name for name in properties if name != objects[0])
        return Outline(fields, tuple(lists[objects[0]]["properties"]))
    if not objects and "rows" in lists and lists["rows"].get("type") == "array":
        return Outline(tuple(name for name in properties if name not in ("rows", "columns")))
    if not objects and len(properties) == len(lists) == 1:
        return Outline((), FIELD_COLUMNS[1:])
    return Outline(tuple(properties))


def to_csv(table: AnswerTable) -> str:
    """The table as CSV, its fields as columns before the others, the same in each row: nothing is lost."""
    taken = {name for name, _value in table.fields}
    names = [f"{table.name}.{name}" if name in taken and table.name else name for name in table.columns]
    fields = [value for _name, value in table.fields]
    rows: Iterable[Sequence[Cell]] = table.rows
    if not table.rows:
        rows = [[None] * len(names)] if fields else []
    headings = [harmless(without_controls(name)) for name in (*(name for name, _v in table.fields), *names)]
    return csv_lines(headings, ([_csv_cell(value) for value in (*fields, *row)] for row in rows))


def to_json(table: AnswerTable) -> str:
    """The whole answer, numbers and names as they came; laid out, unless that would take long."""
    return indented(table.source) if len(table.source) <= _MOST_LAID_OUT else table.source


def _csv_cell(value: Cell) -> str | int | Decimal | None:
    if isinstance(value, bool):
        return "true" if value else "false"
    return harmless(without_controls(value)) if isinstance(value, str) else value


def _of_list(
    items: list[Any],
    fields: tuple[tuple[str, Cell], ...],
    name: str,
    known: Sequence[str],
    value: Any,  # noqa: ANN401 - JSON is any
    source: str,
) -> AnswerTable:
    shown = items[:MOST_ROWS]
    shape, columns, rows = _rows(shown, known)
    return AnswerTable(
        shape=shape,
        name=name,
        columns=columns,
        rows=rows,
        fields=fields,
        numeric=_numeric(rows, len(columns)),
        left_out=len(items) - len(shown),
        value=value,
        source=source,
    )


def _rows(
    items: list[Any], known: Sequence[str]
) -> tuple[Shape, tuple[str, ...], tuple[tuple[Cell, ...], ...]]:
    if all(isinstance(item, dict) for item in items) and (items or known):
        columns = _columns(items, known)
        return Shape.OBJECTS, columns, tuple(tuple(cell(item.get(c)) for c in columns) for item in items)
    if _is_cells(items):
        widest = min(max(len(known), *map(len, items)), MOST_COLUMNS)
        names = (*known, *(str(number) for number in range(len(known) + 1, widest + 1)))[:widest]
        filled = (item + [None] * (widest - len(item)) for item in items)
        return Shape.CELLS, names, tuple(tuple(map(cell, item[:widest])) for item in filled)
    return Shape.VALUES, FIELD_COLUMNS[1:], tuple((cell(item),) for item in items)


def _columns(items: list[dict[str, Any]], known: Sequence[str]) -> tuple[str, ...]:
    """Those that the schema names and some row has, then the others in the order in which they come."""
    names: dict[str, None] = {}
    for item in items:
        names.update(dict.fromkeys(item))
        if len(names) > MOST_COLUMNS:
            break
    first = [name for name in known if name in names or not items]
    return tuple(dict.fromkeys((*first, *names)))[:MOST_COLUMNS]


def _list_name(value: dict[str, Any]) -> str | None:
    """The one list in an object whose items are rows."""
    lists = [name for name, inner in value.items() if isinstance(inner, list)]
    objects = [name for name in lists if value[name] and all(isinstance(item, dict) for item in value[name])]
    if len(objects) == 1:
        return objects[0]
    if objects:
        return None
    if "rows" in lists and _is_cells(value["rows"]):
        return "rows"
    return lists[0] if len(value) == len(lists) == 1 else None


def _is_cells(value: Any) -> bool:  # noqa: ANN401 - JSON is any
    return isinstance(value, list) and bool(value) and all(isinstance(row, list) for row in value)


def _is_texts(value: Any) -> bool:  # noqa: ANN401 - JSON is any
    return isinstance(value, list) and all(isinstance(name, str) for name in value)


def _numeric(rows: Sequence[tuple[Cell, ...]], columns: int) -> frozenset[int]:
    found = set(range(columns)) if rows else set()
    with_numbers: set[int] = set()
    for row in rows:
        for at in tuple(found):
            if isinstance(row[at], bool | str):
                found.discard(at)
            elif row[at] is not None:
                with_numbers.add(at)
    return frozenset(found & with_numbers)


def _followed(schema: Any, root: dict[str, Any]) -> dict[str, Any]:  # noqa: ANN401 - JSON is any
    for _step in range(_MOST_DEPTH):
        if not isinstance(schema, dict) or "$ref" not in schema:
            break
        schema = resolved(root, schema["$ref"])
    return schema if isinstance(schema, dict) else {}

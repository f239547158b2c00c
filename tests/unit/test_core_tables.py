"""Answers as tables, and whether they have the shape that was asked for."""

import csv
import io
import json
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.answer_fit import Fit, MisfitKind, fit
from desktop.core.json_text import indented, parse_json
from desktop.core.schema_presets import SCHEMA_PRESETS
from desktop.core.schema_sentences import fit_sentence
from desktop.core.schemas import AnswerSchema
from desktop.core.shaped import shaped
from desktop.core.tables import (
    MOST_CHARS,
    MOST_ROWS,
    AnswerTable,
    Shape,
    answer_table,
    outline_of,
    to_csv,
    to_json,
)

RECEIPT = """{"merchant": "Corner Bakery", "total": 37.30, "items": [
  {"name": "Sourdough", "quantity": 2, "price": 11.80},
  {"name": "=cmd|' /C calc'!A0", "quantity": null, "price": -4.9, "note": {"a": [1, 2.50]}}
]}"""
SCHEMAS = {preset.id: preset.schema() for preset in SCHEMA_PRESETS}


def table(text: str, schema: AnswerSchema | None = None) -> AnswerTable:
    found = answer_table(text, schema)
    assert found is not None
    return found


def test_the_list_of_objects_in_an_object_is_the_table_and_the_rest_stands_above_it() -> None:
    made = table(RECEIPT)
    assert (made.shape, made.name) == (Shape.OBJECTS, "items")
    assert made.fields == (("merchant", "Corner Bakery"), ("total", Decimal("37.30")))
    assert made.columns == ("name", "quantity", "price", "note")
    assert made.rows[0] == ("Sourdough", 2, Decimal("11.80"), None)
    assert made.rows[1][3] == '{"a": [1, 2.5]}'
    assert made.numeric == {1, 2}


@pytest.mark.parametrize(
    ("text", "shape", "columns", "rows"),
    [
        ('[{"a": 1}, {"b": true}]', Shape.OBJECTS, ("a", "b"), ((1, None), (None, True))),
        ('{"a": 1, "b": [1, 2]}', Shape.FIELDS, ("field", "value"), (("a", 1), ("b", "[1, 2]"))),
        ('["x", 2, null]', Shape.VALUES, ("value",), (("x",), (2,), (None,))),
        ('{"lines": ["x", "y"]}', Shape.VALUES, ("value",), (("x",), ("y",))),
        (
            '{"columns": ["A", "B"], "rows": [["1", "2"], ["3"]]}',
            Shape.CELLS,
            ("A", "B"),
            (("1", "2"), ("3", None)),
        ),
        ("[[1, 2], [3]]", Shape.CELLS, ("1", "2"), ((1, 2), (3, None))),
        ("[]", Shape.VALUES, ("value",), ()),
        ("{}", Shape.FIELDS, ("field", "value"), ()),
        (
            '{"a": [{"x": 1}], "b": [{"y": 2}]}',
            Shape.FIELDS,
            ("field", "value"),
            (("a", '[{"x": 1}]'), ("b", '[{"y": 2}]')),
        ),
    ],
)
def test_what_becomes_of_an_answer(text: str, shape: Shape, columns: Any, rows: Any) -> None:
    made = table(text)
    assert (made.shape, made.columns, made.rows) == (shape, columns, rows)


@pytest.mark.parametrize(
    "text",
    [
        RECEIPT,
        f"```json\n{RECEIPT}\n```",
        f"  ```\n{RECEIPT}```\n\n",
        f"Here is the receipt:\n\n```JSON\r\n{RECEIPT}\r\n```",
    ],
)
def test_a_fence_and_a_word_before_it_are_no_hindrance(text: str) -> None:
    assert table(text).columns == ("name", "quantity", "price", "note")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "There are four items.",
        "42",
        '"a"',
        '{"a": 1} and more words',
        '{"a": 1',
        '{"a": NaN}',
        f"{'word ' * 60}\n```json\n[1]\n```",
        "```json\n[1]\n```\nThese are the numbers that I was unsure about.",
        "```python\n[1]\n```",
        "```json\n[1]\n```\n```json\n[2]\n```",
        "[" * 5000,
        "[" * 65 + "]" * 65,
        '{"a": 1e99999999}',
        "[" + "9" * 5000 + "]",
        "[1," + " " * MOST_CHARS + "2]",
    ],
    ids=lambda text: text[:20],
)
def test_an_answer_in_words_is_no_table(text: str) -> None:
    assert answer_table(text) is None


def test_the_schema_gives_the_order_of_columns_and_those_of_a_list_without_rows() -> None:
    answer = '{"objects": [{"box": [1, 2, 3, 4], "label": "cup", "extra": 1}]}'
    assert table(answer, SCHEMAS["boxes"]).columns == ("label", "box", "extra")
    assert table('{"objects": []}', SCHEMAS["boxes"]).columns == ("label", "box")


def test_the_outline_of_a_schema_is_what_its_answers_look_like() -> None:
    receipt = outline_of(SCHEMAS["receipt"])
    assert receipt.columns == ("description", "quantity", "unit_price", "amount")
    assert receipt.fields == ("merchant", "date", "currency", "tax", "total")
    assert outline_of(SCHEMAS["yes-no"]).fields == ("reason", "answer")
    assert outline_of(SCHEMAS["table"]).columns == ()
    assert outline_of(AnswerSchema("x", "not json")).fields == ()


def test_csv_holds_every_field_and_runs_nothing() -> None:
    rows = list(csv.reader(io.StringIO(to_csv(table(RECEIPT)), newline="")))
    assert rows[0] == ["merchant", "total", "name", "quantity", "price", "note"]
    assert rows[1] == ["Corner Bakery", "37.30", "Sourdough", "2", "11.80", ""]
    assert rows[2][2] == "'=cmd|' /C calc'!A0"
    assert rows[2][4] == "-4.9", "a number is a number"


def test_a_column_that_is_called_like_a_field_keeps_both() -> None:
    made = to_csv(table('{"total": 3, "items": [{"total": 1}]}'))
    assert made.splitlines() == ["total,items.total", "3,1"]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t=", "＝"])
def test_no_cell_of_a_csv_begins_like_a_formula(start: str) -> None:
    made = to_csv(table(json.dumps([{f"{start}H": f"{start}1"}])))
    for row in csv.reader(io.StringIO(made, newline="")):
        assert row[0].startswith("'")


def test_json_comes_out_laid_out_with_its_own_numbers() -> None:
    made = to_json(table('{"a":1.50,"b":[1,2],"c":[{"d":"\\u6536"}],"e":{},"f":[]}'))
    lines = ["{", '  "a": 1.50,', '  "b": [1, 2],', '  "c": [', "    {", '      "d": "收"', "    }", "  ],"]
    assert made.splitlines() == [*lines, '  "e": {},', '  "f": []', "}"]


def test_a_long_list_is_cut_and_says_so() -> None:
    made = table(json.dumps([{"n": number} for number in range(MOST_ROWS + 7)]))
    assert (len(made.rows), made.left_out) == (MOST_ROWS, 7)


def test_an_object_with_thousands_of_names_has_bounded_columns() -> None:
    made = table(json.dumps([{f"k{number}-{row}": 1 for number in range(50)} for row in range(50)]))
    assert len(made.columns) == 60


def test_an_answer_that_fits_and_what_was_not_looked_at() -> None:
    schema = AnswerSchema(
        "a",
        '{"type": "object", "properties": {"a": {"type": "string", "pattern": "(a+)+$", "format": "date"}}}',
    )
    result = fit(schema, {"a": "a" * 5000 + "b"})
    assert result == Fit(unchecked=("format", "pattern"))
    assert fit_sentence(result) == "Fits the schema. Not looked at: “format”, “pattern”."


@pytest.mark.parametrize(
    ("part", "value", "kind"),
    [
        ({"type": "integer"}, Decimal("1.5"), MisfitKind.TYPE),
        ({"type": "integer"}, True, MisfitKind.TYPE),
        ({"type": ["string", "null"]}, 3, MisfitKind.TYPE),
        ({"enum": [1, "a"]}, True, MisfitKind.VALUE),
        ({"const": {"a": [1]}}, {"a": [2]}, MisfitKind.VALUE),
        ({"minimum": 3}, 2, MisfitKind.TOO_SMALL),
        ({"exclusiveMaximum": 3}, 3, MisfitKind.TOO_LARGE),
        ({"multipleOf": Decimal("0.01")}, Decimal("1.005"), MisfitKind.NOT_A_MULTIPLE),
        ({"minLength": 2}, "a", MisfitKind.TOO_FEW),
        ({"maxItems": 1}, [1, 2], MisfitKind.TOO_MANY),
        ({"anyOf": [{"type": "string"}, {"type": "null"}]}, 1, MisfitKind.NONE_OF),
        ({"oneOf": [{"type": "integer"}, {"minimum": 0}]}, 1, MisfitKind.SEVERAL_OF),
        ({"not": {"type": "integer"}}, 1, MisfitKind.FORBIDDEN),
        ({"allOf": [{"type": "integer"}, {"minimum": 5}]}, 1, MisfitKind.TOO_SMALL),
        ({"prefixItems": [{"type": "string"}], "items": False}, ["a", 1], MisfitKind.FORBIDDEN),
        ({"required": ["b"]}, {"a": 1}, MisfitKind.MISSING),
        ({"properties": {}, "additionalProperties": False}, {"a": 1}, MisfitKind.EXTRA),
        ({"additionalProperties": {"type": "string"}}, {"a": 1}, MisfitKind.TYPE),
    ],
)
def test_what_does_not_fit_is_named(part: dict[str, Any], value: Any, kind: MisfitKind) -> None:
    schema = AnswerSchema("a", json.dumps({"type": "object", "properties": {"x": part}}, default=float))
    result = fit(schema, {"x": value})
    assert kind in {misfit.kind for misfit in result.misfits}
    assert result.misfits[0].where.startswith("x")
    assert "x" in fit_sentence(result)


def test_the_path_leads_to_the_very_value() -> None:
    value = parse_json('{"objects": [{"label": "a", "box": [1, 2, 3, "4"]}]}', most_chars=1000, most_depth=9)
    assert fit_sentence(fit(SCHEMAS["boxes"], value)) == (
        "Does not fit the schema: objects[0].box[3] should be: integer"
    )


def test_schemas_that_multiply_end_all_the_same() -> None:
    defs = {f"d{n}": {"allOf": [{"$ref": f"#/$defs/d{n + 1}"}] * 2} for n in range(40)}
    schema = {"type": "object", "properties": {"a": {"$ref": "#/$defs/d0"}}, "$defs": {**defs, "d40": {}}}
    assert not fit(AnswerSchema("a", json.dumps(schema)), {"a": 1}).whole


def test_a_finished_answer_is_looked_at_as_a_whole() -> None:
    found = shaped('{"answer": "yes", "reason": "It is."}', SCHEMAS["yes-no"])
    assert found.table is not None
    assert found.fit is not None
    assert found.fit.fits
    assert found.only_data
    assert not shaped('Here it is:\n```json\n{"answer": "yes"}\n```').only_data
    assert shaped("Yes.", SCHEMAS["yes-no"]).table is None
    assert shaped("[1]", AnswerSchema("broken", "{")).fit is None


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner, max_size=4),
    max_leaves=15,
)


@given(json_values)
def test_any_json_is_a_table_whose_copies_are_whole(value: Any) -> None:
    made = answer_table(json.dumps(value))
    if made is None:
        assert not isinstance(value, dict | list)
        return
    assert json.loads(to_json(made)) == value
    assert all(len(row) == len(made.columns) for row in made.rows)
    lines = list(csv.reader(io.StringIO(to_csv(made), newline="")))
    assert len({len(line) for line in lines}) <= 1


@given(st.text(max_size=80) | st.text(alphabet='{}[]",:1a`\n jsonef\\', max_size=80))
def test_any_answer_is_looked_at(text: str) -> None:
    shaped(text, SCHEMAS["receipt"])


@given(json_values)
def test_layout_changes_nothing(value: Any) -> None:
    text = json.dumps(value)
    assert json.loads(indented(text)) == value
    assert indented(indented(text)) == indented(text)

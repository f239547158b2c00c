"""Schemas for answers: what is wrong is said at once and in its place, and strict mode is one step away."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.json_text import JsonFault, parse_json, spots
from desktop.core.schema_faults import FlawKind
from desktop.core.schema_presets import SCHEMA_PRESETS
from desktop.core.schema_repair import can_be_strict, make_strict
from desktop.core.schema_sentences import flaw_place, flaw_sentence
from desktop.core.schemas import (
    MOST_CHARS,
    AnswerSchema,
    check,
    is_strict,
    schema_value,
    strict_flaws,
    wire_name,
    wire_schema,
)


def of(properties: dict[str, Any], **more: Any) -> str:
    return json.dumps({"type": "object", "properties": properties, **more})


@pytest.mark.parametrize("preset", SCHEMA_PRESETS, ids=lambda preset: preset.id)
def test_every_ready_made_schema_is_one_and_strict(preset: Any) -> None:
    assert check(preset.text) is None
    assert strict_flaws(preset.text) == ()
    assert wire_schema(preset.text) == json.loads(preset.text)
    assert not can_be_strict(preset.text)


@pytest.mark.parametrize(
    ("text", "fault", "line", "column"),
    [
        ("", JsonFault.EMPTY, 1, 1),
        ("  \n ", JsonFault.EMPTY, 1, 1),
        ('{"type": "object",}', JsonFault.TRAILING_COMMA, 1, 19),
        ('{"type": "object"\n "title": "a"}', JsonFault.COMMA, 2, 2),
        ('{\n"type" "object"}', JsonFault.COLON, 2, 8),
        ("{type: 1}", JsonFault.KEY, 1, 2),
        ('{"type": “object”}', JsonFault.VALUE, 1, 10),
        ('{"type": "object"} }', JsonFault.EXTRA, 1, 20),
        ('{"type": "obj', JsonFault.STRING, 1, 10),
        ('{"maximum": NaN}', JsonFault.NUMBER, 1, 1),
        ('{"maximum": 1e999999}', JsonFault.NUMBER, 1, 1),
        ("[" * 100_0, JsonFault.TOO_DEEP, 1, 41),
    ],
)
def test_what_is_no_json_is_said_where_it_shows(text: str, fault: JsonFault, line: int, column: int) -> None:
    flaw = check(text)
    assert flaw is not None
    assert (flaw.kind, flaw.json) == (FlawKind.NOT_JSON, fault)
    assert flaw.place.line == line
    # Python 3.11 and 3.13 point at either side of a comma.
    assert abs(flaw.place.column - column) <= 1


def test_a_schema_that_is_too_long_is_refused_before_it_is_read() -> None:
    flaw = check("[" * (MOST_CHARS + 1))
    assert flaw is not None
    assert flaw.json is JsonFault.TOO_LONG


@pytest.mark.parametrize(
    ("text", "kind", "path"),
    [
        ("[]", FlawKind.NOT_AN_OBJECT, ""),
        ("true", FlawKind.NOT_AN_OBJECT, ""),
        ('{"type": "array", "items": {"type": "string"}}', FlawKind.NOT_AN_OBJECT, "type"),
        (of({"a": {"type": "strng"}}), FlawKind.WRONG_TYPE, "properties.a.type"),
        (of({"a": {"type": ["string", "nil"]}}), FlawKind.WRONG_TYPE, "properties.a.type[1]"),
        (of({"a": {"type": []}}), FlawKind.WRONG_TYPE, "properties.a.type"),
        (of({"a": 3}), FlawKind.NOT_A_SCHEMA, "properties.a"),
        (of({"a": {"enum": []}}), FlawKind.WRONG_VALUE, "properties.a.enum"),
        (of({"a": {"minItems": -1}}), FlawKind.WRONG_VALUE, "properties.a.minItems"),
        (of({"a": {"maximum": "5"}}), FlawKind.WRONG_VALUE, "properties.a.maximum"),
        (of({"a": {"multipleOf": 0}}), FlawKind.WRONG_VALUE, "properties.a.multipleOf"),
        (of({"a": {"anyOf": {}}}), FlawKind.WRONG_VALUE, "properties.a.anyOf"),
        (of({}, required="a"), FlawKind.WRONG_VALUE, "required"),
        (of({"a": {}}, required=["a", "b"]), FlawKind.UNKNOWN_REQUIRED, "required[1]"),
        (of({"a": {"$ref": "https://x.example/s.json"}}), FlawKind.NETWORK, 'properties.a["$ref"]'),
        (of({"a": {"$ref": "other.json"}}), FlawKind.NETWORK, 'properties.a["$ref"]'),
        (of({"a": {"$dynamicRef": "file:///etc/x"}}), FlawKind.NETWORK, 'properties.a["$dynamicRef"]'),
        (of({"a": {"$ref": "#/$defs/b"}}), FlawKind.REF_LEADS_NOWHERE, 'properties.a["$ref"]'),
        (of({"a": {"$ref": "#/type"}}), FlawKind.REF_LEADS_NOWHERE, 'properties.a["$ref"]'),
        (
            of({"a": {"$ref": "#/$defs/b"}}, **{"$defs": {"b": {"$ref": "#/$defs/b"}}}),
            FlawKind.REF_LOOPS,
            'properties.a["$ref"]',
        ),
    ],
)
def test_what_is_no_schema_is_said_with_its_path(text: str, kind: FlawKind, path: str) -> None:
    flaw = check(text)
    assert flaw is not None
    assert (flaw.kind, flaw.where) == (kind, path)
    assert flaw_sentence(flaw).strip()


def test_the_line_and_column_are_those_of_the_name_that_is_wrong() -> None:
    text = '{\n  "type": "object",\n  "properties": {\n    "plate": { "type": "strng" }\n  }\n}'
    flaw = check(text)
    assert flaw is not None
    assert (flaw.place.line, flaw.place.column) == (4, 16)
    assert flaw_place(flaw) == "Line 4, column 16 · properties.plate.type"
    assert "strng" in flaw_sentence(flaw)


def test_a_name_that_stands_twice_is_wrong_where_it_stands_again() -> None:
    text = '{"type": "object", "properties": {"a": {},\n "b": {"a": 1}, "a": {}}}'
    flaw = check(text)
    assert flaw is not None
    assert (flaw.kind, flaw.where, flaw.place.line) == (FlawKind.TWICE, "properties.a", 2)


def test_a_schema_that_refers_to_itself_within_is_fine() -> None:
    tree = {"type": "object", "properties": {"children": {"type": "array", "items": {"$ref": "#"}}}}
    assert check(json.dumps(tree)) is None


@pytest.mark.parametrize(
    ("text", "kind", "path"),
    [
        (of({"a": {"type": "string"}}, required=["a"]), FlawKind.OPEN, ""),
        (of({"a": {"type": "string"}}, additionalProperties=False), FlawKind.OPTIONAL, "properties.a"),
        (
            of({"a": {"type": "string", "minLength": 1}}, required=["a"], additionalProperties=False),
            FlawKind.UNSUPPORTED,
            "properties.a.minLength",
        ),
        (
            of({"a": {"type": "string", "format": "uri"}}, required=["a"], additionalProperties=False),
            FlawKind.UNSUPPORTED,
            "properties.a.format",
        ),
        (of({"a": {}}, required=["a"], additionalProperties=False), FlawKind.NO_TYPE, "properties.a"),
        (
            of({}, required=[], additionalProperties=False, anyOf=[{"type": "object"}]),
            FlawKind.ROOT_CHOICE,
            "anyOf",
        ),
    ],
)
def test_what_strict_mode_refuses_is_told_and_mended(text: str, kind: FlawKind, path: str) -> None:
    assert check(text) is None
    flaws = strict_flaws(text)
    assert (kind, path) in [(flaw.kind, flaw.where) for flaw in flaws]
    assert not is_strict(AnswerSchema("a", text))
    assert can_be_strict(text)
    assert strict_flaws(make_strict(text)) == ()


def test_strict_mode_takes_only_so_many_levels_and_values() -> None:
    deep: dict[str, Any] = {"type": "string"}
    for _level in range(11):
        deep = {"type": "object", "properties": {"a": deep}, "required": ["a"], "additionalProperties": False}
    assert FlawKind.TOO_MANY_LEVELS in {flaw.kind for flaw in strict_flaws(json.dumps(deep))}
    many = of(
        {"a": {"type": "integer", "enum": list(range(1001))}}, required=["a"], additionalProperties=False
    )
    assert FlawKind.TOO_MANY_VALUES in {flaw.kind for flaw in strict_flaws(many)}


def test_what_could_be_left_out_may_be_null_instead() -> None:
    text = of(
        {
            "kept": {"type": "string"},
            "left": {"type": "string", "enum": ["a"]},
            "one": {"$ref": "#/$defs/d"},
        },
        required=["kept"],
        **{"$defs": {"d": {"type": "integer"}}},
    )
    made = json.loads(make_strict(text))
    assert made["properties"]["kept"] == {"type": "string"}
    assert made["properties"]["left"] == {"type": ["string", "null"], "enum": ["a", None]}
    assert made["properties"]["one"] == {"anyOf": [{"$ref": "#/$defs/d"}, {"type": "null"}]}
    assert made["required"] == ["kept", "left", "one"]


def test_all_of_is_joined_and_one_of_becomes_any_of() -> None:
    part = {"type": "object", "properties": {"b": {"type": "number"}}, "required": ["b"]}
    text = of(
        {
            "a": {
                "allOf": [{"$ref": "#/$defs/p"}, {"properties": {"c": {"type": "string"}}, "required": ["c"]}]
            }
        },
        required=["a"],
        **{"$defs": {"p": part}},
    )
    made = json.loads(make_strict(text))["properties"]["a"]
    assert set(made["properties"]) == {"b", "c"} == set(made["required"])
    choice = json.loads(
        make_strict(of({"a": {"oneOf": [{"type": "string"}, {"type": "null"}]}}, required=["a"]))
    )
    assert choice["properties"]["a"] == {"anyOf": [{"type": "string"}, {"type": "null"}]}


def test_a_list_is_put_into_an_object() -> None:
    made = json.loads(make_strict('{"type": "array", "items": {"type": "string"}}'))
    assert made["properties"]["items"] == {"type": "array", "items": {"type": "string"}}
    assert made["required"] == ["items"]


def test_what_cannot_be_mended_is_not_offered() -> None:
    for text in ("", "[", '{"type": "object", "properties": {"a": {"$ref": "http://x"}}}'):
        assert not can_be_strict(text)
        with pytest.raises(ValueError, match="Flaw"):
            make_strict(text)


@pytest.mark.parametrize(
    ("name", "sent"),
    [("Receipt", "Receipt"), ("收据", "answer"), ("My  plates!", "My_plates"), ("x" * 80, "x" * 64)],
)
def test_a_name_is_sent_in_the_letters_that_servers_take(name: str, sent: str) -> None:
    assert wire_name(name) == sent


plain = st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=3)
words = st.sampled_from(
    [
        "type",
        "properties",
        "items",
        "required",
        "enum",
        "anyOf",
        "oneOf",
        "allOf",
        "$ref",
        "additionalProperties",
        "minimum",
        "format",
        "$defs",
        "const",
        "not",
        "prefixItems",
        "a",
    ]
)
values = plain | st.sampled_from(
    ["object", "array", "string", ["string", "null"], "#", "#/$defs/a", "#/properties/a", ["a"], False]
)
schemas = st.recursive(
    st.dictionaries(words, values, max_size=4),
    lambda inner: st.dictionaries(words, values | inner | st.lists(inner, max_size=2), max_size=4),
    max_leaves=12,
)


@given(schemas)
def test_whatever_is_written_is_judged_and_whatever_is_right_is_made_strict_or_told(schema: Any) -> None:
    text = json.dumps({**schema, "type": "object"})
    flaw = check(text)
    if flaw is not None:
        assert flaw_sentence(flaw)
        return
    schema_value(text)
    made = make_strict(text)
    assert check(made) is None
    again = make_strict(made)
    assert json.loads(again) == json.loads(made), "strict is strict"
    for left in strict_flaws(made):
        assert flaw_sentence(left)


@given(st.text(max_size=60))
def test_any_text_is_judged(text: str) -> None:
    flaw = check(text)
    assert flaw is None or flaw_sentence(flaw)


@given(
    st.recursive(
        plain, lambda i: st.lists(i, max_size=3) | st.dictionaries(st.text(max_size=3), i, max_size=3)
    ),
    st.sampled_from([None, 2]),
)
def test_every_value_is_found_at_its_place(value: Any, indent: int | None) -> None:
    text = json.dumps(value, indent=indent)
    for spot in spots(text):
        found = value
        for step in spot.path:
            found = found[step]
        rest = text[spot.offset :]
        if spot.path and isinstance(spot.path[-1], str):
            assert rest.startswith(json.dumps(spot.path[-1]))
        else:
            assert rest.startswith(json.dumps(found)[:1])
    assert parse_json(text, most_chars=10_000, most_depth=50) == value

"""Makes a schema one that OpenAI's strict mode takes, with the least change to what it means."""

import json
from typing import Any

from desktop.core.json_text import indented
from desktop.core.schema_faults import STRICT_FORMATS, FlawKind, is_object, resolved, subschemas
from desktop.core.schema_words import STRICT_WORDS
from desktop.core.schemas import check, strict_flaws

_INNER = "items"


def make_strict(text: str) -> str:
    """The schema with every object closed, every property required, and no word that strict mode refuses.

    A property that could be left out may be null instead. ``oneOf`` becomes ``anyOf``, a list of ``allOf`` is
    joined where its parts are plain objects. What cannot be mended so stays, and `strict_flaws` tells it.

    Args:
        text: a schema that `check` finds nothing wrong with but that it describes no object: that is put
            into one.

    Raises:
        ValueError: it is none.
    """
    root = json.loads(_wrapped(text))
    # From the inside out: a part that is joined into another is mended then.
    for _path, schema in reversed(list(subschemas(root))):
        if isinstance(schema, dict):
            _join_all_of(schema, root)
            _mend(schema)
    if "anyOf" in root and root.get("type") == "object":
        # An object by its own properties; the choice within it cannot be kept.
        del root["anyOf"]
    return indented(json.dumps(root, ensure_ascii=False))


def can_be_strict(text: str) -> bool:
    """Whether `make_strict` has anything to do here."""
    try:
        return bool(strict_flaws(_wrapped(text)))
    except ValueError:
        return False


def _wrapped(text: str) -> str:
    """The schema, or an object with one property that it describes."""
    flaw = check(text)
    if flaw is None:
        return text
    if flaw.kind is not FlawKind.NOT_AN_OBJECT:
        raise ValueError(flaw)
    inner = json.loads(text)
    if not isinstance(inner, dict):
        raise ValueError(flaw)  # noqa: TRY004 - a wrong text, like the others
    shared = {word: inner.pop(word) for word in ("$schema", "$defs", "definitions") if word in inner}
    return json.dumps({**shared, "type": "object", "properties": {_INNER: inner}, "required": [_INNER]})


def _mend(schema: dict[str, Any]) -> None:
    if "oneOf" in schema and "anyOf" not in schema:
        schema["anyOf"] = schema.pop("oneOf")
    if schema.get("format") not in STRICT_FORMATS:
        schema.pop("format", None)
    for word in [word for word in schema if word not in STRICT_WORDS and word != "allOf"]:
        del schema[word]
    _give_type(schema)
    if is_object(schema):
        _close(schema)


def _close(schema: dict[str, Any]) -> None:
    properties = schema.setdefault("properties", {})
    required = schema.get("required", [])
    for name, value in properties.items():
        if value is True or value == {}:
            properties[name] = {"type": "string"}
        if name not in required and isinstance(properties[name], dict):
            properties[name] = _or_null(properties[name])
    schema["required"] = list(properties)
    schema["additionalProperties"] = False


def _or_null(schema: dict[str, Any]) -> dict[str, Any]:
    kinds = schema.get("type")
    if kinds is None or "const" in schema:
        choices = schema.get("anyOf") if schema.keys() == {"anyOf"} else None
        kept = choices if choices is not None else [schema]
        return {"anyOf": [*kept, *([] if {"type": "null"} in kept else [{"type": "null"}])]}
    listed = kinds if isinstance(kinds, list) else [kinds]
    if "null" not in listed:
        schema["type"] = [*listed, "null"]
    if "enum" in schema and None not in schema["enum"]:
        schema["enum"] = [*schema["enum"], None]
    return schema


def _give_type(schema: dict[str, Any]) -> None:
    if schema.keys() & {"type", "anyOf", "$ref", "allOf"}:
        return
    if "properties" in schema:
        schema["type"] = "object"
    elif "items" in schema:
        schema["type"] = "array"
    elif "enum" in schema or "const" in schema:
        kinds = sorted({_kind_of(value) for value in schema.get("enum", [schema.get("const")])})
        schema["type"] = kinds[0] if len(kinds) == 1 else kinds
    else:
        schema["type"] = "string"


def _kind_of(value: object) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "boolean"
    if isinstance(value, int | float):
        return "integer" if isinstance(value, int) else "number"
    return "string" if isinstance(value, str) else "object" if isinstance(value, dict) else "array"


def _join_all_of(schema: dict[str, Any], root: dict[str, Any]) -> None:
    """Take the parts of ``allOf`` into the schema, where they are objects or there is only one."""
    parts = schema.get("allOf")
    if not isinstance(parts, list):
        return
    plain: list[dict[str, Any]] = []
    for part in parts:
        found = resolved(root, part["$ref"]) if isinstance(part, dict) and part.keys() == {"$ref"} else part
        if not isinstance(found, dict) or found is schema or "allOf" in found:
            return
        plain.append(found)
    if len(plain) > 1 and not all(is_object(part) for part in plain):
        return
    del schema["allOf"]
    for part in plain:
        for word, value in part.items():
            if word == "properties":
                schema[word] = {**schema.get(word, {}), **json.loads(json.dumps(value))}
            elif word == "required":
                schema[word] = [*schema.get(word, []), *value]
            else:
                schema.setdefault(word, json.loads(json.dumps(value)))

"""Ready-made schemas. All of them pass OpenAI's strict mode; names are marked and translated where shown."""

import json
from dataclasses import dataclass
from typing import Any

from desktop.core.json_text import indented
from desktop.core.schemas import AnswerSchema
from desktop.core.text import _, marked

_Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class SchemaPreset:
    """One ready-made schema.

    Attributes:
        id: stays the same over versions and languages.
        title: two to four words, English.
        hint: what it gives, English.
        text: the schema.
    """

    id: str
    title: str
    hint: str
    text: str

    def schema(self) -> AnswerSchema:
        """As a schema, named in the chosen language."""
        return AnswerSchema(_(self.title), self.text)


def _object(**properties: _Schema) -> _Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _list(item: _Schema, **more: object) -> _Schema:
    return {"type": "array", "items": item, **more}


def _text(description: str = "") -> _Schema:
    return {"type": "string", "description": description} if description else {"type": "string"}


def _maybe(kind: str, description: str = "") -> _Schema:
    said = {"description": description} if description else {}
    return {"type": [kind, "null"], **said}


def _box() -> _Schema:
    place = {"type": "integer", "minimum": 0, "maximum": 1000}
    described = "x0, y0, x1, y1 from the upper left corner, 0 to 1000 across and down the image"
    return {**_list(place, minItems=4, maxItems=4), "description": described}


_RECEIPT = _object(
    merchant=_text(),
    date=_maybe("string", "YYYY-MM-DD"),
    currency=_maybe("string", "ISO 4217 code"),
    items=_list(
        _object(
            description=_text(),
            quantity=_maybe("number"),
            unit_price=_maybe("number"),
            amount=_maybe("number"),
        )
    ),
    tax=_maybe("number"),
    total=_maybe("number"),
)
_TABLE = _object(
    columns=_list(_text(), description="the headings of the table, from left to right"),
    rows=_list(_list(_text()), description="the cells of each row, as many as there are columns"),
)
_BOXES = _object(objects=_list(_object(label=_text(), box=_box())))
_PRODUCT = _object(
    name=_text(),
    brand=_maybe("string"),
    category=_text(),
    colour=_maybe("string"),
    material=_maybe("string"),
    condition={"type": "string", "enum": ["new", "used", "damaged", "unknown"]},
    description=_text("two sentences for a shop"),
    keywords=_list(_text()),
)
_FIELDS = _object(fields=_list(_object(name=_text("as it is printed"), value=_text())))
_YES_NO = _object(
    reason=_text("what in the image decides it, in one or two sentences"),
    answer={"type": "string", "enum": ["yes", "no", "cannot tell"]},
)
_LINES = _object(
    lines=_list(_object(line={"type": "integer", "minimum": 1}, text=_text("exactly as it is written")))
)


def _preset(key: str, title: str, hint: str, schema: _Schema) -> SchemaPreset:
    return SchemaPreset(key, title, hint, indented(json.dumps(schema)))


SCHEMA_PRESETS = (
    _preset("receipt", marked("Receipt"), marked("Merchant, date, items, total"), _RECEIPT),
    _preset("table", marked("Rows of a table"), marked("Headings and cells as printed"), _TABLE),
    _preset("boxes", marked("Objects with boxes"), marked("Shown on the image"), _BOXES),
    _preset("product", marked("Product"), marked("Name, brand, colour, condition"), _PRODUCT),
    _preset("fields", marked("Fields and values"), marked("Forms, labels, name plates"), _FIELDS),
    _preset("yes-no", marked("Yes or no"), marked("With the reason"), _YES_NO),
    _preset("lines", marked("Lines of text"), marked("A transcription, line by line"), _LINES),
)

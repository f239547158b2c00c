"""What may be typed next in the gallery's filter."""

import re
from dataclasses import dataclass

from desktop.core.filter_fields import FIELDS, SYNONYMS
from desktop.core.text import _

_BEFORE = re.compile(r"""(?:^|[\s(|])-?([A-Za-z]*)$""")
_VALUE = re.compile(r"""([A-Za-z]+)(:|!=|=)([A-Za-z0-9]*)$""")
_MOST = 20


@dataclass(frozen=True, slots=True)
class Completion:
    """One offer.

    Attributes:
        start: the text from here to the cursor is replaced.
        insert: by this.
        title: as it is shown.
        meaning: what it does; translated.
    """

    start: int
    insert: str
    title: str
    meaning: str


def complete(text: str, cursor: int) -> tuple[Completion, ...]:
    """What fits at the cursor: the values of a field, or the fields whose names begin as typed."""
    before = text[:cursor]
    if (found := _VALUE.search(before)) is not None:
        return _values(found)
    if (found := _BEFORE.search(before)) is None:
        return ()
    typed, start = found[1].lower(), found.start(1)
    offers = [
        Completion(start, _beginning(field.name), field.examples[0], _(field.meaning))
        for field in FIELDS.values()
        if field.name.startswith(typed) or any(s.startswith(typed) for s in _synonyms(field.name) if typed)
    ]
    # A word that is no field's beginning is a name.
    return tuple(offers[:_MOST])


def _values(found: re.Match[str]) -> tuple[Completion, ...]:
    name = found[1].lower()
    field = FIELDS.get(SYNONYMS.get(name, name))
    typed = found[3].lower()
    values = field.values if field is not None else ()
    return tuple(
        Completion(found.start(3), f"{value} ", f"{found[1]}{found[2]}{value}", "")
        for value in values
        if value.startswith(typed) and value != typed
    )


def _beginning(name: str) -> str:
    field = FIELDS[name]
    return name if len(field.operators) > 2 and not field.values else f"{name}:"


def _synonyms(name: str) -> list[str]:
    return [synonym for synonym, meant in SYNONYMS.items() if meant == name]

"""Pairs of model and detail that one question is put to at once, and how the settings keep them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from desktop.core.model import Detail

LEAST_SIDES = 2
MOST_SIDES = 4
_MAX_MODEL = 200
_MODEL, _DETAIL = "model", "detail"


@dataclass(frozen=True, slots=True)
class Pair:
    """Who is asked, and how closely it looks. The same pair twice shows how much answers vary."""

    model: str
    detail: Detail


def read_pairs(value: object) -> tuple[Pair, ...]:
    """The pairs of a settings file.

    Raises:
        ValueError: they cannot be read.
    """
    if not isinstance(value, list) or len(value) > MOST_SIDES:
        raise ValueError
    return tuple(_pair(row) for row in value)


def pairs_table(pairs: Sequence[Pair]) -> list[dict[str, str]]:
    """Plain values for the settings file."""
    return [{_MODEL: pair.model, _DETAIL: pair.detail.value} for pair in pairs]


def _pair(row: object) -> Pair:
    if not isinstance(row, Mapping):
        raise ValueError  # noqa: TRY004 - a wrong value of a file, like all the others
    model = row.get(_MODEL)
    if not isinstance(model, str) or not 0 < len(model) <= _MAX_MODEL:
        raise ValueError
    return Pair(model, Detail(str(row.get(_DETAIL))))

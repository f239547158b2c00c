"""JSON from outside, key by key: each value is what it has to be, or it is refused."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NoReturn, TypeVar

T = TypeVar("T")

SHORT = 1_000_000
"""Characters of a name, a title or a label: far more than any has, because ours must come in again."""
HASH = re.compile("[0-9a-f]{64}")
_LARGEST = 2**63 - 1
_MONEY = re.compile(r"-?\d{1,60}(\.\d{1,60})?(E[+-]?\d{1,2})?", re.ASCII)


class NotValidError(ValueError):
    """The JSON is not what an export writes; says where."""


def parse(data: bytes) -> Any:  # noqa: ANN401 - whatever the JSON holds
    """JSON with neither numbers that are none nor keys that come twice.

    Raises:
        NotValidError: it is no such JSON.
    """
    try:
        return json.loads(data.decode("utf-8"), parse_constant=_refuse, object_pairs_hook=_once)
    except (ValueError, RecursionError) as error:
        raise NotValidError(f"no JSON: {error}"[:200]) from error


class Fields:
    """The keys of one JSON object, each taken as what it has to be."""

    def __init__(self, table: object, where: str) -> None:
        if not isinstance(table, dict):
            raise NotValidError(f"{where} is no object")
        self._table = table
        self._where = where

    def refuse(self, key: str) -> NoReturn:
        """Say that the value of ``key`` is none of ours."""
        raise NotValidError(f"{self._where}: {key}")

    def optional_text(self, key: str, *, limit: int = SHORT) -> str | None:
        """Text, or None where the key is missing."""
        value = self._table.get(key)
        if value is None:
            return None
        if not isinstance(value, str) or len(value) > limit:
            self.refuse(key)
        return value

    def text(self, key: str, *, limit: int = SHORT) -> str:
        """Text that has to be there."""
        value = self.optional_text(key, limit=limit)
        return self.refuse(key) if value is None else value

    def hash(self, key: str) -> str:
        """A SHA-256 in hex."""
        value = self.text(key)
        return value if HASH.fullmatch(value) else self.refuse(key)

    def optional_number(self, key: str, *, least: int = 0, most: int = _LARGEST) -> int | None:
        """A whole number, or None where the key is missing."""
        value = self._table.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.refuse(key)
        return value

    def number(self, key: str, default: int | None = None, *, least: int = 0, most: int = _LARGEST) -> int:
        """A whole number; it has to be there unless it has a default."""
        value = self.optional_number(key, least=least, most=most)
        value = default if value is None else value
        return self.refuse(key) if value is None else value

    def seconds(self, key: str) -> float | None:
        """A number, or None where the key is missing."""
        value = self._table.get(key)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float) or not -1e12 < value < 1e12:
            self.refuse(key)
        return float(value)

    def flag(self, key: str, default: bool = False) -> bool:
        """True or false."""
        value = self._table.get(key, default)
        return value if isinstance(value, bool) else self.refuse(key)

    def money(self, key: str) -> Decimal | None:
        """A decimal that was written as text, or None where the key is missing."""
        value = self.optional_text(key)
        if value is None:
            return None
        return Decimal(value) if _MONEY.fullmatch(value) else self.refuse(key)

    def moment(self, key: str) -> datetime:
        """A moment in UTC."""
        try:
            found = datetime.fromisoformat(self.text(key, limit=64))
            if found.tzinfo is None:
                self.refuse(key)
            return found.astimezone(UTC)
        except (ValueError, OverflowError) as error:
            raise NotValidError(f"{self._where}: {key}") from error

    def items(self, key: str, *, most: int) -> list[Any]:
        """A list; an empty one where the key is missing."""
        value = self._table.get(key, [])
        if not isinstance(value, list) or len(value) > most:
            self.refuse(key)
        return value

    def inner(self, key: str) -> "Fields | None":
        """The object below a key, or None where the key is missing."""
        value = self._table.get(key)
        return None if value is None else Fields(value, f"{self._where}.{key}")

    def raw(self, key: str) -> Any:  # noqa: ANN401 - for a reader of its own
        """The value as it is."""
        return self._table.get(key)

    def one_of(self, key: str, kind: Callable[[str], T]) -> T:
        """A value of an enumeration."""
        try:
            return kind(self.text(key))
        except ValueError as error:
            raise NotValidError(f"{self._where}: {key}") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    table = dict(pairs)
    if len(table) != len(pairs):
        raise NotValidError("a key comes twice")
    return table


def _refuse(constant: str) -> NoReturn:
    raise NotValidError(constant)

"""JSON as text: read within bounds, with the line and column of every value, and laid out anew.

Answers and schemas come from outside. Nothing here recurses deeper than the bound that the caller gives, and
all of it is linear in the length of the text.
"""

import json
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, NamedTuple, NoReturn

Path = tuple[str | int, ...]
"""The way to a value from the outermost one: keys and, counted from 0, places in lists."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:,]|[^\s{}\[\]:,"]+', re.DOTALL)
_PLAIN_KEY = re.compile(r"[^\W\d]\w*")
_MOST_PATH = 120
_MOST_EXPONENT = 400
_SHORT_CHARS = 64


class JsonFault(StrEnum):
    """Why a text is no JSON, or none that is read."""

    EMPTY = "empty"
    TOO_LONG = "too_long"
    TOO_DEEP = "too_deep"
    COMMA = "comma"
    TRAILING_COMMA = "trailing_comma"
    COLON = "colon"
    KEY = "key"
    VALUE = "value"
    EXTRA = "extra"
    STRING = "string"
    NUMBER = "number"


class JsonFaultError(Exception):
    """A text that is no JSON, and where that shows.

    Attributes:
        fault: why.
        offset: where in the text, from 0.
    """

    def __init__(self, fault: JsonFault, offset: int = 0) -> None:
        super().__init__(fault.value)
        self.fault = fault
        self.offset = offset


class Place(NamedTuple):
    """Where something stands in a text, both counted from 1."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Spot:
    """One value of a JSON text.

    Attributes:
        path: the way to it.
        offset: of its key, or of itself where it has none.
        repeats: its key stands in the same object before.
    """

    path: Path
    offset: int
    repeats: bool = False


def parse_json(text: str, *, most_chars: int, most_depth: int) -> Any:  # noqa: ANN401 - JSON is any
    """The value of a JSON text; numbers with a point are `Decimal`, so that 12.50 stays 12.50.

    Raises:
        JsonFaultError: it is none, or beyond a bound.
    """
    if len(text) > most_chars:
        raise JsonFaultError(JsonFault.TOO_LONG, most_chars)
    if not text.strip():
        raise JsonFaultError(JsonFault.EMPTY)
    _check_depth(text, most_depth)
    try:
        return json.loads(text, parse_float=_decimal, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise JsonFaultError(_fault_of(error.msg, text, error.pos), error.pos) from None
    except (ValueError, ArithmeticError):
        # NaN, or a number of thousands of digits.
        raise JsonFaultError(JsonFault.NUMBER) from None


def place_of(text: str, offset: int) -> Place:
    """The line and column of an offset."""
    before = text[:offset]
    return Place(before.count("\n") + 1, offset - (before.rfind("\n") + 1) + 1)


def spots(text: str) -> Iterator[Spot]:
    """Every value of a text that `parse_json` has read, the outer before the inner."""
    # Each open object or list: the way to it, its keys so far, its place in a list.
    path: list[str | int] = []
    seen: list[set[str] | None] = []
    key: tuple[str, int, bool] | None = None
    expects_key = False
    for token in _TOKEN.finditer(text):
        word, at = token[0], token.start()
        if word in "]}":
            seen.pop()
            path[len(seen) :] = []
            expects_key = False
        elif word == ",":
            expects_key = seen[-1] is not None
            if not expects_key:
                path[-1] = int(path[-1]) + 1
        elif word == ":":
            expects_key = False
        elif expects_key:
            name = json.loads(word)
            keys = seen[-1] or set()
            key = name, at, name in keys
            keys.add(name)
            seen[-1] = keys
            path[len(seen) - 1 :] = [name]
        else:
            yield Spot(tuple(path), key[1] if key else at, repeats=key is not None and key[2])
            key = None
            if word in "[{":
                seen.append(set() if word == "{" else None)
                expects_key = word == "{"
                if word == "[":
                    path.append(0)


def path_text(path: Path) -> str:
    """``items[2].price``; empty for the outermost value."""
    parts = []
    for step in path:
        if isinstance(step, int):
            parts.append(f"[{step}]")
        elif _PLAIN_KEY.fullmatch(step):
            parts.append(f".{step}")
        else:
            parts.append(f"[{json.dumps(step, ensure_ascii=False)}]")
    whole = "".join(parts).removeprefix(".")
    return whole if len(whole) <= _MOST_PATH else f"…{whole[-_MOST_PATH + 1 :]}"


def indented(text: str) -> str:
    """A text that `parse_json` has read, a value a line, short lists on one; numbers as they stand."""
    parts: list[str] = []
    depth = 0
    tokens = [_shown_token(token[0]) for token in _TOKEN.finditer(text)]
    at = 0
    while at < len(tokens):
        word = tokens[at]
        short = _short_list(tokens, at)
        if short:
            parts.append(f"[{', '.join(tokens[at + 1 : short : 2])}]")
            at = short
        elif word in ("{", "["):
            depth += 1
            parts.append(word if tokens[at + 1] in ("}", "]") else f"{word}\n{'  ' * depth}")
        elif word in ("}", "]"):
            depth -= 1
            parts.append(word if tokens[at - 1] in ("{", "[") else f"\n{'  ' * depth}{word}")
        else:
            parts.append({",": f",\n{'  ' * depth}", ":": ": "}.get(word, word))
        at += 1
    return "".join(parts)


def _shown_token(word: str) -> str:
    # Escaped Chinese is for machines.
    return json.dumps(json.loads(word), ensure_ascii=False) if word[0] == '"' else word


def _short_list(tokens: list[str], at: int) -> int:
    """Where a list of plain values that fits on a line ends; 0 if there is none at this place."""
    if tokens[at] != "[":
        return 0
    length = 0
    for end in range(at + 1, len(tokens)):
        if tokens[end] == "]":
            return end if end > at + 1 else 0
        length += len(tokens[end]) + 1
        if tokens[end] in ("[", "{") or length > _SHORT_CHARS:
            break
    return 0


def compact(value: Any) -> str:  # noqa: ANN401 - JSON is any
    """A value of `parse_json` on one line."""
    return json.dumps(value, ensure_ascii=False, separators=(", ", ": "), default=_number)


def _number(value: object) -> float:
    if not isinstance(value, Decimal):
        raise TypeError
    return float(value)


def _decimal(text: str) -> Decimal:
    number = Decimal(text)
    if math.isinf(float(text)) or number.adjusted() < -_MOST_EXPONENT:
        # Other programs cannot hold it, and written out it would fill the memory.
        raise ValueError(text)
    return number


def _no_constant(_name: str) -> NoReturn:
    raise ValueError


def _check_depth(text: str, most: int) -> None:
    depth = 0
    for token in _TOKEN.finditer(text):
        if token[0] in "{[":
            depth += 1
            if depth > most:
                raise JsonFaultError(JsonFault.TOO_DEEP, token.start())
        elif token[0] in "}]":
            depth -= 1


_MESSAGES = (
    ("Illegal trailing comma", JsonFault.TRAILING_COMMA),
    ("Expecting ',' delimiter", JsonFault.COMMA),
    ("Expecting ':' delimiter", JsonFault.COLON),
    ("Expecting property name", JsonFault.KEY),
    ("Extra data", JsonFault.EXTRA),
    ("Unterminated string", JsonFault.STRING),
    ("Invalid control character", JsonFault.STRING),
    ("Invalid \\", JsonFault.STRING),
)


def _fault_of(message: str, text: str, offset: int) -> JsonFault:
    """Python 3.11 and 3.13 word a comma too many differently."""
    fault = next((fault for start, fault in _MESSAGES if message.startswith(start)), JsonFault.VALUE)
    if fault in (JsonFault.KEY, JsonFault.VALUE):
        ends = text[offset : offset + 1] in ("}", "]") and text[:offset].rstrip().endswith(",")
        return JsonFault.TRAILING_COMMA if ends else fault
    return fault

"""Suggests what to black out on a page: where text and codes hold what people rarely mean to send."""

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from desktop.core.edits import Area, Point
from desktop.core.found_text import Corners, FoundLine, PageCode, PageText, bounds
from desktop.core.secret_kinds import Kind, Match
from desktop.core.text import _, marked, printable

__all__ = ["Kind", "Suggestion", "kind_text", "suggestions"]

_KINDS: Final = {
    Kind.EMAIL: marked("E-mail address"),
    Kind.CARD: marked("Card number"),
    Kind.KEY: marked("Key or password"),
    Kind.PHONE: marked("Phone number"),
    Kind.IBAN: marked("Bank account"),
}
_MAX_SUGGESTIONS: Final = 500
_MAX_SHOWN: Final = 200

_MARGIN: Final = 0.2
"""Of the line's height, on every side: boxes stand close to the letters."""

_SLACK: Final = 0.04
"""Of a line's length, at an end inside of it: where a character stands is only told from usual widths."""

_JOINED, _SPACED = 0.2, 1.5
"""Gaps in heights of a line: below the first two boxes are one word, above the second they are columns."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Something to black out, once it is confirmed.

    Attributes:
        kind: what it is; `kind_text` says it in words.
        text: as it was read, on one line; for a code what it holds.
        area: covers it and no more than needed, in pixels of the upright page.
    """

    kind: Kind
    text: str
    area: Area


def kind_text(kind: Kind) -> str:
    """What a suggestion is, in the language of the window."""
    return _(_KINDS[kind])


def suggestions(page: PageText) -> tuple[Suggestion, ...]:
    """What may be worth blacking out on a page, in the order of reading, codes last; at most 500."""
    found: list[Suggestion] = []
    above = ""
    wrapped = in_pem = False
    for row in _rows(page.lines):
        text = row.text
        if in_pem or (wrapped and _goes_on(text)):
            matches: tuple[Match, ...] = (Match(Kind.KEY, 0, len(text)),) if text else ()
        else:
            matches = _find(text, above)
        found += [_suggestion(row, match, page) for match in matches]
        in_pem = "END" not in text and (_is_pem(text) or (in_pem and len(text.split()) == 1))
        wrapped = any(match.kind is Kind.KEY and match.end >= len(text.rstrip()) - 1 for match in matches)
        above = text
    found += [_of_code(code, kind, page) for code in page.codes if (kind := _code_kind(code.text))]
    return tuple(found[:_MAX_SUGGESTIONS])


@dataclass(frozen=True, slots=True)
class _Row:
    """Boxes side by side: their text in one, and for each the place at which its own begins."""

    text: str
    pieces: tuple[tuple[int, FoundLine], ...]


def _rows(lines: Sequence[FoundLine]) -> Iterator[_Row]:
    row: list[FoundLine] = []
    for line in lines:
        if row and not _follows(row[-1], line):
            yield _row(row)
            row = []
        row.append(line)
    if row:
        yield _row(row)


def _row(lines: Sequence[FoundLine]) -> _Row:
    text, pieces = "", []
    before: FoundLine | None = None
    for line in lines:
        if before is not None:
            text += _separator(_gap(before, line))
        pieces.append((len(text), line))
        text += line.text
        before = line
    return _Row(text, tuple(pieces))


def _separator(gap: float) -> str:
    return "" if gap < _JOINED else " " if gap < _SPACED else "  "


def _follows(before: FoundLine, line: FoundLine) -> bool:
    """Whether a piece stands behind another on the same line of writing, whatever its direction."""
    along, across = _offset(before, line)
    height = max(1.0, before.height_px, line.height_px)
    return -height < along and abs(across) < height / 2 and abs(_turn(before, line)) < math.radians(15)


def _gap(before: FoundLine, line: FoundLine) -> float:
    return _offset(before, line)[0] / max(1.0, before.height_px, line.height_px)


def _offset(before: FoundLine, line: FoundLine) -> Point:
    """From the end of a piece to the begin of the next: along its direction and across it, in pixels."""
    cos, sin = math.cos(before.angle), math.sin(before.angle)
    _a, upper_right, lower_right, _d = before.corners
    upper_left, _b, _c, lower_left = line.corners
    x = (upper_left[0] + lower_left[0] - upper_right[0] - lower_right[0]) / 2
    y = (upper_left[1] + lower_left[1] - upper_right[1] - lower_right[1]) / 2
    return x * cos + y * sin, y * cos - x * sin


def _turn(before: FoundLine, line: FoundLine) -> float:
    return math.remainder(line.angle - before.angle, math.tau)


def _is_pem(text: str) -> bool:
    return re.search(r"BEGIN [A-Z0-9 ]*PRIVATE ?KEY", text) is not None


def _goes_on(text: str) -> bool:
    """Whether a line is the rest of a key that was too long for the one above."""
    return re.fullmatch(r"\s*(?![a-z]{5})[\w.+/=-]{8,}\s*", text) is not None and (
        _is_random(text.strip()) or bool(re.search(r"\d", text) and re.search(r"[A-Za-z]", text))
    )


def _suggestion(row: _Row, match: Match, page: PageText) -> Suggestion:
    corners: list[Point] = []
    for begin, line in row.pieces:
        start, end = max(0, match.start - begin), min(len(line.text), match.end - begin)
        if start < end:
            corners += _part(line, start, end)
    text = printable(row.text[match.start : match.end], limit=_MAX_SHOWN)
    return Suggestion(match.kind, text, _area(corners, page))


def _part(line: FoundLine, start: int, end: int) -> Corners:
    """Where some characters of a piece stand: by usual widths, and a little more on every side."""
    widths = [_width(character) for character in line.text]
    whole = sum(widths)
    upper_left, upper_right, lower_right, lower_left = line.corners
    length = max(1.0, math.dist(upper_left, upper_right))
    margin = _MARGIN * line.height_px / length
    first = sum(widths[:start]) / whole - (_SLACK if start else 0) - margin
    last = sum(widths[:end]) / whole + (_SLACK if end < len(widths) else 0) + margin
    corners = (
        _between(upper_left, upper_right, first),
        _between(upper_left, upper_right, last),
        _between(lower_left, lower_right, last),
        _between(lower_left, lower_right, first),
    )
    a, b, c, d = corners
    return (
        _between(a, d, -_MARGIN),
        _between(b, c, -_MARGIN),
        _between(b, c, 1 + _MARGIN),
        _between(a, d, 1 + _MARGIN),
    )


def _between(start: Point, end: Point, share: float) -> Point:
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _width(character: str) -> float:
    """How wide a character usually is, of the width of a digit."""
    if unicodedata.east_asian_width(character) in "WF":
        return 1.8
    if character in "ijl|I!.,:;'`()[]{}frt /\\\"-":
        return 0.55
    return 1.4 if character in "mwMW@%&" else 1.15 if character.isupper() else 1.0


def _area(corners: Sequence[Point], page: PageText) -> Area:
    """The upright rectangle around points, rounded outwards, inside the page where its size is known."""
    left, top, right, bottom = bounds(corners)
    area = Area(
        max(0, math.floor(left)), max(0, math.floor(top)), max(1, math.ceil(right)), max(1, math.ceil(bottom))
    )
    return area if page.page_px is None else area.inside(*page.page_px)


_CODE_KINDS: Final = (
    (Kind.KEY, r"wifi:.*;?p:[^;]+|otpauth(?:-migration)?://|bitwarden|-----begin [a-z ]*private"),
    (Kind.IBAN, r"bcd\n00[12]\n"),
    (Kind.EMAIL, r"mailto:|matmsg:|smtp:"),
    (Kind.PHONE, r"tel:|sms(?:to)?:|facetime|begin:vcard|mecard:|bizcard:|whatsapp:|https://wa\.me/"),
)


def _code_kind(content: str) -> Kind | None:
    """What a code holds that is sensitive, by its beginning or by what stands in it."""
    for kind, pattern in _CODE_KINDS:
        if re.match(pattern, content.strip(), re.IGNORECASE):
            return kind
    return next((match.kind for line in content.splitlines()[:50] for match in _find(line)), None)


def _of_code(code: PageCode, kind: Kind, page: PageText) -> Suggestion:
    left, top, right, bottom = bounds(code.corners)
    margin = 0.03 * max(right - left, bottom - top)
    corners = ((left - margin, top - margin), (right + margin, bottom + margin))
    return Suggestion(kind, printable(code.text, limit=_MAX_SHOWN), _area(corners, page))


def _find(text: str, above: str = "") -> tuple[Match, ...]:
    from desktop.core.secrets_in_text import find  # noqa: PLC0415 - its patterns take long to compile

    return find(text, above)


def _is_random(token: str) -> bool:
    from desktop.core.secrets_in_text import is_random  # noqa: PLC0415 - as above

    return is_random(token)

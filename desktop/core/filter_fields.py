"""The fields of the gallery's filter: what each asks of an image, and which values it takes."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any, Protocol

from desktop.core.text import marked


class Subject(Protocol):
    """What a filter asks of an image, each only where a term needs it; None where it is not known.

    Attributes:
        name: the file's name.
        folder: the whole path of its folder.
        type: ``png``, ``jpeg``, ``heic``...
        w: width in pixels, as edited.
        h: height in pixels, as edited.
        mp: megapixels.
        size: bytes of the file.
        tokens: at the model and detail chosen.
        cost: USD so far.
        asked: ``yes`` or ``no``, and ``here`` for this conversation.
        date: when it was taken, else changed.
        text: what was read on it.
        page: from 1.
        detail: its own level, empty without one.
        state: ``ok``, ``loading``, ``broken`` or ``missing``.
        edited: whether anything is done to it.
        gps: whether the file tells where it was taken.
        copy: whether there is the same or nearly the same picture.
        selected: whether it is in the next question.
    """

    @property
    def name(self) -> str: ...  # noqa: D102
    @property
    def folder(self) -> str: ...  # noqa: D102
    @property
    def type(self) -> str | None: ...  # noqa: D102
    @property
    def w(self) -> int | None: ...  # noqa: D102
    @property
    def h(self) -> int | None: ...  # noqa: D102
    @property
    def mp(self) -> float | None: ...  # noqa: D102
    @property
    def size(self) -> int | None: ...  # noqa: D102
    @property
    def tokens(self) -> int | None: ...  # noqa: D102
    @property
    def cost(self) -> Decimal | None: ...  # noqa: D102
    @property
    def asked(self) -> frozenset[str]: ...  # noqa: D102
    @property
    def date(self) -> date | None: ...  # noqa: D102
    @property
    def text(self) -> str | None: ...  # noqa: D102
    @property
    def page(self) -> int: ...  # noqa: D102
    @property
    def detail(self) -> str: ...  # noqa: D102
    @property
    def state(self) -> str: ...  # noqa: D102
    @property
    def edited(self) -> bool: ...  # noqa: D102
    @property
    def gps(self) -> bool | None: ...  # noqa: D102
    @property
    def copy(self) -> bool: ...  # noqa: D102
    @property
    def selected(self) -> bool: ...  # noqa: D102


Test = Callable[[Any], bool]
"""Whether a value of the field, which is never None, is meant."""

Read = Callable[[str, str], Test]
"""Makes a test of an operator and a value; ValueError if the value is none of the field's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One field.

    Attributes:
        name: as it is typed, and the attribute of a `Subject`.
        meaning: said beside it; to be translated.
        examples: whole terms.
        values: what may follow ``:``, where that is a few words.
        operators: what may follow the name.
        read: see `Read`.
    """

    name: str
    meaning: str
    examples: tuple[str, ...]
    values: tuple[str, ...] = ()
    operators: tuple[str, ...] = (":",)
    read: Read


def folded(text: str) -> str:
    """Without capitals and accents, for comparing what people type."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in plain if not unicodedata.combining(letter))


_ORDER: Mapping[str, Callable[[Any, Any], bool]] = {
    "<": lambda value, wanted: value < wanted,
    "<=": lambda value, wanted: value <= wanted,
    ">": lambda value, wanted: value > wanted,
    ">=": lambda value, wanted: value >= wanted,
    "=": lambda value, wanted: value == wanted,
    ":": lambda value, wanted: value == wanted,
    "!=": lambda value, wanted: value != wanted,
}
_NUMBER = re.compile(r"([0-9][0-9,_']*(?:\.[0-9]+)?|\.[0-9]+)([a-z]*)", re.IGNORECASE)
_TIMES = {"": 1, "k": 10**3, "m": 10**6, "g": 10**9}
_BYTES = {"b": 1, "kb": 10**3, "mb": 10**6, "gb": 10**9}
_SYNONYMS = {"jpg": "jpeg", "tif": "tiff", "heif": "heic", "apng": "png", "dib": "bmp", "jpe": "jpeg"}
_TYPES = ("png", "jpeg", "webp", "gif", "heic", "avif", "tiff", "bmp", "pdf")
_FORMATS = {"heif": "heic", "mpo": "jpeg"}


def type_of(format_name: str) -> str:
    """The value of ``type`` for a format that Pillow names."""
    name = format_name.lower()
    return _FORMATS.get(name, name)


def _number(text: str, units: Mapping[str, int]) -> Decimal:
    found = _NUMBER.fullmatch(text.strip().lstrip("$"))
    unit = found[2].lower() if found else ""
    if found is None or unit not in units:
        raise ValueError(text)
    try:
        return Decimal(re.sub(r"[,_']", "", found[1])) * units[unit]
    except InvalidOperation:
        raise ValueError(text) from None


def _numeric(units: Mapping[str, int] = _TIMES) -> Read:
    def read(operator: str, text: str) -> Test:
        first, dots, last = text.partition("..")
        if dots and operator in (":", "="):
            low = _number(first, units) if first else None
            high = _number(last, units) if last else None
            if low is None and high is None:
                raise ValueError(text)
            return lambda value: (low is None or value >= low) and (high is None or value <= high)
        wanted, compare = _number(text, units), _ORDER[operator]
        return lambda value: compare(value, wanted)

    return read


def _words(operator: str, text: str) -> Test:
    wanted = folded(text)
    return lambda value: (wanted in folded(value)) != (operator == "!=")


def _one_of(values: tuple[str, ...], synonyms: Mapping[str, str] = {}) -> Read:
    def read(operator: str, text: str) -> Test:
        wanted = {synonyms.get(part, part) for part in text.lower().split(",") if part}
        if not wanted or not wanted <= set(values):
            raise ValueError(text)
        return lambda value: (value in wanted) != (operator == "!=")

    return read


def _yes_or_no(_operator: str, text: str) -> Test:
    answers = {"yes": True, "no": False, "true": True, "false": False, "1": True, "0": False}
    wanted = answers.get(text.lower())
    if wanted is None:
        raise ValueError(text)
    return lambda value: value is wanted


def _asked(_operator: str, text: str) -> Test:
    wanted = text.lower()
    if wanted not in ("yes", "no", "here"):
        raise ValueError(text)
    return lambda value: wanted in value


def _dates(operator: str, text: str) -> Test:
    first, dots, last = text.partition("..")
    if dots:
        low = _span(first)[0] if first else date.min
        high = _span(last)[1] if last else date.max
        return lambda value: low <= value <= high
    start, end = _span(text)
    tests: Mapping[str, Test] = {
        ":": lambda value: start <= value <= end,
        "=": lambda value: start <= value <= end,
        "!=": lambda value: not start <= value <= end,
        "<": lambda value: value < start,
        "<=": lambda value: value <= end,
        ">": lambda value: value > end,
        ">=": lambda value: value >= start,
    }
    return tests[operator]


def _span(text: str) -> tuple[date, date]:
    """First and last day of ``2026``, ``2026-10``, ``2026-10-03``, ``today``, ``yesterday``, ``7d``."""
    today = date.today()  # noqa: DTZ011 - the day of the person who reads
    word = text.lower()
    if word == "today":
        return today, today
    if word == "yesterday":
        return today - timedelta(days=1), today - timedelta(days=1)
    if found := re.fullmatch(r"([0-9]{1,4})d", word):
        return today - timedelta(days=max(int(found[1]) - 1, 0)), today
    found = re.fullmatch(r"([0-9]{4})(?:-([0-9]{1,2})(?:-([0-9]{1,2}))?)?", word)
    if found is None:
        raise ValueError(text)
    year, month, day = int(found[1]), found[2], found[3]
    if day is not None:
        whole = date(year, int(month), int(day))
        return whole, whole
    if month is not None:
        start = date(year, int(month), 1)
        return start, (start + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return date(year, 1, 1), date(year, 12, 31)


_COMPARING = (":", ">", "<", ">=", "<=", "!=")
_EQUAL = (":", "!=")
_YES_NO = ("yes", "no")
_STATES = ("ok", "loading", "broken", "missing")
_DETAILS = ("auto", "low", "high", "original")

FIELDS: Mapping[str, Field] = {
    field.name: field
    for field in (
        Field(
            name="type",
            meaning=marked("format of the file"),
            examples=("type:png", "type:jpeg,heic"),
            values=_TYPES,
            operators=_EQUAL,
            read=_one_of(_TYPES, _SYNONYMS),
        ),
        Field(
            name="name",
            meaning=marked("in the name"),
            examples=("name:invoice",),
            operators=_EQUAL,
            read=_words,
        ),
        Field(
            name="folder",
            meaning=marked("in the folder’s path"),
            examples=("folder:2026",),
            operators=_EQUAL,
            read=_words,
        ),
        Field(
            name="text",
            meaning=marked("in the text that was read"),
            examples=('text:"net total"',),
            operators=_EQUAL,
            read=_words,
        ),
        Field(
            name="asked",
            meaning=marked("asked about, or in this conversation"),
            examples=("asked:no", "asked:here"),
            values=("yes", "no", "here"),
            read=_asked,
        ),
        Field(
            name="cost",
            meaning=marked("dollars so far"),
            examples=("cost>0.01",),
            operators=_COMPARING,
            read=_numeric(),
        ),
        Field(
            name="tokens",
            meaning=marked("tokens at this model and detail"),
            examples=("tokens>1000",),
            operators=_COMPARING,
            read=_numeric(),
        ),
        Field(
            name="w",
            meaning=marked("width in pixels"),
            examples=("w>2000", "w:800..1200"),
            operators=_COMPARING,
            read=_numeric(),
        ),
        Field(
            name="h",
            meaning=marked("height in pixels"),
            examples=("h<500",),
            operators=_COMPARING,
            read=_numeric(),
        ),
        Field(
            name="mp",
            meaning=marked("megapixels"),
            examples=("mp>=12",),
            operators=_COMPARING,
            read=_numeric(),
        ),
        Field(
            name="size",
            meaning=marked("size of the file"),
            examples=("size>2mb",),
            operators=_COMPARING,
            read=_numeric(_TIMES | _BYTES),
        ),
        Field(
            name="date",
            meaning=marked("taken, or else changed"),
            examples=("date:today", "date>=2026-10"),
            values=("today", "yesterday", "7d", "30d"),
            operators=_COMPARING,
            read=_dates,
        ),
        Field(
            name="copy",
            meaning=marked("there is a copy of it, or nearly"),
            examples=("copy:yes",),
            values=_YES_NO,
            read=_yes_or_no,
        ),
        Field(
            name="edited",
            meaning=marked("cropped, marked or blacked out"),
            examples=("edited:yes",),
            values=_YES_NO,
            read=_yes_or_no,
        ),
        Field(
            name="gps",
            meaning=marked("the file tells where it was taken"),
            examples=("gps:yes",),
            values=_YES_NO,
            read=_yes_or_no,
        ),
        Field(
            name="selected",
            meaning=marked("in the next question"),
            examples=("selected:yes",),
            values=_YES_NO,
            read=_yes_or_no,
        ),
        Field(
            name="state",
            meaning=marked("whether it can be used"),
            examples=("state:missing",),
            values=_STATES,
            operators=_EQUAL,
            read=_one_of(_STATES),
        ),
        Field(
            name="detail",
            meaning=marked("its own level of detail"),
            examples=("detail:low",),
            values=_DETAILS,
            operators=_EQUAL,
            read=_one_of(_DETAILS),
        ),
        Field(
            name="page",
            meaning=marked("page of a document"),
            examples=("page:1",),
            operators=_COMPARING,
            read=_numeric(),
        ),
    )
}
"""By name, in the order in which they are offered."""

SYNONYMS: Mapping[str, str] = {"width": "w", "height": "h", "bytes": "size", "format": "type", "dup": "copy"}

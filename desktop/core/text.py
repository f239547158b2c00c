"""Words: the one place for translated strings, prices, sizes and numbers, in window and terminal.

English is the source. `system.resources` loads the catalogue of the chosen language and calls `install`;
Babel extracts every string marked with `_`, `ngettext` or `marked`.
"""

import gettext
import re
from collections.abc import Iterable
from decimal import ROUND_HALF_EVEN, Decimal
from functools import reduce

DASH = "—"
"""Shown where a value is unknown; never an invented figure."""

_translations: gettext.NullTranslations = gettext.NullTranslations()


def install(translations: gettext.NullTranslations) -> None:
    """Use this catalogue from now on."""
    global _translations  # noqa: PLW0603 - the language is one per process, as with gettext itself
    _translations = translations


def _(message: str) -> str:
    """``message`` in the chosen language."""
    return _translations.gettext(message)


def ngettext(singular: str, plural: str, number: int) -> str:
    """The form for ``number`` in the chosen language; the caller fills the placeholders."""
    return _translations.ngettext(singular, plural, number)


def marked(message: str) -> str:
    """Mark a string of a table for extraction; it is translated where it is shown, by `_`."""
    return message


def join_sentences(*sentences: str) -> str:
    """Sentences one after the other, the empty ones left out: not every language has a space between."""
    return _joined(_SENTENCES, sentences)


def join_list(items: Iterable[str]) -> str:
    """``PNG, JPEG, WebP``, the empty ones left out; Chinese has a comma of its own for lists."""
    return _joined(_LIST, items)


def join_clauses(clauses: Iterable[str]) -> str:
    """``1 = a valve; 2 = a pump``, the empty ones left out."""
    return _joined(_CLAUSES, clauses)


# Translators: two sentences, one after the other. What stands between them is all there is to translate.
_SENTENCES = marked("{first} {second}")
# Translators: a list of two, or of more, two by two. What stands between them is all there is to translate.
_LIST = marked("{first}, {second}")
# Translators: clauses of one sentence, two by two. What stands between them is all there is to translate.
_CLAUSES = marked("{first}; {second}")


def _joined(pattern: str, parts: Iterable[str]) -> str:
    template = _(pattern)
    there = [part for part in parts if part]
    return reduce(lambda first, second: template.format(first=first, second=second), there) if there else ""


def format_price(usd: Decimal | None) -> str:
    """``$2.31``, ``$0.0034``, ``$0.000012``; a dash if unknown.

    Two decimals from ten cents on, at most two significant digits below.
    """
    if usd is None:
        return DASH
    if usd == 0:
        return "$0.00"
    places = 2 if abs(usd) >= Decimal("0.1") else 1 - usd.adjusted()
    rounded = usd.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
    whole, _point, decimals = f"{rounded:,f}".partition(".")
    return f"${whole}.{decimals.rstrip('0').ljust(2, '0')}"


def format_size(size_bytes: int) -> str:
    """``812 B``, ``214 KB``, ``9.8 MB``: powers of 1,000, as file managers and providers count."""
    if size_bytes < 1000:
        return f"{size_bytes} B"
    size = float(size_bytes)
    for unit in ("KB", "MB", "GB"):
        size /= 1000
        if size < 999.5 or unit == "GB":
            break
    return f"{size:.1f} {unit}" if size < 9.95 and unit != "KB" else f"{size:,.0f} {unit}"


def format_count(number: int) -> str:
    """``1,104``."""
    return f"{number:,}"


def format_tokens(tokens: int | None) -> str:
    """``1,104 tok``, as below a picture; a dash if unknown."""
    if tokens is None:
        return DASH
    return _("{count} tok").format(count=format_count(tokens))


def format_seconds(seconds: float) -> str:
    """``2.4 s``, ``1 min 05 s``."""
    if seconds < 60:
        return _("{seconds} s").format(seconds=f"{seconds:.1f}")
    minutes, rest = divmod(round(seconds), 60)
    return _("{minutes} min {seconds} s").format(minutes=minutes, seconds=f"{rest:02d}")


def format_taken_at(exif: str) -> str:
    """``2026-10-03 09:41`` of EXIF's ``2026:10:03 09:41:00``; anything else as it is."""
    found = _EXIF_TIME.fullmatch(exif)
    return "{}-{}-{} {}:{}".format(*found.groups()) if found else exif


def format_pixels(width_px: int, height_px: int) -> str:
    """``560×820``."""
    return f"{width_px}×{height_px}"


def printable(text: str, *, limit: int = 200) -> str:
    r"""Text from outside as one line that can be shown and logged.

    Bytes that are no UTF-8 (``surrogateescape``) become ``\xNN``, control and direction-override characters
    are dropped, and the middle is cut out beyond ``limit`` characters.
    """
    # A server's JSON may hold halves of surrogate pairs, which are neither text nor escaped bytes.
    text = _HALVES.sub("\ufffd", text)
    text = text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    text = "".join(c if c.isprintable() else " " for c in text if c not in _DIRECTION_OVERRIDES)
    if len(text) <= limit:
        return text
    head = limit * 2 // 3
    return f"{text[:head]}…{text[len(text) - (limit - head - 1) :]}"


def without_controls(text: str) -> str:
    """Text from outside for a terminal: many lines, but nothing that moves its cursor or names its window.

    Control characters other than line breaks and tabs are dropped, and so are direction overrides.
    """
    return _CONTROLS.sub("", text)


_EXIF_TIME = re.compile(r"(\d{4})[:-](\d\d)[:-](\d\d)[ T](\d\d):(\d\d)(:\d\d)?\b.*", re.ASCII)
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_DIRECTION_OVERRIDES = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
_HALVES = re.compile("[\ud800-\udc7f\udd00-\udfff]")

"""Prices, sizes and numbers as they are read, and text from outside as one line."""

import gettext
from collections.abc import Iterator
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core import text


@pytest.mark.parametrize(
    ("usd", "shown"),
    [
        (None, "—"),
        ("0", "$0.00"),
        ("2.314", "$2.31"),
        ("1234.5", "$1,234.50"),
        ("0.5", "$0.50"),
        ("0.0034", "$0.0034"),
        ("0.001539", "$0.0015"),
        ("0.0000123", "$0.000012"),
        ("0.09", "$0.09"),
    ],
)
def test_prices(usd: str | None, shown: str) -> None:
    assert text.format_price(None if usd is None else Decimal(usd)) == shown


@pytest.mark.parametrize(
    ("size", "shown"),
    [
        (0, "0 B"),
        (812, "812 B"),
        (214_000, "214 KB"),
        (999_600, "1.0 MB"),
        (9_800_000, "9.8 MB"),
        (100_000_000, "100 MB"),
        (2_500_000_000, "2.5 GB"),
        (5_000_000_000_000, "5,000 GB"),
    ],
)
def test_sizes(size: int, shown: str) -> None:
    assert text.format_size(size) == shown


def test_counts_tokens_pixels_and_seconds() -> None:
    assert text.format_count(1104) == "1,104"
    assert text.format_tokens(1104) == "1,104 tok"
    assert text.format_tokens(None) == text.DASH
    assert text.format_pixels(560, 820) == "560×820"
    assert text.format_seconds(2.4) == "2.4 s"
    assert text.format_seconds(65) == "1 min 05 s"


@pytest.fixture
def another_language() -> Iterator[None]:
    class Marked(gettext.NullTranslations):
        def gettext(self, message: str) -> str:
            return f"<{message}>"

        def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
            return f"<{msgid1 if n == 1 else msgid2}>"

    before = text._translations
    text.install(Marked())
    yield
    text.install(before)


def test_words_come_from_the_installed_catalogue(another_language: None) -> None:
    assert text._("Ask") == "<Ask>"
    assert text.ngettext("{n} image", "{n} images", 2) == "<{n} images>"
    assert text.marked("Ask") == "Ask"


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("plain", "plain"),
        ("a\nb\x00c", "a b c"),
        ("caf\udce9.png", r"caf\xe9.png"),
        ("half \ud83d", "half \ufffd"),
        ("evil\u202egnp.exe", "evilgnp.exe"),
        ("图片 🤖", "图片 🤖"),
    ],
)
def test_text_from_outside_can_be_shown(raw: str, shown: str) -> None:
    assert text.printable(raw) == shown


def test_the_middle_of_a_long_text_is_cut_out() -> None:
    shown = text.printable("a" * 500 + ".png", limit=100)
    assert len(shown) == 100
    assert shown.endswith(".png")
    assert "…" in shown


@given(st.text(st.characters(exclude_categories=[])), st.integers(10, 100))
def test_whatever_comes_is_one_short_printable_line(raw: str, limit: int) -> None:
    shown = text.printable(raw, limit=limit)
    assert shown.isprintable()
    assert len(shown) <= limit
    shown.encode("utf-8")


def test_nothing_in_an_answer_moves_the_cursor_of_a_terminal() -> None:
    hostile = "a\x1b[31mb\x1b]0;title\x07c\x9b2Jd\re\x08f\x7fg\u202eh\n\ti🍮"
    assert text.without_controls(hostile) == "a[31mb]0;titlec2Jdefgh\n\ti🍮"

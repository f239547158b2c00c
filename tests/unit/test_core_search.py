"""How a typed text is understood, and how words are folded and shown."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.folding import Places, fold, joined, shadow, words
from desktop.core.search import SNIPPET_CHARS, Search, Term, emphasised, snippet, understand


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Crème BRÛLÉE", ["creme", "brulee"]),
        ("IMG_0042.jpg", ["img", "0042", "jpg"]),
        ("收据总额 37", ["收", "据", "总", "额", "37"]),
        ("Straße ﬁnal", ["strasse", "final"]),
        ("領収書はABC", ["領", "収", "書", "は", "abc"]),
        ("한국어", ["한", "국", "어"]),
        ("ÅNGSTRÖM e\u0301te\u0301", ["angstrom", "ete"]),
        ("… -- !", []),
    ],
)
def test_words_have_no_case_and_no_accents_and_chinese_is_cut_by_character(
    text: str, folded: list[str]
) -> None:
    assert words(text) == folded


def test_a_text_is_understood_as_words_phrases_exclusions_and_tags() -> None:
    wanted = understand('total "corner bakery" -rye tag:Receipts 收据 pri')

    assert wanted.terms == (
        Term(("total",)),
        Term(("corner", "bakery")),
        Term(("收", "据")),
        Term(("pri",), prefix=True),
    )
    assert wanted.unwanted == (Term(("rye",)),)
    assert wanted.tags == (("receipts", False),)


@pytest.mark.parametrize("finished", ["pri ", '"pri"', "pri\t"])
def test_only_a_word_that_is_being_typed_may_be_the_beginning_of_one(finished: str) -> None:
    assert understand(finished).terms == (Term(("pri",)),)
    assert understand("p").terms == (Term(("p",)),)


def test_curly_quotation_marks_and_open_ones_are_phrases_too() -> None:
    assert understand("“corner bakery”").terms == (Term(("corner", "bakery")),)
    assert understand('"corner bak').terms == (Term(("corner", "bak"), prefix=True),)


@given(st.text(max_size=60))
def test_every_text_is_a_search(text: str) -> None:
    wanted = understand(text)
    if wanted.marks is not None:
        wanted.marks.search(fold(text))
    for term in wanted.terms:
        assert re.fullmatch(r"[^\W_]+( [^\W_]+)*", joined(term.words))


def test_a_search_without_words_and_filters_is_empty() -> None:
    assert Search(text=' "" -!').is_empty
    assert not Search(text="", model="gpt-5").is_empty


def test_in_json_the_match_was_cut_off_as_it_came_after_a_line_of_other_text() -> None:
    text = '{"items":[' + '{"description":"Sourdough","amount":11.8},' * 3 + '{"description":"Rye"}]}'

    shown = snippet(text, understand("rye").marks)

    assert shown is not None
    (span,) = shown.spans
    assert shown.text[slice(*span)] == "Rye"
    assert span[0] <= 10
    assert shown.text.startswith("…\u2060")


def test_a_snippet_stands_around_the_match_on_one_line_without_marks_of_markdown() -> None:
    text = "| Item | Qty |\n|---|---|\n| **Rye** | 1 |\n\n" + "word " * 60 + "the **total** is `37.34`.\nDone"

    shown = snippet(text, understand("TOTAL").marks)

    assert shown is not None
    (span,) = shown.spans
    assert shown.text[slice(*span)] == "total"
    assert shown.text.startswith("…word")
    assert shown.text.endswith("the total is 37.34. Done")
    assert len(shown.text) <= SNIPPET_CHARS + 2


@pytest.mark.parametrize(
    ("text", "typed", "found"),
    [
        ("Der Café-Besuch", "cafe", "Café"),
        ("the ﬁnal e\u0301te\u0301!", "final ete ", "ﬁnal"),
        ("共有四项，合计总额", "总额", "总额"),
        ("收据ABC", "abc ", "ABC"),
        ("𝒳𝒳 emoji 😀 total", "total", "total"),
    ],
)
def test_what_is_emphasised_is_the_original_text(text: str, typed: str, found: str) -> None:
    shown = emphasised(text, understand(typed).marks)
    assert found in [shown.text[a:b] for a, b in shown.spans]


def test_a_word_within_another_is_no_match() -> None:
    assert snippet("subtotal", understand("total ").marks) is None
    assert snippet("totals", understand("total ").marks) is None
    assert snippet("totals", understand("total").marks) is not None


@given(st.text(max_size=80))
def test_places_lead_back_to_characters_of_the_text(text: str) -> None:
    folded = fold(text)
    places = Places(text)
    for match in re.finditer(r"\w+", folded):
        start, end = places.span(*match.span())
        assert 0 <= start < end <= len(text)
        assert match[0] in fold(text[start:end])


def test_terms_agree_with_the_shadow() -> None:
    text = shadow("The corner bakery in Straße 7: 收据总额")
    for typed in ("bak", '"corner bakery" ', "strasse ", "据总", "7 "):
        assert all(term.is_in(text) for term in understand(typed).terms), typed
    assert not Term(("bak",)).is_in(text)

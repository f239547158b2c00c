"""Markdown from anybody becomes HTML that shows everything and reaches nothing."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.ui.conversation.highlight import highlight
from desktop.ui.conversation.markdown import (
    BREAK,
    DISPLAY_ONLY,
    LONGEST_RUN,
    MAX_CHARACTERS,
    is_link,
    render,
    with_breaks,
)

HOSTILE = [
    "![x](/dev/zero)",
    "![x](file:///dev/zero)",
    "![x](data:image/png;base64,AAAA)",
    "![x](https://evil.example/a.png)",
    "![x][r]\n\n[r]: /dev/zero",
    '<img src="/dev/zero">',
    "<IMG SRC='file:///dev/random'>",
    '<table background="/dev/zero"><tr><td>x',
    "<style>body{background:url(/dev/zero)}</style>",
    '<link rel="stylesheet" href="/dev/zero">',
    "<script>alert(1)</script>",
    '<a href="file:///etc/passwd">x</a>',
    "[x](javascript:alert(1))",
    "[x](file:///etc/passwd)",
    "[x](/etc/passwd)",
    "[x](vbscript:x)",
    "[x](data:text/html,x)",
    "<file:///etc/passwd>",
    '[x](https://e.example/"onclick="y)',
    '| <img src="/dev/zero"> |\n|---|\n| ![x](/dev/zero) |',
    "`<img src=/dev/zero>`",
    "```html\n<img src=/dev/zero>\n```",
    '```"><img src=/dev/zero>\nx\n```',
    "1. ![x](/dev/zero)\n> ![y](/dev/zero)",
]

OUR_TAGS = {
    *("p", "br", "ul", "ol", "li", "table", "thead", "tbody", "tr", "th", "td"),
    *("em", "strong", "s", "span", "a"),
}


def tags(markup: str) -> set[str]:
    return set(re.findall(r"<\s*/?\s*([a-zA-Z0-9]+)", markup))


def words(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", markup)).translate(DISPLAY_ONLY)


@pytest.mark.parametrize("payload", HOSTILE)
def test_no_payload_leaves_a_tag_or_an_address_that_could_load_something(payload: str) -> None:
    markup = render(payload)
    assert tags(markup) <= OUR_TAGS
    for attribute in re.findall(r"<[^>]*>", markup):
        assert not re.search(r"\b(src|background|onclick|style|url)\b", attribute)
    for target in re.findall(r'href="([^"]*)"', markup):
        assert is_link(html.unescape(target))


@given(st.text(alphabet="<>&\"'[]()!`*_#|-\n :/ax.", max_size=120))
def test_no_text_at_all_makes_a_tag_that_is_not_ours(text: str) -> None:
    assert tags(render(text)) <= OUR_TAGS


def test_raw_html_is_shown_as_the_text_it_is() -> None:
    assert words(render('<img src="/dev/zero"> & <b>')) == '<img src="/dev/zero"> & <b>'


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("https://cats.example/a.png", "cats.example"),
        ("/dev/zero", "/dev/zero"),
        ("data:image/png;base64,AAAA", "data:"),
    ],
)
def test_an_image_becomes_a_sentence_that_says_where_it_would_have_come_from(source: str, told: str) -> None:
    assert words(render(f"![a cat]({source})")) == f"[image: a cat, not loaded: {told}]"


def test_links_keep_their_target_only_for_web_and_mail() -> None:
    assert 'href="https://example.org/x?a=1&amp;b=2"' in render("[a](https://example.org/x?a=1&b=2)")
    assert 'href="mailto:a@example.org"' in render("[a](mailto:a@example.org)")
    for target in ("javascript:x", "file:///x", "ftp://x/y", "x.html", "#top", "http:", "mailto:"):
        markup = render(f"[words]({target})")
        assert "href" not in markup
        assert words(markup) == "words"


def test_line_breaks_of_transcribed_text_are_kept() -> None:
    assert render("TOTAL\n37.34") == "<p>TOTAL<br>37.34</p>"


def test_a_table_has_its_alignment() -> None:
    markup = render("| a | b |\n|:--|--:|\n| 1 | 2 |")
    assert '<th align="left">a</th><th align="right">b</th>' in markup
    assert '<td align="right">2</td>' in markup


def test_a_numbered_list_begins_where_it_says() -> None:
    assert '<ol start="7">' in render("7. x\n8. y")


def test_code_is_coloured_by_its_language_and_plain_without_one() -> None:
    assert '<span class="k">def </span>' in render("```python\ndef f(): pass\n```")
    assert "<span" not in render("```\ndef f(): pass\n```")
    assert "<span" not in render("```no-such-language\ndef f(): pass\n```")


@given(st.text(max_size=300), st.sampled_from(["python", "json", "html", "bash", "", "nonsense"]))
def test_highlighting_changes_no_character(code: str, language: str) -> None:
    kept = code.replace("\r\n", "\n").replace("\r", "\n") if language not in ("", "nonsense") else code
    assert html.unescape(re.sub(r"</?span[^>]*>", "", highlight(code, language))) == kept.removeprefix(
        "\ufeff"
    )


@given(st.text(alphabet="ab \n中", max_size=1500), st.integers(0, LONGEST_RUN))
def test_unbroken_runs_get_places_to_break_and_nothing_else_changes(text: str, before: int) -> None:
    broken, _run = with_breaks(text, before)
    assert broken.replace(BREAK, "") == text
    assert all(len(run) <= LONGEST_RUN for run in re.split(rf"[\s{BREAK}]", broken))


def test_a_run_that_goes_on_through_emphasis_is_broken_too() -> None:
    markup = render("*" + "a" * 150 + "*" + "b" * 150)
    assert BREAK in markup
    assert words(markup) == "a" * 150 + "b" * 150


def test_a_long_link_keeps_its_exact_target() -> None:
    url = "https://example.org/" + "a" * 500
    assert f'href="{url}"' in render(f"<{url}>")


def test_an_endless_answer_is_cut() -> None:
    assert len(words(render("word " * (MAX_CHARACTERS // 5 + 1000)))) <= MAX_CHARACTERS


@pytest.mark.parametrize("marker", [">", "> ", "- ", "1. ", "*"])
@pytest.mark.parametrize("depth", [3, 12, 19, 20, 21, 39, 40, 41, 3000])
def test_no_word_is_lost_however_deep_it_is_nested(marker: str, depth: int) -> None:
    assert "word" in words(render(marker * depth + " word"))

"""Markdown from anybody becomes HTML that shows everything and reaches nothing."""

import html
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.ui.conversation import leaves as leaves_module
from desktop.ui.conversation import splitting
from desktop.ui.conversation.highlight import highlight, highlight_part
from desktop.ui.conversation.leaves import Kind, Leaf
from desktop.ui.conversation.markdown import (
    BREAK,
    DISPLAY_ONLY,
    LONGEST_RUN,
    MAX_CHARACTERS,
    is_link,
    with_breaks,
)
from desktop.ui.conversation.maths import readable
from desktop.ui.conversation.plain import text_between
from desktop.ui.conversation.rich import render
from desktop.ui.conversation.splitting import Splitter, split

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
    *("em", "strong", "s", "span", "a", "pre", "blockquote", "hr", "h1", "h2", "h3", "h4", "h5", "h6"),
}


def shown(markdown: str) -> str:
    """What the window's documents are made of."""
    return "".join(leaf.html for leaf in split(markdown))


def both(markdown: str) -> str:
    """For the window, and for other programs."""
    return shown(markdown) + render(markdown)


def tags(markup: str) -> set[str]:
    return set(re.findall(r"<\s*/?\s*([a-zA-Z0-9]+)", markup))


def words(markup: str) -> str:
    return html.unescape(re.sub(r"<[^>]*>", "", markup)).translate(DISPLAY_ONLY)


@pytest.mark.parametrize("payload", HOSTILE)
def test_no_payload_leaves_a_tag_or_an_address_that_could_load_something(payload: str) -> None:
    markup = both(payload)
    assert tags(markup) <= OUR_TAGS
    for attribute in re.findall(r"<[^>]*>", markup):
        assert not re.search(r"\b(src|background|onclick|url)\b[^-]", attribute)
    assert "style" not in "".join(re.findall(r"<[^>]*>", shown(payload)))
    for target in re.findall(r'href="([^"]*)"', markup):
        assert is_link(html.unescape(target))


@given(st.text(alphabet="<>&\"'[]()!`*_#|-\n :/ax.", max_size=120))
def test_no_text_at_all_makes_a_tag_that_is_not_ours(text: str) -> None:
    assert tags(both(text)) <= OUR_TAGS


def test_raw_html_is_shown_as_the_text_it_is() -> None:
    for made in (shown, render):
        assert words(made('<img src="/dev/zero"> & <b>')) == '<img src="/dev/zero"> & <b>'


@pytest.mark.parametrize(
    ("source", "told"),
    [
        ("https://cats.example/a.png", "cats.example"),
        ("/dev/zero", "/dev/zero"),
        ("data:image/png;base64,AAAA", "data:"),
    ],
)
def test_an_image_becomes_a_sentence_that_says_where_it_would_have_come_from(source: str, told: str) -> None:
    for made in (shown, render):
        assert words(made(f"![a cat]({source})")) == f"[image: a cat, not loaded: {told}]"


def test_links_keep_their_target_only_for_web_and_mail() -> None:
    assert 'href="https://example.org/x?a=1&amp;b=2"' in render("[a](https://example.org/x?a=1&b=2)")
    assert 'href="mailto:a@example.org"' in render("[a](mailto:a@example.org)")
    for target in ("javascript:x", "file:///x", "ftp://x/y", "x.html", "#top", "http:", "mailto:"):
        markup = render(f"[words]({target})")
        assert "href" not in markup
        assert words(markup) == "words"


def test_line_breaks_of_transcribed_text_are_kept() -> None:
    assert render("TOTAL\n37.34") == "<p>TOTAL<br>37.34</p>"
    assert shown("TOTAL\n37.34") == "TOTAL<br>37.34"


def test_a_table_has_its_alignment() -> None:
    markup = shown("| a | b |\n|:--|--:|\n| 1 | 2 |")
    assert '<th align="left">a</th><th align="right">b</th>' in markup
    assert '<td align="right">2</td>' in markup


def test_a_numbered_list_begins_where_it_says() -> None:
    assert '<ol start="7">' in render("7. x\n8. y")
    assert [leaf.levels[0].marker for leaf in split("7. x\n8. y")] == ["7.", "8."]


def test_tasks_have_boxes_and_not_their_brackets() -> None:
    leaves = split("- [ ] buy\n- [x] pay\n- [x](https://e.example)")
    assert [leaf.levels[0].marker for leaf in leaves] == ["☐", "☑", "•"]
    assert [leaf.words for leaf in leaves] == [("buy",), ("pay",), ("x",)]
    assert "☑ pay" in render("- [x] pay")


def test_code_is_coloured_by_its_language_and_plain_without_one() -> None:
    for made in (shown("```python\ndef f(): pass\n```"), highlight("def f(): pass", "python")):
        assert '<span class="k">def </span>' in made
    assert "<span" not in shown("```\ndef f(): pass\n```")
    assert "<span" not in shown("```no-such-language\ndef f(): pass\n```")


def test_a_comment_of_many_lines_stays_one_where_code_is_cut() -> None:
    _html, state = highlight_part("x = '''a\nb", "python", ())
    assert highlight_part("c''' + y", "python", state)[0].startswith('<span class="s">c&#x27;&#x27;&#x27;')


@given(st.text(max_size=300), st.sampled_from(["python", "json", "html", "bash", "", "nonsense"]))
def test_highlighting_changes_no_character(code: str, language: str) -> None:
    def normal(text: str) -> str:
        return text.replace("\r\n", "\n").replace("\r", "\n").removeprefix("\ufeff")

    assert normal(html.unescape(re.sub(r"</?span[^>]*>", "", highlight(code, language)))) == normal(code)


@given(st.text(alphabet="ab \n中", max_size=1500), st.integers(0, LONGEST_RUN))
def test_unbroken_runs_get_places_to_break_and_nothing_else_changes(text: str, before: int) -> None:
    broken, _run = with_breaks(text, before)
    assert broken.replace(BREAK, "") == text
    assert all(len(run) <= LONGEST_RUN for run in re.split(rf"[\s{BREAK}]", broken))


def test_a_run_that_goes_on_through_emphasis_is_broken_too() -> None:
    markup = shown("*" + "a" * 150 + "*" + "b" * 150)
    assert BREAK in markup
    assert words(markup) == "a" * 150 + "b" * 150


def test_a_long_link_keeps_its_exact_target() -> None:
    url = "https://example.org/" + "a" * 500
    assert f'href="{url}"' in render(f"<{url}>")


def test_an_endless_answer_is_cut() -> None:
    leaves = split("word " * (MAX_CHARACTERS // 5 + 1000))
    assert sum(leaf.characters for leaf in leaves) <= MAX_CHARACTERS


@pytest.mark.parametrize("marker", [">", "> ", "- ", "1. ", "*"])
@pytest.mark.parametrize("depth", [3, 12, 19, 20, 21, 39, 40, 41, 3000])
def test_no_word_is_lost_however_deep_it_is_nested(marker: str, depth: int) -> None:
    assert "word" in words(render(marker * depth + " word"))
    assert "word" in words(shown(marker * depth + " word"))


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ("E=mc^2", "E = mc²"),
        (r"\frac{-b\pm\sqrt{b^2-4ac}}{2a}", "(−b ± √(b² − 4ac))/(2a)"),
        (r"\sum_{i=1}^{n} x_i^2 \leq \frac{1}{2}", "∑ᵢ₌₁ⁿ xᵢ² ≤ ½"),
        (r"\begin{aligned} a &= b \\ c &= d\end{aligned}", "a = b\nc = d"),
        (r"\hat{x} \in \mathbb{R}^n", "x̂ ∈ ℝⁿ"),
        (r"\text{Total} = 34.90 \times 1.07", "Total = 34.90 × 1.07"),
        (r"90^\circ", "90°"),
        (r"\unknown{x}", None),
        ("}{", None),
        ("^", None),
        ("{" * 100 + "}" * 100, None),
    ],
)
def test_formulas_are_written_so_that_they_can_be_read(source: str, said: str | None) -> None:
    assert readable(source) == said


@given(st.text(alphabet="\\{}^_&$ ab1()[]fracsqtleft", max_size=60))
def test_no_formula_fails(source: str) -> None:
    readable(source)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("area $A = \\pi r^2$.", "area A = π r²."),
        (r"area \(A = \pi r^2\).", "area A = π r²."),
        ("$5 and $6", "$5 and $6"),
        ("$5-$6, US$7 or 8$", "$5-$6, US$7 or 8$"),
        ("$HOME/$USER", "$HOME/$USER"),
        (r"$\unknown{x}$", r"$\unknown{x}$"),
        ("`$x^2$`", "$x^2$"),
        ("$$\nx^2\n$$", "x²"),
        ("so:\n\\[ x^2 \\]\nand", "so:\n\nx²\n\nand"),
        ("$$ never closed\n\nnext", "$$ never closed\n\nnext"),
    ],
)
def test_formulas_are_found_and_prices_are_none(source: str, text: str) -> None:
    assert text_between(split(source)) == text


def test_a_formula_without_signs_of_its_own_is_shown_as_code() -> None:
    assert [leaf.kind for leaf in split("$$\n\\unknown{x}\n$$")] == [Kind.CODE]


PIECES = [
    *("para one\n", "word ", "**b** ", "\n", "\n\n", "# h\n", "- item\n", "- [ ] t\n", "1. x\n", "2. y\n"),
    *("   cont\n", "  - sub\n", "> q\n", "> > qq\n", "```py\n", "def f():\n", "```\n", "'''", "~~~\n"),
    *("| a | b |\n", "|--|--|\n", "| 1 | 2 |\n", "a | b\n", "---\n", "===\n", "[l]", "[m]"),
    *("[l]: https://e.example 't'\n", "[m]: <https://x.y>\n", "$$\n", "x^2\n", "\\[\n", "\\]\n", "$x$ "),
    *("    code\n", "\t", "+ z\n", "<div>\n", "`c", "`", "_e_", "100. n\n", "-\n", ">\n", "  \n", "1) p\n"),
]


def streamed(text: str, steps: list[int]) -> list[Leaf]:
    splitter, at = Splitter(), 0
    for step in steps:
        at += step
        splitter.set_text(text[:at], final=False)
    splitter.set_text(text)
    return splitter.leaves


@given(
    st.lists(st.sampled_from(PIECES), max_size=40).map("".join),
    st.lists(st.integers(1, 12), max_size=60),
    st.sampled_from([40, 80, 4000]),
)
def test_what_streams_in_pieces_ends_as_what_is_there_at_once(
    text: str, steps: list[int], window: int
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(splitting, "WINDOW", window)
        patch.setattr(leaves_module, "CODE_LINES", 3)
        patch.setattr(leaves_module, "TABLE_ROWS", 2)
        assert streamed(text, steps) == split(text)


@pytest.mark.parametrize(
    "text",
    [
        "```python\n" + "x = 1  # note\n" * 400 + "```\nend",
        "|a|b|\n|--|--|\n" + "| 1 | 2 |\n" * 200,
        "\n".join(f"{n}. item {n}" for n in range(1, 300)),
        "word and more. " * 900,
        "> quoted words\n" * 500,
    ],
)
def test_long_blocks_stream_in_parts_that_are_read_once(text: str) -> None:
    splitter = Splitter()
    for at in range(0, len(text), 97):
        splitter.set_text(text[:at], final=False)
        kept = splitter.leaves[:-4]
        splitter.set_text(text[: at + 50], final=False)
        assert all(one is other for one, other in zip(kept, splitter.leaves, strict=False))
    splitter.set_text(text)
    assert splitter.leaves == split(text)
    assert len(splitter.leaves) > 1


def test_a_link_whose_target_comes_later_becomes_one() -> None:
    splitter = Splitter()
    splitter.set_text("see [it]\n\nmore\n\n", final=False)
    assert "href" not in splitter.leaves[0].html
    splitter.set_text("see [it]\n\nmore\n\n[it]: https://e.example\n\nend\n", final=False)
    assert 'href="https://e.example"' in splitter.leaves[0].html

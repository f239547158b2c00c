"""An answer's Markdown as HTML for Qt: the only way by which a model's text becomes rich text.

Everything is escaped. Nothing here makes Qt open a file or a connection: there is no ``<img>``, and links
keep a target only for http, https and mailto. Raw HTML is shown as the text it is.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from html import escape
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from desktop.core.text import _, printable
from desktop.ui.conversation.highlight import highlight

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token

MAX_CHARACTERS = 2_000_000
"""An answer is shown up to here."""

LONGEST_RUN = 200
"""Qt's layout takes time with the square of an unbroken run: a place to break is added after so many."""

BREAK = "\u200b"
PAD = "\u2060"
"""Carries the space left and right of inline code: Qt knows no padding there."""

DISPLAY_ONLY = str.maketrans("", "", BREAK + PAD)
"""For `str.translate`: takes out what was added for display, before text leaves by copying."""

DEEPEST = 40
"""Quotes and lists within each other up to here; beyond, an answer is shown as it was written."""

LINK_SCHEMES = ("http", "https", "mailto")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Colours (``#rrggbb``) and sizes (pixels) of a rendered answer."""

    text: str
    muted: str
    link: str
    border: str
    table_header: str
    keyword: str
    string: str
    number: str
    comment: str
    deleted: str
    text_px: int
    table_px: int
    code_px: int
    code_family: str
    cell_padding_px: int = 10


def stylesheet(look: Look) -> str:
    """For `QTextDocument.setDefaultStyleSheet`; only what Qt's subset of CSS knows."""
    code = f"font-family:'{look.code_family}';font-size:{look.code_px}px"
    side = look.cell_padding_px
    cell = f"padding:6px {side}px 5px {side}px;border:1px solid {look.border};font-size:{look.table_px}px"
    return f"""
        p, li {{ margin:0 0 8px 0; line-height:122%; color:{look.text}; }}
        p.plain {{ white-space:pre-wrap; }}
        p.h1 {{ font-size:{look.text_px + 5}px; font-weight:600; margin:10px 0 8px 0; }}
        p.h2 {{ font-size:{look.text_px + 3}px; font-weight:600; margin:10px 0 6px 0; }}
        p.h3 {{ font-size:{look.text_px + 1}px; font-weight:600; margin:8px 0 6px 0; }}
        p.h4 {{ font-weight:600; margin:6px 0 4px 0; }}
        strong {{ font-weight:600; }}
        a {{ color:{look.link}; text-decoration:underline; }}
        ul, ol {{ margin:0 0 8px 0; }}
        ul {{ list-style-type:none; }}
        li {{ margin:0 0 4px 0; }}
        .code {{ {code}; }}
        .pad {{ letter-spacing:4px; }}
        .gone {{ color:{look.muted}; }}
        p.pre {{ {code}; white-space:pre-wrap; margin:0; line-height:130%; }}
        .k {{ color:{look.keyword}; }} .s {{ color:{look.string}; }} .n {{ color:{look.number}; }}
        .c {{ color:{look.comment}; }} .d {{ color:{look.deleted}; }}
        table {{ margin:4px 0 10px 0; }}
        table.grid {{ border-collapse:collapse; border:1px solid {look.border}; }}
        .grid th {{ {cell}; background-color:{look.table_header}; font-weight:600; }}
        .grid td {{ {cell}; }}
        table.quote td {{ border-left:3px solid {look.border}; padding:2px 0 0 12px; color:{look.muted}; }}
        table.rule td {{ border-bottom:1px solid {look.border}; font-size:2px; }}
    """


def render(markdown_text: str) -> str:
    """The body of the HTML; colours and sizes come from `stylesheet`, set on the document.

    Args:
        markdown_text: CommonMark with tables and strike-through, from anybody. Line breaks are kept, as in
            transcribed text.
    """
    text = markdown_text[:MAX_CHARACTERS]
    tokens = _parser().parse(text)
    if any(token.level >= DEEPEST - 1 for token in tokens):
        # The parser silently leaves out what is deeper.
        return f'<p class="plain">{escape(with_breaks(text)[0])}</p>'
    writer = _Writer()
    writer.write(tokens)
    return "".join(writer.parts)


def is_link(url: str) -> bool:
    """Whether ``url`` may be followed at all: http, https or mailto, with a target."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in LINK_SCHEMES and bool(parts.netloc or (parts.scheme == "mailto" and parts.path))


def with_breaks(text: str, run: int = 0) -> tuple[str, int]:
    """``text`` with a place to break after every `LONGEST_RUN` characters without a space.

    Args:
        text: any text.
        run: how many unbroken characters came before it.

    Returns:
        The text, and how many unbroken characters it ends with.
    """
    if run + len(text) <= LONGEST_RUN and " " not in text and "\n" not in text:
        return text, run + len(text)
    parts: list[str] = []
    for word in re.split(r"(\s+)", text):
        if not word or word.isspace():
            parts.append(word)
            run = 0 if word else run
            continue
        start = 0
        while run + len(word) - start > LONGEST_RUN:
            stop = start + LONGEST_RUN - run
            parts.append(word[start:stop] + BREAK)
            start, run = stop, 0
        parts.append(word[start:])
        run += len(word) - start
    return "".join(parts), run


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415 - not at start-up

    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": DEEPEST}).enable(
        ["table", "strikethrough"]
    )
    # The parser's own check lets whole links through as text; ours keeps their words and drops the target.
    parser.validateLink = _accept  # type: ignore[method-assign]
    return parser


def _accept(url: str) -> bool:  # noqa: ARG001 - the parser calls it by this name
    return True


class _Writer:
    """Writes tokens as HTML; ``parts`` is what has been written."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._run = 0
        self._links: list[bool] = []

    def write(self, tokens: "Iterable[Token]") -> None:
        for token in tokens:
            if token.type in _PLAIN:
                self.parts.append(_PLAIN[token.type])
            elif token.type in _WRITERS:
                _WRITERS[token.type](self, token)

    def inline(self, token: "Token") -> None:
        self._run = 0
        self.write(token.children or ())

    def text(self, token: "Token") -> None:
        text, self._run = with_breaks(token.content, self._run)
        self.parts.append(escape(text))

    def line_break(self, _token: "Token") -> None:
        self._run = 0
        self.parts.append("<br>")

    def paragraph_open(self, token: "Token") -> None:
        self.parts.append("" if token.hidden else "<p>")

    def paragraph_close(self, token: "Token") -> None:
        self.parts.append("" if token.hidden else "</p>")

    def heading_open(self, token: "Token") -> None:
        self.parts.append(f'<p class="h{min(int(token.tag[1]), 4)}">')

    def ordered_list_open(self, token: "Token") -> None:
        self.parts.append(f'<ol start="{int(token.attrs.get("start", 1))}">')

    def cell_open(self, token: "Token") -> None:
        side = str(token.attrs.get("style", "")).rpartition(":")[2]
        self.parts.append(f'<{token.tag} align="{side if side in ("right", "center") else "left"}">')

    def cell_close(self, token: "Token") -> None:
        self.parts.append(f"</{token.tag}>")

    def code_inline(self, token: "Token") -> None:
        text, self._run = with_breaks(token.content, self._run)
        pad = f'<span class="pad">{PAD}</span>'
        self.parts.append(f'<span class="code">{pad}{escape(text)}{pad}</span>')

    def code_block(self, token: "Token") -> None:
        code = with_breaks(token.content.rstrip("\n"))[0]
        language = token.info.split(maxsplit=1)[0] if token.info.strip() else ""
        body = highlight(code, language)
        self.parts.append('<table width="100%" cellspacing="0" cellpadding="10"><tr><td>')
        self.parts.append(f'<p class="pre">{body}</p></td></tr></table>')

    def link_open(self, token: "Token") -> None:
        url = str(token.attrs.get("href", ""))
        self._links.append(is_link(url))
        if self._links[-1]:
            self.parts.append(f'<a href="{escape(url)}">')

    def link_close(self, _token: "Token") -> None:
        if self._links.pop():
            self.parts.append("</a>")

    def image(self, token: "Token") -> None:
        source = printable(_host(str(token.attrs.get("src", ""))), limit=80)
        words = printable(token.content, limit=200)
        sentence = _("[image: {description}, not loaded: {source}]").format(description=words, source=source)
        self.parts.append(f'<span class="gone">{escape(sentence)}</span>')


def _host(url: str) -> str:
    """Where a picture would have come from: its host, or as much of its address as tells."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return url
    return host or (url if parts.scheme in ("", "file") else f"{parts.scheme}:")


_PLAIN = {
    "heading_close": "</p>",
    "bullet_list_open": "<ul>",
    "bullet_list_close": "</ul>",
    "ordered_list_close": "</ol>",
    "list_item_open": "<li>",
    "list_item_close": "</li>",
    "blockquote_open": '<table class="quote" width="100%" cellspacing="0"><tr><td>',
    "blockquote_close": "</td></tr></table>",
    "hr": '<table class="rule" width="100%" cellspacing="0"><tr><td></td></tr></table>',
    "table_open": '<table class="grid" cellspacing="0">',
    "table_close": "</table>",
    "thead_open": "<thead>",
    "thead_close": "</thead>",
    "tbody_open": "<tbody>",
    "tbody_close": "</tbody>",
    "tr_open": "<tr>",
    "tr_close": "</tr>",
    "em_open": "<em>",
    "em_close": "</em>",
    "strong_open": "<strong>",
    "strong_close": "</strong>",
    "s_open": "<s>",
    "s_close": "</s>",
}

_WRITERS = {
    "inline": _Writer.inline,
    "text": _Writer.text,
    "html_block": _Writer.text,
    "html_inline": _Writer.text,
    "softbreak": _Writer.line_break,
    "hardbreak": _Writer.line_break,
    "paragraph_open": _Writer.paragraph_open,
    "paragraph_close": _Writer.paragraph_close,
    "heading_open": _Writer.heading_open,
    "ordered_list_open": _Writer.ordered_list_open,
    "th_open": _Writer.cell_open,
    "th_close": _Writer.cell_close,
    "td_open": _Writer.cell_open,
    "td_close": _Writer.cell_close,
    "code_inline": _Writer.code_inline,
    "code_block": _Writer.code_block,
    "fence": _Writer.code_block,
    "link_open": _Writer.link_open,
    "link_close": _Writer.link_close,
    "image": _Writer.image,
}

"""An answer's Markdown as safe text: the only way by which a model's text becomes rich text.

Everything is escaped. Nothing here makes Qt open a file or a connection: there is no ``<img>``, and links
keep a target only for http, https and mailto. Raw HTML is shown as the text it is. `leaves` makes blocks of
it for the window, `rich` a page for other programs; both write what is inside a paragraph by `Inline`.
"""

import re
from collections.abc import Iterable
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from desktop.core.text import _, printable
from desktop.ui.conversation.maths import readable

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

Definitions = dict[str, Any]
"""Targets of ``[label]: target`` lines, by label."""


def parse(text: str, definitions: Definitions | None = None) -> "list[Token]":
    """``text`` as blocks; CommonMark with tables, strike-through and formulas, from anybody.

    Args:
        text: Markdown.
        definitions: where links may lead to; those of ``text`` are added, with the lines that they took.
    """
    env = {"references": definitions if definitions is not None else {}}
    return _parser().parse(text, env)


def is_too_deep(tokens: "Iterable[Token]") -> bool:
    """Whether the parser has silently left something out."""
    return any(token.level >= DEEPEST - 1 for token in tokens)


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

    from desktop.ui.conversation.maths_rules import add_maths  # noqa: PLC0415

    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": DEEPEST}).enable(
        ["table", "strikethrough"]
    )
    # The parser's own check lets whole links through as text; ours keeps their words and drops the target.
    parser.validateLink = _accept  # type: ignore[method-assign]
    add_maths(parser)
    return parser


def _accept(url: str) -> bool:  # noqa: ARG001 - the parser calls it by this name
    return True


class Inline:
    """Writes what is inside a paragraph.

    Attributes:
        html: escaped, with our own tags only.
        words: the same as plain text, as it can be read in the window.
    """

    def __init__(self, token: "Token | None", *, skip: int = 0) -> None:
        """Write ``token``, of type ``inline``, without the first ``skip`` characters of its text."""
        self._html: list[str] = []
        self._words: list[str] = []
        self._run = 0
        self._skip = skip
        self._links: list[bool] = []
        for child in (token.children or ()) if token is not None else ():
            if child.type in _PLAIN:
                self._html.append(_PLAIN[child.type])
            else:
                self._write(child)
        self.html = "".join(self._html)
        self.words = "".join(self._words)

    def _write(self, token: "Token") -> None:
        writers = {
            "text": self._text,
            "html_inline": self._text,
            "softbreak": self._line_break,
            "hardbreak": self._line_break,
            "code_inline": self._code,
            "maths": self._maths,
            "link_open": self._link_open,
            "link_close": self._link_close,
            "image": self._image,
        }
        if token.type in writers:
            writers[token.type](token)

    def _add(self, text: str, form: str = "{}") -> None:
        """Add words from outside; ``form`` is markup of ours around them."""
        self._words.append(text)
        broken, self._run = with_breaks(text, self._run)
        self._html.append(form.format(escape(broken)))

    def _text(self, token: "Token") -> None:
        text, self._skip = token.content[self._skip :], 0
        self._add(text)

    def _line_break(self, _token: "Token") -> None:
        self._run = 0
        self._html.append("<br>")
        self._words.append("\n")

    def _code(self, token: "Token") -> None:
        self._add(token.content, _CODE)

    def _maths(self, token: "Token") -> None:
        """A formula; where Unicode has no signs for it, as it was written."""
        said = readable(token.content)
        if said is None:
            self._add(token.markup + token.content + token.info, _CODE)
        else:
            self._add(said.replace("\n", "; "), '<span class="maths">{}</span>')

    def _link_open(self, token: "Token") -> None:
        url = str(token.attrs.get("href", ""))
        self._links.append(is_link(url))
        if self._links[-1]:
            self._html.append(f'<a href="{escape(url)}">')

    def _link_close(self, _token: "Token") -> None:
        if self._links.pop():
            self._html.append("</a>")

    def _image(self, token: "Token") -> None:
        source = printable(_host(str(token.attrs.get("src", ""))), limit=80)
        words = printable(token.content, limit=200)
        sentence = _("[image: {description}, not loaded: {source}]").format(description=words, source=source)
        self._add(sentence, '<span class="gone">{}</span>')


def _host(url: str) -> str:
    """Where a picture would have come from: its host, or as much of its address as tells."""
    try:
        parts = urlsplit(url)
        host = parts.hostname
    except ValueError:
        return url
    return host or (url if parts.scheme in ("", "file") else f"{parts.scheme}:")


_CODE = f'<span class="code"><span class="pad">{PAD}</span>{{}}<span class="pad">{PAD}</span></span>'

_PLAIN = {
    "em_open": "<em>",
    "em_close": "</em>",
    "strong_open": "<strong>",
    "strong_close": "</strong>",
    "s_open": "<s>",
    "s_close": "</s>",
}

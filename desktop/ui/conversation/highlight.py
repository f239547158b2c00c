"""Source code with its words coloured, as HTML for Qt's text documents."""

from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pygments.lexer import Lexer

MAX_CODE = 20_000
"""Characters beyond which code stays plain: some lexers are slow on hostile text."""

CLASSES = {
    "Token.Keyword": "k",
    "Token.Operator.Word": "k",
    "Token.Name.Tag": "k",
    "Token.Literal.String": "s",
    "Token.Literal.Number": "n",
    "Token.Name.Builtin": "n",
    "Token.Name.Decorator": "n",
    "Token.Comment": "c",
    "Token.Generic.Deleted": "d",
    "Token.Generic.Inserted": "s",
}
"""Which class of the style sheet colours a kind of token and all kinds below it."""


def highlight(code: str, language: str) -> str:
    """``code`` as escaped HTML, with a ``<span class>`` around keywords, strings, numbers and comments.

    Args:
        code: source text; it comes out unchanged but for the markup.
        language: name after the fence, such as ``python``; unknown or empty ones give plain text.
    """
    lexer = _lexer(language) if len(code) <= MAX_CODE else None
    if lexer is None:
        return escape(code)
    parts: list[str] = []
    for css_class, text in _joined(code, lexer):
        parts.append(f'<span class="{css_class}">{escape(text)}</span>' if css_class else escape(text))
    return "".join(parts)


def _lexer(language: str) -> "Lexer | None":
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415 - not at start-up
    from pygments.util import ClassNotFound  # noqa: PLC0415

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False) if language else None
    except ClassNotFound:
        return None


def _joined(code: str, lexer: "Lexer") -> Iterator[tuple[str, str]]:
    """Neighbours of the same class as one: Qt pays for every span."""
    kept, kept_class = "", ""
    for token_type, text in lexer.get_tokens(code):
        css_class = _css_class(str(token_type))
        if css_class == kept_class or not text.strip():
            kept += text
            continue
        yield kept_class, kept
        kept, kept_class = text, css_class
    yield kept_class, kept


def _css_class(token_type: str) -> str:
    while token_type:
        if token_type in CLASSES:
            return CLASSES[token_type]
        token_type = token_type.rpartition(".")[0]
    return ""

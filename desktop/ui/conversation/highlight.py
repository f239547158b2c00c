"""Source code with its words coloured, as HTML for Qt's text documents."""

from collections.abc import Iterator
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pygments.lexer import Lexer

MAX_CODE = 20_000
"""Characters at once beyond which code stays plain: some lexers are slow on hostile text."""

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

State = tuple[str, ...]
"""What a lexer is in the middle of, such as a comment of many lines; empty at the start."""


def highlight(code: str, language: str) -> str:
    """``code`` as escaped HTML, with a ``<span class>`` around keywords, strings, numbers and comments.

    Args:
        code: source text; it comes out unchanged but for the markup.
        language: name after the fence, such as ``python``; unknown or empty ones give plain text.
    """
    return highlight_part(code, language, ())[0]


def highlight_part(code: str, language: str, state: State) -> tuple[str, State]:
    """Like `highlight`, for some lines of a longer source.

    Args:
        code: these lines.
        language: see `highlight`.
        state: what the lines before ended with.

    Returns:
        The HTML, and what the next lines begin with.
    """
    lexer = _lexer(language) if len(code) <= MAX_CODE else None
    if lexer is None:
        return escape(code), ()
    tokens, state = _tokens(code, lexer, state)
    parts: list[str] = []
    for css_class, text in _joined(tokens):
        parts.append(f'<span class="{css_class}">{escape(text)}</span>' if css_class else escape(text))
    return "".join(parts), state


def language_name(language: str) -> str:
    """The name of a language as people write it, such as ``C++`` for ``cpp``; unknown ones as they are."""
    lexer = _lexer(language)
    return str(lexer.name) if lexer is not None else language


@cache
def _lexer(language: str) -> "Lexer | None":
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415 - not at start-up
    from pygments.util import ClassNotFound  # noqa: PLC0415

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False) if language else None
    except ClassNotFound:
        return None


def _tokens(code: str, lexer: "Lexer", state: State) -> tuple[list[tuple[Any, str]], State]:
    from pygments.lexer import ExtendedRegexLexer, LexerContext, RegexLexer  # noqa: PLC0415

    code = code.replace("\r\n", "\n").replace("\r", "\n")
    # Some rules end with the line.
    ended = f"{code}\n"
    if isinstance(lexer, RegexLexer) and type(lexer).get_tokens_unprocessed in (
        RegexLexer.get_tokens_unprocessed,
        ExtendedRegexLexer.get_tokens_unprocessed,
    ):
        context = LexerContext(ended, 0, stack=list(state or ("root",)))
        try:
            # The same loop with a context, which tells the state in the end.
            found = [
                (kind, text)
                for _at, kind, text in ExtendedRegexLexer.get_tokens_unprocessed(lexer, context=context)
            ]
        except (TypeError, KeyError):
            # Some languages have functions of their own that take no context.
            pass
        else:
            if "".join(text for _kind, text in found) == ended:
                return _without_end(found), tuple(context.stack)
    return _without_end(list(lexer.get_tokens(ended))), ()


def _without_end(tokens: list[tuple[Any, str]]) -> list[tuple[Any, str]]:
    """Take the newline away that was added."""
    if tokens and tokens[-1][1].endswith("\n"):
        tokens[-1] = tokens[-1][0], tokens[-1][1][:-1]
    return tokens


def _joined(tokens: list[tuple[Any, str]]) -> Iterator[tuple[str, str]]:
    """Neighbours of the same class as one: Qt pays for every span."""
    kept, kept_class = "", ""
    for token_type, text in tokens:
        css_class = _css_class(token_type)
        if css_class == kept_class or not text.strip():
            kept += text
            continue
        yield kept_class, kept
        kept, kept_class = text, css_class
    yield kept_class, kept


@cache
def _css_class(token_type: Any) -> str:  # noqa: ANN401 - Pygments has no types
    name = str(token_type)
    while name:
        if name in CLASSES:
            return CLASSES[name]
        name = name.rpartition(".")[0]
    return ""

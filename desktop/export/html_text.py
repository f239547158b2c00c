"""An answer's Markdown as HTML for a file that is opened in a browser: nothing in it runs or is fetched.

Everything is escaped, raw HTML is shown as the text it is, pictures are words, and links keep a target only
for http, https and mailto.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from desktop.core.text import _, without_controls

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.token import Token
    from pygments.lexer import Lexer

MOST_CHARS = 200_000
"""A longer answer is shown as it was written: hostile markup takes the parser time with its square."""
DEEPEST = 40
MOST_CODE = 20_000
"""Characters beyond which code stays plain: some lexers are slow on hostile text."""
LINK_SCHEMES = ("http", "https", "mailto")

_CLASSES = {
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
_BLOCKS = ("paragraph", "heading", "bullet_list", "ordered_list", "blockquote", "table")
_WITH_DIRECTION = frozenset(f"{block}_open" for block in _BLOCKS)
_TASK = re.compile(r"\[([ xX])\] ")


def answer_html(text: str) -> str:
    """An answer, from anybody, as the inside of an element."""
    text = without_controls(text)
    if len(text) > MOST_CHARS:
        return plain_html(text)
    tokens = _parser().parse(text)
    if any(token.level >= DEEPEST - 1 for token in tokens):
        # The parser silently leaves out what is deeper.
        return plain_html(text)
    _prepare(tokens)
    parser = _parser()
    return str(parser.renderer.render(tokens, parser.options, {}))


def plain_html(text: str, kind: str = "plain") -> str:
    """Text as it was written, with its line breaks, in a paragraph of these classes."""
    return f'<p class="{kind}" dir="auto">{escape(without_controls(text))}</p>'


def is_link(url: str) -> bool:
    """Whether a link may keep its target."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in LINK_SCHEMES and bool(parts.netloc or (parts.scheme == "mailto" and parts.path))


def highlight(code: str, language: str) -> str:
    """Source code as escaped HTML, with a class around keywords, strings, numbers and comments."""
    lexer = _lexer(language) if len(code) <= MOST_CODE else None
    if lexer is None:
        return escape(code)
    return "".join(
        f'<span class="{kind}">{escape(text)}</span>' if kind else escape(text)
        for kind, text in _coloured(code, lexer)
    )


@cache
def _parser() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # noqa: PLC0415 - not at start-up

    parser = MarkdownIt("commonmark", {"html": False, "breaks": True, "maxNesting": DEEPEST})
    parser.enable(["table", "strikethrough"])
    # A link that leads elsewhere is shown as it was written.
    parser.validateLink = is_link  # type: ignore[method-assign]
    rules: dict[str, Any] = cast("Any", parser.renderer).rules
    rules["image"] = _image
    rules["fence"] = _fence
    rules["code_block"] = _fence
    rules["link_open"] = _link
    return parser


def _link(tokens: Sequence["Token"], at: int, _options: Any, _env: Any) -> str:  # noqa: ANN401
    target = escape(str(tokens[at].attrGet("href") or ""))
    return f'<a href="{target}" rel="noopener noreferrer nofollow">'


def _image(tokens: Sequence["Token"], at: int, _options: Any, _env: Any) -> str:  # noqa: ANN401
    """A picture of the web is not fetched: what it is called, and nothing else."""
    said = _("[image: {name}]").format(name=tokens[at].content)
    return f'<span class="gone">{escape(said)}</span>'


def _fence(tokens: Sequence["Token"], at: int, _options: Any, _env: Any) -> str:  # noqa: ANN401
    language = (tokens[at].info or "").strip().split(maxsplit=1)
    body = highlight(tokens[at].content, language[0][:50] if language else "")
    return f'<pre dir="ltr"><code>{body}</code></pre>\n'


def _prepare(tokens: Sequence["Token"]) -> None:
    """Blocks read from the right where their text does, and ``- [x] done`` gets a box."""
    for at, token in enumerate(tokens):
        if token.type in _WITH_DIRECTION:
            token.attrSet("dir", "auto")
        found = _TASK.match(token.content) if token.type == "inline" else None
        if found is None or at < 2 or tokens[at - 2].type != "list_item_open" or not token.children:
            continue
        tokens[at - 2].attrSet("class", "task")
        first = token.children[0]
        first.content = ("☐ " if found[1] == " " else "☑ ") + first.content[len(found[0]) :]


def _lexer(language: str) -> "Lexer | None":
    from pygments.lexers import get_lexer_by_name  # noqa: PLC0415 - not at start-up
    from pygments.util import ClassNotFound  # noqa: PLC0415

    try:
        return get_lexer_by_name(language, stripnl=False, ensurenl=False) if language else None
    except ClassNotFound:
        return None


def _coloured(code: str, lexer: "Lexer") -> Iterator[tuple[str, str]]:
    kept, kept_class = "", ""
    for token_type, text in lexer.get_tokens(code):
        kind = _class_of(str(token_type))
        if kind == kept_class or not text.strip():
            kept += text
            continue
        yield kept_class, kept
        kept, kept_class = text, kind
    yield kept_class, kept


def _class_of(token_type: str) -> str:
    while token_type:
        if token_type in _CLASSES:
            return _CLASSES[token_type]
        token_type = token_type.rpartition(".")[0]
    return ""

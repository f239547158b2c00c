"""An answer as HTML for word processors and mail: the same escaping, with looks that suit white paper.

Only our own tags, no addresses but those of links, styles of our own in place of a style sheet.
"""

from collections.abc import Iterable
from html import escape
from typing import TYPE_CHECKING

from desktop.ui.conversation.highlight import highlight
from desktop.ui.conversation.markdown import DISPLAY_ONLY, MAX_CHARACTERS, Inline, is_too_deep, parse
from desktop.ui.conversation.maths import readable

if TYPE_CHECKING:
    from markdown_it.token import Token

_MONO = "font-family:'JetBrains Mono','DejaVu Sans Mono',Consolas,monospace;font-size:90%"
_CELL = "border:1px solid #c9cad1;padding:4px 8px"
_INSIDE = {
    '<span class="code">': f'<span style="{_MONO};background-color:#f4f4f7">',
    '<span class="pad"></span>': "",
    '<span class="maths">': '<span style="font-style:normal">',
    '<span class="gone">': '<span style="color:#6a6c75">',
    '<span class="k">': '<span style="color:#4747b8">',
    '<span class="s">': '<span style="color:#1f7b53">',
    '<span class="n">': '<span style="color:#a35f00">',
    '<span class="c">': '<span style="color:#6a6c77">',
    '<span class="d">': '<span style="color:#ce2c31">',
}


def render(markdown_text: str) -> str:
    """The body of a page.

    Args:
        markdown_text: CommonMark with tables, strike-through and formulas, from anybody. Line breaks are
            kept, as in transcribed text.
    """
    text = markdown_text[:MAX_CHARACTERS]
    tokens = parse(text)
    if is_too_deep(tokens):
        return f'<p style="white-space:pre-wrap">{escape(text)}</p>'
    writer = _Writer()
    writer.write(tokens)
    return "".join(writer.parts)


def _inside(html: str) -> str:
    html = html.translate(DISPLAY_ONLY)
    for ours, styled in _INSIDE.items():
        html = html.replace(ours, styled)
    return html


class _Writer:
    """Writes tokens as HTML; ``parts`` is what has been written."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self._task = 0

    def write(self, tokens: "Iterable[Token]") -> None:
        known = list(tokens)
        for place, token in enumerate(known):
            if token.type == "list_item_open":
                self._item(known[place + 1 : place + 3])
            elif token.type in _PLAIN:
                self.parts.append(_PLAIN[token.type])
            elif token.type in _WRITERS:
                _WRITERS[token.type](self, token)

    def _item(self, following: "list[Token]") -> None:
        self.parts.append("<li>")
        children = (following[-1].children or []) if len(following) == 2 else []
        if children and children[0].type == "text" and following[0].type == "paragraph_open":
            box = {"[ ] ": "☐ ", "[x] ": "☑ ", "[X] ": "☑ "}.get(children[0].content[:4], "")
            self.parts.append(box)
            self._task = 4 if box else 0

    def inline(self, token: "Token") -> None:
        self.parts.append(_inside(Inline(token, skip=self._task).html))
        self._task = 0

    def paragraph_open(self, token: "Token") -> None:
        self.parts.append("" if token.hidden else "<p>")

    def paragraph_close(self, token: "Token") -> None:
        self.parts.append("" if token.hidden else "</p>")

    def heading(self, token: "Token") -> None:
        self.parts.append(f"<{'/' if token.nesting < 0 else ''}{token.tag}>")

    def ordered_list_open(self, token: "Token") -> None:
        start = int(token.attrs.get("start", 1))
        self.parts.append("<ol>" if start == 1 else f'<ol start="{start}">')

    def cell_open(self, token: "Token") -> None:
        side = str(token.attrs.get("style", "")).rpartition(":")[2]
        align = side if side in ("right", "center") else "left"
        ground = ";background-color:#f4f4f7" if token.tag == "th" else ""
        self.parts.append(f'<{token.tag} align="{align}" style="{_CELL}{ground}">')

    def code_block(self, token: "Token") -> None:
        language = token.info.split(maxsplit=1)[0] if token.info.strip() else ""
        body = _inside(highlight(token.content.removesuffix("\n"), language))
        self.parts.append(f'<pre style="{_MONO};background-color:#f4f4f7;padding:8px">{body}</pre>')

    def maths(self, token: "Token") -> None:
        said = None if token.hidden else readable(token.content)
        source = said if said is not None else f"{token.markup}{token.content}"
        source += "" if said is not None or token.hidden else token.info
        shown = escape(source).replace("\n", "<br>")
        self.parts.append(f'<p align="center">{shown}</p>')


_PLAIN = {
    "bullet_list_open": "<ul>",
    "bullet_list_close": "</ul>",
    "ordered_list_close": "</ol>",
    "list_item_close": "</li>",
    "blockquote_open": '<blockquote style="border-left:3px solid #c9cad1;padding-left:10px;color:#6a6c75">',
    "blockquote_close": "</blockquote>",
    "hr": "<hr>",
    "table_open": '<table cellspacing="0" style="border-collapse:collapse">',
    "table_close": "</table>",
    "thead_open": "<thead>",
    "thead_close": "</thead>",
    "tbody_open": "<tbody>",
    "tbody_close": "</tbody>",
    "tr_open": "<tr>",
    "tr_close": "</tr>",
    "th_close": "</th>",
    "td_close": "</td>",
}

_WRITERS = {
    "inline": _Writer.inline,
    "paragraph_open": _Writer.paragraph_open,
    "paragraph_close": _Writer.paragraph_close,
    "heading_open": _Writer.heading,
    "heading_close": _Writer.heading,
    "ordered_list_open": _Writer.ordered_list_open,
    "th_open": _Writer.cell_open,
    "td_open": _Writer.cell_open,
    "code_block": _Writer.code_block,
    "fence": _Writer.code_block,
    "maths_block": _Writer.maths,
}

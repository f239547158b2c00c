"""An answer's blocks as leaves: paragraphs, code, tables, each with the lists and quotes that it stands in.

A leaf is what is laid out and painted by itself. Long code and long tables are several leaves that join.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cached_property
from html import escape
from typing import TYPE_CHECKING

from desktop.ui.conversation.highlight import State, highlight_part
from desktop.ui.conversation.markdown import Inline, is_too_deep, with_breaks
from desktop.ui.conversation.maths import readable

if TYPE_CHECKING:
    from markdown_it.token import Token

CODE_LINES = 24
"""One leaf has so many lines of code; it is rendered again for each line that comes."""

CODE_CHARACTERS = 2000
PLAIN_CHARACTERS = 4000
TABLE_ROWS = 16
TABLE_CELLS = 160
"""One leaf has so many rows of a table, or fewer where it has very many columns."""


TODO, DONE, BULLET = "☐", "☑", "•"


class Kind(StrEnum):
    """What a leaf is."""

    TEXT = "text"
    HEADING = "heading"
    CODE = "code"
    TABLE = "table"
    MATHS = "maths"
    RULE = "rule"


@dataclass(frozen=True, slots=True)
class Level:
    """A list or a quote around a leaf.

    Attributes:
        quote: it is a quote.
        marker: what stands at its left, such as ``7.``; empty where the item goes on.
        digits: of an item's number.
    """

    quote: bool = False
    marker: str = ""
    digits: int = 0


@dataclass(frozen=True, kw_only=True)
class Leaf:
    """One block.

    Attributes:
        kind: what it is.
        html: its content, escaped; rows for a table, lines of code for code.
        words: its text as it can be read, paragraph by paragraph or cell by cell.
        levels: what it stands in, outermost first.
        size: of a heading, from 1 to 4.
        tight: an item of a list without blank lines.
        goes_on: it joins the one before.
        language: of code, as it was written.
        columns: of a table.
        state: of the code's lexer after it.
        joint: what stood between it and the one that it joins.
    """

    kind: Kind
    html: str = ""
    words: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()
    size: int = 0
    tight: bool = False
    goes_on: bool = False
    language: str = ""
    columns: int = 0
    state: State = ()
    joint: str = "\n"

    @cached_property
    def characters(self) -> int:
        """How many it shows."""
        return sum(map(len, self.words))


@dataclass(frozen=True, slots=True)
class Carry:
    """What a text begins with that goes on after others were cut off.

    Attributes:
        prefix: lines to be put before it: the opening of code, the head of a table.
        goes_on: its first leaf joins the one before.
        state: of the code's lexer.
        number: of the first item, where it goes on with a numbered list.
        tight: the first item follows the one before without a blank line.
        levels: what its first leaf stands in.
        joint: what stood where a paragraph was cut; None where none was.
    """

    prefix: str = ""
    goes_on: bool = False
    state: State = ()
    number: int | None = None
    tight: bool = False
    levels: tuple[Level, ...] = ()
    joint: str | None = None


@dataclass(slots=True)
class Unit:
    """What can be finished by itself: a block, an item of a list, some lines of code, some rows of a table.

    Attributes:
        line: where it begins.
        carry: what it needs to be read without what is before it.
        leaves: what it shows.
    """

    line: int
    carry: Carry
    leaves: list[Leaf] = field(default_factory=list)


def units(tokens: "list[Token]", source: list[str], carry: Carry) -> list[Unit]:
    """All that ``tokens`` are, in order.

    Args:
        tokens: of a text that begins with ``carry``'s prefix.
        source: its lines.
        carry: what was before.
    """
    made: list[Unit] = []
    reader = _Reader(tokens, source, carry)
    for first, after in _top(tokens):
        made += reader.block(first, after)
    if made and made[0].leaves and carry.joint is not None:
        joined = made[0].leaves[0]
        levels = (*carry.levels, *joined.levels)
        made[0].leaves[0] = replace(joined, levels=levels, goes_on=True, joint=carry.joint)
    return made


def plain_leaf(text: str) -> Leaf:
    """``text`` as it was written."""
    lines = with_breaks(text)[0].split("\n")
    return Leaf(kind=Kind.TEXT, html="<br>".join(map(_kept_spaces, lines)), words=tuple(text.split("\n")))


def plain_leaves(text: str) -> list[Leaf]:
    """``text`` as it was written, in parts of some lines that join."""
    made: list[Leaf] = []
    part: list[str] = []
    length = 0
    for line in text.split("\n"):
        part.append(line)
        length += len(line) + 1
        if length >= PLAIN_CHARACTERS:
            made.append(replace(plain_leaf("\n".join(part)), goes_on=bool(made)))
            part, length = [], 0
    if part or not made:
        made.append(replace(plain_leaf("\n".join(part)), goes_on=bool(made)))
    return made


def _kept_spaces(line: str) -> str:
    return escape(line).replace("  ", " \u00a0")


def _top(tokens: "list[Token]") -> Iterator[tuple[int, int]]:
    """Places of the outermost blocks: first token, and the one after the last."""
    depth, first = 0, 0
    for place, token in enumerate(tokens):
        if depth == 0:
            first = place
        depth += token.nesting
        if depth == 0:
            yield first, place + 1


class _Reader:
    """Makes leaves of tokens."""

    def __init__(self, tokens: "list[Token]", source: list[str], carry: Carry) -> None:
        self._tokens = tokens
        self._source = source
        self._carry = carry

    def block(self, first: int, after: int) -> list[Unit]:
        """The units of one of the outermost blocks."""
        token = self._tokens[first]
        start, stop = token.map or [0, 0]
        if is_too_deep(self._tokens[first:after]):
            return [Unit(start, Carry(), [plain_leaf("\n".join(self._source[start:stop]))])]
        if token.type in ("bullet_list_open", "ordered_list_open"):
            return self._items(first, after)
        leaves = list(self._leaves(first, after, ()))
        if token.type == "fence":
            return self._parts(start, 1, leaves)
        if token.type == "table_open":
            return self._parts(start, 2, leaves)
        return [Unit(start, Carry(), leaves)]

    def _parts(self, start: int, head: int, leaves: list[Leaf]) -> list[Unit]:
        """Code or a table as its leaves, each of which can go on after the head alone."""
        prefix = "".join(f"{line}\n" for line in self._source[start : start + head])
        begins = self._begins(start)
        made, line, state = [], start, begins.state
        for place, leaf in enumerate(leaves):
            goes_on = place > 0 or begins.goes_on
            carry = Carry(prefix=prefix, goes_on=True, state=state) if place else begins
            made.append(Unit(line, carry, [replace(leaf, goes_on=goes_on)]))
            state = leaf.state
            if leaf.kind is Kind.CODE:
                line += len(leaf.words) + (0 if place else head)
            else:
                # The head's own row is not counted twice.
                line += len(leaf.words) // max(leaf.columns, 1) + (0 if place else head - (not goes_on))
        return made

    def _begins(self, line: int) -> Carry:
        """What was before, for the very first block."""
        return self._carry if line == 0 else Carry()

    def _items(self, first: int, after: int) -> list[Unit]:
        """A unit for each item of a list."""
        made: list[Unit] = []
        for number, item_first, item_after in self._numbered(first, after):
            line = (self._tokens[item_first].map or [0])[0]
            blank = line > 0 and not self._source[line - 1].strip()
            tight = not blank if made else self._begins(line).tight
            carry = Carry(number=number, tight=tight)
            made.append(Unit(line, carry, list(self._item(item_first, item_after, number, tight, ()))))
        return made

    def _numbered(self, first: int, after: int) -> Iterator[tuple[int | None, int, int]]:
        """The items of a list: number, first token, and the one after the last."""
        token = self._tokens[first]
        number = None
        if token.type == "ordered_list_open":
            begun = self._begins((token.map or [0])[0]).number
            outermost = token.level == 0
            number = begun if outermost and begun is not None else int(token.attrs.get("start", 1))
        for begin, end in self._inside(first, after):
            yield number, begin, end
            number = None if number is None else number + 1

    def _inside(self, first: int, after: int) -> Iterator[tuple[int, int]]:
        for begin, end in _top(self._tokens[first + 1 : after - 1]):
            yield first + 1 + begin, first + 1 + end

    def _item(
        self, first: int, after: int, number: int | None, tight: bool, levels: tuple[Level, ...]
    ) -> Iterator[Leaf]:
        task = self._task(first, after)
        marker = task or (BULLET if number is None else f"{number}.")
        digits = 0 if number is None else len(str(number))
        begun = False
        for begin, end in self._inside(first, after):
            for leaf in self._leaves(
                begin, end, (*levels, Level(digits=digits)), skip=4 if task and not begun else 0
            ):
                if begun:
                    yield leaf
                    continue
                begun = True
                marked = (*levels, Level(marker=marker, digits=digits), *leaf.levels[len(levels) + 1 :])
                yield replace(leaf, levels=marked, tight=tight)
        if not begun:
            marked = (*levels, Level(marker=marker, digits=digits))
            yield Leaf(kind=Kind.TEXT, words=("",), levels=marked, tight=tight)

    def _task(self, first: int, after: int) -> str:
        """Its box, if an item is a task."""
        if first + 2 >= after or self._tokens[first + 1].type != "paragraph_open":
            return ""
        children = self._tokens[first + 2].children or []
        words = children[0].content[:4] if children and children[0].type == "text" else ""
        return {"[ ] ": TODO, "[x] ": DONE, "[X] ": DONE}.get(words, "")

    def _leaves(self, first: int, after: int, levels: tuple[Level, ...], *, skip: int = 0) -> Iterator[Leaf]:
        token = self._tokens[first]
        if token.type in ("bullet_list_open", "ordered_list_open"):
            yield from self._nested_items(first, after, levels)
        elif token.type == "blockquote_open":
            for begin, end in self._inside(first, after):
                yield from self._leaves(begin, end, (*levels, Level(quote=True)))
        elif token.type in ("fence", "code_block"):
            language = token.info.split(maxsplit=1)[0] if token.info.strip() else ""
            begun = self._begins((token.map or [0])[0]) if not levels else Carry()
            yield from _code(token.content, language, levels, begun.state)
        elif token.type == "table_open":
            yield from self._table(first, after, levels)
        elif token.type == "maths_block":
            yield from self._maths(token, levels)
        elif token.type == "hr":
            yield Leaf(kind=Kind.RULE, words=("",), levels=levels)
        else:
            said = Inline(next((t for t in self._tokens[first:after] if t.type == "inline"), None), skip=skip)
            size = min(int(token.tag[1]), 4) if token.type == "heading_open" else 0
            kind = Kind.HEADING if size else Kind.TEXT
            yield Leaf(
                kind=kind, html=said.html, words=tuple(said.words.split("\n")), levels=levels, size=size
            )

    def _nested_items(self, first: int, after: int, levels: tuple[Level, ...]) -> Iterator[Leaf]:
        for place, (number, begin, end) in enumerate(self._numbered(first, after)):
            line = (self._tokens[begin].map or [0])[0]
            blank = line > 0 and not self._source[line - 1].strip()
            yield from self._item(begin, end, number, not blank or not place, levels)

    def _table(self, first: int, after: int, levels: tuple[Level, ...]) -> Iterator[Leaf]:
        rows: list[tuple[str, list[str]]] = []
        for token, inline in zip(self._tokens[first:after], self._tokens[first + 1 : after], strict=False):
            if token.type == "tr_open":
                rows.append(("", []))
            elif token.type in ("th_open", "td_open"):
                said = Inline(inline)
                side = str(token.attrs.get("style", "")).rpartition(":")[2]
                align = side if side in ("right", "center") else "left"
                markup, words = rows[-1]
                cell = f'<{token.tag} align="{align}">{said.html}</{token.tag}>'
                rows[-1] = (markup + cell, [*words, said.words])
        goes_on = self._begins((self._tokens[first].map or [0])[0]).goes_on and not levels
        head, body = rows[:1], rows[1:]
        step = max(1, min(TABLE_ROWS, TABLE_CELLS // max(len(head[0][1]) if head else 1, 1)))
        parts = [body[at : at + step] for at in range(0, len(body), step)] or [[]]
        for place, part in enumerate(parts):
            shown = part if place or goes_on else head + part
            yield Leaf(
                kind=Kind.TABLE,
                html="".join(f"<tr>{markup}</tr>" for markup, _words in shown),
                words=tuple(word for _markup, words in shown for word in words),
                levels=levels,
                columns=len(head[0][1]) if head else 0,
                goes_on=place > 0,
            )

    def _maths(self, token: "Token", levels: tuple[Level, ...]) -> Iterator[Leaf]:
        said = None if token.hidden else readable(token.content)
        if said is not None:
            lines = tuple(said.split("\n"))
            html = "<br>".join(escape(with_breaks(line)[0]) for line in lines)
            yield Leaf(kind=Kind.MATHS, html=html, words=lines, levels=levels)
        elif token.hidden:
            yield replace(plain_leaf(token.markup + token.content), levels=levels)
        else:
            yield from _code(token.content.strip("\n"), "latex", levels)


def _code(content: str, language: str, levels: tuple[Level, ...], state: State = ()) -> Iterator[Leaf]:
    """Code in parts of some lines."""
    part: list[str] = []
    length, goes_on = 0, False
    lines = content.removesuffix("\n").split("\n")
    for number, line in enumerate(lines):
        part.append(line)
        length += len(line)
        if len(part) < CODE_LINES and length < CODE_CHARACTERS and number + 1 < len(lines):
            continue
        html, state = highlight_part(with_breaks("\n".join(part))[0], language, state)
        yield Leaf(
            kind=Kind.CODE,
            html=html,
            words=tuple(part),
            levels=levels,
            goes_on=goes_on,
            language=language,
            state=state,
        )
        part, length, goes_on = [], 0, True

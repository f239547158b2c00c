r"""Where formulas stand in Markdown: between ``$``, ``$$``, ``\\(`` and ``\\)``, ``\\[`` and ``\\]``."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline

LONGEST = 4000
"""How far the end of a formula is looked for."""

_PAIRS = {"$$": "$$", "\\[": "\\]", "\\(": "\\)"}
_BLOCKS = {"$$": "$$", "\\[": "\\]"}
_IS_LATEX = re.compile(r"[\\^_={}]")
_IS_PROSE = re.compile(r"[^\W\d_]{3,}|\s[^\W\d_]{2,}\s|,\s")


def add_maths(parser: MarkdownIt) -> None:
    """Teach ``parser`` to make tokens ``maths`` (inside a paragraph) and ``maths_block``."""
    parser.inline.ruler.before("escape", "maths", _inline)
    parser.block.ruler.before(
        "fence", "maths_block", _block, {"alt": ["paragraph", "reference", "blockquote", "list"]}
    )


def _inline(state: StateInline, silent: bool) -> bool:
    source, start = state.src, state.pos
    if source[start] not in "$\\":
        return False
    opening = source[start : start + 2]
    if opening in _PAIRS:
        found = _between(state, opening, _PAIRS[opening])
    else:
        opening = "$"
        found = _after_dollar(state) if source[start] == "$" else None
    if found is None:
        return False
    if not silent:
        token = state.push("maths", "", 0)
        token.markup, token.info = opening, _PAIRS.get(opening, "$")
        token.content = source[start + len(opening) : found]
    state.pos = found + len(opening)
    return True


def _between(state: StateInline, opening: str, closing: str) -> int | None:
    start = state.pos + len(opening)
    found = state.src.find(closing, start, min(state.posMax, start + LONGEST))
    return found if found > start and state.src[start:found].strip() else None


def _after_dollar(state: StateInline) -> int | None:
    """The end of ``$…$``, which must not be a price: ``$5 and $6`` has none."""
    source, start = state.src, state.pos + 1
    found = source.find("$", start, min(state.posMax, start + LONGEST))
    while found > start and source[found - 1] == "\\":
        found = source.find("$", found + 1, min(state.posMax, start + LONGEST))
    if found <= start or source[start].isspace() or source[found - 1].isspace():
        return None
    if source[found + 1 : found + 2].isalnum() or source[state.pos - 1 : state.pos].isalnum():
        return None
    inside = source[start:found]
    return None if not _IS_LATEX.search(inside) and _IS_PROSE.search(inside) else found


def _block(state: StateBlock, first: int, last: int, silent: bool) -> bool:
    """A formula of its own, up to its end or to a blank line: what follows cannot change what came before."""
    if state.is_code_block(first):
        return False
    opening = _line(state, first)[:2]
    closing = _BLOCKS.get(opening)
    if closing is None:
        return False
    rest = _line(state, first)[2:].rstrip()
    if closing in rest and (not rest.endswith(closing) or rest.count(closing) > 1):
        return False
    if silent:
        return True
    lines, number = [rest], first
    while not lines[-1].endswith(closing) and number + 1 < last and _line(state, number + 1).strip():
        if state.sCount[number + 1] < state.blkIndent:
            break
        number += 1
        lines.append(_line(state, number).rstrip())
    state.line = number + 1
    token = state.push("maths_block", "", 0)
    token.block, token.markup, token.info = True, opening, closing
    token.map = [first, state.line]
    token.content = "\n".join(lines).removesuffix(closing)
    token.hidden = not lines[-1].endswith(closing)
    return True


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]

"""Formulas of answers, written in LaTeX, as Unicode that can be read: roots, powers, Greek, operators."""

import re
from collections.abc import Callable
from functools import cache
from unicodedata import normalize

from desktop.ui.conversation.maths_signs import (
    ACCENTS,
    BLACKBOARD,
    FRACTIONS,
    FUNCTIONS,
    IGNORED,
    OPERATORS,
    SIGNS,
    SUBSCRIPTS,
    SUPERSCRIPTS,
)

LONGEST = 4000
"""Characters; a longer formula is shown as it was written."""

_DEEPEST = 30
_PIECES = re.compile(r"\\[a-zA-Z]+\*?|\\.|[{}^_&]|\s+|[^\\{}^_&\s]", re.DOTALL)
_RELATIONS = frozenset("=<>≤≥≠≈≡∼≃≅∝→←↔⇒⇐⇔↦∈∉⊂⊆⊃⊇≪≫∣:")
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}
_GROUPS = ("text", "textbf", "textit", "textrm", "mathrm", "mathbf", "mathit", "mathsf", "mathtt", "mathcal")
_NAMES = ("operatorname", "mbox", "boldsymbol", "bm", "boxed", "displaystyle", "textstyle", "mathfrak")
_BRACKETS = {"pmatrix": "()", "bmatrix": "[]", "vmatrix": "||", "matrix": ("", ""), "cases": ("{ ", "")}


class _UnreadableError(Exception):
    """There is a command that has no sign of its own."""


@cache
def readable(source: str) -> str | None:
    """``source`` in Unicode, lines of aligned equations apart; None where that would tell less than LaTeX.

    Args:
        source: LaTeX between the dollars, from anybody.
    """
    if len(source) > LONGEST:
        return None
    try:
        lines = _Reader(_PIECES.findall(source)).group(end="")
    except (_UnreadableError, IndexError):
        return None
    return "\n".join(_spaced(line) for line in lines.split("\n")).strip() or None


def _spaced(line: str) -> str:
    return re.sub(r"[ \t]+", " ", line).replace("( ", "(").replace(" )", ")").strip()


class _Reader:
    """Reads pieces one after the other; every method returns what it has read as text."""

    def __init__(self, pieces: list[str]) -> None:
        self._pieces = pieces
        self._at = 0
        self._depth = 0

    def group(self, end: str) -> str:
        """Everything up to ``end``; an empty ``end`` is that of the formula."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _UnreadableError
        said: list[str] = []
        while self._at < len(self._pieces):
            piece = self._next()
            if piece == end:
                break
            if piece == "}":
                raise _UnreadableError
            said.append(self._said(piece, "".join(said)))
        else:
            if end:
                raise _UnreadableError
        self._depth -= 1
        return "".join(said)

    def _next(self) -> str:
        self._at += 1
        return self._pieces[self._at - 1]

    def _said(self, piece: str, before: str) -> str:
        if piece == "{":
            return self.group("}")
        if piece in "^_":
            return _script(self._argument(), raised=piece == "^")
        if piece[0] == "\\":
            return self._command(piece[1:])
        if piece.isspace():
            return " "
        if piece == "&":
            return " "
        return _sign(piece, before)

    def _argument(self) -> str:
        piece = self._next()
        while piece.isspace():
            piece = self._next()
        return self._said(piece, "") if piece != "}" else self._refuse()

    def _refuse(self) -> str:
        raise _UnreadableError

    def _command(self, name: str) -> str:
        if name in SIGNS:
            sign = SIGNS[name]
            return f" {sign} " if sign in _RELATIONS or name in OPERATORS else sign
        if name in FUNCTIONS:
            return f"{name} " if self._follows_letter() else name
        if name in IGNORED:
            return IGNORED[name]
        if name in ACCENTS:
            return normalize("NFC", "".join(c + ACCENTS[name] for c in self._argument().strip()))
        special = self._special().get(name)
        if special is not None:
            return special()
        if name in _GROUPS or name in _NAMES:
            return self._argument()
        raise _UnreadableError

    def _special(self) -> "dict[str, Callable[[], str]]":
        return {
            "frac": self._fraction,
            "dfrac": self._fraction,
            "tfrac": self._fraction,
            "binom": lambda: f"C({self._argument().strip()}, {self._argument().strip()})",
            "sqrt": self._root,
            "left": self._delimiter,
            "right": self._delimiter,
            "mathbb": lambda: "".join(BLACKBOARD.get(c, c) for c in self._argument()),
            "begin": self._environment,
            "\\": lambda: "\n",
        }

    def _follows_letter(self) -> bool:
        following = self._pieces[self._at] if self._at < len(self._pieces) else ""
        return following[:1].isalnum() or following[:1] == "\\"

    def _fraction(self) -> str:
        above, below = self._argument().strip(), self._argument().strip()
        return FRACTIONS.get((above, below)) or f"{_grouped(above)}/{_grouped(below)}"

    def _root(self) -> str:
        degree = ""
        if self._at < len(self._pieces) and self._pieces[self._at] == "[":
            self._next()
            degree = self.group("]").strip()
        inside = _grouped(self._argument().strip())
        return (_ROOTS[degree] if degree in _ROOTS else _script(degree, raised=True) + "√") + inside

    def _delimiter(self) -> str:
        piece = self._next()
        if piece == ".":
            return ""
        return self._command(piece[1:]).strip() if piece[0] == "\\" else piece

    def _environment(self) -> str:
        name = self._argument().strip()
        inside: list[str] = []
        while True:
            piece = self._next()
            if piece == "\\end":
                break
            inside.append("  " if piece == "&" else self._said(piece, "".join(inside)))
        self._argument()
        rows = [row.strip() for row in "".join(inside).split("\n") if row.strip()]
        if name.rstrip("*") not in _BRACKETS:
            return "\n".join(rows)
        opening, closing = _BRACKETS[name.rstrip("*")]
        return opening + "; ".join(re.sub(r"\s{2,}", ", ", row) for row in rows) + closing


def _sign(character: str, before: str) -> str:
    if character in "+-":
        sign = "−" if character == "-" else "+"
        last = before.rstrip()[-1:]
        binary = bool(last) and (last.isalnum() or last in ")]}|!′″√∞%°" or last in _ENDS)
        return f" {sign} " if binary else sign
    if character in _RELATIONS and character != ":":
        return f" {character} "
    return {"*": "∗", "'": "′", "~": " "}.get(character, character)


_SMALL = "".join(map(re.escape, (*SUPERSCRIPTS.values(), *SUBSCRIPTS.values())))
_ENDS = frozenset(SUPERSCRIPTS.values()) | frozenset(SUBSCRIPTS.values())


def _script(text: str, *, raised: bool) -> str:
    """``text`` raised or lowered; in brackets after ``^`` or ``_`` where Unicode has no such letters."""
    small = re.sub(r"\s+", "", text)
    letters = SUPERSCRIPTS if raised else SUBSCRIPTS
    if not small:
        return ""
    if small in ("′", "∘"):
        return "°" if small == "∘" else small
    if all(character in letters for character in small):
        return "".join(letters[character] for character in small)
    sign = "^" if raised else "_"
    return f"{sign}{small}" if len(small) == 1 else f"{sign}({text.strip()})"


def _grouped(text: str) -> str:
    """In brackets where it would otherwise not be clear what belongs together."""
    plain = re.fullmatch(rf"[\d.,]+|√?[^\W\d]?[{_SMALL}′]*|[^\W\d]+|∞", text)
    closed = text.startswith("(") and text.endswith(")") and text.count("(") == 1
    return text if plain is not None or closed else f"({text})"

"""What differs between two texts, word by word.

`difflib` may need time that grows with the square of a text's length, so lines are compared first, and only
what differs among them is compared word by word, in pieces of a bounded size. Its own rule that words which
make up more than a hundredth of a long text begin no match (``autojunk``) bounds the rest.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

MOST_CHARS = 200_000
"""So much of each text is compared; the rest is only counted."""
PIECE = 1_500
"""So many lines or words are compared with each other at once."""

# A number with its decimals is one word. Han, kana and hangul have no spaces between words: each character
# counts as one.
_TOKENS = re.compile(
    r"\n|[^\S\n]+|\d+(?:[.,:]\d+)+|[\u2e80-\u2fdf\u3005-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
    r"|[^\W\u2e80-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]+|[^\w\s]"
)


class Change(StrEnum):
    """What became of some words."""

    SAME = "same"
    REMOVED = "removed"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Run:
    """Some text that is the same in both, only in the first, or only in the second."""

    change: Change
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """Two texts in one.

    Attributes:
        runs: in order; those that are not ADDED are the first text, those that are not REMOVED the second.
        removed: words only in the first.
        added: words only in the second.
        not_compared: characters beyond `MOST_CHARS` of each.
    """

    runs: tuple[Run, ...]
    removed: int
    added: int
    not_compared: tuple[int, int] = (0, 0)

    @property
    def is_same(self) -> bool:
        """Whether nothing differs."""
        return all(run.change is Change.SAME for run in self.runs) and not any(self.not_compared)


class GivenUpError(Exception):
    """Nobody wants the difference any more."""


def word_difference(first: str, second: str, given_up: Callable[[], bool] = lambda: False) -> Difference:
    """Compare two texts. White space and marks by themselves are compared, but not counted as words.

    Args:
        first: one text.
        second: the other.
        given_up: asked between pieces.

    Raises:
        GivenUpError: ``given_up`` said so.
    """
    left, right = first[:MOST_CHARS], second[:MOST_CHARS]
    pairs = list(_calmed(_joined(_by_lines(left, right, given_up))))
    runs = tuple(_ordered(pairs))
    return Difference(
        runs=runs,
        removed=_words(runs, Change.REMOVED),
        added=_words(runs, Change.ADDED),
        not_compared=(len(first) - len(left), len(second) - len(right)),
    )


_Part = tuple[str, str]
"""Some of each text; the same where they are equal."""


def _by_lines(first: str, second: str, given_up: Callable[[], bool]) -> Iterator[_Part]:
    lines = first.splitlines(keepends=True), second.splitlines(keepends=True)
    for old, new in _parts(*lines, given_up):
        if old == new:
            yield "".join(old), "".join(new)
            continue
        words = _TOKENS.findall("".join(old)), _TOKENS.findall("".join(new))
        for some, others in _parts(*words, given_up):
            yield "".join(some), "".join(others)


def _parts(
    first: Sequence[str], second: Sequence[str], given_up: Callable[[], bool]
) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """Both in parts that are equal or differ, `PIECE` by `PIECE`."""
    for start in range(0, max(len(first), len(second)), PIECE):
        if given_up():
            raise GivenUpError
        some, others = first[start : start + PIECE], second[start : start + PIECE]
        for _tag, a, b, c, d in SequenceMatcher(None, some, others).get_opcodes():
            yield some[a:b], others[c:d]


def _joined(parts: Iterator[_Part]) -> Iterator[_Part]:
    """Neighbours that are both equal, or both different, as one."""
    old, new = "", ""
    for some, others in parts:
        if (old == new) != (some == others):
            if old or new:
                yield old, new
            old, new = "", ""
        old, new = old + some, new + others
    if old or new:
        yield old, new


def _calmed(parts: Iterator[_Part]) -> Iterator[_Part]:
    """Two changes with nothing but a space between them are read as one."""
    held: list[_Part] = []
    for part in parts:
        held.append(part)
        if len(held) == 3:
            (a, b), (gap, same), (c, d) = held
            if a != b and gap == same and not gap.strip() and "\n" not in gap:
                held = [(a + gap + c, b + gap + d)]
            else:
                yield held.pop(0)
    yield from held


def _ordered(parts: Sequence[_Part]) -> Iterator[Run]:
    for old, new in parts:
        if old == new:
            yield Run(Change.SAME, old)
            continue
        if old:
            yield Run(Change.REMOVED, old)
        if new:
            yield Run(Change.ADDED, new)


def _words(runs: Sequence[Run], change: Change) -> int:
    return sum(
        any(map(str.isalnum, word))
        for run in runs
        if run.change is change
        for word in _TOKENS.findall(run.text)
    )

"""Words as they are compared when something is searched: without case, without accents, Chinese by character.

What is indexed and what is looked for go through the same functions, so that both are cut alike. Chinese,
Japanese and Korean have no spaces that a search could rely on: each of their characters is a word of its own,
and several in a row are looked for as a phrase.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterable
from itertools import accumulate

_ALONE = (
    "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003fffd"
)
"""Characters that are words by themselves."""
LETTER = rf"[^\W_{_ALONE}]"
"""Pattern of a character of all other words."""

_WORD = re.compile(rf"[{_ALONE}]|{LETTER}+")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_IS_ALONE = re.compile(f"[{_ALONE}]")


class _Folds(dict[int, str]):
    """What becomes of each character, computed when it is met first; for `str.translate`."""

    def __missing__(self, code: int) -> str:
        character = chr(code)
        if _IS_ALONE.match(character):
            folded = unicodedata.normalize("NFKC", character)
        else:
            parts = unicodedata.normalize("NFKD", character)
            folded = "".join(part for part in parts if unicodedata.category(part) != "Mn")
        self[code] = folded = folded.casefold()
        return folded


_FOLDS = _Folds()


def fold(text: str) -> str:
    """``text`` without case and accents; as long as it, or not."""
    return text.lower() if text.isascii() else text.translate(_FOLDS)


def words(text: str) -> list[str]:
    """The words of ``text``, folded."""
    return _WORD.findall(fold(text))


def shadow(text: str) -> str:
    """The words of ``text`` as they are indexed, with one space between them."""
    return joined(words(text))


def joined(folded: Iterable[str]) -> str:
    """Words with one space between them. Those that a tokenizer may not know become numbers."""
    return _ASTRAL.sub(lambda match: f"u{ord(match[0]):x}", " ".join(folded))


def stands_alone(word: str) -> bool:
    """Whether a word is a character of a script without spaces."""
    return _IS_ALONE.match(word) is not None


class Places:
    """Leads from a place in a folded text back to the place in the text."""

    def __init__(self, text: str) -> None:
        ends = None if text.isascii() else list(accumulate(len(_FOLDS[ord(c)]) for c in text))
        self._ends = ends

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The characters that ``start`` to ``end`` (not included, not equal) were made of."""
        if self._ends is None:
            return start, end
        first = bisect_right(self._ends, start)
        last = bisect_right(self._ends, end - 1) + 1
        # An accent that was written after its letter belongs to it.
        while last < len(self._ends) and self._ends[last] == self._ends[last - 1]:
            last += 1
        return first, last

"""What is searched for in the history, and what is found: values, and how a text is understood. Pure.

A text is always a search and never an error: words that must all be there, ``"a phrase"``, ``-word`` for what
must not be there, ``tag:name``; the last word may be unfinished while it is typed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import cached_property

from desktop.core.folding import LETTER, Places, fold, joined, shadow, stands_alone, words
from desktop.core.model import ConversationSummary, Role

_LEAST_PREFIX = 3
"""Two letters begin too many words: to find all of those, the index would be half as large again."""
_PART = re.compile(
    r'(?P<minus>-)?(?P<tag>tag:)?(?:"(?P<quoted>[^"]*)(?P<closed>"?)|(?P<word>[^\s"]+))', re.IGNORECASE
)
_QUOTES = str.maketrans("“”„«»「」", '"' * 7)
_MOST_TERMS = 24


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must stand one after the other.

    Attributes:
        words: folded, see `core.folding`.
        prefix: the last one may be the beginning of a word.
    """

    words: tuple[str, ...]
    prefix: bool = False

    def is_in(self, shadow_text: str) -> bool:
        """Whether a text of `folding.shadow` has it."""
        wanted = " " + joined(self.words) + ("" if self.prefix else " ")
        return wanted in f" {shadow_text} "

    @property
    def pattern(self) -> str:
        """A regular expression for a folded text."""
        made = "" if stands_alone(self.words[0]) else f"(?<!{LETTER})"
        for before, word in zip(("", *self.words), self.words, strict=False):
            if before:
                made += r"[\W_]*" if stands_alone(before) or stands_alone(word) else r"[\W_]+"
            made += re.escape(word)
        if self.prefix:
            return f"{made}{LETTER}*"
        return made if stands_alone(self.words[-1]) else f"{made}(?!{LETTER})"


@dataclass(frozen=True)
class Wanted:
    """A text that was typed, understood.

    Attributes:
        terms: all of them must be there.
        unwanted: none of them may be there.
        tags: folded names of tags that the conversation must have; with True, the beginning of one.
        without_tags: those that it may not have.
    """

    terms: tuple[Term, ...] = ()
    unwanted: tuple[Term, ...] = ()
    tags: tuple[tuple[str, bool], ...] = ()
    without_tags: tuple[tuple[str, bool], ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing is looked for."""
        return not (self.terms or self.unwanted or self.tags or self.without_tags)

    @cached_property
    def marks(self) -> re.Pattern[str] | None:
        """What is emphasised in a folded text; None for nothing."""
        patterns = sorted((term.pattern for term in self.terms), key=len, reverse=True)
        return re.compile("|".join(patterns)) if patterns else None


def understand(text: str) -> Wanted:
    """What a person means who types ``text``."""
    text = text.translate(_QUOTES)
    typing = bool(text) and not text[-1].isspace()
    found: dict[str, list[Term]] = {"": [], "-": []}
    tags: dict[str, list[tuple[str, bool]]] = {"": [], "-": []}
    for part in list(_PART.finditer(text))[:_MOST_TERMS]:
        said = part["word"] if part["quoted"] is None else part["quoted"]
        unfinished = typing and part.end() == len(text) and not part["closed"]
        cut = tuple(words(said))
        if not cut:
            continue
        sign = part["minus"] or ""
        if part["tag"]:
            tags[sign].append((" ".join(cut), unfinished))
        else:
            grows = unfinished and len(cut[-1]) >= _LEAST_PREFIX and not stands_alone(cut[-1])
            found[sign].append(Term(cut, prefix=grows))
    return Wanted(tuple(found[""]), tuple(found["-"]), tuple(tags[""]), tuple(tags["-"]))


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """One search.

    Attributes:
        text: as typed.
        since: messages from this moment on; None for any.
        until: messages before this moment; None for any.
        model: id of the model that was asked; None for any.
    """

    text: str = ""
    since: datetime | None = None
    until: datetime | None = None
    model: str | None = None

    @property
    def is_empty(self) -> bool:
        """Whether it would find everything."""
        filtered = self.since is not None or self.until is not None or self.model is not None
        return not filtered and understand(self.text).is_empty


class Where(StrEnum):
    """In what a search was found.

    Attributes:
        TEXT: in the question or the answer.
        FILE: in the name of one of its files.
        READ: in text that was read on one of its images.
        ABOUT: only in the conversation's title or tags.
        IMAGE: it has the image that was looked for.
        NEAR: it has an image that looks nearly the same.
    """

    TEXT = "text"
    FILE = "file"
    READ = "read"
    ABOUT = "about"
    IMAGE = "image"
    NEAR = "near"


@dataclass(frozen=True, slots=True)
class Marked:
    """A text on one line, and which of its characters are emphasised: starts and ends, in order."""

    text: str = ""
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A message in which something was found."""

    message_id: int
    role: Role
    model: str | None
    created_at: datetime
    where: Where
    snippet: Marked


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundConversation:
    """A conversation in which something was found.

    Attributes:
        summary: its row.
        title: its title, emphasised.
        hits: at least one, the newest first.
    """

    summary: ConversationSummary
    title: Marked
    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundPage:
    """A part of what was found.

    Attributes:
        found: the newest first.
        before: what the next part is asked for with; None if this is the last one.
        unindexed: so many messages are not in the index yet.
    """

    found: tuple[FoundConversation, ...] = ()
    before: int | None = None
    unindexed: int = 0


# Snippets

SNIPPET_CHARS = 170
_LEAD_IN_WORD = 8
"""Where there is no space, as in JSON: the match must be seen in a narrow list."""

_IN_WORD = "…\u2060"
"""No line ends after it: what follows may be longer than a line."""

_LEAD_CHARS = 46
_NOISE = re.compile(r"\*\*|__|`+|^#{1,6} |^>+ ?|\|[\s:|-]*|[^\S ]\s*| \s+", re.MULTILINE)


def emphasised(text: str, pattern: re.Pattern[str] | None) -> Marked:
    """A short text, whole, with its matches."""
    spans = _matches(text, pattern)
    return _cleaned(text, 0, len(text), spans)


def snippet(text: str, pattern: re.Pattern[str] | None) -> Marked | None:
    """What stands around the first match, or the beginning without a pattern; None without a match."""
    spans = _matches(text, pattern)
    if pattern is not None and not spans:
        return None
    first = spans[0][0] if spans else 0
    start = max(0, first - _LEAD_CHARS)
    if start:
        # Not within a word, where one begins soon.
        space = text.find(" ", start, first)
        start = space + 1 if space >= 0 else first - _LEAD_IN_WORD
    end = min(len(text), max(start + SNIPPET_CHARS, spans[0][1] if spans else 0))
    made = _cleaned(text, start, end, spans)
    if not start:
        return made
    before = "…" if text[start - 1].isspace() else _IN_WORD
    return Marked(before + made.text, tuple((a + len(before), b + len(before)) for a, b in made.spans))


def _matches(text: str, pattern: re.Pattern[str] | None) -> list[tuple[int, int]]:
    """The first one, and those that a snippet around it may show."""
    found: list[tuple[int, int]] = []
    for match in pattern.finditer(fold(text)) if pattern is not None else ():
        if found and match.start() > found[0][0] + 4 * SNIPPET_CHARS:
            break
        found.append(match.span())
    if not found:
        return []
    places = Places(text)
    return [places.span(*span) for span in found]


def _cleaned(text: str, start: int, end: int, spans: Iterable[tuple[int, int]]) -> Marked:
    """On one line, without the signs of Markdown; the spans follow."""
    made, at = "", start
    places: list[int] = []
    for noise in (*_NOISE.finditer(text, start, end), None):
        stop = end if noise is None else noise.start()
        places.extend(range(len(made), len(made) + stop - at))
        made += text[at:stop]
        if noise is not None:
            places.extend([len(made)] * len(noise[0]))
            at = noise.end()
            if noise[0][0] not in "*_`" and made and not made.endswith(" "):
                made += " "
    places.append(len(made))
    made = made.rstrip()
    shown = (
        (places[max(a, start) - start], min(places[min(b, end) - start], len(made)))
        for a, b in spans
        if a < end and b > start
    )
    return Marked(made, tuple((a, b) for a, b in shown if a < b))


def about(title: str, tags: Iterable[str]) -> str:
    """What is indexed of a conversation with each of its messages."""
    return shadow("\n".join((title, *tags)))

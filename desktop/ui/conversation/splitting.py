"""Markdown that grows, as leaves: what is finished is read once, only the last block is read again.

A block is finished when another one has begun in a whole line, because nothing that comes later can change
it then, but for the target of a link; so are an item of a list, some lines of code, some rows of a table.
The same rules make the leaves of a text that is there at once, piece by piece, so that both look the same.
"""

import re
from dataclasses import dataclass

from desktop.ui.conversation.leaves import Carry, Kind, Leaf, Level, Unit, units
from desktop.ui.conversation.markdown import MAX_CHARACTERS, Definitions, parse

WINDOW = 2000
"""So many characters are looked at together. A paragraph or quote that is longer is cut there, which is seen
as a new line at the most; its emphasis does not go on."""

_LABEL = re.compile(r"\[((?:[^\[\]\\]|\\.)+)\]")


@dataclass(slots=True)
class _Finished:
    """A unit that may name links whose targets are not known yet."""

    at: int
    count: int
    source: str
    carry: Carry
    labels: frozenset[str]


class Splitter:
    """Makes leaves of one answer.

    Attributes:
        leaves: all of them.
    """

    def __init__(self) -> None:
        self.leaves: list[Leaf] = []
        self._clear()

    def _clear(self) -> None:
        self._text = ""
        self._start = 0
        self._size = WINDOW
        self._seen = -1
        self._done: list[Leaf] = []
        self._carry = Carry()
        self._definitions: Definitions = {}
        self._open_links: list[_Finished] = []

    def begun(self, text: str) -> int:
        """How much of ``text`` has been read already, as the beginning of what may grow."""
        return len(self._text) if text.startswith(self._text) else 0

    def set_text(self, text: str, *, final: bool = True) -> None:
        """Read ``text``, quickly where it only continues what was read before; ``final`` if it is all."""
        text = text[:MAX_CHARACTERS].replace("\r\n", "\n").replace("\r", "\n")
        if not text.startswith(self._text):
            self._clear()
        self._text = "" if final else text
        while self._start < len(text):
            window = text[self._start : self._start + self._size]
            if len(window) == self._size:
                if not self._read(window):
                    self._size *= 2
            elif self._read_rest(window, final=final):
                break
        else:
            self.leaves = list(self._done)
        if final:
            self._clear()

    def _has_new_line(self, window: str) -> bool:
        """Whether there is a whole line that was not looked at before: only that can finish anything."""
        end = self._start + window.rfind("\n")
        seen, self._seen = self._seen, max(self._seen, end)
        return end > seen

    def _read(self, window: str) -> bool:
        """Finish what can be finished of a full window; False if there is nothing."""
        if self._finish(window):
            return True
        found, _definitions = self._units(window[: window.rfind("\n") + 1])
        cut = _cut(window, found) if len(window) == WINDOW else 0
        if not cut:
            return False
        found, definitions = self._units(window[:cut])
        self._finish_all(window[:cut], found, definitions)
        around = found[-1].leaves[-1].levels if found and found[-1].leaves else ()
        if window.lstrip().startswith(">"):
            around = ()
        self._carry = Carry(
            levels=tuple(Level(quote=level.quote, digits=level.digits) for level in around),
            joint=window[cut - 1] if window[cut - 1].isspace() else "",
        )
        return True

    def _read_rest(self, window: str, *, final: bool) -> bool:
        """Read what is less than a window; False if some of it is finished, and the rest is to be read."""
        found, definitions = self._units(window)
        if len(found) > 1 and self._has_new_line(window) and self._finish(window):
            return False
        if final:
            self._finish_all(window, found, definitions)
            self.leaves = list(self._done)
        else:
            self.leaves = self._done + [leaf for unit in found for leaf in unit.leaves]
        return True

    def _units(self, source: str) -> tuple[list[Unit], Definitions]:
        definitions = dict(self._definitions)
        text = self._carry.prefix + source
        return units(parse(text, definitions), text.split("\n"), self._carry), definitions

    def _finish(self, window: str) -> bool:
        """Finish all units but the last of the whole lines of ``window``; False if there are none.

        Of a window that was made larger only the first: the next one begins with a small one, as it does
        where the text came bit by bit.
        """
        whole = window[: window.rfind("\n") + 1]
        found, definitions = self._units(whole)
        if len(found) < 2:
            return False
        count = len(found) - 1 if len(window) <= WINDOW else 1
        self._take(whole, found[:count], found[count].line, definitions)
        self._carry = found[count].carry
        return True

    def _finish_all(self, source: str, found: list[Unit], definitions: Definitions) -> None:
        self._take(source, found, len((self._carry.prefix + source).split("\n")), definitions)
        self._carry = Carry()

    def _take(self, source: str, found: list[Unit], end: int, definitions: Definitions) -> None:
        text = self._carry.prefix + source
        lines = text.split("\n")
        places = [0]
        for line in lines:
            places.append(places[-1] + len(line) + 1)
        stops = [unit.line for unit in found[1:]] + [end]
        for unit, stop in zip(found, stops, strict=False):
            own = text[places[unit.line] : places[stop]]
            self._keep(unit, own)
        self._size = WINDOW
        self._start += min(places[end] - len(self._carry.prefix), len(source))
        fresh = {
            label: target
            for label, target in definitions.items()
            if label not in self._definitions and target["map"][1] <= end
        }
        if fresh:
            self._definitions.update(fresh)
            self._read_again(frozenset(fresh))

    def _keep(self, unit: Unit, source: str) -> None:
        labels = frozenset(map(_normal, _LABEL.findall(source))) if "[" in source else frozenset()
        if labels and unit.leaves and unit.leaves[0].kind is not Kind.CODE:
            kept = _Finished(len(self._done), len(unit.leaves), source, unit.carry, labels)
            self._open_links.append(kept)
        self._done += unit.leaves

    def _read_again(self, labels: frozenset[str]) -> None:
        """Give links their targets that have come only now."""
        for kept in self._open_links:
            if not labels & kept.labels:
                continue
            text = kept.carry.prefix + kept.source
            again = units(parse(text, dict(self._definitions)), text.split("\n"), kept.carry)
            leaves = [leaf for unit in again for leaf in unit.leaves]
            if len(leaves) == kept.count:
                self._done[kept.at : kept.at + kept.count] = leaves


def split(text: str) -> list[Leaf]:
    """The leaves of a whole answer."""
    splitter = Splitter()
    splitter.set_text(text)
    return splitter.leaves


def _cut(window: str, found: list[Unit]) -> int:
    """Where a paragraph or a quote that fills the whole window may be cut; 0 where it must not."""
    leaves = found[-1].leaves if found else []
    quoted = window.lstrip(" ").startswith(">")
    if (not quoted and any(leaf.kind is not Kind.TEXT for leaf in leaves[:1])) or (leaves[1:] and not quoted):
        return 0
    for mark in ("\n>\n", "\n") if quoted else ("\n", ". ", "。", " "):
        at = window.rfind(mark, len(window) // 2)
        if at > 0:
            return at + len(mark)
    return 0 if quoted else len(window)


def _normal(label: str) -> str:
    from markdown_it.common.utils import normalizeReference  # noqa: PLC0415 - not at start-up

    return normalizeReference(label)

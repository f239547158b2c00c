"""By what a gallery is sorted and grouped, computed in steps between which a window can breathe. Pure."""

import re
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from heapq import merge
from typing import Any, TypeVar

T = TypeVar("T")
NaturalKey = str
Steps = Generator[None, None, T]
"""Work that is done a step at a time, and its result."""

_NUMBER = re.compile(r"[0-9]+")
"""Only ASCII digits: others have no order that everybody knows."""
_STEP = 500
"""Images that are looked at in one step: about a millisecond."""
_CHUNK = 2_000
"""Images that are sorted in one step."""


class SortBy(StrEnum):
    """By what images are sorted."""

    ADDED = "added"
    NAME = "name"
    DATE = "date"
    PIXELS = "pixels"
    BYTES = "bytes"
    TOKENS = "tokens"
    COST = "cost"


class GroupBy(StrEnum):
    """What the images below one title have in common."""

    NONE = "none"
    FOLDER = "folder"
    DAY = "day"


@dataclass(frozen=True, slots=True, kw_only=True)
class Arranged:
    """How the gallery is shown.

    Attributes:
        sort: by what.
        descending: the largest, newest or last first.
        group: below which titles.
        as_list: rows in place of tiles.
    """

    sort: SortBy = SortBy.ADDED
    descending: bool = False
    group: GroupBy = GroupBy.NONE
    as_list: bool = False


def read_arranged(table: object) -> Arranged:
    """From plain values, as `arranged_table` makes them.

    Raises:
        ValueError: they are none.
    """
    if not isinstance(table, Mapping):
        raise ValueError  # noqa: TRY004 - a wrong value of a file, like all the others
    flags = {name: table[name] for name in ("descending", "as_list") if name in table}
    if not all(isinstance(flag, bool) for flag in flags.values()):
        raise ValueError
    sort, group = SortBy(table.get("sort", SortBy.ADDED)), GroupBy(table.get("group", GroupBy.NONE))
    return Arranged(sort=sort, group=group, **flags)


def arranged_table(arranged: Arranged) -> dict[str, object]:
    """Plain values for the settings file."""
    return {
        "sort": arranged.sort.value,
        "descending": arranged.descending,
        "group": arranged.group.value,
        "as_list": arranged.as_list,
    }


def natural_key(name: str) -> NaturalKey:
    """Sorts ``page 2`` before ``page 10``, and capitals beside small letters."""
    return _NUMBER.sub(_number_key, name.casefold())


def _number_key(number: re.Match[str]) -> str:
    """Before every letter, a shorter number before a longer one; much quicker to make than an `int`."""
    digits = number[0].lstrip("0")
    return f"\0{chr(len(digits))}{digits}"


def kept(keys: Sequence[int], matches: Callable[[int], bool]) -> Steps[list[int]]:
    """Those of ``keys`` that match, in their order."""
    found: list[int] = []
    for start in range(0, len(keys), _STEP):
        found += filter(matches, keys[start : start + _STEP])
        yield
    return found


def ordered(
    keys: Sequence[int], value: Callable[[int], Any], tie: Callable[[int], Any], *, descending: bool
) -> Steps[list[int]]:
    """Sort keys by a value.

    Args:
        keys: different numbers, in any order.
        value: of a key; all of one type. None is unknown, and comes last in either direction.
        tie: decides between equal values, and between unknown ones; ascending in either direction.
        descending: the largest value first.

    Returns:
        The keys; the same order for the same values, whatever order they came in.
    """
    known: list[tuple[Any, Any, int]] = []
    unknown: list[tuple[Any, int]] = []
    for start in range(0, len(keys), _STEP):
        for key in keys[start : start + _STEP]:
            found = value(key)
            if found is None:
                unknown.append((tie(key), key))
            else:
                known.append((found, tie(key), key))
        yield
    first = yield from _merged(known, descending=descending)
    last = yield from _merged(unknown, descending=False)
    return [*(entry[-1] for entry in first), *(entry[-1] for entry in last)]


def runs(keys: Iterable[int], title_key: Callable[[int], T]) -> list[tuple[T, int]]:
    """How many keys that follow each other have the same title, run by run."""
    found: list[tuple[T, int]] = []
    for key in keys:
        title = title_key(key)
        if found and found[-1][0] == title:
            found[-1] = (title, found[-1][1] + 1)
        else:
            found.append((title, 1))
    return found


def _merged(entries: list[tuple[Any, ...]], *, descending: bool) -> Steps[list[tuple[Any, ...]]]:
    """Sort by the first of each, ties ascending: in chunks, because one long sort would hold the window."""
    chunks: list[list[tuple[Any, ...]]] = []
    for start in range(0, len(entries), _CHUNK):
        chunk = sorted(entries[start : start + _CHUNK], key=_rest)
        chunks.append(sorted(chunk, key=_first, reverse=descending))
        yield
    if len(chunks) < 2:
        return chunks[0] if chunks else []
    # In the merge of falling values ties would fall too: equal values are put in order once more.
    found: list[tuple[Any, ...]] = []
    for entry in merge(*chunks, key=_first, reverse=descending):
        found.append(entry)
        if len(found) % _STEP == 0:
            yield
    return (yield from _ties_in_order(found))


def _ties_in_order(entries: list[tuple[Any, ...]]) -> Steps[list[tuple[Any, ...]]]:
    start = 0
    for end in range(1, len(entries) + 1):
        if end == len(entries) or entries[end][0] != entries[start][0]:
            if end - start > 1:
                entries[start:end] = sorted(entries[start:end], key=_rest)
            start = end
        if end % _STEP == 0:
            yield
    return entries


def _first(entry: tuple[Any, ...]) -> Any:  # noqa: ANN401 - a value of whatever kind is sorted by
    return entry[0]


def _rest(entry: tuple[Any, ...]) -> tuple[Any, ...]:
    return entry[1:]

"""In which order the gallery shows its images, and which of them: computed a little at a time."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.arranging import (
    Arranged,
    GroupBy,
    NaturalKey,
    SortBy,
    Steps,
    kept,
    natural_key,
    ordered,
    runs,
)
from desktop.core.text import _, printable
from desktop.ui.choice import Choice
from desktop.ui.dates import full_date
from desktop.ui.gallery.layout import Section
from desktop.ui.gallery_state import Entry, GalleryState
from desktop.ui.gallery_tiles import GalleryTiles, day_of, tokens_for
from desktop.ui.sliced import Sliced

_SOON_MS = 150
_REST = 4
"""While images become known one after the other, arranging takes a fifth of the time at most."""
_MOST_COMPARED = 2_000
_BY_FACTS = frozenset({SortBy.DATE, SortBy.PIXELS, SortBy.BYTES, SortBy.TOKENS, SortBy.COST})


@dataclass(frozen=True, slots=True)
class _Result:
    keys: list[int]
    sections: tuple[Section, ...]


class GalleryArranging(QObject):
    """Keeps `keys` true to what there is.

    Attributes:
        keys: in the order in which they are shown.
        sections: titles with the number of images below each.

    Signals:
        arranged(): both are others now.
        appended(list): these keys have come after all others; `keys` has them already.
    """

    arranged = Signal()
    appended = Signal(list)

    def __init__(
        self, state: GalleryState, tiles: GalleryTiles, choice: Choice, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._state = state
        self._tiles = tiles
        self._choice = choice
        self._how = Arranged()
        self._matches: Callable[[int], bool] | None = None
        self._by_facts = False
        self._names: dict[str, NaturalKey] = {}
        self._sliced = Sliced(self)
        self._again = False
        self._last: tuple[int, int] = (0, 0)
        self._soon = QTimer(self, singleShot=True)
        self._soon.timeout.connect(self._arrange_now)
        self.keys: list[int] = []
        self.sections: tuple[Section, ...] = ()

    def arrange(self, how: Arranged) -> None:
        """Sort and group like this from now on."""
        if how != self._how:
            self._how = how
            self._arrange_now()

    def use_filter(self, matches: Callable[[int], bool] | None, *, by_facts: bool = True) -> None:
        """Show only what matches, or everything.

        Args:
            matches: whether a key is shown; None for everything.
            by_facts: it depends on more than names, so that it is asked again when more is known.
        """
        self._matches, self._by_facts = matches, by_facts
        self._arrange_now()

    def add(self, keys: Sequence[int]) -> None:
        """These are new: at once at the end where that is their place, else when everything is in order."""
        entries = self._state.entries
        if (
            self._is_plain()
            and not self._sliced.is_running
            and min(entries[k].order for k in keys) > self._last
        ):
            fresh = sorted(keys, key=lambda key: entries[key].order)
            self._last = entries[fresh[-1]].order
            self.keys.extend(fresh)
            first = self.sections[0].count if self.sections else 0
            self.sections = (Section("", first + len(fresh)),)
            self.appended.emit(fresh)
        else:
            self.arrange_soon()

    def update(self, keys: Iterable[int]) -> None:
        """More is known of these."""
        if self._needs_facts() and any(True for _key in keys):
            self.arrange_soon()

    def remove(self, keys: Iterable[int]) -> None:
        """These are gone."""
        gone = set(keys)
        if not gone.isdisjoint(self.keys):
            self._show(_without(self.keys, self.sections, gone))
        if self._sliced.is_running:
            self._again = True

    def refresh_if_tokens_matter(self) -> None:
        """Another model or detail was chosen."""
        if self._how.sort is SortBy.TOKENS or (self._matches is not None and self._by_facts):
            self._arrange_now()

    def refresh_if_costs_matter(self) -> None:
        """Images have cost more."""
        if self._how.sort is SortBy.COST or (self._matches is not None and self._by_facts):
            self.arrange_soon()

    def count_hidden(self, keys: Sequence[int]) -> int:
        """How many of these a filter hides."""
        if self._matches is None or not keys:
            return 0
        shown = set(self.keys)
        return sum(key not in shown for key in keys)

    def arrange_soon(self) -> None:
        """Arrange everything anew in a moment; not all the time while much is changing."""
        if not self._soon.isActive():
            self._soon.start(max(_SOON_MS, round(1000 * _REST * self._sliced.seconds)))

    def _is_plain(self) -> bool:
        how = self._how
        as_added = how.sort is SortBy.ADDED and not how.descending and how.group is GroupBy.NONE
        return as_added and self._matches is None

    def _needs_facts(self) -> bool:
        by_facts = self._how.sort in _BY_FACTS or self._how.group is GroupBy.DAY
        return by_facts or (self._matches is not None and self._by_facts)

    def _arrange_now(self) -> None:
        self._soon.stop()
        self._again = False
        self._sliced.run(self._steps(), self._on_arranged)

    def _on_arranged(self, result: _Result) -> None:
        entries = self._state.entries
        self._last = max((entries[key].order for key in result.keys if key in entries), default=(0, 0))
        self._show(result)
        if self._again or (self._is_plain() and len(self.keys) != len(entries)):
            self.arrange_soon()

    def _show(self, result: _Result) -> None:
        self.keys, self.sections = result.keys, result.sections
        self.arranged.emit()

    def _steps(self) -> Steps[_Result]:
        how = self._how
        keys = list(self._state.entries)
        yield
        if self._matches is not None:
            keys = yield from kept(keys, self._alive(self._matches))
        keys = yield from ordered(
            keys, self._alive_or_none(self._value(how.sort)), self._tie(how.sort), descending=how.descending
        )
        if how.group is GroupBy.NONE:
            left = [key for key in keys if key in self._state.entries]
            return _Result(left, (Section("", len(left)),) if left else ())
        return (yield from self._grouped(keys))

    def _grouped(self, keys: list[int]) -> Steps[_Result]:
        """In groups, each in the order that the images have."""
        by_folder = self._how.group is GroupBy.FOLDER
        place = {key: at for at, key in enumerate(keys)}
        yield
        newest_first = not by_folder and not (self._how.sort is SortBy.DATE and not self._how.descending)
        days: dict[int, date | None] = {}

        def day(key: int) -> date | None:
            days[key] = self._day(key)
            return days[key]

        in_groups = yield from ordered(
            keys,
            self._alive_or_none(self._folder if by_folder else day),
            place.__getitem__,
            descending=newest_first,
        )
        left = [key for key in in_groups if key in self._state.entries]
        yield
        if by_folder:
            folders = runs(left, self._folder_name)
            named = zip(_folder_titles([folder for folder, _count in folders]), folders, strict=True)
            return _Result(left, tuple(Section(title, count) for title, (_folder, count) in named))
        found = runs(left, days.get)
        return _Result(left, tuple(Section(_day_title(of), count) for of, count in found))

    # What is sorted and grouped by

    def _value(self, sort: SortBy) -> Callable[[int], Any]:
        return {
            SortBy.ADDED: self._order,
            SortBy.NAME: self._name,
            SortBy.DATE: self._moment,
            SortBy.PIXELS: self._pixels,
            SortBy.BYTES: self._bytes,
            SortBy.TOKENS: self._tokens,
            SortBy.COST: self._cost,
        }[sort]

    def _tie(self, sort: SortBy) -> Callable[[int], Any]:
        def name_and_order(key: int) -> tuple[Any, ...]:
            entry = self._state.entries.get(key)
            return (self._name(key), entry.order) if entry else ((), (0, 0))

        return name_and_order if sort is not SortBy.ADDED else lambda key: key

    def _entry(self, key: int) -> Entry:
        return self._state.entries[key]

    def _order(self, key: int) -> tuple[int, int]:
        return self._entry(key).order

    def _name(self, key: int) -> NaturalKey:
        entry = self._state.entries.get(key)
        name = entry.path.name if entry else ""
        found = self._names.get(name)
        if found is None:
            found = self._names[name] = natural_key(printable(name))
        return found

    def _moment(self, key: int) -> str | None:
        facts = self._entry(key).facts
        if facts is None:
            return None
        changed = datetime.fromtimestamp(facts.modified_ns / 1e9, UTC).astimezone()
        return facts.taken_at or changed.strftime("%Y:%m:%d %H:%M:%S")

    def _pixels(self, key: int) -> int | None:
        facts = self._entry(key).facts
        return facts.width_px * facts.height_px if facts else None

    def _bytes(self, key: int) -> int | None:
        facts = self._entry(key).facts
        return facts.file_bytes if facts else None

    def _tokens(self, key: int) -> int | None:
        choice = self._choice
        learned = choice.learned(choice.model)
        return tokens_for(self._entry(key), model=choice.model, detail=choice.detail, learned=learned)

    def _cost(self, key: int) -> Decimal | None:
        asked = self._tiles.asked_about(self._entry(key))
        return asked.cost_usd if asked else None

    def _folder(self, key: int) -> tuple[NaturalKey, str]:
        folder = str(self._entry(key).path.parent)
        return natural_key(printable(folder)), folder

    def _folder_name(self, key: int) -> Path:
        return self._entry(key).path.parent

    def _day(self, key: int) -> date | None:
        facts = self._entry(key).facts
        return day_of(facts) if facts else None

    def _alive(self, matches: Callable[[int], bool]) -> Callable[[int], bool]:
        """Images may go while it is asked about others."""
        return lambda key: key in self._state.entries and matches(key)

    def _alive_or_none(self, value: Callable[[int], Any]) -> Callable[[int], Any]:
        return lambda key: value(key) if key in self._state.entries else None


def _folder_titles(folders: Sequence[Path]) -> list[str]:
    """The last part of each; more of it where two end alike."""
    titles = [printable(folder.name or str(folder)) for folder in folders]
    twice = {title for title in titles if titles.count(title) > 1} if len(titles) < _MOST_COMPARED else set()
    return [
        printable(str(folder), limit=300) if title in twice else title
        for folder, title in zip(folders, titles, strict=True)
    ]


def _day_title(day: date | None) -> str:
    return _("Unknown date") if day is None else full_date(day)


def _without(keys: Sequence[int], sections: Sequence[Section], gone: set[int]) -> _Result:
    """What is left, without arranging it anew."""
    left: list[int] = []
    counted: list[Section] = []
    start = 0
    for section in sections:
        part = [key for key in keys[start : start + section.count] if key not in gone]
        start += section.count
        left += part
        if part:
            counted.append(Section(section.title, len(part)))
    return _Result(left, tuple(counted))

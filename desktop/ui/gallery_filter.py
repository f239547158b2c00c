"""The gallery's filter: which images it means, and the texts that it asks for."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal

from PySide6.QtCore import QObject

from desktop.core.filter_fields import type_of
from desktop.core.filtering import Filter
from desktop.core.model import ImageFacts
from desktop.core.problems import Code
from desktop.core.text import _, printable
from desktop.tasks.backend import Backend
from desktop.ui.choice import Choice
from desktop.ui.gallery.filter_line import FilterLine
from desktop.ui.gallery.panel import GalleryPanel
from desktop.ui.gallery_arranging import GalleryArranging
from desktop.ui.gallery_state import Entry, GalleryState
from desktop.ui.gallery_tiles import GalleryTiles, day_of, tokens_for

_BY_NAME = frozenset({"name", "folder"})
_PIXELS_IN_MP = 1_000_000


class Subject:
    """One image as the filter asks about it; nothing is computed that it does not ask for."""

    def __init__(self, entry: Entry, owner: "GalleryFilter") -> None:
        self._entry = entry
        self._owner = owner
        self._facts = entry.facts

    @property
    def name(self) -> str:
        """The file's name."""
        return printable(self._entry.path.name)

    @property
    def folder(self) -> str:
        """Its folder."""
        return printable(str(self._entry.path.parent), limit=4096)

    @property
    def type(self) -> str | None:
        """The content's format."""
        return type_of(self._facts.format) if self._facts else None

    @property
    def w(self) -> int | None:
        """Width in pixels, as edited."""
        size = self._size()
        return size[0] if size else None

    @property
    def h(self) -> int | None:
        """Height in pixels, as edited."""
        size = self._size()
        return size[1] if size else None

    @property
    def mp(self) -> float | None:
        """Megapixels, as edited."""
        size = self._size()
        return size[0] * size[1] / _PIXELS_IN_MP if size else None

    @property
    def size(self) -> int | None:
        """Bytes of the file."""
        return self._facts.file_bytes if self._facts else None

    @property
    def tokens(self) -> int | None:
        """At the model and detail chosen."""
        choice = self._owner.choice
        learned = choice.learned(choice.model)
        return tokens_for(self._entry, model=choice.model, detail=choice.detail, learned=learned)

    @property
    def cost(self) -> Decimal | None:
        """USD so far."""
        asked = self._owner.tiles.asked_about(self._entry)
        return asked.cost_usd if asked else None

    @property
    def asked(self) -> frozenset[str]:
        """Whether it was asked about, and in this conversation."""
        if self._facts is not None and self._facts.source_id in self._owner.tiles.in_conversation:
            return frozenset({"yes", "here"})
        return frozenset({"yes" if self._owner.tiles.asked_about(self._entry) else "no"})

    @property
    def date(self) -> date | None:
        """When it was taken, else changed."""
        return day_of(self._facts) if self._facts else None

    @property
    def text(self) -> str | None:
        """What was read on it."""
        return self._owner.texts.get(self._facts.source_id) if self._facts else None

    @property
    def page(self) -> int:
        """From 1."""
        return self._entry.page + 1

    @property
    def detail(self) -> str:
        """Its own level."""
        return self._entry.detail.value if self._entry.detail else ""

    @property
    def state(self) -> str:
        """Whether it can be used."""
        trouble = self._entry.problem
        if trouble is not None:
            return "missing" if trouble.code is Code.IMAGE_MISSING else "broken"
        return "ok" if self._facts else "loading"

    @property
    def edited(self) -> bool:
        """Whether anything is done to it."""
        return bool(self._entry.edits)

    @property
    def gps(self) -> bool | None:
        """Whether its file tells where it was taken."""
        return "gps" in self._facts.metadata if self._facts else None

    @property
    def copy(self) -> bool:
        """Whether there is a copy of it, or nearly one."""
        return self._owner.tiles.copies.has_copies(self._entry.key)

    @property
    def selected(self) -> bool:
        """Whether it is in the next question."""
        return self._owner.state.is_selected(self._entry.key)

    def _size(self) -> tuple[int, int] | None:
        facts = self._facts
        return self._entry.edits.size(facts.width_px, facts.height_px) if facts else None


class GalleryFilter(QObject):
    """Joins the filter line, the arranging, and the texts that were read.

    Attributes:
        line: where it is typed.
        state: the images.
        tiles: what is known of them besides.
        choice: model and detail.
        texts: what was read, by `ImageFacts.source_id`; only while a filter asks for text.
    """

    def __init__(
        self,
        backend: Backend,
        state: GalleryState,
        tiles: GalleryTiles,
        choice: Choice,
        *,
        panel: GalleryPanel,
        arranging: GalleryArranging,
    ) -> None:
        super().__init__(panel)
        self._backend = backend
        self.state, self.tiles, self.choice = state, tiles, choice
        self._panel = panel
        self._arranging = arranging
        self.texts: dict[str, str] = {}
        self._filter: Filter | None = None
        self.line = FilterLine()
        panel.place_below_header(self.line)
        self.line.changed.connect(self._on_changed)
        self.line.left.connect(self._leave)
        self.line.read_wanted.connect(self._read)
        self.line.read_cancelled.connect(backend.reading_many.cancel)
        panel.header.filter_toggled.connect(self.toggle)
        arranging.arranged.connect(self._on_arranged)
        backend.reading.found.connect(self._on_found)
        backend.reading_many.progressed.connect(self._on_progress)
        backend.reading_many.ended.connect(self._on_read_ended)

    def toggle(self) -> None:
        """Show the line with the keyboard in it; put it away if it is empty."""
        if self.line.isVisible() and not self.line.text:
            self._leave()
        elif self.state.entries:
            self.line.begin()

    def _leave(self) -> None:
        self.line.hide()
        self._panel.header.show_filtering(on=False)
        self._panel.view.setFocus()

    def _on_changed(self, found: Filter) -> None:
        self._filter = None if found.is_empty else found
        self._panel.header.show_filtering(on=self._filter is not None)
        self._panel.say_nothing_found(_("No image matches this filter."))
        if self._asks_for_text():
            self._fetch_texts()
        self._apply()

    def _apply(self) -> None:
        found = self._filter
        if found is None:
            self._arranging.use_filter(None)
            return
        matches, entries = found.matches, self.state.entries
        self._arranging.use_filter(
            lambda key: matches(Subject(entries[key], self)), by_facts=not found.needs <= _BY_NAME
        )

    def _on_arranged(self) -> None:
        self.line.show_count(len(self._arranging.keys), len(self.state.entries))
        self._show_unread()

    def _asks_for_text(self) -> bool:
        return self._filter is not None and "text" in self._filter.needs

    def _all_facts(self, wanted: Callable[[ImageFacts], bool]) -> list[ImageFacts]:
        found = {e.facts.source_id: e.facts for e in self.state.entries.values() if e.facts is not None}
        return [facts for facts in found.values() if wanted(facts)]

    def _fetch_texts(self) -> None:
        ids = [facts.source_id for facts in self._all_facts(lambda f: f.source_id not in self.texts)]
        if ids:
            self._backend.reading.texts(ids, self._on_texts)

    def _on_texts(self, texts: Mapping[str, str]) -> None:
        self.texts.update(texts)
        if texts and self._asks_for_text():
            self._arranging.arrange_soon()
        self._show_unread()

    def _show_unread(self) -> None:
        if self._backend.reading_many.is_running:
            return
        unread = self._all_facts(lambda f: f.source_id not in self.texts) if self._asks_for_text() else []
        self.line.show_unread(len(unread))

    def _read(self) -> None:
        self._backend.reading_many.read(self._all_facts(lambda f: f.source_id not in self.texts))

    def _on_found(self, source_id: str, text: str) -> None:
        self.texts[source_id] = text
        if self._asks_for_text():
            self._arranging.arrange_soon()

    def _on_progress(self, done: int, total: int) -> None:
        self.line.show_reading(done, total)

    def _on_read_ended(self) -> None:
        self._show_unread()

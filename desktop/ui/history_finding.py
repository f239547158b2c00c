"""Joins searching and the history's panel: by text, by date and model, by an image."""

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtGui import QPixmap

from desktop.core.model import ImageFacts, SentImage
from desktop.core.problem_text import explain
from desktop.core.problems import Problem
from desktop.core.search import Search
from desktop.core.text import join_sentences
from desktop.tasks.backend import Backend
from desktop.tasks.finding import Found
from desktop.ui.history.panel import HistoryPanel
from desktop.ui.history.search_bar import Asked
from desktop.ui.pictures import Pictures


class HistoryFinding(QObject):
    """Searches for what the panel asks, and shows what is found in the place of its list."""

    def __init__(
        self,
        backend: Backend,
        panel: HistoryPanel,
        pictures: Pictures,
        *,
        unfold: Callable[[], object],
    ) -> None:
        """Connect; ``unfold`` lets the panel be seen where it is folded away."""
        super().__init__(panel)
        self._unfold = unfold
        self._finding = backend.finding
        self._panel = panel
        self._pictures = pictures
        self._shown: Found | None = None
        self._waited: set[str] = set()
        panel.search.changed.connect(self._on_asked)
        panel.search.begun.connect(self._finding.read_models)
        panel.image_dropped.connect(self.find_file)
        panel.results.more_wanted.connect(self._finding.more)
        panel.results.thumbnails_wanted.connect(self._on_thumbnails_wanted)
        panel.results.closed.connect(self.leave)
        pictures.arrived.connect(self._on_picture)
        self._finding.found.connect(self._on_found)
        self._finding.models_read.connect(panel.search.set_models)
        self._finding.indexed.connect(self._on_indexed)
        self._finding.failed.connect(self._on_failed)
        for changed in (backend.history.deleted, backend.history.taken_back):
            changed.connect(self._search_again)

    def begin(self) -> None:
        """Let the user type what is searched."""
        self._show_panel()
        self._panel.search.begin()

    def find_file(self, path: Path) -> None:
        """Find the conversations that have an image, or a near copy."""
        self._begin_image()
        self._finding.find_file(path)

    def find_image(self, facts: ImageFacts, fingerprint: int | None) -> None:
        """The same for an image that is known."""
        self._begin_image()
        self._finding.find_image(facts, fingerprint)

    def leave(self) -> None:
        """Show the list again."""
        self._finding.forget()
        self._shown = None
        self._panel.show_results(False)

    def _show_panel(self) -> None:
        if self._panel.isHidden():
            self._unfold()

    def _begin_image(self) -> None:
        self._show_panel()
        self._panel.search.clear()
        self._shown = None
        self._panel.results.show_searching()
        self._panel.show_results(True)

    def _on_asked(self, asked: Asked) -> None:
        if asked.is_empty:
            if self._shown is None or not self._shown.image or asked.text == "":
                self.leave()
            return
        if self._shown is None:
            self._panel.results.show_searching()
        self._panel.show_results(True)
        self._finding.search(search_of(asked))

    def _on_found(self, found: Found) -> None:
        self._shown = found
        self._panel.results.show_found(
            found.page.found,
            datetime.now().astimezone(),
            more=found.page.before is not None,
            image=found.image,
            unindexed=found.page.unindexed,
        )

    def _on_failed(self, trouble: Problem) -> None:
        said = explain(trouble)
        self._panel.results.show_trouble(join_sentences(said.what, said.remedy))

    def _on_indexed(self) -> None:
        if self._shown is not None and self._shown.page.unindexed:
            self._search_again()

    def _search_again(self) -> None:
        asked = self._panel.search.asked
        if self._shown is not None and not self._shown.image and not asked.is_empty:
            self._finding.search(search_of(asked))

    def _on_thumbnails_wanted(self, wanted: list[SentImage]) -> None:
        for sent in wanted:
            pixmap = self._pictures.get(sent)
            if pixmap is None:
                self._waited.add(sent.sha256)
            else:
                self._panel.results.set_thumbnail(sent.sha256, pixmap)

    def _on_picture(self, sha256: str, pixmap: QPixmap) -> None:
        if sha256 in self._waited:
            self._waited.discard(sha256)
            self._panel.results.set_thumbnail(sha256, pixmap)


def search_of(asked: Asked) -> Search:
    """Days are those of the person who searches."""
    return Search(
        text=asked.text,
        since=None if asked.first is None else _midnight(asked.first),
        until=None if asked.last is None else _midnight(asked.last + timedelta(days=1)),
        model=asked.model,
    )


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time.min).astimezone()

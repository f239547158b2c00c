"""Joins the gallery's state and its panel: what tiles say, how they stand, and the line below them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, QPoint, QTimer, Signal
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QMenu

from desktop.core.arranging import Arranged
from desktop.core.asked import Asked
from desktop.core.text import _, format_count, ngettext
from desktop.tasks.backend import Backend
from desktop.ui import theme
from desktop.ui.choice import Choice
from desktop.ui.composing import SEPARATOR, selection_text
from desktop.ui.gallery import sort_menu
from desktop.ui.gallery.panel import GalleryPanel
from desktop.ui.gallery_arranging import GalleryArranging
from desktop.ui.gallery_state import GalleryState
from desktop.ui.gallery_tiles import GalleryTiles, sum_tokens
from desktop.ui.messages import Messages
from desktop.ui.sliced import Sliced

FOOTER_MS = 100
"""While many images become known, what all the selected ones cost is summed up no more often than this."""


class GalleryController(QObject):
    """Keeps the panel true to the state, in batches so that a large folder stays cheap.

    Signals:
        conversation_wanted(int): the user wants to see a conversation in which an image was asked about.
    """

    conversation_wanted = Signal(int)

    def __init__(
        self,
        backend: Backend,
        state: GalleryState,
        choice: Choice,
        tiles: GalleryTiles,
        panel: GalleryPanel,
        messages: Messages,
    ) -> None:
        super().__init__(panel)
        self._backend = backend
        self._state = state
        self._choice = choice
        self._tiles = tiles
        self._panel = panel
        self._messages = messages
        self.arranging = GalleryArranging(state, tiles, choice, self)
        self._summing = Sliced(self)
        self._footer_soon = QTimer(self, singleShot=True, interval=FOOTER_MS)
        self._footer_soon.timeout.connect(self._show_footer)
        self._connect_state()
        self._connect_panel()
        self._take_settings()

    def show_in_conversation(self, source_ids: frozenset[str]) -> None:
        """Mark the images whose source is among ``source_ids`` (`ImageFacts.source_id`)."""
        if source_ids != self._tiles.in_conversation:
            self._tiles.in_conversation = source_ids
            self._panel.model.refresh()

    def show_asked(self, asked: Mapping[str, Asked]) -> None:
        """These images were asked about so far."""
        self._tiles.asked = asked
        self._panel.model.refresh()
        self.arranging.refresh_if_costs_matter()

    def _connect_state(self) -> None:
        state = self._state
        state.added.connect(self._on_added)
        state.updated.connect(self._on_updated)
        state.pictured.connect(self._on_pictured)
        state.removed.connect(self._on_removed)
        state.selected.connect(self._panel.view.select)
        state.selected.connect(self._show_footer)
        state.outdated.connect(self._on_outdated)
        self._choice.changed.connect(self.show_tokens)
        self.arranging.arranged.connect(self._on_arranged)
        self.arranging.appended.connect(self._on_appended)

    def _connect_panel(self) -> None:
        view = self._panel.view
        view.selection_changed.connect(self._on_selection_changed)
        view.remove_requested.connect(self.remove)
        view.thumbnails_wanted.connect(self._state.show)
        view.asked_clicked.connect(self._open_asked)
        view.tile_width_changed.connect(self._keep_tile_width)
        self._panel.header.sort_menu.aboutToShow.connect(self._fill_sort_menu)

    # Order

    def _take_settings(self) -> None:
        settings = self._backend.settings.current
        self._panel.view.set_tile_width(settings.gallery_tile_px or theme.current().metric("tile_width"))
        self._panel.view.show_as(as_list=settings.gallery_arranged.as_list)
        self._panel.footer.show_sizes(on=not settings.gallery_arranged.as_list)
        self._panel.header.show_sorted(sort_menu.sorted_by(settings.gallery_arranged))
        self.arranging.arrange(settings.gallery_arranged)

    def _fill_sort_menu(self) -> None:
        sort_menu.fill(
            self._panel.header.sort_menu, self._backend.settings.current.gallery_arranged, self._arrange
        )

    def _arrange(self, arranged: Arranged) -> None:
        settings = self._backend.settings
        settings.change(replace(settings.current, gallery_arranged=arranged))
        self._take_settings()

    def _keep_tile_width(self, width_px: int) -> None:
        settings = self._backend.settings
        settings.change(replace(settings.current, gallery_tile_px=width_px))

    def _on_arranged(self) -> None:
        self._state.shown = self.arranging.keys
        self._panel.model.show(self.arranging.keys, self.arranging.sections)
        self._panel.show_total(len(self._state.entries))
        self._footer_soon.start()

    def _on_appended(self, keys: list[int]) -> None:
        self._panel.model.append(keys)
        self._state.shown = self._panel.model.keys
        self._panel.show_total(len(self._state.entries))
        self._footer_soon.start()

    # What is known

    def _on_added(self, keys: list[int]) -> None:
        self.arranging.add(keys)

    def _on_updated(self, keys: list[int]) -> None:
        for key in keys:
            facts = self._state.entries[key].facts
            if facts is not None:
                self._tiles.copies.add(
                    key,
                    facts.source_id,
                    self._state.entries[key].fingerprint,
                    (facts.width_px, facts.height_px),
                )
        self._panel.model.refresh(keys)
        self.arranging.update(keys)
        if not self._footer_soon.isActive():
            self._footer_soon.start()

    def _on_pictured(self, key: int, pixmap: QPixmap) -> None:
        self._panel.model.set_thumbnail(key, pixmap)

    def _on_removed(self, keys: list[int]) -> None:
        for key in keys:
            self._tiles.copies.remove(key)
        self.arranging.remove(keys)
        self._panel.model.forget(keys)
        self._panel.view.forget(keys)

    def _on_selection_changed(self, keys: list[int]) -> None:
        self._state.take_selection(keys)
        self._footer_soon.start()

    def show_tokens(self) -> None:
        """Another model or detail is chosen, or bills taught more about it: tiles tell other figures."""
        self._panel.model.refresh()
        self.arranging.refresh_if_tokens_matter()
        self._show_footer()

    def _on_outdated(self, key: int) -> None:
        text = _("“{name}” has changed since it was edited. Look at it before you select it again.")
        self._messages.say(text.format(name=self._state.entries[key].name))

    # What the user does

    def remove(self, keys: Sequence[int]) -> None:
        """Take images out of the gallery, with a way back."""
        selected = list(self._state.selection)
        gone = self._state.remove(keys)
        if not gone:
            return
        text = ngettext(
            "{count} image removed from the gallery", "{count} images removed from the gallery", len(gone)
        )

        def undo() -> None:
            self._state.take_back(gone)
            self._state.select(selected)

        self._messages.say(text.format(count=format_count(len(gone))), action=_("Undo"), callback=undo)

    def _open_asked(self, key: int) -> None:
        """Lead to the conversations in which an image was asked about: at once where there is one."""
        asked = self._tiles.asked_about(self._state.entries[key])
        conversations = asked.conversations if asked else ()
        if len(conversations) == 1:
            self.conversation_wanted.emit(conversations[0][0])
        elif conversations:
            row = self._panel.model.row(key)
            view = self._panel.view
            place = view.row_rect(row).bottomLeft() if row is not None else QPoint()
            menu = QMenu(view)
            menu.aboutToHide.connect(menu.deleteLater)
            self.add_conversations(menu, key)
            menu.popup(view.viewport().mapToGlobal(place))

    def add_conversations(self, menu: QMenu, key: int) -> None:
        """Offer the conversations in which an image was asked about."""
        asked = self._tiles.asked_about(self._state.entries[key])
        for number, title in asked.conversations if asked else ():
            action = menu.addAction(theme.current().icon("message-square"), title.replace("&", "&&"))
            action.triggered.connect(lambda _on=False, number=number: self.conversation_wanted.emit(number))

    def _show_footer(self, *_changed: object) -> None:
        self._footer_soon.stop()
        selected = self._state.usable_selection()
        choice = self._choice
        learned = choice.learned(choice.model)
        self._summing.run(
            sum_tokens(selected, model=choice.model, detail=choice.detail, learned=learned),
            lambda tokens: self._say_selected(len(selected), tokens),
        )

    def _say_selected(self, selected: int, tokens: int | None) -> None:
        text = selection_text(selected, len(self._state.entries), tokens, on_device=self._choice.on_device)
        hidden = self.arranging.count_hidden(self._state.selection)
        if hidden:
            more = ngettext("{count} not shown", "{count} not shown", hidden)
            text = SEPARATOR.join((text, more.format(count=format_count(hidden))))
        self._panel.footer.set_text(text)

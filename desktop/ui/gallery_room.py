"""Everything of the gallery, joined: what comes in and goes out, how it is shown, kept and filtered."""

from PySide6.QtCore import QObject, QPoint, Qt, Signal
from PySide6.QtWidgets import QMenu, QWidget

from desktop.core.text import _, ngettext
from desktop.tasks.backend import Backend
from desktop.ui import theme
from desktop.ui.choice import Choice
from desktop.ui.gallery.panel import GalleryPanel
from desktop.ui.gallery_controller import GalleryController
from desktop.ui.gallery_filter import GalleryFilter
from desktop.ui.gallery_incoming import GalleryIncoming
from desktop.ui.gallery_keeping import GalleryKeeping
from desktop.ui.gallery_state import GalleryState
from desktop.ui.gallery_tiles import GalleryTiles
from desktop.ui.messages import Messages
from desktop.ui.outside import Outside


class GalleryRoom(QObject):
    """Made once by the window.

    Attributes:
        incoming: brings images in.
        controller: keeps the panel true to the state.
        filter: shows only some of the images.
        outside: further launches, watched folders, files that leave.

    Signals:
        conversation_wanted(int): the user wants to see a conversation: one in which an image was asked
            about, or one that was imported.
        image_wanted(ImageFacts, int): the conversations with an image are wanted; its fingerprint, if any.
    """

    conversation_wanted = Signal(int)
    image_wanted = Signal(object, object)

    def __init__(
        self,
        window: QWidget,
        backend: Backend,
        *,
        state: GalleryState,
        tiles: GalleryTiles,
        choice: Choice,
        panel: GalleryPanel,
        messages: Messages,
    ) -> None:
        super().__init__(window)
        self._state = state
        self._tiles = tiles
        self._panel = panel
        self.incoming = GalleryIncoming(backend, state, panel, messages)
        choice.learned = backend.spending.learned
        self.controller = GalleryController(backend, state, choice, tiles, panel, messages)
        self.filter = GalleryFilter(
            backend, state, tiles, choice, panel=panel, arranging=self.controller.arranging
        )
        self.outside = Outside(
            window, backend, state=state, panel=panel, incoming=self.incoming, messages=messages
        )
        self.outside.conversations.wanted.connect(self.conversation_wanted)
        self._keeping = GalleryKeeping(backend, state, messages, self)
        self.controller.conversation_wanted.connect(self.conversation_wanted)
        panel.view.menu_requested.connect(self._open_menu)
        backend.workbench.asked_changed.connect(self.controller.show_asked)
        backend.spending.learned_changed.connect(self.controller.show_tokens)
        backend.workbench.failed.connect(messages.show)
        backend.reading.not_kept.connect(messages.show)

    def _open_menu(self, keys: list[int], place: QPoint) -> None:
        menu = QMenu(self._panel.view)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        view, look = self._panel.view, theme.current()
        if keys:
            if len(keys) == 1 and self._state.entries[keys[0]].facts is not None:
                menu.addAction(
                    look.icon("eye"), _("Look at it") + "\t" + _("Space"), lambda: view.open(keys[0])
                )
            self.outside.files.add_actions(menu, keys)
            self._add_asked(menu, keys)
            self._add_finding(menu, keys)
            self._add_copies(menu, keys)
            menu.addSeparator()
            text = ngettext("Remove from gallery", "Remove {count} images from gallery", len(keys))
            remove = text.format(count=len(keys)) + "\t" + _("Del")
            menu.addAction(look.icon("x"), remove, view.request_removal)
            menu.addSeparator()
        some = bool(self._panel.model.keys)
        for icon, words, act, possible in (
            ("layout-grid", _("Select all") + "\tCtrl+A", view.selectAll, some),
            (
                "square-dashed",
                _("Select none") + "\tCtrl+Shift+A",
                view.clearSelection,
                bool(view.selected_keys()),
            ),
            ("refresh-cw", _("Invert selection") + "\tCtrl+Shift+I", view.invert_selection, some),
        ):
            menu.addAction(look.icon(icon), words, act).setEnabled(possible)
        menu.popup(place)

    def _add_asked(self, menu: QMenu, keys: list[int]) -> None:
        asked = self._tiles.asked_about(self._state.entries[keys[0]]) if len(keys) == 1 else None
        if asked and asked.conversations:
            inner = menu.addMenu(theme.current().icon("message-square"), _("Asked about in"))
            self.controller.add_conversations(inner, keys[0])

    def _add_finding(self, menu: QMenu, keys: list[int]) -> None:
        entry = self._state.entries[keys[0]]
        if len(keys) == 1 and entry.facts is not None:
            action = menu.addAction(theme.current().icon("search"), _("Find conversations with this image"))
            action.triggered.connect(lambda: self.image_wanted.emit(entry.facts, entry.fingerprint))

    def _add_copies(self, menu: QMenu, keys: list[int]) -> None:
        if len(keys) != 1:
            return
        same, near = self._tiles.copies.copies_of(keys[0])
        copies = [key for key in (*same, *near) if key in self._state.entries]
        if copies:
            text = ngettext("Select its copy too", "Select its {count} copies too", len(copies))
            menu.addAction(
                theme.current().icon("images"),
                text.format(count=len(copies)),
                lambda: self._state.select([keys[0], *copies]),
            )

"""The window: three panels side by side, the banner above them, and who is told what."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import (
    QCloseEvent,
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QKeySequence,
    QPaintEvent,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QMainWindow

from desktop.core.compat import override
from desktop.core.model import Conversation
from desktop.core.problem_text import Remedy
from desktop.tasks.backend import Backend
from desktop.ui.capture_room import CaptureRoom
from desktop.ui.choice import Choice
from desktop.ui.composer_controller import ComposerController
from desktop.ui.composer_controller import Parts as ComposerParts
from desktop.ui.conversation_controller import ConversationController
from desktop.ui.conversation_room import ConversationRoom
from desktop.ui.conversation_state import ConversationState
from desktop.ui.folding import Folding
from desktop.ui.gallery_room import GalleryRoom
from desktop.ui.gallery_state import GalleryState
from desktop.ui.gallery_tiles import GalleryTiles
from desktop.ui.history_room import HistoryRoom
from desktop.ui.messages import Messages
from desktop.ui.pictures import Pictures
from desktop.ui.safety_room import SafetyRoom
from desktop.ui.settings_controller import SettingsController
from desktop.ui.spending_controller import SpendingController
from desktop.ui.start_options import RENDER_AFTER_MS, StartOptions
from desktop.ui.staying import Staying
from desktop.ui.viewer_controller import Around, ViewerController
from desktop.ui.widgets.incoming import acceptable
from desktop.ui.window_keys import add_shortcuts, take_drop
from desktop.ui.window_parts import build_window

__all__ = ["MainWindow", "StartOptions"]

START_SIZE = (1360, 860)
MIN_SIZE = (420, 480)


class MainWindow(QMainWindow):
    """The one window. Work begins after it has been painted once."""

    def __init__(self, backend: Backend, options: StartOptions) -> None:
        super().__init__()
        self._backend = backend
        self._options = options
        self._started = False
        self._closed = False
        self.setWindowTitle("Sightline")
        self.resize(*START_SIZE)
        self.setMinimumSize(*MIN_SIZE)
        self.setAcceptDrops(True)
        self._gallery_state = GalleryState(backend.gallery, self)
        self._conversation_state = ConversationState(backend, self)
        self._choice = Choice(backend.catalog, self)
        self._pictures = Pictures(backend.gallery, self)
        self._tiles = GalleryTiles(self._gallery_state, self._choice)
        self._parts = parts = build_window(self._tiles.source())
        self._history, self._gallery, self._composer = parts.history, parts.gallery, parts.composer
        self._panels, self._notices = parts.panels, parts.notices
        self.setCentralWidget(parts.central)
        self._messages = Messages(parts.notices, self._act)
        self._folding = Folding(parts, self._composer.focus_prompt)
        self.gallery_room = GalleryRoom(
            self,
            backend,
            state=self._gallery_state,
            tiles=self._tiles,
            choice=self._choice,
            panel=self._gallery,
            messages=self._messages,
        )
        self._join()
        self._add_shortcuts()

    def begin_hidden(self) -> None:
        """Begin the work without being seen: for a capture, or in the tray."""
        if not self._started:
            self._started = True
            QTimer.singleShot(0, self._start)

    def _join(self) -> None:
        backend, messages = self._backend, self._messages
        asking = self._asking()
        self._composer_controller = ComposerController(asking, self._composer)
        self._conversation_controller = ConversationController(
            backend,
            self._conversation_state,
            self._choice,
            pages=self._parts.pages,
            transcript=self._parts.transcript,
            empty=self._parts.empty,
            header=self._parts.header,
            pictures=self._pictures,
            messages=messages,
            files=self.gallery_room.outside.conversations,
            act=self._act,
        )
        self.conversation_room = ConversationRoom(
            self,
            asking,
            self._parts,
            composer=self._composer_controller,
            conversation=self._conversation_controller,
            act=self._act,
        )
        self._settings_controller = SettingsController(
            backend, self._choice, self._parts.banner, messages, model=self._options.model
        )
        self._viewer_controller = ViewerController(
            Around(
                backend=backend,
                gallery=self._gallery_state,
                conversation=self._conversation_state,
                choice=self._choice,
                thumbnail=self._gallery.model.thumbnail,
                prompt=self._composer.text,
            ),
            self._parts.viewer,
        )
        self._join_history()

    def _join_history(self) -> None:
        self.history_room = HistoryRoom(
            self._backend,
            self._parts,
            state=self._conversation_state,
            pictures=self._pictures,
            messages=self._messages,
            gallery=self.gallery_room,
            conversation=self.conversation_room,
        )
        self._history_controller = self.history_room.controller
        self._spending_controller = SpendingController(
            self._backend,
            self._history,
            panels=self._panels,
            pictures=self._pictures,
            messages=self._messages,
        )
        self.staying = Staying(self)
        self.capture_room = CaptureRoom(
            self,
            self._asking(),
            self._parts,
            guard=lambda: self._composer_controller.share().guard,
            staying=self.staying,
            open_conversation=self._open_conversation,
            open_image=self._viewer_controller.open,
            act=self._act,
        )
        self.capture_room.join(self.gallery_room.outside)
        self.gallery_room.outside.desktop.join(
            self._settings_controller, self.conversation_room.quit, self.staying
        )
        self.safety = SafetyRoom(
            self,
            self._backend,
            panels=self._panels,
            messages=self._messages,
            composer=self._composer_controller,
        )
        self._connect()

    def _asking(self) -> ComposerParts:
        return ComposerParts(
            backend=self._backend,
            gallery=self._gallery_state,
            conversation=self._conversation_state,
            choice=self._choice,
            pictures=self._pictures,
            messages=self._messages,
            pixmap=self._gallery.model.thumbnail,
        )

    def _connect(self) -> None:
        composer, incoming = self._composer, self.gallery_room.incoming
        self._gallery.view.selection_changed.connect(self._composer_controller.on_selection)
        incoming.brought_in.connect(self._on_brought_in)
        composer.paths_pasted.connect(incoming.add)
        composer.image_pasted.connect(incoming.add_image)
        self._composer_controller.images_requested.connect(incoming.choose_files)
        self._parts.empty.preset_chosen.connect(composer.preset_chosen)
        self._parts.empty.key_requested.connect(self._settings_controller.open_key)
        self._parts.header.model_chosen.connect(self._settings_controller.choose_model)
        self._composer_controller.model_chosen.connect(self._settings_controller.choose_model)
        self._composer_controller.image_opened.connect(self._viewer_controller.open)
        self._composer_controller.attachment_opened.connect(self._viewer_controller.open_sent)
        self._parts.transcript.attachment_opened.connect(self._viewer_controller.open_sent)
        self._parts.transcript.places_requested.connect(self._viewer_controller.show_pointing)
        self._parts.compare.question.attachment_opened.connect(self._viewer_controller.open_sent)
        self._history.opened.connect(self._show_page)
        self._history.new_requested.connect(self._show_page)
        self._spending_controller.conversation_opened.connect(self._open_conversation)
        self.gallery_room.conversation_wanted.connect(self._open_conversation)
        self._spending_controller.budget_requested.connect(self._settings_controller.open_prices)
        self._gallery.view.opened.connect(self._viewer_controller.open)
        self._viewer_controller.opened.connect(self._on_viewer_opened)
        self._viewer_controller.closed.connect(self._on_viewer_closed)
        self._viewer_controller.ask_wanted.connect(self._on_ask_wanted)
        self._conversation_state.began.connect(self._panels.show_page)
        self._history.settings_requested.connect(self._settings_controller.open_settings)
        self._history_controller.leaving.connect(self._composer_controller.save_draft)
        self._history_controller.opened.connect(self._composer_controller.load_draft)
        self._conversation_state.never_stored.connect(self._composer_controller.take_back)
        self._conversation_controller.images_changed.connect(self._on_images_changed)
        self._backend.history.restored.connect(self._on_restored)
        self._backend.prices.loaded.connect(self._on_prices_loaded)
        self._backend.history.noticed.connect(self._messages.show)
        self._backend.history.failed.connect(self._messages.show)

    def _add_shortcuts(self) -> None:
        keys = QKeySequence
        add_shortcuts(
            self._parts.work,
            (
                (keys.StandardKey.New, self._new_conversation),
                (keys.StandardKey.Open, self.gallery_room.incoming.choose_files),
                (keys.StandardKey.Paste, self.gallery_room.incoming.paste),
                (keys("Ctrl+Shift+N"), self.conversation_room.begin_private),
                (keys("Ctrl+L"), self._show_page),
                (keys.StandardKey.Find, self.conversation_room.find),
                (keys("Ctrl+M"), self._open_models),
                (keys("Ctrl+B"), self._folding.toggle_history),
                (keys("Ctrl+K"), self.history_room.finding.begin),
                (keys("Ctrl+G"), self._folding.toggle_gallery),
                (keys("Ctrl+Shift+D"), self._spending_controller.toggle),
                (keys("Ctrl+Shift+F"), self.gallery_room.filter.toggle),
                (keys("Ctrl+Shift+S"), self.capture_room.capture_region),
                (keys("Ctrl+Return"), self._ask),
                (keys("Ctrl+Enter"), self._ask),
                (keys("Ctrl+Shift+A"), self._gallery.view.clearSelection),
                (keys(Qt.Key.Key_Escape), self._on_escape),
            ),
        )
        add_shortcuts(
            self,
            (
                (keys.StandardKey.Quit, self.conversation_room.quit),
                (keys("Ctrl+,"), self._settings_controller.open_settings),
            ),
        )

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._closed = False
        self._composer.focus_prompt()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._started:
            self._started = True
            # Only now: threads that import packages would take the interpreter from the first paint.
            QTimer.singleShot(0, self._start)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._panels.fit(event.oldSize().width(), event.size().width())

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if acceptable(event.mimeData()):
            event.acceptProposedAction()
            self._gallery.show_drop(over=True)

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._gallery.show_drop(over=False)

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        """Images may be dropped anywhere; the panels that take drops themselves come first."""
        self._gallery.show_drop(over=False)
        take_drop(event, self.gallery_room.incoming)

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        if self._started and not self._closed:
            self._closed = True
            self.safety.save()
        super().closeEvent(event)

    def _start(self) -> None:
        backend = self._backend
        self.safety.begin(place=self._options.render_to is None)
        for notice in self._options.notices:
            self._messages.show(notice)
        backend.gallery.warm_up()
        backend.history.open()
        backend.keys.load(backend.base_url)
        backend.prices.load()
        self.gallery_room.outside.opened.emit()
        self.staying.begin()
        if self._options.capture is not None:
            self.capture_room.capture(self._options.capture)

    def _on_prices_loaded(self) -> None:
        """The window is shown and quiet: now the first question's imports."""
        self._backend.prepare_engine(self._choice.model)

    def _on_restored(self, conversation: Conversation) -> None:
        given = self._options
        if given.images or given.links:
            if conversation.messages:
                self._history_controller.new_conversation()
            self.gallery_room.incoming.add(given.images)
            if given.links:
                self.gallery_room.incoming.add_links(given.links)
        if self._options.render_to is not None:
            self._history_controller.open_latest()
            QTimer.singleShot(RENDER_AFTER_MS, self._render)

    def _render(self) -> None:
        self.grab().save(str(self._options.render_to))
        self.close()

    def _ask(self) -> None:
        """Nobody means to pay for a question that they do not see."""
        if not self._spending_controller.is_open:
            self._composer_controller.ask()

    def _on_brought_in(self) -> None:
        self._spending_controller.leave()
        self._viewer_controller.close()
        # A drop leaves the keyboard with the program that the images came from.
        self.activateWindow()
        self._composer.focus_prompt()

    def _on_images_changed(self) -> None:
        shown = {a.image.source_id for a in self._conversation_state.current.attachments()}
        self.gallery_room.controller.show_in_conversation(frozenset(shown))
        self._composer_controller.refresh()

    def _show_page(self) -> None:
        self._panels.show_page()
        self._composer.focus_prompt()

    def _open_conversation(self, conversation_id: int) -> None:
        self._show_page()
        self._history_controller.open(conversation_id)

    def _on_viewer_opened(self) -> None:
        self._parts.stack.setCurrentWidget(self._parts.viewer)
        self._parts.viewer.setFocus()

    def _on_viewer_closed(self, key: int | None) -> None:
        self._parts.stack.setCurrentWidget(self._parts.work)
        if key is None or not self._gallery.view.isVisible():
            self._composer.focus_prompt()
        else:
            self._gallery.view.focus_tile(key)

    def _on_ask_wanted(self, key: int) -> None:
        self._gallery_state.select((key,))
        self._show_page()

    def _new_conversation(self) -> None:
        self._show_page()
        self._history_controller.new_conversation()

    def _open_models(self) -> None:
        self._panels.show_page()
        self._parts.header.open_models()

    def _on_escape(self) -> None:
        """Esc leaves what was spent, or stops what is answering; then notices close, then the selection."""
        if self._spending_controller.leave() or self.conversation_room.comparing.escape():
            self._composer.focus_prompt()
        elif self._conversation_state.is_answering:
            self._conversation_state.stop()
        elif not self._notices.close_newest() and self._gallery.view.hasFocus():
            self._gallery.view.clearSelection()

    def _act(self, remedy: Remedy) -> None:
        """Do the one thing that a problem offers."""
        actions = {
            Remedy.RETRY: self.conversation_room.retry,
            Remedy.OPEN_KEY: self._settings_controller.open_key,
            Remedy.OPEN_SETTINGS: self._settings_controller.open_settings,
            Remedy.OPEN_CAPTURE_SETTINGS: self._settings_controller.open_capture,
            Remedy.CHOOSE_MODEL: self._open_models,
            Remedy.LOWER_DETAIL: self._composer_controller.use_high_for_rejected,
            Remedy.REMOVE_IMAGE: self.conversation_room.retry,
            Remedy.SHRINK: self._composer_controller.shrink_and_ask_again,
            Remedy.NEW_CONVERSATION: self._history_controller.new_conversation,
        }
        actions[remedy]()

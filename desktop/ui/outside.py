"""What the window has to do with other programs: further launches, watched folders, files that leave."""

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from desktop.tasks.backend import Backend
from desktop.tasks.handover import Handover
from desktop.ui.coming_forward import come_forward
from desktop.ui.conversation_files import ConversationFiles
from desktop.ui.desktop_room import Desktop
from desktop.ui.file_actions import FileActions
from desktop.ui.gallery.panel import GalleryPanel
from desktop.ui.gallery_incoming import GalleryIncoming
from desktop.ui.gallery_state import GalleryState
from desktop.ui.messages import Messages
from desktop.ui.watching import Watching


class Outside(QObject):
    """Joins the gallery to what comes from outside and goes there.

    Attributes:
        watching: folders whose new images appear by themselves.
        files: what can be done with the gallery's files outside of it.
        conversations: what leaves and comes in as files.
        desktop: the shortcut from anywhere, the tray, and closing that only hides.

    Signals:
        opened(): the window was painted; from now on others may come.
        capture_wanted(CaptureRequest): a further launch wants to capture the screen.
    """

    opened = Signal()
    capture_wanted = Signal(object)

    def __init__(
        self,
        window: QWidget,
        backend: Backend,
        *,
        state: GalleryState,
        panel: GalleryPanel,
        incoming: GalleryIncoming,
        messages: Messages,
    ) -> None:
        super().__init__(window)
        self._window = window
        self._incoming = incoming
        self.watching = Watching(backend.watching, state, messages, window)
        self.watching.attach(panel.header.add_menu)
        self.files = FileActions(
            backend.files_out, state, messages, view=panel.view, thumbnail=panel.model.thumbnail
        )
        self.conversations = ConversationFiles(window, backend, messages)
        self.desktop = Desktop(window, backend, messages)
        self.opened.connect(self.desktop.begin)
        incoming.archives_given.connect(self.conversations.import_files)
        self.files.add_shortcuts(panel.view.selected_keys)
        panel.view.drag_started.connect(self.files.start_drag)

    def take_over(self, handover: Handover) -> None:
        """Bring in what a further launch was given, and come to the front, unless the screen is wanted."""
        if handover.capture is not None:
            self.capture_wanted.emit(handover.capture)
        else:
            come_forward(self._window, handover)
        self._incoming.add(handover.paths)
        if handover.links:
            self._incoming.add_links(handover.links)

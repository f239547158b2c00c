"""The history's side of the window: its list, what is found in it, and where both lead."""

from PySide6.QtCore import QObject

from desktop.tasks.backend import Backend
from desktop.ui.conversation_room import ConversationRoom
from desktop.ui.conversation_state import ConversationState
from desktop.ui.gallery_room import GalleryRoom
from desktop.ui.history_controller import HistoryController
from desktop.ui.history_finding import HistoryFinding
from desktop.ui.messages import Messages
from desktop.ui.pictures import Pictures
from desktop.ui.window_parts import WindowParts


class HistoryRoom(QObject):
    """Makes the controllers of the history and joins them with the rest of the window.

    Attributes:
        controller: the list.
        finding: what is searched.
    """

    def __init__(
        self,
        backend: Backend,
        parts: WindowParts,
        *,
        state: ConversationState,
        pictures: Pictures,
        messages: Messages,
        gallery: GalleryRoom,
        conversation: ConversationRoom,
    ) -> None:
        panel = parts.history
        super().__init__(panel)
        self.controller = HistoryController(backend, state, panel, pictures, messages)
        self.finding = HistoryFinding(backend, panel, pictures, unfold=parts.panels.toggle_history)
        self.controller.may_leave = conversation.private.may_leave
        self.controller.titled.connect(parts.header.set_title)
        self._transcript = parts.transcript
        self.controller.found.connect(self._on_found)
        parts.header.delete_requested.connect(self.controller.delete_current)
        panel.private_requested.connect(conversation.begin_private)
        panel.offer_private(True)
        panel.found_opened.connect(parts.panels.show_page)
        # Where the history takes the whole window, what is typed next would go to a box that nobody sees.
        panel.search.left.connect(parts.panels.show_page)
        panel.search.left.connect(parts.composer.focus_prompt)
        gallery.image_wanted.connect(self.finding.find_image)
        files = gallery.outside.conversations
        self.controller.export_wanted.connect(files.export)
        panel.import_requested.connect(files.choose_import)
        panel.archives_dropped.connect(files.import_files)

    def _on_found(self, _conversation_id: int, message_id: int) -> None:
        self._transcript.scroll_to_message(message_id)

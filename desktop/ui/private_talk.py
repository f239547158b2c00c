"""Conversations that are never stored: begun, marked, and gone when they are left."""

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from desktop.core.compat import override
from desktop.core.model import Conversation
from desktop.core.text import _
from desktop.tasks.backend import Backend
from desktop.ui.conversation.header import ConversationHeader
from desktop.ui.conversation_state import ConversationState
from desktop.ui.dialogs import confirm


class PrivateTalk(QObject):
    """Marks a private conversation, asks before it is left, and forgets it then."""

    def __init__(
        self, backend: Backend, state: ConversationState, header: ConversationHeader, window: QWidget
    ) -> None:
        super().__init__(header)
        self._branches = backend.branches
        self._state = state
        self._header = header
        self._window = window
        self._stored = 0
        window.window().installEventFilter(self)
        for signal in (state.shown, state.began, state.stored):
            signal.connect(self._on_shown)

    @property
    def is_at_stake(self) -> bool:
        """Whether a private conversation with answers is at hand: leaving loses them."""
        return self._state.current.private and bool(self._state.current.messages)

    def may_leave(self) -> bool:
        """Whether the conversation at hand may be left; the user is asked of a private one with answers."""
        if not self.is_at_stake:
            return True
        return confirm(
            self._window,
            title=_("Private conversation"),
            text=_(
                "Leave the private conversation? It is not stored: its questions, answers and images are "
                "gone then. What it cost stays in your spending, without a word of it."
            ),
            action=_("Leave"),
            danger=True,
        )

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Also closing the window leaves it; what ends the program from outside is not held up."""
        if event.type() is QEvent.Type.Close and event.spontaneous() and not self.may_leave():
            event.ignore()
            return True
        return super().eventFilter(watched, event)

    def begin(self) -> None:
        """An empty private conversation is at hand; the caller has asked `may_leave`."""
        self._state.show(Conversation(private=True))

    def _on_shown(self, conversation: Conversation) -> None:
        self._header.show_private(conversation.private)
        before, self._stored = self._stored, conversation.id if conversation.private else 0
        if before and before != self._stored:
            self._state.abandon(before)
            self._branches.forget(before)

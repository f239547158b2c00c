"""What is changed in a stored conversation besides asking: its branch at hand, its options, its images."""

from collections.abc import Callable, Sequence
from concurrent.futures import Future

from PySide6.QtCore import QObject, Signal

from desktop.core.options import Options, decode_options, encode_options
from desktop.core.problems import Problem
from desktop.store.questions import NEW_OPTIONS
from desktop.store.store import Store
from desktop.tasks.delivery import Delivery


class BranchTasks(QObject):
    """Each change is told with the conversation as it is then.

    Signals:
        shown(Conversation): another branch is at hand.
        changed(Conversation): what follow-ups carry, or how they are answered, is otherwise now.
        recalled(Options): what was chosen for the conversation that is not stored yet.
        failed(Problem): a change did not work.
    """

    shown = Signal(object)
    changed = Signal(object)
    recalled = Signal(object)
    failed = Signal(object)

    def __init__(self, store: Store, delivery: Delivery, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._store = store
        self._delivery = delivery

    def show_version(self, conversation_id: int, message_id: int) -> None:
        """Bring to hand the branch that goes through a message."""
        shown = self._store.show_version(conversation_id, message_id)
        self._delivery.follow(shown, self.shown.emit, self._on_failed)

    def set_once(self, conversation_id: int, attachments: Sequence[int], *, once: bool) -> None:
        """Have images leave with the next answer, or stay."""
        self._change(conversation_id, lambda: self._store.set_once(attachments, once))

    def set_stand_in(self, conversation_id: int, attachment_id: int, text: str) -> None:
        """Have follow-ups carry a text in the place of an image; an empty one brings the image back."""
        self._change(conversation_id, lambda: self._store.set_stand_in(attachment_id, text))

    def set_options(self, conversation_id: int, options: Options) -> None:
        """How the next questions are to be answered."""
        self._change(conversation_id, lambda: self._store.set_options(conversation_id, options))

    def forget(self, conversation_id: int) -> None:
        """Let go of a private conversation."""
        self._delivery.follow(self._store.delete(conversation_id), _done, self._on_failed)

    def remember_options(self, options: Options) -> None:
        """Keep them for the conversation that is not stored yet."""
        kept = self._store.remember(NEW_OPTIONS, encode_options(options))
        self._delivery.follow(kept, _done, self._on_failed)

    def recall_options(self) -> None:
        """Tell what was kept for it, if anything."""
        self._delivery.follow(self._store.recall(NEW_OPTIONS), self._on_recalled, self._on_failed)

    def _on_recalled(self, text: str | None) -> None:
        options = decode_options(text or "")
        if options:
            self.recalled.emit(options)

    def _change(self, conversation_id: int, start: Callable[[], Future[None]]) -> None:
        def read(_none: None) -> None:
            found = self._store.conversation(conversation_id)
            self._delivery.follow(found, self.changed.emit, self._on_failed)

        self._delivery.follow(start(), read, self._on_failed)

    def _on_failed(self, trouble: Problem) -> None:
        self.failed.emit(trouble)


def _done(_none: None) -> None:
    """A write that needs no answer."""

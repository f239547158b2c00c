"""What is being written and not yet asked: kept a moment after the last change, brought back when opened."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

from desktop.core.model import Conversation, Draft, DraftImage
from desktop.core.text import format_count, ngettext
from desktop.tasks.history import HistoryTasks
from desktop.ui.choice import Choice
from desktop.ui.composer.composer import Composer
from desktop.ui.gallery_state import GalleryState
from desktop.ui.messages import Messages

MOST_KEPT = 2_000
"""So many selected images are kept with a draft: more than any request holds."""
DRAFT_MS = 600
"""A draft is kept this long after the last keystroke."""


class Drafts(QObject):
    """Keeps the draft of the conversation at hand.

    Attributes:
        silent: what is changed now is no work of the user, and not kept.
    """

    def __init__(
        self,
        history: HistoryTasks,
        gallery: GalleryState,
        choice: Choice,
        composer: Composer,
        conversation: Callable[[], Conversation],
        messages: Messages,
    ) -> None:
        super().__init__(composer)
        self._history = history
        self._gallery = gallery
        self._choice = choice
        self._composer = composer
        self._conversation = conversation
        self._messages = messages
        self._restored = False
        self.silent = False
        self._soon = QTimer(self, singleShot=True, interval=DRAFT_MS)
        self._soon.timeout.connect(self.save)

    def load(self, conversation: Conversation) -> None:
        """Bring a conversation's draft into the prompt box, the selector and the gallery."""
        draft = conversation.draft
        self.silent = True
        # What was typed or dropped while the history was still being opened is not lost.
        typed = "" if self._restored else self._composer.text()
        self._composer.set_text("\n".join(part for part in (draft.text, typed) if part))
        self._choice.use_detail(draft.detail)
        if self._restored:
            self._gallery.select(())
        self._restored = True
        if typed:
            self._soon.start()
        self._gallery.restore(draft.images)
        self.silent = False
        if draft.lost_images:
            text = ngettext(
                "{count} image is not selected again: what was done to it cannot be read.",
                "{count} images are not selected again: what was done to them cannot be read.",
                draft.lost_images,
            )
            self._messages.say(text.format(count=format_count(draft.lost_images)))

    def save_soon(self) -> None:
        """Something was changed."""
        if not self.silent:
            self._soon.start()

    def save(self) -> None:
        """Store what is being written now; not before the draft that is stored was read."""
        self._soon.stop()
        at_hand = self._conversation()
        if not self._restored or at_hand.private:
            return
        draft = Draft(
            text=self._composer.text(),
            images=tuple(
                DraftImage(
                    path=entry.path,
                    sha256=entry.facts.sha256,
                    detail=entry.detail,
                    page=entry.page,
                    edits=entry.edits,
                )
                for entry in self._gallery.usable_selection()[:MOST_KEPT]
                if entry.facts
            ),
            detail=self._choice.detail,
            model=self._choice.model.id,
        )
        self._history.save_draft(at_hand.id, draft)

    def finish(self) -> None:
        """The window ends: store what is being written, also if the draft that is stored was not read yet."""
        typed = self._composer.text().strip()
        if self._restored:
            self.save()
        elif typed and not self._conversation().private:
            self._history.add_to_draft(typed)

    def clear(self) -> None:
        """A question was asked: nothing is written and selected any more. Asking clears what is stored."""
        self._soon.stop()
        self.silent = True
        self._composer.set_text("")
        self._gallery.select(())
        self.silent = False

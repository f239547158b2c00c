"""Writing a question anew: the composer has it, with its images, until it is asked or left."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject

from desktop.core.model import Conversation, Message, Role
from desktop.core.prompt_filling import escaped
from desktop.core.request import own_images
from desktop.core.text import _, format_count, ngettext
from desktop.ui.composer.composer import Composer
from desktop.ui.composer_parts import Parts
from desktop.ui.drafts import Drafts
from desktop.ui.next_question import Editing


class QuestionEditing(QObject):
    """The question that is written anew, if any. The draft is put aside meanwhile, and comes back.

    Attributes:
        current: what is written anew; None for a new question.
    """

    def __init__(
        self, parts: Parts, composer: Composer, drafts: Drafts, changed: Callable[[], object]
    ) -> None:
        super().__init__(composer)
        self.current: Editing | None = None
        self._parts = parts
        self._composer = composer
        self._drafts = drafts
        self._changed = changed
        self._aside: tuple[str, list[int]] = ("", [])
        composer.editing_ended.connect(self.leave)
        parts.conversation.shown.connect(self._on_shown)

    def begin(self, question: Message) -> None:
        """Bring a question of the branch at hand into the composer."""
        if question.role is not Role.USER or not question.id:
            return
        self.leave()
        self._drafts.save()
        self._drafts.silent = True
        self._aside = (self._composer.text(), list(self._parts.gallery.selection))
        self.current = Editing(question=question)
        self._parts.gallery.select(())
        # Its variables were filled when it was asked; what looks like one now is a word of it.
        self._composer.set_text(escaped(question.text))
        self._composer.focus_prompt()
        self._changed()

    def drop(self, attachment_id: int) -> bool:
        """Take one of its images out; False if it is none of them."""
        if self.current is None or attachment_id not in {a.id for a in self.current.question.attachments}:
            return False
        self.current = replace(self.current, dropped=self.current.dropped | {attachment_id})
        self._changed()
        return True

    def leave(self) -> None:
        """Bring the draft back; the question stays as it was."""
        if self.current is None:
            return
        text, selection = self._aside
        self.current, self._aside = None, ("", [])
        self._composer.set_text(text)
        self._parts.gallery.select(selection)
        self._drafts.silent = False
        self._drafts.save_soon()
        self._changed()

    def words(self) -> str:
        """What the composer says about it; empty for a new question."""
        if self.current is None:
            return ""
        count = len(own_images(self.current.question)) - len(self.current.dropped)
        if not count:
            return _("You are changing a question. Its first version and what followed stay reachable.")
        text = ngettext(
            "You are changing a question. Its {count} image goes along; its first version stays reachable.",
            "You are changing a question. Its {count} images go along; its first version stays reachable.",
            count,
        )
        return text.format(count=format_count(count))

    def _on_shown(self, conversation: Conversation) -> None:
        """Another conversation or branch is at hand: there it has no place."""
        if self.current is not None and self.current.question not in conversation.messages:
            self.leave()

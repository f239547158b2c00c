"""What becomes of each image after the next question: it stays, goes once, stands aside, or is left out."""

from collections.abc import Callable
from itertools import pairwise

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QDialog

from desktop.core.model import Attachment, Conversation, Role
from desktop.core.pages import picture_name
from desktop.core.planning import plan_carried
from desktop.core.request import shared_text
from desktop.core.text import _
from desktop.ui.composer.composer import Composer
from desktop.ui.composer.state import Carry
from desktop.ui.composer_parts import Parts
from desktop.ui.stand_in_dialog import StandInDialog


class Carrying(QObject):
    """Does what is chosen at the chips."""

    def __init__(self, parts: Parts, composer: Composer, changed: Callable[[], object]) -> None:
        super().__init__(composer)
        self._parts = parts
        self._composer = composer
        self._changed = changed
        composer.chip_carry_chosen.connect(self._on_carried)
        composer.new_carry_chosen.connect(self._on_new)

    def leave_out(self, attachment_id: int) -> None:
        """Have an image go no more; it can be taken back."""
        self._set_left_out(attachment_id, left_out=True)
        image = self._image(attachment_id)
        self._parts.messages.say(
            _("{name} is left out from now on.").format(name=picture_name(image.image) if image else ""),
            action=_("Undo"),
            callback=lambda: self._set_left_out(attachment_id, left_out=False),
        )

    def _on_new(self, key: int, carry: str) -> None:
        self._parts.gallery.set_once(key, Carry(carry) is Carry.ONCE)
        self._changed()

    def _on_carried(self, attachment_id: int, carry: str) -> None:
        image, chosen = self._image(attachment_id), Carry(carry)
        if image is None:
            return
        if chosen is Carry.LEFT_OUT:
            self.leave_out(attachment_id)
        elif chosen is Carry.TEXT:
            self._replace_by_text(image)
        else:
            branches, here = self._parts.backend.branches, self._parts.conversation.current.id
            if image.stand_in:
                branches.set_stand_in(here, image.id, "")
            if image.left_out:
                self._set_left_out(image.id, left_out=False)
            if image.once is not (chosen is Carry.ONCE):
                branches.set_once(here, (image.id,), once=chosen is Carry.ONCE)

    def _replace_by_text(self, image: Attachment) -> None:
        conversation = self._parts.conversation.current
        dialog = StandInDialog(
            image,
            tokens=plan_carried(self._parts.choice.model, image).tokens,
            answer=answer_about(conversation, image),
            read=self._parts.backend.reading.read_sent,
            parent=self._composer.window(),
        )
        if dialog.exec() == QDialog.DialogCode.Accepted:
            branches = self._parts.backend.branches
            branches.set_stand_in(conversation.id, image.id, dialog.text())
            if image.once:
                # Its text would be left out, too, when the next answer ends.
                branches.set_once(conversation.id, (image.id,), once=False)
        dialog.deleteLater()

    def _image(self, attachment_id: int) -> Attachment | None:
        images = self._parts.conversation.current.attachments()
        return next((image for image in images if image.id == attachment_id), None)

    def _set_left_out(self, attachment_id: int, *, left_out: bool) -> None:
        here = self._parts.conversation.current.id
        self._parts.backend.history.set_left_out(here, (attachment_id,), left_out=left_out)


def answer_about(conversation: Conversation, image: Attachment) -> str:
    """What was answered to the question that brought an image; nothing that may not leave this computer."""
    messages = conversation.messages
    for question, answer in pairwise(messages):
        if image.id in {a.id for a in question.attachments} and answer.role is Role.ASSISTANT:
            return shared_text(answer)
    return ""

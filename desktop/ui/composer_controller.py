"""Joins what is at hand and the composer: chips, estimate, and the click on Ask."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QPixmap

from desktop.core.estimate import Estimate, estimate
from desktop.core.model import Conversation, Detail
from desktop.core.presets import PRESETS
from desktop.core.problem_text import sentence
from desktop.core.request import Question
from desktop.core.text import _
from desktop.tasks.backend import Backend
from desktop.ui import composing
from desktop.ui.choice import Choice
from desktop.ui.composer.composer import Composer
from desktop.ui.composer.state import ComposerState
from desktop.ui.conversation_state import ConversationState
from desktop.ui.drafts import Drafts
from desktop.ui.gallery_state import GalleryState
from desktop.ui.messages import Messages
from desktop.ui.next_question import NextQuestion, next_question
from desktop.ui.pictures import Pictures
from desktop.ui.uploads import Uploads


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What the composer's state is made of."""

    backend: Backend
    gallery: GalleryState
    conversation: ConversationState
    choice: Choice
    pictures: Pictures
    messages: Messages
    pixmap: Callable[[int], QPixmap | None]


class ComposerController(QObject):
    """Keeps the composer true, the draft stored, and asks.

    Signals:
        images_requested(): the user wants to choose files.
    """

    images_requested = Signal()

    def __init__(self, parts: Parts, composer: Composer) -> None:
        super().__init__(composer)
        self._parts = parts
        self._composer = composer
        self._uploads = Uploads(parts.backend.gallery, self._encode_ahead, self)
        self._drafts = Drafts(
            parts.backend.history,
            parts.gallery,
            parts.choice,
            composer,
            lambda: parts.conversation.current.id,
        )
        self._refresh_soon = QTimer(self, singleShot=True, interval=0)
        self._refresh_soon.timeout.connect(self._refresh)
        self._connect()

    def refresh(self, *_why: object) -> None:
        """Show everything again, once the events at hand are done."""
        self._refresh_soon.start()

    def load_draft(self, conversation: Conversation) -> None:
        """Bring a conversation's draft into the prompt box, the selector and the gallery."""
        self._drafts.load(conversation)
        self.refresh()

    def save_draft(self) -> None:
        """Store what is being written now."""
        self._drafts.save()

    def ask(self) -> None:
        """Ask what the composer shows, if it can be asked."""
        question = self._next().question
        why_not = self._why_not(question, self._estimate(question))
        if why_not:
            self._parts.messages.say(why_not)
            return
        self._drafts.clear()
        self._parts.conversation.ask(question)
        self.refresh()

    def ask_again(self, text: str) -> None:
        """Ask this text with the images that are carried; the draft stays as it is."""
        question = replace(self._next().question, text=text, images=())
        why_not = self._why_not(question, self._estimate(question))
        if why_not:
            self._parts.messages.say(why_not)
        else:
            self._parts.conversation.ask(question)
            self.refresh()

    def take_back(self, question: Question) -> None:
        """A question was never stored: put it back, unless something else is written or selected by now."""
        if not self._composer.text().strip():
            self._composer.set_text(question.text)
        if not self._parts.gallery.selection:
            asked = {new.image.source_id for new in question.images}
            entries = self._parts.gallery.entries.values()
            keys = [e.key for e in entries if e.facts and e.facts.source_id in asked]
            self._parts.gallery.select(keys)
            # It may be that one of them has changed: what is shown is what is sent.
            self._parts.gallery.inspect_again(keys)

    def use_high_for_rejected(self) -> None:
        """Lower the detail of the images that the model would refuse."""
        following = self._next()
        for place, _problem in self._estimate(following.question).rejected:
            self._parts.gallery.set_detail(following.entry_of(place).key, Detail.HIGH)
        self.refresh()

    def _connect(self) -> None:
        parts, composer = self._parts, self._composer
        for signal in (parts.gallery.pictured, parts.gallery.selected, parts.gallery.removed):
            signal.connect(self.refresh)
        parts.gallery.updated.connect(self._on_entry_updated)
        for signal in (parts.conversation.shown, parts.conversation.stored, parts.conversation.stopped):
            signal.connect(self.refresh)
        parts.conversation.finished.connect(self.refresh)
        parts.choice.changed.connect(self._on_changed)
        parts.backend.prices.loaded.connect(self.refresh)
        parts.backend.settings.changed.connect(self.refresh)
        parts.pictures.arrived.connect(self.refresh)
        self._uploads.changed.connect(self.refresh)
        composer.ask_requested.connect(self.ask)
        composer.text_changed.connect(self._on_changed)
        composer.chip_removed.connect(self._on_chip_removed)
        composer.chip_left_out.connect(self._on_chip_left_out)
        composer.chip_detail_chosen.connect(self._on_chip_detail)
        composer.detail_chosen.connect(self._on_detail)
        composer.preset_chosen.connect(self._on_preset)
        composer.images_requested.connect(self.images_requested)

    def on_selection(self, *_keys: object) -> None:
        """The selection was changed in the gallery."""
        self._on_changed()

    def _on_changed(self, *_why: object) -> None:
        self.refresh()
        self._drafts.save_soon()

    def _on_entry_updated(self, key: int) -> None:
        self.refresh()
        # An image counts in the draft once it is known, which may be long after it was selected.
        if key in self._parts.gallery.selection:
            self._drafts.save_soon()

    def _on_chip_removed(self, key: int) -> None:
        gallery = self._parts.gallery
        gallery.select(other for other in gallery.selection if other != key)
        self._on_changed()

    def _on_chip_left_out(self, attachment_id: int) -> None:
        self._set_left_out(attachment_id, left_out=True)
        name = next(
            (a.image.name for a in self._parts.conversation.current.attachments() if a.id == attachment_id),
            "",
        )
        self._parts.messages.say(
            _("{name} is left out from now on.").format(name=name),
            action=_("Undo"),
            callback=lambda: self._set_left_out(attachment_id, left_out=False),
        )

    def _set_left_out(self, attachment_id: int, *, left_out: bool) -> None:
        conversation_id = self._parts.conversation.current.id
        self._parts.backend.history.set_left_out(conversation_id, (attachment_id,), left_out=left_out)

    def _on_chip_detail(self, key: int, detail: Detail | None) -> None:
        self._parts.gallery.set_detail(key, detail)
        self._on_changed()

    def _on_detail(self, detail: str) -> None:
        self._parts.choice.use_detail(Detail(detail))

    def _on_preset(self, preset_id: str) -> None:
        preset = next(p for p in PRESETS if p.id == preset_id)
        self._composer.set_text(_(preset.prompt))
        self._composer.focus_prompt()

    def _next(self) -> NextQuestion:
        parts = self._parts
        return next_question(
            parts.conversation.current,
            self._composer.text().strip(),
            parts.gallery.usable_selection(),
            detail=parts.choice.detail,
            model=parts.choice.model.id,
        )

    def _estimate(self, question: Question, following: NextQuestion | None = None) -> Estimate:
        model = self._parts.choice.model
        sizes = self._uploads.sizes(following.new, model) if following else {}
        rates = self._parts.backend.prices.rates(model)
        return estimate(question, model=model, rates=rates, sent_bytes=sizes)

    def _why_not(self, question: Question, figures: Estimate) -> str:
        """Why Ask waits, in words; empty when it does not."""
        parts = self._parts
        if parts.conversation.is_answering:
            return _("Wait for the answer, or stop it.")
        if parts.gallery.is_selection_loading():
            return _("The selected images are still being looked at.")
        for _index, trouble in (*figures.rejected, *figures.carried_rejected):
            return sentence(trouble)
        if not question.images and not question.conversation.messages:
            return _("Select at least one image to ask about.")
        if not question.text:
            return _("Type a question first.")
        return ""

    def _refresh(self) -> None:
        parts = self._parts
        model = parts.choice.model
        following = self._next()
        question = following.question
        figures = self._estimate(question, following)
        why_not = self._why_not(question, figures)
        selected = bool(question.images) or bool(question.conversation.messages)
        self._composer.show_state(
            ComposerState(
                new=composing.new_chips(
                    following,
                    model=model,
                    detail=parts.choice.shown_detail(),
                    estimate=figures,
                    pixmap=parts.pixmap,
                ),
                carried=composing.carried_chips(
                    question.conversation.carried(), model=model, pixmap=self._carried_pixmap
                ),
                new_caption=composing.new_caption(figures, model=model),
                carried_caption=composing.carried_caption(
                    figures, model=model, rates=parts.backend.prices.rates(model)
                ),
                details=model.details,
                detail=parts.choice.shown_detail(),
                detail_tooltips=composing.detail_tooltips(model, composing.tokens_at(following, model=model)),
                estimate=composing.estimate_line(
                    figures, model=model, rates=parts.backend.prices.rates(model)
                ),
                can_ask=not why_not,
                # An empty composer is no mistake: only what hinders somebody who has begun is said aloud.
                why_not=why_not if question.text or (selected and figures.rejected) else "",
                answering=parts.conversation.is_answering,
                send_key=parts.backend.settings.current.send_key,
                presets=composing.preset_rows(on_device=parts.choice.on_device),
            )
        )
        self._uploads.encode_soon()

    def _carried_pixmap(self, attachment_id: int) -> QPixmap | None:
        attachments = self._parts.conversation.current.attachments()
        sent = next((a.sent for a in attachments if a.id == attachment_id), None)
        return self._parts.pictures.get(sent) if sent else None

    def _encode_ahead(self) -> None:
        if not self._parts.choice.on_device:
            self._uploads.encode(self._next().new, self._parts.choice.model)

"""Joins what is at hand and the composer: chips, estimate, draft, and the click on Ask."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QPixmap

from desktop.core.estimate import Estimate, estimate
from desktop.core.model import Conversation, Detail, Draft, DraftImage, SentImage
from desktop.core.planning import plan_image
from desktop.core.presets import PRESETS
from desktop.core.problem_text import sentence
from desktop.core.request import NewImage, Question, new_images
from desktop.core.text import _
from desktop.tasks.backend import Backend
from desktop.ui import composing
from desktop.ui.choice import Choice
from desktop.ui.composer.composer import Composer
from desktop.ui.composer.state import ComposerState
from desktop.ui.conversation_state import ConversationState
from desktop.ui.gallery_state import Entry, GalleryState
from desktop.ui.messages import Messages
from desktop.ui.pictures import Pictures

DRAFT_MS = 600
"""A draft is kept this long after the last keystroke."""
ENCODE_MS = 250
MAX_ENCODED_AHEAD = 24
"""So many selected images are encoded before asking, to tell the exact size of the upload."""


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
        self._sizes: dict[tuple[str, int, int], int] = {}
        self._encoding: set[tuple[str, int, int]] = set()
        self._refresh_soon = self._timer(0, self._refresh)
        self._draft_soon = self._timer(DRAFT_MS, self.save_draft)
        self._encode_soon = self._timer(ENCODE_MS, self._encode_ahead)
        self._loading = False
        self._restored = False
        self._connect()

    def refresh(self, *_why: object) -> None:
        """Show everything again, once the events at hand are done."""
        self._refresh_soon.start()

    def load_draft(self, conversation: Conversation) -> None:
        """Bring a conversation's draft into the prompt box, the selector and the gallery."""
        draft = conversation.draft
        self._loading = True
        # What was typed or dropped while the history was still being opened is not lost.
        typed = "" if self._restored else self._composer.text()
        self._composer.set_text("\n".join(part for part in (draft.text, typed) if part))
        self._parts.choice.use_detail(draft.detail)
        if self._restored:
            self._parts.gallery.select(())
        self._restored = True
        if typed:
            self._draft_soon.start()
        for image in draft.images:
            self._parts.gallery.want_detail(image.path, image.detail)
        if draft.images:
            self._parts.gallery.add([image.path for image in draft.images])
        self._loading = False
        self.refresh()

    def save_draft(self) -> None:
        """Store what is being written now; not before the draft that is stored was read."""
        self._draft_soon.stop()
        if not self._restored:
            return
        parts = self._parts
        draft = Draft(
            text=self._composer.text(),
            images=tuple(
                DraftImage(path=entry.path, sha256=entry.facts.sha256, detail=entry.detail)
                for entry in parts.gallery.usable_selection()
                if entry.facts
            ),
            detail=parts.choice.detail,
            model=parts.choice.model.id,
        )
        parts.backend.history.save_draft(parts.conversation.current.id, draft)

    def ask(self) -> None:
        """Ask what the composer shows, if it can be asked."""
        question = self._question()
        why_not = self._why_not(question, self._estimate(question))
        if why_not:
            self._parts.messages.say(why_not)
            return
        self._draft_soon.stop()
        self._loading = True
        self._composer.set_text("")
        self._parts.gallery.select(())
        self._loading = False
        self._parts.conversation.ask(question)
        self.refresh()

    def ask_again(self, text: str) -> None:
        """Ask this text with the images that are carried; the draft stays as it is."""
        question = replace(self._question(), text=text, images=())
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
            hashes = {new.image.sha256 for new in question.images}
            entries = self._parts.gallery.entries.values()
            keys = [e.key for e in entries if e.facts and e.facts.sha256 in hashes]
            self._parts.gallery.select(keys)
            # It may be that one of them has changed: what is shown is what is sent.
            self._parts.gallery.inspect_again(keys)

    def use_high_for_rejected(self) -> None:
        """Lower the detail of the images that the model would refuse."""
        entries = self._parts.gallery.usable_selection()
        for index, _problem in self._estimate(self._question()).rejected:
            self._parts.gallery.set_detail(entries[index].key, Detail.HIGH)
        self.refresh()

    def _timer(self, milliseconds: int, then: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(milliseconds)
        timer.timeout.connect(then)
        return timer

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
        if not self._loading:
            self._draft_soon.start()

    def _on_entry_updated(self, key: int) -> None:
        self.refresh()
        # An image counts in the draft once it is known, which may be long after it was selected.
        if not self._loading and key in self._parts.gallery.selection:
            self._draft_soon.start()

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

    def _stored(self) -> Conversation:
        """What a question goes on with. A question that was never stored is only shown, and not carried."""
        current = self._parts.conversation.current
        return replace(current, messages=tuple(message for message in current.messages if message.id))

    def _entries(self) -> list[Entry]:
        """The selected entries that would be sent: in the order of `core.request.new_images`."""
        carried = {a.image.sha256 for a in self._stored().carried()}
        kept: dict[str, Entry] = {}
        for entry in self._parts.gallery.usable_selection():
            if entry.facts and entry.facts.sha256 not in carried:
                kept.setdefault(entry.facts.sha256, entry)
        return list(kept.values())

    def _question(self) -> Question:
        parts = self._parts
        return Question(
            conversation=self._stored(),
            text=self._composer.text().strip(),
            images=tuple(
                NewImage(image=entry.facts, detail=entry.detail or parts.choice.detail)
                for entry in self._entries()
                if entry.facts
            ),
            model=parts.choice.model.id,
        )

    def _estimate(self, question: Question) -> Estimate:
        model = self._parts.choice.model
        rates = self._parts.backend.prices.rates(model)
        return estimate(question, model=model, rates=rates, sent_bytes=self._sent_sizes(question))

    def _sent_sizes(self, question: Question) -> Mapping[str, int]:
        model = self._parts.choice.model
        sizes = {}
        for new in new_images(question):
            plan = plan_image(model, new.image.width_px, new.image.height_px, new.detail)
            size = self._sizes.get((new.image.sha256, plan.width_px, plan.height_px))
            if size is not None:
                sizes[new.key] = size
        return sizes

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
        question = self._question()
        figures = self._estimate(question)
        why_not = self._why_not(question, figures)
        selected = bool(question.images) or bool(question.conversation.messages)
        self._composer.show_state(
            ComposerState(
                new=composing.new_chips(
                    self._entries(),
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
                detail_tooltips=composing.detail_tooltips(model, self._tokens_at(model.details)),
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
        self._encode_soon.start()

    def _tokens_at(self, details: tuple[Detail, ...]) -> dict[Detail, int | None]:
        totals: dict[Detail, int | None] = {}
        following = [entry.facts for entry in self._entries() if entry.facts and entry.detail is None]
        for level in details:
            plans = [plan_image(self._parts.choice.model, f.width_px, f.height_px, level) for f in following]
            known = [plan.tokens for plan in plans if plan.tokens is not None]
            totals[level] = sum(known) if len(known) == len(plans) else None
        return totals

    def _carried_pixmap(self, sha256: str) -> QPixmap | None:
        sent = next(
            (a.sent for a in self._parts.conversation.current.attachments() if a.image.sha256 == sha256), None
        )
        return self._parts.pictures.get(sent) if sent else None

    def _encode_ahead(self) -> None:
        parts = self._parts
        model = parts.choice.model
        if parts.choice.on_device:
            return
        for new in new_images(self._question())[:MAX_ENCODED_AHEAD]:
            plan = plan_image(model, new.image.width_px, new.image.height_px, new.detail)
            key = (new.image.sha256, plan.width_px, plan.height_px)
            if plan.rejected is None and key not in self._encoding:
                self._encoding.add(key)
                parts.backend.gallery.encode(
                    new.image,
                    (plan.width_px, plan.height_px),
                    lossless=False,
                    succeeded=partial(self._on_encoded, key),
                )

    def _on_encoded(self, key: tuple[str, int, int], sent: SentImage) -> None:
        self._sizes[key] = sent.size_bytes
        self.refresh()

"""Joins what is at hand and the composer: chips, estimate, findings, and the click on Ask."""

from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QPixmap

from desktop.core.model import Conversation, Detail
from desktop.core.problem_text import sentence
from desktop.core.problems import Code, Problem, problem
from desktop.core.request import CodeLanguage, Question
from desktop.core.text import _
from desktop.ui import composing
from desktop.ui.budget_guard import BudgetGuard
from desktop.ui.carrying import Carrying
from desktop.ui.code_copying import CodeCopying
from desktop.ui.composer.composer import Composer
from desktop.ui.composer.state import FOLD_ABOVE, MOST_CHIPS, ComposerState, FindingLine
from desktop.ui.composer_parts import ComposerShare, Judged, Parts, judged, why_not
from desktop.ui.drafts import Drafts
from desktop.ui.exact_count import ExactCount
from desktop.ui.fixes import apply_fix
from desktop.ui.gallery_state import Entry
from desktop.ui.next_question import NextQuestion, bare, moved, next_question
from desktop.ui.prompt_filling import PromptFilling
from desktop.ui.prompt_hints import PromptHints
from desktop.ui.prompts_controller import PromptsController
from desktop.ui.question_editing import QuestionEditing
from desktop.ui.refused_images import set_aside, shrunk_again, shrunk_entries
from desktop.ui.uploads import Uploads

__all__ = ["ComposerController", "Parts"]


class ComposerController(QObject):
    """Keeps the composer true, the draft stored, and asks.

    Signals:
        images_requested(): the user wants to choose files.
        model_chosen(str): the user wants another model, which takes what this one refuses.
        image_opened(int): the user wants to see a new image large; its key in the gallery.
        attachment_opened(int): the user wants to see a carried image large; its id.
    """

    images_requested = Signal()
    model_chosen = Signal(str)
    image_opened = Signal(int)
    attachment_opened = Signal(int)

    def __init__(self, parts: Parts, composer: Composer) -> None:
        super().__init__(composer)
        self._parts = parts
        self._composer = composer
        self._shown: Judged | None = None
        self._count_at_hand = 0
        self._levels: tuple[object, dict[Detail, int | None]] | None = None
        self._uploads = Uploads(parts.backend.gallery, self._encode_ahead, self)
        self._count = ExactCount(parts.backend, parts.messages, self)
        self._hints = PromptHints(parts.backend.settings, self)
        self._filling = PromptFilling(parts.backend.reading, self)
        self._prompts = PromptsController(parts, composer, self._filling, self._next)
        self._guard = BudgetGuard(parts.backend, parts.messages, composer)
        self._code = CodeCopying(parts.backend, parts.messages)
        self._drafts = Drafts(
            parts.backend.history,
            parts.gallery,
            parts.choice,
            composer,
            lambda: parts.conversation.current,
            parts.messages,
        )
        self._carrying = Carrying(parts, composer, self._on_changed)
        self.editing = QuestionEditing(parts, composer, self._drafts, self.refresh)
        self._refresh_soon = QTimer(self, singleShot=True, interval=0)
        self._refresh_soon.timeout.connect(self._refresh)
        self._connect_state()
        self._connect_composer()

    def refresh(self, *_why: object) -> None:
        """Show everything again, once the events at hand are done."""
        self._refresh_soon.start()

    def load_draft(self, conversation: Conversation) -> None:
        """Bring a conversation's draft into the prompt box, the selector and the gallery."""
        self._drafts.load(conversation)
        self.refresh()

    def save_draft(self, *, ends: bool = False) -> None:
        """Store what is being written, for good if the window ``ends``; a question being changed stays."""
        self.editing.leave()
        (self._drafts.finish if ends else self._drafts.save)()

    def ask(self) -> None:
        """Ask what the composer shows, if it can be asked."""
        at_hand, typed = self._judged_at_hand(), self._composer.text().strip()
        if at_hand.why_not:
            self._parts.messages.say(at_hand.why_not)
        elif self._asked(
            following := self._next(),
            then=self.editing.leave if self.editing.current else self._drafts.clear,
        ):
            self._filling.remember(following.question.text, typed)
            self.refresh()

    def share(self) -> ComposerShare:
        """What it lends to a comparison of several models."""
        question = self._next().question
        return ComposerShare(
            question=question,
            why_not=why_not(self._parts, question),
            clear=self.editing.leave if self.editing.current else self._drafts.clear,
            sizes=self._uploads.sizes,
            guard=self._guard,
        )

    def ask_again(self, text: str) -> None:
        """Ask this text with the images that are carried; the draft stays as it is."""
        self.ask_question(self._next_with(text, ()).question)

    def ask_question(self, question: Question) -> None:
        """Ask this, whose images are in no entry; the draft stays as it is."""
        if self._asked(bare(question)):
            # The button that asked is gone with its answer; the keyboard must be somewhere.
            self._composer.focus_prompt()
            self.refresh()

    def shrink_and_ask_again(self) -> None:
        """Ask the last question again with the images that the server refused made smaller."""
        parts = self._parts
        current = parts.conversation.current
        refused = parts.conversation.refused or set_aside(current)
        question = shrunk_again(current, refused, model=parts.choice.model.id)
        if question is None:
            parts.messages.say(_("These images cannot be made smaller. Ask without them."))
            return
        for key, edits in list(shrunk_entries(parts.gallery.entries.values(), refused, question)):
            parts.gallery.set_edits(key, edits)
        if self._asked(bare(question)):
            self._composer.focus_prompt()
            self.refresh()

    def take_back(self, question: Question) -> None:
        """A question was never stored: put it back, unless something else is written or selected by now."""
        if not self._composer.text().strip():
            self._composer.set_text(self._filling.unfilled(question.text))
        if not self._parts.gallery.selection:
            asked = {new.image.source_id for new in question.images}
            entries = self._parts.gallery.entries.values()
            keys = [e.key for e in entries if e.facts and e.facts.source_id in asked]
            self._parts.gallery.select(keys)
            # It may be that one of them has changed: what is shown is what is sent.
            self._parts.gallery.inspect_again(keys)
        messages = self._parts.conversation.current.messages
        trouble = messages[-1].problem if messages else None
        if trouble is not None and trouble.code is Code.BUDGET_REACHED and question.comparison is None:
            # Not within the signal that tells the end: the dialog has events of its own.
            QTimer.singleShot(0, self, lambda: self._insist(question, trouble))

    def _insist(self, question: Question, trouble: Problem) -> None:
        if self._guard.confirmed_after(trouble):
            self._drafts.clear()
            self._parts.conversation.ask(replace(question, over_budget=True))
            self.refresh()

    def use_high_for_rejected(self) -> None:
        """Lower the detail of the images that the model would refuse."""
        following = self._next()
        for place, _problem in self._judged(following).figures.rejected:
            self._parts.gallery.set_detail(following.entry_of(place).key, Detail.HIGH)
        self.refresh()

    def _connect_state(self) -> None:
        parts = self._parts
        parts.gallery.updated.connect(self._on_entries_updated)
        parts.gallery.pictured.connect(self._on_pictured)
        parts.choice.changed.connect(self._on_changed)
        for signal in (
            parts.gallery.selected,
            parts.gallery.removed,
            parts.conversation.shown,
            parts.conversation.began,
            parts.conversation.stored,
            parts.conversation.stopped,
            parts.conversation.finished,
            parts.backend.prices.loaded,
            parts.backend.spending.learned_changed,
            parts.backend.settings.changed,
            parts.pictures.arrived,
            self._uploads.changed,
            self._count.changed,
            self._hints.changed,
            self._filling.changed,
            self._prompts.changed,
        ):
            signal.connect(self.refresh)

    def _connect_composer(self) -> None:
        composer = self._composer
        composer.ask_requested.connect(self.ask)
        composer.text_changed.connect(self._on_changed)
        composer.chip_removed.connect(self._on_chip_removed)
        composer.chip_left_out.connect(self._on_chip_left_out)
        composer.chip_detail_chosen.connect(self._on_chip_detail)
        composer.chip_opened.connect(self.image_opened)
        composer.carried_opened.connect(self.attachment_opened)
        composer.part_removed.connect(self._on_part_removed)
        composer.chip_moved.connect(self._on_chip_moved)
        composer.chip_link_chosen.connect(self._parts.gallery.set_as_link)
        composer.detail_chosen.connect(self._on_detail)
        composer.images_requested.connect(self.images_requested)
        composer.fix_chosen.connect(self._on_fix)
        composer.hint_dismissed.connect(self._hints.dismiss)
        composer.count_requested.connect(self._on_count)
        composer.code_requested.connect(self._on_code)

    def on_selection(self, *_keys: object) -> None:
        """The selection was changed in the gallery."""
        self._on_changed()

    def _on_changed(self, *_why: object) -> None:
        self.refresh()
        self._drafts.save_soon()

    def _on_entries_updated(self, keys: list[int]) -> None:
        # An image counts in the draft once it is known, which may be long after it was selected. Thousands of
        # others become known meanwhile.
        if any(map(self._parts.gallery.is_selected, keys)):
            self._on_changed()

    def _on_pictured(self, key: int, _pixmap: object) -> None:
        if self._parts.gallery.is_selected(key):
            self.refresh()

    def _on_chip_removed(self, key: int) -> None:
        gallery = self._parts.gallery
        gallery.select(other for other in gallery.selection if other != key)
        self._on_changed()

    def _on_chip_left_out(self, attachment_id: int) -> None:
        if not self.editing.drop(attachment_id):
            self._carrying.leave_out(attachment_id)

    def _on_chip_detail(self, key: int, detail: Detail | None) -> None:
        self._parts.gallery.set_detail(key, detail)
        self._on_changed()

    def _on_detail(self, detail: str) -> None:
        self._parts.choice.use_detail(Detail(detail))

    def _on_chip_moved(self, key: int, steps: int) -> None:
        """The order of the chips is that of the selection, and of the badges in the gallery."""
        gallery = self._parts.gallery
        shown = [entry.key for entry in self._next().entries]
        if key in shown:
            gallery.select(moved(gallery.selection, shown, key, steps))
            self._on_changed()

    def _on_part_removed(self, key: int) -> None:
        gallery = self._parts.gallery
        gallery.set_edits(key, replace(gallery.entries[key].edits, region=None))

    def _on_fix(self, finding: int, fix: int) -> None:
        shown = self._shown
        if shown is None or finding >= len(shown.findings) or fix >= len(shown.findings[finding].fixes):
            return
        chosen = shown.findings[finding].fixes[fix]
        apply_fix(self._parts, shown.following, chosen, choose_model=self.model_chosen.emit)
        self._on_changed()

    def _on_count(self) -> None:
        self._count.toggle(self._next().question)

    def _on_code(self, language: str) -> None:
        self._code.copy_question(self._next().question, CodeLanguage(language))

    def _next(self) -> NextQuestion:
        return self._next_about(self._parts.gallery.usable_selection())

    def _next_about(self, entries: Sequence[Entry]) -> NextQuestion:
        """What is in the box about these, its variables filled."""
        return self._filling.filled(self._next_with(self._composer.text().strip(), entries))

    def _next_with(self, text: str, entries: Sequence[Entry]) -> NextQuestion:
        choice = self._parts.choice
        return next_question(
            self._parts.conversation.current,
            text,
            entries,
            detail=choice.detail,
            model=choice.model.id,
            editing=self.editing.current,
            once=self._parts.backend.settings.current.carry == "once",
        )

    def _judged(self, following: NextQuestion) -> Judged:
        return judged(self._parts, following, self._uploads)

    def _asked(self, following: NextQuestion, *, then: Callable[[], object] | None = None) -> bool:
        """Ask, or say why not; ``then`` is done just before."""
        why_not = self._judged(following).why_not
        if why_not:
            self._parts.messages.say(why_not)
            return False
        question = self._guard.passed(following.question, self._parts.choice.model)
        if question is None:
            return False
        if then is not None:
            then()
        self._parts.conversation.ask(question)
        return True

    def _refresh(self) -> None:
        self._shown = self._judged_at_hand()
        self._want_pictures(self._shown.following)
        self._composer.show_state(self._state(self._shown))
        self._uploads.encode_soon()

    def _judged_at_hand(self) -> Judged:
        """What the composer shows. Of more images than any request holds only the first are looked at."""
        parts, entries = self._parts, self._parts.gallery.usable_selection()
        self._count_at_hand = len(entries)
        limit = parts.backend.limits(parts.choice.model).images
        if len(entries) <= limit:
            return self._filling.judged(self._judged(self._next()), self._composer.text())
        shown = self._judged(self._next_about(entries[:MOST_CHIPS]))
        if parts.choice.on_device:
            return shown
        count = len(entries) + len(parts.conversation.current.carried())
        said = sentence(problem(Code.TOO_MANY_IMAGES, count=count, limit=limit))
        return replace(shown, why_not=said, lines=(FindingLine(text=said),), findings=())

    def _want_pictures(self, following: NextQuestion) -> None:
        """A chip has a picture, also where the gallery does not show its image."""
        keys = [entry.key for entry in following.entries[:FOLD_ABOVE]]
        self._parts.gallery.want_pictures([key for key in keys if self._parts.pixmap(key) is None])

    def _state(self, shown: Judged) -> ComposerState:
        parts, question, figures = self._parts, shown.following.question, shown.figures
        model, detail, on_device = parts.choice.model, parts.choice.shown_detail(), parts.choice.on_device
        rates, learned = parts.backend.prices.rates(model), parts.backend.spending.learned(model)
        counting, counted = self._count.state(question, model)
        has_images = bool(question.images or question.carried())
        return ComposerState(
            more=max(0, self._count_at_hand - MOST_CHIPS),
            new=composing.new_chips(
                shown.following,
                model=model,
                detail=detail,
                estimate=figures,
                learned=learned,
                pixmap=parts.pixmap,
                takes_links=not on_device and parts.backend.provider(model).takes_urls,
            ),
            carried=composing.carried_chips(
                question, model=model, estimate=figures, pixmap=self._carried_pixmap, learned=learned
            ),
            left_out=composing.left_out_chips(question.conversation, pixmap=self._carried_pixmap),
            editing=self.editing.words(),
            new_caption=composing.new_caption(figures, model=model),
            carried_caption=composing.carried_caption(figures, model=model, rates=rates),
            details=model.details,
            detail=detail,
            detail_tooltips=composing.detail_tooltips(model, self._tokens_at(shown.following)),
            estimate=composing.estimate_line(figures, model=model, rates=rates, learned=learned),
            can_ask=not shown.why_not,
            # An empty composer is no mistake: only what hinders somebody who has begun is said aloud.
            why_not=shown.why_not if question.text or shown.lines else "",
            answering=parts.conversation.is_answering,
            send_key=parts.backend.settings.current.send_key,
            presets=self._prompts.items(),
            filling=self._filling.line(),
            findings=shown.lines,
            hint=self._hints.hint(self._composer.text().strip(), model) if has_images else None,
            counting=counting,
            counted=counted,
            can_copy=not on_device and bool(question.text),
            can_compare=bool(question.text),
        )

    def _tokens_at(self, following: NextQuestion) -> dict[Detail, int | None]:
        """Remembered while the images are the same: all levels are planned, and typing changes none."""
        model = self._parts.choice.model
        about = model, following.question.images, following.entries
        if self._levels is None or self._levels[0] != about:
            self._levels = about, composing.tokens_at(following, model=model)
        return self._levels[1]

    def _carried_pixmap(self, attachment_id: int) -> QPixmap | None:
        attachments = self._parts.conversation.current.attachments()
        sent = next((a.sent for a in attachments if a.id == attachment_id), None)
        return self._parts.pictures.get(sent) if sent else None

    def _encode_ahead(self) -> None:
        if not self._parts.choice.on_device and self._shown is not None:
            self._uploads.encode(self._shown.following.new, self._parts.choice.model)

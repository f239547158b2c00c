"""Comparing: from the composer's question to the chooser, the page, and the answer that is kept."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QKeySequence, QPixmap
from PySide6.QtWidgets import QStackedWidget, QWidget

from desktop.core.catalog import effective_detail
from desktop.core.comparing import asked_before, best_of, comparison_in, detail_of, suggested
from desktop.core.model import Attachment, Conversation, Detail, Message, Role, Side
from desktop.core.pairs import Pair
from desktop.core.problem_text import Remedy
from desktop.core.request import Question, new_images
from desktop.core.text import _
from desktop.core.word_diff import Difference
from desktop.ui.budget_guard import BudgetGuard
from desktop.ui.compare.chooser import CompareDialog
from desktop.ui.compare.judging import Judging
from desktop.ui.compare.page import ComparePage
from desktop.ui.compare.state import SideState
from desktop.ui.comparing import Comparisons, LiveComparison
from desktop.ui.composer.state import detail_name
from desktop.ui.composer_controller import ComposerController
from desktop.ui.composer_parts import ComposerShare, Parts
from desktop.ui.conversation_controller import ConversationController
from desktop.ui.links import open_link
from desktop.ui.model_rows import model_name, model_rows
from desktop.ui.window_keys import add_shortcuts
from desktop.ui.window_parts import WindowParts


class CompareController(QObject):
    """Keeps the comparison page true, and decides when it is seen."""

    def __init__(
        self,
        parts: Parts,
        page: ComparePage,
        pages: QStackedWidget,
        *,
        usual: Callable[[], QWidget],
        share: Callable[[], ComposerShare],
        act: Callable[[Remedy], object],
    ) -> None:
        """Join the page, which is one of ``pages``, with what is at hand.

        Args:
            parts: what is at hand.
            page: shows a comparison.
            pages: it and what it takes turns with.
            usual: which of them shows the conversation at hand.
            share: what the composer lends.
            act: does what a problem offers.
        """
        super().__init__(page)
        self._backend, self._state, self._choice = parts.backend, parts.conversation, parts.choice
        self._pictures, self._messages = parts.pictures, parts.messages
        self._usual = usual
        self._share = share
        self._act = act
        self._page = page
        self._pages = pages
        self._comparisons = Comparisons(self._backend, self._state, self)
        self._live: LiveComparison | None = None
        self._stored: tuple[Side, ...] = ()
        self._conversation_id = 0
        self._open = False
        self._connect()

    @property
    def is_open(self) -> bool:
        """Whether the page is shown."""
        return self._open

    def choose(self) -> None:
        """Let one choose whom to put the composer's question to."""
        share = self._share()
        if share.why_not:
            self._messages.say(share.why_not)
        else:
            self.choose_for(share.question, then=share.clear)

    def choose_again(self, question_id: int) -> None:
        """The same for a stored question of the branch at hand, with the images that it brought."""
        current = self._state.current
        question = next((m for m in current.messages if m.id == question_id and m.role is Role.USER), None)
        if self._state.is_answering:
            self._messages.say(_("Wait for the answer, or stop it."))
        elif question is not None and question_id:
            self.choose_for(asked_before(current, question, model=self._choice.model.id))

    def choose_for(self, question: Question, *, then: Callable[[], object] | None = None) -> CompareDialog:
        """Let one choose whom to put ``question`` to; ``then`` is done just before it is asked."""
        share = self._share()
        judging = Judging(backend=self._backend, question=question, sizes=share.sizes)
        chosen = Pair(self._choice.model.id, _detail_at_hand(question, self._choice.detail))
        offered = self._backend.catalog.offered(datetime.now(UTC).date())
        pairs = suggested(chosen, offered, self._backend.settings.current.compared)
        dialog = CompareDialog(
            pairs, models=model_rows(self._backend), judge=judging.state, parent=self._pages.window()
        )
        dialog.chosen.connect(lambda chosen: self._on_chosen(judging, share.guard, chosen, then))
        for signal in (self._backend.prices.loaded, self._backend.spending.learned_changed):
            signal.connect(dialog.judge_again)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()
        return dialog

    def open(self, conversation: Conversation, number: int) -> None:
        """Show a comparison of a conversation again, by its number: running or as it is stored."""
        live = self._comparisons.find(conversation.id, number)
        sides = comparison_in(conversation, number)
        if live is not None:
            self._show_live(live)
        elif sides:
            self._live, self._stored, self._conversation_id = None, sides, conversation.id
            self._page.show_sides(sides[0].question, self._sides())
            self._enter()

    def others(self, conversation: Conversation, question: Message) -> int:
        """With how many others a question of a conversation is compared; 0 if it is not."""
        number = question.comparison
        if number is None or not conversation.id:
            return 0
        live = self._comparisons.find(conversation.id, number)
        sides = live.sides if live is not None else comparison_in(conversation, number)
        return max(len(sides) - 1, 0)

    def leave(self) -> bool:
        """Show the conversation again; tells whether it was hidden by the page."""
        was_open = self._close()
        if was_open and self._conversation_id and self._live is not None:
            # What is at hand was read when only one of the sides was there.
            self._backend.history.read(self._conversation_id, self._on_read)
        return was_open

    def escape(self) -> bool:
        """Stop what is running on the page, or else leave it; tells whether there was something to do."""
        if self._open and self._live is not None and any(s.is_running for s in self._live.sides):
            self._comparisons.stop_all(self._live)
            return True
        return self.leave()

    def covers(self, conversation: Conversation) -> bool:
        """Whether the page is seen instead of ``conversation``, which is at hand."""
        if not self._open or not conversation.messages:
            return False
        live, end = self._state.live, conversation.messages[-1].id
        running = [side.running for side in self._live.sides] if self._live else []
        if live is not None and live.running in running:
            return True
        return bool(end) and end in [answer.id for answer in self._answers()]

    def _connect(self) -> None:
        state, page, comparisons = self._state, self._page, self._comparisons
        state.shown.connect(self._on_shown)
        state.began.connect(self._on_began)
        comparisons.changed.connect(self._on_changed)
        comparisons.grew.connect(self._on_grew)
        comparisons.prepared.connect(self._on_prepared)
        comparisons.retrying.connect(self._on_retrying)
        comparisons.stored.connect(self._on_stored)
        comparisons.over_budget.connect(self._on_over_budget)
        page.bar.back_requested.connect(self.leave)
        page.bar.stop_all_requested.connect(self.escape)
        page.stop_requested.connect(self._on_stop)
        page.continue_requested.connect(self._on_continue)
        page.difference_wanted.connect(self._on_difference_wanted)
        page.link_clicked.connect(self._on_link)
        page.remedy_requested.connect(lambda name: self._act(Remedy(name)))
        page.question.thumbnails_needed.connect(self._on_thumbnails_needed)
        self._pictures.arrived.connect(page.question.set_thumbnail)

    def _on_chosen(
        self,
        judging: Judging,
        guard: BudgetGuard,
        pairs: tuple[Pair, ...],
        then: Callable[[], object] | None,
    ) -> None:
        settings = self._backend.settings
        settings.change(replace(settings.current, compared=pairs))
        sides = judging.sides(pairs)
        models = [self._backend.catalog.model(pair.model) for pair in pairs]
        asked = guard.passed_all(
            [side.question for side in sides], models, [side.figures.cost_usd for side in sides]
        )
        if asked:
            if then is not None:
                then()
            self._ask(asked)

    def _ask(self, questions: Sequence[Question]) -> None:
        live = self._comparisons.prepare(questions, _shown_question(questions[0]))
        self._show_live(live)
        self._comparisons.start(live)

    def _show_live(self, live: LiveComparison) -> None:
        self._live, self._stored, self._conversation_id = live, (), live.conversation_id
        self._page.show_sides(live.question, self._sides())
        for place, side in enumerate(live.sides):
            if side.is_running and side.retrying is not None:
                self._page.columns[place].retrying(side.retrying)
            elif side.is_running and not side.text and side.prepared[1]:
                self._page.columns[place].preparing(*side.prepared)
        self._enter()

    def _close(self) -> bool:
        was_open, self._open = self._open, False
        self._backend.differing.give_up()
        if was_open:
            self._pages.setCurrentWidget(self._usual())
            self._usual().setFocus()
        return was_open

    def _enter(self) -> None:
        self._open = True
        self._pages.setCurrentWidget(self._page)
        self._page.columns[0].area.setFocus()

    def _answers(self) -> list[Message]:
        if self._live is not None:
            return [side.shown for side in self._live.sides]
        return [side.answer for side in self._stored]

    def _details(self) -> list[Detail | None]:
        if self._live is not None:
            return [side.detail for side in self._live.sides]
        return [detail_of(side.question) for side in self._stored]

    def _sides(self) -> tuple[SideState, ...]:
        answers = self._answers()
        best = best_of(answers)
        at_hand = {message.id for message in self._state.current.messages if message.id}
        return tuple(
            SideState(
                name=model_name(answer.model or ""),
                detail=self._detail_words(answer.model, detail),
                answer=answer,
                at_hand=answer.id in at_hand,
                stored=bool(answer.id),
                cheapest=place in best.cheapest,
                fastest=place in best.fastest,
            )
            for place, (answer, detail) in enumerate(zip(answers, self._details(), strict=True))
        )

    def _detail_words(self, model: str | None, detail: Detail | None) -> str:
        """The level that was really used; empty where there are none, or no images."""
        used = effective_detail(self._backend.catalog.model(model or ""), detail) if detail else None
        return detail_name(used) if used else ""

    def _show_sides(self, *places: int) -> None:
        sides = self._sides()
        for place in places:
            self._page.show_side(place, sides[place])

    def _on_shown(self, conversation: Conversation) -> None:
        """Another conversation is at hand: its running comparison is what is seen of it."""
        live = self._comparisons.find(conversation.id)
        if live is not None and (live is not self._live or not self._open):
            self._open = False
            self._show_live(live)
        elif not self.covers(conversation):
            self._open = False

    def _on_began(self, conversation: Conversation) -> None:
        if self._open and not self.covers(conversation):
            self._open = False

    def _on_changed(self, live: LiveComparison, place: int) -> None:
        if live is self._live:
            ended = not any(side.is_running for side in live.sides)
            # Which one was best is known, and said at each, when all have ended.
            self._show_sides(*(range(len(live.sides)) if ended else (place,)))

    def _on_grew(self, live: LiveComparison, place: int, text: str) -> None:
        if live is self._live:
            self._page.columns[place].append(text)

    def _on_prepared(self, live: LiveComparison, place: int, done: int, total: int) -> None:
        if live is self._live:
            self._page.columns[place].preparing(done, total)

    def _on_retrying(self, live: LiveComparison, place: int, event: object) -> None:
        if live is self._live:
            self._page.columns[place].retrying(event)  # type: ignore[arg-type]

    def _on_stored(self, live: LiveComparison) -> None:
        if live is self._live:
            self._conversation_id = live.conversation_id
            self._page.question.show_question(live.question)

    def _on_over_budget(self, live: LiveComparison) -> None:
        trouble = live.sides[0].answer.problem
        questions = live.running.questions if live.running is not None else ()
        if trouble is not None and questions:
            # Not within the signal that tells the end: the dialog has events of its own.
            QTimer.singleShot(0, self, partial(self._insist, questions, trouble))

    def _insist(self, questions: Sequence[Question], trouble: object) -> None:
        share = self._share()
        if share.guard.confirmed_after(trouble):  # type: ignore[arg-type]
            share.clear()
            self._ask([replace(question, over_budget=True) for question in questions])

    def _on_stop(self, place: int) -> None:
        if self._live is not None:
            self._comparisons.stop(self._live, place)

    def _on_continue(self, place: int) -> None:
        answer = self._answers()[place]
        if any(message.id == answer.id for message in self._state.current.messages):
            self.leave()
        elif answer.id:
            self._close()
            self._backend.history.show_version(self._conversation_id, answer.id, self._on_version_shown)

    def _on_version_shown(self, conversation: Conversation) -> None:
        if conversation.id == self._state.current.id:
            self._state.show(conversation)

    def _on_read(self, conversation: Conversation) -> None:
        if self._state.live is None and not self._open:
            self._on_version_shown(conversation)

    def _on_difference_wanted(self, first: int, second: int) -> None:
        texts = [column.text for column in self._page.columns]
        if 0 <= first < len(texts) and 0 <= second < len(texts):
            self._backend.differing.compare(
                texts[first], texts[second], self._on_difference, self._messages.show
            )

    def _on_difference(self, difference: Difference) -> None:
        self._page.differences.show_difference(difference)

    def _on_link(self, url: str) -> None:
        open_link(self._pages.window(), url)

    def _on_thumbnails_needed(self, attachments: Sequence[Attachment]) -> None:
        for attachment in attachments:
            if attachment.sent is not None:
                pixmap: QPixmap | None = self._pictures.get(attachment.sent)
                if pixmap is not None:
                    self._page.question.set_thumbnail(attachment.sent.sha256, pixmap)


def _detail_at_hand(question: Question, chosen: Detail) -> Detail:
    """That of the question's images where they all have one; else the selector's."""
    details = {image.detail for image in question.images}
    return details.pop() if len(details) == 1 else chosen


def _shown_question(question: Question) -> Message:
    """The question as it will be, for the time until the store has it."""
    return Message(
        role=Role.USER,
        text=question.text,
        created_at=datetime.now(UTC),
        model=question.model,
        attachments=(
            *question.kept,
            *(
                Attachment(image=new.image, detail=new.detail, edits=new.edits)
                for new in new_images(question)
            ),
        ),
    )


def join_comparing(
    parts: Parts,
    window: WindowParts,
    *,
    composer: ComposerController,
    conversation: ConversationController,
    act: Callable[[Remedy], object],
) -> CompareController:
    """Make the controller and join it with the window; the conversation yields to it."""

    def usual() -> QWidget:
        return window.transcript if parts.conversation.current.messages else window.empty

    made = CompareController(parts, window.compare, window.pages, usual=usual, share=composer.share, act=act)
    conversation.is_covered = made.covers
    window.composer.compare_requested.connect(made.choose)
    keys = (QKeySequence("Ctrl+Shift+Return"), QKeySequence("Ctrl+Shift+Enter"))
    add_shortcuts(window.pages, tuple((key, made.choose) for key in keys))
    return made

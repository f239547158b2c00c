"""One answer: who answers, what it is doing, its text, why it ended, what it did cost."""

from collections.abc import Sequence
from datetime import UTC, datetime
from time import monotonic

from PySide6.QtCore import QEvent, QTimer, Signal
from PySide6.QtGui import QEnterEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.events import Retrying
from desktop.core.model import ON_DEVICE, AnswerState, Attachment, Message
from desktop.core.problem_text import Remedy
from desktop.core.text import _, marked, printable
from desktop.ui import theme
from desktop.ui.conversation.answer_actions import MoreActions
from desktop.ui.conversation.answer_view import AnswerText
from desktop.ui.conversation.footer import Footer
from desktop.ui.conversation.leaves import Leaf
from desktop.ui.conversation.problem_box import Mark, ProblemBox
from desktop.ui.conversation.progress import Progress
from desktop.ui.shaped_answers import Extras
from desktop.ui.structured.answer_extras import AnswerExtras
from desktop.ui.widgets.buttons import TintedButton, button
from desktop.ui.widgets.icon_label import IconLabel
from desktop.ui.widgets.labels import ElidedLabel, label

TICK_MS = 100


class AnswerBlock(QWidget):
    """An answer, running or ended.

    Signals:
        stop_requested: the user wants it to end now.
        remedy_requested: value of a `Remedy`.
        link_clicked: an address in the text.
        again_requested(int): ask its question again; its id.
        continue_requested(int): let it go on where it was cut; its id.
        version_chosen(int): another answer to the same question; its id.
        places_requested(int, Pointing): what it points at on the image with this attachment id.
    """

    places_requested = Signal(int, object)
    stop_requested = Signal()
    remedy_requested = Signal(str)
    link_clicked = Signal(str)
    again_requested = Signal(int)
    continue_requested = Signal(int)
    version_chosen = Signal(int)

    def __init__(
        self, message: Message, images: Sequence[Attachment], leaves: Sequence[Leaf] | None = None
    ) -> None:
        """``leaves`` are the text's, where somebody has read it already."""
        super().__init__()
        self._known_leaves = leaves
        self._message = message
        self._text = message.text
        self._images = images
        self._newest = True
        self._progress: Progress | None = None
        self.setAccessibleName(_("Answer"))
        self._icon = IconLabel("sparkles")
        self._model = label("", "model_name")
        self._status = ElidedLabel("", "small")
        self._stop = stop_button()
        self._stop.clicked.connect(self.stop_requested)
        self._body = AnswerText()
        self._body.link_clicked.connect(self.link_clicked)
        self._extras: AnswerExtras | None = None
        self._is_replaced = False
        self._problem: ProblemBox | None = None
        self._mark: tuple[AnswerState, Mark] | None = None
        self._footer = Footer()
        self._footer.tools.again_requested.connect(self.again_requested)
        self._footer.tools.continue_requested.connect(self.continue_requested)
        self._footer.versions.version_chosen.connect(self.version_chosen)
        self._tick = QTimer(self)
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._show_progress)
        self._footer.tools.set_seen(True)
        self._lay_out()
        self.show_message(message, images)

    def _lay_out(self) -> None:
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        head = QHBoxLayout()
        head.setSpacing(6)
        head.addWidget(self._icon)
        head.addWidget(self._model)
        head.addWidget(self._status)
        head.addSpacing(6)
        head.addWidget(self._stop)
        head.addStretch()
        self._model.setFixedHeight(theme.current().metric("button_height_tiny"))
        column = self._column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self._body)
        column.addWidget(self._footer)

    @property
    def head_px(self) -> int:
        """How much of its top the model's name and Stop take."""
        return self._model.geometry().bottom() + 1

    @property
    def text_view(self) -> AnswerText:
        """Its text."""
        return self._body

    def take_width(self, width: int) -> int:
        """Be as wide as that; returns the height that it then needs."""
        self._body.take_room(width)
        layout = self.layout()
        if layout is None:
            return self.sizeHint().height()
        return layout.totalHeightForWidth(width) if layout.hasHeightForWidth() else self.sizeHint().height()

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self._progress is not None

    def show_message(self, message: Message, images: Sequence[Attachment]) -> None:
        """Show ``message`` as it stands; ``images`` are those of its question."""
        running = message.state is AnswerState.RUNNING
        if running and self.is_running:
            # Stored by now: text and times that are already shown stay.
            self._message = message
            return
        if message.text != self._message.text:
            # They are of other words.
            self.show_extras(None)
        self._message, self._text, self._images = message, message.text, images
        self._model.setText(model_words(message))
        self._progress = _begun(message) if running else None
        if not running and self._stop.hasFocus():
            # It hides now; the next one that takes the focus would take the view along.
            self._body.setFocus()
        self._stop.setVisible(running)
        self._status.setVisible(running)
        self._body.set_markdown(message.text, streaming=running, leaves=self._known_leaves)
        self._known_leaves = None
        self._body.setVisible(bool(message.text) and not self._is_replaced)
        self._show_end()
        if running:
            self._tick.start()
            self._show_progress()
        else:
            self._tick.stop()

    def rest(self) -> None:
        """Nobody sees it: stop what goes on by itself."""
        self._progress = None
        self._tick.stop()
        self._body.set_markdown("", leaves=())

    def show_other(
        self, message: Message, images: Sequence[Attachment], leaves: Sequence[Leaf] | None
    ) -> None:
        """Show another answer, as if it were made for it."""
        self._known_leaves = leaves
        self._body.set_search(None)
        self._footer.fold()
        self._footer.versions.set_versions((), 0)
        self.show_extras(None)
        self.show_message(message, images)

    def set_newest(self, newest: bool) -> None:
        """Whether it is the last of its conversation: only the last question can be asked again."""
        if newest != self._newest:
            self._newest = newest
            self._show_end()
            self._footer.tools.set_seen(newest or self.underMouse())

    def set_actions(self, *, offered: bool, more: MoreActions | None = None) -> None:
        """Whether asking again and going on are offered; ``more`` makes a menu of what else there is."""
        self._footer.tools.set_offered(offered, more)

    def set_versions(self, ids: tuple[int, ...], current: int) -> None:
        """Offer other answers to the same question; more than one, ``current`` among them."""
        self._footer.versions.set_versions(ids, current)

    def focus_versions(self) -> None:
        """The keyboard flips to yet another version."""
        self._footer.versions.take_focus()

    def show_extras(self, extras: Extras | None) -> None:
        """Show its table in the place of its words, and the way to what it points at; None for neither."""
        if self._extras is None:
            if not extras:
                return
            self._extras = AnswerExtras()
            self._extras.stands_for_words.connect(self._show_words)
            self._extras.show_requested.connect(self.places_requested)
            self._extras.resized.connect(self.updateGeometry)
            self._column.insertWidget(self._column.indexOf(self._body) + 1, self._extras)
        self._extras.show_extras(extras)

    def _show_words(self, replaced: bool) -> None:
        self._is_replaced = replaced
        self._body.setVisible(bool(self._text) and not replaced)

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        self._footer.tools.set_seen(True)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._footer.tools.set_seen(self._newest)

    def append(self, delta: str) -> None:
        """More of the answer."""
        if self._progress is None:
            return
        self._text += delta
        self._progress.has_text = True
        self._heard()
        self._body.show()
        self._body.set_markdown(self._text, streaming=True)

    def preparing(self, done: int, total: int) -> None:
        """``done`` of ``total`` images are ready to be sent."""
        if self._progress is not None:
            self._heard()
            self._progress.prepared = (done, total)
            self._show_progress()

    def retrying(self, event: Retrying) -> None:
        """The engine waits and tries again."""
        if self._progress is not None:
            self._heard()
            until = monotonic() + event.seconds
            self._progress.retry = (event.problem, until, event.may_bill_twice)
            self._progress.heard_at = until
            self._show_progress()

    def _on_again(self) -> None:
        self.remedy_requested.emit(Remedy.RETRY.value)

    def _heard(self) -> None:
        if self._progress is not None:
            self._progress.heard_at = monotonic()
            self._progress.prepared = None
            self._progress.retry = None

    def _show_progress(self) -> None:
        if self._progress is not None:
            self._status.setText(f"· {self._progress.words(monotonic())}")

    def _show_end(self) -> None:
        message = self._message
        ended = message.state is not AnswerState.RUNNING
        trouble = message.problem
        boxed = trouble is not None and message.state in (AnswerState.FAILED, AnswerState.INCOMPLETE)
        if trouble is not None and boxed:
            mild = message.state is AnswerState.INCOMPLETE
            self._problem_box().show_problem(trouble, mild=mild, retries=self._newest)
        elif self._problem is not None:
            self._problem.hide()
        self._show_mark(None if boxed else message.state)
        self._footer.setVisible(ended)
        if ended:
            self._footer.show_answer(message, self._images)

    def _problem_box(self) -> ProblemBox:
        """Made when it is needed: few answers fail, and there may be hundreds."""
        if self._problem is None:
            self._problem = ProblemBox()
            self._problem.remedy_requested.connect(self.remedy_requested)
            self._column.insertWidget(self._column.indexOf(self._footer), self._problem)
        return self._problem

    def _show_mark(self, state: AnswerState | None) -> None:
        if self._mark is not None and self._mark[0] is not state:
            self._mark[1].hide()
            self._mark[1].deleteLater()
            self._mark = None
        if state is None or state not in _MARKS:
            return
        if self._mark is None:
            words, icon = _MARKS[state]
            self._mark = state, Mark(_(words), icon)
            self._mark[1].again_requested.connect(self._on_again)
            self._column.insertWidget(self._column.count() - 1, self._mark[1])
        self._mark[1].show()
        self._mark[1].offer_again(self._newest and _may_ask_again(self._message))


_MARKS = {
    AnswerState.STOPPED: (marked("Stopped"), "circle-stop"),
    AnswerState.INCOMPLETE: (marked("Incomplete"), "triangle-alert"),
    AnswerState.INTERRUPTED: (
        marked("Interrupted: Sightline ended while this was written"),
        "triangle-alert",
    ),
}


def stop_button() -> TintedButton:
    """Stop, as it stands on a running answer."""
    made = button(_("Stop"), icon="circle-stop", kind="danger", tooltip=_("Stop this answer (Esc)"))
    made.setProperty("tiny", True)
    made.setFixedHeight(theme.current().metric("button_height_tiny"))
    return made


def model_words(message: Message) -> str:
    """Who answers."""
    if ON_DEVICE in (message.provider, message.model):
        return _("On-device reader")
    return printable(message.model or _("Answer"), limit=80)


def _may_ask_again(message: Message) -> bool:
    """Where nothing else offers it: it ended before it said anything, or nobody ended it on purpose."""
    stopped_early = message.state is AnswerState.STOPPED and not message.text
    return stopped_early or message.state is AnswerState.INTERRUPTED


def _begun(message: Message) -> Progress:
    """Progress of an answer that was asked at its ``created_at``."""
    now = monotonic()
    since = max((datetime.now(UTC) - message.created_at).total_seconds(), 0.0)
    return Progress(model=message.model, began_at=now - since, heard_at=now)

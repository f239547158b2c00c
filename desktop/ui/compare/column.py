"""One side of a comparison: who answers, the answer as it comes, and what it did cost."""

from time import monotonic

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from desktop.core.events import Retrying
from desktop.core.model import AnswerState, Message
from desktop.core.text import _
from desktop.ui import theme
from desktop.ui.compare.state import SideState
from desktop.ui.conversation.answer import TICK_MS, stop_button
from desktop.ui.conversation.answer_view import AnswerText
from desktop.ui.conversation.problem_box import Mark, ProblemBox
from desktop.ui.conversation.progress import Progress
from desktop.ui.conversation.usage_text import usage_line, usage_tooltip
from desktop.ui.widgets.buttons import button, icon_button, restyle
from desktop.ui.widgets.labels import ElidedLabel, label, plain_tooltip
from desktop.ui.widgets.overlay_scroll import OverlayScrollBar

COPIED_MS = 1600
_NEAR_PX = 24
_PADDING_PX = 14
_LINE_PX = 20


class SideColumn(QFrame):
    """Shows a `SideState`; the text of a running answer is its own.

    Signals:
        stop_requested: this answer is to end.
        continue_requested: the conversation is to go on from this answer.
        link_clicked: an address in the answer.
        remedy_requested: value of a `Remedy`.
        scrolled: the user moved the answer; its new place in px.
    """

    stop_requested = Signal()
    continue_requested = Signal()
    link_clicked = Signal(str)
    remedy_requested = Signal(str)
    scrolled = Signal(int)

    def __init__(self, side: SideState) -> None:
        super().__init__()
        self._side = side
        self._text = ""
        self._progress: Progress | None = None
        self.setProperty("kind", "side")
        self._name = ElidedLabel("", "strong")
        self._detail = label("", "pill")
        self._detail.setFixedHeight(_LINE_PX)
        self._status = ElidedLabel("", "small")
        self._stop = stop_button()
        plain_tooltip(self._stop, _("Stop this answer"))
        self._stop.clicked.connect(self._on_stop)
        self.body = AnswerText()
        self.body.link_clicked.connect(self.link_clicked)
        self._problem = ProblemBox()
        self._problem.remedy_requested.connect(self.remedy_requested)
        self._marks = {
            AnswerState.STOPPED: Mark(_("Stopped"), "circle-stop"),
            AnswerState.INCOMPLETE: Mark(_("Incomplete"), "triangle-alert"),
            AnswerState.INTERRUPTED: Mark(
                _("Interrupted: Sightline ended while this was written"), "triangle-alert"
            ),
        }
        self.area = _Following(self._inner())
        self.area.scrolled.connect(self.scrolled)
        self._make_footer()
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._show_progress)
        self._lay_out()
        self.show_side(side)

    @property
    def side(self) -> SideState:
        """What is shown, without what has come since."""
        return self._side

    @property
    def text(self) -> str:
        """The answer as far as it has come."""
        return self._text

    @property
    def is_running(self) -> bool:
        """Whether it has not ended yet."""
        return self._progress is not None

    def show_side(self, side: SideState) -> None:
        """Show ``side``; the same running answer keeps its times."""
        was_running = self.is_running
        self._side, answer = side, side.answer
        self._text = answer.text
        self.setAccessibleName(side.title)
        self._name.setText(side.name)
        self._detail.setText(side.detail)
        self._detail.setVisible(bool(side.detail))
        running = answer.state is AnswerState.RUNNING
        if not running:
            self._progress = None
        elif not was_running:
            self._progress = Progress(model=answer.model, began_at=monotonic(), heard_at=monotonic())
        self._stop.setVisible(running)
        self._status.setVisible(running)
        self.body.set_markdown(self._text, streaming=running)
        self.body.setVisible(bool(self._text))
        self._show_end(answer)
        self._tick.start() if running else self._tick.stop()
        self._show_progress()

    def append(self, delta: str) -> None:
        """More of the answer."""
        if self._progress is None:
            return
        self._text += delta
        self._progress.has_text = True
        self._heard()
        self.body.show()
        self.body.set_markdown(self._text, streaming=True)

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

    def _inner(self) -> QWidget:
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(_PADDING_PX, 10, _PADDING_PX, 10)
        column.setSpacing(6)
        column.addWidget(self.body)
        column.addWidget(self._problem)
        for mark in self._marks.values():
            column.addWidget(mark)
            mark.hide()
        column.addStretch(1)
        return inner

    def _make_footer(self) -> None:
        self._footer = QWidget()
        self._usage = ElidedLabel("", "usage")
        self._cheapest = label(_("Cheapest"), "pill_good")
        self._fastest = label(_("Fastest"), "pill_good")
        self._at_hand = label(_("In the conversation"), "pill_chosen")
        # It keeps its room where it is empty, so that the columns' lines stand side by side.
        self._pills = QWidget()
        self._pills.setFixedHeight(_LINE_PX)
        pills = QHBoxLayout(self._pills)
        pills.setContentsMargins(0, 0, 0, 0)
        pills.setSpacing(6)
        for pill in (self._cheapest, self._fastest, self._at_hand):
            pills.addWidget(pill)
        pills.addStretch(1)
        self._go_on = button(_("Continue with this one"), kind="small")
        self._go_on.clicked.connect(self.continue_requested)
        self._copy = icon_button("copy", _("Copy answer"), size_px=28)
        self._copy.clicked.connect(self._on_copy)
        self._copied = QTimer(self, singleShot=True, interval=COPIED_MS)
        self._copied.timeout.connect(self._forget_copied)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(_PADDING_PX, 8, 8, 0)
        head.setSpacing(8)
        head.addWidget(self._name)
        head.addWidget(self._detail)
        head.addStretch(1)
        head.addWidget(self._stop)
        self._name.setFixedHeight(theme.current().metric("button_height_tiny") + 4)
        status = QHBoxLayout()
        status.setContentsMargins(_PADDING_PX, 0, 8, 0)
        status.addWidget(self._status)
        actions = QHBoxLayout()
        actions.setSpacing(4)
        actions.addWidget(self._go_on)
        actions.addStretch(1)
        actions.addWidget(self._copy)
        foot = QVBoxLayout(self._footer)
        foot.setContentsMargins(_PADDING_PX, 8, 8, 8)
        foot.setSpacing(6)
        foot.addWidget(self._usage)
        foot.addWidget(self._pills)
        foot.addLayout(actions)
        column = QVBoxLayout(self)
        column.setContentsMargins(1, 1, 1, 1)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(status)
        column.addSpacing(4)
        line = QFrame()
        line.setProperty("kind", "line")
        column.addWidget(line)
        column.addWidget(self.area, 1)
        column.addWidget(self._footer)

    def _show_end(self, answer: Message) -> None:
        side = self._side
        ended = answer.state is not AnswerState.RUNNING
        trouble = answer.problem
        boxed = trouble is not None and answer.state in (AnswerState.FAILED, AnswerState.INCOMPLETE)
        if trouble is not None and boxed:
            self._problem.show_problem(trouble, mild=answer.state is AnswerState.INCOMPLETE, retries=False)
        else:
            self._problem.hide()
        for state, mark in self._marks.items():
            mark.setVisible(state is answer.state and not boxed)
        usage = usage_line(answer) if ended else ""
        self._usage.setText(usage)
        plain_tooltip(self._footer, usage_tooltip(answer))
        for pill, holds in (
            (self._cheapest, side.cheapest),
            (self._fastest, side.fastest),
            (self._at_hand, side.at_hand),
        ):
            pill.setVisible(holds)
        self._go_on.setEnabled(side.stored)
        self._copy.setVisible(bool(answer.text))
        self._footer.setVisible(ended)
        self.setProperty("at_hand", side.at_hand)
        restyle(self)

    def _show_progress(self) -> None:
        if self._progress is not None:
            self._status.setText(self._progress.words(monotonic()))

    def _heard(self) -> None:
        if self._progress is not None:
            self._progress.heard_at = monotonic()
            self._progress.prepared = None
            self._progress.retry = None

    def _on_stop(self) -> None:
        # It hides now; the focus stays with this answer.
        self.area.setFocus()
        self.stop_requested.emit()

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._text)
        self._copy.set_icon("check", role="success")
        self._copy.set_name(_("Copied"))
        self._copied.start()

    def _forget_copied(self) -> None:
        self._copy.set_icon("copy", role="text_muted")
        self._copy.set_name(_("Copy answer"))


class _Following(QScrollArea):
    """Scrolls. What grows stays where it is, until the user is at its end: nobody reads several that move.

    Signals:
        scrolled: moved by the user, to so many px.
    """

    scrolled = Signal(int)

    def __init__(self, inner: QWidget) -> None:
        super().__init__()
        self._follows = False
        self._moving = False
        self.setAccessibleName(_("Answer"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWidget(inner)
        inner.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        OverlayScrollBar(self)
        self.verticalScrollBar().valueChanged.connect(self._on_moved)
        self.verticalScrollBar().rangeChanged.connect(self._on_range)

    def move_to(self, place_px: int) -> None:
        """Go where another one went."""
        bar = self.verticalScrollBar()
        self._moving = True
        bar.setValue(place_px)
        self._moving = False
        self._follows = bar.maximum() - bar.value() <= _NEAR_PX

    def _on_moved(self, place_px: int) -> None:
        if self._moving:
            return
        self._follows = self.verticalScrollBar().maximum() - place_px <= _NEAR_PX
        self.scrolled.emit(place_px)

    def _on_range(self, _least: int, most: int) -> None:
        if self._follows:
            self._moving = True
            self.verticalScrollBar().setValue(most)
            self._moving = False

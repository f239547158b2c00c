"""The small window at the side in which the answer about a captured picture appears."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QRect, QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QImage, QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.events import Finished, Retrying
from desktop.core.model import AnswerState, Conversation
from desktop.core.text import _, printable
from desktop.ui import theme
from desktop.ui.capture.answer_turns import AnswerTurns, begun
from desktop.ui.widgets.buttons import button, icon_button, restyle
from desktop.ui.widgets.labels import ElidedLabel, plain_tooltip
from desktop.ui.widgets.thumbs import rounded

SIZE_PX = (440, 540)
MIN_SIZE_PX = (320, 280)
THUMB_PX = 44
MOST_THUMB_PX = 96
GAP_PX = 16
TITLE_BAR_PX = 32
"""About as high as desktops make it; the window knows its own only when it is shown."""
_RADIUS_PX = 6


class AnswerWindow(QWidget):
    """Questions about one captured picture and their answers.

    Attributes:
        is_pinned: it stays above other windows, and the next capture gets a window of its own.
        price: what a further question would cost, in words; empty while there can be none.

    Signals:
        stop_requested: the answer is to end.
        remedy_requested: value of a `Remedy`.
        link_clicked: an address in the answer.
        asked(str): a further question.
        continue_requested: the conversation is to go on in the main window.
        left(): it was closed.
    """

    stop_requested = Signal()
    remedy_requested = Signal(str)
    link_clicked = Signal(str)
    asked = Signal(str)
    continue_requested = Signal()
    left = Signal()

    def __init__(self, title: str, question: str, model: str, *, private: bool = False) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setProperty("kind", "answer_window")
        shown = printable(title or question or _("Capture"), limit=80)
        self.setWindowTitle(shown)
        self.setAccessibleName(shown)
        self.setMinimumSize(*MIN_SIZE_PX)
        self.is_pinned = False
        self.price: Callable[[str], str] = lambda _text: ""
        self._can_ask = False
        self._thumb = QLabel()
        self._thumb.setFixedSize(THUMB_PX, THUMB_PX)
        self._thumb.setAccessibleName(_("The captured picture"))
        self._question = ElidedLabel("", "strong")
        self._show_question(question)
        self._about = ElidedLabel("", "small")
        about = [_("Private conversation")] if private else []
        self._about.setText(" · ".join((*about, printable(title, limit=200)) if title else about))
        self._about.setVisible(bool(about or title))
        self._pin = icon_button("pin", _("Keep above other windows, and keep this answer"))
        self._pin.setCheckable(True)
        self._pin.toggled.connect(self._on_pin)
        self._turns = AnswerTurns(model)
        self._turns.stop_requested.connect(self.stop_requested)
        self._turns.remedy_requested.connect(self.remedy_requested)
        self._turns.link_clicked.connect(self.link_clicked)
        self._make_foot()
        self._lay_out()
        self._turns.setFocus()
        self._offer(stored=False, ended=False)
        for keys, then in (
            (QKeySequence(Qt.Key.Key_Escape), self._on_escape),
            (QKeySequence(QKeySequence.StandardKey.Close), self.close),
        ):
            QShortcut(keys, self).activated.connect(then)

    @property
    def is_running(self) -> bool:
        """Whether an answer has not ended yet."""
        return self._turns.answer.is_running

    def show_picture(self, image: QImage) -> None:
        """Show what was captured, small."""
        width = round(THUMB_PX * image.width() / max(1, image.height()))
        size = QSize(min(max(width, THUMB_PX), MOST_THUMB_PX), THUMB_PX)
        self._thumb.setFixedSize(size)
        made = rounded(QPixmap.fromImage(image), size, radius=_RADIUS_PX, ratio=self.devicePixelRatioF())
        self._thumb.setPixmap(made)

    def not_asked(self, question: str, model: str) -> None:
        """The user would rather not ask; what was typed can be changed, and asked later."""
        self._turns.answer.show_message(replace(begun(model), state=AnswerState.STOPPED), ())
        self._next.setText(question)
        self._offer(stored=False, ended=True)
        self._can_ask = True
        self._show_price()

    def begin_again(self, model: str, question: str = "") -> None:
        """The last question is answered anew, or the first as it was changed before it was asked."""
        if question:
            self._show_question(question)
            self._next.clear()
        self._turns.begin_again(model)
        self._offer(stored=False, ended=False)

    def begin_next(self, question: str, model: str) -> None:
        """A further question is being answered."""
        self._turns.begin_next(question, model)
        self._next.clear()
        self._offer(stored=True, ended=False)

    def stored(self, conversation: Conversation) -> None:
        """Question and empty answer are in the history: the conversation can be opened from now on."""
        self._turns.show_conversation(conversation)
        self._offer(stored=True, ended=False)

    def append(self, delta: str) -> None:
        """More of the answer."""
        self._turns.answer.append(delta)

    def preparing(self, done: int, total: int) -> None:
        """``done`` of ``total`` images are ready to be sent."""
        self._turns.answer.preparing(done, total)

    def retrying(self, event: Retrying) -> None:
        """The engine waits and tries again."""
        self._turns.answer.retrying(event)

    def stopped(self, text: str, model: str) -> None:
        """The user has stopped it; its end comes later."""
        self._turns.answer.show_message(replace(begun(model), text=text, state=AnswerState.STOPPED), ())

    def finished(self, event: Finished) -> None:
        """The answer has ended, well or not."""
        if event.conversation is not None:
            self._turns.show_conversation(event.conversation)
        else:
            self._turns.answer.show_message(event.answer, ())
        self._offer(stored=event.conversation is not None, ended=True)

    def place_on(self, available: QRect, nth: int = 0) -> None:
        """Stand at the right side of a screen, beside those that are there already.

        Args:
            available: the part of the screen that windows may cover, in logical pixels.
            nth: how many stand there.
        """
        width = min(SIZE_PX[0], available.width() - 2 * GAP_PX)
        height = min(SIZE_PX[1], available.height() - 2 * GAP_PX)
        columns = max(1, available.width() // (width + GAP_PX))
        step = (nth // columns) * 2 * GAP_PX
        left = available.right() + 1 - (nth % columns + 1) * (width + GAP_PX)
        top = available.top() + GAP_PX + min(step, max(0, available.height() - height - 2 * GAP_PX))
        self.resize(width, height - TITLE_BAR_PX)
        # With its frame, other than `setGeometry`.
        self.move(left, top)

    def _make_foot(self) -> None:
        self._next = QLineEdit()
        self._next.setPlaceholderText(_("Ask a follow-up…"))
        self._next.setAccessibleName(_("Follow-up question"))
        self._next.textChanged.connect(self._show_price)
        self._next.returnPressed.connect(self._on_ask)
        self._ask = icon_button("arrow-up", _("Ask (Enter)"))
        self._ask.clicked.connect(self._on_ask)
        self._price = ElidedLabel("", "small")
        self._go_on = button(_("Continue in Sightline"), icon="message-square", kind="ghost")
        self._go_on.clicked.connect(self.continue_requested)

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(1)
        words.addStretch(1)
        words.addWidget(self._question)
        words.addWidget(self._about)
        words.addStretch(1)
        head = QHBoxLayout()
        head.setContentsMargins(14, 12, 10, 10)
        head.setSpacing(10)
        head.addWidget(self._thumb)
        head.addLayout(words, 1)
        head.addWidget(self._pin)
        asking = QHBoxLayout()
        asking.setContentsMargins(14, 10, 10, 0)
        asking.setSpacing(4)
        asking.addWidget(self._next, 1)
        asking.addWidget(self._ask)
        foot = QHBoxLayout()
        foot.setContentsMargins(16, 2, 6, 8)
        foot.addWidget(self._price, 1)
        foot.addWidget(self._go_on)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(_line())
        column.addWidget(self._turns, 1)
        column.addWidget(_line())
        column.addLayout(asking)
        column.addLayout(foot)

    def _show_question(self, question: str) -> None:
        self._question.setText(printable(question, limit=400))
        plain_tooltip(self._question, printable(question, limit=2000))

    def _offer(self, *, stored: bool, ended: bool) -> None:
        self._can_ask = stored and ended
        self._go_on.setEnabled(stored)
        self._show_price()

    def _show_price(self) -> None:
        typed = self._next.text().strip()
        can_ask = self._can_ask and bool(typed)
        self._ask.setEnabled(can_ask)
        self._ask.set_icon("arrow-up", role="accent_soft_text" if can_ask else "text_muted")
        self._price.setText(self.price(typed) if self._can_ask and typed else "")

    def _on_ask(self) -> None:
        typed = self._next.text().strip()
        if self._can_ask and typed:
            self.asked.emit(typed)

    def _on_pin(self, pinned: bool) -> None:
        self.is_pinned = pinned
        self._pin.set_icon("pin", role="accent_soft_text" if pinned else "text_muted")
        self._pin.setProperty("active", pinned)
        restyle(self._pin)
        handle = self.windowHandle()
        if handle is not None:
            # The widget's own way would hide the window and show it again.
            handle.setFlag(Qt.WindowType.WindowStaysOnTopHint, pinned)

    def _on_escape(self) -> None:
        """Stop what is answering, then leave."""
        if self.is_running:
            self.stop_requested.emit()
        else:
            self.close()

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.left.emit()


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("kind", "line")
    line.setFixedHeight(theme.current().metric("hairline"))
    return line

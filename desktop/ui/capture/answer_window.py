"""The small window at the side in which the answer about a captured picture appears."""

from collections.abc import Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QCloseEvent, QImage, QKeySequence, QPixmap, QShortcut
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.events import Finished, Retrying
from desktop.core.model import AnswerState, Attachment, Conversation, Message, Role
from desktop.core.text import _, printable
from desktop.ui import theme
from desktop.ui.conversation.answer import AnswerBlock
from desktop.ui.widgets.buttons import button, icon_button, restyle
from desktop.ui.widgets.labels import ElidedLabel, plain_tooltip
from desktop.ui.widgets.overlay_scroll import OverlayScrollBar
from desktop.ui.widgets.thumbs import rounded

SIZE_PX = (440, 520)
MIN_SIZE_PX = (320, 260)
THUMB_PX = 44
GAP_PX = 16
_NEAR_PX = 24
_RADIUS_PX = 6


class AnswerWindow(QWidget):
    """One question about a captured picture and its answer.

    Attributes:
        is_pinned: it stays above other windows, and the next capture gets a window of its own.

    Signals:
        stop_requested: the answer is to end.
        remedy_requested: value of a `Remedy`.
        link_clicked: an address in the answer.
        continue_requested: the conversation is to go on in the main window.
        left(AnswerWindow): it was closed.
    """

    stop_requested = Signal()
    remedy_requested = Signal(str)
    link_clicked = Signal(str)
    continue_requested = Signal()
    left = Signal(object)

    def __init__(self, title: str, question: str, model: str) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setProperty("kind", "answer_window")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setWindowTitle(printable(title or question or _("Capture"), limit=80))
        self.setMinimumSize(*MIN_SIZE_PX)
        self.is_pinned = False
        self._follows = False
        self._ended = False
        self._thumb = QLabel()
        self._thumb.setFixedSize(THUMB_PX, THUMB_PX)
        self._thumb.setAccessibleName(_("The captured picture"))
        self._question = ElidedLabel("", "strong")
        self._question.setText(printable(question, limit=400))
        plain_tooltip(self._question, printable(question, limit=2000))
        self._about = ElidedLabel("", "small")
        self._about.setText(printable(title, limit=200))
        self._about.setVisible(bool(title))
        self._pin = icon_button("pin", _("Keep above other windows, and keep this answer"))
        self._pin.setCheckable(True)
        self._pin.toggled.connect(self._on_pin)
        self._go_on = button(_("Continue in Sightline"), icon="message-square", kind="small")
        self._go_on.setEnabled(False)
        self._go_on.clicked.connect(self.continue_requested)
        self._answer = AnswerBlock(_begun(model), ())
        self._answer.set_actions(offered=False)
        self._answer.stop_requested.connect(self.stop_requested)
        self._answer.remedy_requested.connect(self.remedy_requested)
        self._answer.link_clicked.connect(self.link_clicked)
        self._lay_out()
        leave = QShortcut(QKeySequence(Qt.Key.Key_Escape), self)
        leave.activated.connect(self._on_escape)
        close = QShortcut(QKeySequence(QKeySequence.StandardKey.Close), self)
        close.activated.connect(self.close)

    @property
    def is_running(self) -> bool:
        """Whether the answer has not ended yet."""
        return not self._ended

    def show_picture(self, image: QImage) -> None:
        """Show what was captured, small."""
        size = self._thumb.size()
        made = rounded(QPixmap.fromImage(image), size, radius=_RADIUS_PX, ratio=self.devicePixelRatioF())
        self._thumb.setPixmap(made)

    def begin(self, question: str, model: str) -> None:
        """Another question, or the same again: its answer begins anew."""
        self._question.setText(printable(question, limit=400))
        self._ended = False
        self._answer.show_message(_begun(model), ())

    def stored(self, conversation: Conversation) -> None:
        """Question and empty answer are in the history: the conversation can be opened from now on."""
        self._go_on.setEnabled(True)
        self._answer.show_message(conversation.messages[-1], _images(conversation))

    def append(self, delta: str) -> None:
        """More of the answer."""
        self._answer.append(delta)

    def preparing(self, done: int, total: int) -> None:
        """``done`` of ``total`` images are ready to be sent."""
        self._answer.preparing(done, total)

    def retrying(self, event: Retrying) -> None:
        """The engine waits and tries again."""
        self._answer.retrying(event)

    def stopped(self, text: str, model: str) -> None:
        """The user has stopped it; its end comes later."""
        self._answer.show_message(
            Message(
                role=Role.ASSISTANT,
                text=text,
                state=AnswerState.STOPPED,
                created_at=datetime.now(UTC),
                model=model,
            ),
            (),
        )

    def finished(self, event: Finished) -> None:
        """The answer has ended, well or not."""
        self._ended = True
        images = _images(event.conversation) if event.conversation is not None else ()
        self._answer.show_message(event.answer, images)
        self._go_on.setEnabled(event.conversation is not None)

    def place_on(self, available: QRect, nth: int = 0) -> None:
        """Stand at the right side of a screen, beside those that are there already.

        Args:
            available: the part of the screen that windows may cover, in logical pixels.
            nth: how many pinned ones stand there.
        """
        width = min(SIZE_PX[0], available.width() - 2 * GAP_PX)
        height = min(SIZE_PX[1], available.height() - 2 * GAP_PX)
        columns = max(1, available.width() // (width + GAP_PX))
        step = (nth // columns) * 2 * GAP_PX
        left = available.right() + 1 - (nth % columns + 1) * (width + GAP_PX)
        top = available.top() + GAP_PX + min(step, max(0, available.height() - height - 2 * GAP_PX))
        self.setGeometry(left, top, width, height)

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
        head.addWidget(self._pin, 0, Qt.AlignmentFlag.AlignTop)
        foot = QHBoxLayout()
        foot.setContentsMargins(14, 8, 14, 10)
        foot.addWidget(self._go_on)
        foot.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(_line())
        column.addWidget(self._area(), 1)
        column.addWidget(_line())
        column.addLayout(foot)

    def _area(self) -> QScrollArea:
        inner = QWidget()
        inner.setAutoFillBackground(False)
        inside = QVBoxLayout(inner)
        inside.setContentsMargins(14, 10, 14, 10)
        inside.addWidget(self._answer)
        inside.addStretch(1)
        area = self._scroll = QScrollArea()
        area.setAccessibleName(_("Answer"))
        area.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setWidgetResizable(True)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        area.setWidget(inner)
        area.viewport().setAutoFillBackground(False)
        OverlayScrollBar(area)
        bar = area.verticalScrollBar()
        bar.valueChanged.connect(self._on_moved)
        bar.rangeChanged.connect(self._on_range)
        return area

    def _on_moved(self, place_px: int) -> None:
        self._follows = self._scroll.verticalScrollBar().maximum() - place_px <= _NEAR_PX

    def _on_range(self, _least: int, most: int) -> None:
        if self._follows and self.is_running:
            self._scroll.verticalScrollBar().setValue(most)

    def _on_pin(self, pinned: bool) -> None:
        self.is_pinned = pinned
        self._pin.set_icon("pin", role="accent_soft_text" if pinned else "text_muted")
        self._pin.setProperty("chosen", pinned)
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
    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.WindowTitleChange:
            self.setAccessibleName(self.windowTitle())

    @override
    def closeEvent(self, event: QCloseEvent) -> None:
        super().closeEvent(event)
        self.left.emit(self)


def _line() -> QFrame:
    line = QFrame()
    line.setProperty("kind", "line")
    line.setFixedHeight(theme.current().metric("hairline"))
    return line


def _begun(model: str) -> Message:
    return Message(
        role=Role.ASSISTANT, text="", state=AnswerState.RUNNING, created_at=datetime.now(UTC), model=model
    )


def _images(conversation: Conversation) -> Sequence[Attachment]:
    """The images of the question that was asked last."""
    asked = [message for message in conversation.messages if message.role is Role.USER]
    return asked[-1].attachments if asked else ()

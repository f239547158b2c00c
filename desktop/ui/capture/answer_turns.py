"""What was asked about a captured picture, and the answers below; the last one may be growing."""

from datetime import UTC, datetime

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from desktop.core.model import AnswerState, Conversation, Message, Role
from desktop.core.text import _
from desktop.ui.conversation.answer import AnswerBlock
from desktop.ui.conversation.answer_view import QuestionText
from desktop.ui.widgets.overlay_scroll import OverlayScrollBar

_NEAR_PX = 24
_BUBBLE_INDENT_PX = 56
_PADDING = (14, 10, 14, 10)


class AnswerTurns(QScrollArea):
    """Scrolls. What grows stays where it is until the user is at its end.

    Attributes:
        answer: the last answer.

    Signals:
        stop_requested: the last answer is to end.
        remedy_requested: value of a `Remedy`.
        link_clicked: an address in an answer.
    """

    stop_requested = Signal()
    remedy_requested = Signal(str)
    link_clicked = Signal(str)

    def __init__(self, model: str) -> None:
        super().__init__()
        self._follows = False
        self.setAccessibleName(_("Answer"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        inner = QWidget()
        self._column = QVBoxLayout(inner)
        self._column.setContentsMargins(*_PADDING)
        self._column.setSpacing(10)
        self._column.addStretch(1)
        self.setWidget(inner)
        inner.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        OverlayScrollBar(self)
        bar = self.verticalScrollBar()
        bar.valueChanged.connect(self._on_moved)
        bar.rangeChanged.connect(self._on_range)
        self.answer = self._add_answer(model)

    def begin_again(self, model: str) -> None:
        """The last question is answered anew."""
        self.answer.show_message(begun(model), ())

    def begin_next(self, question: str, model: str) -> None:
        """Another question, below what is there."""
        self.answer.set_newest(newest=False)
        text = QuestionText()
        text.set_plain(question)
        bubble = QFrame()
        bubble.setProperty("kind", "bubble")
        inside = QHBoxLayout(bubble)
        inside.setContentsMargins(12, 8, 12, 8)
        inside.addWidget(text)
        row = QWidget()
        beside = QHBoxLayout(row)
        beside.setContentsMargins(_BUBBLE_INDENT_PX, 0, 0, 0)
        beside.addWidget(bubble)
        self._insert(row)
        self.answer = self._add_answer(model)
        self._follows = True

    def show_conversation(self, conversation: Conversation) -> None:
        """The last answer as it is stored."""
        self.answer.show_message(conversation.messages[-1], conversation.attachments())

    def _add_answer(self, model: str) -> AnswerBlock:
        answer = AnswerBlock(begun(model), ())
        answer.set_actions(offered=False)
        answer.stop_requested.connect(self.stop_requested)
        answer.remedy_requested.connect(self.remedy_requested)
        answer.link_clicked.connect(self.link_clicked)
        self._insert(answer)
        return answer

    def _insert(self, widget: QWidget) -> None:
        self._column.insertWidget(self._column.count() - 1, widget)

    def _on_moved(self, place_px: int) -> None:
        self._follows = self.verticalScrollBar().maximum() - place_px <= _NEAR_PX

    def _on_range(self, _least: int, most: int) -> None:
        # When the answer has ended, too: what it did cost comes below it then.
        if self._follows:
            self.verticalScrollBar().setValue(most)
            self._follows = True


def begun(model: str) -> Message:
    """An answer of which nothing has come."""
    return Message(
        role=Role.ASSISTANT, text="", state=AnswerState.RUNNING, created_at=datetime.now(UTC), model=model
    )

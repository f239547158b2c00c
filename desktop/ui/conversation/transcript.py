"""All questions and answers of a conversation, and the answer that is being written."""

from PySide6.QtCore import QCoreApplication, QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QScrollArea, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.events import Retrying
from desktop.core.model import Attachment, Conversation, Message, Role
from desktop.core.text import _
from desktop.ui import theme
from desktop.ui.conversation.answer import AnswerBlock, stop_button
from desktop.ui.conversation.bubble import QuestionBubble
from desktop.ui.conversation.turns import Turn, last_images, turns
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.overlay_scroll import OverlayScrollBar

AT_ONCE = 8
"""So many of the newest messages are there at once; older ones come when the user is about to reach them."""

PER_TURN = 2
SETTLING_ROUNDS = 6
AHEAD = 2
"""Older messages are there for so many heights of the view above it."""

NEAR_PX = 24
FAR_PX = 120
GAP_PX = 14
MOST_WIDTH_PX = 900
BOTTOM_PX = 14
RUNNING_PX = 32

Item = QuestionBubble | AnswerBlock


class Transcript(QScrollArea):
    """Scrolls; stays at the newest while the user is there.

    Signals:
        stop_requested: stop the running answer.
        remedy_requested: value of a `Remedy`.
        link_clicked: an address in an answer.
        thumbnails_needed: list of `Attachment` whose pictures are wanted by `set_thumbnail`.
        attachment_opened: id of an image that is to be seen large.
        code_requested: id of a question that is wanted as code, and ``curl`` or ``python``.
    """

    stop_requested = Signal()
    remedy_requested = Signal(str)
    link_clicked = Signal(str)
    thumbnails_needed = Signal(list)
    attachment_opened = Signal(int)
    code_requested = Signal(int, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._conversation = Conversation()
        self._items: list[Item] = []
        self._older: list[Turn] = []
        self._follows = True
        self._keeping = False
        self._anchor: tuple[Item, int] | None = None
        self._filling = QTimer(self)
        self._filling.setInterval(0)
        self._filling.timeout.connect(self._add_older)
        self.setAccessibleName(_("Conversation"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._build()

    def _build(self) -> None:
        inner = self._inner = _Column()
        inner.laid_out.connect(self._keep_place)
        self._column = QVBoxLayout(inner)
        self._column.setSpacing(GAP_PX)
        self._column.addStretch()
        self.setWidget(inner)
        inner.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        OverlayScrollBar(self)
        self._jump = button(_("Jump to the newest"), icon="chevron-down", kind="small")
        self._jump.setParent(self)
        self._jump.hide()
        self._jump.clicked.connect(self.jump_to_newest)
        self._stop = stop_button()
        self._stop.setParent(self)
        self._stop.hide()
        self._stop.clicked.connect(self._on_stop)
        bar = self.verticalScrollBar()
        bar.rangeChanged.connect(self._keep_place)
        bar.valueChanged.connect(self._on_scrolled)

    def show_conversation(self, conversation: Conversation) -> None:
        """Show all of ``conversation``, its end first."""
        self._clear()
        self._conversation = conversation
        shown = turns(conversation)
        self._older, newest = shown[:-AT_ONCE], shown[-AT_ONCE:]
        for message, images in newest:
            self._add(len(self._items), message, images)
        self._show_newest()
        self._follows = True
        self._settle()
        self.jump_to_newest()

    def begin(self, conversation: Conversation) -> None:
        """A question was asked; ``conversation`` ends with it and the empty answer to it."""
        shown = len(self._items) + len(self._older)
        if len(conversation.messages) != shown + 2 or not self._continues(conversation):
            self.show_conversation(conversation)
            return
        self._conversation = conversation
        for message, images in turns(conversation)[-2:]:
            self._add(len(self._items), message, images)
        self._show_newest()
        self.jump_to_newest()

    def stored(self, conversation: Conversation) -> None:
        """The running question is in the history now: its images have their ids."""
        self._conversation = conversation
        for item, (message, images) in zip(self._items[-2:], turns(conversation)[-2:], strict=False):
            if isinstance(item, QuestionBubble):
                item.show_message(message)
                item.ask_for_thumbnails()
            else:
                item.show_message(message, images)

    def append(self, delta: str) -> None:
        """More of the running answer."""
        if (running := self._running()) is not None:
            running.append(delta)

    def preparing(self, done: int, total: int) -> None:
        """``done`` of ``total`` images of the running question are ready."""
        if (running := self._running()) is not None:
            running.preparing(done, total)

    def retrying(self, event: Retrying) -> None:
        """The running answer's engine waits and tries again."""
        if (running := self._running()) is not None:
            running.retrying(event)

    def finish(self, answer: Message, conversation: Conversation | None = None) -> None:
        """The running answer has ended; may come twice, first as felt and then as stored.

        Args:
            answer: how it ended.
            conversation: as stored, with what each image did cost; None while that is not known.
        """
        self._conversation = conversation or self._conversation
        last = self._items[-1] if self._items else None
        if isinstance(last, AnswerBlock):
            last.show_message(answer, last_images(self._conversation))
            self._make_room()
            self._show_floating()

    def set_thumbnail(self, attachment_id: int, pixmap: QPixmap) -> None:
        """Show the picture of an attachment wherever it stands."""
        for item in self._items:
            if isinstance(item, QuestionBubble):
                for thumb in item.thumbs:
                    if thumb.attachment.id == attachment_id:
                        thumb.set_pixmap(pixmap)

    def jump_to_newest(self) -> None:
        """Go to the end and stay there."""
        if self._jump.hasFocus():
            # It hides now; the focus would go to the first message and take the view along.
            self.setFocus()
        self._follows = True
        self.verticalScrollBar().setValue(self.verticalScrollBar().maximum())
        self._show_floating()

    def _continues(self, conversation: Conversation) -> bool:
        shown = self._conversation
        return not shown.messages or (shown.id == conversation.id and shown.id != 0)

    def _running(self) -> AnswerBlock | None:
        last = self._items[-1] if self._items else None
        return last if isinstance(last, AnswerBlock) and last.is_running else None

    def _clear(self) -> None:
        self._filling.stop()
        self._older = []
        self._anchor = None
        for item in self._items:
            self._column.removeWidget(item)
            item.hide()
            item.deleteLater()
        self._items = []

    def _add(self, place: int, message: Message, images: tuple[Attachment, ...]) -> None:
        item: Item
        if message.role is Role.USER:
            item = QuestionBubble(message)
            item.unfolding.connect(self._on_unfolding)
            item.thumbnails_needed.connect(self.thumbnails_needed)
            item.attachment_opened.connect(self.attachment_opened)
            item.code_requested.connect(self.code_requested)
        else:
            item = AnswerBlock(message, images)
            item.set_newest(False)
            item.stop_requested.connect(self.stop_requested)
            item.remedy_requested.connect(self.remedy_requested)
            item.link_clicked.connect(self.link_clicked)
        self._items.insert(place, item)
        self._column.insertWidget(place, item)
        # The layout would show it only later, and only then would it take its size.
        item.show()
        if isinstance(item, QuestionBubble):
            # Pictures that are at hand come at once, to what is among the items.
            item.ask_for_thumbnails()

    def _show_newest(self) -> None:
        """Only the newest answer can be running, or be asked for again."""
        for item in self._items:
            if isinstance(item, AnswerBlock):
                item.set_newest(item is self._items[-1])
        self._make_room()

    def _on_unfolding(self, bubble: QuestionBubble) -> None:
        """Keep its top where it is, also at the end; the pressed button goes, and its focus stays here."""
        self.setFocus()
        self._follows = False
        self._anchor = (bubble, bubble.y() - self.verticalScrollBar().value())

    def _add_older(self) -> None:
        """A few more messages above, until there are enough."""
        if not self._older or not self._is_near_top():
            self._filling.stop()
            return
        for message, images in reversed(self._older[-PER_TURN:]):
            self._add(0, message, images)
        del self._older[-PER_TURN:]
        self._settle()

    def _settle(self) -> None:
        """Let new messages take their sizes before anything is painted, so that nothing jumps."""
        for _round in range(SETTLING_ROUNDS):
            QCoreApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        self._keep_place()

    def _is_near_top(self) -> bool:
        return self.verticalScrollBar().value() < AHEAD * self.viewport().height()

    def _fill(self) -> None:
        if self._older and self._is_near_top() and not self._filling.isActive():
            self._filling.start()

    def _keep_place(self) -> None:
        """Stay at the end, or else at what is being read: what comes above or below must not move it."""
        bar = self.verticalScrollBar()
        self._keeping = True
        # The area learns of a new height only after this; its end must be within reach now.
        bar.setMaximum(max(bar.maximum(), self._inner.height() - self.viewport().height()))
        if self._follows:
            bar.setValue(bar.maximum())
        elif self._anchor is not None:
            item, offset = self._anchor
            bar.setValue(item.y() - offset)
        self._keeping = False
        self._fill()
        self._show_floating()

    def _on_scrolled(self) -> None:
        if self._keeping:
            return
        bar = self.verticalScrollBar()
        self._follows = self._from_end() <= NEAR_PX
        reading = (item for item in self._items if item.y() + item.height() > bar.value())
        item = next(reading, None)
        self._anchor = None if item is None else (item, item.y() - bar.value())
        self._fill()
        self._show_floating()

    def _from_end(self) -> int:
        return self.verticalScrollBar().maximum() - self.verticalScrollBar().value()

    def _show_floating(self) -> None:
        """The way to the end, and Stop, where what they stand for is out of sight."""
        self._jump.setVisible(not self._follows and self._from_end() > FAR_PX)
        running = self._running()
        self._stop.setVisible(running is not None and not self._sees_head(running))
        self._place_floating()

    def _sees_head(self, block: AnswerBlock) -> bool:
        top = block.y() - self.verticalScrollBar().value()
        return top >= 0 and top + block.head_px <= self.viewport().height()

    def _place_floating(self) -> None:
        jump, stop, bottom = self._jump, self._stop, self.height() - 12
        for made in (jump, stop):
            made.adjustSize()
        jump.move((self.width() - jump.width()) // 2, bottom - jump.height())
        right = self.width() - self._column.contentsMargins().right()
        stop.move(right - stop.width(), bottom - stop.height())
        if jump.isVisible() and stop.x() < jump.geometry().right() + GAP_PX:
            stop.move(stop.x(), jump.y() - stop.height() - GAP_PX // 2)
        for made in (jump, stop):
            made.raise_()

    def _on_stop(self) -> None:
        # It hides now; the focus would go to the first message and take the view along.
        self.setFocus()
        self.stop_requested.emit()

    def _make_room(self) -> None:
        """Below a running answer stays room for the floating Stop; its footer takes it at the end."""
        padding = theme.current().metric("conversation_padding")
        side = max(padding, (self.width() - MOST_WIDTH_PX) // 2)
        bottom = BOTTOM_PX + (RUNNING_PX if self._running() is not None else 0)
        self._column.setContentsMargins(side, 18, side, bottom)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._make_room()
        super().resizeEvent(event)
        self._place_floating()


class _Column(QWidget):
    """The messages.

    Signals:
        laid_out: they have new places or sizes.
    """

    laid_out = Signal()

    @override
    def minimumSizeHint(self) -> QSize:
        """Where the height depends on the width, leave it to the area to ask for it.

        Otherwise the height of wrapped text at its narrowest would become blank space at the end.
        """
        size = super().minimumSizeHint()
        return QSize(size.width(), 0) if self.hasHeightForWidth() else size

    @override
    def event(self, event: QEvent) -> bool:
        handled = super().event(event)
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self.laid_out.emit()
        return handled

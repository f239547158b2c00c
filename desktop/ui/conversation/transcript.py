"""All questions and answers of a conversation, and the answer that is being written."""

from PySide6.QtCore import QPoint, QRect, QTimer, Signal
from PySide6.QtGui import QCursor, QKeyEvent, QKeySequence, QPixmap, QResizeEvent
from PySide6.QtWidgets import QWidget

from desktop.core.compat import override
from desktop.core.events import Retrying
from desktop.core.model import AnswerState, Conversation, Message, Role
from desktop.core.text import _
from desktop.ui.conversation.answer import AnswerBlock, stop_button
from desktop.ui.conversation.answer_actions import MoreActions
from desktop.ui.conversation.bubble import QuestionBubble
from desktop.ui.conversation.find_in_rows import FindInRows
from desktop.ui.conversation.floating import place_floating
from desktop.ui.conversation.row_view import BOTTOM_PX, RowView
from desktop.ui.conversation.rows import Item, Row
from desktop.ui.conversation.selecting import Selecting
from desktop.ui.conversation.spares import Spares
from desktop.ui.conversation.turns import last_images, turns
from desktop.ui.conversation.whole_text import WholeText
from desktop.ui.shaped_answers import Extras
from desktop.ui.widgets.buttons import button

FAR_PX = 120
RUNNING_PX = 32
DRAG_MS = 30
"""How often it scrolls while something is selected beyond its edge."""


class Transcript(RowView):
    """Scrolls; stays at the newest while the user is there.

    Signals:
        stop_requested: stop the running answer.
        remedy_requested: value of a `Remedy`.
        link_clicked: an address in an answer.
        thumbnails_needed: list of `Attachment` whose pictures are wanted by `set_thumbnail`.
        attachment_opened: id of an image that is to be seen large.
        code_requested: id of a question that is wanted as code, and ``curl`` or ``python``.
        again_requested(int): ask the question of this answer again.
        continue_requested(int): let this answer go on where it was cut.
        edit_requested(int): this question is to be asked in other words.
        version_chosen(int): this message is wanted in place of the one that is shown.
        comparison_opened(int): the others that this question was put to are to be seen.
        extras_wanted(int): this answer is seen, and has ended: what else than words it is may be set.
        places_requested(int, Pointing): what an answer points at on the image with this attachment id.
    """

    stop_requested = Signal()
    remedy_requested = Signal(str)
    link_clicked = Signal(str)
    thumbnails_needed = Signal(list)
    attachment_opened = Signal(int)
    code_requested = Signal(int, str)
    again_requested = Signal(int)
    continue_requested = Signal(int)
    edit_requested = Signal(int)
    version_chosen = Signal(int)
    comparison_opened = Signal(int)
    extras_wanted = Signal(int)
    places_requested = Signal(int, object)

    def __init__(self, parent: QWidget | None = None, *, offer_actions: bool = False) -> None:
        """``offer_actions`` shows the buttons for the last four signals: somebody must be connected."""
        super().__init__(parent)
        self._offers = offer_actions
        self._more_actions: MoreActions | None = None
        self._versions: dict[int, tuple[int, ...]] = {}
        self._compared: dict[int, int] = {}
        self._spares = Spares()
        self._flip = (0, 0)
        self._conversation = Conversation()
        self.setAccessibleName(_("Conversation"))
        self._jump = button(_("Jump to the newest"), icon="chevron-down", kind="small")
        self._jump.setParent(self)
        self._jump.hide()
        self._jump.clicked.connect(self.jump_to_newest)
        self._stop = stop_button()
        self._stop.setParent(self)
        self._stop.hide()
        self._stop.clicked.connect(self._on_stop)
        self._selecting = self._new_selecting()
        self._find = FindInRows(self)
        self._dragging = QTimer(self)
        self._dragging.setInterval(DRAG_MS)
        self._dragging.timeout.connect(self._drag_on)
        self.moved.connect(self._show_floating)

    def _new_selecting(self) -> Selecting:
        selecting = Selecting(WholeText(self.rows, self.content_y), self)
        selecting.changed.connect(self._on_selection)
        return selecting

    def show_conversation(self, conversation: Conversation) -> None:
        """Show all of ``conversation``, its end first."""
        self.clear()
        self._conversation = conversation
        self._versions, self._compared = {}, {}
        self._selecting.deleteLater()
        self._selecting = self._new_selecting()
        for message, images in turns(conversation):
            self.rows.add(Row(message, images))
        self._make_room()
        self.show_end()
        number, item = self._built_row(self._flip[0])
        if item is not None and self._flip[0]:
            self.hold_below(number, self._flip[1])
        else:
            self._flip = (0, 0)
        self._find.look_again(goes_there=False)

    def begin(self, conversation: Conversation) -> None:
        """A question was asked; ``conversation`` ends with it and the empty answer to it."""
        shown = len(self.rows.all)
        if len(conversation.messages) != shown + 2 or not self._continues(conversation):
            self.show_conversation(conversation)
            return
        self._conversation = conversation
        for message, images in turns(conversation)[-2:]:
            self.rows.add(Row(message, images))
        self._mark_newest()
        self._make_room()
        self.jump_to_newest()

    def stored(self, conversation: Conversation) -> None:
        """The running question is in the history now: its images have their ids."""
        self._conversation = conversation
        for row, (message, images) in zip(self.rows.all[-2:], turns(conversation)[-2:], strict=False):
            row.set_message(message, images)
            if isinstance(row.item, QuestionBubble):
                row.item.show_message(message)
                row.item.ask_for_thumbnails()
            elif row.item is not None:
                row.item.show_message(message, images)

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
        last = self.rows.all[-1] if self.rows.all else None
        if last is not None and last.message.role is not Role.USER:
            last.set_message(answer, tuple(last_images(self._conversation)))
            if isinstance(last.item, AnswerBlock):
                last.item.show_message(answer, last.images)
            self._make_room()
            self.outdate(len(self.rows.all) - 1)
            self._show_floating()
            self._find.look_again(goes_there=False)
            if answer.id:
                self.extras_wanted.emit(answer.id)

    def set_thumbnail(self, attachment_id: int, pixmap: QPixmap) -> None:
        """Show the picture of an attachment wherever it stands."""
        for item in self.items():
            if isinstance(item, QuestionBubble):
                for thumb in item.thumbs:
                    if thumb.attachment.id == attachment_id:
                        thumb.set_pixmap(pixmap)

    def open_find(self) -> None:
        """Look for words in the conversation; what is selected, if that is within a line."""
        if not self.isVisible():
            return
        selected = self._selecting.text()
        self._find.open(selected if selected and "\n" not in selected and len(selected) < 100 else "")

    def set_offer_actions(self, offered: bool, more: MoreActions | None = None) -> None:
        """Show or hide asking again, going on and editing; ``more`` makes the menu of an answer."""
        self._offers, self._more_actions = offered, more
        for item in self.items():
            self._offer(item)

    def set_versions(self, ids: tuple[int, ...], current: int) -> None:
        """The message ``current`` is shown in place of the others of ``ids``; it may be flipped to them."""
        self._versions[current] = ids
        for number, row in enumerate(self.rows.all):
            if row.message.id == current and row.item is not None:
                row.item.set_versions(ids, current)
                if current == self._flip[0]:
                    row.item.focus_versions()
                    self._flip = (0, 0)
                self.outdate(number)

    def set_compared(self, question_id: int, others: int) -> None:
        """A question was put to so many others, too."""
        self._compared[question_id] = others
        number, item = self._built_row(question_id)
        if isinstance(item, QuestionBubble):
            item.set_compared(others)
            self.outdate(number)

    def set_extras(self, answer_id: int, extras: Extras | None) -> None:
        """What else than words an answer is; forgotten once it is out of sight, and wanted again then."""
        number, item = self._built_row(answer_id)
        if isinstance(item, AnswerBlock):
            item.show_extras(extras)
            self.outdate(number)

    def scroll_to_message(self, message_id: int) -> None:
        """Bring the beginning of a message into sight."""
        number = next((at for at, row in enumerate(self.rows.all) if row.message.id == message_id), None)
        if number is not None:
            self.build(number)
            self.reveal(number, QRect(0, 0, 1, 1))

    def _built_row(self, message_id: int) -> tuple[int, Item | None]:
        for number, row in enumerate(self.rows.all):
            if row.message.id == message_id:
                return number, row.item
        return 0, None

    def _offer(self, item: Item) -> None:
        if isinstance(item, AnswerBlock):
            item.set_actions(offered=self._offers, more=self._more_actions)
        else:
            item.set_offered(self._offers)

    def jump_to_newest(self) -> None:
        """Go to the end and stay there."""
        if self._jump.hasFocus():
            # It hides now; the focus would go to the first message and take the view along.
            self.setFocus()
        self.show_end()

    def _continues(self, conversation: Conversation) -> bool:
        shown = self._conversation
        return not shown.messages or (shown.id == conversation.id and shown.id != 0)

    def _running(self) -> AnswerBlock | None:
        last = self.rows.all[-1].item if self.rows.all else None
        return last if isinstance(last, AnswerBlock) and last.is_running else None

    @override
    def make_item(self, row: Row, number: int) -> Item:
        item = self._bubble(row) if row.message.role is Role.USER else self._block(row)
        if isinstance(item, AnswerBlock):
            item.set_newest(number == len(self.rows.all) - 1)
        else:
            item.set_compared(self._compared.get(row.message.id, 0))
        self._offer(item)
        if row.message.id in self._versions:
            item.set_versions(self._versions[row.message.id], row.message.id)
        item.text_view.join(self._selecting, number)
        return item

    def _bubble(self, row: Row) -> QuestionBubble:
        if (spare := self._spares.bubble(row)) is not None:
            return spare
        item = QuestionBubble(row.message)
        item.unfolding.connect(self._on_unfolding)
        item.thumbnails_needed.connect(self.thumbnails_needed)
        item.attachment_opened.connect(self.attachment_opened)
        item.code_requested.connect(self.code_requested)
        item.edit_requested.connect(self.edit_requested)
        item.comparison_opened.connect(self.comparison_opened)
        item.version_chosen.connect(self._on_version_chosen)
        item.text_view.reveal_wanted.connect(self._on_reveal)
        return item

    def _block(self, row: Row) -> AnswerBlock:
        if (spare := self._spares.block(row)) is not None:
            return spare
        item = AnswerBlock(row.message, row.images, row.known_leaves)
        item.stop_requested.connect(self.stop_requested)
        item.remedy_requested.connect(self.remedy_requested)
        item.link_clicked.connect(self.link_clicked)
        item.again_requested.connect(self.again_requested)
        item.continue_requested.connect(self.continue_requested)
        item.places_requested.connect(self.places_requested)
        item.version_chosen.connect(self._on_version_chosen)
        item.text_view.reveal_wanted.connect(self._on_reveal)
        return item

    @override
    def item_let_go(self, item: Item) -> None:
        self._spares.keep(item)

    @override
    def item_built(self, item: Item) -> None:
        self._find.mark(item)
        if isinstance(item, QuestionBubble):
            # Pictures that are at hand come at once, to what is among the items.
            item.ask_for_thumbnails()
        else:
            self.extras_wanted.emit(self.rows.all[item.text_view.row].message.id)

    @override
    def may_let_go(self, row: Row) -> bool:
        running = isinstance(row.item, AnswerBlock) and row.item.is_running
        return not running and super().may_let_go(row)

    def _mark_newest(self) -> None:
        """Only the newest answer can be running, or be asked for again."""
        for number, row in enumerate(self.rows.all):
            if isinstance(row.item, AnswerBlock):
                row.item.set_newest(number == len(self.rows.all) - 1)

    def _on_unfolding(self, bubble: QuestionBubble) -> None:
        """Keep its top where it is, also at the end; the pressed button goes, and its focus stays here."""
        self.setFocus()
        number = bubble.text_view.row
        self.hold(number, self.rows.all[number].top - self.verticalScrollBar().value())
        self.outdate(number)

    def _on_version_chosen(self, message_id: int) -> None:
        """What is wanted takes the place of what is shown, so that its buttons stay under the mouse."""
        item = self.sender()
        if isinstance(item, Item):
            self._flip = message_id, item.geometry().bottom() + 1
        self.version_chosen.emit(message_id)

    # Selection

    def _on_selection(self) -> None:
        for item in self.items():
            item.text_view.update()
        if self._selecting.dragging and not self._dragging.isActive():
            self._dragging.start()

    def _drag_on(self) -> None:
        """Scroll while something is selected beyond the edge."""
        if not self._selecting.dragging:
            self._dragging.stop()
            return
        place = self.viewport().mapFromGlobal(QCursor.pos())
        beyond = min(place.y(), 0) + max(place.y() - self.viewport().height(), 0)
        if beyond:
            bar = self.verticalScrollBar()
            bar.setValue(bar.value() + max(-80, min(80, beyond)))
            self._selecting.drag_to(QCursor.pos())

    def _on_reveal(self, inside: QRect) -> None:
        view = self.sender()
        for item in self.items():
            if item.text_view is view:
                number = item.text_view.row
                self.reveal(number, inside.translated(item.text_view.mapTo(item, QPoint(0, 0))))
                return

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self._selecting.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self._selecting.select_all()
        else:
            super().keyPressEvent(event)

    # What floats

    def _show_floating(self) -> None:
        """The way to the end, and Stop, where what they stand for is out of sight."""
        self._jump.setVisible(not self.follows and self.from_end() > FAR_PX)
        running = self._running()
        self._stop.setVisible(running is not None and not self._sees_head(running))
        self._place_floating()

    def _sees_head(self, block: AnswerBlock) -> bool:
        return block.y() >= 0 and block.y() + block.head_px <= self.viewport().height()

    def _place_floating(self) -> None:
        place_floating(self._jump, self._stop, self.size(), self._side_and_width()[0])
        self._find.bar.raise_()

    def _on_stop(self) -> None:
        # It hides now; the focus would go to the first message and take the view along.
        self.setFocus()
        self.stop_requested.emit()

    def _make_room(self) -> None:
        """Below a running answer stays room for the floating Stop; its footer takes it at the end."""
        last = self.rows.all[-1].message if self.rows.all else None
        running = last is not None and last.state is AnswerState.RUNNING
        self.room_below_px = BOTTOM_PX + (RUNNING_PX if running else 0)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place_floating()
        self._find.place()

"""Text that is selected and copied, with its blocks painted one by one: only what is seen is laid out."""

import re
from collections.abc import Sequence

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QTextCursor,
)
from PySide6.QtWidgets import QMenu, QSizePolicy, QWidget

from desktop.core.compat import override
from desktop.core.text import _
from desktop.ui import theme
from desktop.ui.conversation.leaves import Leaf
from desktop.ui.conversation.piece import Piece
from desktop.ui.conversation.pieces import Pieces
from desktop.ui.conversation.plain import END, Spot, text_between
from desktop.ui.conversation.selecting import Place, Selecting
from desktop.ui.widgets.labels import plain_tooltip

STANDALONE_PX = 3000
"""So much is laid out at once where nobody says what is seen."""


class TextView(QWidget):
    """Leaves one below the other, as high as they are.

    Attributes:
        row: its number among the texts that can be selected together.
        selecting: their selection.

    Signals:
        link_clicked: a link was clicked or activated; the address as written, not yet shown to anybody.
        reveal_wanted(QRect): this part of it is to be brought into sight.
    """

    link_clicked = Signal(str)
    reveal_wanted = Signal(QRect)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.row = 0
        self._leaves: Sequence[Leaf] = ()
        self._pieces = Pieces()
        self._exposed = (0, STANDALONE_PX)
        self._search: re.Pattern[str] | None = None
        self._found_at: tuple[int, int] = (-1, -1)
        self._pressed_link = ""
        self.selecting = Selecting(self, self)
        self.selecting.changed.connect(self.update)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setCursor(Qt.CursorShape.IBeamCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        theme.current().changed.connect(self._on_theme_changed)

    def join(self, selecting: Selecting, row: int) -> None:
        """Be selected together with others; who joins them tells it of changes by `update`."""
        self.selecting, self.row = selecting, row

    @property
    def leaves(self) -> Sequence[Leaf]:
        """What it shows."""
        return self._leaves

    def set_leaves(self, leaves: Sequence[Leaf]) -> None:
        """Show ``leaves``; those that are as before stay as they are."""
        self._leaves = leaves
        first = self._pieces.set_leaves(leaves)
        # What has come is measured at once: it is likely to be seen, and it is little.
        for place in range(max(first, len(leaves) - 3), len(leaves)):
            self._pieces.lay_out(place)
        self._settle()
        self.update()

    def take_width(self, width: int) -> None:
        """Be as wide as that, and as high as it then needs, at once."""
        self._pieces.set_width(width)
        self.setFixedWidth(width)
        self._settle()

    def take_room(self, width: int) -> None:
        """Lay out for a width that it is about to get."""
        if self._pieces.set_width(width):
            self._settle()

    def text(self) -> str:
        """All of it as plain text."""
        return text_between(self._leaves)

    def expose(self, top: int, bottom: int) -> None:
        """What is seen of it, or soon will be, in its own pixels."""
        self._exposed = (top, bottom)
        self._settle()

    def _settle(self) -> None:
        """Lay out what is exposed, and take the height of all."""
        if self._pieces.all:
            self._pieces.expose(*self._exposed)
        if self.height() != self._pieces.height or self.minimumHeight() != self.maximumHeight():
            self.setFixedHeight(self._pieces.height)
        self._show_parts()

    def _show_parts(self) -> None:
        """For widgets that stand among the text."""

    # Places

    def spot_at(self, point: QPointF) -> Spot:
        """The place in the text nearest to a point."""
        if not self._pieces.all:
            return 0, 0
        number = self._pieces.at(point.y())
        piece = self._pieces.lay_out(number)
        inner = self._inner(piece, point)
        hit = piece.document().documentLayout().hitTest(inner, Qt.HitTestAccuracy.FuzzyHit)
        return number, max(0, hit)

    def _inner(self, piece: Piece, point: QPointF) -> QPointF:
        return QPointF(point.x() - piece.left + self._scrolled(piece), point.y() - piece.top - piece.above)

    def _scrolled(self, _piece: Piece) -> int:
        """How far a wide table is scrolled."""
        return 0

    def link_at(self, point: QPointF) -> str:
        """The address of the link at a point; empty if there is none."""
        if not self._pieces.all or not 0 <= point.y() < self._pieces.height:
            return ""
        piece = self._pieces.lay_out(self._pieces.at(point.y()))
        return piece.document().documentLayout().anchorAt(self._inner(piece, point))

    def anchor(self, y: int) -> Spot:
        """What is at a height: a piece, and how far below its top."""
        number = self._pieces.at(y)
        return number, y - (self._pieces.all[number].top if self._pieces.all else 0)

    def anchor_y(self, anchor: Spot) -> int:
        """Where something is by now."""
        if not self._pieces.all:
            return anchor[1]
        return self._pieces.all[min(anchor[0], len(self._pieces.all) - 1)].top + anchor[1]

    def spot_rect(self, spot: Spot, length: int = 0) -> QRect:
        """Where a place in the text is."""
        piece = self._pieces.lay_out(spot[0])
        document = piece.document()
        at = min(spot[1], document.characterCount() - 1)
        block = document.findBlock(at)
        bounds = document.documentLayout().blockBoundingRect(block)
        line = block.layout().lineForTextPosition(at - block.position())
        if not line.isValid():
            return QRect(piece.left, piece.top + piece.above + int(bounds.top()), 1, 18)
        x = line.cursorToX(at - block.position())[0]  # type: ignore[index]
        end = line.cursorToX(min(at - block.position() + length, line.textStart() + line.textLength()))[0]  # type: ignore[index]
        left = piece.left - self._scrolled(piece) + bounds.left() + min(x, end)
        top = piece.top + piece.above + bounds.top() + line.y()
        return QRectF(left, top, max(abs(end - x), 1.0), line.height()).toRect()

    # What stands out

    def set_search(self, words: re.Pattern[str] | None, at: tuple[int, int] = (-1, -1)) -> None:
        """Mark ``words`` wherever they stand; ``at`` names the piece and which of its matches is at hand."""
        if (words, at) != (self._search, self._found_at):
            self._search, self._found_at = words, at
            self.update()

    def match_rect(self, words: re.Pattern[str], at: tuple[int, int]) -> QRect:
        """Where a match is."""
        found = self._pieces.found(at[0], words, at[1])
        self._settle()
        start, length, _here = found[min(at[1], len(found) - 1)] if found else (0, 0, False)
        return self.spot_rect((at[0], start), length)

    # Being one of several, or alone

    def place_at(self, screen: QPoint) -> Place:
        """See `selecting.Rows`."""
        return self.row, *self.spot_at(QPointF(self.mapFromGlobal(screen)))

    def between(self, start: Place, end: Place) -> str:
        """See `selecting.Rows`."""
        return text_between(self._leaves, start[1:], end[1:])

    def everything(self) -> tuple[Place, Place]:
        """See `selecting.Rows`."""
        return (self.row, 0, 0), (self.row, max(len(self._leaves) - 1, 0), END)

    # Events

    @override
    def sizeHint(self) -> QSize:
        return QSize(200, self._pieces.height)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._pieces.set_width(self.width()):
            self._settle()
            self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected = self.selecting.within(self.row)
        area = event.rect()
        for number in self._pieces.between(area.top(), area.bottom()):
            piece = self._pieces.all[number]
            if not piece.measured:
                # Nobody said that it would be seen; its height may change that of all.
                self.expose(area.top(), area.bottom())
            self._pieces.lay_out(number)
            painter.save()
            painter.translate(0, piece.top)
            here = self._found_at[1] if number == self._found_at[0] else -1
            piece.paint(
                painter,
                selection=_part_of(selected, number),
                found=self._pieces.found(number, self._search, here),
                scroll_x=self._scrolled(piece),
            )
            painter.restore()
        self._paint_over(painter)
        painter.end()

    def _paint_over(self, painter: QPainter) -> None:
        """For what lies above the text."""

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() is not Qt.MouseButton.LeftButton:
            event.ignore()
            return
        place = self.row, *self.spot_at(event.position())
        self._pressed_link = self.link_at(event.position())
        extends = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        self.selecting.begin(place, extends=extends)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.selecting.dragging:
            self.selecting.drag_to(event.globalPosition().toPoint())
            return
        link = self.link_at(event.position())
        shape = Qt.CursorShape.PointingHandCursor if link else Qt.CursorShape.IBeamCursor
        if self.cursor().shape() is not shape:
            self.setCursor(shape)
            plain_tooltip(self, link)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.selecting.end_drag()
        link = self.link_at(event.position())
        if link and link == self._pressed_link and self.selecting.range is None:
            self.link_clicked.emit(link)
        self._pressed_link = ""

    @override
    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        number, at = self.spot_at(event.position())
        if not self._pieces.all:
            return
        cursor = QTextCursor(self._pieces.lay_out(number).document())
        cursor.setPosition(at)
        cursor.select(QTextCursor.SelectionType.WordUnderCursor)
        start, end = cursor.selectionStart(), cursor.selectionEnd()
        self.selecting.select((self.row, number, start), (self.row, number, end))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.matches(QKeySequence.StandardKey.Copy):
            self.selecting.copy()
        elif event.matches(QKeySequence.StandardKey.SelectAll):
            self.selecting.select_all()
        elif not self._extend(event):
            super().keyPressEvent(event)

    def _extend(self, event: QKeyEvent) -> bool:
        """Select by key."""
        step = next((move for keys, move in _STEPS if event.matches(keys)), None)
        if step is None or not self._pieces.all:
            return False
        head = self.selecting.head
        if head is None or head[0] != self.row:
            top = self._exposed[0]
            head = self.row, *self.spot_at(QPointF(0, max(top, 0)))
            self.selecting.begin(head)
            self.selecting.dragging = False
        spot = self._stepped((head[1], head[2]), step)
        self.selecting.extend_to((self.row, *spot))
        self.reveal_wanted.emit(self.spot_rect(spot))
        return True

    def _stepped(self, spot: Spot, step: QTextCursor.MoveOperation) -> Spot:
        cursor = QTextCursor(self._pieces.lay_out(spot[0]).document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.setPosition(min(spot[1], cursor.position()))
        if cursor.movePosition(step):
            return spot[0], cursor.position()
        if step in _BACK and spot[0] > 0:
            above = self._pieces.lay_out(spot[0] - 1).document()
            return spot[0] - 1, above.characterCount() - 1
        if step not in _BACK and spot[0] + 1 < len(self._pieces.all):
            return spot[0] + 1, 0
        return spot[0], 0 if step in _BACK else cursor.position()

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        copy = menu.addAction(_("Copy"), self.selecting.copy)
        copy.setEnabled(self.selecting.range is not None)
        menu.addAction(_("Select all"), self.selecting.select_all)
        if link := self.link_at(QPointF(event.pos())):
            menu.addSeparator()
            menu.addAction(_("Copy link address"), lambda: QGuiApplication.clipboard().setText(link))
        menu.popup(event.globalPos())

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.update()

    def _on_theme_changed(self) -> None:
        self._pieces.forget()
        self._settle()
        self.update()


def _part_of(selected: tuple[Spot, Spot] | None, number: int) -> tuple[int, int] | None:
    if selected is None or not selected[0][0] <= number <= selected[1][0]:
        return None
    start = selected[0][1] if number == selected[0][0] else 0
    return start, selected[1][1] if number == selected[1][0] else END


_STEPS = (
    (QKeySequence.StandardKey.SelectNextChar, QTextCursor.MoveOperation.Right),
    (QKeySequence.StandardKey.SelectPreviousChar, QTextCursor.MoveOperation.Left),
    (QKeySequence.StandardKey.SelectNextWord, QTextCursor.MoveOperation.NextWord),
    (QKeySequence.StandardKey.SelectPreviousWord, QTextCursor.MoveOperation.PreviousWord),
    (QKeySequence.StandardKey.SelectNextLine, QTextCursor.MoveOperation.Down),
    (QKeySequence.StandardKey.SelectPreviousLine, QTextCursor.MoveOperation.Up),
    (QKeySequence.StandardKey.SelectStartOfLine, QTextCursor.MoveOperation.StartOfLine),
    (QKeySequence.StandardKey.SelectEndOfLine, QTextCursor.MoveOperation.EndOfLine),
)
_BACK = (
    QTextCursor.MoveOperation.Left,
    QTextCursor.MoveOperation.PreviousWord,
    QTextCursor.MoveOperation.Up,
    QTextCursor.MoveOperation.StartOfLine,
)

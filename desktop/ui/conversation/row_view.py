"""A long column of messages that scrolls: only what is near the eye is built, and what is read stays put.

Heights of messages that were never built are guessed; as they get their real ones, and as answers grow, the
scroll bar follows what is at the upper edge, or stays at the end.
"""

from time import perf_counter

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractScrollArea, QApplication, QFrame, QWidget

from desktop.core.compat import override
from desktop.ui import theme
from desktop.ui.conversation.plain import Spot
from desktop.ui.conversation.rows import Item, Row, Rows
from desktop.ui.widgets.overlay_scroll import OverlayScrollBar

NEAR_PX = 24
MOST_WIDTH_PX = 900
BOTTOM_PX = 14
BUDGET_S = 0.004
"""Of a frame, for building; what is left comes with the next one."""

AHEAD = 1.0
"""Messages are built so many heights of the view above and below it, and let go beyond three times that."""

ROUNDS = 4
MOST_BUILT = 40
STEP_PX = 24
EDGE_PX = 60
"""What is to be seen is not so near the edge, where something may float."""


class RowView(QAbstractScrollArea):
    """Rows one below the other.

    Signals:
        moved: something else is seen, or has another place.
    """

    moved = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = Rows()
        self.follows = True
        self.room_below_px = BOTTOM_PX
        self._built: set[int] = set()
        self._anchor: tuple[int, tuple[Spot | None, int], int] | None = None
        self._keeping = False
        self._filling = QTimer(self)
        self._filling.setInterval(0)
        self._filling.timeout.connect(self._fill)
        self._changed = QTimer(self)
        self._changed.setSingleShot(True)
        self._changed.setInterval(0)
        self._changed.timeout.connect(self._on_changed)
        self._outdated: set[int] = set()
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.viewport().setAutoFillBackground(False)
        self.verticalScrollBar().setSingleStep(STEP_PX)
        self._overlay = OverlayScrollBar(self)

    # What a subclass knows

    def make_item(self, row: Row, number: int) -> Item:
        """The widget of a row."""
        raise NotImplementedError

    def item_built(self, item: Item) -> None:
        """A widget has its place among the others."""

    def item_let_go(self, item: Item) -> None:
        """A hidden widget that is nobody's any more."""
        item.deleteLater()

    def may_let_go(self, row: Row) -> bool:
        """Whether a row that is far away may lose its widget."""
        focus = QApplication.focusWidget()
        return row.item is not None and (focus is None or not row.item.isAncestorOf(focus))

    # Rows

    def items(self) -> list[Item]:
        """The widgets that there are, in order."""
        return [item for number in sorted(self._built) if (item := self.rows.all[number].item) is not None]

    def clear(self) -> None:
        """No rows at all."""
        self._filling.stop()
        self._changed.stop()
        self._outdated.clear()
        focus = QApplication.focusWidget()
        if focus is not None and self.viewport().isAncestorOf(focus):
            # It would wander from row to row while they go, and end at some other part of the window.
            self.setFocus()
        for number in list(self._built):
            self._let_go(number)
        self.rows = Rows()
        self.rows.set_width(self._side_and_width()[1])
        self._anchor = None

    def show_end(self) -> None:
        """Go to the end and stay there; what is then seen is built at once."""
        self.follows = True
        self._settle(complete=True)

    def reveal(self, number: int, inside: QRect) -> None:
        """Bring a part of a row into sight, with some room around."""
        row = self.rows.all[number]
        bar, high = self.verticalScrollBar(), self.viewport().height()
        top = row.top + inside.top() - bar.value()
        if top < EDGE_PX or top + inside.height() > high - EDGE_PX:
            self.follows = False
            self._anchor = number, row.anchor(inside.top()), high // 3
            self._settle()

    def build(self, number: int) -> Item:
        """The widget of a row, made if there is none."""
        row = self.rows.all[number]
        if row.item is None:
            guessed = row.height
            row.item = item = self.make_item(row, number)
            if item.parentWidget() is not self.viewport():
                item.setParent(self.viewport())
            item.installEventFilter(self)
            self._built.add(number)
            # Only what is shown has the sizes of the style sheet; it is laid out for the width it has then.
            item.resize(self.rows.width, row.height)
            item.show()
            self._measure(number)
            if self._anchor is not None and self._anchor[0] == number and self._anchor[1][0] is None:
                inside = self._anchor[1][1]
                # So far into it as it seemed to be.
                inside = round(inside / max(guessed, 1) * row.height) if inside > 0 else inside
                self._anchor = number, row.anchor(inside), self._anchor[2]
            self.item_built(item)
        return row.item

    def hold(self, number: int, y: int) -> None:
        """Keep the top of a row at a height of the window from now on."""
        self.follows = False
        self._anchor = number, (None, 0), y

    def hold_below(self, number: int, y: int) -> None:
        """Keep the lower edge of a row at a height of the window, as far as that can be scrolled to."""
        self.follows = False
        self._anchor = number, (None, self.rows.all[number].height), y
        self._settle(complete=True)
        self.follows = self.from_end() <= NEAR_PX

    def outdate(self, number: int) -> None:
        """A row's height may be another one by now."""
        self._outdated.add(number)
        if not self._changed.isActive():
            self._changed.start()

    def _measure(self, number: int) -> bool:
        """Take a row's real height; whether it is another one."""
        row = self.rows.all[number]
        if row.item is None:
            return False
        height = row.item.take_width(self.rows.width)
        if height == row.height:
            return False
        row.height = height
        self.rows.place(number)
        return True

    def _let_go(self, number: int) -> None:
        row = self.rows.all[number]
        item, row.item = row.item, None
        self._built.discard(number)
        if item is not None:
            item.removeEventFilter(self)
            item.hide()
            self.item_let_go(item)

    # Places

    def _side_and_width(self) -> tuple[int, int]:
        padding = theme.current().metric("conversation_padding")
        side = max(padding, (self.width() - MOST_WIDTH_PX) // 2)
        return side, max(self.width() - 2 * side, 80)

    def content_y(self, screen: QPoint) -> int:
        """At which height of all a point of the screen is."""
        return self.viewport().mapFromGlobal(screen).y() + self.verticalScrollBar().value()

    def from_end(self) -> int:
        """How far the end is."""
        return self.verticalScrollBar().maximum() - self.verticalScrollBar().value()

    def _settle(self, *, complete: bool = False) -> None:
        """Build what is seen, and let everything have its place; ``complete`` whatever time it takes."""
        until = perf_counter() + (60 if complete else BUDGET_S)
        for _round in range(ROUNDS):
            self._keep_place()
            if not self._build_seen(until):
                break
        self._keep_place()
        self._set_places()
        if not self._filling.isActive() and self.rows.all:
            self._filling.start()
        self.moved.emit()

    def _build_seen(self, until: float) -> bool:
        """Whether anything has another height now."""
        top, high = self.verticalScrollBar().value(), self.viewport().height()
        changed = False
        seen = self.rows.between(top, top + high)
        for number in reversed(seen) if self.follows else seen:
            if self.rows.all[number].item is None:
                if perf_counter() > until:
                    return changed
                self.build(number)
                changed = True
            changed |= self._expose(number, top, high)
        return changed

    def _expose(self, number: int, top: int, high: int) -> bool:
        row = self.rows.all[number]
        if row.item is None:
            return False
        view = row.item.text_view
        above = row.top + view.mapTo(row.item, QPoint(0, 0)).y() - top
        before = view.height()
        view.expose(-above - high // 2, -above + high + high // 2)
        return view.height() != before and self._measure(number)

    def _keep_place(self) -> None:
        """Stay at the end, or else at what is being read: what comes above or below must not move it."""
        bar, high = self.verticalScrollBar(), self.viewport().height()
        self._keeping = True
        bar.setPageStep(max(high, 1))
        bar.setRange(0, max(0, self.rows.height + self.room_below_px - high))
        if self.follows:
            bar.setValue(bar.maximum())
        elif self._anchor is not None and self._anchor[0] < len(self.rows.all):
            number, anchor, y = self._anchor
            row = self.rows.all[number]
            bar.setValue(row.top + row.anchor_y(anchor) - y)
        self._keeping = False

    def _take_anchor(self) -> None:
        """Remember what is at the upper edge."""
        value = self.verticalScrollBar().value()
        if not self.rows.all:
            self._anchor = None
            return
        number = self.rows.at(value)
        self._anchor = number, self.rows.all[number].anchor(value - self.rows.all[number].top), 0

    def _set_places(self) -> None:
        side, width = self._side_and_width()
        value = self.verticalScrollBar().value()
        for number in list(self._built):
            row = self.rows.all[number]
            if row.item is not None:
                row.item.setGeometry(side, row.top - value, width, row.height)

    def _fill(self) -> None:
        """One thing of what may be seen next; and let go of what is far."""
        high = self.viewport().height()
        value = self.verticalScrollBar().value()
        near = self.rows.between(round(value - AHEAD * high), round(value + (1 + AHEAD) * high))
        middle = self.rows.at(value + high // 2)
        number = min(
            (n for n in near if self.rows.all[n].item is None), key=lambda n: abs(n - middle), default=None
        )
        if number is None:
            self._filling.stop()
            self._let_go_of_far(value, high)
            return
        row = self.rows.all[number]
        if row.known_leaves is None and row.may_be_read_ahead:
            # Reading it is half of the work.
            _leaves = row.leaves
            return
        self.build(number)
        if len(self._built) > MOST_BUILT:
            self._let_go_of_far(value, high)
        self._settle()

    def _let_go_of_far(self, value: int, high: int) -> None:
        kept = self.rows.between(round(value - 3 * AHEAD * high - 1), round(value + (1 + 3 * AHEAD) * high))
        for number in [n for n in self._built if n not in kept and self.may_let_go(self.rows.all[n])]:
            self._let_go(number)

    def _on_changed(self) -> None:
        changed, self._outdated = self._outdated, set()
        if any([self._measure(number) for number in changed if number < len(self.rows.all)]):  # noqa: C419 - all are measured
            self._settle()
        else:
            self._set_places()

    # Events

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.LayoutRequest:
            number = next((n for n in self._built if self.rows.all[n].item is watched), None)
            if number is not None and self._measure(number):
                self._settle()
        return super().eventFilter(watched, event)

    @override
    def scrollContentsBy(self, dx: int, dy: int) -> None:
        if self._keeping:
            return
        self.follows = self.from_end() <= NEAR_PX
        self._take_anchor()
        self._settle()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        width = self._side_and_width()[1]
        if width != self.rows.width:
            self.rows.set_width(width)
            for number in sorted(self._built):
                self._measure(number)
        self._settle(complete=True)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        bar = self.verticalScrollBar()
        if event.key() == Qt.Key.Key_Home:
            bar.setValue(0)
        elif event.key() == Qt.Key.Key_End:
            bar.setValue(bar.maximum())
        else:
            super().keyPressEvent(event)

    @override
    def focusNextPrevChild(self, forward: bool) -> bool:
        moved = super().focusNextPrevChild(forward)
        focus: QWidget | None = self.focusWidget()
        if not moved or focus is None:
            return moved
        number = self._row_of(focus)
        if number is not None:
            item = self.build(number)
            top = focus.mapTo(item, QPoint(0, 0))
            self.reveal(number, QRect(top, focus.size().boundedTo(self.viewport().size() / 2)))
        return moved

    def _row_of(self, widget: QWidget) -> int | None:
        for number in self._built:
            item = self.rows.all[number].item
            if item is not None and item.isAncestorOf(widget):
                return number
        return None

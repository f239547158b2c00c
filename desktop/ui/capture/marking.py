"""What is drawn on the picture of one screen, with the viewer's editor: tools, text, undo."""

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QObject, QPointF, QRect, QRectF, Signal
from PySide6.QtGui import QPainter, QTransform
from PySide6.QtWidgets import QWidget

from desktop.core.edits import Area, Callout, Edits, Point
from desktop.tasks.marks import mark_boxes, mark_sizes, paint_marks
from desktop.ui.capture.captured import within
from desktop.ui.viewer.edit_history import EditHistory
from desktop.ui.viewer.editor import Editor, Reach
from desktop.ui.viewer.items import Item, exists, handles
from desktop.ui.viewer.overlay import on_widget, paint_blackouts, paint_selected, written_boxes
from desktop.ui.viewer.writing import Writing

_REACH_PX = 6
_HALO_PX = 12
"""Of handles around what is selected."""


class Marks(QObject):
    """The edits of one screen's picture; the chosen region is their crop.

    Attributes:
        editor: the edits, and what is being done with them.

    Signals:
        changed: something is to be painted anew.
        stepped: a step has ended, or another can be undone now.
        text_left: Escape while a text was being written.
    """

    changed = Signal()
    stepped = Signal()
    text_left = Signal()

    def __init__(self, room: QWidget, page_px: tuple[int, int], way: Callable[[], QTransform]) -> None:
        """Draw on a picture of ``page_px``, shown in ``room`` by this ``way`` from its pixels."""
        super().__init__(room)
        self.editor = Editor()
        self.editor.take_page(page_px)
        self._way = way
        self._history = EditHistory()
        self._writing = Writing(room, lambda: self.editor, self.box)
        self._writing.ended.connect(self._on_written)
        self._writing.changed.connect(self.changed)
        self._writing.cancelled.connect(self.text_left)

    @property
    def can_undo(self) -> bool:
        """Whether there is a step to take back."""
        return self._history.can_undo

    @property
    def can_redo(self) -> bool:
        """Whether there is one to make again."""
        return self._history.can_redo

    @property
    def area(self) -> Area | None:
        """Where marks can be drawn."""
        return self.editor.edits.crop

    def set_area(self, area: Area | None) -> None:
        """The region is this now; marks stay where they are on the picture."""
        if area != self.area:
            self._writing.finish()
            self.editor.take_edits(replace(self.editor.edits, crop=area))

    def edits_within(self, area: Area) -> Edits:
        """What is seen of it in an area, in pixels of that area."""
        return within(self.editor.now, area, self.editor.page_px)

    def set_tool(self, tool: str | None) -> None:
        """Take a tool in hand, or none."""
        self._writing.finish()
        self._tell(self.editor.take_tool(tool))

    def is_on_something(self, at: Point) -> bool:
        """Whether a press would take hold of something that was drawn."""
        if self.area is None:
            return False
        reach = self._reach()
        return self.editor.handle_at(at, reach) is not None or self.editor.item_at(at, reach) is not None

    def handle_at(self, at: Point) -> str | None:
        """The handle of what is selected, at a point."""
        return None if self.area is None else self.editor.handle_at(at, self._reach())

    def press(self, at: Point) -> bool:
        """The pointer went down; whether there was something to do for it."""
        self._writing.finish()
        taken = self.area is not None and self.editor.press(at, self._reach())
        self.changed.emit()
        return taken

    def move(self, at: Point, *, even: bool) -> None:
        """The pointer moved with what was pressed."""
        self.editor.move(at, even=even)
        self.changed.emit()

    def release(self, at: Point, *, is_click: bool) -> None:
        """The pointer came up."""
        self._tell(self.editor.release(at, self._reach(), is_click=is_click))
        self._writing.ask()

    def nudge(self, across: int, down: int, *, size: bool) -> bool:
        """Move what is selected, or change its ``size``; whether anything is."""
        if self.editor.selected is None:
            return False
        done = self.editor.stretch(across, down) if size else self.editor.nudge(across, down)
        self._tell(self.editor.finish())
        return done

    def delete(self) -> bool:
        """Remove what is selected; whether something was."""
        if self.editor.selected is None:
            return False
        self._tell(self.editor.delete())
        self.stepped.emit()
        return True

    def place(self) -> bool:
        """Type what is selected, or put what the tool makes into the middle; whether there was anything."""
        selected, area = self.editor.selected, self.area
        if selected is not None and self.editor.begin_writing(selected):
            self._writing.ask()
            return True
        if area is None or self.editor.tool is None:
            return False
        self._tell(self.editor.place(area))
        self._writing.ask()
        return True

    def type_at(self, at: Point) -> bool:
        """Type the label or the legend at a point; whether there is one."""
        item = self.editor.item_at(at, self._reach()) if self.area is not None else None
        if item is None or not self.editor.begin_writing(item):
            return False
        self._writing.ask()
        return True

    def select_next(self, step: int) -> bool:
        """Select the next thing, or the one before; whether there is any."""
        found = self.editor.select_next(step)
        self.changed.emit()
        self.stepped.emit()
        return found

    def deselect(self) -> None:
        """Select nothing."""
        self.editor.selected = None
        self.changed.emit()

    def finish_writing(self) -> None:
        """What is typed so far is all, if anything is being typed."""
        self._writing.finish()

    def escape(self) -> bool:
        """Leave the gesture, what is selected, or the tool; whether there was anything to leave."""
        left = self.editor.escape()
        self._writing.close_quietly()
        self.changed.emit()
        self.stepped.emit()
        return left

    def undo(self) -> None:
        """Take the last step back."""
        self._go(self._history.undone())

    def redo(self) -> None:
        """Make it again."""
        self._go(self._history.redone())

    def box(self, item: Item) -> QRectF | None:
        """What an item covers in the window; None if it lies outside of the region."""
        area, now = self.area, self.editor.now
        if area is None:
            return None
        if item.kind == "blackout":
            return on_widget(now.blackouts[item.index], self._way())
        size = area.width_px, area.height_px
        box = mark_boxes(now, self.editor.page_px, size).get(item.index)
        return None if box is None else self._way().mapRect(box.translated(area.left, area.top))

    def painted(self) -> dict[object, QRect]:
        """What `paint` and `paint_selected` show, and where in the window."""
        area, now = self.area, self.editor.now
        if area is None:
            return {}
        size = area.width_px, area.height_px
        sizes, way = mark_sizes(size), self._way()
        beyond = (sizes.head + 2 * sizes.outline) * way.m11() + _HALO_PX
        found: dict[object, QRectF | None] = {("blackout", box): on_widget(box, way) for box in now.blackouts}
        number = 0
        boxes = mark_boxes(now, self.editor.page_px, size) if now.marks else {}
        for index, mark in enumerate(now.marks):
            number += isinstance(mark, Callout)
            if index in boxes:
                box = boxes[index].translated(area.left, area.top)
                found[mark, number if isinstance(mark, Callout) else 0] = way.mapRect(box)
        selected = self.editor.selected
        if selected is not None and exists(now, selected):
            found["selected", selected, self.editor.is_writing] = self.box(selected)
        around = (-beyond, -beyond, beyond, beyond)
        return {key: box.adjusted(*around).toAlignedRect() for key, box in found.items() if box is not None}

    def paint(self, painter: QPainter) -> None:
        """Paint what comes out, in pixels of the picture."""
        area = self.area
        if area is None or not (self.editor.now.marks or self.editor.now.blackouts):
            return
        shown, size = self.edits_within(area), (area.width_px, area.height_px)
        painter.save()
        painter.translate(area.left, area.top)
        paint_blackouts(painter, shown.blackouts, QTransform())
        paint_marks(painter, shown, size, size)
        painter.restore()

    def paint_selected(self, painter: QPainter) -> None:
        """Paint the handles of what is selected, in the window's own pixels."""
        selected = self.editor.selected
        if selected is None or self.editor.is_writing or (box := self.box(selected)) is None:
            return
        points = (self._way().map(QPointF(*at)) for at in handles(self.editor.now, selected).values())
        paint_selected(painter, box, [(point.x(), point.y()) for point in points])

    def _reach(self) -> Reach:
        area, now = self.area, self.editor.now
        scale = self._way().m11()
        boxes = (
            {} if area is None else written_boxes(now, self.editor.page_px, (area.width_px, area.height_px))
        )
        return Reach(_REACH_PX / scale, boxes)

    def _tell(self, edits: Edits | None) -> None:
        if edits is not None:
            self._history = self._history.pushed(replace(edits, crop=None))
        self.changed.emit()
        self.stepped.emit()

    def _on_written(self, edits: Edits | None) -> None:
        self._tell(edits)

    def _go(self, history: EditHistory) -> None:
        self._writing.finish()
        self._history = history
        self.editor.take_edits(replace(history.now, crop=self.area))
        self.changed.emit()
        self.stepped.emit()

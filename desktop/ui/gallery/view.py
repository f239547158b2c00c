"""The gallery's tiles under mouse and keyboard: clicks and keys become an ordered selection."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QItemSelection, QItemSelectionModel, QPoint, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QKeySequence,
    QPainter,
    QPaintEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QWidget

from desktop.core.compat import override
from desktop.ui import theme
from desktop.ui.gallery.layout import Step
from desktop.ui.gallery.model import GalleryModel
from desktop.ui.gallery.pointing import Pointing
from desktop.ui.gallery.selecting import Selecting
from desktop.ui.gallery.tile_view import TileView

_STEPS: dict[int, Step] = {
    Qt.Key.Key_Left.value: Step.LEFT,
    Qt.Key.Key_Right.value: Step.RIGHT,
    Qt.Key.Key_Up.value: Step.UP,
    Qt.Key.Key_Down.value: Step.DOWN,
    Qt.Key.Key_PageUp.value: Step.PAGE_UP,
    Qt.Key.Key_PageDown.value: Step.PAGE_DOWN,
    Qt.Key.Key_Home.value: Step.HOME,
    Qt.Key.Key_End.value: Step.END,
}
_MOST_MIRRORED = 200
_ZOOM_STEP = 1.12
_ZOOMING: dict[int, float] = {
    Qt.Key.Key_Plus.value: _ZOOM_STEP,
    Qt.Key.Key_Equal.value: _ZOOM_STEP,
    Qt.Key.Key_Minus.value: 1 / _ZOOM_STEP,
}
_OPENING = frozenset({Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter})
_REMOVING = frozenset({Qt.Key.Key_Delete, Qt.Key.Key_Backspace})


class GalleryView(TileView):
    """A click selects one tile, Ctrl adds or takes away, Shift selects a range, a box what it touches.

    A click between the tiles changes nothing. Ctrl and the wheel make tiles larger and smaller.

    Signals:
        selection_changed(list): keys of the selected tiles that can be sent, in the order of selecting them.
        remove_requested(list): keys that the user wants out of the gallery.
        opened(int): key of the tile that the user wants to see large: double-click, Space or Enter.
        asked_clicked(int): key of the tile whose conversations the user wants to see.
        menu_requested(list, QPoint): keys that a menu is wanted for, and where on the screen.
        drag_started(list): keys that are being dragged out.
    """

    selection_changed = Signal(list)
    remove_requested = Signal(list)
    opened = Signal(int)
    asked_clicked = Signal(int)
    menu_requested = Signal(list, QPoint)
    drag_started = Signal(list)

    # Qt sends events while the view is still being made.
    _pointing: Pointing | None = None

    def __init__(self, model: GalleryModel, parent: QWidget | None = None) -> None:
        super().__init__(model, parent)
        self._selecting = Selecting()
        self._current: int | None = None
        self._told: list[int] = []
        self._wheel = 0
        self._pointing = Pointing(self, self._selecting)
        self._typed = ""
        model.modelReset.connect(self._keep_current)
        model.tiles_changed.connect(self._on_usable_changed)

    def selection_order(self) -> list[int]:
        """Keys of the selected tiles that can be sent, in the order of selecting them."""
        return [key for key in self._selecting.order if self.tiles.source.is_usable(key)]

    def selected_keys(self) -> list[int]:
        """Keys of all selected tiles, the unusable ones too, in the order of selecting them."""
        return list(self._selecting.order)

    def select(self, keys: Sequence[int]) -> None:
        """Select exactly these, in this order. Scrolls to the first one that was not selected before."""
        fresh = next(
            (key for key in keys if key not in self._selecting and self.tiles.row(key) is not None), None
        )
        self._selecting.set(keys)
        if fresh is not None:
            self.make_current(fresh)
        self.on_selected()

    def forget(self, keys: Sequence[int]) -> None:
        """These images are not there any more."""
        self._selecting.drop(keys)
        self.on_selected()

    def focus_tile(self, key: int) -> None:
        """Give the keyboard to the tile of ``key`` and bring it into view; the selection stays."""
        self.make_current(key)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def selectAll(self) -> None:
        """Select every tile that is shown and can be sent."""
        self._selecting.narrow(key for key in self.tiles.keys if self.tiles.source.is_usable(key))
        self.on_selected()

    @override
    def clearSelection(self) -> None:
        """Select nothing."""
        self._selecting.set(())
        self.on_selected()

    def invert_selection(self) -> None:
        """Select what is shown and not selected."""
        self._selecting.invert(key for key in self.tiles.keys if self.tiles.source.is_usable(key))
        self.on_selected()

    def on_selected(self) -> None:
        """Show and tell the selection, if it is another one."""
        self._mirror()
        usable = self.selection_order()
        selected = frozenset(self._selecting.order)
        if selected != self._selected_keys:
            self._selected_keys = selected
            self.viewport().update()
        if usable != self._told:
            self._told = usable
            self.tiles.set_numbers(usable)
            self.viewport().update()
            self.selection_changed.emit(list(usable))

    def make_current(self, key: int, *, scroll: bool = True) -> None:
        """Keys begin at this tile now."""
        row = self.tiles.row(key)
        if row is None:
            return
        before, self._current = self._current, key
        index = self.tiles.index(row)
        self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        if scroll:
            self.scrollTo(index)
        self.update_keys(key for key in (before, key) if key is not None)

    def current_key(self) -> int | None:
        """The tile that keys begin at."""
        return (
            self._current if self._current is not None and self.tiles.row(self._current) is not None else None
        )

    def hover(self, key: int | None) -> None:
        """The pointer is over this tile now."""
        if key != self._hovered:
            before, self._hovered = self._hovered, key
            self.update_keys(key for key in (before, key) if key is not None)

    def show_focus(self, *, on: bool) -> None:
        """Mark the current tile, or do not, because the mouse is used."""
        if self._keyboard != on:
            self._keyboard = on
            self.viewport().update()

    # Events

    @override
    def viewportEvent(self, event: QEvent) -> bool:
        if self._pointing is not None and self._pointing.handle(event):
            return True
        return super().viewportEvent(event)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        box = self._pointing.box if self._pointing is not None else None
        if box is not None:
            look = theme.current()
            painter = QPainter(self.viewport())
            fill = look.color("accent_line")
            fill.setAlphaF(0.12)
            painter.fillRect(box, fill)
            painter.setPen(look.color("accent_line"))
            painter.drawRect(box.adjusted(0, 0, -1, -1))

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        if not event.modifiers() & Qt.KeyboardModifier.ControlModifier:
            super().wheelEvent(event)
            return
        self._wheel += event.angleDelta().y()
        steps, self._wheel = int(self._wheel / 120), self._wheel - 120 * int(self._wheel / 120)
        if steps:
            self.set_tile_width(round(self.tile_width * _ZOOM_STEP**steps))
        event.accept()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
        if key in _STEPS and self.tiles.keys and not event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._move(_STEPS[key], control=control, shift=shift)
        elif (act := self._actions(event, control=control, shift=shift)) is not None:
            act()
        elif event.text().strip() and not control:
            self.show_focus(on=True)
            self.keyboardSearch(event.text())
        else:
            event.ignore()
            return
        event.accept()

    @override
    def keyboardSearch(self, search: str) -> None:
        """Go to the next tile whose name begins with what is typed."""
        if self._pointing is not None:
            self._pointing.typed(search)

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        tabbed = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self.show_focus(on=tabbed)
        super().focusInEvent(event)
        if tabbed and self.current_key() is None and self.tiles.keys:
            self.make_current(self.tiles.keys[0])

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_keys = event.reason() is QContextMenuEvent.Reason.Keyboard
        key = self.current_key() if by_keys else self.key_at(event.pos())
        if key is not None and key not in self._selecting:
            self._selecting.only(key)
            self.make_current(key, scroll=by_keys)
            self.on_selected()
        place = event.globalPos()
        row = None if key is None else self.tiles.row(key)
        if by_keys and row is not None:
            place = self.viewport().mapToGlobal(self.row_rect(row).center())
        self.menu_requested.emit(self.selected_keys() if key is not None else [], place)

    def _actions(self, event: QKeyEvent, *, control: bool, shift: bool) -> Callable[[], object] | None:
        """What a key does that moves nowhere."""
        current, key = self.current_key(), event.key()
        if key in _REMOVING and not shift:
            return self.request_removal
        if key in _OPENING and current is not None and (not control or key == Qt.Key.Key_Space):
            return lambda: self._toggle(current) if control else self.open(current)
        if event.matches(QKeySequence.StandardKey.SelectAll):
            return self.selectAll
        if key == Qt.Key.Key_I and control and shift:
            return self.invert_selection
        if control and (factor := _ZOOMING.get(key)) is not None:
            return lambda: self.set_tile_width(round(self.tile_width * factor))
        return None

    def request_removal(self) -> None:
        """The selected tiles are to go out of the gallery."""
        if self._selecting.order:
            self.remove_requested.emit(list(self._selecting.order))

    def open(self, key: int) -> None:
        """Show an image large, if it can be shown."""
        if self.tiles.tile(key).state == "ready":
            self.opened.emit(key)

    def _toggle(self, key: int) -> None:
        self._selecting.toggle(key)
        self.on_selected()

    def _move(self, step: Step, *, control: bool, shift: bool) -> None:
        self.show_focus(on=True)
        current = self.current_key()
        row = 0 if current is None else self.tiles.row(current)
        if current is not None and row is not None:
            row = self.layout_now.moved(row, step, page_px=self.viewport().height())
        key = self.tiles.keys[row or 0]
        self.make_current(key)
        if shift:
            self.extend_to(key, add=control)
        elif not control:
            self._selecting.only(key)
            self.on_selected()

    def extend_to(self, key: int, *, add: bool) -> None:
        """Select from where ranges begin to a tile."""
        anchor = self._selecting.anchor
        rows = self.tiles.row(key if anchor is None else anchor), self.tiles.row(key)
        first, last = rows[0] if rows[0] is not None else rows[1], rows[1]
        if first is not None and last is not None:
            self._selecting.extend(key, self.tiles.keys, (first, last), add=add)
            self.on_selected()

    def _keep_current(self) -> None:
        """Qt forgets the current tile with the rows."""
        if (key := self.current_key()) is not None:
            self.make_current(key, scroll=False)
        self._mirror()

    def _on_usable_changed(self, _keys: list[int]) -> None:
        # A tile may have become unusable.
        if self._selecting.order:
            self.on_selected()

    def _mirror(self) -> None:
        """Tell Qt's selection, which screen readers ask, what is selected; not where it is very much."""
        chosen = QItemSelection()
        if len(self._selecting.order) <= _MOST_MIRRORED:
            rows = map(self.tiles.row, self._selecting.order)
            for index in (self.tiles.index(row) for row in rows if row is not None):
                chosen.select(index, index)
        elif len(self._selecting.order) == len(self.tiles.keys):
            chosen.select(self.tiles.index(0), self.tiles.index(len(self.tiles.keys) - 1))
        self.selectionModel().select(chosen, QItemSelectionModel.SelectionFlag.ClearAndSelect)

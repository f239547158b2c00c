"""The grid of tiles: clicks and keys become an ordered selection."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import (
    QEvent,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QSize,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QFocusEvent, QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QApplication, QListView, QMenu, QWidget

from desktop.core.compat import override
from desktop.core.text import _, ngettext
from desktop.ui import theme
from desktop.ui.gallery.delegate import TileDelegate
from desktop.ui.gallery.grid import HALO_PX, Grid, fitted
from desktop.ui.gallery.model import GalleryModel
from desktop.ui.widgets.overlay_scroll import OverlayScrollBar

_OPENING_KEYS = frozenset({Qt.Key.Key_Space.value, Qt.Key.Key_Return.value, Qt.Key.Key_Enter.value})


class GalleryView(QListView):
    """Tiles that fill the width. A click selects one tile, Ctrl adds or takes away, Shift selects a range.

    A click between the tiles changes nothing; dragging from there selects what it touches.

    Signals:
        selection_changed(list): keys of the selected tiles that can be sent, in the order of selecting them.
        remove_requested(list): keys that the user wants out of the gallery.
        thumbnails_wanted(list): keys of all visible tiles that lack a thumbnail or are not looked at yet,
            from the top, when they are others than before.
        opened(int): key of the tile that the user wants to see large: double-click, Space or Enter.
    """

    selection_changed = Signal(list)
    remove_requested = Signal(list)
    thumbnails_wanted = Signal(list)
    opened = Signal(int)

    def __init__(self, model: GalleryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._tiles = model
        self._order: list[int] = []
        self._told: list[int] = []
        self._missing: set[int] = set()
        self._asked: list[int] = []
        self._pressed_between: QPoint | None = None
        self._ask_timer = QTimer(self, singleShot=True, interval=0)
        self._ask_timer.timeout.connect(self._ask_for_thumbnails)
        self._delegate = TileDelegate(model, self._fit(400), self)
        self._delegate.missing.connect(self._on_missing)
        self._set_up()
        self.setModel(model)
        self.setItemDelegate(self._delegate)
        self.selectionModel().selectionChanged.connect(self._on_selected)
        model.rowsRemoved.connect(self._on_selected)
        model.modelReset.connect(self._on_reset)
        # A tile may have become unusable. Thousands may change at once, so it is looked at when they have.
        self._recount_timer = QTimer(self, singleShot=True, interval=0)
        self._recount_timer.timeout.connect(self._on_selected)
        model.dataChanged.connect(self._recount_timer.start)
        OverlayScrollBar(self)
        self.doubleClicked.connect(self._open)
        model.pictured.connect(self._on_pictured)
        theme.current().changed.connect(self.viewport().update)

    def selection_order(self) -> list[int]:
        """Keys of the selected tiles that can be sent, in the order of selecting them."""
        return [key for key in self._order if self._is_usable(key)]

    def selected_keys(self) -> list[int]:
        """Keys of all selected tiles, the unusable ones too, in the order of selecting them."""
        return list(self._order)

    def select(self, keys: Sequence[int]) -> None:
        """Select exactly these, in this order. Scrolls to the first one that was not selected before."""
        rows = {key: row for key in keys if (row := self._tiles.row(key)) is not None}
        fresh = [row for key, row in rows.items() if key not in self._order]
        self._order = list(rows)
        self.selectionModel().select(
            self._ranges(rows.values()), QItemSelectionModel.SelectionFlag.ClearAndSelect
        )
        if fresh:
            first = self._tiles.index(fresh[0])
            self.selectionModel().setCurrentIndex(first, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.scrollTo(first)
        self._on_selected()

    def reveal(self, key: int) -> None:
        """Scroll until the tile of ``key`` stands at the top, or as high as the tiles below it allow."""
        row = self._tiles.row(key)
        if row is not None:
            self.scrollTo(self._tiles.index(row), QAbstractItemView.ScrollHint.PositionAtTop)

    def focus_tile(self, key: int) -> None:
        """Give the keyboard to the tile of ``key`` and bring it into view; the selection stays."""
        row = self._tiles.row(key)
        if row is not None:
            index = self._tiles.index(row)
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
            self.scrollTo(index)
        self.setFocus(Qt.FocusReason.OtherFocusReason)

    @override
    def selectAll(self) -> None:
        """Select every tile that can be sent."""
        rows = (row for row in range(self._tiles.rowCount()) if self._is_usable(self._tiles.tile_at(row).key))
        self.selectionModel().select(self._ranges(rows), QItemSelectionModel.SelectionFlag.ClearAndSelect)

    @override
    def selectionCommand(
        self, index: QModelIndex | QPersistentModelIndex, event: QEvent | None = None
    ) -> QItemSelectionModel.SelectionFlag:
        # A click between the tiles is a slip: it must not drop what may have taken long to select.
        if self._pressed_between is not None and isinstance(event, QMouseEvent):
            return QItemSelectionModel.SelectionFlag.NoUpdate
        return super().selectionCommand(index, event)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        self._place_tiles()
        super().resizeEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self._request_removal()
            return
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if event.key() in _OPENING_KEYS and not control:
            # Ctrl+Space goes on to Qt, which adds the tile to the selection or takes it away.
            self._open(self.currentIndex())
            return
        self._show_focus(on=True)
        super().keyPressEvent(event)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._show_focus(on=False)
        at = event.position().toPoint()
        self._pressed_between = None if self.indexAt(at).isValid() else at
        super().mousePressEvent(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        start = self._pressed_between
        if start is not None:
            moved = (event.position().toPoint() - start).manhattanLength()
            if moved >= QApplication.startDragDistance():
                # It is a rubber band.
                self._pressed_between = None
        super().mouseMoveEvent(event)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        self._pressed_between = None

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        tabbed = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self._show_focus(on=tabbed)
        super().focusInEvent(event)
        if tabbed and not self.currentIndex().isValid() and self._tiles.rowCount():
            self.selectionModel().setCurrentIndex(
                self._tiles.index(0), QItemSelectionModel.SelectionFlag.NoUpdate
            )

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        count = len(self._order)
        look = theme.current()
        if count:
            text = ngettext("Remove from gallery", "Remove {count} images from gallery", count)
            menu.addAction(look.icon("trash-2"), text.format(count=count), self._request_removal)
        everything = menu.addAction(look.icon("layout-grid"), _("Select all") + "\tCtrl+A", self.selectAll)
        everything.setEnabled(self._tiles.rowCount() > 0)
        text = _("Select none") + "\tCtrl+Shift+A"
        menu.addAction(look.icon("square-dashed"), text, self.clearSelection).setEnabled(count > 0)
        menu.popup(event.globalPos())

    def _set_up(self) -> None:
        self.setAccessibleName(_("Gallery"))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setWordWrap(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setSelectionRectVisible(True)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAcceptDrops(False)
        self.setDragEnabled(False)
        self.setMouseTracking(True)
        self.setFrameShape(QListView.Shape.NoFrame)
        inset = theme.current().metric("gallery_padding") - HALO_PX
        self.setViewportMargins(inset, inset, 0, 0)

    def _place_tiles(self) -> None:
        grid = self._fit(self.width() - 2 * theme.current().metric("gallery_padding"))
        self._delegate.set_grid(grid)
        if self.gridSize() != grid.cell:
            self.setGridSize(grid.cell)
            self.verticalScrollBar().setSingleStep(grid.cell.height() // 3)

    def _fit(self, width_px: int) -> Grid:
        look = theme.current()
        tile = QSize(look.metric("tile_width"), look.metric("tile_height"))
        return fitted(
            width_px,
            tile=tile,
            picture_height_px=look.metric("tile_picture_height"),
            gap_px=look.metric("tile_gap"),
        )

    def _on_selected(self) -> None:
        selection = self.selectionModel().selection()
        parts = [selection.at(at) for at in range(selection.count())]
        rows = (row for part in parts for row in range(part.top(), part.bottom() + 1))
        keys = [self._tiles.tile_at(row).key for row in rows if row < self._tiles.rowCount()]
        known, selected = set(self._order), set(keys)
        self._order = [key for key in self._order if key in selected]
        self._order += [key for key in keys if key not in known]
        usable = self.selection_order()
        if usable != self._told:
            self._told = usable
            self._tiles.set_numbers(usable)
            self.viewport().update()
            self.selection_changed.emit(list(usable))

    def _on_reset(self) -> None:
        # Qt forgets the selection with the rows; the keys that are still there stay selected.
        rows = [row for key in self._order if (row := self._tiles.row(key)) is not None]
        self.selectionModel().select(self._ranges(rows), QItemSelectionModel.SelectionFlag.Select)
        self._on_selected()

    def _ranges(self, rows: Iterable[int]) -> QItemSelection:
        selection = QItemSelection()
        first = last = -1
        for row in sorted(rows):
            if row != last + 1 or first < 0:
                if first >= 0:
                    selection.select(self._tiles.index(first), self._tiles.index(last))
                first = row
            last = row
        if first >= 0:
            selection.select(self._tiles.index(first), self._tiles.index(last))
        return selection

    def _is_usable(self, key: int) -> bool:
        tile = self._tiles.tile(key)
        return tile is not None and tile.state != "unusable"

    def _open(self, index: QModelIndex) -> None:
        tile = self._tiles.tile_at(index.row()) if index.isValid() else None
        if tile is not None and tile.state == "ready":
            self.opened.emit(tile.key)

    def _request_removal(self) -> None:
        if self._order:
            self.remove_requested.emit(list(self._order))

    def _show_focus(self, *, on: bool) -> None:
        if self._delegate.keyboard != on:
            self._delegate.keyboard = on
            self.viewport().update()

    def _on_missing(self, key: int) -> None:
        self._missing.add(key)
        self._ask_timer.start()

    def _on_pictured(self, key: int) -> None:
        if key in self._asked:
            self._asked.remove(key)

    def _ask_for_thumbnails(self) -> None:
        rows = sorted(row for key in self._missing if (row := self._missing_row(key)) is not None)
        keys = [self._tiles.tile_at(row).key for row in rows]
        self._missing = set(keys)
        # Not asked again at the next repaint; asked again when it came and was forgotten.
        if keys != self._asked:
            self._asked = list(keys)
            self.thumbnails_wanted.emit(keys)

    def _missing_row(self, key: int) -> int | None:
        """The row of a tile that is on the screen and still lacks something; else None."""
        row = self._tiles.row(key)
        if row is None or not self.visualRect(self._tiles.index(row)).intersects(self.viewport().rect()):
            return None
        complete = self._tiles.tile_at(row).state != "loading" and self._tiles.thumbnail(key) is not None
        return None if complete else row

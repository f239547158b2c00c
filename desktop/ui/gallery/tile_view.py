"""Tiles on the screen: placed, painted in the time of a frame, and their pictures asked for."""

import time
from collections.abc import Iterable, Sequence

from PySide6.QtCore import (
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QPoint,
    QRect,
    Qt,
    QTimer,
    Signal,
)
from PySide6.QtGui import QPainter, QPaintEvent, QRegion, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QListView, QWidget

from desktop.core.compat import override
from desktop.core.text import _
from desktop.ui import theme
from desktop.ui.gallery.grid import HALO_PX
from desktop.ui.gallery.layout import Layout
from desktop.ui.gallery.model import GalleryModel
from desktop.ui.gallery.rendered import Rendered
from desktop.ui.gallery.row_painter import paint_row
from desktop.ui.gallery.sizes import grid_of
from desktop.ui.gallery.tile_painter import Mood, paint_tile
from desktop.ui.widgets.overlay_scroll import OverlayScrollBar

_Index = QModelIndex | QPersistentModelIndex
_FRAME_S = 0.005
"""Painting new tiles takes no longer at a time; the others follow after the next events."""
_ASK_MS = 30
"""While it is scrolled, what is on the screen is told no more often."""
_REST_MS = 4
"""Between two parts of a page other events have their turn."""
_AHEAD_MS = 250
_RESTING_MS = 60
TITLE_PX = 32


class TileView(QAbstractItemView):
    """Places and paints the tiles of a `GalleryModel`, as a grid or as a list.

    Signals:
        thumbnails_wanted(list): keys of all visible tiles that lack a thumbnail or are not looked at yet,
            from the top, and after a moment of those of the next screen, when they are others than before.
        tile_width_changed(int): tiles are this wide by the user's will.
    """

    thumbnails_wanted = Signal(list)
    tile_width_changed = Signal(int)

    def __init__(self, model: GalleryModel, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tiles = model
        self._as_list = False
        self._tile_width = theme.current().metric("tile_width")
        self._grid_of_tiles, self._grid_of_rows = Rendered(paint_tile), Rendered(paint_row)
        self._selected_keys: frozenset[int] = frozenset()
        self._hovered: int | None = None
        self._keyboard = False
        self._asked: list[int] = []
        self._moved_px = 0
        self._kept: tuple[int, int] | None = None
        self._late = QRegion()
        self._paint_rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._paint_rest.timeout.connect(self._update_late)
        self._ask_soon = QTimer(self, singleShot=True, interval=_ASK_MS)
        self._ask_soon.timeout.connect(self._ask_for_thumbnails)
        self._ask_ahead = QTimer(self, singleShot=True, interval=_AHEAD_MS)
        self._ask_ahead.timeout.connect(self._ask_for_the_next)
        self.layout_now = self._laid_out()
        self._set_up()
        self.setModel(model)
        model.modelAboutToBeReset.connect(self._on_about_to_change)
        model.modelReset.connect(self._on_rows_changed)
        model.rowsInserted.connect(self._on_rows_added)
        model.tiles_changed.connect(self._on_tiles_changed)
        model.pictured.connect(self._on_pictured)
        theme.current().changed.connect(self.viewport().update)
        OverlayScrollBar(self)

    @property
    def as_list(self) -> bool:
        """Whether images are rows of a list."""
        return self._as_list

    def show_as(self, *, as_list: bool) -> None:
        """Show a list, or a grid of tiles; what stands at the top stays there."""
        if as_list != self._as_list:
            self._as_list = as_list
            self._lay_out()

    @property
    def tile_width(self) -> int:
        """About how wide tiles are, in px; the real width fills the row."""
        return self._tile_width

    def set_tile_width(self, width_px: int) -> None:
        """Make tiles larger or smaller; what stands at the top stays there."""
        least, most = theme.current().metric("tile_width_least"), theme.current().metric("tile_width_most")
        width_px = min(max(width_px, least), most)
        if width_px != self._tile_width:
            self._tile_width = width_px
            self._lay_out()
            self.tile_width_changed.emit(width_px)

    def reveal(self, key: int) -> None:
        """Scroll until the tile of ``key`` stands at the top, or as high as the tiles below it allow."""
        row = self.tiles.row(key)
        if row is not None:
            self.scrollTo(self.tiles.index(row), QAbstractItemView.ScrollHint.PositionAtTop)

    def row_rect(self, row: int) -> QRect:
        """The tile of a row in the viewport."""
        return self.layout_now.rect(row).translated(0, -self.verticalOffset())

    def key_at(self, place: QPoint) -> int | None:
        """The key of the tile at a place of the viewport."""
        row = self.layout_now.row_at(place + QPoint(0, self.verticalOffset()))
        return None if row is None else self.tiles.keys[row]

    def rows_in_sight(self) -> range | list[int]:
        """The rows of which something is on the screen."""
        top = self.verticalOffset()
        return list(self.layout_now.rows_between(top, top + self.viewport().height() - 1))

    def update_keys(self, keys: Iterable[int]) -> None:
        """Paint these anew, where they are on the screen."""
        for key in keys:
            row = self.tiles.row(key)
            if row is not None:
                rect = self.row_rect(row).adjusted(-HALO_PX, -HALO_PX, HALO_PX, HALO_PX)
                if rect.intersects(self.viewport().rect()):
                    self.viewport().update(rect)

    # What QAbstractItemView asks for

    @override
    def visualRect(self, index: _Index) -> QRect:
        return self.row_rect(index.row()) if index.isValid() else QRect()

    @override
    def indexAt(self, point: QPoint) -> QModelIndex:
        row = self.layout_now.row_at(point + QPoint(0, self.verticalOffset()))
        return QModelIndex() if row is None else self.tiles.index(row)

    @override
    def scrollTo(
        self, index: _Index, hint: QAbstractItemView.ScrollHint = QAbstractItemView.ScrollHint.EnsureVisible
    ) -> None:
        if not index.isValid():
            return
        rect = self.layout_now.rect(index.row()).adjusted(0, -HALO_PX - 4, 0, HALO_PX + 4)
        bar, height = self.verticalScrollBar(), self.viewport().height()
        above_all = rect.top() - theme.current().metric("gallery_padding") + HALO_PX + 4
        if hint is QAbstractItemView.ScrollHint.PositionAtTop:
            bar.setValue(above_all)
        elif hint is QAbstractItemView.ScrollHint.PositionAtCenter:
            bar.setValue(rect.center().y() - height // 2)
        elif rect.top() < bar.value() or rect.height() > height:
            bar.setValue(rect.top())
        elif rect.bottom() >= bar.value() + height:
            bar.setValue(rect.bottom() - height + 1)

    @override
    def horizontalOffset(self) -> int:
        return 0

    @override
    def verticalOffset(self) -> int:
        return self.verticalScrollBar().value()

    @override
    def isIndexHidden(self, index: _Index) -> bool:
        return False

    @override
    def moveCursor(
        self, action: QAbstractItemView.CursorAction, modifiers: Qt.KeyboardModifier
    ) -> QModelIndex:
        # `GalleryView` moves by itself: keys of a range need more than the place where it ends.
        return self.currentIndex()

    @override
    def setSelection(self, rect: QRect, command: QItemSelectionModel.SelectionFlag) -> None:
        # Qt's own selection follows ours, see `mirror_selection`.
        return

    @override
    def visualRegionForSelection(self, selection: QItemSelection) -> QRegion:
        return QRegion(self.viewport().rect())

    @override
    def dataChanged(self, top_left: _Index, bottom_right: _Index, _roles: Sequence[int] = ()) -> None:
        return

    @override
    def updateGeometries(self) -> None:
        bar = self.verticalScrollBar()
        bar.setPageStep(self.viewport().height())
        bar.setSingleStep(max(20, self.layout_now.grid.tile.height() // 3))
        bar.setRange(0, max(0, self.layout_now.height - self.viewport().height()))
        super().updateGeometries()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._lay_out()
        else:
            self.updateGeometries()

    @override
    def scrollContentsBy(self, dx: int, dy: int) -> None:
        self.viewport().scroll(dx, dy)
        self._moved_px += abs(dy)
        if self._moved_px > self.viewport().height():
            # Flung by: what is seen for a moment is worth no work until it rests.
            self._ask_soon.start(_RESTING_MS)
        else:
            self._ask_in_a_moment()

    # Painting

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self.viewport())
        offset = self.verticalOffset()
        box = event.rect().translated(0, offset).adjusted(0, -HALO_PX, 0, HALO_PX)
        until = time.perf_counter() + _FRAME_S
        late: list[QRect] = []
        for row in self.layout_now.rows_between(box.top(), box.bottom()):
            rect = self.layout_now.rect(row).translated(0, -offset)
            if event.region().intersects(rect.adjusted(-HALO_PX, -HALO_PX, HALO_PX, HALO_PX)) and not (
                self._paint_row(painter, row, rect, in_time=time.perf_counter() < until)
            ):
                late.append(rect.adjusted(-HALO_PX, -HALO_PX, HALO_PX, HALO_PX))
        self._paint_titles(painter, box, offset)
        if late:
            for rect in late:
                self._late += rect
            self._paint_rest.start()
        self._ask_in_a_moment()

    def mood(self, key: int) -> Mood:
        """How the tile of ``key`` is shown now."""
        current = self.currentIndex()
        return Mood(
            selected=key in self._selected_keys,
            number=self.tiles.number(key),
            hovered=key == self._hovered,
            focused=self._keyboard
            and self.hasFocus()
            and current.isValid()
            and self.tiles.row(key) == current.row(),
        )

    def _paint_row(self, painter: QPainter, row: int, rect: QRect, *, in_time: bool) -> bool:
        key = self.tiles.keys[row]
        if not in_time and not self.tiles.is_known(key):
            return False
        kept = self._grid_of_rows if self._as_list else self._grid_of_tiles
        looks = (rect.size(), self.tiles.tile(key), self.tiles.thumbnail(key), self.mood(key))
        ratio = self.devicePixelRatioF()
        made = kept.find(*looks, ratio)
        if made is None and not in_time:
            return False
        painter.drawPixmap(rect.topLeft() - QPoint(HALO_PX, HALO_PX), made or kept.make(*looks, ratio))
        return True

    def _paint_titles(self, painter: QPainter, box: QRect, offset: int) -> None:
        look = theme.current()
        painter.setFont(look.font("section"))
        painter.setPen(look.color("text_faint"))
        for at in self.layout_now.sections_between(box.top(), box.bottom()):
            rect = self.layout_now.title_rect(at).translated(0, -offset)
            if rect.height():
                room = rect.adjusted(1, 0, -1, -8)
                shown = painter.fontMetrics().elidedText(
                    self.layout_now.sections[at].title, Qt.TextElideMode.ElideMiddle, room.width()
                )
                painter.drawText(room, Qt.AlignmentFlag.AlignBottom | Qt.TextFlag.TextSingleLine, shown)

    def _update_late(self) -> None:
        late, self._late = self._late, QRegion()
        self.viewport().update(late)

    # Layout

    def _set_up(self) -> None:
        self.setAccessibleName(_("Gallery"))
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAcceptDrops(False)
        self.setMouseTracking(True)
        self.setFrameShape(QListView.Shape.NoFrame)

    def _laid_out(self) -> Layout:
        margin = theme.current().metric("gallery_padding")
        width = self.viewport().width() - 2 * margin
        grid = grid_of(width, tile_width_px=None if self._as_list else self._tile_width)
        return Layout(grid, self.tiles.sections, margin_px=margin, title_px=TITLE_PX)

    def _lay_out(self) -> None:
        """Compute the layout anew; the first tile on the screen stays where it is."""
        kept = self._first_in_sight()
        self.layout_now = self._laid_out()
        self._stand_still(kept)

    def _first_in_sight(self) -> tuple[int, int] | None:
        """Key of the first tile on the screen, and its place; None at the top, where what is new is shown."""
        top = self.verticalOffset()
        row = next(iter(self.layout_now.rows_between(top, top + self.viewport().height())), None)
        if top == 0 or row is None or row >= len(self.tiles.keys):
            return None
        return self.tiles.keys[row], self.layout_now.rect(row).top() - top

    def _stand_still(self, kept: tuple[int, int] | None) -> None:
        self.updateGeometries()
        row = None if kept is None else self.tiles.row(kept[0])
        if row is not None and kept is not None:
            self.verticalScrollBar().setValue(self.layout_now.rect(row).top() - kept[1])
        self.viewport().update()
        self._ask_in_a_moment()

    def _on_about_to_change(self) -> None:
        self._kept = self._first_in_sight()

    def _on_rows_changed(self) -> None:
        self.layout_now = self._laid_out()
        if not self.tiles.keys:
            self._grid_of_tiles.clear()
            self._grid_of_rows.clear()
        self._stand_still(self._kept)
        self._kept = None

    def _on_rows_added(self) -> None:
        # They come after all others: nothing moves.
        self.layout_now = self._laid_out()
        self.updateGeometries()
        self.viewport().update()
        self._ask_in_a_moment()

    def _on_tiles_changed(self, keys: list[int]) -> None:
        if keys:
            self.update_keys(keys)
        else:
            self.viewport().update()

    # Thumbnails

    def _on_pictured(self, key: int) -> None:
        if key in self._asked:
            self._asked.remove(key)
        self.update_keys((key,))

    def _ask_for_thumbnails(self) -> None:
        """Tell what is on the screen and lacks something."""
        self._moved_px = 0
        top, height = self.verticalOffset(), self.viewport().height()
        self._tell_lacking(self.layout_now.rows_between(top, top + height - 1))
        self._ask_ahead.start()

    def _ask_for_the_next(self) -> None:
        """Where it is not scrolled, tell also what one more screen would show."""
        top, height = self.verticalOffset(), self.viewport().height()
        rows = dict.fromkeys(self.layout_now.rows_between(top, top + height - 1))
        self._tell_lacking(rows | dict.fromkeys(self.layout_now.rows_between(top + height, top + 2 * height)))

    def _tell_lacking(self, rows: Iterable[int]) -> None:
        keys = [key for row in rows if self._lacks(key := self.tiles.keys[row])]
        # Not asked again at the next repaint; asked again when it came and was forgotten.
        if keys != self._asked:
            self._asked = list(keys)
            self.thumbnails_wanted.emit(keys)

    def _ask_in_a_moment(self) -> None:
        if not self._ask_soon.isActive():
            self._ask_soon.start(_ASK_MS)

    def _lacks(self, key: int) -> bool:
        source = self.tiles.source
        return source.is_loading(key) or (source.is_usable(key) and not self.tiles.has_thumbnail(key))

"""The Prompts menu: type to search, choose one, save what is in the box, or open the library."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QRectF, Qt, Signal
from PySide6.QtGui import (
    QGuiApplication,
    QKeyEvent,
    QPainter,
    QPainterPath,
    QPaintEvent,
    QPen,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QFrame, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.text import _
from desktop.ui import theme
from desktop.ui.composer.prompt_rows import ROW_PX, PromptRows, matches
from desktop.ui.composer.state import PresetItem
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import label
from desktop.ui.widgets.overlay_scroll import OverlayScrollBar
from desktop.ui.widgets.thumbs import rounded_path

WIDTH_PX = 440
_MOST_ROWS = 12
_EDGE_PX = 8
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class PromptPopup(QFrame):
    """Opens above its button, lets one choose, and closes.

    Signals:
        chosen: id of a prompt.
        save_requested: what is in the box is to be kept.
        manage_requested: the library is wanted.
    """

    chosen = Signal(str)
    save_requested = Signal()
    manage_requested = Signal()

    def __init__(self, items: Sequence[PresetItem], *, can_save: bool, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Popup)
        self._items = items
        self._bottom: QPoint | None = None
        self.setProperty("kind", "popup")
        # The corners outside the round frame show what is below.
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(_("Prompts"))
        self.setFixedWidth(min(WIDTH_PX, max(parent.window().width() - 24, 260)))
        self._field = QLineEdit()
        self._field.setPlaceholderText(_("Search prompts…"))
        self._field.setAccessibleName(_("Search prompts…"))
        self._field.setMaxLength(200)
        self._field.textChanged.connect(self._fill)
        self._field.returnPressed.connect(self._choose_current)
        self._field.installEventFilter(self)
        self._list = PromptRows(_("Prompts"), hints=True)
        self._list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._list.itemEntered.connect(self._list.setCurrentItem)
        self._list.itemClicked.connect(self._choose_current)
        OverlayScrollBar(self._list)
        self._nothing = label(_("No prompt has these words."), "muted")
        self._nothing.setContentsMargins(10, 8, 10, 8)
        self._save = button(_("Save this prompt…"), icon="bookmark-plus", kind="ghost")
        self._save.setEnabled(can_save)
        self._save.clicked.connect(self._on_save)
        self._manage = button(_("Manage prompts…"), icon="settings", kind="ghost")
        self._manage.clicked.connect(self._on_manage)
        self._lay_out()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(6, 6, 6, 6)
        column.setSpacing(6)
        column.addWidget(self._field)
        column.addWidget(self._list)
        column.addWidget(self._nothing)
        line = QFrame()
        line.setProperty("kind", "line")
        column.addWidget(line)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addWidget(self._save)
        row.addStretch(1)
        row.addWidget(self._manage)
        column.addLayout(row)

    def open_above(self, anchor: QWidget) -> None:
        """Show it over ``anchor``, left edges in line, the field ready for typing."""
        corner = anchor.mapToGlobal(QPoint(0, -4))
        window = anchor.window()
        right = window.mapToGlobal(QPoint(window.width() - _EDGE_PX, 0)).x()
        corner.setX(max(min(corner.x(), right - self.width()), window.mapToGlobal(QPoint(_EDGE_PX, 0)).x()))
        self._bottom = corner
        self._fill()
        self.show()
        self._list.scrollToTop()
        self._field.setFocus(Qt.FocusReason.PopupFocusReason)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Without a compositor, as X11 may be, what is transparent would be black.
        if QGuiApplication.platformName() == "xcb":
            self.setMask(QRegion(_frame(QRectF(self.rect())).toFillPolygon().toPolygon()))

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(look.color("border_strong"), 1))
        painter.setBrush(look.color("surface_raised"))
        painter.drawPath(_frame(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)))
        painter.end()

    def _fill(self) -> None:
        found = [item for item in self._items if matches(item, self._field.text())]
        self._list.show_items(found)
        self._list.setCurrentRow(self._list.first_row())
        self._list.setVisible(bool(found))
        self._nothing.setVisible(not found)
        self._list.setFixedHeight(self._list.wanted_height(self._most_px()))
        self.adjustSize()
        if self._bottom is not None:
            # It grows and shrinks upward: the button below stays free.
            self.move(self._bottom.x(), max(self._bottom.y() - self.height(), 0))

    def _most_px(self) -> int:
        if self._bottom is None:
            return _MOST_ROWS * ROW_PX
        others = self.sizeHint().height() - self._list.height() if self._list.isVisible() else 110
        screen = self.screen().availableGeometry().top()
        return max(min(_MOST_ROWS * ROW_PX, self._bottom.y() - screen - others - _EDGE_PX), 3 * ROW_PX)

    def _choose_current(self) -> None:
        item = self._list.item_at(self._list.currentRow())
        if item is not None and item.enabled:
            self.close()
            self.chosen.emit(item.id)

    def _on_save(self) -> None:
        self.close()
        self.save_requested.emit()

    def _on_manage(self) -> None:
        self.close()
        self.manage_requested.emit()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys that move go from the field to the list."""
        if watched is self._field and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() in _MOVES:
                self._list.keyPressEvent(event)
                self._list.scrollToItem(self._list.currentItem(), QAbstractItemView.ScrollHint.EnsureVisible)
                return True
            if event.key() == Qt.Key.Key_Escape:
                self.close()
                return True
        return super().eventFilter(watched, event)


def _frame(rect: QRectF) -> QPainterPath:
    return rounded_path(rect, theme.current().metric("radius_control"))

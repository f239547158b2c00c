"""The list of what others have made, narrowed by a search field above it."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from desktop.core.compat import override
from desktop.core.folding import fold
from desktop.core.licences import Component
from desktop.core.text import _, join_list, printable
from desktop.ui import theme
from desktop.ui.widgets.clearing import ClearButton

_ROW_PX = 44
_PADDING_PX = 10
_COMPONENT = Qt.ItemDataRole.UserRole


class ComponentList(QWidget):
    """Names and licences.

    Signals:
        chosen(Component): this one shall be seen; None if nothing is found.
    """

    chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._components: tuple[Component, ...] = ()
        self._field = _Field()
        self._field.setPlaceholderText(_("Search names and licences"))
        self._field.setAccessibleName(_("Search names and licences"))
        ClearButton(self._field)
        self._field.textChanged.connect(self._narrow)
        self._field.moved.connect(self._move)
        self._list = QListWidget()
        self._list.setProperty("kind", "framed")
        self._list.setAccessibleName(_("Components"))
        self._list.setItemDelegate(_Rows(self._list))
        self._list.setUniformItemSizes(True)
        self._list.setVerticalScrollMode(QListWidget.ScrollMode.ScrollPerPixel)
        self._list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._list.currentItemChanged.connect(self._on_current)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        layout.addWidget(self._field)
        layout.addWidget(self._list, 1)
        self.setFocusProxy(self._field)

    def show_components(self, components: Sequence[Component]) -> None:
        """Show these, in order."""
        self._components = tuple(components)
        self._narrow(self._field.text())

    def _narrow(self, text: str) -> None:
        words = fold(text).split()
        self._list.clear()
        for component in self._components:
            told = fold(f"{component.name} {component.licence} {component.of}")
            if all(word in told for word in words):
                item = QListWidgetItem(component.name)
                item.setData(_COMPONENT, component)
                item.setData(
                    Qt.ItemDataRole.AccessibleTextRole, join_list((component.name, component.licence))
                )
                self._list.addItem(item)
        if self._list.count():
            self._list.setCurrentRow(0)
        else:
            self.chosen.emit(None)

    def _move(self, step: int) -> None:
        row = self._list.currentRow() + step
        if 0 <= row < self._list.count():
            self._list.setCurrentRow(row)

    def _on_current(self, item: QListWidgetItem | None, _before: object) -> None:
        if item is not None:
            self.chosen.emit(item.data(_COMPONENT))


class _Field(QLineEdit):
    """Up and down choose in the list below, so that nobody has to leave the field."""

    moved = Signal(int)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step is not None:
            self.moved.emit(step)
        elif event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)


class _Rows(QStyledItemDelegate):
    """A name with its version, and the licence below it."""

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return QSize(0, _ROW_PX)

    @override
    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionViewItem,
        index: QModelIndex | QPersistentModelIndex,
    ) -> None:
        look, component = theme.current(), index.data(_COMPONENT)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        area = option.rect
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if selected or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(look.color("accent_soft" if selected else "hover"))
            painter.drawRoundedRect(area, 5, 5)
        inner = area.adjusted(_PADDING_PX, 5, -_PADDING_PX, -5)
        name_font = look.font("text")
        name_font.setWeight(name_font.Weight.Medium)
        painter.setFont(name_font)
        metrics = painter.fontMetrics()
        name = metrics.elidedText(printable(component.name), Qt.TextElideMode.ElideRight, inner.width())
        painter.setPen(look.color("text"))
        top, left = Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignLeft
        painter.drawText(inner, top | left, name)
        at = metrics.horizontalAdvance(name) + 6
        painter.setFont(look.font("small"))
        painter.setPen(look.color("text_faint"))
        small = painter.fontMetrics()
        room = inner.width() - at
        version = printable(component.version or (f"· {component.of}" if component.of else ""))
        if room > 30:
            rest = inner.adjusted(at, metrics.ascent() - small.ascent(), 0, 0)
            painter.drawText(rest, top | left, small.elidedText(version, Qt.TextElideMode.ElideRight, room))
        licence = small.elidedText(component.licence, Qt.TextElideMode.ElideRight, inner.width())
        painter.setPen(look.color("text_muted"))
        painter.drawText(inner, Qt.AlignmentFlag.AlignBottom | left, licence)
        painter.restore()

"""A list of prompts under the titles of their sections; painted, and the same in the menu and the library."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from desktop.core.compat import override
from desktop.core.text import _, join_list
from desktop.ui import theme
from desktop.ui.composer.state import PresetItem
from desktop.ui.widgets.labels import escaped_tooltip
from desktop.ui.widgets.thumbs import rounded_path

ROW_PX = 34
SECTION_PX = 26
_ICON_PX = 16
_LEFT_PX = 10
_RIGHT_PX = 16
"""Room for the scroll bar that lies over the list."""
_WORDS_PX = 36
_GAP_PX = 10
_TOOLTIP_CHARS = 600
"""Whoever wants to read more of a prompt opens the library."""
ITEM = Qt.ItemDataRole.UserRole
"""Holds the `PresetItem` of a row; a section's title has none."""
_SHOWN = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
_Index = QModelIndex | QPersistentModelIndex


class PromptRows(QListWidget):
    """Rows of prompts; the cursor passes over titles."""

    def __init__(self, name: str, *, hints: bool) -> None:
        """Make an empty list; with ``hints``, what a prompt gives stands beside its title."""
        super().__init__()
        self.setAccessibleName(name)
        self.setItemDelegate(_RowPainter(self, hints=hints))
        self.setMouseTracking(True)
        self.setProperty("kind", "prompts")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        theme.current().changed.connect(self.viewport().update)

    def show_items(self, items: Sequence[PresetItem], *, all_selectable: bool = False) -> None:
        """Show these, which stand in the order of their sections.

        Args:
            items: the prompts.
            all_selectable: also those that are not enabled can be chosen.
        """
        self.clear()
        section = ""
        for item in items:
            if item.section != section:
                section = item.section
                title = QListWidgetItem(section)
                title.setFlags(Qt.ItemFlag.NoItemFlags)
                self.addItem(title)
            self.addItem(_row(item, selectable=all_selectable or item.enabled))

    def item_at(self, row: int) -> PresetItem | None:
        """The prompt of a row; None for a title."""
        if not 0 <= row < self.count():
            return None
        data = self.item(row).data(ITEM)
        return data if isinstance(data, PresetItem) else None

    def row_of(self, prompt_id: str) -> int:
        """Where a prompt is; -1 if it is not."""
        for row in range(self.count()):
            item = self.item_at(row)
            if item is not None and item.id == prompt_id:
                return row
        return -1

    def first_row(self) -> int:
        """The first prompt that can be chosen; -1 if there is none."""
        chosen = (row for row in range(self.count()) if self.item(row).flags() & Qt.ItemFlag.ItemIsSelectable)
        return next(chosen, -1)

    def wanted_height(self, most_px: int) -> int:
        """As high as all rows, but not higher than this."""
        height = sum(ROW_PX if self.item_at(row) else SECTION_PX for row in range(self.count()))
        return min(height, most_px)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Qt stops at what cannot be chosen at the ends; Home and End go to the outermost prompts."""
        if event.key() == Qt.Key.Key_Home and not event.modifiers():
            self.setCurrentRow(self.first_row())
            self.scrollToTop()
            return
        super().keyPressEvent(event)


def matches(item: PresetItem, typed: str) -> bool:
    """Whether all words that were typed are somewhere in a prompt."""
    there = f"{item.title}\n{item.hint}\n{item.prompt}".casefold()
    return all(word in there for word in typed.casefold().split())


def _row(item: PresetItem, *, selectable: bool) -> QListWidgetItem:
    row = QListWidgetItem(item.title)
    row.setData(ITEM, item)
    row.setFlags(_SHOWN if selectable else Qt.ItemFlag.NoItemFlags)
    favourite = _("Favourite") if item.favourite else ""
    said = join_list((item.title, item.hint, favourite, item.shortcut))
    row.setData(Qt.ItemDataRole.AccessibleTextRole, said)
    row.setToolTip(escaped_tooltip(item.prompt[:_TOOLTIP_CHARS]))
    return row


class _RowPainter(QStyledItemDelegate):
    """Icon, title, what it gives, star and keys. Painted, because there may be hundreds."""

    def __init__(self, parent: PromptRows, *, hints: bool) -> None:
        super().__init__(parent)
        self._hints = hints

    @override
    def sizeHint(self, option: QStyleOptionViewItem, index: _Index) -> QSize:
        return QSize(10, ROW_PX if index.data(ITEM) else SECTION_PX)

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        item = index.data(ITEM)
        if isinstance(item, PresetItem):
            self._paint_prompt(painter, option, item)
        else:
            low = option.rect.adjusted(_LEFT_PX, 0, -_LEFT_PX, -4)
            title = str(index.data(Qt.ItemDataRole.DisplayRole))
            _write(painter, low, title, font="section", role="text_faint", low=True)
        painter.restore()

    def _paint_prompt(self, painter: QPainter, option: QStyleOptionViewItem, item: PresetItem) -> None:
        look, rect = theme.current(), option.rect
        if option.state & QStyle.StateFlag.State_Selected:
            path = rounded_path(rect.toRectF().adjusted(0, 1, 0, -1), look.metric("radius_thumb"))
            painter.fillPath(path, look.color("accent_soft"))
        icon = look.pixmap(item.icon, role="text_muted" if item.enabled else "text_placeholder")
        painter.drawPixmap(rect.left() + _LEFT_PX, rect.center().y() - _ICON_PX // 2 + 1, icon)
        right = rect.right() - _RIGHT_PX
        if item.shortcut:
            room = QRect(rect.left(), rect.top(), right - rect.left(), rect.height())
            right -= _write(painter, room, item.shortcut, font="small", role="text_faint", right=True)
            right -= _GAP_PX
        if item.favourite:
            star = look.pixmap("star-filled", role="accent_soft_text", size_px=13)
            painter.drawPixmap(right - 13, rect.center().y() - 6, star)
            right -= 13 + _GAP_PX
        words = QRect(rect.left() + _WORDS_PX, rect.top(), right - rect.left() - _WORDS_PX, rect.height())
        role = "text" if item.enabled else "text_placeholder"
        used = _write(painter, words, item.title, font="button", role=role) + _GAP_PX
        if self._hints:
            faint = "text_muted" if item.enabled else "text_placeholder"
            _write(painter, words.adjusted(used, 0, 0, 0), item.hint, font="small", role=faint)


def _write(
    painter: QPainter, rect: QRect, text: str, *, font: str, role: str, right: bool = False, low: bool = False
) -> int:
    """One line in ``rect``; how wide it is."""
    look = theme.current()
    painter.setFont(look.font(font))
    painter.setPen(look.color(role))
    metrics = QFontMetrics(painter.font())
    elided = metrics.elidedText(text, Qt.TextElideMode.ElideRight, max(rect.width(), 0))
    side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
    height = Qt.AlignmentFlag.AlignBottom if low else Qt.AlignmentFlag.AlignVCenter
    painter.drawText(rect, side | height | Qt.TextFlag.TextSingleLine, elided)
    return metrics.horizontalAdvance(elided)

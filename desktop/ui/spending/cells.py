"""Paints the cells of a table: text, figures, pictures and links."""

from functools import lru_cache

from PySide6.QtCore import QModelIndex, QObject, QPersistentModelIndex, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QHelpEvent, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyledItemDelegate, QStyleOptionViewItem, QToolTip

from desktop.core.compat import override
from desktop.core.model import SentImage
from desktop.ui import theme
from desktop.ui.spending.columns import Column, conversation_of
from desktop.ui.spending.model import SpendingModel, sent_image
from desktop.ui.widgets.labels import escaped_tooltip
from desktop.ui.widgets.thumbs import rounded, rounded_path

PADDING_PX = 10
END_PX = 6
"""More at the right of the last column: the scroll bar lies there, and touches no figure."""
LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine
_Index = QModelIndex | QPersistentModelIndex


class CellDelegate(QStyledItemDelegate):
    """Paints the cells of a `SpendingModel`.

    Attributes:
        hovered: the link that the pointer is on.
        keyboard: the current row is shown with a line, because the user moves with keys.
    """

    def __init__(self, model: SpendingModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._rounded: dict[tuple[int, float], QPixmap] = {}
        self.hovered = QPersistentModelIndex()
        self.keyboard = False
        self._fonts = {False: theme.current().font("text"), True: figure_font()}

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row = self._model.row_at(index.row())
        if row is None:
            return
        look = theme.current()
        rect: QRect = option.rect
        state: QStyle.StateFlag = option.state
        column = self._model.columns[index.column()]
        painter.save()
        if state & QStyle.StateFlag.State_Selected:
            painter.fillRect(rect, look.color("accent_soft"))
        painter.fillRect(rect.x(), rect.bottom(), rect.width(), 1, look.color("border"))
        if column.picture:
            self._paint_picture(painter, rect, sent_image(row))
        else:
            self._paint_text(painter, rect, column, index)
        if self.keyboard and self._is_current(index):
            painter.fillRect(rect.x(), rect.bottom() - 1, rect.width(), 2, look.color("focus_ring"))
        painter.restore()

    @override
    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, option: QStyleOptionViewItem, index: _Index
    ) -> bool:
        rect: QRect = option.rect
        text = str(index.data() or "")
        if not index.isValid() or cut(text, rect.width() - 2 * PADDING_PX) == text:
            QToolTip.hideText()
            return False
        QToolTip.showText(event.globalPos(), escaped_tooltip(text), view, rect)
        return True

    def is_link(self, index: _Index) -> bool:
        """Whether a click on this cell opens a conversation."""
        row = self._model.row_at(index.row())
        return row is not None and self._model.columns[index.column()].opens and bool(conversation_of(row))

    def _is_current(self, index: _Index) -> bool:
        view = self.parent()
        if not isinstance(view, QAbstractItemView) or not view.hasFocus():
            return False
        return view.currentIndex().row() == index.row()

    def _paint_text(self, painter: QPainter, rect: QRect, column: Column, index: _Index) -> None:
        look = theme.current()
        gone = column.opens and not self.is_link(index)
        painter.setPen(look.color("text_faint" if gone else "text"))
        if QPersistentModelIndex(index) == self.hovered:
            font = QFont(self._fonts[False])
            font.setUnderline(True)
            painter.setFont(font)
            painter.setPen(look.color("accent_soft_text"))
        else:
            painter.setFont(self._fonts[column.number])
        end = END_PX if index.column() == len(self._model.columns) - 1 else 0
        area = rect.adjusted(PADDING_PX, 0, -PADDING_PX - end, -1)
        mode = Qt.TextElideMode.ElideRight if column.opens else Qt.TextElideMode.ElideMiddle
        text = cut(str(index.data()), area.width(), mode=mode)
        painter.drawText(area, RIGHT if column.number else LEFT, text)

    def _paint_picture(self, painter: QPainter, rect: QRect, sent: SentImage | None) -> None:
        look = theme.current()
        size = QSize(look.metric("batch_thumb_width"), look.metric("batch_thumb_height"))
        top = rect.y() + (rect.height() - 1 - size.height()) // 2
        place = QRect(rect.x() + PADDING_PX, top, size.width(), size.height())
        pixmap = self._model.thumbnail(sent) if sent is not None else None
        if pixmap is not None:
            painter.drawPixmap(place, self._fit(pixmap, size, painter.device().devicePixelRatioF()))
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillPath(rounded_path(QRectF(place), look.metric("radius_thumb")), look.color("track"))
        icon = look.pixmap("image" if sent is not None else "image-off", role="text_faint")
        painter.drawPixmap(place.center().x() - 7, place.center().y() - 7, icon)

    def _fit(self, pixmap: QPixmap, size: QSize, ratio: float) -> QPixmap:
        key = (pixmap.cacheKey(), ratio)
        if key not in self._rounded:
            radius = theme.current().metric("radius_thumb")
            self._rounded[key] = rounded(pixmap, size, radius=radius, ratio=ratio)
        return self._rounded[key]


def figure_font() -> QFont:
    """The text's font with all digits of one width, so that columns of figures line up."""
    font = theme.current().font("text")
    font.setFeature(QFont.Tag("tnum"), 1)
    return font


@lru_cache(maxsize=4096)
def cut(
    text: str,
    width_px: int,
    *,
    font: str = "text",
    mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
) -> str:
    """``text`` cut to fit; in its middle where ends tell names of files or models apart."""
    return QFontMetrics(theme.current().font(font)).elidedText(text, mode, width_px)

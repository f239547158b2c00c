"""Paints what was found: title and snippet with what was searched for emphasised, as plain text."""

from collections.abc import Iterable

from PySide6.QtCore import (
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QPoint,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QPainter,
    QPen,
    QPixmap,
    QTextCharFormat,
    QTextLayout,
    QTextLine,
    QTextOption,
)
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

from desktop.core.compat import override
from desktop.core.search import Marked
from desktop.core.text import _
from desktop.ui import theme
from desktop.ui.history.results import (
    LINE_PX,
    META_PX,
    PADDING_PX,
    SIDE_PX,
    TITLE_PX,
    Result,
    ResultsModel,
    lines,
    meta,
    text_left,
)
from desktop.ui.widgets.thumbs import rounded, rounded_path

_Index = QModelIndex | QPersistentModelIndex
_OVERRIDES = {ord(c): "\ufffd" for c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f"}


class ResultDelegate(QStyledItemDelegate):
    """Paints the rows of a `ResultsModel`.

    Attributes:
        pointer: where the pointer is in the view; None while it is elsewhere.
    """

    def __init__(self, model: ResultsModel, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self._rounded: dict[tuple[int, float], QPixmap] = {}
        self.pointer: QPoint | None = None

    @override
    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        row = self._model.row_at(index.row())
        if row is None:
            return
        look, rect = theme.current(), QRect(option.rect)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        hovered = self.pointer is not None and rect.contains(self.pointer)
        if selected or hovered:
            role = "accent_soft" if selected else "pressed"
            painter.fillPath(rounded_path(QRectF(rect), look.metric("radius_control")), look.color(role))
        if row.is_first:
            self._paint_thumbnail(painter, rect, row)
        self._paint_texts(painter, rect, row)
        if selected and option.state & QStyle.StateFlag.State_HasFocus:
            painter.setPen(QPen(look.color("focus_ring"), 1.5))
            radius = look.metric("radius_control") - 1
            painter.drawRoundedRect(QRectF(rect).adjusted(1, 1, -1, -1), radius, radius)
        painter.restore()

    def _paint_texts(self, painter: QPainter, rect: QRect, row: Result) -> None:
        look = theme.current()
        room = QRect(rect.x() + text_left(), rect.y() + PADDING_PX, rect.width() - text_left() - SIDE_PX, 0)
        top = room.y()
        if row.is_first:
            title = row.found.title if row.found.title.text else Marked(_("Untitled"))
            paint_marked(
                painter,
                title,
                QRect(room.x(), top, room.width(), TITLE_PX),
                look.font("history_title"),
                "text",
            )
            top += TITLE_PX
        font = look.font("small")
        count = lines(row, QFontMetrics(font), room.width())
        if count:
            place = QRect(room.x(), top, room.width(), LINE_PX)
            paint_marked(painter, row.hit.snippet, place, font, "text_muted", most_lines=count)
            top += count * LINE_PX
        painter.setFont(look.font("history_meta"))
        painter.setPen(look.color("text_faint"))
        text = painter.fontMetrics().elidedText(
            meta(row, self._model.now), Qt.TextElideMode.ElideRight, room.width()
        )
        painter.drawText(
            QRect(room.x(), top, room.width(), META_PX),
            Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextSingleLine,
            text,
        )

    def _paint_thumbnail(self, painter: QPainter, rect: QRect, row: Result) -> None:
        look = theme.current()
        size = look.metric("history_thumb")
        place = QRect(rect.x() + look.metric("history_row_padding"), rect.y() + PADDING_PX + 2, size, size)
        pixmap = self._model.thumbnail(row)
        if pixmap is not None:
            painter.drawPixmap(place, self._fit(pixmap, place.size(), painter.device().devicePixelRatioF()))
            return
        painter.fillPath(rounded_path(QRectF(place), look.metric("radius_thumb")), look.color("track"))
        name = "image" if row.summary.image_count else "message-square"
        painter.drawPixmap(place.x() + 8, place.y() + 8, look.pixmap(name, role="text_faint"))

    def _fit(self, pixmap: QPixmap, size: QSize, ratio: float) -> QPixmap:
        key = (pixmap.cacheKey(), ratio)
        if key not in self._rounded:
            if len(self._rounded) > 300:
                self._rounded.clear()
            radius = theme.current().metric("radius_thumb")
            self._rounded[key] = rounded(pixmap, size, radius=radius, ratio=ratio)
        return self._rounded[key]


def paint_marked(
    painter: QPainter, marked: Marked, first: QRect, font: QFont, role: str, *, most_lines: int = 1
) -> None:
    """Paint a text with its emphasised parts.

    Args:
        painter: on the view.
        marked: the text; control characters that turn its direction are shown as such.
        first: the place of the first line; further ones stand below it.
        font: of what is not emphasised.
        role: its colour.
        most_lines: what does not fit into so many ends with an ellipsis.
    """
    look = theme.current()
    layout = QTextLayout(marked.text.translate(_OVERRIDES), font)
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.setFormats(list(_formats(marked, look.color(role), look.color("accent_soft_text"))))
    layout.beginLayout()
    made: list[QTextLine] = []
    is_cut = False
    while len(made) < most_lines and (line := layout.createLine()).isValid():
        line.setLineWidth(first.width())
        is_cut = len(made) == most_lines - 1 and line.textStart() + line.textLength() < len(layout.text())
        if is_cut:
            # Broken once more, so that the ellipsis has room and no letter is cut through.
            line.setLineWidth(first.width() - QFontMetrics(font).horizontalAdvance("…"))
        made.append(line)
    layout.endLayout()
    painter.setPen(look.color(role))
    for number, line in enumerate(made):
        place = first.translated(0, number * first.height())
        middle = QPointF(place.x(), place.y() + (place.height() - line.height()) / 2)
        line.draw(painter, middle)
        if is_cut and line is made[-1]:
            painter.setFont(font)
            end = QPointF(place.x() + line.naturalTextWidth(), middle.y() + line.ascent())
            painter.drawText(end, "…")


def _formats(marked: Marked, plain: QColor, strong: QColor) -> Iterable[QTextLayout.FormatRange]:
    base = QTextLayout.FormatRange()
    base.start, base.length = 0, _utf16(marked.text)
    base.format = QTextCharFormat()
    base.format.setForeground(plain)
    yield base
    for start, end in marked.spans:
        made = QTextLayout.FormatRange()
        made.start, made.length = _utf16(marked.text[:start]), _utf16(marked.text[start:end])
        made.format = QTextCharFormat()
        made.format.setFontWeight(QFont.Weight.DemiBold)
        made.format.setForeground(strong)
        yield made


def _utf16(text: str) -> int:
    """Qt counts in units of UTF-16."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2

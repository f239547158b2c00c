"""The bars, drawn with pyqtgraph; imported when the page is shown first, because that takes half a second."""

from collections.abc import Sequence
from typing import Any

from pyqtgraph import GraphicsObject, PlotWidget
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QAccessible,
    QAccessibleEvent,
    QBrush,
    QColor,
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPainterPath,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QToolTip, QWidget

from desktop.core.compat import override
from desktop.core.text import format_price
from desktop.ui import theme
from desktop.ui.spending.bars import Bar
from desktop.ui.widgets.labels import escaped_tooltip
from desktop.ui.widgets.thumbs import rounded_path

_WIDTH_SHARE = 0.63
_WIDEST_PX = 56
_RADIUS_PX = 4
_LEAST_PX = 2
"""What cost something is seen, however little beside the others."""
_HEADROOM = 1.35
_PALE = 0.35
_AXIS_PX = 22
_CAPTION_GAP_PX = 10
_ARROWS = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1, Qt.Key.Key_Home: -1000, Qt.Key.Key_End: 1000}


class BarChart(PlotWidget):  # type: ignore[misc] # pyqtgraph has no types
    """Bars side by side; the arrow keys move along them, Enter and a click open one.

    Signals:
        opened(int): the bar that was clicked.
    """

    opened = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, background=None)
        self.bars: Sequence[Bar] = ()
        self._item = _BarsItem()
        self.setAntialiasing(True)
        plot = self.getPlotItem()
        plot.addItem(self._item)
        plot.setMenuEnabled(False)
        plot.setMouseEnabled(False, False)
        plot.hideButtons()
        plot.hideAxis("left")
        plot.layout.setContentsMargins(0, 0, 0, 0)
        self.getViewBox().setDefaultPadding(0)
        self._axis = plot.getAxis("bottom")
        self._axis.setStyle(tickLength=0, tickAlpha=0, tickTextOffset=6, autoExpandTextSpace=False)
        self._axis.setHeight(_AXIS_PX)
        self.setFrameShape(PlotWidget.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setMinimumHeight(110)
        theme.current().changed.connect(self._tint)
        self._tint()

    @property
    def current(self) -> int:
        """The bar that the pointer or the keys are on; -1 for none."""
        return self._item.current

    def show_bars(self, bars: Sequence[Bar], *, name: str) -> None:
        """Show ``bars``; ``name`` is for screen readers."""
        self.setAccessibleName(name)
        if bars == self.bars:
            return
        self.bars = bars
        highest = max((float(bar.cost_usd) for bar in bars), default=0.0)
        self._item.set_bars(bars, highest)
        self._show_current(-1)
        self.getViewBox().setRange(
            xRange=(-0.5, max(len(bars), 1) - 0.5), yRange=(0, highest * _HEADROOM or 1), padding=0
        )
        self._show_captions()

    def bar_rect(self, at: int) -> QRect:
        """Where the column of a bar is in this widget, from top to bottom."""
        box = self.getViewBox()
        left, right = (self.mapFromScene(box.mapViewToScene(QPointF(x, 0))) for x in (at - 0.5, at + 0.5))
        return QRect(QPoint(left.x(), 0), QPoint(right.x() - 1, self.height() - _AXIS_PX))

    @override
    def sizeHint(self) -> QSize:
        return QSize(400, 236)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # pyqtgraph calls this while it is being made.
        if hasattr(self, "_axis"):
            self._show_captions()

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        # The page scrolls; nothing zooms.
        event.ignore()

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        event.accept()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        at = self._bar_at(event.position())
        if at >= 0 and event.button() == Qt.MouseButton.LeftButton:
            self.opened.emit(at)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._show_current(self._bar_at(event.position()), tooltip=True)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._show_current(-1)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        step = _ARROWS.get(Qt.Key(event.key()))
        if step is not None and self.bars:
            self._show_current(min(max(self.current + step, 0), len(self.bars) - 1), tooltip=True)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current >= 0:
            self.opened.emit(self.current)
        else:
            event.ignore()

    @override
    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        tabbed = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        if tabbed and self.bars:
            self._show_current(self.current if self.current >= 0 else len(self.bars) - 1, tooltip=True)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._show_current(-1)

    def _bar_at(self, position: QPointF) -> int:
        x = self.getViewBox().mapSceneToView(self.mapToScene(position.toPoint())).x()
        at = round(x)
        return at if 0 <= at < len(self.bars) else -1

    def _show_current(self, at: int, *, tooltip: bool = False) -> None:
        moved = at != self._item.current
        self._item.current = at
        if moved:
            self._item.update()
            self.setCursor(Qt.CursorShape.PointingHandCursor if at >= 0 else Qt.CursorShape.ArrowCursor)
        if at < 0:
            QToolTip.hideText()
        elif tooltip and moved:
            self._tell(at)

    def _tell(self, at: int) -> None:
        text = self.bars[at].tooltip
        self.setAccessibleDescription(text.replace("\n", ": "))
        QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
        rect = self.bar_rect(at)
        top = self._item.top_px(at, rect)
        place = self.mapToGlobal(QPoint(rect.center().x(), top - 64))
        QToolTip.showText(place, escaped_tooltip(text), self, rect)

    def _show_captions(self) -> None:
        """Whole captions where they fit, short ones where not, and only some of those in a narrow window."""
        if not self.bars:
            self._axis.setTicks([[]])
            return
        metrics = QFontMetrics(theme.current().font("axis"))
        pitch = self.width() / len(self.bars)
        widest = max(metrics.horizontalAdvance(bar.caption) for bar in self.bars) + _CAPTION_GAP_PX
        texts = [bar.caption if widest <= pitch else bar.short for bar in self.bars]
        needed = max(map(metrics.horizontalAdvance, texts)) + _CAPTION_GAP_PX
        every = max(-int(-needed // pitch), 1)
        self._axis.setTicks([[(at, text) for at, text in enumerate(texts) if at % every == 0]])

    def _tint(self) -> None:
        look = theme.current()
        self._axis.setPen(QPen(Qt.GlobalColor.transparent))
        self._axis.setTextPen(QPen(look.color("text_faint")))
        self._axis.setTickFont(look.font("axis"))
        self._item.update()


class _BarsItem(GraphicsObject):  # type: ignore[misc] # pyqtgraph has no types
    """All bars, painted in pixels so that their round tops stay round at any scale."""

    def __init__(self) -> None:
        super().__init__()
        self._bars: Sequence[Bar] = ()
        self._highest = 0.0
        self.current = -1

    def set_bars(self, bars: Sequence[Bar], highest: float) -> None:
        self.prepareGeometryChange()
        self._bars, self._highest = bars, highest
        self.update()

    def top_px(self, at: int, column: QRect) -> int:
        """Where a bar of ``column`` ends above, in px of the widget."""
        share = float(self._bars[at].cost_usd) / (self._highest * _HEADROOM or 1)
        return round(column.bottom() - share * column.height())

    @override
    def boundingRect(self) -> QRectF:
        return QRectF(-0.5, 0, max(len(self._bars), 1), self._highest * _HEADROOM or 1)

    @override
    def paint(self, painter: QPainter, *_more: Any) -> None:
        to_px = painter.worldTransform()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        peak = max(range(len(self._bars)), key=lambda at: self._bars[at].cost_usd, default=-1)
        for at, bar in enumerate(self._bars):
            place = to_px.mapRect(QRectF(at - 0.5, 0, 1, float(bar.cost_usd)))
            width = min(place.width() * _WIDTH_SHARE, _WIDEST_PX)
            height = max(place.height(), _LEAST_PX) if bar.cost_usd else 0
            shape = QRectF(place.center().x() - width / 2, place.bottom() - height, width, height)
            # On whole pixels: an antialiased edge between two is a blurred one.
            shape = QRectF(shape.toAlignedRect())
            painter.fillPath(_bar_path(shape), QBrush(_colour(bar, lit=at == self.current)))
            if at == peak and bar.cost_usd:
                _paint_peak(painter, shape, bar, right=to_px.mapRect(self.boundingRect()).right())


def _bar_path(shape: QRectF) -> QPainterPath:
    if shape.height() < 1:
        return QPainterPath()
    return rounded_path(shape, min(_RADIUS_PX, shape.height() / 2), top_only=True)


def _colour(bar: Bar, *, lit: bool) -> QColor:
    look = theme.current()
    if lit:
        return look.color("accent_hover" if look.mode == "light" else "accent_soft_text")
    colour = look.color("accent_line")
    if bar.pale:
        colour.setAlphaF(_PALE)
    return colour


def _paint_peak(painter: QPainter, shape: QRectF, bar: Bar, *, right: float) -> None:
    """The height of the highest bar, above it: without an axis, all others are seen against this one."""
    look = theme.current()
    painter.setFont(look.font("axis"))
    painter.setPen(look.color("text_faint"))
    text = format_price(bar.cost_usd)
    width = painter.fontMetrics().horizontalAdvance(text) + 2
    left = min(shape.center().x() - width / 2, right - width)
    place = QRectF(max(left, 0), shape.top() - 20, width, 16)
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

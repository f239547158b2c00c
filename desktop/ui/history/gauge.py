"""What the month has cost so far, against its budget."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from desktop.core.budget import Budget, BudgetState
from desktop.core.compat import override
from desktop.core.text import _, format_price, join_sentences
from desktop.ui import theme
from desktop.ui.dates import month_name
from desktop.ui.widgets.labels import plain_tooltip

_SIDE_PX = 4
_TEXT_MIDDLE_PX = 14
_BAR_TOP_PX = 30
_GAP_PX = 8
_HEIGHT_PX = 40
_HEIGHT_WITHOUT_PX = 28
_FILLS = {BudgetState.WARN: "warning_text", BudgetState.STOP: "danger"}


class BudgetGauge(QAbstractButton):
    """``November  $1.84 / $10`` above a bar, or the sum alone where there is no budget."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._budget: Budget | None = None
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setVisible(False)
        theme.current().changed.connect(self.update)

    def show_budget(self, budget: Budget) -> None:
        """Show how the month stands."""
        self._budget = budget
        self.setVisible(True)
        self.setAccessibleName(spoken(budget))
        plain_tooltip(self, join_sentences(spoken(budget), _("Click to see what it went to.")))
        self.updateGeometry()
        self.update()

    @override
    def sizeHint(self) -> QSize:
        without = self._budget is None or self._budget.limit_usd is None
        return QSize(120, _HEIGHT_WITHOUT_PX if without else _HEIGHT_PX)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        if self._budget is None:
            return
        look = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        radius = look.metric("radius_thumb")
        area = QRectF(self.rect()).adjusted(0.75, 0.75, -0.75, -0.75)
        if self.underMouse():
            painter.setBrush(look.color("pressed"))
            painter.drawRoundedRect(area, radius, radius)
        if self.hasFocus():
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(look.color("focus_ring"), 1.5))
            painter.drawRoundedRect(area, radius, radius)
        self._paint_words(painter, self._budget)
        if self._budget.share is not None:
            self._paint_bar(painter, float(self._budget.share), _FILLS.get(self._budget.state, "accent_line"))

    def _paint_words(self, painter: QPainter, budget: Budget) -> None:
        look = theme.current()
        line = QRectF(_SIDE_PX, _TEXT_MIDDLE_PX - 10, self.width() - 2 * _SIDE_PX, 20)
        limit = "" if budget.limit_usd is None else f" / {format_price(budget.limit_usd).removesuffix('.00')}"
        spent = look.font("text")
        spent.setWeight(look.font("figure").weight())
        for text, font, role in (
            (limit, look.font("text"), "text_faint"),
            (format_price(budget.spent_usd), spent, _FILLS.get(budget.state, "text")),
        ):
            painter.setFont(font)
            painter.setPen(look.color(role))
            painter.drawText(line, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
            line.setRight(line.right() - painter.fontMetrics().horizontalAdvance(text))
        painter.setFont(look.font("text"))
        painter.setPen(look.color("text_muted"))
        room = round(line.width()) - _GAP_PX
        month = painter.fontMetrics().elidedText(
            month_name(budget.month.month), Qt.TextElideMode.ElideRight, room
        )
        painter.drawText(line, Qt.AlignmentFlag.AlignVCenter, month)

    def _paint_bar(self, painter: QPainter, share: float, role: str) -> None:
        look = theme.current()
        height = look.metric("progress_height")
        track = QRectF(_SIDE_PX, _BAR_TOP_PX, self.width() - 2 * _SIDE_PX, height)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.color("track"))
        painter.drawRoundedRect(track, height / 2, height / 2)
        if share > 0:
            # Never narrower than round, so that a little is seen too.
            track.setWidth(max(track.width() * min(share, 1.0), height))
            painter.setBrush(look.color(role))
            painter.drawRoundedRect(track, height / 2, height / 2)


def spoken(budget: Budget) -> str:
    """How the month stands, in a sentence."""
    month, spent = month_name(budget.month.month), format_price(budget.spent_usd)
    if budget.limit_usd is None or budget.share is None:
        return _("Spent in {month}: {price}.").format(month=month, price=spent)
    percent = int(budget.share * 100)
    said = _("Spent in {month}: {price} of {limit}, {percent} %.").format(
        month=month, price=spent, limit=format_price(budget.limit_usd), percent=percent
    )
    if budget.state is BudgetState.STOP:
        return join_sentences(said, _("The budget is used up; Sightline asks before it spends more."))
    return said

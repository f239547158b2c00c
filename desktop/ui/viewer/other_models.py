"""What this picture would cost with other models: a table that can be sorted."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QDialog, QHeaderView, QTableWidget, QTableWidgetItem, QVBoxLayout, QWidget

from desktop.core.catalog import Model, is_retired
from desktop.core.compat import override
from desktop.core.ledger import Learned
from desktop.core.model import ON_DEVICE, Detail
from desktop.core.text import DASH, _, format_count, format_price
from desktop.tasks.backend import Backend
from desktop.ui.composer.state import detail_name
from desktop.ui.viewer.figures import Viewed, cost_of, planned, tokens_of
from desktop.ui.viewer.panel_state import CARD_ORDER
from desktop.ui.widgets.labels import label

_SIZE_PX = (760, 520)


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFigure:
    """A model at one level.

    Attributes:
        offered: the model has this level.
        tokens: None if unknown or refused.
        cost_usd: None if unknown.
        refused: the model would refuse the picture.
    """

    offered: bool
    tokens: int | None = None
    cost_usd: Decimal | None = None
    refused: bool = False

    def text(self) -> str:
        """``$0.0022 · 1,105``."""
        if not self.offered:
            return ""
        if self.refused:
            return _("refused")
        if self.tokens is None:
            return DASH
        return f"{format_price(self.cost_usd)} · {format_count(self.tokens)}"

    def order(self) -> tuple[int, Decimal]:
        """By price where it is known, then by tokens; what has neither comes last."""
        if self.cost_usd is not None:
            return 0, self.cost_usd
        return (1, Decimal(self.tokens)) if self.tokens is not None else (2, Decimal(int(not self.offered)))


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelFigures:
    """One row: a model at every level, in the order of `CARD_ORDER`."""

    model: str
    current: bool
    figures: tuple[ModelFigure, ...]


def figures_of(viewed: Viewed, detail: Detail) -> ModelFigure:
    """What a picture would cost at a level of the model that is viewed."""
    if detail not in viewed.model.details:
        return ModelFigure(offered=False)
    refused = any(plan.rejected is not None for _new, plan in planned(viewed, detail=detail))
    tokens = tokens_of(viewed, detail=detail)
    return ModelFigure(offered=True, tokens=tokens, cost_usd=cost_of(tokens, viewed.rates), refused=refused)


def other_models(viewed: Viewed, backend: Backend) -> tuple[ModelFigures, ...]:
    """A row for each model of the catalogue that answers today, the newest first."""
    today = datetime.now(UTC).date()
    models = [model for model in backend.catalog.models if model.chat and not is_retired(model, today)]
    if viewed.model.id not in [model.id for model in models] and viewed.model.id != ON_DEVICE:
        models.insert(0, viewed.model)
    return tuple(_row(viewed, model, backend) for model in models)


def _row(viewed: Viewed, model: Model, backend: Backend) -> ModelFigures:
    seen = replace(viewed, model=model, rates=backend.prices.rates(model), learned=Learned())
    return ModelFigures(
        model=model.id,
        current=model.id == viewed.model.id,
        figures=tuple(figures_of(seen, detail) for detail in CARD_ORDER),
    )


def show_other_models(parent: QWidget, viewed: Viewed, backend: Backend) -> None:
    """Open the table; it closes itself with Esc."""
    dialog = OtherModels(parent, other_models(viewed, backend), name=viewed.image.name)
    dialog.open()


class OtherModels(QDialog):
    """The table.

    Attributes:
        table: a model a row.
    """

    def __init__(self, parent: QWidget, rows: tuple[ModelFigures, ...], *, name: str) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(_("{name} with other models").format(name=name))
        self.resize(*_SIZE_PX)
        self.table = QTableWidget(len(rows), 1 + len(CARD_ORDER))
        self.table.setAccessibleName(_("Price and tokens with every model"))
        self.table.setProperty("kind", "figures")
        self._name_columns()
        self.table.verticalHeader().hide()
        self.table.setShowGrid(False)
        self.table.setEditTriggers(QTableWidget.EditTrigger.NoEditTriggers)
        self.table.setSelectionBehavior(QTableWidget.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QTableWidget.SelectionMode.SingleSelection)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for at, row in enumerate(rows):
            self._fill(at, row)
        self.table.setSortingEnabled(True)
        header.setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        column = QVBoxLayout(self)
        column.setContentsMargins(16, 14, 16, 16)
        column.setSpacing(10)
        hint = label(
            _("Price and tokens of this image at each detail. Click a column to sort by it."), "muted"
        )
        hint.setWordWrap(True)
        column.addWidget(hint)
        column.addWidget(self.table, 1)

    def _name_columns(self) -> None:
        for column, name in enumerate([_("Model"), *(detail_name(detail) for detail in CARD_ORDER)]):
            item = QTableWidgetItem(name)
            side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
            item.setTextAlignment(side | Qt.AlignmentFlag.AlignVCenter)
            self.table.setHorizontalHeaderItem(column, item)

    def _fill(self, at: int, row: ModelFigures) -> None:
        name = _("{model} (chosen)").format(model=row.model) if row.current else row.model
        items = [QTableWidgetItem(name), *(_FigureItem(figure) for figure in row.figures)]
        for column, item in enumerate(items):
            font = item.font()
            font.setWeight(QFont.Weight.DemiBold if row.current else QFont.Weight.Normal)
            item.setFont(font)
            self.table.setItem(at, column, item)
        if row.current:
            self.table.selectRow(at)


class _FigureItem(QTableWidgetItem):
    """A cell that is sorted by its figure, not by its text."""

    def __init__(self, figure: ModelFigure) -> None:
        super().__init__(figure.text())
        self.figure = figure
        self.setTextAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)

    @override
    def __lt__(self, other: QTableWidgetItem) -> bool:
        return isinstance(other, _FigureItem) and self.figure.order() < other.figure.order()

"""One row of the chooser: who is asked, how closely it looks, and what that costs."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.core.model import Detail
from desktop.core.pairs import Pair
from desktop.core.text import _, join_list, printable
from desktop.ui.compare.state import ChooserRow
from desktop.ui.composer.state import detail_name
from desktop.ui.conversation.model_picker import ModelPopup, ModelRow
from desktop.ui.widgets.buttons import button, icon_button
from desktop.ui.widgets.labels import ElidedLabel, label, plain_tooltip
from desktop.ui.widgets.select import Select

_DETAIL_PX = 112
_PRICE_PX = 118
_NUMBER_PX = 14
_MOST_NAME = 26


class PairRow(QWidget):
    """Shows one pair, and what there is to say of it.

    Signals:
        changed: another model or detail was chosen.
        removed: it is not to be asked.
    """

    changed = Signal()
    removed = Signal()

    def __init__(self, pair: Pair, models: Sequence[ModelRow], *, narrow: bool = False) -> None:
        """Offer these models; where it is ``narrow``, in two lines."""
        super().__init__()
        self.pair = pair
        self._models = tuple(models)
        self._details: tuple[Detail, ...] = ()
        self._number = label("", "muted")
        self._number.setFixedWidth(_NUMBER_PX)
        self._model = button("", icon="cpu", chevron=True)
        self._model.setProperty("align", "left")
        self._model.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._model.clicked.connect(self._open_models)
        self._detail = Select(name=_("Detail"))
        self._detail.setFixedWidth(_DETAIL_PX)
        self._detail.activated.connect(self._on_detail)
        self._price = label("", "strong")
        self._tokens = ElidedLabel("", "small")
        self.remove = icon_button("x", _("Remove this one"), size_px=28)
        self.remove.clicked.connect(self.removed)
        self._remark = label("", "danger")
        self._remark.setWordWrap(True)
        self._remark.hide()
        self._lay_out(narrow=narrow)

    def show_row(self, number: int, row: ChooserRow, *, removable: bool) -> None:
        """Show what follows from the pair; ``number`` counts from 1."""
        self._number.setText(str(number))
        shown = printable(row.name, limit=_MOST_NAME)
        self._model.setText(shown.replace("&", "&&"))
        plain_tooltip(self._model, printable(row.name))
        self._model.setAccessibleName(_("Model {number}: {name}").format(number=number, name=shown))
        self._show_details(row)
        self._price.setText(row.price)
        self._tokens.setText(row.tokens)
        self.remove.setVisible(removable)
        self._remark.setText(row.remark)
        self._remark.setVisible(bool(row.remark))
        said = join_list((row.price, row.tokens, row.remark))
        self._model.setAccessibleDescription(said)

    def open_models(self) -> None:
        """Let one choose the model."""
        self._model.setFocus()
        self._open_models()

    def _show_details(self, row: ChooserRow) -> None:
        if row.details != self._details:
            self._details = row.details
            self._detail.clear()
            for detail in row.details:
                self._detail.addItem(detail_name(detail), detail.value)
        # The room stays, so that the rows stand in line.
        policy = self._detail.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._detail.setSizePolicy(policy)
        self._detail.setVisible(bool(row.details))
        self._detail.setCurrentIndex(self._detail.findData(row.detail.value))

    def _lay_out(self, *, narrow: bool) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(6)
        grid.setColumnStretch(1 if not narrow else 2, 1)
        costs = QVBoxLayout()
        costs.setSpacing(0)
        costs.addWidget(self._price)
        costs.addWidget(self._tokens)
        figures = QWidget()
        figures.setMinimumWidth(_PRICE_PX)
        if not narrow:
            figures.setMaximumWidth(_PRICE_PX)
        figures.setLayout(costs)
        costs.setContentsMargins(6, 0, 0, 0)
        policy = self.remove.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self.remove.setSizePolicy(policy)
        lines = _lines(narrow=narrow)
        for widget, place in zip(
            (self._number, self._model, self._detail, figures, self.remove), lines, strict=True
        ):
            grid.addWidget(widget, *place)
        below = QHBoxLayout()
        below.setContentsMargins(_NUMBER_PX + 8, 0, 36, 0)
        below.addWidget(self._remark)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(grid)
        column.addLayout(below)

    def _open_models(self) -> None:
        popup = ModelPopup(self._models, current=self.pair.model, parent=self)
        popup.chosen.connect(self._on_model)
        popup.open_below(self._model)

    def _on_model(self, model: str) -> None:
        self.pair = Pair(model, self.pair.detail)
        self.changed.emit()

    def _on_detail(self) -> None:
        self.pair = Pair(self.pair.model, Detail(str(self._detail.currentData())))
        self.changed.emit()


def _lines(*, narrow: bool) -> tuple[tuple[int, ...], ...]:
    """Where number, model, detail, figures and the cross stand: row, column, and what they span."""
    if narrow:
        return (0, 0), (0, 1, 1, 2), (1, 1), (1, 2), (0, 3)
    return (0, 0), (0, 1), (0, 2), (0, 3), (0, 4)

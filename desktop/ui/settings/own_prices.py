"""A small table in which the user enters what models cost."""

from collections.abc import Callable, Mapping
from functools import partial

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QLayoutItem, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.own_prices import MOST_PRICE_USD, OwnPrice, read_amount, read_model_id
from desktop.core.pricing import Rates
from desktop.core.text import _, format_price, join_list, printable
from desktop.ui.settings.money_field import MoneyField
from desktop.ui.settings.rows import show_remark
from desktop.ui.widgets.buttons import icon_button
from desktop.ui.widgets.labels import ElidedLabel, label
from desktop.ui.widgets.overlay_scroll import OverlayScrollBar
from desktop.ui.widgets.select import Select

_FIELD_PX = 84
_FIELD_TEXT_PX = 12
"""From the edge of a field to its text."""
_BUTTON_PX = 32
_MOST_HEIGHT_PX = 216
ListedRates = Callable[[str], Rates | None]


class PriceFields(QObject):
    """The three amounts of one model.

    Signals:
        refused(str): an amount is none; why.
        begun(): one is being changed.
        finished(): one was left with an amount.
    """

    refused = Signal(str)
    begun = Signal()
    finished = Signal()

    def __init__(self, model: str, grid: QGridLayout, at: int, parent: QObject) -> None:
        """Put the fields of ``model`` into row ``at``; without a name it is the row for a new one."""
        super().__init__(parent)
        shown = printable(model)
        self.input = self._field(join_list((shown, _("Input"))), optional=False)
        self.cached = self._field(join_list((shown, _("Cached"))), optional=True)
        self.output = self._field(join_list((shown, _("Output"))), optional=False)
        self.cached.setPlaceholderText(_("as input"))
        for column, field in enumerate(self._all(), 1):
            grid.addWidget(field, at, column)

    def show_price(self, price: OwnPrice | None) -> None:
        """Fill the fields, or empty them."""
        if price is None:
            for field in self._all():
                field.show_amount(None)
            return
        self.input.show_amount(price.input_usd)
        self.cached.show_amount(price.cached_usd)
        self.output.show_amount(price.output_usd)

    def price(self) -> OwnPrice | None:
        """What was entered; None if something is missing or wrong, which is then said."""
        wrong = next((field for field in self._all() if not field.check()), None)
        if wrong is not None:
            wrong.setFocus()
            return None
        fresh, cached, out = self.input.amount(), self.cached.amount(), self.output.amount()
        return None if fresh is None or out is None else OwnPrice(fresh, cached, out)

    def _all(self) -> tuple[MoneyField, MoneyField, MoneyField]:
        return self.input, self.cached, self.output

    def _field(self, name: str, *, optional: bool) -> MoneyField:
        field = MoneyField(
            name, partial(read_amount, most=MOST_PRICE_USD), optional=optional, width_px=_FIELD_PX
        )
        field.refused.connect(self.refused)
        field.begun.connect(self.begun)
        field.entered.connect(lambda _amount: self.finished.emit())
        return field


class OwnPrices(QWidget):
    """What models cost by the user's own contract, with the list price below each name.

    Signals:
        changed(dict): all prices, after one was changed.
        grown(): it needs another height.
    """

    changed = Signal(object)
    grown = Signal()

    def __init__(self, prices: Mapping[str, OwnPrice], models: tuple[str, ...], listed: ListedRates) -> None:
        """Show ``prices``; ``models`` are offered for a new one, ``listed`` tells what the list says."""
        super().__init__()
        self._prices = dict(prices)
        self._listed = listed
        self._rows: dict[str, PriceFields] = {}
        self._remark = label("", "danger")
        self._remark.setWordWrap(True)
        self._remark.hide()
        self._grid = _grid()
        self._scroll = _scroll_area(self._grid)
        self._adding = _grid()
        self._make_adding(models)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(_headings())
        layout.addWidget(self._scroll)
        holder = QWidget()
        holder.setLayout(self._adding)
        layout.addWidget(holder)
        layout.addWidget(self._remark)
        self._show_rows()

    def refresh(self) -> None:
        """The price list is another one now."""
        self._show_rows()

    def _make_adding(self, models: tuple[str, ...]) -> None:
        self._model = Select(name=_("Model with a price of your own"))
        self._model.setEditable(True)
        self._model.setInsertPolicy(Select.InsertPolicy.NoInsert)
        self._model.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._model.addItems([printable(model) for model in models])
        self._model.setCurrentIndex(-1)
        line = self._model.lineEdit()
        if line is not None:
            line.setPlaceholderText(_("Model"))
            line.setAccessibleName(_("Model with a price of your own"))
        self._adding.addWidget(self._model, 0, 0)
        self._new = PriceFields("", self._adding, 0, self)
        for field, hint in ((self._new.input, "2.50"), (self._new.output, "15")):
            field.setPlaceholderText(hint)
        for field in (self._new.input, self._new.cached, self._new.output):
            # Left empty on the way to another field: only adding asks for all of them.
            field.editingFinished.disconnect()
            field.returnPressed.connect(self._on_add)
        self._new.refused.connect(self._say)
        self._new.begun.connect(self._say_nothing)
        self._model.editTextChanged.connect(self._say_nothing)
        self._add = icon_button("plus", _("Add this price"), size_px=_BUTTON_PX)
        self._add.clicked.connect(self._on_add)
        self._adding.addWidget(self._add, 0, 4)

    def _show_rows(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            _discard(item)
        for fields in self._rows.values():
            fields.deleteLater()
        self._rows.clear()
        for at, (model, price) in enumerate(sorted(self._prices.items())):
            self._add_row(at, model, price)
        height = self._grid.totalMinimumSize().height() if self._prices else 0
        self._scroll.setVisible(bool(self._prices))
        self._scroll.setFixedHeight(min(height, _MOST_HEIGHT_PX))
        self.grown.emit()

    def _add_row(self, at: int, model: str, price: OwnPrice) -> None:
        name = QVBoxLayout()
        name.setSpacing(0)
        name.addWidget(ElidedLabel(printable(model), mode=Qt.TextElideMode.ElideMiddle))
        name.addWidget(ElidedLabel(_list_price(self._listed(model)), "small"))
        self._grid.addLayout(name, at, 0)
        fields = PriceFields(model, self._grid, at, self)
        fields.show_price(price)
        fields.refused.connect(self._say)
        fields.begun.connect(self._say_nothing)
        fields.finished.connect(partial(self._on_changed, model))
        remove = icon_button(
            "trash-2", _("Remove the price of {model}").format(model=printable(model)), size_px=_BUTTON_PX
        )
        remove.clicked.connect(partial(self._on_removed, model))
        self._grid.addWidget(remove, at, 4)
        self._rows[model] = fields

    def _on_changed(self, model: str) -> None:
        fields = self._rows.get(model)
        price = None if fields is None else fields.price()
        if price is not None and price != self._prices.get(model):
            self._prices[model] = price
            self._tell()

    def _on_removed(self, model: str) -> None:
        del self._prices[model]
        self._show_rows()
        self._model.setFocus()
        self._tell()

    def _on_add(self) -> None:
        try:
            model = read_model_id(self._model.currentText())
        except ValueError:
            self._say(_("Enter the model’s name as the server knows it."))
            self._model.setFocus()
            return
        price = self._new.price()
        if price is None:
            return
        self._prices[model] = price
        self._new.show_price(None)
        self._model.setCurrentIndex(-1)
        self._model.clearEditText()
        self._show_rows()
        self._model.setFocus()
        self._tell()

    def _tell(self) -> None:
        self._say_nothing()
        self.changed.emit(dict(self._prices))

    def _say(self, text: str) -> None:
        show_remark(self._remark, text, "danger")
        self.grown.emit()

    def _say_nothing(self) -> None:
        if self._remark.text():
            self._say("")

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Enter ends editing a field; the dialog's own buttons do not hear of it.
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            return
        super().keyPressEvent(event)


def _list_price(rates: Rates | None) -> str:
    if rates is None:
        return _("In no price list")
    tier = rates.tier(0)
    return _("List: {input} · {cached} · {output}").format(
        input=format_price(tier.input_usd.scaleb(6)),
        cached=format_price(tier.cached_usd.scaleb(6)),
        output=format_price(tier.output_usd.scaleb(6)),
    )


def _headings() -> QWidget:
    grid = _grid()
    for column, text in enumerate((_("Model"), _("Input"), _("Cached"), _("Output"))):
        heading = label(text, "small")
        if column:
            heading.setFixedWidth(_FIELD_PX)
            heading.setAlignment(Qt.AlignmentFlag.AlignRight)
            heading.setContentsMargins(0, 0, _FIELD_TEXT_PX, 0)
        grid.addWidget(heading, 0, column)
    above_buttons = QWidget()
    above_buttons.setFixedWidth(_BUTTON_PX)
    grid.addWidget(above_buttons, 0, 4)
    holder = QWidget()
    holder.setLayout(grid)
    return holder


def _grid() -> QGridLayout:
    grid = QGridLayout()
    grid.setContentsMargins(0, 0, 0, 0)
    grid.setHorizontalSpacing(8)
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(0, 1)
    return grid


def _scroll_area(grid: QGridLayout) -> QScrollArea:
    inner = QWidget()
    inner.setLayout(grid)
    area = QScrollArea()
    area.setWidget(inner)
    area.setWidgetResizable(True)
    area.setFrameShape(QScrollArea.Shape.NoFrame)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    OverlayScrollBar(area)
    return area


def _discard(item: QLayoutItem) -> None:
    widget, inner = item.widget(), item.layout()
    if widget is not None:
        widget.hide()
        widget.deleteLater()
    while inner is not None and (part := inner.takeAt(0)) is not None:
        _discard(part)

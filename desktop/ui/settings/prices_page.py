"""The page "Prices and budget" of the settings."""

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QVBoxLayout, QWidget

from desktop.core.own_prices import MOST_BUDGET_USD, read_budget
from desktop.core.pricing import PriceList
from desktop.core.settings import Settings
from desktop.core.text import _, format_count, ngettext
from desktop.ui.dates import full_date
from desktop.ui.settings.money_field import MoneyField
from desktop.ui.settings.own_prices import ListedRates, OwnPrices
from desktop.ui.settings.rows import Form, plain_button, show_remark
from desktop.ui.widgets.labels import label

_BUDGET_PX = 110


class PricesPage(QWidget):
    """The month's budget, the price list, and prices of one's own.

    Signals:
        changed(Settings): all settings, after one was changed here.
        update_requested: fetch the price list; answer with `show_update`.
        grown: it needs another height.
    """

    changed = Signal(object)
    update_requested = Signal()
    grown = Signal()

    def __init__(
        self,
        settings: Settings,
        *,
        models: tuple[str, ...],
        price_list: PriceList | None,
        listed: ListedRates,
    ) -> None:
        """Show what ``settings`` hold; ``listed`` tells what the list says about a model."""
        super().__init__()
        self._settings = settings
        self._shown = price_list
        self._make_budget()
        self._make_list(price_list)
        self._own = OwnPrices(settings.own_prices, models, listed)
        self._own.changed.connect(self._on_own)
        self._own.grown.connect(self.grown)
        form = Form()
        form.add_row(
            _("Budget"), self._budget, label(_("US dollars a month"), "muted"), remark=self._budget_remark
        )
        form.add_line()
        form.add_row(_("Price list"), self._list, self._update, remark=self._list_remark)
        form.add_line()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        layout.addWidget(form)
        layout.addWidget(label(_("Your own prices"), "strong"))
        about = label(
            _(
                "In US dollars for a million tokens. They win over the price list, at every server. "
                "Cached left empty costs what input costs."
            ),
            "small",
        )
        about.setWordWrap(True)
        layout.addWidget(about)
        layout.addWidget(self._own)

    def show_update(self, price_list: PriceList | None, trouble: str = "") -> None:
        """Fetching ended: with this list, or with what went wrong."""
        self._update.setEnabled(True)
        self._update.setText(_("Update prices"))
        if trouble:
            show_remark(self._list_remark, trouble, "danger")
        else:
            self.show_list(price_list)
            show_remark(self._list_remark, _("The prices are up to date."), "success")
        self.grown.emit()

    def show_list(self, price_list: PriceList | None) -> None:
        """Say which list is in force."""
        if price_list == self._shown:
            # Own prices have changed: their rows must stay, because one of them is being edited.
            return
        self._shown = price_list
        self._list.setText(list_text(price_list))
        self._own.refresh()

    def focus_budget(self) -> None:
        """Begin with the budget."""
        self._budget.setFocus()
        self._budget.selectAll()

    def _make_budget(self) -> None:
        self._budget = MoneyField(_("Budget"), read_budget, optional=True, width_px=_BUDGET_PX)
        self._budget.setPlaceholderText(_("None"))
        self._budget.show_amount(self._settings.budget_usd)
        self._budget_remark = label("", "small")
        self._say_budget()
        self._budget.refused.connect(self._on_budget_refused)
        self._budget.begun.connect(self._say_budget)
        self._budget.entered.connect(self._on_budget)

    def _make_list(self, price_list: PriceList | None) -> None:
        self._list = label(list_text(price_list))
        self._list.setWordWrap(True)
        self._list.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._list_remark = label("", "small")
        show_remark(self._list_remark, _("They are fetched from genai-prices only when you ask for it."))
        self._update = plain_button(_("Update prices"))
        self._update.clicked.connect(self._on_update)

    def _on_update(self) -> None:
        self._update.setEnabled(False)
        self._update.setText(_("Updating…"))
        self.update_requested.emit()

    def _on_budget(self, budget: object) -> None:
        self._say_budget()
        self._change(replace(self._settings, budget_usd=budget))  # type: ignore[arg-type]

    def _on_budget_refused(self, _why: str) -> None:
        text = _("Enter an amount above 0 and up to {most}, or nothing.")
        show_remark(self._budget_remark, text.format(most=f"${MOST_BUDGET_USD:,f}"), "danger")
        self.grown.emit()

    def _say_budget(self) -> None:
        text = _("Sightline warns at 80 %, and at 100 % asks before each question. Empty: no budget.")
        if self._budget_remark.text() != text:
            show_remark(self._budget_remark, text)
            self.grown.emit()

    def _on_own(self, prices: object) -> None:
        self._change(replace(self._settings, own_prices=prices))  # type: ignore[arg-type]

    def use(self, settings: Settings) -> None:
        """What the other page changed."""
        self._settings = settings

    def _change(self, settings: Settings) -> None:
        if settings != self._settings:
            self._settings = settings
            self.changed.emit(settings)


def list_text(price_list: PriceList | None) -> str:
    """Which price list is in force, in words."""
    if price_list is None:
        return _("Loading…")
    count = format_count(price_list.models)
    if price_list.fetched_on is None:
        text = ngettext(
            "genai-prices {version}, {count} model",
            "genai-prices {version}, {count} models",
            price_list.models,
        )
        return text.format(version=price_list.package, count=count)
    text = ngettext("Prices of {day}, {count} model", "Prices of {day}, {count} models", price_list.models)
    return text.format(day=full_date(price_list.fetched_on), count=count)

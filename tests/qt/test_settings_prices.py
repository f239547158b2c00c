"""The settings' page of prices and budget."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.own_prices import OwnPrice
from desktop.core.ports import KeyStatus
from desktop.core.pricing import PriceList, Rates, Tier
from desktop.core.settings import Settings
from desktop.ui.settings.money_field import MoneyField
from desktop.ui.settings.settings_dialog import PRICES, SettingsDialog
from desktop.ui.widgets.select import Select

PACKAGED = PriceList(models=2330, fetched_on=None, package="0.2.3")
LISTED = Rates(
    (
        Tier(
            input_usd=Decimal("0.00001"),
            cached_usd=Decimal("0.000001"),
            cache_write_usd=Decimal("0.0000125"),
            output_usd=Decimal("0.00005"),
        ),
    )
)
OWN = OwnPrice(Decimal(8), Decimal("0.8"), Decimal(40))
KNOWN = "gpt-6-astra"


class Bench:
    def __init__(self, qtbot: QtBot, dialog: SettingsDialog) -> None:
        self.qtbot, self.dialog = qtbot, dialog
        self.changes: list[Settings] = []
        dialog.changed.connect(self.changes.append)

    def field(self, name: str) -> MoneyField:
        found = [
            f for f in self.dialog.findChildren(MoneyField) if f.accessibleName() == name and f.isVisible()
        ]
        return found[0]

    def enter(self, field: QWidget, text: str, *, key: Qt.Key = Qt.Key.Key_Tab) -> None:
        field.setFocus()
        if isinstance(field, MoneyField):
            field.selectAll()
        self.qtbot.keyClicks(field, text)
        self.qtbot.keyClick(field, key)

    def button(self, name: str) -> QAbstractButton:
        found = [b for b in self.dialog.findChildren(QAbstractButton) if b.accessibleName() == name]
        return next(b for b in found if b.isVisible())

    def press(self, name: str) -> None:
        self.qtbot.mouseClick(self.button(name), Qt.MouseButton.LeftButton)

    def model(self) -> QWidget:
        found = [s for s in self.dialog.findChildren(Select) if s.accessibleName().startswith("Model with")]
        line = found[0].lineEdit()
        assert line is not None
        return line

    def texts(self) -> str:
        return " ".join(w.text() for w in self.dialog.findChildren(QLabel) if w.isVisible())


@pytest.fixture
def open_page(qtbot: QtBot, present: Callable[[QWidget], None]) -> Callable[..., Bench]:
    def open_it(settings: Settings | None = None, price_list: PriceList | None = PACKAGED) -> Bench:
        dialog = SettingsDialog(
            settings=settings or Settings(),
            key=KeyStatus(),
            models=("gpt-5", KNOWN),
            data_folder=Path("/data"),
            price_list=price_list,
            listed=lambda model: LISTED if model == KNOWN else None,
            page=PRICES,
        )
        present(dialog)
        return Bench(qtbot, dialog)

    return open_it


def test_pages_are_changed_by_arrow_keys_and_the_focus_stays(open_page: Callable[..., Bench]) -> None:
    bench = open_page()
    assert QApplication.focusWidget() is bench.field("Budget"), "who came for the budget can type it"
    chosen = bench.button("Prices and budget")
    chosen.setFocus()

    bench.qtbot.keyClick(chosen, Qt.Key.Key_Left)

    assert "Data folder" in bench.texts()
    assert "Budget" not in bench.texts()
    general = QApplication.focusWidget()
    assert general is bench.button("General")
    bench.qtbot.keyClick(general, Qt.Key.Key_Right)
    assert "US dollars a month" in bench.texts()


def test_a_budget_is_entered_changed_and_taken_away(open_page: Callable[..., Bench]) -> None:
    bench = open_page()
    budget = bench.field("Budget")

    for typed in ("$25.50", "7"):
        bench.enter(budget, typed)
    budget.clear()
    bench.qtbot.keyClick(budget, Qt.Key.Key_Return)

    assert [settings.budget_usd for settings in bench.changes] == [Decimal("25.5"), Decimal(7), None]
    assert bench.dialog.isVisible(), "Enter in a field closes nothing"


@pytest.mark.parametrize("typed", ["0", "-5", "1,50", "abc", "1000001", "1e3"])
def test_a_wrong_budget_is_said_at_the_field_and_not_taken(
    open_page: Callable[..., Bench], typed: str
) -> None:
    bench = open_page(Settings(budget_usd=Decimal(5)))

    bench.enter(bench.field("Budget"), typed)

    assert bench.changes == []
    assert "Enter an amount above 0 and up to $1,000,000" in bench.texts()
    bench.enter(bench.field("Budget"), "6")
    assert "Enter an amount" not in bench.texts()
    assert bench.changes[-1].budget_usd == 6


def test_an_own_price_is_entered_by_keyboard_alone(open_page: Callable[..., Bench]) -> None:
    bench = open_page()
    bench.enter(bench.model(), "llava:13b")
    for text in ("0.50", "", "1.25"):
        field = QApplication.focusWidget()
        assert isinstance(field, MoneyField)
        bench.enter(field, text)
    assert QApplication.focusWidget() is bench.button("Add this price")
    bench.qtbot.keyClick(bench.button("Add this price"), Qt.Key.Key_Space)

    assert [settings.own_prices for settings in bench.changes] == [
        {"llava:13b": OwnPrice(Decimal("0.5"), None, Decimal("1.25"))}
    ]
    assert bench.field("llava:13b, Output").text() == "1.25"
    assert bench.field("Output").text() == "", "the row for a new one is empty again"


def test_enter_adds_it_too(open_page: Callable[..., Bench]) -> None:
    bench = open_page()
    bench.enter(bench.model(), "m")
    bench.enter(bench.field("Input"), "1")
    bench.enter(bench.field("Output"), "2", key=Qt.Key.Key_Return)

    assert bench.changes[-1].own_prices == {"m": OwnPrice(Decimal(1), None, Decimal(2))}


@pytest.mark.parametrize(
    ("model", "fresh", "out", "said"),
    [
        ("", "1", "2", "Enter the model’s name"),
        ("m", "", "2", "Input: enter an amount"),
        ("m", "1,5", "2", "Input: “1,5” is no amount"),
        ("m", "1", "-2", "Output: “-2” is no amount"),
    ],
)
def test_what_is_missing_or_wrong_is_said_before_it_is_added(
    open_page: Callable[..., Bench], model: str, fresh: str, out: str, said: str
) -> None:
    bench = open_page()
    bench.enter(bench.model(), model)
    bench.enter(bench.field("Input"), fresh)
    bench.enter(bench.field("Output"), out)

    bench.press("Add this price")

    assert bench.changes == []
    assert said in bench.texts()


def test_own_and_list_price_are_both_shown(open_page: Callable[..., Bench]) -> None:
    bench = open_page(Settings(own_prices={KNOWN: OWN, "llava:13b": OWN}))

    assert bench.field(f"{KNOWN}, Input").text() == "8"
    assert "List: $10.00 · $1.00 · $50.00" in bench.texts()
    assert "In no price list" in bench.texts()


def test_an_own_price_is_changed_and_removed(open_page: Callable[..., Bench]) -> None:
    bench = open_page(Settings(own_prices={KNOWN: OWN, "b": OWN}))

    bench.enter(bench.field(f"{KNOWN}, Cached"), "0.4")
    assert isinstance(QApplication.focusWidget(), MoneyField), "the next field has the focus"
    bench.press("Remove the price of b")

    changed = OwnPrice(Decimal(8), Decimal("0.4"), Decimal(40))
    assert [s.own_prices for s in bench.changes] == [{KNOWN: changed, "b": OWN}, {KNOWN: changed}]


def test_another_budget_and_a_price_do_not_forget_each_other(open_page: Callable[..., Bench]) -> None:
    bench = open_page(Settings(theme="dark", own_prices={KNOWN: OWN}))

    bench.enter(bench.field("Budget"), "5")
    bench.press(f"Remove the price of {KNOWN}")

    assert bench.changes[-1] == Settings(theme="dark", budget_usd=Decimal(5))


def test_prices_are_updated_only_when_it_is_asked_for(open_page: Callable[..., Bench]) -> None:
    bench = open_page()
    assert "genai-prices 0.2.3, 2,330 models" in bench.texts()

    with bench.qtbot.waitSignal(bench.dialog.update_prices_requested):
        bench.press("Update prices")

    assert not bench.button("Update prices").isEnabled()
    bench.dialog.show_update(PriceList(models=2400, fetched_on=date(2026, 11, 22), package="0.2.3"))
    assert "Prices of 22 November 2026, 2,400 models" in bench.texts()
    assert bench.button("Update prices").isEnabled()


def test_an_update_that_failed_is_said_and_the_list_stays(open_page: Callable[..., Bench]) -> None:
    bench = open_page()
    bench.press("Update prices")
    height = bench.dialog.height()

    bench.dialog.show_update(PACKAGED, "prices.example was not found. The prices stay as they were. " * 3)

    assert "was not found" in bench.texts()
    assert "genai-prices 0.2.3" in bench.texts()
    assert bench.dialog.height() > height, "nothing overlaps"


def test_prices_that_are_loaded_later_appear(open_page: Callable[..., Bench]) -> None:
    bench = open_page(price_list=None)
    assert "Loading…" in bench.texts()

    bench.dialog.show_price_list(PACKAGED)

    assert "2,330 models" in bench.texts()


def test_many_own_prices_scroll_and_the_dialog_stays_on_the_screen(open_page: Callable[..., Bench]) -> None:
    bench = open_page(Settings(own_prices={f"model-{number}": OWN for number in range(60)}))

    assert bench.dialog.height() < 700


def test_every_control_has_a_name_and_is_reached_by_tab(open_page: Callable[..., Bench]) -> None:
    bench = open_page(Settings(own_prices={KNOWN: OWN}))

    for control in (*bench.dialog.findChildren(MoneyField), *bench.dialog.findChildren(QAbstractButton)):
        if control.isVisible():
            assert control.accessibleName()
    for field in bench.dialog.findChildren(MoneyField):
        assert field.focusPolicy() & Qt.FocusPolicy.TabFocus

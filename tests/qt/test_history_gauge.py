"""The month against its budget, below the history."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.core.budget import Budget
from desktop.ui import theme
from desktop.ui.history.gauge import BudgetGauge

WIDTH_PX = 214
BAR_Y = 32


def month(spent: str, limit: str | None = "10") -> Budget:
    limit_usd = None if limit is None else Decimal(limit)
    return Budget(month=date(2026, 11, 1), limit_usd=limit_usd, spent_usd=Decimal(spent))


@pytest.fixture
def gauge(present: Callable[[QWidget], None]) -> BudgetGauge:
    made = BudgetGauge()
    made.show_budget(month("1.84"))
    present(made)
    made.resize(WIDTH_PX, made.sizeHint().height())
    return made


def bar(image: QImage) -> list[QColor]:
    """Colours along the middle of the bar, its round ends left out."""
    return [image.pixelColor(x, BAR_Y) for x in range(8, WIDTH_PX - 8)]


def filled(gauge: BudgetGauge) -> tuple[str, float]:
    """Colour and share of what is filled."""
    colours = bar(gauge.grab().toImage())
    track = theme.current().color("track")
    inside = [colour for colour in colours if colour != track]
    return inside[0].name() if inside else "", len(inside) / len(colours)


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize(
    ("spent", "role", "share"),
    [
        ("1.84", "accent_line", 0.18),
        ("7.99", "accent_line", 0.80),
        ("8", "warning_text", 0.80),
        ("9.99", "warning_text", 1.0),
        ("10", "danger", 1.0),
        ("250", "danger", 1.0),
    ],
)
def test_the_bar_fills_and_warns(gauge: BudgetGauge, mode: str, spent: str, role: str, share: float) -> None:
    theme.current().apply(mode)
    gauge.show_budget(month(spent))

    colour, found = filled(gauge)
    wanted = theme.current().color(role).name()
    theme.current().apply("light")

    assert colour == wanted
    assert found == pytest.approx(share, abs=0.03)


def test_nothing_spent_fills_nothing(gauge: BudgetGauge) -> None:
    gauge.show_budget(month("0"))

    assert filled(gauge) == ("", 0)


def test_without_a_budget_there_is_only_the_sum(gauge: BudgetGauge) -> None:
    with_budget = gauge.sizeHint().height()

    gauge.show_budget(month("1.84", None))

    assert gauge.sizeHint().height() < with_budget
    assert gauge.accessibleName() == "Spent in November: $1.84."


@pytest.mark.parametrize(
    ("spent", "said"),
    [
        ("1.84", "Spent in November: $1.84 of $10.00, 18 %."),
        ("9.999", "Spent in November: $10.00 of $10.00, 99 %."),
        ("12", "Spent in November: $12.00 of $10.00, 120 %. The budget is used up; "),
    ],
)
def test_it_says_how_the_month_stands(gauge: BudgetGauge, spent: str, said: str) -> None:
    gauge.show_budget(month(spent))

    assert gauge.accessibleName().startswith(said)
    assert "$" in gauge.toolTip()


def test_it_opens_by_click_and_by_key(gauge: BudgetGauge, qtbot: QtBot) -> None:
    with qtbot.waitSignal(gauge.clicked):
        qtbot.mouseClick(gauge, Qt.MouseButton.LeftButton)
    gauge.setFocus(Qt.FocusReason.TabFocusReason)
    with qtbot.waitSignal(gauge.clicked):
        qtbot.keyClick(gauge, Qt.Key.Key_Space)

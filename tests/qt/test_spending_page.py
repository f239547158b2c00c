"""The spending page: cards, chart, tables, and a period without any."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QToolTip, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.ledger import Spending
from desktop.ui import theme
from desktop.ui.spending.columns import Table
from desktop.ui.spending.page import SpendingPage
from desktop.ui.spending.period import Kind, Period, period_of
from desktop.ui.widgets.segments import Segments
from tests.helpers.ledger_values import TODAY, day, nothing, spending
from tests.qt.test_spending_figures import budget

if TYPE_CHECKING:
    from desktop.ui.spending.chart import BarChart

MONTH = period_of(Kind.MONTH, TODAY)


class Bench:
    def __init__(self, qtbot: QtBot, page: SpendingPage) -> None:
        self.qtbot, self.page = qtbot, page

    def show(self, what: Spending, *, period: Period = MONTH, limit: str | None = "10") -> None:
        self.page.bar.show_period(period, TODAY)
        self.page.show_spending(what, period=period, days=what.days, budget=budget(limit), today=TODAY)

    @property
    def chart(self) -> "BarChart":
        assert self.page.chart is not None
        return self.page.chart

    def texts(self) -> list[str]:
        return [label.text() for label in self.page.findChildren(QLabel) if label.isVisible()]

    def button(self, name: str) -> QAbstractButton:
        found = [
            b for b in self.page.findChildren(QAbstractButton) if b.accessibleName() == name and b.isVisible()
        ]
        return found[0]

    def bar_middle(self, at: int) -> QPoint:
        rect = self.chart.bar_rect(at)
        return QPoint(rect.center().x(), rect.bottom() - 2)


@pytest.fixture
def bench(qtbot: QtBot, present: Callable[[QWidget], None]) -> Bench:
    page = SpendingPage()
    page.resize(1124, 778)
    made = Bench(qtbot, page)
    made.show(spending())
    present(page)
    page.prepare()
    qtbot.waitUntil(lambda: page.chart is not None, timeout=20_000)
    return made


def test_the_chart_is_imported_when_it_is_shown_first() -> None:
    code = (
        "import sys; from desktop.tasks.imports import restore_import; restore_import();"
        "import desktop.app, desktop.ui.spending.page; print(*sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )

    assert not {"pyqtgraph", "numpy"} & set(done.stdout.split())


def test_the_figures_are_those_of_the_period(bench: Bench) -> None:
    assert {"$1.84", "of a $10.00 budget", "412", "1.9 GB", "± 1.2 %", "Cost per day"} <= set(bench.texts())
    assert [bar.cost_usd for bar in bench.chart.bars][4] == spending().days[0].cost_usd


def test_each_table_can_be_chosen(bench: Bench) -> None:
    segments = next(s for s in bench.page.findChildren(Segments) if s.accessibleName() == "Table")
    seen = {}
    for table in Table:
        segments.set_value(table)
        segments.chosen.emit(table.value)
        seen[table] = bench.page.table.rows.rowCount()

    assert seen == {Table.IMAGES: 3, Table.MODELS: 1, Table.CONVERSATIONS: 2, Table.ESTIMATES: 1}


def test_requests_without_a_price_are_said(bench: Bench) -> None:
    bench.show(spending(unpriced_requests=3))

    assert "3 requests to servers without a known price are not in the sum." in bench.texts()


@pytest.mark.parametrize(
    ("kind", "said"),
    [
        (Kind.DAY, "Nothing was spent on 22 November 2026."),
        (Kind.MONTH, "Nothing was spent in November 2026."),
        (Kind.YEAR, "Nothing was spent in 2026."),
    ],
)
def test_a_period_without_requests_says_so(bench: Bench, kind: Kind, said: str) -> None:
    bench.show(nothing(), period=period_of(kind, TODAY))

    assert said in bench.texts()
    assert "Cost per day" not in bench.texts()
    assert not bench.button("Export CSV").isEnabled()
    bench.page.grab()


def test_a_budget_can_be_set_where_there_is_none(bench: Bench) -> None:
    for what in (spending(), nothing()):
        bench.show(what, limit=None)
        with bench.qtbot.waitSignal(bench.page.budget_requested):
            bench.button("Set a budget…").click()


def test_a_bar_tells_its_day_under_the_pointer_and_opens_it(bench: Bench) -> None:
    bench.qtbot.mouseMove(bench.chart.viewport(), bench.bar_middle(4))
    bench.qtbot.waitUntil(lambda: bench.chart.current == 4)
    assert "5 November 2026" in QToolTip.text()
    assert "$0.21 · 6 requests" in QToolTip.text()

    with bench.qtbot.waitSignal(bench.page.bar_opened) as told:
        bench.qtbot.mouseClick(bench.chart.viewport(), Qt.MouseButton.LeftButton, pos=bench.bar_middle(4))

    assert told.args == [period_of(Kind.DAY, spending().days[0].day)]
    QToolTip.hideText()


def test_bars_are_reached_by_keys_and_spoken(bench: Bench) -> None:
    bench.chart.setFocus(Qt.FocusReason.TabFocusReason)
    assert bench.chart.current == 21

    bench.qtbot.keyClick(bench.chart, Qt.Key.Key_Home)
    for _step in range(10):
        bench.qtbot.keyClick(bench.chart, Qt.Key.Key_Right)
    assert bench.chart.accessibleDescription() == "11 November 2026: $0.30 · 2 requests"

    with bench.qtbot.waitSignal(bench.page.bar_opened) as told:
        bench.qtbot.keyClick(bench.chart, Qt.Key.Key_Return)
    assert told.args[0].first.day == 11
    bench.chart.clearFocus()
    assert bench.chart.current == -1


def test_the_wheel_neither_zooms_nor_is_it_kept_from_the_page(bench: Bench) -> None:
    before = bench.chart.viewRect()
    at = QPointF(bench.bar_middle(4))
    wheel = QWheelEvent(
        at,
        QPointF(bench.chart.mapToGlobal(at.toPoint())),
        QPoint(0, 0),
        QPoint(0, 120),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    bench.chart.wheelEvent(wheel)

    assert not wheel.isAccepted()
    assert bench.chart.viewRect() == before


def test_the_right_button_opens_no_menu_of_pyqtgraph(bench: Bench) -> None:
    bench.qtbot.mouseClick(bench.chart.viewport(), Qt.MouseButton.RightButton, pos=bench.bar_middle(4))

    assert QApplication.activePopupWidget() is None


def test_bars_are_as_high_as_their_cost(bench: Bench) -> None:
    image = bench.chart.grab().toImage()
    colour = theme.current().color("accent_line")

    def height(at: int) -> int:
        rect = bench.chart.bar_rect(at)
        return sum(image.pixelColor(rect.center().x(), y) == colour for y in range(rect.height()))

    assert height(10) > 100
    assert height(4) == pytest.approx(height(10) * 0.21 / 0.30, abs=2)
    assert height(0) == 0


def test_bars_take_the_colours_of_another_theme(bench: Bench) -> None:
    place = bench.bar_middle(4)
    theme.current().apply("dark")
    dark = bench.chart.grab().toImage().pixelColor(place)
    wanted = theme.current().color("accent_line")
    theme.current().apply("light")

    assert dark == wanted
    assert bench.chart.grab().toImage().pixelColor(place) == theme.current().color("accent_line")


def test_a_year_shows_its_months(bench: Bench) -> None:
    bench.show(spending(days=(day(5, "0.21"),)), period=period_of(Kind.YEAR, TODAY))

    assert len(bench.chart.bars) == 12
    assert "Cost per month" in bench.texts()


@pytest.mark.parametrize("size", [(420, 480), (648, 600), (1124, 778), (2400, 1300)])
def test_it_fits_any_window(bench: Bench, size: tuple[int, int]) -> None:
    bench.page.resize(*size)
    bench.page.grab()

    assert bench.page.width() == size[0]
    export = bench.button("Export CSV")
    assert export.mapTo(bench.page, QPoint(export.width(), 0)).x() <= size[0]


def test_every_control_has_a_name(bench: Bench) -> None:
    named = [w for w in bench.page.findChildren(QAbstractButton) if w.isVisible()]

    assert all(button.accessibleName() for button in named)
    assert bench.chart.accessibleName() == "Cost per day"

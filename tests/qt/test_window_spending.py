"""What was spent, in the window: the way there and back, days, export, with a real store."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.settings import Settings
from desktop.ui import spending_controller
from desktop.ui.history.gauge import BudgetGauge
from desktop.ui.spending.page import SpendingPage
from desktop.ui.spending.period import Kind, period_of
from desktop.ui.spending_controller import SpendingController
from tests.helpers.spending import pay
from tests.helpers.window import WAIT_MS, Opened, open_window

TODAY = datetime.now(UTC).astimezone().date()


class Bench:
    def __init__(self, qtbot: QtBot, opened: Opened) -> None:
        self.qtbot, self.opened, self.window = qtbot, opened, opened.window

    @property
    def controller(self) -> SpendingController:
        return self.window._spending_controller

    @property
    def page(self) -> SpendingPage:
        assert self.controller.page is not None
        return self.controller.page

    def open(self) -> SpendingPage:
        """Open the page by its button and wait for its figures."""
        self.press(self.opened.history, "Spending")
        self.settled()
        return self.page

    def settled(self) -> None:
        period = self.controller.period
        self.qtbot.waitUntil(
            lambda: (s := self.page.shown) is not None and (s.first, s.last) == (period.first, period.last),
            timeout=WAIT_MS,
        )

    def press(self, place: QWidget, name: str) -> None:
        buttons = [
            b for b in place.findChildren(QAbstractButton) if b.accessibleName() == name and b.isVisible()
        ]
        self.qtbot.mouseClick(buttons[0], Qt.MouseButton.LeftButton)

    def key(self, key: Qt.Key, *modifiers: Qt.KeyboardModifier) -> None:
        held = Qt.KeyboardModifier.NoModifier
        for modifier in modifiers:
            held |= modifier
        QTest.keyClick(self.window, key, held)

    def seen(self) -> set[str]:
        parts = {
            "history": self.opened.history,
            "gallery": self.opened.gallery,
            "composer": self.opened.composer,
            "spending": self.controller.page,
        }
        return {name for name, part in parts.items() if part is not None and part.isVisible()}


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bench]:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    with open_window(qtbot, tmp_path, settings=Settings(budget_usd=Decimal(10))) as opened:
        opened.window.activateWindow()
        yield Bench(qtbot, opened)


def test_the_page_has_the_figures_of_the_store(bench: Bench) -> None:
    store = bench.opened.parts.services.store
    pay(store, TODAY, "0.25", name="receipt.jpg", color="tomato")
    pay(store, TODAY, "0.5", name="menu.jpg", color="navy", title="What is there to eat?")
    pay(store, TODAY, None, name="local.jpg", color="green", model="llava", provider="localhost")

    page = bench.open()

    shown = page.shown
    assert shown is not None
    assert (shown.total_usd, shown.requests, shown.unpriced_requests) == (Decimal("0.75"), 3, 1)
    texts = [label.text() for label in page.findChildren(type(page._unpriced))]
    assert {"$0.75", "of a $10.00 budget", "3", "± 10.0 %", "over 3 answers"} <= set(texts)
    assert "1 request to a server without a known price is not in the sum." in texts
    names = [page.table.rows.index(row, 1).data() for row in range(3)]
    assert names == ["menu.jpg", "receipt.jpg", "local.jpg"]
    bench.qtbot.waitUntil(lambda: len(page.table.rows._thumbnails) == 3, timeout=WAIT_MS)


def test_it_takes_the_place_of_gallery_and_conversation_and_gives_it_back(bench: Bench) -> None:
    bench.open()
    assert bench.seen() == {"history", "spending"}

    bench.press(bench.opened.history, "Spending")
    assert bench.seen() == {"history", "gallery", "composer"}

    bench.key(Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier)
    assert bench.seen() == {"history", "spending"}

    bench.key(Qt.Key.Key_Escape)
    assert bench.seen() == {"history", "gallery", "composer"}
    bench.qtbot.waitUntil(lambda: bench.controller.page.chart is not None, timeout=WAIT_MS)


def test_a_new_conversation_and_one_that_is_opened_lead_back(bench: Bench) -> None:
    pay(bench.opened.parts.services.store, TODAY, "0.25", title="Receipts")
    page = bench.open()

    page.table.setCurrentIndex(page.table.rows.index(0, 0))
    bench.qtbot.keyClick(page.table, Qt.Key.Key_Return)
    assert "composer" in bench.seen()
    bench.qtbot.waitUntil(lambda: bench.opened.conversation.current.title == "Receipts", timeout=WAIT_MS)

    bench.open()
    bench.press(bench.opened.history, "New conversation")
    assert bench.seen() == {"history", "gallery", "composer"}


def test_a_folded_gallery_stays_folded_and_its_shortcut_leads_to_it(bench: Bench) -> None:
    bench.key(Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    bench.open()
    bench.key(Qt.Key.Key_Escape)
    assert bench.seen() == {"history", "composer"}

    bench.open()
    bench.key(Qt.Key.Key_G, Qt.KeyboardModifier.ControlModifier)
    assert bench.seen() == {"history", "gallery", "composer"}


@pytest.mark.parametrize("width", [1000, 700, 430])
def test_without_the_history_the_page_has_the_way_back_itself(bench: Bench, width: int) -> None:
    bench.window.resize(width, 700)
    bench.key(Qt.Key.Key_D, Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier)
    bench.settled()
    assert bench.seen() == {"spending"}
    assert bench.window.width() == width

    bench.press(bench.page, "Show history (Ctrl+B)")
    assert "history" in bench.seen()
    bench.key(Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    assert bench.seen() == {"spending"}

    bench.press(bench.page, "Back to the conversation (Esc)")
    assert "composer" in bench.seen()


def test_periods_are_walked_by_buttons_and_keys(bench: Bench) -> None:
    page = bench.open()
    this_month = period_of(Kind.MONTH, TODAY)

    bench.press(page, "Later (Alt+Right)")
    assert bench.controller.period == this_month

    bench.press(page, "Earlier (Alt+Left)")
    assert bench.controller.period == this_month.before()
    page.table.setFocus()
    bench.qtbot.keyClick(page, Qt.Key.Key_Left, Qt.KeyboardModifier.AltModifier)
    assert bench.controller.period == this_month.before().before()
    bench.settled()

    bench.press(page, "Today")
    assert bench.controller.period == this_month
    bench.press(page, "Year")
    assert bench.controller.period == period_of(Kind.YEAR, TODAY)
    bench.press(page, "Day")
    assert bench.controller.period == period_of(Kind.DAY, TODAY)
    bench.settled()


def test_a_day_has_its_own_figures_and_the_chart_of_its_week(bench: Bench) -> None:
    store = bench.opened.parts.services.store
    monday, sunday = period_of(Kind.DAY, date(2026, 3, 18)).span
    pay(store, monday, "0.25")
    pay(store, date(2026, 3, 18), "0.5")
    bench.open()

    bench.controller.show_period(period_of(Kind.DAY, date(2026, 3, 18)))
    bench.settled()

    assert bench.page.shown is not None
    assert bench.page.shown.total_usd == Decimal("0.5")
    assert [bar.cost_usd for bar in bench.page._bars][:3] == [Decimal("0.25"), 0, Decimal("0.5")]
    assert (len(bench.page._bars), sunday.weekday()) == (7, 6)


def test_an_answer_that_is_paid_shows_in_gauge_and_page(bench: Bench) -> None:
    bench.open()
    gauge = bench.window.findChild(BudgetGauge)

    pay(bench.opened.parts.services.store, TODAY, "8.5")
    bench.opened.backend.spending.refresh()
    bench.qtbot.waitUntil(lambda: "$8.50 of $10.00, 85 %" in gauge.accessibleName(), timeout=WAIT_MS)

    bench.qtbot.waitUntil(lambda: bench.page.shown.total_usd == Decimal("8.5"), timeout=WAIT_MS)


def test_a_deleted_conversation_keeps_its_costs_without_a_name(bench: Bench) -> None:
    paid = pay(bench.opened.parts.services.store, TODAY, "0.25", title="Receipts")
    page = bench.open()

    bench.opened.backend.history.delete(paid.id)
    bench.qtbot.waitUntil(
        lambda: page.table.rows.index(0, 2).data() == "deleted conversation", timeout=WAIT_MS
    )

    assert page.shown is not None
    assert page.shown.total_usd == Decimal("0.25")


def test_export_writes_what_is_shown(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pay(bench.opened.parts.services.store, TODAY, "0.25", name="receipt.jpg")
    target = tmp_path / "spending.csv"
    monkeypatch.setattr(spending_controller, "choose_new_file", lambda *_args, **_more: target)
    page = bench.open()

    bench.press(page, "Export CSV")
    bench.qtbot.waitUntil(lambda: bool(bench.window._notices.notices()), timeout=WAIT_MS)

    assert "Saved as spending.csv" in bench.window._notices.notices()[0].text
    lines = target.read_text(encoding="utf-8-sig").splitlines()
    assert "receipt.jpg" in lines[1]
    assert "0.25" in lines[1]
    assert TODAY.isoformat() in (tmp_path / "spending-days.csv").read_text(encoding="utf-8-sig")


def test_export_tells_why_it_failed(bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pay(bench.opened.parts.services.store, TODAY, "0.25")
    (tmp_path / "file").write_text("no folder")
    target = tmp_path / "file" / "spending.csv"
    monkeypatch.setattr(spending_controller, "choose_new_file", lambda *_args, **_more: target)

    bench.press(bench.open(), "Export CSV")
    bench.qtbot.waitUntil(lambda: bool(bench.window._notices.notices()), timeout=WAIT_MS)

    assert "Saved" not in bench.window._notices.notices()[0].text


def test_notices_float_over_the_page(bench: Bench) -> None:
    page = bench.open()

    bench.window._messages.say("Something happened.")

    notice = bench.window._notices
    assert page.rect().contains(page.mapFromGlobal(notice.mapToGlobal(notice.rect().center())))


def test_a_page_that_was_opened_before_the_history_stayed_empty(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    with open_window(qtbot, tmp_path, wait=False) as opened:
        opened.window._spending_controller.open()

        Bench(qtbot, opened).settled()


def test_ctrl_enter_asks_nothing_while_the_question_is_hidden(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(bench.window._composer_controller, "ask", lambda: asked.append("asked"))
    bench.open()

    bench.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert asked == []

    bench.key(Qt.Key.Key_Escape)
    bench.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert asked == ["asked"]

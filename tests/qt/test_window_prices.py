"""Prices in the real window: what is entered or fetched in the settings is in the next estimate."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QLabel
from pytestqt.qtbot import QtBot

from desktop.ui.settings.money_field import MoneyField
from desktop.ui.settings.settings_dialog import SettingsDialog
from desktop.ui.widgets.select import Select
from tests.helpers.asking import make_image
from tests.helpers.loopback import Loopback
from tests.helpers.window import WAIT_MS, Opened, open_window

Drive = Callable[[SettingsDialog], None]


@pytest.fixture
def in_settings(monkeypatch: pytest.MonkeyPatch) -> Callable[[Opened, Drive], None]:
    """Opens the settings at prices and budget, does something there, and closes them."""

    def open_and(opened: Opened, drive: Drive) -> None:
        def run(dialog: SettingsDialog) -> int:
            dialog.show()
            drive(dialog)
            dialog.close()
            return 0

        monkeypatch.setattr(SettingsDialog, "exec", run)
        opened.window._settings_controller.open_prices()

    return open_and


def press(qtbot: QtBot, dialog: SettingsDialog, name: str) -> None:
    button = next(
        b for b in dialog.findChildren(QAbstractButton) if b.accessibleName() == name and b.isVisible()
    )
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def texts(dialog: SettingsDialog) -> str:
    return " ".join(w.text() for w in dialog.findChildren(QLabel) if w.isVisible())


def line_of(opened: Opened) -> str:
    return " ".join(w.text() for w in opened.composer.findChildren(QLabel) if w.isVisible())


def add_own_price(qtbot: QtBot, dialog: SettingsDialog) -> None:
    model = next(s for s in dialog.findChildren(Select) if s.accessibleName().startswith("Model with"))
    model.setEditText("gpt-4.1")
    fields = {f.accessibleName(): f for f in dialog.findChildren(MoneyField) if f.isVisible()}
    qtbot.keyClicks(fields["Input"], "100000")
    qtbot.keyClicks(fields["Output"], "0")
    qtbot.keyClick(fields["Output"], Qt.Key.Key_Return)


def test_an_own_price_and_a_fetched_list_are_in_the_estimate(
    qtbot: QtBot,
    tmp_path: Path,
    loopback: Loopback,
    monkeypatch: pytest.MonkeyPatch,
    in_settings: Callable[[Opened, Drive], None],
) -> None:
    row = {"id": "a", "match": {"equals": "gpt-4.1"}, "prices": {"input_mtok": 200_000, "output_mtok": 0}}
    openai = {"id": "openai", "name": "OpenAI", "api_pattern": "https://nowhere", "models": [row]}
    monkeypatch.setenv("SIGHTLINE_PRICES_URL", f"{loopback.base_url}/prices.json")
    picture = make_image(tmp_path / "a.png", 1024, 1024)

    def update(dialog: SettingsDialog, wanted: str) -> None:
        press(qtbot, dialog, "Update prices")
        qtbot.waitUntil(lambda: wanted in texts(dialog), timeout=WAIT_MS)

    with open_window(
        qtbot, tmp_path / "data", base_url=loopback.base_url, model="gpt-4.1", images=(picture,)
    ) as opened:
        qtbot.waitUntil(lambda: "$0.00" in line_of(opened), timeout=WAIT_MS)

        in_settings(opened, lambda dialog: add_own_price(qtbot, dialog))
        qtbot.waitUntil(lambda: "$76." in line_of(opened), timeout=WAIT_MS)

        in_settings(opened, lambda dialog: press(qtbot, dialog, "Remove the price of gpt-4.1"))
        qtbot.waitUntil(lambda: "$0.00" in line_of(opened), timeout=WAIT_MS)

        in_settings(opened, lambda dialog: update(dialog, "is no price list"))
        assert "$0.00" in line_of(opened)

        loopback.price_list = json.dumps([openai]).encode()
        in_settings(opened, lambda dialog: update(dialog, "up to date"))
        qtbot.waitUntil(lambda: "$153" in line_of(opened), timeout=WAIT_MS)


def test_an_update_that_fails_after_the_settings_were_closed_is_said(
    qtbot: QtBot,
    tmp_path: Path,
    loopback: Loopback,
    monkeypatch: pytest.MonkeyPatch,
    in_settings: Callable[[Opened, Drive], None],
) -> None:
    monkeypatch.setenv("SIGHTLINE_PRICES_URL", f"{loopback.url_as('not_found')}/prices.json")
    with open_window(qtbot, tmp_path / "data", base_url=loopback.base_url, model="gpt-4.1") as opened:
        in_settings(opened, lambda dialog: press(qtbot, dialog, "Update prices"))

        def said() -> bool:
            labels = opened.window.findChildren(QLabel)
            return any("The prices stay as they were" in w.text() for w in labels if w.isVisible())

        qtbot.waitUntil(said, timeout=WAIT_MS)

"""Smaller parts of the viewer: the chooser of frames, the page that folds, the table of other models."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.model import Detail
from desktop.ui.viewer.figures import Viewed, tokens_of
from desktop.ui.viewer.frames import FrameChooser
from desktop.ui.viewer.other_models import ModelFigure, OtherModels, other_models
from desktop.ui.viewer.page import ViewerPage
from desktop.ui.viewer.panel_rows import HintBox
from tests.helpers.asking import CATALOG, PRICES
from tests.helpers.history import facts


def viewed(model: str = "gpt-4.1") -> Viewed:
    image = replace(facts("a.png"), path=Path("/a.png"), width_px=2964, height_px=2000)
    chosen = CATALOG.model(model)
    return Viewed(image=image, selector=Detail.HIGH, model=chosen, rates=PRICES.rates(chosen))


BACKEND = SimpleNamespace(catalog=CATALOG, prices=PRICES)
"""What the table asks of the backend; both parts are the real ones."""


def test_a_frame_is_chosen_once_the_slider_rests(qtbot: QtBot) -> None:
    chooser = FrameChooser()
    qtbot.addWidget(chooser)
    chooser.show_frame(2, 24)
    assert (chooser.spin().value(), chooser.isVisibleTo(None)) == (3, True)
    with qtbot.waitSignal(chooser.chosen) as told:
        for frame in (5, 9, 24):
            chooser.spin().setValue(frame)
    assert told.args == [23]


def test_one_frame_needs_no_chooser(qtbot: QtBot) -> None:
    chooser = FrameChooser()
    qtbot.addWidget(chooser)
    chooser.show_frame(0, 1)
    assert chooser.isHidden()


def test_the_panel_folds_in_a_narrow_window_and_a_key_brings_it_back(qtbot: QtBot) -> None:
    page = ViewerPage()
    qtbot.addWidget(page)
    page.resize(1200, 700)
    page.show()
    assert page.panel.isVisible()
    page.resize(700, 700)
    assert not page.panel.isVisible()
    QTest.keyClick(page, Qt.Key.Key_I)
    assert page.panel.isVisible()
    page.resize(1200, 700)
    assert page.panel.isVisible()


def test_the_toolbar_never_makes_the_window_wider(qtbot: QtBot) -> None:
    page = ViewerPage()
    qtbot.addWidget(page)
    page.toolbar.show_title("a very long name that goes on and on and on and on.png", 11, 12)
    page.resize(420, 480)
    page.show()
    assert page.width() == 420
    assert page.toolbar.width() == 420


def test_names_are_never_taken_for_html(qtbot: QtBot) -> None:
    box = HintBox("<b>a</b> & 255 tokens", strong="255 tokens")
    qtbot.addWidget(box)
    shown = next(label.text() for label in box.findChildren(QLabel) if label.text())
    assert "&lt;b&gt;a&lt;/b&gt; &amp; <span" in shown


def test_other_models_are_those_that_answer_with_the_figures_of_their_plans() -> None:
    rows = other_models(viewed(), BACKEND)  # type: ignore[arg-type]
    names = [row.model for row in rows]
    assert "gpt-4-vision-preview" not in names, "retired"
    assert [row.model for row in rows if row.current] == ["gpt-4.1"]
    mini = next(row for row in rows if row.model == "gpt-4o-mini")
    assert mini.figures[1].tokens == tokens_of(viewed("gpt-4o-mini")) == 36835
    assert not next(row for row in rows if row.model == "gpt-4.1").figures[2].offered


def test_the_table_is_sorted_by_price_and_not_by_letters(qtbot: QtBot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    dialog = OtherModels(window, other_models(viewed(), BACKEND), name="a.png")  # type: ignore[arg-type]
    dialog.table.sortItems(2, Qt.SortOrder.AscendingOrder)
    figures = [dialog.table.item(row, 2).figure for row in range(dialog.table.rowCount())]  # type: ignore[union-attr]
    assert figures == sorted(figures, key=ModelFigure.order)
    assert figures[0].cost_usd is not None

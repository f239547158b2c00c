"""Answers as tables: what is shown, copied, and how large it is."""

import json
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication
from PySide6.QtWidgets import QApplication, QLabel, QMenu, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.answer_fit import fit
from desktop.core.schema_presets import SCHEMA_PRESETS
from desktop.core.tables import AnswerTable, answer_table
from desktop.ui.structured.answer_table import AnswerTableView
from desktop.ui.structured.cells import shown

RECEIPT = SCHEMA_PRESETS[0].schema()
ANSWER = json.dumps(
    {
        "merchant": "<b>Corner</b> Bakery",
        "items": [
            {"description": "=Rye", "quantity": 2, "unit_price": None, "amount": 4.9},
            {"description": "A loaf " + "with a long story " * 20, "quantity": 1, "amount": 2},
        ],
        "total": 37.34,
    }
)
Present = Callable[[QWidget], None]


def table(text: str = ANSWER) -> AnswerTable:
    found = answer_table(text, RECEIPT)
    assert found is not None
    return found


@pytest.fixture
def view(qtbot: QtBot) -> Iterator[AnswerTableView]:
    # In a conversation it is given the width of the pane.
    pane = QWidget()
    qtbot.addWidget(pane)
    column = QVBoxLayout(pane)
    made = AnswerTableView()
    column.addWidget(made)
    column.addStretch(1)
    pane.resize(640, 900)
    made.show_answer(table())
    pane.show()
    # Kept here: the pane takes what is in it along.
    yield made  # noqa: PT022 - see above


def clipboard() -> str:
    return QGuiApplication.clipboard().text()


def cells(view: AnswerTableView, row: int) -> list[str]:
    model = view.grid.rows
    return [str(model.index(row, column).data()) for column in range(model.columnCount())]


def test_fields_stand_above_the_rows_as_plain_text(view: AnswerTableView) -> None:
    texts = [label for label in view.findChildren(QLabel) if label.text() == "<b>Corner</b> Bakery"]
    assert len(texts) == 1
    assert texts[0].textFormat() is Qt.TextFormat.PlainText
    assert texts[0].accessibleName() == "merchant: <b>Corner</b> Bakery"
    assert cells(view, 0) == ["=Rye", "2", "—", "4.9"]
    headings = [view.grid.rows.headerData(at, Qt.Orientation.Horizontal) for at in range(4)]
    assert headings == ["description", "quantity", "unit_price", "amount"]


def test_figures_stand_at_the_right(view: AnswerTableView) -> None:
    align = Qt.ItemDataRole.TextAlignmentRole
    sides = [view.grid.rows.headerData(at, Qt.Orientation.Horizontal, align) for at in (0, 1)]
    assert sides[0] & Qt.AlignmentFlag.AlignLeft
    assert sides[1] & Qt.AlignmentFlag.AlignRight


def test_both_copies_are_put_on_the_clipboard_and_told(view: AnswerTableView, qtbot: QtBot) -> None:
    told: list[str] = []
    view.copied.connect(told.append)
    for name in ("Copy as CSV", "Copy as JSON"):
        (button,) = (b for b in view.findChildren(QPushButton) if b.accessibleName() == name)
        button.click()
        assert button.text() == "Copied"
        if name.endswith("CSV"):
            assert "'=Rye" in clipboard()
    assert told == ["csv", "json"]
    assert json.loads(clipboard()) == json.loads(ANSWER)


def test_what_is_selected_is_copied_for_a_spreadsheet(
    view: AnswerTableView, qtbot: QtBot, present: Present
) -> None:
    model = view.grid.rows
    select = QItemSelectionModel.SelectionFlag.Select
    for at in ((0, 0), (0, 2), (1, 1)):
        view.grid.selectionModel().select(model.index(*at), select)
    qtbot.keyClick(view.grid, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert clipboard() == "'=Rye\t\t\n\t1\t"


def test_the_menu_copies_and_selects(view: AnswerTableView, qtbot: QtBot) -> None:
    place = QPoint(10, 10)
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, view.grid.mapToGlobal(place))
    view.grid.contextMenuEvent(event)
    (menu,) = view.grid.findChildren(QMenu)
    actions = {action.text(): action for action in menu.actions()}
    assert not actions["Copy selection"].isEnabled()
    actions["Select all"].trigger()
    assert len(view.grid.selectionModel().selectedIndexes()) == 8
    with qtbot.waitSignal(view.copied):
        actions["Copy as CSV"].trigger()
    menu.close()


def test_the_text_can_be_seen_instead(view: AnswerTableView, qtbot: QtBot) -> None:
    with qtbot.waitSignal(view.raw_shown) as told:
        view.show_raw(on=True)
    assert told.args == [True]
    assert view.grid.isHidden()
    assert '"quantity": 2' in view._raw.toPlainText()
    view.show_raw(on=False)
    assert not view.grid.isHidden()


def test_a_long_cell_takes_up_to_four_lines(view: AnswerTableView) -> None:
    one, long = view.grid.rowHeight(0), view.grid.rowHeight(1)
    assert one < long <= one * 4


def test_the_height_is_that_of_the_rows_up_to_a_limit(qtbot: QtBot, view: AnswerTableView) -> None:
    few = view.grid.height()
    view.show_answer(table(json.dumps([{"n": n} for n in range(10_000)])))
    many = view.grid.height()
    assert few < many < 400
    assert view.grid.rows.rowCount() == 10_000
    assert view.grid.rows.index(9_999, 0).data() == "9999"
    assert view.grid.width() < 200, "no wider than its columns"
    view.show_answer(table('[{"n": 1}]'))
    assert view.grid.height() < 70


def test_columns_share_what_room_there_is(view: AnswerTableView) -> None:
    grid = view.grid
    assert sum(grid.columnWidth(column) for column in range(4)) <= view.width()
    wide = json.dumps([{f"column {n}": "some words " * 9 for n in range(30)}])
    view.show_answer(table(wide))
    assert grid.horizontalScrollBar().maximum() > 0
    assert min(grid.columnWidth(column) for column in range(30)) >= 88


def test_what_does_not_fit_is_said(view: AnswerTableView) -> None:
    made = table()
    view.show_answer(made, fit(RECEIPT, made.value))
    said = [label.text() for label in view.findChildren(QLabel) if "schema" in label.text()]
    assert len(said) == 1
    assert said[0].startswith("Does not fit the schema: ")
    assert "items[1] lacks “unit_price”" in said[0]


@pytest.mark.parametrize(("cell", "text"), [(None, "—"), (True, "yes"), ("a\n\tb\u202e", "a  b"), (3, "3")])
def test_cells_are_plain_lines(cell: object, text: str) -> None:
    assert shown(cell) == text  # type: ignore[arg-type]


def test_the_widget_paints_in_the_dark_too(view: AnswerTableView, dark: None) -> None:
    assert not view.grab().isNull()


def test_copying_moved_the_next_button_away_from_under_the_mouse(view: AnswerTableView) -> None:
    before = view._json.geometry()
    view.copy_csv()
    QApplication.sendPostedEvents()
    assert view._json.geometry() == before

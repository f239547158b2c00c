"""The tables of the spending page: sorting, opening, copying, widths."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from PySide6.QtCore import QModelIndex, QPoint, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QGuiApplication, QPixmap
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.ledger import ImageSpending
from desktop.ui import theme
from desktop.ui.spending.columns import COLUMNS, Table
from desktop.ui.spending.header import TableHeader
from desktop.ui.spending.model import sent_image
from desktop.ui.spending.table import SpendingTable
from tests.helpers.ledger_values import image_row, spending

TITLES = [column.title for column in COLUMNS[Table.IMAGES]]


class Bench:
    def __init__(self, qtbot: QtBot, table: SpendingTable) -> None:
        self.qtbot, self.table = qtbot, table
        self.opened: list[int] = []
        self.wanted: list[str] = []
        table.conversation_opened.connect(self.opened.append)
        table.pictures_wanted.connect(lambda wanted: self.wanted.extend(sent.sha256 for sent in wanted))

    @property
    def header(self) -> TableHeader:
        header = self.table.horizontalHeader()
        assert isinstance(header, TableHeader)
        return header

    def show(self, *rows: ImageSpending, table: Table = Table.IMAGES) -> None:
        self.table.show_table(table, spending(*rows))

    def column(self, title: str) -> list[str]:
        at = TITLES.index(title)
        return [str(self.table.rows.index(row, at).data()) for row in range(self.table.rows.rowCount())]

    def sort(self, title: str) -> None:
        at = TITLES.index(title)
        place = QPoint(self.header.sectionViewportPosition(at) + 20, 10)
        self.qtbot.mouseClick(self.header.viewport(), Qt.MouseButton.LeftButton, pos=place)

    def place(self, row: int, title: str) -> QPoint:
        rect = self.table.visualRect(self.table.rows.index(row, TITLES.index(title)))
        return QPoint(rect.x() + 20, rect.center().y())

    def click(self, row: int, title: str) -> None:
        self.qtbot.mouseClick(self.table.viewport(), Qt.MouseButton.LeftButton, pos=self.place(row, title))

    def shown(self) -> list[str]:
        return [title for at, title in enumerate(TITLES) if not self.table.isColumnHidden(at)]


@pytest.fixture
def bench(qtbot: QtBot, present: Callable[[QWidget], None]) -> Bench:
    table = SpendingTable()
    table.resize(1070, 400)
    made = Bench(qtbot, table)
    made.show(image_row(1), image_row(2), image_row(10))
    present(table)
    return made


def test_the_dearest_stand_first_and_the_unknown_last_either_way(bench: Bench) -> None:
    bench.show(image_row(1), image_row(5, cost_usd=None), image_row(2))
    assert bench.column("Cost") == ["$1.00", "$0.50", "—"]

    bench.sort("Cost")

    assert bench.column("Cost") == ["$0.50", "$1.00", "—"]


def test_figures_sort_as_numbers_the_largest_first(bench: Bench) -> None:
    bench.sort("Times sent")
    assert bench.column("Times sent") == ["10", "2", "1"]

    bench.sort("Times sent")
    assert bench.column("Times sent") == ["1", "2", "10"]


def test_names_sort_as_words_whatever_their_case(bench: Bench) -> None:
    bench.show(
        image_row(1, name="banana.png"), image_row(2, name="Apple.png"), image_row(3, name="cherry.png")
    )

    bench.sort("Image")

    assert bench.column("Image") == ["Apple.png", "banana.png", "cherry.png"]


def test_the_order_and_the_selection_hold_when_figures_change(bench: Bench) -> None:
    bench.sort("Image")
    bench.table.selectRow(2)
    bench.sort("Image")
    chosen = [index.row() for index in bench.table.selectionModel().selectedRows()]
    assert [bench.column("Image")[row] for row in chosen] == ["image-2.jpg"]

    bench.show(image_row(1), image_row(2, times_sent=9), image_row(30))

    assert bench.column("Image") == ["image-30.jpg", "image-2.jpg", "image-1.jpg"]


def test_a_heading_is_reached_and_sorts_by_keys(bench: Bench) -> None:
    bench.header.setFocus(Qt.FocusReason.TabFocusReason)

    for _step in range(4):
        bench.qtbot.keyClick(bench.header, Qt.Key.Key_Right)
    bench.qtbot.keyClick(bench.header, Qt.Key.Key_Space)

    assert bench.column("Times sent") == ["10", "2", "1"]
    assert bench.header.accessibleDescription() == "Times sent"


def test_a_conversation_opens_by_its_name_by_double_click_and_by_enter(bench: Bench) -> None:
    bench.click(1, "Conversation")
    assert bench.opened == [2]

    bench.qtbot.mouseDClick(bench.table.viewport(), Qt.MouseButton.LeftButton, pos=bench.place(0, "Tokens"))
    assert bench.opened == [2, 1]

    bench.table.setCurrentIndex(bench.table.rows.index(2, 0))
    bench.qtbot.keyClick(bench.table, Qt.Key.Key_Return)
    assert bench.opened == [2, 1, 10]


def test_a_click_elsewhere_chooses_the_row_only(bench: Bench) -> None:
    bench.click(1, "Model")

    assert bench.opened == []
    assert [index.row() for index in bench.table.selectionModel().selectedRows()] == [1]


def test_a_deleted_conversation_opens_nothing(bench: Bench) -> None:
    bench.show(image_row(1, conversation_id=None, conversation_title="", name="", sent=None))

    bench.click(0, "Conversation")
    bench.qtbot.keyClick(bench.table, Qt.Key.Key_Return)

    assert bench.column("Conversation") == ["deleted conversation"]
    assert bench.opened == []


def test_rows_are_copied_as_tab_separated_text(bench: Bench) -> None:
    bench.show(image_row(1), image_row(2, name='=HYPERLINK("http://x")\t2'), image_row(3))
    bench.table.selectRow(0)
    bench.click(0, "Model")
    bench.qtbot.mouseClick(
        bench.table.viewport(),
        Qt.MouseButton.LeftButton,
        Qt.KeyboardModifier.ControlModifier,
        bench.place(1, "Model"),
    )

    bench.qtbot.keyClick(bench.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)

    first, second = QGuiApplication.clipboard().text().splitlines()
    assert first == "image-1.jpg\tConversation 1\tgpt-5-mini\tHigh\t1\t1,000\t$1.00"
    assert second.startswith("\"'=HYPERLINK")


def test_the_menu_opens_and_copies(bench: Bench) -> None:
    bench.click(1, "Model")
    at = bench.place(1, "Model")
    reason = QContextMenuEvent.Reason.Mouse
    bench.table.contextMenuEvent(QContextMenuEvent(reason, at, bench.table.viewport().mapToGlobal(at)))
    menu = bench.table.findChild(QMenu)

    for action in menu.actions():
        action.trigger()
    menu.close()

    assert bench.opened == [2]
    assert QGuiApplication.clipboard().text().startswith("image-2.jpg\t")


@pytest.mark.parametrize("width", [368, 648, 700, 1070, 2400])
@pytest.mark.parametrize("table", list(Table))
def test_columns_fill_the_width_and_figures_are_never_cut(bench: Bench, table: Table, width: int) -> None:
    long = image_row(1, name="n" * 300, conversation_title="t" * 300, model="m" * 100, tokens=98_765_432)
    bench.show(long, table=table)
    bench.table.resize(width, 400)

    columns = COLUMNS[table]
    widths = {
        at: bench.table.columnWidth(at) for at in range(len(columns)) if not bench.table.isColumnHidden(at)
    }

    assert sum(widths.values()) == width
    for at, px in widths.items():
        text = str(bench.table.rows.index(0, at).data())
        assert not columns[at].number or bench.table.fontMetrics().horizontalAdvance(text) + 10 < px


def test_where_there_is_little_room_the_least_needed_columns_go(bench: Bench) -> None:
    bench.table.resize(648, 400)
    assert "Detail" not in bench.shown()
    assert {"Image", "Conversation", "Tokens", "Cost"} <= set(bench.shown())

    bench.table.resize(1070, 400)
    assert bench.shown() == TITLES


def test_only_pictures_of_visible_rows_are_fetched(bench: Bench) -> None:
    rows = [image_row(number) for number in range(1, 1001)]

    bench.show(*rows)
    bench.qtbot.waitUntil(lambda: len(bench.wanted) > 0)

    first = [sent.sha256 for row in rows[:12] if (sent := sent_image(row)) is not None]
    assert bench.wanted[:5] == first[:5]
    assert len(bench.wanted) < 15

    bench.wanted.clear()
    bench.table.scrollToBottom()
    bench.qtbot.waitUntil(lambda: len(bench.wanted) > 0)
    last = sent_image(rows[-1])
    assert last is not None
    assert last.sha256 in bench.wanted


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_a_picture_stands_in_its_row(bench: Bench, mode: str) -> None:
    theme.current().apply(mode)
    picture = QPixmap(80, 60)
    picture.fill(QColor("red"))
    sent = image_row(2).sent
    assert sent is not None
    bench.table.rows.set_thumbnail(sent.sha256, picture)

    image = bench.table.viewport().grab().toImage()
    theme.current().apply("light")

    at = bench.table.visualRect(bench.table.rows.index(1, 0))
    assert image.pixelColor(at.x() + 30, at.center().y()).name() == "#ff0000"


def test_a_cut_name_is_told_whole_to_screen_readers(bench: Bench) -> None:
    bench.show(image_row(1, name="<b>" + "n" * 100))
    index: QModelIndex = bench.table.rows.index(0, 1)

    assert index.data(Qt.ItemDataRole.AccessibleTextRole) == "<b>" + "n" * 100
    assert bench.table.accessibleName() == "Images"


def test_an_exact_cost_sorts_and_is_never_rounded_by_floats(bench: Bench) -> None:
    near = [
        image_row(n, cost_usd=Decimal("0.1000000000000000000") + Decimal(n).scaleb(-19)) for n in (2, 3, 1)
    ]
    bench.show(*near)

    assert bench.column("Image") == ["image-3.jpg", "image-2.jpg", "image-1.jpg"]

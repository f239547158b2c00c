"""The comparison page: the question above, its answers side by side, or two of them as one text."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QStackedWidget, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.model import Message
from desktop.core.text import _
from desktop.ui.compare.bar import CompareBar
from desktop.ui.compare.column import SideColumn
from desktop.ui.compare.differences import Differences
from desktop.ui.compare.question_strip import QuestionStrip
from desktop.ui.compare.state import SideState
from desktop.ui.widgets.segments import Segments

LEAST_COLUMN_PX = 270
_MARGIN_PX = 16
_GAP_PX = 10
_TAB_PADDING_PX = 26
TABS_BELOW_PX = 2 * LEAST_COLUMN_PX + _GAP_PX + 2 * _MARGIN_PX
"""Where not even two have room, one answer is seen at a time; more than there is room for scroll sideways."""


class ComparePage(QWidget):
    """Shows the sides of one comparison. Places of sides count from 0.

    Attributes:
        columns: one for each side, in order.
        bar: the row above all.
        question: what was asked.
        differences: two sides as one text.

    Signals:
        stop_requested(int): a side is to end.
        continue_requested(int): the conversation is to go on from a side.
        difference_wanted(int, int): two sides are to be compared word by word.
        link_clicked: an address in an answer.
        remedy_requested: value of a `Remedy`.
    """

    stop_requested = Signal(int)
    continue_requested = Signal(int)
    difference_wanted = Signal(int, int)
    link_clicked = Signal(str)
    remedy_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns: list[SideColumn] = []
        self.bar = CompareBar()
        self.question = QuestionStrip()
        self.differences = Differences()
        self._tabs = Segments(name=_("Answer"), click_focus=False)
        self._tabs.setMinimumWidth(1)
        self._tabs.chosen.connect(self._fit)
        self._titles: list[str] = []
        self._tab_texts: list[str] = []
        self._body = QStackedWidget()
        self._row = QHBoxLayout()
        self._inner = QWidget()
        self._area = _sideways(self._inner)
        self.bar.differences.toggled.connect(self._on_differences)
        self.differences.wanted.connect(self._want_difference)
        self._lay_out()

    def show_sides(self, question: Message, sides: Sequence[SideState]) -> None:
        """Show another comparison."""
        self._begin_anew()
        self.question.show_question(question)
        for place, side in enumerate(sides):
            self.show_side(place, side)
        self.bar.differences.setChecked(False)
        self._tabs.set_value("0")
        self._fit()

    def show_side(self, place: int, side: SideState) -> None:
        """One side is otherwise now."""
        if place < len(self.columns):
            self.columns[place].show_side(side)
        else:
            self._add(place, side)
        self._show_whole()

    def set_stopping(self, *, running: bool) -> None:
        """Whether something can be stopped."""
        self.bar.set_running(running=running)

    def _add(self, place: int, side: SideState) -> None:
        column = SideColumn(side)
        column.stop_requested.connect(partial(self.stop_requested.emit, place))
        column.continue_requested.connect(partial(self.continue_requested.emit, place))
        column.link_clicked.connect(self.link_clicked)
        column.remedy_requested.connect(self.remedy_requested)
        column.scrolled.connect(partial(self._on_scrolled, place))
        self.columns.append(column)
        self._row.addWidget(column, 1)

    def _begin_anew(self) -> None:
        """Texts of the comparison before must not be seen."""
        for column in self.columns:
            self._row.removeWidget(column)
            column.hide()
            column.deleteLater()
        self.columns = []
        self.differences.clear()

    def _show_whole(self) -> None:
        """What follows from all sides together."""
        titles = [column.side.title for column in self.columns]
        self.set_stopping(running=any(column.is_running for column in self.columns))
        if self._titles != titles:
            self._titles = titles
            self._tab_texts = []
            self._fit()
        can = sum(bool(column.text) and not column.is_running for column in self.columns) > 1
        self.bar.differences.setEnabled(can)
        if can:
            self.differences.offer(titles)

    def _lay_out(self) -> None:
        self._row.setContentsMargins(_MARGIN_PX, 0, _MARGIN_PX, 12)
        self._row.setSpacing(_GAP_PX)
        self._inner.setLayout(self._row)
        top = QVBoxLayout()
        top.setContentsMargins(_MARGIN_PX, 12, _MARGIN_PX, 10)
        top.setSpacing(10)
        top.addWidget(self.question)
        top.addWidget(self._tabs, 0, Qt.AlignmentFlag.AlignLeft)
        columns = QWidget()
        column = QVBoxLayout(columns)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(top)
        column.addWidget(self._area, 1)
        self._columns_page = columns
        self._body.addWidget(columns)
        self._body.addWidget(self.differences)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.setSpacing(0)
        whole.addWidget(self.bar)
        whole.addWidget(self._body, 1)

    def _on_scrolled(self, place: int, place_px: int) -> None:
        if self.bar.together.isChecked():
            for other, column in enumerate(self.columns):
                if other != place:
                    column.area.move_to(place_px)

    def _on_differences(self, shown: bool) -> None:
        self._body.setCurrentWidget(self.differences if shown else self._columns_page)
        self._fit()
        if shown:
            self._want_difference(*self.differences.chosen)

    def _want_difference(self, first: int, second: int) -> None:
        self.differences.show_waiting()
        self.difference_wanted.emit(first, second)

    def _fit(self, *_why: object) -> None:
        """Side by side where there is room, else one at a time."""
        narrow = self.width() < TABS_BELOW_PX and len(self.columns) > 1
        chosen = int(self._tabs.value or 0)
        self._tabs.setVisible(narrow)
        self._name_tabs()
        for place, column in enumerate(self.columns):
            column.setVisible(not narrow or place == chosen)
            column.setMinimumWidth(0 if narrow else LEAST_COLUMN_PX)
        beside = self._body.currentWidget() is self._columns_page and not narrow
        self.bar.together.setVisible(beside and len(self.columns) > 1)

    def _name_tabs(self) -> None:
        """By number and name where there is room for that, else by number."""
        texts = [f"{number}  {title}" for number, title in enumerate(self._titles, 1)]
        wide = sum(self.fontMetrics().horizontalAdvance(text) + _TAB_PADDING_PX for text in texts)
        if wide > self.width() - 2 * _MARGIN_PX:
            texts = [str(number) for number in range(1, len(texts) + 1)]
        if texts != self._tab_texts:
            self._tab_texts = texts
            named = zip(texts, self._titles, strict=True)
            self._tabs.set_options([(str(at), text, title) for at, (text, title) in enumerate(named)])

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()


def _sideways(inner: QWidget) -> QScrollArea:
    area = QScrollArea()
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setWidgetResizable(True)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setWidget(inner)
    inner.setAutoFillBackground(False)
    area.viewport().setAutoFillBackground(False)
    return area

"""What stands below, or in place of, the words of an answer: its table, and the way to what it points at."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desktop.core.text import _
from desktop.ui.shaped_answers import Extras
from desktop.ui.structured.answer_table import AnswerTableView
from desktop.ui.structured.places_chip import PlacesChip
from desktop.ui.widgets.labels import label

_GAP_PX = 10


class AnswerExtras(QWidget):
    """Shows the `Extras` of one answer; the table is made when there is one.

    Attributes:
        chip: leads to the image.
        table: the answer as a table; None if it is none.

    Signals:
        stands_for_words(bool): the table says all that the answer says; its words need not be shown.
        show_requested(int, Pointing): show these places on the image with this attachment id.
        resized(): it needs another height.
    """

    stands_for_words = Signal(bool)
    show_requested = Signal(int, object)
    resized = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table: AnswerTableView | None = None
        self.chip = PlacesChip()
        self.chip.show_requested.connect(self.show_requested)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(_GAP_PX)
        self._misses = label(_("These are words, and not the shape that was asked for."), "doubt")
        self._misses.setWordWrap(True)
        self._misses.hide()
        self._column.addWidget(self._misses)
        self._column.addWidget(self.chip)
        self.hide()

    def show_extras(self, extras: Extras | None) -> None:
        """Show these; None for none."""
        table = extras.shaped.table if extras else None
        if table is None:
            if self.table is not None:
                self.table.hide()
        elif extras is not None:
            if self.table is None:
                self.table = AnswerTableView()
                self.table.raw_shown.connect(lambda _on: self.resized.emit())
                self._column.insertWidget(0, self.table)
            self.table.show()
            self.table.show_answer(table, extras.shaped.fit)
        self._misses.setVisible(extras is not None and extras.shaped.misses_shape)
        self.chip.show_answer(extras.pointed if extras else None)
        self.setVisible(bool(extras))
        self.stands_for_words.emit(extras is not None and extras.shaped.only_data)
        self.resized.emit()

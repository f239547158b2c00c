"""Whom to compare: two to four models, each with its detail and price."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDialog, QHBoxLayout, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.pairs import LEAST_SIDES, MOST_SIDES, Pair
from desktop.core.text import _
from desktop.ui.compare.chooser_row import PairRow
from desktop.ui.compare.state import ChooserState
from desktop.ui.conversation.model_picker import ModelRow
from desktop.ui.settings.rows import fit_height
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import label

_WIDTH_PX = 600
_LEAST_PX = 400
_NARROW_BELOW_PX = 540

Judge = Callable[[tuple[Pair, ...]], ChooserState]
"""Tells what these pairs would cost, and what hinders them."""


class CompareDialog(QDialog):
    """Begins with some pairs; whatever is changed is judged at once.

    Signals:
        chosen(tuple): ask these pairs.
    """

    chosen = Signal(tuple)

    def __init__(
        self, pairs: Sequence[Pair], *, models: Sequence[ModelRow], judge: Judge, parent: QWidget | None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(_("Compare models"))
        self.setModal(True)
        width = min(_WIDTH_PX, max(parent.window().width() - 16, _LEAST_PX)) if parent else _WIDTH_PX
        self.setMinimumWidth(width)
        self.resize(width, self.height())
        self._narrow = width < _NARROW_BELOW_PX
        self._models = tuple(models)
        self._judge = judge
        self.rows: list[PairRow] = []
        self._column = QVBoxLayout()
        self._column.setSpacing(10)
        self.add = button(_("Add another"), icon="plus", kind="ghost")
        self.add.setAutoDefault(False)
        self.add.clicked.connect(self._on_add)
        self._total = label("", "strong")
        self._total.setWordWrap(True)
        self._note = label("", "small")
        self._note.setWordWrap(True)
        self.compare = button(_("Compare"), kind="primary")
        self.compare.setDefault(True)
        self.compare.clicked.connect(self._on_compare)
        self._lay_out()
        for pair in pairs:
            self._insert(pair)
        self._show()

    @property
    def pairs(self) -> tuple[Pair, ...]:
        """What is chosen."""
        return tuple(row.pair for row in self.rows)

    def judge_again(self) -> None:
        """Prices, or what is known of the models, are others now."""
        self._show()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        fit_height(self)
        super().showEvent(event)

    def _lay_out(self) -> None:
        said = label(
            _("The same question goes to each of these at once. Every answer is a request of its own."),
            "muted",
        )
        said.setWordWrap(True)
        cancel = button(_("Cancel"))
        cancel.setAutoDefault(False)
        cancel.clicked.connect(self.reject)
        actions = QHBoxLayout()
        actions.setSpacing(8)
        actions.addWidget(self._total, 1)
        actions.addWidget(cancel)
        actions.addWidget(self.compare)
        adding = QHBoxLayout()
        adding.addWidget(self.add)
        adding.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 20, 24, 20)
        layout.setSpacing(0)
        layout.addWidget(label(_("Compare models"), "drop_title"))
        layout.addSpacing(6)
        layout.addWidget(said)
        layout.addSpacing(16)
        layout.addLayout(self._column)
        layout.addSpacing(8)
        layout.addLayout(adding)
        layout.addWidget(self._note)
        layout.addSpacing(14)
        layout.addStretch(1)
        layout.addLayout(actions)

    def _insert(self, pair: Pair) -> PairRow:
        row = PairRow(pair, self._models, narrow=self._narrow)
        row.changed.connect(self._show)
        row.removed.connect(lambda: self._on_removed(row))
        self.rows.append(row)
        self._column.addWidget(row)
        # The layout would show it later only, and until then takes no height for it.
        row.show()
        return row

    def _on_add(self) -> None:
        taken = {pair.model for pair in self.pairs}
        other = next((row.id for row in self._models if row.id not in taken), self.pairs[-1].model)
        self._insert(Pair(other, self.pairs[0].detail)).setFocus()
        self._show()

    def _on_removed(self, row: PairRow) -> None:
        if len(self.rows) <= LEAST_SIDES:
            return
        self.rows.remove(row)
        self._column.removeWidget(row)
        row.hide()
        row.deleteLater()
        self.add.setFocus()
        self._show()

    def _show(self) -> None:
        state = self._judge(self.pairs)
        for number, (row, said) in enumerate(zip(self.rows, state.rows, strict=True), 1):
            row.show_row(number, said, removable=len(self.rows) > LEAST_SIDES)
        self._total.setText(state.total)
        self._note.setText(state.note)
        self._note.setVisible(bool(state.note))
        self.add.setVisible(len(self.rows) < MOST_SIDES)
        self.compare.setEnabled(state.can_compare)
        fit_height(self)

    def _on_compare(self) -> None:
        pairs = self.pairs
        self.accept()
        self.chosen.emit(pairs)

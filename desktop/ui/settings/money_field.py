"""A field for an amount of money, checked when it is left."""

from collections.abc import Callable
from decimal import Decimal

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLineEdit

from desktop.core.own_prices import amount_text
from desktop.core.text import _, printable
from desktop.ui.widgets.buttons import restyle


class MoneyField(QLineEdit):
    """An amount in US dollars, or nothing.

    Signals:
        entered(Decimal | None): it was left with an amount, or empty where that is allowed.
        refused(str): it was left with something else; the sentence says what is wrong.
        begun(): it is being changed.
    """

    entered = Signal(object)
    refused = Signal(str)
    begun = Signal()

    def __init__(self, name: str, read: Callable[[str], Decimal], *, optional: bool, width_px: int) -> None:
        """A field called ``name``; ``read`` makes its text an amount and raises ValueError if it is none."""
        super().__init__()
        self._read = read
        self._optional = optional
        self.setAccessibleName(name)
        self.setFixedWidth(width_px)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setMaxLength(40)
        self.editingFinished.connect(self._on_finished)
        self.textEdited.connect(self._on_edited)

    def amount(self) -> Decimal | None:
        """What stands in it; None if it is empty.

        Raises:
            ValueError: it is no amount.
        """
        if not self.text().strip() and self._optional:
            return None
        return self._read(self.text())

    def show_amount(self, amount: Decimal | None) -> None:
        """Put an amount into it."""
        self.setText("" if amount is None else amount_text(amount))
        self._mark(False)

    def check(self) -> bool:
        """Whether it holds an amount; if not, it is marked, and `refused` says why."""
        try:
            self.amount()
        except ValueError:
            self._mark(True)
            self.refused.emit(self._what_is_wrong())
            return False
        self._mark(False)
        return True

    def _what_is_wrong(self) -> str:
        text = self.text().strip()
        if not text:
            return _("{field}: enter an amount; 0 is free.").format(field=self.accessibleName())
        return _("{field}: “{text}” is no amount. Write it like 2.50, with a point.").format(
            field=self.accessibleName(), text=printable(text, limit=30)
        )

    def _on_finished(self) -> None:
        if self.check():
            amount = self.amount()
            self.show_amount(amount)
            self.entered.emit(amount)

    def _on_edited(self) -> None:
        self._mark(False)
        self.begun.emit()

    def _mark(self, wrong: bool) -> None:
        if bool(self.property("wrong")) != wrong:
            self.setProperty("wrong", wrong)
            restyle(self)

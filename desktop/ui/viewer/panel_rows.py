"""What the viewer's panel is made of: rows of facts, cards of levels, and tinted boxes with a hint."""

import html
from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.model import Detail
from desktop.core.text import _, join_sentences
from desktop.ui import theme
from desktop.ui.viewer.panel_state import Card
from desktop.ui.viewer.removed import Row
from desktop.ui.widgets.buttons import TintedButton, button, icon_button, restyle
from desktop.ui.widgets.icon_label import IconLabel
from desktop.ui.widgets.labels import ElidedLabel, label, plain_tooltip

_MOST_IN_ONE_ROW = 3
_LINE_HEIGHT = 120


class FactRows(QWidget):
    """Names at the left and values at the right, a hairline below each."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: tuple[Row, ...] = ()
        self._widgets: list[_FactRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)

    def rows(self) -> tuple[Row, ...]:
        """What is shown."""
        return self._rows

    def set_rows(self, rows: Sequence[Row]) -> None:
        """Show these."""
        self._rows = tuple(rows)
        while len(self._widgets) < len(rows):
            made = _FactRow()
            self._widgets.append(made)
            self._column.addWidget(made)
        for at, widget in enumerate(self._widgets):
            widget.setVisible(at < len(rows))
            if at < len(rows):
                widget.show_row(rows[at])


class _FactRow(QFrame):
    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "fact_row")
        self.setFixedHeight(theme.current().metric("fact_row_height"))
        self._name = ElidedLabel("", "muted")
        self._value = ElidedLabel("", None, mode=Qt.TextElideMode.ElideMiddle)
        self._value.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self._strong = label("", "strong")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 1)
        row.setSpacing(0)
        self._name.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        row.addWidget(self._name)
        row.addSpacing(10)
        row.addStretch(1)
        row.addWidget(self._value)
        row.addWidget(self._strong)

    def show_row(self, row: Row) -> None:
        self._name.setText(row.name)
        self._value.setText(row.value)
        self._strong.setText(row.strong)
        self._strong.setContentsMargins(4 if row.value else 0, 0, 0, 0)
        self._value.setVisible(bool(row.value))
        self._strong.setVisible(bool(row.strong))
        plain_tooltip(self, row.tooltip)
        self.setAccessibleName(f"{row.name}: {row.value} {row.strong}")
        self.setAccessibleDescription(row.tooltip)


class DetailCards(QWidget):
    """The model's levels as cards; one of them is in force.

    Signals:
        chosen(Detail): the user wants this level for this picture.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        self._cards: dict[Detail, DetailCard] = {}
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(theme.current().metric("detail_card_gap"))

    def card(self, detail: Detail) -> "DetailCard":
        """The card of a level that is offered."""
        return self._cards[detail]

    def set_cards(self, cards: Sequence[Card]) -> None:
        """Show these; the ones that stay keep the focus."""
        if [card.detail for card in cards] != list(self._cards):
            self._rebuild(cards)
        for card in cards:
            self._cards[card.detail].show_card(card)
        self.setVisible(bool(cards))

    def _rebuild(self, cards: Sequence[Card]) -> None:
        for old in self._cards.values():
            self._grid.removeWidget(old)
            old.hide()
            old.deleteLater()
        self._cards = {}
        columns = len(cards) if len(cards) <= _MOST_IN_ONE_ROW else 2
        for at, card in enumerate(cards):
            made = DetailCard(card.detail)
            made.clicked.connect(self._on_clicked)
            self._cards[card.detail] = made
            self._grid.addWidget(made, at // columns, at % columns)

    def _on_clicked(self) -> None:
        sender = self.sender()
        if isinstance(sender, DetailCard):
            self.chosen.emit(sender.detail)


class DetailCard(QPushButton):
    """One level: its name above its tokens.

    Attributes:
        detail: the level.
    """

    def __init__(self, detail: Detail) -> None:
        super().__init__()
        self.detail = detail
        self.setProperty("kind", "detail_card")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(theme.current().metric("detail_card_height"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._title = label("", "card_title")
        self._caption = ElidedLabel("", "card_caption")
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 5, 6, 6)
        column.setSpacing(1)
        for part in (self._title, self._caption):
            part.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
            column.addWidget(part)

    @override
    def sizeHint(self) -> QSize:
        # A button's own hint knows nothing of its labels.
        return QSize(60, theme.current().metric("detail_card_height"))

    def show_card(self, card: Card) -> None:
        """Show this level's figures."""
        self._title.setText(card.title)
        self._caption.setText(card.caption)
        self.setAccessibleName(join_sentences(card.title, _("chosen") if card.chosen else ""))
        self.setAccessibleDescription(card.tooltip)
        plain_tooltip(self, card.tooltip)
        for name, value in (("chosen", card.chosen), ("refused", card.refused)):
            self.setProperty(name, value)
        restyle(self)
        restyle(self._caption)

    def caption(self) -> str:
        """What stands below the name."""
        return self._caption.text()


class HintBox(QFrame):
    """A tinted box: an icon, a sentence, one thing to do, and a cross to be rid of it.

    Signals:
        acted: its button was pressed.
        dismissed: its cross was pressed.
    """

    acted = Signal()
    dismissed = Signal()

    def __init__(
        self, text: str, *, kind: str = "tip", strong: str = "", action: str = "", dismissible: bool = False
    ) -> None:
        """Show ``text``.

        Args:
            text: plain text.
            kind: ``tip``, ``hint`` (a warning) or ``refusal``.
            strong: the part of it that stands out.
            action: text of the button; empty for none.
            dismissible: whether there is a cross.
        """
        super().__init__()
        icon, role = _HINT_LOOKS[kind]
        self.setProperty("kind", kind)
        self.setAccessibleName(text)
        said = label("", "hint_text")
        said.setTextFormat(Qt.TextFormat.RichText)
        said.setText(_emphasized(text, strong))
        said.setWordWrap(True)
        said.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addWidget(said)
        if action:
            words.addWidget(self._action_button(action), 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout(self)
        row.setContentsMargins(10, 9, 8 if dismissible else 10, 10)
        row.setSpacing(9)
        row.addWidget(IconLabel(icon, role=role, size_px=16), 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)
        if dismissible:
            close = icon_button("x", _("Do not show this again"), size_px=22)
            close.clicked.connect(self.dismissed)
            row.addWidget(close, 0, Qt.AlignmentFlag.AlignTop)

    def _action_button(self, text: str) -> TintedButton:
        made = button(text, kind="link")
        made.setProperty("flush", True)
        made.clicked.connect(self.acted)
        return made


_HINT_LOOKS = {
    "tip": ("lightbulb", "accent_soft_text"),
    "hint": ("triangle-alert", "warning_text"),
    "refusal": ("circle-alert", "danger"),
}


def _emphasized(text: str, strong: str) -> str:
    """As rich text that shows ``text`` as it is, ``strong`` in it in bold."""
    escaped, bold = html.escape(text), html.escape(strong)
    if bold:
        escaped = escaped.replace(bold, f'<span style="font-weight:600">{bold}</span>', 1)
    return f'<p style="line-height:{_LINE_HEIGHT}%">{escaped}</p>'

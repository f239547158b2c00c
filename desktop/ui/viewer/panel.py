"""The panel beside the picture: what is sent, what it costs, what was removed, and what was found."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from desktop.core.text import _
from desktop.ui import theme
from desktop.ui.viewer.found_section import FoundSection
from desktop.ui.viewer.found_state import FoundState, Warned
from desktop.ui.viewer.panel_rows import DetailCards, FactRows, HintBox
from desktop.ui.viewer.panel_state import PanelState, Tip
from desktop.ui.viewer.places_section import PlacesSection
from desktop.ui.widgets.buttons import TintedButton, button
from desktop.ui.widgets.flow import FlowLayout
from desktop.ui.widgets.labels import label
from desktop.ui.widgets.overlay_scroll import OverlayScrollBar

_TITLE_PX = 22


class Panel(QFrame):
    """Shows a `PanelState` and a `FoundState`.

    Attributes:
        sent: the rows of what is sent.
        removed: the rows of what is not.
        cards: the model's levels.
        found: text found on this computer.
        places: what an answer points at.

    Signals:
        detail_chosen(object): the user wants this `Detail` for the picture; None: follow the selector again.
        act_requested(Act): do what a tip offers.
        other_models_requested: show the table for other models.
        reset_requested: take all edits back.
        warning_acted(Warned): do what a warning offers.
        warning_dismissed(str): never show this warning again.
    """

    detail_chosen = Signal(object)
    act_requested = Signal(object)
    other_models_requested = Signal()
    reset_requested = Signal()
    warning_acted = Signal(object)
    warning_dismissed = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "side_panel")
        self.setFixedWidth(theme.current().metric("side_panel_width"))
        self._tips_shown: tuple[Tip, ...] = ()
        self._warnings_shown: tuple[Warned, ...] = ()
        self._title, self.sent = _title(""), FactRows()
        self.cards = DetailCards()
        self.cards.chosen.connect(self.detail_chosen)
        self._follow = _link(_("Same as the others"))
        self._follow.clicked.connect(lambda: self.detail_chosen.emit(None))
        self._others = _link(_("Other models…"))
        self._others.clicked.connect(self.other_models_requested)
        self._reset = _link(_("Reset all edits"))
        self._reset.clicked.connect(self.reset_requested)
        self._tips, self._warnings = _Boxes(), _Boxes()
        self._removed_title, self.removed = _title(_("Removed before sending")), FactRows()
        self._nothing = label(_("nothing"), "muted")
        self.found = FoundSection()
        self.places = PlacesSection()
        self._shown = QWidget()
        self._lay_out()

    def show_state(self, state: PanelState) -> None:
        """Show what follows from the picture and the model."""
        self._title.setText(state.title)
        self._shown.setVisible(True)
        self.sent.set_rows(state.sent)
        self.cards.set_cards(state.cards)
        self._follow.setVisible(state.own_detail)
        self._others.setVisible(state.has_other_models)
        self._reset.setVisible(state.edited)
        if state.tips != self._tips_shown:
            self._tips_shown = state.tips
            self._tips.fill([self._tip_box(tip) for tip in state.tips])
        self._removed_title.setVisible(state.removed is not None)
        self.removed.set_rows(state.removed or ())
        self.removed.setVisible(bool(state.removed))
        self._nothing.setVisible(state.removed == ())

    def clear(self) -> None:
        """Show nothing: nothing is known of the picture yet, or any more."""
        self._shown.setVisible(False)

    def show_found(self, state: FoundState) -> None:
        """Show what was found, and what may trouble the model."""
        self.found.show_state(state)
        if state.warnings != self._warnings_shown:
            self._warnings_shown = state.warnings
            self._warnings.fill([self._warning_box(warning) for warning in state.warnings])

    def hints(self) -> list[HintBox]:
        """Tips, then warnings, as they are shown."""
        return [*self._tips.boxes, *self._warnings.boxes]

    def _lay_out(self) -> None:
        look = theme.current()
        self._shown.hide()
        inner = QWidget()
        around = QVBoxLayout(inner)
        around.setContentsMargins(0, 0, 0, 0)
        around.addWidget(self._shown)
        column = QVBoxLayout(self._shown)
        padding = look.metric("side_panel_padding")
        column.setContentsMargins(padding - 1, 12, padding, padding)
        column.setSpacing(0)
        links = QWidget()
        flow = FlowLayout(links, gap_px=14, line_gap_px=0)
        for link in (self._others, self._follow, self._reset):
            flow.addWidget(link)
        column.addWidget(self.places)
        column.addWidget(self._title)
        column.addWidget(self.sent)
        column.addSpacing(10)
        column.addWidget(self.cards)
        column.addSpacing(4)
        column.addWidget(links)
        column.addWidget(self._tips)
        # Not below what was found, as that may be long: a warning out of sight warns nobody.
        column.addWidget(self._warnings)
        column.addSpacing(12)
        for widget in (self._removed_title, self.removed, self._nothing, self.found):
            column.addWidget(widget)
        column.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setWidget(inner)
        scroll.setAccessibleName(_("About this image"))
        OverlayScrollBar(scroll)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(1, 0, 0, 0)
        outer.addWidget(scroll)

    def _tip_box(self, tip: Tip) -> HintBox:
        kind = "refusal" if tip.problem else "tip"
        made = HintBox(tip.text, kind=kind, strong=tip.strong, action=tip.action)
        made.acted.connect(lambda: self.act_requested.emit(tip.act))
        return made

    def _warning_box(self, warning: Warned) -> HintBox:
        made = HintBox(warning.text, kind="hint", action=warning.action, dismissible=True)
        made.acted.connect(lambda: self.warning_acted.emit(warning))
        made.dismissed.connect(lambda: self.warning_dismissed.emit(warning.id))
        return made


class _Boxes(QWidget):
    """Hints below each other; without any it takes no room."""

    def __init__(self) -> None:
        super().__init__()
        self.boxes: list[HintBox] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 12, 0, 0)
        self._column.setSpacing(8)
        self.hide()

    def fill(self, boxes: Sequence[HintBox]) -> None:
        for old in self.boxes:
            self._column.removeWidget(old)
            old.hide()
            old.deleteLater()
        self.boxes = list(boxes)
        for made in boxes:
            self._column.addWidget(made)
        self.setVisible(bool(boxes))


def _title(text: str) -> QLabel:
    made = label(text, "title")
    made.setFixedHeight(_TITLE_PX)
    return made


def _link(text: str) -> TintedButton:
    made = button(text, kind="link")
    made.setProperty("flush", True)
    return made

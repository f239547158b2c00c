"""Lines between the prompt and the estimate: what would be refused with what mends it, and one hint."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.text import _
from desktop.ui.composer.state import ComposerState, FillingLine, FindingLine, HintLine
from desktop.ui.widgets.buttons import button, icon_button
from desktop.ui.widgets.flow import FlowLayout
from desktop.ui.widgets.icon_label import IconLabel
from desktop.ui.widgets.labels import label

_ICON_PX = 16
_GAP_PX = 8


class Strip(QFrame):
    """An icon, a sentence that wraps, and buttons below it.

    Signals:
        chosen(int): the place of the button that was pressed.
        dismissed(): × was pressed.
    """

    chosen = Signal(int)
    dismissed = Signal()

    def __init__(self, *, kind: str, icon: str, role: str) -> None:
        super().__init__()
        self.setProperty("kind", kind)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        self._text = label("", "small")
        self._text.setWordWrap(True)
        self._actions = QWidget()
        self._flow = FlowLayout(self._actions, gap_px=6)
        self._row = QHBoxLayout()
        self._row.setSpacing(_GAP_PX)
        self._row.addWidget(IconLabel(icon, role=role, size_px=_ICON_PX), 0, Qt.AlignmentFlag.AlignTop)
        self._row.addWidget(self._text, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 8, 10, 8)
        column.setSpacing(7)
        column.addLayout(self._row)
        column.addWidget(self._actions)
        self._actions.hide()

    def show_text(self, text: str) -> None:
        """Say this."""
        if text != self._text.text():
            self._text.setText(text)
            self.setAccessibleName(text)

    def show_actions(self, texts: Sequence[str]) -> None:
        """Offer these buttons."""
        while (item := self._flow.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.hide()
                widget.deleteLater()
        for place, text in enumerate(texts):
            made = button(text, kind="small")
            made.clicked.connect(lambda _checked=False, place=place: self.chosen.emit(place))
            self._flow.addWidget(made)
            # A layout shows new widgets later, and until then counts them as empty.
            made.show()
        self._actions.setVisible(bool(texts))

    def add_cross(self, name: str) -> None:
        """Let it be dismissed."""
        cross = icon_button("x", name, size_px=20)
        cross.setIconSize(QSize(13, 13))
        cross.clicked.connect(self.dismissed)
        self._row.addWidget(cross, 0, Qt.AlignmentFlag.AlignTop)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(120, super().minimumSizeHint().height())


class Strips(QWidget):
    """All of them; takes no room while there is nothing to say.

    Signals:
        fix_chosen(int, int): places of the finding and of its fix.
        hint_dismissed(str): id of the hint, which is not to come again.
        editing_ended(): the question is not to be written anew after all.
        filling_acted(): the button beside what is missing of the prompt's variables was pressed.
    """

    editing_ended = Signal()
    fix_chosen = Signal(int, int)
    hint_dismissed = Signal(str)
    filling_acted = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._findings: tuple[FindingLine, ...] = ()
        self._strips: list[Strip] = []
        self._hint_line: HintLine | None = None
        self._hint = Strip(kind="tip", icon="lightbulb", role="accent_soft_text")
        self._hint.add_cross(_("Do not say this again"))
        self._hint.dismissed.connect(self._on_dismissed)
        self._hint.hide()
        self._filling_line: FillingLine | None = None
        self._filling = Strip(kind="tip", icon="scan-text", role="accent_soft_text")
        self._filling.chosen.connect(lambda _place: self.filling_acted.emit())
        self._filling.hide()
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(6)
        self._column.addWidget(self._hint)
        self._editing = Strip(kind="tip", icon="pencil", role="accent_soft_text")
        self._editing.add_cross(_("Do not change the question"))
        self._editing.dismissed.connect(self.editing_ended)
        self._editing.hide()
        self._column.addWidget(self._editing)
        self._column.addWidget(self._filling)
        self.hide()

    def show_state(self, state: ComposerState) -> None:
        """Show the findings and the hint of ``state``; what is the same stays untouched, focus included."""
        if state.findings != self._findings:
            self._show_findings(state.findings)
        if state.hint != self._hint_line:
            self._hint_line = state.hint
            self._hint.show_text(state.hint.text if state.hint else "")
            self._hint.setVisible(state.hint is not None)
        self._editing.show_text(state.editing)
        self._editing.setVisible(bool(state.editing))
        if state.filling != self._filling_line:
            self._show_filling(state.filling)
        self.setVisible(bool(state.findings or state.hint or state.filling or state.editing))

    def _show_findings(self, findings: tuple[FindingLine, ...]) -> None:
        while len(self._strips) > len(findings):
            gone = self._strips.pop()
            gone.hide()
            gone.deleteLater()
        while len(self._strips) < len(findings):
            self._strips.append(self._made(len(self._strips)))
        before = self._findings
        self._findings = findings
        for place, (strip, line) in enumerate(zip(self._strips, findings, strict=True)):
            strip.show_text(line.text)
            if place >= len(before) or before[place].fixes != line.fixes:
                strip.show_actions(line.fixes)

    def _show_filling(self, line: FillingLine | None) -> None:
        before, self._filling_line = self._filling_line, line
        self._filling.show_text(line.text if line else "")
        action = line.action if line else ""
        # Progress comes often: a button that is the same keeps the keyboard.
        if before is None or before.action != action:
            self._filling.show_actions((action,) if action else ())
        self._filling.setVisible(line is not None)

    def _made(self, place: int) -> Strip:
        strip = Strip(kind="hint", icon="triangle-alert", role="warning_text")
        strip.chosen.connect(lambda fix: self.fix_chosen.emit(place, fix))
        self._column.insertWidget(place, strip)
        return strip

    def _on_dismissed(self) -> None:
        if self._hint_line is not None:
            self.hint_dismissed.emit(self._hint_line.id)

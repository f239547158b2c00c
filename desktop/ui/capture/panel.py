"""The panel beside the region: tools, the question, its price, and what can be done with the capture."""

from PySide6.QtCore import QPoint, QRect, Qt, Signal
from PySide6.QtGui import QIcon, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.model import Detail
from desktop.core.text import _
from desktop.ui import theme
from desktop.ui.capture.captured import OverlayTerms
from desktop.ui.capture.places import MARGIN_PX, panel_corner, within
from desktop.ui.capture.prompt import Prompt
from desktop.ui.capture.shade import Shade
from desktop.ui.capture.tool_row import ToolRow
from desktop.ui.composer.state import detail_name
from desktop.ui.composing import SEPARATOR
from desktop.ui.widgets.buttons import TintedButton, button, restyle
from desktop.ui.widgets.labels import ElidedLabel, KeyCap, label, plain_tooltip
from desktop.ui.widgets.segments import Segments

_WIDTH_PX = 664
_GAP_PX = 6
_PADDING_PX = 10
_LAST_ROW_PX = 20


class Panel(QWidget):
    """Shows what it is told, and says what is wanted.

    Attributes:
        tools: its upper row.
        prompt: where the question is typed.

    Signals:
        detail_chosen(Detail): another level.
        copy_wanted: to the clipboard.
        save_wanted: as a file.
        keep_wanted: to the gallery.
        ask_wanted: ask about it.
        resized: it needs another place.
    """

    detail_chosen = Signal(object)
    copy_wanted = Signal()
    save_wanted = Signal()
    keep_wanted = Signal()
    ask_wanted = Signal()
    resized = Signal()

    def __init__(self, terms: OverlayTerms, *, windows: bool) -> None:
        super().__init__()
        self.setCursor(Qt.CursorShape.ArrowCursor)
        # A press between the controls is none on the picture below.
        self.setAttribute(Qt.WidgetAttribute.WA_NoMousePropagation)
        self.setAccessibleName(_("Capture"))
        self.tools = ToolRow(windows=windows)
        self.prompt = Prompt()
        self._frame = _Frame()
        self._shade = Shade(self)
        self._levels = Segments(
            [(level.value, detail_name(level), "") for level in terms.details], name=_("Detail")
        )
        self._levels.set_value(terms.detail.value)
        self._levels.chosen.connect(lambda value: self.detail_chosen.emit(Detail(value)))
        self._copy = _action(_("Copy"), "copy", _("Copy the picture (Ctrl+C)"))
        self._save = _action(_("Save"), "save", _("Save the picture as a file (Ctrl+S)"))
        self._keep = _action(
            _("To gallery"), "images", _("Put it into the gallery, and ask nothing (Ctrl+G)")
        )
        self._ask = button(_("Ask") + "\u2002", kind="primary")
        self._ask.setAccessibleName(_("Ask"))
        self._ask.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self._icon, self._price = QLabel(), label("", "estimate_price")
        self._rest = ElidedLabel("", "estimate")
        self._model = ElidedLabel(terms.model, "small")
        self._icon_name, self._icon_role = "coins", "text_muted"
        self._region, self._moved = QRect(), QPoint()
        theme.current().changed.connect(self._tint)
        self._tint()
        self._lay_out()
        # Not before it has a parent: it would be a window of its own for a moment.
        self._levels.setVisible(bool(terms.details))
        self._connect()

    def show_price(self, text: str, why_not: str = "") -> None:
        """Show what asking costs, the price in bold, or in warning colour why one cannot ask."""
        kind = "estimate_warning" if why_not else "estimate"
        self._icon_name, self._icon_role = (
            ("triangle-alert", "warning_text") if why_not else ("coins", "text_muted")
        )
        if self._rest.property("kind") != kind:
            self._rest.setProperty("kind", kind)
            restyle(self._rest)
        price, between, rest = ("", "", why_not) if why_not else text.partition(SEPARATOR)
        self._price.setText(price)
        self._price.setVisible(bool(price))
        self._rest.setText(between.lstrip() + rest)
        self._tint()

    def price_text(self) -> str:
        """All words of the line, as a screen reader says them."""
        return " ".join(part for part in (self._price.text(), self._rest.text()) if part)

    def set_can_ask(self, why_not: str) -> None:
        """Whether Ask can be pressed, and why not."""
        self._ask.setEnabled(not why_not)
        plain_tooltip(self._ask, why_not or _("Ask (Enter)"))

    def place(self, region: QRect, room: QRect) -> None:
        """Move beside a region, within the window ``room``."""
        width = min(_WIDTH_PX, room.width() - 2 * MARGIN_PX)
        if width != self._frame.width():
            self._frame.setFixedWidth(width)
        self._fold(width)
        for layout in (self.tools.layout(), self._frame.layout(), self.layout()):
            if layout is not None:
                layout.activate()
        self.adjustSize()
        if region != self._region:
            self._region, self._moved = region, QPoint()
        corner = panel_corner(region, room, self.size()) + self._moved
        self.move(within(corner, room, self.size()))

    def _fold(self, width: int) -> None:
        """Where it is narrow, buttons have icons only."""
        self.tools.fold(width - 2 * _PADDING_PX)
        for made, text in ((self._copy, _("Copy")), (self._save, _("Save")), (self._keep, _("To gallery"))):
            made.setText(text)
        if self._actions.minimumSize().width() > width - 2 * _PADDING_PX:
            for made in (self._copy, self._save, self._keep):
                made.setText("")

    def _lay_out(self) -> None:
        look = theme.current()
        height = look.metric("composer_toolbar_height")
        row, last = QWidget(), QWidget()
        # The style sheet takes the buttons' own heights from them when it is first applied.
        row.setFixedHeight(height)
        last.setFixedHeight(_LAST_ROW_PX)
        self._actions = actions = QHBoxLayout(row)
        actions.setContentsMargins(0, 0, 0, 0)
        actions.setSpacing(_GAP_PX)
        actions.addWidget(self._levels)
        actions.addStretch(1)
        for made in (self._copy, self._save, self._keep, self._ask):
            made.setProperty("toolbar", True)
            made.setFixedHeight(height)
            actions.addWidget(made)
        below = QHBoxLayout(last)
        below.setContentsMargins(5, 0, 2, 0)
        below.setSpacing(5)
        below.addWidget(self._icon)
        below.addWidget(self._price)
        below.addWidget(self._rest)
        below.addStretch(1)
        below.addWidget(self._model)
        below.addSpacing(4)
        below.addWidget(KeyCap(_("Enter")))
        inner = QVBoxLayout(self._frame)
        inner.setContentsMargins(_PADDING_PX, 9, _PADDING_PX, 9)
        inner.setSpacing(0)
        line = QFrame()
        line.setProperty("kind", "line")
        for part, gap in ((self.tools, 8), (line, 7), (self.prompt, 8), (row, 8), (last, 0)):
            inner.addWidget(part)
            inner.addSpacing(gap)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(self._frame)

    def _connect(self) -> None:
        self._copy.clicked.connect(self.copy_wanted)
        self._save.clicked.connect(self.save_wanted)
        self._keep.clicked.connect(self.keep_wanted)
        self._ask.clicked.connect(self.ask_wanted)
        self.prompt.send_requested.connect(self.ask_wanted)
        self.prompt.focus_changed.connect(self._frame.show_focus)
        self.prompt.document().documentLayout().documentSizeChanged.connect(self.resized)
        self._frame.clicked.connect(self.prompt.setFocus)
        self._frame.dragged.connect(self._on_dragged)

    def _on_dragged(self, by: QPoint) -> None:
        """The hand moves the panel away from what is below it, until the region is another one."""
        self._moved += by
        self.resized.emit()

    def _tint(self) -> None:
        look = theme.current()
        size = look.metric("icon_size_estimate")
        self._icon.setPixmap(look.pixmap(self._icon_name, role=self._icon_role, size_px=size))
        icon = look.icon("arrow-up", role="accent_text")
        icon.addPixmap(look.pixmap("arrow-up", role="accent_disabled_text"), QIcon.Mode.Disabled)
        self._ask.setIcon(icon)


class _Frame(QFrame):
    """The rounded frame; accented while the prompt has the keyboard.

    Signals:
        clicked: somewhere between the controls.
        dragged(QPoint): so far since it was told last.
    """

    clicked = Signal()
    dragged = Signal(QPoint)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "composer")
        self.setProperty("focused", False)
        self._held: QPoint | None = None

    def show_focus(self, focused: bool) -> None:
        self.setProperty("focused", focused)
        restyle(self)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._held = event.globalPosition().toPoint()
        self.clicked.emit()

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held is not None:
            at = event.globalPosition().toPoint()
            by, self._held = at - self._held, at
            self.dragged.emit(by)

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = None


def _action(text: str, icon: str, tooltip: str) -> TintedButton:
    made = button(text, icon=icon, kind="ghost", tooltip=tooltip)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made

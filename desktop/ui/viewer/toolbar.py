"""The viewer's upper edge: back, the picture's name, both views, zoom, undo, the tools, and asking."""

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QToolButton, QWidget

from desktop.core.compat import override
from desktop.core.text import _, marked
from desktop.ui import theme
from desktop.ui.viewer.canvas import Canvas
from desktop.ui.widgets.buttons import IconButton, TintedButton, button, icon_button, restyle
from desktop.ui.widgets.labels import ElidedLabel, label, plain_tooltip
from desktop.ui.widgets.segments import Option, Segments

_ICON_WIDTH_PX = 39
_GAP_PX = 6
_NAME_MIN_PX = 48
_NAME_MAX_PX = 280
_LEAST_WIDTH_PX = 320
_NO_COUNT, _SHORT_BLACKOUT, _SHORT_VIEWS, _SHORT_BACK, _TOOLS_IN_MENU, _NO_STEPS, _NO_NAME, _NO_ZOOM = range(
    1, 9
)
"""What is given up where there is no room for all, one after the other."""


@dataclass(frozen=True, slots=True)
class ToolButton:
    """One tool: its name in `Canvas.set_tool`, its icon, its name and its key."""

    tool: str
    icon: str
    name: str
    key: str


TOOLS = (
    ToolButton("region", "square-dashed", marked("Ask about a part"), "G"),
    ToolButton("crop", "crop", marked("Crop"), "C"),
    ToolButton("arrow", "move-up-right", marked("Arrow"), "A"),
    ToolButton("box", "square", marked("Box"), "B"),
    ToolButton("text", "type", marked("Text"), "T"),
    ToolButton("callout", "callout", marked("Numbered callout"), "N"),
)


class Toolbar(QWidget):
    """Shows what it is told and says what is clicked.

    Signals:
        back_clicked: to the gallery.
        previous_clicked: the picture before.
        next_clicked: the picture after.
        view_chosen(str): ``original`` or ``sent``.
        zoom_chosen(str): ``in``, ``out``, ``fit``, ``actual`` or ``loupe``.
        undo_clicked: take the last edit back.
        redo_clicked: make it again.
        tool_chosen(object): a tool of `Canvas.set_tool`, or None.
        turn_clicked: turn the picture to the right.
        ask_clicked: ask about this picture.
    """

    back_clicked = Signal()
    previous_clicked = Signal()
    next_clicked = Signal()
    view_chosen = Signal(str)
    zoom_chosen = Signal(str)
    undo_clicked = Signal()
    redo_clicked = Signal()
    tool_chosen = Signal(object)
    turn_clicked = Signal()
    ask_clicked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "viewer_bar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(theme.current().metric("header_height"))
        self._tool: str | None = None
        self._read_only = self._both_views = False
        self._line = QFrame()
        self._name = ElidedLabel("", "title", mode=Qt.TextElideMode.ElideMiddle)
        self._count = label("", "muted")
        self._segments = Segments(_views(short=False), name=_("View"), click_focus=False)
        self._segments.chosen.connect(self.view_chosen)
        self._back = self._text_button(_("Gallery"), "arrow-left", "ghost", self.back_clicked.emit)
        plain_tooltip(self._back, _("Back to the gallery (Esc)"))
        self._previous = self._icon_button("chevron-left", _("Previous image"), self.previous_clicked.emit)
        self._next = self._icon_button("chevron-right", _("Next image"), self.next_clicked.emit)
        self._zoom = self._text_button("100 %", "zoom-in", "ghost", None)
        self._zoom.setMenu(self._zoom_menu())
        # What follows the zoom must not move under the pointer while the figure changes.
        self._zoom.ensurePolished()
        self._zoom.setMinimumWidth(self._zoom.sizeHint().width())
        plain_tooltip(self._zoom, _("Zoom (+, −, 0 to fit, 1 for 100 %)"))
        self._undo = self._icon_button("undo-2", _("Undo (Ctrl+Z)"), self.undo_clicked.emit)
        self._redo = self._icon_button("redo-2", _("Redo (Ctrl+Shift+Z)"), self.redo_clicked.emit)
        self._tools = {tool.tool: self._tool_button(tool) for tool in TOOLS}
        self._turn = self._icon_button("rotate-cw", _("Turn right (R)"), self.turn_clicked.emit)
        self._blackout = self._text_button(_("Black out"), "eraser", None, lambda: self._on_tool("blackout"))
        plain_tooltip(self._blackout, _("Black out an area for good (K)"))
        self._ask = self._text_button(_("Ask about this"), None, "primary", self.ask_clicked.emit)
        self._more = self._icon_button("ellipsis", _("Tools"), None)
        self._more.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._more.setMenu(self._tools_menu())
        self._folded = 0
        self._lay_out()
        self.set_undo(can_undo=False, can_redo=False)

    def show_title(self, name: str, index: int, count: int) -> None:
        """The picture's name and its place from 1; ``count`` 0 outside of the gallery."""
        self._name.setText(name)
        self._count.setText(_("{index} of {count}").format(index=index, count=count) if count else "")
        self._previous.setEnabled(index > 1)
        self._next.setEnabled(index < count)
        self._fold()

    def set_view(self, view: str) -> None:
        """Show which view is shown: ``original`` or ``sent``."""
        self._segments.set_value(view)

    def set_zoom(self, zoom: float) -> None:
        """Show the zoom; 1 is 100 %."""
        text = _("{percent} %").format(percent=round(zoom * 100) if zoom >= 0.01 else f"{zoom * 100:.1f}")
        self._zoom.setText(text)
        self._zoom.setAccessibleName(_("Zoom, {zoom}").format(zoom=text))

    def set_undo(self, *, can_undo: bool, can_redo: bool) -> None:
        """Whether there is something to undo and to redo."""
        self._undo.setEnabled(can_undo)
        self._redo.setEnabled(can_redo)

    def set_tool(self, tool: str | None) -> None:
        """Show the tool in use; None for the hand."""
        self._tool = tool
        for name, made in self._tools.items():
            made.setProperty("active", name == tool)
            icon = next(button.icon for button in TOOLS if button.tool == name)
            made.set_icon(icon, role="accent_soft_text" if name == tool else "text_muted")
            restyle(made)
            made.setAccessibleDescription(_("In use") if name == tool else "")
        self._blackout.set_kind("active" if tool == "blackout" else None)

    def set_ask_text(self, text: str) -> None:
        """Change what the button at the end says, for example when a part is chosen."""
        self._ask.setText(text.replace("&", "&&"))
        self._ask.setAccessibleName(text)
        self._fold()

    def set_sent_view_enabled(self, *, on: bool) -> None:
        """Whether there is anything to see as the model sees it."""
        self._segments.setEnabled(on)

    def set_read_only(self, *, on: bool, views: bool = False) -> None:
        """Whether the picture can only be looked at, as one that was sent; ``views``: in both views."""
        self._read_only, self._both_views = on, views
        self._fold()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(_LEAST_WIDTH_PX, super().minimumSizeHint().height())

    def _fold(self) -> None:
        """Give up as little as there is room for; what is not shown is left to keys and the menu."""
        for folded in range(_NO_ZOOM + 1):
            self._show_parts(folded)
            needed = self._row.minimumSize().width()
            if folded < _NO_COUNT:
                # All of the name is worth more than its place among the others.
                needed += min(self._name.sizeHint().width(), _NAME_MAX_PX) - _NAME_MIN_PX
            if needed <= self.width():
                return

    def _show_parts(self, folded: int) -> None:
        edits = not self._read_only
        with_tools = edits and folded < _TOOLS_IN_MENU
        shown: dict[QWidget, bool] = {
            self._name: folded < _NO_NAME,
            self._count: folded < _NO_COUNT,
            self._zoom: folded < _NO_ZOOM,
            self._previous: folded < _NO_STEPS,
            self._next: folded < _NO_STEPS,
            self._more: edits and not with_tools,
            self._segments: edits or self._both_views,
            self._ask: edits,
            **dict.fromkeys((self._line, self._undo, self._redo, self._turn, self._blackout), with_tools),
            **dict.fromkeys(self._tools.values(), with_tools),
        }
        for widget, on in shown.items():
            widget.setVisible(on)
        if folded == self._folded:
            return
        self._folded = folded
        self._blackout.setText(_("Black out") if folded < _SHORT_BLACKOUT else "")
        self._back.setText(_("Gallery") if folded < _SHORT_BACK else "")
        self._segments.set_options(_views(short=folded >= _SHORT_VIEWS))

    def _lay_out(self) -> None:
        self._row = row = QHBoxLayout(self)
        row.setSizeConstraint(QHBoxLayout.SizeConstraint.SetNoConstraint)
        row.setContentsMargins(13, 0, 12, 0)
        row.setSpacing(_GAP_PX)
        self._line.setProperty("kind", "bar_line")
        self._line.setFixedSize(1, 21)
        self._name.setMinimumWidth(_NAME_MIN_PX)
        self._name.setMaximumWidth(_NAME_MAX_PX)
        _add(row, self._back)
        row.addSpacing(4)
        _add(row, self._name, self._count)
        row.addStretch(1)
        _add(row, self._previous, self._next)
        row.addSpacing(8)
        region, crop, *marks = self._tools.values()
        _add(row, self._segments, self._zoom, self._line, self._undo, self._redo)
        _add(row, region, crop, self._turn, *marks, self._blackout, self._more, self._ask)

    def _zoom_menu(self) -> QMenu:
        menu = QMenu(self)
        for value, text, key in (
            ("in", _("Zoom in"), "+"),
            ("out", _("Zoom out"), "-"),
            ("fit", _("Fit"), "0"),
            ("actual", _("Actual size"), "1"),
            ("loupe", _("Loupe"), "L"),
        ):
            action = QAction(f"{text}\t{key}", menu)
            action.setData(value)
            action.triggered.connect(self._on_zoom)
            menu.addAction(action)
        return menu

    def _tools_menu(self) -> QMenu:
        menu = QMenu(self)
        for tool in (*TOOLS, ToolButton("blackout", "eraser", marked("Black out"), "K")):
            action = QAction(theme.current().icon(tool.icon), f"{_(tool.name)}\t{tool.key}", menu)
            action.setData(tool.tool)
            action.triggered.connect(self._on_tool_action)
            menu.addAction(action)
        turn = menu.addAction(theme.current().icon("rotate-cw"), _("Turn right") + "\tR")
        turn.triggered.connect(self.turn_clicked)
        menu.addSeparator()
        for text, signal in ((_("Undo"), self.undo_clicked), (_("Redo"), self.redo_clicked)):
            menu.addAction(text, signal.emit)
        return menu

    def _on_tool_action(self) -> None:
        self._on_tool(str(self.sender().data()))  # type: ignore[attr-defined]

    def _on_zoom(self) -> None:
        self.zoom_chosen.emit(str(self.sender().data()))  # type: ignore[attr-defined]

    def _on_tool(self, tool: str) -> None:
        self.tool_chosen.emit(None if tool == self._tool else tool)

    def _tool_button(self, tool: ToolButton) -> IconButton:
        name = _("{name} ({key})").format(name=_(tool.name), key=tool.key)
        made = self._icon_button(tool.icon, name, lambda: self._on_tool(tool.tool))
        made.setAccessibleName(_(tool.name))
        return made

    def _icon_button(self, icon: str, name: str, clicked: Callable[[], object] | None) -> IconButton:
        made = icon_button(icon, name)
        made.setIconSize(QSize(*[theme.current().metric("icon_size_toolbar")] * 2))
        made.setFixedSize(_ICON_WIDTH_PX, theme.current().metric("icon_button"))
        # A click leaves the keyboard with the picture, and no ring that looks like a tool in use.
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if clicked is not None:
            made.clicked.connect(clicked)
        return made

    def _text_button(
        self, text: str, icon: str | None, kind: str | None, clicked: Callable[[], object] | None
    ) -> TintedButton:
        made = button(text, icon=icon, kind=kind)
        made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        if clicked is not None:
            made.clicked.connect(clicked)
        return made


def _views(*, short: bool) -> list[Option]:
    sent = _("As sent") if short else _("As the model sees it")
    return [
        ("original", _("Original"), _("The file’s own pixels, with your edits")),
        ("sent", sent, _("The very pixels that are sent")),
    ]


def _add(row: QHBoxLayout, *widgets: QWidget) -> None:
    for widget in widgets:
        row.addWidget(widget)


def join(toolbar: Toolbar, canvas: Canvas) -> None:
    """Let a toolbar and a canvas steer each other: zoom, tool and view; undo and asking are the page's."""
    steps = {
        "in": canvas.zoom_in,
        "out": canvas.zoom_out,
        "fit": canvas.fit,
        "actual": canvas.actual,
        "loupe": canvas.toggle_loupe,
    }
    toolbar.zoom_chosen.connect(lambda step: steps[step]())
    toolbar.tool_chosen.connect(canvas.set_tool)
    toolbar.turn_clicked.connect(lambda: canvas.turn_page(1))
    # A crop that is being chosen is part of what is asked about; connected before the page's own slots.
    for leaving in (
        toolbar.ask_clicked,
        toolbar.back_clicked,
        toolbar.previous_clicked,
        toolbar.next_clicked,
    ):
        leaving.connect(canvas.put_away)
    toolbar.view_chosen.connect(canvas.set_view)
    canvas.zoom_changed.connect(toolbar.set_zoom)
    canvas.tool_changed.connect(toolbar.set_tool)
    canvas.view_changed.connect(toolbar.set_view)

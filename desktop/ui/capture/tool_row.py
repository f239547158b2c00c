"""The upper row of the panel: what is chosen first, the tools, undo, and the way out."""

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QWidget

from desktop.core.capturing import CaptureKind
from desktop.core.text import _, marked
from desktop.ui import theme
from desktop.ui.viewer.toolbar import ToolButton
from desktop.ui.widgets.buttons import IconButton, icon_button, restyle
from desktop.ui.widgets.segments import Option, Segments

_WIDTH_PX = 33
_LINE_GAP_PX = 5
_HAND = ToolButton("", "mouse-pointer-2", marked("Select and move"), "V")
TOOLS = (
    _HAND,
    ToolButton("arrow", "move-up-right", marked("Arrow"), "A"),
    ToolButton("box", "square", marked("Box"), "B"),
    ToolButton("text", "type", marked("Text"), "T"),
    ToolButton("callout", "callout", marked("Numbered callout"), "N"),
    ToolButton("blackout", "eraser", marked("Black out"), "K"),
)
"""Letters are for the question, which can be typed at any time; with Alt they take a tool."""


def mode_options(*, windows: bool) -> list[Option]:
    """What can be chosen; ``windows`` only where the platform tells them."""
    options = [(CaptureKind.REGION, _("Region"), "1"), (CaptureKind.SCREEN, _("Screen"), "3")]
    if windows:
        options.insert(1, (CaptureKind.WINDOW, _("Window"), "2"))
    return [
        (kind.value, name, _("{name} (Alt+{key})").format(name=name, key=key)) for kind, name, key in options
    ]


class ToolRow(QWidget):
    """Shows what it is told and says what is clicked.

    Signals:
        mode_chosen(str): value of a `CaptureKind`.
        tool_chosen(object): a tool of `Editor.take_tool`, or None for the hand.
        undo_clicked: take the last step back.
        redo_clicked: make it again.
        delete_clicked: remove what is selected.
        leave_clicked: capture nothing.
    """

    mode_chosen = Signal(str)
    tool_chosen = Signal(object)
    undo_clicked = Signal()
    redo_clicked = Signal()
    delete_clicked = Signal()
    leave_clicked = Signal()

    def __init__(self, *, windows: bool) -> None:
        super().__init__()
        self._modes = Segments(mode_options(windows=windows), name=_("What is captured"), click_focus=False)
        self._modes.chosen.connect(self.mode_chosen)
        self._tools = {tool.tool: self._tool_button(tool) for tool in TOOLS}
        self._undo = _button("undo-2", _("Undo (Ctrl+Z)"))
        self._undo.clicked.connect(self.undo_clicked)
        self._redo = _button("redo-2", _("Redo (Ctrl+Shift+Z)"))
        self._redo.clicked.connect(self.redo_clicked)
        self._delete = _button("trash-2", _("Remove what is selected (Delete)"))
        self._delete.clicked.connect(self.delete_clicked)
        self._leave = _button("x", _("Leave without capturing (Esc)"))
        self._leave.clicked.connect(self.leave_clicked)
        self._lay_out()
        self.set_tool(None)
        self.set_steps(can_undo=False, can_redo=False, can_delete=False)

    def fold(self, width_px: int) -> None:
        """Where it is too narrow, what is captured is left to the bar and to keys."""
        self._modes.show()
        self._modes.setVisible(self.sizeHint().width() <= width_px)

    def set_mode(self, mode: CaptureKind) -> None:
        """Show what is chosen first."""
        self._modes.set_value(mode.value)

    def set_tool(self, tool: str | None) -> None:
        """Show the tool in use; None for the hand."""
        for name, made in self._tools.items():
            in_use = name == (tool or "")
            made.setProperty("active", in_use)
            icon = next(button.icon for button in TOOLS if button.tool == name)
            made.set_icon(icon, role="accent_soft_text" if in_use else "text_muted")
            made.setAccessibleDescription(_("In use") if in_use else "")
            restyle(made)

    def set_steps(self, *, can_undo: bool, can_redo: bool, can_delete: bool) -> None:
        """What can be taken back, made again, and removed."""
        for made, on in ((self._undo, can_undo), (self._redo, can_redo), (self._delete, can_delete)):
            made.setEnabled(on)

    def _lay_out(self) -> None:
        self.setFixedHeight(theme.current().metric("icon_button"))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        row.addWidget(self._modes)
        row.addStretch(1)
        _add_line(row)
        for made in self._tools.values():
            row.addWidget(made)
        _add_line(row)
        for made in (self._undo, self._redo, self._delete):
            row.addWidget(made)
        row.addStretch(1)
        row.addWidget(self._leave)

    def _tool_button(self, tool: ToolButton) -> IconButton:
        name = _(tool.name)
        told = _("{name} (Alt+{key})").format(name=name, key=tool.key)
        if tool is _HAND:
            told = _("{name} (Alt+{key}; again: the next one)").format(name=name, key=tool.key)
        made = _button(tool.icon, told)
        made.setAccessibleName(name)
        made.clicked.connect(lambda: self.tool_chosen.emit(tool.tool or None))
        return made


def _button(icon: str, name: str) -> IconButton:
    made = icon_button(icon, name)
    made.setIconSize(QSize(*[theme.current().metric("icon_size_toolbar")] * 2))
    made.setFixedSize(_WIDTH_PX, theme.current().metric("icon_button"))
    # A click leaves the keyboard where it is.
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return made


def _add_line(row: QHBoxLayout) -> None:
    made = QFrame()
    made.setProperty("kind", "bar_line")
    made.setFixedSize(1, 21)
    row.addSpacing(_LINE_GAP_PX)
    row.addWidget(made)
    row.addSpacing(_LINE_GAP_PX)

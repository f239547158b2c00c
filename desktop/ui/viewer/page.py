"""The viewer's page: the toolbar above the canvas, the panel beside it."""

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.text import _
from desktop.ui.viewer.canvas import Canvas
from desktop.ui.viewer.frames import FrameChooser
from desktop.ui.viewer.panel import Panel
from desktop.ui.viewer.toolbar import Toolbar, join
from desktop.ui.widgets.banner import Banner
from desktop.ui.widgets.buttons import icon_button
from desktop.ui.widgets.segments import Segments

FOLD_PANEL_BELOW_PX = 900
_TOGGLE_INSET_PX = 10

_STEPS = {
    Qt.Key.Key_Left.value: -1,
    Qt.Key.Key_PageUp.value: -1,
    Qt.Key.Key_Right.value: 1,
    Qt.Key.Key_PageDown.value: 1,
}
_PLACED = (QEvent.Type.Resize, QEvent.Type.Move)
_LEAVE = (Qt.Key.Key_Escape.value, Qt.Key.Key_Backspace.value)


class ViewerPage(QWidget):
    """Lays out the viewer.

    Attributes:
        toolbar: the upper edge.
        canvas: the picture.
        panel: what is sent, at the right.
        frames: chooses a frame of an animation.
        parts: which of overview and part is seen as the model sees it.
        canvas_place: where the picture is; notices float over it.
        is_read_only: the picture was sent before and can only be looked at.

    Signals:
        left: the user wants back.
        stepped(int): the user wants the picture before (-1) or after (1).
        undo_requested: take the last edit back.
        redo_requested: make it again.
    """

    left = Signal()
    stepped = Signal(int)
    undo_requested = Signal()
    redo_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "page")
        self.toolbar, self.canvas, self.panel, self.frames = Toolbar(), Canvas(), Panel(), FrameChooser()
        self.parts = Segments(
            [("1", _("Part"), _("The part that is asked about")), ("0", _("Overview"), _("Goes with it"))],
            name=_("What is sent"),
            click_focus=False,
        )
        self._message = Banner("triangle-alert", "")
        self._toggle = icon_button("info", _("About this image (I)"))
        self._toggle.setProperty("kind", None)
        self._folded = False
        self.is_read_only = False
        self.canvas_place = QWidget()
        self._lay_out()
        self.show_message("")
        self.show_parts(count=1)
        self.frames.show_frame(0, 1)
        join(self.toolbar, self.canvas)
        self._connect()

    def show_message(self, text: str) -> None:
        """Tell something about the picture above it; nothing for an empty text."""
        self._message.set_text(text)
        self._message.setVisible(bool(text))

    def set_read_only(self, *, on: bool, views: bool = False) -> None:
        """Whether the picture can be looked at only, as one that was sent; ``views``: from both sides."""
        self.is_read_only = self.canvas.is_locked = on
        self.toolbar.set_read_only(on=on, views=views)

    def message(self) -> str:
        """What is told above the picture."""
        return "" if self._message.isHidden() else self._message.accessibleName()

    def show_parts(self, *, count: int) -> None:
        """Offer to look at the overview too, where two pictures are sent for one."""
        self.parts.setVisible(count > 1)
        self._place_corner()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        before, now = event.oldSize().width(), event.size().width()
        if (before < FOLD_PANEL_BELOW_PX) != (now < FOLD_PANEL_BELOW_PX) or before < 0:
            self._fold(folded=now < FOLD_PANEL_BELOW_PX)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.canvas and event.type() in _PLACED:
            self._place_corner()
        return super().eventFilter(watched, event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in _STEPS:
            self.stepped.emit(_STEPS[key])
        elif key in _LEAVE:
            self.left.emit()
        elif key == Qt.Key.Key_I.value:
            self._on_toggle()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        middle = QVBoxLayout(self.canvas_place)
        middle.setContentsMargins(0, 0, 0, 0)
        middle.setSpacing(0)
        middle.addWidget(self._message)
        middle.addWidget(self.canvas, 1)
        middle.addWidget(self.frames)
        row = QHBoxLayout()
        row.setSpacing(0)
        row.addWidget(self.canvas_place, 1)
        row.addWidget(self.panel)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.toolbar)
        column.addLayout(row, 1)
        for floating in (self._toggle, self.parts):
            floating.setParent(self.canvas_place)
        self.canvas.installEventFilter(self)
        self.setFocusProxy(self.canvas)

    def _connect(self) -> None:
        self.toolbar.back_clicked.connect(self.left)
        self.toolbar.previous_clicked.connect(lambda: self.stepped.emit(-1))
        self.toolbar.next_clicked.connect(lambda: self.stepped.emit(1))
        self.toolbar.undo_clicked.connect(self.undo_requested)
        self.toolbar.redo_clicked.connect(self.redo_requested)
        self._toggle.clicked.connect(self._on_toggle)
        for keys, signal in (
            (QKeySequence("Ctrl+Z"), self.undo_requested),
            (QKeySequence("Ctrl+Shift+Z"), self.redo_requested),
            (QKeySequence("Ctrl+Y"), self.redo_requested),
        ):
            shortcut = QShortcut(keys, self, context=Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(signal)

    def _on_toggle(self) -> None:
        self._fold(folded=not self._folded)

    def _fold(self, *, folded: bool) -> None:
        self._folded = folded
        self.panel.setVisible(not folded)
        # Where there is room for both the panel simply stands there, as long as nobody folds it.
        self._toggle.setVisible(folded or self.width() < FOLD_PANEL_BELOW_PX)

    def _place_corner(self) -> None:
        """The panel's button at the upper right of the picture, the parts at its lower edge."""
        place = self.canvas
        right = place.x() + place.width() - self._toggle.width() - _TOGGLE_INSET_PX
        self._toggle.move(right, place.y() + _TOGGLE_INSET_PX)
        self.parts.adjustSize()
        at = place.x() + (place.width() - self.parts.width()) // 2
        self.parts.move(at, place.y() + place.height() - self.parts.height() - _TOGGLE_INSET_PX)
        for floating in (self._toggle, self.parts):
            floating.raise_()

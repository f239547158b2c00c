"""One image of the next request as a chip: picture, name, price, a menu for its detail, and ×."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QPoint, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QApplication, QHBoxLayout, QMenu, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.model import Detail
from desktop.core.text import _, join_list, marked
from desktop.ui import theme
from desktop.ui.composer.state import Carry, ChipState, detail_name
from desktop.ui.widgets.buttons import icon_button, restyle
from desktop.ui.widgets.labels import ElidedLabel, plain_tooltip
from desktop.ui.widgets.thumbs import paint_cover, rounded_path

_CARRIES = {
    Carry.KEEP: marked("Stays in the conversation"),
    Carry.ONCE: marked("Goes with the next question only"),
    Carry.TEXT: marked("Replace by text…"),
    Carry.LEFT_OUT: marked("Leave out from now on"),
}
_STEP_PX = 20
_MAX_STACKED = 3
_MAX_TEXT_PX = 190


def carry_words(carry: Carry) -> str:
    """What a chip says before its price, where it is not the usual."""
    words = {Carry.ONCE: _("once"), Carry.TEXT: _("as text")}.get(carry, "")
    return f"{words} · " if words else ""


class Stack(QWidget):
    """Up to three small pictures, each a little over the one before."""

    def __init__(self, ground: str) -> None:
        """Draw the line between pictures in ``ground``, the colour role behind them."""
        super().__init__()
        self._ground = ground
        self._pictures: tuple[QPixmap | None, ...] = ()
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        theme.current().changed.connect(self.update)

    def show_pictures(self, pictures: Sequence[QPixmap | None]) -> None:
        """Show the first three; None is one that is still being made."""
        self._pictures = tuple(pictures[:_MAX_STACKED])
        side = theme.current().metric("chip_thumb")
        self.setFixedSize(side + _STEP_PX * max(len(self._pictures) - 1, 0), side)
        self.update()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        side, radius = look.metric("chip_thumb"), look.metric("radius_thumb")
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for place, picture in enumerate(self._pictures):
            rect = QRectF(place * _STEP_PX, 0, side, side)
            if place:
                gap = rounded_path(rect.adjusted(-2, -2, 2, 2), radius + 2)
                painter.fillPath(gap, look.color(self._ground))
            if picture is None or picture.isNull():
                painter.fillPath(rounded_path(rect, radius), look.color("hover"))
                icon = look.pixmap("image", role="text_placeholder", size_px=16)
                painter.drawPixmap(round(rect.center().x() - 8), round(rect.center().y() - 8), icon)
            else:
                paint_cover(painter, rect, picture, radius=radius)
                # A picture as light as the chip would have no edge.
                painter.setPen(QPen(look.color("border_strong"), 1))
                painter.drawPath(rounded_path(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius - 0.5))
        painter.end()


class Pill(QPushButton):
    """The body of every chip: pictures, a title, a caption."""

    def __init__(
        self, kind: str, ground: str, *, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight
    ) -> None:
        super().__init__()
        self.setProperty("kind", kind)
        self.setFixedHeight(theme.current().metric("chip_height"))
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAutoDefault(False)
        self.stack = Stack(ground)
        self.title = ElidedLabel("", "chip_title", mode=mode)
        self.caption = ElidedLabel("", "chip_meta")
        for text in (self.title, self.caption):
            text.setMaximumWidth(_MAX_TEXT_PX)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch()
        words.addWidget(self.title)
        words.addWidget(self.caption)
        words.addStretch()
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(5, 4, 3, 4)
        self.row.setSpacing(7)
        self.row.addWidget(self.stack)
        self.row.addLayout(words)

    @override
    def sizeHint(self) -> QSize:
        return QSize(self.row.sizeHint().width(), self.height())

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(self.row.minimumSize().width(), self.height())

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.property("carried") or self.hasFocus():
            return
        # The dashes of a style sheet come out as dots.
        pen = QPen(theme.current().color("text_faint" if self.underMouse() else "border_strong"), 1)
        pen.setDashPattern([4, 3])
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(pen)
        radius = theme.current().metric("radius_chip")
        painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), radius, radius)
        painter.end()

    def say(self, title: str, caption: str) -> None:
        """Show these words, and give them to screen readers."""
        self.title.setText(title)
        self.caption.setText(caption)
        self.setAccessibleName(join_list((title, caption)))
        self.updateGeometry()


class Chip(Pill):
    """One image. A click of either button, Enter or Space opens its menu, a double click the image.

    Delete or × takes it out.

    Attributes:
        others: the selector's level, which the images without one of their own have.

    Signals:
        removed: the user took it out; its key.
        detail_chosen: its key, and a level or None for the selector's.
        opened: the user wants to see it large; its key.
        part_removed: all of it is to be sent instead of a part; its key.
        link_chosen: its key, and whether its address is to be sent in place of its bytes.
        carry_chosen: its key, and a `Carry`.
        moved: its key, and how many places it is to go: -1 is earlier.
        dragged: its key, and where the pointer is, in px of the chip's parent; it is being dragged there.
        dropped: its key; it was let go of.
    """

    removed = Signal(int)
    detail_chosen = Signal(int, object)
    opened = Signal(int)
    part_removed = Signal(int)
    link_chosen = Signal(int, bool)
    carry_chosen = Signal(int, str)
    moved = Signal(int, int)
    dragged = Signal(int, QPoint)
    dropped = Signal(int)

    def __init__(self, state: ChipState, *, carried: bool) -> None:
        super().__init__("chip", "surface_sunken", mode=Qt.TextElideMode.ElideMiddle)
        self._state: ChipState | None = None
        self.others = Detail.AUTO
        self._carried = carried
        self._pressed: QPoint | None = None
        self._dragging = False
        self.setProperty("carried", carried)
        self._close = icon_button("x", "", size_px=24)
        self._close.set_icon("x", role="text")
        self._close.setIconSize(QSize(14, 14))
        self._close.clicked.connect(self._on_removed)
        self.row.addWidget(self._close)
        self.clicked.connect(self._open_menu)
        self.show_state(state)

    def show_state(self, state: ChipState) -> None:
        """Show ``state``, which has the same key as before."""
        if state == self._state:
            return
        if self._state is None or state.warning != self._state.warning:
            self.setProperty("warning", bool(state.warning))
            restyle(self)
            # Its colour depends on the chip's property, which Qt does not look at again by itself.
            restyle(self.caption)
        self._state = state
        own = f" · {detail_name(state.detail)}" if state.own_detail else ""
        self.stack.show_pictures((state.thumbnail,))
        part = f"{_('part')} · " if state.part else ""
        link = " · " + _("as a link") if state.link else ""
        self.say(state.name, part + carry_words(state.carry) + state.caption + own + link)
        if state.warning:
            self.setAccessibleName(join_list((state.name, state.warning)))
        plain_tooltip(self, f"{state.name}\n{state.warning}" if state.warning else state.name)
        words = _("Leave {name} out from now on") if self._carried else _("Take {name} out")
        self._close.set_name(words.format(name=state.name))

    def actions_menu(self) -> QMenu | None:
        """What can be done with this image: see it, send all of it, choose its level."""
        state = self._state
        if state is None:
            return None
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        look = theme.current()
        menu.addAction(look.icon("eye"), _("Open in the viewer"), partial(self.opened.emit, state.key))
        if state.part:
            menu.addAction(
                look.icon("scan"), _("Ask about the whole image"), partial(self.part_removed.emit, state.key)
            )
        if state.link is not None:
            linked = menu.addAction(_("Send its address instead"))
            linked.setCheckable(True)
            linked.setChecked(state.link)
            linked.setToolTip(_("The server fetches the image by itself"))
            linked.toggled.connect(partial(self.link_chosen.emit, state.key))
        if not self._carried:
            for step, icon, words in (
                (-1, "arrow-left", _("Move earlier")),
                (1, "arrow-right", _("Move later")),
            ):
                action = menu.addAction(look.icon(icon), words, partial(self.moved.emit, state.key, step))
                action.setEnabled(state.first_place <= state.place + step <= state.last_place)
        if state.details:
            menu.addSeparator()
            self._add_levels(menu, state)
        if state.changeable:
            menu.addSeparator()
            self._add_carries(menu, state)
        return menu

    def _add_levels(self, menu: QMenu, state: ChipState) -> None:
        for detail in state.details:
            self._add(menu, detail_name(detail), detail, chosen=state.own_detail and detail is state.detail)
        menu.addSeparator()
        same = _("Same as the others ({detail})").format(detail=detail_name(self.others))
        self._add(menu, same, None, chosen=not state.own_detail)

    def _add_carries(self, menu: QMenu, state: ChipState) -> None:
        for carry in (Carry.KEEP, Carry.ONCE, *((Carry.TEXT, Carry.LEFT_OUT) if self._carried else ())):
            action = menu.addAction(_(_CARRIES[carry]))
            action.setCheckable(True)
            action.setChecked(carry is state.carry)
            action.triggered.connect(partial(self.carry_chosen.emit, state.key, carry.value))

    def _add(self, menu: QMenu, text: str, detail: Detail | None, *, chosen: bool) -> None:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(chosen)
        action.setData(detail)
        action.triggered.connect(self._on_detail)

    def _open_menu(self) -> None:
        menu = self.actions_menu()
        if menu is not None:
            menu.popup(self.mapToGlobal(self.rect().bottomLeft()))

    def _on_detail(self) -> None:
        action = self.sender()
        if self._state is not None and action is not None:
            chosen = action.data()  # type: ignore[attr-defined]
            self.detail_chosen.emit(self._state.key, Detail(chosen) if chosen is not None else None)

    def _on_removed(self) -> None:
        if self._state is not None:
            self.removed.emit(self._state.key)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._pressed = event.position().toPoint() if event.button() is Qt.MouseButton.LeftButton else None
        self._dragging = False
        super().mousePressEvent(event)

    @override
    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        at = event.position().toPoint()
        if self._pressed is None or self._carried or self._state is None:
            return
        if (at - self._pressed).manhattanLength() >= QApplication.startDragDistance():
            self._dragging = True
            self.setDown(False)
        if self._dragging:
            self.dragged.emit(self._state.key, self.mapToParent(at))

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        dragging, self._dragging, self._pressed = self._dragging, False, None
        if dragging and self._state is not None:
            self.dropped.emit(self._state.key)
        else:
            super().mouseReleaseEvent(event)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self._open_menu()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        moving = {Qt.Key.Key_Left.value: -1, Qt.Key.Key_Right.value: 1}.get(event.key())
        both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        if moving and event.modifiers() & both == both and not self._carried and self._state is not None:
            self.moved.emit(self._state.key, moving)
        elif event.key() in (Qt.Key.Key_Delete.value, Qt.Key.Key_Backspace.value):
            self._on_removed()
        elif event.key() in (Qt.Key.Key_Return.value, Qt.Key.Key_Enter.value, Qt.Key.Key_Menu.value):
            self._open_menu()
        else:
            super().keyPressEvent(event)

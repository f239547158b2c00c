"""The images of the next request: the carried ones as a group, new ones as chips, many of them folded."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QObject, QPoint, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QFrame, QLabel, QMenu, QScrollArea, QSizePolicy, QWidget

from desktop.core.compat import override
from desktop.core.text import _, format_count, ngettext
from desktop.ui import theme
from desktop.ui.composer.chip import Chip, Pill
from desktop.ui.composer.state import FOLD_ABOVE, Carry, ChipState, ComposerState
from desktop.ui.widgets.flow import FlowLayout

_PART_OF_WINDOW = 3
_LEAST_HEIGHT_PX = 111
_MOST_ROWS = 3
_BELOW_PX = 7


class Group(Pill):
    """Several images as one chip that opens and closes."""

    def __init__(self, *, carried: bool) -> None:
        super().__init__("chip", "surface" if carried else "surface_sunken")
        self.setProperty("carried", carried)
        self.setCheckable(True)
        self._chevron = QLabel()
        self.row.addWidget(self._chevron)
        self.row.setContentsMargins(5, 4, 9, 4)
        self.toggled.connect(self._tint)
        theme.current().changed.connect(self._tint)
        self._tint()

    def show_images(self, images: Sequence[ChipState], title: str, caption: str) -> None:
        """Show what the group holds."""
        self.stack.show_pictures([image.thumbnail for image in images])
        self.say(title, caption)

    def _tint(self) -> None:
        name = "chevron-up" if self.isChecked() else "chevron-down"
        self._chevron.setPixmap(
            theme.current().pixmap(name, size_px=theme.current().metric("icon_size_chevron"))
        )
        self.setAccessibleDescription(_("open") if self.isChecked() else _("closed"))


class Chips(QScrollArea):
    """All chips, in lines; scrolls beyond three rows or a third of the window, hides when it is empty.

    Signals:
        removed: a new image was taken out; its key.
        left_out: a carried image was taken out; its key.
        detail_chosen: key, and a level or None for the selector's.
        opened: a new image is to be seen large; its key.
        carried_opened: the same of a carried one.
        part_removed: all of a new image is to be sent instead of a part; its key.
        link_chosen: key of a new image, and whether its address is to be sent in place of its bytes.
        moved: key of a new image, and how many places it is to go: -1 is earlier.
        new_carry_chosen: key of a new image, and a `Carry`.
        carry_chosen: the same of a carried one, or of one that is left out.
    """

    removed = Signal(int)
    left_out = Signal(int)
    detail_chosen = Signal(int, object)
    opened = Signal(int)
    carried_opened = Signal(int)
    part_removed = Signal(int)
    link_chosen = Signal(int, bool)
    moved = Signal(int, int)
    new_carry_chosen = Signal(int, str)
    carry_chosen = Signal(int, str)

    def __init__(self) -> None:
        super().__init__()
        self._target: int | None = None
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._inner = QWidget()
        self._inner.setAccessibleName(_("Images of the next question"))
        self._flow = FlowLayout(self._inner, gap_px=theme.current().metric("chip_gap"))
        # The room below belongs to the chips, so that none is left where there are none.
        self._flow.setContentsMargins(0, 0, 0, _BELOW_PX)
        self.setWidget(self._inner)
        self._inner.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self._chips: dict[tuple[bool, int], Chip] = {}
        self._carried = Group(carried=True)
        self._folded = Group(carried=False)
        for group in (self._carried, self._folded):
            group.setParent(self._inner)
            group.hide()
            group.toggled.connect(self._on_folded)
        self._left_out = Pill("chip", "surface")
        self._left_out.setProperty("carried", True)
        self._left_out.setParent(self._inner)
        self._left_out.hide()
        self._left_out.clicked.connect(self._open_left_out)
        self._mark = QFrame(self._inner)
        self._mark.setProperty("kind", "insertion")
        self._mark.hide()
        self._state = ComposerState()
        self._order: list[QWidget] = []
        self.hide()

    def show_state(self, state: ComposerState) -> None:
        """Show the images of ``state``; chips that stay keep their widget and the focus."""
        self._close_groups(self._state, state)
        self._state = state
        wanted = {(True, chip.key): chip for chip in state.carried}
        if state.new_count <= FOLD_ABOVE or self._folded.isChecked():
            wanted |= {(False, chip.key): chip for chip in state.new}
        for key in [key for key in self._chips if key not in wanted]:
            self._drop(key)
        for key, chip_state in wanted.items():
            if key in self._chips:
                self._chips[key].show_state(chip_state)
            else:
                self._add(key, chip_state)
            self._chips[key].others = state.detail
        self._show_groups()
        self._arrange()

    def _close_groups(self, before: ComposerState, now: ComposerState) -> None:
        """What was opened for the last question, or in another conversation, is closed for this one."""
        asked = now.answering and not before.answering
        if asked or not {chip.key for chip in before.carried} & {chip.key for chip in now.carried}:
            self._carried.setChecked(False)
        if asked or now.new_count <= FOLD_ABOVE:
            self._folded.setChecked(False)

    def _show_groups(self) -> None:
        carried, new = self._state.carried, self._state.new
        title = ngettext("{count} from this conversation", "{count} from this conversation", len(carried))
        self._carried.show_images(carried, title.format(count=len(carried)), self._state.carried_caption)
        count = self._state.new_count
        title = ngettext("{count} new image", "{count} new images", count).format(count=format_count(count))
        self._folded.show_images(new, title, self._state.new_caption)
        gone = self._state.left_out
        title = ngettext("{count} left out", "{count} left out", len(gone)).format(count=len(gone))
        self._left_out.stack.show_pictures([image.thumbnail for image in gone])
        self._left_out.say(title, _("take back…"))

    def _open_left_out(self) -> None:
        self.left_out_menu().popup(self._left_out.mapToGlobal(self._left_out.rect().bottomLeft()))

    def left_out_menu(self) -> QMenu:
        """The images that do not go along, each to be taken back."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for chip in self._state.left_out:
            words = _("Take {name} back").format(name=chip.name).replace("&", "&&")
            menu.addAction(words, partial(self.carry_chosen.emit, chip.key, Carry.KEEP.value))
        return menu

    def _add(self, key: tuple[bool, int], state: ChipState) -> None:
        carried = key[0]
        chip = Chip(state, carried=carried)
        chip.setParent(self._inner)
        chip.hide()
        chip.removed.connect(self.left_out if carried else self.removed)
        chip.detail_chosen.connect(self.detail_chosen)
        chip.opened.connect(self.carried_opened if carried else self.opened)
        chip.part_removed.connect(self.part_removed)
        chip.moved.connect(self.moved)
        chip.link_chosen.connect(self.link_chosen)
        chip.carry_chosen.connect(self.carry_chosen if carried else self.new_carry_chosen)
        chip.dragged.connect(self._on_dragged)
        chip.dropped.connect(self._on_dropped)
        self._chips[key] = chip

    def _drop(self, key: tuple[bool, int]) -> None:
        chip = self._chips.pop(key)
        chip.hide()
        chip.deleteLater()

    def _arrange(self) -> None:
        """Place what is visible, in order; nothing moves if the order is the same."""
        order: list[QWidget] = []
        if self._state.carried:
            order.append(self._carried)
            if self._carried.isChecked():
                order += [self._chips[True, chip.key] for chip in self._state.carried]
        if self._state.left_out and (self._carried.isChecked() or not self._state.carried):
            order.append(self._left_out)
        folded = self._state.new_count > FOLD_ABOVE
        order += [self._folded] if folded else []
        if not folded or self._folded.isChecked():
            order += [self._chips[False, chip.key] for chip in self._state.new]
        if order != self._order:
            self._place(order)
        self.setVisible(bool(order))
        self._fit()

    def _on_folded(self) -> None:
        """Chips of folded images are made when they are to be seen."""
        self.show_state(self._state)

    def _on_dragged(self, _key: int, at: QPoint) -> None:
        """A chip is dragged: mark the place where it would go."""
        chips = [self._chips[False, chip.key] for chip in self._state.new if (False, chip.key) in self._chips]
        places = [
            place
            for place, chip in enumerate(chips)
            if chip.geometry().bottom() < at.y()
            or (chip.geometry().top() <= at.y() and chip.geometry().center().x() < at.x())
        ]
        self._target = len(places)
        before = chips[self._target] if self._target < len(chips) else None
        edge = before.geometry().left() - 5 if before is not None else chips[-1].geometry().right() + 3
        line = (before or chips[-1]).geometry()
        self._mark.setGeometry(max(edge, 0), line.y() + 4, 2, line.height() - 8)
        self._mark.show()
        self._mark.raise_()

    def _on_dropped(self, key: int) -> None:
        self._mark.hide()
        target, self._target = self._target, None
        place = next((at for at, chip in enumerate(self._state.new) if chip.key == key), None)
        if target is None or place is None:
            return
        steps = target - place - (1 if target > place else 0)
        if steps:
            self.moved.emit(key, steps)

    def _place(self, order: list[QWidget]) -> None:
        while self._flow.takeAt(0) is not None:
            pass
        for widget in [w for w in self._order if w not in order]:
            if widget in (self._carried, self._folded, self._left_out) or widget in self._chips.values():
                widget.hide()
        before: QWidget | None = None
        for widget in order:
            self._flow.addWidget(widget)
            widget.show()
            if before is not None:
                QWidget.setTabOrder(before, widget)
            before = widget
        self._order = order

    def _fit(self) -> None:
        self._flow.invalidate()
        look = theme.current()
        rows = _MOST_ROWS * (look.metric("chip_height") + look.metric("chip_gap"))
        rows += _BELOW_PX - look.metric("chip_gap")
        most = min(max(self.window().height() // _PART_OF_WINDOW, _LEAST_HEIGHT_PX), rows)
        height = min(self._flow.heightForWidth(max(self.width(), 1)), most)
        if height != self.height():
            self.setFixedHeight(height)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @override
    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.window().installEventFilter(self)
        self._fit()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Resize and watched is self.window():
            self._fit()
        return super().eventFilter(watched, event)

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(120, 0)

"""The upper part of the viewer's panel where an answer points at the picture: its places, and their scale."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.pointing import SCALE_NAMES, Scale
from desktop.core.text import _, format_count, join_sentences, ngettext
from desktop.ui import theme
from desktop.ui.viewer.places_layer import PlaceMark, colours_of
from desktop.ui.widgets.buttons import icon_button
from desktop.ui.widgets.labels import escaped_tooltip, label
from desktop.ui.widgets.select import Select

_ROW_PX = 28
_MOST_ROWS = 8
_CHIP_PX = 18
_NUMBER = Qt.ItemDataRole.UserRole


class PlacesSection(QWidget):
    """Lists `PlaceMark`s. The pointer over one, or the keyboard on it, makes it stand out.

    Signals:
        chosen(int): zoom to the place with this number.
        pointed(int): the place with this number stands out; 0 for none.
        shown_wanted(bool): paint the places, or do not.
        scale_chosen(str): the numbers of the answer count this, a `Scale`.
        swap_wanted(bool): across and down are exchanged in the answer.
    """

    chosen = Signal(int)
    pointed = Signal(int)
    shown_wanted = Signal(bool)
    scale_chosen = Signal(str)
    swap_wanted = Signal(bool)

    def __init__(self) -> None:
        super().__init__()
        self._title = label("", "title")
        self._eye = icon_button("eye-off", _("Hide the places"), size_px=26)
        self._eye.clicked.connect(self._on_eye)
        self._are_shown = True
        self.list = QListWidget()
        self.list.setProperty("kind", "places")
        self.list.setAccessibleName(_("Places in the answer"))
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setIconSize(QSize(_CHIP_PX + 10, _CHIP_PX))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.viewport().installEventFilter(self)
        self.list.itemEntered.connect(lambda item: self.pointed.emit(_number(item)))
        self.list.currentItemChanged.connect(self._on_current)
        self.list.itemClicked.connect(self._on_chosen)
        self.list.itemActivated.connect(self._on_chosen)
        self.scale = Select(name=_("What the numbers count"))
        for scale, name in SCALE_NAMES.items():
            self.scale.addItem(_(name), scale.value)
        self.scale.activated.connect(lambda _at: self.scale_chosen.emit(str(self.scale.currentData())))
        self.swap = icon_button("git-compare-arrows", _("Exchange across and down"), size_px=33)
        self.swap.setCheckable(True)
        self.swap.toggled.connect(self.swap_wanted)
        self._note = label("", "small")
        self._note.setWordWrap(True)
        self._lay_out()
        theme.current().changed.connect(self._tint)
        self.hide()

    def show_places(
        self,
        marks: Sequence[PlaceMark],
        scale: Scale,
        *,
        assumed: bool,
        left_out: int = 0,
        swapped: bool = False,
    ) -> None:
        """List these; ``assumed`` says that the scale is a guess."""
        words = ngettext("{count} place in the answer", "{count} places in the answer", len(marks))
        self._title.setText(words.format(count=format_count(len(marks))))
        self.scale.setCurrentIndex(self.scale.findData(scale.value))
        for widget, on in ((self.swap, swapped),):
            widget.blockSignals(True)
            widget.setChecked(on)
            widget.blockSignals(False)
        self._fill(marks)
        self._note.setText(_note(marks, assumed=assumed, left_out=left_out))
        self._note.setVisible(bool(self._note.text()))
        self.setVisible(bool(marks))

    def note(self) -> str:
        """What is said about the places."""
        return self._note.text()

    def leave(self) -> None:
        """There are no places."""
        self._fill(())
        self.hide()

    def point_at(self, number: int) -> None:
        """Show which place the pointer is over in the picture; 0 for none."""
        self.list.blockSignals(True)
        self.list.clearSelection()
        if 0 < number <= self.list.count():
            self.list.setCurrentRow(number - 1)
            self.list.scrollToItem(self.list.item(number - 1))
        self.list.blockSignals(False)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave and watched is self.list.viewport():
            self.pointed.emit(_number(self.list.currentItem()) if self.list.hasFocus() else 0)
        return super().eventFilter(watched, event)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(0, 0, 0, 0)
        head.addWidget(self._title)
        head.addStretch(1)
        head.addWidget(self._eye)
        counted = QHBoxLayout()
        counted.setContentsMargins(0, 0, 0, 0)
        counted.setSpacing(8)
        counted.addWidget(label(_("Scale"), "muted"))
        counted.addWidget(self.scale, 1)
        counted.addWidget(self.swap)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 14)
        column.setSpacing(8)
        column.addLayout(head)
        column.addWidget(self.list)
        column.addLayout(counted)
        column.addWidget(self._note)

    def _fill(self, marks: Sequence[PlaceMark]) -> None:
        self.list.blockSignals(True)
        self.list.clear()
        for mark in marks:
            text = mark.label or (_("Point") if mark.spot and mark.spot.is_point else _("Box"))
            item = QListWidgetItem(text)
            item.setData(_NUMBER, mark.number)
            item.setIcon(_chip(mark.number))
            item.setToolTip(escaped_tooltip(text))
            item.setSizeHint(QSize(0, _ROW_PX))
            said = f"{mark.number}: {text}"
            if mark.spot is None:
                item.setFlags(item.flags() & ~Qt.ItemFlag.ItemIsEnabled)
                said = join_sentences(said, _("Outside of the image."))
                item.setToolTip(escaped_tooltip(_("Outside of the image.")))
            item.setData(Qt.ItemDataRole.AccessibleTextRole, said)
            self.list.addItem(item)
        self.list.blockSignals(False)
        self.list.setFixedHeight(min(max(len(marks), 1), _MOST_ROWS) * _ROW_PX + 8)

    def _tint(self) -> None:
        for row in range(self.list.count()):
            self.list.item(row).setIcon(_chip(row + 1))

    def _on_current(self, item: QListWidgetItem | None) -> None:
        self.pointed.emit(_number(item))

    def _on_chosen(self, item: QListWidgetItem) -> None:
        self.chosen.emit(_number(item))

    def _on_eye(self) -> None:
        self._are_shown = not self._are_shown
        self._eye.set_icon("eye-off" if self._are_shown else "eye")
        self._eye.set_name(_("Hide the places") if self._are_shown else _("Show the places"))
        self.shown_wanted.emit(self._are_shown)


def _note(marks: Sequence[PlaceMark], *, assumed: bool, left_out: int) -> str:
    said = [_("The answer does not say what its numbers count: this is assumed.") if assumed else ""]
    outside = sum(mark.spot is None for mark in marks)
    if outside:
        words = ngettext("{count} lies outside of the image.", "{count} lie outside of the image.", outside)
        said.append(words.format(count=format_count(outside)))
    if left_out:
        words = ngettext("{count} more is not shown.", "{count} more are not shown.", left_out)
        said.append(words.format(count=format_count(left_out)))
    return join_sentences(*said)


def _number(item: QListWidgetItem | None) -> int:
    return int(item.data(_NUMBER)) if item is not None else 0


def _chip(number: int) -> QIcon:
    ground, ink = colours_of(number)
    ratio = 2
    pixmap = QPixmap((_CHIP_PX + 10) * ratio, _CHIP_PX * ratio)
    pixmap.setDevicePixelRatio(ratio)
    pixmap.fill(Qt.GlobalColor.transparent)
    painter = QPainter(pixmap)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(0, 0, _CHIP_PX + 8, _CHIP_PX, 4, 4)
    painter.setPen(ink)
    painter.setFont(theme.current().font("badge"))
    painter.drawText(0, 0, _CHIP_PX + 8, _CHIP_PX, Qt.AlignmentFlag.AlignCenter, str(number))
    painter.end()
    icon = QIcon(pixmap)
    # Qt would tint it where its row is selected.
    icon.addPixmap(pixmap, QIcon.Mode.Selected)
    return icon

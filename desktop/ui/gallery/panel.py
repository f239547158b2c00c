"""The gallery's place in the window: header, tiles or an invitation to drop some, scanning, footer, drops."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import (
    QDragEnterEvent,
    QDragLeaveEvent,
    QDropEvent,
    QFontMetricsF,
    QKeySequence,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.text import _, format_count
from desktop.ui import theme
from desktop.ui.gallery.drop_zone import DropZone, paint_zone
from desktop.ui.gallery.model import GalleryModel
from desktop.ui.gallery.view import GalleryView
from desktop.ui.widgets.buttons import button, icon_button
from desktop.ui.widgets.incoming import acceptable, carried_image, local_paths
from desktop.ui.widgets.labels import ElidedLabel, label
from desktop.ui.widgets.thumbs import rounded_path


class GalleryPanel(QWidget):
    """The images at hand.

    Attributes:
        model: tiles come and go here.
        view: the grid.
        body: what is below the header and above the footer.

    Signals:
        paths_dropped(list): files and folders of this computer (`pathlib.Path`), in the order of the drop.
        image_dropped(QImage): a picture without a file, for example from a browser.
        files_requested: choose files.
        folder_requested: choose a folder.
        paste_requested: take what is on the clipboard.
        samples_requested: try the sample images.
        selection_changed(list): keys of the selected tiles that can be sent, in order.
        remove_requested(list): keys that the user wants out of the gallery.
        cancel_scan_requested: stop looking through folders.
        thumbnails_wanted(list): keys of all visible tiles that lack a thumbnail; see `GalleryView`.
        opened(int): key of the image that the user wants to see large.
        fold_requested: put this panel away.
    """

    paths_dropped = Signal(list)
    image_dropped = Signal(object)
    files_requested = Signal()
    folder_requested = Signal()
    paste_requested = Signal()
    samples_requested = Signal()
    selection_changed = Signal(list)
    remove_requested = Signal(list)
    cancel_scan_requested = Signal()
    thumbnails_wanted = Signal(list)
    opened = Signal(int)
    fold_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAcceptDrops(True)
        self.model = GalleryModel(self)
        self.view = GalleryView(self.model)
        self._zone = DropZone()
        self._count = label("", "faint")
        self._overlay = _DropOverlay(self)
        self.body = QStackedWidget()
        self.body.addWidget(_padded(self._zone))
        self.body.addWidget(self.view)
        self._footer = ElidedLabel("", "small")
        self._scan = ScanStrip()
        self._fill()
        self._connect()
        self._show_count()

    def select(self, keys: Sequence[int]) -> None:
        """Select exactly these, in this order."""
        self.view.select(keys)

    def reveal(self, key: int) -> None:
        """Scroll to the tile of ``key``, if it is there."""
        self.view.reveal(key)

    def set_footer(self, text: str) -> None:
        """Say ``text`` below the tiles, for example how many are selected."""
        self._footer.setText(text)

    def set_scanning(self, text: str | None) -> None:
        """Say how far looking through folders has come; None when it is over."""
        self._scan.setVisible(text is not None)
        self._scan.set_text(text or "")

    def show_drop(self, *, over: bool) -> None:
        """Show that what is dragged over the window will come here."""
        empty = self.model.rowCount() == 0
        self._zone.show_drop(over=over and empty)
        self._overlay.cover(self.body, shown=over and not empty)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if acceptable(event.mimeData()):
            event.acceptProposedAction()
            self.show_drop(over=True)

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self.show_drop(over=False)

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        self.show_drop(over=False)
        paths = local_paths(event.mimeData())
        image = None if paths else carried_image(event.mimeData())
        if paths:
            self.paths_dropped.emit(paths)
        elif image is not None:
            self.image_dropped.emit(image)
        if paths or image is not None:
            event.acceptProposedAction()

    def _fill(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 1, 0)
        layout.setSpacing(0)
        layout.addWidget(self._header())
        layout.addWidget(self._scan)
        layout.addWidget(self.body, 1)
        layout.addWidget(self._footer_bar())
        self._scan.hide()

    def _header(self) -> QWidget:
        header = _bar("header", theme.current().metric("header_height"))
        row = QHBoxLayout(header)
        padding = theme.current().metric("header_padding")
        row.setContentsMargins(padding, 0, padding, 1)
        row.setSpacing(4)
        row.addWidget(label(_("Gallery"), "title"))
        row.addWidget(self._count)
        row.addStretch(1)
        add = button(_("Add"), icon="plus", kind="ghost", chevron=True)
        add.setMenu(self._add_menu(add))
        row.addWidget(add)
        fold = icon_button("panel-left-close", _("Hide gallery (Ctrl+G)"))
        fold.clicked.connect(self.fold_requested)
        row.addWidget(fold)
        return header

    def _add_menu(self, owner: QWidget) -> QMenu:
        menu = QMenu(owner)
        standard = QKeySequence.StandardKey
        for icon, text, keys, signal in (
            ("image-plus", _("Choose files…"), standard.Open, self.files_requested),
            ("folder-open", _("Choose folder…"), None, self.folder_requested),
            ("clipboard-paste", _("Paste"), standard.Paste, self.paste_requested),
            ("images", _("Try the sample images"), None, self.samples_requested),
        ):
            # The window has these shortcuts; the menu only tells them.
            action = menu.addAction(f"{text}\t{_native(keys)}" if keys is not None else text)
            action.setData(icon)
            action.triggered.connect(signal)
        menu.aboutToShow.connect(lambda: _tint(menu))
        return menu

    def _footer_bar(self) -> QWidget:
        bar = _bar("footer", theme.current().metric("status_height"))
        row = QHBoxLayout(bar)
        row.setContentsMargins(14, 1, 14, 0)
        row.addWidget(self._footer, 1)
        return bar

    def _connect(self) -> None:
        self._zone.files_requested.connect(self.files_requested)
        self._zone.samples_requested.connect(self.samples_requested)
        self._scan.cancelled.connect(self.cancel_scan_requested)
        self.view.selection_changed.connect(self.selection_changed)
        self.view.remove_requested.connect(self.remove_requested)
        self.view.thumbnails_wanted.connect(self.thumbnails_wanted)
        self.view.opened.connect(self.opened)
        for signal in (self.model.rowsInserted, self.model.rowsRemoved, self.model.modelReset):
            signal.connect(self._show_count)

    def _show_count(self) -> None:
        count = self.model.rowCount()
        self._count.setText(format_count(count) if count else "")
        self.body.setCurrentIndex(1 if count else 0)
        self._footer_visible(visible=count > 0)

    def _footer_visible(self, *, visible: bool) -> None:
        bar = self._footer.parentWidget()
        if bar is not None:
            bar.setVisible(visible)


class ScanStrip(QWidget):
    """One line while folders are looked through.

    Signals:
        cancelled: the user wants it to stop.
    """

    cancelled = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._text = ElidedLabel("", "small")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.current().metric("header_padding"), 6, 8, 7)
        row.addWidget(self._text, 1)
        cancel = button(_("Cancel"), kind="tiny")
        cancel.clicked.connect(self.cancelled)
        row.addWidget(cancel)

    def set_text(self, text: str) -> None:
        """Say how far it has come."""
        self._text.setText(text)


class _DropOverlay(QWidget):
    """Covers the tiles while something is dragged over them."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def cover(self, widget: QWidget, *, shown: bool) -> None:
        """Lie over ``widget``, or go."""
        inset = theme.current().metric("gallery_padding") // 2
        self.setGeometry(widget.geometry().adjusted(inset, inset, -inset, -inset))
        self.setVisible(shown)
        self.raise_()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        paint_zone(painter, QRectF(self.rect()), over=True)
        font = look.font("title")
        text = _("Drop to add")
        pill = QRectF(0, 0, QFontMetricsF(font).horizontalAdvance(text) + 32, 36)
        pill.moveCenter(QRectF(self.rect()).center())
        painter.fillPath(rounded_path(pill, look.metric("radius_card")), look.color("accent"))
        painter.setFont(font)
        painter.setPen(look.color("accent_text"))
        painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, text)


def _native(keys: QKeySequence.StandardKey) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)


def _tint(menu: QMenu) -> None:
    """Give the actions of ``menu`` the icons that their data name, in the colours of the look in force."""
    for action in menu.actions():
        action.setIcon(theme.current().icon(str(action.data())))


def _bar(kind: str, height_px: int) -> QWidget:
    bar = QWidget()
    bar.setProperty("kind", kind)
    bar.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
    bar.setFixedHeight(height_px)
    return bar


def _padded(widget: QWidget) -> QWidget:
    holder = QWidget()
    padding = theme.current().metric("gallery_padding")
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(padding, padding, padding, padding)
    layout.addWidget(widget)
    return holder

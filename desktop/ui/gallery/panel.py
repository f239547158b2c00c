"""The gallery's place in the window: header, tiles or an invitation to drop some, footer, drops."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.text import _
from desktop.ui import theme
from desktop.ui.gallery.drop_zone import DropZone, paint_zone
from desktop.ui.gallery.footer import GalleryFooter
from desktop.ui.gallery.header import GalleryHeader
from desktop.ui.gallery.model import GalleryModel, Source
from desktop.ui.gallery.strip import BusyStrip
from desktop.ui.gallery.view import GalleryView
from desktop.ui.widgets.incoming import acceptable, carried_image, carried_links, local_paths
from desktop.ui.widgets.labels import label
from desktop.ui.widgets.thumbs import rounded_path


class GalleryPanel(QWidget):
    """The images at hand.

    Attributes:
        header: adding, sorting, filtering.
        model: which images are shown, in which order.
        view: the tiles.
        body: what is below the header and above the footer.
        scan_strip: says how far looking through folders has come.
        download_strip: says how far downloads have come.
        footer: how many are selected, how large tiles are.

    Signals:
        paths_dropped(list): files and folders of this computer (`pathlib.Path`), in the order of the drop.
        image_dropped(QImage): a picture without a file, for example from a browser.
        links_dropped(list): addresses of images; empty for something that holds no image at all.
        files_requested: choose files.
        samples_requested: try the sample images.
    """

    paths_dropped = Signal(list)
    image_dropped = Signal(object)
    links_dropped = Signal(list)
    files_requested = Signal()
    samples_requested = Signal()

    def __init__(self, source: Source, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "panel")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAcceptDrops(True)
        self.header = GalleryHeader()
        self.model = GalleryModel(source, self)
        self.view = GalleryView(self.model)
        self.scan_strip = BusyStrip()
        self.download_strip = BusyStrip()
        self.footer = GalleryFooter()
        self._zone = DropZone()
        self._nothing = label("", "muted")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._nothing.setWordWrap(True)
        self._overlay = _DropOverlay(self)
        self.body = QStackedWidget()
        for page in (_padded(self._zone), self.view, _padded(self._nothing)):
            self.body.addWidget(page)
        self._total = 0
        self._fill()
        self._connect()
        self.show_total(0)

    def show_total(self, total: int) -> None:
        """There are so many images, of which the model holds those that a filter shows."""
        self._total = total
        shown = self.model.rowCount()
        self.header.show_count(shown, total)
        self.body.setCurrentIndex(0 if not total else 1 if shown else 2)
        self.footer.setVisible(total > 0)

    def say_nothing_found(self, text: str) -> None:
        """Say this in place of the tiles where a filter shows none."""
        self._nothing.setText(text)

    def place_below_header(self, line: QWidget) -> None:
        """Put a line between the header and the tiles."""
        layout = self.layout()
        if isinstance(layout, QVBoxLayout):
            layout.insertWidget(layout.indexOf(self.body), line)

    def show_drop(self, *, over: bool) -> None:
        """Show that what is dragged over the window will come here."""
        empty = self._total == 0
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
        else:
            self.links_dropped.emit(carried_links(event.mimeData()))
        event.acceptProposedAction()

    def _fill(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 1, 0)
        layout.setSpacing(0)
        layout.addWidget(self.header)
        layout.addWidget(self.scan_strip)
        layout.addWidget(self.download_strip)
        layout.addWidget(self.body, 1)
        layout.addWidget(self.footer)
        self.footer.show_tile_width(self.view.tile_width)

    def _connect(self) -> None:
        self._zone.files_requested.connect(self.files_requested)
        self._zone.samples_requested.connect(self.samples_requested)
        self.header.files_requested.connect(self.files_requested)
        self.header.samples_requested.connect(self.samples_requested)
        self.footer.tile_width_chosen.connect(self.view.set_tile_width)
        self.view.tile_width_changed.connect(self.footer.show_tile_width)
        for signal in (self.model.rowsInserted, self.model.modelReset):
            signal.connect(self._on_rows_changed)

    def _on_rows_changed(self) -> None:
        self.show_total(max(self._total, self.model.rowCount()))


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


def _padded(widget: QWidget) -> QWidget:
    holder = QWidget()
    padding = theme.current().metric("gallery_padding")
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(padding, padding, padding, padding)
    layout.addWidget(widget)
    return holder

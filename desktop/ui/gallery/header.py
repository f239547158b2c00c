"""The gallery's header: its name and size, adding, sorting, filtering."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from desktop.core.capturing import CaptureKind, CaptureRequest
from desktop.core.compat import override
from desktop.core.text import _, format_count
from desktop.ui import theme
from desktop.ui.gallery.bar import bar
from desktop.ui.widgets.buttons import button, icon_button, restyle
from desktop.ui.widgets.labels import label, plain_tooltip


class GalleryHeader(QWidget):
    """Title, count and buttons.

    Attributes:
        add_menu: ways to bring images in; others may add theirs.
        sort_menu: filled by `sort_menu.fill`.

    Signals:
        files_requested: choose files.
        folder_requested: choose a folder.
        paste_requested: take what is on the clipboard.
        link_requested: download an image.
        capture_requested(CaptureRequest): capture the screen.
        samples_requested: try the sample images.
        filter_toggled: show the filter line, or put it away.
        fold_requested: put the gallery away.
    """

    files_requested = Signal()
    folder_requested = Signal()
    paste_requested = Signal()
    link_requested = Signal()
    capture_requested = Signal(object)
    samples_requested = Signal()
    filter_toggled = Signal()
    fold_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._count = label("", "faint")
        self.add_menu = QMenu(self)
        self._fill_add_menu()
        self.sort_menu = QMenu(self)
        self._sort = button(_("Sort"), icon="arrow-down-wide-narrow", kind="ghost")
        self._sort.setMenu(self.sort_menu)
        self._sort.setAccessibleName(_("Sort"))
        self._filter = icon_button("list-filter", _("Filter (Ctrl+Shift+F)"))
        self._filter.clicked.connect(self.filter_toggled)
        self._capture = button(_("Capture"), icon="square-dashed")
        self._capture.setAccessibleName(_("Capture"))
        plain_tooltip(self._capture, _("Capture a part of the screen (Ctrl+Shift+S)"))
        self._capture.clicked.connect(lambda: self.capture_requested.emit(CaptureRequest()))
        self._add = add = button(_("Add"), icon="plus", kind="ghost", chevron=True)
        add.setMenu(self.add_menu)
        add.setAccessibleName(_("Add"))
        plain_tooltip(add, _("Add images"))
        fold = icon_button("panel-left-close", _("Hide gallery (Ctrl+G)"))
        fold.clicked.connect(self.fold_requested)
        look = theme.current()
        line = bar("header", look.metric("header_height"))
        self._row = row = QHBoxLayout(line)
        row.setContentsMargins(look.metric("header_padding"), 0, look.metric("header_padding"), 1)
        row.setSpacing(4)
        row.addWidget(label(_("Gallery"), "title"))
        row.addWidget(self._count)
        row.addStretch(1)
        for widget in (add, self._sort, self._filter, self._capture, fold):
            row.addWidget(widget)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(line)

    def show_count(self, shown: int, total: int) -> None:
        """Tell how many images there are, and how many of them a filter shows."""
        if not total:
            self._count.setText("")
        elif shown == total:
            self._count.setText(format_count(total))
        else:
            text = _("{shown} of {total}")
            self._count.setText(text.format(shown=format_count(shown), total=format_count(total)))
        self._sort.setEnabled(total > 0)
        self._filter.setEnabled(total > 0)
        self._fold()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fold()

    def _fold(self) -> None:
        """Where it is narrow, buttons have icons only, the least telling word first."""
        texts = ((self._sort, _("Sort")), (self._capture, _("Capture")), (self._add, _("Add")))
        for made, text in texts:
            made.setText(text)
        for made, _text in texts:
            if self._row.sizeHint().width() <= self.width():
                break
            made.setText("")

    def show_filtering(self, *, on: bool) -> None:
        """Mark the button while a filter is in force."""
        self._filter.setProperty("chosen", on)
        self._filter.set_icon("list-filter", role="accent_soft_text" if on else "text_muted")
        restyle(self._filter)

    def show_sorted(self, text: str) -> None:
        """Say by what the gallery is sorted."""
        self._sort.setAccessibleName(text)
        self._sort.setToolTip(text)

    def _fill_add_menu(self) -> None:
        standard = QKeySequence.StandardKey
        rows: Sequence[tuple[str, str, QKeySequence.StandardKey | None, Callable[[], object]]] = (
            ("image-plus", _("Choose files…"), standard.Open, self.files_requested.emit),
            ("folder-open", _("Choose folder…"), None, self.folder_requested.emit),
            ("clipboard-paste", _("Paste"), standard.Paste, self.paste_requested.emit),
            ("link", _("From an address…"), None, self.link_requested.emit),
            ("images", _("Try the sample images"), None, self.samples_requested.emit),
        )
        for icon, text, keys, then in rows:
            # The window has these shortcuts; the menu only tells them.
            action = self.add_menu.addAction(f"{text}\t{_native(keys)}" if keys is not None else text)
            action.setData(icon)
            action.triggered.connect(then)
        self._add_capturing()
        self.add_menu.aboutToShow.connect(lambda: tint(self.add_menu.actions()))

    def _add_capturing(self) -> None:
        inner = self.add_menu.addMenu(_("Capture the screen"))
        inner.menuAction().setData("square-dashed")
        for icon, text, request in (
            ("square-dashed", _("A part of it"), CaptureRequest()),
            ("app-window", _("A window"), CaptureRequest(kind=CaptureKind.WINDOW)),
            ("monitor", _("All of it"), CaptureRequest(kind=CaptureKind.SCREEN)),
            ("clock", _("In 5 seconds"), CaptureRequest(delay_s=5)),
        ):
            action = inner.addAction(text)
            action.setData(icon)
            action.triggered.connect(partial(self.capture_requested.emit, request))
        inner.aboutToShow.connect(lambda: tint(inner.actions()))


def tint(actions: Sequence[QAction]) -> None:
    """Give actions the icons that their data name, in the colours of the look in force."""
    for action in actions:
        if action.data():
            action.setIcon(theme.current().icon(str(action.data())))


def _native(keys: QKeySequence.StandardKey) -> str:
    return QKeySequence(keys).toString(QKeySequence.SequenceFormat.NativeText)

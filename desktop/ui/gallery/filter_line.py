"""The line that filters the gallery: a field with completion, what is not understood, reading."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.filter_completion import Completion, complete
from desktop.core.filtering import Filter, parse
from desktop.core.text import _, format_count, ngettext
from desktop.ui import theme
from desktop.ui.gallery.completion_popup import CompletionPopup
from desktop.ui.widgets.buttons import button, icon_button
from desktop.ui.widgets.labels import ElidedLabel, label

_TYPING_MS = 120


class FilterLine(QWidget):
    """A field; below it, only where there is something to say, one more line.

    Signals:
        changed(object): the `Filter` that is typed now.
        left(): Esc in the empty field, or ×: put it away.
        read_wanted(): read the texts that the filter asks for.
        read_cancelled(): stop reading.
    """

    changed = Signal(object)
    left = Signal()
    read_wanted = Signal()
    read_cancelled = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self._filter = parse("")
        self._field = QLineEdit()
        self._field.setProperty("kind", "filter")
        self._field.setPlaceholderText(_("Filter: name, type:png, w>2000, asked:no…"))
        self._field.setAccessibleName(_("Filter"))
        self._field.installEventFilter(self)
        self._field.textEdited.connect(self._on_edited)
        self._field.textChanged.connect(self._on_text)
        self._count = label("", "faint")
        self._trouble = ElidedLabel("", "small")
        self._read = button("", kind="link")
        self._read.clicked.connect(self._on_read)
        self._reading = False
        self._popup = CompletionPopup(self._field)
        self._popup.chosen.connect(self._insert)
        self._soon = QTimer(self, singleShot=True, interval=_TYPING_MS)
        self._soon.timeout.connect(self._tell)
        self._fill()
        self.hide()

    @property
    def text(self) -> str:
        """What is typed."""
        return self._field.text()

    def begin(self) -> None:
        """Show it, with the keyboard in its field."""
        self.show()
        self._field.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._field.selectAll()

    def set_text(self, text: str) -> None:
        """Filter by this."""
        self._field.setText(text)
        self._tell()

    def show_count(self, shown: int, total: int) -> None:
        """Tell how many images are shown."""
        text = _("{shown} of {total}").format(shown=format_count(shown), total=format_count(total))
        self._count.setText("" if self._filter.is_empty else text)

    def show_unread(self, count: int) -> None:
        """Offer to read the text of so many images; 0 for none."""
        self._reading = False
        text = ngettext("Read the text of {count} image", "Read the text of {count} images", count)
        self._read.setText(text.format(count=format_count(count)) if count else "")
        self._show_below()

    def show_reading(self, done: int, total: int) -> None:
        """Say how far reading has come; the button ends it."""
        self._reading = True
        text = _("Reading {done} of {total}… Stop")
        self._read.setText(text.format(done=format_count(done), total=format_count(total)))
        self._show_below()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._field and event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            if self._popup.take_key(event):
                return True
            if event.key() == Qt.Key.Key_Escape:
                self._on_escape()
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._popup.hide()
                self._tell()
                return True
            if event.key() == Qt.Key.Key_Down:
                self._offer()
                return True
        if watched is self._field and event.type() is QEvent.Type.FocusOut:
            self._popup.hide()
        return super().eventFilter(watched, event)

    def _fill(self) -> None:
        look = theme.current()
        close = icon_button("x", _("Show everything"), size_px=28)
        close.clicked.connect(self._on_close)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._field, 1)
        row.addWidget(self._count)
        row.addWidget(close)
        self._below = QWidget()
        below = QHBoxLayout(self._below)
        below.setContentsMargins(2, 0, 0, 0)
        below.setSpacing(8)
        below.addWidget(self._trouble, 1)
        below.addWidget(self._read)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(look.metric("header_padding"), 8, 8, 8)
        layout.setSpacing(6)
        layout.addLayout(row)
        layout.addWidget(self._below)
        self._show_below()

    def _show_below(self) -> None:
        self._read.setVisible(bool(self._read.text()))
        self._below.setVisible(bool(self._read.text() or self._trouble.text()))

    def _on_edited(self) -> None:
        self._offer()

    def _on_text(self) -> None:
        self._soon.start()

    def _offer(self) -> None:
        offers: Sequence[Completion] = complete(self._field.text(), self._field.cursorPosition())
        self._popup.offer(offers, self._field.mapToGlobal(QPoint(0, self._field.height() + 4)))

    def _insert(self, offer: Completion) -> None:
        text, cursor = self._field.text(), self._field.cursorPosition()
        self._field.setText(text[: offer.start] + offer.insert + text[cursor:])
        self._field.setCursorPosition(offer.start + len(offer.insert))
        if offer.insert.endswith(" "):
            self._tell()
        else:
            self._offer()

    def _tell(self) -> None:
        self._soon.stop()
        found: Filter = parse(self._field.text())
        self._trouble.setText(found.troubles[0].sentence if found.troubles else "")
        self._show_below()
        if found.text != self._filter.text:
            self._filter = found
            self.changed.emit(found)

    def _on_escape(self) -> None:
        if self._field.text():
            self._field.clear()
            self._tell()
        else:
            self.left.emit()

    def _on_close(self) -> None:
        self._field.clear()
        self._tell()
        self.left.emit()

    def _on_read(self) -> None:
        (self.read_cancelled if self._reading else self.read_wanted).emit()

"""A small window in which a conversation's tags are edited."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QPoint, QStringListModel, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QCompleter, QDialog, QHBoxLayout, QLineEdit, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.summaries import MAX_TAG_CHARS, tag_name
from desktop.core.text import _, printable
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.flow import FlowLayout
from desktop.ui.widgets.labels import label

_WIDTH_PX = 340
MOST_TAGS = 30


class TagEditor(QDialog):
    """Tags as chips, each of which a click takes away, and a field for more; what changes is told at once.

    Signals:
        changed(int, tuple): a conversation and its tags.
    """

    changed = Signal(int, object)

    def __init__(
        self, conversation_id: int, tags: Sequence[str], known: Sequence[str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setWindowTitle(_("Tags"))
        self.setFixedWidth(_WIDTH_PX)
        self._conversation_id = conversation_id
        self.tags = list(tags)
        self._known = tuple(known)
        self._field = QLineEdit()
        self._field.setPlaceholderText(_("Add a tag"))
        self._field.setAccessibleName(_("Add a tag"))
        self._field.setMaxLength(MAX_TAG_CHARS)
        self._field.installEventFilter(self)
        self._offers = QStringListModel(self)
        completer = QCompleter(self._offers, self)
        completer.setCaseSensitivity(Qt.CaseSensitivity.CaseInsensitive)
        completer.setFilterMode(Qt.MatchFlag.MatchContains)
        # After Qt's own filling of the field.
        completer.activated.connect(self._add, Qt.ConnectionType.QueuedConnection)
        self._field.setCompleter(completer)
        self._chips = QWidget()
        self._flow = FlowLayout(self._chips, gap_px=6)
        self._fill()
        self._show_chips()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._field and event.type() is QEvent.Type.KeyPress and isinstance(event, QKeyEvent):
            is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if (is_enter and self._field.text().strip()) or event.key() == Qt.Key.Key_Comma:
                self._add(self._field.text())
                return True
            if event.key() == Qt.Key.Key_Backspace and not self._field.text() and self.tags:
                self._remove(self.tags[-1])
                return True
        return super().eventFilter(watched, event)

    def _fill(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 18, 20, 16)
        layout.setSpacing(12)
        layout.addWidget(label(_("Tags"), "drop_title"))
        layout.addWidget(self._chips)
        layout.addWidget(self._field)
        row = QHBoxLayout()
        row.addStretch(1)
        done = button(_("Done"), kind="primary")
        done.setDefault(True)
        done.clicked.connect(self._on_done)
        row.addWidget(done)
        layout.addLayout(row)

    def _show_chips(self) -> None:
        while (item := self._flow.takeAt(0)) is not None:
            if (old := item.widget()) is not None:
                old.deleteLater()
        for tag in self.tags:
            text = printable(tag)
            chip = button(text.replace("&", "&&"), icon="x", kind="tiny")
            chip.setAccessibleName(_("Remove tag {name}").format(name=text))
            chip.setAutoDefault(False)
            chip.clicked.connect(lambda _on=False, tag=tag: self._remove(tag))
            self._flow.addWidget(chip)
        self._chips.setVisible(bool(self.tags))
        self._offers.setStringList([tag for tag in self._known if tag not in self.tags])
        self.adjustSize()

    def _on_done(self) -> None:
        if self._field.text().strip():
            self._add(self._field.text())
        self.accept()

    def _add(self, typed: str) -> None:
        name = tag_name(typed)
        known = next((tag for tag in (*self.tags, *self._known) if tag.casefold() == name.casefold()), name)
        self._field.clear()
        if known and known not in self.tags and len(self.tags) < MOST_TAGS:
            self._change([*self.tags, known])

    def _remove(self, tag: str) -> None:
        self._change([other for other in self.tags if other != tag])
        self._field.setFocus()

    def _change(self, tags: Sequence[str]) -> None:
        self.tags = sorted(tags)
        self._show_chips()
        self.changed.emit(self._conversation_id, tuple(self.tags))


def open_below(editor: TagEditor, place: QPoint) -> None:
    """Show an editor near a place of the screen."""
    editor.open()
    screen = editor.screen().availableGeometry()
    editor.move(
        max(screen.left(), min(place.x(), screen.right() - editor.width())),
        max(screen.top(), min(place.y(), screen.bottom() - editor.height())),
    )

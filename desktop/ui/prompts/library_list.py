"""The left side of the library: a field to search, and all prompts by section."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QLineEdit, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.prompts import Library, Prompt, sections
from desktop.core.text import _
from desktop.ui.composer.prompt_rows import ITEM, PromptRows, matches
from desktop.ui.composer.state import PresetItem
from desktop.ui.composing import preset_item
from desktop.ui.widgets.clearing import ClearButton
from desktop.ui.widgets.labels import label
from desktop.ui.widgets.overlay_scroll import OverlayScrollBar

_STAR_PX = 30
_MOVES = (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_PageUp, Qt.Key.Key_PageDown)


class _Rows(PromptRows):
    """Rows with stars that can be clicked.

    Signals:
        star_clicked(str): id of a prompt.
        remove_pressed(): Delete.
    """

    star_clicked = Signal(str)
    remove_pressed = Signal()

    def __init__(self) -> None:
        super().__init__(_("Prompts"), hints=False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setProperty("kind", "framed")

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        row = self.indexAt(event.position().toPoint()).row()
        item = self.item_at(row)
        on_star = event.position().x() >= self.viewport().width() - _STAR_PX
        if item is not None and on_star and event.button() is Qt.MouseButton.LeftButton:
            self.star_clicked.emit(item.id)
            return
        super().mousePressEvent(event)

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.remove_pressed.emit()
            return
        super().keyPressEvent(event)


class LibraryList(QWidget):
    """Shows the prompts of a `Library`.

    Signals:
        current_changed(str): id of the prompt that the cursor is on.
        star_clicked(str): id of a prompt whose star was clicked.
        remove_requested(list): ids that are to be deleted.
    """

    current_changed = Signal(str)
    star_clicked = Signal(str)
    remove_requested = Signal(list)

    def __init__(self) -> None:
        super().__init__()
        self._items: tuple[PresetItem, ...] = ()
        self._filling = False
        self._search = QLineEdit()
        self._search.setPlaceholderText(_("Search prompts…"))
        self._search.setAccessibleName(_("Search prompts…"))
        ClearButton(self._search)
        self._search.setMaxLength(200)
        self._search.textChanged.connect(self._on_search)
        self._search.installEventFilter(self)
        self._rows = _Rows()
        self._rows.currentRowChanged.connect(self._on_row)
        self._rows.star_clicked.connect(self.star_clicked)
        self._rows.remove_pressed.connect(lambda: self.remove_requested.emit(self.selected()))
        OverlayScrollBar(self._rows)
        self._nothing = label(_("No prompt has these words."), "muted")
        self._nothing.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._nothing.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self._search)
        column.addWidget(self._rows, 1)
        column.addWidget(self._nothing, 1)

    def show_library(self, library: Library) -> None:
        """Show these; what was selected is so no more."""
        self._items = tuple(
            preset_item(prompt, on_device=False, section=section.title)
            for section in sections(library)
            for prompt in section.prompts
        )
        self._fill()

    def update_prompt(self, prompt: Prompt) -> None:
        """A prompt has other words now; it stays where it is."""
        self._items = tuple(
            preset_item(prompt, on_device=False, section=item.section) if item.id == prompt.id else item
            for item in self._items
        )
        row = self._rows.row_of(prompt.id)
        if row >= 0:
            item = next(item for item in self._items if item.id == prompt.id)
            self._rows.item(row).setText(item.title)
            self._rows.item(row).setData(ITEM, item)

    def choose(self, *prompt_ids: str) -> None:
        """Put the cursor on the first of these and select them all; what the search hides is shown again."""
        shown = [item.id for item in self._items]
        wanted = [prompt_id for prompt_id in prompt_ids if prompt_id in shown]
        if wanted and self._rows.row_of(wanted[0]) < 0:
            self._search.clear()
        self._filling = True
        self._rows.clearSelection()
        self._rows.setCurrentRow(self._rows.row_of(wanted[0]) if wanted else -1)
        for prompt_id in wanted:
            row = self._rows.row_of(prompt_id)
            if row >= 0:
                self._rows.item(row).setSelected(True)
        self._filling = False
        if wanted:
            self._rows.scrollToItem(self._rows.currentItem())
            self.current_changed.emit(wanted[0])

    def selected(self) -> list[str]:
        """The ids of what is selected, from the top."""
        rows = sorted(self._rows.row(item) for item in self._rows.selectedItems())
        found = (self._rows.item_at(row) for row in rows)
        return [item.id for item in found if item is not None]

    def neighbour(self, prompt_ids: Sequence[str]) -> str:
        """The prompt below these, else above; empty if there is no other."""
        ids = [item.id for item in self._items]
        places = [ids.index(prompt_id) for prompt_id in prompt_ids if prompt_id in ids]
        after = ids[max(places, default=-1) + 1 :]
        before = [one for one in ids[: min(places, default=0)][::-1] if one not in prompt_ids]
        return next(iter((*after, *before)), "")

    def focus_search(self) -> None:
        """Let one search."""
        self._search.setFocus()
        self._search.selectAll()

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        # Once the rows have their new height.
        QTimer.singleShot(0, self, lambda: self._rows.scrollToItem(self._rows.currentItem()))

    def _fill(self) -> None:
        self._filling = True
        found = [item for item in self._items if matches(item, self._search.text())]
        self._rows.show_items(found, all_selectable=True)
        self._rows.setVisible(bool(found))
        self._nothing.setVisible(not found)
        self._filling = False

    def _on_search(self) -> None:
        current = self._rows.item_at(self._rows.currentRow())
        self._fill()
        row = self._rows.row_of(current.id) if current is not None else -1
        self._rows.setCurrentRow(row if row >= 0 else self._rows.first_row())

    def _on_row(self, row: int) -> None:
        item = self._rows.item_at(row)
        if item is not None and not self._filling:
            self.current_changed.emit(item.id)

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keys that move go from the field to the list, and Enter goes there."""
        if watched is self._search and isinstance(event, QKeyEvent) and event.type() is QEvent.Type.KeyPress:
            if event.key() in _MOVES and not event.modifiers():
                self._rows.keyPressEvent(event)
                return True
            if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self._rows.setFocus()
                return True
            if event.key() == Qt.Key.Key_Escape and self._search.text():
                self._search.clear()
                return True
        return super().eventFilter(watched, event)

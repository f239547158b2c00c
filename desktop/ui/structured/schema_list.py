"""The list of schemas: ready-made ones, then the user's own."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from desktop.core.schema_presets import SCHEMA_PRESETS
from desktop.core.schemas import AnswerSchema
from desktop.core.text import _, printable
from desktop.ui import theme
from desktop.ui.widgets.labels import escaped_tooltip

_KEY = Qt.ItemDataRole.UserRole
_ROW_PX, _SECTION_PX = 30, 28


class SchemaList(QListWidget):
    """Chooses among schemas by key: ``preset:receipt``, or ``own:0`` by the place among one's own.

    Signals:
        picked(str): another one is chosen.
    """

    picked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "schemas")
        self.setAccessibleName(_("Schemas"))
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setUniformItemSizes(False)
        self._presets = [(f"preset:{preset.id}", preset) for preset in SCHEMA_PRESETS]
        self.currentItemChanged.connect(self._on_current)

    @property
    def key(self) -> str:
        """The chosen one; empty for none."""
        item = self.currentItem()
        return str(item.data(_KEY) or "") if self.currentRow() >= 0 else ""

    def show_schemas(self, own: Sequence[AnswerSchema], chosen: str) -> None:
        """List all, and choose one of them without a signal."""
        self.blockSignals(True)
        self.clear()
        self._add_section(_("Ready-made"))
        for key, preset in self._presets:
            self._add(key, _(preset.title), f"{_(preset.title)}\n{_(preset.hint)}")
        if own:
            self._add_section(_("Your own"))
        for at, schema in enumerate(own):
            name = printable(schema.name, limit=60)
            self._add(f"own:{at}", name, name)
        self.choose(chosen)
        self.blockSignals(False)

    def choose(self, key: str) -> None:
        """Choose one of them."""
        for row in range(self.count()):
            if self.item(row).data(_KEY) == key:
                self.setCurrentRow(row)
                self.scrollToItem(self.item(row))

    def rename(self, key: str, name: str) -> None:
        """One of them is called otherwise now."""
        for row in range(self.count()):
            if self.item(row).data(_KEY) == key:
                self.item(row).setText(name)

    def _add_section(self, text: str) -> None:
        item = QListWidgetItem(text)
        item.setFlags(Qt.ItemFlag.NoItemFlags)
        item.setFont(theme.current().font("section"))
        item.setTextAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignBottom)
        item.setSizeHint(QSize(0, _SECTION_PX))
        self.addItem(item)

    def _add(self, key: str, text: str, tip: str) -> None:
        item = QListWidgetItem(text)
        item.setData(_KEY, key)
        item.setToolTip(escaped_tooltip(tip))
        item.setSizeHint(QSize(0, _ROW_PX))
        self.addItem(item)

    def _on_current(self, item: QListWidgetItem | None) -> None:
        if item is not None and item.data(_KEY):
            self.picked.emit(str(item.data(_KEY)))

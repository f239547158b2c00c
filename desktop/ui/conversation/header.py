"""Above the conversation: its title, the model picker, and a menu."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from desktop.core.text import _, printable
from desktop.ui import theme
from desktop.ui.conversation.model_picker import ModelPopup, ModelRow
from desktop.ui.widgets.buttons import button, icon_button
from desktop.ui.widgets.labels import ElidedLabel

__all__ = ["ConversationHeader", "ModelRow"]

_MOST_NAME = 32
_OPTIONS_PX = 220


class ConversationHeader(QWidget):
    """One row.

    Signals:
        model_chosen: id of a model, offered or typed.
        delete_requested: delete this conversation.
        options_requested: how it is answered is to be seen or changed.
        export_requested: write this conversation to a file.
        import_requested: bring conversations in from a file.
    """

    options_requested = Signal()
    model_chosen = Signal(str)
    delete_requested = Signal()
    export_requested = Signal()
    import_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: tuple[ModelRow, ...] = ()
        self._current = ""
        self.setProperty("kind", "header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setFixedHeight(theme.current().metric("header_height"))
        self._title = ElidedLabel(_("New conversation"), "title")
        self._picker = button("", icon="cpu", chevron=True, tooltip=_("Choose who answers (Ctrl+M)"))
        self._picker.clicked.connect(self.open_models)
        self._private = button(_("Private"), icon="hat-glasses", kind="small")
        self._private.setEnabled(False)
        self._private.setToolTip(_("Nothing of this conversation is stored but what it costs."))
        self._private.setAccessibleName(
            _("Private: nothing of this conversation is stored but what it costs.")
        )
        self._private.hide()
        self._options = button("", icon="sliders-horizontal", tooltip=_("Instructions and answer…"))
        self._options.setMaximumWidth(_OPTIONS_PX)
        self._options.clicked.connect(self.options_requested)
        self._options.hide()
        self._more = icon_button("ellipsis", _("More"))
        self._more.clicked.connect(self._open_menu)
        self._menu = QMenu(self)
        self._open_options = self._menu.addAction(_("Instructions and answer…"), self.options_requested.emit)
        self._menu.addSeparator()
        self._export = self._menu.addAction(_("Export conversation…"))
        self._export.triggered.connect(self.export_requested)
        self._import = self._menu.addAction(_("Import conversations…"))
        self._import.triggered.connect(self.import_requested)
        self._menu.addSeparator()
        self._delete = self._menu.addAction(_("Delete conversation…"))
        self._delete.triggered.connect(self.delete_requested)
        theme.current().changed.connect(self._tint)
        self._tint()
        self._lay_out()

    def _lay_out(self) -> None:
        padding = theme.current().metric("header_padding")
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(padding, 0, padding, 0)
        self._row.setSpacing(8)
        self._row.addWidget(self._title, 1)
        self._row.addWidget(self._private)
        self._row.addWidget(self._options)
        self._row.addWidget(self._picker)
        self._row.addWidget(self._more)

    def add_leading(self, widget: QWidget) -> None:
        """Place ``widget`` before the title, after those that were added before."""
        self._row.insertWidget(self._row.indexOf(self._title), widget)

    def set_title(self, title: str) -> None:
        """Show the conversation's title."""
        self._title.setText(printable(title))

    def set_models(self, rows: Sequence[ModelRow]) -> None:
        """Offer these models."""
        self._rows = tuple(rows)

    def set_current(self, model_id: str, name: str) -> None:
        """Show who answers."""
        self._current = model_id
        shown = printable(name, limit=_MOST_NAME)
        self._picker.setText(shown.replace("&", "&&"))
        self._picker.setAccessibleName(_("Model: {name}").format(name=shown))

    def set_deletable(self, deletable: bool) -> None:
        """Whether there is something to delete and to export; importing is always offered."""
        self._export.setVisible(deletable)
        self._delete.setVisible(deletable)

    def show_private(self, private: bool) -> None:
        """Whether nothing of it is stored."""
        self._private.setVisible(private)

    def show_options(self, words: str) -> None:
        """What is otherwise than usual about the answers; nothing is shown where all is."""
        self._options.setText(words.replace("&", "&&"))
        self._options.setAccessibleName(_("Instructions and answer: {words}").format(words=words))
        self._options.setVisible(bool(words))

    def open_models(self) -> None:
        """Open the model picker."""
        popup = ModelPopup(self._rows, current=self._current, parent=self)
        popup.chosen.connect(self.model_chosen)
        popup.open_below(self._picker)

    def _open_menu(self) -> None:
        corner = self._more.mapToGlobal(self._more.rect().bottomRight())
        corner.setX(corner.x() - self._menu.sizeHint().width())
        self._menu.popup(corner)

    def _tint(self) -> None:
        self._open_options.setIcon(theme.current().icon("sliders-horizontal", role="text_muted"))
        self._export.setIcon(theme.current().icon("share", role="text_muted"))
        self._import.setIcon(theme.current().icon("download", role="text_muted"))
        self._delete.setIcon(theme.current().icon("trash-2", role="text_muted"))

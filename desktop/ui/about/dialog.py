"""The About box: what Sightline is, which version, and the licences of everything that it is made of."""

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from desktop.core.licences import Component
from desktop.core.text import _, format_count, join_list, ngettext
from desktop.tasks.about import About
from desktop.ui import theme
from desktop.ui.about.component_list import ComponentList
from desktop.ui.settings.rows import plain_button
from desktop.ui.widgets.labels import ElidedLabel, label

_SIZE_PX = (976, 640)
"""Eighty letters of a licence stand in a line."""
_LIST_PX = 270
_MARGIN_PX = 10
_ICON_PX = 64
_COPIED_MS = 1_600


class AboutDialog(QDialog):
    """Is there at once; what others have made comes with `show_about`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._versions = ""
        self.setWindowTitle(_("About Sightline"))
        self.resize(*_SIZE_PX)
        self._count = label("", "small")
        self._title, self._under = ElidedLabel("", "title"), ElidedLabel("", "small")
        self._note = label("", "small")
        self._note.setWordWrap(True)
        self._text = _text_view()
        self._list = ComponentList()
        self._list.chosen.connect(self._show)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 22, 24, 20)
        layout.setSpacing(14)
        layout.addLayout(self._head())
        line = QFrame()
        line.setProperty("kind", "line")
        layout.addWidget(line)
        layout.addWidget(self._count)
        layout.addLayout(self._body(), 1)
        layout.addLayout(self._bottom())
        self._list.setFocus()

    def show_about(self, about: About) -> None:
        """Show what was read."""
        self._versions = "\n".join(about.versions)
        self._copy.setEnabled(True)
        count = len(about.components)
        text = ngettext(
            "Made with the work of others: {count} part, with its licence.",
            "Made with the work of others: {count} parts, each with its licence.",
            count,
        )
        self._count.setText(text.format(count=format_count(count)))
        self._list.show_components(about.components)

    def _head(self) -> QHBoxLayout:
        icon = QLabel()
        icon.setPixmap(theme.current().application_icon().pixmap(_ICON_PX, _ICON_PX))
        icon.setFixedSize(_ICON_PX, _ICON_PX)
        words = QVBoxLayout()
        words.setSpacing(3)
        words.addStretch(1)
        version = QApplication.applicationVersion()
        name = QHBoxLayout()
        name.setSpacing(8)
        name.addWidget(label("Sightline", "headline"))
        number = label(version, "muted", selectable=True)
        # On the line of the larger letters before it.
        number.setContentsMargins(0, 0, 0, 3)
        name.addWidget(number, 1, Qt.AlignmentFlag.AlignBottom)
        words.addLayout(name)
        words.addWidget(
            label(
                _("Ask vision models about the images on your computer, and see what each image costs."),
                "muted",
            )
        )
        words.addStretch(1)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(icon)
        row.addLayout(words, 1)
        return row

    def _body(self) -> QHBoxLayout:
        right = QVBoxLayout()
        right.setSpacing(4)
        right.addWidget(self._title)
        right.addWidget(self._under)
        right.addWidget(self._note)
        right.addSpacing(4)
        right.addWidget(self._text, 1)
        self._list.setFixedWidth(_LIST_PX)
        row = QHBoxLayout()
        row.setSpacing(16)
        row.addWidget(self._list)
        row.addLayout(right, 1)
        return row

    def _bottom(self) -> QHBoxLayout:
        self._copy = plain_button(_("Copy versions"))
        self._copy.set_icon("copy")
        self._copy.setEnabled(False)
        self._copy.setToolTip(_("What a report of a fault needs"))
        self._copy.clicked.connect(self._on_copy)
        self._copied = QTimer(self, singleShot=True, interval=_COPIED_MS)
        self._copied.timeout.connect(self._show_copy)
        close = plain_button(_("Close"))
        close.clicked.connect(self.accept)
        row = QHBoxLayout()
        row.addWidget(self._copy)
        row.addStretch(1)
        row.addWidget(close)
        return row

    def _show(self, component: Component | None) -> None:
        if component is None:
            component = Component(name=_("Nothing found"), version="", licence="")
        inside = _("inside {package}").format(package=component.of) if component.of else ""
        self._title.setText(f"{component.name} {component.version}".strip())
        self._under.setText(join_list((component.licence, inside)))
        self._note.setText(component.note)
        self._note.setVisible(bool(component.note))
        self._text.setPlainText(component.text)

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self._versions)
        self._copy.setText(_("Copied"))
        self._copy.set_icon("check")
        self._copied.start()

    def _show_copy(self) -> None:
        self._copy.setText(_("Copy versions"))
        self._copy.set_icon("copy")


def _text_view() -> QPlainTextEdit:
    view = QPlainTextEdit()
    view.setReadOnly(True)
    view.setProperty("kind", "code")
    view.setAccessibleName(_("Licence"))
    view.setTabChangesFocus(True)
    view.setFont(theme.current().font("mono"))
    view.document().setDocumentMargin(_MARGIN_PX)
    view.setTextInteractionFlags(
        Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    return view

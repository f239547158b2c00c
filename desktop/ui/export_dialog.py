"""What conversations are to be exported as: four formats on cards, which ones, and what of the files."""

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.core.archive import ExportFormat
from desktop.core.compat import override
from desktop.core.text import _, format_count, join_sentences, marked, ngettext, printable
from desktop.ui import theme
from desktop.ui.settings.rows import Form, fit_height
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.icon_label import IconLabel
from desktop.ui.widgets.labels import ElidedLabel, label
from desktop.ui.widgets.last_row import last_row
from desktop.ui.widgets.segments import Segments

_WIDTH_PX = 560
_REMARK_PX = 34
_COLUMNS = 2
_STEPS = {
    Qt.Key.Key_Left.value: -1,
    Qt.Key.Key_Right.value: 1,
    Qt.Key.Key_Up.value: -_COLUMNS,
    Qt.Key.Key_Down.value: _COLUMNS,
}
_THESE, _ALL = "these", "all"
_NAMES, _PATHS = "names", "paths"


@dataclass(frozen=True, slots=True)
class _Format:
    """What a card says, in English, and what its remark says."""

    icon: str
    title: str
    line: str
    remark: str


_SHOWN_ONLY = marked("Of questions and answers with versions, those that are shown are in it.")
_FORMATS = {
    ExportFormat.ZIP: _Format(
        "hard-drive",
        marked("Sightline file"),
        marked("Everything, for another Sightline"),
        marked("Every version, every image and every cost is in it. Another Sightline imports it whole."),
    ),
    ExportFormat.HTML: _Format(
        "monitor",
        marked("Web page"),
        marked("One file for any browser, offline too"),
        _SHOWN_ONLY,
    ),
    ExportFormat.MARKDOWN: _Format(
        "file-text",
        marked("Markdown"),
        marked("Texts, with the images beside them"),
        _SHOWN_ONLY,
    ),
    ExportFormat.JSON: _Format(
        "braces",
        marked("JSON"),
        marked("For scripts, without the images"),
        marked("Every version and every cost is in it."),
    ),
}


class ExportDialog(QDialog):
    """Four cards, two choices, and the way on.

    Signals:
        wanted(ExportFormat, bool, bool): as what; all conversations; with the full paths of the image files.
    """

    wanted = Signal(object, bool, bool)

    def __init__(self, titles: Sequence[str], count: int, parent: QWidget | None = None) -> None:
        """Offer ``count`` conversations, of which some ``titles`` are known; 0 stands for all."""
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setModal(True)
        self.setWindowTitle(_("Export conversations"))
        self.setFixedWidth(_WIDTH_PX)
        self._group = QButtonGroup(self)
        self._cards = {kind: _Card(row) for kind, row in _FORMATS.items()}
        self._remark = label("", "small")
        self._remark.setWordWrap(True)
        # Remarks have one or two lines; their room stays, so that nothing jumps.
        self._remark.setFixedHeight(_REMARK_PX)
        self._remark.setAlignment(Qt.AlignmentFlag.AlignTop)
        self._which = Segments(_which_options(count), name=_("Which ones"))
        self._files = Segments(
            (
                (_NAMES, _("Names only"), _("Where the files lie on this computer is not told.")),
                (_PATHS, _("Full paths"), _("Names of folders, yours perhaps, are in the file.")),
            ),
            name=_("Image files"),
        )
        self._next = button(_("Export…"), kind="primary")
        self._next.setDefault(True)
        self._next.clicked.connect(self._on_next)
        self._fill(titles, count)
        for card in self._cards.values():
            self._group.addButton(card)
            card.toggled.connect(self._show_format)
            card.moved.connect(self._on_moved)
        self._cards[ExportFormat.ZIP].setChecked(True)
        self._cards[ExportFormat.ZIP].setFocus()

    @property
    def format(self) -> ExportFormat:
        """The card that is chosen."""
        return next(kind for kind, card in self._cards.items() if card.isChecked())

    @override
    def showEvent(self, event: QShowEvent) -> None:
        fit_height(self)
        super().showEvent(event)

    def _fill(self, titles: Sequence[str], count: int) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 22, 24, 20)
        layout.setSpacing(0)
        layout.addWidget(label(_headline(count), "drop_title"))
        if titles:
            layout.addSpacing(6)
            layout.addWidget(ElidedLabel(printable(titles[0]), "muted"))
        layout.addSpacing(16)
        grid = QGridLayout()
        grid.setSpacing(theme.current().metric("card_gap"))
        for place, card in enumerate(self._cards.values()):
            grid.addWidget(card, place // _COLUMNS, place % _COLUMNS)
        layout.addLayout(grid)
        layout.addSpacing(10)
        layout.addWidget(self._remark)
        layout.addSpacing(8)
        form = Form()
        form.add_line()
        form.add_row(_("Which ones"), self._which)
        form.add_row(_("Image files"), self._files)
        layout.addWidget(form)
        layout.addSpacing(18)
        layout.addLayout(last_row(self, self._next))

    def _show_format(self) -> None:
        if self._group.checkedButton() is None:
            return
        kind = self.format
        never = _("Your key and where photos were taken are never in it.")
        self._remark.setText(join_sentences(_(_FORMATS[kind].remark), never))
        # The others tell nothing of the files but their names.
        self._files.setEnabled(kind in {ExportFormat.ZIP, ExportFormat.JSON})

    def _on_moved(self, by: int) -> None:
        cards = list(self._cards.values())
        place = cards.index(self._cards[self.format]) + by
        if 0 <= place < len(cards):
            cards[place].setChecked(True)
            cards[place].setFocus(Qt.FocusReason.TabFocusReason)

    def _on_next(self) -> None:
        has_paths = self._files.isEnabled() and self._files.value == _PATHS
        chosen = self.format, self._which.value == _ALL, has_paths
        self.accept()
        self.wanted.emit(*chosen)


class _Card(QPushButton):
    """One format.

    Signals:
        moved(int): an arrow key leads to the card so many places on.
    """

    moved = Signal(int)

    def __init__(self, row: _Format) -> None:
        super().__init__()
        look = theme.current()
        self.setProperty("kind", "suggestion")
        self.setCheckable(True)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(IconLabel(row.icon, role="text"))
        head.addWidget(ElidedLabel(_(row.title), "card_title"), 1)
        column = QVBoxLayout(self)
        padding = look.metric("card_padding")
        column.setContentsMargins(padding, padding, padding, padding)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(ElidedLabel(_(row.line), "card_meta"))
        self.setAccessibleName(_(row.title))
        self.setAccessibleDescription(_(row.line))

    @override
    def sizeHint(self) -> QSize:
        # The style sheet's own least height of buttons takes the place of a fixed one.
        return QSize(super().sizeHint().width(), theme.current().metric("card_height"))

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(160, theme.current().metric("card_height"))

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _STEPS:
            self.moved.emit(_STEPS[event.key()])
        else:
            super().keyPressEvent(event)


def _headline(count: int) -> str:
    if not count:
        return _("Export all conversations")
    text = ngettext("Export a conversation", "Export {count} conversations", count)
    return text.format(count=format_count(count))


def _which_options(count: int) -> tuple[tuple[str, str, str], ...]:
    if not count:
        return ((_ALL, _("All conversations"), ""),)
    these = ngettext("This one", "These {count}", count).format(count=format_count(count))
    return (_THESE, these, ""), (_ALL, _("All conversations"), "")

"""The history's place in the window: a new conversation, searching, the earlier ones, the settings."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent, QKeySequence, QPixmap
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QStackedWidget, QVBoxLayout, QWidget

from desktop.core.archive import ARCHIVE_SUFFIX
from desktop.core.budget import Budget
from desktop.core.compat import override
from desktop.core.model import ConversationSummary
from desktop.core.summaries import Listed
from desktop.core.text import _
from desktop.ui import theme
from desktop.ui.history.actions import actions_menu
from desktop.ui.history.days import sections
from desktop.ui.history.gauge import BudgetGauge
from desktop.ui.history.model import HistoryModel
from desktop.ui.history.results_page import ResultsPage
from desktop.ui.history.scope_bar import ScopeBar
from desktop.ui.history.search_bar import SearchBar
from desktop.ui.history.view import HistoryView
from desktop.ui.widgets.buttons import button, icon_button, restyle
from desktop.ui.widgets.incoming import local_paths
from desktop.ui.widgets.labels import label

_NOTHING, _LIST, _RESULTS, _DROP = range(4)


class HistoryPanel(QWidget):
    """Conversations by day, or what was found.

    Attributes:
        view: the list.
        search: the search field.
        results: what was found.
        body: what is between the buttons above and below.

    Signals:
        new_requested: begin a conversation.
        private_requested: begin one of which nothing is stored.
        import_requested: bring conversations in from a file.
        archives_dropped(tuple): bring them in from these files.
        opened(int): id of the conversation to open.
        found_opened(int, int): a conversation and one of its messages.
        delete_requested(list): ids of the conversations to delete.
        renamed(int, str): a conversation shall have this title.
        acted(str, tuple): something else is to be done with conversations; see `actions.actions_menu`.
        listed_chosen(Listed): list other conversations.
        rows_wanted(): the end of the list comes into sight.
        rows_seen(): other rows are on the screen.
        image_dropped(Path): find the conversations that have this image.
        settings_requested: open the settings.
        fold_requested: put this panel away.
        spending_requested: show what was spent, or the conversation again.
    """

    new_requested = Signal()
    private_requested = Signal()
    import_requested = Signal()
    archives_dropped = Signal(object)
    opened = Signal(int)
    found_opened = Signal(int, int)
    delete_requested = Signal(list)
    renamed = Signal(int, str)
    acted = Signal(str, object)
    listed_chosen = Signal(object)
    rows_wanted = Signal()
    rows_seen = Signal()
    image_dropped = Signal(object)
    settings_requested = Signal()
    fold_requested = Signal()
    spending_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("kind", "sidebar")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAcceptDrops(True)
        self._model = HistoryModel(self)
        self.view = HistoryView(self._model)
        self.search = SearchBar()
        self.results = ResultsPage()
        self._scope = ScopeBar()
        self._empty = label("", "faint")
        self.body = QStackedWidget()
        for page in (_note_page(self._empty), self.view, self.results, _drop_page()):
            self.body.addWidget(page)
        self._searching = False
        self._gauge = BudgetGauge()
        self._gauge.clicked.connect(self.spending_requested)
        self._fill()
        self._connect()

    def show_summaries(
        self,
        summaries: tuple[ConversationSummary, ...],
        current_id: int | None,
        now: datetime,
        *,
        listed: Listed = Listed(),  # noqa: B008 - frozen
    ) -> None:
        """Show these conversations, in order, and which one is at hand (None or 0 for a new one)."""
        self._model.set_sections(sections(summaries, now))
        self._scope.show_listed(listed)
        self._empty.setText(_nothing_in(listed))
        self._show_list()
        self.view.show_current(current_id)

    def show_results(self, on: bool) -> None:
        """Show what was found in the place of the list, or the list."""
        self._searching = on
        self._show_list()

    def set_thumbnail(self, conversation_id: int, pixmap: QPixmap) -> None:
        """Show ``pixmap`` in the row of a conversation."""
        self._model.set_thumbnail(conversation_id, pixmap)

    def seen(self) -> list[ConversationSummary]:
        """The conversations of which something is on the screen."""
        return self._model.summaries(self.view.rows_in_sight())

    def has_thumbnail(self, conversation_id: int) -> bool:
        """Whether the picture of a conversation is shown."""
        return self._model.thumbnail(conversation_id) is not None

    def show_budget(self, budget: Budget) -> None:
        """Show how the month stands."""
        self._gauge.show_budget(budget)

    def show_spending_open(self, on: bool) -> None:
        """Mark the button while the spending page is shown."""
        self._spending.setProperty("chosen", on)
        restyle(self._spending)

    def show_archived(self, on: bool) -> None:
        """Whether there is an archive to be looked at."""
        self._archive.setVisible(on)

    def offer_private(self, on: bool) -> None:
        """Offer a conversation of which nothing is stored."""
        self._kinds.setVisible(on)

    @override
    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if local_paths(event.mimeData()):
            event.setDropAction(Qt.DropAction.CopyAction)
            event.accept()
            self.body.setCurrentIndex(_DROP)

    @override
    def dragLeaveEvent(self, event: QDragLeaveEvent) -> None:
        self._show_list()

    @override
    def dropEvent(self, event: QDropEvent) -> None:
        self._show_list()
        paths: list[Path] = local_paths(event.mimeData())
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        archives = tuple(path for path in paths if path.suffix.lower() == ARCHIVE_SUFFIX)
        if archives:
            self.archives_dropped.emit(archives)
        elif paths:
            self.image_dropped.emit(paths[0])

    def _show_list(self) -> None:
        page = _LIST if self._model.rowCount() else _NOTHING
        self.body.setCurrentIndex(_RESULTS if self._searching else page)

    def _connect(self) -> None:
        view = self.view
        view.opened.connect(self.opened)
        view.delete_requested.connect(self.delete_requested)
        view.renamed.connect(self.renamed)
        view.menu_requested.connect(self._open_menu)
        view.tag_clicked.connect(lambda tag: self.listed_chosen.emit(Listed(tag=tag)))
        view.near_end.connect(self.rows_wanted)
        view.seen.connect(self.rows_seen)
        self.results.opened.connect(self.found_opened)
        self.results.view.left.connect(self.search.begin)
        self.search.moved.connect(self._move_result)
        self.search.entered.connect(self.results.view.open_current)
        self._scope.left.connect(lambda: self.listed_chosen.emit(Listed()))

    def _open_menu(self, chosen: list[ConversationSummary], place: QPoint) -> None:
        actions_menu(chosen, self._act, self.view).popup(place)

    def _act(self, name: str, ids: tuple[int, ...]) -> None:
        act: dict[str, Callable[[], object]] = {
            "open": lambda: self.opened.emit(ids[0]),
            "rename": lambda: self.view.rename(ids[0]),
            "delete": lambda: self.delete_requested.emit(list(ids)),
        }
        act.get(name, lambda: self.acted.emit(name, ids))()

    def _move_result(self, step: int) -> None:
        if self._searching:
            self.results.view.choose(self.results.view.currentIndex().row() + step)
        elif step > 0:
            self.view.setFocus(Qt.FocusReason.TabFocusReason)

    def _fill(self) -> None:
        look = theme.current()
        side = look.metric("sidebar_padding")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(side, look.metric("sidebar_top"), side + 1, 13)
        layout.setSpacing(0)
        layout.addLayout(self._top())
        layout.addSpacing(look.metric("sidebar_gap"))
        layout.addWidget(self.search)
        layout.addWidget(self._scope)
        layout.addWidget(self.body, 1)
        layout.addSpacing(6)
        line = QFrame()
        line.setProperty("kind", "line")
        layout.addWidget(line)
        layout.addSpacing(6)
        layout.addWidget(self._gauge)
        layout.addLayout(self._bottom())

    def _top(self) -> QHBoxLayout:
        look = theme.current()
        keys = QKeySequence(QKeySequence.StandardKey.New).toString(QKeySequence.SequenceFormat.NativeText)
        new = button(
            _("New conversation"), icon="plus", tooltip=_("New conversation ({keys})").format(keys=keys)
        )
        new.clicked.connect(self.new_requested)
        self._kinds = icon_button("chevron-down", _("More kinds of conversation"), size_px=22)
        menu = QMenu(self._kinds)
        menu.addAction(look.icon("plus"), _("New conversation"), self.new_requested.emit)
        menu.addAction(look.icon("eye-off"), _("New private conversation"), self.private_requested.emit)
        menu.addSeparator()
        menu.addAction(look.icon("download"), _("Import conversations…"), self.import_requested.emit)
        self._kinds.clicked.connect(
            lambda: menu.popup(self._kinds.mapToGlobal(self._kinds.rect().bottomLeft()))
        )
        self._kinds.hide()
        fold = icon_button("panel-left-close", _("Hide history (Ctrl+B)"), size_px=28)
        fold.clicked.connect(self.fold_requested)
        top = QHBoxLayout()
        top.setSpacing(2)
        top.addWidget(new, 1)
        top.addWidget(self._kinds)
        top.addWidget(fold)
        return top

    def _bottom(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setContentsMargins(0, 6, 7, 0)
        self._spending = button(
            _("Spending"), icon="chart-steps", kind="ghost", tooltip=_("What was spent (Ctrl+Shift+D)")
        )
        self._spending.clicked.connect(self.spending_requested)
        self._archive = icon_button("archive", _("Archived conversations"))
        self._archive.clicked.connect(lambda: self.listed_chosen.emit(Listed(archived=True)))
        self._archive.hide()
        gear = icon_button("settings", _("Settings"))
        gear.clicked.connect(self.settings_requested)
        row.addWidget(self._spending)
        row.addStretch(1)
        row.addWidget(self._archive)
        row.addWidget(gear)
        return row


def _nothing_in(listed: Listed) -> str:
    if listed.tag:
        return _("No conversation has this tag any more.")
    if listed.archived:
        return _("Nothing is archived.")
    return _("Conversations appear here and stay on this computer.")


def _note_page(text: QWidget) -> QWidget:
    page = QWidget()
    layout = QVBoxLayout(page)
    layout.setContentsMargins(6, 18, 6, 0)
    text.setProperty("wordWrap", True)
    layout.addWidget(text)
    layout.addStretch(1)
    return page


def _drop_page() -> QWidget:
    page = QFrame()
    page.setProperty("kind", "tip")
    layout = QVBoxLayout(page)
    layout.setContentsMargins(14, 14, 14, 14)
    text = label(_("Drop an image to find the conversations that have it."))
    text.setWordWrap(True)
    text.setAlignment(Qt.AlignmentFlag.AlignCenter)
    layout.addWidget(text)
    return page

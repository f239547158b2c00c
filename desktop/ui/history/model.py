"""Rows of the history: headings and conversations."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
from itertools import chain, count
from operator import attrgetter
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QPixmap

from desktop.core.compat import override
from desktop.core.model import ConversationSummary
from desktop.core.text import _, format_count, format_price, join_list, ngettext, printable
from desktop.ui import theme
from desktop.ui.history.days import Section
from desktop.ui.widgets.labels import escaped_tooltip

Row = str | ConversationSummary
"""A heading, or a conversation."""
_ID, _RUNNING = attrgetter("id"), attrgetter("running")
_THUMBNAILS_KEPT = 2000
_Index = QModelIndex | QPersistentModelIndex


class HistoryModel(QAbstractListModel):
    """Headings (which cannot be chosen) and conversations, found by id."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []
        self._by_id: dict[int, int] = {}
        self._running = False
        self._thumbnails: OrderedDict[int, QPixmap] = OrderedDict()

    def set_sections(self, sections: Sequence[Section]) -> None:
        """Show these; where rows and heights are the same as before, the list stays where it is."""
        rows: list[Row] = []
        by_id: dict[int, int] = {}
        for section in sections:
            rows.append(section.title)
            by_id.update(zip(map(_ID, section.summaries), count(len(rows)), strict=False))
            rows.extend(section.summaries)
        changed = self._changed(rows)
        self._running = any(map(_RUNNING, chain.from_iterable(s.summaries for s in sections)))
        if changed is None:
            self.beginResetModel()
            self._rows, self._by_id = rows, by_id
            self.endResetModel()
            return
        self._rows = rows
        for at in changed:
            self.dataChanged.emit(self.index(at), self.index(at))

    def _changed(self, rows: list[Row]) -> list[int] | None:
        """The rows that tell something else; None where they are others."""
        if len(rows) != len(self._rows):
            return None
        # What has not changed is the same object: nearly all of many rows.
        changed = [at for at, (new, old) in enumerate(zip(rows, self._rows, strict=True)) if new is not old]
        if any(_identity(rows[at]) != _identity(self._rows[at]) for at in changed):
            return None
        return [at for at in changed if rows[at] != self._rows[at]]

    def heights(self, _width_px: int) -> list[int]:
        """Of all rows in px: tags have a line of their own."""
        look = theme.current()
        heading, plain = look.metric("history_section_height"), look.metric("history_row_height")
        tagged = plain + look.metric("history_tags_height")
        return [heading if isinstance(row, str) else tagged if row.tags else plain for row in self._rows]

    def summaries(self, rows: Iterable[int]) -> list[ConversationSummary]:
        """The conversations in these rows."""
        found = (self.row_at(at) for at in rows)
        return [row for row in found if isinstance(row, ConversationSummary)]

    def set_thumbnail(self, conversation_id: int, pixmap: QPixmap) -> None:
        """Show ``pixmap`` in the row of a conversation."""
        self._thumbnails[conversation_id] = pixmap
        self._thumbnails.move_to_end(conversation_id)
        if len(self._thumbnails) > _THUMBNAILS_KEPT:
            self._thumbnails.popitem(last=False)
        at = self._by_id.get(conversation_id)
        if at is not None:
            self.dataChanged.emit(self.index(at), self.index(at))

    def thumbnail(self, conversation_id: int) -> QPixmap | None:
        """The picture of a conversation, if it has come."""
        return self._thumbnails.get(conversation_id)

    def row_at(self, at: int) -> Row | None:
        """The heading or the conversation in row ``at``."""
        return self._rows[at] if 0 <= at < len(self._rows) else None

    def index_of(self, conversation_id: int | None) -> QModelIndex:
        """Where a conversation is; an invalid index if it is not shown."""
        at = self._by_id.get(conversation_id) if conversation_id is not None else None
        return QModelIndex() if at is None else self.index(at)

    def is_running(self) -> bool:
        """Whether an answer is being written in some conversation."""
        return self._running

    @override
    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    @override
    def flags(self, index: _Index) -> Qt.ItemFlag:
        if isinstance(self.row_at(index.row()), ConversationSummary):
            return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        return Qt.ItemFlag.NoItemFlags

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index.row())
        if row is None:
            return None
        if isinstance(row, str):
            return row if role in _TEXT_ROLES else None
        if role == Qt.ItemDataRole.DisplayRole:
            return shown_title(row)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return join_list((shown_title(row), facts(row), *map(printable, row.tags)))
        return escaped_tooltip(shown_title(row)) if role == Qt.ItemDataRole.ToolTipRole else None


_TEXT_ROLES = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)


def shown_title(summary: ConversationSummary) -> str:
    """The title on one line; never empty."""
    return printable(summary.title).strip() or _("Untitled")


def facts(summary: ConversationSummary) -> str:
    """``6 images · $0.011``; what cost nothing because it stayed here says so."""
    count = summary.image_count
    images = _("no images")
    if count:
        images = ngettext("{count} image", "{count} images", count).format(count=format_count(count))
    if summary.running:
        return _("{images} · answering…").format(images=images)
    if summary.on_device:
        return _("{images} · on this computer").format(images=images)
    return f"{images} · {format_price(summary.cost_usd)}"


def _identity(row: Row) -> object:
    return row if isinstance(row, str) else (row.id, bool(row.tags))

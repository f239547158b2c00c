"""Rows of what was found: conversations and, below the first, further messages of each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QFontMetrics, QPixmap

from desktop.core.compat import override
from desktop.core.model import ON_DEVICE, ConversationSummary
from desktop.core.search import FoundConversation, Hit, Where
from desktop.core.text import _, join_list, printable
from desktop.ui import theme
from desktop.ui.dates import day_and_month, full_date
from desktop.ui.history.model import shown_title

_Index = QModelIndex | QPersistentModelIndex
TITLE_PX = 20
LINE_PX = 16
META_PX = 17
PADDING_PX = 7
SIDE_PX = 10
_MOST_LINES = 2


@dataclass(frozen=True, slots=True)
class Result:
    """One row.

    Attributes:
        found: the conversation.
        hit: the message.
        is_first: the row tells the conversation's title, too.
    """

    found: FoundConversation
    hit: Hit
    is_first: bool

    @property
    def summary(self) -> ConversationSummary:
        """The conversation's row in the list."""
        return self.found.summary


class ResultsModel(QAbstractListModel):
    """Results, the newest first."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Result] = []
        self._thumbnails: dict[str, QPixmap] = {}
        self.now = datetime.now().astimezone()

    def show(self, found: Iterable[FoundConversation], now: datetime) -> None:
        """Show these."""
        self.beginResetModel()
        self.now = now
        self._rows = [
            Result(one, hit, is_first=number == 0) for one in found for number, hit in enumerate(one.hits)
        ]
        self.endResetModel()

    def row_at(self, at: int) -> Result | None:
        """The result in row ``at``."""
        return self._rows[at] if 0 <= at < len(self._rows) else None

    def set_thumbnail(self, sha256: str, pixmap: QPixmap) -> None:
        """Show a picture where it belongs."""
        self._thumbnails[sha256] = pixmap
        if self._rows:
            self.dataChanged.emit(self.index(0), self.index(len(self._rows) - 1))

    def thumbnail(self, result: Result) -> QPixmap | None:
        """The picture of a conversation, if it has come."""
        sent = result.summary.thumbnail
        return None if sent is None else self._thumbnails.get(sent.sha256)

    def heights(self, width_px: int) -> list[int]:
        """Of all rows in px."""
        metrics = QFontMetrics(theme.current().font("small"))
        room = max(width_px - text_left() - SIDE_PX, 40)
        return [
            2 * PADDING_PX + (TITLE_PX if row.is_first else 0) + lines(row, metrics, room) * LINE_PX + META_PX
            for row in self._rows
        ]

    @override
    def rowCount(self, parent: _Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        return 0 if parent.isValid() else len(self._rows)

    @override
    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.row_at(index.row())
        if row is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return shown_title(row.summary)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return join_list(
                part for part in (shown_title(row.summary), row.hit.snippet.text, meta(row, self.now)) if part
            )
        return None


def text_left() -> int:
    """Where texts begin, beside the thumbnail."""
    look = theme.current()
    return look.metric("history_row_padding") + look.metric("history_thumb") + look.metric("history_row_gap")


def lines(row: Result, metrics: QFontMetrics, room_px: int) -> int:
    """So many lines a snippet has."""
    text = row.hit.snippet.text
    if not text:
        return 0
    return 1 if metrics.horizontalAdvance(text) <= room_px else _MOST_LINES


def meta(row: Result, now: datetime) -> str:
    """``12 October · gpt-5-mini``, after where it was found if not in what was said."""
    moment = row.hit.created_at.astimezone(now.tzinfo)
    if moment.date() == now.date():
        day = f"{moment:%H:%M}"
    else:
        day = day_and_month(moment) if moment.year == now.year else full_date(moment)
    parts = [day]
    if row.hit.model:
        on_device = row.hit.model == ON_DEVICE
        parts.append(_("on this computer") if on_device else printable(row.hit.model, limit=40))
    where = {
        Where.FILE: _("file name"),
        Where.READ: _("text on the image"),
        Where.IMAGE: _("same image"),
        Where.NEAR: _("looks the same"),
    }.get(row.hit.where)
    if where:
        # First, because a narrow panel cuts the end.
        parts.insert(0, where)
    if row.summary.archived and row.is_first:
        parts.append(_("archived"))
    return " · ".join(parts)

"""Drags images out of the gallery into file managers and other programs."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QMargins, QMimeData, QObject, QPoint, QRectF, Qt
from PySide6.QtGui import QDrag, QGuiApplication, QPainter, QPixmap
from PySide6.QtWidgets import QAbstractScrollArea, QWidget

from desktop.core.compat import override
from desktop.core.leaving import URI_LIST, Leaving, uri_list
from desktop.core.text import format_count
from desktop.tasks.files_out import Done, FilesOut
from desktop.ui import theme
from desktop.ui.widgets.thumbs import rounded_path

_PICTURE_PX = 96
_MARGIN_PX = 8


class DraggingOut(QObject):
    """Begins drags. What is edited is made first, and the drag begins then if the button is still down."""

    def __init__(self, tasks: FilesOut, view: QAbstractScrollArea) -> None:
        super().__init__(view)
        self._tasks = tasks
        self._view = view
        self._making: Future[Any] | None = None

    def start(
        self, leaving: Sequence[Leaving], picture: QPixmap | None, failed: Callable[[Done], object]
    ) -> None:
        """Begin a drag.

        Args:
            leaving: what leaves.
            picture: a thumbnail to drag along; None if there is none.
            failed: gets what could not be made, if there is something.
        """
        self.give_up()
        if not leaving:
            return
        if all(one.facts is None for one in leaving):
            self._drag([one.path for one in leaving], picture)
            return

        def begin(done: Done) -> None:
            self._stop_waiting()
            if done.problems:
                failed(done)
            if done.results and QGuiApplication.mouseButtons() & Qt.MouseButton.LeftButton:
                self._drag([path for path in done.results if isinstance(path, Path)], picture)

        self._view.setCursor(Qt.CursorShape.BusyCursor)
        # The button was pressed over it, so that it is told of the release wherever that is.
        self._view.viewport().installEventFilter(self)
        self._making = self._tasks.prepare(leaving, begin)

    def give_up(self) -> None:
        """The button was let go of before everything was there."""
        if self._making is not None:
            self._making.cancel()
            self._stop_waiting()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.MouseButtonRelease:
            self.give_up()
        return super().eventFilter(watched, event)

    def _stop_waiting(self) -> None:
        self._making = None
        self._view.unsetCursor()
        self._view.viewport().removeEventFilter(self)

    def _drag(self, paths: Iterable[Path], picture: QPixmap | None) -> None:
        given = tuple(paths)
        mime = QMimeData()
        mime.setData(URI_LIST, uri_list(given))
        drag = QDrag(self._view)
        drag.setMimeData(mime)
        if picture is not None and not picture.isNull():
            shown = drag_picture(picture, len(given), self._view.devicePixelRatioF())
            drag.setPixmap(shown)
            drag.setHotSpot(QPoint(_MARGIN_PX, _MARGIN_PX))
        # What is in the gallery already is not brought in again, and no edited version of it either.
        window = self._view.window()
        takers = [w for w in (window, *window.findChildren(QWidget)) if w.acceptDrops()]
        for taker in takers:
            taker.setAcceptDrops(False)
        try:
            # Copied only: whoever moved them would take them from the gallery, and from where they belong.
            drag.exec(Qt.DropAction.CopyAction)
        finally:
            for taker in takers:
                taker.setAcceptDrops(True)


def drag_picture(picture: QPixmap, count: int, ratio: float) -> QPixmap:
    """A small thumbnail with how many are dragged, for screens of ``ratio`` pixels to one."""
    look = theme.current()
    size = picture.size().scaled(_PICTURE_PX, _PICTURE_PX, Qt.AspectRatioMode.KeepAspectRatio)
    whole = size.grownBy(QMargins(_MARGIN_PX, _MARGIN_PX, _MARGIN_PX, _MARGIN_PX))
    made = QPixmap(whole * ratio)
    made.setDevicePixelRatio(ratio)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
    place = QRectF(_MARGIN_PX, _MARGIN_PX, size.width(), size.height())
    painter.setClipPath(rounded_path(place, look.metric("radius_thumb")))
    painter.drawPixmap(place, picture, QRectF(picture.rect()))
    painter.setClipping(False)
    if count > 1:
        font = look.font("title")
        painter.setFont(font)
        text = format_count(count)
        width = max(22.0, painter.fontMetrics().horizontalAdvance(text) + 14.0)
        badge = QRectF(place.right() - width + _MARGIN_PX, place.top() - _MARGIN_PX + 1, width, 22)
        painter.fillPath(rounded_path(badge, 11), look.color("accent"))
        painter.setPen(look.color("accent_text"))
        painter.drawText(badge, Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return made

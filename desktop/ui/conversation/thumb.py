"""The images of a question, and the button that stands for those that are folded away."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontMetrics, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.core.compat import override
from desktop.core.edits import Edits
from desktop.core.model import Attachment
from desktop.core.pages import picture_name
from desktop.core.text import (
    _,
    format_count,
    format_pixels,
    format_price,
    format_tokens,
    join_list,
    ngettext,
    printable,
)
from desktop.ui import theme
from desktop.ui.composer.state import detail_name
from desktop.ui.widgets.labels import plain_tooltip
from desktop.ui.widgets.thumbs import paint_cover, rounded_path

_LEAST_THUMB_PX = 40
_BADGE_PX, _INSET_PX = 15, 4
_OPENING_KEYS = frozenset({Qt.Key.Key_Space.value, Qt.Key.Key_Return.value, Qt.Key.Key_Enter.value})
_MOST_THUMB_PX = 200


class Thumb(QWidget):
    """One image of a question, as high as all others, with its tokens in a corner.

    Attributes:
        attachment: the image; its ``id`` is 0 and its ``sent`` None until it is stored.

    Signals:
        opened(int): the user wants to see it large; its id.
    """

    opened = Signal(int)

    def __init__(self, attachment: Attachment) -> None:
        super().__init__()
        self._pixmap: QPixmap | None = None
        self.attachment = attachment
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.show_attachment(attachment)

    def show_attachment(self, attachment: Attachment) -> None:
        """Show this image: another one, or the same that is stored by now."""
        if attachment.key != self.attachment.key:
            self._pixmap = None
        self.attachment = attachment
        shape = attachment.sent or attachment.image
        height = theme.current().metric("bubble_thumb_height")
        width = round(height * shape.width_px / max(shape.height_px, 1))
        self.setFixedSize(min(max(width, _LEAST_THUMB_PX), _MOST_THUMB_PX), height)
        words = describe(attachment)
        self.setAccessibleName(join_list(words.splitlines()))
        plain_tooltip(self, words)
        self.update()

    def pixmap(self) -> QPixmap | None:
        """The picture, if it has come."""
        return self._pixmap

    def set_pixmap(self, pixmap: QPixmap) -> None:
        """Show the picture."""
        self._pixmap = pixmap
        self.update()

    @override
    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() is Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._open()

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in _OPENING_KEYS:
            self._open()
        else:
            super().keyPressEvent(event)

    def _open(self) -> None:
        if self.attachment.id:
            self.opened.emit(self.attachment.id)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        look = theme.current()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        rect, radius = QRectF(self.rect()), look.metric("radius_thumb")
        if self._pixmap is None or self._pixmap.isNull():
            painter.fillPath(rounded_path(rect, radius), look.color("surface"))
            icon = look.pixmap("image", role="text_placeholder", size_px=16)
            painter.drawPixmap(round(rect.center().x() - 8), round(rect.center().y() - 8), icon)
        else:
            paint_cover(painter, rect, self._pixmap, radius=radius)
        # A picture as light as the bubble would have no edge.
        painter.setPen(QPen(look.color("focus_ring" if self.hasFocus() else "border_strong"), 1))
        painter.drawPath(rounded_path(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius - 0.5))
        height = self.height() - _BADGE_PX - _INSET_PX
        if self.attachment.tokens:
            self._paint_badge(painter, format_count(self.attachment.tokens), height)
        if self.attachment.edits.overview:
            self._paint_badge(painter, _("overview"), _INSET_PX)
        painter.end()

    def _paint_badge(self, painter: QPainter, text: str, top: int) -> None:
        look = theme.current()
        font = QFont(look.font("badge"))
        font.setWeight(QFont.Weight.Normal)
        width = min(QFontMetrics(font).horizontalAdvance(text) + 2 * 5, self.width() - 2 * _INSET_PX)
        rect = QRectF(_INSET_PX, top, width, _BADGE_PX)
        painter.fillPath(rounded_path(rect, 5), look.color("badge_background"))
        painter.setFont(font)
        painter.setPen(look.color("badge_text"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


def describe(attachment: Attachment) -> str:
    """Everything about an image of a question, in lines."""
    sent = attachment.sent
    lines = [picture_name(attachment.image), *_done(attachment.edits)]
    if sent is not None:
        lines.append(_("sent as {pixels}").format(pixels=format_pixels(sent.width_px, sent.height_px)))
    lines.append(_("Detail: {level}").format(level=detail_name(attachment.detail)))
    if attachment.tokens:
        lines.append(f"{format_tokens(attachment.tokens)} · {format_price(attachment.cost_usd)}")
    if attachment.note:
        lines.append(_("The prompt says: {note}").format(note=printable(attachment.note, limit=400)))
    if attachment.left_out:
        lines.append(_("left out of follow-ups"))
    return "\n".join(lines)


def _done(edits: Edits) -> list[str]:
    """What had been done to it when it was sent."""
    done = [
        (edits.overview, _("overview of the whole")),
        (edits.crop is not None, _("cropped")),
        (bool(edits.blackouts), _("blacked out")),
        (bool(edits.marks) and not edits.overview, _("marked")),
        (edits.longest_px is not None and not edits.overview, _("shrunk")),
    ]
    said = [words for holds, words in done if holds]
    return [join_list(said)] if said else []


class MoreButton(QPushButton):
    """``+198``: stands for so many more images, as high as one."""

    def __init__(self, count: int) -> None:
        super().__init__(f"+{format_count(count)}")
        self.setProperty("kind", "more_images")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        words = ngettext("Show {count} more image", "Show {count} more images", count)
        self.setAccessibleName(words.format(count=format_count(count)))
        plain_tooltip(self, self.accessibleName())

    @override
    def sizeHint(self) -> QSize:
        return QSize(*[theme.current().metric("bubble_thumb_height")] * 2)

"""The images of a question, and the button that stands for those that are folded away."""

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QFont, QFontMetrics, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QPushButton, QWidget

from desktop.core.compat import override
from desktop.core.model import Attachment
from desktop.core.text import (
    _,
    format_count,
    format_pixels,
    format_price,
    format_tokens,
    join_list,
    ngettext,
)
from desktop.ui import theme
from desktop.ui.composer.state import detail_name
from desktop.ui.widgets.labels import plain_tooltip
from desktop.ui.widgets.thumbs import paint_cover, rounded_path

_LEAST_THUMB_PX = 40
_MOST_THUMB_PX = 200


class Thumb(QWidget):
    """One image of a question, as high as all others, with its tokens in a corner.

    Attributes:
        attachment: the image; its ``id`` is 0 and its ``sent`` None until it is stored.
    """

    def __init__(self, attachment: Attachment) -> None:
        super().__init__()
        self._pixmap: QPixmap | None = None
        self.attachment = attachment
        self.show_attachment(attachment)

    def show_attachment(self, attachment: Attachment) -> None:
        """Show this image: another one, or the same that is stored by now."""
        if attachment.image.sha256 != self.attachment.image.sha256:
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
        painter.setPen(QPen(look.color("border_strong"), 1))
        painter.drawPath(rounded_path(rect.adjusted(0.5, 0.5, -0.5, -0.5), radius - 0.5))
        if self.attachment.tokens:
            self._paint_tokens(painter, format_count(self.attachment.tokens))
        painter.end()

    def _paint_tokens(self, painter: QPainter, text: str) -> None:
        look = theme.current()
        font = QFont(look.font("badge"))
        font.setWeight(QFont.Weight.Normal)
        height, inset = 15, 4
        width = QFontMetrics(font).horizontalAdvance(text) + 2 * 5
        rect = QRectF(inset, self.height() - inset - height, width, height)
        painter.fillPath(rounded_path(rect, 5), look.color("badge_background"))
        painter.setFont(font)
        painter.setPen(look.color("badge_text"))
        painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


def describe(attachment: Attachment) -> str:
    """Everything about an image of a question, in lines."""
    sent = attachment.sent
    lines = [attachment.image.name]
    if sent is not None:
        lines.append(_("sent as {pixels}").format(pixels=format_pixels(sent.width_px, sent.height_px)))
    lines.append(_("Detail: {level}").format(level=detail_name(attachment.detail)))
    if attachment.tokens:
        lines.append(f"{format_tokens(attachment.tokens)} · {format_price(attachment.cost_usd)}")
    if attachment.left_out:
        lines.append(_("left out of follow-ups"))
    return "\n".join(lines)


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

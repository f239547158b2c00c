"""A question as a bubble at the right: its images with their tokens, then its text."""

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, Qt, Signal
from PySide6.QtGui import (
    QEnterEvent,
    QFont,
    QFontMetrics,
    QGuiApplication,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.model import Attachment, Message
from desktop.core.text import _, format_count, format_pixels, format_price, format_tokens, join_list
from desktop.ui import theme
from desktop.ui.composer.state import detail_name
from desktop.ui.conversation.quiet_text import QuietText
from desktop.ui.widgets.buttons import icon_button
from desktop.ui.widgets.flow import FlowLayout
from desktop.ui.widgets.labels import plain_tooltip
from desktop.ui.widgets.thumbs import paint_cover, rounded_path

_PART_OF_WIDTH = 0.75
_LEAST_THUMB_PX = 40
_MOST_THUMB_PX = 200
_SURELY_WRAPS = 2000


class Thumb(QWidget):
    """One image of a question, as high as all others, with its tokens in a corner."""

    def __init__(self, attachment: Attachment) -> None:
        super().__init__()
        self.attachment = attachment
        self._pixmap: QPixmap | None = None
        shape = attachment.sent or attachment.image
        height = theme.current().metric("bubble_thumb_height")
        width = round(height * shape.width_px / max(shape.height_px, 1))
        self.setFixedSize(min(max(width, _LEAST_THUMB_PX), _MOST_THUMB_PX), height)
        words = describe(attachment)
        self.setAccessibleName(join_list(words.splitlines()))
        plain_tooltip(self, words)

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


class QuestionBubble(QWidget):
    """One question; as wide as it needs, up to three quarters of the row.

    Attributes:
        thumbs: its images, in order.

    Signals:
        thumbnails_needed: attachments whose pictures are to be given to `Thumb.set_pixmap`.
    """

    thumbnails_needed = Signal(list)

    def __init__(self, message: Message) -> None:
        super().__init__()
        self.message = message
        self.thumbs: list[Thumb] = []
        self._shown_text: str | None = None
        self.setAccessibleName(_("Question"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._frame = QFrame()
        self._frame.setProperty("kind", "bubble")
        self._frame.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._pictures = QWidget()
        self._pictures.hide()
        self._flow = FlowLayout(self._pictures, gap_px=theme.current().metric("bubble_thumb_gap"))
        self._text = QuietText()
        self._text.setAccessibleName(_("Question"))
        self._copy = icon_button("copy", _("Copy question"), size_px=28)
        self._copy.clicked.connect(self._on_copy)
        self._lay_out()
        self.show_message(message)

    def show_message(self, message: Message) -> None:
        """Show ``message``: the same question, perhaps with images and ids by now."""
        if message.attachments != tuple(thumb.attachment for thumb in self.thumbs):
            self._show_images(message.attachments)
        self.message = message
        if self._shown_text != message.text:
            self._shown_text = message.text
            self._text.set_plain(message.text)
        self._text.setVisible(bool(message.text))
        self._fit()

    def _show_images(self, attachments: Sequence[Attachment]) -> None:
        old = {thumb.attachment.image.sha256: thumb for thumb in self.thumbs}
        while self._flow.takeAt(0) is not None:
            pass
        self.thumbs = [Thumb(attachment) for attachment in attachments]
        for thumb in self.thumbs:
            self._flow.addWidget(thumb)
            # A layout shows new widgets later, and until then counts them as empty.
            thumb.show()
            before = old.get(thumb.attachment.image.sha256)
            picture = before.pixmap() if before else None
            if picture is not None:
                thumb.set_pixmap(picture)
        for thumb in old.values():
            thumb.hide()
            thumb.deleteLater()
        self._pictures.setVisible(bool(attachments))

    def _lay_out(self) -> None:
        look = theme.current()
        side, top = look.metric("bubble_padding"), look.metric("bubble_padding_top")
        inner = QVBoxLayout(self._frame)
        inner.setContentsMargins(side, top, side, top - 2)
        inner.setSpacing(8)
        inner.addWidget(self._pictures)
        inner.addWidget(self._text)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(4)
        row.addStretch()
        policy = self._copy.sizePolicy()
        policy.setRetainSizeWhenHidden(True)
        self._copy.setSizePolicy(policy)
        self._copy.hide()
        row.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self._frame)

    def _fit(self) -> None:
        """Choose the bubble's width and the heights that follow from it; Qt alone would choose a square."""
        most = max(round(self.width() * _PART_OF_WIDTH), 160) - 2 * theme.current().metric("bubble_padding")
        pictures = self._flow.sizeHint().width() if self.thumbs else 0
        width = min(max(pictures, self._natural_width()), most)
        if self.thumbs:
            self._pictures.setFixedSize(width, self._flow.heightForWidth(width))
        self._text.setFixedWidth(width)
        self._text.fit()

    def _natural_width(self) -> int:
        """How wide the text is where it need not wrap; beyond some length it always must."""
        text = self.message.text
        if len(text) > _SURELY_WRAPS:
            return 1 << 20
        metrics = self._text.fontMetrics()
        return max((metrics.horizontalAdvance(line) for line in text.splitlines()), default=0) + 4

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.message.text)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        self._copy.setVisible(bool(self.message.text))

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._copy.hide()

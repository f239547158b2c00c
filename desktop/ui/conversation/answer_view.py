"""The text of one answer: rendered Markdown, quiet while it grows."""

from collections.abc import Iterator
from time import monotonic

from PySide6.QtCore import QPoint, QPointF, QRect, QRectF, Qt, QTimer
from PySide6.QtGui import (
    QFontMetricsF,
    QPainter,
    QPaintEvent,
    QTextBlock,
    QTextCursor,
    QTextFrame,
    QTextLength,
    QTextLine,
    QTextList,
    QTextListFormat,
    QTextTable,
)
from PySide6.QtWidgets import QWidget

from desktop.core.compat import override
from desktop.core.text import _
from desktop.ui import theme
from desktop.ui.conversation.markdown import PAD, Look, render, stylesheet
from desktop.ui.conversation.quiet_text import QuietText

FRAME_MS = 33
"""At most about 30 renderings a second."""

PATIENCE = 4
"""Rendering may take one part in so many of the time: a slow one is followed by a longer rest."""


BULLET_GAP_PX = 11
BULLET_RADIUS_PX = (2.0, 2.0)


class AnswerText(QuietText):
    """Markdown that may be growing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._markdown = ""
        self._shown: str | None = None
        self._streaming = False
        self._rest_until = 0.0
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._render)
        self.setAccessibleName(_("Answer"))
        self.document().setIndentWidth(22)
        theme.current().changed.connect(self._on_theme_changed)
        self._on_theme_changed()

    def set_markdown(self, text: str, *, streaming: bool = False) -> None:
        """Show ``text``; while ``streaming`` at most `FRAME_MS` often, and at once when it is final."""
        self._markdown = text
        self._streaming = streaming
        if not streaming:
            self._timer.stop()
            self._render()
        elif not self._timer.isActive():
            self._timer.start(max(0, round((self._rest_until - monotonic()) * 1000)))

    def markdown(self) -> str:
        """The text as it came."""
        return self._markdown

    def _render(self) -> None:
        if self._shown != self._markdown:
            started = monotonic()
            anchor, position = self.textCursor().anchor(), self.textCursor().position()
            self.document().setHtml(render(self._markdown))
            self._select(anchor, position)
            self._shown = self._markdown
            took = monotonic() - started
            self._rest_until = monotonic() + max(FRAME_MS / 1000, PATIENCE * took)
        self.viewport().update()

    def _select(self, anchor: int, position: int) -> None:
        """Keep what was selected while the text grows behind it."""
        last = self.document().characterCount() - 1
        cursor = self.textCursor()
        cursor.setPosition(min(anchor, last))
        cursor.setPosition(min(position, last), QTextCursor.MoveMode.KeepAnchor)
        self.setTextCursor(cursor)

    def _on_theme_changed(self) -> None:
        self.document().setDefaultStyleSheet(stylesheet(current_look()))
        if self._shown is not None:
            self._shown = None
            self._render()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """Round grounds behind code, then the text, then the caret of an answer that is still coming."""
        painter = QPainter(self.viewport())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.current().color("code_background"))
        self._paint_grounds(painter, QRectF(event.rect()))
        painter.setBrush(theme.current().color("text_muted"))
        self._paint_bullets(painter, QRectF(event.rect()))
        painter.end()
        super().paintEvent(event)
        if self._streaming:
            self._paint_caret()

    def _paint_grounds(self, painter: QPainter, exposed: QRectF) -> None:
        offset = QPoint(-self.horizontalScrollBar().value(), 0)
        painter.translate(offset)
        layout = self.document().documentLayout()
        for frame in _code_frames(self.document().rootFrame()):
            # Qt adds the place of the first cell to that of its table.
            inset = _cell_padding(frame) + frame.frameFormat().border()
            margins = frame.frameFormat().topMargin() + frame.frameFormat().bottomMargin()
            rect = layout.frameBoundingRect(frame).translated(-inset, -inset).adjusted(0, 0, 0, -margins)
            if rect.intersects(exposed):
                painter.drawRoundedRect(rect, 8, 8)
        for rect in self._inline_code(exposed):
            painter.drawRoundedRect(rect, 4, 4)

    def _paint_bullets(self, painter: QPainter, exposed: QRectF) -> None:
        """Small round ones with some room; Qt's own are heavy and stand 3 px from the text."""
        middle = QFontMetricsF(self.document().defaultFont()).xHeight() / 2
        for block, bounds in self._blocks(exposed):
            bullets: QTextList | None = block.textList()
            if bullets and bullets.format().style() is QTextListFormat.Style.ListStyleUndefined:
                line = block.layout().lineAt(0)
                runs, words = line.glyphRuns(line.textStart(), 1), line.naturalTextRect()
                y = runs[0].positions()[0].y() - middle if runs else words.center().y()
                from_right = block.textDirection() is Qt.LayoutDirection.RightToLeft
                x = words.right() + BULLET_GAP_PX if from_right else words.left() - BULLET_GAP_PX
                painter.drawEllipse(QPointF(x, y) + bounds.topLeft(), *BULLET_RADIUS_PX)

    def _inline_code(self, exposed: QRectF) -> list[QRectF]:
        rects: list[QRectF] = []
        for block, bounds in self._blocks(exposed):
            if PAD in block.text():
                rects += _padded_runs(block, bounds)
        return rects

    def _blocks(self, exposed: QRectF) -> Iterator[tuple[QTextBlock, QRectF]]:
        """The paragraphs within ``exposed``, and where they are."""
        layout = self.document().documentLayout()
        block = self.cursorForPosition(exposed.topLeft().toPoint()).block().previous()
        block = block if block.isValid() else self.document().firstBlock()
        while block.isValid():
            bounds = layout.blockBoundingRect(block)
            if bounds.top() > exposed.bottom():
                break
            yield block, bounds
            block = block.next()

    def _paint_caret(self) -> None:
        cursor = QTextCursor(self.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        painter = QPainter(self.viewport())
        place = self.cursorRect(cursor)
        caret = QRect(place.left() + 1, place.top() + 1, 1, place.height() - 1)
        painter.fillRect(caret, theme.current().color("accent_line"))
        painter.end()


def current_look() -> Look:
    """What the theme in force says about answers."""
    now = theme.current()
    return Look(
        text=now.color("text").name(),
        muted=now.color("text_muted").name(),
        link=now.color("accent_soft_text").name(),
        border=now.color("border").name(),
        table_header=now.color("table_header").name(),
        keyword=now.color("accent_soft_text").name(),
        string=now.color("success").name(),
        number=now.color("warning_text").name(),
        comment=now.color("text_faint").name(),
        deleted=now.color("danger").name(),
        text_px=now.font("answer").pixelSize(),
        table_px=now.font("table").pixelSize(),
        code_px=now.font("mono").pixelSize(),
        code_family=now.font("mono").family(),
        cell_padding_px=now.metric("table_cell_padding"),
    )


def _code_frames(root: QTextFrame) -> list[QTextFrame]:
    """Tables of one cell as wide as the text and without a border of their own are code."""
    found: list[QTextFrame] = []
    for frame in root.childFrames():
        if _is_code(frame):
            found.append(frame)
        found += _code_frames(frame)
    return found


def _cell_padding(frame: QTextFrame) -> float:
    return frame.format().cellPadding() if isinstance(frame, QTextTable) else 0.0


def _is_code(frame: QTextFrame) -> bool:
    if not isinstance(frame, QTextTable):
        return False
    full = frame.format().width().type() is QTextLength.Type.PercentageLength
    return full and frame.format().cellPadding() > 0


def _padded_runs(block: QTextBlock, bounds: QRectF) -> list[QRectF]:
    """Where inline code stands in a block: between two `PAD`, on every line that it touches."""
    pads = [i for i, character in enumerate(block.text()) if character == PAD]
    rects: list[QRectF] = []
    for start, stop in zip(pads[::2], pads[1::2], strict=False):
        for number in range(block.layout().lineCount()):
            rect = _on_line(block.layout().lineAt(number), start, stop + 1)
            if rect is not None:
                rects.append(rect.translated(bounds.left(), bounds.top()))
    return rects


def _on_line(line: QTextLine, start: int, stop: int) -> QRectF | None:
    first, last = max(start, line.textStart()), min(stop, line.textStart() + line.textLength())
    if first >= last:
        return None
    left, right = line.cursorToX(first)[0], line.cursorToX(last)[0]  # type: ignore[index]
    height = line.ascent() + line.descent()
    return QRectF(min(left, right), line.y() + line.height() - height - 1, abs(right - left), height + 2)

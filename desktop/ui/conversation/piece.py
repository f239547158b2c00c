"""One leaf in the window: its document, its place, and how it is painted."""

import math
from itertools import accumulate

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QFontMetricsF,
    QPainter,
    QPalette,
    QPixmap,
    QTextBlock,
    QTextLine,
    QTextTable,
)

from desktop.ui import theme
from desktop.ui.conversation.columns import EDGE_PX, set_widths
from desktop.ui.conversation.leaves import Kind, Leaf
from desktop.ui.conversation.look import (
    CODE_END_PX,
    CODE_HEAD_PX,
    CODE_SIDE_PX,
    RULE_PX,
    current_look,
    indent_px,
    page,
    stylesheet,
)
from desktop.ui.conversation.markdown import PAD
from desktop.ui.conversation.markers import paint_marker
from desktop.ui.conversation.quiet_text import QuietDocument
from desktop.ui.conversation.text_marks import Found, blocks, found_marks, selection_marks, utf16_places

MOST_PICTURE_PX = 3000
BAR_PX = 12
"""Below a table that scrolls."""

_AVERAGE_PX = 6.6
_CELL_TOP_PX = 6
"""As in the style sheet."""


class Piece:
    """A leaf and where it is.

    Attributes:
        leaf: what it shows.
        top: distance from the top of all.
        height: in pixels; a guess while not ``measured``.
        measured: the height is right for the width.
        head: number of the first piece of those that it is joined to.
        joined: another one joins it below.
        widths: of a table's columns.
        gap: room above it.
        shared: so many of its levels are those of the piece above.
    """

    def __init__(self, leaf: Leaf, width: int) -> None:
        self.leaf = leaf
        self._text_px = 0
        self.top = 0
        self.head = 0
        self.joined = False
        self.widths: list[int] = []
        self.gap = 0
        self.shared = 0
        self._document: QuietDocument | None = None
        self._rows: list[float] = []
        self._picture: QPixmap | None = None
        self._painted = 0
        self.set_width(width)

    def set_width(self, width: int) -> None:
        """The room from the left of all; forgets what was measured."""
        self.ends = indent_px(self.leaf, width)
        self.x = self.ends[-1] if self.ends else 0
        self.room = max(width - self.x, 40)
        self.measured = False
        self._text_px = self._guess()
        self._take_height()
        self.let_go()

    @property
    def above(self) -> int:
        """Room inside, above the text."""
        if self.leaf.kind is Kind.CODE:
            return 0 if self.leaf.goes_on else CODE_HEAD_PX
        return 0

    @property
    def left(self) -> int:
        """Where the text begins."""
        return self.x + (CODE_SIDE_PX if self.leaf.kind is Kind.CODE else 0)

    @property
    def has_document(self) -> bool:
        """Whether it holds memory that `let_go` would free."""
        return self._document is not None

    def document(self) -> QuietDocument:
        """Its text, laid out."""
        if self._document is None:
            self._document = self._made()
            rule = self.leaf.kind is Kind.RULE
            self._text_px = RULE_PX if rule else math.ceil(self._document.size().height())
            self.measured = True
            self._take_height()
        return self._document

    def _take_height(self) -> None:
        """The text with what is above and below it."""
        below = 0
        if self.leaf.kind is Kind.CODE and not self.joined:
            below = CODE_END_PX
        elif self.leaf.kind is Kind.TABLE and not self.joined:
            below = EDGE_PX + (BAR_PX if self.is_wide else 0)
        self.height = self._text_px + self.above + below

    @property
    def is_wide(self) -> bool:
        """Whether a table is wider than the room, and scrolls."""
        return self.across > self.room

    def let_go(self) -> None:
        """Free the document; the height stays known."""
        self._document = None
        self._picture = None
        self._painted = 0

    def set_joined(self, joined: bool) -> None:
        """Whether another one joins it below."""
        if joined != self.joined:
            self.joined = joined
            self._take_height()

    def _made(self) -> QuietDocument:
        made = document_of(self.leaf)
        width = self.room - (2 * CODE_SIDE_PX if self.leaf.kind is Kind.CODE else 0)
        table: QTextTable | None = None
        if self.leaf.kind is Kind.TABLE:
            table = next((f for f in made.rootFrame().childFrames() if isinstance(f, QTextTable)), None)
            if table is not None:
                set_widths(table, self.widths)
            width = max(width, self.across)
        made.setTextWidth(width)
        if table is not None:
            self._rows = _row_tops(made, table)
        return made

    @property
    def across(self) -> int:
        """How wide a table is; it may be wider than the room."""
        return sum(self.widths) + EDGE_PX if self.widths else 0

    def _guess(self) -> int:
        leaf = self.leaf
        if leaf.kind is Kind.RULE:
            return RULE_PX
        if leaf.kind is Kind.TABLE:
            return 27 * max(1, len(leaf.words) // max(leaf.columns, 1))
        across = max(1, int(self.room / _AVERAGE_PX))
        return 20 * sum(1 + len(line) // across for line in leaf.words)

    def paint(
        self,
        painter: QPainter,
        *,
        selection: tuple[int, int] | None,
        found: "list[Found]",
        scroll_x: int = 0,
    ) -> None:
        """Paint it with its own top and left at the painter's origin.

        Args:
            painter: translated.
            selection: first and last place of its text that are selected.
            found: words that are searched for.
            scroll_x: how far a wide table is scrolled.
        """
        document = self.document()
        self._paint_around(painter)
        painter.save()
        if self.leaf.kind is Kind.TABLE:
            area = QRectF(self.x, 0, self.room, self.height + 1)
            painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
        painter.translate(self.left - scroll_x, self.above)
        if selection is not None or found:
            self._paint_text(
                painter,
                [
                    *found_marks(document, found),
                    *selection_marks(document, selection, is_table=self.leaf.kind is Kind.TABLE),
                ],
            )
        elif self._painted == 0 or self.height > MOST_PICTURE_PX:
            # What streams is painted once only.
            self._paint_text(painter, [])
        else:
            painter.drawPixmap(0, 0, self._as_picture(painter.device().devicePixelRatio()))
        self._painted += 1
        painter.restore()

    def _as_picture(self, ratio: float) -> QPixmap:
        """Its text as pixels: a table takes twenty times as long."""
        if self._picture is None or self._picture.devicePixelRatio() != ratio:
            size = self.document().size()
            made = QPixmap(round(size.width() * ratio) + 1, round((size.height() + 1) * ratio) + 1)
            made.setDevicePixelRatio(ratio)
            made.fill(Qt.GlobalColor.transparent)
            painter = QPainter(made)
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            self._paint_text(painter, [])
            painter.end()
            self._picture = made
        return self._picture

    def _paint_text(self, painter: QPainter, marks: list[QAbstractTextDocumentLayout.Selection]) -> None:
        document = self.document()
        if self.leaf.kind is Kind.TABLE:
            self._paint_grid(painter)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.current().color("code_background"))
        if self.leaf.kind is not Kind.CODE:
            for rect in _inline_code(document):
                painter.drawRoundedRect(rect, 4, 4)
        context = QAbstractTextDocumentLayout.PaintContext()
        context.palette.setColor(QPalette.ColorRole.Text, theme.current().color("text"))
        context.selections = marks
        document.documentLayout().draw(painter, context)

    def _paint_around(self, painter: QPainter) -> None:
        """Markers, quote bars, the ground of code."""
        look = theme.current()
        painter.setPen(Qt.PenStyle.NoPen)
        for number, (level, end) in enumerate(zip(self.leaf.levels, self.ends, strict=True)):
            if level.quote:
                up = self.gap if number < self.shared else 0
                painter.setBrush(look.color("border_strong"))
                painter.drawRect(QRectF(end - 14, -up, 3, self.height + up))
            elif level.marker:
                paint_marker(painter, level.marker, end, self._base_line())
        if self.leaf.kind is Kind.CODE:
            painter.save()
            area = QRectF(self.x, 0, self.room, self.height)
            painter.setClipRect(area, Qt.ClipOperation.IntersectClip)
            painter.setBrush(look.color("code_background"))
            painter.drawRoundedRect(
                area.adjusted(0, -20 if self.leaf.goes_on else 0, 0, 20 if self.joined else 0), 8, 8
            )
            painter.restore()
        elif self.leaf.kind is Kind.RULE:
            painter.setBrush(look.color("border"))
            painter.drawRect(QRectF(self.x, RULE_PX // 2, self.room, 1))

    def _paint_grid(self, painter: QPainter) -> None:
        """Lines around cells; Qt's own take five times as long as the text."""
        look = theme.current()
        across = sum(self.widths)
        if not self.leaf.goes_on and len(self._rows) > 1:
            painter.fillRect(QRectF(0, 0, across, self._rows[1]), look.color("table_header"))
        line = look.color("border")
        for top in (*self._rows[1 if self.leaf.goes_on else 0 :], self._text_px):
            painter.fillRect(QRectF(0, top, across + 1, 1), line)
        for left in accumulate(self.widths, initial=0):
            painter.fillRect(QRectF(left, 0, 1, self._text_px + 1), line)

    def _base_line(self) -> float:
        """Where the letters of its first line stand."""
        if self.leaf.kind not in (Kind.TEXT, Kind.HEADING):
            return 20.0
        line = self.document().firstBlock().layout().lineAt(0)
        runs = line.glyphRuns(line.textStart(), 1) if line.isValid() else []
        if runs:
            return runs[0].positions()[0].y()
        return QFontMetricsF(theme.current().font("answer")).ascent() + 2


def _row_tops(document: QuietDocument, table: QTextTable) -> list[float]:
    layout = document.documentLayout()
    cells = (table.cellAt(row, 0).firstCursorPosition().block() for row in range(table.rows()))
    return [layout.blockBoundingRect(block).top() - _CELL_TOP_PX for block in cells]


def document_of(leaf: Leaf) -> QuietDocument:
    """Its text, not yet laid out."""
    made = QuietDocument()
    made.setDefaultStyleSheet(stylesheet(current_look(), leaf.kind))
    made.setHtml(page(leaf))
    return made


def _inline_code(document: QuietDocument) -> list[QRectF]:
    rects: list[QRectF] = []
    layout = document.documentLayout()
    for block in blocks(document):
        if PAD in block.text():
            rects += _padded_runs(block, layout.blockBoundingRect(block))
    return rects


def _padded_runs(block: QTextBlock, bounds: QRectF) -> list[QRectF]:
    """Where inline code stands in a block: between two `PAD`, on every line that it touches."""
    text = block.text()
    places = utf16_places(text)
    pads = [places[i] for i, character in enumerate(text) if character == PAD]
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

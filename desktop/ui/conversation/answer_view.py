"""The text of one answer: Markdown that may be growing, with its code to be copied and its links."""

from collections.abc import Sequence
from time import monotonic

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QWheelEvent
from PySide6.QtWidgets import QScrollBar, QWidget

from desktop.core.compat import override
from desktop.core.text import _
from desktop.ui import theme
from desktop.ui.conversation.code_head import CodeHead
from desktop.ui.conversation.leaves import Kind, Leaf, plain_leaves
from desktop.ui.conversation.look import CODE_HEAD_PX
from desktop.ui.conversation.piece import BAR_PX, Piece
from desktop.ui.conversation.splitting import Splitter
from desktop.ui.conversation.text_links import Link, link_rects, links_of
from desktop.ui.conversation.text_view import TextView

FRAME_MS = 33
"""At most about 30 renderings a second."""

PATIENCE = 4
"""Rendering may take one part in so many of the time: a slow one is followed by a longer rest."""

READ_S = 0.08
READ_STEP = 10_000
"""Characters of an answer of any length that are read at once, before the window is asked what it wants."""

SPOKEN = 20_000
"""So many characters are told to screen readers."""


class QuestionText(TextView):
    """The text of a question, as it was written."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(_("Question"))

    def set_plain(self, text: str) -> None:
        """Show ``text`` as it is."""
        self.set_leaves(plain_leaves(text))
        self.setAccessibleDescription(text[:SPOKEN])


class AnswerText(TextView):
    """Markdown that may be growing."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._markdown = ""
        self._shown: tuple[str, bool] | None = None
        self._streaming = False
        self._rest_until = 0.0
        self._splitter = Splitter()
        self._heads: dict[int, CodeHead] = {}
        self._bars: dict[int, QScrollBar] = {}
        self._link: Link | None = None
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.timeout.connect(self._render)
        self.setAccessibleName(_("Answer"))

    def set_markdown(
        self, text: str, *, streaming: bool = False, leaves: Sequence[Leaf] | None = None
    ) -> None:
        """Show ``text``; while ``streaming`` at most `FRAME_MS` often, and at once when it is final.

        Args:
            text: Markdown from anybody.
            streaming: more may come.
            leaves: what ``text`` is, where somebody has read it already.
        """
        self._markdown = text
        self._streaming = streaming
        if leaves is not None and not streaming:
            self._timer.stop()
            self._shown = text, False
            self.set_leaves(leaves)
            self._tell()
        elif not streaming:
            self._timer.stop()
            self._render()
        elif not self._timer.isActive():
            self._timer.start(max(0, round((self._rest_until - monotonic()) * 1000)))

    def _render(self) -> None:
        if self._shown != (self._markdown, self._streaming):
            started = monotonic()
            ended = self._read(started + READ_S)
            self.set_leaves(self._splitter.leaves)
            if not ended:
                self._timer.start(0)
                return
            self._shown = self._markdown, self._streaming
            if not self._streaming:
                self._tell()
            took = monotonic() - started
            self._rest_until = monotonic() + max(FRAME_MS / 1000, PATIENCE * took)
        self.update()

    def _read(self, until: float) -> bool:
        """Read what is new, at least some of it; False if the time was over before the end."""
        text = self._markdown
        at = self._splitter.begun(text)
        while at + READ_STEP < len(text):
            at += READ_STEP
            self._splitter.set_text(text[:at], final=False)
            if monotonic() > until:
                return False
        self._splitter.set_text(text, final=not self._streaming)
        return True

    def _tell(self) -> None:
        """Screen readers read it as the description of the focused answer."""
        words, said = 0, []
        for leaf in self._leaves:
            words += leaf.characters
            if words > SPOKEN:
                break
            said.append(" ".join(leaf.words))
        self.setAccessibleDescription("\n".join(said))

    # Code and wide tables

    def code_of(self, head: int) -> str:
        """The code that begins at a piece, as it was written."""
        parts: list[str] = []
        for number in range(head, len(self._pieces.all)):
            piece = self._pieces.all[number]
            if piece.head != head:
                break
            parts += piece.leaf.words
        return "\n".join(parts)

    @override
    def _show_parts(self) -> None:
        top, bottom = self._exposed
        seen = list(self._pieces.between(top, bottom))
        self._show_heads({n for n in seen if _has_head(self._pieces.all[n])})
        self._show_bars({self._pieces.all[n].head for n in seen if self._pieces.all[n].is_wide})

    def _show_heads(self, wanted: set[int]) -> None:
        for number in [n for n in self._heads if n not in wanted]:
            head = self._heads.pop(number)
            head.hide()
            head.deleteLater()
        for number in sorted(wanted):
            piece = self._pieces.all[number]
            if number not in self._heads:
                self._heads[number] = made = CodeHead(self)
                made.copy_wanted.connect(self._copy_code)
            head = self._heads[number]
            head.show_code(number, piece.leaf.language)
            head.setGeometry(piece.x, piece.top, piece.room, CODE_HEAD_PX)
            head.show()

    def _copy_code(self, head: CodeHead) -> None:
        head.copy(self.code_of(head.number))

    def _show_bars(self, wanted: set[int]) -> None:
        for number in [n for n in self._bars if n not in wanted]:
            self._bars.pop(number).deleteLater()
        for number in wanted:
            first = self._pieces.all[number]
            if number not in self._bars:
                self._bars[number] = bar = QScrollBar(Qt.Orientation.Horizontal, self)
                bar.setAccessibleName(_("Scroll the table"))
                bar.setFocusPolicy(Qt.FocusPolicy.TabFocus)
                bar.setCursor(Qt.CursorShape.ArrowCursor)
                bar.valueChanged.connect(self.update)
            bar = self._bars[number]
            last = number
            while last + 1 < len(self._pieces.all) and self._pieces.all[last + 1].head == number:
                last += 1
            end = self._pieces.all[last]
            bar.setRange(0, first.across - first.room)
            bar.setPageStep(first.room)
            bar.setSingleStep(30)
            bar.setGeometry(first.x, end.top + end.height - BAR_PX + 1, first.room, BAR_PX - 2)
            bar.show()

    @override
    def _scrolled(self, piece: Piece) -> int:
        bar = self._bars.get(piece.head)
        return bar.value() if bar is not None and piece.leaf.kind is Kind.TABLE else 0

    @override
    def wheelEvent(self, event: QWheelEvent) -> None:
        """Leave the wheel to the transcript; only sideways scrolling of a wide table stays here."""
        piece = self._pieces.all[self._pieces.at(event.position().y())] if self._pieces.all else None
        bar = self._bars.get(piece.head) if piece is not None else None
        turned = event.angleDelta()
        if bar is not None and abs(turned.x()) > abs(turned.y()):
            bar.setValue(bar.value() - turned.x() // 2)
            event.accept()
        else:
            event.ignore()

    # Links by key

    @override
    def focusNextPrevChild(self, forward: bool) -> bool:
        if self.hasFocus():
            following = links_of(self._pieces, self._link, forward=forward)
            if following is not None or (not forward and self._link is not None):
                self._set_link(following)
                return True
        return super().focusNextPrevChild(forward)

    def _set_link(self, link: Link | None) -> None:
        self._link = link
        if link is not None:
            self.reveal_wanted.emit(self.spot_rect((link.piece, link.start), link.length))
        self.update()

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._link = None

    @override
    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._link is not None and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.link_clicked.emit(self._link.address)
            return
        super().keyPressEvent(event)

    @override
    def _paint_over(self, painter: QPainter) -> None:
        if self._link is not None and self._link.piece < len(self._pieces.all):
            painter.setPen(theme.current().color("focus_ring"))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for rect in link_rects(self._pieces, self._link):
                painter.drawRoundedRect(rect, 3, 3)
        if self._streaming and self._pieces.all:
            place = self._end_rect()
            caret = QRect(place.left() + 1, place.top() + 1, 1, place.height() - 1)
            painter.fillRect(caret, theme.current().color("accent_line"))

    def _end_rect(self) -> QRect:
        last = len(self._pieces.all) - 1
        document = self._pieces.lay_out(last).document()
        return self.spot_rect((last, document.characterCount() - 1))


def _has_head(piece: Piece) -> bool:
    return piece.leaf.kind is Kind.CODE and not piece.leaf.goes_on

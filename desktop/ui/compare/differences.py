"""Two answers as one text: struck out what only the first says, underlined what only the second says."""

import re
from collections.abc import Generator, Iterator, Sequence

from PySide6.QtCore import QMimeData, Qt, Signal
from PySide6.QtGui import QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.text import _, format_count, join_sentences, ngettext
from desktop.core.word_diff import Change, Difference
from desktop.ui import theme
from desktop.ui.sliced import Sliced
from desktop.ui.widgets.buttons import icon_button
from desktop.ui.widgets.labels import label
from desktop.ui.widgets.select import Select

_LINE_CHARS = 3_000
"""Qt lays a whole line out anew at every change of it: longer ones are shown as several."""
_PORTION = 1_500
"""So many characters are written at once."""
_BREAK, _LINE_BREAK = "\u200b", "\u2060\n"
"""For display only: within what has no spaces, and within what has no end."""
_UNBROKEN = re.compile(r"\S{200}")
_PIECES = re.compile(r"\n|[^\n]{1,500}(?=\s)|[^\n]{1,500}")
_MARGIN_PX = 16


class Differences(QWidget):
    """Lets one choose two sides, and shows what differs.

    Signals:
        wanted(int, int): these two, by their places, are to be compared.
    """

    wanted = Signal(int, int)

    def __init__(self) -> None:
        super().__init__()
        self._first = Select(name=_("First answer"))
        self._second = Select(name=_("Second answer"))
        self._swap = icon_button("git-compare-arrows", _("Swap the two answers"))
        self._said = label("", "small")
        self._said.setWordWrap(True)
        self._text = _Text()
        self._filling = Sliced(self)
        self._shown: Difference | None = None
        for select in (self._first, self._second):
            select.setMinimumWidth(80)
            select.activated.connect(self._on_chosen)
        self._swap.clicked.connect(self._on_swap)
        theme.current().changed.connect(self._fill)
        self._lay_out()

    def offer(self, titles: Sequence[str]) -> None:
        """Let one choose among these sides; the choice stays where it is still possible."""
        chosen = self.chosen
        for select, place in zip((self._first, self._second), (0, 1), strict=True):
            select.clear()
            for number, title in enumerate(titles, 1):
                select.addItem(f"{number}  {title}")
            kept = chosen[place] if 0 <= chosen[place] < len(titles) else place
            select.setCurrentIndex(kept)
        if self.chosen[0] == self.chosen[1] and len(titles) > 1:
            self._first.setCurrentIndex(0)
            self._second.setCurrentIndex(1)

    @property
    def chosen(self) -> tuple[int, int]:
        """The places of the two; -1 before any was offered."""
        return self._first.currentIndex(), self._second.currentIndex()

    @property
    def text(self) -> str:
        """What is shown, both answers in one."""
        return self._text.original()

    def show_waiting(self) -> None:
        """The two are being compared."""
        self._said.setText(_("Comparing…"))

    def show_difference(self, difference: Difference) -> None:
        """Show what differs."""
        self._shown = difference
        self._said.setText(_summary(difference))
        self._fill()

    def clear(self) -> None:
        """Show nothing, until there is something else to compare."""
        self._shown = None
        self._filling.stop()
        self._text.clear()
        self._said.setText("")

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(self._first, 1)
        row.addWidget(self._swap)
        row.addWidget(self._second, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(_MARGIN_PX, 12, _MARGIN_PX, 8)
        column.setSpacing(8)
        column.addLayout(row)
        column.addWidget(self._said)
        column.addWidget(self._text, 1)

    def _on_chosen(self) -> None:
        self.wanted.emit(*self.chosen)

    def _on_swap(self) -> None:
        first, second = self.chosen
        self._first.setCurrentIndex(second)
        self._second.setCurrentIndex(first)
        self._on_chosen()

    def _fill(self) -> None:
        """A few words at a time: a long text would hold the window up."""
        if self._shown is not None:
            self._text.clear()
            self._filling.run(_written(self._shown, self._text), _nothing_more)


class _Text(QPlainTextEdit):
    """Plain text with marks; lays out only what is seen. Nothing in it is ever taken for markup."""

    def __init__(self) -> None:
        super().__init__()
        self.setReadOnly(True)
        self.setProperty("kind", "differences")
        self.setAccessibleName(_("Differences"))
        self.setUndoRedoEnabled(False)
        self.setFrameShape(QPlainTextEdit.Shape.NoFrame)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.document().setDocumentMargin(0)

    def original(self) -> str:
        """The text without the breaks that are only for display."""
        return _as_written(self.toPlainText())

    @override
    def createMimeDataFromSelection(self) -> QMimeData:
        data = QMimeData()
        data.setText(_as_written(self.textCursor().selection().toPlainText()))
        return data


def _as_written(shown: str) -> str:
    return shown.replace(_LINE_BREAK, "").replace(_BREAK, "")


def _nothing_more(_none: None) -> None:
    """All is there."""


def _written(difference: Difference, text: QPlainTextEdit) -> Generator[None, None, None]:
    cursor = QTextCursor(text.document())
    formats = {change: change_format(change) for change in Change}
    for some in _portions(difference):
        cursor.beginEditBlock()
        for change, said in some:
            cursor.insertText(said, formats[change])
        cursor.endEditBlock()
        yield


def _portions(difference: Difference) -> Iterator[list[tuple[Change, str]]]:
    """What is written at once, with what is only for display: Qt lays out after each."""
    portion: list[tuple[Change, str]] = []
    length = chars = 0
    for run in difference.runs:
        for piece in _PIECES.findall(run.text):
            length = 0 if piece == "\n" else length + len(piece)
            if length > _LINE_CHARS:
                portion.append((Change.SAME, _LINE_BREAK))
                length = len(piece)
            portion.append((run.change, _UNBROKEN.sub(_with_break, piece)))
            chars += len(piece)
            if chars > _PORTION:
                yield portion
                portion, chars = [], 0
    yield portion


def _with_break(found: re.Match[str]) -> str:
    return found[0] + _BREAK


def change_format(change: Change) -> QTextCharFormat:
    """How a change looks: by colour, and without it by the line through or below it."""
    look, made = theme.current(), QTextCharFormat()
    made.setForeground(look.color("text"))
    if change is Change.REMOVED:
        made.setForeground(look.color("danger"))
        made.setBackground(look.color("danger_background"))
        made.setFontStrikeOut(True)
    elif change is Change.ADDED:
        made.setForeground(look.color("success"))
        made.setBackground(look.color("success_background"))
        made.setFontUnderline(True)
    return made


def _summary(difference: Difference) -> str:
    if difference.is_same:
        return _("The two answers are the same, word for word.")
    removed = ngettext(
        "Struck out: only in the first ({count} word).",
        "Struck out: only in the first ({count} words).",
        difference.removed,
    ).format(count=format_count(difference.removed))
    added = ngettext(
        "Underlined: only in the second ({count} word).",
        "Underlined: only in the second ({count} words).",
        difference.added,
    ).format(count=format_count(difference.added))
    rest = sum(difference.not_compared)
    left = ngettext(
        "{count} character at the end is not compared.",
        "{count} characters at the end are not compared.",
        rest,
    ).format(count=format_count(rest))
    return join_sentences(removed, added, left if rest else "")

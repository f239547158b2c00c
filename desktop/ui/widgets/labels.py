"""Labels and tooltips that show any text as plain text."""

import html

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from desktop.core.compat import override
from desktop.ui import theme

_TOOLTIP_LIMIT = 2000
_UNWRAPPED_CHARS = 60
"""Qt makes tall boxes of short sentences; up to this length a line stays one."""
_MIN_ELIDED_PX = 24


def label(text: str, kind: str | None = None, *, selectable: bool = False) -> QLabel:
    """A label in plain text.

    Args:
        text: shown as it is.
        kind: a text kind of the style sheet: ``headline``, ``title``, ``strong``, ``section``, ``muted``,
            ``small``, ``faint``, ``danger``, ``success``, ``key``.
        selectable: may be selected with the mouse and the keyboard.
    """
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(text)
    made.setProperty("kind", kind)
    if selectable:
        made.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
    return made


def plain_tooltip(widget: QWidget, text: str) -> None:
    """Give ``widget`` a tooltip that shows ``text`` as it is."""
    widget.setToolTip(escaped_tooltip(text))


def escaped_tooltip(text: str) -> str:
    """``text`` as a tooltip that shows it as it is; Qt would take what looks like HTML for HTML."""
    if not text:
        return ""
    lines = text[:_TOOLTIP_LIMIT].split("\n")
    body = "<br>".join(map(html.escape, lines))
    short = max(map(len, lines)) <= _UNWRAPPED_CHARS
    return f"<qt><nobr>{body}</nobr></qt>" if short else f"<qt>{body}</qt>"


class ElidedLabel(QLabel):
    """One line that is cut with an ellipsis where there is no room; the tooltip then has all of it."""

    def __init__(
        self, text: str = "", kind: str | None = None, *, mode: Qt.TextElideMode = Qt.TextElideMode.ElideRight
    ) -> None:
        """Elide at the right, or in the middle as suits file names."""
        super().__init__()
        self._mode = mode
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setProperty("kind", kind)
        self.setText(text)

    @override
    def setText(self, text: str) -> None:
        super().setText(" ".join(text.split()))
        self.setAccessibleName(self.text())
        self._show_tooltip()
        self.updateGeometry()

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(min(_MIN_ELIDED_PX, super().sizeHint().width()), super().minimumSizeHint().height())

    @override
    def sizeHint(self) -> QSize:
        # One pixel more than the advance: rounding must not elide a text that fits.
        return QSize(self.fontMetrics().horizontalAdvance(self.text()) + 1, super().sizeHint().height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._show_tooltip()

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(self.font())
        painter.setPen(self.palette().color(self.foregroundRole()))
        area = self.contentsRect()
        painter.drawText(area, self.alignment() | Qt.TextFlag.TextSingleLine, self._elided(area.width()))

    def _elided(self, width_px: int) -> str:
        return self.fontMetrics().elidedText(self.text(), self._mode, width_px)

    def _show_tooltip(self) -> None:
        cut = self._elided(self.contentsRect().width()) != self.text()
        plain_tooltip(self, self.text() if cut else "")


class KeyCap(QLabel):
    """A key or shortcut, drawn as a small key."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setProperty("kind", "key")
        self.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.setFixedHeight(theme.current().metric("key_height"))

"""What stands in place of a conversation before its first question: what one can ask."""

from bisect import bisect_left
from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desktop.core.compat import override
from desktop.core.text import _
from desktop.ui import theme
from desktop.ui.composer.state import PresetItem
from desktop.ui.conversation.quiet_text import QuietText
from desktop.ui.widgets.icon_label import IconLabel
from desktop.ui.widgets.labels import ElidedLabel, label, plain_tooltip

MOST_CARDS = 6
SENTENCE_PX = 460
_SIDE_PX = 20
_SPARE_PX = 6
_TOP_SHARE = 0.27
"""Where the headline stands, as a part of the window's height."""

_BELOW_PX = 270
"""What the window needs below this page at most, usually: a composer with chips, the estimate."""

_LEAST_TOP_PX = 20


class Card(QPushButton):
    """One prompt to begin with.

    Signals:
        chosen: id of the prompt; only if it can be served.
        key_requested: it needs a model, and so a key.
    """

    chosen = Signal(str)
    key_requested = Signal()

    def __init__(self, preset: PresetItem) -> None:
        super().__init__()
        look = theme.current()
        self._preset = preset
        self.setProperty("kind", "suggestion")
        self.setProperty("dim", not preset.enabled)
        self.setAutoDefault(False)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFixedHeight(look.metric("card_height"))
        self.setMaximumWidth(look.metric("card_width"))
        # Qt's own buttons are never narrower than their hint, which cuts the page where it is narrow.
        self.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        hint = preset.hint if preset.enabled else _("Needs a model · add a key")
        head = QHBoxLayout()
        head.setSpacing(10)
        head.addWidget(IconLabel(preset.icon, role="text" if preset.enabled else "text_placeholder"))
        head.addWidget(ElidedLabel(preset.title, "card_title"), 1)
        column = QVBoxLayout(self)
        padding = look.metric("card_padding")
        column.setContentsMargins(padding, padding, padding, padding)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(ElidedLabel(hint, "card_meta"))
        self.setAccessibleName(preset.title)
        self.setAccessibleDescription(hint)
        if preset.prompt:
            plain_tooltip(self, preset.prompt)
        self.clicked.connect(self._on_clicked)

    def _on_clicked(self) -> None:
        if self._preset.enabled:
            self.chosen.emit(self._preset.id)
        else:
            self.key_requested.emit()

    @override
    def sizeHint(self) -> QSize:
        return QSize(theme.current().metric("card_width"), self.height())

    @override
    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.height())


class EmptyPage(QScrollArea):
    """Headline, a sentence, and cards in two columns, or in one where it is narrow.

    Signals:
        preset_chosen: id of a prompt.
        key_requested: a card that needs a model was pressed.
    """

    preset_chosen = Signal(str)
    key_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._presets: tuple[PresetItem, ...] = ()
        self._cards: list[Card] = []
        self._columns = 0
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._headline = label(_("Ask about your images"), "headline")
        self._sentence = QuietText()
        self._sentence.setProperty("kind", "muted")
        self._grid = QGridLayout()
        self._lay_out()

    def _lay_out(self) -> None:
        self._headline.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._headline.setWordWrap(True)
        self._grid.setSpacing(theme.current().metric("card_gap"))
        inner = QWidget()
        column = self._column = QVBoxLayout(inner)
        column.setContentsMargins(_SIDE_PX, _LEAST_TOP_PX, _SIDE_PX, 20)
        column.setSpacing(0)
        column.addWidget(self._headline)
        column.addSpacing(16)
        sentence = QHBoxLayout()
        sentence.addWidget(self._sentence)
        column.addLayout(sentence)
        column.addSpacing(12)
        cards = QHBoxLayout()
        cards.addStretch()
        cards.addLayout(self._grid)
        cards.addStretch()
        column.addLayout(cards)
        column.addStretch()
        self.setWidget(inner)
        inner.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)

    def set_presets(self, presets: Sequence[PresetItem], *, on_device: bool) -> None:
        """Offer the first few of ``presets``; the sentence tells who will answer."""
        self._sentence.set_plain(_sentence(on_device=on_device), Qt.AlignmentFlag.AlignHCenter)
        self._balance()
        self._sentence.setAccessibleName(self._sentence.toPlainText())
        wanted = tuple(presets[:MOST_CARDS])
        if wanted == self._presets:
            return
        self._presets = wanted
        for card in self._cards:
            self._grid.removeWidget(card)
            card.hide()
            card.deleteLater()
        self._cards = [Card(preset) for preset in wanted]
        for card in self._cards:
            card.chosen.connect(self.preset_chosen)
            card.key_requested.connect(self.key_requested)
        self._columns = 0
        self._place()
        self._keep_top()

    def _balance(self) -> None:
        """Give the sentence lines of about one length: none may hold a single word."""
        metrics, words = self._sentence.fontMetrics(), self._sentence.toPlainText()

        def height(width: int) -> int:
            return metrics.boundingRect(QRect(0, 0, width, 0), Qt.TextFlag.TextWordWrap.value, words).height()

        widest = max(min(SENTENCE_PX, self.viewport().width() - 2 * _SIDE_PX), 1)
        least = bisect_left(range(widest), -height(widest), key=lambda width: -height(width))
        self._sentence.setFixedWidth(min(least + _SPARE_PX, widest))

    def _keep_top(self) -> None:
        """Keep the headline where it is in the window when what is below the page grows."""
        window, above = self.window().height(), self.mapTo(self.window(), QPoint(0, 0)).y()
        content = self._column.sizeHint().height() - self._column.contentsMargins().top()
        top = min(round(_TOP_SHARE * window), window - _BELOW_PX - content) - above
        self._column.setContentsMargins(_SIDE_PX, max(top, _LEAST_TOP_PX), _SIDE_PX, 20)

    def _place(self) -> None:
        look = theme.current()
        two = 2 * look.metric("card_width") + look.metric("card_gap") + 2 * _SIDE_PX
        columns = 2 if self.width() >= two else 1
        if columns == self._columns:
            return
        self._columns = columns
        for place, card in enumerate(self._cards):
            self._grid.addWidget(card, place // columns, place % columns)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()
        self._balance()
        self._keep_top()


def _sentence(*, on_device: bool) -> str:
    if on_device:
        return _(
            "Pick one or more images and ask. The on-device reader reads text and codes; "
            "a model also understands the picture."
        )
    return _("Pick one or more images and ask. You see what it costs before anything is sent.")

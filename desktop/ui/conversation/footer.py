"""Below an answer: what it did cost, what each image did cost, and what can be done with it."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.model import ON_DEVICE, Attachment, Message
from desktop.core.text import _
from desktop.ui.conversation.answer_actions import AnswerActions
from desktop.ui.conversation.usage_text import estimate_line, image_lines, usage_line, usage_tooltip
from desktop.ui.conversation.version_flipper import VersionFlipper
from desktop.ui.widgets.buttons import icon_button, restyle
from desktop.ui.widgets.flow import FlowLayout
from desktop.ui.widgets.labels import ElidedLabel, label, plain_tooltip

NARROW_PX = 420
_LINE_PX = 24


class Footer(QWidget):
    """The line below a finished answer; a chevron opens the cost of each image.

    Attributes:
        tools: what can be done with it.
        versions: other answers to the same question.
    """

    def __init__(self) -> None:
        super().__init__()
        self._known: list[Attachment] = []
        self._usage = ElidedLabel("", "usage")
        self._estimate = label("", "usage_good")
        self._more = icon_button("chevron-down", _("Cost of each image"), size_px=24)
        self._more.setCheckable(True)
        self._more.toggled.connect(self._on_more)
        self._more.setIconSize(QSize(14, 14))
        self.tools = AnswerActions()
        self.versions = VersionFlipper()
        self._images = QWidget()
        self._grid = QGridLayout(self._images)
        self._lay_out()

    def _lay_out(self) -> None:
        self._grid.setContentsMargins(0, 0, 0, 4)
        self._grid.setHorizontalSpacing(18)
        self._grid.setVerticalSpacing(3)
        self._grid.setColumnStretch(3, 1)
        self._images.hide()
        # Where it is narrow, the estimate goes into a second line.
        figures = FlowLayout(gap_px=0)
        for widget in (self._usage, self._estimate, self._more):
            widget.setFixedHeight(_LINE_PX)
            figures.addWidget(widget)
        tools = QHBoxLayout()
        tools.setSpacing(0)
        tools.addStretch()
        tools.addWidget(self.tools, 0, Qt.AlignmentFlag.AlignTop)
        # At the edge, where it stays under the mouse although other answers have other tools.
        tools.addWidget(self.versions, 0, Qt.AlignmentFlag.AlignTop)
        row = self._row = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        row.setSpacing(0)
        row.addLayout(figures, 1)
        row.addLayout(tools)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        column.addWidget(self._images)

    def show_answer(self, answer: Message, images: Sequence[Attachment]) -> None:
        """Show what ``answer`` did cost, and the share of the ``images`` of its request."""
        self.tools.show_answer(answer)
        usage, (was, kind) = usage_line(answer), estimate_line(answer)
        self._usage.setText(usage)
        self._estimate.setText(f" · {was}" if was else "")
        self._estimate.setProperty("kind", kind)
        restyle(self._estimate)
        for text in (self._usage, self._estimate):
            text.setVisible(bool(text.text()))
        plain_tooltip(self, usage_tooltip(answer))
        billed = answer.usage is not None and answer.provider != ON_DEVICE
        self._known = [image for image in images if billed and image.tokens is not None]
        self._more.setVisible(bool(self._known))
        self._fill()

    def fold(self) -> None:
        """Close what the chevron opened."""
        self._more.setChecked(False)

    def _fill(self) -> None:
        """List the images where that can be seen; there may be hundreds at each answer."""
        while (item := self._grid.takeAt(0)) is not None:
            if (widget := item.widget()) is not None:
                widget.deleteLater()
        for place, (name, tokens, price) in enumerate(image_lines(self._known if self._is_open() else ())):
            title = ElidedLabel(name, "usage", mode=Qt.TextElideMode.ElideMiddle)
            title.setMaximumWidth(260)
            self._grid.addWidget(title, place, 0)
            for column, text in ((1, tokens), (2, price)):
                self._grid.addWidget(label(text, "usage"), place, column, Qt.AlignmentFlag.AlignRight)

    def _is_open(self) -> bool:
        return self._more.isChecked()

    def _on_more(self) -> None:
        self._fill()
        self._images.setVisible(self._is_open())
        self._more.set_icon("chevron-up" if self._is_open() else "chevron-down")

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        """Where it is narrow, the buttons stand below the figures."""
        super().resizeEvent(event)
        narrow = self.width() < NARROW_PX
        self._row.setDirection(
            QBoxLayout.Direction.TopToBottom if narrow else QBoxLayout.Direction.LeftToRight
        )

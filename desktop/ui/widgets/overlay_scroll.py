"""A scroll bar that lies over the content, so that its coming and going moves nothing."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QScrollBar

from desktop.core.compat import override


class OverlayScrollBar(QScrollBar):
    """Stands in for the vertical scroll bar of ``area``, at the edge where lines end."""

    def __init__(self, area: QAbstractScrollArea) -> None:
        super().__init__(Qt.Orientation.Vertical, area)
        self._area = area
        self._real = area.verticalScrollBar()
        area.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._real.rangeChanged.connect(self._follow)
        self._real.valueChanged.connect(self._take_value)
        self.valueChanged.connect(self._real.setValue)
        area.installEventFilter(self)
        self._follow()

    @override
    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self._area and event.type() == QEvent.Type.Resize:
            self._follow()
        return super().eventFilter(watched, event)

    def _take_value(self) -> None:
        """The value may have been changed again by those who were told of it first."""
        self.setValue(self._real.value())

    def _follow(self) -> None:
        self.setPageStep(self._real.pageStep())
        self.setSingleStep(self._real.singleStep())
        self.setRange(self._real.minimum(), self._real.maximum())
        self.setValue(self._real.value())
        width = self.sizeHint().width()
        left = 0 if self._area.isRightToLeft() else self._area.width() - width
        self.setGeometry(left, 0, width, self._area.height())
        self.setVisible(self._real.maximum() > self._real.minimum())
        self.raise_()

"""The viewer's page: the toolbar above the canvas, the panel beside it."""

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget


class ViewerPage(QWidget):
    """Lays out the viewer.

    Attributes:
        canvas_place: where the picture is; notices float over it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.canvas_place = QWidget()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        row = QHBoxLayout()
        row.addWidget(self.canvas_place, 1)
        column.addLayout(row, 1)

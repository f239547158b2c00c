"""Below an answer that points at an image: how many places it names, and the way to see them."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from desktop.core.pointed_at import PointedAnswer, Target
from desktop.core.text import _, format_count, ngettext, printable
from desktop.ui.widgets.buttons import button


class PlacesChip(QWidget):
    """``3 places · show on the image``; takes no room where there is nothing to show.

    Signals:
        show_requested(int, Pointing): show these places on the image with this attachment id.
    """

    show_requested = Signal(int, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._answer: PointedAnswer | None = None
        self._button = button("", icon="scan", kind="small")
        self._button.clicked.connect(self._on_clicked)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self._button)
        row.addStretch(1)
        self.hide()

    def text(self) -> str:
        """What the chip says."""
        return self._button.accessibleName()

    def show_answer(self, answer: PointedAnswer | None) -> None:
        """Offer to show what this answer points at; None hides the chip."""
        self._answer = answer
        self.setVisible(answer is not None and bool(answer.targets))
        if answer is None or not answer.targets:
            return
        several = len(answer.targets) > 1
        places = ngettext("{count} place", "{count} places", answer.count).format(
            count=format_count(answer.count)
        )
        form = _("{places} · show on an image…") if several else _("{places} · show on the image")
        text = form.format(places=places)
        self._button.setText(text)
        self._button.setAccessibleName(text)

    def _on_clicked(self) -> None:
        targets = self._answer.targets if self._answer is not None else ()
        if len(targets) == 1:
            self._request(targets[0])
        elif targets:
            self._open_menu(targets)

    def _open_menu(self, targets: tuple[Target, ...]) -> None:
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for number, target in enumerate(targets, 1):
            name = printable(target.name, limit=60).replace("&", "&&")
            count = format_count(len(target.pointing.places))
            menu.addAction(f"{number}. {name} ({count})", partial(self._request, target))
        menu.popup(self._button.mapToGlobal(self._button.rect().bottomLeft()))

    def _request(self, target: Target) -> None:
        self.show_requested.emit(target.attachment_id, target.pointing)

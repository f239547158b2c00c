"""Below an answer that points at an image: how many places it names, and the way to see them."""

from functools import partial

from PySide6.QtCore import Signal
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
        self._menu = QMenu(self)
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
        places = ngettext("{count} place", "{count} places", answer.count)
        places = places.format(count=format_count(answer.count))
        form = _("{places} · show on an image…") if several else _("{places} · show on the image")
        text = form.format(places=places)
        self._button.setText(text)
        self._button.setAccessibleName(text)
        self._button.setMenu(self._menu_of(answer.targets) if several else None)

    def _on_clicked(self) -> None:
        # With several images the button opens its menu.
        if self._answer is not None and len(self._answer.targets) == 1:
            self._request(self._answer.targets[0])

    def _menu_of(self, targets: tuple[Target, ...]) -> QMenu:
        self._menu.clear()
        for number, target in enumerate(targets, 1):
            name = printable(target.name, limit=60).replace("&", "&&")
            count = format_count(len(target.pointing.places))
            self._menu.addAction(f"{number}. {name} ({count})", partial(self._request, target))
        return self._menu

    def _request(self, target: Target) -> None:
        self.show_requested.emit(target.attachment_id, target.pointing)

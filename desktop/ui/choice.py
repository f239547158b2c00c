"""Which model answers and how closely it looks: the picker's and the selector's state."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from desktop.core.catalog import Catalog, Model, effective_detail
from desktop.core.estimate import NOTHING_LEARNED
from desktop.core.ledger import Learned
from desktop.core.model import ON_DEVICE, Detail


class Choice(QObject):
    """The chosen model and detail.

    Attributes:
        model: the model.
        detail: the selector's level; what a model lacks falls back only when it is used.
        learned: what bills taught about a model, so that tiles and chips tell the same.

    Signals:
        changed(): one of them is another now.
    """

    changed = Signal()

    def __init__(self, catalog: Catalog, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._catalog = catalog
        self.model: Model = catalog.on_device()
        self.detail = Detail.AUTO
        self.learned: Callable[[Model], Learned] = lambda _model: NOTHING_LEARNED

    @property
    def on_device(self) -> bool:
        """Whether the reader on this computer answers."""
        return self.model.id == ON_DEVICE

    def shown_detail(self) -> Detail:
        """The level that the selector shows: one that the model has."""
        return effective_detail(self.model, self.detail) or Detail.AUTO

    def use_model(self, model_id: str) -> None:
        """Let this model answer from now on."""
        if model_id != self.model.id:
            self.model = self._catalog.model(model_id)
            self.changed.emit()

    def use_detail(self, detail: Detail) -> None:
        """Look this closely from now on."""
        if detail is not self.detail:
            self.detail = detail
            self.changed.emit()

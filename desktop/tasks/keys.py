"""The key for the window: the keyring's thread asked, a key tried against its server."""

from collections.abc import Callable, Coroutine
from typing import Any

from PySide6.QtCore import QObject, Signal

from desktop.core.credentials import origin
from desktop.core.ports import KeyStatus, KeyStore
from desktop.tasks.delivery import Delivery
from desktop.tasks.network import NetworkThread

ListModels = Callable[[str, str], Coroutine[Any, Any, tuple[str, ...]]]
"""Given a base URL and a key to try, the server's model ids; raises `ProblemError`."""


class KeyTasks(QObject):
    """The key of the server in force.

    Attributes:
        status: what is known of the key so far.

    Signals:
        changed(KeyStatus): it was loaded, saved or deleted.
        tested(tuple): a tried key works; the server's model ids.
        test_failed(Problem): it does not.
    """

    changed = Signal(object)
    tested = Signal(object)
    test_failed = Signal(object)

    def __init__(
        self,
        keys: KeyStore,
        delivery: Delivery,
        *,
        network: NetworkThread,
        list_models: ListModels,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._keys = keys
        self._delivery = delivery
        self._network = network
        self._list_models = list_models
        self.status = KeyStatus()

    def load(self, base_url: str) -> None:
        """Ask for the key of a server; `changed` tells."""
        self._delivery.follow(self._keys.load(origin(base_url)), self._on_status)

    def save(self, base_url: str, key: str) -> None:
        """Keep a key; `changed` tells where, or that it lives until quitting only."""
        self._delivery.follow(self._keys.save(origin(base_url), key), self._on_status)

    def delete(self, base_url: str) -> None:
        """Forget the key of a server."""
        self._delivery.follow(self._keys.delete(origin(base_url)), self._on_status)

    def test(self, base_url: str, key: str) -> None:
        """Try a key that is not kept yet; `tested` or `test_failed` tells."""
        future = self._network.submit(self._list_models(base_url, key))
        self._delivery.follow(future, self.tested.emit, self.test_failed.emit)

    def _on_status(self, status: KeyStatus) -> None:
        self.status = status
        self.changed.emit(status)

"""What the user does to conversations in the list: titles, pins, tags, the archive."""

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future

from PySide6.QtCore import QObject, Signal

from desktop.asking.services import Services
from desktop.asking.suggest_title import suggest_title
from desktop.core.problems import Code, Problem
from desktop.tasks.delivery import Delivery
from desktop.tasks.history import HistoryTasks
from desktop.tasks.network import NetworkThread


class OrganisingTasks(QObject):
    """Writes, and has the list read again where it has changed.

    Signals:
        renamed(int, str): a conversation has another title.
        suggesting(int, bool): a model is asked for a title; False when that has ended.
        paid(): a request was made that may have cost something.
        tags_read(tuple): all tags, the most used first.
        failed(Problem): an operation did not work.
    """

    renamed = Signal(int, str)
    suggesting = Signal(int, bool)
    paid = Signal()
    tags_read = Signal(object)
    failed = Signal(object)

    def __init__(
        self,
        services: Services,
        history: HistoryTasks,
        *,
        network: NetworkThread,
        delivery: Delivery,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._services = services
        self._history = history
        self._network = network
        self._delivery = delivery
        self._asked: set[int] = set()

    def rename(self, conversation_id: int, title: str) -> None:
        """Give a conversation another title."""
        title = " ".join(title.split())
        if title:
            written = self._services.store.rename(conversation_id, title)
            self._after(written, (conversation_id,), lambda: self.renamed.emit(conversation_id, title))

    def suggest_title(self, conversation_id: int) -> None:
        """Have the model that answered name a conversation, and rename it so."""
        if conversation_id in self._asked:
            return
        self._asked.add(conversation_id)
        self.suggesting.emit(conversation_id, True)

        def end() -> None:
            self._asked.discard(conversation_id)
            self.suggesting.emit(conversation_id, False)
            self.paid.emit()

        def take(title: str) -> None:
            end()
            self.rename(conversation_id, title)

        def fail(trouble: Problem) -> None:
            end()
            self._on_failed(trouble)

        self._delivery.follow(
            self._network.submit(suggest_title(conversation_id, self._services)), take, fail
        )

    def set_pinned(self, conversation_ids: Sequence[int], *, pinned: bool) -> None:
        """Have conversations stand above the others, or no longer."""
        self._after(self._services.store.finding.set_pinned(conversation_ids, pinned), conversation_ids)

    def set_archived(self, conversation_ids: Sequence[int], *, archived: bool) -> None:
        """Put conversations into the archive, or take them out."""
        self._after(self._services.store.finding.set_archived(conversation_ids, archived), conversation_ids)

    def set_tags(self, conversation_id: int, names: Iterable[str]) -> None:
        """A conversation has exactly these tags."""
        written = self._services.store.finding.set_tags(conversation_id, names)
        self._after(written, (conversation_id,), self.read_tags)

    def read_tags(self) -> None:
        """Tell the tags."""
        self._delivery.follow(self._services.store.finding.tags(), self.tags_read.emit)

    def _after(
        self,
        written: "Future[None]",
        conversation_ids: Sequence[int],
        then: Callable[[], object] | None = None,
    ) -> None:
        def succeeded(_none: None) -> None:
            self._history.refresh_of(conversation_ids)
            if then is not None:
                then()

        self._delivery.follow(written, succeeded, self._on_failed)

    def _on_failed(self, trouble: Problem) -> None:
        # It was deleted meanwhile: nothing is left to be told of.
        if trouble.code is not Code.CONVERSATION_GONE:
            self.failed.emit(trouble)

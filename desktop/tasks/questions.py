"""Running questions: `asking.ask` on the network loop, its events as signals in the GUI thread."""

import asyncio
import contextlib
from concurrent.futures import Future

from PySide6.QtCore import QObject, Signal

from desktop.asking.ask import ask
from desktop.asking.services import Services
from desktop.core.events import Finished, Preparing, QuestionEvent, Retrying, Stored, TextDelta
from desktop.core.request import Question
from desktop.tasks.delivery import Delivery
from desktop.tasks.network import NetworkThread

FRAME_S = 1 / 30
"""Deltas are gathered for this long before they cross into the GUI thread."""


class RunningQuestion(QObject):
    """One question while it runs; lives in the GUI thread.

    Attributes:
        question: what was asked.

    Signals:
        prepared(int, int): so many of so many images are ready.
        stored(Conversation): question and empty answer are in the history.
        grown(str): more of the answer.
        retrying(Retrying): the engine waits and tries again.
        ended(Finished): the last signal, exactly once; also after `stop`.
    """

    prepared = Signal(int, int)
    stored = Signal(object)
    grown = Signal(str)
    retrying = Signal(object)
    ended = Signal(object)

    def __init__(self, question: Question, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.question = question
        self._task: Future[None] | None = None

    def start(self, services: Services, network: NetworkThread, delivery: Delivery) -> None:
        """Begin; returns at once. The object deletes itself when its task has ended."""
        self._task = network.submit(self._run(services))
        # Not at `ended`: the network thread may still be inside that very emit.
        delivery.follow(self._task, self._on_over, self._on_over)

    def stop(self) -> None:
        """Ask the answer to end. `ended` follows when its socket is closed and its text is stored."""
        if self._task is not None:
            self._task.cancel()

    def _on_over(self, _result: object) -> None:
        self.deleteLater()

    async def _run(self, services: Services) -> None:
        gathered: list[str] = []
        flusher = asyncio.create_task(self._flush(gathered))
        try:
            async for event in ask(self.question, services):
                if isinstance(event, TextDelta):
                    gathered.append(event.text)
                else:
                    self._emit_gathered(gathered)
                    self._tell(event)
        finally:
            flusher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await flusher

    async def _flush(self, gathered: list[str]) -> None:
        while True:
            await asyncio.sleep(FRAME_S)
            self._emit_gathered(gathered)

    def _emit_gathered(self, gathered: list[str]) -> None:
        if gathered:
            self.grown.emit("".join(gathered))
            gathered.clear()

    def _tell(self, event: QuestionEvent) -> None:
        if isinstance(event, Preparing):
            self.prepared.emit(event.done, event.total)
        elif isinstance(event, Stored):
            self.stored.emit(event.conversation)
        elif isinstance(event, Retrying):
            self.retrying.emit(event)
        elif isinstance(event, Finished):
            self.ended.emit(event)

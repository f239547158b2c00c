"""Counting by the server itself, on request: valid until something is changed."""

from concurrent.futures import Future
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, Signal

from desktop.core.catalog import Model
from desktop.core.model import ON_DEVICE
from desktop.core.problems import Code, Problem
from desktop.core.request import Question
from desktop.core.text import _, format_count, printable
from desktop.tasks.backend import Backend
from desktop.ui.composer.state import Counting
from desktop.ui.messages import Messages


class ExactCount(QObject):
    """The count of one question.

    Signals:
        changed(): `state` gives something else now.
    """

    changed = Signal()

    def __init__(self, backend: Backend, messages: Messages, parent: QObject) -> None:
        super().__init__(parent)
        self._backend = backend
        self._messages = messages
        self._question: Question | None = None
        self._running: Future[int] | None = None
        self._tokens: int | None = None
        self._refusing: set[str] = set()

    def state(self, question: Question, model: Model) -> tuple[Counting, str]:
        """How far it has come for this question, and the result in words. Another question ends it."""
        if question != self._question:
            self._forget()
        server = self._backend.provider(model)
        refusing = not server.counts_tokens or self._backend.base_url in self._refusing
        if refusing or model.provider == ON_DEVICE or not _has_content(question):
            return Counting.ABSENT, ""
        if self._running is not None:
            return Counting.RUNNING, ""
        if self._tokens is None:
            return Counting.OFFERED, ""
        # A server of no provider that we know has no proper name.
        name = server.name if server.hosts else urlsplit(self._backend.base_url).hostname or ""
        words = _("{tokens} input tokens, counted by {server}")
        return Counting.DONE, words.format(
            tokens=format_count(self._tokens), server=printable(name, limit=60)
        )

    def toggle(self, question: Question) -> None:
        """Count it, or stop counting."""
        if self._running is not None:
            self._forget()
        else:
            self._question = question
            self._running = self._backend.count_exactly(
                question,
                lambda tokens: self._on_counted(question, tokens),
                lambda trouble: self._on_failed(question, trouble),
            )
        self.changed.emit()

    def _forget(self) -> None:
        if self._running is not None:
            self._running.cancel()
        self._question = self._running = self._tokens = None

    def _on_counted(self, question: Question, tokens: int) -> None:
        if question == self._question:
            self._running, self._tokens = None, tokens
            self.changed.emit()

    def _on_failed(self, question: Question, trouble: Problem) -> None:
        if question != self._question:
            return
        self._forget()
        if trouble.code is Code.COUNT_NOT_OFFERED:
            self._refusing.add(self._backend.base_url)
        if trouble.code is not Code.STOPPED:
            self._messages.show(trouble)
        self.changed.emit()


def _has_content(question: Question) -> bool:
    return bool(question.text or question.images or question.conversation.messages)

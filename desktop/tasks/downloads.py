"""Images fetched from addresses: on the network loop, kept as files, told in the GUI thread."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.problems import Code, Problem, ProblemError
from desktop.system.downloads import keep_download
from desktop.system.files import problem_of
from desktop.tasks.delivery import Delivery
from desktop.tasks.network import NetworkThread

MOST_AT_ONCE = 4
TELL_MS = 500
"""What takes longer is told while it lasts."""

Fetch = Callable[[str, frozenset[str], Callable[[int, int | None], None]], Awaitable[tuple[bytes, str]]]
"""Fetches an address, given the hosts allowed and who is told of progress; bytes and a name for them."""


@dataclass(slots=True)
class _Transfer:
    url: str
    came: int = 0
    of: int | None = None


class DownloadTasks(QObject):
    """A few addresses at a time; the others wait.

    Signals:
        downloaded(str, Path): an address, and the file that it became.
        failed(str, Problem): an address that could not be fetched.
        refused_private(str, str): an address on this computer or network, and its host: ask, then `allow`.
        progressed(int, int, int): so many are left, with so many bytes so far, of so many (0 if unknown).
        ended(): none is left.
    """

    downloaded = Signal(str, object)
    failed = Signal(str, object)
    refused_private = Signal(str, str)
    progressed = Signal(int, int, int)
    ended = Signal()

    def __init__(
        self,
        fetch: Fetch,
        folder: Path,
        *,
        network: NetworkThread,
        delivery: Delivery,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._fetch = fetch
        self._folder = folder
        self._network = network
        self._delivery = delivery
        self._waiting: deque[str] = deque()
        self._running: dict[str, tuple[_Transfer, Future[Any]]] = {}
        self._allowed: dict[str, frozenset[str]] = {}
        self._tell = QTimer(self, interval=TELL_MS)
        self._tell.timeout.connect(self._on_time)

    def add(self, urls: list[str]) -> None:
        """Fetch these, each once."""
        self._waiting.extend(url for url in dict.fromkeys(urls) if url not in self._running)
        self._next()

    def allow(self, url: str, host: str) -> None:
        """Fetch an address of this computer or network after all. Other addresses may not lead there."""
        self._allowed[url] = self._allowed.get(url, frozenset()) | {host}
        self.add([url])

    def cancel(self) -> None:
        """Stop all of them; what has come is dropped."""
        self._waiting.clear()
        running, self._running = self._running, {}
        for _transfer, future in running.values():
            future.cancel()
        self._end()

    def close(self) -> None:
        """Stop; idempotent."""
        self._tell.stop()
        self.cancel()

    def _next(self) -> None:
        while self._waiting and len(self._running) < MOST_AT_ONCE:
            url = self._waiting.popleft()
            transfer = _Transfer(url)
            future = self._network.submit(self._download(transfer, self._allowed.get(url, frozenset())))
            self._running[url] = transfer, future
            self._delivery.follow(future, partial(self._on_done, url), partial(self._on_failed, url))
            if not self._tell.isActive():
                self._tell.start()

    async def _download(self, transfer: _Transfer, allowed: frozenset[str]) -> Path:
        def progress(came: int, of: int | None) -> None:
            transfer.came, transfer.of = came, of

        data, name = await self._fetch(transfer.url, allowed, progress)
        try:
            return await asyncio.to_thread(keep_download, self._folder, name, data)
        except OSError as error:
            raise ProblemError(problem_of(error, self._folder)) from None

    def _on_done(self, url: str, path: Path) -> None:
        self._running.pop(url, None)
        self._allowed.pop(url, None)
        self.downloaded.emit(url, path)
        self._go_on()

    def _on_failed(self, url: str, trouble: Problem) -> None:
        self._running.pop(url, None)
        if trouble.code is Code.LINK_PRIVATE:
            self.refused_private.emit(url, str(trouble.parameters.get("host", "")))
        else:
            self.failed.emit(url, trouble)
        self._go_on()

    def _go_on(self) -> None:
        self._next()
        if not self._running:
            self._end()

    def _end(self) -> None:
        if self._tell.isActive():
            self._tell.stop()
            self.ended.emit()

    def _on_time(self) -> None:
        transfers = [transfer for transfer, _future in self._running.values()]
        known = all(transfer.of is not None for transfer in transfers)
        of = sum(transfer.of or 0 for transfer in transfers) if known else 0
        left = len(self._waiting) + len(transfers)
        self.progressed.emit(left, sum(transfer.came for transfer in transfers), of)

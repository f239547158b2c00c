"""Downloads for the window: a few at a time, and leave that holds for one address only."""

import asyncio
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.core.problems import Code, ProblemError, problem
from desktop.tasks.delivery import Delivery
from desktop.tasks.downloads import MOST_AT_ONCE, DownloadTasks
from desktop.tasks.network import NetworkThread

Progress = Callable[[int, int | None], None]


class Web:
    """Hosts that are private, and downloads that end when the test says so."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, frozenset[str]]] = []
        self.running = 0
        self.most = 0
        self.go_on = asyncio.Event()

    async def fetch(self, url: str, hosts: frozenset[str], _progress: Progress) -> tuple[bytes, str]:
        self.asked.append((url, hosts))
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            if "wait" in url:
                await self.go_on.wait()
            if "nas.local" in url and "nas.local" not in hosts:
                raise ProblemError(problem(Code.LINK_PRIVATE, host="nas.local"))
            return b"data", "cat.png"
        finally:
            self.running -= 1


@pytest.fixture
def web() -> Web:
    return Web()


@pytest.fixture
def tasks(web: Web, tmp_path: Path) -> Iterator[DownloadTasks]:
    async def nothing() -> None: ...

    network, delivery = NetworkThread(nothing), Delivery()
    made = DownloadTasks(web.fetch, tmp_path / "downloads", network=network, delivery=delivery)
    yield made
    made.close()
    network.close()
    delivery.close()


def test_leave_for_one_address_is_none_for_the_next(qtbot: QtBot, tasks: DownloadTasks, web: Web) -> None:
    with qtbot.waitSignal(tasks.refused_private) as asked:
        tasks.add(["http://nas.local/1.png"])
    assert asked.args == ["http://nas.local/1.png", "nas.local"]
    with qtbot.waitSignal(tasks.downloaded):
        tasks.allow("http://nas.local/1.png", "nas.local")

    with qtbot.waitSignal(tasks.refused_private):
        tasks.add(["http://nas.local/2.png"])

    assert web.asked[-1] == ("http://nas.local/2.png", frozenset())


def test_a_few_at_once_and_then_the_rest(qtbot: QtBot, tasks: DownloadTasks, web: Web) -> None:
    there: list[str] = []
    tasks.downloaded.connect(lambda url, _path: there.append(url))
    urls = [f"http://a.example/wait/{n}.png" for n in range(MOST_AT_ONCE + 3)]
    tasks.add(urls)
    qtbot.waitUntil(lambda: web.running == MOST_AT_ONCE)

    with qtbot.waitSignal(tasks.ended):
        tasks._network._loop.call_soon_threadsafe(web.go_on.set)

    assert sorted(there) == urls
    assert web.most == MOST_AT_ONCE


def test_cancelling_ends_all_of_them(qtbot: QtBot, tasks: DownloadTasks, web: Web) -> None:
    tasks.add([f"http://a.example/wait/{n}.png" for n in range(MOST_AT_ONCE + 3)])
    qtbot.waitUntil(lambda: web.running == MOST_AT_ONCE)

    with qtbot.waitSignal(tasks.ended):
        tasks.cancel()

    qtbot.waitUntil(lambda: web.running == 0)
    assert len(web.asked) == MOST_AT_ONCE

"""The gallery comes back in slices and is written a moment after it changes; what was asked about is told."""

import sqlite3
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from desktop.app import make_ground
from desktop.core.asked import Asked
from desktop.core.gallery_items import GalleryItem
from desktop.core.model import Conversation, Detail, ImageFacts
from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.core.request import NewImage, Question
from desktop.core.settings import Settings
from desktop.store.store import Store
from desktop.system.environment import Secrets
from desktop.system.paths import DataFolder
from desktop.tasks import workbench as module
from desktop.tasks.backend import Backend
from desktop.tasks.delivery import Delivery
from desktop.tasks.workbench import SLICE, WorkbenchTasks
from desktop.wiring import make_parts
from tests.helpers.asking import CATALOG, PRICES, make_image
from tests.helpers.gallery_items import BLACKED_OUT, item, spoil
from tests.helpers.history import answered, attachment, begin, code_of, facts, opened, question, sent_image
from tests.helpers.loopback import Loopback
from tests.helpers.window import WAIT_MS


class Bench:
    """A store, and the window's side of it."""

    def __init__(self, folder: Path) -> None:
        self.delivery = Delivery()
        self.store = Store(folder)
        self.tasks = WorkbenchTasks(self.store, self.delivery)
        self.restored: list[list[GalleryItem]] = []
        self.failed: list[Problem] = []
        self.lost: list[int] = []
        self.tasks.restored.connect(self.restored.append)
        self.tasks.failed.connect(self.failed.append)
        self.tasks.lost.connect(self.lost.append)

    def stored(self) -> tuple[GalleryItem, ...]:
        return self.store.gallery().result()

    def load(self, qtbot: QtBot) -> list[GalleryItem]:
        self.store.open()
        with qtbot.waitSignal(self.tasks.restoring_ended, timeout=WAIT_MS):
            self.tasks.load()
        return [one for part in self.restored for one in part]

    def close(self) -> None:
        self.tasks.close()
        self.delivery.close()
        self.store.close()


@pytest.fixture
def bench(qtbot: QtBot, tmp_path: Path) -> Iterator[Bench]:
    made = Bench(tmp_path)
    yield made
    made.close()


def fill(folder: Path, count: int) -> list[GalleryItem]:
    items = [item(number) for number in range(1, count + 1)]
    with opened(folder) as store:
        store.change_gallery(put=items).result()
    return items


def test_the_gallery_comes_back_in_slices_in_order(qtbot: QtBot, bench: Bench, tmp_path: Path) -> None:
    items = fill(tmp_path, 2 * SLICE + 7)
    assert bench.load(qtbot) == items
    assert [len(part) for part in bench.restored] == [SLICE, SLICE, 7]
    # Only once.
    bench.tasks.load()
    bench.tasks.give_up()
    assert len(bench.restored) == 3


def test_what_changes_is_there_after_the_next_start(qtbot: QtBot, bench: Bench, tmp_path: Path) -> None:
    fill(tmp_path, 3)
    bench.load(qtbot)
    bench.tasks.put([item(4), item(1, edits=BLACKED_OUT)])
    bench.tasks.remove([(2, 0), (4, 0)])
    bench.tasks.put([item(4, detail=Detail.LOW)])
    assert len(bench.stored()) == 3
    expected = (item(1, edits=BLACKED_OUT), item(3), item(4, detail=Detail.LOW))
    qtbot.waitUntil(lambda: bench.stored() == expected, timeout=WAIT_MS)
    bench.close()
    with opened(tmp_path) as store:
        assert store.gallery().result() == expected


def test_a_long_scan_does_not_put_the_writing_off(qtbot: QtBot, bench: Bench) -> None:
    bench.load(qtbot)
    number = 0

    def found_another() -> bool:
        nonlocal number
        number += 1
        bench.tasks.put([item(number)])
        return bool(bench.stored())

    qtbot.waitUntil(found_another, timeout=WAIT_MS)


def test_closing_writes_what_has_just_changed(qtbot: QtBot, bench: Bench, tmp_path: Path) -> None:
    bench.load(qtbot)
    many = [item(number) for number in range(5000)]
    bench.tasks.put(many)
    bench.tasks.write()
    # While that is being written.
    bench.tasks.remove([(0, 0)])
    bench.close()
    with opened(tmp_path) as store:
        assert store.gallery().result() == tuple(many[1:])


def test_images_whose_edits_are_lost_are_told_once_and_not_shown(
    qtbot: QtBot, bench: Bench, tmp_path: Path
) -> None:
    fill(tmp_path, 3)
    with opened(tmp_path) as store:
        spoil(store, 2, edits="nonsense")
    assert [one.file for one in bench.load(qtbot)] == [1, 3]
    qtbot.waitUntil(lambda: bench.lost == [1], timeout=WAIT_MS)
    qtbot.waitUntil(lambda: bench.store.lost_from_gallery().result() == (), timeout=WAIT_MS)
    bench.close()
    again = Bench(tmp_path)
    try:
        assert [one.file for one in again.load(qtbot)] == [1, 3]
        again.store.lost_from_gallery().result()
        assert again.lost == []
    finally:
        again.close()


def test_rows_that_could_not_be_read_are_not_overwritten(
    qtbot: QtBot, bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    items = fill(tmp_path, 2)
    broken: Future[Any] = Future()
    broken.set_exception(ProblemError(problem(Code.DATABASE_LOCKED)))
    with monkeypatch.context() as patch:
        patch.setattr(Store, "gallery", lambda _store: broken)
        assert bench.load(qtbot) == []
    assert [trouble.code for trouble in bench.failed] == [Code.DATABASE_LOCKED]
    # A new file gets the number of one that is there and was not read.
    bench.tasks.put([item(1, path=Path("/other.jpg"))])
    bench.tasks.write()
    bench.close()
    with opened(tmp_path) as store:
        assert store.gallery().result() == tuple(items)


def test_a_history_that_does_not_open_ends_the_waiting_once(qtbot: QtBot, bench: Bench) -> None:
    ended: list[None] = []
    bench.tasks.restoring_ended.connect(lambda: ended.append(None))
    bench.tasks.give_up()
    bench.tasks.give_up()
    assert ended == [None]
    bench.tasks.put([item(1)])
    bench.tasks.write()
    assert bench.failed == []


def test_a_full_disk_is_told_once_and_all_is_written_when_there_is_room(
    qtbot: QtBot, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "RETRY_MS", 20)
    bench.load(qtbot)
    limit = bench.store._write(lambda c: c.execute("PRAGMA page_count").fetchone()[0]).result()

    def allow(pages: int) -> None:
        bench.store._write(lambda c: c.execute(f"PRAGMA max_page_count = {pages}").fetchone()).result()

    allow(limit)
    bench.tasks.put([item(number) for number in range(1000)])
    qtbot.waitUntil(lambda: bool(bench.failed), timeout=WAIT_MS)
    tried = count_writes(bench.store, monkeypatch)
    # What comes meanwhile is newer.
    bench.tasks.put([item(1, edits=BLACKED_OUT)])
    bench.tasks.remove([(2, 0)])
    qtbot.waitUntil(lambda: len(tried) >= 3, timeout=WAIT_MS)
    assert [trouble.code for trouble in bench.failed] == [Code.DISK_FULL]
    allow(100_000)
    qtbot.waitUntil(lambda: len(bench.stored()) == 999, timeout=WAIT_MS)
    assert bench.stored()[1] == item(1, edits=BLACKED_OUT)
    # The next time it is told again.
    allow(bench.store._write(lambda c: c.execute("PRAGMA page_count").fetchone()[0]).result())
    bench.tasks.put([item(number) for number in range(2000, 9000)])
    qtbot.waitUntil(lambda: len(bench.failed) == 2, timeout=WAIT_MS)


def count_writes(store: Store, monkeypatch: pytest.MonkeyPatch) -> list[object]:
    tried: list[object] = []
    real: Callable[..., Future[None]] = store.change_gallery

    def change(**changes: Any) -> "Future[None]":
        tried.append(changes)
        return real(**changes)

    monkeypatch.setattr(store, "change_gallery", change)
    return tried


def test_what_was_changed_while_older_changes_could_not_be_written_holds(
    qtbot: QtBot, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.load(qtbot)
    refused: Future[None] = Future()
    with monkeypatch.context() as patch:
        patch.setattr(bench.store, "change_gallery", lambda **_changes: refused)
        bench.tasks.put([item(1), item(2)])
        bench.tasks.write()
        bench.tasks.put([item(1, edits=BLACKED_OUT)])
        bench.tasks.remove([(2, 0)])
        refused.set_exception(ProblemError(problem(Code.DISK_FULL, folder="/x")))
        qtbot.waitUntil(lambda: bool(bench.failed), timeout=WAIT_MS)
    bench.tasks.write()
    qtbot.waitUntil(lambda: bench.stored() == (item(1, edits=BLACKED_OUT),), timeout=WAIT_MS)


def test_locked_by_another_program_it_is_told_and_written_later(
    qtbot: QtBot, bench: Bench, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.store.connections.BUSY_TIMEOUT_MS", 20)
    monkeypatch.setattr(module, "RETRY_MS", 20)
    bench.load(qtbot)
    other = sqlite3.connect(tmp_path / "sightline.db", isolation_level=None)
    try:
        other.execute("BEGIN IMMEDIATE")
        bench.tasks.put([item(1)])
        qtbot.waitUntil(lambda: bool(bench.failed), timeout=WAIT_MS)
        assert bench.failed[0].code is Code.DATABASE_LOCKED
        other.execute("ROLLBACK")
    finally:
        other.close()
    qtbot.waitUntil(lambda: bench.stored() == (item(1),), timeout=WAIT_MS)
    assert len(bench.failed) == 1


def test_a_folder_that_can_only_be_read_was_told_of_before(
    qtbot: QtBot, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.load(qtbot)
    known = problem(Code.FOLDER_READ_ONLY, folder="/x")
    bench.store.notices = (known,)
    refused: Future[None] = Future()
    refused.set_exception(ProblemError(known))
    tried: list[object] = []
    monkeypatch.setattr(bench.store, "change_gallery", lambda **changes: tried.append(changes) or refused)
    bench.tasks.put([item(1)])
    bench.tasks.write()
    qtbot.waitUntil(lambda: not bench.tasks._writing, timeout=WAIT_MS)
    assert (len(tried), bench.failed) == (1, [])
    assert code_of(refused) is Code.FOLDER_READ_ONLY


# What was asked


def asked_about(store: Store, title: str, *names: str) -> Conversation:
    store.put_image(b"bytes", sent_image(b"bytes")).result()
    return begin(store, question(title, *(attachment(b"bytes", name) for name in names)))


@pytest.fixture
def backend(qtbot: QtBot, tmp_path: Path, loopback: Loopback) -> Iterator[Backend]:
    parts = make_parts(
        folder=DataFolder(tmp_path),
        settings=Settings(base_url=loopback.base_url),
        secrets=Secrets("sk-test-key-of-the-bench"),
        catalog=CATALOG,
    )
    made = Backend(make_ground(parts, Settings()))
    object.__setattr__(made._ground.services, "rates", PRICES.rates)
    yield made
    made.close()


class Told:
    """What `asked_changed` told."""

    def __init__(self, backend: Backend) -> None:
        self.all: list[Mapping[str, Asked]] = []
        backend.workbench.asked_changed.connect(self.all.append)

    def sources(self) -> set[str]:
        return set(self.all[-1]) if self.all else set()


def looked_at(qtbot: QtBot, backend: Backend, path: Path) -> ImageFacts:
    found: list[ImageFacts] = []
    backend.gallery.inspect(path, lambda seen, _thumbnail: found.append(seen.facts), pytest.fail)
    qtbot.waitUntil(lambda: bool(found), timeout=WAIT_MS)
    return found[0]


def test_what_was_asked_is_told_at_the_start_after_an_answer_and_after_deleting(
    qtbot: QtBot, backend: Backend, tmp_path: Path
) -> None:
    old = facts("receipt.jpg").source_id
    with opened(tmp_path) as store:
        asked_about(store, "earlier", "receipt.jpg")
    told = Told(backend)
    backend.history.open()
    qtbot.waitUntil(lambda: told.sources() == {old}, timeout=WAIT_MS)
    assert told.all[-1][old].conversations == ((1, "earlier"),)
    seen = looked_at(qtbot, backend, make_image(tmp_path / "new.png"))
    running = backend.ask(
        Question(
            conversation=Conversation(),
            text="What is it?",
            images=(NewImage(image=seen, detail=Detail.AUTO),),
            model="gpt-5-mini",
        )
    )
    with qtbot.waitSignal(running.ended, timeout=WAIT_MS) as ended:
        backend.start(running)
    qtbot.waitUntil(lambda: told.sources() == {old, seen.source_id}, timeout=WAIT_MS)
    conversation = ended.args[0].conversation
    about = told.all[-1][seen.source_id]
    assert (about.times, about.conversations) == (1, ((conversation.id, "What is it?"),))
    assert about.cost_usd is not None
    assert about.cost_usd > Decimal(0)
    with qtbot.waitSignal(backend.workbench.unasked, timeout=WAIT_MS) as unasked:
        backend.history.delete(conversation.id)
    assert told.sources() == {old}
    assert unasked.args == [{seen.source_id}]
    assert len(told.all) == 3


def test_what_another_process_asks_is_told(
    qtbot: QtBot, backend: Backend, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = Told(backend)
    backend.workbench._ask_again.setInterval(10)
    backend.history.open()
    qtbot.waitUntil(lambda: told.all == [{}], timeout=WAIT_MS)
    with opened(tmp_path) as store:
        began = asked_about(store, "elsewhere", "receipt.jpg")
        store.finish(answered(began), ()).result()
    qtbot.waitUntil(lambda: told.sources() == {facts("receipt.jpg").source_id}, timeout=WAIT_MS)


def test_while_another_process_writes_all_the_time_it_is_not_read_all_the_time(
    qtbot: QtBot, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    reads: list[None] = []
    real = bench.store.asked
    monkeypatch.setattr(bench.store, "asked", lambda: reads.append(None) or real())
    bench.load(qtbot)
    for _ in range(20):
        bench.tasks.refresh_asked()
    assert len(reads) == 1
    # Not forgotten.
    bench.tasks._ask_again.start(1)
    qtbot.waitUntil(lambda: len(reads) == 2, timeout=WAIT_MS)
    bench.tasks._ask_again.start(1)
    qtbot.waitUntil(lambda: not bench.tasks._ask_again.isActive(), timeout=WAIT_MS)
    assert len(reads) == 2


def test_nothing_is_told_when_nothing_is_different(qtbot: QtBot, bench: Bench) -> None:
    told: list[object] = []
    bench.tasks.asked_changed.connect(told.append)
    bench.load(qtbot)
    qtbot.waitUntil(lambda: told == [{}], timeout=WAIT_MS)
    bench.tasks._ask_again.stop()
    bench.tasks.refresh_asked()
    bench.store.asked().result()
    # What is told after it was delivered.
    with qtbot.waitSignal(bench.tasks.asked_changed, timeout=WAIT_MS):
        asked_about(bench.store, "now", "receipt.jpg")
        bench.tasks._look_at({facts("receipt.jpg").source_id})
    assert len(told) == 2


def test_after_closing_nothing_is_asked_of_the_store(qtbot: QtBot, bench: Bench) -> None:
    bench.load(qtbot)
    bench.close()
    bench.tasks.put([item(1)])
    bench.tasks.refresh_asked()
    bench.tasks.note_deletion(1)
    bench.tasks.load()
    bench.tasks.close()
    assert not bench.tasks._write_soon.isActive()

"""The library for the window: read once, kept a moment after the last change, never lost on the way."""

import threading
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.core.prompt_table import Shared
from desktop.core.prompts import Library, own_prompt, starred, with_own
from desktop.tasks.delivery import Delivery
from desktop.tasks.prompts import PromptFiles, PromptTasks

KEPT = Library(own=(own_prompt("own-1", "Kept", "Kept text."),))
NEW = own_prompt("own-2", "New", "New text.")


class Files:
    """A disk that can be held and full."""

    def __init__(self) -> None:
        self.saved: list[Library] = []
        self.threads: set[int] = set()
        self.go = threading.Event()
        self.go.set()
        self.trouble: Problem | None = None
        self.full = False

    def load(self) -> tuple[Library, Problem | None]:
        self.threads.add(threading.get_ident())
        self.go.wait(10)
        return KEPT, self.trouble

    def save(self, library: Library) -> None:
        self.threads.add(threading.get_ident())
        if self.full:
            raise ProblemError(problem(Code.DISK_FULL, folder="/data"))
        self.saved.append(library)

    def read(self, path: Path) -> tuple[tuple[Shared, ...], int]:
        return (Shared(prompt=NEW),), 3

    def write(self, path: Path, table: Mapping[str, object]) -> None:
        raise ProblemError(problem(Code.FOLDER_READ_ONLY, folder=str(path.parent)))


class Bench:
    def __init__(self) -> None:
        self.files = Files()
        self.delivery = Delivery()
        files = PromptFiles(
            load=self.files.load, save=self.files.save, read=self.files.read, write=self.files.write
        )
        self.tasks = PromptTasks(files, self.delivery)
        self.noticed: list[Problem] = []
        self.failed: list[Problem] = []
        self.tasks.noticed.connect(self.noticed.append)
        self.tasks.failed.connect(self.failed.append)


@pytest.fixture
def bench(qtbot: QtBot) -> Iterator[Bench]:
    made = Bench()
    yield made
    made.files.go.set()
    made.tasks.close()


def add(library: Library) -> Library:
    return with_own(library, NEW)


def test_it_is_read_and_written_off_the_gui_thread(bench: Bench, qtbot: QtBot) -> None:
    assert not bench.tasks.is_loaded
    with qtbot.waitSignal(bench.tasks.changed):
        bench.tasks.load()
        bench.tasks.load()
    assert bench.tasks.library == KEPT
    with qtbot.waitSignal(bench.tasks.changed):
        bench.tasks.change(add)
    qtbot.waitUntil(lambda: bench.files.saved == [add(KEPT)])
    assert threading.get_ident() not in bench.files.threads


def test_what_is_changed_before_it_is_read_is_changed_in_what_was_kept(bench: Bench, qtbot: QtBot) -> None:
    bench.files.go.clear()
    bench.tasks.load()
    bench.tasks.change(add)
    bench.files.go.set()
    qtbot.waitUntil(lambda: bench.tasks.library == add(KEPT))
    bench.tasks.close()
    assert bench.files.saved == [add(KEPT)]


def test_typing_is_written_once_and_closing_writes_at_once(bench: Bench, qtbot: QtBot) -> None:
    with qtbot.waitSignal(bench.tasks.changed):
        bench.tasks.load()
    for word in ("a", "ab", "abc"):
        bench.tasks.change(lambda library, word=word: with_own(library, own_prompt("own-2", word, word)))
    bench.tasks.change(lambda library: library)
    assert bench.files.saved == []
    bench.tasks.close()
    bench.tasks.close()
    assert [library.own[-1].title for library in bench.files.saved] == ["abc"]


def test_a_damaged_file_and_a_full_disk_are_told(bench: Bench, qtbot: QtBot) -> None:
    bench.files.trouble = problem(Code.PROMPTS_DAMAGED, file="prompts.json.damaged")
    bench.files.full = True
    with qtbot.waitSignal(bench.tasks.noticed):
        bench.tasks.load()
    with qtbot.waitSignal(bench.tasks.failed):
        bench.tasks.change(lambda library: starred(library, "own-1", favourite=True))
    assert bench.noticed == [bench.files.trouble]
    assert [trouble.code for trouble in bench.failed] == [Code.DISK_FULL]
    assert bench.tasks.library.favourites == {"own-1"}


def test_files_of_prompts_are_read_and_written_for_who_asks(bench: Bench, qtbot: QtBot) -> None:
    told: list[object] = []
    bench.tasks.read(Path("/a.json"), told.append, told.append)
    qtbot.waitUntil(lambda: len(told) == 1)
    bench.tasks.write(Path("/data/a.json"), (), told.append, told.append)
    qtbot.waitUntil(lambda: len(told) == 2)
    assert told[0] == ((Shared(prompt=NEW),), 3)
    assert isinstance(told[1], Problem)
    assert told[1].code is Code.FOLDER_READ_ONLY

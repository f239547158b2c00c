"""Which images of a folder are new and finished."""

import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.core.problems import Code
from desktop.images import arrivals
from desktop.images.arrivals import STILL_S, Arrivals, is_being_written
from tests.helpers.asking import make_image

Writer = Callable[[Path], None]


class Clock:
    """Looks at a folder at moments of its own."""

    def __init__(self, folder: Path) -> None:
        self.watched = Arrivals(folder)
        self.now_s = 100.0
        assert self.watched.look(self.now_s).arrived == ()

    def after(self, seconds: float) -> arrivals.Look:
        self.now_s += seconds
        return self.watched.look(self.now_s)

    def names(self, seconds: float = STILL_S) -> list[str]:
        return [path.name for path in self.after(seconds).arrived]


def test_what_is_there_is_not_new_and_what_comes_is_once(tmp_path: Path) -> None:
    make_image(tmp_path / "old.png")
    clock = Clock(tmp_path)

    make_image(tmp_path / "new.png")

    assert clock.after(0).waiting
    assert clock.names() == ["new.png"]
    assert clock.names() == []
    assert not clock.after(STILL_S).waiting


def test_only_files_that_a_scan_takes_count(tmp_path: Path) -> None:
    clock = Clock(tmp_path)
    make_image(tmp_path / ".hidden.png")
    (tmp_path / "inner.png").mkdir()
    make_image(tmp_path / "inner.png" / "deep.png")
    (tmp_path / "text.txt").write_text("x")
    (tmp_path / "shot.png.part").write_text("x")
    (tmp_path / "gone.png").symlink_to(tmp_path / "nowhere")
    if os.name == "posix":
        os.mkfifo(tmp_path / "pipe.png")

    assert not clock.after(0).waiting
    assert clock.names() == []


def test_a_file_is_told_when_it_has_come_to_rest(tmp_path: Path) -> None:
    clock = Clock(tmp_path)
    path = tmp_path / "a.png"
    for size in range(1, 6):
        path.write_bytes(b"x" * size)
        look = clock.after(STILL_S)
        assert (look.arrived, look.waiting) == ((), True)

    assert clock.names() == ["a.png"]


def test_an_empty_file_is_not_finished(tmp_path: Path) -> None:
    clock = Clock(tmp_path)
    path = tmp_path / "a.png"
    path.touch()
    clock.after(0)

    assert clock.names(60) == []
    make_image(path)
    assert clock.names() == []
    assert clock.names() == ["a.png"]


@pytest.mark.skipif(sys.platform != "linux", reason="leases are Linux's")
def test_a_file_that_a_program_holds_open_for_writing_is_not_finished(tmp_path: Path) -> None:
    clock = Clock(tmp_path)
    path = tmp_path / "a.png"
    with path.open("wb") as file:
        file.write(b"half of it")
        file.flush()
        clock.after(0)
        assert is_being_written(path)
        assert clock.names(60) == []
        assert clock.after(60).waiting

    assert not is_being_written(path)
    assert clock.names() == ["a.png"]
    # Who reads it does not write.
    with path.open("rb"):
        assert not is_being_written(path)


@pytest.mark.skipif(sys.platform != "linux", reason="leases are Linux's")
def test_asking_whether_a_file_is_written_does_not_disturb_whoever_opens_it_then(tmp_path: Path) -> None:
    path = make_image(tmp_path / "a.png")
    for _ in range(200):
        assert not is_being_written(path)
        with path.open("ab"):
            assert is_being_written(path)


def test_a_file_that_was_moved_in_or_renamed_is_new_and_a_removed_one_is_forgotten(tmp_path: Path) -> None:
    folder = tmp_path / "watched"
    folder.mkdir()
    clock = Clock(folder)
    path = make_image(tmp_path / "a.png")

    path.rename(folder / "a.png")
    clock.after(0)
    assert clock.names() == ["a.png"]
    (folder / "a.png").rename(folder / "b.png")
    clock.after(0)
    assert clock.names() == ["b.png"]
    (folder / "b.png").unlink()
    assert clock.names() == []
    make_image(folder / "b.png")
    clock.after(0)
    assert clock.names() == ["b.png"]


def test_names_that_are_not_text_arrive(tmp_path: Path) -> None:
    clock = Clock(tmp_path)
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff\n.png"))
    odd.write_bytes(b"x")
    clock.after(0)

    assert clock.after(STILL_S).arrived == (odd,)


def test_a_burst_of_a_thousand_arrives_in_order(tmp_path: Path) -> None:
    clock = Clock(tmp_path)
    for number in range(1000):
        (tmp_path / f"{number}.png").write_bytes(b"x")
    clock.after(0)

    assert clock.names() == [f"{number}.png" for number in range(1000)]


def test_a_folder_that_is_gone_is_said_and_its_images_are_still_known_when_it_is_back(tmp_path: Path) -> None:
    folder, away = tmp_path / "watched", tmp_path / "away"
    folder.mkdir()
    make_image(folder / "old.png")
    clock = Clock(folder)
    folder.rename(away)

    look = clock.after(1)
    assert look.problem is not None
    assert look.problem.code is Code.WATCHED_FOLDER_MISSING
    assert look.problem.parameters == {"name": "watched"}

    make_image(away / "meanwhile.png")
    away.rename(folder)
    assert clock.after(1).problem is None
    assert clock.names() == ["meanwhile.png"]


def test_a_file_in_the_folders_place_is_no_folder(tmp_path: Path) -> None:
    folder = tmp_path / "watched.png"
    folder.mkdir()
    clock = Clock(folder)
    folder.rmdir()
    make_image(folder)

    look = clock.after(1)
    assert look.problem is not None
    assert look.problem.code is Code.WATCHED_FOLDER_MISSING


def test_another_disk_in_its_place_brings_nothing_new(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_image(tmp_path / "on the first.png")
    clock = Clock(tmp_path)
    real = arrivals._device(tmp_path)
    other = tmp_path / "on the other.png"

    monkeypatch.setattr(arrivals, "_device", lambda _folder: real + 1)
    make_image(other)
    assert clock.names(0) == []
    assert clock.names() == []

    # The first disk again, as it was.
    other.unlink()
    monkeypatch.setattr(arrivals, "_device", lambda _folder: real)
    assert clock.names(0) == []
    assert clock.names() == []


@given(
    st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from(["write", "remove", "look"])), max_size=30)
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=60)
def test_whatever_happens_each_file_that_stays_is_told_once(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, str]]
) -> None:
    folder = tmp_path_factory.mktemp("folder")
    (folder / "a.png").write_bytes(b"old")
    clock = Clock(folder)
    told: dict[str, int] = dict.fromkeys("bcd", 0)
    for name, step in steps:
        path = folder / f"{name}.png"
        if step == "write":
            path.write_bytes(b"x")
        elif step == "remove":
            path.unlink(missing_ok=True)
            # It is noticed before another file takes its name.
            for arrived in clock.after(0).arrived:
                told[arrived.stem] = told.get(arrived.stem, 0) + 1
            told[name] = 0
        else:
            for arrived in clock.after(STILL_S).arrived:
                told[arrived.stem] = told.get(arrived.stem, 0) + 1
    for _ in range(2):
        for arrived in clock.after(STILL_S).arrived:
            told[arrived.stem] = told.get(arrived.stem, 0) + 1
    there = {path.stem for path in folder.iterdir()}
    removed = {name for name, step in steps if step == "remove"}
    assert {name for name, count in told.items() if count} == there - ({"a"} - removed)
    assert set(told.values()) <= {0, 1}

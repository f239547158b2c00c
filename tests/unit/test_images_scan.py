"""Searching folders: lazily, in order, without loops, with every entry accounted for."""

import itertools
import os
import re
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.problem_text import explain
from desktop.core.problems import Code
from desktop.images.scan import STEP_FILES, ScanStep, natural_key, scan


def touch(*paths: Path) -> None:
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def together(steps: list[ScanStep]) -> ScanStep:
    return ScanStep(
        files=tuple(file for step in steps for file in step.files),
        other_files=sum(step.other_files for step in steps),
        not_files=sum(step.not_files for step in steps),
        hidden=sum(step.hidden for step in steps),
        seen_folders=sum(step.seen_folders for step in steps),
        problems=tuple(found for step in steps for found in step.problems),
        left_folders=tuple(folder for step in steps for folder in step.left_folders),
        passed=tuple(passed for step in steps for passed in step.passed),
    )


def reasons(found: ScanStep) -> list[tuple[str, Code]]:
    return [(told.path.name, told.problem.code) for told in found.passed]


def search(*paths: Path, recursive: bool = True) -> ScanStep:
    return together(list(scan(paths, recursive=recursive)))


def test_a_folder_gives_its_images_in_natural_order_files_before_folders(tmp_path: Path) -> None:
    touch(*(tmp_path / name for name in ("b/1.png", "a/2.JPG", "page 10.png", "Page 9.png", "page 1.heic")))
    touch(tmp_path / "notes.txt", tmp_path / "a" / "b" / "c.tiff")
    found = search(tmp_path)
    names = [str(path.relative_to(tmp_path)) for path in found.files]
    assert names == ["page 1.heic", "Page 9.png", "page 10.png", "a/2.JPG", "a/b/c.tiff", "b/1.png"]
    assert found.other_files == found.skipped == 1


def test_a_file_that_is_named_is_taken_whatever_it_is_called(tmp_path: Path) -> None:
    touch(tmp_path / "notes.txt")
    assert search(tmp_path / "notes.txt", tmp_path / "gone").files == (
        tmp_path / "notes.txt",
        tmp_path / "gone",
    )


def test_the_order_in_which_things_were_dropped_is_kept(tmp_path: Path) -> None:
    touch(tmp_path / "z" / "1.png", tmp_path / "a" / "1.png", tmp_path / "m.png")
    found = search(tmp_path / "z", tmp_path / "m.png", tmp_path / "a")
    assert found.files == (tmp_path / "z/1.png", tmp_path / "m.png", tmp_path / "a/1.png")


def test_without_recursion_only_the_folder_itself_is_searched(tmp_path: Path) -> None:
    touch(tmp_path / "1.png", tmp_path / "in" / "2.png")
    touch(tmp_path / "in" / "deeper" / "3.png", tmp_path / "in 2" / "4.png", tmp_path / ".hidden" / "5.png")
    found = search(tmp_path, recursive=False)
    assert found.files == (tmp_path / "1.png",)
    assert found.left_folders == (tmp_path / "in", tmp_path / "in 2")
    assert found.folders_left == 2
    assert [path.name for path in search(*found.left_folders).files] == ["2.png", "3.png", "4.png"]


def test_with_recursion_no_folder_is_left(tmp_path: Path) -> None:
    touch(tmp_path / "in" / "2.png")
    assert search(tmp_path).folders_left == 0


def test_links_that_lead_in_a_circle_end(tmp_path: Path) -> None:
    touch(tmp_path / "a" / "1.png")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "a" / "self").symlink_to(tmp_path / "a")
    (tmp_path / "again").symlink_to(tmp_path / "a")
    found = search(tmp_path)
    assert found.files == (tmp_path / "a" / "1.png",)
    assert found.seen_folders == 3
    assert reasons(found) == [
        ("self", Code.FOLDER_SEEN),
        ("up", Code.FOLDER_SEEN),
        ("again", Code.FOLDER_SEEN),
    ]


def test_pipes_dangling_links_and_hidden_things_are_counted(tmp_path: Path) -> None:
    touch(tmp_path / ".DS_Store", tmp_path / "._a.png", tmp_path / ".cache" / "1.png", tmp_path / "1.png")
    os.mkfifo(tmp_path / "pipe.png")
    (tmp_path / "dangling.png").symlink_to(tmp_path / "gone")
    (tmp_path / "loop.png").symlink_to(tmp_path / "loop.png")
    found = search(tmp_path)
    assert found.files == (tmp_path / "1.png",)
    assert (found.not_files, found.hidden, found.skipped) == (3, 3, 6)
    assert reasons(found) == [
        ("._a.png", Code.FILE_HIDDEN),
        (".cache", Code.FILE_HIDDEN),
        (".DS_Store", Code.FILE_HIDDEN),
        ("dangling.png", Code.LINK_LEADS_NOWHERE),
        ("loop.png", Code.LINK_LEADS_NOWHERE),
        ("pipe.png", Code.IMAGE_NOT_A_FILE),
    ]


def test_what_is_no_image_by_its_name_is_told_with_what_to_do(tmp_path: Path) -> None:
    touch(tmp_path / "1.png", tmp_path / "notes.txt")
    (told,) = search(tmp_path).passed
    assert told.path == tmp_path / "notes.txt"
    assert explain(told.problem).what.endswith("is not named as an image.")
    assert "notes.txt" in explain(told.problem).what


def test_all_that_is_passed_over_is_counted_and_the_first_thousand_told(tmp_path: Path) -> None:
    touch(*(tmp_path / f"{number}.txt" for number in range(1300)), tmp_path / "z.png")
    found = search(tmp_path)
    assert found.other_files == found.skipped == 1300
    assert [told.path.stem for told in found.passed] == [str(number) for number in range(1000)]


def test_a_folder_without_images_says_so(tmp_path: Path) -> None:
    touch(tmp_path / "a" / "notes.txt")
    found = search(tmp_path / "a")
    assert [(item.code, item.parameters["name"]) for item in found.problems] == [(Code.NOTHING_FOUND, "a")]
    assert found.skipped == 1


@pytest.mark.unprivileged
def test_a_folder_that_cannot_be_read_is_told_and_the_others_go_on(tmp_path: Path) -> None:
    touch(tmp_path / "shut" / "1.png", tmp_path / "open" / "2.png")
    (tmp_path / "shut").chmod(0)
    try:
        found = search(tmp_path)
    finally:
        (tmp_path / "shut").chmod(0o700)
    assert found.files == (tmp_path / "open" / "2.png",)
    assert [(item.code, item.parameters["name"]) for item in found.problems] == [
        (Code.FOLDER_UNREADABLE, "shut")
    ]


def test_a_folder_that_goes_away_while_it_is_searched_is_told(tmp_path: Path) -> None:
    touch(tmp_path / "1.png", tmp_path / "gone" / "2.png")
    steps = scan([tmp_path, tmp_path / "gone"], step_s=0)
    for number in range(500):
        touch(tmp_path / f"x{number}.png")
    assert next(steps).files == ()
    (tmp_path / "gone" / "2.png").unlink()
    (tmp_path / "gone").rmdir()
    found = together(list(steps))
    assert len(found.files) == 502  # the named folder is now a file that is not there
    assert [item.code for item in found.problems] == [Code.FOLDER_UNREADABLE]


@pytest.mark.skipif(sys.platform != "linux", reason="names are bytes on Linux")
def test_names_that_are_not_utf8_are_found(tmp_path: Path) -> None:
    folder = os.fsencode(tmp_path) + b"/\xff\xfe"
    os.mkdir(folder)  # noqa: PTH102 - a name in bytes
    with open(folder + b"/caf\xe9.png", "wb"):  # noqa: PTH123
        pass
    found = search(tmp_path)
    assert [os.fsencode(path) for path in found.files] == [folder + b"/caf\xe9.png"]


def test_large_folders_come_in_steps(tmp_path: Path) -> None:
    touch(*(tmp_path / f"{number}.png" for number in range(1200)))
    steps = list(scan([tmp_path], step_s=60))
    assert len(steps) >= 6
    assert max(len(step.files) for step in steps) <= STEP_FILES
    assert [path.stem for step in steps for path in step.files] == [str(number) for number in range(1200)]


def test_folders_nested_deeper_than_python_calls_are_searched(tmp_path: Path) -> None:
    deep = tmp_path
    for _level in range(300):
        deep /= "d"
    touch(deep / "1.png")
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(150)
    try:
        assert search(tmp_path).files == (deep / "1.png",)
    finally:
        sys.setrecursionlimit(limit)


@pytest.mark.parametrize("after", [0, 1, 7, 30, 44])
def test_cancelling_is_looked_at_for_every_entry(tmp_path: Path, after: int) -> None:
    touch(*(tmp_path / f"{number}.png" for number in range(20)), tmp_path / "in" / "1.png")
    asked = 0

    def cancelled() -> bool:
        nonlocal asked
        asked += 1
        return asked > after

    found = together(list(scan([tmp_path, tmp_path / "in"], cancelled=cancelled)))
    assert asked <= after + 3
    assert len(found.files) <= max(0, after - 20)


def test_nothing_dropped_gives_one_empty_step() -> None:
    assert list(scan([])) == [ScanStep()]


@given(st.lists(st.text(max_size=30), max_size=20))
def test_any_names_can_be_sorted(names: list[str]) -> None:
    found = sorted(names, key=natural_key)
    assert sorted(found) == sorted(names)
    assert all(natural_key(a) <= natural_key(b) for a, b in itertools.pairwise(found))


@given(st.lists(st.text("a1 0B29.", max_size=8), max_size=20))
def test_letters_sort_as_letters_and_numbers_as_numbers(names: list[str]) -> None:
    def by_parts(name: str) -> list[tuple[bool, int, str]]:
        parts = [part for part in re.split(r"([0-9]+)", name.lower()) if part]
        return [
            (not part.isdigit(), int(part) if part.isdigit() else 0, part if not part.isdigit() else "")
            for part in parts
        ]

    assert sorted(names, key=natural_key) == sorted(names, key=by_parts)


@given(st.integers(0, 10**17), st.integers(0, 10**17))
def test_numbers_in_names_sort_by_value(first: int, second: int) -> None:
    assert (natural_key(f"a{first}.png") < natural_key(f"a{second}.png")) == (first < second)

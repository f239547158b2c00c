"""`sightline export` and `sightline import` as real processes."""

import json
from pathlib import Path

import pytest

from tests.e2e.conftest import Terminal
from tests.helpers.archives import asked, everything, picture, rich
from tests.helpers.history import opened


@pytest.fixture
def numbers(terminal: Terminal) -> tuple[int, int]:
    with opened(terminal.data) as store:
        return rich(store), asked(store, "Which?", picture("green")).id


def test_what_is_exported_is_imported_elsewhere(
    terminal: Terminal, numbers: tuple[int, int], tmp_path: Path
) -> None:
    done = terminal.run("export", "--all", tmp_path / "all.sightline")

    assert (done.status, done.out) == (0, f"{tmp_path / 'all.sightline'}\n")
    assert done.err == "2 conversations exported.\n"
    with opened(terminal.data) as store:
        there = everything(store)
    other = Terminal(tmp_path / "other")
    (tmp_path / "other").mkdir()
    first, second = (other.run("import", tmp_path / "all.sightline") for _again in range(2))
    assert (first.status, first.out, first.err) == (0, "", "2 conversations imported.\n")
    assert (second.status, second.err) == (0, "2 were here already.\n")
    with opened(other.data) as store:
        assert everything(store) == there


def test_some_are_exported_by_their_numbers(
    terminal: Terminal, numbers: tuple[int, int], tmp_path: Path
) -> None:
    listed = terminal.run("export", "--list")
    assert listed.out.splitlines()[1] == f"{numbers[1]}\tWhich?"

    page = terminal.run("export", str(numbers[1]), tmp_path / "one.html")
    folder = terminal.run("export", str(numbers[0]), str(numbers[1]), tmp_path / "texts", "--format", "md")
    paths = terminal.run("export", str(numbers[1]), tmp_path / "one.json", "--full-paths")

    assert [page.status, folder.status, paths.status] == [0, 0, 0]
    assert "Which?" in (tmp_path / "one.html").read_text(encoding="utf-8")
    assert len(list((tmp_path / "texts").glob("*.md"))) == 2
    (found,) = json.loads((tmp_path / "one.json").read_text(encoding="utf-8"))["conversations"]
    assert found["messages"][0]["attachments"][0]["path"] == "/pictures/receipt.jpg"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["all.sightline"],
        ["--all"],
        ["--all", "1", "all.sightline"],
        ["one", "all.sightline"],
        ["--all", "all.pdf"],
        ["--all", "all.html", "--format", "pdf"],
    ],
)
def test_a_wrong_command_is_said(terminal: Terminal, arguments: list[str]) -> None:
    done = terminal.run("export", *arguments)

    assert (done.status, done.out) == (2, "")
    assert "Try “sightline export --help”." in done.err
    assert not terminal.data.exists()


def test_a_file_that_is_there_is_not_replaced(
    terminal: Terminal, numbers: tuple[int, int], tmp_path: Path
) -> None:
    (tmp_path / "all.html").write_text("dear")

    done = terminal.run("export", "--all", tmp_path / "all.html")

    assert done.status == 3
    assert "There is a file called “all.html” already." in done.err
    assert (tmp_path / "all.html").read_text() == "dear"


def test_what_cannot_be_exported_or_imported_is_said(terminal: Terminal, tmp_path: Path) -> None:
    (tmp_path / "bad.sightline").write_text("x")
    gone = terminal.run("export", "99", tmp_path / "one.html")
    bad = terminal.run("import", tmp_path / "bad.sightline")

    assert (gone.status, bad.status) == (1, 1)
    assert "This conversation was deleted." in gone.err
    assert bad.err.startswith("“bad.sightline” is no export of Sightline.")
    assert not (tmp_path / "one.html").exists()

"""`sightline export` and `sightline import` as real processes."""

import json
from pathlib import Path

import pytest

from tests.e2e.conftest import Terminal
from tests.helpers.archives import asked, everything, export, picture, rich
from tests.helpers.history import opened
from tests.helpers.processes import until


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


@pytest.mark.parametrize("wish", [["--list"], ["--all", "all.html"], ["1", "one.json"]], ids=" ".join)
def test_a_mistyped_folder_is_said_and_not_made(terminal: Terminal, wish: list[str]) -> None:
    done = terminal.run("export", *wish)

    assert (done.status, done.out) == (1, "")
    assert done.err.startswith("There are no conversations in ")
    assert not terminal.data.exists()


def test_a_file_that_is_there_is_not_replaced(
    terminal: Terminal, numbers: tuple[int, int], tmp_path: Path
) -> None:
    (tmp_path / "all.html").write_text("dear")

    done = terminal.run("export", "--all", tmp_path / "all.html")

    assert done.status == 3
    assert "There is a file called “all.html” already." in done.err
    assert (tmp_path / "all.html").read_text() == "dear"


def test_what_cannot_be_exported_or_imported_is_said(
    terminal: Terminal, numbers: tuple[int, int], tmp_path: Path
) -> None:
    (tmp_path / "bad.sightline").write_text("x")
    gone = terminal.run("export", "99", tmp_path / "one.html")
    bad = terminal.run("import", tmp_path / "bad.sightline")

    assert (gone.status, bad.status) == (1, 1)
    assert "This conversation was deleted." in gone.err
    assert bad.err.startswith("“bad.sightline” is no export of Sightline.")
    assert not (tmp_path / "one.html").exists()


def test_an_import_into_a_history_that_cannot_be_written_is_no_success(
    terminal: Terminal, numbers: tuple[int, int], tmp_path: Path
) -> None:
    assert terminal.run("export", "--all", tmp_path / "all.sightline").status == 0
    terminal.data = Path("/proc/sightline")

    done = terminal.run("import", tmp_path / "all.sightline")

    assert (done.status, done.out) == (1, "")
    assert done.err.startswith("Nothing can be written to /proc/sightline.")


@pytest.mark.parametrize("images", [0, 3, 7, 12])
def test_an_import_that_is_killed_leaves_whole_conversations(
    terminal: Terminal, tmp_path: Path, images: int
) -> None:
    with opened(tmp_path / "elsewhere") as store:
        for number in range(15):
            asked(store, f"What is on {number}?", picture(f"hsl({number * 20}, 80%, 50%)"), answer="x" * 5000)
        there = {c.uid: c for c in everything(store)}
        export(store, tmp_path / "all.sightline")
    folder = terminal.data / "images"

    importing = terminal.start("import", tmp_path / "all.sightline")
    until(lambda: importing.status is not None or len(list(folder.rglob("*.png"))) >= images, "images")
    importing.end()

    with opened(terminal.data) as store:
        for conversation in everything(store):
            assert conversation == there[conversation.uid]
        for number in store.titles().result():
            for attachment in store.conversation(number).result().attachments():
                assert attachment.sent is not None
                assert store.image_bytes(attachment.sent).result()
        check = store._read(lambda c: c.execute("PRAGMA integrity_check").fetchone()[0])
        assert check.result() == "ok"
    assert terminal.run("import", tmp_path / "all.sightline").status == 0
    with opened(terminal.data) as store:
        assert {c.uid: c for c in everything(store)} == there
    # What was put for a conversation that did not come in then is its own now, or gone.
    assert len(list(folder.rglob("*.png"))) == 15
    assert not list(folder.rglob("*.part"))


def test_an_export_of_nothing_was_an_empty_file_and_a_success(terminal: Terminal, tmp_path: Path) -> None:
    done = terminal.run("export", "--all", tmp_path / "all.sightline")

    assert (done.status, done.out) == (1, "")
    assert done.err.startswith("There are no conversations in ")
    assert not (tmp_path / "all.sightline").exists()

"""The prompts' files: whole at any moment, private, and damaged ones are set aside byte for byte."""

import json
import os
from pathlib import Path

import pytest

from desktop.core.problems import Code, ProblemError
from desktop.core.prompt_table import SHARED_KEY, shared_table
from desktop.core.prompts import Library, all_prompts, own_prompt, starred
from desktop.system.paths import DataFolder
from desktop.system.prompts_file import SHARED_BYTES, load_prompts, read_prompts, save_prompts, write_prompts

LIBRARY = starred(
    Library(own=(own_prompt("own-1", "Résumé 报告", "Sum up {name}.\n\nShort."),)), "own-1", favourite=True
)


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    made = DataFolder(tmp_path / "data")
    made.prepare()
    return made


def left(folder: DataFolder) -> list[Path]:
    return sorted(folder.root.glob("prompts.json*"))


def test_what_is_kept_is_read_back_and_nobody_else_may_read_it(folder: DataFolder) -> None:
    assert load_prompts(folder) == (Library(), None)
    save_prompts(LIBRARY, folder)
    assert load_prompts(folder) == (LIBRARY, None)
    assert folder.prompts_file == folder.settings_file.with_name("prompts.json")
    assert folder.prompts_file.stat().st_mode & 0o777 == 0o600
    assert left(folder) == [folder.prompts_file]


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"{",
        b"\xff\xfe",
        b"[]",
        b'{"own": 3}',
        b"[" * 100_000,
        b'{"own": [{"id": "own-1"}]}',
        b"1" * 5000,
    ],
)
def test_a_damaged_file_is_set_aside_byte_for_byte(folder: DataFolder, data: bytes) -> None:
    folder.prompts_file.write_bytes(data)
    library, trouble = load_prompts(folder)
    assert library == Library()
    assert trouble is not None
    assert trouble.code is Code.PROMPTS_DAMAGED
    assert folder.prompts_file.with_name(str(trouble.parameters["file"])).read_bytes() == data
    save_prompts(LIBRARY, folder)
    assert load_prompts(folder) == (LIBRARY, None)


def test_what_can_be_read_of_a_damaged_file_is_there_at_once_and_next_time(folder: DataFolder) -> None:
    save_prompts(LIBRARY, folder)
    table = json.loads(folder.prompts_file.read_text(encoding="utf-8"))
    table["shortcuts"] = 3
    folder.prompts_file.write_text(json.dumps(table), encoding="utf-8")
    library, trouble = load_prompts(folder)
    assert library == LIBRARY
    assert trouble is not None
    assert load_prompts(folder) == (LIBRARY, None)
    assert len(left(folder)) == 2


@pytest.mark.skipif(os.name != "posix", reason="pipes have no names")
def test_a_pipe_in_its_place_is_not_waited_for(folder: DataFolder) -> None:
    os.mkfifo(folder.prompts_file)
    library, trouble = load_prompts(folder)
    assert (library, trouble is not None) == (Library(), True)


@pytest.mark.unprivileged
def test_a_folder_that_cannot_be_written_is_said_and_nothing_is_lost(folder: DataFolder) -> None:
    folder.prompts_file.write_bytes(b"{")
    folder.root.chmod(0o500)
    try:
        _library, trouble = load_prompts(folder)
        assert trouble is not None
        assert trouble.code is Code.FOLDER_READ_ONLY
        with pytest.raises(ProblemError):
            save_prompts(LIBRARY, folder)
        assert folder.prompts_file.read_bytes() == b"{"
    finally:
        folder.root.chmod(0o700)


def test_a_file_that_is_passed_on_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "out.json"
    write_prompts(path, shared_table([p for p in all_prompts(LIBRARY) if p.own]))
    (shared,), refused = read_prompts(path)
    assert refused == 0
    assert (shared.prompt, shared.favourite) == (LIBRARY.own[0], True)


@pytest.mark.parametrize(
    "data", [b"", b"\x89PNG\r\n", b"[" * 200_000, b'{"a": NaN}', b"null", b'{"prompts": []}']
)
def test_a_file_of_something_else_is_said_by_its_name(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "in.json"
    path.write_bytes(data)
    with pytest.raises(ProblemError) as caught:
        read_prompts(path)
    assert caught.value.problem.code is Code.PROMPTS_NOT_A_LIST
    assert caught.value.problem.parameters["name"] == "in.json"


def test_a_file_that_is_too_large_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "in.json"
    with path.open("wb") as file:
        file.truncate(SHARED_BYTES + 1)
    with pytest.raises(ProblemError) as caught:
        read_prompts(path)
    assert caught.value.problem.code is Code.PROMPTS_TOO_LARGE


def test_folders_pipes_and_what_is_gone_are_said(tmp_path: Path) -> None:
    paths = [tmp_path, tmp_path / "gone.json"]
    if os.name == "posix":
        os.mkfifo(tmp_path / "pipe.json")
        paths.append(tmp_path / "pipe.json")
    for path in paths:
        with pytest.raises(ProblemError) as caught:
            read_prompts(path)
        assert caught.value.problem.code is Code.PROMPTS_NOT_READ


def test_halves_of_characters_in_a_strangers_file_do_not_spoil_ours(
    tmp_path: Path, folder: DataFolder
) -> None:
    path = tmp_path / "in.json"
    prompts = '[{"id": "own-1", "title": "a\\ud800", "text": "b\\udcff\\u0000c"}]'
    path.write_text(f'{{"{SHARED_KEY}": 1, "prompts": {prompts}}}', encoding="utf-8")
    (shared,), _refused = read_prompts(path)
    library = Library(own=(shared.prompt,))
    save_prompts(library, folder)
    assert load_prompts(folder) == (library, None)

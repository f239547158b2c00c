"""Files get other names, and no file is ever written over."""

import errno
import os
from pathlib import Path

import pytest

from desktop.core.problems import Code, ProblemError
from desktop.system import renaming
from desktop.system.renaming import move, name_problem, rename


def fails(path: Path, name: str) -> Code:
    with pytest.raises(ProblemError) as raised:
        rename(path, name)
    return raised.value.problem.code


@pytest.fixture(params=["by the system", "by looking first"])
def file(tmp_path: Path, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Path:
    if request.param == "by looking first":
        monkeypatch.setattr(renaming, "_renamed_without_replacing", lambda _path, _to: False)
    path = tmp_path / "a.png"
    path.write_bytes(b"a")
    return path


def test_a_file_gets_another_name(file: Path) -> None:
    odd = os.fsdecode(b"b \xff\n.png")

    renamed = rename(file, odd)

    assert renamed == file.with_name(odd)
    assert renamed.read_bytes() == b"a"
    assert not file.exists()


def test_no_other_file_is_written_over(file: Path) -> None:
    other = file.with_name("b.png")
    other.write_bytes(b"b")
    link = file.with_name("link.png")
    link.symlink_to("nowhere")

    assert fails(file, "b.png") is Code.NAME_TAKEN
    assert fails(file, "link.png") is Code.NAME_TAKEN
    assert (file.read_bytes(), other.read_bytes()) == (b"a", b"b")


def test_a_hard_link_to_the_same_file_is_another_file(file: Path) -> None:
    file.with_name("b.png").hardlink_to(file)

    assert fails(file, "b.png") is Code.NAME_TAKEN


def test_a_file_that_is_gone_is_said(file: Path) -> None:
    file.unlink()

    assert fails(file, "b.png") is Code.IMAGE_MISSING


@pytest.mark.parametrize("name", ["", " ", ".", "..", "a/b", "/a", "a\0", "a" * 256, "ä" * 128, "a\ud800"])
def test_names_that_no_file_can_have(file: Path, name: str) -> None:
    assert name_problem(name) is not None
    assert fails(file, name) is Code.NAME_NOT_POSSIBLE
    assert file.read_bytes() == b"a"


@pytest.mark.unprivileged
def test_a_folder_that_cannot_be_written(file: Path) -> None:
    file.parent.chmod(0o500)
    try:
        assert fails(file, "b.png") is Code.NOT_RENAMED
    finally:
        file.parent.chmod(0o700)


def test_moving_to_another_disk_is_refused(file: Path) -> None:
    other = Path("/dev/shm") / f"sightline-{os.getpid()}.png"
    if not other.parent.is_dir() or other.parent.stat().st_dev == file.stat().st_dev:
        pytest.skip("one disk only")
    with pytest.raises(OSError, match=os.strerror(errno.EXDEV)):
        move(file, other)
    assert file.exists()

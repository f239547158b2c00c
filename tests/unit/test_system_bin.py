"""Files go to the bin of the desktop as the Trash specification says, and come back from it."""

import os
import shutil
import sys
from pathlib import Path
from urllib.parse import unquote_to_bytes

import pytest

from desktop.core.problems import Code, ProblemError
from desktop.system import bin as system_bin
from desktop.system.bin import put_back, put_into_bin

pytestmark = pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="these have a bin of their own")


@pytest.fixture
def home_bin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    return tmp_path / "share" / "Trash"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "pictures" / "a b.png"
    path.parent.mkdir()
    path.write_bytes(b"a")
    return path


@pytest.fixture
def disk(tmp_path: Path, home_bin: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the file as if it were another disk: what tells disks apart says so."""
    top = tmp_path / "pictures"
    here = top.stat().st_dev
    real = system_bin._nearest

    class Elsewhere:
        st_dev = here + 1

    monkeypatch.setattr(
        system_bin, "_nearest", lambda folder: Elsewhere() if folder == home_bin else real(folder)
    )
    monkeypatch.setattr(os.path, "ismount", lambda folder: Path(folder) == top)
    return top


def note(path: Path) -> dict[str, str]:
    lines = path.read_text().splitlines()
    assert lines[0] == "[Trash Info]"
    return dict(line.split("=", 1) for line in lines[1:])


def test_a_file_goes_and_comes_back(home_bin: Path, file: Path) -> None:
    binned = put_into_bin(file)

    assert not file.exists()
    assert (home_bin / "files" / "a b.png").read_bytes() == b"a"
    told = note(home_bin / "info" / "a b.png.trashinfo")
    assert told["Path"] == str(file).replace(" ", "%20")
    assert len(told["DeletionDate"]) == 19
    assert home_bin.stat().st_mode & 0o777 == 0o700

    assert put_back(binned) == file
    assert file.read_bytes() == b"a"
    assert not any((home_bin / "info").iterdir())
    assert not any((home_bin / "files").iterdir())


def test_files_of_one_name_do_not_meet_in_the_bin(home_bin: Path, file: Path) -> None:
    binned = []
    for content in (b"1", b"2", b"3"):
        file.write_bytes(content)
        binned.append(put_into_bin(file))

    assert len({one.kept_at for one in binned}) == 3
    assert [one.kept_at.read_bytes() for one in binned] == [b"1", b"2", b"3"]
    assert put_back(binned[1]).read_bytes() == b"2"


def test_a_name_in_the_bin_without_a_note_is_not_written_over(home_bin: Path, file: Path) -> None:
    (home_bin / "files").mkdir(parents=True)
    other = home_bin / "files" / "a b.png"
    other.write_bytes(b"other")

    binned = put_into_bin(file)

    assert other.read_bytes() == b"other"
    assert binned.kept_at.read_bytes() == b"a"


@pytest.mark.parametrize("name", [b"odd \xff\n.png", b"x" * 251 + b".png", "ä".encode() * 120 + b".png"])
def test_names_that_are_not_text_or_very_long_go_and_come_back(
    home_bin: Path, file: Path, name: bytes
) -> None:
    odd = file.rename(file.with_name(os.fsdecode(name)))

    binned = put_into_bin(odd)

    assert binned.told_by is not None
    told = note(binned.told_by)
    assert unquote_to_bytes(told["Path"]) == os.fsencode(odd)
    assert put_back(binned) == odd


def test_a_link_goes_and_what_it_leads_to_stays(home_bin: Path, file: Path) -> None:
    link = file.with_name("link.png")
    link.symlink_to(file)

    binned = put_into_bin(link)

    assert file.read_bytes() == b"a"
    assert binned.kept_at.is_symlink()


def test_a_file_that_took_its_place_meanwhile_stays(home_bin: Path, file: Path) -> None:
    binned = put_into_bin(file)
    file.write_bytes(b"new")

    with pytest.raises(ProblemError) as raised:
        put_back(binned)

    assert raised.value.problem.code is Code.NAME_TAKEN
    assert file.read_bytes() == b"new"
    assert binned.kept_at.read_bytes() == b"a"
    assert binned.told_by is not None
    assert binned.told_by.exists()


def test_a_file_cannot_come_back_to_a_folder_that_is_gone(home_bin: Path, file: Path) -> None:
    binned = put_into_bin(file)
    shutil.rmtree(file.parent)

    with pytest.raises(ProblemError) as raised:
        put_back(binned)

    assert raised.value.problem.code is Code.NOT_PUT_BACK
    assert binned.kept_at.exists()


def test_a_file_that_is_gone_is_said(home_bin: Path, file: Path) -> None:
    file.unlink()

    with pytest.raises(ProblemError) as raised:
        put_into_bin(file)

    assert raised.value.problem.code is Code.IMAGE_MISSING


def test_another_disk_has_a_bin_of_its_own(disk: Path, file: Path, home_bin: Path) -> None:
    binned = put_into_bin(file)

    own = disk / f".Trash-{os.getuid()}"
    assert binned.kept_at == own / "files" / "a b.png"
    # On another disk the note names the file from the top of that disk: it may be mounted elsewhere then.
    assert note(own / "info" / "a b.png.trashinfo")["Path"] == "a%20b.png"
    assert own.stat().st_mode & 0o777 == 0o700
    assert not home_bin.exists()
    assert put_back(binned) == file


def test_the_bin_for_all_users_is_used_only_if_it_is_safe(disk: Path, file: Path, tmp_path: Path) -> None:
    shared = disk / ".Trash"
    shared.mkdir()
    assert put_back(put_into_bin(file)) == file
    assert not any(shared.iterdir())

    shared.chmod(0o1777)
    binned = put_into_bin(file)
    assert binned.kept_at == shared / str(os.getuid()) / "files" / "a b.png"
    put_back(binned)

    shutil.rmtree(shared)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    elsewhere.chmod(0o1777)
    shared.symlink_to(elsewhere)
    put_into_bin(file)
    assert not any(elsewhere.iterdir())


def test_a_disk_without_a_bin_keeps_the_file(disk: Path, file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # A file stands where the bin would be.
    (disk / f".Trash-{os.getuid()}").write_bytes(b"")

    with pytest.raises(ProblemError) as raised:
        put_into_bin(file)

    assert raised.value.problem.code is Code.NO_BIN
    assert file.read_bytes() == b"a"


def test_two_places_that_cannot_be_moved_between_leave_the_file_and_no_note(
    home_bin: Path, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = Path("/dev/shm")
    if not other.is_dir() or other.stat().st_dev == file.stat().st_dev:
        pytest.skip("one disk only")
    away = other / f"sightline-{os.getpid()}"
    monkeypatch.setattr(system_bin, "_bins", lambda _path: iter([(away, b"x")]))
    (away / "files").mkdir(parents=True)
    (away / "info").mkdir()
    try:
        with pytest.raises(ProblemError) as raised:
            put_into_bin(file)
        assert raised.value.problem.code is Code.NO_BIN
        assert not any((away / "info").iterdir())
    finally:
        shutil.rmtree(away)
    assert file.read_bytes() == b"a"

"""Where windows of one data folder meet: short, private, the same for every spelling of the folder."""

import os
import socket
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from desktop.core.handover import Handover
from desktop.system.meeting import addresses, handover_of, is_own, peer_user
from desktop.system.x11 import acted_at

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Unix sockets")


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A place for temporary files with a short name, as the real one has; ``tmp_path`` does not use it."""
    with tempfile.TemporaryDirectory(prefix="s") as folder:
        monkeypatch.setattr("tempfile.gettempdir", lambda: folder)
        yield Path(folder)


@pytest.fixture
def runtime(temporary: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = temporary / "run"
    folder.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    return folder


def test_one_folder_has_one_address_however_it_is_spelled(runtime: Path, tmp_path: Path) -> None:
    data = tmp_path / "data"
    data.mkdir()
    (tmp_path / "link").symlink_to(data)

    found = addresses(data)

    assert Path(found[0]).parent == runtime
    assert addresses(tmp_path / "link") == found
    assert addresses(tmp_path / "." / "data") == found
    assert addresses(tmp_path / "other") != found


def test_a_long_name_of_the_folder_does_not_lengthen_the_address(runtime: Path, tmp_path: Path) -> None:
    data = Path("/tmp", *["a" * 200] * 15)

    assert all(len(os.fsencode(address)) <= 103 for address in addresses(data))
    assert addresses(data)


def test_a_runtime_folder_that_is_too_long_is_passed_over(
    temporary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    long = tmp_path / ("a" * 100)
    long.mkdir(mode=0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(long))

    assert not [address for address in addresses(tmp_path, make=True) if str(long) in address]
    assert addresses(tmp_path, make=True)


@pytest.mark.parametrize("mode", [0o777, 0o770])
def test_a_folder_that_others_can_write_to_is_not_used(runtime: Path, tmp_path: Path, mode: int) -> None:
    runtime.chmod(mode)

    assert not [address for address in addresses(tmp_path) if address.startswith(str(runtime))]


def test_a_link_in_the_place_of_the_folder_is_not_used(
    runtime: Path, temporary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR")
    own = temporary / f"sightline-{os.getuid()}"
    own.symlink_to(runtime)

    assert not [address for address in addresses(tmp_path, make=True) if address.startswith(str(own))]


def test_without_a_runtime_folder_a_private_one_is_made(
    temporary: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    own = temporary / f"sightline-{os.getuid()}"

    assert not [address for address in addresses(tmp_path) if address.startswith(str(own))]
    assert [address for address in addresses(tmp_path, make=True) if address.startswith(str(own))]
    assert own.stat().st_mode & 0o777 == 0o700


def test_who_is_at_the_other_end_of_a_socket() -> None:
    here, there = socket.socketpair()
    with here, there:
        assert peer_user(here.fileno()) == os.getuid()
        assert is_own(here.fileno())


def test_a_descriptor_that_is_no_socket_is_nobodys(tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as file:
        assert not is_own(file.fileno())


def test_arguments_become_absolute_paths_and_addresses(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    odd = os.fsdecode(b"odd \xff\n.png")

    given = handover_of(
        [odd, "https://example.org//a b.png", "HTTP://x", "file:///a%20b%FF.png", "file://host/a", "/b"],
        {"DESKTOP_STARTUP_ID": "id_TIME12", "XDG_ACTIVATION_TOKEN": "token"},
    )

    assert given == Handover(
        paths=(
            tmp_path / odd,
            Path(os.fsdecode(b"/a b\xff.png")),
            tmp_path / "file:" / "host" / "a",
            Path("/b"),
        ),
        links=("https://example.org//a b.png", "HTTP://x"),
        startup_id="id_TIME12",
        activation_token="token",
    )


@pytest.mark.parametrize(
    ("startup_id", "moment"),
    [("", 0), ("host/app/1-2-name_TIME8812446", 8812446), ("no time", 0), ("_TIME99999999999", 0)],
)
def test_the_moment_of_a_launch(startup_id: str, moment: int) -> None:
    assert acted_at(startup_id) == moment

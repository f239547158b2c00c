"""An image from the web: within limits, from where it may come, and what is said where it does not."""

import asyncio
import base64
import socket
import stat
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from desktop.asking.fetching import local_files
from desktop.core.problems import Code, ProblemError
from desktop.engines import image_download
from desktop.engines.image_download import Downloaded, download_image
from desktop.system.downloads import keep_download
from tests.helpers.image_server import PNG, ImageServer, image_server

HERE = frozenset({"127.0.0.1"})


@pytest.fixture(scope="module")
def server() -> Iterator[ImageServer]:
    with image_server() as made:
        yield made


def fetched(url: str, *hosts: str, **options: object) -> Downloaded:
    allowed = frozenset(hosts) or HERE
    return asyncio.run(download_image(url, private_hosts=allowed, **options))  # type: ignore[arg-type]


def refused(url: str, *hosts: str, **options: object) -> Code:
    with pytest.raises(ProblemError) as caught:
        fetched(url, *hosts, **options)
    return caught.value.problem.code


def test_an_image_comes_whole_with_a_name_and_progress(server: ImageServer) -> None:
    told: list[tuple[int, int | None]] = []
    found = fetched(server.url("cat.png?size=1"), progress=lambda came, of: told.append((came, of)))
    assert found == Downloaded(PNG, "cat.png")
    assert told[-1] == (len(PNG), len(PNG))


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("page", Code.LINK_IS_A_PAGE),
        ("text", Code.LINK_NOT_AN_IMAGE),
        ("huge", Code.LINK_TOO_LARGE),
        ("cut", Code.LINK_CUT),
        ("loop", Code.LINK_LOOPS),
        ("missing", Code.LINK_REFUSED),
        ("file", Code.LINK_INVALID),
        ("inside", Code.LINK_PRIVATE),
    ],
)
def test_what_is_no_image_is_named(server: ImageServer, path: str, code: Code) -> None:
    async def look_up(host: str, _port: int) -> list[str]:
        return ["10.0.0.7"] if host == "secret.example" else ["127.0.0.1"]

    assert refused(server.url(path), look_up=look_up) is code


def test_an_endless_answer_is_given_up(server: ImageServer, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(image_download, "MAX_BYTES", 1_000_000)
    assert refused(server.url("endless")) is Code.LINK_TOO_LARGE


def test_a_dripping_answer_is_given_up_in_time(server: ImageServer) -> None:
    began = time.monotonic()
    refused(server.url("drip"), deadline_s=0.5)
    assert time.monotonic() - began < 10


def test_a_redirect_is_followed_and_checked_anew(server: ImageServer) -> None:
    assert fetched(server.url("hop")).data == PNG


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "printer.local"])
def test_this_computer_is_not_asked_without_leave(server: ImageServer, host: str) -> None:
    before = len(server.heard)
    assert refused(server.url("cat.png", host), "elsewhere.example") is Code.LINK_PRIVATE
    assert len(server.heard) == before


def test_one_private_address_among_public_ones_is_enough_to_refuse(server: ImageServer) -> None:
    async def look_up(_host: str, _port: int) -> list[str]:
        return ["93.184.215.14", "192.168.1.1"]

    assert refused(server.url("cat.png", "cats.example"), look_up=look_up) is Code.LINK_PRIVATE


def test_a_name_that_means_another_address_a_moment_later_is_asked_once(server: ImageServer) -> None:
    """DNS rebinding: the address that was checked is the one that is asked."""
    answers = iter([["127.0.0.1"], ["10.1.2.3"]])
    asked: list[str] = []

    async def look_up(host: str, _port: int) -> list[str]:
        asked.append(host)
        return next(answers)

    found = fetched(server.url("cat.png", "cats.example"), "cats.example", look_up=look_up)
    assert found.data == PNG
    assert asked == ["cats.example"]
    assert server.heard[-1][1].startswith("cats.example:")


def test_a_host_that_the_proxy_leaves_out_is_checked_and_pinned_all_the_same(
    server: ImageServer, monkeypatch: pytest.MonkeyPatch, unused_port: int
) -> None:
    """The library and the system read NO_PROXY differently: the transport is told, and does not decide."""
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{unused_port}")
    monkeypatch.setenv("no_proxy", "*.corp.example")
    system = socket.getaddrinfo

    def names(host: Any, *more: Any, **named: Any) -> Any:
        text = host.decode() if isinstance(host, bytes) else host
        return system("127.0.0.1" if text.endswith(".corp.example") else host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", names)
    before = len(server.heard)

    refused(server.url("cat.png", "wiki.corp.example"), "elsewhere.example")

    assert len(server.heard) == before


def test_no_proxy_is_asked_for_a_host_that_is_left_out(
    server: ImageServer, monkeypatch: pytest.MonkeyPatch, unused_port: int
) -> None:
    monkeypatch.setenv("http_proxy", f"http://127.0.0.1:{unused_port}")
    monkeypatch.setenv("no_proxy", "cats.example")

    found = fetched(server.url("cat.png", "cats.example"), "cats.example", look_up=_here)

    assert found.data == PNG


def test_another_address_of_the_host_is_tried(server: ImageServer) -> None:
    async def look_up(_host: str, _port: int) -> list[str]:
        return ["127.0.0.2", "127.0.0.1"]

    assert fetched(server.url("cat.png", "cats.example"), "cats.example", look_up=look_up).data == PNG


def test_a_host_in_other_letters_is_asked_by_its_ascii_name(server: ImageServer) -> None:
    host = "xn--bcher-kva.example"

    assert fetched(server.url("cat.png", "bücher.example"), host, look_up=_here).data == PNG
    assert server.heard[-1][1].startswith(f"{host}:")


@pytest.mark.parametrize("url", ["http://[::1", "http://a..b/", "http://a\\@b.example/c.png", "http://"])
def test_what_only_looks_like_an_address_is_told(url: str) -> None:
    assert refused(url) is Code.LINK_INVALID


def test_a_slow_image_is_no_slow_answer(server: ImageServer) -> None:
    assert refused(server.url("drip"), deadline_s=0.5) is Code.LINK_CUT


async def _here(_host: str, _port: int) -> list[str]:
    return ["127.0.0.1"]


def test_cancelling_ends_it_at_once(server: ImageServer) -> None:
    async def run() -> float:
        task = asyncio.create_task(download_image(server.url("drip"), private_hosts=HERE))
        await asyncio.sleep(0.2)
        began = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        return time.monotonic() - began

    assert asyncio.run(run()) < 2


def test_a_data_url_is_an_image_without_a_network() -> None:
    encoded = base64.b64encode(PNG).decode()
    assert fetched(f"data:image/png;base64,{encoded}") == Downloaded(PNG, "image.png")
    assert refused("data:image/png;base64,not base64!") is Code.LINK_INVALID
    assert refused("data:image/png;base64," + base64.b64encode(b"text, no image").decode()) is (
        Code.LINK_NOT_AN_IMAGE
    )


def test_files_are_private_and_never_overwritten(tmp_path: Path) -> None:
    folder = tmp_path / "downloads"
    paths = [keep_download(folder, "cat.png", data) for data in (b"1", b"2", b"3")]
    assert [path.name for path in paths] == ["cat.png", "cat (2).png", "cat (3).png"]
    assert [path.read_bytes() for path in paths] == [b"1", b"2", b"3"]
    assert stat.S_IMODE(paths[0].stat().st_mode) == 0o600
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert not list(folder.glob(".*"))


def test_a_terminal_gets_files_and_addresses_in_order(server: ImageServer, tmp_path: Path) -> None:
    async def download(url: str, hosts: frozenset[str], progress: object) -> tuple[bytes, str]:
        found = await download_image(url, private_hosts=hosts)
        return found.data, found.name

    given = ["a.jpg", server.url("cat.png")]
    paths = asyncio.run(local_files(given, tmp_path, download, allow_private=True))
    assert paths == (Path("a.jpg"), tmp_path / "cat.png")
    with pytest.raises(ProblemError) as caught:
        asyncio.run(local_files(given, tmp_path, download, allow_private=False))
    assert caught.value.problem.code is Code.LINK_PRIVATE


def test_many_of_one_name_at_once_are_all_kept_as_they_are(tmp_path: Path) -> None:
    every = [bytes([number]) * 5000 for number in range(8)]
    gate = threading.Barrier(len(every))
    kept: list[Path] = []

    def keep(data: bytes) -> None:
        gate.wait()
        kept.append(keep_download(tmp_path, "image.png", data))

    threads = [threading.Thread(target=keep, args=(data,)) for data in every]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(path.read_bytes() for path in kept) == every
    assert sorted(tmp_path.iterdir()) == sorted(kept)

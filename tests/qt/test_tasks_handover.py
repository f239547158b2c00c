"""Handing over to an open window, and what strangers and broken programs can do at its socket."""

import os
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.core.handover import MAX_BYTES, encode_handover
from desktop.tasks import handover as talk
from desktop.tasks.handover import GREETING, MAX_VISITORS, TAKEN, Handover, HandoverServer, Reached, hand_over

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Unix sockets")
WAIT_MS = 20_000
ROOT = Path(__file__).parents[2]


LAUNCH = """
import sys
from desktop.core.handover import decode_handover
from desktop.tasks.handover import hand_over
given = decode_handover(sys.stdin.buffer.read())
print(hand_over(sys.argv[2:], given, patience_s=float(sys.argv[1])).name)
"""


class Guest:
    """A second launch: a process of its own, because Qt holds Python's lock while it waits."""

    def __init__(self, address: str, given: Handover, patience_s: float = 10.0) -> None:
        command = [sys.executable, "-c", LAUNCH, str(patience_s), address]
        self._process = subprocess.Popen(
            command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        assert self._process.stdin is not None
        self._process.stdin.write(encode_handover(given))
        self._process.stdin.close()

    def wait(self, qtbot: QtBot) -> Reached:
        qtbot.waitUntil(lambda: self._process.poll() is not None, timeout=WAIT_MS)
        assert self._process.stdout is not None
        with self._process.stdout as out:
            return Reached[out.read().decode().strip()]


@pytest.fixture
def address() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="s") as folder:
        yield f"{folder}/s"


@pytest.fixture
def server(qtbot: QtBot, address: str) -> Iterator[HandoverServer]:
    made = HandoverServer()
    assert made.listen((address,))
    yield made
    made.close()


@pytest.fixture
def received(server: HandoverServer) -> list[Handover]:
    came: list[Handover] = []
    server.received.connect(came.append)
    return came


@contextmanager
def listening(address: str) -> Iterator[socket.socket]:
    """Somebody who has the address and is no window."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(address)
        listener.listen()
        listener.settimeout(10)
        yield listener


def stranger(address: str) -> socket.socket:
    made = socket.socket(socket.AF_UNIX)
    made.settimeout(10)
    made.connect(address)
    return made


def has_ended(qtbot: QtBot, connection: socket.socket) -> bool:
    connection.setblocking(False)

    def ended() -> bool:
        try:
            return connection.recv(1000) == b""
        except BlockingIOError:
            return False
        except ConnectionResetError:
            return True

    qtbot.waitUntil(ended, timeout=WAIT_MS)
    return True


def test_everything_that_is_handed_over_arrives(
    qtbot: QtBot, address: str, server: HandoverServer, received: list[Handover]
) -> None:
    names = (
        os.fsdecode(b"/odd \xff\xfe\nname.png"),
        "/\u202ename.png",
        *(f"/a/{n}.png" for n in range(20_000)),
    )
    given = Handover(
        paths=tuple(map(Path, names)),
        links=("https://example.org/a b.png",),
        startup_id="id",
        activation_token="t",
    )

    assert Guest(address, given).wait(qtbot) is Reached.TAKEN

    assert received == [given]


def test_only_this_user_may_connect(address: str, server: HandoverServer) -> None:
    assert Path(address).stat().st_mode & 0o077 == 0


def test_another_user_is_turned_away(
    qtbot: QtBot,
    address: str,
    server: HandoverServer,
    received: list[Handover],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(talk, "is_own", lambda _descriptor: False)

    with stranger(address) as connection:
        connection.sendall(bytes(4))
        assert has_ended(qtbot, connection)
    assert received == []


def test_nothing_is_told_to_a_listener_of_another_user(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(talk, "is_own", lambda _descriptor: False)
    with listening(address) as listener:
        assert hand_over((address,), Handover(paths=(Path("/secret"),))) is Reached.NOBODY

        connection, _ = listener.accept()
        with connection:
            assert connection.recv(100) == b""


def test_nobody_there(tmp_path: Path) -> None:
    assert hand_over((str(tmp_path / "none"),), Handover()) is Reached.NOBODY


def test_a_window_that_does_not_answer_is_given_nothing(address: str) -> None:
    with listening(address) as listener:
        assert hand_over((address,), Handover(paths=(Path("/a"),)), patience_s=0.2) is Reached.SILENT

        connection, _ = listener.accept()
        with connection:
            assert connection.recv(100) == b""


def test_a_window_that_never_says_that_it_has_it(qtbot: QtBot, address: str) -> None:
    with listening(address) as listener:
        guest = Guest(address, Handover(paths=(Path("/a"),)), patience_s=0.5)
        connection, _ = listener.accept()
        with connection:
            connection.sendall(GREETING)
            assert guest.wait(qtbot) is Reached.SILENT


def test_a_window_that_closes_meanwhile_is_nobody(qtbot: QtBot, address: str) -> None:
    with listening(address) as listener:
        guest = Guest(address, Handover())
        listener.accept()[0].close()
        assert guest.wait(qtbot) is Reached.NOBODY


def test_what_a_killed_window_left_is_no_hindrance(qtbot: QtBot, address: str) -> None:
    code = "import socket, sys; s = socket.socket(socket.AF_UNIX); s.bind(sys.argv[1]); s.listen()"
    subprocess.run([sys.executable, "-c", code, address], check=True)
    assert Path(address).is_socket()
    assert hand_over((address,), Handover()) is Reached.NOBODY
    server = HandoverServer()

    assert server.listen((address,))

    assert Guest(address, Handover()).wait(qtbot) is Reached.TAKEN
    server.close()
    assert not Path(address).exists()


def test_the_next_address_is_taken_where_the_first_cannot_be_had(qtbot: QtBot, address: str) -> None:
    server = HandoverServer()

    assert server.listen(("/proc/none/s", address))

    assert hand_over(("/proc/none/s",), Handover()) is Reached.NOBODY
    assert Guest(address, Handover()).wait(qtbot) is Reached.TAKEN
    server.close()
    server.close()


@pytest.mark.parametrize(
    "message",
    [
        b"GET / HTTP/1.1\r\n\r\n",
        (MAX_BYTES + 1).to_bytes(4, "big"),
        b"\xff\xff\xff\xff",
        (3).to_bytes(4, "big") + b"abc",
        (3).to_bytes(4, "big") + b"abcdef",
        (18).to_bytes(4, "big") + b"1\0\0\0Fa/relative/x",
        (5).to_bytes(4, "big") + b"[[[[[",
    ],
    ids=lambda message: repr(message[:12]),
)
def test_garbage_is_refused_and_the_next_is_served(
    qtbot: QtBot, address: str, server: HandoverServer, received: list[Handover], message: bytes
) -> None:
    with stranger(address) as connection:
        connection.sendall(message)
        assert has_ended(qtbot, connection)
    assert received == []

    assert Guest(address, Handover(paths=(Path("/a"),))).wait(qtbot) is Reached.TAKEN
    assert received == [Handover(paths=(Path("/a"),))]


def test_endless_bytes_end_at_the_length_that_was_told(
    qtbot: QtBot, address: str, server: HandoverServer, received: list[Handover]
) -> None:
    with stranger(address) as connection:
        connection.sendall((1_000_000).to_bytes(4, "big"))
        ended = threading.Event()

        def pour() -> None:
            try:
                while True:
                    connection.sendall(b"x" * 65536)
            except OSError:
                ended.set()

        thread = threading.Thread(target=pour)
        thread.start()
        qtbot.waitUntil(ended.is_set, timeout=WAIT_MS)
        thread.join()
    assert received == []


def test_who_says_nothing_is_shown_out(
    qtbot: QtBot,
    address: str,
    received: list[Handover],
    server: HandoverServer,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(talk, "VISIT_MS", 50)

    with stranger(address) as silent:
        silent.sendall((100).to_bytes(4, "big") + b"1")
        assert has_ended(qtbot, silent)
    assert received == []


def test_a_crowd_is_bounded_and_leaves(qtbot: QtBot, address: str, server: HandoverServer) -> None:
    crowd = [stranger(address) for _ in range(MAX_VISITORS + 10)]
    ended = [False] * len(crowd)

    def turned_away() -> int:
        for at, connection in enumerate(crowd):
            connection.setblocking(False)
            try:
                ended[at] = ended[at] or connection.recv(1000) == b""
            except BlockingIOError:
                continue
            except ConnectionResetError:
                ended[at] = True
        return sum(ended)

    qtbot.waitUntil(lambda: turned_away() == 10, timeout=WAIT_MS)
    for connection in crowd:
        connection.close()

    qtbot.waitUntil(lambda: not server._visitors, timeout=WAIT_MS)
    assert Guest(address, Handover()).wait(qtbot) is Reached.TAKEN


def test_a_message_in_single_bytes_arrives(
    qtbot: QtBot, address: str, server: HandoverServer, received: list[Handover]
) -> None:
    data = encode_handover(Handover(paths=(Path("/a"),)))
    with stranger(address) as connection:
        for byte in len(data).to_bytes(4, "big") + data:
            connection.send(bytes((byte,)))
            qtbot.wait(1)
        qtbot.waitUntil(lambda: len(received) == 1, timeout=WAIT_MS)
        connection.setblocking(True)
        heard = b""
        while len(heard) < len(GREETING + TAKEN):
            heard += connection.recv(100)
    assert heard == GREETING + TAKEN

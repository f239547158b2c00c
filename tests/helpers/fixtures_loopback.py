"""The loopback server as a fixture."""

import socket
from collections.abc import Iterator

import pytest

from tests.helpers.loopback import Loopback


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    """A server of the test's own; every request it got was right by the ``openai`` package's types."""
    with Loopback() as server:
        yield server
    assert server.violations == []


@pytest.fixture
def unused_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])

"""The loopback server as a fixture."""

from collections.abc import Iterator

import pytest

from tests.helpers.loopback import Loopback


@pytest.fixture
def loopback() -> Iterator[Loopback]:
    """A server of the test's own; every request it got was right by the ``openai`` package's types."""
    with Loopback() as server:
        yield server
    assert server.violations == []

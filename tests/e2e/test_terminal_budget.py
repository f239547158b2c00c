"""`sightline ask` and the month's budget, and what the reader tells of a photo."""

import json
from pathlib import Path

import pytest

from tests.e2e.conftest import Terminal
from tests.helpers import pictures
from tests.helpers.asking import make_image
from tests.helpers.loopback import Loopback


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    return make_image(tmp_path / "receipt.png")


def test_a_used_up_budget_stops_the_command_until_it_is_told_to_go_on(
    terminal: Terminal, loopback: Loopback, picture: Path
) -> None:
    loopback.prompt_tokens, loopback.completion_tokens = 1_000_000, 100
    terminal.data.mkdir()
    (terminal.data / "settings.json").write_text('{"budget_usd": "2.00"}', encoding="utf-8")
    assert terminal.ask(picture, "--base-url", loopback.base_url).status == 0

    stopped = terminal.ask(picture, "--base-url", loopback.base_url, "--json")

    assert stopped.status == 2
    assert json.loads(stopped.out)["problem"]["code"] == "budget_reached"
    assert "This month’s budget of $2.00 is used up: $2.50 so far." in stopped.err
    assert "--over-budget" in stopped.err
    assert len(terminal.conversations()) == 1

    confirmed = terminal.ask(picture, "--base-url", loopback.base_url, "--over-budget")

    assert (confirmed.status, confirmed.out) == (0, loopback.text)
    assert len(loopback.requests) == 2


def test_a_position_is_printed_and_in_no_file(terminal: Terminal, tmp_path: Path) -> None:
    photo = tmp_path / "tower.jpg"
    pictures.photo().save(photo, exif=pictures.exif_with_position())

    done = terminal.run("ask", photo, "--model", "on-device", "--prompt", "Where was this taken?", "--json")

    assert "48.858° N" in json.loads(done.out)["text"]
    written = [path for path in terminal.data.rglob("*") if path.is_file()]
    assert written
    assert [path for path in written if b"48.858" in path.read_bytes()] == []
    (conversation,) = terminal.conversations()
    assert "not in the history" in conversation.messages[-1].text

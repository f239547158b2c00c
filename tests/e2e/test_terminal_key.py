"""The key of a real process: used for its server only, and found nowhere else."""

from pathlib import Path

import pytest

from tests.e2e.conftest import Terminal
from tests.helpers.asking import make_image
from tests.helpers.loopback import Loopback
from tests.helpers.processes import descendants, environment_of, until

CANARY = "sk-canary-4f2a9c81d07be356"
SAMPLE = Path(__file__).parents[2] / "resources" / "samples" / "receipt.png"

needs_proc = pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="the environment of a process is read from /proc"
)


def test_the_base_url_and_the_key_of_the_environment_are_used(
    terminal: Terminal, loopback: Loopback, tmp_path: Path
) -> None:
    terminal.environment |= {"OPENAI_API_KEY": CANARY, "OPENAI_BASE_URL": loopback.base_url}

    done = terminal.run("ask", make_image(tmp_path / "a.png"), "--model", "gpt-4o", "--prompt", "What is it?")

    assert (done.status, done.out) == (0, loopback.text)
    assert loopback.requests[0].headers["authorization"] == f"Bearer {CANARY}"


def test_a_key_of_the_environment_is_not_sent_to_another_server(
    terminal: Terminal, loopback: Loopback, tmp_path: Path
) -> None:
    terminal.environment |= {"OPENAI_API_KEY": CANARY}

    terminal.ask(make_image(tmp_path / "a.png"), "--base-url", loopback.base_url)

    assert CANARY not in str(loopback.requests[0].headers)


@pytest.mark.parametrize("scenario", ["ok", "unauthorized"])
def test_the_key_is_in_no_output_and_in_no_file(
    terminal: Terminal, loopback: Loopback, tmp_path: Path, scenario: str
) -> None:
    terminal.environment |= {"OPENAI_API_KEY": CANARY, "OPENAI_BASE_URL": loopback.url_as(scenario)}

    done = terminal.run("ask", make_image(tmp_path / "a.png"), "--model", "gpt-4o", "--prompt", "What is it?")

    assert loopback.requests[0].headers["authorization"] == f"Bearer {CANARY}"
    assert CANARY not in done.out + done.err
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert any(path.suffix == ".log" for path in files)
    assert not [path for path in files if CANARY.encode() in path.read_bytes()]


@needs_proc
def test_no_child_process_inherits_the_key(terminal: Terminal, loopback: Loopback, tmp_path: Path) -> None:
    terminal.environment |= {"OPENAI_API_KEY": CANARY, "OPENAI_BASE_URL": loopback.url_as("stalled")}

    process = terminal.start_asking(make_image(tmp_path / "a.png"))
    until(lambda: process.out, "the first words")
    children = descendants(process.pid)
    environments = [environment_of(pid) for pid in children]

    assert any("HOME=" in environment for environment in environments)
    assert not [environment for environment in environments if CANARY in environment]
    process.interrupt()
    process.wait()


def test_without_key_and_server_the_reader_of_this_computer_answers(terminal: Terminal) -> None:
    done = terminal.run("ask", SAMPLE, "--prompt", "What are the lines and the total?")

    assert done.status == 0
    for line in ("CORNER BAKERY", "Sourdough", "Croissant", "9.50", "TOTAL EUR", "37.34"):
        assert line in done.out
    assert "on this computer · free" in done.err

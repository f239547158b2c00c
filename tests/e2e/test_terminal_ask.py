"""`sightline ask` as a real process against a server: what is printed, stored and given as exit status."""

import json
import os
import socket
import time
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.core.model import AnswerState, Draft
from tests.e2e.conftest import Terminal
from tests.helpers.asking import make_image
from tests.helpers.history import opened
from tests.helpers.loopback import Loopback
from tests.helpers.processes import Process, descendants, is_alive, until

GPT_4O_INPUT_USD, GPT_4O_OUTPUT_USD = Decimal("0.0000025"), Decimal("0.00001")


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    return make_image(tmp_path / "receipt.png")


def test_the_answer_is_printed_priced_and_stored(
    terminal: Terminal, loopback: Loopback, picture: Path
) -> None:
    done = terminal.ask(picture, "--base-url", loopback.base_url)

    assert (done.status, done.out) == (0, loopback.text)
    assert "$0.00" in done.err
    assert " in · " in done.err
    (conversation,) = terminal.conversations()
    assert conversation.title == "What is the total?"
    assert (conversation.messages[-1].state, conversation.messages[-1].text) == (
        AnswerState.COMPLETE,
        loopback.text,
    )


def test_the_answer_streams(terminal: Terminal, loopback: Loopback, picture: Path) -> None:
    process = terminal.start_asking(picture, "--base-url", loopback.url_as("stalled"))

    # The server is still in the middle of its answer, and will be for ever.
    first = until(lambda: process.out, "the first words")

    assert loopback.text.startswith(first)
    process.interrupt()
    process.wait()


def test_a_slow_answer_is_printed_whole(terminal: Terminal, loopback: Loopback, picture: Path) -> None:
    done = terminal.ask(picture, "--base-url", loopback.url_as("slow"))

    assert (done.status, done.out) == (0, loopback.text)


@pytest.mark.parametrize(
    ("scenario", "status", "said"),
    [
        ("cut", 5, "The connection broke while the answer came."),
        ("ended_early", 5, "ended before the server said that it is finished"),
        ("bad_json", 4, "is not an answer"),
    ],
)
def test_an_incomplete_answer_is_printed_kept_and_told(
    terminal: Terminal, loopback: Loopback, picture: Path, scenario: str, status: int, said: str
) -> None:
    done = terminal.ask(picture, "--base-url", loopback.url_as(scenario))

    assert done.status == status
    assert said in done.err
    assert done.out.rstrip("\n")
    assert loopback.text.startswith(done.out.rstrip("\n"))
    answer = terminal.conversations()[0].messages[-1]
    assert (answer.state, answer.text) == (AnswerState.INCOMPLETE, done.out.removesuffix("\n"))


@pytest.mark.parametrize(
    ("scenario", "status", "said"),
    [
        ("unauthorized", 4, "did not accept the key"),
        ("insufficient_quota", 4, "credit of your account"),
        ("html", 4, "is not an answer"),
        ("redirect", 4, "points to another address"),
    ],
)
def test_a_refusal_is_told_once_and_not_tried_again(
    terminal: Terminal, loopback: Loopback, picture: Path, scenario: str, status: int, said: str
) -> None:
    done = terminal.ask(picture, "--base-url", loopback.url_as(scenario))

    assert (done.status, done.out) == (status, "")
    assert said in done.err
    assert len(loopback.requests) == 1
    assert terminal.conversations()[0].messages[-1].state is AnswerState.FAILED


@pytest.mark.parametrize(
    ("scenario", "said"), [("rate_limited", "asks to wait"), ("server_error", "failed to answer")]
)
def test_what_may_pass_is_tried_again_visibly(
    terminal: Terminal, loopback: Loopback, picture: Path, scenario: str, said: str
) -> None:
    done = terminal.ask(picture, "--base-url", loopback.url_as(scenario))

    assert done.status == 4
    assert done.err.count("Trying again in") == 2
    assert done.err.count(said) == 3
    assert len(loopback.requests) == 3


def test_a_server_that_recovers_answers(terminal: Terminal, loopback: Loopback, picture: Path) -> None:
    loopback.script.extend(["rate_limited", "ok"])

    done = terminal.ask(picture, "--base-url", loopback.base_url)

    assert (done.status, done.out) == (0, loopback.text)
    assert done.err.count("Trying again in") == 1


def test_without_usage_the_cost_is_marked_as_estimated(
    terminal: Terminal, loopback: Loopback, picture: Path
) -> None:
    done = terminal.ask(picture, "--base-url", loopback.url_as("no_usage"))

    assert (done.status, done.out) == (0, loopback.text)
    assert "estimated" in done.err


@pytest.mark.parametrize("scenario", ["headers_never", "stalled_before_text"])
def test_ctrl_c_while_nothing_has_come(
    terminal: Terminal, loopback: Loopback, picture: Path, scenario: str
) -> None:
    process = terminal.start_asking(picture, "--base-url", loopback.url_as(scenario))
    loopback.wait_for_requests(1, 60)

    pressed_at = time.monotonic()
    process.interrupt()

    assert process.wait() == 130
    assert (process.out, process.err) == ("", "")
    loopback.wait_for(lambda: loopback.requests[0].closed_at is not None)
    assert _closed_after(loopback, pressed_at) < 1
    assert terminal.conversations()[0].messages[-1].state is AnswerState.STOPPED


@pytest.mark.parametrize("stop", [Process.interrupt, Process.terminate])
def test_stopping_keeps_what_had_come_and_ends_the_workers(
    terminal: Terminal, loopback: Loopback, picture: Path, stop: Callable[[Process], None]
) -> None:
    process = terminal.start_asking(picture, "--base-url", loopback.url_as("stalled"))
    loopback.wait_for(lambda: bool(loopback.requests) and loopback.requests[0].sent > 10, 60)
    until(lambda: process.out, "the first words")
    workers = descendants(process.pid)
    assert workers

    pressed_at = time.monotonic()
    stop(process)

    assert process.wait() == 130
    loopback.wait_for(lambda: loopback.requests[0].closed_at is not None)
    assert _closed_after(loopback, pressed_at) < 1
    answer = terminal.conversations()[0].messages[-1]
    assert answer.state is AnswerState.STOPPED
    assert answer.text == process.out.removesuffix("\n")
    assert loopback.text.startswith(answer.text)
    assert len(process.err.splitlines()) <= 1, "at most what it cost"
    until(lambda: not [pid for pid in workers if is_alive(pid)], "the end of its workers")


def test_an_answer_moves_no_cursor_and_names_no_window(
    terminal: Terminal, loopback: Loopback, picture: Path
) -> None:
    loopback.text = "a\x1b[31mb\x1b]0;owned\x07\x9b2J\n\tend\n"

    pty = pytest.importorskip("pty", reason="Windows has no such terminals")
    reads, writes = (
        os.fdopen(end, mode, buffering=0) for end, mode in zip(pty.openpty(), ("rb", "wb"), strict=True)
    )
    with reads as seen, writes as screen:
        process = terminal.start_asking(picture, "--base-url", loopback.base_url, out=screen)
        assert process.wait() == 0, process.err
        shown = seen.read(4096)
    piped = terminal.ask(picture, "--base-url", loopback.base_url)

    assert shown == b"a[31mb]0;owned2J\r\n\tend\r\n"
    assert piped.out == loopback.text, "a pipe gets what the server sent"


def test_a_terminal_without_unicode_gets_question_marks_and_no_trace(
    terminal: Terminal, loopback: Loopback, picture: Path
) -> None:
    terminal.environment["PYTHONIOENCODING"] = "ascii"

    done = terminal.ask(picture, "--base-url", loopback.base_url)

    assert (done.status, done.out) == (0, loopback.text.encode("ascii", "replace").decode())
    assert "Traceback" not in done.err


def test_a_wait_before_another_try_gives_no_task(
    terminal: Terminal, loopback: Loopback, picture: Path
) -> None:
    loopback.script.extend(["server_error", "ok"])

    done = terminal.ask(picture, "--base-url", loopback.base_url)

    (retry, _cost) = done.err.splitlines()
    assert "failed to answer. Trying again in" in retry
    assert "Ask again" not in retry


def test_a_key_that_would_travel_unencrypted_is_warned_of(terminal: Terminal, picture: Path) -> None:
    address = "http://no-such-host.invalid/v1"
    terminal.environment.update(OPENAI_API_KEY="sk-canary-0123456789", OPENAI_BASE_URL=address)

    done = terminal.ask(picture)

    assert done.err.startswith("The connection to http://no-such-host.invalid:80 is not encrypted.")


def test_json_gives_one_object_with_what_each_image_cost(
    terminal: Terminal, loopback: Loopback, tmp_path: Path
) -> None:
    small = make_image(tmp_path / "small.png", 256, 256)
    large = make_image(tmp_path / "large.png", 1024, 1024, color="green")
    tile_tokens = [85 + 170, 85 + 170 * 4]
    loopback.prompt_tokens, loopback.completion_tokens = sum(tile_tokens) + 20, 100

    done = terminal.ask(small, large, "--base-url", loopback.base_url, "--detail", "high", "--json")

    told = json.loads(done.out, parse_float=Decimal)
    assert done.status == 0
    assert {"text", "usage", "cost_usd", "model", "images"} <= set(told)
    assert (told["text"], told["model"]) == (loopback.text, "gpt-4o")
    assert told["usage"]["prompt_tokens"] == sum(tile_tokens) + 20
    assert told["usage"]["completion_tokens"] == 100
    assert [image["path"] for image in told["images"]] == [str(small), str(large)]
    assert [image["tokens"] for image in told["images"]] == tile_tokens
    assert [image["cost_usd"] for image in told["images"]] == [
        tokens * GPT_4O_INPUT_USD for tokens in tile_tokens
    ]
    text_and_answer = 20 * GPT_4O_INPUT_USD + 100 * GPT_4O_OUTPUT_USD
    assert told["cost_usd"] == sum(image["cost_usd"] for image in told["images"]) + text_and_answer


def test_json_tells_a_failure_too(terminal: Terminal, loopback: Loopback, picture: Path) -> None:
    done = terminal.ask(picture, "--base-url", loopback.url_as("unauthorized"), "--json")

    told = json.loads(done.out)
    assert done.status == 4
    assert (told["text"], told["problem"]["code"]) == ("", "unauthorized")


def test_nobody_answers_at_that_port(terminal: Terminal, unused_port: int, picture: Path) -> None:
    done = terminal.ask(picture, "--base-url", f"http://127.0.0.1:{unused_port}/v1")

    assert (done.status, done.out) == (5, "")
    assert "Nothing answers at 127.0.0.1" in done.err
    assert terminal.conversations()[0].messages[-1].state is AnswerState.FAILED


def test_a_host_that_does_not_exist(terminal: Terminal, picture: Path) -> None:
    done = terminal.ask(picture, "--base-url", "https://no-such-host.invalid/v1")

    assert (done.status, done.out) == (5, "")
    assert "no-such-host.invalid was not found" in done.err


def test_a_server_that_never_shakes_hands_is_left_by_ctrl_c(terminal: Terminal, picture: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        port = server.getsockname()[1]
        process = terminal.start_asking(picture, "--base-url", f"https://127.0.0.1:{port}/v1")
        connection, _address = server.accept()
        with connection:
            connection.settimeout(60)
            assert connection.recv(1) == b"\x16", "a TLS handshake begins"
            pressed_at = time.monotonic()
            process.interrupt()
            while connection.recv(65536):
                pass
            assert time.monotonic() - pressed_at < 1
        assert process.wait() == 130


def _closed_after(loopback: Loopback, moment: float) -> float:
    closed_at = loopback.requests[0].closed_at
    assert closed_at is not None
    return closed_at - moment


def test_where_nothing_can_be_stored_it_answers_and_says_so(
    terminal: Terminal, loopback: Loopback, picture: Path
) -> None:
    terminal.data.write_text("a file in the place of the folder")

    done = terminal.ask(picture, "--base-url", loopback.base_url)

    assert (done.status, done.out) == (0, loopback.text)
    assert "Nothing can be written to" in done.err
    assert "Nothing of this session is stored." in done.err


def test_piped_into_head_it_left_an_answer_that_never_ended(
    terminal: Terminal, loopback: Loopback, picture: Path
) -> None:
    reader, writer = os.pipe()
    with os.fdopen(writer, "wb") as out:
        process = terminal.start_asking(picture, "--base-url", loopback.url_as("slow"), out=out)
    assert os.read(reader, 1)
    os.close(reader)

    assert process.wait() == 130
    assert "Error" not in process.err
    answer = terminal.conversations()[0].messages[-1]
    assert answer.state is AnswerState.STOPPED
    assert answer.text
    assert loopback.text.startswith(answer.text)


def test_asking_in_the_terminal_deleted_the_draft_of_the_windows_new_conversation(
    terminal: Terminal, loopback: Loopback, picture: Path
) -> None:
    with opened(terminal.data) as store:
        store.save_draft(0, Draft(text="half a thought")).result()

    assert terminal.ask(picture, "--base-url", loopback.base_url).status == 0

    with opened(terminal.data) as store:
        assert store.draft(0).result().text == "half a thought"

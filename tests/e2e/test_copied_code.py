"""A conversation that was copied as code asks the same again: with curl in two shells, and with Python."""

import asyncio
import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desktop.asking.as_code import message_as_code, question_as_code
from desktop.core.model import Detail
from desktop.core.request import CodeLanguage
from tests.helpers.asking import Bench, make_image, running
from tests.helpers.loopback import Loopback
from tests.helpers.processes import clean_environment

KEY = "sk-canary-of-the-environment"
PROMPT = "It's \"the total\", isn't it? $HOME `id` $(id) \\ \n合计多少？ JSON\nJSON\n🍮"


async def converse(bench: Bench, folder: Path) -> dict[str, str]:
    """Two images, then a follow-up; the follow-up as code, before it is asked and afterwards."""
    paths = (make_image(folder / "a.png", 1500, 900), make_image(folder / "b.png", 700, 500, color="gold"))
    asked = await bench.ask(bench.question("What is it?", *paths, detail=Detail.LOW))
    assert asked.conversation is not None
    follow_up = replace(bench.question(PROMPT, conversation=asked.conversation), max_tokens=77)
    before = await question_as_code(follow_up, CodeLanguage.CURL, bench.services)
    answered = await bench.ask(follow_up)
    assert answered.conversation is not None
    codes = {"curl before": before}
    for language in CodeLanguage:
        codes[language] = await message_as_code(
            answered.conversation, answered.answer.id, language, bench.services
        )
    return codes


@pytest.fixture
def codes(loopback: Loopback, tmp_path: Path) -> dict[str, str]:
    async def run() -> dict[str, str]:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            return await converse(bench, tmp_path)

    return asyncio.run(run())


def run(command: list[str], home: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        env=clean_environment(home, **{"OPENAI_API_KEY": KEY, "LC_ALL": "C.UTF-8", **environment}),
        cwd=home,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )


def without_limit(body: Any) -> dict[str, Any]:
    """The history does not know how long the answer was allowed to be."""
    return {name: value for name, value in body.items() if name != "max_completion_tokens"}


def test_curl_in_each_shell_sends_what_the_app_sent(
    loopback: Loopback, codes: dict[str, str], tmp_path: Path
) -> None:
    sent = loopback.requests[-1]
    shells = [shell for shell in ("bash", "dash", "sh") if shutil.which(shell)]
    assert shells
    script = tmp_path / "ask.sh"

    for shell in shells:
        for name, wanted in (("curl before", sent.body), ("curl", without_limit(sent.body))):
            script.write_text(codes[name], encoding="utf-8")
            done = run([shell, str(script)], tmp_path / "home")

            assert (done.returncode, done.stderr) == (0, "")
            received = loopback.requests[-1]
            assert received is not sent
            assert received.body == wanted
            assert received.images == sent.images
            assert len(received.images) == 2
            assert received.headers["authorization"] == f"Bearer {KEY}"
            assert said(done.stdout) == loopback.text


def test_python_sends_what_the_app_sent_and_prints_the_answer(
    loopback: Loopback, codes: dict[str, str], tmp_path: Path
) -> None:
    sent = loopback.requests[-1]
    program = tmp_path / "ask.py"
    program.write_text(codes["python"], encoding="utf-8")

    done = run([sys.executable, str(program)], tmp_path / "home")

    assert (done.returncode, done.stderr) == (0, "")
    received = loopback.requests[-1]
    assert received is not sent
    assert received.body == without_limit(sent.body)
    assert received.images == sent.images
    assert received.headers["authorization"] == f"Bearer {KEY}"
    assert done.stdout == f"{loopback.text}\n"


def test_a_refusal_is_seen(loopback: Loopback, codes: dict[str, str], tmp_path: Path) -> None:
    loopback.scenario = "unauthorized"

    done = run(["sh", "-c", codes["curl"]], tmp_path / "home")

    assert done.returncode != 0
    assert "401" in done.stderr
    assert "error" in done.stdout


def said(stream: str) -> str:
    """The text in the events that curl printed."""
    events = [line.removeprefix("data: ") for line in stream.splitlines() if line.startswith("data: {")]
    choices = [choice for event in events for choice in json.loads(event)["choices"]]
    return "".join(choice["delta"].get("content") or "" for choice in choices)

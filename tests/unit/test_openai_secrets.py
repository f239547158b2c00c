"""The key goes to its server and nowhere else: no event, no log at any level, no exception."""

import asyncio
import logging
import traceback

import pytest

from desktop.core.problems import ProblemError
from tests.helpers.chat import collect, engine, question
from tests.helpers.loopback import Loopback
from tests.helpers.loopback_scenarios import SCENARIOS

KEY = "canary7Yq2mV4f2aWithoutPrefix"
"""Nothing but the key itself gives this one away."""

ENDLESS = {"never_reads", "dripping", "huge_answer", "huge_line", "endless_refusal", "slow"}


def test_no_scenario_brings_the_key_to_light(loopback: Loopback, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    seen = []

    async def run() -> None:
        async with engine(loopback.base_url, idle_timeout_s=0.2, key=lambda: KEY) as chat:
            for loopback.scenario in sorted(SCENARIOS.keys() - ENDLESS):
                seen.append(repr((await collect(chat, question(max_tokens=5))).__dict__))
                seen.append(repr(chat) + repr(vars(chat)))
                try:
                    await chat.list_models()
                except ProblemError as error:
                    seen.append("".join(traceback.format_exception(error)) + repr(error.problem))

    asyncio.run(run())
    assert any("headers" in record.getMessage() for record in caplog.records), "the transport logs at DEBUG"
    assert all(r.headers["authorization"] == f"Bearer {KEY}" for r in loopback.requests)
    for text in [*seen, *(record.getMessage() for record in caplog.records), caplog.text]:
        assert KEY not in text


def test_organisation_and_project_of_the_environment_go_to_openai_only(
    loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_ORG_ID", "org-secret")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "proj-secret")

    async def run() -> None:
        async with engine(loopback.base_url) as chat:
            await collect(chat, question())

    asyncio.run(run())
    assert "secret" not in str(loopback.requests[0].headers)


def test_importing_the_engine_does_not_import_the_library() -> None:
    import subprocess
    import sys

    code = (
        "import sys, desktop.engines.openai_chat; print('openai' in sys.modules, 'pydantic' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "False"]

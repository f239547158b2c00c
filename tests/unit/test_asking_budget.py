"""The month's budget stops a question before anything is stored or sent, unless it is confirmed or free."""

import asyncio
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.core.model import ON_DEVICE, AnswerState, Draft
from desktop.core.problem_text import explain
from desktop.core.problems import Code
from desktop.engines.on_device.engine import OnDeviceEngine
from tests.helpers.asking import Bench, make_image, running
from tests.helpers.loopback import Loopback


def limited(bench: Bench, limit: str, **services: object) -> None:
    bench.services = replace(bench.services, budget_usd=lambda: Decimal(limit), **services)  # type: ignore[arg-type]


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    return make_image(tmp_path / "a.png")


def test_a_used_up_budget_stops_until_it_is_confirmed(
    tmp_path: Path, loopback: Loopback, picture: Path
) -> None:
    loopback.prompt_tokens, loopback.completion_tokens = 1_000, 100

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            limited(bench, "0.0028")
            # Nothing is spent yet: this one may reach the limit, and go over it.
            first = await bench.ask(bench.question("What is this?", picture))
            assert first.answer.cost_usd == Decimal("0.0028")
            await asyncio.wrap_future(bench.store.save_draft(first.conversation.id, Draft(text="And now?")))
            refused = await bench.ask(bench.question("And now?", conversation=first.conversation))
            assert refused.answer.problem.code is Code.BUDGET_REACHED
            assert refused.conversation is None
            said = explain(refused.answer.problem)
            assert said.what == "This month’s budget of $0.0028 is used up: $0.0028 so far."
            stored = await asyncio.wrap_future(bench.store.conversation(first.conversation.id))
            assert (len(stored.messages), stored.draft.text) == (2, "And now?")
            confirmed = bench.question("And now?", conversation=first.conversation)
            finished = await bench.ask(replace(confirmed, over_budget=True))
            assert finished.answer.state is AnswerState.COMPLETE

    asyncio.run(scene())
    assert len(loopback.requests) == 2


def test_what_costs_nothing_is_never_stopped(tmp_path: Path, loopback: Loopback, picture: Path) -> None:
    async def scene() -> None:
        reader = OnDeviceEngine()
        async with running(tmp_path / "data", loopback.base_url) as bench:
            await bench.ask(bench.question("What is this?", picture))
            limited(bench, "0.000001", engine_for=lambda _model: reader)
            read = await bench.ask(bench.question("Facts of the file?", picture, model=ON_DEVICE))
            assert read.answer.state is AnswerState.COMPLETE
            await reader.close()
            local = {"engine_for": lambda _model: bench.engine, "provider_for": lambda _model: "ollama"}
            limited(bench, "0.000001", rates=lambda _model: None, **local)
            asked = await bench.ask(bench.question("What is this?", picture, model="llava"))
            assert asked.answer.state is AnswerState.COMPLETE

    asyncio.run(scene())


def test_a_price_that_nobody_knows_is_not_taken_for_nothing(
    tmp_path: Path, loopback: Loopback, picture: Path
) -> None:
    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            await bench.ask(bench.question("What is this?", picture))
            limited(bench, "0.000001", rates=lambda _model: None)
            finished = await bench.ask(bench.question("What is this?", picture, model="gpt-7"))
            assert finished.answer.problem.code is Code.BUDGET_REACHED

    asyncio.run(scene())
    assert len(loopback.requests) == 1

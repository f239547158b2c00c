"""A title by the model that answered: a tiny request, noted, of what was said to that server only."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.asking.suggest_title import ANSWER_CHARS, MAX_TOKENS, QUESTION_CHARS, suggest_title
from desktop.core.model import Conversation
from desktop.core.problems import Code, ProblemError
from desktop.store.store import Store
from tests.helpers.asking import Bench, make_image, running
from tests.helpers.history import answered, ask, begin, question
from tests.helpers.loopback import Loopback


async def asked(bench: Bench, tmp_path: Path) -> Conversation:
    finished = await bench.ask(bench.question("What is the total?", make_image(tmp_path / "a.png")))
    assert finished.conversation is not None
    return finished.conversation


def spent(store: Store) -> tuple[int, Decimal]:
    today = datetime.now(UTC).astimezone().date()
    told = store.spending(today, today).result()
    return told.requests, told.total_usd


def test_the_title_is_the_first_line_without_marks_and_its_cost_is_in_the_ledger(
    tmp_path: Path, loopback: Loopback
) -> None:
    loopback.prompt_tokens, loopback.completion_tokens = 1_000, 100

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            conversation = await asked(bench, tmp_path)
            before = await asyncio.to_thread(spent, bench.store)
            loopback.text = '\n  **"Corner Bakery receipts"**.\nMore words'
            title = await suggest_title(conversation.id, bench.services)
            assert title == "Corner Bakery receipts"
            after = await asyncio.to_thread(spent, bench.store)
            assert (after[0], after[1]) == (before[0] + 1, before[1] + Decimal("0.0028"))
            # Nothing is said in the conversation, and the title is the user's to take.
            stored = await asyncio.wrap_future(bench.store.conversation(conversation.id))
            assert stored == conversation

    asyncio.run(scene())
    body = loopback.requests[-1].body
    assert len(body["messages"]) == 1
    assert "image_url" not in str(body["messages"])
    limit = body.get("max_tokens") or body.get("max_completion_tokens")
    assert limit == MAX_TOKENS


def test_only_the_beginnings_are_sent(tmp_path: Path, loopback: Loopback) -> None:
    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            begun = await asyncio.to_thread(begin, bench.store, question("q" * 9_000))
            answer = replace(answered(begun, "a" * 9_000), model="gpt-4.1")
            await asyncio.wrap_future(bench.store.finish(answer, ()))
            await suggest_title(begun.id, bench.services)

    asyncio.run(scene())
    sent = str(loopback.requests[-1].body["messages"])
    assert sent.count("q" * 100) == QUESTION_CHARS // 100
    assert "q" * (QUESTION_CHARS + 1) not in sent
    assert "a" * (ANSWER_CHARS + 1) not in sent


@pytest.mark.parametrize(
    ("scenario", "code"), [("unauthorized", Code.UNAUTHORIZED), ("server_error", Code.SERVER_ERROR)]
)
def test_what_goes_wrong_is_told_and_noted_without_a_price(
    tmp_path: Path, loopback: Loopback, scenario: str, code: Code
) -> None:
    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            conversation = await asked(bench, tmp_path)
            before = await asyncio.to_thread(spent, bench.store)
            loopback.scenario = scenario
            with pytest.raises(ProblemError) as caught:
                await suggest_title(conversation.id, bench.services)
            assert caught.value.problem.code is code
            assert (await asyncio.to_thread(spent, bench.store))[1] == before[1]

    asyncio.run(scene())


def test_what_was_read_on_this_computer_or_told_to_another_server_is_not_sent(
    tmp_path: Path, loopback: Loopback
) -> None:
    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            read = await asyncio.to_thread(begin, bench.store, question("Read it"), provider="on-device")
            await asyncio.wrap_future(bench.store.finish(answered(read), ()))
            elsewhere = await asyncio.to_thread(ask, bench.store, "Asked elsewhere")
            bench.services = replace(bench.services, provider_for=lambda _model: "ollama")
            await asyncio.wrap_future(bench.store.finish(answered(elsewhere), ()))
            for conversation in (read, elsewhere):
                with pytest.raises(ProblemError) as caught:
                    await suggest_title(conversation.id, bench.services)
                assert caught.value.problem.code is Code.TITLE_NOT_OFFERED

    asyncio.run(scene())
    assert loopback.requests == []


def test_a_used_up_budget_stops_it(tmp_path: Path, loopback: Loopback) -> None:
    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            conversation = await asked(bench, tmp_path)
            bench.services = replace(bench.services, budget_usd=lambda: Decimal("0.0000001"))
            with pytest.raises(ProblemError) as caught:
                await suggest_title(conversation.id, bench.services)
            assert caught.value.problem.code is Code.BUDGET_REACHED

    asyncio.run(scene())
    assert len(loopback.requests) == 1

"""A question as code, and counted: the very request that is asked, and nothing of it in the history."""

import asyncio
import json
import math
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from desktop.asking.as_code import message_as_code, question_as_code
from desktop.asking.counting import count_exactly
from desktop.core.edits import Area, Edits
from desktop.core.model import ON_DEVICE, Conversation, Detail
from desktop.core.problems import Code, ProblemError
from desktop.core.request import CodeLanguage, NewImage, Question
from tests.helpers.asking import Bench, make_image, running
from tests.helpers.loopback import Loopback


def body_of(curl: str) -> dict[str, Any]:
    return dict(json.loads(curl.split(" <<'JSON'\n")[1].removesuffix("JSON\n")))


def all_text(body: dict[str, Any]) -> str:
    contents = [message["content"] for message in body["messages"]]
    parts = [part for content in contents if isinstance(content, list) for part in content]
    texts = [content for content in contents if isinstance(content, str)]
    return "".join(texts + [part["text"] for part in parts if part["type"] == "text"])


def files_in(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file() and path.suffix in {".png", ".jpg"}}


@asynccontextmanager
async def bench_at(loopback: Loopback, folder: Path) -> AsyncIterator[Bench]:
    async with running(folder / "data", loopback.base_url) as bench:
        yield bench


def follow_up(bench: Bench, conversation: Conversation, path: Path) -> Question:
    """About a new part of a new image, in a conversation with an earlier one."""
    image = NewImage(image=bench.facts(path), detail=Detail.HIGH, edits=Edits(crop=Area(0, 0, 300, 200)))
    return replace(bench.question("And here?", conversation=conversation), images=(image,), max_tokens=70)


def test_before_and_after_asking_the_code_sends_what_is_asked(loopback: Loopback, tmp_path: Path) -> None:
    async def run() -> None:
        async with bench_at(loopback, tmp_path) as bench:
            first = make_image(tmp_path / "first.png", 900, 700)
            asked = await bench.ask(bench.question("What is this?", first))
            assert asked.conversation is not None
            question = follow_up(bench, asked.conversation, make_image(tmp_path / "second.png"))
            stored = files_in(tmp_path / "data")

            before = await question_as_code(question, CodeLanguage.CURL, bench.services)

            assert files_in(tmp_path / "data") == stored, "nothing is stored"
            assert len(loopback.requests) == 1, "nothing is sent"
            answered = await bench.ask(question)
            assert answered.conversation is not None
            sent = loopback.requests[1].body
            assert body_of(before) == sent
            answer = answered.conversation.messages[-1]
            after = await message_as_code(answered.conversation, answer.id, CodeLanguage.CURL, bench.services)
            # How long the answer may be is not stored.
            assert body_of(after) == {k: v for k, v in sent.items() if k != "max_completion_tokens"}
            asked_first = answered.conversation.messages[0]
            again = await message_as_code(
                answered.conversation, asked_first.id, CodeLanguage.CURL, bench.services
            )
            assert body_of(again) == loopback.requests[0].body

    asyncio.run(run())


def test_the_server_counts_what_would_be_asked(loopback: Loopback, tmp_path: Path) -> None:
    async def run() -> None:
        async with bench_at(loopback, tmp_path) as bench:
            asked = await bench.ask(
                bench.question("What is this?", make_image(tmp_path / "a.png", 1024, 1024))
            )
            assert asked.conversation is not None
            question = follow_up(bench, asked.conversation, make_image(tmp_path / "b.png"))
            stored = files_in(tmp_path / "data")

            counted = await count_exactly(question, bench.services)

            assert files_in(tmp_path / "data") == stored, "nothing is stored"
            await bench.ask(question)
            chat = loopback.requests[2]
            assert loopback.requests[1].images == chat.images
            assert counted == 765 + 255 + math.ceil(len(all_text(chat.body)) / 4)

    asyncio.run(run())


def test_the_reader_has_no_code_and_nothing_to_count(loopback: Loopback, tmp_path: Path) -> None:
    async def run() -> None:
        async with bench_at(loopback, tmp_path) as bench:
            question = bench.question("What is this?", make_image(tmp_path / "a.png"), model=ON_DEVICE)
            for attempt in (
                question_as_code(question, CodeLanguage.PYTHON, bench.services),
                count_exactly(question, bench.services),
            ):
                with pytest.raises(ProblemError) as caught:
                    await attempt
                assert caught.value.problem.code is Code.NOT_SENT

    asyncio.run(run())


def test_a_question_that_is_gone_is_said_as_such(loopback: Loopback, tmp_path: Path) -> None:
    async def run() -> None:
        async with bench_at(loopback, tmp_path) as bench:
            with pytest.raises(ProblemError) as caught:
                await message_as_code(Conversation(), 7, CodeLanguage.CURL, bench.services)
            assert caught.value.problem.code is Code.CONVERSATION_GONE

    asyncio.run(run())


def test_a_file_that_has_changed_is_not_copied_as_something_else(loopback: Loopback, tmp_path: Path) -> None:
    async def run() -> None:
        async with bench_at(loopback, tmp_path) as bench:
            question = bench.question("What?", make_image(tmp_path / "a.png"))
            make_image(tmp_path / "a.png", color="black")
            with pytest.raises(ProblemError) as caught:
                await question_as_code(question, CodeLanguage.CURL, bench.services)
            assert caught.value.problem.code is Code.IMAGE_CHANGED

    asyncio.run(run())


def test_a_stored_image_that_is_gone_is_said_and_stays_in_the_conversation(
    loopback: Loopback, tmp_path: Path
) -> None:
    async def run() -> None:
        async with bench_at(loopback, tmp_path) as bench:
            asked = await bench.ask(bench.question("What?", make_image(tmp_path / "a.png")))
            assert asked.conversation is not None
            (stored,) = files_in(tmp_path / "data")
            stored.unlink()
            with pytest.raises(ProblemError) as caught:
                await message_as_code(asked.conversation, asked.answer.id, CodeLanguage.CURL, bench.services)
            assert caught.value.problem.code is Code.STORED_IMAGE_MISSING
            kept = bench.store.conversation(asked.conversation.id).result()
            assert len(kept.carried()) == 1, "copying changes nothing"

    asyncio.run(run())


def test_neither_file_name_nor_key_is_in_the_code(loopback: Loopback, tmp_path: Path) -> None:
    path = make_image(tmp_path / "Zurich-canary.png")

    async def run() -> list[str]:
        async with bench_at(loopback, tmp_path) as bench:
            question = bench.question("Where is this?", path)
            return [await question_as_code(question, each, bench.services) for each in CodeLanguage]

    for code in asyncio.run(run()):
        assert "canary" not in code
        assert "sk-test" not in code
        assert str(tmp_path) not in code

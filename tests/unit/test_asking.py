"""One question, from the click to the stored and priced answer: real store, workers and server."""

import asyncio
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.asking.titles import MAX_TITLE, title_of
from desktop.core.events import Preparing, QuestionEvent, Stored, TextDelta
from desktop.core.model import AnswerState, Conversation, Detail
from desktop.core.problems import Code
from desktop.core.request import Question
from tests.helpers.asking import make_image, running
from tests.helpers.loopback import Loopback


def test_an_answer_is_streamed_stored_and_priced(tmp_path: Path, loopback: Loopback) -> None:
    loopback.prompt_tokens, loopback.completion_tokens = 1_000, 100
    picture = make_image(tmp_path / "a.png")
    seen: list[QuestionEvent] = []

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            finished = await bench.ask(bench.question("What is this?", picture), seen.append)
            answer = finished.answer
            assert answer.state is AnswerState.COMPLETE
            assert answer.text == loopback.text
            assert answer.usage is not None
            assert answer.usage.reported
            # gpt-4.1 takes 2 USD for a million tokens in, 8 for a million out.
            assert answer.cost_usd == Decimal("0.0028")
            stored = await asyncio.wrap_future(bench.store.conversation(finished.conversation.id))
            assert stored.messages == finished.conversation.messages
            assert stored.title == "What is this?"

    asyncio.run(scene())
    assert [type(event) for event in seen[:2]] == [Preparing, Stored]
    assert "".join(event.text for event in seen if isinstance(event, TextDelta)) == loopback.text


def test_images_of_different_size_cost_differently_and_add_up(tmp_path: Path, loopback: Loopback) -> None:
    loopback.prompt_tokens, loopback.completion_tokens = 2_000, 10
    small, large = make_image(tmp_path / "s.png", 300, 200), make_image(tmp_path / "l.png", 2000, 1500)

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            finished = await bench.ask(bench.question("Compare", small, large))
            first, second = finished.conversation.messages[-2].attachments
            assert (first.tokens, second.tokens) == (255, 765)
            assert first.cost_usd * 3 == second.cost_usd
            # Without a count of image tokens in the usage, their share is that of the planned ones.
            assert first.cost_usd + second.cost_usd == Decimal(255 + 765) * 2 / 1_000_000

    asyncio.run(scene())


def test_a_follow_up_sends_the_same_bytes_again(tmp_path: Path, loopback: Loopback) -> None:
    picture = make_image(tmp_path / "a.jpg", 1600, 1200)

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            first = await bench.ask(bench.question("What is this?", picture))
            picture.unlink()
            second = bench.question("And its colour?", conversation=first.conversation)
            finished = await bench.ask(second)
            assert finished.answer.state is AnswerState.COMPLETE

    asyncio.run(scene())
    earlier, later = loopback.requests
    assert earlier.images == later.images
    assert [m["role"] for m in later.body["messages"]] == ["user", "assistant", "user"]


def test_an_image_that_is_carried_already_is_not_sent_twice(tmp_path: Path, loopback: Loopback) -> None:
    picture = make_image(tmp_path / "a.png")

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            first = await bench.ask(bench.question("What is this?", picture))
            await bench.ask(bench.question("Look again", picture, conversation=first.conversation))

    asyncio.run(scene())
    assert len(loopback.requests[1].images) == 1


def test_an_image_left_out_is_not_sent(tmp_path: Path, loopback: Loopback) -> None:
    picture = make_image(tmp_path / "a.png")

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            first = await bench.ask(bench.question("What is this?", picture))
            attachment = first.conversation.attachments()[0]
            await asyncio.wrap_future(bench.store.set_left_out((attachment.id,), left_out=True))
            conversation = await asyncio.wrap_future(bench.store.conversation(first.conversation.id))
            await bench.ask(bench.question("And without it?", conversation=conversation))

    asyncio.run(scene())
    assert loopback.requests[1].images == ()


def test_a_stopped_answer_keeps_what_had_come(tmp_path: Path, loopback: Loopback) -> None:
    picture = make_image(tmp_path / "a.png")

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.url_as("stalled")) as bench:
            came = asyncio.Event()
            task = asyncio.create_task(
                bench.ask(
                    bench.question("What is this?", picture),
                    lambda event: came.set() if isinstance(event, TextDelta) else None,
                )
            )
            await came.wait()
            task.cancel()
            finished = await task
            assert finished.answer.state is AnswerState.STOPPED
            assert finished.answer.text
            assert finished.answer.problem is None
            stored = await asyncio.wrap_future(bench.store.conversation(finished.conversation.id))
            assert stored.messages[-1].state is AnswerState.STOPPED
            assert stored.messages[-1].text == finished.answer.text

    asyncio.run(scene())
    loopback.wait_for(lambda: loopback.requests[0].closed_at is not None, timeout_s=1)


def test_what_has_come_of_a_stalled_answer_is_stored_while_nothing_follows(
    tmp_path: Path, loopback: Loopback
) -> None:
    picture = make_image(tmp_path / "a.png")
    came: list[str] = []

    async def stored_text() -> str:
        async with running(tmp_path / "data", loopback.url_as("stalled")) as bench:
            question = bench.question("What is this?", picture)
            task = asyncio.create_task(
                bench.ask(question, lambda e: came.append(e.text) if isinstance(e, TextDelta) else None)
            )
            text = ""
            async with asyncio.timeout(20):
                while not text:
                    await asyncio.sleep(0.05)
                    summaries = await asyncio.wrap_future(bench.store.summaries())
                    if summaries:
                        stored = await asyncio.wrap_future(bench.store.conversation(summaries[0].id))
                        text = stored.messages[-1].text
            task.cancel()
            await task
            return text

    assert asyncio.run(stored_text()) == "".join(came)


@pytest.mark.parametrize(
    ("scenario", "code", "state"),
    [
        ("unauthorized", Code.UNAUTHORIZED, AnswerState.FAILED),
        ("ended_early", Code.ENDED_EARLY, AnswerState.INCOMPLETE),
        ("cut", Code.STREAM_CUT, AnswerState.INCOMPLETE),
        ("html", Code.NOT_THE_PROTOCOL, AnswerState.FAILED),
    ],
)
def test_what_a_server_does_wrong_is_kept_with_its_reason(
    tmp_path: Path, loopback: Loopback, scenario: str, code: Code, state: AnswerState
) -> None:
    picture = make_image(tmp_path / "a.png")

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.url_as(scenario)) as bench:
            finished = await bench.ask(bench.question("What is this?", picture))
            assert (finished.answer.problem.code, finished.answer.state) == (code, state)
            stored = await asyncio.wrap_future(bench.store.conversation(finished.conversation.id))
            assert stored.messages[-1].problem == finished.answer.problem

    asyncio.run(scene())


def test_a_refused_image_is_set_aside_and_the_conversation_goes_on(
    tmp_path: Path, loopback: Loopback
) -> None:
    bad, good = make_image(tmp_path / "a.png"), make_image(tmp_path / "b.png", color="olive")
    loopback.script.extend(["image_refused", "ok"])

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            first = await bench.ask(bench.question("What is this?", bad, good))
            assert first.answer.problem.code is Code.IMAGE_REFUSED
            assert [a.left_out for a in first.conversation.attachments()] == [True, False]
            second = await bench.ask(bench.question("Never mind", conversation=first.conversation))
            assert second.answer.state is AnswerState.COMPLETE

    asyncio.run(scene())
    assert loopback.requests[1].images == loopback.requests[0].images[1:]


def test_a_file_that_changed_since_it_was_added_is_noticed_and_nothing_is_sent(
    tmp_path: Path, loopback: Loopback
) -> None:
    picture = make_image(tmp_path / "a.png")

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            question = bench.question("What is this?", picture)
            make_image(picture, color="olive")
            finished = await bench.ask(question)
            assert finished.answer.problem.code is Code.IMAGE_CHANGED
            assert finished.conversation is None
            assert await asyncio.wrap_future(bench.store.summaries()) == ()

    asyncio.run(scene())
    assert loopback.requests == []


def test_an_image_that_the_model_would_refuse_is_not_sent(tmp_path: Path, loopback: Loopback) -> None:
    picture = make_image(tmp_path / "a.png")

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            question = bench.question("x", picture, model="gpt-5.6-sol", detail=Detail.ORIGINAL)
            huge = replace(
                question.images[0], image=replace(question.images[0].image, width_px=7952, height_px=5304)
            )
            finished = await bench.ask(replace(question, images=(huge,)))
            assert finished.answer.problem.code is Code.IMAGE_REJECTED_BY_MODEL

    asyncio.run(scene())
    assert loopback.requests == []


def test_without_usage_the_estimate_stands_in_and_is_marked(tmp_path: Path, loopback: Loopback) -> None:
    picture = make_image(tmp_path / "a.png")

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.url_as("no_usage")) as bench:
            finished = await bench.ask(bench.question("What is this?", picture))
            assert finished.answer.state is AnswerState.COMPLETE
            assert finished.answer.usage is not None
            assert not finished.answer.usage.reported
            assert finished.answer.cost_usd > 0

    asyncio.run(scene())


def test_text_that_must_not_leave_this_computer_is_not_carried_to_a_server(
    tmp_path: Path, loopback: Loopback
) -> None:
    """A photo's position, told by the reader, was in the history that a model was sent."""
    picture = make_image(tmp_path / "a.png")

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            first = await bench.ask(bench.question("What is this?", picture))
            answer = replace(
                first.answer, text="Position: 48.14 N, 11.58 E", shareable_text="Facts were told."
            )
            conversation = await asyncio.wrap_future(
                bench.store.finish(answer, first.conversation.attachments())
            )
            await bench.ask(bench.question("And now?", conversation=conversation))

    asyncio.run(scene())
    assert b"48.14" not in loopback.requests[1].raw
    assert b"Facts were told." in loopback.requests[1].raw


@pytest.mark.parametrize(
    ("prompt", "title"),
    [
        ("What is this?", "What is this?"),
        ("\n\n  Read it\nall of it", "Read it"),
        ("word " * 40, ("word " * 12).strip() + "…"),
        ("x" * 200, "x" * (MAX_TITLE - 1) + "…"),
        ("a\u202eb", "ab"),
    ],
)
def test_a_title_is_the_first_line_cut_at_a_word(prompt: str, title: str) -> None:
    assert title_of(Question(conversation=Conversation(), text=prompt, model="m")) == title
    assert len(title) <= MAX_TITLE

"""Asking again, changing a question, going on with a cut answer: what is sent, and what is kept."""

import asyncio
from dataclasses import replace
from pathlib import Path

from desktop.core.estimate import estimate
from desktop.core.model import AnswerState, Conversation, Detail
from desktop.core.options import Effort, Options
from desktop.core.request import CONTINUE, asked_again, continued, edited, looked_at_closer
from tests.helpers.asking import CATALOG, Bench, make_image, running
from tests.helpers.loopback import Loopback

MODEL = "gpt-5.6-terra"


async def first(bench: Bench, picture: Path) -> Conversation:
    finished = await bench.ask(bench.question("What is this?", picture, model=MODEL))
    assert finished.conversation is not None
    return finished.conversation


def roles(loopback: Loopback, at: int) -> list[str]:
    return [message["role"] for message in loopback.requests[at].body["messages"]]


def test_asking_again_sends_the_same_and_keeps_both_answers(tmp_path: Path, loopback: Loopback) -> None:
    picture = make_image(tmp_path / "a.jpg", 1600, 1200)

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            said = await first(bench, picture)
            picture.unlink()
            again = asked_again(said, said.messages[0].id, model=MODEL)
            finished = await bench.ask(again)
            assert finished.answer.state is AnswerState.COMPLETE
            assert finished.conversation is not None
            assert len(finished.conversation.messages) == 2
            assert finished.conversation.versions == ((said.messages[1].id, finished.answer.id),)
            # Both were paid for.
            assert finished.answer.cost_usd

    asyncio.run(scene())
    one, two = loopback.requests
    assert one.images == two.images
    assert one.body["messages"] == two.body["messages"]


def test_a_changed_question_keeps_its_images_byte_for_byte_when_the_file_is_gone(
    tmp_path: Path, loopback: Loopback
) -> None:
    picture = make_image(tmp_path / "a.jpg", 1600, 1200)

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            said = await first(bench, picture)
            picture.unlink()
            question = edited(said, said.messages[0], text="What colour is it?", model=MODEL)
            figures = estimate(question, model=CATALOG.model(MODEL), rates=None, sent_bytes={})
            assert figures.carried_image_tokens > 0
            finished = await bench.ask(question)
            assert finished.conversation is not None
            assert finished.conversation.messages[0].text == "What colour is it?"
            (image,) = finished.conversation.attachments()
            assert image.id != said.attachments()[0].id
            assert image.cost_usd

    asyncio.run(scene())
    one, two = loopback.requests
    assert one.images == two.images
    assert roles(loopback, 1) == ["user"]


def test_an_image_that_is_dropped_from_a_changed_question_is_not_sent(
    tmp_path: Path, loopback: Loopback
) -> None:
    picture = make_image(tmp_path / "a.png")

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            said = await first(bench, picture)
            gone = said.attachments()[0].id
            await bench.ask(edited(said, said.messages[0], text="Else?", model=MODEL, dropped=(gone,)))

    asyncio.run(scene())
    assert loopback.requests[1].images == ()


def test_looking_closer_sends_more_pixels_as_another_version(tmp_path: Path, loopback: Loopback) -> None:
    picture = make_image(tmp_path / "a.jpg", 3000, 2000)

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            asked = replace(
                bench.question("What is this?", picture, model=MODEL),
            )
            asked = replace(asked, images=tuple(replace(i, detail=Detail.LOW) for i in asked.images))
            said = (await bench.ask(asked)).conversation
            assert said is not None
            closer = looked_at_closer(said, said.messages[0], model=MODEL, detail=Detail.HIGH)
            finished = await bench.ask(closer)
            assert finished.conversation is not None
            assert len(finished.conversation.versions[0]) == 2

    asyncio.run(scene())
    one, two = loopback.requests
    assert len(two.images[0]) > len(one.images[0])
    assert two.body["messages"][0]["content"][0]["image_url"]["detail"] == "high"


def test_a_continued_answer_is_sent_what_there_is_of_it_and_grows_from_there(
    tmp_path: Path, loopback: Loopback
) -> None:
    picture = make_image(tmp_path / "a.png")

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            said = await first(bench, picture)
            finished = await bench.ask(continued(said, said.messages[1].id, model=MODEL))
            assert finished.answer.text == said.messages[1].text * 2
            assert finished.conversation is not None
            assert [m.role.value for m in finished.conversation.messages] == ["user", "assistant"]

    asyncio.run(scene())
    assert roles(loopback, 1) == ["user", "assistant", "user"]
    assert loopback.requests[1].body["messages"][-1]["content"] == CONTINUE


def test_an_image_that_goes_once_is_not_sent_with_the_next_question(
    tmp_path: Path, loopback: Loopback
) -> None:
    picture = make_image(tmp_path / "a.png")

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            asked = bench.question("What is this?", picture, model=MODEL)
            asked = replace(asked, images=tuple(replace(i, once=True) for i in asked.images))
            said = (await bench.ask(asked)).conversation
            assert said is not None
            await bench.ask(bench.question("And?", conversation=said, model=MODEL))
            await bench.ask(asked_again(said, said.messages[0].id, model=MODEL))

    asyncio.run(scene())
    assert [len(request.images) for request in loopback.requests] == [1, 0, 1]


def test_text_goes_in_place_of_an_image(tmp_path: Path, loopback: Loopback) -> None:
    picture = make_image(tmp_path / "a.png")

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            said = await first(bench, picture)
            await asyncio.wrap_future(bench.store.set_stand_in(said.attachments()[0].id, "Total 23.10"))
            said = await asyncio.wrap_future(bench.store.conversation(said.id))
            await bench.ask(bench.question("And?", conversation=said, model=MODEL))

    asyncio.run(scene())
    assert loopback.requests[1].images == ()
    asked = loopback.requests[1].body["messages"][0]["content"]
    assert "Total 23.10" in asked
    assert "a.png" in asked


def test_instructions_and_settings_of_the_answer_are_sent_and_counted(
    tmp_path: Path, loopback: Loopback
) -> None:
    picture = make_image(tmp_path / "a.png")
    options = Options(instructions="Answer in one word.", temperature=0.5, effort=Effort.LOW, max_tokens=700)

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            plain = bench.question("What is this?", picture, model=MODEL)
            asked = replace(plain, conversation=replace(plain.conversation, options=options))
            model = CATALOG.model(MODEL)
            more, less = (
                estimate(q, model=model, rates=None, sent_bytes={}).text_tokens for q in (asked, plain)
            )
            assert more > less
            finished = await bench.ask(asked)
            assert finished.conversation is not None
            assert finished.conversation.options == options

    asyncio.run(scene())
    body = loopback.requests[0].body
    assert body["messages"][0] == {"role": "system", "content": "Answer in one word."}
    assert (body["temperature"], body["reasoning_effort"]) == (0.5, "low")
    assert 700 in (body.get("max_completion_tokens"), body.get("max_tokens"))

"""An image that a server refuses is set aside, and can be asked about again, smaller."""

import asyncio
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from desktop.core.edits import Area, Edits
from desktop.core.events import Finished
from desktop.core.model import AnswerState
from desktop.core.problems import Code
from desktop.core.shrinking import SMALLEST_PX, made_from, shrunk, shrunk_question
from tests.helpers.asking import Bench, make_image, running
from tests.helpers.loopback import Loopback


async def ask_smaller(bench: Bench, refused: Finished) -> Finished:
    question = refused.conversation.messages[-2]
    smaller = shrunk_question(refused.conversation, question, refused.refused, model="gpt-4.1")
    assert smaller is not None
    return await bench.ask(smaller)


def size(data: bytes) -> tuple[int, int]:
    return Image.open(BytesIO(data)).size


@pytest.mark.parametrize("gone", [False, True])
def test_shrink_and_retry_sends_half_the_size_also_when_the_file_is_gone(
    tmp_path: Path, loopback: Loopback, gone: bool
) -> None:
    bad, good = make_image(tmp_path / "a.png", 1000, 600), make_image(tmp_path / "b.png", color="olive")
    loopback.script.extend(["image_refused", "ok"])

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            first = await bench.ask(bench.question("What is this?", bad, good))
            assert first.answer.problem.code is Code.IMAGE_REFUSED
            assert [a.image.name for a in first.refused] == ["a.png"]
            if gone:
                await asyncio.to_thread(bad.unlink)
            second = await ask_smaller(bench, first)
            assert second.answer.state is AnswerState.COMPLETE
            assert second.refused == ()
            assert [a.left_out for a in second.conversation.attachments()] == [True, False, False]

    asyncio.run(scene())
    refused, again = loopback.requests
    assert [size(image) for image in refused.images] == [(1000, 600), (640, 480)]
    assert [size(image) for image in again.images] == [(640, 480), (500, 300)]
    assert again.images[0] == refused.images[1]
    # The same words are not said twice.
    (turn,) = again.body["messages"]
    assert turn["content"][-1]["text"] == "What is this?"


def test_it_can_be_made_smaller_again_and_again_from_what_was_sent(
    tmp_path: Path, loopback: Loopback
) -> None:
    bad = make_image(tmp_path / "a.png", 700, 400)
    loopback.script.extend(["image_refused", "image_refused", "ok"])

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            first = await bench.ask(bench.question("What is this?", bad))
            await asyncio.to_thread(bad.unlink)
            second = await ask_smaller(bench, first)
            third = await ask_smaller(bench, second)
            assert third.answer.state is AnswerState.COMPLETE

    asyncio.run(scene())
    assert [size(request.images[0]) for request in loopback.requests] == [(700, 400), (350, 200), (256, 146)]


def test_carried_images_that_a_server_refused_without_naming_one_spoiled_the_conversation(
    tmp_path: Path, loopback: Loopback
) -> None:
    pictures = [make_image(tmp_path / "a.png", 1000, 600), make_image(tmp_path / "b.png", 200, 100)]
    loopback.script.extend(["ok", "too_large", "ok", "ok"])

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            first = await bench.ask(bench.question("What is this?", *pictures))
            second = await bench.ask(bench.question("And that?", conversation=first.conversation))
            assert second.answer.problem.code is Code.PAYLOAD_TOO_LARGE
            assert [a.image.name for a in second.refused] == ["a.png", "b.png"]
            await asyncio.to_thread(pictures[1].unlink)
            assert (await ask_smaller(bench, second)).answer.state is AnswerState.COMPLETE
            text_alone = bench.question("Anything else?", conversation=second.conversation)
            assert (await bench.ask(text_alone)).answer.state is AnswerState.COMPLETE

    asyncio.run(scene())
    sizes = [[size(image) for image in request.images] for request in loopback.requests]
    assert sizes[:3] == [[(1000, 600), (200, 100)]] * 2 + [[(500, 300), (200, 100)]]


def test_a_changed_file_does_not_stand_for_the_one_that_was_sent(tmp_path: Path, loopback: Loopback) -> None:
    bad = make_image(tmp_path / "a.png", 1000, 600)
    loopback.script.extend(["image_refused", "ok"])

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            first = await bench.ask(bench.question("What is this?", bad))
            make_image(bad, 1000, 600, color="olive")
            await ask_smaller(bench, first)

    asyncio.run(scene())
    color = Image.open(BytesIO(loopback.requests[1].images[0])).convert("RGB").getpixel((5, 5))
    assert color == (255, 99, 71)


@given(st.integers(1, 60_000), st.integers(1, 60_000))
def test_half_of_the_longer_side_and_never_too_small_to_see(width: int, height: int) -> None:
    edits = Edits(quarter_turns=1, blackouts=(Area(0, 0, 1, 1),))
    smaller = shrunk(edits, width, height)
    if max(width, height) <= SMALLEST_PX:
        assert smaller is None
        return
    assert smaller is not None
    assert smaller.longest_px == max(SMALLEST_PX, max(width, height) // 2)
    assert smaller.longest_px < max(width, height)
    assert (smaller.quarter_turns, smaller.blackouts) == (edits.quarter_turns, edits.blackouts)
    assert made_from(smaller, edits)


def test_bytes_serve_only_for_the_same_edits_made_smaller() -> None:
    black = Edits(blackouts=(Area(0, 0, 9, 9),))
    assert not made_from(Edits(longest_px=300), black)
    assert not made_from(Edits(longest_px=300, blackouts=black.blackouts), Edits())
    assert not made_from(Edits(longest_px=300), Edits(longest_px=200))
    assert not made_from(Edits(), Edits())
    assert made_from(Edits(longest_px=200), Edits(longest_px=300))

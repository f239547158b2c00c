"""What was done to a picture is in the bytes that are sent, and stays in what follow-ups send."""

import asyncio
from dataclasses import replace
from datetime import timedelta
from io import BytesIO
from pathlib import Path

from PIL import Image

from desktop.core.edits import Area, Arrow, Callout, Edits
from desktop.core.model import AnswerState, Detail
from desktop.core.problems import Code
from desktop.core.request import Question
from desktop.system.clock import now_utc
from tests.helpers.asking import Bench, make_image, running
from tests.helpers.loopback import Loopback

DAY = timedelta(days=1)
LEAK = Edits(marks=(Callout((100.0, 100.0), "the leak"), Callout((200.0, 100.0))))


def edited(question: Question, edits: Edits) -> Question:
    return replace(question, images=tuple(replace(new, edits=edits) for new in question.images))


def olive_square(edits: Edits, page_px: tuple[int, int], out_px: tuple[int, int]) -> bytes | None:
    """Stands for Qt: an opaque square in the upper left corner."""
    assert page_px == (640, 480)
    overlay = Image.new("RGBA", out_px)
    overlay.paste("olive", (0, 0, 40, 40))
    out = BytesIO()
    overlay.save(out, "PNG")
    return out.getvalue()


def pixel(data: bytes, at: tuple[int, int]) -> tuple[int, ...]:
    found = Image.open(BytesIO(data)).convert("RGB").getpixel(at)
    assert isinstance(found, tuple)
    return found


def near(found: tuple[int, ...], wanted: tuple[int, int, int]) -> bool:
    return all(abs(a - b) < 12 for a, b in zip(found, wanted, strict=True))


def can_paint(bench: Bench) -> None:
    bench.services = replace(bench.services, paint_marks=olive_square)


def test_marks_are_in_the_bytes_and_their_legend_is_in_the_prompt(tmp_path: Path, loopback: Loopback) -> None:
    picture = make_image(tmp_path / "a.png")

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            can_paint(bench)
            finished = await bench.ask(edited(bench.question("What is wrong?", picture), LEAK))
            (attachment,) = finished.conversation.attachments()
            assert attachment.edits == LEAK
            assert attachment.note == "numbered circles: 1 = the leak"

    asyncio.run(scene())
    (request,) = loopback.requests
    assert near(pixel(request.images[0], (20, 20)), (128, 128, 0))
    (turn,) = request.body["messages"]
    assert turn["content"][-1]["text"] == "What is wrong?\n\nImage 1: numbered circles: 1 = the leak"


def test_without_a_painter_an_image_with_marks_is_not_sent(tmp_path: Path, loopback: Loopback) -> None:
    picture = make_image(tmp_path / "a.png")

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            for paint in (None, lambda *_: None):
                bench.services = replace(bench.services, paint_marks=paint)
                finished = await bench.ask(edited(bench.question("?", picture), LEAK))
                assert finished.answer.problem.code is Code.MARKS_NOT_PAINTED
                assert finished.answer.problem.parameters["name"] == "a.png"
                assert finished.conversation is None

    asyncio.run(scene())
    assert loopback.requests == []


def test_what_is_blacked_out_is_black_in_what_is_sent(tmp_path: Path, loopback: Loopback) -> None:
    picture = make_image(tmp_path / "a.png")
    hidden = Edits(blackouts=(Area(0, 0, 100, 100),), quarter_turns=1, crop=Area(0, 0, 320, 480))

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            await bench.ask(edited(bench.question("What is this?", picture), hidden))

    asyncio.run(scene())
    (sent,) = loopback.requests[0].images
    assert Image.open(BytesIO(sent)).size == (480, 320)
    # Turned clockwise, the upper left corner of the page is at the upper right.
    assert near(pixel(sent, (450, 30)), (0, 0, 0))
    assert near(pixel(sent, (100, 30)), (255, 99, 71))


def test_a_region_is_an_overview_and_a_part_and_stays_both_after_a_restart(
    tmp_path: Path, loopback: Loopback
) -> None:
    picture = make_image(tmp_path / "a.png", 640, 480)
    region = Edits(region=Area(160, 120, 320, 240))

    async def ask_first() -> int:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            can_paint(bench)
            finished = await bench.ask(edited(bench.question("What is in the box?", picture), region))
            overview, part = finished.conversation.attachments()
            assert (overview.detail, part.detail) == (Detail.LOW, Detail.HIGH)
            assert (overview.edits.overview, part.edits.crop) == (True, region.region)
            assert (part.sent.width_px, part.sent.height_px) == (160, 120)
            return finished.conversation.id

    async def ask_again(conversation_id: int) -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            conversation = await asyncio.wrap_future(bench.store.conversation(conversation_id))
            follow_up = bench.question("And its colour?", conversation=conversation)
            assert (await bench.ask(follow_up)).answer.state is AnswerState.COMPLETE
            # The same region is carried already.
            again = edited(bench.question("Sure?", picture, conversation=conversation), region)
            await bench.ask(again)
            today = now_utc().astimezone().date()
            spent = await asyncio.wrap_future(bench.store.spending(today - DAY, today + DAY))
            # Overview and part are of one file, which was not sent whole three times.
            assert spent.source_bytes == 3 * picture.stat().st_size

    conversation_id = asyncio.run(ask_first())
    picture.write_bytes(picture.read_bytes())
    asyncio.run(ask_again(conversation_id))
    first, second, third = loopback.requests
    assert len(first.images) == 2
    assert first.images == second.images == third.images
    text = first.body["messages"][0]["content"][-1]["text"]
    assert text.endswith("Image 1: an overview of “a.png”; the box marks the part shown next")
    assert second.body["messages"][0] == first.body["messages"][0]


def test_the_same_picture_edited_otherwise_is_another_image(tmp_path: Path, loopback: Loopback) -> None:
    picture = make_image(tmp_path / "a.png")

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            can_paint(bench)
            first = await bench.ask(bench.question("What is this?", picture))
            arrow = Edits(marks=(Arrow((0.0, 0.0), (50.0, 50.0)),))
            await bench.ask(
                edited(bench.question("And here?", picture, conversation=first.conversation), arrow)
            )

    asyncio.run(scene())
    before, after = loopback.requests[1].images
    assert before == loopback.requests[0].images[0]
    assert before != after

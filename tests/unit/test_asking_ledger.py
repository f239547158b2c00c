"""What a question leaves in the ledger: every image that went out, and shares that add up to the bill."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.asking.billing import settle
from desktop.core.estimate import estimate
from desktop.core.ledger import Spending
from desktop.core.model import (
    AnswerState,
    Attachment,
    Conversation,
    Detail,
    Message,
    Role,
    SentImage,
    Usage,
)
from desktop.core.pricing import bill
from desktop.core.request import ImagePart, Question
from desktop.system.clock import now_utc
from tests.helpers.asking import CATALOG, PRICES, Bench, make_image, running
from tests.helpers.history import NOON, facts
from tests.helpers.loopback import Loopback

_usage = st.builds(
    Usage,
    prompt_tokens=st.integers(0, 10**7),
    completion_tokens=st.integers(0, 10**6),
    cached_tokens=st.integers(0, 10**7),
    cache_write_tokens=st.integers(0, 10**7),
    image_tokens=st.none() | st.integers(0, 10**7),
    charged_usd=st.none() | st.decimals(0, 100, places=12),
)


def today() -> date:
    return now_utc().astimezone().date()


async def spent(bench: Bench) -> Spending:
    return await asyncio.wrap_future(bench.store.spending(today(), today()))


def asked_about(sizes: Sequence[tuple[int, int]], carried: int) -> Conversation:
    """A conversation whose last question adds images to ``carried`` of an earlier one."""
    attachments = tuple(
        Attachment(
            id=number,
            image=facts(f"{number}.png", width_px=width, height_px=height),
            detail=Detail.HIGH,
            sent=SentImage(
                sha256="0", media_type="image/png", width_px=width, height_px=height, size_bytes=9
            ),
        )
        for number, (width, height) in enumerate(sizes, 1)
    )
    before = Message(role=Role.USER, text="?", created_at=NOON, attachments=attachments[:carried])
    question = replace(before, text="And?", attachments=attachments[carried:])
    answer = Message(id=9, role=Role.ASSISTANT, text="", state=AnswerState.RUNNING, created_at=NOON)
    return Conversation(messages=(before, answer, question, answer))


@given(
    _usage,
    st.lists(st.tuples(st.integers(1, 4000), st.integers(1, 4000)), max_size=6),
    st.integers(0, 6),
    st.sampled_from(["gpt-5-mini", "gpt-4o", "gpt-6.1-terra", "gpt-4.1"]),
)
def test_shares_of_images_text_and_answer_are_the_bill(
    usage: Usage, sizes: list[tuple[int, int]], carried: int, name: str
) -> None:
    model, conversation = CATALOG.model(name), asked_about(sizes, carried)
    rates = PRICES.rates(model)
    figures = estimate(
        Question(conversation=conversation, text="", model=name), model=model, rates=rates, sent_bytes={}
    )
    parts = {
        a.id: ImagePart(data=b"x" * 9, media_type="image/png", detail=a.detail, facts=a.image)
        for a in conversation.carried()
    }
    answer = replace(conversation.messages[-1], usage=usage)
    settled = settle(answer, conversation, model=model, rates=rates, estimate=figures, parts=parts)
    whole = bill(usage, rates, [image.tokens for image in settled.images])
    assert whole is not None
    assert (whole.text is None, whole.answer is None) == (False, False)
    shares = [image.cost_usd for image in settled.images]
    assert sum(share or 0 for share in shares) + (whole.text or 0) + (whole.answer or 0) == whole.total
    assert settled.answer.cost_usd == whole.total
    assert [image.attachment_id for image in settled.images] == list(range(1, len(sizes) + 1))
    assert [image.carried for image in settled.images] == [n < carried for n in range(len(sizes))]
    assert [a.cost_usd for a in settled.attachments] == shares[carried:]


def test_a_follow_up_notes_the_images_that_it_carries(tmp_path: Path, loopback: Loopback) -> None:
    loopback.prompt_tokens, loopback.completion_tokens = 2_000, 10
    small, large = make_image(tmp_path / "s.png", 300, 200), make_image(tmp_path / "l.png", 2000, 1500)

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            first = await bench.ask(bench.question("What is this?", small))
            second = await bench.ask(bench.question("Compare", large, conversation=first.conversation))
            found = await spent(bench)
            rows = {row.name: row for row in found.image_rows}
            assert (rows["s.png"].times_sent, rows["l.png"].times_sent) == (2, 1)
            assert (rows["s.png"].tokens, rows["l.png"].tokens) == (2 * 255, 765)
            token = Decimal(2) / 1_000_000
            assert rows["s.png"].cost_usd == 2 * 255 * token
            assert rows["l.png"].cost_usd == 765 * token
            costs = (first.answer.cost_usd, second.answer.cost_usd)
            assert found.total_usd == sum(costs)
            # Under the question stands what the image cost there, as before.
            one, two = second.conversation.attachments()
            assert (one.cost_usd, two.cost_usd) == (255 * token, 765 * token)
            sent = [len(image) for request in loopback.requests for image in request.images]
            assert found.sent_bytes == sum(sent)
            sizes = [path.stat().st_size for path in (small, small, large)]
            assert found.source_bytes == sum(sizes)

    asyncio.run(scene())


def test_an_image_scaled_for_another_model_is_noted_as_it_went_out(
    tmp_path: Path, loopback: Loopback
) -> None:
    picture = make_image(tmp_path / "a.png", 3000, 2000)

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            first = await bench.ask(bench.question("What is this?", picture, model="gpt-5.6-sol"))
            await bench.ask(bench.question("And?", conversation=first.conversation, model="gpt-4.1"))
            rows = {row.model: row for row in (await spent(bench)).image_rows}
            assert rows["gpt-4.1"].sent_bytes == len(loopback.requests[1].images[0])
            assert rows["gpt-4.1"].tokens == 1105
            assert rows["gpt-5.6-sol"].sent_bytes == len(loopback.requests[0].images[0])

    asyncio.run(scene())


@pytest.mark.parametrize("scenario", ["ok", "cut", "unauthorized"])
def test_a_request_that_failed_is_one_that_was_made(
    tmp_path: Path, loopback: Loopback, scenario: str
) -> None:
    picture = make_image(tmp_path / "a.png")

    async def scene() -> Spending:
        async with running(tmp_path / "data", loopback.url_as(scenario)) as bench:
            await bench.ask(bench.question("What is this?", picture))
            return await spent(bench)

    found = asyncio.run(scene())
    assert (found.requests, found.image_rows[0].times_sent) == (1, 1)
    assert found.unpriced_requests == 0


def test_a_question_that_never_left_sent_nothing(tmp_path: Path, loopback: Loopback) -> None:
    picture = make_image(tmp_path / "a.png")

    async def scene() -> Spending:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            first = await bench.ask(bench.question("What is this?", picture))
            (attachment,) = first.conversation.attachments()
            assert attachment.sent is not None
            await asyncio.to_thread(bench.store.image_path(attachment.sent).unlink)
            await bench.ask(bench.question("And?", conversation=first.conversation))
            return await spent(bench)

    found = asyncio.run(scene())
    assert len(loopback.requests) == 1
    assert (found.image_rows[0].times_sent, found.requests) == (1, 2)


def test_the_next_estimate_expects_an_answer_as_long_as_the_last(tmp_path: Path, loopback: Loopback) -> None:
    loopback.prompt_tokens, loopback.completion_tokens = 900, 1_000
    picture = make_image(tmp_path / "a.png")

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            first = await bench.ask(bench.question("What is this?", picture))
            second = await bench.ask(bench.question("And?", conversation=first.conversation))
            estimates = [m.estimate_usd for m in second.conversation.messages if m.role is Role.ASSISTANT]
            assert estimates[0] is not None
            assert estimates[1] is not None
            # 8 USD for a million tokens; the first estimate had expected 200 of them.
            assert estimates[1] - estimates[0] > Decimal("0.0060")
            (row,) = (await spent(bench)).accuracy
            assert (row.answers, row.billed_tokens) == (2, 1_800)

    asyncio.run(scene())

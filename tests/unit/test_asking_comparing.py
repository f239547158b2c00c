"""The sides of a comparison asked for real: one history, one place, each with its own bill."""

import asyncio
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop.asking.ask import ask
from desktop.asking.services import Services
from desktop.asking.sharing import SharedEncodings, sharing
from desktop.core.comparing import joined, sides_of
from desktop.core.events import Finished, Stored
from desktop.core.model import AnswerState, Detail, Draft
from desktop.core.pairs import Pair
from desktop.core.problems import Code, ProblemError, problem
from desktop.core.request import Question
from desktop.images.inspect import EncodedImage
from tests.helpers.asking import Bench, make_image, running
from tests.helpers.history import sent_image
from tests.helpers.loopback import Loopback

HIGH, LOW = Pair("gpt-4.1", Detail.HIGH), Pair("gpt-4.1", Detail.LOW)
OTHER = Pair("gpt-4o", Detail.HIGH)


class Counted:
    """`ImageWorkers.encode`, counted."""

    def __init__(self, services: Services) -> None:
        self._encode = services.images.encode
        self.sizes: list[tuple[int, int]] = []
        services.images.encode = self  # type: ignore[method-assign,assignment]

    def __call__(self, path: Path, **arguments: Any) -> "Future[EncodedImage]":
        self.sizes.append((arguments["width_px"], arguments["height_px"]))
        return self._encode(path, **arguments)


async def compared(bench: Bench, question: Question, pairs: Sequence[Pair]) -> list[Finished]:
    """The first until it is stored, then all others at once, as the window does it."""
    services, _shared = sharing(bench.services)
    first, *others = sides_of(question, pairs)
    tasks: list[asyncio.Task[Finished]] = []
    ended: list[Finished] = []
    async for event in ask(first, services):
        if isinstance(event, Stored):
            tasks = [
                asyncio.create_task(_ended(joined(other, event.conversation), services)) for other in others
            ]
        elif isinstance(event, Finished):
            ended = [event]
    return [*ended, *[await task for task in tasks]]


async def _ended(question: Question, services: Services) -> Finished:
    last = [event async for event in ask(question, services)][-1]
    assert isinstance(last, Finished)
    return last


def test_the_sides_are_siblings_in_one_conversation_each_with_its_own_bill(
    tmp_path: Path, loopback: Loopback
) -> None:
    loopback.prompt_tokens, loopback.completion_tokens = 1_000, 100
    picture = make_image(tmp_path / "a.png", 1600, 1200)

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            ended = await compared(bench, bench.question("What?", picture), (HIGH, LOW, OTHER))
            store = bench.store
            stored = await asyncio.wrap_future(store.conversation(ended[0].conversation.id))
            (sides,) = stored.comparisons
            told = [
                (side.answer.model, side.question.attachments[0].detail, side.answer.cost_usd)
                for side in sides
            ]
            # Of those after the first, the one that is ready first is stored first.
            assert told[0] == ("gpt-4.1", Detail.HIGH, Decimal("0.0028"))
            assert sorted(told[1:]) == [
                ("gpt-4.1", Detail.LOW, Decimal("0.0028")),
                ("gpt-4o", Detail.HIGH, Decimal("0.0035")),
            ]
            assert {side.question.comparison for side in sides} == {sides[0].question.id}
            # The first one's branch is at hand; the picture is one picture, in three versions.
            assert [message.id for message in stored.messages] == [sides[0].question.id, sides[0].answer.id]
            assert len(stored.versions[0]) == 3
            (row,) = await asyncio.wrap_future(store.summaries())
            assert (row.image_count, row.cost_usd) == (1, Decimal("0.0091"))

    asyncio.run(scene())
    assert [len(request.images) for request in loopback.requests] == [1, 1, 1]


def test_what_two_sides_send_alike_is_encoded_once(tmp_path: Path, loopback: Loopback) -> None:
    picture = make_image(tmp_path / "a.png", 1600, 1200)

    async def scene() -> list[tuple[int, int]]:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            counted = Counted(bench.services)
            await compared(bench, bench.question("What?", picture), (HIGH, OTHER, LOW, LOW))
            return counted.sizes

    assert asyncio.run(scene()) == [(1024, 768), (512, 384)]
    sizes = sorted(len(request.images[0]) for request in loopback.requests)
    assert sizes[0] == sizes[1] < sizes[2] == sizes[3]


def test_all_sides_send_what_the_first_sent_though_the_file_changes_meanwhile(
    tmp_path: Path, loopback: Loopback
) -> None:
    picture = make_image(tmp_path / "a.png")

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            services, _shared = sharing(bench.services)
            first, second = sides_of(bench.question("What?", picture), (HIGH, OTHER))
            events = [event async for event in ask(first, services)]
            stored = [event.conversation for event in events if isinstance(event, Stored)]
            make_image(picture, color="olive")
            ended = await _ended(joined(second, stored[0]), services)
            assert ended.answer.state is AnswerState.COMPLETE

    asyncio.run(scene())
    assert loopback.requests[0].images == loopback.requests[1].images


@pytest.mark.parametrize("failing", [0, 1])
def test_one_side_that_fails_leaves_the_others_alone(
    tmp_path: Path, loopback: Loopback, failing: int
) -> None:
    picture = make_image(tmp_path / "a.png")
    pairs = [HIGH, OTHER]
    pairs[failing] = Pair("loopback-unauthorized", Detail.HIGH)

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            ended = await compared(bench, bench.question("What?", picture), pairs)
            assert ended[failing].answer.problem.code is Code.UNAUTHORIZED
            assert ended[1 - failing].answer.state is AnswerState.COMPLETE
            stored = await asyncio.wrap_future(bench.store.conversation(ended[0].conversation.id))
            states = [side.answer.state for side in stored.comparisons[0]]
            assert states[failing] is AnswerState.FAILED
            assert states[1 - failing] is AnswerState.COMPLETE

    asyncio.run(scene())


def test_a_follow_up_carries_the_images_of_its_own_side_only(tmp_path: Path, loopback: Loopback) -> None:
    picture = make_image(tmp_path / "a.png", 1600, 1200)

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            _first, second = await compared(bench, bench.question("What?", picture), (HIGH, LOW))
            shown = await asyncio.wrap_future(
                bench.store.show_version(second.conversation.id, second.answer.id)
            )
            assert [a.detail for a in shown.carried()] == [Detail.LOW]
            await bench.ask(bench.question("And?", conversation=shown))

    asyncio.run(scene())
    follow = loopback.requests[-1]
    assert len(follow.images) == 1
    assert [message["role"] for message in follow.body["messages"]] == ["user", "assistant", "user"]


def test_what_is_typed_after_the_first_side_began_is_not_lost_when_the_others_begin(
    tmp_path: Path, loopback: Loopback
) -> None:
    picture = make_image(tmp_path / "a.png")

    async def scene() -> None:
        async with running(tmp_path / "data", loopback.base_url) as bench:
            first, second = sides_of(bench.question("What?", picture), (HIGH, OTHER))
            ended = await bench.ask(first)
            await asyncio.wrap_future(
                bench.store.save_draft(ended.conversation.id, Draft(text="Half a qu", model="gpt-4.1"))
            )
            await bench.ask(joined(second, ended.conversation))
            stored = await asyncio.wrap_future(bench.store.conversation(ended.conversation.id))
            assert stored.draft.text == "Half a qu"

    asyncio.run(scene())


class Slow:
    """Workers whose encodings end when the test says so."""

    def __init__(self) -> None:
        self.begun: list[Future[EncodedImage]] = []

    def encode(self, _path: Path, **_arguments: Any) -> "Future[EncodedImage]":
        self.begun.append(Future())
        return self.begun[-1]


def encoding(shared: SharedEncodings, width_px: int = 64) -> "Future[EncodedImage]":
    return shared.encode(Path("a.png"), expected_sha256="0", width_px=width_px, height_px=48)


def test_stopping_one_side_leaves_the_encoding_to_the_other() -> None:
    workers = Slow()
    shared = SharedEncodings(workers)  # type: ignore[arg-type]
    one, two = encoding(shared), encoding(shared)
    assert one.cancel()
    assert not workers.begun[0].cancelled()
    made = EncodedImage(sent=sent_image(b"x"), data=b"x")
    workers.begun[0].set_result(made)
    assert two.result(1) is made
    assert len(workers.begun) == 1


def test_when_all_sides_are_stopped_so_is_the_encoding() -> None:
    workers = Slow()
    shared = SharedEncodings(workers)  # type: ignore[arg-type]
    one, two = encoding(shared), encoding(shared)
    one.cancel()
    two.cancel()
    assert workers.begun[0].cancelled()
    # Another side that begins now tries anew.
    assert not encoding(shared).cancelled()
    assert len(workers.begun) == 2


def test_what_failed_is_tried_again_and_what_was_forgotten_is_made_again() -> None:
    workers = Slow()
    shared = SharedEncodings(workers)  # type: ignore[arg-type]
    failed = encoding(shared)
    workers.begun[0].set_exception(ProblemError(problem(Code.IMAGE_MISSING, name="a.png")))
    assert isinstance(failed.exception(1), ProblemError)
    again, other = encoding(shared), encoding(shared, width_px=32)
    shared.forget()
    # Those who wait get it all the same, and one of them may still give up.
    assert other.cancel()
    assert workers.begun[2].cancelled()
    workers.begun[1].set_result(EncodedImage(sent=replace(sent_image(b"x")), data=b"x"))
    assert again.result(1).data == b"x"
    encoding(shared)
    assert len(workers.begun) == 4

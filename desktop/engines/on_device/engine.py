"""The reader as an engine: answers with what it can read, and names what of a question needs a model."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from desktop.core.compat import override
from desktop.core.events import Answered, EngineEvent, TextDelta
from desktop.core.found_text import PageText
from desktop.core.model import Role, Usage
from desktop.core.planning import ON_DEVICE_PIXELS
from desktop.core.ports import Engine
from desktop.core.problems import Code, ProblemError, problem
from desktop.core.request import ImagePart, Request
from desktop.engines.on_device import wording
from desktop.engines.on_device.amounts import find_amounts
from desktop.engines.on_device.compare import compare_images, compare_text
from desktop.engines.on_device.intent import Intent, read_intent
from desktop.engines.on_device.process import ReaderProcess
from desktop.engines.on_device.reader import Reading, read_image, read_page

IDLE_S = 60.0
"""How long the process stays after an answer: loading the networks again takes a second."""

TIME_LIMIT_S = 120.0
"""Longest for each 4 megapixels of an image; a full page takes 2 to 10 s."""


_LIMIT_PIXELS = 4_000_000


@dataclass(frozen=True, slots=True)
class _Piece:
    """A paragraph of the answer.

    Attributes:
        text: as it is shown.
        private: it never leaves this computer.
        kept: what the history keeps instead; None for the same.
    """

    text: str
    private: bool = False
    kept: str | None = None


class OnDeviceEngine(Engine):
    """Reads text, codes and facts in a process of its own. All coroutines run on one event loop."""

    def __init__(self, *, idle_s: float = IDLE_S, time_limit_s: float = TIME_LIMIT_S) -> None:
        self._process = ReaderProcess(idle_s=idle_s, time_limit_s=time_limit_s)
        self._questions = 0
        self._no_questions = asyncio.Event()
        self._no_questions.set()

    @override
    async def answer(self, request: Request) -> AsyncGenerator[EngineEvent, None]:
        """Answer the last question of ``request``; see `Engine.answer`."""
        shareable: list[str] = []
        some_private = False
        self._begin_question()
        try:
            async with aclosing(self._pieces(request)) as pieces:
                separator = ""
                async for piece in pieces:
                    kept = None if piece.kept is None else separator + piece.kept
                    yield TextDelta(separator + piece.text, kept)
                    separator = "\n\n"
                    some_private = some_private or piece.private
                    if not piece.private:
                        shareable.append(piece.text)
            failed = None
        except ProblemError as error:
            failed = error.problem
        except Exception as error:  # noqa: BLE001 - an engine ends with an event, whatever happens
            failed = problem(Code.UNEXPECTED, kind=type(error).__name__)
        finally:
            self._end_question()
        yield Answered(
            complete=failed is None,
            problem=failed,
            usage=Usage(prompt_tokens=0, completion_tokens=0),
            shareable_text="\n\n".join(shareable) if some_private else None,
        )

    async def read_page(
        self,
        data: bytes,
        *,
        page_px: tuple[int, int],
        name: str = "",
        after: asyncio.Event | None = None,
    ) -> PageText:
        """Text and codes of one page with their places; waits while a question is being answered.

        Args:
            data: PNG or JPEG bytes of the whole upright page, at whatever scale.
            page_px: width and height in which the places are told.
            name: the image's name for problems.
            after: for a page that nobody waits for: it is read while this is set.

        Raises:
            ProblemError: READER_MISSING, READER_CRASHED, IMAGE_TOO_SLOW, or STOPPED after `close`.
            asyncio.CancelledError: the process has ended when this leaves.
        """
        await self._no_questions.wait()
        while after is not None and not (after.is_set() and self._no_questions.is_set()):
            await after.wait()
            await self._no_questions.wait()
        return await self._process.run(read_page, data, page_px, name=name, effort=_effort(page_px))

    @override
    async def close(self) -> None:
        """End the process; idempotent."""
        await self._process.close()

    def _begin_question(self) -> None:
        self._questions += 1
        self._no_questions.clear()

    def _end_question(self) -> None:
        self._questions -= 1
        if not self._questions:
            self._no_questions.set()

    async def _pieces(self, request: Request) -> AsyncGenerator[_Piece, None]:
        if request.schema is not None:
            raise ProblemError(problem(Code.READER_TAKES_NO_SCHEMA))
        question, images = asked(request)
        intent = read_intent(question)
        if not images:
            yield _Piece(wording.no_image())
            return
        if intent.differences and len(images) == 1:
            intent = replace(intent, text=True, differences=False)
            yield _Piece(wording.one_image())
        # First, because reading takes seconds, and nobody should wait for an answer that will not come.
        if intent.needs:
            yield _Piece(wording.needs(intent, question))
        async for text in self._compared(images) if intent.differences else self._read_all(images, intent):
            yield _Piece(text)
        # Last, because an answer that is cut off after this would keep it without saying that it is private.
        if intent.facts:
            for image in images:
                kept = wording.facts(replace(image.facts, position=None))
                yield _Piece(wording.facts(image.facts), private=True, kept=kept)
            yield _Piece(wording.facts_stay(), private=True)

    async def _read_all(self, images: Sequence[ImagePart], intent: Intent) -> AsyncGenerator[str, None]:
        """The paragraphs about each image; its heading before it is read, which takes seconds."""
        if not (intent.text or intent.codes):
            return
        settled = True
        for number, image in enumerate(images, 1):
            if len(images) > 1:
                yield wording.heading(number, image.facts.name)
            reading = await self._read(image, text=intent.text)
            yield wording.reading(reading, intent)
            amounts = find_amounts(reading.lines) if intent.amounts else None
            if amounts is not None:
                yield wording.amounts(amounts)
            settled = settled and amounts is not None and amounts.adds_up
        if intent.check and not settled:
            yield wording.unsettled()

    async def _compared(self, images: Sequence[ImagePart]) -> AsyncGenerator[str, None]:
        """What differs between the first image and each other one."""
        first = images[0]
        before: tuple[str, ...] | None = None
        for number, image in enumerate(images[1:], 2):
            yield wording.pair((first.facts.name, image.facts.name), number)
            if before is None:
                before = _all_text(await self._read(first, text=True))
            after = _all_text(await self._read(image, text=True))
            pixels = await self._process.run(compare_images, first.data, image.data, name=image.facts.name)
            text = compare_text(before, after) if before or after else None
            yield wording.differences((first.facts.name, image.facts.name), number, text, pixels)

    async def _read(self, image: ImagePart, *, text: bool) -> Reading:
        effort = _effort((image.facts.width_px, image.facts.height_px))
        return await self._process.run(read_image, image.data, text, name=image.facts.name, effort=effort)


def asked(request: Request) -> tuple[str, tuple[ImagePart, ...]]:
    """The last question, and its images; where it has none, all images of the turns before it."""
    turns = [turn for turn in request.turns if turn.role is Role.USER]
    if not turns:
        return "", ()
    carried = tuple(image for turn in turns[:-1] for image in turn.images)
    return turns[-1].text, turns[-1].images or carried


def _effort(page_px: tuple[int, int]) -> float:
    """How many times the time limit a page of this size may take."""
    return max(1.0, min(page_px[0] * page_px[1], ON_DEVICE_PIXELS) / _LIMIT_PIXELS)


def _all_text(reading: Reading) -> tuple[str, ...]:
    """Everything that can be compared line by line."""
    return (*reading.lines, *(line for code in reading.codes for line in code.text.splitlines()))

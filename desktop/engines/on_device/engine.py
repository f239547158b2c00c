"""The reader as an engine: answers with what it can read, and names what of a question needs a model."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace

from desktop.core.compat import override
from desktop.core.events import Answered, EngineEvent, TextDelta
from desktop.core.model import Role, Usage
from desktop.core.ports import Engine
from desktop.core.problems import Code, ProblemError, problem
from desktop.core.request import ImagePart, Request
from desktop.engines.on_device import wording
from desktop.engines.on_device.amounts import find_amounts
from desktop.engines.on_device.compare import compare_images, compare_text
from desktop.engines.on_device.intent import Intent, Need, read_intent
from desktop.engines.on_device.process import ReaderProcess
from desktop.engines.on_device.reader import Reading, read_image

IDLE_S = 60.0
"""How long the process stays after an answer: loading the networks again takes a second."""

TIME_LIMIT_S = 120.0
"""Longest for one image; a full page takes 2 to 10 s."""


@dataclass(frozen=True, slots=True)
class _Piece:
    """A paragraph of the answer; a private one never leaves this computer."""

    text: str
    private: bool = False


class OnDeviceEngine(Engine):
    """Reads text, codes and facts in a process of its own. All coroutines run on one event loop."""

    def __init__(self, *, idle_s: float = IDLE_S, time_limit_s: float = TIME_LIMIT_S) -> None:
        self._process = ReaderProcess(idle_s=idle_s, time_limit_s=time_limit_s)

    @override
    async def answer(self, request: Request) -> AsyncGenerator[EngineEvent, None]:
        """Answer the last question of ``request``; see `Engine.answer`."""
        shareable: list[str] = []
        some_private = False
        try:
            async with aclosing(self._pieces(request)) as pieces:
                separator = ""
                async for piece in pieces:
                    yield TextDelta(separator + piece.text)
                    separator = "\n\n"
                    some_private = some_private or piece.private
                    if not piece.private:
                        shareable.append(piece.text)
            failed = None
        except ProblemError as error:
            failed = error.problem
        except Exception as error:  # noqa: BLE001 - an engine ends with an event, whatever happens
            failed = problem(Code.UNEXPECTED, kind=type(error).__name__)
        yield Answered(
            complete=failed is None,
            problem=failed,
            usage=Usage(prompt_tokens=0, completion_tokens=0),
            shareable_text="\n\n".join(shareable) if some_private else None,
        )

    @override
    async def close(self) -> None:
        """End the process; idempotent."""
        await self._process.close()

    async def _pieces(self, request: Request) -> AsyncGenerator[_Piece, None]:
        question, images = asked(request)
        intent = read_intent(question)
        if not images:
            yield _Piece(wording.no_image())
            return
        if intent.differences and len(images) == 1:
            intent = replace(intent, text=True, differences=False)
            yield _Piece(wording.one_image())
        readings: list[Reading] = []
        for number, image in enumerate(images, 1):
            reading = await self._read(image, intent)
            readings.append(reading)
            for text in _told(reading, intent, number if len(images) > 1 else None, image):
                yield _Piece(text)
        if intent.differences:
            for number in range(1, len(images)):
                yield _Piece(await self._differences(images, readings, number))
        if needs := _unmet(intent, readings):
            yield _Piece(wording.needs(needs))
        # Last, because an answer that is cut off after this would keep it without saying that it is private.
        if intent.facts:
            for image in images:
                yield _Piece(wording.facts(image.facts), private=True)
            yield _Piece(wording.facts_stay(), private=True)

    async def _read(self, image: ImagePart, intent: Intent) -> Reading:
        text = intent.text or intent.differences
        if not (text or intent.codes):
            return Reading()
        return await self._process.run(read_image, image.data, text, intent.codes, name=image.facts.name)

    async def _differences(
        self, images: Sequence[ImagePart], readings: Sequence[Reading], number: int
    ) -> str:
        """What differs between the first image and another."""
        pixels = await self._process.run(
            compare_images, images[0].data, images[number].data, name=images[number].facts.name
        )
        text = compare_text(readings[0].lines, readings[number].lines)
        names = images[0].facts.name, images[number].facts.name
        has_text = bool(readings[0].lines or readings[number].lines)
        return wording.differences(names, number + 1, text if has_text else None, pixels)


def asked(request: Request) -> tuple[str, tuple[ImagePart, ...]]:
    """The last question, and its images; where it has none, all images of the turns before it."""
    turns = [turn for turn in request.turns if turn.role is Role.USER]
    if not turns:
        return "", ()
    carried = tuple(image for turn in turns[:-1] for image in turn.images)
    return turns[-1].text, turns[-1].images or carried


def _told(reading: Reading, intent: Intent, number: int | None, image: ImagePart) -> list[str]:
    """The paragraphs about one image."""
    if not (intent.text or intent.codes):
        return []
    told = [wording.heading(number, image.facts.name)] if number is not None else []
    told.append(wording.reading(reading, intent))
    amounts = find_amounts(reading.lines) if intent.amounts else None
    return [*told, wording.amounts(amounts)] if amounts is not None else told


def _unmet(intent: Intent, readings: Sequence[Reading]) -> tuple[Need, ...]:
    """What of the question this reader cannot do."""
    if not intent.check:
        return intent.needs
    found = [find_amounts(reading.lines) for reading in readings]
    checked = all(amounts is not None and amounts.adds_up for amounts in found)
    return intent.needs if checked else (*intent.needs, Need.CHECK)

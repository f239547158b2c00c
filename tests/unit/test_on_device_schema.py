"""The reader on this computer takes no schema, and says so before it reads anything."""

import asyncio
from contextlib import aclosing

from desktop.core.events import Answered
from desktop.core.problems import Code
from desktop.core.schema_presets import SCHEMA_PRESETS
from desktop.engines.on_device.engine import OnDeviceEngine
from tests.helpers.chat import question


def test_a_schema_is_refused_and_no_process_is_started() -> None:
    async def run() -> list[object]:
        reader = OnDeviceEngine()
        try:
            async with aclosing(reader.answer(question(schema=SCHEMA_PRESETS[0].schema()))) as events:
                return [event async for event in events]
        finally:
            await reader.close()

    (ending,) = asyncio.run(run())
    assert isinstance(ending, Answered)
    assert ending.problem is not None
    assert ending.problem.code is Code.READER_TAKES_NO_SCHEMA

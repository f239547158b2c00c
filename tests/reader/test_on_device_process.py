"""The reader's process: ended at once, replaced when it dies, idle only for a while, without a network."""

import asyncio
import os
import signal
import socket
import time
from pathlib import Path

import pytest

from desktop.core.events import Answered
from desktop.core.problems import Code, ProblemError
from desktop.engines.on_device.engine import OnDeviceEngine
from desktop.engines.on_device.process import ReaderProcess
from tests.helpers import pictures, worker_tasks
from tests.helpers.reading import begun, collect, part, reader_processes, reads, request, until


def test_cancelling_ends_the_process_within_a_second_and_the_next_question_works() -> None:
    async def run() -> None:
        before = reader_processes()
        engine = OnDeviceEngine()
        task = await begun(engine)
        begin = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert time.monotonic() - begin < 1
        assert reader_processes() == before
        assert await reads(engine)
        await engine.close()
        assert reader_processes() == before

    asyncio.run(run())


def test_a_killed_process_is_told_and_the_next_question_works() -> None:
    async def run() -> None:
        before = reader_processes()
        engine = OnDeviceEngine()
        task = await begun(engine)
        (pid,) = reader_processes() - before
        os.kill(pid, signal.SIGKILL)
        _answer, ended = await task
        assert ended.problem is not None
        assert ended.problem.code is Code.READER_CRASHED
        assert await reads(engine)
        (pid,) = reader_processes() - before
        os.kill(pid, signal.SIGKILL)
        assert await reads(engine), "a process that died while idle is replaced unnoticed"
        await engine.close()

    asyncio.run(run())


def test_an_image_that_takes_too_long_is_given_up() -> None:
    async def run() -> None:
        engine = OnDeviceEngine(time_limit_s=0.2)
        large = pictures.text_page(*["many words"] * 40, size_px=40, width_px=2400)
        _answer, ended = await collect(engine, request("Copy the text", part(large, "slow.png")))
        assert ended.problem is not None
        assert ended.problem.code is Code.IMAGE_TOO_SLOW
        assert ended.problem.parameters["name"] == "slow.png"
        await engine.close()

    asyncio.run(run())


def test_closing_ends_a_running_question_and_refuses_new_ones() -> None:
    async def run() -> None:
        before = reader_processes()
        engine = OnDeviceEngine()
        task = await begun(engine)
        await engine.close()
        await engine.close()
        for ended in (
            (await task)[1],
            (await collect(engine, request("Copy the text", part(pictures.photo()))))[1],
        ):
            assert ended.problem is not None
            assert ended.problem.code is Code.STOPPED
        assert reader_processes() == before

    asyncio.run(run())


def test_an_idle_process_ends_and_comes_back_when_needed() -> None:
    async def run() -> None:
        before = reader_processes()
        process = ReaderProcess(idle_s=0.1, time_limit_s=60)
        first = await process.run(worker_tasks.process_id, name="a")
        await until(lambda: reader_processes() == before)
        assert await process.run(worker_tasks.process_id, name="a") != first
        await process.close()

    asyncio.run(run())


def test_two_questions_at_once_take_turns() -> None:
    async def run() -> None:
        process = ReaderProcess(idle_s=60, time_limit_s=60)
        found = await asyncio.gather(
            *(process.run(worker_tasks.echo, number, name="a") for number in range(5))
        )
        assert found == [0, 1, 2, 3, 4]
        await process.close()

    asyncio.run(run())


def test_cancelling_one_question_leaves_the_other_alone(tmp_path: Path) -> None:
    async def run() -> None:
        process = ReaderProcess(idle_s=60, time_limit_s=60)
        hung = asyncio.create_task(process.run(worker_tasks.hang, tmp_path / "started", name="a"))
        await until((tmp_path / "started").exists)
        other = asyncio.create_task(process.run(worker_tasks.echo, "alive", name="b"))
        begin = time.monotonic()
        hung.cancel()
        with pytest.raises(asyncio.CancelledError):
            await hung
        assert time.monotonic() - begin < 1
        assert await other == "alive"
        await process.close()

    asyncio.run(run())


def test_the_process_reaches_no_network() -> None:
    async def run() -> str:
        process = ReaderProcess(idle_s=60, time_limit_s=60)
        with socket.create_server(("127.0.0.1", 0)) as server:
            found = await process.run(worker_tasks.connect, server.getsockname()[1], name="a")
        await process.close()
        return found

    assert asyncio.run(run()).startswith("refused: socket.")


@pytest.mark.parametrize("package", ["rapidocr", "onnxruntime", "zxingcpp"])
def test_a_missing_package_is_told(package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / f"{package}.py").write_text(f"raise ModuleNotFoundError('absent', name={package!r})")
    # A worker gets the path of this process.
    monkeypatch.syspath_prepend(tmp_path)

    async def run() -> Answered:
        engine = OnDeviceEngine()
        image = part(pictures.text_page("text"))
        _answer, ended = await collect(engine, request("Copy the text and the codes", image))
        await engine.close()
        return ended

    problem = asyncio.run(run()).problem
    assert problem is not None
    assert problem.code is Code.READER_MISSING


def test_problems_of_the_process_pass_through() -> None:
    async def run() -> None:
        process = ReaderProcess(idle_s=60, time_limit_s=60)
        with pytest.raises(ProblemError) as caught:
            await process.run(worker_tasks.die, int(signal.SIGSEGV), name="a")
        assert caught.value.problem.code is Code.READER_CRASHED
        await process.close()

    asyncio.run(run())


def test_a_large_image_may_take_longer() -> None:
    async def run() -> None:
        process = ReaderProcess(idle_s=60, time_limit_s=0.1)
        with pytest.raises(ProblemError) as caught:
            await process.run(time.sleep, 3, name="a")
        assert caught.value.problem.parameters["seconds"] == 0
        await process.run(time.sleep, 1, name="a", effort=300)
        await process.close()

    asyncio.run(run())

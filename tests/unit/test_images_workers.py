"""Worker processes: one hostile file costs one task, nobody waits for long, nothing is left behind."""

import asyncio
import gc
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError, Future, wait
from pathlib import Path
from typing import Any

import pytest

from desktop.core.problems import Code, ProblemError
from desktop.images import jobs
from desktop.images.queue import ProcessQueue, Turn
from desktop.images.workers import ImageWorkers
from tests.helpers import pictures, worker_tasks
from tests.helpers.processes import ROOT, descendants, until
from tests.helpers.processes import is_alive as is_running

LONG_S = 60


@pytest.fixture
def queue() -> Iterator[ProcessQueue]:
    queue = ProcessQueue(processes=1, time_limit_s=LONG_S, initializer=jobs.start_worker)
    yield queue
    queue.close()


def run(queue: ProcessQueue, function: Callable[..., Any], *arguments: object, **options: Any) -> Future[Any]:
    return queue.submit(function, arguments, name="a.png", **options)


def code(future: "Future[Any]") -> Code:
    error = future.exception(LONG_S)
    assert isinstance(error, ProblemError)
    assert error.problem.parameters["name"] == "a.png"
    return error.problem.code


def wait_for(path: Path) -> None:
    deadline = time.monotonic() + LONG_S
    while not path.exists() and time.monotonic() < deadline:
        threading.Event().wait(0.01)
    assert path.exists()


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def others() -> set[int | None]:
    return {child.pid for child in multiprocessing.active_children()}


def test_nothing_starts_before_the_first_task() -> None:
    threads = threading.active_count()
    workers = ImageWorkers(processes=4)
    assert threading.active_count() == threads
    workers.close()


def test_a_call_returns_at_once(tmp_path: Path) -> None:
    workers = ImageWorkers(processes=1)
    begin = time.monotonic()
    future = workers.inspect(tmp_path / "gone.png", thumbnail_px=64)
    assert time.monotonic() - begin < 2
    assert isinstance(future.exception(LONG_S), ProblemError)
    workers.close()


def test_a_worker_loads_neither_qt_nor_openai(queue: ProcessQueue, tmp_path: Path) -> None:
    path = tmp_path / "a.heic"
    path.write_bytes(pictures.encoded(pictures.photo(), "AVIF"))
    assert run(queue, jobs.inspect_file, path, 0, 64, None).result(LONG_S)
    loaded = {name.split(".")[0] for name in run(queue, worker_tasks.modules).result(LONG_S)}
    assert "PIL" in loaded
    assert not loaded & {"PySide6", "shiboken6", "openai", "keyring", "numpy", "rapidocr", "onnxruntime"}


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_key_that_was_taken_out_of_the_environment_is_not_in_a_worker(
    queue: ProcessQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-canary-4f2a")
    os.environ.pop("OPENAI_API_KEY")
    found = run(queue, worker_tasks.environment).result(LONG_S)
    assert b"PATH=" in found
    assert b"canary" not in found
    assert b"OPENAI_API_KEY" not in found


def test_what_a_decoder_prints_reaches_nobody(queue: ProcessQueue, capfd: pytest.CaptureFixture[str]) -> None:
    assert run(queue, worker_tasks.write_everywhere).result(LONG_S) == "quiet"
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL, signal.SIGABRT, signal.SIGTERM])
def test_a_crash_costs_one_task(queue: ProcessQueue, number: int) -> None:
    crashed = run(queue, worker_tasks.die, int(number))
    next_one = run(queue, worker_tasks.echo, "alive")
    assert code(crashed) is Code.IMAGE_CRASHED_DECODER
    assert next_one.result(LONG_S) == "alive"


def test_a_file_that_crashed_a_worker_is_not_tried_again_until_it_changes(
    queue: ProcessQueue, tmp_path: Path
) -> None:
    file, marker = tmp_path / "hostile.png", tmp_path / "tries"
    file.write_bytes(b"x")
    for _try in range(3):
        crashed = run(queue, worker_tasks.segfault, marker, source=file)
        assert code(crashed) is Code.IMAGE_CRASHED_DECODER
    assert marker.read_text() == "x"
    file.write_bytes(b"changed")
    assert code(run(queue, worker_tasks.segfault, marker, source=file)) is Code.IMAGE_CRASHED_DECODER
    assert marker.read_text() == "xx"


def test_a_hang_is_ended_at_its_time_limit(tmp_path: Path) -> None:
    queue = ProcessQueue(processes=1, time_limit_s=1.0, initializer=jobs.start_worker)
    hung = run(queue, worker_tasks.hang, tmp_path / "started")
    next_one = run(queue, worker_tasks.echo, "alive")
    assert code(hung) is Code.IMAGE_TOO_SLOW
    assert next_one.result(LONG_S) == "alive"
    assert not is_alive(int((tmp_path / "started").read_text()))
    queue.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits the memory of a worker")
def test_eating_memory_costs_one_task(queue: ProcessQueue) -> None:
    assert code(run(queue, worker_tasks.eat_memory)) is Code.IMAGE_CRASHED_DECODER
    assert run(queue, worker_tasks.echo, "alive").result(LONG_S) == "alive"


def test_a_worker_that_dies_while_idle_is_replaced(queue: ProcessQueue) -> None:
    pid = run(queue, worker_tasks.process_id).result(LONG_S)
    os.kill(pid, signal.SIGKILL)
    assert run(queue, worker_tasks.process_id).result(LONG_S) != pid


def test_a_waiting_task_that_is_cancelled_never_runs(queue: ProcessQueue, tmp_path: Path) -> None:
    first = run(queue, worker_tasks.wait_until_told, tmp_path / "started", tmp_path / "go")
    wait_for(tmp_path / "started")
    waiting = run(queue, worker_tasks.segfault, tmp_path / "ran")
    last = run(queue, worker_tasks.echo, "last")
    assert waiting.cancel()
    (tmp_path / "go").touch()
    assert (first.result(LONG_S), last.result(LONG_S)) == ("done", "last")
    assert not (tmp_path / "ran").exists()
    assert wait([waiting], timeout=1).done == {waiting}


def test_a_running_task_that_is_cancelled_makes_room(queue: ProcessQueue, tmp_path: Path) -> None:
    hung = run(queue, worker_tasks.hang, tmp_path / "started")
    wait_for(tmp_path / "started")
    next_one = run(queue, worker_tasks.echo, "alive")
    assert hung.cancel()
    with pytest.raises(CancelledError):
        hung.result(0)
    assert next_one.result(LONG_S) == "alive"
    assert not is_alive(int((tmp_path / "started").read_text()))


def test_a_cancelled_task_that_is_nearly_done_costs_no_process(queue: ProcessQueue, tmp_path: Path) -> None:
    pid = run(queue, worker_tasks.process_id).result(LONG_S)
    task = run(queue, worker_tasks.wait_until_told, tmp_path / "started", tmp_path / "go")
    wait_for(tmp_path / "started")
    task.cancel()
    (tmp_path / "go").touch()
    assert run(queue, worker_tasks.process_id).result(LONG_S) == pid


def test_cancelling_from_an_event_loop_works(queue: ProcessQueue, tmp_path: Path) -> None:
    async def ask() -> None:
        future = run(queue, worker_tasks.hang, tmp_path / "started")
        await asyncio.wait_for(asyncio.wrap_future(future), 0.5)

    with pytest.raises(TimeoutError):
        asyncio.run(ask())
    assert run(queue, worker_tasks.echo, "alive").result(LONG_S) == "alive"


def test_what_somebody_waits_for_goes_first(queue: ProcessQueue, tmp_path: Path) -> None:
    first = run(queue, worker_tasks.wait_until_told, tmp_path / "started", tmp_path / "go")
    wait_for(tmp_path / "started")
    order: list[object] = []
    futures = [run(queue, worker_tasks.echo, number) for number in range(5)]
    futures.append(run(queue, worker_tasks.echo, "later", turn=Turn.LATER))
    futures.append(run(queue, worker_tasks.echo, "goes on", turn=Turn.LATER, goes_on=True))
    futures.append(run(queue, worker_tasks.echo, "now", turn=Turn.NOW))
    for future in futures:
        future.add_done_callback(lambda done: order.append(done.result()))
    (tmp_path / "go").touch()
    wait([first, *futures], timeout=LONG_S)
    assert order == ["now", 0, 1, 2, 3, 4, "goes on", "later"]


def test_ten_thousand_files_wait_here_and_not_in_the_pool(queue: ProcessQueue, tmp_path: Path) -> None:
    first = run(queue, worker_tasks.wait_until_told, tmp_path / "started", tmp_path / "go")
    begin = time.monotonic()
    futures = [run(queue, worker_tasks.echo, number) for number in range(10_000)]
    assert time.monotonic() - begin < 5
    for future in futures[20:]:
        future.cancel()
    (tmp_path / "go").touch()
    assert first.result(LONG_S) == "done"
    assert [future.result(LONG_S) for future in futures[:20]] == list(range(20))


def test_large_results_and_arguments_travel(queue: ProcessQueue) -> None:
    data = os.urandom(20_000_000)
    assert run(queue, worker_tasks.echo, data).result(LONG_S) == data


def test_a_result_that_nobody_looks_at_any_more_stayed_until_the_collector_came(queue: ProcessQueue) -> None:
    gc.disable()
    try:
        future = run(queue, worker_tasks.process_id)
        assert future.result(LONG_S)
        result = weakref.ref(future)
        del future
        # Its threads, which have just handed the result over, have ended then.
        queue.close()
        assert result() is None
    finally:
        gc.enable()


def test_closing_ends_a_hung_process_within_two_seconds(tmp_path: Path) -> None:
    queue = ProcessQueue(processes=1, time_limit_s=LONG_S, initializer=jobs.start_worker)
    hung = run(queue, worker_tasks.hang, tmp_path / "started")
    waiting = run(queue, worker_tasks.echo, 1)
    wait_for(tmp_path / "started")
    begin = time.monotonic()
    queue.close()
    queue.close()
    assert time.monotonic() - begin < 2
    assert hung.cancelled()
    assert waiting.cancelled()
    assert not is_alive(int((tmp_path / "started").read_text()))


def test_after_closing_every_future_is_cancelled(queue: ProcessQueue) -> None:
    queue.close()
    future = run(queue, worker_tasks.echo, 1)
    assert future.cancelled()
    assert wait([future], timeout=1).done == {future}


def test_processes_that_have_nothing_to_do_end_and_come_back(tmp_path: Path) -> None:
    queue = ProcessQueue(processes=2, time_limit_s=LONG_S, initializer=jobs.start_worker, idle_s=0.3)
    try:
        before = others()
        first = run(queue, worker_tasks.process_id).result(LONG_S)
        until(lambda: others() <= before, "the end of idle processes")
        assert not is_alive(first)
        busy = run(queue, worker_tasks.wait_until_told, tmp_path / "started", tmp_path / "go")
        wait_for(tmp_path / "started")
        threading.Event().wait(0.5)
        (tmp_path / "go").touch()
        assert busy.result(LONG_S) == "done"
    finally:
        queue.close()


def test_warming_up_starts_all_processes_before_the_first_task() -> None:
    workers = ImageWorkers(processes=2)
    before = others()
    try:
        workers.warm_up()
        until(lambda: len(others() - before) == 2, "two processes")
    finally:
        workers.close()


ORPHANING = """
import sys, threading
from pathlib import Path
from desktop.images import jobs, queue
from tests.helpers import worker_tasks
if __name__ == "__main__":
    queue._ORPHAN_S = 1.0
    made = queue.ProcessQueue(processes=2, time_limit_s=1.0, initializer=jobs.start_worker)
    idle = made.submit(worker_tasks.process_id, (), name="").result(60)
    Path(sys.argv[1], "idle").write_text(str(idle))
    made.submit(worker_tasks.hang, (Path(sys.argv[1], "hung"),), name="")
    threading.Event().wait(60)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_nothing_is_left_of_a_window_that_was_killed(tmp_path: Path) -> None:
    """Not even a decoder that hangs in C, where it learns of nothing."""
    script = tmp_path / "orphaning.py"
    script.write_text(ORPHANING)
    window = subprocess.Popen([sys.executable, script, tmp_path], env={**os.environ, "PYTHONPATH": str(ROOT)})
    wait_for(tmp_path / "hung")
    children = descendants(window.pid)
    window.kill()
    window.wait(10)
    assert len(children) >= 2
    until(lambda: not any(map(is_running, children)), "the end of all processes", 30)


def test_closing_while_the_first_process_starts_leaves_nothing_behind() -> None:
    queue = ProcessQueue(processes=2, time_limit_s=LONG_S, initializer=jobs.start_worker)
    future = run(queue, worker_tasks.echo, 1)
    queue.close()
    assert future.cancelled()

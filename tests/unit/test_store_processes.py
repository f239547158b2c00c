"""Several processes use one history, and any of them may be killed at any moment."""

import random
import sqlite3
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from desktop.core.model import AnswerState
from desktop.store.gallery import ROWS_AT_ONCE
from tests.helpers.history import answered, ask, attachment, begin, opened, question, sent_image

ROOT = Path(__file__).parents[2]


@contextmanager
def child(folder: Path, kind: str, count: int = 0) -> Iterator[subprocess.Popen[str]]:
    """A process that uses the history; killed at the end of the block if it still runs."""
    command = [sys.executable, "-m", "tests.helpers.history_child", str(folder), kind, str(count)]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def lines_until(process: subprocess.Popen[str], number: int) -> list[str]:
    assert process.stdout is not None
    lines: list[str] = []
    while len(lines) < number and (line := process.stdout.readline()):
        lines.append(line)
    return lines


def test_killed_at_any_moment_no_finished_answer_is_lost(tmp_path: Path) -> None:
    chance = random.Random(20261003)
    for _ in range(20):
        said: list[str] = []
        with child(tmp_path, "answer", 1000) as process:
            # Between two lines lies a commit; some microseconds more reach into the next one.
            said += lines_until(process, chance.randrange(1, 40))
            timer = threading.Event()
            timer.wait(chance.random() * 0.02)
            process.kill()
            assert process.stdout is not None
            said += process.stdout.readlines()
        _assert_kept(tmp_path, said)


def _assert_kept(folder: Path, said: list[str]) -> None:
    with opened(folder) as store:
        assert store.notices == ()
        conversations = [store.conversation(s.id).result() for s in store.summaries().result()]
        stored = {message.id: message for c in conversations for message in c.messages}
        assert not any(message.state is AnswerState.RUNNING for message in stored.values())
        finished: set[int] = set()
        for line in said:
            kind, *numbers = line.split()
            if kind == "finished":
                answer_id, number, length = map(int, numbers)
                finished.add(answer_id)
                answer = stored[answer_id]
                assert answer.state is AnswerState.COMPLETE
                assert answer.problem is None
                assert (len(answer.text), answer.text[:9]) == (length, f"answer {number} "[:9])
        for line in said:
            kind, *numbers = line.split()
            if kind == "checkpoint" and int(numbers[0]) not in finished:
                answer = stored[int(numbers[0])]
                # The end may have been stored although there was no time left to say so.
                assert answer.state in {AnswerState.INTERRUPTED, AnswerState.COMPLETE}
                assert len(answer.text) >= int(numbers[1])
        for sent in {a.sent for c in conversations for a in c.attachments()}:
            assert sent is not None
            assert store.image_bytes(sent).result().startswith(b"image ")
    with closing(sqlite3.connect(folder / "sightline.db")) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
        assert connection.execute("PRAGMA foreign_key_check").fetchall() == []
    assert not list(folder.rglob("*.part"))


def test_killed_while_the_gallery_is_written_no_image_is_lost(tmp_path: Path) -> None:
    chance = random.Random(20261127)
    files = ROWS_AT_ONCE + 7
    for attempt in range(12):
        folder = tmp_path / str(attempt)
        with child(folder, "gallery", 1000) as process:
            lines = lines_until(process, chance.randrange(2, 5))
            threading.Event().wait(chance.random() * 0.06)
            process.kill()
            assert process.stdout is not None
            said = int([*lines, *process.stdout.readlines()][-1].split()[1])
        with opened(folder) as store:
            assert store.lost_from_gallery().result() == ()
            there = [found.file for found in store.gallery().result()]
        # Each change holds as many as the one before it: there may be more for a moment, never fewer.
        assert len(there) == len(set(there)) >= files
        assert there == list(range(there[0], there[0] + len(there)))
        assert there[-1] >= (said + 1) * files - 1
        with closing(sqlite3.connect(folder / "sightline.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]


def test_the_answer_of_a_living_process_is_left_running(tmp_path: Path) -> None:
    with child(tmp_path, "wait") as process:
        answer_id = int(lines_until(process, 2)[1].split()[1])
        with opened(tmp_path) as store:
            (summary,) = store.summaries().result()
            assert summary.running
            answer = store.conversation(summary.id).result().messages[-1]
            assert (answer.id, answer.state) == (answer_id, AnswerState.RUNNING)
        process.kill()
        process.wait()
        with opened(tmp_path) as store:
            answer = store.conversation(summary.id).result().messages[-1]
            assert answer.state is AnswerState.INTERRUPTED
            assert not store.summaries().result()[0].running


def test_what_another_process_writes_is_noticed_and_what_we_write_is_not(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        running = ask(store, "ours", b"image")
        store.finish(answered(running), ()).result()
        assert store.changed().result() is False
        with child(tmp_path, "wait") as process:
            lines_until(process, 2)
            assert store.changed().result() is True
            assert store.changed().result() is False
            assert [s.title for s in store.summaries().result()] == ["being answered elsewhere", "ours"]


def test_two_processes_write_at_once_and_nothing_is_lost(tmp_path: Path) -> None:
    with child(tmp_path, "write", 40) as first, child(tmp_path, "write", 40) as second:
        for process in (first, second):
            assert len([line for line in lines_until(process, 1000) if line.startswith("finished")]) == 40
            assert process.wait() == 0
    with opened(tmp_path) as store:
        summaries = store.summaries().result()
        assert len(summaries) == 80
        assert [s.id for s in summaries] == sorted((s.id for s in summaries), reverse=True)
        for summary in summaries:
            conversation = store.conversation(summary.id).result()
            assert [m.state for m in conversation.messages] == [AnswerState.COMPLETE] * 2
            sent = conversation.attachments()[0].sent
            assert sent is not None
            assert store.image_bytes(sent).result()


def test_an_image_put_by_a_living_process_is_not_our_garbage(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        data = b"put and not yet asked about"
        store.put_image(data, sent_image(data)).result()
        with child(tmp_path, "write", 1) as process:
            assert "finished" in "".join(lines_until(process, 10))
            process.wait()
        begin(store, question("now", attachment(data)))
        assert store.image_bytes(sent_image(data)).result() == data

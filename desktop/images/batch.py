"""Many files looked at in few tasks; one that crashes its process, hangs or eats memory costs only itself.

A task looks at as many files as fit into a moment, because somebody may soon wait for something else; the
rest goes on in the next. Where a task fails, nobody knows by which of its files: each is then tried alone.
"""

from collections.abc import Sequence
from concurrent.futures import Future, InvalidStateError
from pathlib import Path
from typing import Final

from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.images import jobs
from desktop.images.files import shown_name
from desktop.images.inspect import CacheFolders, Inspection
from desktop.images.queue import ProcessQueue, Turn

Place = tuple[Path, int]
"""A file and the page or frame of it that is meant, from 0."""

Found = tuple[Inspection | Problem, ...]

MOMENT_S: Final = 0.1
"""A task begins with no further file after so long."""


def look_at(
    queue: ProcessQueue, places: Sequence[Place], thumbnail_px: int, caches: CacheFolders | None
) -> "Future[Found]":
    """Look at all of them, after everything else that waits. Cancelling it drops what is not done."""
    batch = _Batch(queue, tuple(places), thumbnail_px, caches)
    batch.go_on()
    return batch.whole


class _Batch:
    """Files in order, and what was found out of the first of them.

    Attributes:
        whole: done when all were looked at.
    """

    def __init__(
        self, queue: ProcessQueue, places: tuple[Place, ...], thumbnail_px: int, caches: CacheFolders | None
    ) -> None:
        self.whole: Future[Found] = Future()
        self._queue = queue
        self._places = places
        self._thumbnail_px = thumbnail_px
        self._caches = caches
        self._found: list[Inspection | Problem] = []
        self._alone_until = 0
        self._task: Future[Found] | None = None
        self.whole.add_done_callback(self._on_settled)

    def go_on(self) -> None:
        """Begin the next task, or end. Called by one thread at a time: the one that saw the last task end."""
        if self.whole.cancelled():
            return
        if len(self._found) == len(self._places):
            self._settle()
            return
        group = self._next()
        alone = group[0][0] if len(group) == 1 else None
        task = self._queue.submit(
            jobs.look_at_files,
            (group, self._thumbnail_px, self._caches, MOMENT_S),
            name=shown_name(group[0][0]),
            source=alone,
            turn=Turn.LATER,
            goes_on=bool(self._found or self._alone_until),
            longer_s=MOMENT_S,
        )
        self._task = task
        task.add_done_callback(lambda done: self._on_done(len(group), done))
        if self.whole.cancelled():
            task.cancel()

    def _next(self) -> tuple[Place, ...]:
        """The files of the next task; one that has crashed a process before goes alone."""
        at = len(self._found)
        suspects = (place for place, (path, _page) in enumerate(self._places) if self._queue.is_suspect(path))
        end = next((place for place in suspects if place >= at), len(self._places))
        if at < self._alone_until or end == at:
            end = at + 1
        return self._places[at:end]

    def _on_done(self, files: int, task: "Future[Found]") -> None:
        if task.cancelled():
            self.whole.cancel()
            return
        error = task.exception()
        if error is None:
            self._found.extend(task.result())
        elif files > 1:
            self._alone_until = len(self._found) + files
        else:
            reason = error.problem if isinstance(error, ProblemError) else problem(Code.UNEXPECTED)
            self._found.append(reason)
        self.go_on()

    def _settle(self) -> None:
        self._task = None
        try:
            self.whole.set_result(tuple(self._found))
        except InvalidStateError:
            return

    def _on_settled(self, whole: "Future[Found]") -> None:
        task, self._task = self._task, None
        if whole.cancelled():
            # `concurrent.futures.wait` counts it only then.
            whole.set_running_or_notify_cancel()
            if task is not None:
                task.cancel()

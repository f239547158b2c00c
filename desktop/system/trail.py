"""The last log lines in words that may be passed on, in memory and in a file that a crash leaves behind."""

import logging
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TextIO

from desktop.core.compat import override
from desktop.core.crashes import MOST_LOG_LINES
from desktop.core.harmless import harmless_record, written

_MOST_BYTES = 100_000
_MOST_LINES_OF_ONE = 60


class Trail(logging.Handler):
    """Keeps the last lines.

    Attributes:
        most: so many lines are kept.
    """

    most = MOST_LOG_LINES

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self._lines: deque[str] = deque(maxlen=self.most)
        self._file: TextIO | None = None
        self._bytes = 0

    @property
    def lines(self) -> tuple[str, ...]:
        """The last lines, the oldest first."""
        with self._alone():
            return tuple(self._lines)

    def write_to(self, file: TextIO) -> None:
        """Write them to a file too, which this closes."""
        with self._alone():
            self._file = file
            self._begin_anew()

    @override
    def emit(self, record: logging.LogRecord) -> None:
        try:
            moment = datetime.fromtimestamp(record.created, UTC).astimezone()
            first, *rest = harmless_record(record)
            lines = [f"{moment:%H:%M:%S} {first}", *rest[-_MOST_LINES_OF_ONE:]]
            self._lines.extend(lines)
            self._write(lines)
        except Exception:  # noqa: BLE001 - what logs must not fail because of it
            self._file = None

    @override
    def close(self) -> None:
        with self._alone():
            if self._file is not None:
                self._file.close()
                self._file = None
        super().close()

    @contextmanager
    def _alone(self) -> Iterator[None]:
        self.acquire()
        try:
            yield
        finally:
            self.release()

    def _write(self, lines: list[str]) -> None:
        if self._file is None:
            return
        if self._bytes > _MOST_BYTES:
            self._begin_anew()
            return
        text = written(lines) + "\n"
        self._bytes += len(text)
        self._file.write(text)
        self._file.flush()

    def _begin_anew(self) -> None:
        if self._file is not None:
            self._file.seek(0)
            self._file.truncate()
            text = "".join(f"{line}\n" for line in self._lines)
            self._bytes = len(text)
            self._file.write(written([text]))
            self._file.flush()

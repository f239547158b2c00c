"""Splits a server's bytes into events, within limits.

The ``openai`` package's own decoder keeps a line of any length in memory, so a hostile server could fill it;
this one gives up at `MAX_LINE_BYTES`. Protocol:
https://html.spec.whatwg.org/multipage/server-sent-events.html
"""

from collections.abc import Iterator

from desktop.core.problems import Code, ProblemError, problem

MAX_LINE_BYTES = 4 * 1024 * 1024
"""Longest line, and most data of one event (``RELIABILITY.md``)."""

_FIELDS = (b"data", b"event", b"id", b"retry")


class LineSplitter:
    """Bytes in pieces of any size in, whole lines out. Lines end with LF, CR LF or CR."""

    def __init__(self, limit_bytes: int = MAX_LINE_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._rest = bytearray()
        self._skip_lf = False

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The lines that ``data`` ends, without line ends; those before a line that is too long still come.

        Raises:
            ProblemError: a line is longer than the limit (ANSWER_TOO_LONG).
        """
        if not data:
            return
        if self._skip_lf:
            data = data.removeprefix(b"\n")
        self._skip_lf = data.endswith(b"\r")
        *ended, rest = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n").split(b"\n")
        for piece in ended:
            self._keep(piece)
            line = bytes(self._rest)
            self._rest.clear()
            yield line
        self._keep(rest)

    def finish(self) -> bytes:
        """What came after the last line end."""
        rest = bytes(self._rest)
        self._rest.clear()
        return rest

    def _keep(self, data: bytes) -> None:
        if len(self._rest) + len(data) > self._limit_bytes:
            raise ProblemError(problem(Code.ANSWER_TOO_LONG))
        self._rest += data


class EventJoiner:
    """Lines in, the data of whole events out."""

    def __init__(self, limit_bytes: int = MAX_LINE_BYTES) -> None:
        self._limit_bytes = limit_bytes
        self._data: list[bytes] = []
        self._size = 0

    def feed(self, line: bytes) -> bytes | None:
        """The data of the event that ``line`` ends, if it ends one; comments and other fields are ignored.

        Raises:
            ProblemError: the event is larger than the limit (ANSWER_TOO_LONG).
        """
        if not line:
            return self.finish()
        name, _, value = line.partition(b":")
        if name != b"data":
            return None
        value = value.removeprefix(b" ")
        self._size += len(value)
        if self._size > self._limit_bytes:
            raise ProblemError(problem(Code.ANSWER_TOO_LONG))
        self._data.append(value)
        return None

    def finish(self) -> bytes | None:
        """The data that was not yet followed by an empty line."""
        if not self._data:
            return None
        data = b"\n".join(self._data)
        self._data.clear()
        self._size = 0
        return data


def is_event_line(line: bytes) -> bool:
    """Whether a line belongs to the protocol at all: a comment or a known field."""
    return line.startswith(b":") or line.partition(b":")[0] in _FIELDS

"""Reads one streamed answer: bytes in, text out, at the end the verdict "complete or not". Knows no network.

A stream that ends without an exception may still be cut short, so an answer is complete only if the server
said so: with a ``finish_reason`` or with ``[DONE]`` (``RELIABILITY.md``).
"""

import json
from typing import Any, NoReturn

from desktop.core.model import Usage
from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.engines.openai_errors import Context, problem_in_body
from desktop.engines.sse import MAX_LINE_BYTES, EventJoiner, LineSplitter, is_event_line
from desktop.engines.usage import usage_in

MAX_ANSWER_CHARS = 2_000_000

_FINISH_PROBLEMS: dict[str, Code] = {
    "length": Code.LENGTH_LIMIT,
    "max_tokens": Code.LENGTH_LIMIT,
    "model_length": Code.LENGTH_LIMIT,
    "content_filter": Code.CONTENT_FILTERED,
    "safety": Code.CONTENT_FILTERED,
    "recitation": Code.CONTENT_FILTERED,
    "prohibited_content": Code.CONTENT_FILTERED,
    "error": Code.SERVER_ERROR,
}
"""Reasons that do not mean "finished"; servers write them in either case. Every other reason does."""


class AnswerReader:
    """The state of one answer while its bytes come in.

    Attributes:
        ended: the server has said that nothing follows (``[DONE]``).
        finished: the server has said that the answer is finished, whatever the reason.
        usage: what the server billed, if it has said so.
        chars: length of the text so far.
    """

    def __init__(self, context: Context) -> None:
        self.ended = False
        self.usage: Usage | None = None
        self.chars = 0
        self._context = context
        self._finish_reason: str | None = None
        self._lines = LineSplitter()
        self._events = EventJoiner()
        self._plain: bytearray | None = None
        self._any_event = False
        self._any_bytes = False
        self._half_pair = ""

    @property
    def finished(self) -> bool:
        """Whether a finish reason has come, or the end itself."""
        return self.ended or self._finish_reason is not None

    def feed(self, data: bytes) -> tuple[str, Problem | None]:
        """Take the next bytes.

        Returns:
            The text in them (good even if a problem follows it), and the problem that ends the answer here,
            if there is one.
        """
        self._any_bytes = self._any_bytes or bool(data.strip())
        texts: list[str] = []
        try:
            for line in self._lines.feed(data):
                texts.append(self._line(line))
                if self.ended:
                    break
        except ProblemError as error:
            if self.finished and error.problem.code is Code.NOT_THE_PROTOCOL:
                # The answer is whole; what a proxy appends to it spoils nothing.
                self.ended = True
                return "".join(texts), None
            return "".join(texts), error.problem
        return "".join(texts), None

    def finish(self) -> tuple[str, Problem | None]:
        """The body has ended, or nothing more is awaited.

        Returns:
            Text that was still held back, and why the answer is not complete; None if it is.
        """
        try:
            text = self._last_lines()
        except ProblemError as error:
            return "", error.problem
        if self._half_pair:
            text += "\ufffd"
            self.chars += 1
            self._half_pair = ""
        return text, self._verdict()

    def _verdict(self) -> Problem | None:
        if not self._any_bytes:
            return problem(Code.EMPTY_ANSWER)
        if not self.finished:
            return problem(Code.ENDED_EARLY)
        code = _FINISH_PROBLEMS.get((self._finish_reason or "").lower())
        if code is not None:
            return problem(code)
        return None if self.chars else problem(Code.EMPTY_ANSWER)

    def _last_lines(self) -> str:
        rest = self._lines.finish()
        if self.ended:
            return ""
        if self._plain is not None or (rest and not self._any_event and not is_event_line(rest)):
            return self._whole_body(bytes(self._plain or b"") + rest)
        # A last line without a line end was cut, unless it is one of the two that can be recognised as whole.
        if rest.strip() == b"data: [DONE]":
            self._events.feed(rest.strip())
        data = self._events.finish()
        if data is None:
            return ""
        try:
            return self._event(data)
        except ProblemError as error:
            if error.problem.code is Code.NOT_THE_PROTOCOL:
                return ""
            raise

    def _line(self, line: bytes) -> str:
        if self._plain is not None:
            if len(self._plain) + len(line) > MAX_LINE_BYTES:
                raise ProblemError(problem(Code.ANSWER_TOO_LONG))
            self._plain += line + b"\n"
            return ""
        if not self._any_event:
            line = line.removeprefix(b"\xef\xbb\xbf")
            if line.strip() and not is_event_line(line):
                self._begin_plain(line)
                return ""
            self._any_event = bool(line)
        data = self._events.feed(line)
        return "" if data is None else self._event(data)

    def _begin_plain(self, line: bytes) -> None:
        # Some servers answer a streaming request with one JSON object: an error, or the whole answer. A login
        # page is neither.
        if not line.lstrip().startswith(b"{"):
            _not_the_protocol()
        self._plain = bytearray(line + b"\n")

    def _whole_body(self, body: bytes) -> str:
        if not body.lstrip().startswith(b"{"):
            _not_the_protocol()
        text = self._chunk(parse_object(body))
        self._plain = None
        return text

    def _event(self, data: bytes) -> str:
        if data.strip() == b"[DONE]":
            self.ended = True
            return ""
        return self._chunk(parse_object(data)) if data.strip() else ""

    def _chunk(self, chunk: dict[str, Any]) -> str:
        if chunk.get("error"):
            raise ProblemError(problem_in_body(chunk, self._context))
        self.usage = usage_in(chunk) or self.usage
        text = ""
        for choice in _list(chunk.get("choices")):
            # One answer was asked for; some servers leave the index out.
            if not isinstance(choice, dict) or choice.get("index") not in (0, None):
                continue
            if choice.get("error"):
                raise ProblemError(problem_in_body(choice, self._context))
            text += self._bounded(_text_of(choice))
            reason = choice.get("finish_reason")
            if isinstance(reason, str) and reason:
                self._finish_reason = reason
        return text

    def _bounded(self, text: str) -> str:
        text, self._half_pair = _whole_characters(self._half_pair + text)
        self.chars += len(text)
        if self.chars > MAX_ANSWER_CHARS:
            raise ProblemError(problem(Code.ANSWER_TOO_LONG))
        return text


def parse_object(data: bytes) -> dict[str, Any]:
    """One JSON object.

    Raises:
        ProblemError: the bytes are no UTF-8, no JSON, nested too deeply, or not an object (NOT_THE_PROTOCOL).
    """
    try:
        value = json.loads(data.decode("utf-8"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        _not_the_protocol()
    if not isinstance(value, dict):
        _not_the_protocol()
    return value


def _refuse_constant(name: str) -> NoReturn:
    raise ValueError(name)


def _not_the_protocol() -> NoReturn:
    raise ProblemError(problem(Code.NOT_THE_PROTOCOL)) from None


def _list(value: object) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else _not_the_protocol()


def _text_of(choice: dict[str, Any]) -> str:
    """The text of a choice: ``delta`` of a stream or ``message`` of a whole answer; a refusal is text too."""
    said = choice.get("delta") or choice.get("message") or {}
    if not isinstance(said, dict):
        _not_the_protocol()
    return _string(said.get("content")) + _string(said.get("refusal"))


def _string(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    # Some servers send a list of parts, as the protocol has it for questions.
    return "".join(_string(part.get("text")) for part in _list(value) if isinstance(part, dict))


def _whole_characters(text: str) -> tuple[str, str]:
    """``text`` as valid Unicode, and half a surrogate pair at its end, whose second half is still to come."""
    half = ""
    if text and "\ud800" <= text[-1] <= "\udbff":
        text, half = text[:-1], text[-1]
    # A character that cannot be written as UTF-8 could not be stored, and NUL ends strings in other programs.
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace").replace("\0", "\ufffd")
    return text, half

"""What may stand in a report that people pass on: where something happened, never what they wrote or opened.

Exceptions and log records hold names of files, questions, what servers said. Nothing is searched for and
taken out, because nobody knows all that may be in there: only what is known to come from the program itself
is let through, and the rest is left out.
"""

import logging
import os
import re
from collections.abc import Iterable, Iterator
from types import TracebackType

from desktop.core.problems import Code, ProblemError

LEFT_OUT = "[left out]"
"""What stands where something may have been of the user's."""

_MOST_FRAMES = 60
_MOST_CHAINED = 5
_MOST_LINES = 400
_OURS = "desktop"

# Letters of identifiers alone, so that no sentence gets through; bounded, so that no pattern takes long.
_WORD = r"\w{1,80}"
_DOTTED = r"[\w.]{1,160}"
_TYPE = rf"'{_DOTTED}'"
_CALL = r"[\w.<>]{1,160}\(\)"
_NAMES = rf"'{_WORD}'(?:(?:, and |, | and )'{_WORD}'){{0,20}}"

_INTERPRETER_SAYS = tuple(
    re.compile(pattern, re.ASCII)
    for pattern in (
        rf"{_TYPE} object has no attribute '{_WORD}'",
        rf"(?:type object|module|partially initialized module) {_TYPE} has no attribute '{_WORD}'",
        rf"name '{_WORD}' is not defined",
        rf"cannot access (?:local|free) variable '{_WORD}' where it is not associated [a-z ]{{1,60}}",
        rf"{_CALL} missing \d+ required (?:positional|keyword-only) arguments?: {_NAMES}",
        rf"{_CALL} takes (?:from )?\d+(?: to \d+)? positional arguments? but \d+ (?:was|were) given",
        rf"{_CALL} got (?:an unexpected keyword argument|multiple values for argument) '{_WORD}'",
        rf"{_TYPE} object (?:is not|does not support|cannot be) [a-z ]{{1,60}}",
        rf"unsupported operand type\(s\) for \S{{1,3}}(?: or pow\(\))?: {_TYPE} and {_TYPE}",
        rf"'\S{{1,2}}' not supported between instances of {_TYPE} and {_TYPE}",
        rf"object of type {_TYPE} has no [\w()]{{1,40}}",
        rf"No module named {_TYPE}",
        rf"cannot import name '{_WORD}' from {_TYPE}",
        r"[a-z]{1,20}(?: assignment)? index out of range",
        r"(?:pop from|pop from an) empty [a-z]{1,20}",
        r"(?:integer |float )?(?:division|modulo)(?: or modulo)? by zero",
        r"maximum recursion depth exceeded[a-z ]{0,60}",
        r"not enough values to unpack \(expected (?:at least )?\d+, got \d+\)",
        r"too many values to unpack \(expected \d+(?:, got \d+)?\)",
        r"(?:dictionary|Set|deque|OrderedDict) (?:changed size|keys changed|mutated) during iteration",
        rf"Internal C\+\+ object \({_DOTTED}\) already deleted\.",
        rf"'{_DOTTED}' called with wrong argument types:",
        r"can't start new thread",
        r"cannot schedule new futures after (?:interpreter )?shutdown",
        r"Event loop is closed",
        r"I/O operation on closed file\.?",
        r"generator already executing",
    )
)
_PYTHON_FILE = re.compile(r"[\w.+-]+(?:/[\w.+-]+){0,15}\.(?:py|pyx|so|pyd)", re.ASCII)
_FROZEN = re.compile(r"<[\w .]{1,80}>", re.ASCII)
_FUNCTION = re.compile(r"[\w.<>]{1,160}", re.ASCII)
_BEFORE_PACKAGES = re.compile(r".*/(?:site|dist)-packages/", re.DOTALL)
_BEFORE_STANDARD = re.compile(r".*/(?=(?:python3\.\d+t?|Lib)/)", re.DOTALL)
_BEFORE_OURS = re.compile(rf".*/(?={_OURS}/)", re.DOTALL)


def harmless_path(path: str) -> str:
    """A source file by its place in its package: ``desktop/ui/theme.py``, ``openai/_client.py``."""
    if _FROZEN.fullmatch(path):
        return path
    path = path.replace("\\", "/")
    for before in (_BEFORE_PACKAGES, _BEFORE_STANDARD, _BEFORE_OURS):
        short = before.sub("", path, count=1)
        if short != path:
            break
    if short.startswith("/") or re.match(r"[A-Za-z]:", short):
        return LEFT_OUT
    return short if _PYTHON_FILE.fullmatch(short) else LEFT_OUT


def harmless_type(kind: type) -> str:
    """The full name of a type."""
    name = f"{kind.__module__}.{kind.__qualname__}".removeprefix("builtins.")
    return name if _FUNCTION.fullmatch(name) else LEFT_OUT


def harmless_error(error: BaseException) -> str:
    """What kind of exception it is; with its words, if those are the interpreter's own."""
    name = harmless_type(type(error))
    said = _said(error)
    return f"{name}: {said}" if said else name


def _said(error: BaseException) -> str:
    if isinstance(error, ProblemError):
        return str(error.problem.code)
    if isinstance(error, OSError):
        # With the name of a file, and twice that of a rename.
        return f"[Errno {error.errno}] {os.strerror(error.errno)}" if type(error.errno) is int else LEFT_OUT
    try:
        words = str(error)
    except Exception:  # noqa: BLE001 - an exception's own words may raise
        return LEFT_OUT
    first = words.partition("\n")[0]
    if isinstance(error, ImportError):
        # Behind it stands the file that the name is not in.
        first = first.partition(" (")[0]
    if not words or any(pattern.fullmatch(first) for pattern in _INTERPRETER_SAYS):
        return first
    return LEFT_OUT


def harmless_trace(error: BaseException) -> tuple[str, ...]:
    """The trace of an exception and of those that led to it, the last one last, as Python writes them."""
    lines: list[str] = []
    for number, link in enumerate(_chain(error)):
        if number:
            lines.append("which led to:")
        lines += _frames(link.__traceback__)
        lines.append(harmless_error(link))
        if isinstance(link, BaseExceptionGroup):
            lines += [f"  with {harmless_error(inner)}" for inner in link.exceptions[:_MOST_CHAINED]]
    return tuple(lines[-_MOST_LINES:])


def _chain(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in found and len(found) < _MOST_CHAINED:
        found.append(link)
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    return found[::-1]


def _frames(trace: TracebackType | None) -> Iterator[str]:
    frames = []
    while trace is not None:
        code = trace.tb_frame.f_code
        frames.append(_frame(code.co_filename, trace.tb_lineno, code.co_name))
        trace = trace.tb_next
    left = len(frames) - _MOST_FRAMES
    if left > 0:
        yield f"  … {left} more …"
    yield from frames[-_MOST_FRAMES:]


def _frame(path: str, line: int | None, function: str) -> str:
    function = function if _FUNCTION.fullmatch(function) else LEFT_OUT
    return f"  {harmless_path(path)}:{line} in {function}"


def place_of(error: BaseException) -> str:
    """Where it was raised, for telling whether it is the same one again."""
    frames = list(_frames(error.__traceback__))
    return f"{harmless_type(type(error))}{frames[-1] if frames else ''}"


def harmless_record(record: logging.LogRecord) -> tuple[str, ...]:
    """A log record: who said so, and the words of the source. Of what was filled in only figures are told.

    Of other people's libraries only the name is told: they may put anything into their words.
    """
    name = record.name if re.fullmatch(_DOTTED, record.name, re.ASCII) else LEFT_OUT
    said = _words(record) if name.partition(".")[0] == _OURS else LEFT_OUT
    line = f"{record.levelname} {name}: {said}"
    error = record.exc_info[1] if record.exc_info else None
    return (line, *harmless_trace(error)) if error is not None else (line,)


def _words(record: logging.LogRecord) -> str:
    template = record.msg if isinstance(record.msg, str) else "%s"
    if not record.args:
        # One that was filled in already has no place for what was filled in.
        return template if isinstance(record.msg, str) else LEFT_OUT
    given = record.args if isinstance(record.args, tuple) else (record.args,)
    try:
        return template % tuple(map(_value, given))
    except (TypeError, ValueError):
        return LEFT_OUT


def _value(value: object) -> object:
    if value is None or type(value) in (int, float, bool):
        return value
    if isinstance(value, Code):
        return str(value)
    if isinstance(value, BaseException):
        return harmless_error(value)
    return LEFT_OUT


_FATAL = re.compile(r"(?:Fatal Python error|Windows fatal exception): [\w .:-]{1,120}", re.ASCII)
_THREAD = re.compile(
    r"(?:Current thread|Thread) (0x[0-9a-f]+)(?: \[[^\]]*\])?(?: \(most recent call first\))?:", re.ASCII
)
_FILE_LINE = re.compile(r'  File "(.{0,1000})", line (\d+|\?\?\?) in (.{1,200})')
_LIBRARY_LINE = re.compile(r'  Binary file "(.{0,1000})", at ([\w+@.<>]{0,200} ?\[0x[0-9a-f]+\])', re.ASCII)
_PLAIN = re.compile(
    r"  <[\w ]{1,60}>|  Garbage-collecting|  \.\.\.|Extension modules: [\w., ():-]{1,20000}", re.ASCII
)


def harmless_fault(text: str) -> tuple[str, ...]:
    """What ``faulthandler`` wrote when the process was ended: signal and stacks, innermost call first."""
    lines: list[str] = []
    at_once: int | None = None
    for line in text.splitlines()[:_MOST_LINES]:
        if _FATAL.fullmatch(line):
            lines.append(line)
        elif thread := _THREAD.fullmatch(line):
            current = line.startswith("Current")
            at_once = len(lines) if current else at_once
            lines.append(f"{'Current thread' if current else 'Thread'} {thread[1]}:")
        elif frame := _FILE_LINE.fullmatch(line):
            number = int(frame[2]) if frame[2].isdigit() else None
            lines.append(_frame(frame[1], number, frame[3]))
        elif library := _LIBRARY_LINE.fullmatch(line):
            lines.append(f"  {harmless_word(library[1].rpartition('/')[2])} {library[2]}")
        elif _PLAIN.fullmatch(line):
            lines.append(line[:300])
        elif line.strip():
            lines.append(f"  {LEFT_OUT}")
    # The thread that was to blame is the last one that is written.
    head = 1 if lines and lines[0].startswith(("Fatal", "Windows")) else 0
    return tuple(lines if at_once is None else [*lines[:head], *lines[at_once:], *lines[head:at_once]])


def harmless_word(text: str) -> str:
    """A word of the system, such as the name of a desktop; anything that could be more is left out."""
    return text if re.fullmatch(r"[\w:.+ -]{0,60}", text, re.ASCII) else LEFT_OUT


def written(lines: Iterable[str]) -> str:
    """Lines as text that any file takes."""
    return "\n".join(lines).encode("utf-8", "backslashreplace").decode("utf-8")

"""Nothing that a person wrote or opened gets into a report, whatever exceptions and log records hold."""

import ast
import logging
import re
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.core.harmless import (
    LEFT_OUT,
    harmless_error,
    harmless_fault,
    harmless_path,
    harmless_record,
    harmless_trace,
    written,
)
from desktop.core.problems import Code, ProblemError, problem

PACKAGE = Path(__file__).parents[2] / "desktop"
WORDS = (
    "canary",
    "/home/canary/Pictures/canary wedding.jpg",
    "sk-canary0123456789",
    "Who is the canary here?",
)
KINDS = (
    ValueError,
    KeyError,
    RuntimeError,
    TypeError,
    AttributeError,
    UnicodeError,
    Exception,
    AssertionError,
)

texts = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)


def raised(error: BaseException) -> BaseException:
    def throw() -> None:
        raise error

    try:
        throw()
    except BaseException as caught:
        return caught
    raise AssertionError


def record(message: object, *args: object, name: str = "desktop.x", **more: object) -> logging.LogRecord:
    return logging.LogRecord(
        name, logging.ERROR, "/home/canary/x.py", 7, message, args, **{"exc_info": None, **more}
    )


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("canary", WORDS)
def test_the_words_of_an_exception_are_left_out(kind: type[Exception], canary: str) -> None:
    told = written(harmless_trace(raised(kind(canary))))
    assert "canary" not in told
    assert kind.__name__ in told


@given(text=texts, kind=st.sampled_from(KINDS))
@settings(max_examples=300, deadline=None)
def test_no_text_gets_through_in_any_part_of_an_exception(text: str, kind: type[Exception]) -> None:
    canary = f"canary {text} canary"
    inner = raised(kind(canary, {canary: canary}))
    inner.add_note(canary)
    outer = ExceptionGroup(canary, [OSError(2, canary, canary), kind(canary)])
    outer.__cause__ = inner
    assert "canary" not in written(harmless_trace(raised(outer)))


@given(text=texts, values=st.tuples(texts, texts))
@settings(max_examples=300, deadline=None)
def test_no_text_gets_through_that_was_filled_into_a_log_line(text: str, values: tuple[str, str]) -> None:
    canary = f"canary{text}"
    error = raised(ValueError(canary))
    exc_info = (ValueError, error, error.__traceback__)
    told = harmless_record(record("%s of %r: %s", canary, Path(canary), error, exc_info=exc_info))
    assert "canary" not in written(told)
    assert "canary" not in written(
        harmless_record(record(f"of a library: {canary}", name="openai._base_client"))
    )
    assert "canary" not in written(harmless_record(record("%(name)s", {"name": canary})))
    assert "canary" not in written(harmless_record(record({"request": canary})))
    assert "canary" not in written(harmless_record(record("said", name=f"desktop.{canary} {values[0]}")))


def test_what_the_program_itself_says_is_told() -> None:
    trouble = ProblemError(problem(Code.DISK_FULL, folder="/home/canary"))
    told = written(harmless_record(record("the gallery was not kept: %s (%d times, %s)", trouble, 3, None)))
    assert told == (
        "ERROR desktop.x: the gallery was not kept: "
        "desktop.core.problems.ProblemError: disk_full (3 times, None)"
    )
    assert harmless_error(PermissionError(13, "said in any words", "/home/canary")) == (
        "PermissionError: [Errno 13] Permission denied"
    )


@pytest.mark.parametrize(
    "code",
    [
        "None.text",
        "len(3)",
        "[][3]",
        "1 / 0",
        "unknown_name",
        "(lambda a: a)()",
        "(lambda: 0)(1)",
        "(lambda: 0)(b=1)",
        "[x() for x in [None]]",
        "3 + 'x'",
        "3 < 'x'",
        "a, b = [1]",
        "import nowhere.at_all",
        "from json import nothing",
    ],
)
def test_the_interpreters_own_words_are_told(code: str) -> None:
    with pytest.raises(Exception) as caught:  # noqa: PT011 - each another one
        exec(code)
    # The place of a file may follow: from json import nothing (/usr/lib/…)
    said = str(caught.value).partition(" (/")[0]
    assert harmless_error(caught.value) == f"{type(caught.value).__name__}: {said}"


@pytest.mark.parametrize(
    ("path", "told"),
    [
        (str(PACKAGE / "ui" / "theme.py"), "desktop/ui/theme.py"),
        ("/home/canary/.venv/lib/python3.11/site-packages/openai/_client.py", "openai/_client.py"),
        ("/usr/lib/python3/dist-packages/apt/cache.py", "apt/cache.py"),
        (r"C:\Users\canary\AppData\Sightline\_internal\desktop\app.py", "desktop/app.py"),
        ("/usr/lib/python3.12/asyncio/events.py", "python3.12/asyncio/events.py"),
        ("<frozen runpy>", "<frozen runpy>"),
        ("/home/canary/Pictures/canary.jpg", LEFT_OUT),
        ("/home/canary/desktop/my canary holiday.jpg", LEFT_OUT),
        ("canary", LEFT_OUT),
        ("", LEFT_OUT),
    ],
)
def test_source_files_are_told_by_their_place_in_the_package(path: str, told: str) -> None:
    assert harmless_path(path) == told


def test_what_faulthandler_wrote_is_told_without_folders_the_guilty_thread_first() -> None:
    text = (
        "Fatal Python error: Segmentation fault\n\n"
        "Thread 0x00007f1c87fff6c0 [canary] (most recent call first):\n"
        '  File "/usr/lib/python3.11/selectors.py", line 468 in select\n\n'
        "Current thread 0x00007f1cc4a22b80 (most recent call first):\n"
        "  Garbage-collecting\n"
        '  File "/home/canary/x/site-packages/desktop/ui/theme.py", line 40 in pixmap\n'
        '  File "/home/canary/canary wedding.jpg", line ??? in canary here\n'
        "  <truncated rest of calls>\n"
        "canary, a line that nobody knows\n\n"
        "Extension modules: numpy.random.mtrand, PIL._imaging (total: 2)\n"
    )
    assert harmless_fault(text) == (
        "Fatal Python error: Segmentation fault",
        "Current thread 0x00007f1cc4a22b80:",
        "  Garbage-collecting",
        "  desktop/ui/theme.py:40 in pixmap",
        f"  {LEFT_OUT}:None in {LEFT_OUT}",
        "  <truncated rest of calls>",
        f"  {LEFT_OUT}",
        "Extension modules: numpy.random.mtrand, PIL._imaging (total: 2)",
        "Thread 0x00007f1c87fff6c0:",
        "  python3.11/selectors.py:468 in select",
    )


@given(st.text(max_size=300).map(lambda text: f"canary {text} canary"))
def test_nothing_else_in_that_file_is_told(text: str) -> None:
    assert "canary" not in written(harmless_fault(text))


def test_a_trace_is_bounded_and_names_its_causes() -> None:
    def deep(n: int) -> None:
        if n == 0:
            raise RecursionError("maximum recursion depth exceeded")
        deep(n - 1)

    with pytest.raises(RecursionError) as caught:
        deep(200)
    lines = harmless_trace(caught.value)
    assert len(lines) == 62
    assert lines[-1] == "RecursionError: maximum recursion depth exceeded"

    outer = ValueError("x")
    outer.__cause__ = raised(KeyError("canary"))
    told = written(harmless_trace(raised(outer)))
    assert re.search(r"KeyError: \[left out\]\nwhich led to:\n.*ValueError: \[left out\]", told, re.DOTALL)


def test_every_log_line_of_the_program_is_a_constant() -> None:
    """Only then its words may be told: what is filled in is known to be filled in."""
    calls = {"debug", "info", "warning", "error", "exception", "critical"}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in calls
                and isinstance(node.func.value, ast.Name | ast.Call)
                and "log" in ast.unparse(node.func.value).lower()
            ):
                first = node.args[0]
                assert isinstance(first, ast.Constant), f"{path}:{node.lineno}"
    assert sys.version_info >= (3, 11)

"""Reads and writes the prompt library and files of prompts; a damaged library is set aside, never wiped."""

import json
import stat
from collections.abc import Mapping
from pathlib import Path

from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.core.prompt_table import Shared, library_table, read_library, read_shared
from desktop.core.prompts import Library
from desktop.system.files import aside, problem_of, replace_file
from desktop.system.paths import DataFolder

LIBRARY_BYTES = 64_000_000
SHARED_BYTES = 4_000_000
"""A file of prompts from anybody may have so many bytes."""


def load_prompts(folder: DataFolder) -> tuple[Library, Problem | None]:
    """The library of this person.

    Returns:
        What can be read of it; and PROMPTS_DAMAGED with ``file``, the name under which the damaged file was
        kept, or FOLDER_READ_ONLY with ``folder`` if that could not be done.
    """
    path = folder.prompts_file
    try:
        data = _read(path, LIBRARY_BYTES)
    except FileNotFoundError:
        return Library(), None
    except (OSError, ValueError):
        return Library(), _set_aside(path)
    try:
        library, damaged = read_library(json.loads(data))
    except (ValueError, RecursionError):
        return Library(), _set_aside(path)
    if not damaged:
        return library, None
    trouble = _set_aside(path)
    if trouble.code is Code.PROMPTS_DAMAGED:
        try:
            save_prompts(library, folder)
        except ProblemError as error:
            trouble = error.problem
    return library, trouble


def save_prompts(library: Library, folder: DataFolder) -> None:
    """Write the library so that the file is whole at any moment.

    Raises:
        ProblemError: DISK_FULL or FOLDER_READ_ONLY; the file is as it was.
    """
    _write(folder.prompts_file, library_table(library))


def read_prompts(path: Path) -> tuple[tuple[Shared, ...], int]:
    """The prompts of a file that the user chose, and how many entries of it are none. Believes nothing of it.

    Raises:
        ProblemError: PROMPTS_NOT_READ, PROMPTS_TOO_LARGE or PROMPTS_NOT_A_LIST, with ``name``.
    """
    try:
        data = _read(path, SHARED_BYTES)
    except OSError as error:
        reason = error.strerror or ""
        raise ProblemError(problem(Code.PROMPTS_NOT_READ, name=path.name, reason=reason)) from error
    except ValueError as error:
        raise ProblemError(
            problem(Code.PROMPTS_TOO_LARGE, name=path.name, limit_bytes=SHARED_BYTES)
        ) from error
    try:
        return read_shared(json.loads(data))
    except (ValueError, RecursionError) as error:
        raise ProblemError(problem(Code.PROMPTS_NOT_A_LIST, name=path.name)) from error


def write_prompts(path: Path, table: Mapping[str, object]) -> None:
    """Write a file to be passed on, whole or not at all.

    Raises:
        ProblemError: DISK_FULL or FOLDER_READ_ONLY, with ``folder``.
    """
    _write(path, table)


def _read(path: Path, most_bytes: int) -> bytes:
    """The bytes of a plain file; `ValueError` if they are more than this."""
    # A pipe would be waited for without end.
    if not stat.S_ISREG(path.stat().st_mode):
        raise OSError(path.name)
    with path.open("rb") as file:
        data = file.read(most_bytes + 1)
    if len(data) > most_bytes:
        raise ValueError(most_bytes)
    return data


def _write(path: Path, table: Mapping[str, object]) -> None:
    text = json.dumps(dict(table), indent=2, ensure_ascii=False)
    try:
        replace_file(path, f"{text}\n".encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise ProblemError(problem_of(error, path.parent)) from error


def _set_aside(path: Path) -> Problem:
    kept = aside(path)
    try:
        path.rename(kept)
    except OSError as error:
        return problem_of(error, path.parent)
    return problem(Code.PROMPTS_DAMAGED, file=kept.name)

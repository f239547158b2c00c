"""Reads and writes the settings; a damaged file is set aside, never wiped. No key is ever in it."""

import json
from typing import Any

from desktop.core.problems import Code, Problem, ProblemError, problem
from desktop.core.settings import Settings, parse_settings, to_table
from desktop.system.files import aside, problem_of, replace_file
from desktop.system.paths import DataFolder

_MAX_BYTES = 1_000_000


def load_settings(folder: DataFolder) -> tuple[Settings, Problem | None]:
    """The settings of this person.

    Returns:
        What can be read of them, the rest at its defaults; and SETTINGS_DAMAGED with ``file``, the name under
        which the damaged file was kept, or FOLDER_READ_ONLY with ``folder`` if that could not be done.
    """
    path = folder.settings_file
    try:
        data = _read(folder)
    except FileNotFoundError:
        return Settings(), None
    except OSError as error:
        return Settings(), problem_of(error, path.parent)
    table = _table(data)
    settings, damaged = parse_settings(table or {})
    if table is not None and not damaged:
        return settings, None
    return settings, _set_aside(folder, settings)


def _read(folder: DataFolder) -> bytes:
    with folder.settings_file.open("rb") as file:
        return file.read(_MAX_BYTES)


def _table(data: bytes) -> dict[str, Any] | None:
    try:
        table = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return table if isinstance(table, dict) else None


def _set_aside(folder: DataFolder, settings: Settings) -> Problem:
    """Keep the damaged file under another name, and what could be read of it in a new one."""
    path = folder.settings_file
    kept = aside(path)
    try:
        path.rename(kept)
        save_settings(settings, folder)
    except OSError as error:
        return problem_of(error, path.parent)
    except ProblemError as error:
        return error.problem
    return problem(Code.SETTINGS_DAMAGED, file=kept.name)


def save_settings(settings: Settings, folder: DataFolder) -> None:
    """Write the settings so that the file is whole at any moment.

    Raises:
        ProblemError: DISK_FULL or FOLDER_READ_ONLY; the file is as it was.
    """
    text = json.dumps(dict(to_table(settings)), indent=2, ensure_ascii=False)
    try:
        replace_file(folder.settings_file, f"{text}\n".encode("utf-8", "backslashreplace"))
    except OSError as error:
        raise ProblemError(problem_of(error, folder.settings_file.parent)) from error

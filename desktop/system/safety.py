"""Watches a run of the window from its start to its end, whatever ends it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from desktop.core.crashes import End
from desktop.system.crashes import RunWatch
from desktop.system.uncaught import UncaughtErrors

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Safety:
    """What watches.

    Attributes:
        watch: of this run.
        errors: what no code caught.
    """

    watch: RunWatch
    errors: UncaughtErrors


@contextmanager
def watched(folder: Path, *, alone: bool) -> Iterator[Safety]:
    """Watch the run that the block is.

    Args:
        folder: where reports are kept.
        alone: no other window uses it: only then it is looked at how the last run ended.
    """
    watch = RunWatch(folder)
    errors = UncaughtErrors(watch.trail)
    errors.begin()
    if alone:
        watch.begin()
    try:
        yield Safety(watch, errors)
    except Exception as error:
        # Python itself writes it to stderr, which a windowed program has not.
        _log.critical("the window ended", exc_info=error)
        watch.note_end(End.EXCEPTION, error)
        raise
    finally:
        errors.close()
        watch.close()

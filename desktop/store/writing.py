"""How the writing thread writes: room is kept for what matters, and what could not be stored is owed."""

import logging
import sqlite3
from collections.abc import Callable
from typing import TypeVar

from desktop.core.problems import Code, ProblemError
from desktop.store.failures import environment_named
from desktop.store.opening import Opened
from desktop.store.reserve import drop_reserve, keep_reserve

T = TypeVar("T")
Work = Callable[[sqlite3.Connection], T]

_PASSING = frozenset({Code.DISK_FULL, Code.DATABASE_LOCKED})

_log = logging.getLogger(__name__)


class Writing:
    """Runs work on the writing connection; for the writing thread only.

    Args:
        opened: gives the open history, or raises why there is none.
    """

    def __init__(self, opened: Callable[[], Opened]) -> None:
        self._opened = opened
        self._owed: list[Work[object]] = []

    def write(
        self,
        work: Work[T],
        *,
        precious: bool = False,
        owed: bool = False,
        make_room: Work[None] | None = None,
    ) -> T:
        """Do ``work``; on a full disk again in the reserve's room, if ``precious``.

        Args:
            work: a function of the connection; it may be called again.
            precious: also in the last megabytes, which new questions leave alone.
            make_room: what gives room back where not even the reserve is enough.
            owed: if the disk is full or the file is locked, it is done as soon as that is over, see `pay`.

        Raises:
            ProblemError: what the environment did, also where the work is still owed.
        """
        # What comes now may build on it: a follow-up carries the answer before.
        self.pay()
        try:
            return self._written(work, precious=precious, make_room=make_room)
        except ProblemError as error:
            if owed and error.problem.code in _PASSING:
                self._owed.append(work)
            raise

    def pay(self) -> bool:
        """Do what is owed, as far as it can be done by now; whether anything was."""
        done = False
        while self._owed:
            try:
                self._written(self._owed[0], precious=True)
                done = True
            except ProblemError as error:
                if error.problem.code in _PASSING:
                    break
                # What it was for is gone meanwhile.
                _log.info("what was owed cannot be stored: %s", error)
            del self._owed[0]
        return done

    def renew_reserve(self) -> None:
        """Make the reserve again, if there is room for it."""
        try:
            self._keep_room()
        except ProblemError:
            _log.warning("no room for the reserve", exc_info=True)

    def _written(self, work: Work[T], *, precious: bool, make_room: Work[None] | None = None) -> T:
        try:
            if not precious:
                self._keep_room()
            return self._run(work)
        except ProblemError as error:
            if not precious or error.problem.code is not Code.DISK_FULL:
                raise
            if drop_reserve(self._opened().folder):
                return self._written(work, precious=precious, make_room=make_room)
            if make_room is None:
                raise
            self._run(make_room)
            return self._run(work)

    def _run(self, work: Work[T]) -> T:
        opened = self._opened()
        if opened.writer is None:
            # The first notice says why: FOLDER_READ_ONLY, DISK_FULL and the like.
            raise ProblemError(opened.notices[0])
        with environment_named(opened.folder):
            return work(opened.writer)

    def _keep_room(self) -> None:
        """New questions never use the last megabytes, which a running answer and deleting need."""
        opened = self._opened()
        if opened.has_reserve:
            with environment_named(opened.folder):
                keep_reserve(opened.folder)

"""What a running answer is doing, in words."""

from dataclasses import dataclass

from desktop.core.model import ON_DEVICE
from desktop.core.problem_text import explain
from desktop.core.problems import Problem
from desktop.core.text import _, format_seconds, join_sentences

STALLED_AFTER_S = 5.0
GIVES_UP_AT_S = 60.0
"""How long a server may say nothing; the engine's own limit for most providers."""


@dataclass(slots=True)
class Progress:
    """Where a running answer stands. Times are those of one monotonic clock, in seconds.

    Attributes:
        model: model id.
        began_at: when it was asked.
        heard_at: when something last happened.
        has_text: some text has come.
        prepared: so many of so many images are ready; None when that is over or unknown.
        retry: why and until when the engine waits, and whether the first try may count; None if it does not.
    """

    model: str | None
    began_at: float
    heard_at: float
    has_text: bool = False
    prepared: tuple[int, int] | None = None
    retry: tuple[Problem, float, bool] | None = None

    def words(self, now: float) -> str:
        """One line for the time ``now``."""
        if self.retry is not None and now < self.retry[1]:
            return _retry_words(self.retry, now)
        if self.prepared is not None and self.prepared[0] < self.prepared[1]:
            done, total = self.prepared
            return _("Preparing image {number} of {total}…").format(number=done + 1, total=total)
        silent = now - self.heard_at
        if silent >= STALLED_AFTER_S and self.model != ON_DEVICE:
            return _silence_words(silent)
        elapsed = format_seconds(now - self.began_at)
        return _("answering… {seconds}").format(seconds=elapsed)


def _retry_words(retry: tuple[Problem, float, bool], now: float) -> str:
    trouble, until, may_bill_twice = retry
    what = explain(trouble).what.rstrip(".。")
    seconds = max(round(until - now), 1)
    words = _("{what}; trying again in {seconds} s…").format(what=what, seconds=seconds)
    return join_sentences(words, _("It may be billed twice.")) if may_bill_twice else words


def _silence_words(silent: float) -> str:
    if silent < GIVES_UP_AT_S:
        return _("No answer for {seconds} s; giving up at {limit} s").format(
            seconds=int(silent), limit=int(GIVES_UP_AT_S)
        )
    return _("No answer for {seconds} s").format(seconds=int(silent))

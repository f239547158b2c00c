"""The one place that asks the time."""

import time
from datetime import UTC, datetime


def now_utc() -> datetime:
    """The moment, in UTC. For people only: it may be set back, so nothing is ordered by it."""
    return datetime.now(UTC)


def monotonic() -> float:
    """Seconds since some moment, never going back; for time-outs and durations."""
    return time.monotonic()

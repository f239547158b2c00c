"""Property tests on a shared, busy machine: an example may take its time, so nothing fails for being slow."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from desktop.images import queue
from desktop.images.workers import ImageWorkers

settings.register_profile("sightline", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("sightline")


@pytest.fixture(scope="session")
def image_workers() -> Iterator[ImageWorkers]:
    """Worker processes that many tests share: starting them takes longer than most tasks."""
    workers = ImageWorkers(processes=2, time_limit_s=60, idle_s=3600)
    # Started now, so that the guards do not take them for what the first test left behind.
    with pytest.MonkeyPatch.context() as patch:
        # A process that is replaced in the midst of a test would look like one that it left behind.
        patch.setattr(queue, "_TASKS_PER_PROCESS", 0)
        workers.inspect(Path("/nonexistent"), thumbnail_px=None).exception(timeout=60)
    yield workers
    workers.close()

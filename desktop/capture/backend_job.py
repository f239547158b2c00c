"""What all backends share that wait for others: the pictures are taken in a thread that can be called off."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from concurrent.futures import Future

from desktop.capture import screens
from desktop.capture.cutting import Spot
from desktop.capture.job import Jobs, Stop
from desktop.capture.shots import Shot
from desktop.capture.surroundings import Surroundings, here
from desktop.capture.ways import Way
from desktop.core.problems import Problem


class JobBackend(ABC):
    """A `CaptureBackend` for one way.

    Attributes:
        name: of the way.
    """

    def __init__(self, way: Way) -> None:
        self.name = way.name
        self._way = way
        self._jobs = Jobs(way.name)

    def why_not(self) -> Problem | None:
        """What the surroundings say; whatever else is missing is seen when it is asked."""
        return self._way.why_not(here())

    def take(self) -> "Future[Shot]":
        """Take the pictures in a thread."""
        surroundings, places = here(), screens.spots()
        return self._jobs.start(lambda stop: self._shot(surroundings, places, stop))

    def close(self) -> None:
        """End whatever is waited for; idempotent."""
        self._jobs.close()

    @abstractmethod
    def _shot(self, surroundings: Surroundings, places: Sequence[Spot], stop: Stop) -> Shot:
        """The pictures; raises `ProblemError`."""

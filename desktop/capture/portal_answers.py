"""What can come of a question to a portal."""

from dataclasses import dataclass
from enum import IntEnum
from typing import Any


class Said(IntEnum):
    """The first word of a Response."""

    DONE = 0
    NO = 1
    FAILED = 2


class BusError(Exception):
    """The bus or the portal answered with an error.

    Attributes:
        name: D-Bus's name of it, such as ``org.freedesktop.DBus.Error.ServiceUnknown``.
        text: what came with it.
    """

    def __init__(self, name: str, text: str) -> None:
        super().__init__(name, text)
        self.name = name
        self.text = text


class NoAnswerError(Exception):
    """The person, or who asks the person, did not answer in time. The question was withdrawn."""


class PortalGoneError(Exception):
    """The portal ended before it answered."""


class OddAnswerError(Exception):
    """The portal answered with something that its documentation does not know."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A Response.

    Attributes:
        said: what came of the question.
        results: by name, without their D-Bus types.
    """

    said: Said
    results: dict[str, Any]

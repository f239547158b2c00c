"""The shape of one entry: three sentences, what they need, and what can be done."""

from dataclasses import dataclass
from enum import StrEnum


class Remedy(StrEnum):
    """The one thing that a button beside a sentence may do."""

    RETRY = "retry"
    OPEN_KEY = "open_key"
    OPEN_SETTINGS = "open_settings"
    OPEN_CAPTURE_SETTINGS = "open_capture_settings"
    CHOOSE_MODEL = "choose_model"
    LOWER_DETAIL = "lower_detail"
    REMOVE_IMAGE = "remove_image"
    SHRINK = "shrink"
    NEW_CONVERSATION = "new_conversation"


EXIT_OWN = 1
"""Exit status of the terminal: this computer's own trouble."""
EXIT_USAGE = 2
"""Exit status: the command, the key or the address is not right."""
EXIT_IMAGE = 3
"""Exit status: an image cannot be used."""
EXIT_REFUSED = 4
"""Exit status: the server refused, or what it said cannot be used."""
EXIT_NO_CONNECTION = 5
"""Exit status: the server could not be reached, or the connection ended."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What is said about one code, in English, marked for extraction and translated where it is shown.

    Attributes:
        what: what happened.
        meaning: what follows from it.
        remedy: the one thing to do.
        needs: the parameters that the texts name, all of them.
        may_have: parameters that come along and are shown otherwise, or not at all.
        unnamed: what stands for ``name`` where it is missing.
        button: what a window may offer.
        status: exit status of the terminal.
    """

    what: str
    meaning: str
    remedy: str
    needs: tuple[str, ...] = ()
    may_have: tuple[str, ...] = ()
    unnamed: str = "…"
    button: Remedy | None = None
    status: int

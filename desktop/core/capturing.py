"""What is asked of a capture: by the window, the tray, a shortcut, or ``sightline --capture``."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from desktop.core.file_names import file_stem
from desktop.core.text import _

CAPTURE_COMMAND = "sightline --capture region"
"""What a desktop's own keyboard settings can run where programs get no shortcuts."""
MAX_DELAY_S = 60
MAX_PROMPT_CHARS = 20_000
_MOST_TITLE_CHARS = 60
_STAMP = "%Y-%m-%d %H.%M.%S"
_NAME = re.compile(r"(?P<title>.+) (?P<stamp>\d{4}-\d\d-\d\d \d\d\.\d\d\.\d\d)(?: \(\d+\))?")


class CaptureKind(StrEnum):
    """What the user means to choose first; the overlay lets all three be chosen."""

    REGION = "region"
    WINDOW = "window"
    SCREEN = "screen"


@dataclass(frozen=True, slots=True, kw_only=True)
class CaptureRequest:
    """One wish to capture the screen.

    Attributes:
        kind: what is to be chosen.
        delay_s: seconds to wait before the picture is taken, 0 to `MAX_DELAY_S`.
        prompt: what the prompt line begins with.
    """

    kind: CaptureKind = CaptureKind.REGION
    delay_s: float = 0
    prompt: str = ""


def read_capture_name(stem: str) -> tuple[str, datetime] | None:
    """Title and time of a name that `capture_name` made; None for another one."""
    found = _NAME.fullmatch(stem)
    if found is None:
        return None
    try:
        at = datetime.strptime(found["stamp"], _STAMP).astimezone()
    except (ValueError, OSError, OverflowError):
        return None
    return found["title"], at


def capture_name(title: str, at: datetime) -> str:
    """``Title of the window 2026-11-28 15.47.12``: a file's name without its ending.

    Tiles and menus cut the middle out of long names: the title begins it and the time ends it.

    Args:
        title: of the window that was captured; any text, or empty.
        at: when, in the time that the user's clock shows.
    """
    stamp = at.strftime(_STAMP)
    captured = _("Capture")
    return f"{file_stem(title[:_MOST_TITLE_CHARS], captured)} {stamp}"

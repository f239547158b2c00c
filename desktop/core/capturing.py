"""What is asked of a capture: by the window, the tray, a shortcut, or ``sightline --capture``."""

from dataclasses import dataclass
from enum import StrEnum

CAPTURE_COMMAND = "sightline --capture region"
"""What a desktop's own keyboard settings can run where programs get no shortcuts."""
MAX_DELAY_S = 60
MAX_PROMPT_CHARS = 20_000


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

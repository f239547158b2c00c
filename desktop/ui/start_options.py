"""What the command line asked of the window."""

from dataclasses import dataclass
from pathlib import Path

from desktop.core.capturing import CaptureRequest
from desktop.core.problems import Problem

RENDER_AFTER_MS = 1500
"""How long ``--render-to`` lets thumbnails arrive before it draws."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StartOptions:
    """What the command line asked for.

    Attributes:
        images: files and folders to bring in.
        links: addresses of images to bring in.
        model: model id for this run.
        notices: what went wrong before the window was there.
        capture: capture the screen, without showing the window.
        render_to: draw the window into this PNG and quit.
    """

    images: tuple[Path, ...] = ()
    links: tuple[str, ...] = ()
    model: str | None = None
    notices: tuple[Problem, ...] = ()
    capture: CaptureRequest | None = None
    render_to: Path | None = None

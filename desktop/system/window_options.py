"""The options of the command that opens the window, and of the one that captures the screen."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from desktop import __version__
from desktop.core.capturing import MAX_DELAY_S, MAX_PROMPT_CHARS, CaptureKind
from desktop.core.text import _, join_list

COMMANDS = ("ask", "estimate", "export", "import")
"""What `sightline` does without a window."""


def parse_window_options(arguments: Sequence[str]) -> argparse.Namespace:
    """What was typed after ``sightline``; leaves the program with status 2 where it is wrong.

    Returns:
        images, data_dir, base_url, model, render_to, and capture, delay and prompt, which are None where they
        were not given.
    """
    parser = argparse.ArgumentParser(
        prog="sightline",
        description=_("Ask vision models about images. Also: {commands}.").format(
            commands=join_list(f"sightline {name} --help" for name in COMMANDS)
        ),
    )
    parser.add_argument("images", nargs="*", metavar="IMAGE", help=_("images, folders and addresses to open"))
    parser.add_argument("--data-dir", metavar="DIR", help=_("where history and settings live"))
    parser.add_argument("--base-url", metavar="URL", help=_("another server with the same protocol"))
    parser.add_argument("--model", help=_("model id"))
    _add_capturing(parser)
    parser.add_argument(
        "--render-to",
        type=Path,
        metavar="PNG",
        help=_("draw the window with the last conversation, and quit"),
    )
    parser.add_argument(
        "--version",
        action="version",
        version=f"sightline {__version__}",
        help=_("show program's version number and exit"),
    )
    # Named here for the help; `__main__` has seen to it before.
    parser.add_argument(
        "--check", action="store_true", help=_("look whether every part of this installation works")
    )
    options = parser.parse_args(arguments)
    if options.capture is None and (options.delay is not None or options.prompt is not None):
        parser.error(_("--delay and --prompt belong to --capture"))
    if options.capture is not None and options.render_to is not None:
        parser.error(_("--capture and --render-to exclude each other"))
    return options


def _add_capturing(parser: argparse.ArgumentParser) -> None:
    kinds = [kind.value for kind in CaptureKind]
    parser.add_argument(
        "--capture",
        nargs="?",
        const=CaptureKind.REGION.value,
        choices=kinds,
        help=_("capture the screen and ask about it, in the open window or without one"),
    )
    parser.add_argument(
        "--delay", type=_seconds, metavar="S", help=_("seconds to wait before capturing, at most 60")
    )
    parser.add_argument("--prompt", type=_prompt, metavar="TEXT", help=_("what to ask about the capture"))


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1.0
    if not 0 <= seconds <= MAX_DELAY_S:
        raise argparse.ArgumentTypeError(_("must be between 0 and {limit}").format(limit=MAX_DELAY_S))
    return seconds


def _prompt(text: str) -> str:
    if len(text) > MAX_PROMPT_CHARS:
        raise argparse.ArgumentTypeError(_("is too long"))
    return text

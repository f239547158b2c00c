"""`dev.py run`: start the window, or do the main job without one where there is no display."""

import argparse
import os
import shlex
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NoReturn

import setup_steps
from setup_steps import BUILD, ROOT, SIGHTLINE
from steps import say

SAMPLE = ROOT / "resources" / "samples" / "receipt.png"
SAMPLE_PROMPT = "List every line and the total."
OWN_PROMPT = "What does it say, line by line?"
PICTURE = BUILD / "sightline.png"
# These need no window, so they are handed on wherever one is.
NO_WINDOW = ("ask", "estimate", "-h", "--help", "--version", "--render-to")


def run(arguments: Sequence[str]) -> int:
    """Set up what is missing, then start Sightline.

    Args:
        arguments: Images and options for `sightline`, as they were typed.

    Returns:
        The exit status; on Linux and macOS the window takes this process's place and there is no return.
    """
    if has_display(os.environ) or any(argument in NO_WINDOW for argument in arguments):
        setup_steps.make_ready("run")
        start([str(SIGHTLINE), *arguments])
    setup_steps.make_python_ready("run")
    return run_without_display(arguments)


def has_display(environment: Mapping[str, str]) -> bool:
    """Tell whether a window can be shown; only on Linux is that in doubt."""
    if not sys.platform.startswith("linux"):
        return True
    return bool(environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY"))


def start(command: Sequence[str]) -> NoReturn:
    """Let a program take this one's place."""
    if sys.platform == "win32":
        # Windows has no exec: the console would come back at once, while the window is still opening.
        sys.exit(subprocess.run(command, check=False).returncode)
    os.execv(command[0], list(command))


def run_without_display(arguments: Sequence[str]) -> int:
    """Answer about an image in the terminal, then paint the window with that conversation into a file.

    Args:
        arguments: As for `run`.

    Returns:
        The exit status of the first command that failed, or 0.
    """
    PICTURE.unlink(missing_ok=True)
    asking, painting = commands_without_display(arguments, os.environ)
    say("There is no display here, so Sightline answers in the terminal first.")
    say(f"  {shlex.join(asking)}\n")
    status = subprocess.run(asking, check=False).returncode
    if status != 0:
        return status
    # Only the picture needs Qt's libraries.
    setup_steps.make_ready("run")
    environment = os.environ | {"QT_QPA_PLATFORM": "offscreen"}
    status = subprocess.run(painting, env=environment, check=False).returncode
    if status != 0 or not PICTURE.exists():
        say("The window could not be painted.")
        return status or 1
    say(f"\nThe window with this conversation is painted in {PICTURE}")
    say(
        "To get a window, run this in a desktop session, or log in with `ssh -X`, or put it on a virtual"
        " screen: xvfb-run -a python3 packaging/dev.py run"
    )
    return 0


def commands_without_display(
    arguments: Sequence[str], environment: Mapping[str, str]
) -> tuple[list[str], list[str]]:
    """Turn what was typed for the window into a question for the terminal and a picture of the window.

    Args:
        arguments: Images and options for the window.
        environment: Where a key may be. With none, the on-device reader is asked, which needs no network.

    Returns:
        The command that asks, and the command that paints.
    """
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("images", nargs="*")
    parser.add_argument("--data-dir", default=str(BUILD / "without-display"))
    parser.add_argument("--base-url")
    parser.add_argument("--model")
    typed, others = parser.parse_known_intermixed_args(arguments)
    prompt = OWN_PROMPT if typed.images else SAMPLE_PROMPT
    images = [str(Path(image)) for image in typed.images] or [str(SAMPLE)]
    model = typed.model or (None if environment.get("OPENAI_API_KEY") else "on-device")
    data = ["--data-dir", typed.data_dir]
    server = [part for part in ("--base-url", typed.base_url) if typed.base_url]
    choice = [part for part in ("--model", model) if model]
    asking = [str(SIGHTLINE), "ask", *images, "--prompt", prompt, *choice, *server, *data]
    painting = [str(SIGHTLINE), *data, *server, "--render-to", str(PICTURE), *others]
    return asking, painting

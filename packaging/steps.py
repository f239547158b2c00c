"""How the set-up speaks: one calm line a step, one plain sentence where something fails."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class SetupError(Exception):
    """A step that cannot go on. Its text says in plain words what is wrong and what to do."""


def say(text: str) -> None:
    """Print a line at once, also where the output goes to a file."""
    print(text, flush=True)


@contextmanager
def step(title: str) -> Iterator[None]:
    """Name a step before it begins, and say how long it took when it is done.

    Args:
        title: What is being done, for example "Making .venv".
    """
    print(f"{title} ...", end="", flush=True)
    start = time.monotonic()
    try:
        yield
    except BaseException:
        print(" failed", flush=True)
        raise
    print(f" {time.monotonic() - start:.0f} s", flush=True)

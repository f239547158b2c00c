"""``sightline --check``: looks from inside whether all of this installation works. No network, no key.

`parts` and `look` hold the checks, each a function that says what it found or raises; `look` needs Qt and
runs in the main thread, all others in threads of their own, so that one that hangs costs only itself.
`report` runs them and makes the table or the JSON, `places` tells versions and folders.
"""

from collections.abc import Sequence


def run(arguments: Sequence[str]) -> int:
    """Parse, look at everything, and say it. Returns the exit status: 0 if all is well, 1 if not."""
    from desktop.check.report import main  # noqa: PLC0415 - nothing is imported before it is known to be wanted

    return main(arguments)

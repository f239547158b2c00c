"""The two commands of `dev.py`."""

import sys
from collections.abc import Sequence

import checks
import first_run
from steps import SetupError

COMMANDS = {"run": first_run.run, "test": checks.test}
USAGE = """\
python3 packaging/dev.py run [IMAGES...]       set everything up and start the window
python3 packaging/dev.py test [pytest args]    set everything up and run every check, or only these tests"""


def main(arguments: Sequence[str]) -> int:
    """Carry out one command.

    Args:
        arguments: What was typed after `dev.py`.

    Returns:
        The exit status: 0 done, 1 something failed, 2 no such command, 130 stopped with Ctrl+C.
    """
    if not arguments or arguments[0] not in COMMANDS:
        print(USAGE)
        return 0 if arguments and arguments[0] in ("-h", "--help") else 2
    try:
        return COMMANDS[arguments[0]](arguments[1:])
    except SetupError as problem:
        print(problem, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130

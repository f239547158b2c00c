"""Set Sightline up and run it: `python3 packaging/dev.py run [IMAGES...]` or `... test [pytest arguments]`.

Only the standard library is needed. This file holds nothing that an old Python could not read, so that it can
say that it is too old; the commands are in `command_line.py`.
"""

import sys

if sys.version_info < (3, 11):  # noqa: UP036  the sentence is for those who run an older one
    # No f-string either: Python 2 should say this, and not "invalid syntax".
    sys.exit(
        "Sightline needs Python 3.11 or newer, and this is Python %d.%d."  # noqa: UP031
        " Please start packaging/dev.py with a newer one." % sys.version_info[:2]
    )

if __name__ == "__main__":
    from command_line import main

    sys.exit(main(sys.argv[1:]))

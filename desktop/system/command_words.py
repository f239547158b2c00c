"""The words of `argparse`, so that help and usage errors speak one language throughout."""

import argparse

from desktop.core.text import _, marked, ngettext

# What argparse of Python 3.11 to 3.14 looks up for options such as ours; marked here to be extracted.
_WORDS = (
    marked("usage: "),
    marked("%(heading)s:"),
    marked("positional arguments"),
    marked("options"),
    marked("show this help message and exit"),
    marked("%(prog)s: error: %(message)s\n"),
    marked("argument %(argument_name)s: %(message)s"),
    marked("the following arguments are required: %s"),
    marked("unrecognized arguments: %s"),
    marked("expected one argument"),
    marked("expected at least one argument"),
    marked("ignored explicit argument %r"),
    marked("ambiguous option: %(option)s could match %(matches)s"),
    marked("invalid %(type)s value: %(value)r"),
    marked("invalid choice: %(value)r (choose from %(choices)s)"),
    marked("invalid choice: %(value)r, maybe you meant %(closest)r? (choose from %(choices)s)"),
)


def translate_argparse() -> None:
    """Let `argparse` look its words up where ours are.

    It asks the standard domain of `gettext`, which holds none for it, by these two names of its own.
    """
    vars(argparse).update(_=_, ngettext=ngettext)

"""How the last run ended, and what went wrong inside this one."""

from functools import partial

from desktop.core.problems import Code
from desktop.core.sentences.row import EXIT_OWN, Row
from desktop.core.text import marked

_own = partial(Row, status=EXIT_OWN)

_KEPT = marked("What was stored until then is here again: conversations, images and what you were writing.")

ROWS = {
    Code.CRASHED: _own(
        what=marked("Sightline crashed the last time it was open ({when})."),
        meaning=_KEPT,
        remedy=marked("If it happens again, please report it."),
        needs=("when",),
    ),
    Code.CRASHED_AT_START: _own(
        what=marked(
            "Sightline crashed {times} times right after its start, so conversation and gallery are not "
            "opened now."
        ),
        meaning=marked("Nothing of them is lost. Images that you add now are kept once those are back."),
        remedy=marked("Bring them back when you like."),
        needs=("times",),
        may_have=("when",),
    ),
    Code.WAS_KILLED: _own(
        what=marked("Sightline was ended from outside the last time ({when}), or memory ran out."),
        meaning=_KEPT,
        remedy=marked("There is nothing you need to do."),
        needs=("when",),
    ),
    Code.COMPUTER_WENT_OFF: _own(
        what=marked("The computer went off while Sightline was open ({when})."),
        meaning=_KEPT,
        remedy=marked("There is nothing you need to do."),
        needs=("when",),
    ),
    Code.DISPLAY_WAS_LOST: _own(
        what=marked("The connection to the screen was lost while Sightline was open ({when})."),
        meaning=_KEPT,
        remedy=marked("There is nothing you need to do."),
        needs=("when",),
    ),
    Code.FAULT_INSIDE: _own(
        what=marked("Something went wrong inside Sightline."),
        meaning=marked(
            "Sightline goes on, and what is stored is safe. What you did last may not have worked."
        ),
        remedy=marked("If it happens again, please report it."),
    ),
}

"""Files of exported conversations that cannot be imported."""

from functools import partial

from desktop.core.problems import Code
from desktop.core.sentences.row import EXIT_OWN, Row
from desktop.core.text import marked

_archive = partial(Row, needs=("name",), unnamed=marked("This file"), status=EXIT_OWN)

_NOTHING = marked("Nothing of it was imported.")
_AGAIN = marked("Export it once more where it came from.")

ROWS = {
    Code.ARCHIVE_UNREADABLE: _archive(
        what=marked("{name} cannot be read."),
        meaning=_NOTHING,
        remedy=marked("Check that it is there and that you may read it."),
        may_have=("reason",),
    ),
    Code.ARCHIVE_NOT_ONE: _archive(
        what=marked("{name} is no export of Sightline."),
        meaning=_NOTHING,
        remedy=marked("Choose a file that ends in .sightline."),
    ),
    Code.ARCHIVE_NEWER: _archive(
        what=marked("{name} was exported by a newer Sightline."),
        meaning=_NOTHING,
        remedy=marked("Update Sightline, then import it."),
        may_have=("version",),
    ),
    Code.ARCHIVE_DAMAGED: _archive(
        what=marked("{name} is damaged: {part} is not what was exported."),
        meaning=_NOTHING,
        remedy=_AGAIN,
        needs=("name", "part"),
    ),
    Code.ARCHIVE_UNSAFE: _archive(
        what=marked("{name} holds {part}, which no export of Sightline holds."),
        meaning=_NOTHING,
        remedy=marked("Do not trust this file. Ask who gave it to you."),
        needs=("name", "part"),
    ),
    Code.ARCHIVE_TOO_LARGE: _archive(
        what=marked("{name} would unpack to far more than it is."),
        meaning=_NOTHING,
        remedy=_AGAIN,
        may_have=("part",),
    ),
}

"""Files that are renamed, copied, moved to the bin and put back."""

from functools import partial

from desktop.core.problems import Code
from desktop.core.sentences.row import EXIT_IMAGE, Row
from desktop.core.text import marked

_file = partial(Row, needs=("name",), unnamed=marked("This file"), status=EXIT_IMAGE)

_AS_IT_WAS = marked("The file is as it was.")
_NOT_DELETED = marked("It was not deleted.")

ROWS = {
    Code.NAME_TAKEN: _file(
        what=marked("There is a file called {name} already."),
        meaning=_AS_IT_WAS,
        remedy=marked("Choose another name."),
    ),
    Code.NAME_NOT_POSSIBLE: _file(
        what=marked("A file cannot be called {name}."),
        meaning=_AS_IT_WAS,
        remedy=marked("Choose a name without “/” that is not too long."),
    ),
    Code.NOT_RENAMED: _file(
        what=marked("{name} could not be renamed."),
        meaning=_AS_IT_WAS,
        remedy=marked("Check the permissions of its folder."),
        may_have=("reason",),
    ),
    Code.NO_BIN: _file(
        what=marked("There is no bin on the disk of {name}."),
        meaning=_NOT_DELETED,
        remedy=marked("If you mean to delete it for good, do so in your file manager."),
    ),
    Code.NOT_BINNED: _file(
        what=marked("{name} could not be moved to the bin."),
        meaning=_NOT_DELETED,
        remedy=marked("Check the permissions of its folder."),
        may_have=("reason",),
    ),
    Code.NOT_PUT_BACK: _file(
        what=marked("{name} could not be put back."),
        meaning=marked("It is still in the bin."),
        remedy=marked("Look for it in the bin of your file manager."),
        may_have=("reason",),
    ),
    Code.NOT_COPIED: _file(
        what=marked("The picture of {name} could not be made."),
        meaning=marked("The others are not affected."),
        remedy=marked("Free some space on the disk of the cache, then try again."),
        may_have=("reason",),
    ),
}

"""The prompt library and files of prompts."""

from functools import partial

from desktop.core.problems import Code
from desktop.core.sentences.row import EXIT_OWN, Row
from desktop.core.text import marked

_file = partial(Row, needs=("name",), unnamed=marked("This file"), status=EXIT_OWN)

_AS_THEY_WERE = marked("Your prompts are as they were.")

ROWS = {
    Code.PROMPTS_DAMAGED: Row(
        what=marked("A part of your prompts could not be read."),
        meaning=marked("What can be read is there; the damaged file is kept beside the settings."),
        remedy=marked("Look for {file} there, or import a copy."),
        needs=("file",),
        status=EXIT_OWN,
    ),
    Code.PROMPTS_NOT_READ: _file(
        what=marked("{name} could not be read."),
        meaning=_AS_THEY_WERE,
        remedy=marked("Check that it is a file, and that you may read it."),
        may_have=("reason",),
    ),
    Code.PROMPTS_TOO_LARGE: _file(
        what=marked("{name} is larger than {limit_bytes}."),
        meaning=_AS_THEY_WERE,
        remedy=marked("Choose a file of prompts that Sightline has exported."),
        needs=("name", "limit_bytes"),
    ),
    Code.PROMPTS_NOT_A_LIST: _file(
        what=marked("{name} is no file of prompts."),
        meaning=_AS_THEY_WERE,
        remedy=marked("Choose a file of prompts that Sightline has exported."),
    ),
}

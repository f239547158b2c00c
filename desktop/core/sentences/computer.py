"""This computer's own trouble: the reader, the disk, the history, the settings."""

from functools import partial

from desktop.core.problems import Code
from desktop.core.sentences.row import EXIT_OWN, Remedy, Row
from desktop.core.text import marked

_own = partial(Row, status=EXIT_OWN)

_GOES_ON = marked("Sightline goes on; what you do now may not be stored.")

ROWS = {
    Code.READER_MISSING: _own(
        what=marked("The on-device reader is not installed."),
        meaning=marked("Parts of it are missing, or do not exist for this kind of computer."),
        remedy=marked("Choose another model, or install Sightline again."),
        may_have=("package",),
        button=Remedy.CHOOSE_MODEL,
    ),
    Code.READER_TAKES_NO_SCHEMA: _own(
        what=marked("The on-device reader takes no schema."),
        meaning=marked("It reads text and codes; it does not sort them into fields."),
        remedy=marked("Choose a model, or ask without a schema."),
        button=Remedy.CHOOSE_MODEL,
    ),
    Code.READER_CRASHED: _own(
        what=marked("The on-device reader stopped."),
        meaning=marked("An image or too little memory ended it. Nothing else was affected."),
        remedy=marked("Ask again, perhaps with fewer images."),
        button=Remedy.RETRY,
    ),
    Code.DISK_FULL: _own(
        what=marked("The disk that holds {folder} is full."),
        meaning=_GOES_ON,
        remedy=marked("Free some space; deleting conversations works too."),
        needs=("folder",),
        button=Remedy.RETRY,
    ),
    Code.FOLDER_READ_ONLY: _own(
        what=marked("Nothing can be written to {folder}."),
        meaning=_GOES_ON,
        remedy=marked("Allow writing there, or start with another data folder."),
        needs=("folder",),
    ),
    Code.DATABASE_LOCKED: _own(
        what=marked("Another program is using the history."),
        meaning=marked("Nothing is lost, but nothing can be stored at the moment."),
        remedy=marked("Close the other program, then try again."),
        may_have=("folder",),
        button=Remedy.RETRY,
    ),
    Code.DATABASE_DAMAGED: _own(
        what=marked("The history is damaged."),
        meaning=marked("The damaged file is kept, and everything that can be read is shown."),
        remedy=marked("Check the disk, and make a copy of the data folder."),
        may_have=("folder", "file"),
    ),
    Code.DATABASE_SALVAGED: _own(
        what=marked(
            "The history was damaged. Conversations saved: {conversations}; damaged answers: {damaged}."
        ),
        meaning=marked("The damaged file is kept as {file}. Damaged answers are marked."),
        remedy=marked("Check the disk, and make a copy of the data folder."),
        needs=("conversations", "damaged", "file"),
        may_have=("folder",),
    ),
    Code.DATABASE_NEWER: _own(
        what=marked("The history was written by a newer Sightline."),
        meaning=marked("It was not touched. It has version {found}; this Sightline knows up to {known}."),
        remedy=marked("Update Sightline, or start with another data folder."),
        needs=("found", "known"),
    ),
    Code.NOTHING_STORED: _own(
        what=marked("Nothing of this session is stored."),
        meaning=marked("You can ask and look at everything; it is gone when Sightline is closed."),
        remedy=marked("Copy what you want to keep before you close Sightline."),
    ),
    Code.STORED_IMAGE_MISSING: _own(
        what=marked("A stored image of this conversation is missing or damaged."),
        meaning=marked("It cannot be sent again. The text of the conversation is not affected."),
        remedy=marked("Leave the image out, or add it again."),
        may_have=("file", "name"),
        button=Remedy.REMOVE_IMAGE,
    ),
    Code.CONVERSATION_GONE: _own(
        what=marked("This conversation was deleted."),
        meaning=marked("Another window or the terminal may have done so."),
        remedy=marked("Start a new conversation."),
        button=Remedy.NEW_CONVERSATION,
    ),
    Code.ALREADY_OPEN: _own(
        what=marked("Sightline is already open with this data folder."),
        meaning=marked("Two windows would write over each other."),
        remedy=marked("Use the open window, or start with another data folder."),
        may_have=("folder",),
    ),
    Code.WINDOW_SILENT: _own(
        what=marked("Sightline is already open with this data folder, but its window does not answer."),
        meaning=marked("What you opened now was not handed over to it."),
        remedy=marked("Wait a moment and try again, or end it from your system’s list of programs."),
        may_have=("folder", "count"),
    ),
    Code.SETTINGS_DAMAGED: _own(
        what=marked("A part of the settings could not be read."),
        meaning=marked("The standard values are used for it; all else is kept."),
        remedy=marked("Look through the settings and set what is missing."),
        may_have=("file",),
        button=Remedy.OPEN_SETTINGS,
    ),
    Code.STOPPED: _own(
        what=marked("Stopped."),
        meaning=marked("What had come is kept. It may have been billed."),
        remedy=marked("Ask again whenever you like."),
        button=Remedy.RETRY,
    ),
    Code.UNEXPECTED: _own(
        what=marked("Something unexpected went wrong."),
        meaning=marked("This is a fault of Sightline. Finished answers are safe."),
        remedy=marked("Try again. If it happens again, please report it."),
        may_have=("kind", "detail", "host"),
        button=Remedy.RETRY,
    ),
}

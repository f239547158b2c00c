"""Files that cannot be used, and images that a model will not take."""

from functools import partial

from desktop.core.problems import Code
from desktop.core.sentences.row import EXIT_IMAGE, Remedy, Row
from desktop.core.text import marked

_image = partial(Row, needs=("name",), unnamed=marked("This image"), status=EXIT_IMAGE)

_OTHERS_GO_ON = marked("It is not sent; the other images are not affected.")

ROWS = {
    Code.IMAGE_MISSING: _image(
        what=marked("{name} is no longer there."),
        meaning=marked("The file was moved, renamed or deleted."),
        remedy=marked("Put it back or add it again from where it is now."),
    ),
    Code.IMAGE_UNREADABLE: _image(
        what=marked("{name} cannot be opened."),
        meaning=marked("This account is not allowed to read the file, or its disk does not answer."),
        remedy=marked("Check the file’s permissions, or copy it somewhere else and add the copy."),
        may_have=("reason",),
    ),
    Code.IMAGE_NOT_A_FILE: _image(
        unnamed=marked("This"),
        what=marked("{name} is not a file."),
        meaning=marked("Only ordinary files can be read as images."),
        remedy=marked("Choose an image file instead."),
    ),
    Code.IMAGE_EMPTY: _image(
        what=marked("{name} is empty."),
        meaning=marked("The file has no content, perhaps because copying it was interrupted."),
        remedy=marked("Copy or download it again."),
    ),
    Code.IMAGE_NOT_AN_IMAGE: _image(
        unnamed=marked("This file"),
        what=marked("{name} is not an image."),
        meaning=_OTHERS_GO_ON,
        remedy=marked("Choose a picture, for example PNG, JPEG, WebP, GIF, HEIC, TIFF, BMP, AVIF or PDF."),
    ),
    Code.IMAGE_UNSUPPORTED: _image(
        what=marked("{name} is in a format that Sightline does not read: {format}."),
        meaning=_OTHERS_GO_ON,
        remedy=marked("Save it as PNG or JPEG and add that."),
        needs=("name", "format"),
    ),
    Code.IMAGE_DAMAGED: _image(
        what=marked("{name} is damaged."),
        meaning=marked("The file breaks off or contradicts itself, so it cannot be shown or sent."),
        remedy=marked("Copy or download it again."),
    ),
    Code.IMAGE_TOO_MANY_PIXELS: _image(
        what=marked("{name} is too large: {width}×{height} pixels, {limit_megapixels} megapixels at most."),
        meaning=marked("Larger ones could use up the memory of this computer."),
        remedy=marked("Make it smaller or cut out the part that matters, and add that."),
        needs=("name", "width", "height", "limit_megapixels"),
    ),
    Code.IMAGE_TOO_MANY_BYTES: _image(
        what=marked("{name} is too large: {size_bytes}, {limit_bytes} at most."),
        meaning=marked("Larger ones could use up the memory of this computer."),
        remedy=marked("Save it smaller, for example as JPEG, and add that."),
        needs=("name", "size_bytes", "limit_bytes"),
    ),
    Code.IMAGE_TOO_SLOW: _image(
        what=marked("{name} took too long to open."),
        meaning=marked("Opening was given up after {seconds} s, so that nothing else waits."),
        remedy=marked("Save it as PNG or JPEG in an image editor and add that."),
        needs=("name", "seconds"),
    ),
    Code.IMAGE_CRASHED_DECODER: _image(
        what=marked("{name} cannot be opened safely."),
        meaning=marked(
            "Reading it ended the process that reads images. It will not be tried again by itself."
        ),
        remedy=marked("Save it again in an image editor and add that."),
    ),
    Code.IMAGE_CHANGED: _image(
        what=marked("{name} has changed since it was added."),
        meaning=marked("What would be sent is not what is shown."),
        remedy=marked("Add it again to use the new version."),
    ),
    Code.IMAGE_REJECTED_BY_MODEL: Row(
        what=marked("At this detail the image is too large for {model}: {patches} patches, {limit} at most."),
        meaning=marked("The server would refuse the whole question."),
        remedy=marked("Choose a lower detail for it."),
        needs=("model", "patches", "limit"),
        button=Remedy.LOWER_DETAIL,
        status=EXIT_IMAGE,
    ),
    Code.PDF_LOCKED: _image(
        what=marked("{name} is protected by a password."),
        meaning=_OTHERS_GO_ON,
        remedy=marked("Save a copy without a password in a PDF reader and add that."),
    ),
    Code.PDF_HAS_NO_PAGES: _image(
        what=marked("{name} has no pages."),
        meaning=_OTHERS_GO_ON,
        remedy=marked("Export or download it again."),
    ),
    Code.PAGE_MISSING: _image(
        what=marked("{name} has no page {page}: it ends with page {pages}."),
        meaning=_OTHERS_GO_ON,
        remedy=marked("Choose one of its pages."),
        needs=("name", "page", "pages"),
    ),
    Code.FILE_NOT_NAMED_AS_IMAGE: _image(
        unnamed=marked("This file"),
        what=marked("{name} is not named as an image."),
        meaning=marked("Of a folder only the files with an image’s ending are taken."),
        remedy=marked("Add the file by itself if it is an image."),
    ),
    Code.FILE_HIDDEN: _image(
        unnamed=marked("This"),
        what=marked("{name} is hidden."),
        meaning=marked("Hidden files and folders are left alone."),
        remedy=marked("Add it by itself if you want it."),
    ),
    Code.LINK_LEADS_NOWHERE: _image(
        unnamed=marked("This"),
        what=marked("{name} is a link that leads nowhere."),
        meaning=marked("What it leads to was moved or deleted, or it leads back to itself."),
        remedy=marked("Add the file itself from where it is now."),
    ),
    Code.FOLDER_SEEN: _image(
        unnamed=marked("This folder"),
        what=marked("{name} leads to a folder that was searched already."),
        meaning=marked("Its images are in the gallery once."),
        remedy=marked("Nothing needs to be done."),
    ),
    Code.FOLDER_UNREADABLE: Row(
        what=marked("The folder {name} cannot be opened."),
        meaning=marked("This account is not allowed to read it, or it is gone. The other folders were read."),
        remedy=marked("Check the folder’s permissions, then add it again."),
        needs=("name",),
        may_have=("reason",),
        status=EXIT_IMAGE,
    ),
    Code.WATCHED_FOLDER_MISSING: Row(
        what=marked("The watched folder {name} is not there."),
        meaning=marked("New images in it are seen again as soon as it is back."),
        remedy=marked("Connect its disk, or stop watching it in the menu “Add”."),
        needs=("name",),
        status=EXIT_IMAGE,
    ),
    Code.NOTHING_FOUND: Row(
        what=marked("No images were found there."),
        meaning=marked("Nothing was added."),
        remedy=marked("Choose image files, or a folder that holds some."),
        may_have=("name",),
        status=EXIT_IMAGE,
    ),
}

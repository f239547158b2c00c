"""Images that are to be fetched from an address."""

from functools import partial

from desktop.core.problems import Code
from desktop.core.sentences.row import EXIT_IMAGE, EXIT_NO_CONNECTION, EXIT_USAGE, Row
from desktop.core.text import marked

_link = partial(Row, needs=("host",), status=EXIT_IMAGE)

_NOTHING_ADDED = marked("Nothing was added.")

ROWS = {
    Code.LINK_INVALID: Row(
        what=marked("{url} is no address of an image."),
        meaning=marked("It has to begin with http:// or https://, or be a data URL of an image."),
        remedy=marked("Copy the image’s own address and use that."),
        needs=("url",),
        status=EXIT_USAGE,
    ),
    Code.LINK_PRIVATE: _link(
        what=marked("{host} is on this computer or its own network."),
        meaning=marked("An address from elsewhere could reach what is only meant for you."),
        remedy=marked("Allow it if you know what is there."),
    ),
    Code.LINK_TOO_LARGE: _link(
        what=marked("What {host} sends is too large: {limit_bytes} at most."),
        meaning=_NOTHING_ADDED,
        remedy=marked("Download it in a browser, make it smaller, and add that."),
        needs=("host", "limit_bytes"),
    ),
    Code.LINK_NOT_AN_IMAGE: _link(
        what=marked("What {host} sends is not an image that Sightline reads."),
        meaning=_NOTHING_ADDED,
        remedy=marked("Choose an address of a picture, for example PNG, JPEG, WebP or PDF."),
    ),
    Code.LINK_IS_A_PAGE: _link(
        what=marked("The address at {host} shows a page, not an image."),
        meaning=_NOTHING_ADDED,
        remedy=marked("Open the page, copy the address of the image itself, and use that."),
    ),
    Code.LINK_LOOPS: _link(
        what=marked("{host} leads from one address to the next without end."),
        meaning=_NOTHING_ADDED,
        remedy=marked("Open it in a browser, copy the address of the image itself, and use that."),
    ),
    Code.LINK_REFUSED: _link(
        what=marked("{host} does not give the image: status {status}."),
        meaning=marked("It may be gone, or only for people who are signed in."),
        remedy=marked("Download it in a browser and add the file."),
        needs=("host", "status"),
    ),
    Code.LINK_CUT: _link(
        what=marked("The image from {host} did not come to its end."),
        meaning=_NOTHING_ADDED,
        remedy=marked("Try again."),
        status=EXIT_NO_CONNECTION,
    ),
}

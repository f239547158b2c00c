"""Servers that cannot be reached, and connections that end."""

from functools import partial

from desktop.core.problems import Code
from desktop.core.sentences.row import EXIT_NO_CONNECTION, EXIT_REFUSED, Remedy, Row
from desktop.core.text import marked

_connection = partial(
    Row,
    may_have=("host", "message", "reason", "status", "seconds"),
    button=Remedy.RETRY,
    status=EXIT_NO_CONNECTION,
)

_NOT_ANSWERED = marked("Your question was not answered and is still here.")
_KEPT = marked("What had come is kept. It may have been billed.")

ROWS = {
    Code.NO_CONNECTION: _connection(
        what=marked("No connection to {host}."),
        meaning=_NOT_ANSWERED,
        remedy=marked("Check your network, then ask again."),
        needs=("host",),
    ),
    Code.HOST_NOT_FOUND: _connection(
        what=marked("{host} was not found."),
        meaning=marked("Either there is no network, or the address is misspelled."),
        remedy=marked("Check your network and the address in the settings."),
        needs=("host",),
        button=Remedy.OPEN_SETTINGS,
    ),
    Code.CONNECTION_REFUSED: _connection(
        what=marked("Nothing answers at {host}."),
        meaning=marked("The computer is there, but no server runs at this address."),
        remedy=marked("Start the server or check its address, then ask again."),
        needs=("host",),
    ),
    Code.TLS_FAILED: _connection(
        what=marked("The identity of {host} could not be verified."),
        meaning=marked(
            "Nothing was sent. A company network, a wrong clock or an attacker can be the reason."
        ),
        remedy=marked("Check date and time, and ask whoever runs the network for its certificate."),
        needs=("host",),
    ),
    Code.PROXY_FAILED: _connection(
        what=marked("The proxy on the way to {host} refused the connection."),
        meaning=_NOT_ANSWERED,
        remedy=marked("Check the proxy settings of this computer, then ask again."),
        needs=("host",),
    ),
    Code.TIMED_OUT: _connection(
        what=marked("{host} took too long to answer."),
        meaning=marked("The request was given up. The server may have billed it."),
        remedy=marked("Ask again, perhaps with fewer images or a lower detail."),
        needs=("host",),
    ),
    Code.STREAM_STALLED: _connection(
        what=marked("The answer stopped coming."),
        meaning=_KEPT,
        remedy=marked("Ask again."),
    ),
    Code.STREAM_CUT: _connection(
        what=marked("The connection broke while the answer came."),
        meaning=_KEPT,
        remedy=marked("Ask again."),
    ),
    Code.ENDED_EARLY: _connection(
        what=marked("The answer ended before the server said that it is finished."),
        meaning=_KEPT,
        remedy=marked("Ask again."),
    ),
    Code.REDIRECTED: _connection(
        what=marked("{host} points to another address, “{location}”."),
        meaning=marked("Sightline does not follow, so that your images go only where you sent them."),
        remedy=marked("If you trust that address, enter it in the settings."),
        needs=("host", "location"),
        button=Remedy.OPEN_SETTINGS,
        status=EXIT_REFUSED,
    ),
}

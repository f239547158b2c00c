"""What is asked, and with which key and address: everything that is known before a request leaves."""

from functools import partial

from desktop.core.problems import Code
from desktop.core.sentences.row import EXIT_OWN, EXIT_USAGE, Remedy, Row
from desktop.core.text import marked

_usage = partial(Row, status=EXIT_USAGE)
_key = partial(Row, button=Remedy.OPEN_KEY, status=EXIT_USAGE)
_keyring = partial(Row, status=EXIT_OWN)

_NOT_SAVED = marked("Nothing was saved or sent.")
_UNTIL_QUITTING = marked("The key is kept in memory until you quit, and never written to a file.")
_COPY_AGAIN = marked("Copy the key again from the page of your provider.")

ROWS = {
    Code.TOO_MANY_IMAGES: _usage(
        what=marked("That is {count} images, and one request holds {limit}."),
        meaning=marked("Images of earlier questions count too."),
        remedy=marked("Leave some out, or start a new conversation."),
        needs=("count", "limit"),
        button=Remedy.NEW_CONVERSATION,
    ),
    Code.REQUEST_TOO_LARGE: _usage(
        what=marked("These images make a request of {size_bytes}, and the server takes {limit_bytes}."),
        meaning=marked("Images of earlier questions count too."),
        remedy=marked("Leave some out, or choose a lower detail."),
        needs=("size_bytes", "limit_bytes"),
        button=Remedy.LOWER_DETAIL,
    ),
    Code.NO_IMAGE: _usage(
        what=marked("There is no image to look at."),
        meaning=marked("The reader on this computer answers about images only."),
        remedy=marked("Choose one or more images, then ask."),
    ),
    Code.DETAIL_NOT_OFFERED: _usage(
        what=marked("{model} does not offer the detail “{detail}”."),
        meaning=marked("It offers: {offered}."),
        remedy=marked("Choose one of these, or another model."),
        needs=("model", "detail", "offered"),
        button=Remedy.CHOOSE_MODEL,
    ),
    Code.SCHEMA_INVALID: _usage(
        what=marked("The schema “{schema}” cannot be used."),
        meaning=marked("It is no JSON schema of an object, so nothing was sent."),
        remedy=marked("Open it under “Shape of answers”, where it says what is wrong."),
        needs=("schema",),
        button=None,
    ),
    Code.COUNT_NOT_OFFERED: _usage(
        what=marked("This server does not count tokens."),
        meaning=marked("The estimate stays as it is; the bill tells after the answer."),
        remedy=marked("Ask, or choose OpenAI as the server, which counts."),
        may_have=("host", "model"),
    ),
    Code.TITLE_NOT_OFFERED: _usage(
        what=marked("No title was suggested."),
        meaning=marked("No model of the server in use has answered in this conversation."),
        remedy=marked("Rename it yourself."),
    ),
    Code.NOT_SENT: _usage(
        what=marked("The on-device reader sends nothing."),
        meaning=marked("There is no request to count or to copy."),
        remedy=marked("Choose a model, then try again."),
        button=Remedy.CHOOSE_MODEL,
    ),
    Code.MARKS_NOT_PAINTED: _usage(
        what=marked("The marks on {name} could not be drawn."),
        meaning=marked("Without them it would be another picture, so nothing was sent."),
        remedy=marked("Ask again in the window, or remove the marks."),
        needs=("name",),
    ),
    Code.BUDGET_REACHED: _usage(
        what=marked("This month’s budget of {limit} is used up: {spent} so far."),
        meaning=marked("Nothing was sent."),
        remedy=marked("Confirm this question, raise the budget in the settings, or choose a free model."),
        needs=("spent", "limit"),
        button=Remedy.OPEN_SETTINGS,
    ),
    Code.KEY_MISSING: _key(
        what=marked("There is no key for {host}."),
        meaning=marked("The server answers only those who have one."),
        remedy=marked("Add your key, or choose the on-device reader."),
        needs=("host",),
    ),
    Code.KEY_EMPTY: _key(
        what=marked("The key is empty."),
        meaning=_NOT_SAVED,
        remedy=marked("Paste your key."),
    ),
    Code.KEY_MULTI_LINE: _key(
        what=marked("The key has more than one line."),
        meaning=marked("A key is a single line; something else was copied along with it."),
        remedy=marked("Copy the key alone and paste it again."),
    ),
    Code.KEY_NOT_ASCII: _key(
        what=marked("The key has characters that no key has."),
        meaning=marked("Keys are made of plain letters, digits and marks."),
        remedy=_COPY_AGAIN,
    ),
    Code.KEY_HAS_SPACES: _key(
        what=marked("The key has spaces in it."),
        meaning=marked("Something else may have been copied along with it."),
        remedy=marked("Copy the key alone and paste it again."),
    ),
    Code.KEY_TOO_SHORT: _key(
        what=marked("The key is too short."),
        meaning=marked("Keys have at least {limit} characters; a part may be missing."),
        remedy=_COPY_AGAIN,
        needs=("limit",),
    ),
    Code.KEY_IS_AN_ADDRESS: _key(
        what=marked("That is an address, not a key."),
        meaning=_NOT_SAVED,
        remedy=marked("Paste the key here; the address of the server belongs in the settings."),
    ),
    Code.KEY_IS_MASKED: _key(
        what=marked("That is a shortened key."),
        meaning=marked("Pages show keys shortened; only the whole key works."),
        remedy=marked("Copy the whole key. If it is shown only once, make a new one."),
    ),
    Code.KEYRING_ABSENT: _keyring(
        what=marked("This computer has no keyring that Sightline can use."),
        meaning=_UNTIL_QUITTING,
        remedy=marked("Install a keyring such as GNOME Keyring or KWallet to keep it longer."),
    ),
    Code.KEYRING_LOCKED: _keyring(
        what=marked("The keyring is locked."),
        meaning=_UNTIL_QUITTING,
        remedy=marked("Unlock the keyring, then save the key again."),
        may_have=("name",),
        button=Remedy.OPEN_KEY,
    ),
    Code.KEYRING_FAILED: _keyring(
        what=marked("The keyring does not work."),
        meaning=_UNTIL_QUITTING,
        remedy=marked("Check the keyring of this computer, then save the key again."),
        may_have=("name",),
        button=Remedy.OPEN_KEY,
    ),
    Code.KEYRING_TIMED_OUT: _keyring(
        what=marked("The keyring does not answer."),
        meaning=_UNTIL_QUITTING,
        remedy=marked("Look for a window that asks for a password, then save the key again."),
        may_have=("name",),
        button=Remedy.OPEN_KEY,
    ),
    Code.KEYRING_LOST_THE_KEY: _keyring(
        what=marked("The keyring did not keep the key."),
        meaning=_UNTIL_QUITTING,
        remedy=marked("Choose another keyring on this computer to keep it longer."),
        may_have=("name",),
    ),
    Code.URL_INVALID: _usage(
        what=marked("The address “{url}” is not right."),
        meaning=_NOT_SAVED,
        remedy=marked("Write it like https://api.openai.com/v1 or http://localhost:11434/v1."),
        needs=("url",),
        may_have=("host",),
        button=Remedy.OPEN_SETTINGS,
    ),
    Code.URL_NOT_ENCRYPTED: _usage(
        what=marked("The connection to {host} is not encrypted."),
        meaning=marked("Everyone on the way could read your key and your images."),
        remedy=marked("Use an address that begins with https."),
        needs=("host",),
        button=Remedy.OPEN_SETTINGS,
    ),
}

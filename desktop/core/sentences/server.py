"""What a server said instead of answering, or in an answer that cannot be used."""

from functools import partial

from desktop.core.problems import Code
from desktop.core.sentences.row import EXIT_REFUSED, Remedy, Row
from desktop.core.text import marked

_server = partial(
    Row, may_have=("host", "message", "status", "seconds", "model"), button=Remedy.RETRY, status=EXIT_REFUSED
)

_STILL_HERE = marked("Your question was not answered and is still here.")
_KEPT = marked("What had come is kept.")

ROWS = {
    Code.UNAUTHORIZED: _server(
        what=marked("{host} did not accept the key."),
        meaning=marked("It may be mistyped, deleted, or made for another server."),
        remedy=marked("Enter the key again, or make a new one."),
        needs=("host",),
        button=Remedy.OPEN_KEY,
    ),
    Code.FORBIDDEN: _server(
        what=marked("{host} does not allow this."),
        meaning=marked("The key is known, but not allowed to use this model, or not from this country."),
        remedy=marked("Choose another model, or ask whoever gave you the key."),
        needs=("host",),
        button=Remedy.CHOOSE_MODEL,
    ),
    Code.MODEL_NOT_FOUND: _server(
        what=marked("{host} does not have {model}."),
        meaning=marked("It may be retired, misspelled, or not open to your account."),
        remedy=marked("Choose another model."),
        needs=("host", "model"),
        button=Remedy.CHOOSE_MODEL,
    ),
    Code.NOT_FOUND: _server(
        what=marked("{host} does not know this address."),
        meaning=marked("The server is there, but not at this path; often “/v1” is missing."),
        remedy=marked("Check the address in the settings."),
        needs=("host",),
        button=Remedy.OPEN_SETTINGS,
    ),
    Code.RATE_LIMITED: _server(
        what=marked("{host} asks to wait."),
        meaning=marked("Too much was asked in a short time."),
        remedy=marked("Wait a minute, then ask again."),
        needs=("host",),
    ),
    Code.QUOTA_USED_UP: _server(
        what=marked("The credit of your account at {host} is used up."),
        meaning=marked("Waiting does not help; nothing was billed."),
        remedy=marked("Add credit on the page of your provider, or use another key."),
        needs=("host",),
        button=Remedy.OPEN_KEY,
    ),
    Code.SERVER_ERROR: _server(
        what=marked("{host} failed to answer."),
        meaning=marked("The fault is on the side of the server."),
        remedy=marked("Ask again in a moment."),
        needs=("host",),
    ),
    Code.SERVER_OVERLOADED: _server(
        what=marked("{host} is overloaded."),
        meaning=_STILL_HERE,
        remedy=marked("Ask again in a moment, or choose another model."),
        needs=("host",),
    ),
    Code.BAD_REQUEST: _server(
        what=marked("{host} refused the question."),
        meaning=_STILL_HERE,
        remedy=marked("Choose another model, or change the question."),
        needs=("host",),
        button=Remedy.CHOOSE_MODEL,
    ),
    Code.IMAGE_REFUSED: _server(
        what=marked("{host} refused {name}."),
        meaning=marked("The model may not see images, or not this one. It was set aside."),
        remedy=marked("Ask again without it or with a smaller one, or choose a model that sees images."),
        needs=("host", "name"),
        unnamed=marked("an image"),
        may_have=("message", "status", "seconds", "model", "image"),
        button=Remedy.REMOVE_IMAGE,
    ),
    Code.SCHEMA_NOT_TAKEN: _server(
        what=marked("{host} takes no schema for answers of {model}."),
        meaning=marked("It cannot promise the shape of an answer. Your question is still here."),
        remedy=marked("Choose another model, or ask without a schema and describe the shape in words."),
        needs=("host", "model"),
        may_have=("message", "status", "seconds"),
        button=Remedy.CHOOSE_MODEL,
    ),
    Code.SCHEMA_REFUSED: _server(
        what=marked("{host} refused the schema “{schema}”."),
        meaning=_STILL_HERE,
        remedy=marked("Open the schema and make it strict, or choose another one."),
        needs=("host", "schema"),
        may_have=("message", "status", "seconds", "model"),
        button=None,
    ),
    Code.PAYLOAD_TOO_LARGE: _server(
        what=marked("The question is too large for {host}."),
        meaning=marked("All images of the conversation are sent with it."),
        remedy=marked("Leave images out, or choose a lower detail."),
        needs=("host",),
        button=Remedy.LOWER_DETAIL,
    ),
    Code.CONTEXT_TOO_LONG: _server(
        what=marked("The conversation is too long for this model."),
        meaning=marked("Everything said and all images are sent with each question."),
        remedy=marked("Start a new conversation, or leave images out."),
        button=Remedy.NEW_CONVERSATION,
    ),
    Code.CONTENT_FILTERED: _server(
        what=marked("The provider’s content rules ended the answer."),
        meaning=marked("What had come is kept."),
        remedy=marked("Ask in other words, or leave the image out."),
    ),
    Code.NOT_THE_PROTOCOL: _server(
        what=marked("What came back is not an answer."),
        meaning=marked("A login page, a proxy or a different kind of server may be at this address."),
        remedy=marked("Check the address in the settings."),
        button=Remedy.OPEN_SETTINGS,
    ),
    Code.ANSWER_TOO_LONG: _server(
        what=marked("The answer was longer than Sightline takes."),
        meaning=_KEPT,
        remedy=marked("Ask for a shorter answer."),
    ),
    Code.LENGTH_LIMIT: _server(
        what=marked("The answer reached its length limit."),
        meaning=_KEPT,
        remedy=marked("Ask the model to go on."),
        button=None,
    ),
    Code.EMPTY_ANSWER: _server(
        what=marked("The answer is empty."),
        meaning=marked(
            "The server said that it is finished without saying anything. It may have been billed."
        ),
        remedy=marked("Ask again, perhaps in other words."),
    ),
    Code.NO_PRICE_TABLE: _server(
        what=marked("What came from {host} is no price list."),
        meaning=marked("The prices stay as they were."),
        remedy=marked("Try again later, or enter the price of your model yourself."),
        needs=("host",),
        button=None,
    ),
}

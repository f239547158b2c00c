"""Ready-made prompts: the cards of the empty state and the Prompts menu.

Titles, hints and prompts are English here and marked for extraction; whoever shows them translates them with
`text._`. ``resources/prompts.toml`` does not exist on purpose: a table in Python is extracted like all other
words.
"""

from dataclasses import dataclass
from functools import partial

from desktop.core.text import marked


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """One ready-made prompt.

    Attributes:
        id: stays the same over versions and languages.
        icon: name of an icon in ``resources/icons``.
        title: two to four words.
        hint: what it gives, in a few words.
        prompt: what is asked.
        on_device: the reader on this computer can serve it.
        reader_only: a model cannot serve it: what it asks for is removed before sending.
        card: it is one of the cards of the empty state.
    """

    id: str
    icon: str
    title: str
    hint: str
    prompt: str
    on_device: bool = False
    reader_only: bool = False
    card: bool = False


CARDS = 6
"""How many cards the empty state shows."""

_card = partial(Preset, card=True)

PRESETS = (
    _card(
        id="copy-text",
        icon="case-sensitive",
        title=marked("Copy the text"),
        hint=marked("Exact text, in reading order"),
        prompt=marked(
            "Copy all text exactly as it stands, in reading order. Add nothing and leave nothing out."
        ),
        on_device=True,
    ),
    _card(
        id="read-codes",
        icon="qr-code",
        title=marked("Read the codes"),
        hint=marked("Barcodes and QR codes"),
        prompt=marked("Read every barcode and QR code, and give its kind and its content."),
        on_device=True,
    ),
    _card(
        id="differences",
        icon="git-compare-arrows",
        title=marked("Spot the differences"),
        hint=marked("Text and pixels of two images"),
        prompt=marked("What differs between these images? List the differences in text and in the picture."),
        on_device=True,
    ),
    _card(
        id="file-facts",
        icon="info",
        title=marked("What is in this file?"),
        hint=marked("Size, camera, date, position"),
        prompt=marked("What is in this file: format, size, camera, date and position?"),
        on_device=True,
        reader_only=True,
    ),
    _card(
        id="receipt",
        icon="receipt-text",
        title=marked("Check a receipt"),
        hint=marked("Every item, and whether the total is right"),
        prompt=marked(
            "List every line item with quantity and price as a table, then check whether they add up to the "
            "total and the tax."
        ),
    ),
    _card(
        id="chart",
        icon="chart-line",
        title=marked("Read a chart"),
        hint=marked("Its values, and what they say"),
        prompt=marked(
            "Read the values of this chart into a table, then say in two sentences what it shows. Mark "
            "values that are estimated."
        ),
    ),
    _card(
        id="describe",
        icon="eye",
        title=marked("Describe it"),
        hint=marked("What is to be seen"),
        prompt=marked("Describe what is to be seen, the most important first."),
    ),
    Preset(
        id="alt-text",
        icon="text-cursor-input",
        title=marked("Write alt text"),
        hint=marked("One sentence for a web page"),
        prompt=marked(
            "Write alt text for this image: one sentence of at most 125 characters that says what it shows."
        ),
    ),
    Preset(
        id="table",
        icon="table",
        title=marked("Table to Markdown"),
        hint=marked("Rows and columns to copy"),
        prompt=marked("Give every table in this image as a Markdown table, with all rows and columns."),
    ),
    Preset(
        id="scan",
        icon="scan-text",
        title=marked("Scan to Markdown"),
        hint=marked("Headings, lists and tables kept"),
        prompt=marked(
            "Give the text of this page as Markdown, with headings, lists and tables as they are. "
            "Correct nothing."
        ),
    ),
    Preset(
        id="error",
        icon="circle-alert",
        title=marked("Explain an error"),
        hint=marked("What it means, what to do"),
        prompt=marked(
            "Quote the error message in this screenshot, say what it means in plain words, and give the "
            "steps that most likely solve it."
        ),
    ),
    Preset(
        id="translate",
        icon="languages",
        title=marked("Translate the text"),
        hint=marked("Line by line"),
        # A translation of this prompt names its own language.
        prompt=marked("Translate all text in this image into English, line by line, beside the original."),
    ),
    Preset(
        id="tags",
        icon="tags",
        title=marked("Suggest tags"),
        hint=marked("Ten keywords"),
        prompt=marked("Suggest ten keywords for this image, separated by commas, the most fitting first."),
    ),
    Preset(
        id="json",
        icon="braces",
        title=marked("Fields as JSON"),
        hint=marked("Every field with its value"),
        prompt=marked(
            "Give every field of this document and its value as one JSON object. Use null for what cannot "
            "be read."
        ),
    ),
)


def presets(*, on_device: bool, cards_only: bool = False) -> tuple[Preset, ...]:
    """The prompts to show for who answers, those that the reader cannot serve included.

    Args:
        on_device: the reader on this computer answers. What only it can tell is left out otherwise.
        cards_only: the cards of the empty state, of which the first `CARDS` fit.
    """
    shown = [p for p in PRESETS if (on_device or not p.reader_only) and (p.card or not cards_only)]
    return tuple(shown[:CARDS] if cards_only else shown)

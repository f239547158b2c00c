"""Ready-made prompts: the cards of the empty state and the starting set of the prompt library.

Titles, hints and prompts are English here and marked for extraction; whoever shows them translates them with
`text._`. ``resources/prompts.toml`` does not exist on purpose: a table in Python is extracted like all other
words. Prompts may hold the variables of `core.prompt_filling`.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from desktop.core.text import marked


class Topic(StrEnum):
    """What a ready-made prompt is about; the library shows topics in this order."""

    TEXT = "text"
    DOCUMENTS = "documents"
    PICTURES = "pictures"
    SCREENS = "screens"
    PRODUCTS = "products"
    SCIENCE = "science"


TOPIC_TITLES = {
    Topic.TEXT: marked("Text and codes"),
    Topic.DOCUMENTS: marked("Documents and charts"),
    Topic.PICTURES: marked("Pictures"),
    Topic.SCREENS: marked("Screens"),
    Topic.PRODUCTS: marked("Products"),
    Topic.SCIENCE: marked("Traffic and laboratory"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preset:
    """One ready-made prompt.

    Attributes:
        id: stays the same over versions and languages.
        topic: what it is about.
        icon: name of an icon in ``resources/icons``.
        title: two to four words.
        hint: what it gives, in a few words.
        prompt: what is asked.
        on_device: the reader on this computer can serve it.
        reader_only: a model cannot serve it: what it asks for is removed before sending.
        card: it is one of the cards of the empty state.
    """

    id: str
    topic: Topic
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
        topic=Topic.TEXT,
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
        topic=Topic.TEXT,
        icon="qr-code",
        title=marked("Read the codes"),
        hint=marked("Barcodes and QR codes"),
        prompt=marked("Read every barcode and QR code, and give its kind and its content."),
        on_device=True,
    ),
    _card(
        id="differences",
        topic=Topic.PICTURES,
        icon="git-compare-arrows",
        title=marked("Spot the differences"),
        hint=marked("Text and pixels of two images"),
        prompt=marked("What differs between these images? List the differences in text and in the picture."),
        on_device=True,
    ),
    _card(
        id="file-facts",
        topic=Topic.PICTURES,
        icon="info",
        title=marked("What is in this file?"),
        hint=marked("Size, camera, date, position"),
        prompt=marked("What is in this file: format, size, camera, date and position?"),
        on_device=True,
        reader_only=True,
    ),
    _card(
        id="receipt",
        topic=Topic.DOCUMENTS,
        icon="receipt-text",
        title=marked("Check a receipt"),
        hint=marked("Every item, and whether the total is right"),
        prompt=marked(
            "List every line item of this receipt as a table with item, quantity, unit price and "
            "amount, each figure exactly as printed. Below it give the shop, the date, the currency, "
            "the subtotal, the tax and the total. Then check the arithmetic: do the items add up to "
            "the subtotal, and subtotal and tax to the total? Name every figure that is off, and by "
            "how much. Put “?” for what cannot be read, and never guess a digit."
        ),
    ),
    _card(
        id="chart",
        topic=Topic.DOCUMENTS,
        icon="chart-line",
        title=marked("Read a chart"),
        hint=marked("Its values, and what they say"),
        prompt=marked(
            "Read the values of this chart into a table: a row for each point or bar, a column for "
            "each series, with the units of the axes. Put ≈ before every value that you estimate "
            "rather than read as a printed number. Then tell in two sentences what the chart shows, "
            "and name anything that misleads, such as an axis that does not begin at zero."
        ),
    ),
    _card(
        id="describe",
        topic=Topic.PICTURES,
        icon="eye",
        title=marked("Describe it"),
        hint=marked("What is to be seen"),
        prompt=marked(
            "Describe what is to be seen, the most important first: the subject and what happens, "
            "then the surroundings, then details. Say in a last line what you are not sure of."
        ),
    ),
    Preset(
        id="scan",
        topic=Topic.TEXT,
        icon="scan-text",
        title=marked("Scan to Markdown"),
        hint=marked("Headings, lists and tables kept"),
        prompt=marked(
            "Give the text of this page as Markdown, with headings, lists and tables as they are. "
            "Join words that are divided at the end of a line, and leave out running heads and page "
            "numbers. Correct nothing, and put [?] for what cannot be read."
        ),
    ),
    Preset(
        id="handwriting",
        topic=Topic.TEXT,
        icon="pen-line",
        title=marked("Read handwriting"),
        hint=marked("Line by line, doubts marked"),
        prompt=marked(
            "Transcribe the handwriting line by line, exactly as it is written: spelling, "
            "abbreviations and dates stay as they are, and what is crossed out stands between ~~ and "
            "~~. Put [?] behind a word that you are not sure of, and [illegible] for one that cannot "
            "be read. Below, list the doubtful words with what else they may be."
        ),
    ),
    Preset(
        id="proofread",
        topic=Topic.TEXT,
        icon="spell-check",
        title=marked("Correct the reading"),
        hint=marked("Against what was read on this computer"),
        prompt=marked(
            "This text was recognised in the image by a program that makes "
            "mistakes:\n\n{text}\n\nCompare it with the image, correct what was misread, and put it "
            "into reading order. Give the corrected text, then a list of the corrections. Change "
            "nothing that the image itself has wrong."
        ),
    ),
    Preset(
        id="translate",
        topic=Topic.TEXT,
        icon="languages",
        title=marked("Translate the text"),
        hint=marked("Line by line"),
        prompt=marked(
            "Translate all text in this image into English, line by line, beside the original. Names,"
            " numbers and units stay as they are. Put “?” for what cannot be read."
        ),
    ),
    Preset(
        id="table",
        topic=Topic.DOCUMENTS,
        icon="table",
        title=marked("Table to Markdown"),
        hint=marked("Rows and columns to copy"),
        prompt=marked(
            "Give every table in this image as a Markdown table, with all rows and columns. Copy each"
            " cell exactly, leave empty cells empty, and put “?” for what cannot be read."
        ),
    ),
    Preset(
        id="slides",
        topic=Topic.DOCUMENTS,
        icon="presentation",
        title=marked("Notes from slides"),
        hint=marked("Headings, points, the message"),
        prompt=marked(
            "Turn these slides into notes in Markdown, in their order: the title of each as a "
            "heading, its points as a list, its tables as tables, and each chart in one sentence with"
            " its figures. End with the message of the whole in one sentence. Add nothing of your "
            "own."
        ),
    ),
    Preset(
        id="json",
        topic=Topic.DOCUMENTS,
        icon="braces",
        title=marked("Fields as JSON"),
        hint=marked("Every field with its value"),
        prompt=marked(
            "Give every field of this document and its value as one JSON object, the names as printed"
            " and the values exactly as they stand. Use null for what is empty or cannot be read. "
            "Answer with the JSON alone."
        ),
    ),
    Preset(
        id="alt-text",
        topic=Topic.PICTURES,
        icon="text-cursor-input",
        title=marked("Write alt text"),
        hint=marked("One sentence for a web page"),
        prompt=marked(
            "Write alt text for this image: one plain sentence of at most 125 characters that says "
            "what matters in it, with short words that are part of it. Do not begin with “image of”, "
            "and name nobody whom the image does not name. Answer with the sentence alone."
        ),
    ),
    Preset(
        id="tags",
        topic=Topic.PICTURES,
        icon="tags",
        title=marked("Suggest tags"),
        hint=marked("Ten keywords"),
        prompt=marked("Suggest ten keywords for this image, separated by commas, the most fitting first."),
    ),
    Preset(
        id="file-name",
        topic=Topic.PICTURES,
        icon="file-text",
        title=marked("Suggest a file name"),
        hint=marked("Short, from what it shows"),
        prompt=marked(
            "The image is called {name} at the moment. Suggest three better names from what it shows:"
            " short, in lower case, with hyphens in place of spaces, the same ending. Where it shows "
            "a date, begin with that as YYYY-MM-DD; today is {date}."
        ),
    ),
    Preset(
        id="error",
        topic=Topic.SCREENS,
        icon="circle-alert",
        title=marked("Explain an error"),
        hint=marked("What it means, what to do"),
        prompt=marked(
            "Quote the error message in this screenshot word for word, with file and line where they "
            "are shown. Say in plain words what it means and what most likely caused it. Then give "
            "the steps that solve it, the most promising first, and how to tell that it worked. If "
            "something that you would need is cut off, say what."
        ),
    ),
    Preset(
        id="ui-review",
        topic=Topic.SCREENS,
        icon="app-window",
        title=marked("Review a screen"),
        hint=marked("What hinders, and what to change"),
        prompt=marked(
            "Review this screen as a designer would who has to use it every day. List what hinders: "
            "unclear words, weak contrast, small targets, crowding, uneven spacing, anything that "
            "looks wrong or broken. For each say where it is, why it matters, and what to change. The"
            " most serious first, ten at the most, and nothing that is only a matter of taste."
        ),
    ),
    Preset(
        id="product",
        topic=Topic.PRODUCTS,
        icon="shopping-bag",
        title=marked("Describe a product"),
        hint=marked("Title, text and features for a shop"),
        prompt=marked(
            "Describe this product for an online shop: a title of at most 70 characters, two "
            "sentences, and five bullet points on kind, material, colour, pattern and features. Copy "
            "brand, model and label exactly as they are printed. Claim nothing that cannot be seen. "
            "Below, list what a buyer would ask and the image does not show."
        ),
    ),
    Preset(
        id="inspect",
        topic=Topic.PRODUCTS,
        icon="search-check",
        title=marked("Check a product photo"),
        hint=marked("Flaws of the product and of the photo"),
        prompt=marked(
            "Inspect the product in this photo as quality control would. List every visible flaw, "
            "such as a scratch, dent, stain, misprint, or a part that is missing or crooked: where it"
            " is, and whether it is slight or serious. Then judge the photo itself: light, sharpness,"
            " background, framing. If there is none, answer that, and name what cannot be seen from "
            "here."
        ),
    ),
    Preset(
        id="traffic",
        topic=Topic.SCIENCE,
        icon="car",
        title=marked("Read a traffic scene"),
        hint=marked("Signs, people, dangers"),
        prompt=marked(
            "Describe this traffic scene: road and lanes, weather and light, every sign, signal and "
            "marking with its meaning, and all vehicles, cyclists and people on foot, where they are "
            "and what they are doing. Then list in a table what a driver here must watch for, the "
            "most urgent first. Keep what you see apart from what you infer. Identify nobody, and "
            "leave out number plates."
        ),
    ),
    Preset(
        id="lab",
        topic=Topic.SCIENCE,
        icon="microscope",
        title=marked("Describe a lab image"),
        hint=marked("Observations only, no medical advice"),
        prompt=marked(
            "Describe this laboratory image as for a lab notebook: what kind of image it is and how "
            "it was made, as far as that can be told; scale bar, labels and settings as printed; then"
            " structures, their arrangement, rough numbers, colours, and anything unusual, artefacts "
            "too. Keep observation apart from interpretation, and say how sure you are. This is no "
            "medical advice: give no diagnosis, and say that a specialist has to judge."
        ),
    ),
)

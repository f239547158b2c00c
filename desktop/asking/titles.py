"""A conversation's first title: the first words of its first question."""

from desktop.core.request import Question
from desktop.core.text import printable

MAX_TITLE = 60
"""Characters; more does not fit a row of the history."""


def title_of(question: Question) -> str:
    """The first line of the prompt, cut at a word; the first image's name if there is no prompt."""
    first_line = next((line.strip() for line in question.text.splitlines() if line.strip()), "")
    if not first_line:
        first_line = question.images[0].image.name if question.images else ""
    text = printable(first_line, limit=400)
    if len(text) <= MAX_TITLE:
        return text
    cut = text.rfind(" ", MAX_TITLE // 2, MAX_TITLE)
    return text[: cut if cut > 0 else MAX_TITLE - 1].rstrip(" ,;:.-") + "…"

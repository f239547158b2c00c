"""What came of exports and imports, in sentences for window and terminal."""

from desktop.core.archive import ImportOutcome
from desktop.core.text import _, format_count, join_sentences, ngettext


def imported_sentence(outcome: ImportOutcome) -> str:
    """What came in, what was here, and what is missing."""
    new = sum(one.is_new for one in outcome.imported)
    grown = len(outcome.imported) - new
    parts = []
    if new:
        text = ngettext("{count} conversation imported.", "{count} conversations imported.", new)
        parts.append(text.format(count=format_count(new)))
    if grown:
        text = ngettext("{count} was here and has grown.", "{count} were here and have grown.", grown)
        parts.append(text.format(count=format_count(grown)))
    if outcome.present:
        text = ngettext("{count} was here already.", "{count} were here already.", outcome.present)
        parts.append(text.format(count=format_count(outcome.present)))
    if not parts:
        parts.append(_("There is no conversation in this file."))
    return join_sentences(*parts, missing_sentence(outcome.missing_images))


def missing_sentence(count: int) -> str:
    """How many images were missing where it was exported; empty if none was."""
    if not count:
        return ""
    text = ngettext("{count} image was lost before.", "{count} images were lost before.", count)
    return text.format(count=format_count(count))

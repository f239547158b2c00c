"""What the gallery shows of its entries, computed from what is known. Pure, apart from the words."""

from collections.abc import Iterable

from desktop.core.catalog import Model
from desktop.core.edits import Edits
from desktop.core.model import ON_DEVICE, Detail, ImageFacts
from desktop.core.pages import is_animated, is_paged
from desktop.core.planning import plan_new
from desktop.core.problem_text import sentence
from desktop.core.request import NewImage, expand
from desktop.core.text import _, format_count, format_pixels, format_tokens
from desktop.ui.composer.state import detail_name
from desktop.ui.gallery.items import Tile
from desktop.ui.gallery_state import Entry

SENT_AS_THEY_ARE = frozenset({"PNG", "JPEG", "WEBP", "GIF", "PDF"})
"""Formats that every picture program shows; the badge of the others says that they are converted."""


def tile(entry: Entry, *, model: Model, detail: Detail, in_conversation: frozenset[str]) -> Tile:
    """The tile of an entry.

    Args:
        entry: it.
        model: the chosen model.
        detail: of entries that have none of their own.
        in_conversation: `ImageFacts.source_id` of what was sent in the conversation at hand.
    """
    facts = entry.facts
    return Tile(
        key=entry.key,
        name=entry.name,
        path=entry.path,
        state="ready" if facts else "unusable" if entry.problem else "loading",
        pixels=format_pixels(*entry.edits.size(facts.width_px, facts.height_px)) if facts else "",
        cost=_cost(entry, model, detail),
        badge=" · ".join(badges(entry, on_device=model.id == ON_DEVICE)),
        reason=sentence(entry.problem) if entry.problem else "",
        in_conversation=facts is not None and facts.source_id in in_conversation,
    )


def tokens_of(entries: Iterable[Entry], *, model: Model, detail: Detail) -> int | None:
    """Tokens of all that would be sent for these; None if some are unknown."""
    total = 0
    for entry in entries:
        if entry.facts is None:
            continue
        new = NewImage(image=entry.facts, detail=entry.detail or detail, edits=entry.edits)
        for part in expand(new):
            tokens = plan_new(model, part).tokens
            if tokens is None:
                return None
            total += tokens
    return total


def badges(entry: Entry, *, on_device: bool) -> list[str]:
    """What differs for this image, the weightiest first; nothing is removed or converted on this computer."""
    facts = entry.facts
    if facts is None:
        return []
    said = [*_edited(entry.edits), *_page(facts)]
    if on_device:
        return said
    if entry.detail is not None:
        said.append(detail_name(entry.detail))
    if facts.position is not None:
        said.append(_("GPS removed"))
    if facts.format not in SENT_AS_THEY_ARE and not is_paged(facts):
        said.append(_("converted"))
    return said


def _edited(edits: Edits) -> list[str]:
    said = []
    if edits.region is not None:
        said.append(_("part"))
    if edits.blackouts:
        said.append(_("blacked out"))
    if edits.crop is not None:
        said.append(_("cropped"))
    if edits.marks or edits.quarter_turns:
        said.append(_("edited"))
    if edits.longest_px is not None:
        said.append(_("shrunk"))
    return said


def _page(facts: ImageFacts) -> list[str]:
    if is_paged(facts):
        text = _("page {page} of {pages}")
        return [text.format(page=format_count(facts.page + 1), pages=format_count(facts.frames))]
    if is_animated(facts):
        text = _("frame {frame} of {frames}")
        return [text.format(frame=format_count(facts.page + 1), frames=format_count(facts.frames))]
    return []


def _cost(entry: Entry, model: Model, detail: Detail) -> str:
    if entry.facts is None or model.id == ON_DEVICE:
        return ""
    new = NewImage(image=entry.facts, detail=entry.detail or detail, edits=entry.edits)
    if any(plan_new(model, part).rejected for part in expand(new)):
        return _("too large")
    return format_tokens(tokens_of([entry], model=model, detail=detail))

"""What the gallery shows of its entries, computed from what is known when a tile is painted."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime

from desktop.core.arranging import Steps
from desktop.core.asked import Asked
from desktop.core.catalog import Model
from desktop.core.edits import Edits
from desktop.core.estimate import NOTHING_LEARNED, with_learned
from desktop.core.ledger import Learned
from desktop.core.model import ON_DEVICE, Detail, ImageFacts
from desktop.core.near_copies import NearCopies
from desktop.core.pages import is_animated, is_paged
from desktop.core.planning import plan_new
from desktop.core.problem_text import sentence
from desktop.core.problems import Code
from desktop.core.request import NewImage, expand
from desktop.core.text import (
    _,
    format_count,
    format_pixels,
    format_price,
    format_size,
    format_tokens,
    join_list,
    ngettext,
    printable,
)
from desktop.ui.choice import Choice
from desktop.ui.composer.state import detail_name
from desktop.ui.composing import SEPARATOR
from desktop.ui.dates import full_date
from desktop.ui.gallery.items import Tile, TileState
from desktop.ui.gallery.model import Source
from desktop.ui.gallery_state import Entry, GalleryState

SENT_AS_THEY_ARE = frozenset({"PNG", "JPEG", "WEBP", "GIF", "PDF"})
"""Formats that every picture program shows; the badge of the others says that they are converted."""
_MOST_NAMED = 3
_STEP = 100


class GalleryTiles:
    """Makes tiles of entries, and tells the view what it needs to know of images.

    Attributes:
        in_conversation: `ImageFacts.source_id` of what was sent in the conversation at hand.
        asked: what was asked about images before, by `ImageFacts.source_id`.
        copies: which images are the same or nearly.
    """

    def __init__(self, state: GalleryState, choice: Choice) -> None:
        self._state = state
        self._choice = choice
        self.in_conversation: frozenset[str] = frozenset()
        self.asked: Mapping[str, Asked] = {}
        self.copies = NearCopies()

    def source(self) -> Source:
        """What the gallery's model asks."""
        return Source(tile=self.tile, name=self.name, is_usable=self.is_usable, is_loading=self.is_loading)

    def name(self, key: int) -> str:
        """The name of a file."""
        return printable(self._state.entries[key].path.name)

    def is_usable(self, key: int) -> bool:
        """Whether an image can be in a question."""
        entry = self._state.entries.get(key)
        return entry is not None and entry.problem is None

    def is_loading(self, key: int) -> bool:
        """Whether an image is still looked at."""
        entry = self._state.entries.get(key)
        return entry is not None and entry.facts is None and entry.problem is None

    def tile(self, key: int) -> Tile:
        """The tile of an entry."""
        entry = self._state.entries[key]
        facts, model = entry.facts, self._choice.model
        asked = self.asked_about(entry)
        return Tile(
            key=key,
            name=entry.name,
            path=entry.path,
            state=_state(entry),
            pixels=format_pixels(*entry.edits.size(facts.width_px, facts.height_px)) if facts else "",
            cost=_cost(entry, model, self._choice.detail, self._choice.learned(model)),
            badge=SEPARATOR.join([*badges(entry, on_device=model.id == ON_DEVICE), *self._copy_badge(key)]),
            reason=sentence(entry.problem) if entry.problem else "",
            about=about(facts) if facts else "",
            in_conversation=facts is not None and facts.source_id in self.in_conversation,
            asked=asked_text(asked) if asked else "",
            told=(*(asked_lines(asked) if asked else ()), *self._copy_lines(key)),
        )

    def asked_about(self, entry: Entry) -> Asked | None:
        """What was asked about an entry before; None if nothing was."""
        return self.asked.get(entry.facts.source_id) if entry.facts else None

    def _copy_badge(self, key: int) -> list[str]:
        same, near = self.copies.copies_of(key)
        return [_("duplicate")] if same else [_("similar")] if near else []

    def _copy_lines(self, key: int) -> list[str]:
        same, near = self.copies.copies_of(key)
        lines = []
        for keys, words in ((same, _("Same file as {names}")), (near, _("Looks like {names}"))):
            if keys:
                names = [
                    self._state.entries[other].name
                    for other in keys[:_MOST_NAMED]
                    if other in self._state.entries
                ]
                more = len(keys) - len(names)
                listed = join_list(names) + (f" +{format_count(more)}" if more else "")
                lines.append(words.format(names=listed))
        return lines


def _state(entry: Entry) -> TileState:
    if entry.facts is not None:
        return "ready"
    if entry.problem is None:
        return "loading"
    return "missing" if entry.problem.code is Code.IMAGE_MISSING else "unusable"


def asked_text(asked: Asked) -> str:
    """What an image has cost so far, for its tile: a price, or how often it was asked about."""
    if asked.cost_usd:
        return format_price(asked.cost_usd)
    return _("asked")


def asked_lines(asked: Asked) -> list[str]:
    """The same in whole words, for the tip."""
    times = ngettext("Asked about once", "Asked about {count} times", asked.times)
    line = times.format(count=format_count(asked.times))
    if asked.cost_usd is not None:
        line = SEPARATOR.join((line, _("{price} so far").format(price=format_price(asked.cost_usd))))
    return [line]


def about(facts: ImageFacts) -> str:
    """``PNG · 214 KB · 3 October 2026``."""
    return SEPARATOR.join((facts.format, format_size(facts.file_bytes), full_date(day_of(facts))))


def day_of(facts: ImageFacts) -> date:
    """The day on which a picture was taken, as its file tells it; else when the file was changed."""
    try:
        return datetime.strptime((facts.taken_at or "")[:10], "%Y:%m:%d").date()  # noqa: DTZ007 - a camera's own
    except ValueError:
        return datetime.fromtimestamp(facts.modified_ns / 1e9, UTC).astimezone().date()


def sum_tokens(
    entries: Iterable[Entry], *, model: Model, detail: Detail, learned: Learned = NOTHING_LEARNED
) -> Steps[int | None]:
    """Tokens of all that would be sent for these, added up in steps; None if some are unknown."""
    total = 0
    for at, entry in enumerate(entries, start=1):
        if at % _STEP == 0:
            yield
        if entry.facts is None:
            continue
        new = NewImage(image=entry.facts, detail=entry.detail or detail, edits=entry.edits)
        for part in expand(new):
            tokens = with_learned(plan_new(model, part), model, learned).tokens
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


def tokens_for(
    entry: Entry, *, model: Model, detail: Detail, learned: Learned = NOTHING_LEARNED
) -> int | None:
    """Tokens of all that would be sent for one entry; None if they are unknown, or it would be refused.

    Args:
        entry: in the gallery.
        model: who would be asked.
        detail: of entries without one of their own.
        learned: what bills taught about the model, as the chips have it.
    """
    if entry.facts is None:
        return None
    new = NewImage(image=entry.facts, detail=entry.detail or detail, edits=entry.edits)
    total = 0
    for part in expand(new):
        plan = with_learned(plan_new(model, part), model, learned)
        if plan.rejected or plan.tokens is None:
            return None
        total += plan.tokens
    return total


def _cost(entry: Entry, model: Model, detail: Detail, learned: Learned) -> str:
    if entry.facts is None or model.id == ON_DEVICE:
        return ""
    new = NewImage(image=entry.facts, detail=entry.detail or detail, edits=entry.edits)
    if any(plan_new(model, part).rejected for part in expand(new)):
        return _("too large")
    return format_tokens(tokens_for(entry, model=model, detail=detail, learned=learned))

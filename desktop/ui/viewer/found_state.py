"""What was found in the picture on this computer, and what may trouble the model, ready to be shown. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from desktop.core.edits import Area, Edits
from desktop.core.found_text import PageCode, PageText
from desktop.core.model import Detail
from desktop.core.sensitive import Kind, Suggestion, suggestions
from desktop.core.text import _, format_count, join_list, join_sentences, ngettext
from desktop.core.weaknesses import Weakness, WeakSpot, picture_warnings, prompt_warnings, undismissed
from desktop.ui.composer.state import detail_name
from desktop.ui.viewer.figures import Viewed


@dataclass(frozen=True, slots=True, kw_only=True)
class Warned:
    """A weakness of models that matters here.

    Attributes:
        id: names it in `Settings.dismissed`.
        text: a sentence.
        action: text of the button that helps; empty for none.
        detail: the level at which it would be well.
        quarter_turns: clockwise turns that would help.
    """

    id: str
    text: str
    action: str = ""
    detail: Detail | None = None
    quarter_turns: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundState:
    """What the lower part of the panel shows.

    Attributes:
        offered: the section is shown at all.
        busy: the picture is being read.
        failed: why it could not be read; empty if it could.
        text: lines in reading order.
        codes: what they hold.
        boxes: the outlines are shown on the picture.
        summary: ``2 e-mail addresses, 1 card number``; empty without suggestions.
        suggestions: each to be confirmed.
        warnings: weaknesses that matter here.
    """

    offered: bool = False
    busy: bool = False
    failed: str = ""
    text: str = ""
    codes: tuple[PageCode, ...] = ()
    boxes: bool = True
    summary: str = ""
    suggestions: tuple[Suggestion, ...] = ()
    warnings: tuple[Warned, ...] = ()


def found_state(
    page: PageText | None,
    edits: Edits,
    *,
    busy: bool,
    failed: str,
    boxes: bool,
    warnings: Sequence[Warned] = (),
) -> FoundState:
    """What to show of a page; what is blacked out already is not suggested again.

    Args:
        page: what was found; None before it is known.
        edits: what was done to the picture.
        busy: it is being read.
        failed: why it could not be read.
        boxes: the outlines are shown on the picture.
        warnings: weaknesses that matter here.
    """
    left = open_suggestions(page, edits)
    return FoundState(
        offered=True,
        busy=busy,
        failed=failed,
        text=page.text if page else "",
        codes=page.codes if page else (),
        boxes=boxes,
        summary=summary(left),
        suggestions=left,
        warnings=tuple(warnings),
    )


def warnings_for(
    viewed: Viewed, page: PageText | None, *, prompt: str, dismissed: frozenset[str]
) -> tuple[Warned, ...]:
    """What the model may see badly in this picture, or answer badly to ``prompt``; not what was dismissed."""
    spots = (*picture_warnings(viewed.model, viewed.new, page), *prompt_warnings(viewed.model, prompt))
    return tuple(_warned(spot, viewed.detail) for spot in undismissed(spots, dismissed))


def _warned(spot: WeakSpot, level: Detail) -> Warned:
    if spot.detail is not None:
        action = _("Use {detail}").format(detail=detail_name(spot.detail))
    else:
        action = _("Turn the picture") if spot.quarter_turns else ""
    text = _small_text(spot, level) if spot.kind is Weakness.SMALL_TEXT else spot.sentence
    return Warned(
        id=spot.kind.value, text=text, action=action, detail=spot.detail, quarter_turns=spot.quarter_turns
    )


def _small_text(spot: WeakSpot, level: Detail) -> str:
    """As ``Small text (9 px as sent) may not be read at Low. Use High or crop``."""
    if spot.detail is None and not spot.crop:
        return spot.sentence
    what = _("Small text ({height} px as sent) may not be read at {level}.")
    what = what.format(height=spot.parameters["height"], level=detail_name(level))
    if spot.detail is None:
        return join_sentences(what, _("Crop, or ask about a part."))
    return join_sentences(what, _("Use {detail} or crop.").format(detail=detail_name(spot.detail)))


def open_suggestions(page: PageText | None, edits: Edits) -> tuple[Suggestion, ...]:
    """What might be blacked out and is not yet, neither is it cropped away."""
    if page is None:
        return ()
    return tuple(
        suggestion
        for suggestion in _suggestions(page)
        if not any(_covers(area, suggestion.area) for area in edits.blackouts)
        and (edits.crop is None or _meets(edits.crop, suggestion.area))
    )


@lru_cache(maxsize=4)
def _suggestions(page: PageText) -> tuple[Suggestion, ...]:
    return suggestions(page)


def summary(found: Sequence[Suggestion]) -> str:
    """``2 e-mail addresses, 1 card number``."""
    counts = Counter(suggestion.kind for suggestion in found)
    return join_list(_counted(kind, count) for kind, count in counts.items())


def _counted(kind: Kind, count: int) -> str:
    words = {
        Kind.EMAIL: ngettext("{count} e-mail address", "{count} e-mail addresses", count),
        Kind.CARD: ngettext("{count} card number", "{count} card numbers", count),
        Kind.KEY: ngettext("{count} key or password", "{count} keys or passwords", count),
        Kind.PHONE: ngettext("{count} phone number", "{count} phone numbers", count),
        Kind.IBAN: ngettext("{count} bank account", "{count} bank accounts", count),
    }
    return words[kind].format(count=format_count(count))


def _covers(outer: Area, inner: Area) -> bool:
    return (
        outer.left <= inner.left
        and outer.top <= inner.top
        and outer.right >= inner.right
        and outer.bottom >= inner.bottom
    )


def _meets(one: Area, other: Area) -> bool:
    across = one.left < other.right and other.left < one.right
    return across and one.top < other.bottom and other.top < one.bottom

"""Does what a click below the prompt offers, so that a question is not refused."""

from collections.abc import Callable
from dataclasses import replace

from desktop.core.preflight import Fix, FixKind
from desktop.ui.composer_parts import Parts
from desktop.ui.next_question import NextQuestion


def apply_fix(
    parts: Parts, following: NextQuestion, fix: Fix, *, choose_model: Callable[[str], object]
) -> None:
    """Shrink, choose a level or a model, or leave out.

    Args:
        parts: what is at hand.
        following: the question for which the fix was offered.
        fix: one of its findings' fixes.
        choose_model: uses another model from now on.
    """
    gallery = parts.gallery
    entries = {place: following.entry_of(place) for place in fix.new}
    match fix.kind:
        case FixKind.SHRINK:
            for place, longest_px in zip(fix.new, fix.longest_px, strict=True):
                entry = entries[place]
                gallery.set_edits(entry.key, replace(entry.edits, longest_px=longest_px))
        case FixKind.DETAIL:
            for key in {entry.key for entry in entries.values()}:
                gallery.set_detail(key, fix.detail)
        case FixKind.MODEL if fix.model is not None:
            choose_model(fix.model)
        case FixKind.LEAVE_OUT:
            gone = {entry.key for entry in entries.values()}
            gallery.select(key for key in gallery.selection if key not in gone)
            if fix.carried:
                conversation = parts.conversation.current.id
                parts.backend.history.set_left_out(conversation, fix.carried, left_out=True)

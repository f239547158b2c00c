"""The question that the composer shows: which of the selected images it adds, and what each is sent as."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from desktop.core.model import Conversation, Detail, ImageFacts, Message
from desktop.core.request import NewImage, Question, can_be_sent_as_link, edited, expand, new_images
from desktop.ui.gallery_state import Entry


@dataclass(frozen=True, slots=True, kw_only=True)
class Editing:
    """A question that is written anew; its own images go with it.

    Attributes:
        question: as it was asked.
        dropped: ids of its images that do not go with it.
    """

    question: Message
    dropped: frozenset[int] = frozenset()


def new_image(entry: Entry, facts: ImageFacts, detail: Detail, *, once: bool = False) -> NewImage:
    """What an entry adds to a question whose selector says ``detail``; ``once`` is the setting."""
    linked = entry.as_link and can_be_sent_as_link(facts, entry.edits, entry.url)
    return NewImage(
        image=facts,
        detail=entry.detail or detail,
        edits=entry.edits,
        url=entry.url if linked else "",
        once=once if entry.once is None else entry.once,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class NextQuestion:
    """A question, and where its images come from.

    Attributes:
        question: as it would be asked now.
        new: `core.request.new_images` of it: parts and overviews each for themselves.
        entries: the entry of each of ``question.images``.
        places: for each entry the places in ``new`` of what is sent for it.
    """

    question: Question
    new: tuple[NewImage, ...]
    entries: tuple[Entry, ...]
    places: tuple[tuple[int, ...], ...]

    def entry_of(self, place: int) -> Entry:
        """The entry of which the image at ``place`` in ``new`` is sent."""
        return next(entry for entry, places in zip(self.entries, self.places, strict=True) if place in places)


def next_question(
    conversation: Conversation,
    text: str,
    entries: Sequence[Entry],
    *,
    detail: Detail,
    model: str,
    editing: Editing | None = None,
    once: bool = False,
) -> NextQuestion:
    """The question with these selected entries; those that the conversation carries already are left out.

    Args:
        conversation: at hand. A question of it that was never stored is only shown, and not carried.
        text: the prompt.
        entries: usable ones, in order.
        detail: of the entries that have none of their own.
        model: model id.
        editing: the question that it is another version of; None for a new one.
        once: images go with this question only, where their entry does not say otherwise.
    """
    stored = replace(conversation, messages=tuple(m for m in conversation.messages if m.id))
    images = [(entry, new_image(entry, entry.facts, detail, once=once)) for entry in entries if entry.facts]
    if editing is None:
        base = Question(conversation=stored, text=text, model=model)
    else:
        base = edited(stored, editing.question, text=text, model=model, dropped=editing.dropped)
    question = replace(base, images=tuple(image for _entry, image in images))
    new = new_images(question)
    free = {image.key: place for place, image in enumerate(new)}
    kept: list[tuple[Entry, NewImage, tuple[int, ...]]] = []
    for entry, image in images:
        # A picture in two entries is sent for the first of them.
        places = tuple(free.pop(part.key) for part in expand(image) if part.key in free)
        if places:
            kept.append((entry, image, places))
    return NextQuestion(
        question=replace(question, images=tuple(image for _entry, image, _places in kept)),
        new=new,
        entries=tuple(entry for entry, _image, _places in kept),
        places=tuple(places for _entry, _image, places in kept),
    )


def bare(question: Question) -> NextQuestion:
    """A question whose images are in no entry."""
    return NextQuestion(question=question, new=new_images(question), entries=(), places=())


def moved(selection: Sequence[int], shown: Sequence[int], key: int, steps: int) -> list[int]:
    """The selection in which an image is some places earlier or later among those that are shown."""
    place = max(0, min(len(shown) - 1, shown.index(key) + steps))
    others = [other for other in selection if other != key]
    before = [other for other in shown if other != key][place:]
    at = others.index(before[0]) if before else len(others)
    return [*others[:at], key, *others[at:]]

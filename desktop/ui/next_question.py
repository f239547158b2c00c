"""The question that the composer shows: which of the selected images it adds, and what each is sent as."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from desktop.core.model import Conversation, Detail, ImageFacts
from desktop.core.request import NewImage, Question, can_be_sent_as_link, expand, new_images
from desktop.ui.gallery_state import Entry


def new_image(entry: Entry, facts: ImageFacts, detail: Detail) -> NewImage:
    """What an entry adds to a question whose selector says ``detail``."""
    linked = entry.as_link and can_be_sent_as_link(facts, entry.edits, entry.url)
    return NewImage(
        image=facts,
        detail=entry.detail or detail,
        edits=entry.edits,
        url=entry.url if linked else "",
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
    conversation: Conversation, text: str, entries: Sequence[Entry], *, detail: Detail, model: str
) -> NextQuestion:
    """The question with these selected entries; those that the conversation carries already are left out.

    Args:
        conversation: at hand. A question of it that was never stored is only shown, and not carried.
        text: the prompt.
        entries: usable ones, in order.
        detail: of the entries that have none of their own.
        model: model id.
    """
    stored = replace(conversation, messages=tuple(m for m in conversation.messages if m.id))
    images = [(entry, new_image(entry, entry.facts, detail)) for entry in entries if entry.facts]
    question = Question(
        conversation=stored, text=text, images=tuple(image for _entry, image in images), model=model
    )
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

"""Variables in prompts, ``{name}`` and so on, and what stands for them when the question is asked.

Which images a variable speaks of is decided by `images_of`: those that the question adds, or, where it
adds none, those that the conversation carries. Of several images, names are a list; width and height are one
number where all images have it, else a list in the images' order; texts stand below the names of their
images, those without a text left out.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from desktop.core.edits import Area, Edits
from desktop.core.found_text import FoundLine, PageCode, PageText, bounds, searchable
from desktop.core.model import ImageFacts
from desktop.core.pages import picture_name
from desktop.core.request import Question
from desktop.core.text import _, join_list, marked

_LINE_SLACK = 0.25
"""A line may reach beyond what is sent by this part of its height: corners are not exact."""


class Variable(StrEnum):
    """What can stand in braces."""

    NAME = "name"
    WIDTH = "width"
    HEIGHT = "height"
    TEXT = "text"
    DATE = "date"
    COUNT = "count"


VARIABLE_HINTS: Mapping[Variable, str] = {
    Variable.NAME: marked("the file’s name"),
    Variable.WIDTH: marked("width in pixels"),
    Variable.HEIGHT: marked("height in pixels"),
    Variable.TEXT: marked("the text read on this computer"),
    Variable.DATE: marked("today’s date"),
    Variable.COUNT: marked("how many images"),
}
"""What each gives, in a few words."""

_NAMES = "|".join(Variable)
_IN_BRACES = re.compile(rf"\{{\{{({_NAMES})\}}\}}|\{{({_NAMES})\}}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pictured:
    """One image as variables tell it; made by `pictured`.

    Attributes:
        name: the file's name without its folder, one printable line.
        width_px: width in pixels after cropping and turning.
        height_px: height in pixels after cropping and turning.
        text: what was read on it; empty if nothing was found or it was not read.
    """

    name: str
    width_px: int
    height_px: int
    text: str = ""


@dataclass(frozen=True, slots=True)
class Meant:
    """An image that the next question is about: its page and what was done to it."""

    facts: ImageFacts
    edits: Edits


def pictured(image: Meant, text: str = "") -> Pictured:
    """What variables may tell of an image: nothing else of its facts, so no folder and no position."""
    width_px, height_px = image.edits.size(image.facts.width_px, image.facts.height_px)
    return Pictured(name=picture_name(image.facts), width_px=width_px, height_px=height_px, text=text)


def images_meant(new: Sequence[Meant], carried: Sequence[Meant]) -> tuple[Meant, ...]:
    """The images that variables speak of: the new ones, else those that are carried, each once.

    An overview that goes with a part is no image of its own.
    """
    return tuple(dict.fromkeys(image for image in (new or carried) if not image.edits.overview))


def images_of(question: Question) -> tuple[Meant, ...]:
    """The images that the variables of a question speak of."""
    kept = [Meant(attachment.image, attachment.edits) for attachment in question.kept]
    added = [Meant(image.image, image.edits) for image in question.images]
    carried = [Meant(a.image, a.edits) for a in question.conversation.carried()]
    return images_meant([*kept, *added], carried)


def variables(text: str) -> frozenset[Variable]:
    """Which variables a prompt has."""
    if "{" not in text:
        return frozenset()
    return frozenset(Variable(found[2]) for found in _IN_BRACES.finditer(text) if found[2])


def spans(text: str) -> Iterable[tuple[int, int, Variable]]:
    """Where variables stand: begin, end, and which."""
    for found in _IN_BRACES.finditer(text):
        if found[2]:
            yield found.start(), found.end(), Variable(found[2])


def fill(text: str, images: Sequence[Pictured], *, today: date) -> str:
    """The prompt with what its variables stand for.

    ``{{name}}`` is the plain word ``{name}``. All other braces stay as they are, doubled ones too: a prompt
    may hold JSON. What is filled in is never looked at again, so braces in a text or a name do nothing.

    Args:
        text: the prompt.
        images: those of `images_of`, in order. With none, all that is about images is empty.
        today: the day on this computer.
    """
    if "{" not in text:
        return text
    values: dict[str, str] = {}

    def value(found: re.Match[str]) -> str:
        plain, name = found[1], found[2]
        if plain:
            return f"{{{plain}}}"
        if name not in values:
            values[name] = _value(Variable(name), images, today)
        return values[name]

    return _IN_BRACES.sub(value, text)


def escaped(text: str) -> str:
    """A text that `fill` gives back as it is: for one that was filled already and is asked again."""
    return _IN_BRACES.sub(lambda found: f"{{{found[0]}}}", text)


def _value(variable: Variable, images: Sequence[Pictured], today: date) -> str:
    match variable:
        case Variable.NAME:
            return join_list(image.name for image in images)
        case Variable.WIDTH:
            return _lengths([image.width_px for image in images])
        case Variable.HEIGHT:
            return _lengths([image.height_px for image in images])
        case Variable.TEXT:
            return _texts(images)
        case Variable.DATE:
            return today.isoformat()
        case Variable.COUNT:
            return str(len(images))


def _lengths(lengths: Sequence[int]) -> str:
    return join_list(map(str, lengths[:1] if len(set(lengths)) == 1 else lengths))


def _texts(images: Sequence[Pictured]) -> str:
    if len(images) == 1:
        return images[0].text
    template = _("{name}:\n{text}")
    return "\n\n".join(template.format(name=i.name, text=i.text) for i in images if i.text)


def hides_text(edits: Edits) -> bool:
    """Whether something of the page is not sent, so that its whole text must not be sent either."""
    return bool(edits.blackouts) or edits.crop is not None


def sent_text(page: PageText, edits: Edits) -> str:
    """What was read on a page, without what is blacked out or cropped away.

    A line that a black area touches is left out whole, and so is one that reaches out of the crop: what of it
    would stay cannot be told.
    """
    if not hides_text(edits):
        return searchable(page)
    lines = [line.text for line in page.lines if _is_sent(line, edits)]
    codes = [code.text for code in page.codes if _is_sent(code, edits)]
    return "\n".join(filter(None, (*lines, *codes)))


def _is_sent(found: FoundLine | PageCode, edits: Edits) -> bool:
    left, top, right, bottom = bounds(found.corners)
    box = Area(int(left), int(top), int(right) + 1, int(bottom) + 1)
    if any(area.overlap(box) for area in edits.blackouts):
        return False
    slack = round(_LINE_SLACK * min(box.width_px, box.height_px))
    return edits.crop is None or _contains(edits.crop, box, slack)


def _contains(outer: Area, inner: Area, slack: int) -> bool:
    return (
        outer.left - slack <= inner.left
        and outer.top - slack <= inner.top
        and outer.right + slack >= inner.right
        and outer.bottom + slack >= inner.bottom
    )

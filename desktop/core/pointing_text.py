"""Finds the boxes and points in the text of an answer: JSON, models' own marks, and words before numbers.

Linear in the length of the text, and bounded: nothing is read beyond 200,000 characters, and JSON is tried at
so many brackets only. Code in other languages than JSON is passed over.
"""

import json
import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import islice
from typing import Any, NoReturn

from desktop.core.pointing import MOST_PLACES, Place, Pointing, Scale, decided_scale
from desktop.core.pointing_json import box_of_numbers, places_in_value

_MOST_CHARS = 200_000
_MOST_TRIES = 60
_MOST_JSON = 5_000
_OPENING = re.compile(r"[\[{]")
_LABEL_CHARS = 120
_FENCE = re.compile(r"```[ \t]{0,4}([\w+-]{0,20})[^\n]{0,80}\n(.*?)(?:```|\Z)", re.DOTALL)
_NUMBER = r"-?\d{1,7}(?:\.\d{1,12})?"
_NUMBERS = re.compile(_NUMBER)
_MARKED = re.compile(r"<(?:box|\|box_start\||\|det\|)>([^<]{1,600})<")
_LABELLED = re.compile(r"<(?:ref|\|object_ref_start\||\|ref\|)>([^<]{0,200})<[^>\n]{0,24}>\s{0,4}$")
_PALIGEMMA = re.compile(r"((?:<loc\d{4}>){4})[ \t]{0,4}([^<;\n]{0,120})")
_FLORENCE = re.compile(r"(?:<loc_\d{1,3}>){4}")
_MOLMO = re.compile(r"<points?\s([^<>]{1,20000})>(?:([^<]{0,200})</points?>)?")
_ATTRIBUTE = re.compile(
    rf"\b(x|y)(\d{{0,3}})\s?=\s?[\"']\s?({_NUMBER})\s?[\"']|\balt\s?=\s?\"([^\"]{{0,200}})\""
)
_BOX_WORDS = (
    r"\b(?:bbox(?:_2d)?|box|bounding[ _]box|region|rectangle|coordinates?|corners?)\b|边界框|方框|坐标"
)
_POINT_WORDS = r"\b(?:point|click|cent(?:er|re)|location|position|located)\b|位置|中心|坐标"
_BOX_LINE = re.compile(
    rf"(?:{_BOX_WORDS})[^\[(\d\n]{{0,40}}[\[(]+\s?({_NUMBER}(?:\s?[,;]\s?[\[(]?\s?{_NUMBER}\s?[\])]?){{3}})\s?[\])]",
    re.IGNORECASE,
)
_POINT_LINE = re.compile(
    rf"(?:{_POINT_WORDS})[^\[(\d\n]{{0,40}}[\[(]\s?({_NUMBER}\s?[,;]\s?{_NUMBER})\s?[\])]", re.IGNORECASE
)
_JOINING = re.compile(r"(?:\b(?:is|are|at|in|the|its|has|with|of|a)\s*)+$", re.IGNORECASE)
_MARKDOWN = re.compile(r"[*_`#>|]+|^\s*(?:[-+•]|\d{1,3}[.)])\s+")


@lru_cache(maxsize=64)
def find_pointing(
    text: str, *, model: str = "", sent_px: tuple[int, int] | None = None, asked: str = ""
) -> Pointing | None:
    """The places that an answer names; None if it names none.

    Args:
        text: the answer.
        model: id of the model that answered, for its scale.
        sent_px: width and height of the sent image, if it is known which one is meant.
        asked: what was asked for, which may say what the numbers are to count.
    """
    places = list(islice(_places(text[:_MOST_CHARS]), MOST_PLACES + 1_000))
    if not places:
        return None
    scale, assumed = decided_scale(places, text=f"{_words_of(text)} {asked}", model=model, sent_px=sent_px)
    return Pointing(
        places=tuple(places[:MOST_PLACES]),
        scale=scale,
        assumed=assumed,
        left_out=max(0, len(places) - MOST_PLACES),
    )


def _places(text: str) -> Iterator[Place]:
    if not any(sign in text for sign in "[(<{"):
        return
    rest: list[str] = []
    at = 0
    for fence in _FENCE.finditer(text):
        rest.append(text[at : fence.start()])
        at = fence.end()
        if fence[1].lower() in ("", "json", "jsonc", "xml", "text", "txt", "markdown", "md"):
            yield from _in_part(fence[2])
    rest.append(text[at:])
    for part in rest:
        yield from _in_part(part)


def _in_part(text: str) -> Iterator[Place]:
    """What is in JSON first, and in what is left of the text then."""
    left: list[str] = []
    at = 0
    for start, end, value in _json_in(text):
        places = list(places_in_value(value))
        yield from places
        # A bare list of numbers may belong to the words before it.
        if places or not _is_numbers(value):
            left.append(text[at:start])
            at = end
    left.append(text[at:])
    rest = "\n".join(left)
    yield from _of_marks(rest)
    for line in _MARKED.sub(" ", rest).split("\n"):
        if len(line) <= 2000:
            yield from _of_line(line)


def _json_in(text: str) -> Iterator[tuple[int, int, Any]]:
    """JSON objects and lists in a text; one that is cut off is read by its parts."""
    decoder = json.JSONDecoder(parse_constant=_no_constant)
    at, failed = 0, 0
    for _found in range(_MOST_JSON):
        opening = _OPENING.search(text, at)
        if opening is None or failed > _MOST_TRIES:
            return
        start = opening.start()
        try:
            value, at = decoder.raw_decode(text, start)
        except (ValueError, RecursionError):
            # It may have been read to the end of the text.
            at, failed = start + 1, failed + 1
            continue
        yield start, at, value


def _is_numbers(value: Any) -> bool:  # noqa: ANN401 - JSON is any
    return isinstance(value, list) and not any(isinstance(part, dict | str) for part in value)


def _of_marks(text: str) -> Iterator[Place]:
    if "<" not in text:
        return
    for found in _MARKED.finditer(text):
        named = _LABELLED.search(text[max(0, found.start() - 260) : found.start()])
        numbers = [float(number) for number in _NUMBERS.findall(found[1])]
        for first in range(0, len(numbers) - 3, 4):
            yield from _made(numbers[first : first + 4], named[1] if named else "")
    for found in _PALIGEMMA.finditer(text):
        top, left, bottom, right = (int(number) * 1000 / 1024 for number in re.findall(r"\d{4}", found[1]))
        yield from _made([left, top, right, bottom], found[2])
    for found in _FLORENCE.finditer(text):
        numbers = [int(number) * 1000 / 999 for number in re.findall(r"_(\d{1,3})", found[0])]
        before = text[max(0, found.start() - _LABEL_CHARS) : found.start()]
        yield from _made(numbers, re.split(r"[<>\n]", before)[-1])
    for found in _MOLMO.finditer(text):
        yield from _of_molmo(found[1], found[2] or "")


def _of_molmo(attributes: str, inner: str) -> Iterator[Place]:
    axes: dict[tuple[str, str], float] = {}
    label = inner
    for axis, number, value, alt in _ATTRIBUTE.findall(attributes):
        if axis:
            axes[axis, number] = float(value)
        else:
            label = alt
    for axis, number in axes:
        if axis == "x" and ("y", number) in axes:
            x, y = axes["x", number], axes["y", number]
            yield from _made([x, y, x, y], label, Scale.PERCENT)


def _of_line(line: str) -> Iterator[Place]:
    """Numbers in brackets behind a word that announces them; what stands before that is the label."""
    found = False
    for match in _BOX_LINE.finditer(line):
        found = True
        numbers = [float(number) for number in _NUMBERS.findall(match[1])]
        yield from _made(numbers, _label(line[: match.start()]), None)
    if not found:
        for match in _POINT_LINE.finditer(line):
            x, y = (float(number) for number in _NUMBERS.findall(match[1]))
            yield from _made([x, y, x, y], _label(line[: match.start()]), None)


def _made(numbers: list[float], label: str, told: Scale | None = Scale.THOUSANDTHS) -> Iterator[Place]:
    place = box_of_numbers(numbers, label=label.strip()[:_LABEL_CHARS], told=told)
    if place is not None:
        yield place


def _label(before: str) -> str:
    """What is announced: the words of the line, without Markdown and what joins them to the numbers."""
    words = re.split(r"[.!?;\])]\s", _MARKDOWN.sub(" ", before))[-1]
    words = _JOINING.sub("", words.strip(" :–—-,("))
    return " ".join(words.split()).strip(" :–—-,(")[-_LABEL_CHARS:]


def _words_of(text: str) -> str:
    """The answer without what is in fences, for what it says about its numbers."""
    return _FENCE.sub(" ", text[:_MOST_CHARS])[:5000]


def _no_constant(_name: str) -> NoReturn:
    raise ValueError

"""Boxes and points in a JSON value, in the forms that models are known for.

What is taken: ``bbox_2d`` and ``point_2d`` (Qwen, GLM); ``box_2d`` and ``point`` as lists, which are Gemini's
and have y first; ``bbox``, ``box``, ``bounding_box`` and the like as four numbers, as two corners, or as an
object with x, y, width and height or with four sides; and points as an object with x and y below a name that
means a place. An object that has x and y alone is not taken: it may be a point of a chart.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from desktop.core.pointing import Place, Scale

_MOST_VALUES = 20_000
_MOST_NUMBER = 1_000_000
_LABEL_CHARS = 120

_Y_FIRST_BOXES = frozenset({"box_2d", "box2d"})
_BOXES = frozenset(
    {
        "bbox",
        "bbox_2d",
        "box",
        "boxes",
        "bboxes",
        "bounding_box",
        "bounding_boxes",
        "boundingbox",
        "rect",
        "rectangle",
    }
) | {"bbox_xyxy", "region", "coordinates", "coords"}
_POINTS = frozenset({"point_2d", "points_2d"})
_Y_FIRST_POINTS = frozenset({"point"})
_POINT_NAMES = (
    _POINTS | _Y_FIRST_POINTS | {"points", "center", "centre", "click", "location", "position", "keypoints"}
)
_LABELS = (
    "label",
    "name",
    "object",
    "class",
    "category",
    "text_content",
    "text",
    "title",
    "description",
    "alt",
)
_IMAGES = (
    "image",
    "image_index",
    "image_number",
    "image_id",
    "image_name",
    "file",
    "filename",
    "file_name",
    "page",
)
_SIDES = (
    ("x0", "y0", "x1", "y1"),
    ("x1", "y1", "x2", "y2"),
    ("xmin", "ymin", "xmax", "ymax"),
    ("x_min", "y_min", "x_max", "y_max"),
    ("left", "top", "right", "bottom"),
)
_SIZES = (("x", "y", "width", "height"), ("x", "y", "w", "h"), ("left", "top", "width", "height"))
_NUMBER = re.compile(r"-?\d{1,7}(?:\.\d{1,12})?")


@dataclass(frozen=True, slots=True)
class _Around:
    """What the objects around a value say."""

    label: str = ""
    image: int | str | None = None
    name: str = ""


def places_in_value(value: Any) -> Iterator[Place]:  # noqa: ANN401 - JSON is any
    """The places in a JSON value, in its order; looks at 20,000 values at the most."""
    todo: list[tuple[Any, _Around]] = [(value, _Around())]
    seen = 0
    while todo and seen < _MOST_VALUES:
        found, around = todo.pop()
        seen += 1
        inner: list[tuple[Any, _Around]] = []
        if isinstance(found, Mapping):
            around = _with_words(found, around)
            own = _of_object(found, around)
            if own is not None:
                yield own
                continue
            for name, part in found.items():
                places = _of_named(_plain(name), part, around)
                if places is None:
                    inner.append((part, replace(around, name=_plain(name))))
                else:
                    yield from places
        elif isinstance(found, list):
            inner = [(part, around) for part in found[:_MOST_VALUES]]
        todo += reversed(inner)


def box_of_numbers(numbers: list[float], **more: Any) -> Place | None:  # noqa: ANN401 - attributes of a place
    """A place of four numbers, x first; None if they are no numbers of a place."""
    if len(numbers) != 4 or not all(map(_is_usable, numbers)):
        return None
    left, top, right, bottom = numbers
    return Place(left=left, top=top, right=right, bottom=bottom, **more)


def _of_named(name: str, value: Any, around: _Around) -> list[Place] | None:  # noqa: ANN401 - JSON is any
    """The places behind a name; None if the name or the value means none."""
    words: dict[str, Any] = {"label": around.label, "image": around.image}
    y_first = name in _Y_FIRST_BOXES or (name in _Y_FIRST_POINTS and not isinstance(value, Mapping))
    told = Scale.THOUSANDTHS if y_first else None
    if name in _Y_FIRST_BOXES or name in _BOXES:
        lists = [numbers for numbers in _number_lists(value, 4) if numbers]
        made = [box_of_numbers(numbers, told=told, **words) for numbers in lists]
    elif name in _POINTS or name in _Y_FIRST_POINTS:
        lists = _number_lists(value, 2)
        made = [box_of_numbers([*numbers, *numbers], told=told, **words) for numbers in lists]
    else:
        return None
    places = [place.swapped() if y_first else place for place in made if place is not None]
    return _as_corners(places) or None


def _as_corners(places: list[Place]) -> list[Place]:
    """COCO's boxes are x, y, width, height: taken so where one of them cannot be corners."""
    if any(place.right < place.left or place.bottom < place.top for place in places):
        return [
            replace(place, right=place.left + place.right, bottom=place.top + place.bottom)
            for place in places
        ]
    return places


def _of_object(found: Mapping[Any, Any], around: _Around) -> Place | None:
    """The place that an object itself is."""
    numbers = {_plain(name): _number(value) for name, value in found.items()}
    words: dict[str, Any] = {"label": around.label, "image": around.image}
    for names in _SIZES:
        left, top, width, height = (numbers.get(name) for name in names)
        if left is not None and top is not None and width is not None and height is not None:
            return box_of_numbers([left, top, left + width, top + height], **words)
    for names in _SIDES:
        sides = [side for side in map(numbers.get, names) if side is not None]
        if len(sides) == 4:
            return box_of_numbers(sides, **words)
    x, y = numbers.get("x"), numbers.get("y")
    if around.name in _POINT_NAMES and x is not None and y is not None:
        return box_of_numbers([x, y, x, y], **words)
    return None


def _number_lists(value: Any, count: int) -> list[list[float]]:  # noqa: ANN401 - JSON is any
    """The lists of so many numbers in a value: itself, or each in it; two corners are four numbers."""
    if isinstance(value, str) and len(value) <= 100:
        value = [float(number) for number in _NUMBER.findall(value)]
    if not isinstance(value, list):
        return []
    numbers = [_number(part) for part in value[:_MOST_VALUES]]
    if len(value) == count and all(number is not None for number in numbers):
        return [[number for number in numbers if number is not None]]
    lists = [part for part in value[:_MOST_VALUES] if isinstance(part, list)]
    if count == 4 and len(lists) == len(value) == 2 and all(len(part) == 2 for part in lists):
        return _number_lists([*lists[0], *lists[1]], 4)
    return [inner for part in lists for inner in (_number_lists(part, count) if len(part) == count else [])]


def _with_words(found: Mapping[Any, Any], around: _Around) -> _Around:
    """What an object says about itself, or what stands around it."""
    texts = {_plain(name): value for name, value in found.items() if isinstance(value, str | int)}
    label = next((str(texts[name]) for name in _LABELS if isinstance(texts.get(name), str)), around.label)
    image = next((texts[name] for name in _IMAGES if name in texts), around.image)
    if isinstance(image, bool) or image == "":
        image = around.image
    return _Around(label[:_LABEL_CHARS], image, around.name)


def _plain(name: object) -> str:
    return str(name).strip().lower().replace("-", "_").replace(" ", "_")[:40]


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if abs(value) <= _MOST_NUMBER else None


def _is_usable(number: float) -> bool:
    return math.isfinite(number) and abs(number) <= _MOST_NUMBER

"""Where models are known to see badly, said where it matters: small or turned text, panoramas, counting...

Source: OpenAI, "Images and vision", limitations (section 3 of ``OPENAI_VISION.md``). Nothing here is said for
the reader on this computer: it turns pages itself, and names what of a question needs a model.
"""

import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from desktop.core.catalog import Model
from desktop.core.edits import Edits, placement
from desktop.core.found_text import FoundLine, PageText
from desktop.core.model import ON_DEVICE, Detail
from desktop.core.planning import plan_new
from desktop.core.request import NewImage, expand
from desktop.core.text import _, format_count, marked

LEAST_TEXT_PX: Final = 10.0
"""Smaller text, as sent, is often misread."""

_BOX_OF_FONT: Final = 1.2
"""How high the box of a line is, of its font's size: measured with RapidOCR on drawn text of 9 to 64 px."""

_SMALL_SHARE: Final = 0.1
"""Of the characters that are smaller than the height that is told: a page number is not its text."""

_TURNED: Final = math.radians(20)
_TURNED_SHARE: Final = 0.2
_FOREIGN_SHARE: Final = 0.3
_LEAST_CHARACTERS: Final = 8
"""Fewer say nothing about a picture."""

_PANORAMA: Final = 3.0
"""Longer side by shorter side."""


class Weakness(StrEnum):
    """What models see badly. The values are kept in the settings for those that were dismissed."""

    SMALL_TEXT = "small-text"
    TURNED_TEXT = "turned-text"
    FOREIGN_TEXT = "non-latin-text"
    PANORAMA = "panorama"
    MEDICAL = "medical"
    COUNTING = "counting"
    POSITIONS = "positions"
    CHARTS = "charts"


@dataclass(frozen=True, slots=True, kw_only=True)
class WeakSpot:
    """One warning.

    Attributes:
        kind: what it is about; dismissing it dismisses its kind.
        sentence: said to the person, in the language of the window.
        parameters: what the sentence was filled with.
        detail: the cheapest level at which it would be well; None if no level helps.
        crop: showing less of the picture would help.
        quarter_turns: clockwise turns to add that would help; 0 for none.
    """

    kind: Weakness
    sentence: str
    parameters: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    detail: Detail | None = None
    crop: bool = False
    quarter_turns: int = 0


def picture_warnings(model: Model, new: NewImage, found: PageText | None) -> tuple[WeakSpot, ...]:
    """What a model may see badly in a picture as it would be sent; of a region, its part is meant.

    Args:
        model: who is asked.
        new: the picture with its detail and edits.
        found: its text; None if it has not been read, and then only its shape is judged.
    """
    if model.provider == ON_DEVICE:
        return ()
    sent = expand(new)[-1]
    spots = [_panorama(sent)]
    if found is not None:
        lines = [line for line in found.lines if _is_shown(line, sent)]
        spots += [_small_text(model, sent, lines), _turned_text(sent.edits, lines), _foreign_text(lines)]
    return tuple(spot for spot in spots if spot is not None)


def prompt_warnings(model: Model, prompt: str) -> tuple[WeakSpot, ...]:
    """What a model may answer badly, by the words of a question in English or Chinese."""
    if model.provider == ON_DEVICE:
        return ()
    asked = prompt[:20_000]
    return tuple(
        WeakSpot(kind=kind, sentence=_(sentence)) for kind, sentence, words in _PROMPTS if words.search(asked)
    )


def text_height_px(model: Model, new: NewImage, found: PageText) -> float | None:
    """How high the smallest tenth of the text is in the picture as sent, in pixels of its font's size.

    Returns:
        None where there is no text, or the model would refuse the picture.
    """
    sent = expand(new)[-1]
    return _height_as_sent(model, sent, [line for line in found.lines if _is_shown(line, sent)])


def _small_text(model: Model, new: NewImage, lines: Sequence[FoundLine]) -> WeakSpot | None:
    height = _height_as_sent(model, new, lines)
    if height is None or height >= LEAST_TEXT_PX:
        return None
    parameters = {"height": format_count(max(1, round(height)))}
    detail = _readable_detail(model, new, lines)
    if detail is not None:
        sentence = _(
            "Some text is only {height} px high as sent and may be misread. Another level keeps it larger."
        )
    elif _smallest(lines) >= LEAST_TEXT_PX:
        sentence = _(
            "Some text is only {height} px high as sent and may be misread. Crop, or ask about a part."
        )
    else:
        sentence = _("Some text is only {height} px high in the file itself and may be misread.")
    return WeakSpot(
        kind=Weakness.SMALL_TEXT,
        sentence=sentence.format(**parameters),
        parameters=MappingProxyType(parameters),
        detail=detail,
        crop=detail is None and _smallest(lines) >= LEAST_TEXT_PX,
    )


def _readable_detail(model: Model, new: NewImage, lines: Sequence[FoundLine]) -> Detail | None:
    """The cheapest level at which the text is large enough; AUTO only if no named one is as cheap."""
    found: list[tuple[int, bool, Detail]] = []
    for detail in model.details:
        at = replace(new, detail=detail)
        height = _height_as_sent(model, at, lines)
        if detail is not new.detail and height is not None and height >= LEAST_TEXT_PX:
            found.append((plan_new(model, at).tokens or 0, detail is Detail.AUTO, detail))
    return min(found)[2] if found else None


def _height_as_sent(model: Model, new: NewImage, lines: Sequence[FoundLine]) -> float | None:
    plan = plan_new(model, new)
    if not lines or plan.rejected is not None:
        return None
    page_px = new.image.width_px, new.image.height_px
    a, b, _c, d, e, _f = placement(new.edits, page_px, (plan.width_px, plan.height_px))
    return _smallest(lines) * math.sqrt(abs(a * e - b * d))


def _smallest(lines: Sequence[FoundLine]) -> float:
    """The font's size, in pixels of the page, than which only a tenth of the characters are smaller."""
    heights = sorted((line.height_px / _BOX_OF_FONT, _letters(line)) for line in lines)
    left = _SMALL_SHARE * sum(count for _height, count in heights)
    for height, count in heights:
        left -= count
        if left < 0:
            return height
    return heights[-1][0] if heights else math.inf


def _letters(line: FoundLine) -> int:
    return sum(not character.isspace() for character in line.text)


def _is_shown(line: FoundLine, new: NewImage) -> bool:
    """Whether the middle of a piece is neither cropped away nor blacked out."""
    x, y = (sum(corner[axis] for corner in line.corners) / 4 for axis in (0, 1))
    seen = new.edits.visible(new.image.width_px, new.image.height_px)
    inside = seen.left <= x < seen.right and seen.top <= y < seen.bottom
    return inside and not any(
        area.left <= x < area.right and area.top <= y < area.bottom for area in new.edits.blackouts
    )


def _turned_text(edits: Edits, lines: Sequence[FoundLine]) -> WeakSpot | None:
    """Where much of the text does not run from left to right; which turn would put most of it upright."""
    whole = sum(map(_letters, lines))
    turned: dict[int, int] = {}
    off = 0
    for line in lines:
        angle = math.remainder(line.angle + edits.quarter_turns * math.pi / 2, math.tau)
        if abs(angle) > _TURNED and len(line.text) > 1:
            off += _letters(line)
            turn = round(-angle / (math.pi / 2)) % 4
            turned[turn] = turned.get(turn, 0) + _letters(line)
    if off < _LEAST_CHARACTERS or off < _TURNED_SHARE * whole:
        return None
    turn = max(turned, key=lambda turn: turned[turn])
    helps = turn if turned[turn] > whole / 2 else 0
    sentence = (
        _("The text is turned, and models read turned text badly. Turn the picture first.")
        if helps
        else _("Some of the text is turned, and models read turned text badly.")
    )
    return WeakSpot(kind=Weakness.TURNED_TEXT, sentence=sentence, quarter_turns=helps)


def _foreign_text(lines: Iterable[FoundLine]) -> WeakSpot | None:
    letters = [letter for line in lines for letter in line.text if letter.isalpha()]
    foreign = sum(not _is_latin(letter) for letter in letters)
    if foreign < _LEAST_CHARACTERS or foreign < _FOREIGN_SHARE * len(letters):
        return None
    sentence = _("Text in other scripts than Latin is read less well by these models. Check what is quoted.")
    return WeakSpot(kind=Weakness.FOREIGN_TEXT, sentence=sentence)


def _is_latin(letter: str) -> bool:
    return letter.isascii() or unicodedata.name(letter, "").startswith(("LATIN", "FULLWIDTH LATIN"))


def _panorama(new: NewImage) -> WeakSpot | None:
    width, height = new.size_px
    if max(width, height) < _PANORAMA * min(width, height):
        return None
    sentence = _("Models see panoramas and very long pictures badly. Crop, or ask about a part.")
    return WeakSpot(kind=Weakness.PANORAMA, sentence=sentence, crop=True)


def _words(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns), re.IGNORECASE)


_PROMPTS: Final = (
    (
        Weakness.MEDICAL,
        marked(
            "Models are not made for medical pictures such as scans. Do not rely on the answer for advice."
        ),
        _words(
            r"\bx-?rays?\b|\bmri\b|\bct[ -](?:scan|image|slice)s?\b|\bmammogra\w+|\bultrasound\b",
            r"\bradio(?:graph|log)\w*|\bendoscop\w+|\becg\b|\bekg\b|\btumou?rs?\b|\blesions?\b|\bmelanoma\b",
            r"\bfractured? (?:bone|rib|wrist|skull|arm|leg)|\bbone fracture|\bbiops\w+|\bmedical\b",
            r"\bhistolog\w+|\bsonogra\w+",
            r"\bmy (?:rash|mole|wound|symptoms?)\b|\bpatient'?s?\b (?:scan|image|photo|has|have)",
            "X ?光|核磁|CT ?(?:片|扫描|图像)|超声|B超|造影|肿瘤|病灶|骨折|心电图|病理",
            "皮疹|医学影像|诊断(?:结果|报告)|患者",
        ),
    ),
    (
        Weakness.COUNTING,
        marked("Models count inexactly, above all many or overlapping things. Take the number as a guess."),
        _words(
            r"\bhow many\b|\bcount (?:the|all|how|every|each|up|these|those)\b|\bcounting\b|\bnumber of\b",
            r"\b(?:total|exact) count\b",
            "有多少[^钱]|多少(?:个|只|人|张|辆|棵|件|条|块|根|头|座|台|颗|瓶|本)|有?几(?:个|只|人|张|辆|棵|件|条|台)",
            "数一数|数数|数出|计数|总数",
        ),
    ),
    (
        Weakness.POSITIONS,
        marked("Models tell exact positions badly. Take places and distances as approximate."),
        _words(
            r"\bcoordinates?\b|\bbounding box(?:es)?\b|\b(?:exact|precise) (?:position|location|place)s?\b",
            r"\bpixel (?:position|location)s?\b|\bwhere exactly\b|\bexactly where\b|\bhow far\b",
            r"\bchess(?:board)?\b|\bmeasure the (?:distance|length|width|height|angle)",
            "坐标|边界框|精确(?:的)?位置|准确(?:的)?位置|具体位置|像素位置|距离多|多远|棋盘|棋局",
        ),
    ),
    (
        Weakness.CHARTS,
        marked(
            "Models mix up curves that differ only in colour or in solid and dashed lines. Check the values."
        ),
        _words(
            r"\bcharts?\b|\bgraphs?\b|\b(?:scatter|box|line) ?plots?\b",
            r"\b(?:dashed|dotted|solid) (?:line|curve)s?\b",
            "图表|折线图|柱状图|条形图|饼图|曲线|散点图|虚线|实线",
        ),
    ),
)


def undismissed(spots: Iterable[WeakSpot], dismissed: frozenset[str]) -> Iterator[WeakSpot]:
    """Those whose kind has not been dismissed."""
    return (spot for spot in spots if spot.kind not in dismissed)

"""What models see badly is said where it matters, with the level, the turn or the crop that would help."""

import math
from dataclasses import replace

import pytest

from desktop.core.edits import Area, Edits
from desktop.core.found_text import FoundLine, PageText
from desktop.core.model import ON_DEVICE, Detail
from desktop.core.planning import plan_new
from desktop.core.request import NewImage
from desktop.core.weaknesses import (
    LEAST_TEXT_PX,
    Weakness,
    picture_warnings,
    prompt_warnings,
    text_height_px,
    undismissed,
)
from tests.helpers.asking import CATALOG
from tests.helpers.history import facts

TERRA, GPT_4O = CATALOG.model("gpt-5.6-terra"), CATALOG.model("gpt-4o")


def new(
    width: int = 4000, height: int = 3000, detail: Detail = Detail.HIGH, edits: Edits | None = None
) -> NewImage:
    return NewImage(
        image=replace(facts("a.png"), width_px=width, height_px=height), detail=detail, edits=edits or Edits()
    )


def text(
    font_px: float,
    *,
    words: str = "some words to be read",
    at: tuple[float, float] = (1000, 1000),
    turn: int = 0,
) -> FoundLine:
    """A line as the reader boxes text of this size, turned clockwise by quarter turns."""
    wide, high = 10 * len(words), 1.2 * font_px
    corners = [(0.0, 0.0), (wide, 0.0), (wide, high), (0.0, high)]
    for _ in range(turn):
        corners = [(-y, x) for x, y in corners]
    first, second, third, fourth = ((at[0] + x, at[1] + y) for x, y in corners)
    return FoundLine(words, (first, second, third, fourth))


def page(*lines: FoundLine) -> PageText:
    return PageText(lines=lines, page_px=(4000, 3000))


def kinds(*args: object) -> list[Weakness]:
    return [spot.kind for spot in picture_warnings(*args)]  # type: ignore[arg-type]


def test_small_text_is_told_with_its_height_as_sent_and_the_level_that_helps() -> None:
    image = new(detail=Detail.LOW)
    (spot,) = picture_warnings(TERRA, image, page(text(20)))
    plan = plan_new(TERRA, image)
    expected = 20 * plan.width_px / 4000
    assert expected < LEAST_TEXT_PX
    assert spot.kind is Weakness.SMALL_TEXT
    assert spot.parameters["height"] == str(round(expected))
    assert spot.parameters["height"] in spot.sentence
    assert spot.detail is not None
    helped = text_height_px(TERRA, replace(image, detail=spot.detail), page(text(20)))
    assert helped is not None
    assert helped >= LEAST_TEXT_PX
    for other in TERRA.details:
        height = text_height_px(TERRA, replace(image, detail=other), page(text(20)))
        if height is not None and height >= LEAST_TEXT_PX:
            cost = plan_new(TERRA, replace(image, detail=other)).tokens
            chosen = plan_new(TERRA, replace(image, detail=spot.detail)).tokens
            assert chosen is not None
            assert cost is not None
            assert chosen <= cost


def test_where_no_level_helps_a_crop_does_and_after_it_nothing_is_said() -> None:
    small = page(text(20))
    (spot,) = picture_warnings(GPT_4O, new(), small)
    assert (spot.detail, spot.crop) == (None, True)
    assert "rop" in spot.sentence
    cropped = Edits(crop=Area(900, 900, 1500, 1300))
    assert kinds(GPT_4O, new(edits=cropped), small) == []


def test_text_that_is_small_in_the_file_is_not_helped_by_a_crop() -> None:
    (spot,) = picture_warnings(TERRA, new(600, 400), page(text(6, at=(100, 100))))
    assert (spot.kind, spot.detail, spot.crop) == (Weakness.SMALL_TEXT, None, False)


def test_large_text_is_not_told_nor_a_lone_small_footnote() -> None:
    assert kinds(TERRA, new(), page(text(60))) == []
    lines = [text(60, at=(1000, 100 * n)) for n in range(10)]
    assert kinds(TERRA, new(), page(*lines, text(8, words="page 3", at=(100, 2900)))) == []


def test_text_that_is_cropped_away_or_blacked_out_does_not_count() -> None:
    small, large = text(12, at=(100, 100)), text(60)
    assert kinds(GPT_4O, new(), page(small, large)) == [Weakness.SMALL_TEXT]
    assert kinds(GPT_4O, new(edits=Edits(crop=Area(500, 500, 4000, 3000))), page(small, large)) == []
    assert kinds(GPT_4O, new(edits=Edits(blackouts=(Area(0, 0, 500, 300),))), page(small, large)) == []


def test_of_a_region_the_part_is_judged() -> None:
    region = Edits(region=Area(900, 900, 1500, 1300))
    assert kinds(GPT_4O, new(edits=region), page(text(20))) == []


@pytest.mark.parametrize("turn", [1, 2, 3])
def test_turned_text_is_told_with_the_turn_that_helps(turn: int) -> None:
    found = page(text(60, turn=turn), text(60, turn=turn, at=(2000, 1000)))
    (spot,) = picture_warnings(TERRA, new(), found)
    assert (spot.kind, spot.quarter_turns) == (Weakness.TURNED_TEXT, -turn % 4)
    helped = Edits(quarter_turns=spot.quarter_turns)
    assert kinds(TERRA, new(edits=helped), found) == []
    assert kinds(TERRA, new(edits=Edits(quarter_turns=1)), page(text(60))) == [Weakness.TURNED_TEXT]


def test_some_turned_text_is_told_without_a_turn_and_a_slight_skew_is_not() -> None:
    mixed = page(text(60), text(60, at=(1000, 1200)), text(60, turn=1, at=(3000, 500)))
    (spot,) = picture_warnings(TERRA, new(), mixed)
    assert (spot.kind, spot.quarter_turns) == (Weakness.TURNED_TEXT, 0)
    skew = math.tan(math.radians(8)) * 200
    skewed = FoundLine(
        "some words to be read", ((1000, 1000), (1200, 1000 + skew), (1190, 1072 + skew), (990, 1072))
    )
    assert kinds(TERRA, new(), page(skewed)) == []


def test_other_scripts_are_told_and_accents_are_not() -> None:
    assert kinds(TERRA, new(), page(text(60, words="你好世界今天天气很好啊"))) == [Weakness.FOREIGN_TEXT]
    assert kinds(TERRA, new(), page(text(60, words="Überfällige Größen señor"))) == []
    assert kinds(TERRA, new(), page(text(60, words="a brand called 你好 on a label"))) == []


def test_panoramas_are_told_by_their_shape_alone() -> None:
    assert kinds(TERRA, new(6000, 1900), None) == [Weakness.PANORAMA]
    assert kinds(TERRA, new(1080, 9000), None) == [Weakness.PANORAMA]
    assert kinds(TERRA, new(4000, 3000), None) == []
    assert kinds(TERRA, new(6000, 1900, edits=Edits(crop=Area(0, 0, 2000, 1900))), None) == []


def test_nothing_is_said_for_the_reader_on_this_computer() -> None:
    reader = CATALOG.model(ON_DEVICE)
    assert kinds(reader, new(6000, 1000), page(text(6))) == []
    assert prompt_warnings(reader, "How many cars are there?") == ()


@pytest.mark.parametrize(
    ("prompt", "kind"),
    [
        ("What does this X-ray show?", Weakness.MEDICAL),
        ("Is this mole a melanoma?", Weakness.MEDICAL),
        ("这张CT片有没有病灶？", Weakness.MEDICAL),
        ("How many cars are there?", Weakness.COUNTING),
        ("Count the screws", Weakness.COUNTING),
        ("图里有几个人？", Weakness.COUNTING),
        ("一共有多少辆车", Weakness.COUNTING),
        ("Give the bounding box of the dog", Weakness.POSITIONS),
        ("Where exactly is the crack?", Weakness.POSITIONS),
        ("按钮的坐标是多少？", Weakness.POSITIONS),
        ("Read the values of this chart", Weakness.CHARTS),
        ("Which curve is the dashed line?", Weakness.CHARTS),
        ("这张折线图说明什么", Weakness.CHARTS),
    ],
)
def test_prompts_that_ask_for_what_models_are_bad_at(prompt: str, kind: Weakness) -> None:
    assert kind in [spot.kind for spot in prompt_warnings(TERRA, prompt)]


@pytest.mark.parametrize(
    "prompt",
    [
        "Describe this picture",
        "Check my account and the discount",
        "Diagnose the error in this screenshot",
        "这件多少钱？",
        "Summarise the plot of the film",
        "Copy all text exactly as it stands, in reading order.",
        "Translate the paragraph",
        "",
    ],
)
def test_other_prompts_are_not_warned_about(prompt: str) -> None:
    assert prompt_warnings(TERRA, prompt) == ()


def test_what_was_dismissed_is_not_said_again() -> None:
    spots = prompt_warnings(TERRA, "Count the bars of this chart")
    assert [spot.kind for spot in spots] == [Weakness.COUNTING, Weakness.CHARTS]
    assert [spot.kind for spot in undismissed(spots, frozenset({"counting"}))] == [Weakness.CHARTS]

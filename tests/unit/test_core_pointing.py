"""Places that answers name: found in the forms that models use, in the right scale, on the right image."""

import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.edits import Area, Edits, placement
from desktop.core.model import AnswerState, Attachment, Conversation, Detail, Message, Role, SentImage
from desktop.core.options import Options
from desktop.core.pointed_at import pointed_answer, pointed_answers
from desktop.core.pointing import MOST_PLACES, Place, Pointing, Scale, Spot, page_point, spot_of
from desktop.core.pointing_text import find_pointing
from desktop.core.schema_presets import SCHEMA_PRESETS
from tests.helpers.history import facts


def found(text: str, **more: Any) -> Pointing:
    pointing = find_pointing(text, **more)
    assert pointing is not None
    return pointing


def places(text: str) -> list[tuple[str, tuple[float, ...]]]:
    return [(place.label, tuple(round(n, 1) for n in place.numbers())) for place in found(text).places]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('[{"bbox_2d": [1, 2, 3, 4], "label": "cat"}]', [("cat", (1, 2, 3, 4))]),
        ('[{"box_2d": [1, 2, 3, 4], "label": "y first"}]', [("y first", (2, 1, 4, 3))]),
        ('{"point": [10, 20], "label": "y first"}', [("y first", (20, 10, 20, 10))]),
        ('{"point_2d": [10, 20], "label": "x first"}', [("x first", (10, 20, 10, 20))]),
        ('{"name": "a", "box": {"x": 1, "y": 2, "width": 30, "height": 40}}', [("a", (1, 2, 31, 42))]),
        ('{"class": "a", "xmin": 1, "ymin": 2, "xmax": 3, "ymax": 4}', [("a", (1, 2, 3, 4))]),
        ('{"label": "a", "bbox": [[1, 2], [3, 4]]}', [("a", (1, 2, 3, 4))]),
        ('{"label": "a", "bbox": "[1, 2, 3, 4]"}', [("a", (1, 2, 3, 4))]),
        ('{"label": "a", "boxes": [[1, 2, 3, 4], [5, 6, 7, 8]]}', [("a", (1, 2, 3, 4)), ("a", (5, 6, 7, 8))]),
        ('{"label": "a", "center": {"x": 5, "y": 6}}', [("a", (5, 6, 5, 6))]),
        # COCO's x, y, width, height, where they cannot be corners.
        ('[{"bbox": [100, 100, 20, 30]}]', [("", (100, 100, 120, 130))]),
        ('Here:\n```json\n[{"bbox_2d": [1, 2, 3, 4]}]\n```\nDone.', [("", (1, 2, 3, 4))]),
        ('The cat {"bbox_2d": [1, 2, 3, 4]} sleeps.', [("", (1, 2, 3, 4))]),
        ('[{"bbox_2d": [1, 2, 3, 4], "label": "whole"}, {"bbox_2d": [5, 6', [("whole", (1, 2, 3, 4))]),
        ('<point x="63.5" y="44.5" alt="a mug">mug</point>', [("a mug", (63.5, 44.5, 63.5, 44.5))]),
        (
            '<points x1="10" y1="20" x2="30" y2="40" alt="cats">cats</points>',
            [("cats", (10, 20, 10, 20)), ("cats", (30, 40, 30, 40))],
        ),
        (
            "<loc0256><loc0128><loc0512><loc0640> cat ; <loc0000><loc0000><loc0512><loc0512> dog",
            [("cat", (125, 250, 625, 500)), ("dog", (0, 0, 500, 500))],
        ),
        ("car<loc_0><loc_333><loc_999><loc_666>", [("car", (0, 333.3, 1000, 666.7))]),
        ("<ref>dog</ref><box>(1,2),(3,4)</box>", [("dog", (1, 2, 3, 4))]),
        (
            "<|object_ref_start|>dog<|object_ref_end|><|box_start|>(1,2),(3,4)<|box_end|>",
            [("dog", (1, 2, 3, 4))],
        ),
        ("<|ref|>dog<|/ref|><|det|>[[1, 2, 3, 4]]<|/det|>", [("dog", (1, 2, 3, 4))]),
        (
            "- **Cup**: bounding box [123, 45, 300, 200]\n- Spoon: bbox (1, 2, 3, 4).",
            [("Cup", (123, 45, 300, 200)), ("Spoon", (1, 2, 3, 4))],
        ),
        ("The button is located at (512, 300).", [("The button", (512, 300, 512, 300))]),
        ("按钮的坐标:[512, 300, 600, 340]", [("按钮的", (512, 300, 600, 340))]),
    ],
)
def test_the_forms_of_models_are_known(text: str, expected: list[Any]) -> None:
    assert places(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "It costs [12] or (1, 2, 3, 4), see [1, 2].",
        '{"series": [{"x": 1, "y": 2}, {"x": 2, "y": 4}]}',
        '{"region": "Europe", "box": "large", "location": [48.1, 11.5]}',
        "```python\nbox = [1, 2, 3, 4]\n```",
        '{"bbox_2d": [1, 2, 3]}',
        '{"bbox_2d": [1, 2, 3, "4"]}',
        '{"bbox_2d": [true, 2, 3, 4]}',
        '{"bbox_2d": [1e999, 2, 3, 4]}',
        '{"bbox_2d": [NaN, 2, 3, 4]}',
        '{"bbox": [99999999, 2, 3, 4]}',
    ],
)
def test_what_is_no_place_is_none(text: str) -> None:
    assert find_pointing(text) is None


@pytest.mark.parametrize(
    ("text", "more", "scale", "assumed"),
    [
        ('{"box_2d": [1, 2, 3, 4]}', {}, Scale.THOUSANDTHS, False),
        ('<point x="63.5" y="44.5">', {}, Scale.PERCENT, False),
        ('{"bbox": [0.1, 0.2, 0.3, 1.0]}', {}, Scale.UNIT, False),
        ('{"bbox": [10, 20, 1300, 900]}', {}, Scale.PIXELS, False),
        ('{"bbox": [10, 20, 300, 400]}', {}, Scale.THOUSANDTHS, True),
        ('{"bbox": [10, 20, 300, 400]}', {"sent_px": (640, 480)}, Scale.THOUSANDTHS, True),
        ('{"bbox": [10, 20, 900, 400]}', {"sent_px": (640, 480)}, Scale.THOUSANDTHS, False),
        ('{"bbox_2d": [10, 20, 300, 400]}', {"model": "Qwen/Qwen2.5-VL-7B"}, Scale.PIXELS, False),
        ('{"bbox_2d": [10, 20, 300, 400]}', {"model": "qwen3-vl:8b"}, Scale.THOUSANDTHS, False),
        ('{"bbox_2d": [10, 20, 300, 400]}', {"model": "glm-4.5v"}, Scale.THOUSANDTHS, False),
        ('All in pixels: {"bbox": [10, 20, 300, 400]}', {}, Scale.PIXELS, False),
        ('Normalised to 0-1000: {"bbox": [10, 20, 300, 400]}', {}, Scale.THOUSANDTHS, False),
        ('In per cent of the image: {"bbox": [10, 20, 30, 40]}', {}, Scale.PERCENT, False),
        ('In per cent? {"bbox": [10, 20, 300, 40]}', {}, Scale.THOUSANDTHS, True),
    ],
)
def test_the_scale_follows_the_rules(text: str, more: Any, scale: Scale, assumed: bool) -> None:
    pointing = found(text, **more)
    assert (pointing.scale, pointing.assumed) == (scale, assumed)


@pytest.mark.parametrize(
    ("scale", "numbers", "spot"),
    [
        (Scale.THOUSANDTHS, (100, 200, 300, 400), Spot(0.1, 0.2, 0.3, 0.4)),
        (Scale.PIXELS, (80, 120, 240, 240), Spot(0.1, 0.2, 0.3, 0.4)),
        (Scale.PERCENT, (10, 20, 30, 40), Spot(0.1, 0.2, 0.3, 0.4)),
        (Scale.UNIT, (0.1, 0.2, 0.3, 0.4), Spot(0.1, 0.2, 0.3, 0.4)),
        (Scale.UNIT, (0.3, 0.4, 0.1, 0.2), Spot(0.1, 0.2, 0.3, 0.4)),
        (Scale.THOUSANDTHS, (-50, 500, 1200, 2000), Spot(0, 0.5, 1, 1)),
        (Scale.THOUSANDTHS, (500, 250, 500, 250), Spot(0.5, 0.25, 0.5, 0.25, is_point=True)),
        (Scale.THOUSANDTHS, (1100, 0, 1200, 100), None),
        (Scale.PERCENT, (100, 200, 300, 400), None),
    ],
)
def test_a_place_lies_where_its_scale_says_within_the_image(
    scale: Scale, numbers: tuple[float, ...], spot: Spot | None
) -> None:
    left, top, right, bottom = numbers
    place = Place(left=left, top=top, right=right, bottom=bottom)
    made = spot_of(place, scale, (800, 600))
    if spot is None:
        assert made is None
        return
    assert made is not None
    assert made.is_point == spot.is_point
    assert [made.left, made.top, made.right, made.bottom] == pytest.approx(
        [spot.left, spot.top, spot.right, spot.bottom]
    )


def test_a_line_is_wide_enough_to_be_seen() -> None:
    made = spot_of(Place(left=0, top=500, right=1000, bottom=500), Scale.THOUSANDTHS, (800, 600))
    assert made is not None
    assert made.bottom > made.top


areas = st.tuples(st.integers(0, 300), st.integers(0, 300), st.integers(1, 200), st.integers(1, 200)).map(
    lambda a: Area(a[0], a[1], a[0] + a[2], a[1] + a[3])
)


@given(
    st.none() | areas,
    st.integers(0, 3),
    st.tuples(st.floats(0, 1), st.floats(0, 1)),
    st.tuples(st.integers(1, 2000), st.integers(1, 2000)),
)
def test_what_lies_on_the_sent_image_is_found_on_the_page_whatever_was_done_to_it(
    crop: Area | None, turns: int, at: tuple[float, float], sent_px: tuple[int, int]
) -> None:
    edits, page = Edits(crop=crop, quarter_turns=turns), (500, 500)
    x, y = page_point(at, edits, page, sent_px)
    seen = edits.visible(*page)
    assert seen.left - 1e-6 <= x <= seen.right + 1e-6
    assert seen.top - 1e-6 <= y <= seen.bottom + 1e-6
    a, b, c, d, e, f = placement(edits, page, sent_px)
    assert a * x + b * y + c == pytest.approx(at[0] * sent_px[0], abs=1e-6 * max(sent_px))
    assert d * x + e * y + f == pytest.approx(at[1] * sent_px[1], abs=1e-6 * max(sent_px))


# which image


def attachment(
    number: int, name: str, *, left_out: bool = False, px: tuple[int, int] = (640, 480)
) -> Attachment:
    sent = SentImage(
        sha256=f"{number:064x}", media_type="image/png", width_px=px[0], height_px=px[1], size_bytes=9
    )
    return Attachment(id=number, image=facts(name), detail=Detail.AUTO, sent=sent, left_out=left_out)


def said(number: int, role: Role, text: str = "", *attachments: Attachment, **more: Any) -> Message:
    return Message(
        id=number,
        role=role,
        text=text,
        created_at=datetime(2026, 11, 28, tzinfo=UTC),
        attachments=attachments,
        **more,
    )


BOX = '{"bbox": [10, 20, 30, 40], "label": "x"}'


def targets(answer: str, *images: Attachment, before: tuple[Message, ...] = ()) -> list[tuple[int, int]]:
    conversation = Conversation(
        messages=(*before, said(8, Role.USER, "Where?", *images), said(9, Role.ASSISTANT, answer))
    )
    found = pointed_answer(conversation, 9)
    if found is None:
        return []
    return [(target.attachment_id, len(target.pointing.places)) for target in found.targets]


def test_the_only_image_is_meant() -> None:
    assert targets(BOX, attachment(1, "a.png")) == [(1, 1)]


def test_a_number_or_a_name_tells_which_image() -> None:
    two = attachment(1, "a.png"), attachment(2, "b.png")
    by_number = '[{"image": 2, "bbox": [1, 2, 3, 4]}, {"image": 1, "boxes": [[1, 2, 3, 4], [5, 6, 7, 8]]}]'
    assert targets(by_number, *two) == [(1, 2), (2, 1)]
    assert targets('{"image": "B.PNG", "bbox": [1, 2, 3, 4]}', *two) == [(2, 1)]
    assert targets('{"file": "b", "bbox": [1, 2, 3, 4]}', *two) == [(2, 1)]
    assert targets(
        '[{"image_index": 0, "bbox": [1, 2, 3, 4]}, {"image_index": 1, "bbox": [1, 2, 3, 4]}]', *two
    ) == [
        (1, 1),
        (2, 1),
    ]


def test_where_no_image_is_named_any_of_the_question_may_be_meant() -> None:
    two = attachment(1, "a.png"), attachment(2, "b.png")
    conversation = Conversation(messages=(said(8, Role.USER, "?", *two), said(9, Role.ASSISTANT, BOX)))
    answer = pointed_answer(conversation, 9)
    assert answer is not None
    assert not answer.named
    assert answer.count == 1
    assert [target.name for target in answer.targets] == ["a.png", "b.png"]


def test_a_follow_up_means_the_images_that_are_carried() -> None:
    before = (
        said(1, Role.USER, "?", attachment(1, "a.png"), attachment(2, "b.png", left_out=True)),
        said(2, Role.ASSISTANT, "A cup."),
    )
    assert targets(BOX, before=before) == [(1, 1)]
    assert targets(BOX, attachment(3, "c.png"), before=before) == [(3, 1)]
    assert targets(BOX) == []


def test_the_size_of_the_named_image_tells_the_scale() -> None:
    two = attachment(1, "a.png"), attachment(2, "b.png", px=(100, 100))
    text = '[{"image": 1, "bbox": [1, 2, 300, 400]}, {"image": 2, "bbox": [1, 2, 300, 400]}]'
    conversation = Conversation(messages=(said(8, Role.USER, "?", *two), said(9, Role.ASSISTANT, text)))
    (answer,) = pointed_answers(conversation)
    assert [target.pointing.assumed for target in answer.targets] == [True, False]


def test_the_question_and_its_schema_may_say_what_the_numbers_count() -> None:
    def scale(asked: str, options: Options) -> tuple[Scale, bool]:
        question = replace(said(8, Role.USER, asked, attachment(1, "a.png")), options=options)
        conversation = Conversation(messages=(question, said(9, Role.ASSISTANT, BOX)))
        (answer,) = pointed_answers(conversation)
        return answer.targets[0].pointing.scale, answer.targets[0].pointing.assumed

    boxes = next(preset for preset in SCHEMA_PRESETS if preset.id == "boxes").schema()
    assert scale("Where?", Options()) == (Scale.THOUSANDTHS, True)
    assert scale("Where? Give boxes in pixels.", Options()) == (Scale.PIXELS, False)
    assert scale("Where?", Options(schema=boxes)) == (Scale.THOUSANDTHS, False)


def test_an_answer_that_is_being_written_and_a_question_point_at_nothing() -> None:
    image = attachment(1, "a.png")
    running = said(9, Role.ASSISTANT, BOX, state=AnswerState.RUNNING)
    asked = said(8, Role.USER, BOX, image)
    conversation = Conversation(messages=(asked, running))
    assert pointed_answers(conversation) == ()
    assert pointed_answer(conversation, 8) is None
    assert pointed_answer(conversation, 77) is None
    stopped = replace(running, state=AnswerState.STOPPED)
    assert len(pointed_answers(Conversation(messages=(asked, stopped)))) == 1


# hostile answers


def test_thousands_of_places_are_bounded_and_counted() -> None:
    pointing = found(json.dumps({"boxes": [[1, 2, 3, 4]] * 900}))
    assert (len(pointing.places), pointing.left_out) == (MOST_PLACES, 400)


HOSTILE = {
    "empty objects": "{}" * 100_000,
    "open lists": "[" * 200_000,
    "open objects": '{"a":' * 40_000,
    "marks": "<point " * 30_000,
    "one endless mark": "<point " + 'x="1" ' * 40_000,
    "a box of numbers": "<box>" + "1," * 100_000,
    "cut list": "[[1,2,3,4]," * 18_000,
    "words": "box [1," * 30_000,
    "fences": "```" * 60_000,
    "quotes": '"' * 200_000,
    "blanks": "box" + " " * 199_000 + "[",
    "references": "<ref>" * 40_000,
    "deep": '{"bbox":[' * 20_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
@pytest.mark.timeout(20)
def test_hostile_answers_end(text: str) -> None:
    find_pointing(text)


pieces = st.sampled_from(
    [
        *(
            '{"bbox_2d":',
            "[1,2,",
            "3,4]",
            "}",
            "{",
            "[",
            "]",
            '"label":"a"',
            ",",
            "<box>",
            "</box>",
            "(1,2),(3,4)",
        ),
        *(
            "<point x=",
            '"5"',
            " y=",
            ">",
            "<loc0001>",
            "<loc_5>",
            "box ",
            "point ",
            "```json\n",
            "```",
            "\n",
            "-1e9",
        ),
        *("0.5", "9999", '"image":2', ":", "\u0000", "é", "\ud800"),
    ]
)


@given(st.lists(pieces, max_size=30).map("".join) | st.text(max_size=60))
def test_whatever_an_answer_holds_places_lie_within_the_image(text: str) -> None:
    pointing = find_pointing(text)
    if pointing is None:
        return
    for place in pointing.places:
        for scale in Scale:
            for each in (place, place.swapped()):
                spot = spot_of(each, scale, (640, 480))
                if spot is not None:
                    assert 0 <= spot.left <= spot.right <= 1
                    assert 0 <= spot.top <= spot.bottom <= 1

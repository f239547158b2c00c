"""Variables of prompts: what they give, and what never gets out by them."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.edits import Area, Edits
from desktop.core.found_text import FoundLine, PageCode, PageText
from desktop.core.model import ImageFacts, Position
from desktop.core.prompt_filling import (
    Meant,
    Pictured,
    Variable,
    escaped,
    fill,
    hides_text,
    images_meant,
    pictured,
    sent_text,
    spans,
    variables,
)

TODAY = date(2026, 11, 28)
TILL = Pictured(name="till.png", width_px=700, height_px=1100, text="TOTAL 37.34")
CHART = Pictured(name="chart.png", width_px=1200, height_px=1100)
FACTS = ImageFacts(
    path=Path("/home/ada/Secret project/till.png"),
    name="till.png",
    sha256="ab",
    file_bytes=1,
    modified_ns=0,
    format="PNG",
    width_px=700,
    height_px=1100,
    camera="Kodak",
    position=Position(47.605, 8.24),
)

pieces = st.sampled_from(
    [
        *(f"{{{v.value}}}" for v in Variable),
        *(v.value for v in Variable),
        "{",
        "}",
        "{{",
        "}}",
        "{x}",
        " ",
        "ä",
    ]
)
prompts = st.lists(pieces, max_size=12).map("".join)
images = st.lists(
    st.builds(Pictured, name=prompts, width_px=st.integers(1, 9), height_px=st.integers(1, 9), text=prompts),
    max_size=3,
)


@pytest.mark.parametrize(
    ("prompt", "filled"),
    [
        ("What is {name}?", "What is till.png?"),
        ("{width} x {height}", "700 x 1100"),
        ("It reads: {text}", "It reads: TOTAL 37.34"),
        ("{date}, {count}", "2026-11-28, 1"),
        ("{name}{name}", "till.pngtill.png"),
        ("no variables", "no variables"),
        ("{unknown} { name } {Name} {} {", "{unknown} { name } {Name} {} {"),
        ('{"a": {"b": 1}}', '{"a": {"b": 1}}'),
        ("{{name}}", "{name}"),
        ("{{{name}}}", "{{name}}"),
        ("{{ name }} {{x}}", "{{ name }} {{x}}"),
    ],
)
def test_what_stands_for_variables(prompt: str, filled: str) -> None:
    assert fill(prompt, [TILL], today=TODAY) == filled


def test_several_images_are_listed_and_what_is_equal_is_said_once() -> None:
    asked = "{count}: {name}, {width} x {height}"
    assert fill(asked, [TILL, CHART], today=TODAY) == "2: till.png, chart.png, 700, 1200 x 1100"
    second = replace(CHART, text="Q1 4.2")
    assert fill("{text}", [TILL, second], today=TODAY) == "till.png:\nTOTAL 37.34\n\nchart.png:\nQ1 4.2"
    assert fill("{text}", [TILL, CHART], today=TODAY) == "till.png:\nTOTAL 37.34"


def test_without_images_only_the_day_is_known() -> None:
    assert fill("[{name}{width}{height}{text}] {count} {date}", [], today=TODAY) == "[] 0 2026-11-28"


@given(prompt=prompts, images=images)
def test_what_is_filled_in_is_never_filled_again(prompt: str, images: list[Pictured]) -> None:
    stand_ins = [
        replace(image, name=image.name and f"\ue000{at}", text=image.text and f"\ue001{at}")
        for at, image in enumerate(images)
    ]
    expected = fill(prompt, stand_ins, today=TODAY)
    for at, image in enumerate(images):
        expected = expected.replace(f"\ue000{at}", image.name).replace(f"\ue001{at}", image.text)
    assert fill(prompt, images, today=TODAY) == expected


@given(text=prompts, images=images)
def test_a_text_that_is_escaped_comes_out_as_it_was(text: str, images: list[Pictured]) -> None:
    assert fill(escaped(text), images, today=TODAY) == text
    assert not variables(escaped(text))


@given(text=st.text(max_size=200), images=images)
def test_a_text_without_variables_stays_letter_by_letter(text: str, images: list[Pictured]) -> None:
    if not variables(text) and "{{" not in text:
        assert fill(text, images, today=TODAY) == text


@given(text=prompts)
def test_marks_stand_exactly_where_something_is_filled_in(text: str) -> None:
    found = list(spans(text))
    assert {variable for _begin, _end, variable in found} == variables(text)
    assert all(text[begin:end] == f"{{{variable.value}}}" for begin, end, variable in found)


@given(
    prompt=prompts, folder=st.text(st.characters(codec="ascii", categories=["L"]), min_size=5, max_size=20)
)
def test_neither_folder_nor_position_nor_camera_gets_out(prompt: str, folder: str) -> None:
    facts = replace(FACTS, path=Path("/") / f"{folder}-dir" / "till.png")
    filled = fill(prompt, [pictured(Meant(facts, Edits()))], today=TODAY)
    assert f"{folder}-dir" not in filled
    assert not any(secret in filled for secret in ("47.6", "8.24", "Kodak", "/"))


def test_sizes_are_those_of_what_is_sent_and_pages_have_their_number() -> None:
    cropped = Edits(crop=Area(0, 0, 300, 200), quarter_turns=1)
    assert pictured(Meant(FACTS, cropped)) == Pictured(name="till.png", width_px=200, height_px=300)
    page = replace(FACTS, name="report.pdf", format="PDF", frames=9, page=2)
    assert pictured(Meant(page, Edits())).name == "report.pdf · page 3"


def test_new_images_are_meant_and_without_any_those_that_are_carried_each_once() -> None:
    new, carried = Meant(FACTS, Edits()), Meant(replace(FACTS, sha256="cd"), Edits())
    overview = Meant(FACTS, Edits(overview=True))
    assert images_meant([new], [carried]) == (new,)
    assert images_meant([], [overview, carried, carried]) == (carried,)


def line(text: str, left: float, top: float, right: float, bottom: float) -> FoundLine:
    return FoundLine(text, ((left, top), (right, top), (right, bottom), (left, bottom)))


PAGE = PageText(
    lines=(
        line("Name: Ada", 10, 10, 200, 30),
        line("Card: 4111", 10, 50, 200, 70),
        line("Sum: 7", 10, 90, 200, 110),
    ),
    codes=(PageCode("QR", "https://pay.example/4111", ((300, 10), (400, 10), (400, 110), (300, 110))),),
    text="Name: Ada\nCard: 4111\nSum: 7",
    page_px=(500, 200),
)


def test_the_text_of_a_whole_page_is_as_it_was_read() -> None:
    assert sent_text(PAGE, Edits()) == "Name: Ada\nCard: 4111\nSum: 7\nhttps://pay.example/4111"
    assert not hides_text(Edits(quarter_turns=1))


def test_what_is_blacked_out_is_not_told_by_its_text() -> None:
    hidden = Edits(blackouts=(Area(60, 48, 201, 72), Area(390, 100, 500, 200)))
    assert hides_text(hidden)
    assert sent_text(PAGE, hidden) == "Name: Ada\nSum: 7"


def test_what_is_cropped_away_is_not_told_by_its_text() -> None:
    crop = Edits(crop=Area(0, 48, 250, 200))
    assert sent_text(PAGE, crop) == "Card: 4111\nSum: 7"
    assert sent_text(PAGE, Edits(crop=Area(0, 60, 250, 200))) == "Sum: 7"
    assert sent_text(PAGE, Edits(crop=Area(0, 0, 100, 200))) == ""


areas = st.builds(
    lambda x, y, w, h: Area(x, y, x + w, y + h),
    *(st.integers(0, 450), st.integers(0, 190)),
    *[st.integers(1, 200)] * 2,
)


@given(blackouts=st.lists(areas, max_size=3), crop=st.none() | areas)
def test_no_line_that_a_black_area_touches_is_ever_told(blackouts: list[Area], crop: Area | None) -> None:
    told = sent_text(PAGE, Edits(blackouts=tuple(blackouts), crop=crop)).split("\n")
    for found in PAGE.lines:
        (left, top), _1, (right, bottom), _2 = found.corners
        box = Area(int(left), int(top), int(right), int(bottom))
        if any(area.overlap(box) for area in blackouts) or (crop is not None and not crop.overlap(box)):
            assert found.text not in told

"""The reader's sentences. Text from an image or a file name is hostile: it shows exactly as it is."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from desktop.core.found_text import PageCode
from desktop.core.model import ImageFacts, Position
from desktop.engines.on_device import wording
from desktop.engines.on_device.amounts import Amounts
from desktop.engines.on_device.compare import PixelDifference, Region, TextDifference
from desktop.engines.on_device.intent import read_intent
from desktop.engines.on_device.reader import Reading

MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable("table")
HOSTILE = "![x](file:///dev/zero) <img src=x> [a](http://evil) `code` | *b* _c_ ~~~ # & &lt; \\"


def make_facts(name: str = "a.jpg", **more: object) -> ImageFacts:
    return ImageFacts(
        path=Path(name),
        name=name,
        sha256="0",
        file_bytes=214_000,
        modified_ns=0,
        format="JPEG",
        width_px=4000,
        height_px=3000,
        **more,  # type: ignore[arg-type]
    )


def shown(markdown: str) -> str:
    """What rendered Markdown shows; fails on anything but plain text, code, tables and headings."""
    seen = []
    for token in MARKDOWN.parse(markdown):
        assert token.type not in {"html_block", "hr", "blockquote_open"}, token
        if token.type in {"fence", "code_block"}:
            seen.append(token.content)
        for child in token.children or ():
            assert child.type in {"text", "softbreak"}, child
            seen.append(child.content)
    return "\n".join(seen)


@given(st.lists(st.text("`~\\<>![]()#*_|& abc\t", max_size=30), max_size=10))
def test_text_in_a_fence_is_shown_exactly(lines: list[str]) -> None:
    (token,) = MARKDOWN.parse(wording.fence(lines))
    assert token.type == "fence"
    assert token.content == "\n".join(lines) + "\n"


@given(st.text(max_size=60))
def test_a_name_in_a_heading_is_shown_exactly(name: str) -> None:
    from desktop.core.text import printable

    assert shown(wording.heading(1, name)).split() == ["1.", *printable(name).split()]


def test_hostile_text_codes_and_names_do_nothing() -> None:
    found = Reading(
        lines=(HOSTILE, "```", "</pre><script>"), codes=(PageCode("QR Code", HOSTILE, ((0, 0),) * 4),)
    )
    text = shown(wording.reading(found, read_intent("Copy the text and the codes")))
    assert text.count(HOSTILE) == 2
    assert HOSTILE in shown(wording.heading(2, HOSTILE))
    pixels = PixelDifference(first_size=(1, 1), second_size=(1, 1), share=0, regions=())
    names = (HOSTILE, HOSTILE)
    difference = TextDifference(removed=(HOSTILE,), added=(HOSTILE,))
    assert HOSTILE in shown(wording.differences(names, 2, difference, pixels))
    assert HOSTILE in shown(wording.pair(names, 2))


def test_hostile_facts_stay_in_their_cells() -> None:
    table = wording.facts(make_facts(HOSTILE, camera=HOSTILE, taken_at="|x|", metadata=("gps", "a|b")))
    assert shown(table).count(HOSTILE) == 2
    cells = [token for token in MARKDOWN.parse(table) if token.type in {"td_open", "th_open"}]
    assert len(cells) == 2 * 10


def test_what_a_file_carries_was_called_by_our_own_names() -> None:
    text = shown(wording.facts(make_facts(metadata=("serial", "author", "thumbnail"))))
    assert "serial no., Author, Embedded preview" in text


def test_facts_tell_size_camera_date_and_position() -> None:
    text = shown(
        wording.facts(
            make_facts(
                camera="Fujifilm X-T5",
                taken_at="2026:10:03 09:41:00",
                position=Position(48.8584, 2.2949),
                metadata=("exif", "gps"),
            )
        )
    )
    for part in (
        "4000×3000",
        "12.0 megapixels",
        "214 KB",
        "Fujifilm X-T5",
        "2026-10-03 09:41",
        "48.858° N, 2.295° E",
        "EXIF",
    ):
        assert part in text


@pytest.mark.parametrize(
    ("position", "shown_as"),
    [
        (Position(47.605, 9.45), "47.605° N, 9.450° E"),
        (Position(-33.8568, -70.0), "33.857° S, 70.000° W"),
        (Position(0, 0), "0.000° N, 0.000° E"),
    ],
)
def test_a_position_is_written_as_on_a_map(position: Position, shown_as: str) -> None:
    assert shown_as in wording.facts(make_facts(position=position))


@pytest.mark.parametrize(
    ("exif", "shown_as"),
    [
        ("2026:10:04 16:21:33", "2026-10-04 16:21"),
        ("2026:10:04 16:21:33+02:00", "2026-10-04 16:21"),
        ("2026-10-04T16:21", "2026-10-04 16:21"),
        ("    :  :     :  :  ", "    :  :     :  :  "),
        ("yesterday", "yesterday"),
    ],
)
def test_a_date_is_written_as_people_do_and_anything_else_as_it_is(exif: str, shown_as: str) -> None:
    assert f"| Taken | {shown_as} |" in wording.facts(make_facts(taken_at=exif))


def test_what_is_not_there_is_said() -> None:
    nothing = Reading()
    assert wording.reading(nothing, read_intent("Copy the text")) == "No text was found."
    assert wording.reading(nothing, read_intent("Read the codes")) == "No barcode or QR code was found."
    assert wording.reading(nothing, read_intent("")) == "No text, barcode or QR code was found."


@pytest.mark.parametrize(
    ("question", "said"),
    [
        (
            "Which book is\n the most expensive?",
            "I can read text and codes, but answering “Which book is the most expensive?” needs a model.",
        ),
        (
            "Describe and translate this",
            "I can read text and codes, but this needs a model: describing a picture, translating.",
        ),
        ("Copy the text and translate it", "This part of the question needs a model: translating."),
    ],
)
def test_what_needs_a_model_is_one_plain_sentence(question: str, said: str) -> None:
    assert wording.needs(read_intent(question), question) == said


def test_a_question_is_repeated_as_it_is_and_not_at_length() -> None:
    hostile = "Who is <img src=x> or ![x](/dev/zero)?"
    assert hostile in shown(wording.needs(read_intent(hostile), hostile))
    assert len(wording.needs(read_intent("wer? " * 9_000), "wer? " * 9_000)) < 200


def amounts(total: str) -> str:
    return wording.amounts(
        Amounts(
            items=(Decimal("3.00"), Decimal("1000.00")),
            subtotal=None,
            extras=(Decimal("0.50"),),
            total=Decimal(total),
        )
    )


def test_a_total_is_confirmed_only_when_it_is_exact() -> None:
    assert amounts("1003.00").endswith("The total says 1,003.00. The amounts add up to it exactly.")
    assert "With 0.50 of tax and extras" in amounts("1003.50")
    assert amounts("1003.01") == "2 amounts, 1,003.00 in all. The total says 1,003.01."


def test_differences_tell_sizes_regions_and_share() -> None:
    pixels = PixelDifference(
        first_size=(400, 300),
        second_size=(200, 150),
        share=0.123,
        regions=(Region(0.1, 0.2, 0.3, 0.4),),
        more_regions=4,
    )
    text = shown(
        wording.differences(("a.png", "b.png"), 2, TextDifference(removed=(), added=(), same=11), pixels)
    )
    for part in (
        "400×300 and 200×150",
        "12.3% of the pixels differ, in 5 regions",
        "upper left (10–30% across, 20–40% down)",
        "4 smaller",
    ):
        assert part in text
    assert "The text is the same (11 lines)." in text


@pytest.mark.parametrize(
    ("region", "where"),
    [
        (Region(0.62, 0.79, 0.73, 0.94), "lower right (62–73% across, 79–94% down)"),
        (Region(0.4, 0.4, 0.6, 0.6), "middle (40–60% across, 40–60% down)"),
        (Region(0.0, 0.0, 1.0, 0.1), "top (0–100% across, 0–10% down)"),
        (Region(0.9, 0.1, 1.0, 0.9), "right (90–100% across, 10–90% down)"),
        (Region(0.0, 0.0, 1.0, 1.0), "nearly everywhere (0–100% across, 0–100% down)"),
    ],
)
def test_a_region_is_told_in_words_and_in_figures(region: Region, where: str) -> None:
    pixels = PixelDifference(first_size=(9, 9), second_size=(9, 9), share=0.5, regions=(region,))
    assert f"- {where}" in wording.differences(("a.png", "b.png"), 2, None, pixels)


def test_equal_images_are_said_to_be_equal() -> None:
    pixels = PixelDifference(first_size=(4, 3), second_size=(4, 3), share=0, regions=())
    text = wording.differences(("a.png", "b.png"), 2, None, pixels)
    assert "No visible difference between the pixels." in text
    assert "No text was found in either." in text

"""The on-device reader, for real: RapidOCR and zxing-cpp in their own process, on pictures drawn here."""

import asyncio
import itertools
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image

from desktop.core.events import Answered, TextDelta
from desktop.core.model import ON_DEVICE, Detail, Position, Role
from desktop.core.planning import plan_image
from desktop.core.request import ImagePart, Request, Turn
from desktop.engines.on_device.engine import OnDeviceEngine, asked
from desktop.engines.on_device.reader import tiles
from desktop.system.resources import load_catalog
from tests.helpers import pictures
from tests.helpers.reading import collect, part, reader_processes, request

SAMPLES = Path(__file__).parents[2] / "resources" / "samples"


Ask = Callable[..., tuple[str, Answered]]


@pytest.fixture(scope="module")
def ask() -> Iterator[Ask]:
    """Ask one engine, whose process stays for all tests of this file: loading the networks takes seconds."""
    engine = OnDeviceEngine(idle_s=600)
    with asyncio.Runner() as runner:

        def ask(question: str, *images: ImagePart) -> tuple[str, Answered]:
            return runner.run(collect(engine, request(question, *images)))

        # Started now, so that the guards do not take the process for what the first test left behind.
        ask("Copy the text", part(pictures.text_page("ready")))
        yield ask
        runner.run(engine.close())


def fenced(answer: str) -> list[str]:
    """The lines of the first code block."""
    return [line.strip() for line in answer.split("```")[1].strip().splitlines() if line.strip()]


def test_text_is_copied_in_reading_order(ask: Ask) -> None:
    answer, ended = ask(
        "Copy the text", part(pictures.text_page("The quick brown fox", "jumps over 13 lazy dogs."))
    )
    assert fenced(answer) == ["The quick brown fox", "jumps over 13 lazy dogs."]
    assert ended.complete
    assert ended.shareable_text is None


def test_the_sample_receipt_is_listed_and_its_total_checked(ask: Ask) -> None:
    receipt = Image.open(SAMPLES / "receipt.png")
    answer, ended = ask("List every line item with its price, then check the total.", part(receipt))
    assert ended.complete
    lines = [" ".join(line.split()) for line in fenced(answer)]
    for line in ("2x Sourdough 11.80", "1x Rye 4.90", "3x Croissant 8.70", "TOTAL EUR 37.34"):
        assert line in lines
    assert "the amounts add up to it exactly" in answer
    assert "needs a model" not in answer


def test_a_total_that_is_not_exact_needs_a_model(ask: Ask) -> None:
    page = pictures.text_page("Bread 3.00", "Tea 2.00", "Total 6.00")
    answer, _ended = ask("List the prices and check the total", part(page))
    assert "The total says 6.00." in answer
    assert "exactly" not in answer
    assert answer.endswith("I could not confirm the total from these amounts; checking it needs a model.")


def code(content: str, kind: zxingcpp.BarcodeFormat, *, digits: bool = False) -> Image.Image:
    image = zxingcpp.create_barcode(content, kind).to_image(scale=5, add_hrt=digits)
    return Image.fromarray(image.__array__() if hasattr(image, "__array__") else image).convert("RGB")


def test_codes_are_read_from_the_top(ask: Ask) -> None:
    page = Image.new("RGB", (900, 900), "white")
    page.paste(code("https://example.com/a?b=`c`", zxingcpp.BarcodeFormat.QRCode), (50, 40))
    page.paste(code("4006381333931", zxingcpp.BarcodeFormat.EAN13), (50, 500))
    answer, ended = ask("Read the codes", part(page))
    assert ended.complete
    assert answer.index("https://example.com/a?b=`c`") < answer.index("4006381333931")
    assert "QR Code" in answer
    assert "EAN-13" in answer


def test_a_picture_without_text_says_so_and_names_what_needs_a_model(ask: Ask) -> None:
    answer, ended = ask("Describe this picture", part(pictures.four_corners(300, 200)))
    assert answer == (
        "I can read text and codes, but this needs a model: describing a picture.\n\n"
        "No text, barcode or QR code was found."
    )
    assert ended.complete


def test_several_images_are_told_one_after_the_other(ask: Ask) -> None:
    images = [part(pictures.text_page(f"Page {n}"), f"page_{n}.png") for n in (1, 2)]
    answer, _ended = ask("Copy the text", *images)
    order = [r"### 1. page\_1.png", "Page 1", r"### 2. page\_2.png", "Page 2"]
    places = [answer.index(item) for item in order]
    assert places == sorted(places)


def test_differences_are_told_as_lines_and_as_pixels(ask: Ask) -> None:
    first = pictures.text_page("Bread 3.00", "Total 3.00")
    second = pictures.text_page("Bread 3.00", "Total 4.00")
    answer, _ended = ask("Spot the differences", part(first, "a.png"), part(second, "b.png"))
    assert "Text only in 1. a.png:\n\n```\nTotal 3.00\n```" in answer
    assert "Text only in 2. b.png:\n\n```\nTotal 4.00\n```" in answer
    assert "of the pixels differ, in 1 region" in answer


def test_what_needs_a_model_is_said_before_anything_is_read(ask: Ask) -> None:
    question = "Which book is the most expensive?"
    images = [part(pictures.text_page(f"Book {n}"), f"{n}.png") for n in (1, 2)]

    async def told() -> list[str]:
        before = reader_processes()
        engine = OnDeviceEngine()
        events = engine.answer(request(question, *images))
        first_two = [await anext(events), await anext(events)]
        assert reader_processes() == before, "nothing can have been read yet"
        await events.aclose()
        await engine.close()
        return [event.text.strip() for event in first_two if isinstance(event, TextDelta)]

    assert asyncio.run(told()) == [
        f"I can read text and codes, but answering “{question}” needs a model.",
        "### 1. 1.png",
    ]


def test_the_digits_below_a_barcode_are_not_read_a_second_time_and_wrong(ask: Ask) -> None:
    page = Image.new("RGB", (1200, 900), "white")
    page.paste(pictures.text_page("Product label, size 42", width_px=600), (0, 0))
    page.paste(code("2003734004212", zxingcpp.BarcodeFormat.EAN13, digits=True), (100, 200))
    page.paste(code("https://example.com/abc", zxingcpp.BarcodeFormat.QRCode), (750, 200))
    page.paste(pictures.text_page("Scan me", width_px=300), (700, 380))
    answer, _ended = ask("Copy the text", part(page))
    assert sorted(fenced(answer)) == ["Product label, size 42", "Scan me"]
    for value in ("2003734004212", "https://example.com/abc"):
        assert answer.count(value) == 1


def test_one_image_has_nothing_to_be_compared_with(ask: Ask) -> None:
    answer, _ended = ask("Spot the differences", part(pictures.text_page("Bread")))
    assert "only one image" in answer
    assert fenced(answer) == ["Bread"]


def test_facts_are_shown_and_kept_from_follow_ups(ask: Ask) -> None:
    image = part(pictures.text_page("secret place"), position=Position(48.8584, 2.2949), camera="X-T5")
    answer, ended = ask("Copy the text of this file. Where was it taken?", image)
    assert "48.858° N, 2.295° E" in answer
    assert ended.shareable_text is not None
    assert "secret place" in ended.shareable_text
    assert "48.85" not in ended.shareable_text
    assert "X-T5" not in ended.shareable_text
    # Nothing that may be shared comes after it, so an answer that is cut off is private from there on.
    assert answer.startswith(ended.shareable_text)


def test_a_question_without_an_image_is_answered_honestly(ask: Ask) -> None:
    answer, ended = ask("Copy the text")
    assert (answer, ended.complete) == ("There is no image to read. Add one and ask again.", True)


def test_a_follow_up_is_about_its_own_images_or_else_about_all_carried() -> None:
    first, second = part(pictures.four_corners(), "1"), part(pictures.four_corners(), "2")
    answer = Turn(role=Role.ASSISTANT, text="…")
    turns = (Turn(role=Role.USER, images=(first,), text="a"), answer)
    later = (*turns, Turn(role=Role.USER, images=(second,), text="b"))
    assert asked(Request(model=ON_DEVICE, turns=later)) == ("b", (second,))
    again = (*later, answer, Turn(role=Role.USER, text="c"))
    assert asked(Request(model=ON_DEVICE, turns=again)) == ("c", (first, second))


def test_a_long_page_is_read_to_its_end(ask: Ask) -> None:
    lines = [f"Paragraph number {number}" for number in range(0, 120, 4)]
    page = pictures.text_page(*lines, size_px=70, width_px=1000).resize((1000, 5000))
    answer, _ended = ask("Copy the text", part(page))
    assert fenced(answer) == lines


def test_a_screenshot_of_a_whole_page_is_read_to_its_end(ask: Ask) -> None:
    lines = [f"Setting {number} is on" for number in range(0, 200, 20)]
    page = Image.new("RGB", (1080, 20_000), "white")
    for index, line in enumerate(lines):
        page.paste(pictures.text_page(line, size_px=22, width_px=1080), (0, 200 + index * 2_100))
    plan = plan_image(load_catalog().on_device(), *page.size, Detail.AUTO)
    answer, _ended = ask("Copy the text", part(page.resize((plan.width_px, plan.height_px))))
    assert fenced(answer) == lines


def test_a_lone_line_on_a_large_empty_page_is_found(ask: Ask) -> None:
    page = Image.new("RGB", (1900, 2500), "white")
    page.paste(pictures.text_page("Setting 7 is on", size_px=22, width_px=900), (900, 1800))
    answer, _ended = ask("Copy the text", part(page))
    assert fenced(answer) == ["Setting 7 is on"]


@pytest.mark.parametrize("size", [(1, 1), (7, 4000), (4000, 9), (30, 30)])
def test_odd_shapes_are_survived(ask: Ask, size: tuple[int, int]) -> None:
    picture = Image.new("RGB", size, "white")
    # Not empty anywhere, so that all of it is looked at.
    picture.paste("black", (size[0] - 1, 0, size[0], size[1]))
    picture.paste("black", (0, size[1] - 1, size[0], size[1]))
    answer, ended = ask("Copy the text", part(picture))
    assert (answer, ended.complete) == ("No text was found.", True)


@pytest.mark.parametrize("height", [1, 2400, 2641, 5000, 20_000])
def test_tiles_cover_every_row_and_overlap(height: int) -> None:
    found = tiles(height)
    assert found[0][0] == 0
    assert found[-1][1] == height
    assert all(0 < bottom - top <= 2640 for top, bottom in found)
    assert all(before[1] - after[0] == 240 for before, after in itertools.pairwise(found))


def test_damaged_bytes_end_the_answer_with_a_problem(ask: Ask) -> None:
    broken = ImagePart(
        data=b"\x89PNG", media_type="image/png", detail=None, facts=part(pictures.four_corners()).facts
    )
    answer, ended = ask("Copy the text", broken)
    assert (answer, ended.complete) == ("", False)
    assert ended.problem is not None

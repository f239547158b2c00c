"""Reading order: lines, columns, prices at the right, whatever the order in which boxes are found."""

import math
import random
from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from desktop.core.found_text import Corners, FoundLine
from desktop.engines.on_device import layout
from desktop.engines.on_device.layout import TextBox, display_width, level

CHARACTER = 10.0
HEIGHT = 20.0


def box(text: str, left: float, top: float) -> TextBox:
    return TextBox(text, left, top, left + CHARACTER * display_width(text), top + HEIGHT)


def corners(found: TextBox) -> Corners:
    return (
        (found.left, found.top),
        (found.right, found.top),
        (found.right, found.bottom),
        (found.left, found.bottom),
    )


def reading_lines(boxes: Sequence[TextBox]) -> tuple[str, ...]:
    return layout.reading_lines(layout.arrange(boxes))


def turned(found: TextBox, degrees: float) -> FoundLine:
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    first, second, third, fourth = ((x * cos - y * sin, x * sin + y * cos) for x, y in corners(found))
    return FoundLine(found.text, (first, second, third, fourth))


RECEIPT = [
    box("Sourdough", 100, 0),
    box("11.80", 400, 2),
    box("Rye", 100, 30),
    box("4.90", 410, 29),
    box("Total", 100, 100),
    box("116.70", 390, 100),
]


def test_a_price_stands_on_the_line_of_its_item_right_aligned() -> None:
    assert reading_lines(RECEIPT) == (
        "Sourdough                     11.80",
        "Rye                            4.90",
        "",
        "Total                        116.70",
    )


def test_words_on_one_line_are_joined_from_left_to_right() -> None:
    assert reading_lines([box("world", 62, 3), box("hello", 0, 0)]) == ("hello world",)


def test_an_indent_is_kept_and_a_ragged_edge_is_not() -> None:
    lines = reading_lines([box("def f():", 0, 0), box("return 1", 40, 25), box("# end", 9, 50)])
    assert lines == ("def f():", "    return 1", "# end")


LEFT = [f"The left column, line {number}" for number in range(6)]
RIGHT = [f"And the right one, line {number}" for number in range(6)]


def page(stagger: float = 0) -> list[TextBox]:
    return [
        box("A headline that runs across both of the columns of the page", 0, 0),
        *(box(text, 0, 60 + 26 * number) for number, text in enumerate(LEFT)),
        *(box(text, 330, 60 + stagger + 26 * number) for number, text in enumerate(RIGHT)),
        box("A last line that runs across both of the columns of the page", 0, 280),
    ]


def words(lines: tuple[str, ...]) -> list[str]:
    return [line.strip() for line in lines if line]


def test_columns_of_prose_are_read_one_after_the_other() -> None:
    for stagger in (0, 7, 13):
        boxes = page(stagger)
        assert words(reading_lines(boxes)) == [boxes[0].text, *LEFT, *RIGHT, boxes[-1].text]


def test_a_table_is_read_row_by_row() -> None:
    rows = [("Energy", "1370 kJ"), ("Carbohydrate", "80.2 g"), ("Protein", "0.4 g"), ("Salt", "0.01 g")]
    boxes = [box(name, 0, 26 * n) for n, (name, _v) in enumerate(rows)]
    boxes += [box(value, 300, 26 * n) for n, (_n, value) in enumerate(rows)]
    assert [line.split() for line in reading_lines(boxes)] == [f"{a} {b}".split() for a, b in rows]


def test_a_page_that_lies_askew_is_read_as_if_it_lay_straight() -> None:
    # Text that is wide enough to tell its angle.
    for degrees in (-8, -2, 3, 10):
        boxes = level(turned(item, degrees) for item in page())
        assert words(reading_lines(boxes)) == words(reading_lines(page()))


def test_prices_stay_with_their_items_on_a_receipt_that_lies_askew() -> None:
    names = ["Sourdough bread", "Rye bread, sliced", "Croissant with jam", "Coffee, 250 grams"]
    straight = [box(name, 0, 30 * n) for n, name in enumerate(names)]
    straight += [box(f"{n}1.80", 500, 30 * n) for n in range(len(names))]
    for degrees in (-12, -5, 5, 12):
        found = reading_lines(level(turned(item, degrees) for item in straight))
        assert [line.split("  ")[0] for line in found] == names
        assert [line.split()[-1] for line in found] == ["01.80", "11.80", "21.80", "31.80"]


def test_a_page_on_its_side_is_not_straightened_by_guessing() -> None:
    boxes = level(turned(item, 60) for item in page())
    assert sorted(item.text for item in boxes) == sorted(item.text for item in page())


def test_chinese_takes_two_columns() -> None:
    assert reading_lines([box("拿铁", 0, 0), box("28.00", 150, 0)]) == ("拿铁" + " " * 11 + "28.00",)


def test_nothing_gives_nothing() -> None:
    assert reading_lines([]) == ()
    assert level([]) == []


texts = st.text("abcdefgh 0123456789.中文", min_size=1, max_size=30).filter(lambda text: text.strip() == text)
numbers = st.floats(0, 2000, allow_nan=False)
boxes = st.builds(
    lambda text, left, top, height: TextBox(text, left, top, left + 8 * len(text), top + height),
    texts,
    numbers,
    numbers,
    st.floats(0, 60, allow_nan=False),
)


@given(st.lists(boxes, max_size=25))
def test_every_piece_of_text_comes_out_exactly_once(found: list[TextBox]) -> None:
    printed = "".join("".join(reading_lines(found)).split())
    assert sorted(printed) == sorted("".join("".join(item.text.split()) for item in found))


@given(st.lists(boxes, max_size=25), st.integers())
def test_the_order_in_which_boxes_are_found_does_not_matter(found: list[TextBox], seed: int) -> None:
    mixed = list(found)
    random.Random(seed).shuffle(mixed)
    assert reading_lines(mixed) == reading_lines(found)


@given(st.lists(boxes, max_size=25))
def test_lines_stay_bounded(found: list[TextBox]) -> None:
    longest = max((len(line) for line in reading_lines(found)), default=0)
    assert longest <= 200 + sum(len(item.text) for item in found)

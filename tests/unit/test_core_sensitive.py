"""Where on a page something sensitive stands: on the part of the line, whichever way it runs."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.found_text import Corners, FoundLine, PageCode, PageText
from desktop.core.sensitive import Kind, kind_text, suggestions

CHARACTER, HEIGHT = 10.0, 20.0
MAIL = "jane.doe@example.com"


def line(
    text: str, left: float, top: float, *, degrees: float = 0, center: tuple[float, float] = (0, 0)
) -> FoundLine:
    """A line of even characters, turned clockwise around a point."""
    right, bottom = left + CHARACTER * len(text), top + HEIGHT
    cos, sin = math.cos(math.radians(degrees)), math.sin(math.radians(degrees))
    points = ((left, top), (right, top), (right, bottom), (left, bottom))
    first, second, third, fourth = (
        (
            center[0] + (x - center[0]) * cos - (y - center[1]) * sin,
            center[1] + (x - center[0]) * sin + (y - center[1]) * cos,
        )
        for x, y in points
    )
    return FoundLine(text, (first, second, third, fourth))


def page(
    *lines: FoundLine, codes: tuple[PageCode, ...] = (), px: tuple[int, int] | None = (1000, 1000)
) -> PageText:
    return PageText(lines=lines, codes=codes, page_px=px)


def test_only_the_part_of_the_line_is_covered() -> None:
    (found,) = suggestions(page(line(f"00000000000000000000{' ' * 3}{MAIL}", 100, 100)))
    assert (found.kind, found.text) == (Kind.EMAIL, MAIL)
    assert 250 < found.area.left <= 330
    assert found.area.right >= 530
    assert 90 <= found.area.top < 100
    assert 120 < found.area.bottom <= 130


@pytest.mark.parametrize("degrees", [90, 180, 270, 30])
def test_a_turned_line_is_covered_by_an_upright_rectangle(degrees: float) -> None:
    text = f"Reply to {MAIL}"
    turned = line(text, 400, 490, degrees=degrees, center=(500, 500))
    (found,) = suggestions(page(turned))
    begin = len(text) - len(MAIL)
    upper_left, upper_right, lower_right, lower_left = turned.corners
    share = begin / len(text)
    for start, end in ((upper_left, upper_right), (lower_left, lower_right)):
        for place in (share, 1.0):
            x, y = (start[axis] + (end[axis] - start[axis]) * place for axis in (0, 1))
            assert found.area.left <= x <= found.area.right
            assert found.area.top <= y <= found.area.bottom
    if degrees == 90:
        assert found.area.width_px < 40
        assert found.area.top > turned.corners[0][1], "the words before it are not covered"


def test_a_match_over_two_boxes_of_a_line_is_one() -> None:
    card = page(line("Card 4111 1111", 100, 100), line("1111 1111 thanks", 250, 101))
    (found,) = suggestions(card)
    assert (found.kind, found.text) == (Kind.CARD, "4111 1111 1111 1111")
    assert found.area.left < 160
    assert found.area.right > 330


def test_a_word_cut_in_two_boxes_is_joined() -> None:
    (found,) = suggestions(page(line("jane.doe@exam", 100, 100), line("ple.com", 231, 100)))
    assert found.text == MAIL


def test_boxes_on_different_lines_are_not_joined() -> None:
    assert suggestions(page(line("4111 1111", 100, 100), line("1111 1111", 100, 140))) == ()


def test_columns_are_not_joined_to_one_number() -> None:
    assert suggestions(page(line("4111 1111", 100, 100), line("1111 1111", 400, 100))) == ()


def test_a_value_in_its_own_column_belongs_to_its_caption() -> None:
    (found,) = suggestions(page(line("Password", 100, 100), line("Tr0ub4dor&3", 600, 100)))
    assert (found.kind, found.text) == (Kind.KEY, "Tr0ub4dor&3")
    assert found.area.left > 500


def test_a_private_key_is_covered_from_begin_to_end() -> None:
    lines = (
        "-----BEGIN PRIVATE KEY-----",
        "MIIEvQIBADANBgkqhkiG9w0B",
        "AQEFAASCBKcwggSjAgEAAoIB",
        "-----END PRIVATE KEY-----",
    )
    found = suggestions(
        page(*(line(text, 100, 100 + 30 * n) for n, text in enumerate((*lines, "Kind regards"))))
    )
    assert [s.text for s in found] == list(lines)


def test_a_key_too_long_for_its_line_goes_on_in_the_next() -> None:
    found = suggestions(
        page(
            line("sk-proj-Zk3v9QmT7xWb2LrYc8Nd4HfJ", 100, 100),
            line("7Pq2sVn4", 100, 130),
            line("and more", 100, 160),
        )
    )
    assert [s.text for s in found] == ["sk-proj-Zk3v9QmT7xWb2LrYc8Nd4HfJ", "7Pq2sVn4"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        ("mailto:jane@example.com", Kind.EMAIL),
        ("WIFI:T:WPA;S:Home;P:secret123;;", Kind.KEY),
        ("otpauth://totp/a?secret=JBSWY3DPEHPK3PXP", Kind.KEY),
        ("BEGIN:VCARD\nN:Doe;Jane\nEND:VCARD", Kind.PHONE),
        ("tel:+49301234567", Kind.PHONE),
        ("BCD\n002\n1\nSCT\n\nJane Doe\nDE89370400440532013000", Kind.IBAN),
        ("Pay to DE89370400440532013000", Kind.IBAN),
        ("https://example.com/menu", None),
        ("4006381333931", None),
        ("WIFI:T:nopass;S:Cafe;;", None),
    ],
)
def test_a_code_is_covered_if_it_holds_something_sensitive(content: str, kind: Kind | None) -> None:
    code = PageCode("QR Code", content, ((100, 100), (200, 100), (200, 200), (100, 200)))
    found = suggestions(page(codes=(code,)))
    assert [s.kind for s in found] == ([] if kind is None else [kind])
    for suggestion in found:
        assert suggestion.area.left <= 100
        assert suggestion.area.bottom >= 200


def test_hostile_text_is_shown_as_one_plain_line() -> None:
    code = PageCode(
        "QR Code", "mailto:a@b.com\n\x1b[31m\u202e" + "x" * 5_000, ((0, 0), (9, 0), (9, 9), (0, 9))
    )
    (found,) = suggestions(page(codes=(code,)))
    assert found.text.isprintable()
    assert len(found.text) <= 200


def test_every_kind_has_a_word() -> None:
    assert len({kind_text(kind) for kind in Kind}) == len(Kind)


coordinate = st.floats(-500, 3_000, allow_nan=False)
corner = st.tuples(coordinate, coordinate)
quads: st.SearchStrategy[Corners] = st.tuples(corner, corner, corner, corner)


@given(
    st.lists(
        st.tuples(st.sampled_from([MAIL, "4111 1111 1111 1111", "sk-abcd1234efgh5678ijkl", "words"]), quads)
    ),
    st.tuples(st.integers(1, 2_000), st.integers(1, 2_000)),
)
def test_areas_lie_inside_the_page_whatever_the_boxes(
    lines: list[tuple[str, Corners]], px: tuple[int, int]
) -> None:
    found = suggestions(page(*(FoundLine(text, corners) for text, corners in lines), px=px))
    for suggestion in found:
        area = suggestion.area
        assert 0 <= area.left < area.right <= px[0]
        assert 0 <= area.top < area.bottom <= px[1]


@given(st.lists(st.tuples(st.text(max_size=40), quads), max_size=8))
def test_no_text_and_no_place_breaks_it(lines: list[tuple[str, Corners]]) -> None:
    suggestions(page(*(FoundLine(text, corners) for text, corners in lines), px=None))

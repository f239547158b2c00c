"""What a tile says: a badge only where something differs, tokens of all that would be sent."""

from pathlib import Path
from typing import Any

import pytest

from desktop.core.edits import Area, Arrow, Edits
from desktop.core.model import Detail, Position
from desktop.ui.gallery.items import Tile
from desktop.ui.gallery_state import Entry
from desktop.ui.gallery_tiles import badges, tile, tokens_of
from tests.helpers.asking import CATALOG
from tests.helpers.history import facts

GPT_41 = CATALOG.model("gpt-4.1")
AREA = Area(0, 0, 100, 100)


def entry(*, edits: Edits | None = None, detail: Detail | None = None, **changes: Any) -> Entry:
    found = facts("a.jpg", **changes)
    return Entry(key=1, path=Path("/a.jpg"), facts=found, edits=edits or Edits(), detail=detail)


def shown(made: Entry, *, sent: frozenset[str] = frozenset()) -> Tile:
    return tile(made, model=GPT_41, detail=Detail.HIGH, in_conversation=sent)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (entry(), []),
        (entry(edits=Edits(region=AREA)), ["part"]),
        (entry(edits=Edits(crop=AREA, blackouts=(AREA,))), ["blacked out", "cropped"]),
        (entry(edits=Edits(marks=(Arrow((0, 0), (5, 5)),))), ["edited"]),
        (entry(edits=Edits(quarter_turns=1, longest_px=99)), ["edited", "shrunk"]),
        (entry(detail=Detail.LOW), ["Low"]),
        (entry(position=Position(48.1, 11.6)), ["GPS removed"]),
        (entry(format="HEIF"), ["converted"]),
        (entry(format="TIFF", frames=3, page=1), ["page 2 of 3"]),
        (entry(format="GIF", frames=24), ["frame 1 of 24"]),
        (entry(format="JPEG", frames=2), []),
    ],
)
def test_a_badge_says_only_what_differs(made: Entry, said: list[str]) -> None:
    assert badges(made, on_device=False) == said


def test_on_this_computer_only_what_the_reader_sees_is_said() -> None:
    made = entry(format="HEIF", position=Position(1, 2), detail=Detail.LOW, edits=Edits(blackouts=(AREA,)))
    assert badges(made, on_device=True) == ["blacked out"]


def test_a_tile_counts_overview_and_part_and_shows_the_size_that_is_left() -> None:
    assert shown(entry(edits=Edits(region=AREA))).cost == "340 tok"
    assert shown(entry(edits=Edits(crop=Area(0, 0, 200, 100), quarter_turns=1))).pixels == "100×200"
    assert tokens_of([entry(), entry(edits=Edits(region=AREA))], model=GPT_41, detail=Detail.HIGH) == 1105


def test_an_image_that_the_model_refuses_says_too_large() -> None:
    astra = CATALOG.model("gpt-6-astra")
    made = entry(width_px=7680, height_px=4320)
    assert tile(made, model=astra, detail=Detail.AUTO, in_conversation=frozenset()).cost == "too large"


def test_the_dot_stands_for_the_page_and_not_for_the_whole_file() -> None:
    first, second = entry(format="PDF", frames=2), entry(format="PDF", frames=2, page=1)
    assert first.facts is not None
    sent = frozenset({first.facts.source_id})
    assert shown(first, sent=sent).in_conversation
    assert not shown(second, sent=sent).in_conversation
    assert second.name == "a.jpg · page 2"

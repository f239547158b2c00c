"""What a tile says: a badge only where something differs, tokens of all that would be sent."""

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop.core.asked import Asked
from desktop.core.catalog import Model
from desktop.core.edits import Area, Arrow, Edits
from desktop.core.estimate import NOTHING_LEARNED
from desktop.core.ledger import Learned, LearnedDetail
from desktop.core.model import Detail, Position
from desktop.core.problems import Code, problem
from desktop.ui.gallery.items import Tile
from desktop.ui.gallery_state import Entry
from desktop.ui.gallery_tiles import GalleryTiles, badges, sum_tokens, tokens_for
from tests.helpers.asking import CATALOG
from tests.helpers.history import facts

GPT_41 = CATALOG.model("gpt-4.1")
AREA = Area(0, 0, 100, 100)


def entry(*, edits: Edits | None = None, detail: Detail | None = None, **changes: Any) -> Entry:
    found = facts("a.jpg", **changes)
    return Entry(key=1, path=Path("/a.jpg"), facts=found, edits=edits or Edits(), detail=detail)


class State:
    """The entries that tiles are made of."""

    def __init__(self, *entries: Entry) -> None:
        self.entries = {made.key: made for made in entries}


class Chosen:
    def __init__(self, model: Model, detail: Detail) -> None:
        self.model, self.detail = model, detail
        self.learned = lambda _model: NOTHING_LEARNED


def tiles_of(*entries: Entry, model: Model = GPT_41, detail: Detail = Detail.HIGH) -> GalleryTiles:
    return GalleryTiles(State(*entries), Chosen(model, detail))  # type: ignore[arg-type]


def shown(made: Entry, *, sent: frozenset[str] = frozenset()) -> Tile:
    tiles = tiles_of(made)
    tiles.in_conversation = sent
    return tiles.tile(made.key)


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
    steps = sum_tokens([entry(), entry(edits=Edits(region=AREA))], model=GPT_41, detail=Detail.HIGH)
    with pytest.raises(StopIteration) as done:
        next(steps)
    assert done.value.value == 1105


def test_an_image_that_the_model_refuses_says_too_large() -> None:
    astra = CATALOG.model("gpt-6-astra")
    made = entry(width_px=7680, height_px=4320)
    assert tiles_of(made, model=astra, detail=Detail.AUTO).tile(1).cost == "too large"


def test_the_dot_stands_for_the_page_and_not_for_the_whole_file() -> None:
    first, second = entry(format="PDF", frames=2), entry(format="PDF", frames=2, page=1)
    assert first.facts is not None
    sent = frozenset({first.facts.source_id})
    assert shown(first, sent=sent).in_conversation
    assert not shown(second, sent=sent).in_conversation
    assert second.name == "a.jpg · page 2"


def test_a_tile_tells_whether_it_was_asked_about_and_what_it_has_cost() -> None:
    made = entry()
    assert made.facts is not None
    tiles = tiles_of(made)
    assert tiles.tile(1).asked == ""
    for cost, said in ((Decimal("0.0034"), "$0.0034"), (Decimal(0), "asked"), (None, "asked")):
        about = Asked(source_id=made.facts.source_id, cost_usd=cost, times=2, conversations=((3, "Totals"),))
        tiles.asked = {made.facts.source_id: about}
        assert tiles.tile(1).asked == said
        assert tiles.tile(1).told[0].startswith("Asked about 2 times")


def test_copies_are_marked_and_the_tip_names_the_other_file() -> None:
    first, near = entry(), replace(entry(sha256="b" * 64), key=2)
    same = replace(first, key=3)
    tiles = tiles_of(first, near, same)
    for made, bits in ((first, 5), (near, 4), (same, 5)):
        assert made.facts is not None
        tiles.copies.add(made.key, made.facts.source_id, bits, (400, 300))
    assert [tiles.tile(key).badge for key in (1, 2, 3)] == ["duplicate", "similar", "duplicate"]
    assert tiles.tile(2).told[0].startswith("Looks like a.jpg")


def test_a_file_that_is_gone_is_shown_as_missing() -> None:
    gone = Entry(key=1, path=Path("/a.jpg"), problem=problem(Code.IMAGE_MISSING, name="a.jpg"))
    assert tiles_of(gone).tile(1).state == "missing"
    damaged = Entry(key=1, path=Path("/a.jpg"), problem=problem(Code.IMAGE_DAMAGED, name="a.jpg"))
    assert tiles_of(damaged).tile(1).state == "unusable"


def test_a_tile_told_other_tokens_than_the_chip_once_bills_had_taught() -> None:
    presumed = replace(GPT_41, presumed=True)
    learned = Learned(details=(LearnedDetail(detail="high", answers=3, ratio=Decimal(2), image_tokens=None),))
    tiles = tiles_of(entry(), model=presumed)
    before = tiles.tile(1).cost
    tiles._choice.learned = lambda _model: learned
    plain = tokens_for(entry(), model=presumed, detail=Detail.HIGH)
    twice = tokens_for(entry(), model=presumed, detail=Detail.HIGH, learned=learned)
    assert plain is not None
    assert twice == 2 * plain
    assert tiles.tile(1).cost != before
    assert f"{twice:,}" in tiles.tile(1).cost

"""What the viewer's panel says: the figures of the plan that is billed, and hints that are true."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.edits import Area, Callout, Edits, Frame
from desktop.core.ledger import Learned, LearnedDetail
from desktop.core.model import Attachment, Detail, ImageFacts, Position, SentImage
from desktop.core.planning import plan_new
from desktop.core.request import expand
from desktop.ui.viewer.figures import Viewed, exact, planned, shrunk, tokens_of
from desktop.ui.viewer.panel_state import Act, PanelState, attachment_state, panel_state
from desktop.ui.viewer.removed import removed_rows
from tests.helpers.asking import CATALOG, PRICES
from tests.helpers.history import facts

GPT_41 = CATALOG.model("gpt-4.1")
TERRA = CATALOG.model("gpt-5.6-terra")
UNKNOWN = CATALOG.model("llava:13b")


def image(width_px: int = 2964, height_px: int = 2000, **values: Any) -> ImageFacts:
    return replace(facts("left.png"), width_px=width_px, height_px=height_px, **values)


def viewed(model: str = "gpt-4.1", **values: Any) -> Viewed:
    chosen = CATALOG.model(model)
    given_values = {"image": image(), "selector": Detail.HIGH, "model": chosen} | values
    return Viewed(**{"rates": PRICES.rates(chosen)} | given_values)


def rows(state: PanelState) -> dict[str, str]:
    return {row.name: f"{row.value} {row.strong}".strip() for row in state.sent}


def test_a_photo_on_a_tile_model_reads_as_in_the_mock() -> None:
    sent = SentImage(
        sha256="a" * 64, media_type="image/jpeg", width_px=1138, height_px=768, size_bytes=148_000
    )
    shown = viewed(image=image(format="PNG", file_bytes=6_800_000))
    state = panel_state(replace(shown, sent={shown.new.key: sent}))
    assert rows(state) == {
        "File": "2,964 × 2,000 · PNG · 6.8 MB",
        "Sent as": "1,138 × 768 · JPEG · 148 KB",
        "Detail": "High",
        "Tiles": "3 × 2 = 6",
        "Tokens": "85 + 6 × 170 = 1,105",
        "Cost with gpt-4.1": "$0.0022",
        "Follow-ups (cached)": "$0.00055",
    }
    assert [(card.title, card.caption, card.chosen) for card in state.cards] == [
        ("Low", "85 tok", False),
        ("High", "1,105 tok", True),
        ("Auto", "= High", False),
    ]


def test_a_patch_model_shows_its_multiplier_and_what_auto_means() -> None:
    state = panel_state(viewed("gpt-5.6-terra", selector=Detail.AUTO, image=image(1200, 750)))
    assert rows(state)["Patches"] == "38 × 24 = 912"
    assert rows(state)["Tokens"] == "912 × 1.2 = 1,095"
    assert rows(state)["Detail"] == "Auto = Original"
    assert state.cards[-1].caption == "= Original"


def test_a_picture_at_low_of_a_tile_model_has_a_flat_price_and_no_tiles() -> None:
    shown = rows(panel_state(viewed(own_detail=Detail.LOW)))
    assert shown["Tokens"] == "85"
    assert shown["Tiles"] == "whole image"


def test_what_the_numbers_stand_for_is_among_what_is_sent() -> None:
    marks = (Callout((10, 10), "the cup"), Callout((20, 20), ""), Callout((30, 30), "the spoon"))
    shown = rows(panel_state(viewed(edits=Edits(marks=marks))))
    assert shown["Legend"] == "1 = the cup; 3 = the spoon"
    assert "Legend" not in rows(panel_state(viewed()))


def test_the_levels_stay_where_they_are_from_level_to_level() -> None:
    low, high = (panel_state(viewed(own_detail=detail)) for detail in (Detail.LOW, Detail.HIGH))
    assert [row.name for row in low.sent][:5] == [row.name for row in high.sent][:5]
    assert len(low.sent) == len(high.sent)


def test_a_prompt_that_no_cache_keeps_is_not_promised_to_be_cheaper() -> None:
    shown = rows(panel_state(viewed(own_detail=Detail.LOW)))
    assert shown["Follow-ups"] == shown["Cost with gpt-4.1"]
    assert "Follow-ups (cached)" not in shown


@given(
    model=st.sampled_from([m.id for m in CATALOG.models]),
    width=st.integers(1, 9000),
    height=st.integers(1, 9000),
    detail=st.sampled_from(list(Detail)),
    with_region=st.booleans(),
)
def test_the_panel_tells_the_tokens_of_the_plans_that_are_billed(
    model: str, width: int, height: int, detail: Detail, with_region: bool
) -> None:
    region = Area(0, 0, max(width // 2, 1), max(height // 2, 1)) if with_region else None
    shown = viewed(model, image=image(width, height), selector=detail, edits=Edits(region=region))
    plans = [plan_new(shown.model, new) for new in expand(shown.new)]
    total = sum(plan.tokens or 0 for plan in plans)
    refused = any(plan.rejected for plan in plans)
    expected = "—" if refused else f"{total:,}"
    assert rows(panel_state(shown))["Tokens"].rpartition("= ")[2] == expected


def test_a_part_is_shown_with_its_overview_and_their_sum() -> None:
    shown = viewed(edits=Edits(region=Area(1000, 1200, 1400, 1600)))
    told = rows(panel_state(shown))
    assert told["Overview"].startswith("512 × 345")
    assert told["Part"].startswith("400 × 400")
    assert told["Tokens"] == "85 + 255 = 340"


def test_cropping_to_the_red_box_is_offered_with_what_it_saves() -> None:
    state = panel_state(viewed(edits=Edits(region=Area(1000, 1200, 1400, 1600))))
    tip = state.tips[0]
    assert tip.text == (
        "Cropping to the red box needs 1 tile: 255 tokens, 77\u00a0% cheaper than the whole image."
    )
    assert (tip.strong, tip.act) == ("255 tokens", Act.CROP)


def test_a_box_that_needs_as_many_tiles_is_no_tip() -> None:
    assert panel_state(viewed(edits=Edits(region=Area(0, 0, 2964, 1990)))).tips == ()


def test_a_refused_picture_says_why_and_shrinks_with_one_click() -> None:
    shown = viewed("gpt-5.6-terra", selector=Detail.AUTO, image=image(7680, 4320))
    state = panel_state(shown)
    assert rows(state)["Sent as"] == "refused, too large"
    assert next(card for card in state.cards if card.detail is Detail.ORIGINAL).refused
    assert (state.tips[0].act, state.tips[0].problem) == (Act.SHRINK, True)
    mended = replace(shown, edits=shrunk(shown) or Edits())
    assert tokens_of(mended) is not None
    assert mended.edits.longest_px is not None
    wider = replace(mended.edits, longest_px=mended.edits.longest_px + 1)
    assert tokens_of(replace(mended, edits=wider)) is None, "a pixel more would be refused"
    assert panel_state(mended).tips[0].act is Act.USE_HIGH


def test_high_is_recommended_where_auto_means_original_for_a_large_photo() -> None:
    state = panel_state(viewed("gpt-5.6-terra", selector=Detail.AUTO, image=image(4032, 3024)))
    assert [(tip.act, tip.strong) for tip in state.tips] == [(Act.USE_HIGH, "2,942 tokens")]
    assert "80\u00a0% cheaper" in state.tips[0].text


def test_low_that_costs_more_than_high_is_told() -> None:
    state = panel_state(viewed("gpt-5.4", selector=Detail.LOW, image=image(2048, 2048)))
    assert state.tips[0].text == "High needs 3,000 tokens here, 39\u00a0% cheaper."


def test_a_model_of_unknown_rule_has_a_dash_or_what_bills_taught() -> None:
    unknown = viewed("llava:13b", selector=Detail.HIGH)
    assert rows(panel_state(unknown))["Tokens"] == "—"
    learned = Learned(details=(LearnedDetail(detail="high", answers=4, ratio=Decimal(1), image_tokens=576),))
    assert rows(panel_state(replace(unknown, learned=learned)))["Tokens"] == "≈ 576 · from 4 bills"


def test_the_reader_has_no_levels_no_price_and_sends_nothing() -> None:
    state = panel_state(viewed("on-device"))
    assert state.title == "What is read"
    assert (state.cards, state.tips, state.removed) == ((), (), None)


def test_an_image_that_was_sent_shows_its_bytes_and_its_share_of_the_bill() -> None:
    sent = SentImage(
        sha256="a" * 64, media_type="image/jpeg", width_px=1138, height_px=768, size_bytes=148_000
    )
    attachment = Attachment(
        id=3, image=image(), detail=Detail.HIGH, sent=sent, tokens=1105, cost_usd=Decimal("0.00221")
    )
    state = attachment_state(attachment, model=GPT_41)
    assert state.title == "What was sent"
    assert rows(state)["Tokens"] == "85 + 6 × 170 = 1,105"
    assert rows(state)["Share of the bill"] == "$0.0022"
    assert (state.cards, state.has_other_models) == ((), False)


def test_the_rule_of_a_bill_that_taught_otherwise_did_not_add_up() -> None:
    sent = SentImage(sha256="a" * 64, media_type="image/png", width_px=1138, height_px=768, size_bytes=1_000)
    attachment = Attachment(id=3, image=image(), detail=Detail.HIGH, sent=sent, tokens=1_300)
    assert rows(attachment_state(attachment, model=GPT_41))["Tokens"] == "1,300"


def test_what_is_removed_is_listed_with_the_position() -> None:
    photo = image(
        position=Position(48.137, -11.576),
        camera="NIKON D850",
        lens="50 mm",
        taken_at="2026:10:04 16:21:07",
        metadata=("exif", "gps", "serial", "author", "comment", "thumbnail", "icc"),
    )
    told = {row.name: row.value for row in removed_rows(photo, Edits(blackouts=(Area(0, 0, 9, 9),)))}
    assert told == {
        "GPS position": "48.14 N, 11.58 W",
        "Camera, lens, serial no.": "removed",
        "Date and time": "2026-10-04 16:21",
        "Author": "removed",
        "Comment": "removed",
        "Embedded preview": "removed",
        "Colour profile": "converted to sRGB",
        "Blacked out": "1 area",
    }


def test_nothing_is_removed_from_a_bare_picture() -> None:
    assert removed_rows(image(metadata=(), position=None, camera=None, lens=None), Edits()) == ()


@pytest.mark.parametrize(
    ("number", "text"), [(Fraction(6, 5), "1.2"), (Fraction("2.46"), "2.46"), (Fraction(10), "10")]
)
def test_multipliers_are_told_with_all_their_decimals(number: Fraction, text: str) -> None:
    assert exact(number) == text


def test_an_overview_carries_the_frame_and_goes_at_low() -> None:
    overview, part = planned(viewed(edits=Edits(region=Area(10, 10, 500, 500))))
    assert overview[0].detail is Detail.LOW
    assert overview[0].edits.marks == (Frame(Area(10, 10, 500, 500)),)
    assert part[0].detail is Detail.HIGH

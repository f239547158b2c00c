"""Ready-made prompts."""

from pathlib import Path

import pytest

from desktop.core.presets import PRESETS, Preset, cards, presets

ICONS = Path(__file__).parents[2] / "resources" / "icons"


def test_the_cards_are_those_of_the_empty_state_in_their_order() -> None:
    assert [(card.title, card.on_device) for card in cards()] == [
        ("Copy the text", True),
        ("Read the codes", True),
        ("Spot the differences", True),
        ("What is in this file?", True),
        ("Check a receipt", False),
        ("Read a chart", False),
    ]


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.id)
def test_every_preset_is_whole(preset: Preset) -> None:
    assert (ICONS / f"{preset.icon}.svg").is_file()
    assert len(preset.title) <= 24
    assert len(preset.hint) <= 48
    assert preset.prompt.endswith((".", "?"))
    assert preset.min_images >= 1


def test_ids_are_unique() -> None:
    assert len({preset.id for preset in PRESETS}) == len(PRESETS)


def test_the_reader_is_offered_only_what_it_can_serve() -> None:
    assert {preset.id for preset in presets(on_device=True)} == {
        "copy-text",
        "read-codes",
        "differences",
        "file-facts",
    }
    assert presets(on_device=False) == PRESETS


def test_differences_need_two_images() -> None:
    def offered(count: int) -> bool:
        return any(p.id == "differences" for p in presets(on_device=True, image_count=count))

    assert [offered(count) for count in (0, 1, 2, 3)] == [False, False, True, True]
    assert presets(on_device=False, image_count=0) == ()

"""Ready-made prompts."""

from pathlib import Path

import pytest

from desktop.core.presets import CARDS, PRESETS, Preset, presets

ICONS = Path(__file__).parents[2] / "resources" / "icons"


def test_the_cards_are_those_of_the_empty_state_in_their_order() -> None:
    assert [(card.title, card.on_device) for card in presets(on_device=True, cards_only=True)] == [
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


def test_ids_are_unique() -> None:
    assert len({preset.id for preset in PRESETS}) == len(PRESETS)


def test_what_is_removed_before_sending_is_not_asked_of_a_model() -> None:
    """The facts of a file were offered to models, which never get them."""
    ids = [preset.id for preset in presets(on_device=False, cards_only=True)]
    assert "file-facts" not in ids
    assert len(ids) == CARDS
    assert "file-facts" in {preset.id for preset in presets(on_device=True)}
    assert {preset.id for preset in PRESETS if preset.reader_only} <= {p.id for p in PRESETS if p.on_device}

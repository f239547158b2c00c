"""Ready-made prompts."""

from pathlib import Path

import pytest

from desktop.core.presets import CARDS, PRESETS, TOPIC_TITLES, Preset, Topic
from desktop.core.prompt_filling import variables
from desktop.core.prompts import TEXT_CHARS, clean_text, is_id

ICONS = Path(__file__).parents[2] / "resources" / "icons"


ASKED_FOR = {
    *("receipt", "error", "chart", "differences", "product", "copy-text", "alt-text", "traffic", "lab"),
    *("slides", "handwriting"),
}


def test_the_starting_set_covers_what_people_have() -> None:
    assert {preset.id for preset in PRESETS} >= ASKED_FOR
    assert sum(preset.card for preset in PRESETS) > CARDS - 1
    assert {preset.topic for preset in PRESETS} == set(Topic) == set(TOPIC_TITLES)


def test_a_lab_image_is_no_medical_advice() -> None:
    lab = next(preset for preset in PRESETS if preset.id == "lab")
    assert "no medical advice" in lab.prompt
    assert "no medical advice" in lab.hint


def test_text_is_read_only_where_a_prompt_says_so() -> None:
    with_variables = {preset.id: variables(preset.prompt) for preset in PRESETS}
    assert {name for name, found in with_variables.items() if "text" in found} == {"proofread"}
    assert with_variables["file-name"] == {"name", "date"}


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.id)
def test_every_preset_is_whole(preset: Preset) -> None:
    assert (ICONS / f"{preset.icon}.svg").is_file()
    assert len(preset.title) <= 24
    assert len(preset.hint) <= 48
    assert preset.prompt.endswith((".", "?"))
    assert is_id(preset.id)
    assert clean_text(preset.prompt) == preset.prompt
    assert len(preset.prompt) < TEXT_CHARS


def test_ids_are_unique() -> None:
    assert len({preset.id for preset in PRESETS}) == len(PRESETS)

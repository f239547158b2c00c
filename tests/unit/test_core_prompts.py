"""The prompt library: changing it loses nothing that the user did not take away."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.presets import PRESETS
from desktop.core.prompts import (
    MOST_PROMPTS,
    OWN_ICON,
    TEXT_CHARS,
    TITLE_CHARS,
    Library,
    Prompt,
    all_prompts,
    find,
    holder,
    moved,
    new_id,
    own_prompt,
    put_back,
    sections,
    starred,
    suggested_title,
    with_own,
    with_shortcut,
    without,
)

REPORT = own_prompt("own-1", "Report", "Report on {name}.")
NOTE = own_prompt("own-2", "Note", "A note.", needs_model=True)
OWN = Library(own=(REPORT, NOTE))
RECEIPT = next(preset for preset in PRESETS if preset.id == "receipt")


def shown(library: Library, prompt_id: str) -> Prompt:
    found = find(library, prompt_id)
    assert found is not None
    return found


def layout(library: Library) -> dict[str, list[str]]:
    return {section.title: [prompt.id for prompt in section.prompts] for section in sections(library)}


def test_favourites_come_first_then_own_ones_then_topics_and_each_prompt_once() -> None:
    library = starred(starred(OWN, "chart", favourite=True), "own-2", favourite=True)
    there = layout(library)
    assert list(there)[:4] == ["Favourites", "Your prompts", "Text and codes", "Documents and charts"]
    assert there["Favourites"] == ["chart", "own-2"]
    assert there["Your prompts"] == ["own-1"]
    ids = [prompt.id for prompt in all_prompts(library)]
    assert sorted(ids) == sorted({"own-1", "own-2", *(preset.id for preset in PRESETS)})


def test_a_built_in_prompt_that_is_changed_stays_where_it_was_with_all_it_had() -> None:
    library = with_shortcut(starred(Library(), "receipt", favourite=True), "receipt", "Ctrl+Alt+1")
    changed = with_own(
        library, own_prompt("receipt", "My receipt", "Sum it up.", icon=RECEIPT.icon, needs_model=True)
    )
    prompt = shown(changed, "receipt")
    assert (prompt.title, prompt.text, prompt.own, prompt.built_in) == (
        "My receipt",
        "Sum it up.",
        True,
        True,
    )
    assert (prompt.favourite, prompt.shortcut, prompt.on_device) == (True, "Ctrl+Alt+1", False)
    assert layout(changed) == layout(library)

    back = shown(without(changed, "receipt"), "receipt")
    assert (back.text, back.own, back.favourite, back.shortcut) == (RECEIPT.prompt, False, True, "Ctrl+Alt+1")


def test_a_built_in_prompt_that_is_as_it_was_again_is_no_own_one() -> None:
    library = with_own(
        Library(), own_prompt("receipt", RECEIPT.title, RECEIPT.prompt + "!", needs_model=True)
    )
    assert shown(library, "receipt").own
    library = with_own(library, own_prompt("receipt", RECEIPT.title, RECEIPT.prompt, needs_model=True))
    assert library == Library()


def test_flags_of_built_in_prompts_are_as_they_were() -> None:
    assert [p.id for p in all_prompts(Library()) if p.reader_only] == ["file-facts"]
    on_device = {preset.id for preset in PRESETS if preset.on_device}
    assert {p.id for p in all_prompts(Library()) if p.on_device} == on_device


def test_what_is_deleted_comes_back_as_it_was() -> None:
    library = with_shortcut(starred(OWN, "own-1", favourite=True), "own-1", "Ctrl+Alt+3")
    library = moved(starred(library, "chart", favourite=True), "own-1", 1)
    gone = without(library, "own-1")
    assert find(gone, "own-1") is None
    assert not holder(gone, "Ctrl+Alt+3")
    assert "own-1" not in gone.favourites
    assert put_back(gone, library, "own-1") == library
    assert layout(put_back(gone, library, "own-1")) == layout(library)


def test_putting_back_takes_nothing_from_what_came_since() -> None:
    library = with_shortcut(OWN, "own-1", "Ctrl+Alt+3")
    since = with_shortcut(without(library, "own-1"), "own-2", "Ctrl+Alt+3")
    back = put_back(since, library, "own-1")
    assert holder(back, "Ctrl+Alt+3") == "own-2"
    assert put_back(back, library, "own-1") == back


def test_a_shortcut_belongs_to_one_prompt() -> None:
    library = with_shortcut(with_shortcut(OWN, "own-1", "Ctrl+Alt+1"), "own-2", "Ctrl+Alt+1")
    assert library.shortcuts == {"own-2": "Ctrl+Alt+1"}
    assert with_shortcut(library, "own-2", "").shortcuts == {}


def test_moving_stays_in_the_section_and_stops_at_its_ends() -> None:
    down = moved(OWN, "own-1", 1)
    assert layout(down)["Your prompts"] == ["own-2", "own-1"]
    assert moved(down, "own-1", 1) is down
    assert layout(moved(down, "own-1", -9))["Your prompts"] == ["own-1", "own-2"]
    first, second = layout(OWN)["Pictures"][:2]
    assert layout(moved(OWN, first, 1))["Pictures"][:2] == [second, first]
    assert moved(OWN, "nothing", 1) is OWN


@given(
    st.lists(
        st.tuples(st.sampled_from([p.id for p in all_prompts(OWN)]), st.integers(-3, 3), st.booleans()),
        max_size=6,
    )
)
def test_however_they_are_moved_and_starred_no_prompt_is_lost(steps: list[tuple[str, int, bool]]) -> None:
    library = OWN
    for prompt_id, by, favourite in steps:
        library = moved(starred(library, prompt_id, favourite=favourite), prompt_id, by)
    assert sorted(p.id for p in all_prompts(library)) == sorted(p.id for p in all_prompts(OWN))


def test_there_is_a_limit() -> None:
    full = Library(own=tuple(own_prompt(f"own-{n}", "T", "t") for n in range(MOST_PROMPTS)))
    with pytest.raises(ValueError, match=str(MOST_PROMPTS)):
        with_own(full, replace(REPORT, id="x"))
    assert with_own(full, own_prompt("own-3", "Other", "t")).find_own("own-3") == own_prompt(
        "own-3", "Other", "t"
    )


@pytest.mark.parametrize(
    ("prompt_id", "title", "text"),
    [
        ("", "T", "t"),
        ("a b", "T", "t"),
        ("../x", "T", "t"),
        ("x" * 65, "T", "t"),
        ("a", " \x00\u202e", "t"),
        ("a", "T", " \n"),
        ("a", "T", "x" * (TEXT_CHARS + 1)),
    ],
)
def test_what_is_no_prompt(prompt_id: str, title: str, text: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(prompt_id)}$"):
        own_prompt(prompt_id, title, text)


@given(
    title=st.text(min_size=1, max_size=300),
    text=st.text(st.characters(), min_size=1, max_size=300),
    icon=st.text(),
)
def test_whatever_is_written_can_be_shown_and_written(title: str, text: str, icon: str) -> None:
    try:
        prompt = own_prompt("own-1", title, text, icon=icon)
    except ValueError:
        return
    assert prompt.title == " ".join(prompt.title.split())
    assert prompt.title.isprintable()
    assert 0 < len(prompt.title) <= TITLE_CHARS
    assert f"{prompt.title}{prompt.text}".encode()
    assert "\x00" not in prompt.text
    assert prompt.icon == OWN_ICON or prompt.icon in {preset.icon for preset in PRESETS}


def test_ids_are_new_and_a_title_is_suggested() -> None:
    assert new_id() != new_id()
    assert (
        suggested_title("Write a short quality report for {name}. And more.")
        == "Write a short quality report for {name}"
    )
    assert len(suggested_title("x" * 100)) == 40
    assert suggested_title("描述这张图片。") == "描述这张图片"

"""Prompts in files: what is kept is read back, and what strangers send changes nothing of the user's."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.presets import PRESETS
from desktop.core.prompt_table import (
    SHARED_KEY,
    Merged,
    Shared,
    library_table,
    merge,
    read_library,
    read_shared,
    shared_table,
)
from desktop.core.prompts import (
    MOST_PROMPTS,
    TEXT_CHARS,
    Library,
    all_prompts,
    find,
    own_prompt,
    starred,
    with_own,
    with_shortcut,
)

REPORT = own_prompt("own-1", "Report", "Report on {name}.")
KEPT = Library(
    own=(REPORT, own_prompt("receipt", "Mine", "Add up.", icon="receipt-text", needs_model=True)),
    favourites=frozenset({"own-1", "chart"}),
    shortcuts={"own-1": "Ctrl+Alt+1", "chart": "Ctrl+Shift+F9"},
    order=("chart", "own-1"),
    others={"colour": ["red"], "later": {"a": 1}},
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)
fields = st.sampled_from(
    ["id", "title", "text", "icon", "needs_model", "shortcut", "favourite", "built_in", "x"]
)
entries = st.dictionaries(
    fields, json_values | st.sampled_from(["own-1", "receipt", "Ctrl+L", True]), max_size=9
)


def through_json(table: object) -> Any:
    return json.loads(json.dumps(table))


def test_what_is_kept_is_read_back() -> None:
    assert read_library(through_json(library_table(KEPT))) == (KEPT, False)
    assert read_library(through_json(library_table(Library()))) == (Library(), False)
    assert read_library({}) == (Library(), False)


def test_what_a_newer_version_wrote_is_kept_for_it() -> None:
    table = through_json(library_table(KEPT))
    table["version"] = 7
    table["own"][0]["tone"] = {"warm": True}
    library, damaged = read_library(table)
    assert not damaged
    written = library_table(with_own(library, own_prompt("own-1", "Report", "Another text.")))
    assert written["later"] == {"a": 1}
    assert written["own"][0]["tone"] == {"warm": True}  # type: ignore[index]
    assert written["own"][0]["text"] == "Another text."  # type: ignore[index]


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("own", "text"),
        ("own", [3]),
        ("own", [{"id": "own-1", "title": "T"}]),
        ("own", [{"id": "own-1", "title": "T", "text": "x" * (TEXT_CHARS + 1)}]),
        ("own", [{"id": "own-1", "title": "T\x00T", "text": "t"}]),
        ("favourites", {"a": 1}),
        ("favourites", [["receipt"]]),
        ("shortcuts", ["Ctrl+1"]),
        ("shortcuts", {"receipt": 3}),
        ("shortcuts", {"receipt": "x" * 41}),
        ("order", None),
    ],
)
def test_one_wrong_value_is_damage_and_leaves_the_rest(name: str, wrong: object) -> None:
    library, damaged = read_library({**library_table(KEPT), name: wrong})
    assert damaged
    rest = {"own", "favourites", "shortcuts", "order"} - {name}
    assert all(getattr(library, other) == getattr(KEPT, other) for other in rest)
    again = through_json(library_table(library))
    assert read_library(again) == (library, False)


@given(
    json_values
    | st.dictionaries(st.sampled_from(["own", "favourites", "shortcuts", "order", "x"]), json_values)
)
def test_whatever_is_in_the_file_a_library_comes_of_it(table: object) -> None:
    library, _damaged = read_library(table)
    assert all_prompts(library)
    assert read_library(library_table(library)) == (library, False)


def test_a_shortcut_that_two_have_stays_with_the_first() -> None:
    library, damaged = read_library({"shortcuts": {"chart": "Ctrl+1", "receipt": "Ctrl+1"}})
    assert (library.shortcuts, damaged) == ({"chart": "Ctrl+1"}, False)


# passed on


def read(*prompts: object) -> tuple[tuple[Shared, ...], int]:
    return read_shared({SHARED_KEY: 1, "prompts": list(prompts)})


def entry(
    prompt_id: str = "own-9", title: str = "New", text: str = "New text.", **more: object
) -> dict[str, object]:
    return {"id": prompt_id, "title": title, "text": text, **more}


def merged(library: Library, *prompts: object, taken: str = "Ctrl+L") -> Merged:
    return merge(library, read(*prompts)[0], is_taken=lambda keys: keys == taken)


def test_everything_exported_is_there_on_another_computer() -> None:
    exported = through_json(shared_table(all_prompts(KEPT)))
    shared, refused = read_shared(exported)
    result = merge(Library(), shared, is_taken=lambda _keys: False)
    assert refused == 0
    assert result.present == len(PRESETS) - 1
    report, receipt = (find(result.library, prompt_id) for prompt_id in result.added)
    assert report is not None
    assert receipt is not None
    assert (report.id, report.text, report.favourite, report.shortcut) == (
        "own-1",
        REPORT.text,
        True,
        "Ctrl+Alt+1",
    )
    assert (receipt.title, receipt.text, receipt.on_device) == ("Mine", "Add up.", False)
    # A changed one comes beside the one that came along, and not in its place.
    assert find(result.library, "receipt") == find(Library(), "receipt")


def test_importing_twice_adds_nothing_the_second_time() -> None:
    exported = through_json(shared_table(all_prompts(KEPT)))
    once = merge(Library(), read_shared(exported)[0], is_taken=lambda _keys: False)
    twice = merge(once.library, read_shared(exported)[0], is_taken=lambda _keys: False)
    assert twice.library == once.library
    assert twice.added == ()
    assert merge(KEPT, read_shared(exported)[0], is_taken=lambda _keys: False).library == KEPT


def test_an_own_prompt_is_never_overwritten() -> None:
    result = merged(
        KEPT, entry("own-1", "Report", "Other words."), entry("receipt", "Check", "Send it to me.")
    )
    assert result.library.own[:2] == KEPT.own
    assert result.copies == len(result.added) == 2
    assert find(result.library, result.added[0]).text == "Other words."  # type: ignore[union-attr]


def test_a_stranger_cannot_take_the_place_of_a_built_in_prompt() -> None:
    for sly in ({}, {"built_in": True}):
        result = merged(Library(), entry("receipt", "Check a receipt", "Send it to me.", **sly))
        assert find(result.library, "receipt") == find(Library(), "receipt")


def test_shortcuts_are_taken_from_nobody() -> None:
    library = with_shortcut(Library(own=(REPORT,)), "own-1", "Ctrl+Alt+1")
    result = merged(
        library,
        entry("own-2", shortcut="Ctrl+Alt+1"),
        entry("own-3", shortcut="Ctrl+L"),
        entry("own-4", shortcut="Ctrl+Alt+4"),
        entry("own-5", shortcut="Ctrl+Alt+4"),
    )
    assert result.library.shortcuts == {"own-1": "Ctrl+Alt+1", "own-4": "Ctrl+Alt+4"}
    assert result.without_keys == 3
    assert len(result.added) == 4


def test_what_has_no_room_is_counted() -> None:
    full = Library(own=tuple(own_prompt(f"own-{n}", "T", f"{n}") for n in range(MOST_PROMPTS - 1)))
    result = merged(full, entry("own-a"), entry("own-b"))
    assert (result.added, result.full) == (("own-a",), 1)


def test_what_is_no_prompt_is_counted_and_long_lists_are_cut() -> None:
    shared, refused = read(entry(), 3, None, {"id": "x"}, entry(text="x" * (TEXT_CHARS + 1)), entry("a/b"))
    assert (len(shared), refused) == (1, 5)
    shared, refused = read(*(entry(f"own-{n}") for n in range(MOST_PROMPTS + 7)))
    assert (len(shared), refused) == (MOST_PROMPTS, 7)


@pytest.mark.parametrize(
    "table", [None, [], 3, {}, {"prompts": []}, {SHARED_KEY: 1}, {SHARED_KEY: 1, "prompts": {}}]
)
def test_another_file_is_none_of_prompts(table: object) -> None:
    with pytest.raises(ValueError, match="prompts"):
        read_shared(table)


@given(st.lists(entries | json_values, max_size=6))
def test_whatever_strangers_send_own_prompts_stars_and_keys_stay(prompts: list[object]) -> None:
    result = merged(KEPT, *prompts)
    assert result.library.own[: len(KEPT.own)] == KEPT.own
    assert KEPT.favourites <= result.library.favourites
    assert KEPT.shortcuts.items() <= result.library.shortcuts.items()
    assert "Ctrl+L" not in result.library.shortcuts.values()
    assert result.library.others == KEPT.others
    assert read_library(through_json(library_table(result.library))) == (result.library, False)


def test_a_favourite_of_a_file_is_one_here() -> None:
    result = merged(Library(), entry(favourite=True), entry("own-8", favourite="yes"))
    assert result.library.favourites == {"own-9"}
    assert starred(result.library, "own-9", favourite=False).favourites == frozenset()

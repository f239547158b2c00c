"""The prompt library as plain values for files: reading forgives whatever there is, merging loses nothing.

Two files: the library's own (`read_library`, `library_table`), and one that people pass on (`read_shared`,
`shared_table`), which holds prompts only.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from desktop.core.prompts import (
    KEYS_CHARS,
    MOST_PROMPTS,
    Library,
    OwnPrompt,
    Prompt,
    find,
    is_id,
    own_prompt,
    starred,
    with_own,
    with_shortcut,
)

FORMAT = 1
SHARED_KEY = "sightline_prompts"
"""Tells a file of prompts from any other JSON; its value is the version of the format."""
_MOST_IDS = 10_000
_PROMPT_FIELDS = frozenset({"id", "title", "text", "icon", "needs_model"})


def read_library(table: object) -> tuple[Library, bool]:
    """The library of a stored table, and whether something in it was damaged.

    Returns:
        All that can be read; what this version does not know is kept as it is.
    """
    if not isinstance(table, Mapping):
        return Library(), True
    damaged = False
    own: dict[str, OwnPrompt] = {}
    stored = table.get("own", [])
    for one in stored if isinstance(stored, list) else ():
        prompt = _read_prompt(one)
        if prompt is None or prompt.id in own or len(own) == MOST_PROMPTS:
            damaged = True
        else:
            own[prompt.id] = prompt
            # What cannot be shown was taken out: the file as it was is worth keeping.
            damaged = damaged or (prompt.title, prompt.text) != (one["title"], one["text"])
    favourites, no_favourites = _read_ids(table.get("favourites", []))
    order, no_order = _read_ids(table.get("order", []))
    shortcuts, no_shortcuts = _read_shortcuts(table.get("shortcuts", {}))
    known = {"version", "own", "favourites", "order", "shortcuts"}
    library = Library(
        own=tuple(own.values()),
        favourites=frozenset(favourites),
        shortcuts=shortcuts,
        order=order,
        others={str(name): value for name, value in table.items() if name not in known},
    )
    return library, damaged or not isinstance(stored, list) or no_favourites or no_order or no_shortcuts


def library_table(library: Library) -> dict[str, object]:
    """Plain values for the library's own file."""
    return {
        **library.others,
        "version": FORMAT,
        "own": [_prompt_table(prompt) for prompt in library.own],
        "favourites": sorted(library.favourites),
        "shortcuts": dict(library.shortcuts),
        "order": list(library.order),
    }


def _prompt_table(prompt: OwnPrompt) -> dict[str, object]:
    return {
        **prompt.others,
        "id": prompt.id,
        "title": prompt.title,
        "text": prompt.text,
        "icon": prompt.icon,
        "needs_model": prompt.needs_model,
    }


def _read_prompt(table: object) -> OwnPrompt | None:
    if not isinstance(table, Mapping):
        return None
    prompt_id, title, text = table.get("id"), table.get("title"), table.get("text")
    icon, needs_model = table.get("icon", ""), table.get("needs_model", False)
    if not (isinstance(prompt_id, str) and isinstance(title, str) and isinstance(text, str)):
        return None
    try:
        prompt = own_prompt(prompt_id, title, text, icon=str(icon), needs_model=needs_model is True)
    except ValueError:
        return None
    others = {str(name): value for name, value in table.items() if name not in _PROMPT_FIELDS}
    return replace(prompt, others=others)


def _read_ids(stored: object) -> tuple[tuple[str, ...], bool]:
    if not isinstance(stored, list):
        return (), True
    ids = [one for one in stored[:_MOST_IDS] if isinstance(one, str) and is_id(one)]
    return tuple(dict.fromkeys(ids)), len(ids) != len(stored)


def _read_shortcuts(stored: object) -> tuple[dict[str, str], bool]:
    if not isinstance(stored, Mapping):
        return {}, True
    kept: dict[str, str] = {}
    damaged = False
    for prompt_id, keys in list(stored.items())[:_MOST_IDS]:
        if isinstance(prompt_id, str) and is_id(prompt_id) and _is_keys(keys):
            if keys not in kept.values():
                kept[prompt_id] = keys
        else:
            damaged = True
    return kept, damaged


def _is_keys(keys: object) -> bool:
    return isinstance(keys, str) and 0 < len(keys) <= KEYS_CHARS and keys.isprintable()


@dataclass(frozen=True, slots=True, kw_only=True)
class Shared:
    """One prompt of a file that people pass on.

    Attributes:
        prompt: bounded and cleaned.
        favourite: it was among the favourites.
        shortcut: its keys; empty for none.
        built_in: it came with Sightline and was not changed.
    """

    prompt: OwnPrompt
    favourite: bool = False
    shortcut: str = ""
    built_in: bool = False


def shared_table(prompts: Sequence[Prompt]) -> dict[str, object]:
    """Prompts as plain values to be passed on."""
    return {SHARED_KEY: FORMAT, "prompts": [_shared_prompt(prompt) for prompt in prompts]}


def _shared_prompt(prompt: Prompt) -> dict[str, object]:
    table: dict[str, object] = {
        "id": prompt.id,
        "title": prompt.title,
        "text": prompt.text,
        "icon": prompt.icon,
        "needs_model": not prompt.on_device,
    }
    if prompt.favourite:
        table["favourite"] = True
    if prompt.shortcut:
        table["shortcut"] = prompt.shortcut
    if not prompt.own:
        table["built_in"] = True
    return table


def read_shared(table: object) -> tuple[tuple[Shared, ...], int]:
    """The prompts of a file from anybody, and how many entries of it are none.

    Raises:
        ValueError: it is no file of prompts.
    """
    if not isinstance(table, Mapping) or SHARED_KEY not in table:
        raise ValueError(SHARED_KEY)
    stored = table.get("prompts")
    if not isinstance(stored, list):
        raise ValueError("prompts")  # noqa: TRY004 - a wrong value of a file, like all the others
    found: list[Shared] = []
    for one in stored[:MOST_PROMPTS]:
        prompt = _read_prompt(one)
        if prompt is not None:
            keys = one.get("shortcut", "")
            found.append(
                Shared(
                    # Of a stranger's file nothing is kept that is not understood.
                    prompt=replace(prompt, others={}),
                    favourite=one.get("favourite") is True,
                    shortcut=keys if _is_keys(keys) else "",
                    built_in=one.get("built_in") is True,
                )
            )
    return tuple(found), len(stored) - len(found)


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What came of an import.

    Attributes:
        library: with all that was added.
        added: ids of prompts that are new, copies included.
        present: so many were there already, the same.
        copies: so many of them stand beside one with the same id and other words.
        full: so many had no room.
        without_keys: so many were added without their shortcut, which something else has.
    """

    library: Library
    added: tuple[str, ...] = field(default=())
    present: int = 0
    copies: int = 0
    full: int = 0
    without_keys: int = 0


def merge(library: Library, shared: Sequence[Shared], *, is_taken: Callable[[str], bool]) -> Merged:
    """Add prompts of a file. What the user has is never changed: not a word, a star or a shortcut of it.

    Args:
        library: what is there.
        shared: what comes.
        is_taken: whether keys do something else in Sightline.
    """
    merged = Merged(library=library)
    for one in shared:
        merged = _with_one(merged, one, is_taken)
    return merged


def _with_one(merged: Merged, one: Shared, is_taken: Callable[[str], bool]) -> Merged:
    library, prompt = merged.library, one.prompt
    there = find(library, prompt.id)
    copied = there is not None and not _is_same(there, prompt) and not (one.built_in and there.built_in)
    if copied:
        # Also of a built-in one: a stranger's words never stand where the user expects those that came along.
        prompt = replace(prompt, id=_id_of_words(prompt))
        there = find(library, prompt.id)
    if there is not None:
        return replace(merged, present=merged.present + 1)
    try:
        library = with_own(library, prompt)
    except ValueError:
        return replace(merged, full=merged.full + 1)
    if one.favourite:
        library = starred(library, prompt.id, favourite=True)
    keys = one.shortcut
    gets_keys = bool(keys) and keys not in library.shortcuts.values() and not is_taken(keys)
    if gets_keys:
        library = with_shortcut(library, prompt.id, keys)
    return replace(
        merged,
        library=library,
        added=(*merged.added, prompt.id),
        copies=merged.copies + copied,
        without_keys=merged.without_keys + (bool(keys) and not gets_keys),
    )


def _is_same(one: Prompt, other: OwnPrompt) -> bool:
    return (one.title, one.text) == (other.title, other.text)


def _id_of_words(prompt: OwnPrompt) -> str:
    """The same for the same words, so that a file that is imported twice adds its prompts once."""
    words = f"{prompt.title}\n{prompt.text}".encode()
    return f"own-{hashlib.sha256(words).hexdigest()[:16]}"

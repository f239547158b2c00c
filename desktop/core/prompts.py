"""The prompt library: ready-made prompts, the user's own, favourites, shortcuts and order. All pure.

A built-in prompt that the user changes becomes an own prompt with the same id, which stands in its place;
removing that brings the built-in one back. So favourites and shortcuts, which are kept by id, stay where they
were.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from desktop.core.presets import PRESETS, TOPIC_TITLES, Preset, Topic
from desktop.core.text import _, printable, without_controls

MOST_PROMPTS = 500
"""The user may have so many of their own."""
TITLE_CHARS = 80
TEXT_CHARS = 20_000
OWN_ICON = "message-square"
KEYS_CHARS = 40
NUMBERED_KEYS = tuple(f"Ctrl+Alt+{digit}" for digit in range(1, 10))
"""Shortcuts that are offered, in Qt's portable words."""

_BUILT_IN: Mapping[str, Preset] = {preset.id: preset for preset in PRESETS}
_ICONS = frozenset({OWN_ICON, *(preset.icon for preset in PRESETS)})
_ID = re.compile(r"[A-Za-z0-9_.-]{1,64}")
_HALVES = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnPrompt:
    """A prompt that the user wrote, or changed; made by `own_prompt`.

    Attributes:
        id: stays the same; that of a built-in prompt if it stands in its place.
        title: one line of at most `TITLE_CHARS`.
        text: at most `TEXT_CHARS`.
        icon: name of an icon.
        needs_model: the reader on this computer cannot serve it.
        others: what this version does not know of it; kept for a newer one.
    """

    id: str
    title: str
    text: str
    icon: str = OWN_ICON
    needs_model: bool = False
    others: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Library:
    """What is kept of the library; built-in prompts are not part of it.

    Attributes:
        own: the user's own prompts.
        favourites: ids.
        shortcuts: keys by id, each key once.
        order: ids as the user arranged them; prompts that are not in it come after.
        others: what this version does not know; kept for a newer one.
    """

    own: tuple[OwnPrompt, ...] = ()
    favourites: frozenset[str] = frozenset()
    shortcuts: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ()
    others: Mapping[str, object] = field(default_factory=dict)

    def find_own(self, prompt_id: str) -> OwnPrompt | None:
        """The user's own prompt with this id."""
        return next((prompt for prompt in self.own if prompt.id == prompt_id), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """One prompt as it can be chosen, in the chosen language.

    Attributes:
        id: names it.
        title: what it is called.
        text: what it writes into the prompt box, variables as they are.
        hint: what it gives; empty for own ones.
        icon: name of an icon.
        topic: of a built-in one, also of one that the user changed; None for others.
        own: the user wrote or changed it.
        favourite: it comes first.
        shortcut: keys in Qt's portable words; empty for none.
        on_device: the reader on this computer can serve it.
        reader_only: a model cannot serve it.
    """

    id: str
    title: str
    text: str
    hint: str = ""
    icon: str = OWN_ICON
    topic: Topic | None = None
    own: bool = False
    favourite: bool = False
    shortcut: str = ""
    on_device: bool = True
    reader_only: bool = False

    @property
    def built_in(self) -> bool:
        """Whether it is there without the user, changed or not."""
        return self.topic is not None


@dataclass(frozen=True, slots=True)
class Section:
    """Prompts that stand together, and what they are called."""

    title: str
    prompts: tuple[Prompt, ...]


def own_prompt(
    prompt_id: str, title: str, text: str, *, icon: str = OWN_ICON, needs_model: bool = False
) -> OwnPrompt:
    """An own prompt, bounded and without what cannot be shown.

    Raises:
        ValueError: the id is none, nothing is left of title or text, or the text is too long.
    """
    title, too_long = clean_title(title), len(text) > TEXT_CHARS
    text = clean_text(text)
    if not _ID.fullmatch(prompt_id) or not title or not text.strip() or too_long:
        raise ValueError(prompt_id)
    return OwnPrompt(
        id=prompt_id,
        title=title,
        text=text,
        icon=icon if icon in _ICONS else OWN_ICON,
        needs_model=needs_model,
    )


def clean_title(title: str) -> str:
    """One line that can be shown, bounded."""
    return " ".join(printable(title[: 4 * TITLE_CHARS]).split())[:TITLE_CHARS].strip()


def clean_text(text: str) -> str:
    """Any text as a prompt: bounded, without control characters and halves of characters."""
    return without_controls(_HALVES.sub("\ufffd", text.replace("\r\n", "\n")))[:TEXT_CHARS]


def is_id(prompt_id: str) -> bool:
    """Whether it may name a prompt."""
    return _ID.fullmatch(prompt_id) is not None


def is_built_in(prompt_id: str) -> bool:
    """Whether there is a built-in prompt with this id."""
    return prompt_id in _BUILT_IN


def new_id() -> str:
    """An id that no prompt has, on this computer or another."""
    return f"own-{secrets.token_hex(8)}"


def suggested_title(text: str) -> str:
    """The first words of a prompt, for a start."""
    words = clean_title(text).split()
    title = ""
    for word in words:
        if len(title) + len(word) > 40:
            break
        title = f"{title} {word}".strip()
    return (title or clean_title(text)[:40]).rstrip(".,:;?!。，：；？！")


def sections(library: Library) -> tuple[Section, ...]:
    """All prompts, each once: favourites, the user's own, then built-in ones by topic. None is empty."""
    place = {prompt_id: at for at, prompt_id in enumerate(library.order)}
    found = sorted(_all(library), key=lambda prompt: place.get(prompt.id, len(place)))
    rest = [prompt for prompt in found if not prompt.favourite]
    titled = [
        (_("Favourites"), [prompt for prompt in found if prompt.favourite]),
        (_("Your prompts"), [prompt for prompt in rest if prompt.topic is None]),
        *((_(TOPIC_TITLES[topic]), [p for p in rest if p.topic is topic]) for topic in Topic),
    ]
    return tuple(Section(title, tuple(prompts)) for title, prompts in titled if prompts)


def all_prompts(library: Library) -> tuple[Prompt, ...]:
    """The prompts of all `sections`."""
    return tuple(prompt for section in sections(library) for prompt in section.prompts)


def find(library: Library, prompt_id: str) -> Prompt | None:
    """The prompt with this id."""
    own, preset = library.find_own(prompt_id), _BUILT_IN.get(prompt_id)
    return _shown(library, own, preset) if own or preset else None


def _all(library: Library) -> list[Prompt]:
    own = {prompt.id: prompt for prompt in library.own}
    found = [_shown(library, own.get(preset.id), preset) for preset in PRESETS]
    return found + [_shown(library, prompt, None) for prompt in library.own if prompt.id not in _BUILT_IN]


def _shown(library: Library, own: OwnPrompt | None, preset: Preset | None) -> Prompt:
    """Either may be None, but not both."""
    assert own is not None or preset is not None  # noqa: S101 - for the type checker
    prompt_id = own.id if own else preset.id if preset else ""
    return Prompt(
        id=prompt_id,
        title=own.title if own else _(preset.title) if preset else "",
        text=own.text if own else _(preset.prompt) if preset else "",
        hint=_(preset.hint) if preset and own is None else "",
        icon=own.icon if own else preset.icon if preset else OWN_ICON,
        topic=preset.topic if preset else None,
        own=own is not None,
        favourite=prompt_id in library.favourites,
        shortcut=library.shortcuts.get(prompt_id, ""),
        on_device=not own.needs_model if own else bool(preset and preset.on_device),
        reader_only=bool(preset and preset.reader_only),
    )


def with_own(library: Library, prompt: OwnPrompt) -> Library:
    """The library with a prompt written or changed; a built-in one that is as it was again is no own one.

    Raises:
        ValueError: there are `MOST_PROMPTS` already.
    """
    preset = _BUILT_IN.get(prompt.id)
    if preset is not None and _is_as_it_was(prompt, preset):
        return replace(library, own=tuple(own for own in library.own if own.id != prompt.id))
    before = library.find_own(prompt.id)
    if before is not None:
        kept = replace(prompt, others=before.others)
        return replace(library, own=tuple(kept if own is before else own for own in library.own))
    if len(library.own) >= MOST_PROMPTS:
        raise ValueError(MOST_PROMPTS)
    return replace(library, own=(*library.own, prompt))


def _is_as_it_was(prompt: OwnPrompt, preset: Preset) -> bool:
    same = prompt.title == clean_title(_(preset.title)) and prompt.text == clean_text(_(preset.prompt))
    return same and prompt.needs_model is not preset.on_device


def without(library: Library, prompt_id: str) -> Library:
    """The library without an own prompt; a built-in one in its place comes back and keeps what it had."""
    own = tuple(prompt for prompt in library.own if prompt.id != prompt_id)
    if is_built_in(prompt_id):
        return replace(library, own=own)
    return replace(
        library,
        own=own,
        favourites=library.favourites - {prompt_id},
        shortcuts={name: keys for name, keys in library.shortcuts.items() if name != prompt_id},
        order=tuple(name for name in library.order if name != prompt_id),
    )


def put_back(library: Library, before: Library, prompt_id: str) -> Library:
    """The library with an own prompt again that was in it before, where it was, with what is still free."""
    gone = before.find_own(prompt_id)
    if gone is None or library.find_own(prompt_id) is not None:
        return library
    at = before.own.index(gone)
    library = replace(library, own=(*library.own[:at], gone, *library.own[at:]))
    if prompt_id in before.order and prompt_id not in library.order:
        place = before.order.index(prompt_id)
        library = replace(library, order=(*library.order[:place], prompt_id, *library.order[place:]))
    if prompt_id in before.favourites:
        library = starred(library, prompt_id, favourite=True)
    keys = before.shortcuts.get(prompt_id, "")
    return with_shortcut(library, prompt_id, keys) if keys and not holder(library, keys) else library


def holder(library: Library, keys: str) -> str:
    """The id of the prompt that has these keys; empty for none."""
    return next((prompt_id for prompt_id, held in library.shortcuts.items() if held == keys), "")


def starred(library: Library, prompt_id: str, *, favourite: bool) -> Library:
    """The library with a prompt among the favourites, or not."""
    ids = {prompt_id}
    return replace(library, favourites=library.favourites | ids if favourite else library.favourites - ids)


def with_shortcut(library: Library, prompt_id: str, keys: str) -> Library:
    """The library with these keys for a prompt; whoever had them has none then. Empty takes them away."""
    others = {name: held for name, held in library.shortcuts.items() if name != prompt_id and held != keys}
    return replace(library, shortcuts={**others, prompt_id: keys} if keys else others)


def moved(library: Library, prompt_id: str, steps: int) -> Library:
    """The library with a prompt so many places further down in its section; not beyond its ends."""
    there = sections(library)
    ids = [prompt.id for section in there for prompt in section.prompts]
    for section in there:
        inside = [prompt.id for prompt in section.prompts]
        if prompt_id in inside:
            at = inside.index(prompt_id)
            to = max(0, min(len(inside) - 1, at + steps))
            if to == at:
                return library
            first = ids.index(inside[0])
            inside.insert(to, inside.pop(at))
            ids[first : first + len(inside)] = inside
            return replace(library, order=tuple(ids))
    return library

"""What the user has set: one table of fields, in which a wrong value falls back alone."""

import sys
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from decimal import Decimal

from desktop.core.arranging import Arranged, arranged_table, read_arranged
from desktop.core.credentials import check_base_url
from desktop.core.model import Detail
from desktop.core.own_prices import OwnPrice, amount_text, own_prices_table, read_budget, read_own_prices
from desktop.core.pairs import Pair, pairs_table, read_pairs
from desktop.core.problems import ProblemError
from desktop.core.schemas import MOST_KEPT_CHARS, MOST_SCHEMAS, AnswerSchema, read_schema

DEFAULT_BASE_URL = "https://api.openai.com/v1"
THEMES = ("system", "light", "dark")
LANGUAGES = ("system", "en", "zh_CN")
SEND_KEYS = ("ctrl_enter", "enter")
CARRIES = ("keep", "once")
_CAPTURE_KEYS = {"win32": "Ctrl+Shift+Print", "darwin": "Ctrl+Shift+2"}
"""Free on each system: Windows keeps combinations with its own key for itself, and with Ctrl+Alt they would
take letters away from keyboards with AltGr; Macs have no Print key, and their own captures are ⌘⇧3 to ⌘⇧5.
"""
DEFAULT_CAPTURE_KEYS = _CAPTURE_KEYS.get(sys.platform, "Meta+Shift+X")
"""On Linux each combination with Print is some desktop's own: Ctrl+Shift+Print is Cinnamon's, and was
GNOME's. Programs leave combinations with the system's key to desktops, and none of those has this one.
"""
_MAXIMUM_KEYS = 64
_MAXIMUM_TEXT = 10_000
_MOST_HINTS = 200
_HINT_CHARS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings.

    Attributes:
        model: id of the model that new conversations use; None for the catalogue's default.
        base_url: server that is asked.
        theme: one of `THEMES`.
        language: one of `LANGUAGES`.
        send_key: which key asks: one of `SEND_KEYS`.
        detail: detail that new conversations use.
        carry: whether new images stay in a conversation or go with one question: one of `CARRIES`.
        history_visible: the history is unfolded.
        gallery_visible: the gallery is unfolded.
        gallery_arranged: order, groups and view of the gallery.
        gallery_tile_px: how wide its tiles are, about; None for the theme's own width.
        window_geometry: Qt's geometry of the window, in base64.
        splitter: widths of history, gallery and conversation in pixels; empty for the theme's own.
        budget_usd: for a month, above 0; None for none. Stored as text, exact.
        own_prices: what models cost by the user's own contract, by model id; they win over every price list.
        dismissed: names of the hints that the user closed for good.
        schemas: the user's own schemas for answers, in their order.
        compared: the models and details that were compared last; empty for none.
        capture_keys: the shortcut that captures from anywhere, as Qt writes key sequences in files.
        capture_keys_on: whether it is in force.
        close_to_tray: closing the window leaves Sightline in the tray.
        others: what this version does not know; kept, so that a newer version finds it again.
    """

    model: str | None = None
    base_url: str = DEFAULT_BASE_URL
    theme: str = "system"
    language: str = "system"
    send_key: str = "ctrl_enter"
    detail: Detail = Detail.AUTO
    carry: str = "keep"
    history_visible: bool = True
    gallery_visible: bool = True
    gallery_arranged: Arranged = field(default_factory=Arranged)
    gallery_tile_px: int | None = None
    window_geometry: str | None = None
    splitter: tuple[int, ...] = ()
    budget_usd: Decimal | None = None
    own_prices: Mapping[str, OwnPrice] = field(default_factory=dict)
    dismissed: frozenset[str] = frozenset()
    schemas: tuple[AnswerSchema, ...] = ()
    compared: tuple[Pair, ...] = ()
    capture_keys: str = DEFAULT_CAPTURE_KEYS
    capture_keys_on: bool = True
    close_to_tray: bool = False
    others: Mapping[str, object] = field(default_factory=dict)


def parse_settings(table: object) -> tuple[Settings, bool]:
    """The settings of a stored table, and whether something in it was damaged.

    Args:
        table: as it was read from the file; anything but a table with text keys counts as damaged.

    Returns:
        Settings in which every readable value is kept and every other is the default.
    """
    if not isinstance(table, Mapping):
        return Settings(), True
    values: dict[str, object] = {}
    others: dict[str, object] = {}
    damaged = False
    for name, value in table.items():
        if name not in _READERS:
            others[str(name)] = value
            continue
        try:
            values[name] = _READERS[name](value)
        except (ValueError, ProblemError):
            damaged = True
    # The readers give each field its own type, which mypy cannot see through a table.
    return Settings(**values, others=others), damaged  # type: ignore[arg-type]


def to_table(settings: Settings) -> dict[str, object]:
    """Plain values for the file: what is None is left out, what this version does not know is kept."""
    table = dict(settings.others)
    for name in _READERS:
        value = getattr(settings, name)
        if value is not None:
            table[name] = _plain(value)
    return table


def _plain(value: object) -> object:  # noqa: PLR0911 - a row for each kind of value
    if isinstance(value, Detail):
        return value.value
    if isinstance(value, AnswerSchema):
        return asdict(value)
    if isinstance(value, Decimal):
        return amount_text(value)
    if isinstance(value, Arranged):
        return arranged_table(value)
    if isinstance(value, Mapping):
        return own_prices_table(value)
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [pairs_table([one])[0] if isinstance(one, Pair) else _plain(one) for one in value]
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or not value or len(value) > _MAXIMUM_TEXT:
        raise ValueError
    return value


def _keys(value: object) -> str:
    if not isinstance(value, str) or not value or len(value) > _MAXIMUM_KEYS or not value.isprintable():
        raise ValueError
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError  # noqa: TRY004 - a wrong value of a file, like all the others
    return value


def _tile_px(value: object) -> int:
    if type(value) is not int or not 0 < value < 10_000:
        raise ValueError
    return value


def _sizes(value: object) -> tuple[int, ...]:
    if not isinstance(value, list) or not all(type(size) is int and 0 <= size < 100_000 for size in value):
        raise ValueError
    return tuple(value[:16])


def _hints(value: object) -> frozenset[str]:
    if not isinstance(value, list) or len(value) > _MOST_HINTS:
        raise ValueError
    if not all(isinstance(hint, str) and 0 < len(hint) <= _HINT_CHARS for hint in value):
        raise ValueError
    return frozenset(value)


def _schemas(value: object) -> tuple[AnswerSchema, ...]:
    if not isinstance(value, list) or len(value) > MOST_SCHEMAS:
        raise ValueError
    schemas = tuple(map(read_schema, value))
    if sum(len(schema.text) for schema in schemas) > MOST_KEPT_CHARS:
        raise ValueError
    return schemas


def _one_of(*choices: str) -> Callable[[object], str]:
    def read(value: object) -> str:
        if value not in choices:
            raise ValueError
        return str(value)

    return read


_READERS: dict[str, Callable[[object], object]] = {
    "model": _text,
    "base_url": lambda value: check_base_url(_text(value)),
    "theme": _one_of(*THEMES),
    "language": _one_of(*LANGUAGES),
    "send_key": _one_of(*SEND_KEYS),
    "detail": lambda value: Detail(_text(value)),
    "carry": _one_of(*CARRIES),
    "history_visible": _flag,
    "gallery_visible": _flag,
    "gallery_arranged": read_arranged,
    "gallery_tile_px": _tile_px,
    "window_geometry": _text,
    "splitter": _sizes,
    "budget_usd": read_budget,
    "own_prices": read_own_prices,
    "dismissed": _hints,
    "schemas": _schemas,
    "compared": read_pairs,
    "capture_keys": _keys,
    "capture_keys_on": _flag,
    "close_to_tray": _flag,
}

"""What the user has set: one table of fields, in which a wrong value falls back alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from desktop.core.credentials import check_base_url
from desktop.core.model import Detail
from desktop.core.problems import ProblemError

DEFAULT_BASE_URL = "https://api.openai.com/v1"
THEMES = ("system", "light", "dark")
LANGUAGES = ("system", "en", "zh_CN")
SEND_KEYS = ("ctrl_enter", "enter")
_MAXIMUM_TEXT = 10_000


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
        history_visible: the history is unfolded.
        gallery_visible: the gallery is unfolded.
        window_geometry: Qt's geometry of the window, in base64.
        splitter: widths of history, gallery and conversation in pixels; empty for the theme's own.
        others: what this version does not know; kept, so that a newer version finds it again.
    """

    model: str | None = None
    base_url: str = DEFAULT_BASE_URL
    theme: str = "system"
    language: str = "system"
    send_key: str = "ctrl_enter"
    detail: Detail = Detail.AUTO
    history_visible: bool = True
    gallery_visible: bool = True
    window_geometry: str | None = None
    splitter: tuple[int, ...] = ()
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
            table[name] = list(value) if isinstance(value, tuple) else _plain(value)
    return table


def _plain(value: object) -> object:
    return value.value if isinstance(value, Detail) else value


def _text(value: object) -> str:
    if not isinstance(value, str) or not value or len(value) > _MAXIMUM_TEXT:
        raise ValueError
    return value


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError  # noqa: TRY004 - a wrong value of a file, like all the others
    return value


def _sizes(value: object) -> tuple[int, ...]:
    if not isinstance(value, list) or not all(type(size) is int and 0 <= size < 100_000 for size in value):
        raise ValueError
    return tuple(value[:16])


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
    "history_visible": _flag,
    "gallery_visible": _flag,
    "window_geometry": _text,
    "splitter": _sizes,
}

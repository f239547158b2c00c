"""How a conversation is answered: instructions, temperature, effort, length, and the shape of the answer."""

import json
from dataclasses import asdict, dataclass
from enum import StrEnum

from desktop.core.schemas import AnswerSchema, read_schema

MOST_INSTRUCTIONS = 100_000
"""Instructions are kept and sent up to so many characters."""

MOST_TEMPERATURE = 2.0


class Effort(StrEnum):
    """How long a model reasons before it answers. The values are those of ``reasoning_effort``."""

    NONE = "none"
    MINIMAL = "minimal"
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    XHIGH = "xhigh"
    MAX = "max"


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """What goes with every question of a conversation; all defaults leave it to the server.

    Attributes:
        instructions: the system message; empty for none.
        temperature: 0 to 2; None for the model's own.
        effort: how long it reasons; None for the model's own.
        max_tokens: limit of the answer in tokens; None for the server's own.
        schema: the shape that the answer is to have (``response_format``); None for words.
    """

    instructions: str = ""
    temperature: float | None = None
    effort: Effort | None = None
    max_tokens: int | None = None
    schema: AnswerSchema | None = None

    def __bool__(self) -> bool:
        """Whether anything differs from the defaults."""
        return self != Options()


def encode_options(options: Options) -> str:
    """As JSON, without what is at its default; empty for the defaults."""
    changed = {name: value for name, value in asdict(options).items() if value not in ("", None)}
    return json.dumps(changed, ensure_ascii=False) if changed else ""


def decode_options(text: str) -> Options:
    """What `encode_options` wrote. What cannot be read, or is out of range, is left at its default."""
    try:
        found = json.loads(text) if text else {}
    except (ValueError, RecursionError):
        return Options()
    if not isinstance(found, dict):
        return Options()
    most, effort = found.get("max_tokens"), found.get("effort")
    return Options(
        instructions=_text(found.get("instructions"))[:MOST_INSTRUCTIONS],
        temperature=_temperature(found.get("temperature")),
        effort=Effort(effort) if effort in list(Effort) else None,
        max_tokens=most if isinstance(most, int) and not isinstance(most, bool) and most > 0 else None,
        schema=_schema(found.get("schema")),
    )


def _schema(value: object) -> AnswerSchema | None:
    try:
        return read_schema(value)
    except ValueError:
        return None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _temperature(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if 0 <= value <= MOST_TEMPERATURE else None

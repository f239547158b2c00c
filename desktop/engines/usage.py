"""What a server says it billed. Numbers come from outside: what is no sensible one counts as not said."""

from decimal import Decimal, InvalidOperation
from typing import Any

from desktop.core.model import Usage

_MOST_TOKENS = 10**12
_MOST_USD = 10**6


def usage_in(chunk: dict[str, Any]) -> Usage | None:
    """The usage in one chunk, with or without choices beside it; None if it has none.

    Fields as in section 2 of ``OPENAI_VISION.md``; all details are optional. ``usage.cost`` is OpenRouter's
    real charge.
    """
    usage = _object(chunk.get("usage"))
    prompt, completion = _count(usage.get("prompt_tokens")), _count(usage.get("completion_tokens"))
    if prompt is None or completion is None:
        return None
    prompt_details = _object(usage.get("prompt_tokens_details"))
    completion_details = _object(usage.get("completion_tokens_details"))
    return Usage(
        prompt_tokens=prompt,
        completion_tokens=completion,
        cached_tokens=min(_count(prompt_details.get("cached_tokens")) or 0, prompt),
        cache_write_tokens=min(_count(prompt_details.get("cache_write_tokens")) or 0, prompt),
        image_tokens=_count(prompt_details.get("image_tokens")),
        reasoning_tokens=min(_count(completion_details.get("reasoning_tokens")) or 0, completion),
        charged_usd=_money(usage.get("cost")),
    )


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _count(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int):
        return None
    return value if 0 <= value <= _MOST_TOKENS else None


def _money(value: object) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        # By way of the text: Decimal(0.1) would carry the binary error of the float.
        money = Decimal(str(value)[:40])
    except InvalidOperation:
        return None
    return money if money.is_finite() and 0 <= money <= _MOST_USD else None

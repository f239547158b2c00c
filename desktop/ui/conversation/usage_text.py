"""What an answer did cost, in words."""

from collections.abc import Sequence
from decimal import Decimal

from desktop.core.model import ON_DEVICE, Attachment, Message, Usage
from desktop.core.pages import picture_name
from desktop.core.text import _, format_count, format_price, format_seconds, format_tokens

GOOD_ESTIMATE = Decimal("0.2")
"""An estimate is praised when it was at most so far off, as a part of the cost."""

BAD_ESTIMATE = Decimal("0.25")
"""An estimate stands out when it was further off, as a part of the cost."""

LEAST_SECONDS = 0.1
"""Shorter times say nothing, and would read "0.0 s"."""


def usage_line(answer: Message) -> str:
    """``683 in · 161 out · $0.0015 · 2.4 s``, or ``on this computer · free · 0.8 s``; empty if unknown."""
    parts: list[str] = []
    if answer.provider == ON_DEVICE:
        parts = [_("on this computer"), _("free")]
    elif answer.usage is not None:
        about = "" if answer.usage.reported else "≈ "
        parts = [
            _tokens_in(answer.usage, about),
            _("{count} out").format(count=about + format_count(answer.usage.completion_tokens)),
            about + format_price(answer.cost_usd),
        ]
    if answer.seconds is not None and answer.seconds >= LEAST_SECONDS:
        parts.append(format_seconds(answer.seconds))
    return " · ".join(parts)


def _tokens_in(usage: Usage, about: str) -> str:
    """``683 in``, or ``1,446 in, 78 % cached`` where the provider had some of them in its cache."""
    count = about + format_count(usage.prompt_tokens)
    if not usage.cached_tokens or not usage.prompt_tokens:
        return _("{count} in").format(count=count)
    share = round(100 * usage.cached_tokens / usage.prompt_tokens)
    return _("{count} in, {share} % cached").format(count=count, share=share)


def usage_tooltip(answer: Message) -> str:
    """What the line leaves out, in lines."""
    usage = answer.usage
    if usage is None or answer.provider == ON_DEVICE:
        return ""
    lines = [_("Tokens are what the model charges for: pieces of words, tiles or patches of images.")]
    if not usage.reported:
        lines.append(_("The server did not say what it billed; these figures are our estimate."))
    if usage.cached_tokens:
        count = format_count(usage.cached_tokens)
        lines.append(_("{count} of the tokens in came from the cache.").format(count=count))
    if usage.reasoning_tokens:
        count = format_count(usage.reasoning_tokens)
        lines.append(_("{count} of the tokens out are reasoning that is not shown.").format(count=count))
    return "\n".join(lines)


def estimate_line(answer: Message) -> tuple[str, str]:
    """``estimate was $0.0016``, and the kind of label that suits how good it was.

    Returns:
        The words, empty where there is nothing to compare, and ``usage_good``, ``usage`` or ``usage_bad``.
    """
    if answer.estimate_usd is None or answer.cost_usd is None or answer.provider == ON_DEVICE:
        return "", "usage"
    off = abs(answer.cost_usd - answer.estimate_usd)
    kind = "usage"
    if off <= GOOD_ESTIMATE * answer.cost_usd:
        kind = "usage_good"
    elif off > BAD_ESTIMATE * answer.cost_usd:
        kind = "usage_bad"
    return _("estimate was {price}").format(price=format_price(answer.estimate_usd)), kind


def image_lines(images: Sequence[Attachment]) -> list[tuple[str, str, str]]:
    """Name, tokens and price of each image that an answer was billed for."""
    return [
        (picture_name(image.image), format_tokens(image.tokens), format_price(image.cost_usd))
        for image in images
    ]

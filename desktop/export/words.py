"""The words that exported conversations have in common, whether they are Markdown or HTML."""

from collections.abc import Iterable
from datetime import datetime

from desktop.core.archive import ArchivedConversation, ArchivedMessage
from desktop.core.model import ON_DEVICE, AnswerState, Message
from desktop.core.problem_text import explain
from desktop.core.text import (
    _,
    format_count,
    format_price,
    format_seconds,
    join_sentences,
    ngettext,
    printable,
)


def text_of(message: Message) -> str:
    """What of its text may leave this computer."""
    return message.text if message.shareable_text is None else message.shareable_text


def moment(at: datetime) -> str:
    """``2026-10-03 14:00`` of the reader's time zone."""
    return f"{at.astimezone():%Y-%m-%d %H:%M}"


def title_of(conversation: ArchivedConversation) -> str:
    """Its title, or what stands for one."""
    return printable(conversation.title, limit=500).strip() or _("Conversation")


def answerer(message: Message) -> str:
    """Who answered."""
    if ON_DEVICE in {message.provider, message.model}:
        return _("On-device reader")
    return printable(message.model or "", limit=100) or _("Answer")


def figures(message: Message) -> str:
    """``683 in · 161 out · $0.0015 · 2.4 s``; empty if nothing is known."""
    parts: list[str] = []
    if message.provider == ON_DEVICE:
        parts = [_("on this computer"), _("free")]
    elif message.usage is not None:
        about = "" if message.usage.reported else "≈ "
        parts = [
            _("{count} in").format(count=about + format_count(message.usage.prompt_tokens)),
            _("{count} out").format(count=about + format_count(message.usage.completion_tokens)),
            about + format_price(message.cost_usd),
        ]
    if message.seconds:
        parts.append(format_seconds(message.seconds))
    return " · ".join(parts)


def ending(message: Message) -> str:
    """Why there is no whole answer; empty where there is one."""
    if message.problem is not None:
        said = explain(message.problem)
        return join_sentences(said.what, said.meaning)
    return {
        AnswerState.STOPPED: _("Stopped"),
        AnswerState.INCOMPLETE: _("Incomplete"),
        AnswerState.INTERRUPTED: _("Interrupted: Sightline ended while this was written"),
        AnswerState.FAILED: _("No answer came."),
    }.get(message.state, "")


def other_versions(conversation: ArchivedConversation, at: ArchivedMessage) -> str:
    """A note where a message has versions that are not shown; empty where it has none."""
    count = conversation.versions(at) - 1 - len(conversation.other_sides(at))
    if count < 1:
        return ""
    text = ngettext(
        "There is {count} other version of this; exports as .sightline and JSON have it.",
        "There are {count} other versions of this; exports as .sightline and JSON have them.",
        count,
    )
    return text.format(count=format_count(count))


def summary(conversation: ArchivedConversation) -> str:
    """``2026-10-03 14:00 · 4 messages · 2 images · $0.0062``, of the branch at hand."""
    messages = [m.message for m in conversation.branch()]
    images = sum(len(m.attachments) for m in messages)
    parts = [moment(conversation.created_at)]
    parts.append(_counted(len(messages), "{count} message", "{count} messages"))
    if images:
        parts.append(_counted(images, "{count} image", "{count} images"))
    costs = [m.cost_usd for m in messages if m.cost_usd is not None and m.provider != ON_DEVICE]
    if costs:
        parts.append(format_price(sum(costs[1:], costs[0])))
    return " · ".join(parts)


def tags_of(conversation: ArchivedConversation) -> Iterable[str]:
    """Its tags, as they can be shown."""
    return [printable(tag, limit=100) for tag in conversation.tags]


def _counted(count: int, one: str, many: str) -> str:
    return ngettext(one, many, count).format(count=format_count(count))

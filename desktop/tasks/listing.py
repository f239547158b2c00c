"""The rows of the history's list, as far as they were read."""

from dataclasses import dataclass, field

from desktop.core.model import ConversationSummary
from desktop.core.summaries import Listed


@dataclass(frozen=True, slots=True)
class Rows:
    """The history's list as far as it was read.

    Attributes:
        summaries: in order.
        more: there are more below them.
        listed: which conversations are listed.
    """

    summaries: tuple[ConversationSummary, ...] = ()
    more: bool = False
    listed: Listed = field(default_factory=Listed)


def order(summary: ConversationSummary) -> tuple[int, int]:
    """What the list is sorted by."""
    pinned, latest = summary.place
    return -pinned, -latest


def is_listed(summary: ConversationSummary, listed: Listed) -> bool:
    """Whether a conversation is among these."""
    return summary.archived == listed.archived and (not listed.tag or listed.tag in summary.tags)

"""What was asked about an image before, and what that has cost."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One image.

    Attributes:
        source_id: `ImageFacts.source_id`.
        cost_usd: its share of all bills; None where no price was known.
        times: in how many requests it went out.
        conversations: id and title of those it was in, the newest first.
    """

    source_id: str
    cost_usd: Decimal | None
    times: int
    conversations: tuple[tuple[int, str], ...] = ()

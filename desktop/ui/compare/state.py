"""All that the comparison page and the chooser show, as frozen values."""

from dataclasses import dataclass

from desktop.core.model import Detail, Message


@dataclass(frozen=True, slots=True, kw_only=True)
class SideState:
    """One side.

    Attributes:
        name: who answers, as it is shown.
        detail: how closely it looked, in words; empty where that makes no difference.
        answer: as it stands.
        at_hand: its answer is the one that the conversation goes on from.
        stored: one can go on from it.
        cheapest: of all sides.
        fastest: of all sides.
    """

    name: str
    detail: str
    answer: Message
    at_hand: bool = False
    stored: bool = False
    cheapest: bool = False
    fastest: bool = False

    @property
    def title(self) -> str:
        """Who answers, and how closely it looked."""
        return f"{self.name} · {self.detail}" if self.detail else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooserRow:
    """What the chooser says about one pair.

    Attributes:
        name: the model, as it is shown.
        details: the levels that it has; empty: none can be chosen.
        detail: the chosen one, or what stands in for it where the model lacks it.
        price: ``≈ $0.0021``.
        tokens: ``683 tokens in``.
        remark: what the model cannot take, or what it needs; empty if nothing hinders.
    """

    name: str
    details: tuple[Detail, ...]
    detail: Detail
    price: str
    tokens: str
    remark: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooserState:
    """What the chooser says about all pairs.

    Attributes:
        rows: one for each pair.
        total: what all of them cost together.
        note: what else should be known; empty for nothing.
    """

    rows: tuple[ChooserRow, ...]
    total: str
    note: str = ""

    @property
    def can_compare(self) -> bool:
        """Whether none of the rows is hindered."""
        return not any(row.remark for row in self.rows)

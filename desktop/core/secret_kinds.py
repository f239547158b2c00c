"""What may be private in a text; apart from `secrets_in_text`, whose patterns take long to compile."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What was found."""

    EMAIL = "email"
    CARD = "card"
    KEY = "key"
    PHONE = "phone"
    IBAN = "iban"


@dataclass(frozen=True, slots=True)
class Match:
    """A part of a text: from the character ``start`` up to, and without, ``end``."""

    kind: Kind
    start: int
    end: int

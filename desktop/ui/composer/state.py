"""All that the composer shows, as frozen values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from PySide6.QtGui import QPixmap

from desktop.core.model import Detail
from desktop.core.text import _, marked

FOLD_ABOVE = 8
"""More new images than this are folded into one chip."""
MOST_CHIPS = 120
"""So many chips at the most: nobody looks through more, and each costs the window a moment."""


class Carry(StrEnum):
    """How an image goes with what follows.

    Attributes:
        KEEP: it stays in the conversation.
        ONCE: it goes with the next question, and not with those after it.
        TEXT: a text goes in its place.
        LEFT_OUT: it does not go.
    """

    KEEP = "keep"
    ONCE = "once"
    TEXT = "text"
    LEFT_OUT = "left_out"


@dataclass(frozen=True, slots=True, kw_only=True)
class ChipState:
    """One image of the next request.

    Attributes:
        key: names the chip in signals; the same image keeps its key.
        name: file name, printable.
        thumbnail: the picture, or None while it is being made.
        caption: ``297 tok · $0.0003``.
        part: a part of it is asked about, and goes with an overview.
        detail: the level it is sent with.
        own_detail: the level differs from the selector by the user's will.
        details: the levels that may be chosen for it; empty: no menu.
        warning: why it cannot be sent as it is, for the tooltip; plain text, empty if it can.
        link: whether its address goes in place of its bytes; None where that cannot be.
        carry: how it goes with what follows.
        changeable: ``carry`` can be chosen.
        place: of it among the new images, from 0; and the first and last place that it may move to.
    """

    key: int
    name: str
    thumbnail: QPixmap | None = None
    caption: str = ""
    part: bool = False
    detail: Detail = Detail.AUTO
    own_detail: bool = False
    details: tuple[Detail, ...] = ()
    warning: str = ""
    link: bool | None = None
    carry: Carry = Carry.KEEP
    changeable: bool = True
    place: int = 0
    first_place: int = 0
    last_place: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class EstimateLine:
    """What asking will cost, in words that are ready to be shown.

    Attributes:
        icon: name of a theme icon, ``coins`` or ``shield-check``.
        price: ``≈ $0.0021``.
        parts: ``297 new + 1,129 carried image + 318 text tokens``.
        upload: ``uploads 214 KB of 9.8 MB``.
        tooltip: says what tokens are.
    """

    icon: str = "coins"
    price: str = ""
    parts: str = ""
    upload: str = ""
    tooltip: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingLine:
    """Why the question would be refused, and the buttons that mend it, in words ready to be shown."""

    text: str
    fixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HintLine:
    """What models are weak at, where the prompt asks for it; ``id`` names it in signals."""

    id: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class FillingLine:
    """What is missing of a prompt's variables, in words ready to be shown.

    Attributes:
        text: a sentence.
        action: text of the button; empty for none.
        busy: texts are being read.
    """

    text: str
    action: str = ""
    busy: bool = False


class Counting(StrEnum):
    """How far counting by the server has come.

    Attributes:
        ABSENT: it does not count, or there is nothing to count.
        OFFERED: one may have it counted.
        RUNNING: it is counting.
        DONE: `ComposerState.counted` tells the result.
    """

    ABSENT = "absent"
    OFFERED = "offered"
    RUNNING = "running"
    DONE = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class PresetItem:
    """A prompt that can be chosen.

    Attributes:
        id: names it in signals.
        icon: name of a theme icon.
        title: ``Copy the text``.
        prompt: what it writes into the prompt box; its tooltip.
        enabled: the chosen model can serve it.
        hint: what it gives, or why it is not enabled.
        section: what the prompts around it are called.
        shortcut: its keys, as they are shown; empty for none.
        favourite: it is among the favourites.
    """

    id: str
    icon: str
    title: str
    prompt: str = ""
    enabled: bool = True
    hint: str = ""
    section: str = ""
    shortcut: str = ""
    favourite: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposerState:
    """What the composer shows; the text of the prompt is not part of it.

    Attributes:
        new: images that the next question adds, in order; of very many the first ones.
        more: so many further ones.
        carried: images of earlier turns that go with the next question, or text in their place.
        left_out: images of earlier turns that do not.
        editing: a question is written anew: what is said of it; empty for none.
        carried_caption: ``1,129 tok · $0.0001 cached``.
        new_caption: tokens and price of all new images, for the one chip into which many fold.
        details: levels that the model offers; empty: no selector.
        detail: the chosen one.
        detail_tooltips: what each level means for this model.
        estimate: the line below.
        can_ask: whether Ask is enabled, apart from ``answering``.
        why_not: why it is not; shown in place of the estimate. Empty: nothing worth a word (an empty prompt).
        answering: an answer is being written, so Ask waits.
        send_key: ``enter`` or ``ctrl_enter``.
        presets: the Prompts menu.
        findings: why it would be refused.
        hint: said above the estimate; None for nothing.
        filling: what is missing of the prompt's variables; None for nothing.
        counting: whether the server counts.
        counted: ``4,211 input tokens, counted by OpenAI``.
        can_copy: the question can be copied as code.
        can_compare: it can be put to several models at once.
    """

    new: tuple[ChipState, ...] = ()
    more: int = 0
    carried: tuple[ChipState, ...] = ()
    left_out: tuple[ChipState, ...] = ()
    editing: str = ""
    carried_caption: str = ""
    new_caption: str = ""
    details: tuple[Detail, ...] = ()
    detail: Detail = Detail.AUTO
    detail_tooltips: Mapping[Detail, str] = field(default_factory=dict)
    estimate: EstimateLine = field(default_factory=EstimateLine)
    can_ask: bool = False
    why_not: str = ""
    answering: bool = False
    send_key: str = "ctrl_enter"
    presets: tuple[PresetItem, ...] = ()
    findings: tuple[FindingLine, ...] = ()
    hint: HintLine | None = None
    filling: FillingLine | None = None
    counting: Counting = Counting.ABSENT
    counted: str = ""
    can_copy: bool = False
    can_compare: bool = False

    @property
    def new_count(self) -> int:
        """How many images the next question adds."""
        return len(self.new) + self.more


_DETAIL_NAMES = {
    Detail.AUTO: marked("Auto"),
    Detail.LOW: marked("Low"),
    Detail.HIGH: marked("High"),
    Detail.ORIGINAL: marked("Original"),
}


def detail_name(detail: Detail) -> str:
    """The word for a level, as on the selector."""
    return _(_DETAIL_NAMES[detail])

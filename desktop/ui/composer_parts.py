"""What is at hand for the composer, and what follows: figures, findings, and whether one may ask."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from PySide6.QtGui import QPixmap

from desktop.core.catalog import Model
from desktop.core.estimate import Estimate, estimate
from desktop.core.model import ON_DEVICE
from desktop.core.preflight import Finding, preflight
from desktop.core.request import NewImage, Question
from desktop.core.text import _
from desktop.tasks.backend import Backend
from desktop.ui.budget_guard import BudgetGuard
from desktop.ui.choice import Choice
from desktop.ui.composer.state import FindingLine
from desktop.ui.conversation_state import ConversationState
from desktop.ui.gallery_state import GalleryState
from desktop.ui.messages import Messages
from desktop.ui.next_question import NextQuestion
from desktop.ui.pictures import Pictures
from desktop.ui.preflight_words import finding_lines
from desktop.ui.uploads import Uploads

Sizes = Callable[[Sequence[NewImage], Model], Mapping[str, int]]
"""Sizes in bytes of images as a model would get them, by `NewImage.key`; of those encoded already."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What is at hand."""

    backend: Backend
    gallery: GalleryState
    conversation: ConversationState
    choice: Choice
    pictures: Pictures
    messages: Messages
    pixmap: Callable[[int], QPixmap | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What follows from a question.

    Attributes:
        following: the question.
        figures: what it would cost.
        findings: why it would be refused.
        lines: the findings in words.
        why_not: why Ask waits, in words; empty when it does not.
    """

    following: NextQuestion
    figures: Estimate
    findings: tuple[Finding, ...]
    lines: tuple[FindingLine, ...]
    why_not: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ComposerShare:
    """What the composer lends to a comparison of several models.

    Attributes:
        question: what it shows.
        why_not: why nothing can be asked, whomever; empty if it can.
        clear: what was written is being asked.
        sizes: of images that are encoded already.
        guard: asks whether to go over the budget.
    """

    question: Question
    why_not: str
    clear: Callable[[], object]
    sizes: Sizes
    guard: BudgetGuard


def judged(parts: Parts, following: NextQuestion, uploads: Uploads) -> Judged:
    """Estimate a question and look for what would be refused."""
    model, question = parts.choice.model, following.question
    sizes = uploads.sizes(following.new, model)
    figures = estimate(
        question,
        model=model,
        rates=parts.backend.prices.rates(model),
        sent_bytes=sizes,
        learned=parts.backend.spending.learned(model),
    )
    findings = preflight(
        question,
        model=model,
        others=_others(parts, model) if figures.rejected or figures.carried_rejected else (),
        sent_bytes=sizes,
        limits=parts.backend.limits(model),
    )
    lines = finding_lines(findings, following, question.carried())
    return Judged(
        following=following,
        figures=figures,
        findings=findings,
        lines=lines,
        why_not=_why_not(parts, following, lines),
    )


def _others(parts: Parts, model: Model) -> tuple[Model, ...]:
    """The models that may be chosen, those after the chosen one first: they are the most alike."""
    offered = [m for m in parts.backend.catalog.offered(datetime.now(UTC).date()) if m.id != ON_DEVICE]
    at = next((place for place, other in enumerate(offered) if other.id == model.id), -1)
    return (*offered[at + 1 :], *offered[: max(at, 0)])


def _why_not(parts: Parts, following: NextQuestion, lines: tuple[FindingLine, ...]) -> str:
    return why_not(parts, following.question, lines[0].text if lines else "")


def why_not(parts: Parts, question: Question, refused: str = "") -> str:
    """Why a question cannot be asked, whomever, or why the model refuses it; empty if it can."""
    if parts.conversation.is_answering:
        return _("Wait for the answer, or stop it.")
    if parts.gallery.is_selection_loading():
        return _("The selected images are still being looked at.")
    if refused:
        return refused
    if not (question.images or question.kept or question.conversation.messages):
        return _("Select at least one image to ask about.")
    if not question.text:
        return _("Type a question first.")
    return ""

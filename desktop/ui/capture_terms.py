"""What the capture overlay is told: the levels, what it would cost, and why nothing can be asked."""

from pathlib import Path

from desktop.core.catalog import Model
from desktop.core.edits import Edits
from desktop.core.estimate import estimate
from desktop.core.model import Conversation, Detail, ImageFacts
from desktop.core.presets import PRESETS
from desktop.core.problem_text import sentence
from desktop.core.request import NewImage, Question
from desktop.core.text import _
from desktop.tasks.backend import Backend
from desktop.ui.capture.captured import OverlayTerms, PriceWanted
from desktop.ui.choice import Choice
from desktop.ui.composer_parts import Parts
from desktop.ui.composing import SEPARATOR, estimate_line
from desktop.ui.model_rows import model_name

_READ = "copy-text"
"""What the reader is asked when nothing was typed: reading is what it does."""


def captured_image(width_px: int, height_px: int) -> ImageFacts:
    """A captured picture that is no file yet, for plans and prices."""
    return ImageFacts(
        path=Path("capture.png"),
        name="capture.png",
        sha256="",
        file_bytes=0,
        modified_ns=0,
        format="PNG",
        width_px=max(1, width_px),
        height_px=max(1, height_px),
    )


def capture_question(
    facts: ImageFacts, conversation: Conversation, edits: Edits, *, prompt: str, detail: Detail, model: Model
) -> Question:
    """The question about a captured picture, the first of its conversation."""
    image = NewImage(image=facts, detail=detail, edits=edits)
    return Question(conversation=conversation, text=prompt, images=(image,), model=model.id, drafted=False)


def prompt_for(prompt: str, *, on_device: bool) -> str:
    """What is asked: what was typed; the reader reads where nothing was."""
    typed = prompt.strip()
    if typed or not on_device:
        return typed
    return _(next(preset.prompt for preset in PRESETS if preset.id == _READ))


def why_not_ask(prompt: str, *, on_device: bool) -> str:
    """Why nothing can be asked, in words; empty if it can."""
    return "" if prompt_for(prompt, on_device=on_device) else _("Type a question first.")


def price_line(backend: Backend, choice: Choice, question: Question) -> str:
    """What a question about a captured picture would cost, or why the model would refuse it: one line."""
    model = choice.model
    rates, learned = backend.prices.rates(model), backend.spending.learned(model)
    figures = estimate(question, model=model, rates=rates, sent_bytes={}, learned=learned)
    if figures.rejected:
        return sentence(figures.rejected[0][1])
    line = estimate_line(figures, model=model, rates=rates, learned=learned)
    return SEPARATOR.join(part for part in (line.price, line.parts) if part)


def overlay_terms(parts: Parts) -> OverlayTerms:
    """What holds for the next capture."""
    backend, choice = parts.backend, parts.choice

    def price(wanted: PriceWanted) -> str:
        facts = captured_image(wanted.width_px, wanted.height_px)
        prompt = prompt_for(wanted.prompt, on_device=choice.on_device)
        question = capture_question(
            facts, Conversation(), wanted.edits, prompt=prompt, detail=wanted.detail, model=choice.model
        )
        return price_line(backend, choice, question)

    return OverlayTerms(
        model=model_name(choice.model.id),
        details=choice.model.details,
        detail=choice.shown_detail(),
        price=price,
        why_not=lambda prompt: why_not_ask(prompt, on_device=choice.on_device),
    )

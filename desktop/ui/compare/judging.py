"""What a choice of pairs would cost, and what hinders it, in words for the chooser."""

from collections.abc import Sequence
from dataclasses import dataclass

from desktop.core.catalog import Model, effective_detail
from desktop.core.comparing import JudgedSide, Known, has_levels, in_all, judge, sides_of
from desktop.core.credentials import origin
from desktop.core.model import ON_DEVICE, Detail
from desktop.core.pairs import Pair
from desktop.core.request import Question
from desktop.core.text import _, format_count, format_price, ngettext
from desktop.tasks.backend import Backend
from desktop.ui.compare.state import ChooserRow, ChooserState
from desktop.ui.composer_parts import Sizes
from desktop.ui.model_rows import model_name
from desktop.ui.next_question import bare
from desktop.ui.preflight_words import finding_lines
from desktop.ui.settings_controller import OPENAI_ORIGIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Judging:
    """Judges the sides of one question."""

    backend: Backend
    question: Question
    sizes: Sizes

    def sides(self, pairs: Sequence[Pair]) -> tuple[JudgedSide, ...]:
        """What each side would cost, and why it would be refused."""
        return tuple(
            judge(side, self._known(side, self.backend.catalog.model(side.model)))
            for side in sides_of(self.question, pairs)
        )

    def state(self, pairs: Sequence[Pair]) -> ChooserState:
        """The same in words."""
        sides = self.sides(pairs)
        return ChooserState(
            rows=tuple(self._row(pair, side) for pair, side in zip(pairs, sides, strict=True)),
            total=_total(sides),
            note=self._note(),
        )

    def _known(self, side: Question, model: Model) -> Known:
        backend = self.backend
        return Known(
            model=model,
            rates=backend.prices.rates(model),
            limits=backend.limits(model),
            sent_bytes=self.sizes(side.images, model),
            learned=backend.spending.learned(model),
        )

    def _row(self, pair: Pair, side: JudgedSide) -> ChooserRow:
        model = self.backend.catalog.model(pair.model)
        on_device = model.id == ON_DEVICE
        tokens = side.figures.prompt_tokens
        known = _("{count} tokens in").format(count=format_count(tokens))
        return ChooserRow(
            name=model_name(model.id),
            details=model.details if has_levels(self.question) else (),
            detail=effective_detail(model, pair.detail) or Detail.AUTO,
            price=_("free") if on_device else _about(side),
            tokens=_("on this computer") if on_device else known if side.figures.tokens_known else "",
            remark=self._remark(model, side),
        )

    def _remark(self, model: Model, side: JudgedSide) -> str:
        lines = finding_lines(side.findings, bare(side.question), side.question.carried())
        if lines:
            return lines[0].text
        return _("Needs a key. Enter one in the settings.") if needs_key(self.backend, model) else ""

    def _note(self) -> str:
        if not self.question.carried():
            return ""
        return _("Images of earlier questions go as they were sent; the detail is for the new ones.")


def needs_key(backend: Backend, model: Model) -> bool:
    """Whether a model cannot answer, because its server wants a key and none was entered."""
    is_openai = origin(backend.base_url).startswith(OPENAI_ORIGIN)
    return model.id != ON_DEVICE and is_openai and backend.keys.status.hint is None


def _about(side: JudgedSide) -> str:
    return _("≈ {price}").format(price=format_price(side.figures.cost_usd))


def _total(sides: Sequence[JudgedSide]) -> str:
    costs = [side.figures.cost_usd for side in sides]
    count = len(sides)
    if (whole := in_all(costs)) is not None:
        text = ngettext("≈ {price} for {count} answer", "≈ {price} for {count} answers", count)
        return text.format(price=format_price(whole), count=count)
    known = in_all([cost for cost in costs if cost is not None])
    text = _("at least {price}; one of the prices is not known")
    return text.format(price=format_price(known))

"""Estimates learn from bills: the length of answers, and image tokens where no rule is published."""

from dataclasses import replace
from decimal import Decimal
from math import ceil

from hypothesis import given
from hypothesis import strategies as st

from desktop.core.catalog import Model
from desktop.core.edits import Area, Callout, Edits
from desktop.core.estimate import EXPECTED_ANSWER_TOKENS, Estimate, estimate, estimate_text_tokens
from desktop.core.ledger import Learned, LearnedDetail
from desktop.core.model import Conversation, Detail
from desktop.core.request import NewImage, Question
from tests.helpers.asking import CATALOG, PRICES
from tests.helpers.history import facts

PUBLISHED = CATALOG.model("gpt-5-mini")
PRESUMED = CATALOG.model("gpt-6.1-terra")
UNKNOWN = CATALOG.model("llava:13b")
_tokens = st.none() | st.integers(0, 10**6)
_learned = st.builds(
    Learned,
    answer_tokens=_tokens,
    details=st.lists(
        st.builds(
            LearnedDetail,
            detail=st.sampled_from(["", "auto", "low", "high", "original"]),
            answers=st.integers(1, 20),
            ratio=st.decimals("0.01", 100, places=4),
            image_tokens=_tokens,
        ),
        max_size=4,
        unique_by=lambda detail: detail.detail,
    ).map(tuple),
)


def taught(detail: str, **figures: object) -> Learned:
    values: dict[str, object] = {"answers": 7, "ratio": Decimal("1.5"), "image_tokens": 640, **figures}
    return Learned(answer_tokens=90, details=(LearnedDetail(detail=detail, **values),))  # type: ignore[arg-type]


def estimated(
    model: Model, learned: Learned, *edits: Edits, detail: Detail = Detail.HIGH, **question: object
) -> Estimate:
    images = tuple(
        NewImage(image=facts(f"{n}.jpg"), detail=detail, edits=each)
        for n, each in enumerate(edits or [Edits()])
    )
    asked = Question(conversation=Conversation(), text="What is this?", images=images, model=model.id)
    asked = replace(asked, **question)  # type: ignore[arg-type]
    return estimate(asked, model=model, rates=PRICES.rates(model), sent_bytes={}, learned=learned)


def test_the_answer_is_expected_to_be_as_long_as_the_last_ones() -> None:
    assert estimated(PUBLISHED, Learned()).expected_answer_tokens == EXPECTED_ANSWER_TOKENS
    assert estimated(PUBLISHED, taught("high")).expected_answer_tokens == 90
    assert estimated(PUBLISHED, taught("high"), max_tokens=50).expected_answer_tokens == 50


def test_a_published_rule_stays_as_it_is() -> None:
    plain, learned = estimated(PUBLISHED, Learned()), estimated(PUBLISHED, taught("high"))
    assert learned.new_image_tokens == plain.new_image_tokens
    assert learned.image_costs == plain.image_costs
    assert learned.learned_from == 0


def test_a_presumed_rule_is_corrected_by_what_was_billed_and_so_is_its_price() -> None:
    plain, learned = estimated(PRESUMED, Learned()), estimated(PRESUMED, taught("high"))
    assert learned.new_image_tokens == ceil(plain.new_image_tokens * Decimal("1.5"))
    assert learned.learned_from == 7
    assert learned.planned_image_tokens == plain.new_image_tokens
    rates = PRICES.rates(PRESUMED)
    assert rates is not None
    assert learned.image_costs == (learned.new_image_tokens * rates.tiers[0].input_usd,)
    assert learned.cost_usd is not None
    assert plain.cost_usd is not None
    assert learned.cost_usd - plain.cost_usd == (
        (learned.new_image_tokens - plain.new_image_tokens) * rates.tiers[0].input_usd
        - (EXPECTED_ANSWER_TOKENS - 90) * rates.tiers[0].output_usd
    )


def test_what_one_detail_taught_says_nothing_about_another() -> None:
    assert estimated(PRESUMED, taught("low")).learned_from == 0
    # But requests in which details were mixed say something about each.
    assert estimated(PRESUMED, taught("")).learned_from == 7


def test_a_rule_that_is_unknown_is_learned_whole() -> None:
    plain, learned = estimated(UNKNOWN, Learned()), estimated(UNKNOWN, taught("high"), Edits(), Edits())
    assert (plain.tokens_known, plain.new_image_tokens, plain.planned_image_tokens) == (False, 0, None)
    # The second image is another file of the same name's kind; both count.
    assert (learned.tokens_known, learned.new_image_tokens) == (True, 2 * 640)
    assert learned.planned_image_tokens is None


def test_callouts_and_overviews_are_counted_with_the_prompt() -> None:
    plain = estimated(PUBLISHED, Learned())
    marked = estimated(PUBLISHED, Learned(), Edits(marks=(Callout((1.0, 1.0), "the leak"),)))
    legend = "Image 1: numbered circles: 1 = the leak"
    assert marked.text_tokens == plain.text_tokens + estimate_text_tokens(legend)
    region = estimated(PUBLISHED, Learned(), Edits(region=Area(0, 0, 100, 100)))
    assert region.text_tokens > plain.text_tokens
    assert len(region.image_costs) == 2


@given(
    st.sampled_from([PUBLISHED, PRESUMED, UNKNOWN]),
    _learned,
    st.sampled_from([Detail.AUTO, Detail.LOW, Detail.HIGH]),
)
def test_an_estimate_is_whole_whatever_was_learned(model: Model, learned: Learned, detail: Detail) -> None:
    made = estimated(model, learned, Edits(), Edits(), detail=detail)
    again = estimated(model, learned, Edits(), Edits(), detail=detail)
    assert made == again
    assert made.prompt_tokens == made.fresh_tokens + made.cached_tokens
    assert made.prompt_tokens == made.new_image_tokens + made.carried_image_tokens + made.text_tokens
    assert min(made.new_image_tokens, made.fresh_tokens, made.cached_tokens, made.expected_answer_tokens) >= 0
    assert len(made.image_costs) == 2
    if made.cost_usd is not None:
        assert made.tokens_known
        assert sum(cost or 0 for cost in made.image_costs) <= made.cost_usd
    if made.learned_from:
        assert model.presumed or model.rule is None

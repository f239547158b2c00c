"""The estimate line: what the next request will cost, before anything is sent."""

import tomllib
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.catalog import parse_catalog
from desktop.core.edits import Area, Edits
from desktop.core.estimate import (
    EXPECTED_ANSWER_TOKENS,
    MESSAGE_TOKENS,
    Estimate,
    estimate,
    estimate_text_tokens,
)
from desktop.core.limits import OPENAI_LIMITS, Limits, base64_bytes, check_request
from desktop.core.model import (
    ON_DEVICE,
    AnswerState,
    Attachment,
    Conversation,
    Detail,
    ImageFacts,
    Message,
    Role,
    SentImage,
)
from desktop.core.pricing import load_prices
from desktop.core.problems import Code, problem
from desktop.core.request import NewImage, Question

ROOT = Path(__file__).parents[2]
CATALOG = parse_catalog(tomllib.loads((ROOT / "resources" / "models.toml").read_text(encoding="utf-8")))
PRICES = load_prices(at=datetime(2026, 11, 22, tzinfo=UTC))
TERRA = CATALOG.model("gpt-6.1-terra")
MILLION = Decimal(10) ** 6


def image(name: str, width: int = 1024, height: int = 1024, file_bytes: int = 900_000) -> ImageFacts:
    return ImageFacts(
        path=Path("/pictures") / name,
        name=name,
        sha256=name.ljust(64, "0"),
        file_bytes=file_bytes,
        modified_ns=0,
        format="PNG",
        width_px=width,
        height_px=height,
    )


def new(name: str, width: int = 1024, height: int = 1024, detail: Detail = Detail.HIGH) -> NewImage:
    return NewImage(image=image(name, width, height), detail=detail)


def attachment(name: str, width: int = 1024, height: int = 1024, *, left_out: bool = False) -> Attachment:
    sent = SentImage(sha256="s", media_type="image/png", width_px=width, height_px=height, size_bytes=50_000)
    # The source is larger than what was sent: what goes out again is what counts.
    source = image(name, width * 4, height * 4)
    return Attachment(id=1, image=source, detail=Detail.HIGH, sent=sent, left_out=left_out)


def asked(text: str, *attachments: Attachment) -> Message:
    return Message(role=Role.USER, text=text, created_at=datetime.now(UTC), attachments=attachments)


def answered(text: str, model: str = TERRA.id, state: AnswerState = AnswerState.COMPLETE) -> Message:
    return Message(role=Role.ASSISTANT, text=text, created_at=datetime.now(UTC), model=model, state=state)


def estimated(
    *images: NewImage,
    messages: Sequence[Message] = (),
    text: str = "",
    model_id: str = TERRA.id,
    max_tokens: int | None = None,
) -> Estimate:
    question = Question(
        conversation=Conversation(messages=tuple(messages)),
        text=text,
        images=images,
        model=model_id,
        max_tokens=max_tokens,
    )
    model = CATALOG.model(model_id)
    sizes = {one.image.sha256: 10_000 for one in images if "unsized" not in one.image.name}
    return estimate(question, model=model, rates=PRICES.rates(model), sent_bytes=sizes)


def test_new_images_text_and_answer_make_the_price() -> None:
    made = estimated(new("a"), new("b", 560, 820), text="x" * 40)
    assert (made.new_image_tokens, made.carried_image_tokens) == (1229 + 562, 0)
    assert made.text_tokens == 10 + MESSAGE_TOKENS
    assert made.prompt_tokens == 1229 + 562 + 14
    assert made.expected_answer_tokens == EXPECTED_ANSWER_TOKENS
    assert made.image_costs == (Decimal(1229) / MILLION, Decimal(562) / MILLION)
    assert made.cost_usd == (made.prompt_tokens * 1 + EXPECTED_ANSWER_TOKENS * 5) / MILLION
    assert made.upload_bytes == 20_000
    assert made.source_bytes == 1_800_000


def test_a_file_of_which_two_parts_are_sent_counted_as_two_files() -> None:
    whole = new("a")
    cropped = replace(whole, edits=Edits(region=Area(0, 0, 100, 100)))
    assert estimated(whole, cropped, new("b")).source_bytes == 2 * whole.image.file_bytes


def test_each_new_image_has_its_own_detail() -> None:
    low, high = estimated(new("a", detail=Detail.LOW), new("b")).image_costs
    assert (low, high) == (Decimal(308) / MILLION, Decimal(1229) / MILLION)


def test_an_image_that_the_conversation_carries_is_counted_once() -> None:
    history = [asked("?", attachment("a")), answered("!")]
    made = estimated(new("a"), new("b"), messages=history)
    assert (made.new_image_tokens, made.carried_image_tokens) == (1229, 1229)
    assert len(made.image_costs) == len(made.carried_costs) == 1


def test_carried_images_are_planned_from_what_was_sent_for_the_model_chosen_now() -> None:
    history = [asked("?", attachment("a", 1800, 2400)), answered("!", model="gpt-5-mini")]
    assert estimated(messages=history, model_id="gpt-4o").carried_image_tokens == 765
    assert estimated(messages=history, model_id="gpt-5-mini").carried_image_tokens == 1743


def test_an_image_that_is_left_out_costs_nothing() -> None:
    made = estimated(messages=[asked("?", attachment("a", left_out=True)), answered("!")])
    assert (made.carried_image_tokens, made.carried_costs, made.upload_bytes) == (0, (), 0)


def test_what_was_asked_before_counts_at_the_cached_price() -> None:
    history = [asked("?", attachment("a")), answered("!" * 80)]
    made = estimated(new("b"), messages=history, text="more")
    assert made.cached_tokens == 1229 + MESSAGE_TOKENS + 1
    fresh = made.prompt_tokens - made.cached_tokens
    assert made.cost_usd == (fresh + made.cached_tokens * Decimal("0.05") + 200 * 5) / MILLION
    assert made.carried_costs == (1229 * Decimal("0.05") / MILLION,)


def test_a_short_beginning_is_not_cached() -> None:
    made = estimated(messages=[asked("?", attachment("a", 500, 500)), answered("!")])
    assert made.cached_tokens == 0
    assert made.carried_costs == (Decimal(made.carried_image_tokens) / MILLION,)


@pytest.mark.parametrize(
    "answer", [answered("!", model="gpt-5.5"), answered("!", state=AnswerState.FAILED), asked("again")]
)
def test_only_what_this_model_has_answered_is_cached(answer: Message) -> None:
    assert estimated(messages=[asked("?", attachment("a")), answer]).cached_tokens == 0


def test_the_cache_reaches_as_far_as_the_last_request_to_the_model() -> None:
    history = [
        asked("?", attachment("a")),
        answered("!"),
        asked("?", attachment("b")),
        answered("!"),
        asked("?", attachment("c")),
        answered("!", model="gpt-5.5"),
    ]
    made = estimated(messages=history)
    assert [cost is not None and cost < Decimal("0.001") for cost in made.carried_costs] == [
        True,
        True,
        False,
    ]


def test_leaving_an_image_out_breaks_the_cache_from_there_on() -> None:
    history = [
        asked("?", attachment("a")),
        answered("!"),
        asked("?", attachment("b", left_out=True)),
        answered("!"),
        asked("?", attachment("c")),
        answered("!"),
    ]
    made = estimated(messages=history)
    assert made.cached_tokens == 1229 + 2 * (MESSAGE_TOKENS + 1)


def test_text_that_must_not_leave_is_not_counted() -> None:
    private = replace(answered("secret " * 100), shareable_text="")
    assert estimated(messages=[asked("?"), private]).text_tokens < 20


def test_an_unknown_rule_makes_no_price() -> None:
    made = estimated(new("a"), model_id="llava:13b")
    assert (made.tokens_known, made.cost_usd, made.image_costs, made.new_image_tokens) == (
        False,
        None,
        (None,),
        0,
    )


def test_an_unknown_price_leaves_the_tokens() -> None:
    made = estimated(new("a"), messages=[asked("?", attachment("b"))], model_id="gpt-6.3-terra")
    assert (made.tokens_known, made.new_image_tokens) == (True, 1229)
    assert (made.cost_usd, made.image_costs, made.carried_costs) == (None, (None,), (None,))


def test_text_alone_has_a_price_even_where_the_rule_is_unknown() -> None:
    model = CATALOG.model("llava:13b")
    question = Question(conversation=Conversation(), text="hello", model=model.id)
    made = estimate(question, model=model, rates=PRICES.rates(TERRA), sent_bytes={})
    assert made.tokens_known
    assert made.cost_usd is not None


def test_an_image_that_the_model_will_refuse_is_named() -> None:
    huge = new("huge", 7680, 4320, Detail.AUTO)
    made = estimated(
        new("a"), huge, messages=[asked("?", replace(attachment("b", 6000, 6000), detail=Detail.ORIGINAL))]
    )
    refusal = problem(Code.IMAGE_REJECTED_BY_MODEL, patches=32400, limit=30000, model=TERRA.id)
    assert made.rejected == ((1, refusal),)
    assert [index for index, _ in made.carried_rejected] == [0]
    assert made.image_costs == (Decimal(1229) / MILLION, None)
    assert made.tokens_known


def test_the_upload_is_unknown_until_every_new_image_is_encoded() -> None:
    made = estimated(new("a"), new("unsized"))
    assert (made.upload_bytes, made.source_bytes) == (None, 1_800_000)
    history = [asked("?", attachment("c"), attachment("d"))]
    assert estimated(new("a"), messages=history).upload_bytes == 110_000
    unsent = replace(attachment("c"), sent=None)
    assert estimated(messages=[asked("?", unsent)]).upload_bytes is None


def test_the_reader_is_free_and_uploads_nothing() -> None:
    made = estimated(new("a"), messages=[asked("?", attachment("b"))], text="hello", model_id=ON_DEVICE)
    assert (made.cost_usd, made.image_costs, made.carried_costs) == (0, (0,), (0,))
    assert (made.prompt_tokens, made.expected_answer_tokens, made.upload_bytes) == (0, 0, 0)
    assert (made.tokens_known, made.source_bytes) == (True, 1_800_000)


def test_the_answer_is_expected_within_its_limit() -> None:
    assert estimated(max_tokens=50).expected_answer_tokens == 50
    assert estimated(max_tokens=5000).expected_answer_tokens == EXPECTED_ANSWER_TOKENS


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("", 0, 0),
        ("Which of these quarters fell, and by how much?", 9, 14),
        ("The quick brown fox jumps over the lazy dog. " * 10, 90, 130),
        ("哪一个季度下降了，下降了多少？", 10, 18),
        ("Какой из этих кварталов упал и насколько?", 10, 20),
        ("🤖", 1, 3),
        ("for (int i = 0; i < n; ++i) { sum += a[i]; }", 18, 30),
        ("37.34 2.44 9.50", 6, 12),
    ],
)
def test_text_tokens_are_about_right(text: str, least: int, most: int) -> None:
    assert least <= estimate_text_tokens(text) <= most


def test_code_is_denser_than_prose() -> None:
    assert estimate_text_tokens("{}[]();:<>" * 4) > estimate_text_tokens("abcdefghij" * 4)


@given(st.text(st.characters(exclude_categories=[])), st.text())
def test_more_text_is_never_fewer_tokens(one: str, other: str) -> None:
    both = estimate_text_tokens(one + other)
    assert both >= max(estimate_text_tokens(one), estimate_text_tokens(other))
    assert (both == 0) == (not one + other)


def test_a_request_within_the_limits_passes() -> None:
    assert check_request(image_count=1500, image_bytes=384_000_000) is None


def test_too_many_images_are_named() -> None:
    assert check_request(image_count=1501, image_bytes=0) == problem(
        Code.TOO_MANY_IMAGES, count=1501, limit=1500
    )


def test_the_size_that_counts_is_that_of_the_base64() -> None:
    trouble = check_request(image_count=1, image_bytes=384_000_001)
    assert trouble == problem(Code.REQUEST_TOO_LARGE, size_bytes=512_000_004, limit_bytes=512_000_000)
    assert check_request(image_count=1, image_bytes=0, text_bytes=512_000_001) is not None


def test_a_servers_own_limits_are_used() -> None:
    assert Limits(images=1500, request_bytes=512_000_000) == OPENAI_LIMITS
    small = Limits(images=1, request_bytes=100)
    assert check_request(image_count=1, image_bytes=75, limits=small) is None
    assert check_request(image_count=1, image_bytes=76, limits=small) is not None


@given(st.binary(max_size=100))
def test_base64_is_as_long_as_it_is(data: bytes) -> None:
    from base64 import b64encode

    assert base64_bytes(len(data)) == len(b64encode(data))

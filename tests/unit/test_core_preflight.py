"""What would be refused is known before asking, and every click that is offered mends it."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import combinations_with_replacement

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.edits import Area, Edits
from desktop.core.limits import Limits
from desktop.core.model import Attachment, Conversation, Detail, Message, Role, SentImage
from desktop.core.planning import plan_new
from desktop.core.preflight import Finding, Fix, FixKind, largest_side, preflight, takes_all
from desktop.core.problems import Code
from desktop.core.request import NewImage, Question, new_images
from tests.helpers.asking import CATALOG
from tests.helpers.history import facts

ASTRA = CATALOG.model("gpt-6-astra")
GPT_41 = CATALOG.model("gpt-4.1")
TOO_LARGE = (7680, 4320)
SMALL = (560, 820)
MODELS = [model for model in CATALOG.models if model.chat]
SIDES = st.integers(1, 60_000)


def image(name: str, size: tuple[int, int] = SMALL, **values: object) -> NewImage:
    detail = values.pop("detail", Detail.AUTO)
    edits = values.pop("edits", Edits())
    source = facts(name, width_px=size[0], height_px=size[1], **values)
    return NewImage(image=source, detail=detail, edits=edits)  # type: ignore[arg-type]


def carried_image(number: int, size: tuple[int, int] = SMALL, size_bytes: int = 1000) -> Attachment:
    sent = SentImage(
        sha256=str(number), media_type="image/png", width_px=size[0], height_px=size[1], size_bytes=size_bytes
    )
    return Attachment(id=number, image=facts(f"old-{number}.png"), detail=Detail.AUTO, sent=sent)


def question(*images: NewImage, carried: tuple[Attachment, ...] = ()) -> Question:
    said = Message(id=1, role=Role.USER, text="x", created_at=datetime.now(UTC), attachments=carried)
    return Question(
        conversation=Conversation(messages=(said,)), text="What is this?", images=images, model="m"
    )


def found(asked: Question, **values: object) -> tuple[Finding, ...]:
    given_values = {"model": ASTRA, "others": (ASTRA, GPT_41), "sent_bytes": {}} | values
    return preflight(asked, **given_values)  # type: ignore[arg-type]


def mended(asked: Question, fix: Fix) -> Question:
    """The question after one click, as the window does it."""
    new = list(new_images(asked))
    for at, place in enumerate(fix.new):
        if fix.kind is FixKind.SHRINK:
            new[place] = replace(new[place], edits=replace(new[place].edits, longest_px=fix.longest_px[at]))
        elif fix.detail is not None:
            new[place] = replace(new[place], detail=fix.detail)
    gone = set(fix.new) if fix.kind is FixKind.LEAVE_OUT else set()
    carried = tuple(replace(a, left_out=a.id in fix.carried) for a in asked.conversation.attachments())
    message = replace(asked.conversation.messages[0], attachments=carried)
    return replace(
        asked,
        images=tuple(one for place, one in enumerate(new) if place not in gone),
        conversation=Conversation(messages=(message,)),
    )


def kinds(finding: Finding) -> list[FixKind]:
    return [fix.kind for fix in finding.fixes]


def test_a_question_that_would_be_taken_has_no_findings() -> None:
    assert found(question(image("a"), carried=(carried_image(1),))) == ()
    assert found(question(image("a", TOO_LARGE)), model=CATALOG.on_device()) == ()


def test_an_8k_screenshot_is_named_with_everything_that_mends_it() -> None:
    (finding,) = found(question(image("a"), image("b", TOO_LARGE)))

    assert finding.problem.code is Code.IMAGE_REJECTED_BY_MODEL
    assert finding.new == (1,)
    assert kinds(finding) == [FixKind.SHRINK, FixKind.DETAIL, FixKind.MODEL, FixKind.LEAVE_OUT]
    assert finding.fixes[1].detail is Detail.HIGH
    assert finding.fixes[2].model == "gpt-4.1"


def test_several_too_large_images_are_one_finding_and_one_click() -> None:
    (finding,) = found(question(image("a", TOO_LARGE), image("b"), image("c", (9000, 9000))))

    assert finding.new == (0, 2)
    shrink = finding.fixes[0]
    assert shrink.new == (0, 2)
    assert len(set(shrink.longest_px)) == 2


def test_of_a_part_that_is_too_large_only_the_part_is_shrunk() -> None:
    region = Edits(region=Area(0, 0, *TOO_LARGE))
    (finding,) = found(question(image("a", (9000, 5000), edits=region)))
    assert finding.new == (1,)


@given(st.lists(st.tuples(SIDES, SIDES), min_size=1, max_size=4), st.sampled_from(MODELS))
def test_every_click_mends_what_it_is_offered_for(sizes: list[tuple[int, int]], model: object) -> None:
    asked = question(*(image(f"{n}", size) for n, size in enumerate(sizes)))
    for finding in found(asked, model=model, others=MODELS):
        for fix in finding.fixes:
            other = CATALOG.model(fix.model) if fix.model else model
            assert found(mended(asked, fix), model=other, others=()) == ()


@given(SIDES, SIDES, st.sampled_from(MODELS), st.sampled_from(list(Detail)))
def test_shrinking_keeps_the_largest_image_that_the_model_takes(
    width: int, height: int, model: object, detail: Detail
) -> None:
    new = image("a", (width, height), detail=detail)
    side = largest_side(model, new)  # type: ignore[arg-type]

    def refused(longest_px: int) -> bool:
        edits = Edits(longest_px=longest_px)
        return plan_new(model, replace(new, edits=edits)).rejected is not None  # type: ignore[arg-type]

    assert side is not None
    assert not refused(side)
    assert side == max(width, height) or refused(side + 1)


@pytest.mark.parametrize(("width", "height"), list(combinations_with_replacement([1, 33, 4096, 59_999], 2)))
def test_a_crop_and_a_turn_are_counted_when_shrinking(width: int, height: int) -> None:
    edits = Edits(crop=Area(0, 0, width, height), quarter_turns=1)
    whole = image("a", (60_000, 60_000), edits=edits)
    plain = image("b", (height, width))
    assert largest_side(ASTRA, whole) == largest_side(ASTRA, plain)


def test_an_earlier_image_that_the_model_at_hand_refuses_cannot_be_shrunk() -> None:
    (finding,) = found(question(image("a"), carried=(carried_image(7, TOO_LARGE), carried_image(8))))

    assert finding.carried == (7,)
    assert kinds(finding) == [FixKind.MODEL, FixKind.LEAVE_OUT]
    assert found(mended(question(image("a"), carried=(carried_image(7, TOO_LARGE),)), finding.fixes[1])) == ()


def test_no_other_model_is_offered_that_refuses_something_too() -> None:
    (finding,) = found(question(image("a", TOO_LARGE)), others=(ASTRA, CATALOG.model("gpt-6-luna")))
    assert FixKind.MODEL not in kinds(finding)
    assert not takes_all(ASTRA, [image("a", TOO_LARGE)], ())


def test_images_beyond_the_servers_number_are_left_out_from_the_end_then_the_oldest_carried() -> None:
    limits = Limits(images=3, request_bytes=10**9)
    images = [image(f"{n}") for n in range(2)]
    carried = tuple(carried_image(n) for n in range(1, 6))
    asked = question(*images, carried=carried)

    (finding,) = found(asked, limits=limits)

    assert finding.problem.code is Code.TOO_MANY_IMAGES
    assert (finding.new, finding.carried) == ((0, 1), (1, 2))
    assert found(mended(asked, finding.fixes[0]), limits=limits) == ()


def test_a_request_of_too_many_bytes_is_mended_by_leaving_out_the_heaviest() -> None:
    images = [image(name) for name in "abc"]
    sizes = {one.key: size for one, size in zip(images, (100, 5000, 300), strict=True)}
    limits = Limits(images=10, request_bytes=2_000)
    asked = question(*images, carried=(carried_image(1, size_bytes=900),))

    (finding,) = found(asked, sent_bytes=sizes, limits=limits)

    assert finding.problem.code is Code.REQUEST_TOO_LARGE
    assert kinds(finding) == [FixKind.DETAIL, FixKind.LEAVE_OUT]
    assert (finding.new, finding.carried) == ((1,), ())
    left = mended(asked, finding.fixes[1])
    assert found(left, sent_bytes=sizes, limits=limits) == ()


def test_carried_images_go_when_leaving_out_the_new_ones_is_not_enough() -> None:
    limits = Limits(images=10, request_bytes=2_000)
    carried = (carried_image(1, size_bytes=1_000), carried_image(2, size_bytes=1_200))
    (finding,) = found(question(image("a"), carried=carried), sent_bytes={}, limits=limits)
    assert finding.carried == (2,)

"""What the composer says about the next request."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.core.estimate import Estimate, estimate
from desktop.core.model import Attachment, Conversation, Detail, Message, Role, SentImage
from desktop.core.request import NewImage, Question
from desktop.ui import composing
from desktop.ui.gallery_state import Entry
from tests.helpers.asking import CATALOG, PRICES
from tests.helpers.history import facts

GPT_41 = CATALOG.model("gpt-4.1")
UNKNOWN = CATALOG.model("llava:13b")
READER = CATALOG.on_device()


def figures(question: Question, model: object = GPT_41) -> Estimate:
    return estimate(question, model=model, rates=PRICES.rates(model), sent_bytes={})  # type: ignore[arg-type]


def question(*names: str, carried: tuple[Attachment, ...] = ()) -> Question:
    asked = Message(role=Role.USER, text="x", created_at=datetime.now(UTC), attachments=carried)
    return Question(
        conversation=Conversation(messages=(asked,) if carried else ()),
        text="What is this?",
        images=tuple(NewImage(image=facts(name), detail=Detail.HIGH) for name in names),
        model="gpt-4.1",
    )


def carried_image() -> Attachment:
    sent = SentImage(sha256="f" * 64, media_type="image/png", width_px=512, height_px=512, size_bytes=9_000)
    return Attachment(id=7, image=facts("old.jpg"), detail=Detail.HIGH, sent=sent)


def test_a_chip_tells_tokens_and_price() -> None:
    asked = question("a.jpg")
    chips = composing.new_chips(
        [Entry(key=1, path=Path("/a.jpg"), facts=asked.images[0].image)],
        model=GPT_41,
        detail=Detail.HIGH,
        estimate=figures(asked),
        pixmap=lambda _key: None,
    )
    # 560 x 820 is scaled to 560 x 820: two by two tiles, 85 + 4 * 170 tokens at 2 USD a million.
    assert chips[0].caption == "765 tok · $0.0015"
    assert chips[0].details == (Detail.AUTO, Detail.LOW, Detail.HIGH)


def test_an_unknown_model_shows_dashes_and_no_invented_figure() -> None:
    asked = question("a.jpg")
    line = composing.estimate_line(figures(asked, UNKNOWN), model=UNKNOWN, rates=None)
    assert line.price == "≈ —"
    assert "unknown" in line.parts
    assert composing.new_caption(figures(asked, UNKNOWN), model=UNKNOWN) == "—"


def test_on_this_computer_everything_is_free() -> None:
    line = composing.estimate_line(figures(question("a.jpg"), READER), model=READER, rates=None)
    assert (line.price, line.parts, line.upload) == ("", "On this computer · free", "")


@pytest.mark.parametrize(
    ("names", "carried", "words"),
    [
        (("a.jpg",), (), "765 image + "),
        ((), (carried_image(),), "255 carried image + "),
        (("a.jpg",), (carried_image(),), "765 new + 255 carried image + "),
    ],
)
def test_the_estimate_tells_tokens_by_kind(
    names: tuple[str, ...], carried: tuple[Attachment, ...], words: str
) -> None:
    line = composing.estimate_line(
        figures(question(*names, carried=carried)), model=GPT_41, rates=PRICES.rates(GPT_41)
    )
    assert line.parts.startswith(words)
    assert line.parts.endswith(" text tokens")


def test_many_new_images_fold_into_one_price() -> None:
    asked = question("a.jpg", "b.jpg")
    assert composing.new_caption(figures(asked), model=GPT_41) == "1,530 tok · $0.0031"
    assert sum(figures(asked).image_costs, Decimal(0)) == Decimal("0.00306")


def test_with_the_reader_prompts_that_need_a_model_say_so() -> None:
    rows = composing.preset_rows(on_device=True, cards_only=True)
    assert [row.enabled for row in rows] == [True] * 4 + [False] * 2
    assert rows[-1].hint == "Needs a model"
    assert all(row.enabled for row in composing.preset_rows(on_device=False))


def test_the_footer_tells_what_is_selected() -> None:
    assert composing.selection_text(1, 12, 297, on_device=False) == "1 of 12 selected · 297 tokens"
    assert composing.selection_text(1, 12, 0, on_device=True) == "1 of 12 selected"
    assert composing.selection_text(2, 12, None, on_device=False) == "2 of 12 selected"
    assert composing.selection_text(0, 0, 0, on_device=False) == ""

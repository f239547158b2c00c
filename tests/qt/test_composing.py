"""What the composer says about the next request."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from desktop.core.edits import Area, Edits
from desktop.core.estimate import Estimate, estimate
from desktop.core.ledger import Learned, LearnedDetail
from desktop.core.model import Attachment, Conversation, Detail, Message, Role, SentImage
from desktop.core.presets import CARDS
from desktop.core.prompts import Library, own_prompt
from desktop.core.request import NewImage, Question, expand
from desktop.ui import composing
from desktop.ui.composer.state import ChipState
from desktop.ui.gallery_state import Entry
from desktop.ui.next_question import next_question
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


def entry(name: str, **values: Any) -> Entry:
    values = {"key": 1, "path": Path("/", name), "facts": facts(name)} | values
    return Entry(**values)


def chips_of(*entries: Entry, detail: Detail = Detail.HIGH) -> tuple[ChipState, ...]:
    following = next_question(Conversation(), "What is this?", entries, detail=detail, model="gpt-4.1")
    return composing.new_chips(
        following,
        model=GPT_41,
        detail=detail,
        estimate=figures(following.question),
        pixmap=lambda _key: None,
    )


def test_a_chip_tells_tokens_and_price() -> None:
    chips = chips_of(entry("a.jpg"))
    # 560 x 820 is scaled to 560 x 820: two by two tiles, 85 + 4 * 170 tokens at 2 USD a million.
    assert chips[0].caption == "765 tok · $0.0015"
    assert chips[0].details == (Detail.AUTO, Detail.LOW, Detail.HIGH)


def test_a_part_and_its_overview_are_one_chip_with_the_price_of_both() -> None:
    region = Edits(region=Area(0, 0, 100, 100))
    first, second = chips_of(entry("a.jpg", edits=region), entry("b.jpg", key=2), detail=Detail.HIGH)
    # The part is one tile, the overview goes at Low: 255 + 85 tokens at 2 USD a million.
    assert first.caption == "340 tok · $0.00068"
    assert first.part
    assert second.caption == "765 tok · $0.0015"
    assert not second.part


def test_the_same_picture_in_two_entries_is_sent_once_and_edited_ones_are_others() -> None:
    turned = Edits(quarter_turns=1)
    asked = next_question(
        Conversation(),
        "x",
        [
            entry("a.jpg"),
            entry("copy.jpg", key=2, facts=facts("a.jpg")),
            entry("a.jpg", key=3, edits=turned),
            entry("a.jpg", key=4, facts=facts("a.jpg", page=2)),
        ],
        detail=Detail.HIGH,
        model="gpt-4.1",
    )
    assert [e.key for e in asked.entries] == [1, 3, 4]
    assert asked.places == ((0,), (1,), (2,))
    assert asked.entry_of(2).key == 4


def test_of_a_part_whose_overview_is_carried_only_the_part_is_sent() -> None:
    region = Edits(region=Area(0, 0, 100, 100))
    overview, _part = expand(NewImage(image=facts("a.jpg"), detail=Detail.HIGH, edits=region))
    carried = Attachment(id=7, image=facts("a.jpg"), detail=Detail.LOW, edits=overview.edits)
    said = Message(id=1, role=Role.USER, text="x", created_at=datetime.now(UTC), attachments=(carried,))
    asked = next_question(
        Conversation(messages=(said,)),
        "x",
        [entry("a.jpg", edits=region)],
        detail=Detail.HIGH,
        model="gpt-4.1",
    )
    assert [new.edits.crop for new in asked.new] == [Area(0, 0, 100, 100)]
    assert asked.places == ((0,),)


def test_tokens_of_a_level_are_those_of_the_images_that_follow_the_selector() -> None:
    asked = next_question(
        Conversation(),
        "x",
        [entry("a.jpg"), entry("b.jpg", key=2, detail=Detail.LOW)],
        detail=Detail.HIGH,
        model="gpt-4.1",
    )
    levels = composing.tokens_at(asked, model=GPT_41)
    assert levels == {Detail.AUTO: 765, Detail.LOW: 85, Detail.HIGH: 765}
    assert list(composing.tokens_at(asked, model=UNKNOWN).values()) == [None] * len(UNKNOWN.details)


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


def test_the_cards_are_those_of_the_empty_state_in_their_order() -> None:
    rows = composing.preset_rows(on_device=True, cards_only=True)
    assert [(row.title, row.enabled) for row in rows] == [
        ("Copy the text", True),
        ("Read the codes", True),
        ("Spot the differences", True),
        ("What is in this file?", True),
        ("Check a receipt", False),
        ("Read a chart", False),
    ]


def test_what_is_removed_before_sending_is_not_asked_of_a_model() -> None:
    """The facts of a file were offered to models, which never get them."""
    ids = [row.id for row in composing.preset_rows(on_device=False, cards_only=True)]
    assert "file-facts" not in ids
    assert len(ids) == CARDS
    assert "file-facts" in {row.id for row in composing.preset_rows(on_device=True)}
    assert "file-facts" not in {row.id for row in composing.preset_rows(on_device=False)}
    own = Library(own=(own_prompt("file-facts", "My facts", "What camera?"),))
    assert "file-facts" in {row.id for row in composing.preset_rows(on_device=False, library=own)}


def test_a_card_has_the_words_that_the_user_gave_it() -> None:
    own = Library(own=(own_prompt("receipt", "Sum it", "Add up.", needs_model=True),))
    cards = composing.preset_rows(on_device=False, cards_only=True, library=own)
    assert ("receipt", "Sum it", "Add up.") in [(card.id, card.title, card.prompt) for card in cards]


def test_the_footer_tells_what_is_selected() -> None:
    assert composing.selection_text(1, 12, 297, on_device=False) == "1 of 12 selected · 297 tokens"
    assert composing.selection_text(1, 12, 0, on_device=True) == "1 of 12 selected"
    assert composing.selection_text(2, 12, None, on_device=False) == "2 of 12 selected"
    assert composing.selection_text(0, 0, 0, on_device=False) == ""


def test_the_tooltip_says_what_bills_taught() -> None:
    presumed = CATALOG.model("gpt-6.2-sol")
    assert presumed.presumed
    learned = Learned(
        answer_tokens=312,
        details=(LearnedDetail(detail="high", answers=7, ratio=Decimal("1.10"), image_tokens=None),),
    )
    asked = question("a.jpg")
    made = estimate(asked, model=presumed, rates=None, sent_bytes={}, learned=learned)
    tip = composing.estimate_line(made, model=presumed, rates=None, learned=learned).tooltip
    assert "about 312 tokens, as long as the last answers" in tip
    assert "1.10 times the presumed rule, learned from 7 bills" in tip
    assert "learned" not in composing.estimate_line(figures(asked), model=GPT_41, rates=None).tooltip


def test_the_tooltip_tells_fresh_and_cached_tokens_apart() -> None:
    asked = Message(id=1, role=Role.USER, text="word " * 2_000, created_at=datetime.now(UTC))
    said = replace(asked, id=2, role=Role.ASSISTANT, text="Yes.", model="gpt-4.1")
    following = replace(question("a.jpg"), conversation=Conversation(messages=(asked, said)))
    made = figures(following)
    assert made.cached_tokens > 1024
    tip = composing.estimate_line(made, model=GPT_41, rates=PRICES.rates(GPT_41)).tooltip
    assert f"{made.fresh_tokens:,} tokens at the full price, {made.cached_tokens:,} expected" in tip
    assert "Without anything in the cache it is $" in tip


def test_a_carried_chip_told_other_tokens_than_its_group_and_its_price() -> None:
    presumed = replace(GPT_41, presumed=True)
    learned = Learned(details=(LearnedDetail(detail="high", answers=3, ratio=Decimal(2), image_tokens=None),))
    asked = question(carried=(carried_image(),))
    expected = estimate(asked, model=presumed, rates=None, sent_bytes={}, learned=learned)
    (chip,) = composing.carried_chips(
        asked, model=presumed, estimate=expected, pixmap=lambda _id: None, learned=learned
    )
    group = composing.carried_caption(expected, model=presumed, rates=None)
    assert chip.caption.split(" · ")[0] == group.split(" · ")[0] == "510 tok"

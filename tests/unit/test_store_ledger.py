"""Every request leaves a row for each image that went out, and it stays when its conversation is deleted."""

from datetime import date
from decimal import Decimal
from pathlib import Path

from desktop.core.ledger import Expected
from desktop.store.store import Store
from tests.helpers.history import (
    NOON,
    answered,
    ask,
    attachment,
    begin,
    beginning,
    facts,
    opened,
    question,
    sent_image,
)
from tests.helpers.ledger import request_image

DAY = NOON.astimezone().date()


def image_rows(store: Store) -> list[tuple[object, ...]]:
    query = "SELECT usage_id, attachment_id, detail, carried, tokens, cost_usd FROM usage_image ORDER BY id"
    return [tuple(row) for row in store._read(lambda c: c.execute(query).fetchall()).result()]


def test_a_request_is_noted_before_it_is_made_carried_images_included(tmp_path: Path) -> None:
    """Killed while it answers, the request is in the ledger with everything that had gone out."""
    with opened(tmp_path) as store:
        first = ask(store, "What is this?", b"one", b"two")
        store.finish(answered(first), ()).result()
        ask(store, "And now?", b"three", conversation_id=first.id)
        one, two, three = (a.id for a in store.conversation(first.id).result().attachments())
        assert image_rows(store)[2:] == [
            (2, one, "high", 1, None, None),
            (2, two, "high", 1, None, None),
            (2, three, "high", 0, 765, None),
        ]


def test_what_really_went_out_takes_the_place_of_what_was_foreseen(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        asked = ask(store, "What is this?", b"one", b"two")
        one, two = asked.attachments()
        sent = (
            request_image(one.id, "0.002", tokens=255, detail="low", sent_bytes=7),
            request_image(two.id, "0.001", tokens=765, detail="low", sent_bytes=8),
        )
        store.finish(answered(asked), (), sent).result()
        assert [row[2:] for row in image_rows(store)] == [
            ("low", 0, 255, "0.002"),
            ("low", 0, 765, "0.001"),
        ]
        found = store.spending(DAY, DAY).result()
    assert (found.sent_bytes, found.accuracy) == (15, ())


def test_a_request_that_was_never_made_sent_nothing(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        asked = ask(store, "What is this?", b"one")
        store.finish(answered(asked, usage=None, cost_usd=None), (), ()).result()
        found = store.spending(DAY, DAY).result()
    assert (found.requests, found.unpriced_requests, found.sent_bytes, found.image_rows) == (1, 0, 0, ())


def test_what_was_expected_is_kept_beside_the_bill(tmp_path: Path) -> None:
    expected = Expected(
        text_tokens=40,
        image_tokens=760,
        planned_image_tokens=765,
        answer_tokens=200,
        cost_usd=Decimal("0.01"),
    )
    with opened(tmp_path) as store:
        store.put_image(b"one", sent_image(b"one")).result()
        asked = store.begin(
            beginning(question("What is this?", attachment(b"one")), expected=expected)
        ).result()
        store.finish(answered(asked), ()).result()
        (row,) = store.spending(DAY, DAY).result().accuracy
    assert (row.estimated_tokens, row.billed_tokens, row.mean_error) == (800, 800, 0)
    assert (row.estimated_usd, row.billed_usd) == (Decimal("0.01"), Decimal("0.0031"))


def test_figures_of_a_deleted_conversation_stay_without_names_and_hashes(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        data = b"the bytes of a secret"
        store.put_image(data, sent_image(data)).result()
        asked = begin(store, question("Top secret?", attachment(data, "secret plan.jpg")))
        (image,) = asked.attachments()
        store.finish(answered(asked), (), [request_image(image.id, "0.002")]).result()
        before = store.spending(DAY, DAY).result()
        store.delete(asked.id).result()
        after = store.spending(DAY, DAY).result()
    assert [(row.name, row.conversation_title) for row in before.image_rows] == [
        ("secret plan.jpg", "Top secret?")
    ]
    (row,) = after.image_rows
    assert (row.name, row.conversation_id, row.conversation_title, row.sent) == ("", None, "", None)
    assert (row.cost_usd, row.tokens, row.times_sent) == (Decimal("0.002"), 765, 1)
    assert (after.total_usd, after.images, after.source_bytes) == (Decimal("0.0031"), 1, before.source_bytes)
    assert [(c.conversation_id, c.requests) for c in after.conversations] == [(None, 1)]
    everything = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    for trace in ("secret", facts("secret plan.jpg").sha256, sent_image(data).sha256):
        assert trace.encode() not in everything


def test_the_same_file_in_two_conversations_is_one_image(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        for page in (0, 0, 1):
            store.put_image(b"one", sent_image(b"one")).result()
            asked = begin(store, question("?", attachment(b"one", image=facts("scan.pdf", page=page))))
            store.finish(answered(asked), ()).result()
        found = store.spending(DAY, DAY).result()
    assert (found.images, len(found.image_rows)) == (2, 3)
    assert len({row.conversation_id for row in found.image_rows}) == 3


def test_the_reader_on_this_computer_is_in_no_sum(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        asked = begin(store, question("Read it"), provider="on-device")
        store.finish(answered(asked, cost_usd=Decimal(0)), ()).result()
        found = store.spending(date(2026, 1, 1), date(2026, 12, 31)).result()
    assert (found.requests, found.models, found.conversations) == (0, (), ())
    assert len(found.days) == 365

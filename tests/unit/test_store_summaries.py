"""The list in pages, pins, tags, the archive, deletion with a way back, images that are found."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.core.model import Conversation
from desktop.core.search import Search, Where
from desktop.core.summaries import Listed, tag_name
from desktop.store.migrations import MIGRATIONS
from desktop.store.opening import DATABASE
from desktop.store.store import Store
from desktop.store.upgrades import version_of
from tests.helpers.history import NOON, answered, ask, begin, facts, opened, question, sent_image

DUMP = Path(__file__).parents[1] / "data" / "history_v4_listed.sql"
ALL = Listed()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened(tmp_path) as made:
        yield made


def said(store: Store, text: str, *images: bytes, conversation: int = 0) -> Conversation:
    begun = ask(store, text, *images, conversation_id=conversation)
    return store.finish(answered(begun), ()).result()


def titles(store: Store, listed: Listed = ALL) -> list[str]:
    return [summary.title for summary in store.finding.summaries(listed).result()]


def test_a_history_of_version_4_is_listed_and_found(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / DATABASE)) as connection:
        connection.executescript(DUMP.read_text(encoding="utf-8"))
    with opened(tmp_path) as store:
        assert store._read(version_of).result() == len(MIGRATIONS)
        first, second = store.finding.summaries(ALL).result()
        assert (first.title, first.pinned, first.tags) == ("What is the total?", True, ("receipts",))
        assert (second.title, second.pinned) == ("Copy the text", False)
        while store.finding.index_some().result():
            pass
        page = store.finding.search(Search(text="tag:receipts total")).result()
        assert [one.summary.id for one in page.found] == [first.id]
        said(store, "and more", conversation=second.id)
        assert store.finding.summaries(ALL).result()[1].latest_id > second.latest_id


def test_the_list_comes_in_pages_pinned_ones_first_then_the_newest(store: Store) -> None:
    made = [said(store, str(number)) for number in range(7)]
    said(store, "again", conversation=made[1].id)
    store.finding.set_pinned([made[0].id, made[3].id], True).result()
    told: list[str] = []
    after = None
    while page := store.finding.summaries(ALL, after=after, limit=3).result():
        assert len(page) <= 3
        told += [summary.title for summary in page]
        after = page[-1].place
    assert told == ["3", "0", "1", "6", "5", "4", "2"]
    store.finding.set_pinned([made[0].id], False).result()
    assert titles(store) == ["3", "1", "6", "5", "4", "2", "0"]


def test_a_page_is_read_in_the_order_of_an_index(store: Store) -> None:
    def plan(connection: sqlite3.Connection) -> list[str]:
        query = (
            "EXPLAIN QUERY PLAN SELECT * FROM conversation WHERE deleted_at IS NULL AND archived = 0 AND"
            " latest_id IS NOT NULL AND (pinned, latest_id) < (2, 9) ORDER BY pinned DESC, latest_id DESC"
        )
        return [row["detail"] for row in connection.execute(query)]

    (step,) = store._read(plan).result()
    assert step.startswith("SEARCH conversation USING INDEX conversation_listed")


def test_the_archive_is_a_list_of_its_own(store: Store) -> None:
    first, second = said(store, "first"), said(store, "second")
    store.finding.set_archived([first.id], True).result()
    assert titles(store) == ["second"]
    assert titles(store, Listed(archived=True)) == ["first"]
    assert store.finding.count_archived().result() == 1
    store.finding.set_archived([first.id], False).result()
    assert titles(store) == ["second", "first"]
    assert store.finding.count_archived().result() == 0
    assert [s.id for s in store.finding.summaries_of([second.id, first.id, 99]).result()] == [
        second.id,
        first.id,
    ]


def test_tags_are_kept_listed_and_gone_with_their_conversation(store: Store) -> None:
    first, second = said(store, "first"), said(store, "second")
    store.finding.set_tags(first.id, ["shop", "2026"]).result()
    store.finding.set_tags(second.id, ["shop"]).result()
    store.finding.set_tags(99, ["nobody"]).result()
    assert store.finding.tags().result() == ("shop", "2026")
    assert titles(store, Listed(tag="2026")) == ["first"]
    assert store.finding.summaries(ALL).result()[1].tags == ("2026", "shop")
    store.finding.set_tags(first.id, ["shop"]).result()
    assert titles(store, Listed(tag="2026")) == []
    store.delete(second.id).result()
    store.delete(first.id).result()
    assert store.finding.tags().result() == ()


@pytest.mark.parametrize(
    ("typed", "kept"), [("  two \n words ", "two words"), ('a "b"', "a b"), ("x" * 90, "x" * 40), (" ", "")]
)
def test_a_tag_is_one_short_line(typed: str, kept: str) -> None:
    assert tag_name(typed) == kept


def test_what_is_deleted_is_listed_nowhere_and_costs_what_it_cost(tmp_path: Path, store: Store) -> None:
    gone = said(store, "gone", b"1")
    said(store, "stays", b"2")
    store.finding.set_tags(gone.id, ["gone"]).result()
    store.finding.set_deleted([gone.id], NOON).result()

    assert titles(store) == ["stays"]
    assert store.finding.summaries_of([gone.id]).result() == ()
    assert store.finding.tags().result() == ()
    asked = store.asked_about([facts("receipt.jpg").source_id]).result()
    assert [title for one in asked.values() for _, title in one.conversations] == ["stays"]
    assert store.asked().result() == asked
    spent = store.spending(date(2026, 10, 1), date(2026, 10, 31)).result()
    assert spent.total_usd == Decimal("0.0062")
    named = {one.title for one in spent.conversations}
    assert named == {"stays", ""}
    assert {image.conversation_title for image in spent.image_rows} == {"stays", ""}

    store.finding.set_deleted([gone.id], None).result()
    assert titles(store) == ["stays", "gone"]
    assert store.finding.summaries(ALL).result()[1].tags == ("gone",)


def test_purging_takes_only_what_is_deleted_and_tells_whose_images_nobody_has(
    tmp_path: Path, store: Store
) -> None:
    gone, kept = said(store, "gone", b"1"), said(store, "kept")
    other = begin(store, question("other", replace(gone.messages[0].attachments[0], id=0)))
    store.finding.set_deleted([gone.id], NOON).result()
    assert store.finding.purge([kept.id]).result().conversation_ids == ()
    purged = store.finding.purge([gone.id, kept.id]).result()
    assert (purged.conversation_ids, purged.source_ids) == ((gone.id,), frozenset())
    store.finding.set_deleted([other.id], NOON).result()
    purged = store.finding.purge().result()
    assert purged.source_ids == {facts("receipt.jpg").source_id}
    assert titles(store) == ["kept"]
    assert not store.image_path(sent_image(b"1")).exists()


def test_conversations_with_an_image_or_a_near_copy_are_found(store: Store) -> None:
    same, near, far = said(store, "same", b"1"), said(store, "near", b"2"), said(store, "far", b"3")
    assert {sent.sha256 for sent in store.finding.unseen_images(9).result()} == {
        sent_image(data).sha256 for data in (b"1", b"2", b"3")
    }
    looks = {b"1": 2**63 + 5, b"2": 2**63 + 4, b"3": 2**40 - 1}
    store.finding.keep_looks({sent_image(data).sha256: bits for data, bits in looks.items()}).result()
    assert store.finding.unseen_images(9).result() == ()

    page = store.finding.with_image(sent_image(b"1").sha256, 2**63 + 5, (560, 820)).result()
    assert [(one.summary.id, one.hits[0].where) for one in page.found] == [
        (same.id, Where.IMAGE),
        (near.id, Where.NEAR),
    ]
    page = store.finding.with_image(facts("receipt.jpg").source_id, None, (560, 820)).result()
    assert [one.summary.id for one in page.found] == [far.id, near.id, same.id]
    # Of another shape: it cannot be the same picture.
    assert store.finding.with_image("f" * 64, 2**63 + 5, (820, 560)).result().found == ()
    store.finding.set_deleted([same.id], NOON).result()
    assert store.finding.with_image(sent_image(b"1").sha256, None, (1, 1)).result().found == ()


def test_looks_go_with_their_images(store: Store) -> None:
    gone = said(store, "gone", b"1")
    store.finding.keep_looks({sent_image(b"1").sha256: 1, "f" * 64: 2}).result()
    store.delete(gone.id).result()
    rows = store._read(lambda c: c.execute("SELECT count(*) FROM image_look").fetchone()[0]).result()
    assert rows == 0

"""What each image was asked about and has cost: exact, named by content and page, the newest first."""

import sqlite3
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.core.asked import Asked
from desktop.core.edits import Area, Edits
from desktop.core.ledger import RequestImage
from desktop.core.model import Attachment, Conversation
from desktop.store import asked as asking
from desktop.store.asked import read_asked, read_asked_about
from desktop.store.store import Store
from tests.helpers.history import NOON, answered, attachment, begin, facts, opened, question, sent_image
from tests.helpers.ledger import add_request, new_history, request_image

RECEIPT = facts("receipt.jpg").sha256
LAKE = facts("lake.jpg").sha256
_OF_ONE = asking._ASKED + asking._OF_ONE + asking._EACH


def asked(
    store: Store,
    title: str,
    *images: Attachment,
    costs: Sequence[str | None] = (),
    after: Conversation | None = None,
    provider: str = "openai",
) -> Conversation:
    """A finished request about new images, all earlier ones carried; ``costs`` are of all that went out."""
    for image in images:
        assert image.sent is not None
        store.put_image(b"bytes", sent_image(b"bytes")).result()
    began = begin(
        store, question(title, *images), conversation_id=after.id if after else 0, provider=provider
    )
    new = {image.id for image in began.messages[-2].attachments}
    out = [
        RequestImage(
            attachment_id=image.id,
            detail="high",
            carried=image.id not in new,
            tokens=1,
            cost_usd=None if cost is None else Decimal(cost),
            sent_bytes=1,
            source_bytes=1,
        )
        for image, cost in zip(began.carried(), costs, strict=True)
    ]
    return store.finish(answered(began), (), out).result()


def image(name: str = "receipt.jpg", **changes: object) -> Attachment:
    return attachment(b"bytes", name, **changes)


def test_costs_of_all_requests_are_added_exactly_also_where_the_image_was_carried(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        first = asked(store, "first", image(), costs=["0.1"])
        asked(store, "again", image("lake.jpg"), costs=["0.2", "0.0004"], after=first)
        assert store.asked().result() == {
            RECEIPT: Asked(
                source_id=RECEIPT, cost_usd=Decimal("0.3"), times=2, conversations=((first.id, "first"),)
            ),
            LAKE: Asked(
                source_id=LAKE, cost_usd=Decimal("0.0004"), times=1, conversations=((first.id, "first"),)
            ),
        }


def test_conversations_are_named_once_the_one_asked_last_first(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        first = asked(store, "first", image(), costs=["0"])
        second = asked(store, "second", image(), costs=["0"])
        third = asked(store, "third", image(), costs=["0"])
        asked(store, "first again", image(), costs=["0", "0"], after=first)
        store.rename(second.id, "renamed").result()
        found = store.asked().result()[RECEIPT]
        assert found.conversations == ((first.id, "first"), (third.id, "third"), (second.id, "renamed"))
        # Sent twice in one request, it was asked about once.
        assert found.times == 4


def test_pages_of_a_file_are_told_apart_and_edits_are_not(tmp_path: Path) -> None:
    page = replace(facts("receipt.jpg"), page=3)
    cropped = Edits(crop=Area(0, 0, 10, 10))
    with opened(tmp_path) as store:
        asked(store, "?", image(), image(image=page), image(edits=cropped), costs=["1", "2", "4"])
        found = store.asked().result()
        assert {source: (about.cost_usd, about.times) for source, about in found.items()} == {
            RECEIPT: (Decimal(5), 1),
            page.source_id: (Decimal(2), 1),
        }
        assert store.asked_about([page.source_id]).result() == {page.source_id: found[page.source_id]}


def test_without_a_known_price_there_is_no_cost_and_the_reader_costs_nothing(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        asked(store, "local server", image(), costs=[None])
        asked(store, "reader", image("lake.jpg"), costs=["0"], provider="on-device")
        found = store.asked().result()
        assert (found[RECEIPT].cost_usd, found[LAKE].cost_usd) == (None, Decimal(0))
        asked(store, "priced", image(), costs=["0.5"])
        assert store.asked_about([RECEIPT]).result()[RECEIPT].cost_usd == Decimal("0.5")


def test_what_was_never_sent_was_not_asked_about(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.put_image(b"bytes", sent_image(b"bytes")).result()
        began = begin(store, question("?", image()))
        assert list(store.asked().result()) == [RECEIPT]
        # The engine was not even tried: the key is missing.
        store.finish(answered(began), (), ()).result()
        assert store.asked().result() == {}
        assert store.asked_about([RECEIPT, "nonsense", "", "a#b"]).result() == {}


def test_of_a_deleted_conversation_nothing_is_known_any_more(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        kept = asked(store, "kept", image(), costs=["0.1"])
        gone = asked(store, "gone", image(), image("lake.jpg"), costs=["0.2", "0.4"])
        store.delete(gone.id).result()
        assert store.asked().result() == {
            RECEIPT: Asked(
                source_id=RECEIPT, cost_usd=Decimal("0.1"), times=1, conversations=((kept.id, "kept"),)
            )
        }


@pytest.mark.parametrize("damaged", ["nothing", "NaN", "sNaN", "Infinity", "-Infinity"])
def test_a_damaged_cost_is_one_unknown_cost(tmp_path: Path, damaged: str) -> None:
    with opened(tmp_path) as store:
        first = asked(store, "a", image(), costs=["0.1"])
        asked(store, "b", costs=["Infinity"], after=first)
        asked(store, "c", costs=["0.2"], after=first)

        def spoil(connection: sqlite3.Connection) -> None:
            connection.execute("UPDATE usage_image SET cost_usd = ? WHERE cost_usd = 'Infinity'", (damaged,))

        store._write(spoil).result()
        found = store.asked().result()[RECEIPT]
        assert (found.cost_usd, found.times) == (Decimal("0.3"), 3)


def test_the_wide_tables_are_not_read() -> None:
    with new_history() as connection:
        for query, values in ((asking._ASKED + asking._EACH, ()), (_OF_ONE, ("", 0))):
            plan = [row["detail"] for row in connection.execute(f"EXPLAIN QUERY PLAN {query}", values)]
            steps = [step for step in plan if step.startswith(("SCAN", "SEARCH"))]
            # The messages' conversations are looked up by number.
            assert {step for step in steps if "COVERING INDEX" not in step} <= {
                "SEARCH m USING INTEGER PRIMARY KEY (rowid=?)",
                # The deleted ones that may still be taken back: few, by an index of their own.
                "SCAN deleted",
                *(step for step in steps if step.startswith("SCAN (subquery")),
            }


SOURCES = ("a" * 64, "b" * 64, "a" * 64 + "#2")
REQUESTS = st.lists(
    st.tuples(
        st.integers(0, 2),
        st.dictionaries(
            st.integers(1, 6), st.one_of(st.none(), st.decimals(0, 9, places=4)), min_size=1, max_size=4
        ),
    ),
    max_size=8,
)


@given(REQUESTS)
@settings(max_examples=60, deadline=None)
def test_any_ledger_is_added_up_as_by_hand(requests: list[tuple[int, dict[int, Decimal | None]]]) -> None:
    with new_history() as connection:
        for number in range(1, 7):
            conversation = (number - 1) // 2 + 1
            if number % 2:
                connection.execute(
                    "INSERT INTO conversation (id, title, created_at) VALUES (?, ?, '')",
                    (conversation, f"title {conversation}"),
                )
            _insert_attachment(connection, number, conversation, SOURCES[number % 3])
        for _day, images in requests:
            costs = {key: None if cost is None else str(cost) for key, cost in images.items()}
            add_request(connection, NOON, *(request_image(key, cost) for key, cost in costs.items()))
        expected = {}
        for source in SOURCES:
            mine = {number for number in range(1, 7) if SOURCES[number % 3] == source}
            shares = [images[key] for _day, images in requests for key in images if key in mine]
            known = [share for share in shares if share is not None]
            if shares:
                expected[source] = Asked(
                    source_id=source,
                    cost_usd=sum(known, Decimal(0)) if known else None,
                    times=sum(not mine.isdisjoint(images) for _day, images in requests),
                    conversations=tuple(
                        (number, f"title {number}")
                        for number in sorted({(key - 1) // 2 + 1 for key in mine}, reverse=True)
                    ),
                )
        assert read_asked(connection) == expected
        assert read_asked_about(connection, SOURCES) == expected


def _insert_attachment(connection: sqlite3.Connection, number: int, conversation: int, source: str) -> None:
    sha256, _mark, page = source.partition("#")
    connection.execute(
        "INSERT INTO message (id, conversation_id, role, text, state, created_at)"
        " VALUES (?, ?, 'user', '?', 'complete', '')",
        (number, conversation),
    )
    connection.execute(
        "INSERT INTO attachment (id, message_id, detail, source_path, source_name, source_sha256,"
        " source_bytes, source_modified_ns, source_format, source_width_px, source_height_px,"
        " source_frames, source_has_alpha, source_metadata, source_page)"
        " VALUES (?, ?, 'high', x'2f', '', ?, 1, 1, 'PNG', 1, 1, 1, 0, '[]', ?)",
        (number, number, sha256, int(page or 0)),
    )

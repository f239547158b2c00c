"""Conversations are found by texts, names, tags, read text, date and model; what is deleted is not."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from desktop.core.model import Conversation
from desktop.core.search import FoundPage, Search, Where
from desktop.store import search as searching
from desktop.store.opening import DATABASE
from desktop.store.store import Store
from tests.helpers.history import NOON, answered, ask, beginning, facts, opened, question


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with opened(tmp_path) as made:
        yield made


def indexed(store: Store) -> None:
    """Let the index take in all that has changed."""
    while store.finding.index_some().result():
        pass


def said(store: Store, text: str, answer: str, *images: bytes, conversation: int = 0) -> Conversation:
    begun = ask(store, text, *images, conversation_id=conversation)
    return store.finish(answered(begun, answer), ()).result()


def found(store: Store, text: str, *, index: bool = True, **filters: object) -> FoundPage:
    """What is found with the index, which is the same as without."""
    indexed(store)
    wanted = Search(text=text, **filters)  # type: ignore[arg-type]
    page = store.finding.search(wanted).result()
    plain = store._read(lambda c: searching.search(c, wanted, indexed=False)).result()
    assert replace(page, unindexed=0) == plain
    return page


def titles(page: FoundPage) -> list[str]:
    return [one.summary.title for one in page.found]


def test_questions_answers_titles_names_tags_and_read_texts_are_found(store: Store) -> None:
    first = said(store, "What is the total?", "It is **€37.34**.", b"1")
    said(store, "Count them", "Fourteen boxes")
    store.finding.set_tags(first.id, ["Spring 2026"]).result()
    store.rename(first.id, "Corner Bakery").result()
    store.keep_text(facts("receipt.jpg").sha256, "Sourdough 11.80\nRye 4.90").result()

    assert [one.hits[0].where for one in found(store, "37.34").found] == [Where.TEXT]
    for typed, where in (
        ("total", Where.TEXT),
        ("bakery", Where.ABOUT),
        ("spring", Where.ABOUT),
        ("receipt.jpg", Where.FILE),
        ("sourdough", Where.READ),
    ):
        page = found(store, typed)
        assert titles(page) == ["Corner Bakery"], typed
        assert page.found[0].hits[-1].where is where, typed
    assert titles(found(store, "fourt")) == ["Count them"]
    assert titles(found(store, "fourt ")) == []


def test_words_may_be_in_different_parts_and_all_must_be_there(store: Store) -> None:
    first = said(store, "What is the total?", "It is 37")
    store.rename(first.id, "Corner Bakery").result()
    assert titles(found(store, "bakery total")) == ["Corner Bakery"]
    assert titles(found(store, "bakery missing")) == []
    assert titles(found(store, "total -bakery")) == []
    assert titles(found(store, '"the total"')) == ["Corner Bakery"]
    assert titles(found(store, '"total the"')) == []


def test_chinese_is_found_within_a_sentence(store: Store) -> None:
    said(store, "𬺠 rare", "a character that old tokenizers do not know")
    assert titles(found(store, "𬺠")) == ["𬺠 rare"]
    said(store, "请列出收据中的商品", "收据共有四项商品，合计总额一致。")
    page = found(store, "总额")
    assert titles(page) == ["请列出收据中的商品"]
    shown = page.found[0].hits[0].snippet
    assert [shown.text[a:b] for a, b in shown.spans] == ["总额"]
    assert titles(found(store, "额总")) == []


@pytest.mark.parametrize(
    "hostile",
    [
        '"',
        "* OR",
        "body:x",
        "a NEAR b",
        "(((",
        "^total",
        "-",
        "tag:",
        "{body} : x",
        "'; DROP TABLE message",
        "\0",
    ],
)
def test_a_text_is_never_a_syntax_error(store: Store, hostile: str) -> None:
    said(store, "What is the total?", "It is 37")
    found(store, hostile)
    found(store, f"total {hostile}")


def test_tags_filter_by_their_whole_name_or_its_beginning_while_typing(store: Store) -> None:
    first = said(store, "One", "answer")
    other = said(store, "Two", "answer")
    store.finding.set_tags(first.id, ["alt text", "shop"]).result()
    store.finding.set_tags(other.id, ["shopping"]).result()
    assert titles(found(store, "tag:shop ")) == ["One"]
    assert titles(found(store, "tag:shop")) == ["Two", "One"]
    assert titles(found(store, 'tag:"alt text" answer')) == ["One"]
    assert titles(found(store, "answer -tag:shop ")) == ["Two"]


def test_date_and_model_filter(store: Store) -> None:
    for days, model in ((0, "gpt-5-mini"), (10, "gpt-5-mini"), (20, "gemini")):
        asked = replace(question(f"total {days}"), created_at=NOON + timedelta(days=days), model=model)
        begun = store.begin(beginning(asked, model=model)).result()
        store.finish(answered(begun, "total"), ()).result()
    assert titles(found(store, "total")) == ["total 20", "total 10", "total 0"]
    assert titles(found(store, "total", model="gpt-5-mini")) == ["total 10", "total 0"]
    between = {"since": NOON + timedelta(days=5), "until": NOON + timedelta(days=15)}
    assert titles(found(store, "total", **between)) == ["total 10"]
    assert titles(found(store, "", **between)) == ["total 10"]
    assert titles(found(store, "total", model="gemini", **between)) == []
    assert titles(found(store, "total", since=NOON + timedelta(days=99))) == []
    assert store.finding.models().result() == ("gemini", "gpt-5-mini")


def test_a_branch_that_is_not_at_hand_is_found(store: Store) -> None:
    first = said(store, "What?", "the walrus")
    again = store.begin(beginning(first.messages[0], conversation_id=first.id, parent_id=None)).result()
    store.finish(answered(again, "a carpenter"), ()).result()
    assert [m.text for m in store.conversation(first.id).result().messages][1] == "a carpenter"
    (one,) = found(store, "walrus").found
    assert one.hits[0].message_id == first.messages[1].id


def test_a_running_answer_is_found_when_it_has_ended(store: Store) -> None:
    begun = ask(store, "What?")
    store.checkpoint(begun.messages[-1].id, "half a walrus").result()
    assert titles(found(store, "walrus")) == []
    store.finish(answered(begun, "a whole walrus"), ()).result()
    assert titles(found(store, "walrus")) == ["What?"]


def test_what_another_process_wrote_is_found(tmp_path: Path, store: Store) -> None:
    indexed(store)
    with opened(tmp_path) as other:
        said(other, "Asked in a terminal", "the walrus")
    assert titles(found(store, "walrus")) == ["Asked in a terminal"]


def test_pages_hold_every_conversation_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "PAGE", 3)
    chance = random.Random(3)
    made = [said(store, f"total {number}", "total") for number in range(8)]
    for _ in range(20):
        said(store, "total again", "total", conversation=chance.choice(made).id)
    indexed(store)
    told: list[int] = []
    before = None
    for _ in range(20):
        page = store.finding.search(Search(text="total"), before=before, seen=told).result()
        told += [one.summary.id for one in page.found]
        assert all(1 <= len(one.hits) <= 3 for one in page.found)
        before = page.before
        if before is None:
            break
    assert sorted(told) == [conversation.id for conversation in made]


def test_deleted_ones_are_not_found_archived_ones_are(store: Store) -> None:
    first, second = said(store, "total one", "x"), said(store, "total two", "x")
    store.finding.set_archived([first.id], True).result()
    store.finding.set_deleted([second.id], NOON).result()
    assert titles(found(store, "total")) == ["total one"]
    store.finding.set_deleted([second.id], None).result()
    assert titles(found(store, "total")) == ["total two", "total one"]


def test_a_changed_title_is_found_and_the_old_one_is_not(store: Store) -> None:
    first = said(store, "walrus", "answer")
    store.rename(first.id, "carpenter").result()
    assert titles(found(store, "carpenter")) == ["carpenter"]
    assert found(store, "carpenter").found[0].hits[0].where is Where.ABOUT


def test_an_old_history_is_indexed_in_steps_between_which_answers_are_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("desktop.store.search_index._MOST_AT_ONCE", 5)
    with opened(tmp_path) as store:
        for number in range(20):
            said(store, f"walrus {number}", "answer")
        store._write(lambda c: c.execute("DROP TABLE IF EXISTS search_index")).result()
        steps = 0
        while store.finding.index_some().result():
            steps += 1
            left = store.finding.search(Search(text="walrus")).result().unindexed
            assert left == max(0, 40 - 5 * (steps - 1))
        assert steps > 8
        assert len(found(store, "walrus").found) == 20


def test_a_damaged_index_is_made_anew_and_searching_goes_on(store: Store) -> None:
    said(store, "walrus", "answer")
    indexed(store)
    damage = "DELETE FROM search_index_data WHERE id > 1000"
    store._write(lambda c: c.execute(damage)).result()
    assert titles(store.finding.search(Search(text="walrus")).result()) == ["walrus"]
    assert store.finding.index_some().result()
    assert titles(found(store, "walrus")) == ["walrus"]


def test_a_sqlite_without_full_text_search_finds_the_same(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    said(store, "walrus", "answer")
    monkeypatch.setattr("desktop.store.finding.has_full_text_search", lambda _connection: False)
    assert store.finding.index_some().result() is False
    assert titles(store.finding.search(Search(text="walr")).result()) == ["walrus"]


def test_words_of_what_was_deleted_are_in_no_file(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        for number in range(40):
            said(store, f"kept {number} zebrafish", "answer " * 50)
            indexed(store)
        gone = said(store, "canarywordone is secret", "canarywordtwo", b"1")
        store.finding.set_tags(gone.id, ["canarywordthree"]).result()
        store.keep_text(facts("receipt.jpg").sha256, "canarywordfour").result()
        indexed(store)
        assert titles(found(store, "canarywordfour")) == [gone.title]
        store.finding.set_deleted([gone.id], NOON).result()
        purged = store.finding.purge(with_texts=True).result()
        assert purged.conversation_ids == (gone.id,)
        indexed(store)
        assert len(found(store, "zebrafish").found) == searching.PAGE
        # While it is open: the log beside the file counts, too.
        for path in (path for path in tmp_path.rglob("*") if path.is_file()):
            assert b"canaryword" not in path.read_bytes(), path.name
    with closing(sqlite3.connect(tmp_path / DATABASE)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)

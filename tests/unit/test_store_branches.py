"""Versions of questions and answers, comparisons, and images that go once or stand aside."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.core.ledger import RequestImage
from desktop.core.model import AnswerState, Conversation
from desktop.core.options import Effort, Options
from desktop.core.problems import Code, ProblemError
from desktop.store.migrations import MIGRATIONS
from desktop.store.opening import DATABASE
from desktop.store.store import Store
from desktop.store.upgrades import version_of
from tests.helpers.history import answered, ask, attachment, beginning, opened, question, sent_image

DUMP = Path(__file__).parents[1] / "data" / "history_v3.sql"


def finished(store: Store, begun: Conversation, text: str) -> Conversation:
    return store.finish(answered(begun, text), ()).result()


def again(store: Store, conversation: Conversation, text: str) -> Conversation:
    """Another answer to the last question."""
    begun = store.begin(
        beginning(conversation.messages[-2], conversation_id=conversation.id, parent_id=None)
    ).result()
    return finished(store, begun, text)


def edited(store: Store, conversation: Conversation, text: str, at: int = -2) -> Conversation:
    """Another version of a question, and its answer."""
    before = conversation.messages[:at]
    begun = store.begin(
        beginning(
            question(text), conversation_id=conversation.id, parent_id=before[-1].id if before else None
        )
    ).result()
    return finished(store, begun, f"answer to {text}")


def texts(conversation: Conversation) -> list[str]:
    return [message.text for message in conversation.messages]


def test_a_second_answer_is_a_version_and_the_first_stays_reachable(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        first = finished(store, ask(store, "What?", b"1"), "one")
        second = again(store, first, "two")
        assert texts(second) == ["What?", "two"]
        ids = (first.messages[-1].id, second.messages[-1].id)
        assert second.versions == (ids,)
        assert second.versions_of(ids[0]) == ids
        assert store.conversation(first.id).result() == second
        back = store.show_version(first.id, ids[0]).result()
        assert texts(back) == ["What?", "one"]
    with opened(tmp_path) as store:
        assert texts(store.conversation(first.id).result()) == ["What?", "one"]


def test_an_edited_question_starts_a_branch_with_its_own_follow_ups(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        first = finished(store, ask(store, "What?", b"1"), "one")
        long = finished(store, ask(store, "And?", conversation_id=first.id), "more")
        branch = edited(store, long, "How?", at=0)
        assert texts(branch) == ["How?", "answer to How?"]
        assert branch.attachments() == ()
        back = store.show_version(first.id, long.messages[0].id).result()
        # As far as it went last.
        assert texts(back) == ["What?", "one", "And?", "more"]
        assert len(back.attachments()) == 1


def test_versions_are_told_of_the_branch_at_hand_only(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        first = finished(store, ask(store, "What?"), "one")
        asked = finished(store, ask(store, "And?", conversation_id=first.id), "more")
        edited(store, asked, "Or?")
        elsewhere = edited(store, asked, "How?", at=0)
        assert [len(ids) for ids in elsewhere.versions] == [2]
        back = store.show_version(first.id, first.messages[0].id).result()
        assert [len(ids) for ids in back.versions] == [2, 2]


def test_an_unknown_version_is_gone(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        first = finished(store, ask(store, "What?"), "one")
        other = finished(store, ask(store, "Other?"), "two")
        with pytest.raises(ProblemError) as raised:
            store.show_version(first.id, other.messages[0].id).result()
    assert raised.value.problem.code is Code.CONVERSATION_GONE


def test_a_continued_answer_begins_with_what_there_was(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        cut = store.finish(
            answered(ask(store, "What?"), "one, tw", state=AnswerState.INCOMPLETE), ()
        ).result()
        begun = store.begin(
            beginning(cut.messages[-2], conversation_id=cut.id, text=cut.messages[-1].text)
        ).result()
        assert texts(begun) == ["What?", "one, tw"]
        assert begun.messages[-1].state is AnswerState.RUNNING
        whole = finished(store, begun, "one, two")
        assert whole.versions == ((cut.messages[-1].id, whole.messages[-1].id),)


def test_an_answer_that_ends_elsewhere_does_not_move_the_branch_at_hand(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        first = finished(store, ask(store, "What?"), "one")
        begun = store.begin(beginning(first.messages[-2], conversation_id=first.id, parent_id=None)).result()
        store.show_version(first.id, first.messages[-1].id).result()
        ended = finished(store, begun, "two")
        assert texts(ended) == ["What?", "two"]
        assert texts(store.conversation(first.id).result()) == ["What?", "one"]


def test_the_sides_of_a_comparison_are_told_together(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        asked = replace(question("What?"), comparison=0)
        left = store.begin(beginning(asked)).result()
        number = left.messages[0].comparison
        assert number == left.messages[0].id
        right = store.begin(
            beginning(
                replace(asked, comparison=number), conversation_id=left.id, model="gpt-4.1", shown=False
            )
        ).result()
        finished(store, right, "right")
        finished(store, left, "left")
        shown = store.conversation(left.id).result()
        assert texts(shown) == ["What?", "left"]
        ((one, two),) = shown.comparisons
        assert (one.answer.text, two.answer.text) == ("left", "right")
        assert (one.answer.model, two.answer.model) == ("gpt-5-mini", "gpt-4.1")
        follow = finished(store, ask(store, "And?", conversation_id=left.id), "more")
        assert [side.answer.text for side in follow.comparisons[0]] == ["left", "right"]


def test_an_image_that_goes_once_is_left_out_when_it_was_answered(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.put_image(b"1", sent_image(b"1")).result()
        asked = question("What?", attachment(b"1", once=True))
        begun = store.begin(beginning(asked)).result()
        assert len(begun.carried()) == 1
        done = finished(store, begun, "one")
        assert done.carried() == ()
        # It still belongs to its question when that is asked again.
        once_more = store.begin(beginning(done.messages[0], conversation_id=done.id)).result()
        assert len(once_more.carried()) == 1


def test_an_image_that_goes_once_stays_when_its_question_failed(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.put_image(b"1", sent_image(b"1")).result()
        begun = store.begin(beginning(question("What?", attachment(b"1", once=True)))).result()
        failed = store.finish(answered(begun, "", state=AnswerState.FAILED), ()).result()
        assert len(failed.carried()) == 1


def test_a_text_stands_in_for_an_image_until_it_is_taken_back(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        done = finished(store, ask(store, "What?", b"1"), "one")
        (image,) = done.attachments()
        store.set_stand_in(image.id, "Total: 23.10").result()
        read = store.conversation(done.id).result()
        assert (read.carried(), read.attachments()[0].stand_in) == ((), "Total: 23.10")
        store.set_stand_in(image.id, "").result()
        assert len(store.conversation(done.id).result().carried()) == 1


def test_a_carried_image_may_go_once_more_only(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        done = finished(store, ask(store, "What?", b"1"), "one")
        store.set_once([done.attachments()[0].id], True).result()
        follow = ask(store, "And?", conversation_id=done.id)
        assert len(follow.carried()) == 1
        assert finished(store, follow, "two").carried() == ()


def test_options_are_kept_with_the_conversation_and_with_each_question(tmp_path: Path) -> None:
    options = Options(instructions="Be brief.", temperature=0.2, effort=Effort.LOW, max_tokens=900)
    with opened(tmp_path) as store:
        first = finished(store, store.begin(beginning(question(), options=options)).result(), "one")
        assert (first.options, first.messages[0].options) == (options, options)
        store.set_options(first.id, Options()).result()
        read = store.conversation(first.id).result()
        assert (read.options, read.messages[0].options) == (Options(), options)


def test_a_thousand_turns_are_read_in_order(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        first = finished(store, ask(store, "0"), "one")

        def fill(connection: sqlite3.Connection) -> None:
            last = first.messages[-1].id
            for number in range(2000):
                role = "assistant" if number % 2 else "user"
                last = connection.execute(
                    "INSERT INTO message (conversation_id, parent_id, role, text, state, created_at)"
                    " VALUES (?, ?, ?, ?, 'complete', '2026-10-03T12:00:00+00:00')",
                    (first.id, last, role, str(number)),
                ).lastrowid
            connection.execute("UPDATE conversation SET leaf_id = ?", (last,))

        store._write(fill).result()
        read = store.conversation(first.id).result()
        assert texts(read)[2:] == [str(number) for number in range(2000)]
        store.delete(first.id).result()
        assert store.summaries().result() == ()


def test_a_file_of_version_3_becomes_one_branch(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / DATABASE)) as connection:
        connection.executescript(DUMP.read_text(encoding="utf-8"))
    with opened(tmp_path) as store:
        assert store._read(version_of).result() == len(MIGRATIONS)
        read, totals = (store.conversation(s.id).result() for s in store.summaries().result())
        assert texts(totals) == ["What is the total?", "**$23.10**", "And the tip?", "No tip."]
        assert len(read.messages) == 4
        assert (totals.versions, totals.comparisons, totals.options) == ((), (), Options())
        assert [i.path.name for i in store.gallery().result()] == ["lake.jpg", "chart.png"]
        follow = ask(store, "And then?", conversation_id=totals.id)
        assert texts(follow)[-2:] == ["And then?", ""]
        assert store.show_version(totals.id, totals.messages[0].id).result().messages[-1].id == (
            follow.messages[-1].id
        )


def test_an_earlier_version_showed_the_image_price_of_the_later_answer(tmp_path: Path) -> None:
    def billed(begun: Conversation, cost: str) -> Conversation:
        image = begun.messages[-2].attachments[0]
        share = RequestImage(
            attachment_id=image.id,
            detail="high",
            carried=False,
            tokens=765,
            cost_usd=Decimal(cost),
            sent_bytes=1,
            source_bytes=1,
        )
        kept = replace(image, cost_usd=Decimal(cost))
        return store.finish(answered(begun, cost), (kept,), (share,)).result()

    with opened(tmp_path) as store:
        first = billed(ask(store, "What?", b"1"), "0.001")
        begun = store.begin(beginning(first.messages[0], conversation_id=first.id, parent_id=None)).result()
        second = billed(begun, "0.007")
        assert second.attachments()[0].cost_usd == Decimal("0.007")
        back = store.show_version(first.id, first.messages[-1].id).result()
        assert back.attachments()[0].cost_usd == Decimal("0.001")
        on = store.show_version(first.id, second.messages[-1].id).result()
        assert on.attachments()[0].cost_usd == Decimal("0.007")

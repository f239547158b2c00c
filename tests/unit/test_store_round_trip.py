"""What goes into the history comes out of it, to the last digit and byte."""

import os
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desktop.core.edits import Area, Arrow, Callout, Edits
from desktop.core.model import (
    AnswerState,
    Attachment,
    Detail,
    Draft,
    DraftImage,
    ImageFacts,
    Message,
    Position,
    Role,
    Usage,
)
from desktop.core.problems import Code, ProblemError, problem
from desktop.store import rows
from tests.helpers.history import NOON, answered, ask, attachment, begin, opened, question, sent_image


def test_a_question_and_its_empty_answer_are_stored_together(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        stored = ask(store, "What is the total?", b"receipt")
        asked, answer = stored.messages

        assert stored.id > 0
        assert (asked.role, asked.text, asked.state) == (
            Role.USER,
            "What is the total?",
            AnswerState.COMPLETE,
        )
        assert (answer.role, answer.text, answer.state) == (Role.ASSISTANT, "", AnswerState.RUNNING)
        assert (answer.model, answer.provider) == ("gpt-5-mini", "openai")
        assert answer.estimate_usd == Decimal("0.0034")
        assert store.conversation(stored.id).result() == stored


def test_everything_about_an_attachment_survives_closing(tmp_path: Path) -> None:
    image = ImageFacts(
        path=Path(os.fsdecode(b"/caf\xe9/\xf0\x9f\xa7\xbe.heic")),
        name="caf\\xe9 🧾",
        sha256="ab" * 32,
        file_bytes=9_800_000,
        modified_ns=1_790_000_000_123_456_789,
        format="HEIF",
        width_px=4032,
        height_px=3024,
        frames=3,
        has_alpha=True,
        camera="Nikon Z 8",
        taken_at="2026:10:03 09:41:00",
        page=2,
        lens="NIKKOR Z 24-120mm f/4 S",
        position=Position(48.858222, -2.2945),
        metadata=("exif", "gps"),
    )
    edits = Edits(
        crop=Area(10, 20, 3000, 2000),
        quarter_turns=3,
        marks=(Arrow((1.5, 2.0), (30.0, 40.25)), Callout((5.0, 6.0), "the leak")),
        blackouts=(Area(0, 0, 9, 9),),
        longest_px=800,
    )
    full = Attachment(
        image=image,
        detail=Detail.ORIGINAL,
        sent=sent_image(b"bytes", "image/jpeg"),
        tokens=1105,
        cost_usd=Decimal("0.00012345678901234567890"),
        left_out=True,
        edits=edits,
        note="numbered circles: 1 = the leak",
        url="https://leaks.example/1.jpg",
    )
    with opened(tmp_path) as store:
        store.put_image(b"bytes", sent_image(b"bytes", "image/jpeg")).result()
        conversation_id = begin(store, question("?", full)).id
    with opened(tmp_path) as store:
        (stored,) = store.conversation(conversation_id).result().attachments()

    assert stored.id > 0
    assert stored == Attachment(
        id=stored.id,
        # Where a photo was taken stays in the photo.
        image=replace(image, position=None),
        detail=full.detail,
        sent=full.sent,
        tokens=full.tokens,
        cost_usd=full.cost_usd,
        left_out=True,
        edits=edits,
        note=full.note,
        url=full.url,
    )


def test_a_finished_answer_keeps_its_bill(tmp_path: Path) -> None:
    usage = Usage(
        prompt_tokens=1000,
        completion_tokens=200,
        cached_tokens=300,
        cache_write_tokens=40,
        image_tokens=765,
        reasoning_tokens=128,
        charged_usd=Decimal("0.00310"),
        reported=False,
    )
    with opened(tmp_path) as store:
        running = ask(store, "?", b"one", b"two")
        final = answered(
            running,
            "half",
            state=AnswerState.INCOMPLETE,
            usage=usage,
            cost_usd=Decimal("0.1") + Decimal("0.2"),
            problem=problem(Code.LENGTH_LIMIT, limit=200, name="gpt"),
            shareable_text="without the position",
        )
        shares = tuple(
            Attachment(id=a.id, image=a.image, detail=a.detail, sent=a.sent, tokens=n, cost_usd=Decimal(n))
            for n, a in enumerate(running.attachments(), 1)
        )
        stored = store.finish(final, shares).result()
        assert stored.messages[-1] == final
        assert stored.attachments() == shares
        assert store.conversation(running.id).result() == stored


def test_finish_may_set_an_image_aside(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        running = ask(store, "?", b"one")
        (image,) = running.attachments()
        refused = answered(running, "", state=AnswerState.FAILED, problem=problem(Code.IMAGE_REFUSED))
        store.finish(refused, (attachment(b"one", id=image.id, left_out=True),)).result()
        assert store.conversation(running.id).result().carried() == ()


def test_left_out_images_stay_in_the_conversation_and_can_come_back(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        running = ask(store, "?", b"one", b"two")
        first, second = running.attachments()
        store.set_left_out((first.id,), left_out=True).result()
        assert [a.id for a in store.conversation(running.id).result().carried()] == [second.id]
        store.set_left_out([first.id], False).result()
        assert len(store.conversation(running.id).result().carried()) == 2


def test_a_checkpoint_shows_what_has_come(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        running = ask(store, "?")
        store.checkpoint(running.messages[-1].id, "The total").result()
        answer = store.conversation(running.id).result().messages[-1]
        assert (answer.text, answer.state) == ("The total", AnswerState.RUNNING)


def test_a_late_checkpoint_does_not_undo_the_end(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        running = ask(store, "?")
        final = answered(running)
        store.finish(final, ()).result()
        store.checkpoint(final.id, "The tot").result()
        assert store.conversation(running.id).result().messages[-1] == final


def test_only_an_answer_that_has_ended_can_be_finished(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        running = ask(store, "?")
        with pytest.raises(ValueError, match="running"):
            store.finish(running.messages[-1], ()).result()


def test_conversations_are_ordered_by_their_last_message_and_not_by_the_clock(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        first = begin(store, question("first"))
        second = begin(store, question("second"))
        # The clock was set back a year before the follow-up.
        late = Message(role=Role.USER, text="follow-up", created_at=NOON - timedelta(days=365))
        begin(store, late, conversation_id=first.id)
        assert [s.id for s in store.summaries().result()] == [first.id, second.id]
        assert [m.text for m in store.conversation(first.id).result().messages] == [
            "first",
            "",
            "follow-up",
            "",
        ]


def test_a_summary_tells_what_the_history_shows(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        for data in (b"one", b"two"):
            store.put_image(data, sent_image(data)).result()
        images = attachment(b"one", "one.jpg"), attachment(b"two", "two.jpg")
        running = begin(store, question("What is the total?", *images))
        (summary,) = store.summaries().result()
        assert summary.running
        assert summary.cost_usd is None

        store.finish(answered(running, cost_usd=Decimal("0.1")), ()).result()
        # Asked in other words with the same images: no new ones.
        again = begin(store, question("And the tax?", *images), conversation_id=running.id)
        store.finish(answered(again, cost_usd=Decimal("0.2")), ()).result()
        (summary,) = store.summaries().result()
        assert not summary.running
        assert summary.title == "What is the total?"
        assert summary.updated_at == NOON
        assert summary.image_count == 2
        assert summary.cost_usd == Decimal("0.3")
        assert summary.thumbnail == sent_image(b"one")
        assert not summary.on_device


def test_a_conversation_with_the_reader_only_is_on_device(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        read = begin(store, question(), provider="on-device")
        store.finish(answered(read, cost_usd=Decimal(0)), ()).result()
        (summary,) = store.summaries().result()
        assert summary.on_device
        assert summary.cost_usd == 0
        assert summary.thumbnail is None


def test_renamed_conversations_keep_their_name(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        running = ask(store, "?")
        store.rename(running.id, "Receipts of \udcff October").result()
        assert store.summaries().result()[0].title == "Receipts of ? October"


def test_a_conversation_that_is_gone_is_said_to_be_gone(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        running = ask(store, "?")
        store.delete(running.id).result()
        for future in (
            store.conversation(running.id),
            store.rename(running.id, "x"),
            store.checkpoint(running.messages[-1].id, "x"),
            store.finish(answered(running), ()),
        ):
            with pytest.raises(ProblemError) as caught:
                future.result()
            assert caught.value.problem.code is Code.CONVERSATION_GONE
        with pytest.raises(ProblemError):
            begin(store, question(), conversation_id=running.id)
        assert store.summaries().result() == ()


def test_identifiers_are_never_used_again(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        first = ask(store, "?", b"one")
        store.delete(first.id).result()
    with opened(tmp_path) as store:
        second = ask(store, "?", b"one")
        assert second.id > first.id
        assert second.messages[0].id > first.messages[-1].id
        assert second.attachments()[0].id > first.attachments()[0].id


def test_drafts_belong_to_their_conversation(tmp_path: Path) -> None:
    new = Draft(text="What is", detail=Detail.LOW, model="gpt-5")
    follow_up = Draft(
        text="And",
        images=(
            DraftImage(path=Path(os.fsdecode(b"/b\xff.png")), sha256="1" * 64, detail=Detail.HIGH),
            DraftImage(
                path=Path("/a.pdf"), sha256="0" * 64, page=3, edits=Edits(blackouts=(Area(1, 2, 3, 4),))
            ),
        ),
    )
    with opened(tmp_path) as store:
        running = ask(store, "?")
        store.save_draft(0, new).result()
        store.save_draft(running.id, Draft(text="older")).result()
        store.save_draft(running.id, follow_up).result()
    with opened(tmp_path) as store:
        assert store.draft(0).result() == new
        assert store.draft(running.id).result() == follow_up
        assert store.conversation(running.id).result().draft == follow_up
        assert store.draft(999).result() == Draft()


def test_asking_clears_the_draft_it_came_from_and_no_other(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        store.save_draft(0, Draft(text="new")).result()
        first = ask(store, "?")
        assert store.draft(0).result() == Draft()
        store.save_draft(0, Draft(text="next")).result()
        store.save_draft(first.id, Draft(text="follow-up")).result()
        begin(store, question(), conversation_id=first.id)
        assert store.draft(first.id).result() == Draft()
        assert store.draft(0).result() == Draft(text="next")


def test_the_draft_of_a_deleted_conversation_does_not_come_back(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        running = ask(store, "?")
        store.delete(running.id).result()
        store.save_draft(running.id, Draft(text="late")).result()
        assert store.draft(running.id).result() == Draft()


def test_small_state_is_remembered(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        assert store.recall("open").result() is None
        store.remember("open", "1").result()
        store.remember("open", "2").result()
    with opened(tmp_path) as store:
        assert store.recall("open").result() == "2"


def test_half_a_surrogate_from_a_server_does_not_lose_the_answer(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        running = ask(store, "?")
        store.checkpoint(running.messages[-1].id, "half \ud83e").result()
        stored = store.finish(answered(running, "half \ud83e and \x00 more"), ()).result()
        assert stored.messages[-1].text == "half ? and \x00 more"


def test_money_is_spent_even_when_its_conversation_is_deleted(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        running = ask(store, "?", b"one")
        store.finish(answered(running), ()).result()
        store.delete(running.id).result()
        spent = store._read(lambda c: [dict(row) for row in c.execute("SELECT * FROM usage")]).result()
    assert len(spent) == 1
    assert spent[0]["message_id"] is None
    assert (spent[0]["provider"], spent[0]["model"], spent[0]["detail"]) == ("openai", "gpt-5-mini", "high")
    assert (spent[0]["prompt_tokens"], spent[0]["cost_usd"]) == (800, "0.0031")
    assert (spent[0]["images"], spent[0]["sent_bytes"]) == (1, 3)


texts = st.text(max_size=50)


@settings(max_examples=200)
@given(value=st.decimals(allow_nan=False, allow_infinity=False))
def test_money_survives_exactly(value: Decimal) -> None:
    back = rows.decimal_value(rows.decimal_text(value))
    assert back is not None
    assert back.as_tuple() == value.as_tuple()


@given(moment=st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=8))])))
def test_moments_survive_in_utc(moment: datetime) -> None:
    try:
        expected = moment.astimezone(UTC)
    except OverflowError:
        return
    back = rows.time_value(rows.time_text(moment))
    assert back == expected
    assert back.tzinfo is UTC


@given(name=st.binary(min_size=1, max_size=100).filter(lambda name: b"\0" not in name))
def test_any_file_name_survives(name: bytes) -> None:
    path = Path(os.fsdecode(b"/" + name))
    assert rows.path_value(rows.path_bytes(path)) == path


@given(parameters=st.dictionaries(texts, texts | st.integers()), code=st.sampled_from(Code))
def test_problems_survive(parameters: dict[str, str | int], code: Code) -> None:
    trouble = problem(code, **parameters)
    assert rows.problem_value(*rows.problem_columns(trouble)) == trouble


def test_a_problem_of_a_later_version_is_still_a_problem() -> None:
    assert rows.problem_value("from_the_future", "{}") == problem(Code.UNEXPECTED)


@pytest.mark.parametrize("text", ["nothing", "NaN", "Infinity", ""])
def test_what_is_no_amount_of_money_is_unknown(text: str) -> None:
    assert rows.decimal_value(text) is None


def test_edits_that_cannot_be_read_hide_everything(tmp_path: Path) -> None:
    """A damaged row must not bring a picture back with less blacked out than was meant."""
    hidden = Edits(blackouts=(Area(1, 2, 30, 40),))
    with opened(tmp_path) as store:
        store.put_image(b"one", sent_image(b"one")).result()
        asked = begin(store, question("?", attachment(b"one", edits=hidden)))
        images = (DraftImage(path=Path("/a.png"), sha256="0" * 64, edits=hidden),)
        store.save_draft(asked.id, Draft(text="half", images=images)).result()
        for table in ("attachment", "draft_image"):
            damage = f"UPDATE {table} SET edits = substr(edits, 1, 20)"
            store._write(lambda c, damage=damage: c.execute(damage).fetchall()).result()
        stored = store.conversation(asked.id).result()
    (found,) = stored.attachments()
    assert found.edits == Edits(blackouts=(Area(0, 0, found.image.width_px, found.image.height_px),))
    assert stored.draft == Draft(text="half", lost_images=1)

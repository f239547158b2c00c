"""What was exported comes in again whole, once, and is paid once."""

import json
import os
import zipfile
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from desktop.asking import importing
from desktop.asking.importing import import_conversations
from desktop.core.model import AnswerState, Role
from desktop.core.problems import Code, ProblemError, problem
from desktop.store.store import Store
from tests.helpers.archives import NOON, asked, everything, export, follow, image_of, picture, put, rich
from tests.helpers.history import answered, beginning, opened, question


def contents(path: Path) -> dict[str, Any]:
    """Every entry; the moment of the export apart."""
    with zipfile.ZipFile(path) as archive:
        found: dict[str, Any] = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(found["manifest.json"])
    del manifest["exported_at"]
    return {**found, "manifest.json": manifest}


def spent(store: Store) -> Decimal:
    return store.spent_in(NOON.date()).result()


def test_a_rich_conversation_comes_in_whole_and_goes_out_the_same(tmp_path: Path) -> None:
    with opened(tmp_path / "a") as store:
        number = rich(store)
        there = everything(store)
        whole = store.conversation(number).result()
        assert export(store, tmp_path / "all.sightline").missing_images == 0
    with opened(tmp_path / "b") as store:
        outcome = import_conversations(tmp_path / "all.sightline", store)
        assert (len(outcome.imported), outcome.present, outcome.stopped) == (1, 0, None)
        assert everything(store) == there
        read = store.conversation(outcome.imported[0].conversation_id).result()
        assert [m.text for m in read.messages] == [m.text for m in whole.messages]
        assert [len(v) for v in read.versions] == [len(v) for v in whole.versions]
        assert [side.answer.text for side in read.comparisons[0]] == ["left", "right"]
        assert (read.options, read.title) == (whole.options, whole.title)
        images = read.attachments()
        assert [store.image_bytes(a.sent).result() for a in images if a.sent] == [
            picture("red"),
            picture("blue", kind="JPEG"),
        ]
        assert not any(a.image.path.exists() for a in images)
        assert [a.image.path.name for a in images] == ["receipt 1.jpg", "chart.png"]
        export(store, tmp_path / "again.sightline")
    assert contents(tmp_path / "again.sightline") == contents(tmp_path / "all.sightline")


def test_a_conversation_that_was_imported_goes_on(tmp_path: Path) -> None:
    with opened(tmp_path / "a") as store:
        asked(store, "What?", picture("red"))
        export(store, tmp_path / "all.sightline")
    with opened(tmp_path / "b") as store:
        (found,) = import_conversations(tmp_path / "all.sightline", store).imported
        done = follow(store, store.conversation(found.conversation_id).result(), "And?")
        assert [m.text for m in done.messages] == ["What?", "This.", "And?", "More."]
        assert len(done.carried()) == 1
        store.delete(done.id).result()
        assert not list((tmp_path / "b" / "images").rglob("*.png"))


def test_the_same_file_twice_is_one_conversation_and_one_bill(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        asked(store, "What?", picture("red"))
        asked(store, "Which?")
        before = everything(store)
        export(store, tmp_path / "all.sightline")
        for _again in range(2):
            outcome = import_conversations(tmp_path / "all.sightline", store)
            assert (outcome.imported, outcome.present) == ((), 2)
        assert everything(store) == before
        assert spent(store) == Decimal("0.0062")


def test_what_another_history_paid_counts_in_no_month_of_this_one(tmp_path: Path) -> None:
    with opened(tmp_path / "a") as store:
        asked(store, "What?", picture("red"))
        export(store, tmp_path / "all.sightline")
        assert spent(store) == Decimal("0.0031")
    with opened(tmp_path / "b") as store:
        (found,) = import_conversations(tmp_path / "all.sightline", store).imported
        assert spent(store) == 0
        spending = store.spending(NOON.date(), NOON.date()).result()
        assert (spending.requests, spending.total_usd, spending.image_rows) == (0, Decimal(0), ())
        # What the conversation did cost is still told.
        assert store.conversation(found.conversation_id).result().messages[-1].cost_usd == Decimal("0.0031")
        assert store.learned("openai", "gpt-5-mini").result().answer_tokens is None
        # On its way back it is a bill of the first history again.
        export(store, tmp_path / "back.sightline")
    with opened(tmp_path / "a") as store:
        assert import_conversations(tmp_path / "back.sightline", store).present == 1
        assert spent(store) == Decimal("0.0031")


def test_a_deleted_conversation_that_comes_back_is_not_paid_again(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        done = asked(store, "What?", picture("red"))
        export(store, tmp_path / "all.sightline")
        store.delete(done.id).result()
        assert spent(store) == Decimal("0.0031")
        import_conversations(tmp_path / "all.sightline", store)
        assert spent(store) == Decimal("0.0031")
        rows = store.spending(NOON.date(), NOON.date()).result()
        assert (rows.requests, [i.name for i in rows.image_rows]) == (1, ["receipt.jpg"])


def test_a_conversation_that_was_deleted_and_is_not_gone_yet_comes_back(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        asked(store, "What?")
        export(store, tmp_path / "all.sightline")
        there = everything(store)
        store._write(lambda c: c.execute("UPDATE conversation SET deleted_at = '2026-10-03'")).result()
        assert everything(store) == []
        (found,) = import_conversations(tmp_path / "all.sightline", store).imported
        assert (found.is_new, found.messages) == (True, 0)
        assert everything(store) == there
        assert spent(store) == Decimal("0.0031")


def test_what_was_paid_here_counts_here_again_when_its_row_is_lost(tmp_path: Path) -> None:
    with opened(tmp_path) as store:
        done = asked(store, "What?")
        export(store, tmp_path / "all.sightline")
        store.delete(done.id).result()
        store._write(lambda c: c.execute("DELETE FROM usage")).result()
        import_conversations(tmp_path / "all.sightline", store)
        assert spent(store) == Decimal("0.0031")


def test_a_conversation_that_went_on_elsewhere_gets_what_it_lacks(tmp_path: Path) -> None:
    with opened(tmp_path / "a") as store:
        done = asked(store, "What?", picture("red"))
        export(store, tmp_path / "early.sightline")
        done = follow(store, done, "And there?")
        export(store, tmp_path / "late.sightline")
    with opened(tmp_path / "b") as store:
        (found,) = import_conversations(tmp_path / "early.sightline", store).imported
        here = follow(store, store.conversation(found.conversation_id).result(), "And here?")
        (grown,) = import_conversations(tmp_path / "late.sightline", store).imported
        assert (grown.conversation_id, grown.is_new, grown.messages) == (here.id, False, 2)
        read = store.conversation(here.id).result()
        assert [m.text for m in read.messages] == ["What?", "This.", "And here?", "More."]
        (versions,) = read.versions
        there = store.show_version(here.id, versions[-1]).result()
        assert [m.text for m in there.messages] == ["What?", "This.", "And there?", "More."]
        assert import_conversations(tmp_path / "late.sightline", store).present == 1
        assert spent(store) == Decimal("0.0031")


def test_an_answer_that_is_being_written_leaves_as_interrupted(tmp_path: Path) -> None:
    with opened(tmp_path / "a") as store:
        begun = store.begin(beginning(question("What?"))).result()
        store.checkpoint(begun.messages[-1].id, "half of").result()
        export(store, tmp_path / "all.sightline")
    with opened(tmp_path / "b") as store:
        (found,) = import_conversations(tmp_path / "all.sightline", store).imported
        answer = store.conversation(found.conversation_id).result().messages[-1]
        assert (answer.text, answer.state) == ("half of", AnswerState.INTERRUPTED)


def test_paths_come_along_where_they_were_asked_for(tmp_path: Path) -> None:
    odd = os.fsdecode(b"/caf\xe9/\xf0\x9f\xa7\xbe.png")
    with opened(tmp_path / "a") as store:
        data = picture("red")
        put(store, data)
        image = image_of(data)
        image = replace(image, image=replace(image.image, path=Path(odd), name="caf\\xe9"))
        begun = store.begin(beginning(question("What?", image))).result()
        store.finish(answered(begun), ()).result()
        export(store, tmp_path / "all.sightline", full_paths=True)
    with opened(tmp_path / "b") as store:
        (found,) = import_conversations(tmp_path / "all.sightline", store).imported
        (read,) = store.conversation(found.conversation_id).result().attachments()
        assert read.image.path == Path(odd)


def test_an_image_that_was_lost_before_is_lost_and_said(tmp_path: Path) -> None:
    with opened(tmp_path / "a") as store:
        done = asked(store, "What?", picture("red"), picture("blue"))
        sent = done.attachments()[0].sent
        assert sent is not None
        store.image_path(sent).unlink()
        assert export(store, tmp_path / "all.sightline").missing_images == 1
    with opened(tmp_path / "b") as store:
        outcome = import_conversations(tmp_path / "all.sightline", store)
        assert outcome.missing_images == 1
        read = store.conversation(outcome.imported[0].conversation_id).result()
        assert len(read.attachments()) == 2


def test_on_a_full_disk_no_conversation_is_half_here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(tmp_path / "a") as store:
        asked(store, "First?", picture("red"))
        asked(store, "Second? " + "x" * 400_000, picture("blue"))
        export(store, tmp_path / "all.sightline")
    with opened(tmp_path / "b") as store:
        store._write(
            lambda c: c.execute(
                f"PRAGMA max_page_count = {c.execute('PRAGMA page_count').fetchone()[0] + 40}"
            ).fetchone()
        ).result()
        outcome = import_conversations(tmp_path / "all.sightline", store)
        assert outcome.stopped == problem(Code.DISK_FULL, folder=str(tmp_path / "b"))
        assert [c.title for c in everything(store)] == ["First?"]
        assert len(list((tmp_path / "b" / "images").rglob("*.png"))) == 1
        store._write(lambda c: c.execute("PRAGMA max_page_count = 100000").fetchone()).result()
        again = import_conversations(tmp_path / "all.sightline", store)
        assert (len(again.imported), again.present) == (1, 1)


def test_an_image_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with opened(tmp_path / "a") as store:
        asked(store, "What?", picture("red"), picture("blue"))
        export(store, tmp_path / "all.sightline")
    real = Store.put_image
    seen: list[bytes] = []

    def put_image(store: Store, data: bytes, sent: Any) -> Any:
        seen.append(data)
        if len(seen) == 2:
            raise ProblemError(problem(Code.DISK_FULL, folder="x"))
        return real(store, data, sent)

    monkeypatch.setattr(Store, "put_image", put_image)
    with opened(tmp_path / "b") as store:
        with pytest.raises(ProblemError):
            import_conversations(tmp_path / "all.sightline", store)
        assert everything(store) == []
        assert not list((tmp_path / "b" / "images").rglob("*.png"))
        held = store._read(lambda c: c.execute("SELECT count(*) FROM held_image").fetchone()[0])
        assert held.result() == 0


def test_stopping_leaves_whole_conversations(tmp_path: Path) -> None:
    with opened(tmp_path / "a") as store:
        for text in ("One?", "Two?", "Three?"):
            asked(store, text)
        export(store, tmp_path / "all.sightline")

    def step(done: int, of: int) -> None:
        if done == of - 1:
            raise ProblemError(problem(Code.STOPPED))

    with opened(tmp_path / "b") as store:
        outcome = import_conversations(tmp_path / "all.sightline", store, step)
        assert outcome.stopped == problem(Code.STOPPED)
        assert [c.title for c in everything(store)] == ["One?", "Two?"]


def test_the_folder_that_paths_are_said_to_lie_in_is_never_made(tmp_path: Path) -> None:
    with opened(tmp_path / "a") as store:
        asked(store, "What?", picture("red"))
        export(store, tmp_path / "all.sightline")
        import_conversations(tmp_path / "all.sightline", store)
        assert not (tmp_path / "a" / importing.ELSEWHERE).exists()


def test_an_answer_of_one_letter_is_no_bomb(tmp_path: Path) -> None:
    with opened(tmp_path / "a") as store:
        for _number in range(3):
            asked(store, "What?", answer="a" * 30_000_000)
        there = everything(store)
        export(store, tmp_path / "all.sightline")
    with opened(tmp_path / "b") as store:
        import_conversations(tmp_path / "all.sightline", store)
        assert everything(store) == there


TEXTS = st.text(st.characters(codec="utf-8"), max_size=40)
MONEY = st.none() | st.decimals(0, 9, places=9, allow_nan=False)


@st.composite
def turns(draw: st.DrawFn) -> list[tuple[int, str, str, AnswerState, Decimal | None]]:
    """Where each question is asked (after which answer, 0 for none), and what is said."""
    final = st.sampled_from([s for s in AnswerState if s is not AnswerState.RUNNING])
    count = draw(st.integers(1, 6))
    return [
        (draw(st.integers(0, at)), draw(TEXTS), draw(TEXTS), draw(final), draw(MONEY)) for at in range(count)
    ]


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(made=st.lists(turns(), min_size=1, max_size=3))
def test_any_history_is_the_same_after_the_way_there_and_back(
    tmp_path_factory: pytest.TempPathFactory, made: list[Any]
) -> None:
    folder = tmp_path_factory.mktemp("way")
    with opened(folder / "a") as store:
        for conversation in made:
            _store_turns(store, conversation)
        there = everything(store)
        export(store, folder / "all.sightline")
    with opened(folder / "b") as store:
        import_conversations(folder / "all.sightline", store)
        assert everything(store) == there
        export(store, folder / "again.sightline")
        assert import_conversations(folder / "all.sightline", store).imported == ()
        assert everything(store) == there
    assert contents(folder / "again.sightline") == contents(folder / "all.sightline")


def _store_turns(store: Store, conversation: list[Any]) -> None:
    colors = ("red", "green", "blue")
    number, answers = 0, [0]
    for at, (after, text, said, state, cost) in enumerate(conversation):
        data = picture(colors[at % 3])
        put(store, data)
        # Of one moment, and often of one text: only their place tells them apart.
        asking = replace(
            question(text, image_of(data, cost_usd=cost)), created_at=NOON + timedelta(seconds=at // 2)
        )
        begun = store.begin(
            beginning(asking, conversation_id=number, parent_id=answers[after] or None, title=text)
        ).result()
        number = begun.id
        answers.append(begun.messages[-1].id)
        assert begun.messages[-1].role is Role.ASSISTANT
        store.finish(answered(begun, said, state=state, cost_usd=cost), ()).result()

"""What an engine is asked, and the small values that every room speaks."""

import pickle
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from desktop.core.model import (
    ON_DEVICE,
    AnswerState,
    Attachment,
    Conversation,
    Detail,
    ImageFacts,
    Message,
    Role,
    SentImage,
)
from desktop.core.problems import Code, ProblemError, problem
from desktop.core.request import ImagePart, NewImage, Question, Turn, build_request, new_images

NOW = datetime(2026, 11, 22, tzinfo=UTC)
SENT = SentImage(sha256="s", media_type="image/png", width_px=8, height_px=8, size_bytes=9)


def image(name: str) -> ImageFacts:
    return ImageFacts(
        path=Path(name),
        name=name,
        sha256=name,
        file_bytes=1,
        modified_ns=0,
        format="PNG",
        width_px=8,
        height_px=8,
    )


def attachment(id_: int, *, left_out: bool = False, sent: SentImage | None = SENT) -> Attachment:
    return Attachment(id=id_, image=image(str(id_)), detail=Detail.HIGH, sent=sent, left_out=left_out)


def noted(attachment_: Attachment, note: str) -> Attachment:
    return replace(attachment_, note=note)


def part(id_: int) -> ImagePart:
    return ImagePart(data=b"", media_type="image/png", detail=Detail.HIGH, facts=image(str(id_)))


def asked(text: str, *attachments: Attachment) -> Message:
    return Message(role=Role.USER, text=text, created_at=NOW, attachments=attachments)


def answered(text: str, shareable_text: str | None = None) -> Message:
    return Message(role=Role.ASSISTANT, text=text, created_at=NOW, shareable_text=shareable_text)


def turns(*messages: Message, private: bool = False) -> tuple[Turn, ...]:
    parts = {n: part(n) for n in range(1, 5)}
    conversation = Conversation(messages=messages)
    return build_request(conversation, model="m", images=parts, share_private_text=private).turns


def test_a_follow_up_carries_the_conversation_with_its_images() -> None:
    assert turns(asked("a?", attachment(1)), answered("a."), asked("b?", attachment(2)), answered("")) == (
        Turn(role=Role.USER, images=(part(1),), text="a?"),
        Turn(role=Role.ASSISTANT, text="a."),
        Turn(role=Role.USER, images=(part(2),), text="b?"),
    )


def test_images_that_are_left_out_or_were_never_sent_do_not_go() -> None:
    asked_twice = asked("?", attachment(1, left_out=True), attachment(2, sent=None), attachment(3))
    assert turns(asked_twice) == (Turn(role=Role.USER, images=(part(3),), text="?"),)


def test_questions_without_an_answer_are_joined_with_the_next() -> None:
    assert turns(asked("a?", attachment(1)), answered(""), asked("b?", attachment(2))) == (
        Turn(role=Role.USER, images=(part(1), part(2)), text="a?\n\nb?"),
    )


def test_a_question_asked_again_after_a_failure_was_said_twice() -> None:
    assert turns(asked("What is this?", attachment(1)), answered(""), asked("What is this?")) == (
        Turn(role=Role.USER, images=(part(1),), text="What is this?"),
    )


def test_the_legends_of_two_questions_in_one_turn_were_both_about_image_1() -> None:
    """All images of a turn stand before its text: the second question's legend was read as the first's."""
    plain, first, second = (
        attachment(1),
        noted(attachment(2), "1 = a valve"),
        noted(attachment(3), "1 = a pump"),
    )
    assert turns(asked("a?", plain, first), answered(""), asked("b?", second)) == (
        Turn(
            role=Role.USER,
            images=(part(1), part(2), part(3)),
            text="a?\n\nImage 2: 1 = a valve\n\nb?\n\nImage 3: 1 = a pump",
        ),
    )


def test_a_question_about_an_edited_image_asked_again_was_said_twice() -> None:
    image_with_legend = noted(attachment(1), "1 = a valve")
    assert turns(asked("a?"), answered(""), asked("b?", image_with_legend), answered(""), asked("b?")) == (
        Turn(role=Role.USER, images=(part(1),), text="a?\n\nb?\n\nImage 1: 1 = a valve"),
    )


def test_what_must_not_leave_this_computer_stays() -> None:
    history = (asked("Where?"), answered("At 52.1, 13.4.", shareable_text="A photo."), asked("Why?"))
    assert [turn.text for turn in turns(*history)] == ["Where?", "A photo.", "Why?"]
    assert turns(*history, private=True)[1].text == "At 52.1, 13.4."


@pytest.mark.parametrize("state", [state for state in AnswerState if state is not AnswerState.COMPLETE])
def test_of_a_reader_s_answer_that_was_cut_off_nothing_leaves_this_computer(state: AnswerState) -> None:
    """It names the private part, a photo's position, only when it ends."""
    cut_off = replace(answered("At 52.1, 13.4."), provider=ON_DEVICE, state=state)
    history = (asked("Where?", attachment(1)), cut_off, asked("Why?"))
    assert [turn.text for turn in turns(*history)] == ["Where?\n\nWhy?"]
    assert turns(*history, private=True)[1].text == "At 52.1, 13.4."
    elsewhere = replace(cut_off, provider="openai")
    assert turns(asked("Where?"), elsewhere)[1].text == "At 52.1, 13.4."


def test_an_image_is_sent_once_however_often_it_is_chosen() -> None:
    conversation = Conversation(messages=(asked("?", attachment(1)),))
    chosen = tuple(NewImage(image=image(name), detail=Detail.LOW) for name in ("1", "2", "2", "3"))
    question = Question(conversation=conversation, text="?", images=chosen, model="m")
    assert [new.image.name for new in new_images(question)] == ["2", "3"]


def test_an_image_that_was_left_out_can_be_chosen_again() -> None:
    conversation = Conversation(messages=(asked("?", attachment(1, left_out=True)),))
    chosen = (NewImage(image=image("1"), detail=Detail.LOW),)
    assert new_images(Question(conversation=conversation, text="?", images=chosen, model="m")) == chosen


def test_a_problem_crosses_processes_and_compares_by_value() -> None:
    trouble = problem(Code.IMAGE_DAMAGED, name="a.png")
    again = pickle.loads(pickle.dumps(trouble))
    assert again == trouble
    assert hash(again) == hash(trouble)
    assert {trouble: 1}[again] == 1
    assert str(ProblemError(trouble)) == "image_damaged {'name': 'a.png'}"

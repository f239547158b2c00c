"""What answers are besides words is looked for once, remembered, and shown below them."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.core.model import AnswerState, Attachment, Conversation, Detail, Message, Role, SentImage
from desktop.core.schema_presets import SCHEMA_PRESETS
from desktop.core.schemas import AnswerSchema
from desktop.tasks.delivery import Delivery
from desktop.tasks.shaping import ShapingTasks
from desktop.ui.shaped_answers import Extras, ShapedAnswers
from desktop.ui.structured.answer_extras import AnswerExtras
from tests.helpers.history import facts

BOXES = next(preset for preset in SCHEMA_PRESETS if preset.id == "boxes").schema()
POINTS = '{"objects": [{"label": "cup", "box": [1, 2, 3, 4]}]}'
NOW = datetime(2026, 11, 28, tzinfo=UTC)
SENT = SentImage(sha256="0" * 64, media_type="image/png", width_px=640, height_px=480, size_bytes=9)


def talk(text: str, state: AnswerState = AnswerState.COMPLETE) -> Conversation:
    image = Attachment(id=3, image=facts("a.png"), detail=Detail.AUTO, sent=SENT)
    return Conversation(
        messages=(
            Message(id=1, role=Role.USER, text="?", created_at=NOW, attachments=(image,)),
            Message(id=2, role=Role.ASSISTANT, text=text, created_at=NOW, state=state),
        )
    )


class Desk:
    def __init__(self) -> None:
        self.delivery = Delivery()
        self.tasks = ShapingTasks(self.delivery)
        self.answers = ShapedAnswers(self.tasks)
        self.found: list[tuple[int, Extras]] = []
        self.answers.found.connect(lambda number, extras: self.found.append((number, extras)))

    def want(self, conversation: Conversation, schema: AnswerSchema | None = BOXES) -> Extras | None:
        return self.answers.want(conversation, conversation.messages[-1], schema)


@pytest.fixture
def desk() -> Iterator[Desk]:
    made = Desk()
    yield made
    made.tasks.close()
    made.delivery.close()


def test_an_answer_that_is_data_and_points_is_found_once_and_remembered(desk: Desk, qtbot: QtBot) -> None:
    conversation = talk(POINTS)
    assert desk.want(conversation) is None
    assert desk.want(conversation) is None, "it is not looked for twice"
    qtbot.waitUntil(lambda: bool(desk.found))
    ((number, extras),) = desk.found
    assert number == 2
    assert extras.shaped.table is not None
    assert extras.shaped.fit is not None
    assert extras.shaped.fit.fits
    assert extras.pointed is not None
    assert desk.want(conversation) is extras
    assert len(desk.found) == 1


def test_words_are_looked_at_and_nothing_is_told(desk: Desk, qtbot: QtBot) -> None:
    plain, brackets = talk("A cup."), talk("A cup (red).")
    assert desk.want(plain, None) is None
    assert desk.want(brackets, None) is None
    asked = talk(POINTS)
    desk.want(asked)
    qtbot.waitUntil(lambda: bool(desk.found))
    assert desk.want(brackets, None) is None
    assert [number for number, _extras in desk.found] == [2]


def test_words_where_a_shape_was_asked_for_are_told(desk: Desk, qtbot: QtBot) -> None:
    desk.want(talk("A cup."))
    qtbot.waitUntil(lambda: bool(desk.found))
    ((_number, extras),) = desk.found
    assert (extras.shaped.misses_shape, extras.shaped.table) == (True, None)


def test_what_is_being_written_is_left_alone(desk: Desk, qtbot: QtBot) -> None:
    running = talk(POINTS, AnswerState.RUNNING)
    assert desk.want(running) is None
    done = replace(
        running, messages=(running.messages[0], replace(running.messages[1], state=AnswerState.COMPLETE))
    )
    desk.want(done)
    qtbot.waitUntil(lambda: len(desk.found) == 1)


def test_the_table_stands_for_the_words_and_the_chip_leads_to_the_image(desk: Desk, qtbot: QtBot) -> None:
    desk.want(talk(POINTS))
    qtbot.waitUntil(lambda: bool(desk.found))
    pane = QWidget()
    qtbot.addWidget(pane)
    extras = AnswerExtras(pane)
    told: list[bool] = []
    asked: list[int] = []
    extras.stands_for_words.connect(told.append)
    extras.show_requested.connect(lambda number, _pointing: asked.append(number))
    extras.show_extras(desk.found[0][1])
    assert told == [True]
    assert not extras.isHidden()
    extras.chip._button.click()
    assert asked == [3]
    assert extras.table is not None
    with qtbot.waitSignal(extras.resized):
        extras.table.show_raw(on=True)
    extras.show_extras(None)
    assert told == [True, False]
    assert extras.isHidden()

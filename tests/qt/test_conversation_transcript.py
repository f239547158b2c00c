"""The transcript follows the newest while the user is there, and never moves what is being read."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication, QPixmap
from PySide6.QtWidgets import QLabel, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.events import Retrying
from desktop.core.model import AnswerState, Attachment, Conversation
from desktop.core.problems import Code, problem
from desktop.ui.conversation.answer import AnswerBlock
from desktop.ui.conversation.bubble import QuestionBubble
from desktop.ui.conversation.thumb import MoreButton
from desktop.ui.conversation.transcript import Transcript
from tests.helpers.conversations import answer, attachment, billed, conversation, question, running


@pytest.fixture
def transcript(qtbot: QtBot) -> Transcript:
    made = Transcript()
    qtbot.addWidget(made)
    made.resize(640, 400)
    made.show()
    return made


def items(transcript: Transcript, kind: type[QWidget]) -> list[QWidget]:
    return [item for item in transcript.items() if isinstance(item, kind)]


def texts(transcript: Transcript) -> list[str]:
    return [bubble.message.text for bubble in items(transcript, QuestionBubble)]


def is_at_end(transcript: Transcript) -> bool:
    bar = transcript.verticalScrollBar()
    return bar.value() == bar.maximum()


NOTHING = Conversation()


def asked(before: Conversation = NOTHING, text: str = "And now?") -> Conversation:
    return conversation(*before.messages, question(text, id=90), running(id=91), id=before.id)


def long(turns: int) -> Conversation:
    messages = []
    for turn in range(turns):
        messages += [question(f"question {turn}", id=2 * turn + 1), billed("word " * 60, id=2 * turn + 2)]
    return conversation(*messages)


def test_a_conversation_is_shown_in_order_and_at_its_end(transcript: Transcript, qtbot: QtBot) -> None:
    transcript.show_conversation(long(3))
    settle(transcript, qtbot)
    assert texts(transcript) == ["question 0", "question 1", "question 2"]
    qtbot.waitUntil(lambda: is_at_end(transcript) and transcript.verticalScrollBar().maximum() > 50)


def settle(transcript: Transcript, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not transcript._filling.isActive() and not transcript._changed.isActive())


def numbers(transcript: Transcript) -> list[int]:
    return [number for number, row in enumerate(transcript.rows.all) if row.item is not None]


@pytest.mark.parametrize("where", [0.0, 0.5, 1.0])
def test_only_what_is_near_the_eye_is_built_wherever_that_is(
    transcript: Transcript, qtbot: QtBot, where: float
) -> None:
    transcript.show_conversation(long(300))
    bar = transcript.verticalScrollBar()
    bar.setValue(round(where * bar.maximum()))
    settle(transcript, qtbot)
    built = numbers(transcript)
    assert 2 < len(built) < 20
    assert built == list(range(built[0], built[-1] + 1))
    view = transcript.viewport().rect()
    covered = sum(item.geometry().intersected(view).height() for item in transcript.items())
    assert covered > view.height() * 0.7
    assert abs(built[0] / 600 - where) < 0.2


def test_the_scroll_bar_hardly_changes_while_messages_get_their_heights(
    transcript: Transcript, qtbot: QtBot
) -> None:
    transcript.show_conversation(long(100))
    settle(transcript, qtbot)
    bar = transcript.verticalScrollBar()
    guessed = bar.maximum()
    for place in range(0, bar.maximum(), 200):
        bar.setValue(place)
    settle(transcript, qtbot)
    assert abs(bar.maximum() - guessed) < 0.15 * guessed


def test_what_is_read_stays_while_messages_above_get_their_heights(
    transcript: Transcript, qtbot: QtBot
) -> None:
    transcript.show_conversation(long(60))
    settle(transcript, qtbot)
    bar = transcript.verticalScrollBar()
    # From far away, so that what comes above is built anew.
    for place in (bar.maximum() // 2, bar.maximum() // 4):
        bar.setValue(place)
        read = next(item for item in transcript.items() if item.y() + item.height() > 0)
        before = read.y()
        while transcript._filling.isActive():
            QGuiApplication.processEvents()
            assert abs(read.y() - before) <= 2


def test_an_answer_that_is_read_stays_where_it_is_when_the_window_becomes_narrow(
    transcript: Transcript, qtbot: QtBot
) -> None:
    paragraphs = "\n\n".join(f"paragraph {n} " + "word " * 40 for n in range(200))
    transcript.show_conversation(conversation(question("x"), billed(paragraphs)))
    settle(transcript, qtbot)
    bar = transcript.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    settle(transcript, qtbot)
    view = items(transcript, AnswerBlock)[0].text_view

    def at_the_top() -> int:
        return view.anchor(-view.mapTo(transcript, QPoint(0, 0)).y())[0]

    before = at_the_top()
    assert 50 < before < 150
    transcript.resize(380, 400)
    settle(transcript, qtbot)
    assert abs(at_the_top() - before) <= 1


def test_widgets_far_from_view_are_let_go_but_for_the_running_answer(
    transcript: Transcript, qtbot: QtBot
) -> None:
    transcript.show_conversation(long(100))
    transcript.begin(asked(long(100)))
    settle(transcript, qtbot)
    transcript.verticalScrollBar().setValue(0)
    settle(transcript, qtbot)
    assert texts(transcript)[0] == "question 0"
    assert len(numbers(transcript)) < 25
    running_block = transcript.rows.all[-1].item
    assert isinstance(running_block, AnswerBlock)
    transcript.append("goes on")
    transcript.finish(billed("goes on", id=91))
    transcript.jump_to_newest()
    assert running_block.text_view.text() == "goes on"


def drag(transcript: Transcript, qtbot: QtBot, start: QWidget, end: QWidget) -> None:
    """From the upper left of one text to the lower right of another."""
    qtbot.mousePress(start, Qt.MouseButton.LeftButton, pos=QPoint(0, 6))
    to = start.mapFromGlobal(end.mapToGlobal(QPoint(end.width() - 1, end.height() - 3)))
    qtbot.mouseMove(start, to / 2)
    qtbot.mouseMove(start, to)
    qtbot.mouseRelease(start, Qt.MouseButton.LeftButton, pos=to)


def test_a_drag_selects_across_messages_and_is_copied_in_order(transcript: Transcript, qtbot: QtBot) -> None:
    transcript.show_conversation(
        conversation(question("first?"), billed("one `two`"), question("second?"), billed("**three**"))
    )
    views = [item.text_view for item in transcript.items()]
    drag(transcript, qtbot, views[0], views[3])
    qtbot.keyClick(views[0], Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "first?\n\none two\n\nsecond?\n\nthree"
    selected = views[1].grab().toImage()
    transcript._selecting.clear()
    assert views[1].grab().toImage() != selected


def test_a_drag_upwards_selects_the_same(transcript: Transcript, qtbot: QtBot) -> None:
    transcript.show_conversation(conversation(question("first?"), billed("one two")))
    above, below = (item.text_view for item in transcript.items())
    qtbot.mousePress(below, Qt.MouseButton.LeftButton, pos=QPoint(below.width() - 1, 6))
    qtbot.mouseMove(below, below.mapFromGlobal(above.mapToGlobal(QPoint(0, 4))))
    assert transcript._selecting.text() == "first?\n\none two"


def test_everything_is_selected_and_copied_also_what_is_not_built(
    transcript: Transcript, qtbot: QtBot
) -> None:
    transcript.show_conversation(long(50))
    settle(transcript, qtbot)
    assert len(numbers(transcript)) < 50
    qtbot.keyClick(transcript, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(transcript, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    words = ("word " * 60).strip()
    assert QGuiApplication.clipboard().text() == "\n\n".join(
        f"question {turn}\n\n{words}" for turn in range(50)
    )


def test_home_and_end_go_to_the_ends(transcript: Transcript, qtbot: QtBot) -> None:
    transcript.show_conversation(long(50))
    qtbot.keyClick(transcript, Qt.Key.Key_Home)
    assert transcript.verticalScrollBar().value() == 0
    assert not transcript.follows
    qtbot.keyClick(transcript, Qt.Key.Key_End)
    settle(transcript, qtbot)
    assert is_at_end(transcript)
    assert transcript.follows


def test_an_answer_streams_and_ends(transcript: Transcript, qtbot: QtBot) -> None:
    transcript.show_conversation(conversation())
    transcript.begin(asked())
    transcript.append("The receipt ")
    transcript.append("is fine.")
    transcript.finish(billed("The receipt is fine.", id=91))
    block = items(transcript, AnswerBlock)[-1]
    assert block._body.text() == "The receipt is fine."
    assert not block.is_running


def test_a_follow_up_keeps_the_widgets_of_earlier_turns(transcript: Transcript) -> None:
    first = conversation(question(), billed())
    transcript.show_conversation(first)
    before = items(transcript, AnswerBlock)[0]
    transcript.begin(asked(first))
    assert items(transcript, AnswerBlock)[0] is before
    assert texts(transcript) == ["What is it?", "And now?"]


def test_another_conversation_replaces_the_one_shown(transcript: Transcript) -> None:
    transcript.show_conversation(conversation(question("old"), billed(), id=1))
    transcript.begin(asked(conversation(question("other"), billed(), id=2)))
    assert texts(transcript) == ["other", "And now?"]


def test_a_conversation_that_is_still_being_answered_goes_on_where_it_was(transcript: Transcript) -> None:
    transcript.show_conversation(asked())
    transcript.append("so far, and on")
    transcript.finish(answer("so far, and on", state=AnswerState.STOPPED))
    assert items(transcript, AnswerBlock)[-1]._body.text() == "so far, and on"


def test_stop_then_its_stored_end_are_shown_as_one(transcript: Transcript) -> None:
    transcript.begin(asked())
    transcript.append("half")
    transcript.finish(answer("half", state=AnswerState.STOPPED))
    transcript.append(" late")
    transcript.finish(billed("half", state=AnswerState.STOPPED))
    assert len(items(transcript, AnswerBlock)) == 1
    assert items(transcript, AnswerBlock)[0]._body.text() == "half"


def test_progress_reaches_the_running_answer_only(transcript: Transcript) -> None:
    transcript.show_conversation(conversation(question(), billed("done")))
    transcript.append("late")
    transcript.preparing(1, 2)
    transcript.retrying(Retrying(problem(Code.RATE_LIMITED), 4, 1))
    assert items(transcript, AnswerBlock)[0]._body.text() == "done"


def test_signals_of_an_answer_come_out(transcript: Transcript, qtbot: QtBot) -> None:
    transcript.begin(asked())
    block = items(transcript, AnswerBlock)[0]
    with qtbot.waitSignals([transcript.stop_requested, transcript.link_clicked, transcript.remedy_requested]):
        block.stop_requested.emit()
        block.link_clicked.emit("https://example.org")
        block.remedy_requested.emit("retry")


def test_it_follows_the_newest_only_while_the_user_is_there(transcript: Transcript, qtbot: QtBot) -> None:
    transcript.show_conversation(long(4))
    transcript.begin(asked(long(4)))
    bar = transcript.verticalScrollBar()
    transcript.append("line\n\n" * 30)
    qtbot.waitUntil(lambda: bar.maximum() > 600 and is_at_end(transcript))
    bar.setValue(100)
    assert transcript._jump.isVisible()
    settle(transcript, qtbot)
    reached, read = bar.maximum(), bar.value()
    transcript.append("line\n\n" * 30)
    qtbot.waitUntil(lambda: bar.maximum() > reached)
    assert bar.value() == read
    qtbot.mouseClick(transcript._jump, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: is_at_end(transcript))
    assert not transcript._jump.isVisible()
    transcript.append("line\n\n" * 30)
    qtbot.waitUntil(lambda: bar.maximum() > reached + 900 and is_at_end(transcript))


def stop_is_in_sight(transcript: Transcript) -> bool:
    stops = [b for b in transcript.findChildren(QPushButton) if b.text() == "Stop" and b.isVisible()]
    view = transcript.viewport().rect()
    return any(view.contains(b.rect().translated(b.mapTo(transcript, QPoint(0, 0)))) for b in stops)


def test_stop_stays_in_sight_in_a_long_answer(transcript: Transcript, qtbot: QtBot) -> None:
    transcript.show_conversation(long(4))
    transcript.begin(asked(long(4)))
    bar = transcript.verticalScrollBar()
    qtbot.waitUntil(lambda: is_at_end(transcript) and stop_is_in_sight(transcript))
    assert not transcript._stop.isVisible()
    transcript.append("line\n\n" * 60)
    qtbot.waitUntil(lambda: bar.maximum() > 1200 and is_at_end(transcript))
    assert stop_is_in_sight(transcript)
    bar.setValue(0)
    assert stop_is_in_sight(transcript)
    assert transcript._jump.isVisible()
    assert not transcript._stop.geometry().intersects(transcript._jump.geometry())
    with qtbot.waitSignal(transcript.stop_requested):
        qtbot.mouseClick(transcript._stop, Qt.MouseButton.LeftButton)
    transcript.finish(billed("line", id=91, state=AnswerState.STOPPED))
    assert not transcript._stop.isVisible()


@pytest.mark.parametrize("width", [260, 320, 420])
def test_stop_and_the_way_to_the_newest_never_overlap(
    transcript: Transcript, qtbot: QtBot, width: int
) -> None:
    transcript.resize(width, 400)
    transcript.begin(asked())
    transcript.append("line\n\n" * 60)
    bar = transcript.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 1200)
    bar.setValue(300)
    assert transcript._jump.isVisible()
    assert stop_is_in_sight(transcript)
    assert not transcript._stop.geometry().intersects(transcript._jump.geometry())


def test_the_floating_stop_covers_no_text_at_the_end(transcript: Transcript, qtbot: QtBot) -> None:
    transcript.begin(asked())
    transcript.append("a long line of words " * 300)
    qtbot.waitUntil(lambda: is_at_end(transcript) and transcript._stop.isVisible())
    body = items(transcript, AnswerBlock)[-1]._body
    qtbot.waitUntil(
        lambda: body.mapTo(transcript, body.rect().bottomLeft()).y() < transcript._stop.geometry().top()
    )


def test_only_the_newest_answer_offers_to_ask_again(transcript: Transcript) -> None:
    trouble = problem(Code.SERVER_ERROR)
    failed = answer("", state=AnswerState.FAILED, problem=trouble)
    cut = answer("", state=AnswerState.INTERRUPTED)
    transcript.show_conversation(conversation(question("x"), failed, question("y"), cut))

    def offers() -> list[str]:
        made = transcript.viewport().findChildren(QPushButton)
        return [b.text() for b in made if b.isVisible() and b.text() in ("Ask again", "Try again")]

    assert offers() == ["Ask again"]
    transcript.begin(asked(transcript._conversation))
    assert offers() == []


def test_pictures_are_asked_for_and_shown(transcript: Transcript, qtbot: QtBot) -> None:
    wanted: list[Attachment] = []
    transcript.thumbnails_needed.connect(wanted.extend)
    transcript.show_conversation(conversation(question("x", attachment(1), attachment(2)), billed()))
    assert [image.id for image in wanted] == [1, 2]
    picture = QPixmap(30, 30)
    picture.fill(QColor("#ff0000"))
    transcript.set_thumbnail(2, picture)
    bubble = items(transcript, QuestionBubble)[0]
    qtbot.waitUntil(lambda: bubble.thumbs[1].width() > 0)
    image = bubble.thumbs[1].grab().toImage()
    assert image.pixelColor(image.width() // 2, 8) == QColor("#ff0000")
    assert bubble.thumbs[0].pixmap() is None


def test_images_of_a_question_appear_when_it_is_stored(transcript: Transcript) -> None:
    wanted: list[Attachment] = []
    transcript.thumbnails_needed.connect(wanted.extend)
    transcript.begin(asked())
    transcript.stored(conversation(question("And now?", attachment(7), id=90), running(id=91)))
    assert [image.id for image in wanted] == [7]
    assert len(items(transcript, QuestionBubble)[0].thumbs) == 1


def test_the_share_of_each_image_is_known_when_the_answer_has_ended(transcript: Transcript) -> None:
    unbilled = attachment(7, cost=None)
    stored = conversation(question("And now?", unbilled, id=90), running(id=91))
    transcript.begin(asked())
    transcript.stored(stored)
    done = billed("x", id=91, cost_usd=Decimal("0.0015"))
    transcript.finish(done, conversation(question("And now?", attachment(7, cost="0.0013"), id=90), done))
    items(transcript, AnswerBlock)[0]._footer._more.click()
    labels = items(transcript, AnswerBlock)[0].findChildren(QLabel)
    assert "$0.0013" in [label.text() for label in labels]


def test_a_follow_up_lists_the_images_it_carried_with_their_tokens(
    transcript: Transcript, qtbot: QtBot
) -> None:
    first, second = attachment(1, tokens=562, cost="0.0013"), attachment(2, tokens=87, cost="0.00021")
    gone = replace(attachment(3), left_out=True)
    transcript.show_conversation(
        conversation(question("x", first, gone), billed("1"), question("y", second), billed("2"))
    )
    more = items(transcript, AnswerBlock)[-1]._footer._more
    assert more.isVisible()
    qtbot.mouseClick(more, Qt.MouseButton.LeftButton)
    grid = items(transcript, AnswerBlock)[-1]._footer._grid
    listed = [grid.itemAt(place).widget().text() for place in range(grid.count())]
    assert listed == ["photo 1.png", "562 tok", "—", "photo 2.png", "87 tok", "$0.00021"]


def test_tokens_of_a_carried_image_are_not_claimed_for_another_model(transcript: Transcript) -> None:
    other = replace(question("y"), model="gpt-4o")
    transcript.show_conversation(
        conversation(question("x", attachment(1)), billed(), other, billed(model="gpt-4o"))
    )
    assert not items(transcript, AnswerBlock)[-1]._footer._more.isVisible()


@pytest.mark.parametrize("size", [(700, 600), (1360, 860)])
def test_error_boxes_leave_no_blank_space_at_the_end(
    transcript: Transcript, qtbot: QtBot, size: tuple[int, int]
) -> None:
    transcript.resize(*size)
    trouble = problem(Code.SERVER_ERROR, message="The server had an error while processing. Sorry!")
    failed = answer("", state=AnswerState.FAILED, problem=trouble)
    transcript.show_conversation(conversation(*[question(), failed] * 7))
    last = items(transcript, AnswerBlock)[-1]
    settle(transcript, qtbot)
    bottom = transcript.viewport().height() - transcript.room_below_px
    assert last.y() + last.height() == bottom
    assert last.height() == last.layout().heightForWidth(last.width())
    assert is_at_end(transcript)


def many(count: int) -> list[Attachment]:
    return [attachment(number) for number in range(1, count + 1)]


def test_pictures_that_are_folded_away_are_not_fetched(transcript: Transcript) -> None:
    wanted: list[Attachment] = []
    transcript.thumbnails_needed.connect(wanted.extend)
    transcript.show_conversation(conversation(question("x", *many(210)), billed()))
    assert len(wanted) == 12


def test_unfolding_leaves_the_question_where_it_is(transcript: Transcript, qtbot: QtBot) -> None:
    transcript.show_conversation(conversation(*long(2).messages, question("x", *many(210)), billed()))
    qtbot.waitUntil(lambda: is_at_end(transcript) and transcript.verticalScrollBar().maximum() > 100)
    made = items(transcript, QuestionBubble)[-1]
    before = made.mapTo(transcript, QPoint(0, 0)).y()
    qtbot.mouseClick(made.findChild(MoreButton), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: made.height() > 1000)
    assert abs(made.mapTo(transcript, QPoint(0, 0)).y() - before) <= 2


def test_images_being_prepared_have_their_place_and_keep_it_when_stored(
    transcript: Transcript, qtbot: QtBot
) -> None:
    wanted: list[Attachment] = []
    transcript.thumbnails_needed.connect(wanted.extend)
    images = many(2)
    waiting = [replace(image, id=0, sent=None, tokens=None, cost_usd=None) for image in images]
    transcript.begin(conversation(question("x", *waiting), running(), id=0))
    made = items(transcript, QuestionBubble)[0]
    placeholders, height = list(made.thumbs), made.sizeHint().height()
    assert [thumb.width() for thumb in placeholders] == [round(64 * 560 / 820)] * 2
    assert wanted == []
    transcript.stored(conversation(question("x", *images, id=90), running(id=91)))
    assert made.thumbs == placeholders
    assert made.sizeHint().height() == height
    assert [image.id for image in wanted] == [1, 2]


def test_figures_in_two_lines_lie_below_the_answer(transcript: Transcript, qtbot: QtBot) -> None:
    """Where it was narrow, the first of them lay over the answer's last line."""
    transcript.resize(280, 400)
    transcript.show_conversation(conversation(question(), billed("word " * 60)))
    (block,) = items(transcript, AnswerBlock)
    body, footer = block._body, block._footer  # type: ignore[attr-defined]
    qtbot.waitUntil(lambda: footer.height() >= 48 and body.geometry().bottom() < footer.geometry().top())


def test_actions_are_offered_on_request_and_come_out_with_their_message(
    transcript: Transcript, qtbot: QtBot
) -> None:
    transcript.show_conversation(conversation(question("x", id=1), billed("half", id=2)))
    bubble, block = transcript.items()
    assert not bubble._edit.isVisible()
    transcript.set_offer_actions(True)
    assert bubble._edit.isVisible()
    transcript.set_versions((2, 7), 2)
    told: list[tuple[str, int]] = []
    transcript.edit_requested.connect(lambda number: told.append(("edit", number)))
    transcript.again_requested.connect(lambda number: told.append(("again", number)))
    transcript.version_chosen.connect(lambda number: told.append(("version", number)))
    bubble._edit.click()
    block._footer.tools._again.click()
    block._footer.versions._on.click()
    assert told == [("edit", 1), ("again", 2), ("version", 7)]


def test_the_focus_of_stop_goes_to_the_text_and_the_view_stays(
    qtbot: QtBot, present: Callable[[QWidget], None]
) -> None:
    transcript = Transcript()
    transcript.resize(640, 400)
    present(transcript)
    transcript.begin(asked())
    transcript.append("|a|b|\n|--|--|\n" + "|1|2|\n" * 300)
    bar = transcript.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 1200)
    block = items(transcript, AnswerBlock)[0]
    block._stop.setFocus()
    transcript.finish(billed("|a|b|\n|--|--|\n" + "|1|2|\n" * 300, id=91))
    settle(transcript, qtbot)
    assert is_at_end(transcript)
    assert block.text_view.hasFocus()


def test_the_focus_takes_the_view_along_by_key(qtbot: QtBot, present: Callable[[QWidget], None]) -> None:
    transcript = Transcript()
    transcript.resize(640, 400)
    present(transcript)
    transcript.show_conversation(long(30))
    transcript.verticalScrollBar().setValue(0)
    settle(transcript, qtbot)
    transcript.setFocus()
    for _step in range(60):
        qtbot.keyClick(transcript.focusWidget(), Qt.Key.Key_Tab)
        settle(transcript, qtbot)
        focus = transcript.focusWidget()
        if focus is transcript:
            break
        place = focus.rect().translated(focus.mapTo(transcript, QPoint(0, 0)))
        assert place.intersects(transcript.viewport().rect())


def test_a_widget_that_is_used_again_shows_nothing_of_the_message_before(
    transcript: Transcript, qtbot: QtBot
) -> None:
    trouble = problem(Code.SERVER_ERROR, message="broken")
    failed = answer("", state=AnswerState.FAILED, problem=trouble, id=2)
    transcript.show_conversation(conversation(question("x", *many(20), id=1), failed, id=1))
    bubble, block = transcript.items()
    bubble.findChild(MoreButton).click()
    transcript.set_versions((2, 3), 2)
    picture = QPixmap(30, 30)
    picture.fill(QColor("#ff0000"))
    transcript.set_thumbnail(1, picture)
    transcript.show_conversation(
        conversation(question("y", *many(20)[4:], id=5), billed("```py\nx\n```", id=6), id=2)
    )
    assert transcript.items() == [bubble, block]
    assert len(bubble.thumbs) == 12
    assert all(thumb.pixmap() is None for thumb in bubble.thumbs)
    assert not block._footer.versions.isVisible()
    assert block.text_view.text() == "x"
    said = [label.text() for label in block.findChildren(QLabel) if label.isVisible()]
    assert not any("broken" in words for words in said)
    other = Transcript()
    qtbot.addWidget(other)
    other.resize(transcript.size())
    other.show()
    other.show_conversation(transcript._conversation)
    settle(other, qtbot)
    QGuiApplication.processEvents()
    for used, made in zip(transcript.items(), other.items(), strict=True):
        assert used.height() == made.height()
        assert used.grab().toImage() == made.grab().toImage()

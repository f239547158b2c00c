"""An answer says what it is doing, why it ended, and what it did cost."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.events import Retrying
from desktop.core.model import ON_DEVICE, AnswerState, Attachment, Message, Usage
from desktop.core.problem_text import Remedy, explain
from desktop.core.problems import Code, problem
from desktop.ui import theme
from desktop.ui.conversation.answer import AnswerBlock
from desktop.ui.conversation.progress import Progress
from desktop.ui.conversation.usage_text import estimate_line, image_lines, usage_line, usage_tooltip
from tests.helpers.conversations import answer, attachment, billed, running


def shown(widget: QWidget) -> str:
    """All words that can be seen."""
    return "\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible())


def pressable(widget: QWidget, name: str) -> QPushButton | QToolButton:
    for kind in (QPushButton, QToolButton):
        for made in widget.findChildren(kind):
            if made.accessibleName() == name and made.isVisible():
                return made
    raise AssertionError(f"no button {name!r}")


Make = Callable[..., AnswerBlock]


@pytest.fixture
def make(qtbot: QtBot) -> Make:
    def block(message: Message, *images: Attachment) -> AnswerBlock:
        made = AnswerBlock(message, images)
        qtbot.addWidget(made)
        made.resize(640, 300)
        made.show()
        return made

    return block


def progress(**fields: object) -> Progress:
    return Progress(**{"model": "gpt-5-mini", "began_at": 100.0, "heard_at": 100.0, **fields})


def test_a_running_answer_counts_its_seconds() -> None:
    assert progress().words(101.1) == "answering… 1.1 s"


def test_images_being_prepared_are_counted_from_one() -> None:
    assert progress(prepared=(1, 3)).words(101.0) == "Preparing image 2 of 3…"
    assert progress(prepared=(3, 3)).words(101.0) == "answering… 1.0 s"


def test_a_retry_is_counted_down_and_says_when_it_may_cost_twice() -> None:
    waiting = progress(retry=(problem(Code.SERVER_OVERLOADED, host="api.example"), 110.0, True))
    assert "trying again in 4 s…" in waiting.words(106.0)
    assert "trying again in 1 s…" in waiting.words(109.8)
    assert "billed twice" in waiting.words(106.0)
    assert "trying again" not in waiting.words(110.0)


def test_silence_is_told_after_five_seconds_with_the_time_of_giving_up() -> None:
    silent = progress(heard_at=100.0)
    assert silent.words(104.9).startswith("answering")
    assert silent.words(112.0) == "No answer for 12 s; giving up at 60 s"
    assert silent.words(172.0) == "No answer for 72 s"


def test_the_reader_on_this_computer_is_not_called_silent() -> None:
    assert progress(model=ON_DEVICE).words(150.0).startswith("answering")


def test_stop_is_there_only_while_it_runs(make: Make, qtbot: QtBot) -> None:
    block = make(running())
    with qtbot.waitSignal(block.stop_requested):
        qtbot.mouseClick(pressable(block, "Stop"), Qt.MouseButton.LeftButton)
    block.show_message(answer(state=AnswerState.STOPPED), ())
    with pytest.raises(AssertionError):
        pressable(block, "Stop")
    assert not block.is_running
    assert "Stopped" in shown(block)


def test_text_that_comes_is_shown_and_what_came_stays_when_it_is_stored(make: Make, qtbot: QtBot) -> None:
    block = make(running())
    block.append("The receipt ")
    block.append("from **Corner Bakery**")
    block.show_message(running(id=7), ())
    qtbot.waitUntil(lambda: "The receipt from Corner Bakery" in block._body.text())


def test_nothing_is_added_after_the_end(make: Make) -> None:
    block = make(running())
    block.append("half")
    block.show_message(answer("half", state=AnswerState.STOPPED), ())
    block.append(" and late")
    assert block._body.text() == "half"


def test_retrying_and_preparing_are_told_and_end_with_text(make: Make) -> None:
    block = make(running())
    block.preparing(0, 2)
    assert "Preparing image 1 of 2" in shown(block)
    block.retrying(Retrying(problem(Code.RATE_LIMITED), 4, 1))
    assert "trying again in 4 s" in shown(block)
    block.append("x")
    block._show_progress()
    assert "answering…" in shown(block)


def test_a_failure_says_what_it_means_and_offers_its_one_remedy(make: Make, qtbot: QtBot) -> None:
    trouble = problem(Code.UNAUTHORIZED, host="api.example", message="<img src=/dev/zero> wrong")
    block = make(answer("", state=AnswerState.FAILED, problem=trouble))
    words = explain(trouble)
    assert words.what in shown(block)
    assert "<img src=/dev/zero>" in shown(block)
    with qtbot.waitSignal(block.remedy_requested) as asked:
        qtbot.mouseClick(pressable(block, "Enter a key"), Qt.MouseButton.LeftButton)
    assert Remedy(asked.args[0]) is Remedy.OPEN_KEY


def test_labels_with_words_from_outside_are_plain(make: Make) -> None:
    block = make(
        answer("x", state=AnswerState.FAILED, problem=problem(Code.SERVER_ERROR, message="<b>x</b>"))
    )
    assert all(
        label.textFormat() is Qt.TextFormat.PlainText for label in block.findChildren(QLabel) if label.text()
    )


@pytest.mark.parametrize(
    ("state", "words"),
    [
        (AnswerState.STOPPED, "Stopped"),
        (AnswerState.INTERRUPTED, "Interrupted"),
        (AnswerState.INCOMPLETE, "Incomplete"),
    ],
)
def test_an_answer_that_did_not_finish_is_never_shown_as_if_it_had(
    make: Make, state: AnswerState, words: str
) -> None:
    assert words in shown(make(answer("half", state=state)))
    assert words not in shown(make(answer("whole")))


def test_an_incomplete_answer_explains_itself_and_keeps_its_text(make: Make) -> None:
    block = make(answer("half", state=AnswerState.INCOMPLETE, problem=problem(Code.ENDED_EARLY)))
    assert explain(problem(Code.ENDED_EARLY)).what in shown(block)
    assert block._body.text() == "half"


@pytest.mark.parametrize(
    "ended",
    [
        answer("", state=AnswerState.STOPPED),
        answer("", state=AnswerState.INTERRUPTED),
        answer("half", state=AnswerState.INTERRUPTED),
    ],
)
def test_what_was_stopped_or_interrupted_can_be_asked_again(make: Make, qtbot: QtBot, ended: Message) -> None:
    block = make(ended)
    with qtbot.waitSignal(block.remedy_requested) as told:
        qtbot.mouseClick(pressable(block, "Ask again"), Qt.MouseButton.LeftButton)
    assert Remedy(told.args[0]) is Remedy.RETRY


def test_an_answer_that_was_stopped_with_some_text_is_left_in_peace(make: Make) -> None:
    block = make(answer("half", state=AnswerState.STOPPED))
    with pytest.raises(AssertionError):
        pressable(block, "Ask again")


def test_the_footer_tells_tokens_cost_time_and_how_good_the_estimate_was(make: Make) -> None:
    block = make(billed())
    assert "683 in · 161 out · $0.0015 · 2.4 s" in shown(block)
    assert "estimate was $0.0016" in shown(block)


@pytest.mark.parametrize(
    ("estimate", "cost", "kind"),
    [
        ("0.0016", "0.0015", "usage_good"),
        ("0.0012", "0.0010", "usage_good"),
        ("0.00121", "0.0010", "usage"),
        ("0.00126", "0.001", "usage_bad"),
        ("0.0005", "0.001", "usage_bad"),
    ],
)
def test_an_estimate_is_praised_within_a_fifth_of_the_cost_and_stands_out_beyond_a_quarter(
    estimate: str, cost: str, kind: str
) -> None:
    told = estimate_line(billed(estimate_usd=Decimal(estimate), cost_usd=Decimal(cost)))
    assert told[1] == kind


def test_an_estimate_that_was_far_off_is_not_grey(make: Make) -> None:
    block = make(billed(estimate_usd=Decimal("0.0150")))
    words = next(label for label in block.findChildren(QLabel) if "estimate was" in label.text())
    assert words.palette().color(words.foregroundRole()) == theme.current().color("warning_text")


def test_a_time_that_would_read_zero_is_not_told() -> None:
    assert usage_line(billed(seconds=0.04)) == "683 in · 161 out · $0.0015"
    assert usage_line(billed(seconds=0.1)).endswith("0.1 s")


def test_unknown_prices_are_a_dash_and_compared_with_nothing() -> None:
    assert "—" in usage_line(billed(cost_usd=None))
    assert estimate_line(billed(cost_usd=None)) == ("", "usage")


def test_figures_that_no_server_reported_are_marked_as_ours() -> None:
    ours = billed(usage=Usage(prompt_tokens=683, completion_tokens=31, reported=False))
    assert usage_line(ours).startswith("≈ 683 in")
    assert "our estimate" in usage_tooltip(ours)


def test_the_share_that_came_from_the_cache_is_told() -> None:
    cached = billed(usage=Usage(prompt_tokens=1000, completion_tokens=161, cached_tokens=783))
    assert usage_line(cached).startswith("1,000 in, 78 % cached · 161 out")


def test_the_reader_is_free() -> None:
    free = answer("x", provider=ON_DEVICE, model=ON_DEVICE, seconds=0.8, cost_usd=Decimal(0))
    assert usage_line(free) == "on this computer · free · 0.8 s"


def test_the_cost_of_each_image_opens_below(make: Make, qtbot: QtBot) -> None:
    images = (attachment(1), attachment(2, tokens=87, cost="0.0002"))
    block = make(billed(), *images)
    assert "photo 2.png" not in shown(block)
    qtbot.mouseClick(pressable(block, "Cost of each image"), Qt.MouseButton.LeftButton)
    for line in image_lines(images):
        assert all(part in shown(block) for part in line)


def test_copy_gives_the_markdown_and_says_that_it_did(make: Make, qtbot: QtBot) -> None:
    block = make(billed("a **bold** `word`"))
    qtbot.mouseClick(pressable(block, "Copy answer"), Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == "a **bold** `word`"
    pressable(block, "Copied")


def test_a_hostile_model_name_is_one_plain_line(make: Make) -> None:
    block = make(answer(model="<img src=/dev/zero>\n" + "x" * 500))
    name = block._model
    assert "\n" not in name.text()
    assert len(name.text()) <= 80
    assert name.textFormat() is Qt.TextFormat.PlainText


def visible(block: AnswerBlock, name: str) -> bool:
    return any(b.accessibleName() == name and b.isVisible() for b in block.findChildren(QToolButton))


@pytest.mark.parametrize(
    ("choice", "text", "markup"),
    [
        ("Copy as Markdown", "- [x] **a** `b`\n\n|x|y|\n|--|--|\n|1|2|", ""),
        ("Copy as plain text", "☑ a b\n\nx\ty\n1\t2", ""),
        ("Copy as rich text", "☑ a b\n\nx\ty\n1\t2", "<strong>a</strong>"),
    ],
)
def test_an_answer_is_copied_as_it_is_wanted(make: Make, choice: str, text: str, markup: str) -> None:
    block = make(billed("- [x] **a** `b`\n\n|x|y|\n|--|--|\n|1|2|"))
    menu = block._footer.tools.copy_menu()
    next(action for action in menu.actions() if action.text() == choice).trigger()
    data = QGuiApplication.clipboard().mimeData()
    assert data.text() == text
    assert data.hasHtml() is bool(markup)
    assert markup in data.html()


def test_what_nobody_has_offered_is_not_there(make: Make) -> None:
    block = make(billed(id=5, state=AnswerState.STOPPED))
    for name in ("Ask again", "Continue this answer", "More"):
        assert not visible(block, name)


def test_asking_again_and_going_on_are_requested_by_the_answer(make: Make, qtbot: QtBot) -> None:
    block = make(billed(id=5, state=AnswerState.STOPPED))
    block.set_actions(offered=True)
    for name, signal in (
        ("Ask again", block.again_requested),
        ("Continue this answer", block.continue_requested),
    ):
        button = next(b for b in block.findChildren(QToolButton) if b.accessibleName() == name)
        with qtbot.waitSignal(signal) as told:
            qtbot.keyClick(button, Qt.Key.Key_Space)
        assert told.args == [5]


@pytest.mark.parametrize(
    ("message", "goes_on"),
    [
        (billed(id=5), False),
        (answer("", id=5, state=AnswerState.STOPPED), False),
        (answer("half", id=5, state=AnswerState.INCOMPLETE), True),
        (answer("half", id=5, state=AnswerState.INTERRUPTED), True),
    ],
)
def test_only_an_answer_that_was_cut_can_go_on(make: Make, message: Message, goes_on: bool) -> None:
    block = make(message)
    block.set_actions(offered=True)
    assert visible(block, "Continue this answer") is goes_on


def test_buttons_of_older_answers_are_seen_when_the_mouse_or_the_focus_is_there(make: Make) -> None:
    block = make(billed(id=5))
    tools = block._footer.tools
    newest = tools.grab().toImage()
    block.set_newest(False)
    assert tools.grab().toImage() != newest
    tools.set_seen(True)
    assert tools.grab().toImage() == newest


def test_versions_are_flipped_through_by_mouse_and_key(make: Make, qtbot: QtBot) -> None:
    block = make(billed(id=8))
    block.set_versions((8,), 8)
    assert not block._footer.versions.isVisible()
    block.set_versions((3, 8, 9), 8)
    flipper = block._footer.versions
    assert flipper.isVisible()
    assert flipper.accessibleName() == "Version 2 of 3"
    with qtbot.waitSignal(block.version_chosen) as told:
        qtbot.mouseClick(pressable(block, "Next version"), Qt.MouseButton.LeftButton)
    assert told.args == [9]
    with qtbot.waitSignal(block.version_chosen) as told:
        qtbot.keyClick(flipper, Qt.Key.Key_Left)
    assert told.args == [3]
    block.set_versions((3, 8), 8)
    assert not flipper._on.isEnabled()

"""The composer over real parts: what would be refused, the budget, counting, code, asking again smaller."""

import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from PIL import Image
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from desktop.core.budget import BudgetState
from desktop.core.edits import Area, Edits
from desktop.core.model import AnswerState, Conversation, Message, Role
from desktop.core.problem_text import Remedy
from desktop.core.problems import Code, problem
from desktop.core.settings import Settings
from desktop.ui import budget_guard
from desktop.ui.composer.estimate_row import EstimateRow
from desktop.ui.composer.strips import Strip
from desktop.ui.conversation.bubble import QuestionBubble
from desktop.ui.conversation.problem_box import ProblemBox
from desktop.ui.widgets.notices import Notice
from tests.helpers.asking import make_image
from tests.helpers.history import answered, begin, question
from tests.helpers.history import opened as opened_store
from tests.helpers.loopback import Loopback
from tests.helpers.window import WAIT_MS, Opened, open_window

TERRA = "gpt-5.6-terra"


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, loopback: Loopback) -> Iterator[Opened]:
    with open_window(qtbot, tmp_path / "data", base_url=loopback.base_url, model=TERRA) as opened:
        yield opened


def add(qtbot: QtBot, opened: Opened, *paths: Path) -> None:
    opened.gallery.paths_dropped.emit(list(paths))
    qtbot.waitUntil(lambda: len(opened.images.usable_selection()) == len(paths), timeout=WAIT_MS)


def ask(qtbot: QtBot, opened: Opened, text: str) -> None:
    opened.composer.set_text(text)
    with qtbot.waitSignal(opened.conversation.finished, timeout=WAIT_MS):
        opened.window._composer_controller.ask()


def strips(opened: Opened) -> list[Strip]:
    return [strip for strip in opened.composer.findChildren(Strip) if strip.isVisible()]


def press(opened: Opened, text: str) -> None:
    buttons = opened.window.findChildren(QAbstractButton)
    next(b for b in buttons if b.isVisible() and b.text() == text).click()


def words(opened: Opened) -> str:
    return opened.composer.findChild(EstimateRow).text()


def notices(opened: Opened) -> list[str]:
    return [notice.text for notice in opened.window.findChildren(Notice)]


def size_of(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data)) as image:
        return image.size


def test_what_would_be_refused_is_mended_by_one_click(qtbot: QtBot, tmp_path: Path, window: Opened) -> None:
    def refused(*, now: bool) -> None:
        asks = window.composer._tools.ask.isEnabled
        qtbot.waitUntil(lambda: len(strips(window)) == now and asks() is not now, timeout=WAIT_MS)

    window.window._composer_controller.model_chosen.connect(window.choice.use_model)
    add(qtbot, window, make_image(tmp_path / "wide.png", 7952, 5304))
    window.composer.set_text("What is this?")
    key = window.images.selection[0]
    refused(now=True)
    assert "wide.png" in strips(window)[0].accessibleName()

    press(window, "Use High")
    refused(now=False)
    window.images.set_detail(key, None)
    refused(now=True)
    press(window, "Switch to gpt-5.5")
    refused(now=False)
    window.choice.use_model(TERRA)
    refused(now=True)
    press(window, "Shrink to 6,765 px")
    refused(now=False)
    assert window.images.entries[key].edits == Edits(longest_px=6765)
    window.images.set_edits(key, Edits())
    refused(now=True)
    press(window, "Leave it out")
    qtbot.waitUntil(lambda: not strips(window), timeout=WAIT_MS)
    assert window.images.selection == []


def test_the_server_counts_on_request_until_something_is_changed(
    qtbot: QtBot, tmp_path: Path, window: Opened
) -> None:
    add(qtbot, window, make_image(tmp_path / "a.png"))
    window.composer.set_text("What is this?")
    qtbot.waitUntil(window.composer._estimate._count.isVisible, timeout=WAIT_MS)
    press(window, "Count exactly")
    qtbot.waitUntil(lambda: "input tokens, counted by 127.0.0.1" in words(window), timeout=WAIT_MS)

    window.composer.set_text("What is that?")
    qtbot.waitUntil(lambda: "counted by" not in words(window), timeout=WAIT_MS)
    assert window.composer._estimate._count.text() == "Count exactly"
    assert window.conversation.current.messages == ()


@pytest.mark.parametrize(("language", "sign"), [("curl", "curl "), ("python", "OpenAI(")])
def test_the_question_at_hand_and_one_that_was_asked_are_copied_as_code(
    qtbot: QtBot, tmp_path: Path, window: Opened, language: str, sign: str
) -> None:
    def copied() -> bool:
        text = QGuiApplication.clipboard().text()
        return sign in text and "What is this?" in text and "data:image/png;base64," in text

    add(qtbot, window, make_image(tmp_path / "a.png"))
    window.composer.set_text("What is this?")
    QGuiApplication.clipboard().clear()
    window.composer.code_requested.emit(language)
    qtbot.waitUntil(copied, timeout=WAIT_MS)
    qtbot.waitUntil(lambda: any("Copied as" in text for text in notices(window)), timeout=WAIT_MS)

    ask(qtbot, window, "What is this?")
    QGuiApplication.clipboard().clear()
    bubble = window.transcript.findChild(QuestionBubble)
    menu = bubble.actions_menu()
    next(a for a in menu.actions() if a.text().lower() == f"copy as {language}").trigger()
    qtbot.waitUntil(copied, timeout=WAIT_MS)


def test_a_refused_image_is_asked_about_again_at_half_its_size(
    qtbot: QtBot, tmp_path: Path, window: Opened, loopback: Loopback
) -> None:
    loopback.script.extend(["image_refused", "ok"])
    add(qtbot, window, make_image(tmp_path / "a.png", 1200, 900))
    ask(qtbot, window, "What is this?")
    answer = window.conversation.current.messages[-1]
    assert answer.problem is not None
    assert answer.problem.code is Code.IMAGE_REFUSED
    box = next(b for b in window.transcript.findChildren(ProblemBox) if b.isVisible())
    assert "a.png" in box.accessibleName()

    with qtbot.waitSignal(window.conversation.finished, timeout=WAIT_MS):
        press(window, "Shrink and ask again")

    assert window.conversation.current.messages[-1].state is AnswerState.COMPLETE
    assert [size_of(request.images[0]) for request in loopback.requests if request.images] == [
        (1200, 900),
        (600, 450),
    ]
    (entry,) = window.images.entries.values()
    assert entry.edits == Edits(longest_px=600)


def test_a_refused_image_can_be_shrunk_after_the_conversation_was_opened_anew(
    qtbot: QtBot, tmp_path: Path, window: Opened, loopback: Loopback
) -> None:
    loopback.script.extend(["too_large", "ok"])
    add(qtbot, window, make_image(tmp_path / "a.png", 1200, 900))
    ask(qtbot, window, "What is this?")
    window.images.remove(list(window.images.entries))
    window.conversation.show(window.conversation.current)

    with qtbot.waitSignal(window.conversation.finished, timeout=WAIT_MS):
        window.transcript.remedy_requested.emit(Remedy.SHRINK.value)

    assert size_of(loopback.requests[-1].images[0]) == (600, 450)


def test_a_part_is_sent_as_overview_and_part_and_its_note_is_seen(
    qtbot: QtBot, tmp_path: Path, window: Opened, loopback: Loopback
) -> None:
    add(qtbot, window, make_image(tmp_path / "a.png", 1200, 900))
    key = window.images.selection[0]
    window.images.set_edits(key, Edits(region=Area(100, 100, 400, 300)))
    ask(qtbot, window, "What is this?")

    assert [size_of(data) for data in loopback.requests[-1].images] == [(512, 384), (300, 200)]
    bubble = window.transcript.findChild(QuestionBubble)
    assert len(bubble.thumbs) == 2
    assert "the box marks the part" in bubble._notes.text()
    assert "overview" in bubble.thumbs[0].accessibleName()
    seen: list[int] = []
    window.transcript.attachment_opened.connect(seen.append)
    bubble.thumbs[1]._open()
    assert seen == [window.conversation.current.attachments()[1].id]


def test_a_hint_comes_when_typing_pauses_and_stays_away_once_dismissed(
    qtbot: QtBot, tmp_path: Path, window: Opened
) -> None:
    add(qtbot, window, make_image(tmp_path / "a.png"))
    window.composer.set_text("How many chairs are there?")
    qtbot.waitUntil(lambda: len(strips(window)) == 1, timeout=WAIT_MS)
    strips(window)[0].dismissed.emit()
    qtbot.waitUntil(lambda: not strips(window), timeout=WAIT_MS)

    assert "counting" in window.backend.settings.current.dismissed
    hints = window.window._composer_controller._hints
    with qtbot.waitSignal(hints.changed, timeout=WAIT_MS):
        window.composer.set_text("How many tables are there?")
    assert hints.hint("How many tables are there?", window.choice.model) is None


def spend(folder: Path, usd: str) -> None:
    """Put an answer of today that did cost so much into the history."""
    with opened_store(folder) as store:
        asked = replace(question(), created_at=datetime.now(UTC))
        conversation = begin(store, asked)
        answer = answered(conversation, cost_usd=Decimal(usd), created_at=datetime.now(UTC))
        store.finish(answer, ()).result()


@pytest.mark.parametrize(("answer", "may"), [(True, True), (False, False)])
def test_when_the_budget_is_used_up_asking_needs_a_yes_for_this_time(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, answer: bool, may: bool
) -> None:
    said: list[str] = []
    monkeypatch.setattr(
        budget_guard, "confirm", lambda _parent, **given: said.append(given["text"]) or answer
    )
    spend(tmp_path, "10.03")
    settings = Settings(budget_usd=Decimal(10))
    with open_window(qtbot, tmp_path, key="sk-test-0123456789", settings=settings) as opened:
        qtbot.waitUntil(lambda: opened.backend.spending.budget.state is BudgetState.STOP, timeout=WAIT_MS)
        controller = opened.window._composer_controller
        question_at_hand = controller._next().question
        passed = controller._guard.passed(question_at_hand, opened.choice.model)
        assert said == ["The month’s budget of $10 is used up ($10.03). Ask anyway?"]
        assert (passed is not None and passed.over_budget) is may
        free = controller._guard.passed(question_at_hand, opened.backend.catalog.on_device())
        assert free == question_at_hand


def test_at_four_fifths_of_the_budget_it_is_said_once(qtbot: QtBot, tmp_path: Path) -> None:
    spend(tmp_path, "8.50")
    settings = Settings(budget_usd=Decimal(10))
    with open_window(qtbot, tmp_path, key="sk-test-0123456789", settings=settings) as opened:
        expected = "85 % of the month’s budget is used: $8.50 of $10."
        qtbot.waitUntil(lambda: expected in notices(opened), timeout=WAIT_MS)
        opened.backend.spending.budget_changed.emit(opened.backend.spending.budget)
        assert notices(opened).count(expected) == 1


@pytest.mark.parametrize("yes", [True, False])
def test_a_budget_that_is_found_used_up_when_asking_leads_to_the_same_question(
    qtbot: QtBot, window: Opened, loopback: Loopback, monkeypatch: pytest.MonkeyPatch, yes: bool
) -> None:
    said: list[str] = []
    monkeypatch.setattr(budget_guard, "confirm", lambda _parent, **given: said.append(given["text"]) or yes)
    window.composer.set_text("What is this?")
    asked = window.window._composer_controller._next().question
    window.composer.set_text("")
    trouble = problem(Code.BUDGET_REACHED, limit="$10.00", spent="$10.03")
    now = datetime.now(UTC)
    answer = Message(role=Role.ASSISTANT, text="", state=AnswerState.FAILED, created_at=now, problem=trouble)
    window.conversation.current = Conversation(messages=(answer,))
    window.conversation.never_stored.emit(asked)

    qtbot.waitUntil(
        lambda: said == ["The month’s budget of $10 is used up ($10.03). Ask anyway?"], timeout=WAIT_MS
    )
    if yes:
        qtbot.waitUntil(
            lambda: not window.conversation.is_answering and loopback.requests != [], timeout=WAIT_MS
        )
        assert window.composer.text() == ""
    else:
        assert window.composer.text() == "What is this?"
        assert loopback.requests == []


def test_moving_a_chip_changes_the_order_of_the_badges(qtbot: QtBot, tmp_path: Path) -> None:
    with open_window(qtbot, tmp_path / "data", model="gpt-4.1") as opened:
        paths = [make_image(tmp_path / f"{color}.png", color=color) for color in ("olive", "red", "tan")]
        opened.gallery.paths_dropped.emit(paths)
        qtbot.waitUntil(lambda: len(opened.images.usable_selection()) == 3, timeout=WAIT_MS)
        first, second, third = opened.images.selection

        opened.composer.chip_moved.emit(first, 2)
        assert opened.images.selection == [second, third, first]
        opened.composer.chip_moved.emit(third, -5)
        assert opened.images.selection == [third, second, first]
        assert [opened.gallery.model.number(key) for key in (third, second, first)] == [1, 2, 3]

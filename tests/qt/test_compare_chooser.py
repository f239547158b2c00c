"""The chooser: two to four pairs, what they cost, and what hinders one of them."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtTest import QSignalSpy
from pytestqt.qtbot import QtBot

from desktop.core.model import Conversation, Detail
from desktop.core.pairs import Pair
from desktop.core.request import NewImage, Question
from desktop.ui.compare.chooser import CompareDialog
from desktop.ui.compare.judging import Judging
from desktop.ui.compare.state import ChooserRow, ChooserState
from desktop.ui.conversation.model_picker import ModelRow
from tests.helpers.conversations import attachment, billed, conversation, question
from tests.helpers.history import facts
from tests.helpers.window import Opened, open_window

MODELS = tuple(ModelRow(id=name, name=name) for name in ("gpt-4.1", "gpt-4o", "gpt-4.1-mini", "gpt-5.4"))
LEVELS = (Detail.AUTO, Detail.LOW, Detail.HIGH)
FIRST, SECOND = Pair("gpt-4.1", Detail.HIGH), Pair("gpt-4o", Detail.LOW)


def judge(pairs: tuple[Pair, ...]) -> ChooserState:
    """Each costs a cent; one model refuses HIGH."""
    rows = tuple(
        ChooserRow(
            name=pair.model,
            details=LEVELS,
            detail=pair.detail,
            price="≈ $0.01",
            tokens="683 tokens in",
            remark="It refuses this." if pair == Pair("gpt-4o", Detail.HIGH) else "",
        )
        for pair in pairs
    )
    return ChooserState(rows=rows, total=f"≈ $0.0{len(pairs)} for {len(pairs)} answers")


@pytest.fixture
def dialog(qtbot: QtBot) -> CompareDialog:
    made = CompareDialog((FIRST, SECOND), models=MODELS, judge=judge, parent=None)
    qtbot.addWidget(made)
    with qtbot.waitExposed(made):
        made.show()
    return made


def choose_detail(dialog: CompareDialog, row: int, detail: Detail) -> None:
    select = dialog.rows[row]._detail
    select.setCurrentIndex(select.findData(detail.value))
    select.activated.emit(select.currentIndex())


def test_each_row_says_what_it_costs_and_the_sum_is_below(dialog: CompareDialog) -> None:
    assert [row._price.text() for row in dialog.rows] == ["≈ $0.01"] * 2
    assert dialog._total.text() == "≈ $0.02 for 2 answers"
    assert [row.remove.isVisible() for row in dialog.rows] == [False, False]


def test_up_to_four_can_be_compared_and_never_fewer_than_two(dialog: CompareDialog) -> None:
    dialog.add.click()
    dialog.add.click()
    # The first of those that are not there yet.
    assert [pair.model for pair in dialog.pairs] == ["gpt-4.1", "gpt-4o", "gpt-4.1-mini", "gpt-5.4"]
    assert not dialog.add.isVisible()
    assert dialog._total.text() == "≈ $0.04 for 4 answers"
    dialog.rows[0].remove.click()
    dialog.rows[0].remove.click()
    assert [pair.model for pair in dialog.pairs] == ["gpt-4.1-mini", "gpt-5.4"]
    assert not any(row.remove.isVisible() for row in dialog.rows)
    dialog.rows[0].removed.emit()
    assert len(dialog.rows) == 2


def test_what_a_model_cannot_take_is_said_at_its_row_and_waits(dialog: CompareDialog) -> None:
    choose_detail(dialog, 1, Detail.HIGH)
    assert [row._remark.isVisible() for row in dialog.rows] == [False, True]
    assert not dialog.compare.isEnabled()
    choose_detail(dialog, 1, Detail.LOW)
    assert dialog.compare.isEnabled()


def test_the_same_model_twice_is_allowed(dialog: CompareDialog) -> None:
    chosen = QSignalSpy(dialog.chosen)
    dialog.rows[1]._on_model("gpt-4.1")
    choose_detail(dialog, 1, Detail.HIGH)
    dialog.compare.click()
    assert chosen.at(0)[0] == (FIRST, FIRST)
    assert not dialog.isVisible()


def test_cancel_asks_nobody(dialog: CompareDialog) -> None:
    chosen = QSignalSpy(dialog.chosen)
    dialog.reject()
    assert chosen.count() == 0


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    with open_window(qtbot, tmp_path, key="sk-test-0123456789", model="gpt-4.1") as window:
        qtbot.waitUntil(lambda: window.backend.prices.price_list is not None, timeout=20_000)
        yield window


def judging(opened: Opened, asked: Question) -> Judging:
    return Judging(backend=opened.backend, question=asked, sizes=lambda _new, _model: {})


def asked(*, width_px: int = 2000, of: Conversation | None = None) -> Question:
    image = NewImage(image=facts(width_px=width_px, height_px=1500), detail=Detail.AUTO)
    return Question(conversation=of or Conversation(), text="What?", images=(image,), model="gpt-4.1")


def test_sides_are_judged_by_the_real_models_and_prices(opened: Opened) -> None:
    pairs = FIRST, replace(FIRST, detail=Detail.LOW), Pair("on-device", Detail.LOW)
    state = judging(opened, asked()).state(pairs)
    high, low, reader = state.rows
    assert high.price != low.price
    assert high.price.startswith("≈ $0.00")
    assert (reader.name, reader.price, reader.details) == ("On-device reader", "free", ())
    assert state.total.endswith("for 3 answers")
    assert state.can_compare
    assert state.note == ""


def test_what_the_real_model_refuses_is_said(opened: Opened) -> None:
    huge = asked(width_px=30_000)
    state = judging(opened, huge).state((Pair("gpt-5.6-sol", Detail.ORIGINAL), FIRST))
    assert "patches" in state.rows[0].remark
    assert state.rows[1].remark == ""
    assert not state.can_compare


def test_an_unknown_price_makes_the_sum_a_least_one(opened: Opened) -> None:
    state = judging(opened, asked()).state((FIRST, Pair("nobody-knows", Detail.LOW)))
    assert state.rows[1].price == "≈ —"
    assert state.total.startswith("at least $0.00")


def test_without_images_of_its_own_no_detail_is_offered(opened: Opened) -> None:
    earlier = conversation(question("First", attachment(1), id=1), billed(id=2))
    follow = replace(asked(of=earlier), images=())
    state = judging(opened, follow).state((FIRST, SECOND))
    assert [row.details for row in state.rows] == [(), ()]
    assert "go as they were sent" in state.note


def test_without_a_key_a_model_of_openai_says_so(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")
    with open_window(qtbot, tmp_path) as window:
        state = judging(window, asked()).state((FIRST, Pair("on-device", Detail.AUTO)))
        assert [row.remark for row in state.rows] == ["Needs a key. Enter one in the settings.", ""]
        assert not state.can_compare

"""Lines above the estimate: findings with their buttons, and one hint."""

import pytest
from PySide6.QtWidgets import QAbstractButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.composer.composer import Composer
from desktop.ui.composer.state import ComposerState, Counting, EstimateLine, FindingLine, HintLine
from desktop.ui.composer.strips import Strip

TOO_LARGE = FindingLine(text="“a.png” is too large.", fixes=("Shrink to 4,000 px", "Leave it out"))
TOO_MANY = FindingLine(text="That is 1,501 images.", fixes=("Leave 1 image out",))


@pytest.fixture
def composer(qtbot: QtBot) -> Composer:
    made = Composer()
    qtbot.addWidget(made)
    made.resize(600, 300)
    made.show()
    return made


def seen(composer: Composer, kind: type[QWidget] = Strip) -> list[str]:
    return [w.accessibleName() for w in composer.findChildren(kind) if w.isVisible()]


def buttons(composer: Composer) -> dict[str, QAbstractButton]:
    return {b.text(): b for b in composer.findChildren(QAbstractButton) if b.isVisible() and b.text()}


def test_findings_come_with_their_buttons_and_go(composer: Composer) -> None:
    chosen: list[tuple[int, int]] = []
    composer.fix_chosen.connect(lambda finding, fix: chosen.append((finding, fix)))
    composer.show_state(ComposerState(findings=(TOO_LARGE, TOO_MANY)))
    assert seen(composer) == [TOO_LARGE.text, TOO_MANY.text]
    buttons(composer)["Leave it out"].click()
    buttons(composer)["Leave 1 image out"].click()
    assert chosen == [(0, 1), (1, 0)]

    composer.show_state(ComposerState(findings=(TOO_MANY,)))
    assert seen(composer) == [TOO_MANY.text]
    buttons(composer)["Leave 1 image out"].click()
    assert chosen[-1] == (0, 0)
    composer.show_state(ComposerState())
    assert seen(composer) == []


def test_a_button_keeps_its_focus_while_one_types(composer: Composer) -> None:
    composer.show_state(ComposerState(findings=(TOO_LARGE,)))
    button = buttons(composer)["Leave it out"]
    composer.show_state(ComposerState(findings=(TOO_LARGE,), why_not="x"))
    assert buttons(composer)["Leave it out"] is button


def test_a_hint_is_dismissed_by_its_cross(composer: Composer) -> None:
    told: list[str] = []
    composer.hint_dismissed.connect(told.append)
    composer.show_state(ComposerState(hint=HintLine(id="counting", text="Models count inexactly.")))
    assert seen(composer) == ["Models count inexactly."]
    (strip,) = (s for s in composer.findChildren(Strip) if s.isVisible())
    next(b for b in strip.findChildren(QAbstractButton) if b.accessibleName().startswith("Do not")).click()
    assert told == ["counting"]


def test_hostile_text_is_shown_as_it_is(composer: Composer) -> None:
    composer.show_state(ComposerState(findings=(FindingLine(text="<b>a</b>.png"),)))
    assert seen(composer) == ["<b>a</b>.png"]


def test_while_something_would_be_refused_the_estimate_stays_and_ask_waits(composer: Composer) -> None:
    line = EstimateLine(price="≈ $0.01", parts="5 image + 3 text tokens")
    composer.show_state(ComposerState(findings=(TOO_LARGE,), estimate=line, why_not=TOO_LARGE.text))
    assert "≈ $0.01" in composer._estimate.text()
    assert not buttons(composer)["Ask\u2002"].isEnabled()
    assert TOO_LARGE.text.strip("“") in composer._tools.ask.toolTip()


def test_counting_is_offered_shown_and_told(composer: Composer) -> None:
    asked: list[bool] = []
    composer.count_requested.connect(lambda: asked.append(True))
    composer.show_state(ComposerState(counting=Counting.OFFERED))
    buttons(composer)["Count exactly"].click()
    assert asked == [True]
    composer.show_state(ComposerState(counting=Counting.RUNNING))
    assert "Counting… cancel" in buttons(composer)
    composer.show_state(
        ComposerState(counting=Counting.DONE, counted="4,211 input tokens, counted by OpenAI")
    )
    assert "Count exactly" not in buttons(composer)
    assert "counted by OpenAI" in composer._estimate.text()
    composer.show_state(ComposerState())
    assert "counted" not in composer._estimate.text()


def test_the_question_is_offered_as_code_only_where_it_is_sent(composer: Composer) -> None:
    told: list[str] = []
    composer.code_requested.connect(told.append)
    assert not composer._tools._more.isVisible()
    composer.show_state(ComposerState(can_copy=True))
    assert composer._tools._more.isVisible()
    for action in composer._tools.more_menu().actions():
        action.trigger()
    assert told == ["curl", "python"]

"""The composer: asks when one may, says why when one may not, and never loses what is typed."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.core.model import Detail
from desktop.ui import theme
from desktop.ui.composer.composer import Composer
from desktop.ui.composer.state import ChipState, ComposerState, EstimateLine, PresetItem

CONTROL = Qt.KeyboardModifier.ControlModifier
ESTIMATE = EstimateLine(price="≈ $0.0021", parts="297 new + 318 text tokens", upload="uploads 214 KB")
PRESETS = (
    PresetItem(id="copy", icon="case-sensitive", title="Copy the text", prompt="Copy."),
    PresetItem(id="receipt", icon="receipt-text", title="Check & sum", enabled=False, hint="Needs a model"),
)


def state(**fields: object) -> ComposerState:
    known = {
        "details": tuple(Detail),
        "detail": Detail.HIGH,
        "estimate": ESTIMATE,
        "can_ask": True,
        "presets": PRESETS,
        "new": (ChipState(key=9, name="till.png", caption="297 tok"),),
    }
    return ComposerState(**{**known, **fields})


@pytest.fixture
def composer(qtbot: QtBot) -> Composer:
    made = Composer()
    qtbot.addWidget(made)
    made.resize(700, 220)
    made.show_state(state())
    made.show()
    return made


def words(composer: Composer) -> str:
    return composer._estimate.text()


def test_ask_and_the_send_key_ask(composer: Composer, qtbot: QtBot) -> None:
    asked: list[None] = []
    composer.ask_requested.connect(lambda: asked.append(None))
    qtbot.mouseClick(composer._tools.ask, Qt.MouseButton.LeftButton)
    qtbot.keyClick(composer._prompt, Qt.Key.Key_Return, CONTROL)
    assert len(asked) == 2


@pytest.mark.parametrize("fields", [{"can_ask": False, "why_not": "Too many images."}, {"answering": True}])
def test_nothing_is_asked_while_one_may_not(
    composer: Composer, qtbot: QtBot, fields: dict[str, object]
) -> None:
    asked: list[None] = []
    composer.ask_requested.connect(lambda: asked.append(None))
    composer.set_text("my draft")
    composer.show_state(state(**fields))
    qtbot.mouseClick(composer._tools.ask, Qt.MouseButton.LeftButton)
    qtbot.keyClick(composer._prompt, Qt.Key.Key_Return, CONTROL)
    assert not asked
    qtbot.keyClicks(composer._prompt, "!")
    assert composer.text() == "my draft!"


def test_the_reason_stands_in_the_line_and_on_the_button(composer: Composer) -> None:
    composer.show_state(state(can_ask=False, why_not="Too many images."))
    assert words(composer) == "Too many images."
    assert "Too many images." in composer._tools.ask.toolTip()
    composer.show_state(state())
    assert words(composer) == "≈ $0.0021 297 new + 318 text tokens · uploads 214 KB"


def test_while_an_answer_comes_the_estimate_stays(composer: Composer) -> None:
    composer.show_state(state(answering=True, can_ask=False, why_not="Wait for the answer."))
    assert "≈ $0.0021" in words(composer)


def test_new_state_keeps_text_cursor_and_keyboard(composer: Composer, qtbot: QtBot) -> None:
    composer.focus_prompt()
    qtbot.waitUntil(composer._prompt.hasFocus)
    composer.set_text("what is it")
    cursor = composer._prompt.textCursor()
    cursor.setPosition(4)
    composer._prompt.setTextCursor(cursor)
    composer.show_state(state(new=(), detail=Detail.LOW, presets=()))
    assert composer._prompt.textCursor().position() == 4
    assert composer._prompt.hasFocus()
    assert composer.text() == "what is it"


def test_text_is_told_when_it_changes_and_only_then(composer: Composer, qtbot: QtBot) -> None:
    told: list[str] = []
    composer.text_changed.connect(told.append)
    composer.set_text("a")
    composer.set_text("a")
    qtbot.keyClicks(composer._prompt, "b")
    assert told == ["a", "ab"]


def test_the_frame_shows_where_the_keyboard_is(composer: Composer, qtbot: QtBot) -> None:
    composer.focus_prompt()
    qtbot.waitUntil(lambda: composer._frame.property("focused"))
    composer._tools._add.setFocus()
    assert not composer._frame.property("focused")


def test_levels_stand_side_by_side_where_they_fit_and_drop_down_where_not(composer: Composer) -> None:
    segments, drop_down = composer._tools._segments, composer._tools._drop_down
    assert segments.isVisible()
    assert not drop_down.isVisible()
    composer.resize(420, 220)
    assert not segments.isVisible()
    assert drop_down.isVisible()
    assert drop_down.text() == "High"
    composer.show_state(state(details=()))
    assert not segments.isVisible()
    assert not drop_down.isVisible()


def test_a_level_is_chosen_from_either(composer: Composer, qtbot: QtBot) -> None:
    chosen: list[str] = []
    composer.detail_chosen.connect(chosen.append)
    composer._tools._segments.chosen.emit("low")
    composer.resize(420, 220)
    next(a for a in composer._tools._levels.actions() if a.text() == "Original").trigger()
    assert chosen == ["low", "original"]


def test_it_fits_into_the_narrowest_window(composer: Composer) -> None:
    assert composer.minimumSizeHint().width() <= 420


def test_the_level_that_drops_down_was_cut_off_at_its_lower_edge(composer: Composer) -> None:
    composer.resize(420, 220)
    tools = composer._tools
    for shown in (tools._drop_down, tools._prompts, tools.ask):
        assert shown.isVisible()
        assert tools.rect().contains(shown.geometry())
        assert shown.height() == 32


@pytest.mark.parametrize(("send_key", "shown"), [("enter", False), ("ctrl_enter", True)])
def test_the_key_caps_show_what_sends(composer: Composer, send_key: str, shown: bool) -> None:
    composer.show_state(state(send_key=send_key))
    assert composer._estimate._control.isVisible() is shown
    assert composer._estimate._enter.isVisible()


def test_chips_and_images_are_told(composer: Composer, qtbot: QtBot) -> None:
    with qtbot.waitSignals([composer.chip_removed, composer.images_requested]):
        composer._chips.removed.emit(9)
        qtbot.mouseClick(composer._tools._add, Qt.MouseButton.LeftButton)


def test_every_control_has_a_name(composer: Composer) -> None:
    from PySide6.QtWidgets import QAbstractButton, QPlainTextEdit

    for kind in (QAbstractButton, QPlainTextEdit):
        for control in composer.findChildren(kind):
            if control.isVisible():
                assert control.accessibleName(), control


def test_both_themes_can_be_painted(composer: Composer) -> None:
    def corner(widget: QWidget) -> str:
        return widget.grab().toImage().pixelColor(300, 60).name()

    light = corner(composer)
    theme.current().apply("dark")
    try:
        assert corner(composer) != light
    finally:
        theme.current().apply("light")

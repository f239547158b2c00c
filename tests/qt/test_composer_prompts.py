"""The Prompts menu and the variables in the box."""

from collections.abc import Callable, Iterator

import pytest
import shiboken6
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QTextLayout
from PySide6.QtWidgets import QApplication, QLineEdit, QPushButton, QWidget
from pytestqt.qtbot import QtBot

from desktop.core.prompts import Library, own_prompt, starred, with_shortcut
from desktop.ui import theme
from desktop.ui.composer.composer import Composer
from desktop.ui.composer.prompt_popup import PromptPopup
from desktop.ui.composer.state import ComposerState, FillingLine
from desktop.ui.composing import preset_rows

OWN = own_prompt("own-1", "Quality <b>report</b>", "Report on {name}, {date}; {{name}} stays.")
LIBRARY = with_shortcut(starred(Library(own=(OWN,)), "receipt", favourite=True), "receipt", "Ctrl+Alt+1")


@pytest.fixture
def composer(qtbot: QtBot) -> Composer:
    made = Composer()
    qtbot.addWidget(made)
    made.resize(700, 220)
    made.move(100, 500)
    made.show_state(ComposerState(presets=preset_rows(on_device=True, library=LIBRARY)))
    made.show()
    return made


@pytest.fixture
def popup(composer: Composer, qtbot: QtBot) -> Iterator[PromptPopup]:
    qtbot.mouseClick(composer._tools._prompts, Qt.MouseButton.LeftButton)
    found = composer.findChild(PromptPopup)
    assert found is not None
    yield found
    if shiboken6.isValid(found):
        found.close()


def titles(popup: PromptPopup) -> list[str]:
    rows = range(popup._list.count())
    return [popup._list.item(row).text() for row in rows]


def current(popup: PromptPopup) -> str:
    return popup._list.currentItem().text()


def press(popup: PromptPopup, qtbot: QtBot, key: Qt.Key) -> None:
    qtbot.keyClick(popup._field, key)


def test_favourites_first_then_own_ones_then_topics(popup: PromptPopup) -> None:
    assert titles(popup)[:7] == [
        *("Favourites", "Check a receipt", "Your prompts", "Quality <b>report</b>"),
        *("Text and codes", "Copy the text", "Read the codes"),
    ]
    receipt = popup._list.item_at(1)
    assert (receipt.shortcut, receipt.favourite, receipt.enabled) == ("Ctrl+Alt+1", True, False)
    assert receipt.hint == "Needs a model"


def test_the_cursor_passes_over_titles_and_what_needs_a_model(popup: PromptPopup, qtbot: QtBot) -> None:
    assert current(popup) == "Quality <b>report</b>"
    press(popup, qtbot, Qt.Key.Key_Down)
    assert current(popup) == "Copy the text"
    press(popup, qtbot, Qt.Key.Key_Up)
    assert current(popup) == "Quality <b>report</b>"


def test_typing_searches_titles_hints_and_texts(popup: PromptPopup, qtbot: QtBot) -> None:
    qtbot.keyClicks(popup._field, "qr CODE")
    assert titles(popup) == ["Text and codes", "Read the codes"]
    popup._field.setText("{date}")
    assert "Quality <b>report</b>" in titles(popup)
    popup._field.setText("zzz")
    assert popup._nothing.isVisible()
    assert not popup._list.isVisible()


def test_enter_chooses_and_a_prompt_that_needs_a_model_is_not_chosen(
    composer: Composer, popup: PromptPopup, qtbot: QtBot
) -> None:
    popup._field.setText("receipt")
    with qtbot.assertNotEmitted(composer.preset_chosen):
        press(popup, qtbot, Qt.Key.Key_Return)
    popup._field.setText("quality")
    with qtbot.waitSignal(composer.preset_chosen) as chosen:
        press(popup, qtbot, Qt.Key.Key_Return)
    assert chosen.args == ["own-1"]
    assert not popup.isVisible()


def test_escape_chooses_nothing(composer: Composer, popup: PromptPopup, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(composer.preset_chosen):
        press(popup, qtbot, Qt.Key.Key_Escape)
    assert not popup.isVisible()


def test_the_menu_stays_in_the_window_and_ends_above_its_button(
    composer: Composer, popup: PromptPopup
) -> None:
    button = composer._tools._prompts
    for typed in ("", "quality", "zzz", ""):
        popup._field.setText(typed)
        assert popup.geometry().bottom() < button.mapToGlobal(QPoint(0, 0)).y()
        assert popup.geometry().top() >= 0
        assert popup.geometry().right() <= composer.geometry().right()


def test_saving_needs_something_in_the_box(composer: Composer, qtbot: QtBot) -> None:
    def save_button() -> QPushButton:
        composer._tools.open_prompts()
        return composer.findChildren(PromptPopup)[-1]._save

    assert not save_button().isEnabled()
    composer.findChildren(PromptPopup)[-1].close()
    composer.set_text("  \n")
    assert not save_button().isEnabled()
    composer.findChildren(PromptPopup)[-1].close()
    composer.set_text("What is this?")
    button = save_button()
    with qtbot.waitSignal(composer.save_prompt_requested):
        button.click()


def test_the_library_is_reached_by_keyboard(composer: Composer, popup: PromptPopup, qtbot: QtBot) -> None:
    with qtbot.waitSignal(composer.manage_prompts_requested):
        qtbot.keyClick(popup._manage, Qt.Key.Key_Space)
    assert isinstance(popup._field, QLineEdit)
    assert popup._field.accessibleName()


def test_what_a_stranger_calls_a_prompt_is_shown_as_it_is(popup: PromptPopup) -> None:
    row = popup._list.row_of("own-1")
    assert "<b>" not in popup._list.item(row).toolTip().replace("<nobr>", "")
    assert "{name}" in popup._list.item(row).toolTip()


def marked(composer: Composer) -> list[str]:
    text = composer.text()
    found: list[QTextLayout.FormatRange] = composer._prompt.document().firstBlock().layout().formats()
    return [text[one.start : one.start + one.length] for one in found]


def test_variables_are_marked_in_the_box_and_escaped_ones_are_not(composer: Composer, qtbot: QtBot) -> None:
    composer.set_text("Report on {name}, {date}; {{name}} and {x} stay.")
    qtbot.waitUntil(lambda: marked(composer) == ["{name}", "{date}"])
    theme.current().apply("dark")
    accent = theme.current().color("accent_soft")
    formats = composer._prompt.document().firstBlock().layout().formats()
    assert formats[0].format.background().color() == accent
    theme.current().apply("light")


def test_marking_is_no_typing(composer: Composer) -> None:
    composer.set_text("About {name}")
    said: list[str] = []
    composer.text_changed.connect(said.append)
    theme.current().apply("dark")
    theme.current().apply("light")
    QApplication.processEvents()
    assert said == []


def test_a_prompt_that_is_put_into_the_box_can_be_undone_there(composer: Composer, qtbot: QtBot) -> None:
    qtbot.keyClicks(composer._prompt, "My long question")
    composer.put_prompt("Another")
    assert composer.text() == "Another"
    composer._prompt.undo()
    assert composer.text() == "My long question"


def test_what_is_missing_is_said_with_one_button(composer: Composer, qtbot: QtBot) -> None:
    strip = composer._strips._filling
    line = FillingLine(text="Reading the texts of 2 images: 0 done…", action="Leave it empty", busy=True)
    composer.show_state(ComposerState(filling=line))
    assert strip.isVisible()
    assert strip.accessibleName() == line.text
    button = next(b for b in strip.findChildren(QPushButton) if b.text() == "Leave it empty")
    composer.show_state(
        ComposerState(filling=FillingLine(text="1 done…", action="Leave it empty", busy=True))
    )
    with qtbot.waitSignal(composer.filling_acted):
        button.click()
    composer.show_state(ComposerState())
    assert not strip.isVisible()


def test_it_fits_into_a_narrow_window(qtbot: QtBot, present: Callable[[QWidget], None]) -> None:
    composer = Composer()
    composer.resize(420, 300)
    present(composer)
    composer.show_state(ComposerState(presets=preset_rows(on_device=False, library=LIBRARY)))
    composer._tools.open_prompts()
    popup = composer.findChild(PromptPopup)
    assert popup.width() <= 420
    assert popup.sizeHint().width() <= popup.width()
    popup.close()

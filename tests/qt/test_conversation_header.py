"""Title, model picker, and the page before the first question."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui import theme
from desktop.ui.composer.state import PresetItem
from desktop.ui.conversation.empty import Card, EmptyPage
from desktop.ui.conversation.header import ConversationHeader, ModelRow
from desktop.ui.conversation.model_picker import ModelPopup

ROWS = (
    ModelRow(id="on-device", name="On-device reader", note="free"),
    ModelRow(id="gpt-5-mini", name="gpt-5-mini", note="$0.25 in, $2.00 out per million tokens"),
    ModelRow(id="gpt-4o", name="gpt-4o", note="$2.50 in"),
)


@pytest.fixture
def header(qtbot: QtBot) -> ConversationHeader:
    made = ConversationHeader()
    qtbot.addWidget(made)
    made.resize(600, 48)
    made.set_models(ROWS)
    made.set_current("gpt-4o", "gpt-4o")
    made.show()
    return made


@pytest.fixture
def popup(header: ConversationHeader, qtbot: QtBot) -> ModelPopup:
    made = ModelPopup(ROWS, current="gpt-4o", parent=header)
    made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(made)
    return made


def names(popup: ModelPopup) -> list[str]:
    return [popup._list.item(place).text() for place in range(popup._list.count())]


def test_the_picker_names_who_answers(header: ConversationHeader) -> None:
    assert header._picker.text() == "gpt-4o"
    assert "gpt-4o" in header._picker.accessibleName()
    header.set_current("x", "a&b\n" + "x" * 500)
    assert "\n" not in header._picker.text()
    assert header._picker.sizeHint().width() < 400


def test_a_hostile_title_is_one_plain_line(header: ConversationHeader) -> None:
    header.set_title("<img src=/dev/zero>\u202egnp.\nx")
    assert header._title.textFormat() is Qt.TextFormat.PlainText
    assert "\u202e" not in header._title.text()
    assert "\n" not in header._title.text()


def test_the_menu_offers_to_delete_and_export_only_what_there_is(
    header: ConversationHeader, qtbot: QtBot
) -> None:
    header.set_deletable(False)
    assert not header._delete.isVisible()
    assert not header._export.isVisible()
    assert header._import.isVisible()
    header.set_deletable(True)
    assert header._delete.isVisible()
    assert header._export.isVisible()
    with qtbot.waitSignal(header.delete_requested):
        header._delete.trigger()
    with qtbot.waitSignal(header.export_requested):
        header._export.trigger()


def test_what_is_otherwise_about_the_answers_is_said(header: ConversationHeader, qtbot: QtBot) -> None:
    assert not header._options.isVisible()
    header.show_options("instructions, length")
    assert (header._options.isVisible(), header._options.text()) == (True, "instructions, length")
    with qtbot.waitSignal(header.options_requested):
        header._options.click()
    header.show_options("")
    assert not header._options.isVisible()


def test_all_models_are_offered_with_the_current_one_chosen(popup: ModelPopup) -> None:
    assert names(popup) == [row.name for row in ROWS]
    assert popup._list.currentItem().text() == "gpt-4o"


def test_typing_filters_and_enter_chooses_the_first(popup: ModelPopup, qtbot: QtBot) -> None:
    popup._field.setText("mini")
    assert names(popup)[0] == "gpt-5-mini"
    with qtbot.waitSignal(popup.chosen) as chosen:
        qtbot.keyClick(popup._field, Qt.Key.Key_Return)
    assert chosen.args == ["gpt-5-mini"]


def test_arrow_keys_move_the_choice_while_the_field_has_the_keyboard(popup: ModelPopup, qtbot: QtBot) -> None:
    qtbot.keyClick(popup._field, Qt.Key.Key_Up)
    with qtbot.waitSignal(popup.chosen) as chosen:
        qtbot.keyClick(popup._field, Qt.Key.Key_Return)
    assert chosen.args == ["gpt-5-mini"]


def test_a_model_that_is_not_in_the_list_can_be_typed(popup: ModelPopup, qtbot: QtBot) -> None:
    popup._field.setText(" my/own-model ")
    assert names(popup) == ["Use “my/own-model”"]
    with qtbot.waitSignal(popup.chosen) as chosen:
        qtbot.keyClick(popup._field, Qt.Key.Key_Return)
    assert chosen.args == ["my/own-model"]


def test_a_name_that_is_in_the_list_is_not_offered_twice(popup: ModelPopup) -> None:
    popup._field.setText("gpt-4o")
    assert names(popup) == ["gpt-4o"]


def test_two_thousand_models_are_listed_quickly(header: ConversationHeader, qtbot: QtBot) -> None:
    rows = tuple(ModelRow(id=f"m{n}", name=f"model {n}") for n in range(2000))
    popup = ModelPopup(rows, current="m5", parent=header)
    popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(popup)
    assert popup._list.count() == 2000
    assert popup.height() < 600


def opened(header: ConversationHeader, qtbot: QtBot, *, current: str) -> ModelPopup:
    rows = [ModelRow(id=f"m{n}", name=f"model {n}") for n in range(40)]
    popup = ModelPopup((*rows, ModelRow(id="on-device", name="Reader")), current=current, parent=header)
    popup.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(popup)
    popup.open_below(header)
    return popup


def test_the_list_opens_with_the_model_in_use_in_its_middle(header: ConversationHeader, qtbot: QtBot) -> None:
    popup = opened(header, qtbot, current="m20")
    place = popup._list.visualItemRect(popup._list.currentItem())
    assert popup._list.currentItem().text() == "model 20"
    qtbot.waitUntil(lambda: abs(place.center().y() - popup._list.viewport().height() // 2) < 44)


def test_the_reader_on_this_computer_comes_first(header: ConversationHeader, qtbot: QtBot) -> None:
    assert opened(header, qtbot, current="m3")._list.item(0).text() == "Reader"


def test_the_list_of_models_has_round_corners(header: ConversationHeader, qtbot: QtBot) -> None:
    popup = opened(header, qtbot, current="m3")
    image = popup.grab().toImage()
    assert image.pixelColor(0, 0).alpha() == 0
    assert image.pixelColor(image.width() // 2, 3) == theme.current().color("surface_raised")


def presets(count: int, *, enabled: bool = True) -> tuple[PresetItem, ...]:
    return tuple(
        PresetItem(id=f"p{n}", icon="eye", title=f"Prompt {n}", hint="What it gives", enabled=enabled)
        for n in range(count)
    )


@pytest.fixture
def page(qtbot: QtBot) -> EmptyPage:
    made = EmptyPage()
    qtbot.addWidget(made)
    made.resize(672, 560)
    made.show()
    return made


def cards(page: EmptyPage) -> list[Card]:
    return [card for card in page.findChildren(Card) if card.isVisible()]


def test_the_first_six_prompts_are_cards_in_two_columns_or_in_one(page: EmptyPage, qtbot: QtBot) -> None:
    page.set_presets(presets(9), on_device=False)
    qtbot.waitUntil(lambda: len({card.x() for card in cards(page)}) == 2)
    assert len(cards(page)) == 6
    page.resize(420, 560)
    qtbot.waitUntil(lambda: len({card.x() for card in cards(page)}) == 1)


def test_a_card_chooses_its_prompt_by_click_and_by_key(page: EmptyPage, qtbot: QtBot) -> None:
    page.set_presets(presets(2), on_device=False)
    qtbot.waitUntil(lambda: len(cards(page)) == 2)
    with qtbot.waitSignal(page.preset_chosen) as clicked:
        qtbot.mouseClick(cards(page)[1], Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(page.preset_chosen) as pressed:
        qtbot.keyClick(cards(page)[0], Qt.Key.Key_Space)
    assert (clicked.args, pressed.args) == (["p1"], ["p0"])


def test_a_card_that_needs_a_model_asks_for_a_key_instead(page: EmptyPage, qtbot: QtBot) -> None:
    page.set_presets(presets(1, enabled=False), on_device=True)
    qtbot.waitUntil(lambda: len(cards(page)) == 1)
    assert "add a key" in cards(page)[0].accessibleDescription()
    with qtbot.assertNotEmitted(page.preset_chosen), qtbot.waitSignal(page.key_requested):
        qtbot.mouseClick(cards(page)[0], Qt.MouseButton.LeftButton)


def test_the_sentence_tells_who_will_answer(page: EmptyPage) -> None:
    page.set_presets(presets(1), on_device=True)
    assert "on-device reader" in page._sentence.toPlainText()
    page.set_presets(presets(1), on_device=False)
    assert "on-device reader" not in page._sentence.toPlainText()


def test_the_headline_stays_where_it_is_when_chips_come_and_go(qtbot: QtBot) -> None:
    window, page, composer = QWidget(), EmptyPage(), QFrame()
    column = QVBoxLayout(window)
    column.addWidget(page, 1)
    column.addWidget(composer)
    page.set_presets(presets(6), on_device=False)
    qtbot.addWidget(window)
    window.resize(680, 760)
    window.show()

    def top() -> int:
        return page._headline.mapTo(window, QPoint(0, 0)).y()

    composer.setFixedHeight(110)
    qtbot.waitUntil(lambda: composer.height() == 110 and top() > 100)
    before = top()
    composer.setFixedHeight(200)
    qtbot.waitUntil(lambda: page.geometry().bottom() < composer.y() and composer.height() == 200)
    assert top() == before
    window.resize(680, 500)
    qtbot.waitUntil(lambda: top() < before)


@pytest.mark.parametrize("on_device", [False, True])
@pytest.mark.parametrize("width", [300, 672, 900])
def test_no_line_of_the_sentence_holds_a_single_word(
    page: EmptyPage, qtbot: QtBot, on_device: bool, width: int
) -> None:
    page.resize(width, 560)
    page.set_presets(presets(6), on_device=on_device)
    block = page._sentence.document().firstBlock()

    def words_in_lines() -> list[int]:
        lines = [block.layout().lineAt(place) for place in range(block.layout().lineCount())]
        text = block.text()
        return [len(text[n.textStart() : n.textStart() + n.textLength()].split()) for n in lines]

    qtbot.waitUntil(lambda: page.width() == width and len(words_in_lines()) > 1)
    assert min(words_in_lines()) > 3


def test_a_narrow_page_is_not_cut_at_its_side(page: EmptyPage, qtbot: QtBot) -> None:
    page.resize(240, 560)
    page.set_presets(presets(6), on_device=True)
    qtbot.waitUntil(lambda: page.widget().width() == page.viewport().width())
    assert all(card.mapTo(page, card.rect().bottomRight()).x() < 240 for card in cards(page))

"""A question is a bubble as wide as it needs, with its images."""

from dataclasses import replace

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from desktop.core.edits import Area, Edits
from desktop.core.model import ON_DEVICE, Attachment
from desktop.ui import theme
from desktop.ui.conversation.bubble import QuestionBubble
from tests.helpers.conversations import attachment, question


def bubble(qtbot: QtBot, text: str, *images: Attachment) -> QuestionBubble:
    made = QuestionBubble(question(text, *images))
    qtbot.addWidget(made)
    made.resize(600, 100)
    made.show()
    return made


def test_a_bubble_is_as_wide_as_it_needs_and_at_most_three_quarters(qtbot: QtBot) -> None:
    short, much = bubble(qtbot, "Why?"), bubble(qtbot, "Why? " * 200)
    qtbot.waitUntil(lambda: short._frame.width() < 120)
    qtbot.waitUntil(lambda: 350 < much._frame.width() <= 450)
    unbroken = bubble(qtbot, "x" * 3000)
    qtbot.waitUntil(lambda: unbroken._frame.width() <= 450)


def test_a_question_is_plain_text_whatever_it_says(qtbot: QtBot) -> None:
    made = bubble(qtbot, "<b>x</b> ![y](/dev/zero)")
    assert made._text.text() == "<b>x</b> ![y](/dev/zero)"


def test_copying_a_question_gives_what_was_asked(qtbot: QtBot, qapp: QApplication) -> None:
    made = bubble(qtbot, "x" * 500)
    made._copy.show()
    qtbot.mouseClick(made._copy, Qt.MouseButton.LeftButton)
    assert qapp.clipboard().text() == "x" * 500


def many(count: int) -> list[Attachment]:
    return [attachment(number) for number in range(1, count + 1)]


def test_a_question_with_very_many_images_is_folded_until_the_rest_is_wanted(qtbot: QtBot) -> None:
    made = bubble(qtbot, "x", *many(210))
    qtbot.waitUntil(lambda: 0 < made.sizeHint().height() < 400)
    assert len(made.thumbs) == 12
    more = made._more
    assert more is not None
    assert more.text() == "+198"
    assert more.height() == made.thumbs[0].height()
    with qtbot.waitSignal(made.thumbnails_needed) as wanted:
        qtbot.keyClick(more, Qt.Key.Key_Space)
    assert wanted.args[0][-1].id == 210
    assert len(made.thumbs) == 210
    made.show_message(made.message)
    assert len(made.thumbs) == 210


def test_no_button_stands_for_a_single_image(qtbot: QtBot) -> None:
    assert len(bubble(qtbot, "x", *many(13)).thumbs) == 13
    assert len(bubble(qtbot, "x", *many(14)).thumbs) == 12


def test_a_white_picture_has_an_edge(qtbot: QtBot) -> None:
    made = bubble(qtbot, "x", attachment(1))
    white = QPixmap(30, 30)
    white.fill(QColor("#ffffff"))
    made.thumbs[0].set_pixmap(white)
    image = made.thumbs[0].grab().toImage()
    assert image.pixelColor(0, image.height() // 2) == theme.current().color("border_strong")


def test_an_image_tells_its_name_tokens_and_price(qtbot: QtBot) -> None:
    made = bubble(qtbot, "x", attachment(1))
    name = made.thumbs[0].accessibleName()
    assert all(part in name for part in ("photo 1.png", "562 tok", "$0.0011", "560×820", "High"))


def test_an_image_that_was_read_on_this_computer_counts_nothing(qtbot: QtBot) -> None:
    made = bubble(qtbot, "x", attachment(1, tokens=0, cost="0"))
    assert "tok" not in made.thumbs[0].accessibleName()


def test_an_image_is_opened_by_click_and_by_key_once_it_is_stored(qtbot: QtBot) -> None:
    made = bubble(qtbot, "x", attachment(7), attachment(8))
    opened: list[int] = []
    made.attachment_opened.connect(opened.append)
    qtbot.mouseClick(made.thumbs[0], Qt.MouseButton.LeftButton)
    qtbot.keyClick(made.thumbs[1], Qt.Key.Key_Return)
    made.show_message(question("x", replace(attachment(7), id=0)))
    qtbot.mouseClick(made.thumbs[0], Qt.MouseButton.LeftButton)
    assert opened == [7, 8]


def test_an_edited_image_says_what_was_done_and_what_the_prompt_says_of_it(qtbot: QtBot) -> None:
    area = Area(0, 0, 9, 9)
    made = bubble(
        qtbot,
        "x",
        replace(attachment(7), edits=Edits(crop=area, blackouts=(area,))),
        replace(attachment(8), note="numbered circles: 1 = <b>weight</b>"),
    )
    assert "cropped, blacked out" in made.thumbs[0].accessibleName()
    assert made._notes.isVisible()
    assert made._notes.text() == "Image 2: numbered circles: 1 = <b>weight</b>"
    assert not bubble(qtbot, "x", attachment(9))._notes.isVisible()


def test_a_question_to_a_server_can_be_copied_as_code_and_one_to_the_reader_cannot(qtbot: QtBot) -> None:
    made = bubble(qtbot, "x")
    asked = made.message
    wanted: list[tuple[int, str]] = []
    made.code_requested.connect(lambda number, language: wanted.append((number, language)))
    made.show_message(replace(asked, id=5, model="gpt-4.1"))
    for action in made.actions_menu().actions():
        if "Copy as" in action.text():
            action.trigger()
    made.show_message(replace(asked, id=5, model=ON_DEVICE))
    assert [a.text() for a in made.actions_menu().actions()] == ["Copy question"]
    assert wanted == [(5, "curl"), (5, "python")]


def test_a_question_that_was_put_to_others_says_so(qtbot: QtBot) -> None:
    made = bubble(qtbot, "x")
    assert not made._compared.isVisibleTo(made)
    made.set_compared(2)
    assert (made._compared.isVisibleTo(made), made._compared.text()) == (True, "Compared with 2 others")
    with qtbot.waitSignal(made.comparison_opened) as opened:
        made._compared.click()
    assert opened.args == [made.message.id]


def test_a_very_long_question_is_laid_out_where_it_is_seen_and_copied_as_it_was(qtbot: QtBot) -> None:
    text = "\n".join(f"  line {number} of  it" for number in range(3000))
    made = bubble(qtbot, text)
    view = made.text_view
    assert len(view.leaves) > 5
    view.selecting.select_all()
    assert view.selecting.text() == text
    assert not all(piece.has_document for piece in view._pieces.all)

"""Words are found in all messages of a conversation, marked, and gone to one after the other."""

from collections.abc import Callable

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QLineEdit, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui.conversation.transcript import Transcript
from tests.helpers.conversations import billed, conversation, question


@pytest.fixture
def transcript(qtbot: QtBot, present: Callable[[QWidget], None]) -> Transcript:
    made = Transcript()
    made.resize(640, 400)
    present(made)
    messages = []
    for turn in range(60):
        text = f"answer **{turn}**\n\n" + "word " * 60
        if turn in (3, 30):
            text += "\n\n- the **Nee**dle `needle`\n\n| NEEDLE | x |\n|--|--|\n| y | 😀 needle |"
        messages += [question(f"question {turn}", id=2 * turn + 1), billed(text, id=2 * turn + 2)]
    made.show_conversation(conversation(*messages))
    return made


def settle(transcript: Transcript, qtbot: QtBot) -> None:
    find = transcript._find
    qtbot.waitUntil(lambda: not find._work.is_running and not transcript._filling.isActive())


def looked_for(transcript: Transcript, qtbot: QtBot, words: str) -> QLineEdit:
    transcript.open_find()
    field = transcript._find.bar.findChild(QLineEdit)
    field.clear()
    qtbot.keyClicks(field, words)
    settle(transcript, qtbot)
    return field


def said(transcript: Transcript) -> str:
    return next(label.text() for label in transcript._find.bar.findChildren(QLabel) if label.text())


def marked(transcript: Transcript) -> list[tuple[int, int]]:
    """Row and text of what is marked as the match at hand."""
    found = []
    for item in transcript.items():
        view = item.text_view
        for piece in range(len(view.leaves)):
            here = view._found_at[1] if piece == view._found_at[0] else -1
            for start, _length, current in view._pieces.found(piece, view._search, here):
                if current:
                    found.append((view.row, start))
    return found


def test_matches_are_counted_in_all_messages_whatever_their_case(
    transcript: Transcript, qtbot: QtBot
) -> None:
    looked_for(transcript, qtbot, "NeeDle")
    assert said(transcript).endswith("of 8")
    looked_for(transcript, qtbot, "question 1")
    assert said(transcript).endswith("of 11")


def test_enter_goes_from_match_to_match_and_scrolls_there(transcript: Transcript, qtbot: QtBot) -> None:
    field = looked_for(transcript, qtbot, "needle")
    seen = []
    for _match in range(8):
        qtbot.keyClick(field, Qt.Key.Key_Return)
        settle(transcript, qtbot)
        (place,) = marked(transcript)
        seen.append(place)
        number, at = (
            transcript._find._found[transcript._find._at][0],
            transcript._find._found[transcript._find._at][1:],
        )
        view = transcript.rows.all[number].item.text_view
        rect = view.match_rect(view._search, at).translated(view.mapTo(transcript, view.rect().topLeft()))
        assert transcript.viewport().rect().contains(rect)
    assert len(set(seen)) == 8
    assert sorted({row for row, _start in seen}) == [7, 61]
    qtbot.keyClick(field, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    settle(transcript, qtbot)
    assert marked(transcript) == [seen[-2]]
    qtbot.keyClick(field, Qt.Key.Key_F3)
    settle(transcript, qtbot)
    assert marked(transcript) == [seen[-1]]


def test_what_is_found_is_marked_in_what_is_seen(transcript: Transcript, qtbot: QtBot) -> None:
    looked_for(transcript, qtbot, "needle")
    number = transcript._find._found[transcript._find._at][0]
    view = transcript.rows.all[number].item.text_view
    with_marks = view.grab().toImage()
    transcript._find.close()
    assert view.grab().toImage() != with_marks


def test_nothing_found_is_said(transcript: Transcript, qtbot: QtBot) -> None:
    looked_for(transcript, qtbot, "no such words")
    assert said(transcript) == "No match"


def test_escape_closes_it_and_gives_the_focus_back(transcript: Transcript, qtbot: QtBot) -> None:
    view = transcript.items()[-1].text_view
    view.setFocus()
    field = looked_for(transcript, qtbot, "word")
    assert QApplication.focusWidget() is field
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert not transcript._find.bar.isVisible()
    assert QApplication.focusWidget() is view
    assert marked(transcript) == []


def test_another_conversation_is_searched_as_well(transcript: Transcript, qtbot: QtBot) -> None:
    looked_for(transcript, qtbot, "needle")
    transcript.show_conversation(conversation(question("a needle"), billed("none")))
    settle(transcript, qtbot)
    assert said(transcript) == "1 of 1"

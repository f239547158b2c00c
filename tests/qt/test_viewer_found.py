"""Text found on this computer: what is shown, suggested, warned of, and copied."""

from dataclasses import replace

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton
from pytestqt.qtbot import QtBot

from desktop.core.edits import Area, Edits
from desktop.core.found_text import FoundLine, PageCode, PageText
from desktop.core.model import Detail
from desktop.ui.viewer.figures import Viewed
from desktop.ui.viewer.found_section import FoundSection
from desktop.ui.viewer.found_state import FoundState, found_state, open_suggestions, warnings_for
from tests.helpers.asking import CATALOG, PRICES
from tests.helpers.history import facts

GPT_41 = CATALOG.model("gpt-4.1")
EMAIL = "anna.meyer@example.com"
CARD = "4111 1111 1111 1111"


def line(text: str, top: float, height: float = 40) -> FoundLine:
    right = 100 + len(text) * height / 2
    return FoundLine(text, ((100, top), (right, top), (right, top + height), (100, top + height)))


def page(*texts: str, height: float = 40) -> PageText:
    lines = tuple(line(text, 100 + at * 3 * height, height) for at, text in enumerate(texts))
    return PageText(lines=lines, text="\n".join(texts))


def state_of(found: PageText | None, edits: Edits = Edits(), **values: object) -> FoundState:  # noqa: B008
    told = {"busy": False, "failed": "", "boxes": True} | values
    return found_state(found, edits, **told)  # type: ignore[arg-type]


def viewed(detail: Detail = Detail.HIGH, **values: object) -> Viewed:
    image = replace(facts("a.png"), width_px=2964, height_px=2000)
    return Viewed(image=image, selector=detail, model=GPT_41, rates=PRICES.rates(GPT_41), **values)  # type: ignore[arg-type]


@pytest.fixture
def section(qtbot: QtBot) -> FoundSection:
    made = FoundSection()
    qtbot.addWidget(made)
    return made


def press(section: FoundSection, name: str) -> None:
    next(b for b in section.findChildren(QAbstractButton) if b.accessibleName() == name).click()


def test_suggestions_are_counted_by_kind() -> None:
    assert state_of(page(EMAIL, CARD, "bob@example.org")).summary == "2 e-mail addresses, 1 card number"


def test_what_is_blacked_out_or_cropped_away_is_not_suggested_again() -> None:
    found = page(EMAIL, CARD)
    first, second = open_suggestions(found, Edits())
    assert open_suggestions(found, Edits(blackouts=(first.area,))) == (second,)
    below_the_first = Area(0, first.area.bottom, 2964, 2000)
    assert open_suggestions(found, Edits(crop=below_the_first)) == (second,)


def test_text_that_becomes_too_small_is_told_with_its_height_and_the_level_that_helps() -> None:
    found = page("Terms and conditions apply to every order", height=46)
    (warned,) = warnings_for(viewed(Detail.LOW), found, prompt="", dismissed=frozenset())
    assert warned.text == "Small text (7 px as sent) may not be read at Low. Use High or crop."
    assert (warned.action, warned.detail) == ("Use High", Detail.HIGH)
    assert warnings_for(viewed(Detail.HIGH), found, prompt="", dismissed=frozenset()) == ()


def test_words_of_the_prompt_warn_until_they_are_dismissed() -> None:
    asked = "How many apples are there?"
    (warned,) = warnings_for(viewed(), None, prompt=asked, dismissed=frozenset())
    assert warned.id == "counting"
    assert warnings_for(viewed(), None, prompt=asked, dismissed=frozenset({"counting"})) == ()


def test_while_it_is_read_and_when_it_fails_it_says_so(section: FoundSection) -> None:
    section.show_state(state_of(None, busy=True))
    assert section.note() == "Reading…"
    section.show_state(state_of(None, failed="The reader is missing."))
    assert section.note() == "The reader is missing. So nothing is suggested for blacking out either."
    section.show_state(state_of(PageText()))
    assert section.note() == "No text found."
    section.show_state(state_of(page("Total 12.40")))
    assert section.note() == ""


def test_text_and_codes_are_copied_as_they_are(section: FoundSection) -> None:
    corners = ((0.0, 0.0), (9.0, 0.0), (9.0, 9.0), (0.0, 9.0))
    code = PageCode("QR code", "https://example.com/\u202e?a=1", corners)
    section.show_state(state_of(replace(page("Total", "12.40"), codes=(code,))))
    press(section, "Copy text")
    assert QGuiApplication.clipboard().text() == "Total\n12.40"
    press(section, "Copy https://example.com/?a=1")
    assert QGuiApplication.clipboard().text() == code.text


def test_one_or_all_suggestions_are_confirmed(qtbot: QtBot, section: FoundSection) -> None:
    section.show_state(state_of(page(EMAIL, CARD)))
    with qtbot.waitSignal(section.blackout_confirmed) as one:
        press(section, f"Black out {CARD}")
    assert one.args == [[1]]
    with qtbot.waitSignal(section.blackout_confirmed) as everything:
        press(section, "Black out all")
    assert everything.args == [[0, 1]]

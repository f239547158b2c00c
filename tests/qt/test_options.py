"""How a conversation is answered: the dialog, and the text that stands in for an image."""

from collections.abc import Callable
from concurrent.futures import Future

import pytest
from pytestqt.qtbot import QtBot

from desktop.core.found_text import PageText
from desktop.core.model import Attachment
from desktop.core.options import Effort, Options, decode_options, encode_options
from desktop.core.problems import Code, Problem, problem
from desktop.core.schema_presets import SCHEMA_PRESETS
from desktop.ui.options_controller import said
from desktop.ui.options_dialog import OptionsDialog
from desktop.ui.stand_in_dialog import StandInDialog
from tests.helpers.history import attachment

EVERYTHING = Options(
    instructions="Answer in one sentence.",
    temperature=0.25,
    max_tokens=1500,
    schema=SCHEMA_PRESETS[0].schema(),
)


@pytest.mark.parametrize(
    "options", [Options(), EVERYTHING, Options(effort=Effort.LOW), Options(max_tokens=300)]
)
def test_what_is_not_touched_stays_as_it_was(qtbot: QtBot, options: Options) -> None:
    dialog = OptionsDialog(options)
    qtbot.addWidget(dialog)
    assert dialog.options() == options


def test_a_model_that_reasons_gets_no_temperature(qtbot: QtBot) -> None:
    dialog = OptionsDialog(EVERYTHING)
    qtbot.addWidget(dialog)
    dialog._effort.setCurrentIndex(dialog._effort.findData("high"))
    assert not dialog._warm.isEnabled()
    assert (dialog.options().effort, dialog.options().temperature) == (Effort.HIGH, None)
    dialog._effort.setCurrentIndex(dialog._effort.findData("none"))
    assert dialog.options().temperature == 0.25


def test_a_limit_of_ones_own_is_typed(qtbot: QtBot) -> None:
    dialog = OptionsDialog(Options())
    qtbot.addWidget(dialog)
    dialog.show()
    assert not dialog._tokens.isVisible()
    dialog._length.setCurrentIndex(dialog._length.findData(-1))
    assert dialog._tokens.isVisible()
    dialog._tokens.setValue(777)
    assert dialog.options().max_tokens == 777


def test_options_come_back_from_their_text() -> None:
    assert decode_options(encode_options(EVERYTHING)) == EVERYTHING
    assert encode_options(Options()) == ""


@pytest.mark.parametrize(
    "text",
    [
        "",
        "nonsense",
        "[]",
        '{"temperature": 9}',
        '{"temperature": true}',
        '{"effort": "huge"}',
        "[" * 9999,
        '{"max_tokens": -1}',
        '{"schema": 3}',
        '{"instructions": 7}',
        '{"max_tokens": true}',
    ],
)
def test_what_cannot_be_read_is_left_at_its_default(text: str) -> None:
    assert decode_options(text) == Options()


def test_the_header_says_what_is_otherwise() -> None:
    assert said(Options()) == ""
    assert said(EVERYTHING) == "instructions, Receipt, temperature, length"


class Reader:
    """Reads an image when it is told to."""

    def __init__(self) -> None:
        self.future: Future[PageText] = Future()
        self.succeeded: Callable[[PageText], None] = lambda _page: None
        self.failed: Callable[[Problem], None] = lambda _trouble: None

    def __call__(
        self,
        _image: Attachment,
        succeeded: Callable[[PageText], None],
        failed: Callable[[Problem], None],
    ) -> "Future[PageText]":
        self.succeeded, self.failed = succeeded, failed
        return self.future


def stand_in(qtbot: QtBot, reader: Reader, text: str = "") -> StandInDialog:
    dialog = StandInDialog(attachment(b"x", stand_in=text), tokens=1105, answer="It is red.", read=reader)
    qtbot.addWidget(dialog)
    return dialog


def test_the_text_on_the_image_is_read_and_may_be_changed(qtbot: QtBot) -> None:
    reader = Reader()
    dialog = stand_in(qtbot, reader)
    assert not dialog._accept.isEnabled()
    dialog._from_reader.click()
    assert not dialog._from_reader.isEnabled()
    reader.succeeded(PageText(text="Total 23.10"))
    assert (dialog.text(), dialog._accept.isEnabled()) == ("Total 23.10", True)
    qtbot.waitUntil(lambda: "1,105" in dialog._remark.text())


def test_an_image_without_text_and_a_reader_that_fails_are_said(qtbot: QtBot) -> None:
    reader = Reader()
    dialog = stand_in(qtbot, reader, "kept")
    dialog._from_reader.click()
    reader.succeeded(PageText())
    assert "Nothing is written" in dialog._remark.text()
    dialog._from_reader.click()
    reader.failed(problem(Code.READER_CRASHED))
    assert dialog._from_reader.isEnabled()
    assert dialog.text() == "kept"


def test_closing_the_dialog_gives_up_reading(qtbot: QtBot) -> None:
    reader = Reader()
    dialog = stand_in(qtbot, reader)
    dialog._from_reader.click()
    dialog.reject()
    assert reader.future.cancelled()


def test_the_answer_can_stand_in(qtbot: QtBot) -> None:
    dialog = stand_in(qtbot, Reader())
    dialog._from_answer.click()
    assert dialog.text() == "It is red."

"""Fills the variables of the prompt in the box, and says what of them is still missing."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from PySide6.QtCore import QObject, Signal

from desktop.core.prompt_filling import (
    Meant,
    Pictured,
    Variable,
    escaped,
    fill,
    images_of,
    pictured,
    variables,
)
from desktop.core.request import Question
from desktop.core.text import _, format_count, join_list, ngettext
from desktop.tasks.reading import ReadingTasks
from desktop.ui.composer.state import FillingLine
from desktop.ui.composer_parts import Judged
from desktop.ui.next_question import NextQuestion
from desktop.ui.texts_of_images import TextsOfImages

_TOLD_NAMES = 3
_MOST_REMEMBERED = 16


class PromptFilling(QObject):
    """What stands for the variables now.

    Signals:
        changed(): something else does.
    """

    changed = Signal()

    def __init__(self, reading: ReadingTasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._texts = TextsOfImages(reading, self)
        self._texts.changed.connect(self.changed)
        self._asked: OrderedDict[str, str] = OrderedDict()

    def filled(self, following: NextQuestion) -> NextQuestion:
        """The question with its variables filled; what is not read yet is empty."""
        question = following.question
        if "{" not in question.text:
            return following
        # What is asked ends with no blanks, also where a variable at its end gives nothing.
        text = fill(question.text, self.images(question), today=datetime.now().astimezone().date()).rstrip()
        return replace(following, question=replace(question, text=text))

    def images(self, question: Question) -> list[Pictured]:
        """What variables tell of the images that a question is about."""
        return [pictured(image, self._texts.text(image)) for image in images_of(question)]

    def judged(self, shown: Judged, text: str) -> Judged:
        """Have the texts read that ``text`` needs, the prompt before filling; until then Ask waits."""
        wanted = images_of(shown.following.question) if Variable.TEXT in variables(text) else ()
        self._texts.want(wanted)
        if not wanted or not self._texts.state().busy or shown.why_not:
            return shown
        return replace(shown, why_not=_("The text of the images is still being read on this computer."))

    def line(self) -> FillingLine | None:
        """What to say about the texts; None for nothing."""
        state = self._texts.state()
        variable = "{text}"
        if state.busy:
            text = ngettext(
                "Reading the text of {total} image on this computer: {done} done…",
                "Reading the texts of {total} images on this computer: {done} done…",
                state.total,
            )
            said = text.format(total=format_count(state.total), done=format_count(state.done))
            return FillingLine(text=said, action=_("Leave it empty"), busy=True)
        if state.skipped:
            said = _("Not read: {names}. {variable} is empty there.")
            return FillingLine(
                text=said.format(names=_names(state.skipped), variable=variable), action=_("Read")
            )
        if state.failed:
            said = _("Could not be read: {names}. {variable} is empty there.")
            return FillingLine(
                text=said.format(names=_names(state.failed), variable=variable), action=_("Try again")
            )
        if state.empty:
            said = _("No text was found in {names}. {variable} is empty there.")
            return FillingLine(text=said.format(names=_names(state.empty), variable=variable))
        return None

    def act(self) -> None:
        """Do what the line offers: stop waiting, or read after all."""
        if self._texts.state().busy:
            self._texts.skip()
        else:
            self._texts.try_again()

    def remember(self, filled: str, text: str) -> None:
        """``text`` was asked as ``filled``."""
        self._asked[filled] = text
        while len(self._asked) > _MOST_REMEMBERED:
            self._asked.popitem(last=False)

    def unfilled(self, filled: str) -> str:
        """What the user wrote for a question; of an unknown one its words, with nothing left to fill."""
        return self._asked.get(filled) or escaped(filled)


def _names(images: Sequence[Meant]) -> str:
    names = [pictured(image).name for image in images[:_TOLD_NAMES]]
    rest = len(images) - len(names)
    if rest:
        names.append(ngettext("{count} more", "{count} more", rest).format(count=format_count(rest)))
    return join_list(names)

"""Why an answer is not what it should be: what happened, what it means, the one thing to do."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from desktop.core.problem_text import Remedy, explain, remedy
from desktop.core.problems import Problem
from desktop.core.shrinking import SHRINKABLE
from desktop.core.text import _
from desktop.ui.messages import remedy_text
from desktop.ui.widgets.buttons import button, restyle
from desktop.ui.widgets.flow import FlowLayout
from desktop.ui.widgets.icon_label import IconLabel
from desktop.ui.widgets.labels import label

_RETRIES = (Remedy.RETRY, Remedy.REMOVE_IMAGE, Remedy.SHRINK)
"""All ask the conversation's last question again."""


class ProblemBox(QFrame):
    """A tinted box below an answer.

    Signals:
        remedy_requested: value of the `Remedy` whose button was pressed.
    """

    remedy_requested = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "problem")
        self._icon = IconLabel("circle-alert", role="danger")
        self._what = label("", "strong", selectable=True)
        self._meaning = label("", "muted", selectable=True)
        self._advice = label("", "muted", selectable=True)
        for text in (self._what, self._meaning, self._advice):
            text.setWordWrap(True)
        self._buttons = {offered: button(remedy_text(offered), kind="small") for offered in Remedy}
        for offered, made in self._buttons.items():
            made.clicked.connect(partial(self._on_clicked, offered))
        self._lay_out()
        self.hide()

    def _lay_out(self) -> None:
        words = QVBoxLayout()
        words.setSpacing(3)
        for text in (self._what, self._meaning, self._advice):
            words.addWidget(text)
        words.addSpacing(5)
        self._actions = QWidget()
        flow = FlowLayout(self._actions, gap_px=6)
        for made in self._buttons.values():
            flow.addWidget(made)
        words.addWidget(self._actions)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, 10, 12, 10)
        row.setSpacing(9)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addLayout(words, 1)

    def show_problem(self, problem: Problem, *, mild: bool, retries: bool = True) -> None:
        """Explain ``problem``.

        Args:
            problem: what happened.
            mild: something usable came all the same.
            retries: offer to ask again, where that is the remedy.
        """
        words = explain(problem)
        texts = (words.what, words.meaning, words.remedy)
        for shown, text in zip((self._what, self._meaning, self._advice), texts, strict=True):
            shown.setText(text)
            shown.setVisible(bool(text))
        icon, role = ("triangle-alert", "warning_text") if mild else ("circle-alert", "danger")
        self._icon.set_icon(icon, role=role)
        offered = {remedy(problem.code)} | ({Remedy.SHRINK} if problem.code in SHRINKABLE else set())
        offered -= set() if retries else set(_RETRIES)
        for kind, made in self._buttons.items():
            made.setVisible(kind in offered)
        self._actions.setVisible(bool(offered - {None}))
        self.setProperty("mild", mild)
        restyle(self)
        self.setAccessibleName(words.what)
        self.show()

    def _on_clicked(self, offered: Remedy, _checked: bool = False) -> None:
        self.remedy_requested.emit(offered.value)


class Mark(QWidget):
    """A short mark below an answer, such as "Stopped", that may offer to ask again.

    Signals:
        again_requested: ask the same question again.
    """

    again_requested = Signal()

    def __init__(self, words: str, icon: str) -> None:
        super().__init__()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(IconLabel(icon, role="warning_text", size_px=14))
        row.addWidget(label(words, "mark"))
        self._again = button(_("Ask again"), kind="link")
        self._again.clicked.connect(self.again_requested)
        self._again.hide()
        row.addWidget(self._again)
        row.addStretch()

    def offer_again(self, offered: bool) -> None:
        """Whether the button is there."""
        self._again.setVisible(offered)

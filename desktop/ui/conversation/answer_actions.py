"""What can be done with an answer: copy it, ask again, let it go on, and more."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QMimeData, QSize, QTimer, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QHBoxLayout, QMenu, QWidget

from desktop.core.model import AnswerState, Message
from desktop.core.text import _
from desktop.ui.conversation.plain import text_between
from desktop.ui.conversation.quiet_button import QuietButton
from desktop.ui.conversation.rich import render
from desktop.ui.conversation.splitting import split

COPIED_MS = 1600
_CUT = (AnswerState.STOPPED, AnswerState.INCOMPLETE, AnswerState.INTERRUPTED)

MoreActions = Callable[[int], QMenu | None]
"""The menu of a message, by its id; None if there is nothing more to do."""


class AnswerActions(QWidget):
    """A row of small buttons.

    Signals:
        again_requested(int): ask the question of this answer again.
        continue_requested(int): let this answer go on where it was cut.
    """

    again_requested = Signal(int)
    continue_requested = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._answer: Message | None = None
        self._offered = False
        self._more_actions: MoreActions | None = None
        self._copy = QuietButton("copy", _("Copy answer"))
        self._copy_as = QuietButton("chevron-down", _("Copy as…"), width_px=18)
        self._again = QuietButton("refresh-cw", _("Ask again"))
        self._go_on = QuietButton("play", _("Continue this answer"))
        self._more = QuietButton("ellipsis", _("More"))
        self._copy.clicked.connect(lambda: self._copied(copy_markdown))
        self._copy_as.clicked.connect(lambda: self._open(self.copy_menu(), self._copy_as))
        self._again.clicked.connect(lambda: self._tell(self.again_requested.emit))
        self._go_on.clicked.connect(lambda: self._tell(self.continue_requested.emit))
        self._more.clicked.connect(self._open_more)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        self._buttons = (self._copy, self._copy_as, self._again, self._go_on, self._more)
        for made in self._buttons:
            made.setIconSize(QSize(14, 14))
            row.addWidget(made)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(COPIED_MS)
        self._rest.timeout.connect(self._forget_copied)

    def show_answer(self, answer: Message) -> None:
        """Offer what suits ``answer``."""
        self._answer = answer
        self._show()

    def set_offered(self, offered: bool, more: MoreActions | None = None) -> None:
        """Whether somebody asks again and goes on when that is requested; ``more`` makes a menu."""
        self._offered, self._more_actions = offered, more
        self._show()

    def set_seen(self, seen: bool) -> None:
        """Whether the buttons are painted without the focus."""
        for made in self._buttons:
            made.set_seen(seen)

    def _show(self) -> None:
        answer = self._answer
        has_text = answer is not None and bool(answer.text)
        known = self._offered and answer is not None and bool(answer.id)
        self._copy.setVisible(has_text)
        self._copy_as.setVisible(has_text)
        self._again.setVisible(known)
        self._go_on.setVisible(known and has_text and answer is not None and answer.state in _CUT)
        self._more.setVisible(known and self._more_actions is not None)

    def copy_menu(self) -> QMenu:
        """As what an answer can be copied."""
        menu = QMenu(self)
        for words, copy in (
            (_("Copy as Markdown"), copy_markdown),
            (_("Copy as plain text"), copy_plain),
            (_("Copy as rich text"), copy_rich),
        ):
            menu.addAction(words, partial(self._copied, copy))
        return menu

    def _open_more(self) -> None:
        if self._answer is not None and self._more_actions is not None:
            menu = self._more_actions(self._answer.id)
            if menu is not None:
                self._open(menu, self._more)

    def _open(self, menu: QMenu, below: QWidget) -> None:
        menu.aboutToHide.connect(menu.deleteLater)
        menu.popup(below.mapToGlobal(below.rect().bottomLeft()))

    def _tell(self, emit: Callable[[int], None]) -> None:
        if self._answer is not None:
            emit(self._answer.id)

    def _copied(self, copy: Callable[[str], None]) -> None:
        if self._answer is not None:
            copy(self._answer.text)
            self._copy.set_icon("check", role="success")
            self._copy.set_name(_("Copied"))
            self._rest.start()

    def _forget_copied(self) -> None:
        self._copy.set_icon("copy", role="text_muted")
        self._copy.set_name(_("Copy answer"))


def copy_markdown(text: str) -> None:
    """Put an answer on the clipboard as it was written."""
    QGuiApplication.clipboard().setText(text)


def copy_plain(text: str) -> None:
    """Put an answer on the clipboard as it is read, without marks of Markdown."""
    QGuiApplication.clipboard().setText(text_between(split(text)))


def copy_rich(text: str) -> None:
    """Put an answer on the clipboard with its looks, for word processors and mail."""
    data = QMimeData()
    data.setHtml(f'<html><head><meta charset="utf-8"></head><body>{render(text)}</body></html>')
    data.setText(text_between(split(text)))
    QGuiApplication.clipboard().setMimeData(data)

"""The one place that shows a message or a problem of the window."""

from collections.abc import Callable

from PySide6.QtWidgets import QWidget

from desktop.core.problem_text import Remedy, remedy, sentence
from desktop.core.problems import Code, Problem
from desktop.core.text import _, marked
from desktop.ui.widgets.notices import NoticeStack

Act = Callable[[Remedy], object]

_REMEDY_TEXTS = {
    Remedy.RETRY: marked("Try again"),
    Remedy.OPEN_KEY: marked("Enter a key"),
    Remedy.OPEN_SETTINGS: marked("Open settings"),
    Remedy.OPEN_CAPTURE_SETTINGS: marked("Open settings"),
    Remedy.CHOOSE_MODEL: marked("Choose another model"),
    Remedy.LOWER_DETAIL: marked("Use High"),
    Remedy.REMOVE_IMAGE: marked("Ask again without it"),
    Remedy.SHRINK: marked("Shrink and ask again"),
    Remedy.NEW_CONVERSATION: marked("New conversation"),
}

SHORT_S = 8
PROBLEM_S = 20
_LASTING = frozenset({Code.NOTHING_STORED, Code.DATABASE_SALVAGED, Code.DATABASE_DAMAGED})
"""What is as true in an hour: it stays until it is closed."""


class Messages:
    """Shows notices at the bottom of the window; ``act`` does what a problem's button offers."""

    def __init__(self, notices: NoticeStack, act: Act) -> None:
        self._notices = notices
        self._act = act

    def float_first_over(self, place: QWidget) -> None:
        """Show them over ``place``, a page that was made later, whenever it is visible."""
        self._notices.float_first_over(place)

    def say(
        self,
        text: str,
        *,
        action: str | None = None,
        callback: Callable[[], object] | None = None,
        ended: Callable[[], object] | None = None,
    ) -> None:
        """Tell something that needs no decision; with one thing to do about it, if given.

        ``ended`` is called when it is told no more and nothing was done about it.
        """
        self._notices.show_notice(
            text, action=action, callback=callback, kind="info", seconds=SHORT_S, ended=ended
        )

    def warn(self, trouble: Problem, *, action: str, callback: Callable[[], object]) -> None:
        """Tell a problem that has a button of its own; it stays until it is closed."""
        self._notices.show_notice(
            sentence(trouble), action=action, callback=callback, kind="problem", seconds=0
        )

    def remark(self, told: Problem, *, action: str, callback: Callable[[], object]) -> None:
        """Tell something that is hardly a problem, in the words of one, with a button of its own."""
        self._notices.show_notice(
            sentence(told), action=action, callback=callback, kind="info", seconds=PROBLEM_S
        )

    def show(self, trouble: Problem) -> None:
        """Tell a problem: what happened, and the one thing to do."""
        offered, seconds = remedy(trouble.code), 0 if trouble.code in _LASTING else PROBLEM_S
        if offered in (None, Remedy.RETRY):
            self._notices.show_notice(
                sentence(trouble), action=None, callback=None, kind="problem", seconds=seconds
            )
            return
        chosen = offered
        self._notices.show_notice(
            sentence(trouble),
            action=remedy_text(chosen),
            callback=lambda: self._act(chosen),
            kind="problem",
            seconds=seconds,
        )


def remedy_text(offered: Remedy) -> str:
    """The text of the button for a remedy."""
    return _(_REMEDY_TEXTS[offered])

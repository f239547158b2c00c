"""Tells how the last run ended and what goes wrong in this one: a notice, and a report for who wants it."""

from datetime import datetime

from PySide6.QtCore import QObject, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from desktop.core.crashes import End, LastRun, Report
from desktop.core.problems import Code, Problem, problem
from desktop.core.text import _
from desktop.tasks.backend import Backend
from desktop.ui.crash_dialog import CrashDialog
from desktop.ui.messages import Messages

_WITH_REPORT = frozenset({End.SIGNAL, End.EXCEPTION, End.KILLED})


class CrashNotices(QObject):
    """Made once by the window; tells nothing before `begin`."""

    def __init__(self, window: QWidget, backend: Backend, messages: Messages) -> None:
        super().__init__(window)
        self._window = window
        self._backend = backend
        self._tasks = backend.crashes
        self._messages = messages
        self._dialog: CrashDialog | None = None
        self._tasks.reported.connect(self._on_reported)

    def begin(self) -> None:
        """Tell how the last run ended, once; from now on what goes wrong in this one."""
        self._tasks.begin()
        last = self._tasks.last
        if last is None:
            return
        if last.asks_for_care:
            # Two things to do about it: the report is in the dialog, where it says so.
            self._messages.warn(_told(last), action=_("Bring them back"), callback=self._backend.bring_back)
        if last.end in _WITH_REPORT:
            self._tasks.report_last(self._on_last_reported)
        else:
            self._messages.show(_told(last))

    def _on_last_reported(self, report: Report) -> None:
        last = self._tasks.last
        if last is None:
            return
        told = problem(last.end.code, when=_moment(last.ended_at))
        if last.end is End.KILLED:
            # Whoever did that knows; it is no more than a remark.
            self._messages.remark(told, action=_("Show report…"), callback=lambda: self._open(report, told))
        else:
            self._messages.warn(told, action=_("Show report…"), callback=lambda: self._open(report, told))

    def _on_reported(self, report: Report) -> None:
        told = problem(Code.FAULT_INSIDE)
        self._messages.warn(told, action=_("Show report…"), callback=lambda: self._open(report, told))

    def _open(self, report: Report, told: Problem) -> None:
        """Show a report beside the window, which goes on meanwhile."""
        if self._dialog is not None:
            self._dialog.close()
        dialog = CrashDialog(report, told, self._window)
        self._dialog = dialog
        dialog.folder_wanted.connect(lambda: self._show_folder(report))
        dialog.finished.connect(lambda _result: self._on_closed(dialog))
        dialog.show()
        # It is no child of a dialog's loop: some window managers leave the keyboard with the window.
        dialog.raise_()
        dialog.activateWindow()

    def _on_closed(self, dialog: CrashDialog) -> None:
        dialog.deleteLater()
        if self._dialog is dialog:
            self._dialog = None

    def _show_folder(self, report: Report) -> None:
        folder = self._tasks.folder
        if folder is None:
            return

        def shown(somebody: bool) -> None:
            if not somebody:
                QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

        self._tasks.show(report, folder, shown)


def _told(last: LastRun) -> Problem:
    when = _moment(last.ended_at)
    if last.asks_for_care:
        return problem(Code.CRASHED_AT_START, times=last.early, when=when)
    return problem(last.end.code, when=when)


def _moment(at: datetime) -> str:
    """Day and time on this computer's clock."""
    return f"{at.astimezone():%Y-%m-%d %H:%M}"

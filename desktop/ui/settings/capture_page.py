"""The page "Capture" of the settings: the shortcut from anywhere, and what closing the window does."""

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit, QVBoxLayout, QWidget

from desktop.core.capturing import CAPTURE_COMMAND
from desktop.core.problem_text import explain
from desktop.core.problems import Code, Problem
from desktop.core.settings import DEFAULT_CAPTURE_KEYS, Settings
from desktop.core.text import _, join_sentences
from desktop.ui.desktop_room import DesktopFacts
from desktop.ui.settings.rows import Form, plain_button, show_remark
from desktop.ui.widgets.labels import label
from desktop.ui.widgets.segments import Segments
from desktop.ui.widgets.shortcut_field import ShortcutField

_QUITS, _STAYS = "quits", "stays"


class CapturePage(QWidget):
    """Shows `Settings` and what this desktop makes of them.

    Signals:
        changed(Settings): all settings, after one was changed here.
        grown: it needs another height.
    """

    changed = Signal(object)
    grown = Signal()

    def __init__(self, settings: Settings, facts: DesktopFacts) -> None:
        super().__init__()
        self._settings = settings
        self._facts = facts
        self._keys = ShortcutField(
            (DEFAULT_CAPTURE_KEYS,), recorder_name=_("Press the keys for capturing, or Esc")
        )
        self._keys.chosen.connect(self._on_keys)
        self._keys_remark = label("", "small", selectable=True)
        self._closing = Segments(
            [(_QUITS, _("Quits Sightline"), ""), (_STAYS, _("Leaves it in the tray"), "")],
            name=_("Closing"),
        )
        self._closing.chosen.connect(self._on_closing)
        self._closing_remark = label("", "small")
        form = Form()
        form.add_row(_("Shortcut"), self._keys, remark=self._keys_remark)
        self._by_hand = (form.add_row(_("Command"), *self._command_controls()), *self._command)
        form.add_line()
        form.add_row(_("Closing"), self._closing, remark=self._closing_remark)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(form)
        self._show()

    def _command_controls(self) -> tuple[QWidget, QWidget]:
        line = QLineEdit(CAPTURE_COMMAND)
        line.setReadOnly(True)
        copy = plain_button(_("Copy"))
        copy.clicked.connect(self._on_copy)
        self._command = (line, copy)
        return self._command

    @property
    def is_recording(self) -> bool:
        """Whether keys are waited for."""
        return self._keys.is_recording

    def take_keys(self, keys: str) -> None:
        """These were pressed while keys were waited for, and reached the shortcut instead."""
        self._keys.take(keys)

    def use(self, settings: Settings) -> None:
        """Another page has changed these."""
        self._settings = settings

    def show_facts(self, facts: DesktopFacts) -> None:
        """The shortcut came into force or did not, or a tray appeared."""
        if facts != self._facts:
            self._facts = facts
            self._show()
            self.grown.emit()

    def focus_keys(self) -> None:
        """Begin with the shortcut."""
        self._keys.setFocus(Qt.FocusReason.OtherFocusReason)

    def _show(self) -> None:
        settings, facts = self._settings, self._facts
        self._keys.show_keys(settings.capture_keys if settings.capture_keys_on else "", {})
        text, kind = self._about_keys()
        show_remark(self._keys_remark, text, kind)
        trouble = facts.trouble
        for widget in self._by_hand:
            widget.setVisible(trouble is not None and trouble.code is Code.SHORTCUT_NOT_OFFERED)
        # What is chosen stays chosen: the tray may be there tomorrow.
        self._closing.set_value(_STAYS if settings.close_to_tray else _QUITS)
        self._closing.setEnabled(facts.has_tray)
        if facts.has_tray:
            about = _("In the tray, captures and the shortcut go on working. Ctrl+Q always quits.")
        else:
            about = _("This desktop has no tray, so closing the window quits.")
        show_remark(self._closing_remark, about)

    def _about_keys(self) -> tuple[str, str]:
        """What is said below the keys, and in which colour."""
        if not self._settings.capture_keys_on:
            return _("Captures begin in the window and in the tray."), "small"
        if self._facts.trouble is not None:
            return _about_trouble(self._facts.trouble)
        if self._facts.described:
            text = _("Your desktop has set: {keys}. Its own keyboard settings change that.")
            return text.format(keys=self._facts.described), "small"
        return _("Captures a region of the screen, whatever program is in front."), "small"

    def _on_keys(self, keys: str) -> None:
        kept = keys or self._settings.capture_keys
        self._change(replace(self._settings, capture_keys=kept, capture_keys_on=bool(keys)))

    def _on_closing(self, value: str) -> None:
        self._change(replace(self._settings, close_to_tray=value == _STAYS))

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(CAPTURE_COMMAND)

    def _change(self, settings: Settings) -> None:
        self._settings = settings
        self.changed.emit(settings)
        self._show()
        self.grown.emit()


def _about_trouble(trouble: Problem) -> tuple[str, str]:
    said = explain(trouble)
    # The sentences elsewhere send the reader to where he is now.
    here = {
        Code.SHORTCUT_TAKEN: _("Choose another one."),
        Code.SHORTCUT_UNUSABLE: _(
            "Choose keys with Ctrl, Alt or the system’s key that other programs do not need."
        ),
        Code.SHORTCUT_REFUSED: _("Choose None and then the keys to be asked once more."),
    }
    if trouble.code in here:
        return join_sentences(said.what, here[trouble.code]), "danger"
    by_hand = _("In your desktop’s keyboard settings, let a shortcut run this command.")
    return join_sentences(said.what, by_hand), "small"

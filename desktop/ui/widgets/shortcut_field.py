"""Chooses keys: some that are offered, or any that are pressed."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QSizePolicy, QWidget

from desktop.core.compat import override
from desktop.core.text import _
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.select import Select

PORTABLE = QKeySequence.SequenceFormat.PortableText
"""How keys are written in files."""
_ALONE = (
    Qt.Key.Key_Control,
    Qt.Key.Key_Shift,
    Qt.Key.Key_Alt,
    Qt.Key.Key_AltGr,
    Qt.Key.Key_Meta,
    Qt.Key.Key_Super_L,
    Qt.Key.Key_Super_R,
    Qt.Key.Key_Hyper_L,
    Qt.Key.Key_Hyper_R,
    Qt.Key.Key_CapsLock,
    Qt.Key.Key_NumLock,
    Qt.Key.Key_unknown,
)


class KeyRecorder(QLineEdit):
    """Waits for keys.

    Signals:
        recorded(str): they were pressed, in Qt's portable words.
        given_up(): Esc or Tab was pressed, or the keyboard went elsewhere.
    """

    recorded = Signal(str)
    given_up = Signal()

    def __init__(self, name: str) -> None:
        """Wait; ``name`` is what screen readers say."""
        super().__init__()
        self.setReadOnly(True)
        self.setPlaceholderText(_("Press the keys…"))
        self.setAccessibleName(name)

    @override
    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() in (
            QEvent.Type.ShortcutOverride,
            QEvent.Type.KeyPress,
        ):
            # Whatever else these keys do, they do not do it now.
            event.accept()
            if event.type() is QEvent.Type.KeyPress:
                self._take(event)
            return True
        return super().event(event)

    @override
    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.given_up.emit()

    def _take(self, event: QKeyEvent) -> None:
        key = Qt.Key(event.key())
        if key in _ALONE:
            return
        if not event.modifiers() and key in (Qt.Key.Key_Escape, Qt.Key.Key_Tab):
            self.given_up.emit()
            return
        self.recorded.emit(QKeySequence(event.keyCombination()).toString(PORTABLE))


class ShortcutField(QWidget):
    """A drop-down, and a button after which keys are recorded.

    Signals:
        chosen(str): keys in Qt's portable words; empty for none.
    """

    chosen = Signal(str)

    def __init__(self, offered: Sequence[str], *, recorder_name: str) -> None:
        """Offer these keys.

        Args:
            offered: keys in Qt's portable words.
            recorder_name: what screen readers say while keys are waited for.
        """
        super().__init__()
        self._offered = tuple(offered)
        self._keys = ""
        self._select = Select(name=_("Shortcut"))
        self._select.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._select.setMinimumContentsLength(8)
        self._select.activated.connect(self._on_activated)
        self._record = button(_("Other keys…"))
        # Enter in another field does not press it.
        self._record.setAutoDefault(False)
        self._record.clicked.connect(self._begin)
        self._recorder = KeyRecorder(recorder_name)
        self._recorder.recorded.connect(self._on_recorded)
        self._recorder.given_up.connect(self._end)
        self._recorder.hide()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._select, 1)
        row.addWidget(self._recorder, 1)
        row.addWidget(self._record)

    @property
    def is_recording(self) -> bool:
        """Whether it waits for keys."""
        return not self._recorder.isHidden()

    def take(self, keys: str) -> None:
        """These were pressed, and went elsewhere."""
        if self.is_recording:
            self._on_recorded(keys)

    def show_keys(self, keys: str, holders: Mapping[str, str]) -> None:
        """Show the chosen keys; ``holders`` names those who have others."""
        self._keys = keys
        self._select.clear()
        self._select.addItem(_("None"), "")
        for offered in dict.fromkeys((*self._offered, *((keys,) if keys else ()))):
            title = holders.get(offered, "") if offered != keys else ""
            shown = shown_keys(offered)
            self._select.addItem(f"{shown} · {title}" if title else shown, offered)
        self._select.setCurrentIndex(max(self._select.findData(keys), 0))

    def _on_activated(self, place: int) -> None:
        self.chosen.emit(str(self._select.itemData(place)))

    def _begin(self) -> None:
        self._select.hide()
        self._recorder.clear()
        self._recorder.show()
        self._recorder.setFocus()

    def _end(self) -> None:
        if not self.is_recording:
            return
        had_focus = self._recorder.hasFocus()
        self._recorder.hide()
        self._select.show()
        if had_focus:
            self._record.setFocus()

    def _on_recorded(self, keys: str) -> None:
        self._end()
        self.chosen.emit(keys)


def shown_keys(keys: str) -> str:
    """Keys as they are called on this computer."""
    return QKeySequence(keys, PORTABLE).toString(QKeySequence.SequenceFormat.NativeText)

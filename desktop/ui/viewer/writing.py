"""Typing labels and legends at their place on a picture, for whatever widget shows it."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QPoint, QPointF, QRectF, Qt, Signal
from PySide6.QtWidgets import QWidget

from desktop.core.edits import Label
from desktop.core.text import _
from desktop.ui.viewer.editor import Editor
from desktop.ui.viewer.items import Item, mark_of
from desktop.ui.viewer.text_field import TextField


class Writing(QObject):
    """Joins the text field and the editor; the keyboard goes back to the room when it ends.

    Signals:
        ended(object): all of it is typed; the edits, or None where nothing has changed.
        changed: what is typed so far, or that it is not wanted.
        cancelled: Escape, after the editor has left the text.
    """

    ended = Signal(object)
    changed = Signal()
    cancelled = Signal()

    def __init__(
        self, room: QWidget, editor: Callable[[], Editor], box: Callable[[Item], QRectF | None]
    ) -> None:
        """Type into marks of ``editor()``; ``box`` tells where in ``room`` an item lies."""
        super().__init__(room)
        self._room, self._editor, self._box = room, editor, box
        self._field = TextField(room)
        self._field.written.connect(self._on_written)
        self._field.cancelled.connect(self._on_cancelled)
        self._field.textEdited.connect(self._on_typed)

    def ask(self) -> None:
        """Let the mark that is being written be typed, at its place."""
        editor = self._editor()
        mark = mark_of(editor.now, editor.selected)
        if not editor.is_writing or mark is None:
            return
        name = _("Text") if isinstance(mark, Label) else _("What the number stands for")
        self._field.ask(self._at(), getattr(mark, "text", ""), name)

    def place(self) -> None:
        """The picture has moved below the field."""
        if self._editor().is_writing:
            self._field.place(self._at())

    def finish(self) -> None:
        """What is typed so far is all, if anything is being typed."""
        self._field.finish()

    def close_quietly(self) -> None:
        """Hide the field without a signal."""
        self._field.close_quietly()

    def _at(self) -> QPoint:
        editor = self._editor()
        box = None if editor.selected is None else self._box(editor.selected)
        if box is None:
            return self._room.rect().center()
        mark = mark_of(editor.now, editor.selected)
        return (box.topLeft() if isinstance(mark, Label) else box.topRight() + QPointF(6, 0)).toPoint()

    def _on_typed(self, text: str) -> None:
        self._editor().write(text)
        self.changed.emit()

    def _on_written(self, text: str) -> None:
        self.ended.emit(self._editor().end_writing(text))
        self._room.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_cancelled(self) -> None:
        self._editor().escape()
        self._room.setFocus(Qt.FocusReason.OtherFocusReason)
        self.changed.emit()
        self.cancelled.emit()

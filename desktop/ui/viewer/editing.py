"""Editing on the canvas: tool, view, crop, typed text and selected text, and what is told of them."""

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from desktop.core.compat import override
from desktop.core.edits import Edits, Point
from desktop.core.found_text import PageText
from desktop.ui.viewer.crop_bar import CropBar
from desktop.ui.viewer.cursors import handle_cursor
from desktop.ui.viewer.display import Display
from desktop.ui.viewer.editor import Reach
from desktop.ui.viewer.items import Item
from desktop.ui.viewer.writing import Writing


class Editing(Display):
    """What can be done to the picture, whoever asks for it.

    Attributes:
        is_locked: it can be looked at only.

    Signals:
        edited(Edits): the user finished one step.
        tool_changed(object): the tool in hand, or None.
        view_changed(str): ``original`` or ``sent``; a tool switches to ``original``.
        text_selected(str): found text that was selected; empty if none is.
    """

    edited = Signal(object)
    tool_changed = Signal(object)
    view_changed = Signal(str)
    text_selected = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.is_locked = False
        self._writing = Writing(self, lambda: self.editor, self.box_on_widget)
        self._writing.ended.connect(self.tell)
        self._writing.changed.connect(self.update)
        self._crop_bar = CropBar(self)
        self._crop_bar.turned.connect(self.turn)
        self._crop_bar.reset.connect(self._on_reset)
        self._crop_bar.cancelled.connect(self.leave)
        self._crop_bar.confirmed.connect(self.confirm_crop)

    @override
    def clear(self) -> None:
        had = self.editor.tool
        super().clear()
        self._writing.close_quietly()
        self._follow_tool(had)

    @override
    def set_found(self, found: PageText | None) -> None:
        had = self.layer.take(found)
        super().set_found(found)
        if had:
            self.text_selected.emit("")

    def set_edits(self, edits: Edits) -> None:
        """Show these edits; nothing is told back."""
        middle = self._middle()
        before = self.editor.shown
        self.editor.take_edits(edits)
        self._follow(before, middle)
        if not self.editor.is_writing:
            self._writing.close_quietly()

    def set_view(self, view: str) -> None:
        """Show ``original`` or ``sent``; the latter puts the tool away."""
        sent = view == "sent"
        if sent:
            self.set_tool(None)
        if sent != self.shows_sent:
            self.show_side(sent=sent)
            self.view_changed.emit(view)

    def set_tool(self, tool: str | None) -> None:
        """Take a tool of `tools.TOOL_KEYS` in hand, or None; a crop that was being chosen is made."""
        if tool is not None and (self._original_px is None or self.is_locked):
            return
        self._writing.finish()
        if tool is not None:
            self.set_view("original")
        had, before, middle = self.editor.tool, self.editor.shown, self._middle()
        done = self.editor.take_tool(tool)
        self._follow(before, middle)
        self._follow_tool(had)
        self.tell(done)

    def put_away(self) -> None:
        """Put the tool away; a crop that was being chosen is made."""
        self.set_tool(None)

    def turn(self, by: int) -> None:
        """Turn the picture by quarters, clockwise."""
        if self._original_px is not None and not self.is_locked:
            middle, before = self._middle(), self.editor.shown
            edits = self.editor.turn(by)
            self._follow(before, middle)
            self.tell(edits)

    @override
    def view_moved(self) -> None:
        super().view_moved()
        self._writing.place()

    def clear_text(self) -> bool:
        """Select no text; whether some was selected."""
        had = self.layer.clear_selection()
        if had:
            self.text_selected.emit("")
        return had

    def toggle_tool(self, tool: str) -> bool:
        """Take a tool, or put it away; whether there is a page for it."""
        self.set_tool(None if tool == self.editor.tool else tool)
        return self._original_px is not None

    def turn_page(self, by: int) -> bool:
        """Turn the page and show it; whether there is one."""
        if self.is_locked:
            return False
        self.set_view("original")
        self.turn(by)
        return self._original_px is not None

    def select_next(self, step: int) -> bool:
        """Select the next thing on the page; whether there is any."""
        return not self.shows_sent and not self.is_locked and self.editor.select_next(step)

    def leave(self) -> bool:
        """Leave loupe, text, gesture, selection or tool, whichever is first; whether there was any."""
        if self.loupe.is_shown:
            self.loupe.is_shown = False
            return True
        if self.clear_text():
            return True
        had, before, middle = self.editor.tool, self.editor.shown, self._middle()
        left = self.editor.escape()
        self._follow(before, middle)
        self._follow_tool(had)
        return left

    def enter(self) -> bool:
        """Crop, type what is selected, or place what the tool makes; whether there was something to do."""
        selected = self.editor.selected
        if self.shows_sent:
            return False
        if self.editor.tool == "crop":
            return self.confirm_crop()
        if selected is not None and self.editor.begin_writing(selected):
            self.ask_text()
            return True
        if self.editor.tool is None or selected is not None:
            return selected is not None
        self.tell(self.editor.place(self.visible_area()))
        self.ask_text()
        return True

    def confirm_crop(self) -> bool:
        """Make the crop that was being chosen."""
        had, before, middle = self.editor.tool, self.editor.shown, self._middle()
        done = self.editor.confirm()
        self._follow(before, middle)
        self._follow_tool(had)
        self.tell(done)
        return True

    def delete(self) -> bool:
        """Remove what is selected; whether something was."""
        if self.shows_sent or self.editor.selected is None:
            return False
        self.tell(self.editor.delete())
        return True

    def copy_text(self) -> bool:
        """Copy the selected text; whether there was any."""
        text = self.layer.selected_text()
        if text:
            QGuiApplication.clipboard().setText(text)
        return bool(text)

    def select_all_text(self) -> bool:
        """Select all text that was found; whether there was any."""
        if self.shows_sent or not self.layer.select_all():
            return False
        self.text_selected.emit(self.layer.selected_text())
        return True

    def _on_reset(self) -> None:
        self.editor.reset_crop()
        self.update()

    def ask_text(self) -> None:
        """Let the mark that is being written be typed, at its place."""
        self._writing.ask()

    def finish_writing(self) -> None:
        """What is typed so far is all, if anything is being typed."""
        self._writing.finish()

    def tell(self, edits: Edits | None) -> None:
        """A step has ended, with these edits if it changed something."""
        self.update()
        if edits is not None:
            self.edited.emit(edits)

    def _follow(self, before: Edits, middle: Point) -> None:
        """Show the picture anew where a step changed its size."""
        shown = self.editor.shown
        if (before.crop, before.quarter_turns) != (shown.crop, shown.quarter_turns) and not self.shows_sent:
            self.refit_around(middle)
        self.update()

    def _follow_tool(self, had: str | None) -> None:
        tool = self.editor.tool
        if tool == had:
            return
        self._crop_bar.setVisible(tool == "crop")
        self._crop_bar.place()
        self.show_cursor()
        self.tool_changed.emit(tool)

    def _middle(self) -> Point:
        return self.to_page(QPointF(self.rect().center()))

    def show_cursor(self, at: Point | None = None) -> None:
        """Show what a press would do at a point of the page, or where the pointer is."""
        at = at or self.to_page(self.pointer())
        held = Item("crop") if self.editor.tool == "crop" else self.editor.selected
        reach = self.reach()
        handle = None if self.shows_sent else self.editor.handle_at(at, reach)
        if handle is not None and held is not None and not self.is_panning:
            self.setCursor(handle_cursor(handle, self.place()))
        else:
            self.setCursor(self._shape_at(at, reach))

    def _shape_at(self, at: Point, reach: Reach) -> Qt.CursorShape:
        hand = Qt.CursorShape.OpenHandCursor if self.view.can_pan else Qt.CursorShape.ArrowCursor
        if self.is_panning or self.shows_sent:
            return Qt.CursorShape.OpenHandCursor if self.is_panning else hand
        if self.editor.item_at(at, reach) is not None:
            return Qt.CursorShape.SizeAllCursor
        if self.editor.tool is not None:
            return Qt.CursorShape.CrossCursor
        if self.suggestion_at(at) is not None:
            return Qt.CursorShape.PointingHandCursor
        return hand if self.layer.line_at(at) is None else Qt.CursorShape.IBeamCursor

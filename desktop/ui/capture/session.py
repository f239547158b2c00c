"""One capture while it goes on: which screen holds the region, what is in hand, what it would cost."""

from collections.abc import Sequence

from PySide6.QtCore import QObject, QPointF, Qt, Signal
from PySide6.QtGui import QTextCursor

from desktop.core.capturing import CaptureKind, CaptureRequest
from desktop.core.model import Detail
from desktop.core.text import _, format_count
from desktop.ui.capture.captured import OverlayTerms, PriceWanted
from desktop.ui.capture.guarding import guarded
from desktop.ui.capture.mode_bar import ModeBar
from desktop.ui.capture.panel import Panel
from desktop.ui.capture.screen_window import ScreenWindow


class Session(QObject):
    """Joins the windows of all screens, the panel and the bar.

    Attributes:
        windows: one for each screen.
        owner: the one on which something is chosen.
        panel: beside the region.
        bar: what to choose, while nothing is chosen.
        detail: the level that is chosen.

    Signals:
        wanted(str): how it is to end: ``asked``, ``copied``, ``saved``, ``kept`` or ``left``.
        keyboard_wanted(ScreenWindow): this one is used now.
        touched: there was input.
        troubled: something failed here.
    """

    wanted = Signal(str)
    keyboard_wanted = Signal(ScreenWindow)
    touched = Signal()
    troubled = Signal()

    def __init__(
        self, windows: Sequence[ScreenWindow], request: CaptureRequest, terms: OverlayTerms, parent: QObject
    ) -> None:
        super().__init__(parent)
        has_windows = any(window.choice.windows for window in windows)
        self.windows = tuple(windows)
        self.owner: ScreenWindow | None = None
        self.panel = Panel(terms, windows=has_windows)
        self.bar = ModeBar(windows=has_windows)
        self.detail = terms.detail
        self._terms = terms
        self._offers_windows = has_windows
        self._at = windows[0]
        self._has_stepped = False
        self._connect()
        self.panel.prompt.setPlainText(request.prompt)
        self.panel.prompt.moveCursor(QTextCursor.MoveOperation.End)
        mode = request.kind
        self._mode = CaptureKind.REGION if mode is CaptureKind.WINDOW and not has_windows else mode

    @property
    def at_hand(self) -> ScreenWindow:
        """The screen that keys are for: the one with the region, else the one with the pointer."""
        return self.owner or self._at

    @property
    def mode(self) -> CaptureKind:
        """What is chosen first."""
        return self._mode

    @property
    def prompt_text(self) -> str:
        """What is to be asked."""
        return self.panel.prompt.toPlainText().strip()

    def begin(self, first: ScreenWindow) -> None:
        """All windows are there, and the pointer is on ``first``."""
        self._at = first
        self._show_bar()
        self.set_mode(self._mode)

    def has_something(self) -> bool:
        """Whether there is anything to lose."""
        return bool(self.prompt_text) or any(window.marks.can_undo for window in self.windows)

    @guarded
    def use(self, window: ScreenWindow) -> None:
        """The pointer or the keyboard is on this screen now; what is chosen or being chosen stays."""
        if self.owner is None and window is not self._at and not self._at.choice.in_gesture:
            self._at = window
            self._show_bar()
            self.keyboard_wanted.emit(window)

    @guarded
    def set_mode(self, mode: CaptureKind) -> None:
        """Choose a region, a window or a screen from now on; what was chosen is let go."""
        if mode is CaptureKind.WINDOW and not self._offers_windows:
            return
        self._mode = mode
        for window in self.windows:
            window.choice.set_mode(mode)
        self.bar.set_mode(mode)
        self.panel.tools.set_mode(mode)
        self.bar.place(self._at.rect())
        at_hand = self.at_hand
        if mode is CaptureKind.SCREEN:
            at_hand.take(at_hand.choice.whole)
        else:
            at_hand.take(None)
            at_hand.setFocus(Qt.FocusReason.OtherFocusReason)

    @guarded
    def set_tool(self, tool: str | None) -> None:
        """Take a tool in hand on all screens, or the hand; it needs something chosen."""
        for window in self.windows:
            window.marks.set_tool(tool if window is self.owner else None)
            window.show_cursor()
        self._show_steps()
        if self.owner is not None and tool is not None:
            self.owner.setFocus(Qt.FocusReason.OtherFocusReason)

    @guarded
    def take_all(self) -> None:
        """Choose all of the screen."""
        self.at_hand.take(self.at_hand.choice.whole)

    @guarded
    def step_back(self) -> None:
        """Escape: leave what is in hand, else let the region go; twice in a row leaves the overlay."""
        window = self.at_hand
        if self._has_stepped:
            self.wanted.emit("left")
            return
        self._has_stepped = True
        if window.choice.cancel():
            window.refresh()
        elif self.owner is not None and window.marks.escape():
            self._show_steps()
        elif self.owner is not None:
            window.take(None)
            window.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.wanted.emit("left")

    @guarded
    def go_on(self) -> None:
        """There was input other than Escape."""
        self._has_stepped = False
        self.touched.emit()

    @guarded
    def end(self, how: str) -> None:
        """End with what is chosen; nothing happens while nothing is."""
        if self.owner is None or self.owner.choice.in_gesture:
            return
        self.owner.marks.finish_writing()
        if how == "asked" and (why_not := self._terms.why_not(self.prompt_text)):
            self.panel.show_price("", why_not)
            return
        self.wanted.emit(how)

    @guarded
    def on_settled(self) -> None:
        """Something is chosen: the question can be typed, unless a tool is in hand."""
        owner = self.owner
        if owner is None:
            return
        self._show_panel(owner)
        if owner.marks.editor.tool is None:
            self.panel.prompt.setFocus(Qt.FocusReason.OtherFocusReason)

    def _connect(self) -> None:
        for window in self.windows:
            window.area_changed.connect(self._on_area)
            window.settled.connect(self.on_settled)
            window.drawing.connect(self._on_drawing)
            window.drew.connect(self._on_drew)
            window.marks.stepped.connect(self._show_steps)
            window.marks.text_left.connect(self._on_text_left)
            window.touched.connect(self._on_pressed)
            window.pointer_came.connect(self._on_pointer_came)
            window.step_back_clicked.connect(self.step_back)
        tools, panel = self.panel.tools, self.panel
        for row in (tools, self.bar):
            row.mode_chosen.connect(self._on_mode)
            row.leave_clicked.connect(self._leave)
        tools.tool_chosen.connect(self.set_tool)
        tools.undo_clicked.connect(self.undo)
        tools.redo_clicked.connect(self.redo)
        tools.delete_clicked.connect(self.delete)
        panel.detail_chosen.connect(self._on_detail)
        panel.copy_wanted.connect(self._copy)
        panel.save_wanted.connect(self._save)
        panel.keep_wanted.connect(self._keep)
        panel.ask_wanted.connect(self._ask)
        panel.prompt.textChanged.connect(self._show_price)
        panel.resized.connect(self._on_resized)

    @guarded
    def undo(self) -> None:
        """Take the last step of drawing back."""
        self.at_hand.marks.undo()

    @guarded
    def redo(self) -> None:
        """Make it again."""
        self.at_hand.marks.redo()

    @guarded
    def delete(self) -> None:
        """Remove what is selected."""
        self.at_hand.marks.delete()

    @guarded
    def _on_area(self) -> None:
        window = self.sender()
        if not isinstance(window, ScreenWindow):
            return
        if window.choice.area is None:
            if window is self.owner:
                self.owner = None
                self.set_tool(None)
                self._show_bar()
            return
        if window is not self.owner:
            before, self.owner = self.owner, window
            self._at = window
            if before is not None:
                before.marks.set_tool(None)
                before.take(None)
            self.keyboard_wanted.emit(window)
        self.bar.hide()
        if window.choice.in_gesture:
            self.panel.hide()
        else:
            self._show_panel(window)
        self._show_price()

    @guarded
    def _show_steps(self) -> None:
        marks = self.at_hand.marks
        self.panel.tools.set_tool(marks.editor.tool)
        self.panel.tools.set_steps(
            can_undo=marks.can_undo, can_redo=marks.can_redo, can_delete=marks.editor.selected is not None
        )
        self._show_price()

    @guarded
    def _show_price(self) -> None:
        owner = self.owner
        area = None if owner is None else owner.choice.area
        if owner is None or area is None:
            return
        prompt = self.prompt_text
        price = self._terms.price(
            PriceWanted(
                width_px=area.width_px,
                height_px=area.height_px,
                edits=owner.marks.edits_within(area),
                detail=self.detail,
                prompt=prompt,
            )
        )
        why_not = self._terms.why_not(prompt)
        self.panel.set_can_ask(why_not)
        # Before anything is typed it would only say that nothing is.
        self.panel.show_price(price, why_not if prompt else "")
        size = _("{width} × {height} px").format(
            width=format_count(area.width_px), height=format_count(area.height_px)
        )
        owner.set_words(f"{size}  ·  {price}" if owner.choice.in_gesture else size)

    def _show_panel(self, window: ScreenWindow) -> None:
        area = window.choice.area
        if area is None:
            return
        self._show_price()
        self.bar.hide()
        if self.panel.parent() is not window:
            window.host(self.panel)
        self.panel.show()
        self.panel.place(window.on_window(area).toAlignedRect(), window.rect())
        self.panel.raise_()

    def _show_bar(self) -> None:
        self.panel.hide()
        if self.bar.parent() is not self._at:
            self._at.host(self.bar)
        self.bar.place(self._at.rect())
        self.bar.show()
        self.bar.raise_()
        self._at.refresh()

    @guarded
    def _on_drawing(self, at: QPointF) -> None:
        """Who draws towards the panel wants to see what is below it."""
        if self.panel.isVisible() and self.panel.geometry().contains(at.toPoint()):
            self.panel.hide()

    @guarded
    def _on_drew(self) -> None:
        if self.owner is not None:
            self.panel.show()

    @guarded
    def _on_pressed(self) -> None:
        window = self.sender()
        self.go_on()
        if isinstance(window, ScreenWindow) and window is not self._at:
            self._at = window
            self.keyboard_wanted.emit(window)

    @guarded
    def _on_pointer_came(self) -> None:
        window = self.sender()
        if isinstance(window, ScreenWindow):
            self.use(window)

    @guarded
    def _on_text_left(self) -> None:
        self._has_stepped = True
        self._show_steps()

    @guarded
    def _on_resized(self) -> None:
        owner = self.owner
        if owner is not None and owner.choice.area is not None and self.panel.isVisible():
            self.panel.place(owner.on_window(owner.choice.area).toAlignedRect(), owner.rect())

    @guarded
    def _on_mode(self, mode: str) -> None:
        self.go_on()
        self.set_mode(CaptureKind(mode))

    @guarded
    def _on_detail(self, detail: Detail) -> None:
        self.detail = detail
        self._show_price()
        self.panel.prompt.setFocus(Qt.FocusReason.OtherFocusReason)

    def _leave(self) -> None:
        self.wanted.emit("left")

    def _copy(self) -> None:
        self.end("copied")

    def _save(self) -> None:
        self.end("saved")

    def _keep(self) -> None:
        self.end("kept")

    def _ask(self) -> None:
        self.end("asked")

    def on_trouble(self) -> None:
        """Something failed here."""
        self.troubled.emit()

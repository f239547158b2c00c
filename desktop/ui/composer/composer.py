"""The composer: what the next request carries, the prompt, and Ask."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QImage, QMouseEvent, QPainter, QPaintEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.ui import theme
from desktop.ui.composer.chips import Chips
from desktop.ui.composer.estimate_row import EstimateRow
from desktop.ui.composer.prompt_box import PromptBox
from desktop.ui.composer.state import ComposerState
from desktop.ui.composer.strips import Strips
from desktop.ui.composer.tool_row import ToolRow
from desktop.ui.widgets.buttons import restyle
from desktop.ui.widgets.shadow import paint_shadow


class Composer(QWidget):
    """Shows a `ComposerState`; the text of the prompt is its own.

    Signals:
        ask_requested: Ask or the send key, only while one may ask.
        text_changed: the prompt's new text, by typing or `set_text`.
        chip_removed: key of a new image.
        chip_left_out: key of a carried image.
        chip_detail_chosen: key, and a `Detail` or None for the selector's.
        detail_chosen: value of a `Detail`.
        preset_chosen: id of a prompt.
        save_prompt_requested: what is in the box is to be kept as a prompt.
        manage_prompts_requested: the prompt library is wanted.
        filling_acted: the button beside what is missing of the prompt's variables was pressed.
        images_requested: choose files to add.
        capture_requested: capture a part of the screen.
        chip_opened: key of a new image that is to be seen large.
        carried_opened: key of a carried image that is to be seen large.
        chip_link_chosen: key of a new image, and whether its address is to be sent in place of its bytes.
        chip_carry_chosen: key of a carried image or one that is left out, and a `Carry`.
        new_carry_chosen: key of a new image, and a `Carry`.
        editing_ended: the question is not to be written anew after all.
        chip_moved: key of a new image, and how many places it is to go: -1 is earlier.
        part_removed: key of a new image of which all is to be sent instead of a part.
        fix_chosen: places of a finding and of one of its fixes.
        hint_dismissed: id of the hint.
        count_requested: the server is to count, or to stop counting.
        code_requested: the question is wanted as code; ``curl`` or ``python``.
        compare_requested: it is to be put to several models.
        image_pasted: a picture was pasted or dropped.
        paths_pasted: files or folders were pasted or dropped (list of `Path`).
    """

    ask_requested = Signal()
    text_changed = Signal(str)
    chip_removed = Signal(int)
    chip_left_out = Signal(int)
    chip_detail_chosen = Signal(int, object)
    detail_chosen = Signal(str)
    preset_chosen = Signal(str)
    save_prompt_requested = Signal()
    manage_prompts_requested = Signal()
    filling_acted = Signal()
    images_requested = Signal()
    capture_requested = Signal()
    chip_opened = Signal(int)
    carried_opened = Signal(int)
    part_removed = Signal(int)
    chip_link_chosen = Signal(int, bool)
    chip_moved = Signal(int, int)
    chip_carry_chosen = Signal(int, str)
    new_carry_chosen = Signal(int, str)
    editing_ended = Signal()
    fix_chosen = Signal(int, int)
    hint_dismissed = Signal(str)
    count_requested = Signal()
    code_requested = Signal(str)
    compare_requested = Signal()
    image_pasted = Signal(QImage)
    paths_pasted = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = ComposerState()
        self._said = ""
        self._frame = _Frame()
        self._chips = Chips()
        self._prompt = PromptBox()
        self._tools = ToolRow()
        self._strips = Strips()
        self._estimate = EstimateRow()
        self._lay_out()
        self._connect()
        self.show_state(self._state)

    def show_state(self, state: ComposerState) -> None:
        """Show ``state``; what is the same stays untouched, text, focus and cursor included."""
        self._state = state
        had_focus = self._estimate.holds_focus()
        self._chips.show_state(state)
        self._tools.show_state(state)
        self._strips.show_state(state)
        self._estimate.show_state(state)
        if had_focus and not self._estimate.holds_focus():
            self.focus_prompt()
        self._prompt.set_send_key(state.send_key)

    def text(self) -> str:
        """The prompt as typed."""
        return self._prompt.toPlainText()

    def set_text(self, text: str) -> None:
        """Replace the prompt, cursor at its end; nothing happens if it is the same."""
        if text != self.text():
            self._prompt.setPlainText(text)
            cursor = self._prompt.textCursor()
            cursor.movePosition(cursor.MoveOperation.End)
            self._prompt.setTextCursor(cursor)

    def put_prompt(self, text: str) -> None:
        """Replace the prompt as if it were typed, so that Undo of the box brings back what was there."""
        cursor = self._prompt.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self._prompt.setTextCursor(cursor)
        self.focus_prompt()

    def focus_prompt(self) -> None:
        """Give the keyboard to the prompt."""
        self._prompt.setFocus(Qt.FocusReason.OtherFocusReason)

    def _lay_out(self) -> None:
        look = theme.current()
        inner = QVBoxLayout(self._frame)
        inner.setContentsMargins(*[look.metric("composer_padding")] * 4)
        inner.setSpacing(0)
        inner.addWidget(self._chips)
        inner.addWidget(self._prompt)
        inner.addSpacing(6)
        inner.addWidget(self._tools)
        side, top = look.metric("composer_margin"), look.metric("composer_margin_top")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(side, top + look.metric("hairline"), side, 10)
        outer.setSpacing(7)
        outer.addWidget(self._frame)
        outer.addWidget(self._strips)
        outer.addWidget(self._estimate)

    def _connect(self) -> None:
        self._prompt.send_requested.connect(self._on_send)
        self._prompt.textChanged.connect(self._on_text_changed)
        self._prompt.focus_changed.connect(self._frame.show_focus)
        self._prompt.image_pasted.connect(self.image_pasted)
        self._prompt.paths_pasted.connect(self.paths_pasted)
        self._frame.clicked.connect(self.focus_prompt)
        self._tools.ask_requested.connect(self._on_send)
        self._tools.images_requested.connect(self.images_requested)
        self._tools.capture_requested.connect(self.capture_requested)
        self._tools.preset_chosen.connect(self.preset_chosen)
        self._tools.save_prompt_requested.connect(self.save_prompt_requested)
        self._tools.manage_prompts_requested.connect(self.manage_prompts_requested)
        self._strips.filling_acted.connect(self.filling_acted)
        self._tools.detail_chosen.connect(self.detail_chosen)
        self._chips.removed.connect(self.chip_removed)
        self._chips.left_out.connect(self.chip_left_out)
        self._chips.detail_chosen.connect(self.chip_detail_chosen)
        self._chips.opened.connect(self.chip_opened)
        self._chips.carried_opened.connect(self.carried_opened)
        self._chips.part_removed.connect(self.part_removed)
        self._chips.moved.connect(self.chip_moved)
        self._chips.link_chosen.connect(self.chip_link_chosen)
        self._chips.carry_chosen.connect(self.chip_carry_chosen)
        self._chips.new_carry_chosen.connect(self.new_carry_chosen)
        self._strips.editing_ended.connect(self.editing_ended)
        self._strips.fix_chosen.connect(self.fix_chosen)
        self._strips.hint_dismissed.connect(self.hint_dismissed)
        self._estimate.count_requested.connect(self.count_requested)
        self._tools.code_requested.connect(self.code_requested)
        self._tools.compare_requested.connect(self.compare_requested)

    def _on_send(self) -> None:
        if self._state.can_ask and not self._state.answering:
            self.ask_requested.emit()

    def _on_text_changed(self) -> None:
        text = self.text()
        if text == self._said:
            # Marking variables counts as a change of the document, too.
            return
        self._said = text
        self._tools.set_has_text(has_text=bool(text.strip()))
        self.text_changed.emit(text)

    @override
    def paintEvent(self, event: QPaintEvent) -> None:
        """A hairline above, a soft shadow below; an effect on the frame would redraw it at every key."""
        look = theme.current()
        painter = QPainter(self)
        painter.fillRect(0, 0, self.width(), look.metric("hairline"), look.color("border"))
        paint_shadow(painter, QRectF(self._frame.geometry()), look.metric("radius_bubble"))
        painter.end()


class _Frame(QFrame):
    """The rounded frame; its edge is accented while the prompt has the keyboard.

    Signals:
        clicked: somewhere between the controls.
    """

    clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("kind", "composer")
        self.setProperty("focused", False)

    def show_focus(self, focused: bool) -> None:
        self.setProperty("focused", focused)
        restyle(self)

    @override
    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.clicked.emit()

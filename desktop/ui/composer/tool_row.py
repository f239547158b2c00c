"""Below the prompt: add images, prompts, the detail selector, Ask."""

from functools import partial

from PySide6.QtCore import QPoint, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QSizePolicy, QWidget

from desktop.core.compat import override
from desktop.core.text import _
from desktop.ui import theme
from desktop.ui.composer.prompt_popup import PromptPopup
from desktop.ui.composer.state import ComposerState, detail_name
from desktop.ui.widgets.buttons import button, icon_button
from desktop.ui.widgets.labels import plain_tooltip
from desktop.ui.widgets.segments import Segments

_LEFT_PX = 5
_GAP_PX = 6
_SLACK_PX = 24


class ToolRow(QWidget):
    """The row of buttons; where the levels of detail do not fit side by side, they become a drop-down.

    Signals:
        images_requested: choose files to add.
        capture_requested: capture a part of the screen.
        preset_chosen: id of a prompt.
        save_prompt_requested: what is in the box is to be kept as a prompt.
        manage_prompts_requested: the prompt library is wanted.
        detail_chosen: value of a `Detail`.
        ask_requested: Ask was pressed.
        code_requested: the question is wanted as code; ``curl`` or ``python``.
        compare_requested: it is to be put to several models.
    """

    images_requested = Signal()
    capture_requested = Signal()
    preset_chosen = Signal(str)
    save_prompt_requested = Signal()
    manage_prompts_requested = Signal()
    detail_chosen = Signal(str)
    ask_requested = Signal()
    code_requested = Signal(str)
    compare_requested = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._has_text = False
        self._state = ComposerState()
        self._add = icon_button("image", _("Add images"))
        self._add.clicked.connect(self.images_requested)
        self._capture = icon_button("square-dashed", _("Capture a part of the screen (Ctrl+Shift+S)"))
        self._capture.clicked.connect(self.capture_requested)
        self._prompts = button(_("Prompts"), icon="zap", kind="ghost", tooltip=_("Ready-made questions"))
        self._prompts.clicked.connect(self.open_prompts)
        self._more = icon_button("ellipsis", _("More"))
        self._more.clicked.connect(self._open_more)
        self._segments = Segments(name=_("Detail"))
        self._segments.chosen.connect(self.detail_chosen)
        self._drop_down = button("", chevron=True)
        self._levels = QMenu(self)
        self._levels.setToolTipsVisible(True)
        # Not setMenu(): Qt then centres the text without regard to the room of the chevron.
        self._drop_down.clicked.connect(self._open_levels)
        # The arrow stands behind the word, a little apart.
        self.ask = button(_("Ask") + "\u2002", kind="primary")
        self.ask.setAccessibleName(_("Ask"))
        self.ask.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
        self.ask.clicked.connect(self.ask_requested)
        theme.current().changed.connect(self._tint)
        self._tint()
        self._lay_out()

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(_LEFT_PX, 0, 0, 0)
        row.setSpacing(_GAP_PX)
        row.addWidget(self._add)
        row.addWidget(self._capture)
        row.addWidget(self._prompts)
        row.addWidget(self._segments)
        row.addWidget(self._drop_down)
        row.addStretch()
        row.addWidget(self._more)
        row.addWidget(self.ask)
        height = theme.current().metric("composer_toolbar_height")
        for widget in (self._prompts, self._drop_down, self.ask):
            widget.setProperty("toolbar", True)
            widget.setFixedHeight(height)
        self.setFixedHeight(height)

    def _tint(self) -> None:
        icon = theme.current().icon("arrow-up", role="accent_text")
        icon.addPixmap(theme.current().pixmap("arrow-up", role="accent_disabled_text"), QIcon.Mode.Disabled)
        self.ask.setIcon(icon)

    def set_has_text(self, *, has_text: bool) -> None:
        """Whether there is something in the box that can be kept as a prompt."""
        self._has_text = has_text

    def open_prompts(self) -> None:
        """Open the Prompts menu."""
        popup = PromptPopup(self._state.presets, can_save=self._has_text, parent=self)
        popup.chosen.connect(self.preset_chosen)
        popup.save_requested.connect(self.save_prompt_requested)
        popup.manage_requested.connect(self.manage_prompts_requested)
        popup.open_above(self._prompts)

    def show_state(self, state: ComposerState) -> None:
        """Show the levels, the prompts, and whether one may ask."""
        if state.details != self._state.details or state.detail_tooltips != self._state.detail_tooltips:
            tips = state.detail_tooltips
            self._segments.set_options([(d.value, detail_name(d), tips.get(d, "")) for d in state.details])
        self._segments.set_value(state.detail.value)
        self._state = state
        self._prompts.setVisible(bool(state.presets))
        self._fill_levels()
        self.ask.setEnabled(state.can_ask and not state.answering)
        self._more.setVisible(state.can_copy or state.can_compare)
        plain_tooltip(self.ask, self._ask_tooltip(state))
        self._choose_form()

    def _ask_tooltip(self, state: ComposerState) -> str:
        if state.why_not:
            return state.why_not
        if state.answering:
            return _("Waiting for the answer that is being written")
        return _("Ask (Enter)") if state.send_key == "enter" else _("Ask (Ctrl+Enter)")

    def _fill_levels(self) -> None:
        self._levels.clear()
        for detail in self._state.details:
            action = self._levels.addAction(detail_name(detail))
            action.setCheckable(True)
            action.setChecked(detail is self._state.detail)
            action.setData(detail.value)
            action.triggered.connect(self._on_level)
        name = detail_name(self._state.detail)
        self._drop_down.setText(name)
        self._drop_down.setAccessibleName(_("Detail: {level}").format(level=name))
        plain_tooltip(self._drop_down, self._state.detail_tooltips.get(self._state.detail, _("Detail")))

    def _open_levels(self) -> None:
        at = QPoint(0, -self._levels.sizeHint().height() - 4)
        self._levels.popup(self._drop_down.mapToGlobal(at))

    def more_menu(self) -> QMenu:
        """What else can be done with the question."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        look = theme.current()
        if self._state.can_compare:
            # What follows the tab is shown as the shortcut: the window has it.
            text = _("Compare models…") + "\tCtrl+Shift+Enter"
            menu.addAction(look.icon("git-compare-arrows"), text, self.compare_requested.emit)
        if self._state.can_copy:
            icon = look.icon("copy")
            menu.addAction(icon, _("Copy as curl"), partial(self.code_requested.emit, "curl"))
            menu.addAction(icon, _("Copy as Python"), partial(self.code_requested.emit, "python"))
        return menu

    def _open_more(self) -> None:
        menu = self.more_menu()
        menu.popup(self._more.mapToGlobal(QPoint(0, -menu.sizeHint().height() - 4)))

    def _on_level(self) -> None:
        self.detail_chosen.emit(str(self.sender().data()))  # type: ignore[attr-defined]

    def _choose_form(self) -> None:
        fits = self._wide_width() <= self.width()
        self._segments.setVisible(bool(self._state.details) and fits)
        self._drop_down.setVisible(bool(self._state.details) and not fits)

    def _wide_width(self) -> int:
        return self._base_width() + self._segments.sizeHint().width() + _SLACK_PX

    def _base_width(self) -> int:
        shown = [self._add, self._capture, self.ask, *([self._prompts] if self._state.presets else [])]
        shown += [self._more] if self._state.can_copy or self._state.can_compare else []
        # A button of a fixed size does not say so in its hint.
        widths = (max(widget.sizeHint().width(), widget.minimumWidth()) for widget in shown)
        return _LEFT_PX + sum(width + _GAP_PX for width in widths)

    @override
    def minimumSizeHint(self) -> QSize:
        extra = self._drop_down.sizeHint().width() + _GAP_PX if self._state.details else 0
        return QSize(self._base_width() + extra, self.height())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._choose_form()

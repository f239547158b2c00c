"""The prompt library, in one window without OK: each change holds at once, and deleting can be undone."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import QPoint, Qt, Signal
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import (
    QBoxLayout,
    QDialog,
    QFrame,
    QHBoxLayout,
    QMenu,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from desktop.core.compat import override
from desktop.core.prompt_filling import Pictured
from desktop.core.prompts import (
    MOST_PROMPTS,
    OWN_ICON,
    TITLE_CHARS,
    Library,
    all_prompts,
    find,
    holder,
    moved,
    new_id,
    own_prompt,
    put_back,
    starred,
    with_own,
    with_shortcut,
    without,
)
from desktop.core.text import _, format_count, ngettext
from desktop.ui.prompts.editor import PromptEditor, Written
from desktop.ui.prompts.keys import is_usable
from desktop.ui.prompts.library_list import LibraryList
from desktop.ui.settings.rows import plain_button
from desktop.ui.widgets.buttons import icon_button
from desktop.ui.widgets.notices import NoticeStack
from desktop.ui.widgets.overlay_scroll import OverlayScrollBar
from desktop.ui.widgets.shortcut_field import shown_keys

_SIZE_PX = 900, 660
_LEAST_PX = 380, 460
_STACKED_BELOW_PX = 680
_LIST_PX = 300
_STACKED_LIST_PX = 190
_NO_LIMIT_PX = 16_777_215
"""Qt's own largest size."""


class PromptsDialog(QDialog):
    """Shows a `Library`.

    Signals:
        changed(Library): as it is now, after the user changed something.
        import_requested(): a file is to be chosen; answer with `show_library`.
        export_requested(tuple): the `Prompt` values that are to be written to a file.
    """

    changed = Signal(object)
    import_requested = Signal()
    export_requested = Signal(object)

    def __init__(
        self, parent: QWidget | None = None, *, library: Library, taken: frozenset[str] = frozenset()
    ) -> None:
        """Show ``library``; ``taken`` are keys that do something else."""
        super().__init__(parent)
        self.setWindowTitle(_("Prompts"))
        self.setMinimumSize(*_LEAST_PX)
        self.resize(*_SIZE_PX)
        self._library = library
        self._taken = taken
        self._writing: str = ""
        self._list = LibraryList()
        self._editor = PromptEditor()
        self._lay_out()
        self._notices = NoticeStack(self)
        self._connect()
        self._list.show_library(library)
        self._list.choose(all_prompts(library)[0].id)
        self._list.focus_search()

    def show_images(self, images: Sequence[Pictured], *, example: bool) -> None:
        """Fill the preview with these; ``example``: with none of the user's."""
        self._editor.show_images(images, example=example)

    def show_library(self, library: Library, chosen: Sequence[str] = ()) -> None:
        """Show another library, such as one with prompts of a file; ``chosen`` are selected."""
        self._library = library
        self._list.show_library(library)
        self._list.choose(*(chosen or (self._writing,)))

    def say(
        self, text: str, *, action: str | None = None, callback: Callable[[], object] | None = None
    ) -> None:
        """Tell something, with one thing to do about it, if given."""
        self._notices.show_notice(text, action=action, callback=callback)

    def say_problem(self, text: str) -> None:
        """Tell what went wrong."""
        self._notices.show_notice(text, kind="problem", seconds=20)

    def _lay_out(self) -> None:
        self._new = icon_button("plus", _("New prompt (Ctrl+N)"))
        self._up = icon_button("arrow-up", _("Further up (Alt+Up)"))
        self._down = icon_button("arrow-down", _("Further down (Alt+Down)"))
        self._import = icon_button("download", _("Import prompts from a file…"))
        self._export = icon_button("upload", _("Export prompts to a file…"))
        tools = QHBoxLayout()
        tools.setSpacing(2)
        for tool in (self._new, self._up, self._down):
            tools.addWidget(tool)
        tools.addStretch(1)
        for tool in (self._import, self._export):
            tools.addWidget(tool)
        self._left = QWidget()
        left = QVBoxLayout(self._left)
        left.setContentsMargins(0, 0, 0, 0)
        left.setSpacing(8)
        left.addWidget(self._list, 1)
        left.addLayout(tools)
        self._both = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._both.setSpacing(20)
        self._both.addWidget(self._left)
        self._both.addWidget(_scrolled(self._editor), 1)
        close = plain_button(_("Close"))
        close.clicked.connect(self.accept)
        last = QHBoxLayout()
        last.addStretch(1)
        last.addWidget(close)
        column = QVBoxLayout(self)
        column.setContentsMargins(20, 20, 20, 16)
        column.setSpacing(14)
        column.addLayout(self._both, 1)
        column.addLayout(last)
        self._fit()

    def _connect(self) -> None:
        self._list.current_changed.connect(self._on_current)
        self._list.star_clicked.connect(self._toggle_star)
        self._list.remove_requested.connect(self._remove)
        self._editor.written.connect(self._on_written)
        self._editor.star_toggled.connect(lambda: self._toggle_star(self._writing))
        self._editor.keys_chosen.connect(self._on_keys)
        self._editor.duplicate_requested.connect(self._duplicate)
        self._editor.remove_requested.connect(lambda: self._remove((self._writing,)))
        self._new.clicked.connect(self._begin_new)
        self._up.clicked.connect(lambda: self._move(-1))
        self._down.clicked.connect(lambda: self._move(1))
        self._import.clicked.connect(self.import_requested)
        self._export.clicked.connect(self._open_export)
        for keys, then in (
            ("Ctrl+N", self._begin_new),
            ("Ctrl+D", lambda: self._toggle_star(self._writing)),
            ("Alt+Up", lambda: self._move(-1)),
            ("Alt+Down", lambda: self._move(1)),
            ("Ctrl+F", self._list.focus_search),
        ):
            QShortcut(QKeySequence(keys), self).activated.connect(then)

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Beside each other, or where that is too narrow the list above the editor."""
        stacked = self.width() < _STACKED_BELOW_PX
        directions = QBoxLayout.Direction
        self._both.setDirection(directions.TopToBottom if stacked else directions.LeftToRight)
        self._both.setSpacing(12 if stacked else 20)
        self._editor.set_low(low=stacked)
        self._left.setMinimumWidth(0 if stacked else _LIST_PX)
        self._left.setMaximumWidth(_NO_LIMIT_PX if stacked else _LIST_PX)
        self._left.setMaximumHeight(_STACKED_LIST_PX if stacked else _NO_LIMIT_PX)
        self._left.setMinimumHeight(_STACKED_LIST_PX if stacked else 0)

    def _change(self, library: Library) -> None:
        if library != self._library:
            self._library = library
            self.changed.emit(library)

    def _holders(self) -> dict[str, str]:
        """Titles of prompts by their keys."""
        found = {keys: find(self._library, prompt_id) for prompt_id, keys in self._library.shortcuts.items()}
        return {keys: prompt.title for keys, prompt in found.items() if prompt is not None}

    def _on_current(self, prompt_id: str) -> None:
        if prompt_id != self._writing:
            self._writing = prompt_id
            self._editor.show_prompt(find(self._library, prompt_id), self._holders())
        self._show_tools()

    def _show_tools(self) -> None:
        there = find(self._library, self._writing) is not None
        self._up.setEnabled(there)
        self._down.setEnabled(there)

    def _refresh(self) -> None:
        """Stars, keys or places are others now; what is being written stays."""
        self._list.show_library(self._library)
        self._list.choose(self._writing)
        self._editor.show_standing(find(self._library, self._writing), self._holders())
        self._show_tools()

    def _on_written(self, written: Written) -> None:
        before = find(self._library, self._writing)
        try:
            prompt = own_prompt(
                self._writing or new_id(),
                written.title,
                written.text,
                icon=before.icon if before else OWN_ICON,
                needs_model=written.needs_model,
            )
            library = with_own(self._library, prompt)
        except ValueError:
            self._say_full()
            return
        self._writing = prompt.id
        self._change(library)
        after = find(library, prompt.id)
        if before is None or after is None or before.own != after.own:
            self._refresh()
        else:
            self._list.update_prompt(after)

    def _say_full(self) -> None:
        text = _("There are {count} prompts already. Delete one first.")
        self.say_problem(text.format(count=format_count(MOST_PROMPTS)))

    def _toggle_star(self, prompt_id: str) -> None:
        prompt = find(self._library, prompt_id)
        if prompt is not None:
            self._change(starred(self._library, prompt_id, favourite=not prompt.favourite))
            self._refresh()

    def _move(self, steps: int) -> None:
        self._change(moved(self._library, self._writing, steps))
        self._refresh()

    def _begin_new(self) -> None:
        self._writing = ""
        self._list.choose()
        self._editor.show_prompt(None, self._holders())
        self._editor.focus_title()
        self._show_tools()

    def _duplicate(self) -> None:
        prompt = find(self._library, self._writing)
        if prompt is None:
            return
        suffix = _("{title} (copy)").format(title="")
        title = _("{title} (copy)").format(title=prompt.title[: TITLE_CHARS - len(suffix)])
        made = own_prompt(new_id(), title, prompt.text, icon=prompt.icon, needs_model=not prompt.on_device)
        try:
            self._change(with_own(self._library, made))
        except ValueError:
            self._say_full()
            return
        self._list.show_library(self._library)
        self._list.choose(made.id)
        self._editor.focus_title()

    def _remove(self, prompt_ids: Sequence[str]) -> None:
        before = self._library
        gone = [prompt for prompt_id in prompt_ids if (prompt := before.find_own(prompt_id)) is not None]
        if not gone:
            self.say(_("Prompts that came with Sightline cannot be deleted."))
            return
        following = self._list.neighbour([prompt.id for prompt in gone])
        library = before
        for prompt in gone:
            library = without(library, prompt.id)
        self._change(library)
        restored = find(library, self._writing)
        self._writing = ""
        self._list.show_library(library)
        self._list.choose(restored.id if restored is not None else following)
        count = len(gone)
        if count > 1:
            text = ngettext("{count} prompt was deleted.", "{count} prompts were deleted.", count)
        elif restored is not None and restored.id == gone[0].id:
            text = _("“{title}” is the original again.")
        else:
            text = _("“{title}” was deleted.")
        said = text.format(title=gone[0].title, count=format_count(count))
        self.say(said, action=_("Undo"), callback=partial(self._put_back, before, [p.id for p in gone]))

    def _put_back(self, before: Library, prompt_ids: Sequence[str]) -> None:
        library = self._library
        for prompt_id in prompt_ids:
            library = put_back(library, before, prompt_id)
        self._change(library)
        self._writing = ""
        self._list.show_library(library)
        self._list.choose(prompt_ids[0])

    def _on_keys(self, keys: str) -> None:
        said, kind = "", "small"
        library = self._library
        if keys and not is_usable(keys):
            said, kind = _("Use Ctrl or Alt together with another key."), "danger"
        elif keys in self._taken:
            said = _("{keys} does something else in Sightline. Choose others.")
            said, kind = said.format(keys=shown_keys(keys)), "danger"
        else:
            other = find(library, holder(library, keys)) if keys else None
            if other is not None and other.id != self._writing:
                said = _("{keys} belonged to “{title}” until now.")
                said = said.format(keys=shown_keys(keys), title=other.title)
            library = with_shortcut(library, self._writing, keys)
        self._change(library)
        self._refresh()
        self._editor.say_of_keys(said, kind)

    def _open_export(self) -> None:
        menu = self.export_menu()
        menu.popup(self._export.mapToGlobal(QPoint(0, -menu.sizeHint().height() - 4)))

    def export_menu(self) -> QMenu:
        """Which prompts are to be written to a file."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        shown = all_prompts(self._library)
        chosen = [prompt for prompt in shown if prompt.id in self._list.selected()]
        own = [prompt for prompt in shown if prompt.own]
        offered = (
            (_("Selected ({count})…"), chosen),
            (_("Your own ({count})…"), own),
            (_("All ({count})…"), list(shown)),
        )
        for text, prompts in offered:
            if prompts:
                action = menu.addAction(text.format(count=format_count(len(prompts))))
                action.triggered.connect(partial(self.export_requested.emit, tuple(prompts)))
        return menu


def _scrolled(editor: QWidget) -> QScrollArea:
    """In a low window all of it can be reached; Tab brings what has the keyboard into sight."""
    area = QScrollArea()
    area.setWidget(editor)
    area.setWidgetResizable(True)
    area.setFrameShape(QFrame.Shape.NoFrame)
    area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    editor.setAutoFillBackground(False)
    area.viewport().setAutoFillBackground(False)
    OverlayScrollBar(area)
    return area

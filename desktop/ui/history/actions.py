"""What can be done with the conversations that are chosen in the list, as a menu."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu, QWidget

from desktop.core.model import ConversationSummary
from desktop.core.text import _, format_count, ngettext
from desktop.ui import theme

Act = Callable[[str, tuple[int, ...]], object]
"""Does something by its name, with conversations."""


def actions_menu(chosen: Sequence[ConversationSummary], act: Act, parent: QWidget) -> QMenu:
    """The menu for one conversation, or for several.

    ``act`` gets ``open``, ``rename``, ``suggest``, ``pin``, ``unpin``, ``tags``, ``archive``, ``unarchive``,
    ``export`` or ``delete``, and the ids.
    """
    menu = QMenu(parent)
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    ids = tuple(summary.id for summary in chosen)

    def add(name: str, icon: str, text: str) -> None:
        action = menu.addAction(theme.current().icon(icon), text)
        action.triggered.connect(lambda: act(name, ids))

    if len(ids) == 1:
        add("open", "message-square", _("Open"))
        menu.addSeparator()
        add("rename", "pencil", _("Rename") + "\t" + _("F2"))
        if not chosen[0].on_device:
            add("suggest", "sparkles", _("Suggest a title"))
        add("tags", "tag", _("Tags…"))
    if all(summary.pinned for summary in chosen):
        add("unpin", "pin-off", _("Unpin"))
    else:
        add("pin", "pin", _("Pin"))
    if all(summary.archived for summary in chosen):
        add("unarchive", "archive-restore", _("Take out of the archive"))
    else:
        add("archive", "archive", _("Archive"))
    add("export", "share", _("Export…"))
    menu.addSeparator()
    text = _("Delete")
    if len(ids) > 1:
        several = ngettext("Delete {count} conversation", "Delete {count} conversations", len(ids))
        text = several.format(count=format_count(len(ids)))
    add("delete", "trash-2", text + "\t" + _("Del"))
    return menu

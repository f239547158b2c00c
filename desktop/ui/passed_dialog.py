"""Lists what was not taken when a folder was added: each with its reason, and what to do."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QHBoxLayout, QTreeWidget, QTreeWidgetItem, QVBoxLayout, QWidget

from desktop.core.problem_text import explain
from desktop.core.problems import Code
from desktop.core.text import _, format_count, join_sentences, ngettext, printable
from desktop.tasks.gallery import Passed
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.labels import label

_SIZE_PX = 560, 420
_OPEN_UP_TO = 50


def show_passed(parent: QWidget, passed: Sequence[Passed], count: int) -> None:
    """Show what was not taken; ``count`` may be more than is listed."""
    dialog = QDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(_("Not taken"))
    dialog.resize(*_SIZE_PX)
    layout = QVBoxLayout(dialog)
    layout.setContentsMargins(16, 16, 16, 16)
    layout.setSpacing(12)
    layout.addWidget(label(_summary(len(passed), count), "muted"))
    layout.addWidget(_tree(passed), 1)
    row = QHBoxLayout()
    row.addStretch(1)
    close = button(_("Close"), kind="primary")
    close.clicked.connect(dialog.accept)
    row.addWidget(close)
    layout.addLayout(row)
    dialog.open()


def _summary(listed: int, count: int) -> str:
    text = ngettext("{count} thing was not taken.", "{count} things were not taken.", count)
    said = text.format(count=format_count(count))
    if listed < count:
        said = join_sentences(said, _("The first {listed} are listed.").format(listed=format_count(listed)))
    return said


def _tree(passed: Sequence[Passed]) -> QTreeWidget:
    """Below each reason the files that it concerns."""
    tree = QTreeWidget()
    tree.setHeaderHidden(True)
    tree.setAccessibleName(_("Not taken"))
    tree.setProperty("kind", "framed")
    groups: dict[Code, list[Passed]] = {}
    for one in passed:
        groups.setdefault(one.problem.code, []).append(one)
    for found in groups.values():
        said = explain(found[0].problem)
        reason = said.what if len(found) == 1 else said.meaning
        title = QTreeWidgetItem([f"{format_count(len(found))} · {join_sentences(reason, said.remedy)}"])
        title.setToolTip(0, "")
        tree.addTopLevelItem(title)
        title.addChildren([QTreeWidgetItem([printable(str(one.path), limit=400)]) for one in found])
        title.setExpanded(len(found) <= _OPEN_UP_TO)
    return tree

"""The menu behind Sort: by what, in which direction, in which groups, as tiles or as a list."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMenu

from desktop.core.arranging import Arranged, GroupBy, SortBy
from desktop.core.text import _, marked

_SORTS = {
    SortBy.ADDED: marked("As added"),
    SortBy.NAME: marked("Name"),
    SortBy.DATE: marked("Date"),
    SortBy.PIXELS: marked("Size in pixels"),
    SortBy.BYTES: marked("File size"),
    SortBy.TOKENS: marked("Tokens"),
    SortBy.COST: marked("Cost so far"),
}
_GROUPS = {
    GroupBy.NONE: marked("No groups"),
    GroupBy.FOLDER: marked("By folder"),
    GroupBy.DAY: marked("By day"),
}


def sorted_by(arranged: Arranged) -> str:
    """``Sorted by name, descending``."""
    text = _("Sorted: {order}, descending") if arranged.descending else _("Sorted: {order}")
    return text.format(order=_(_SORTS[arranged.sort]))


def fill(menu: QMenu, arranged: Arranged, chosen: Callable[[Arranged], object]) -> None:
    """Offer everything, and mark what is in force; ``chosen`` gets what the user wants instead."""
    menu.clear()
    sorts = (
        (_(words), replace(arranged, sort=sort), sort is arranged.sort) for sort, words in _SORTS.items()
    )
    groups = (
        (_(words), replace(arranged, group=group), group is arranged.group)
        for group, words in _GROUPS.items()
    )
    views = (
        (_("Tiles"), replace(arranged, as_list=False), not arranged.as_list),
        (_("List"), replace(arranged, as_list=True), arranged.as_list),
    )
    _add_choices(menu, sorts, chosen)
    menu.addSeparator()
    descending = menu.addAction(_("Descending"))
    descending.setCheckable(True)
    descending.setChecked(arranged.descending)
    descending.triggered.connect(lambda on: chosen(replace(arranged, descending=on)))
    menu.addSeparator()
    _add_choices(menu, groups, chosen)
    menu.addSeparator()
    _add_choices(menu, views, chosen)


def _add_choices(
    menu: QMenu, rows: Iterable[tuple[str, Arranged, bool]], chosen: Callable[[Arranged], object]
) -> None:
    group = QActionGroup(menu)
    for text, value, on in rows:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(on)
        group.addAction(action)
        action.triggered.connect(lambda _on=True, value=value: chosen(value))

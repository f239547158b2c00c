"""The window's shortcuts and its drops: what keys do wherever the focus is, and images that are let go of."""

from collections.abc import Callable, Iterable

from PySide6.QtGui import QDropEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import QWidget

from desktop.ui.gallery_incoming import GalleryIncoming
from desktop.ui.widgets.incoming import carried_image, carried_links, local_paths

Keys = QKeySequence | QKeySequence.StandardKey
Shortcut = tuple[Keys, Callable[[], object]]
"""Keys and what they do."""


def add_shortcuts(place: QWidget, shortcuts: Iterable[Shortcut]) -> None:
    """Let keys work while the focus is anywhere in the window of ``place`` and ``place`` is seen."""
    for keys, then in shortcuts:
        shortcut = QShortcut(keys, place)
        shortcut.activated.connect(then)


def take_drop(event: QDropEvent, gallery: GalleryIncoming) -> None:
    """Bring in what was dropped on the window."""
    paths, image = local_paths(event.mimeData()), carried_image(event.mimeData())
    if paths:
        gallery.add(paths)
    elif image is not None:
        gallery.add_image(image)
    else:
        gallery.add_links(carried_links(event.mimeData()))
    event.acceptProposedAction()

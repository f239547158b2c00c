"""Joins the gallery's state and its panel: tiles for entries, and everything that brings images in."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QImage, QPixmap

from desktop.core.problems import Problem
from desktop.core.text import _, format_count, ngettext, printable
from desktop.tasks.backend import Backend
from desktop.ui.choice import Choice
from desktop.ui.composing import selection_text
from desktop.ui.file_dialog import choose_files, choose_folder
from desktop.ui.gallery.items import Tile
from desktop.ui.gallery.panel import GalleryPanel
from desktop.ui.gallery_state import Entry, GalleryState
from desktop.ui.gallery_tiles import tile, tokens_of
from desktop.ui.messages import Messages
from desktop.ui.widgets.incoming import carried_image, local_paths

FOOTER_MS = 100
"""While many images become known, what all the selected ones cost is summed up no more often than this."""
FILTER_SUFFIXES = "*.png *.jpg *.jpeg *.webp *.gif *.heic *.heif *.avif *.tif *.tiff *.bmp *.pdf"


class GalleryController(QObject):
    """Keeps the panel true to the state, in batches so that a large folder stays cheap.

    Signals:
        brought_in(): the user added images; the prompt box should have the focus.
    """

    brought_in = Signal()

    def __init__(
        self, backend: Backend, state: GalleryState, choice: Choice, panel: GalleryPanel, messages: Messages
    ) -> None:
        super().__init__(panel)
        self._backend = backend
        self._state = state
        self._choice = choice
        self._panel = panel
        self._messages = messages
        self._in_conversation: frozenset[str] = frozenset()
        self._footer_soon = QTimer(self, singleShot=True, interval=FOOTER_MS)
        self._footer_soon.timeout.connect(self._show_footer)
        self._connect_state()
        self._connect_panel()

    def show_in_conversation(self, source_ids: frozenset[str]) -> None:
        """Mark the images whose source is among ``source_ids`` (`ImageFacts.source_id`)."""
        if source_ids != self._in_conversation:
            changed = source_ids ^ self._in_conversation
            self._in_conversation = source_ids
            for entry in self._state.entries.values():
                if entry.facts and entry.facts.source_id in changed:
                    self._panel.model.update_tile(self._tile(entry))

    def add(self, paths: Sequence[Path]) -> None:
        """Bring files and folders in."""
        if paths:
            self._state.add(paths)
            self.brought_in.emit()

    def add_image(self, image: QImage) -> None:
        """Bring a picture from the clipboard or a browser in."""
        self._backend.gallery.keep_pasted(image)
        self.brought_in.emit()

    def paste(self) -> None:
        """Bring in what the clipboard holds; says so when there is no image in it."""
        mime = QGuiApplication.clipboard().mimeData()
        paths, image = local_paths(mime), carried_image(mime)
        if paths:
            self.add(paths)
        elif image is not None:
            self.add_image(image)
        else:
            self._messages.say(
                _("There is no image on the clipboard. Copy a picture or an image file first.")
            )

    def choose_files(self) -> None:
        """Let the user pick files."""
        filters = [_("Images ({suffixes})").format(suffixes=FILTER_SUFFIXES), _("All files (*)")]
        self.add(
            choose_files(
                self._panel.window(), title=_("Choose images"), folder=_pictures_folder(), filters=filters
            )
        )

    def choose_folder(self) -> None:
        """Let the user pick a folder."""
        title = _("Choose a folder of images")
        self.add(choose_folder(self._panel.window(), title=title, folder=_pictures_folder()))

    def add_samples(self) -> None:
        """Bring the sample images in."""
        self.add(self._backend.samples)

    def _connect_state(self) -> None:
        state = self._state
        state.added.connect(self._on_added)
        state.inserted.connect(self._on_inserted)
        state.updated.connect(self._on_updated)
        state.pictured.connect(self._on_pictured)
        state.removed.connect(self._panel.model.remove)
        state.removed.connect(self._show_footer)
        state.selected.connect(self._panel.select)
        state.selected.connect(self._show_footer)
        state.scanning.connect(self._on_scanning)
        state.skipped.connect(self._on_skipped)
        state.scanned_in.connect(self._on_scanned_in)
        state.added_unselected.connect(self._on_added_unselected)
        state.not_images.connect(self._on_not_images)
        state.pages_left.connect(self._on_pages_left)
        state.outdated.connect(self._on_outdated)
        self._choice.changed.connect(self._show_all_again)
        self._backend.gallery.pasted.connect(self._on_pasted)
        self._backend.gallery.failed.connect(self._messages.show)

    def _connect_panel(self) -> None:
        panel = self._panel
        panel.paths_dropped.connect(self.add)
        panel.image_dropped.connect(self.add_image)
        panel.files_requested.connect(self.choose_files)
        panel.folder_requested.connect(self.choose_folder)
        panel.paste_requested.connect(self.paste)
        panel.samples_requested.connect(self.add_samples)
        panel.selection_changed.connect(self._on_selection_changed)
        panel.remove_requested.connect(self._state.remove)
        panel.thumbnails_wanted.connect(self._state.show)
        panel.cancel_scan_requested.connect(self._backend.gallery.cancel_scan)

    def _tile(self, entry: Entry) -> Tile:
        return tile(
            entry,
            model=self._choice.model,
            detail=self._choice.detail,
            in_conversation=self._in_conversation,
        )

    def _on_added(self, keys: list[int]) -> None:
        self._panel.model.add_tiles([self._tile(self._state.entries[key]) for key in keys])
        self._show_footer()

    def _on_inserted(self, after: int, keys: list[int]) -> None:
        self._panel.model.insert_tiles(after, [self._tile(self._state.entries[key]) for key in keys])
        self._show_footer()

    def _on_updated(self, key: int) -> None:
        self._panel.model.update_tile(self._tile(self._state.entries[key]))
        if not self._footer_soon.isActive():
            self._footer_soon.start()

    def _on_pictured(self, key: int, pixmap: QPixmap) -> None:
        self._panel.model.set_thumbnail(key, pixmap)

    def _on_selection_changed(self, keys: list[int]) -> None:
        self._state.take_selection(keys)
        self._show_footer()

    def _on_scanning(self, found: int) -> None:
        if found < 0:
            self._panel.set_scanning(None)
            return
        text = ngettext(
            "Looking through folders… {count} image", "Looking through folders… {count} images", found
        )
        self._panel.set_scanning(text.format(count=format_count(found)))

    def _on_skipped(self, problems: list[Problem]) -> None:
        for trouble in problems[:3]:
            self._messages.show(trouble)

    def _on_scanned_in(self, keys: list[int]) -> None:
        self._panel.reveal(keys[0])

    def _on_added_unselected(self, keys: list[int]) -> None:
        text = ngettext(
            "{count} image added. It is not selected, because there are so many.",
            "{count} images added. They are not selected, because there are so many.",
            len(keys),
        )
        self._messages.say(
            text.format(count=format_count(len(keys))),
            action=_("Select all of them"),
            callback=lambda: self._state.select_more(keys),
        )

    def _on_not_images(self, count: int) -> None:
        text = ngettext("{count} file skipped: not an image", "{count} files skipped: not images", count)
        self._messages.say(text.format(count=format_count(count)))

    def _on_pages_left(self, key: int, count: int) -> None:
        text = _("“{name}” has more pages.").format(name=printable(self._state.entries[key].path.name))
        action = ngettext("Add the other page", "Add the other {count} pages", count)
        self._messages.say(
            text,
            action=action.format(count=format_count(count)),
            callback=lambda: self._state.add_pages(key),
        )

    def _on_outdated(self, key: int) -> None:
        text = _("“{name}” has changed since it was edited. Look at it before you select it again.")
        self._messages.say(text.format(name=self._state.entries[key].name))

    def _on_pasted(self, path: Path) -> None:
        self._state.add([path])

    def _show_all_again(self) -> None:
        self._panel.model.update_tiles([self._tile(entry) for entry in self._state.entries.values()])
        self._show_footer()

    def _show_footer(self, *_changed: object) -> None:
        self._footer_soon.stop()
        selected = self._state.usable_selection()
        tokens = tokens_of(selected, model=self._choice.model, detail=self._choice.detail)
        self._panel.set_footer(
            selection_text(len(selected), len(self._state.entries), tokens, on_device=self._choice.on_device)
        )


def _pictures_folder() -> str:
    """Where choosing starts: the folder of pictures if there is one, else the home folder."""
    place = QStandardPaths.StandardLocation
    pictures = QStandardPaths.writableLocation(place.PicturesLocation)
    return pictures if Path(pictures).is_dir() else QStandardPaths.writableLocation(place.HomeLocation)

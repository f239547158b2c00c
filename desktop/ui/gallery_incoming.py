"""Everything that brings images in from this computer, and what is said about it."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal
from PySide6.QtGui import QGuiApplication, QImage

from desktop.core.archive import ARCHIVE_SUFFIX
from desktop.core.problems import Code
from desktop.core.text import _, format_count, join_list, ngettext, printable
from desktop.tasks.backend import Backend
from desktop.ui.file_dialog import choose_files, choose_folder
from desktop.ui.gallery.panel import GalleryPanel
from desktop.ui.gallery_adding import Tally
from desktop.ui.gallery_state import GalleryState
from desktop.ui.links_in import LinksIn
from desktop.ui.messages import Messages
from desktop.ui.passed_dialog import show_passed
from desktop.ui.widgets.incoming import carried_image, carried_links, local_paths

FILTER_SUFFIXES = "*.png *.jpg *.jpeg *.webp *.gif *.heic *.heif *.avif *.tif *.tiff *.bmp *.pdf"
_MOST_PROBLEMS = 3
_NAMED_FOLDERS = 2


class GalleryIncoming(QObject):
    """Files, folders and pictures, by dialog, drop and paste.

    Signals:
        brought_in(): the user added images; the prompt box should have the focus.
        archives_given(tuple): paths of exported conversations, which are no images.
    """

    brought_in = Signal()
    archives_given = Signal(object)

    def __init__(
        self, backend: Backend, state: GalleryState, panel: GalleryPanel, messages: Messages
    ) -> None:
        super().__init__(panel)
        self._backend = backend
        self._state = state
        self._panel = panel
        self._messages = messages
        panel.paths_dropped.connect(self.add)
        panel.image_dropped.connect(self.add_image)
        panel.files_requested.connect(self.choose_files)
        panel.samples_requested.connect(self.add_samples)
        panel.header.folder_requested.connect(self.choose_folder)
        panel.header.paste_requested.connect(self.paste)
        panel.scan_strip.cancelled.connect(backend.gallery.cancel_scan)
        self._links = LinksIn(backend.downloads, state, panel, messages)
        panel.links_dropped.connect(self.add_links)
        panel.header.link_requested.connect(self._links.choose)
        state.scanning.connect(self._on_scanning)
        state.scan_ended.connect(self._on_scan_ended)
        state.too_many.connect(self._on_too_many)
        state.pages_left.connect(self._on_pages_left)
        backend.gallery.pasted.connect(self._on_pasted)
        backend.gallery.failed.connect(messages.show)

    def add(self, paths: Sequence[Path]) -> None:
        """Bring files and folders in; exported conversations are handed on."""
        images = [path for path in paths if path.suffix.lower() != ARCHIVE_SUFFIX]
        if len(images) < len(paths):
            self.archives_given.emit(tuple(path for path in paths if path not in images))
        if images:
            self._state.add(images)
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
        elif links := carried_links(mime):
            self.add_links(links)
        else:
            self._messages.say(
                _("There is no image on the clipboard. Copy a picture, an image file or its address first.")
            )

    def add_links(self, links: Sequence[str]) -> None:
        """Download images; says so where there is nothing to download."""
        if links:
            self._links.add(links)
            self.brought_in.emit()
        else:
            self._messages.say(_("There was no image in what was dropped, and no address of one."))

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

    def _on_pasted(self, path: Path) -> None:
        self._state.add([path])

    def _on_scanning(self, found: int) -> None:
        if found < 0:
            self._panel.scan_strip.say(None)
            return
        text = ngettext(
            "Looking through folders… {count} image", "Looking through folders… {count} images", found
        )
        self._panel.scan_strip.say(text.format(count=format_count(found)))

    def _on_scan_ended(self, tally: Tally) -> None:
        if tally.keys and tally.job.select and not tally.job.draft:
            self._panel.view.reveal(next(iter(tally.keys)))
        for trouble in tally.problems[:_MOST_PROBLEMS]:
            if not (tally.left_folders and trouble.code is Code.NOTHING_FOUND):
                self._messages.show(trouble)
        if not tally.cancelled:
            self._tell_passed_over(tally)
            self._offer_folders(tally)

    def _tell_passed_over(self, tally: Tally) -> None:
        """Nothing is left out in silence; hidden files alone are worth no word, but are listed too."""
        if all(one.problem.code is Code.FILE_HIDDEN for one in tally.passed):
            return
        text = ngettext("{count} thing was not taken.", "{count} things were not taken.", tally.passed_count)
        self._messages.say(
            text.format(count=format_count(tally.passed_count)),
            action=_("Show which and why"),
            callback=lambda: show_passed(self._panel.window(), tally.passed, tally.passed_count),
        )

    def _offer_folders(self, tally: Tally) -> None:
        """Folders in folders are searched when the user says so: a whole disk may be below them."""
        left = tally.left_folders
        if not left:
            return
        named = join_list(f"“{printable(folder.name)}”" for folder in left[:_NAMED_FOLDERS])
        if len(left) <= _NAMED_FOLDERS:
            text = ngettext(
                "There is a folder inside: {names}.", "There are folders inside: {names}.", len(left)
            )
            text = text.format(names=named)
        else:
            text = _("There are {count} folders inside.").format(count=format_count(len(left)))
        self._messages.say(
            text,
            action=ngettext("Add its images too", "Add their images too", len(left)),
            callback=lambda: self._state.add(left, recursive=True),
        )

    def _on_too_many(self, keys: list[int]) -> None:
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

    def _on_pages_left(self, key: int, count: int) -> None:
        text = _("“{name}” has more pages.").format(name=printable(self._state.entries[key].path.name))
        action = ngettext("Add the other page", "Add the other {count} pages", count)
        self._messages.say(
            text,
            action=action.format(count=format_count(count)),
            callback=lambda: self._state.add_pages(key),
        )


def _pictures_folder() -> str:
    """Where choosing starts: the folder of pictures if there is one, else the home folder."""
    place = QStandardPaths.StandardLocation
    pictures = QStandardPaths.writableLocation(place.PicturesLocation)
    return pictures if Path(pictures).is_dir() else QStandardPaths.writableLocation(place.HomeLocation)

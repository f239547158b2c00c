"""Images from addresses: downloaded with progress, asked about where they are on the user's own network."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QInputDialog

from desktop.core.problem_text import explain
from desktop.core.problems import Code, Problem, problem
from desktop.core.text import _, format_count, format_size, join_sentences, ngettext
from desktop.core.web_addresses import is_link, may_be_told
from desktop.tasks.downloads import DownloadTasks
from desktop.ui.composing import SEPARATOR
from desktop.ui.dialogs import confirm
from desktop.ui.gallery.panel import GalleryPanel
from desktop.ui.gallery_state import GalleryState
from desktop.ui.messages import Messages


class LinksIn(QObject):
    """Joins downloads and gallery."""

    def __init__(
        self, downloads: DownloadTasks, state: GalleryState, panel: GalleryPanel, messages: Messages
    ) -> None:
        super().__init__(panel)
        self._downloads = downloads
        self._state = state
        self._panel = panel
        self._messages = messages
        downloads.downloaded.connect(self._on_downloaded)
        downloads.failed.connect(self._on_failed)
        downloads.refused_private.connect(self._on_private)
        downloads.progressed.connect(self._on_progress)
        downloads.ended.connect(self._on_ended)
        panel.download_strip.cancelled.connect(downloads.cancel)

    def add(self, links: Sequence[str]) -> None:
        """Download these."""
        self._downloads.add(list(links))

    def choose(self) -> None:
        """Let the user type or paste an address."""
        dialog = QInputDialog(self._panel.window())
        dialog.setWindowTitle(_("From an address"))
        dialog.setLabelText(_("Address of an image (https://…)"))
        dialog.setOkButtonText(_("Download"))
        dialog.setCancelButtonText(_("Cancel"))
        dialog.resize(460, dialog.sizeHint().height())
        accepted = dialog.exec()
        typed = dialog.textValue().strip()
        dialog.deleteLater()
        if not accepted or not typed:
            return
        if is_link(typed):
            self.add([typed])
        else:
            self._messages.show(problem(Code.LINK_INVALID, url=typed[:200]))

    def _on_downloaded(self, url: str, path: Path) -> None:
        self._state.add([path], known={path: {"url": url}} if may_be_told(url) else None)

    def _on_failed(self, _url: str, trouble: Problem) -> None:
        self._messages.show(trouble)

    def _on_private(self, url: str, host: str) -> None:
        said = explain(problem(Code.LINK_PRIVATE, host=host))
        allowed = confirm(
            self._panel.window(),
            title=_("An address of your own network"),
            text=join_sentences(said.what, said.meaning),
            action=_("Download it"),
        )
        if allowed:
            self._downloads.allow(url, host)

    def _on_progress(self, left: int, came: int, of: int) -> None:
        text = ngettext("Downloading {count} image…", "Downloading {count} images…", left)
        size = format_size(came)
        if of:
            size = _("{came} of {size}").format(came=size, size=format_size(of))
        self._panel.download_strip.say(SEPARATOR.join((text.format(count=format_count(left)), size)))

    def _on_ended(self) -> None:
        self._panel.download_strip.say(None)

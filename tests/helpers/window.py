"""The real window over real parts, without a display: for tests of what happens between click and history."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from pytestqt.qtbot import QtBot

from desktop.app import make_ground
from desktop.core.settings import Settings
from desktop.system.environment import Secrets
from desktop.system.paths import DataFolder
from desktop.system.safety import Safety
from desktop.tasks.backend import Backend
from desktop.ui.composer.composer import Composer
from desktop.ui.conversation.transcript import Transcript
from desktop.ui.gallery.panel import GalleryPanel
from desktop.ui.history.panel import HistoryPanel
from desktop.ui.main_window import MainWindow
from desktop.ui.start_options import StartOptions
from desktop.wiring import Parts, make_parts
from tests.helpers.asking import CATALOG

WAIT_MS = 20_000
"""For work of processes on a busy machine; what is fast is measured elsewhere."""


class Opened:
    """A window and the panels that tests look at."""

    def __init__(self, window: MainWindow, backend: Backend, parts: Parts) -> None:
        self.window = window
        self.backend = backend
        self.parts = parts
        self.composer = window.findChild(Composer)
        self.gallery = window.findChild(GalleryPanel)
        self.history = window.findChild(HistoryPanel)
        self.transcript = window.findChild(Transcript)
        self.conversation = window._conversation_state
        self.images = window._gallery_state
        self.choice = window._choice


@contextmanager
def open_window(
    qtbot: QtBot,
    folder: Path,
    *,
    base_url: str = "https://api.openai.com/v1",
    key: str | None = None,
    model: str | None = None,
    images: tuple[Path, ...] = (),
    settings: Settings | None = None,
    safety: Safety | None = None,
    wait: bool = True,
) -> Iterator[Opened]:
    """Open the window, wait for its history unless ``wait`` is False, and close everything in the end."""
    settings = settings or Settings()
    data = DataFolder(folder)
    data.prepare()
    parts = make_parts(
        folder=data,
        settings=replace(settings, base_url=base_url),
        secrets=Secrets(key),
        catalog=CATALOG,
    )
    backend = Backend(make_ground(parts, settings, safety))
    window = MainWindow(backend, StartOptions(model=model, images=images))
    qtbot.addWidget(window)
    try:
        if wait:
            with qtbot.waitSignals([backend.history.restored, backend.keys.changed], timeout=WAIT_MS):
                window.show()
        else:
            window.show()
        yield Opened(window, backend, parts)
    finally:
        window.close()
        backend.close()

"""What the user does before the history is open is not lost."""

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.core.model import Draft
from desktop.ui import drafts
from desktop.ui.composer.composer import Composer
from desktop.ui.gallery.panel import GalleryPanel
from desktop.ui.main_window import MainWindow
from tests.helpers.asking import make_image
from tests.helpers.history import opened as opened_history
from tests.helpers.window import WAIT_MS, open_window


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


def keep_draft(folder: Path, text: str) -> None:
    with opened_history(folder) as store:
        store.save_draft(0, Draft(text=text)).result()


def stored_draft(folder: Path) -> Draft:
    with opened_history(folder) as store:
        return store.draft(0).result()


def test_words_typed_before_the_history_is_open_stay(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep_draft(tmp_path, "half wri")
    # Even a draft that is stored at once must not replace the one that has not been read yet.
    monkeypatch.setattr(drafts, "DRAFT_MS", 0)
    begin = MainWindow._start

    def type_first(window: MainWindow) -> None:
        composer = window.findChild(Composer)
        assert composer is not None
        composer.set_text("What is this?")
        begin(window)

    monkeypatch.setattr(MainWindow, "_start", type_first)
    with open_window(qtbot, tmp_path) as opened:
        assert opened.composer.text() == "half wri\nWhat is this?"
    assert stored_draft(tmp_path).text == "half wri\nWhat is this?"


def test_images_dropped_before_the_history_is_open_stay_selected(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = make_image(tmp_path / "a.png")
    begin = MainWindow._start

    def drop_first(window: MainWindow) -> None:
        gallery = window.findChild(GalleryPanel)
        assert gallery is not None
        gallery.paths_dropped.emit([picture])
        begin(window)

    monkeypatch.setattr(MainWindow, "_start", drop_first)
    with open_window(qtbot, tmp_path / "data") as opened:
        qtbot.waitUntil(lambda: len(opened.images.usable_selection()) == 1, timeout=WAIT_MS)


def test_a_window_closed_before_its_history_was_read_leaves_the_draft_alone(
    qtbot: QtBot, tmp_path: Path
) -> None:
    keep_draft(tmp_path, "half wri")
    with open_window(qtbot, tmp_path, wait=False) as opened:
        opened.window.close()
    assert stored_draft(tmp_path).text == "half wri"


def test_an_image_reaches_the_draft_when_it_is_known(
    qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    picture = make_image(tmp_path / "a.png")
    # The draft is stored at once, long before the image is known.
    monkeypatch.setattr(drafts, "DRAFT_MS", 0)
    with open_window(qtbot, tmp_path / "data") as opened:
        opened.gallery.paths_dropped.emit([picture])
        store = opened.parts.services.store
        qtbot.waitUntil(
            lambda: [image.path for image in store.draft(0).result().images] == [picture], timeout=WAIT_MS
        )

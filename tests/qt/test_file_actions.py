"""What leaves the gallery, and what is done to files from it, in the real window over real files."""

import io
import os
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

import pytest
from PIL import Image
from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, QSize, Qt
from PySide6.QtGui import (
    QClipboard,
    QColor,
    QDesktopServices,
    QDrag,
    QDragEnterEvent,
    QGuiApplication,
    QMouseEvent,
    QPixmap,
)
from PySide6.QtWidgets import QLineEdit, QMenu
from pytestqt.qtbot import QtBot

from desktop.core.edits import Area, Arrow, Edits
from desktop.core.leaving import GNOME_FILES, URI_LIST, uri, uri_list
from desktop.tasks import files_out
from desktop.ui import dragging_out, file_actions
from desktop.ui.dragging_out import drag_picture
from desktop.ui.file_actions import FileActions
from desktop.ui.rename_dialog import RenameDialog
from desktop.ui.widgets.notices import Notice
from tests.helpers.asking import make_image
from tests.helpers.pdfs import page_of_text, pdf
from tests.helpers.window import WAIT_MS, Opened, open_window

LEFT_HALF = Edits(crop=Area(0, 0, 320, 480))


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Opened]:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    # Offscreen nobody owns the clipboard.
    monkeypatch.setattr(QClipboard, "ownsClipboard", lambda _self: True)
    with open_window(qtbot, tmp_path / "data", key="sk-test") as window:
        yield window
        QGuiApplication.clipboard().clear()


@pytest.fixture
def pictures(tmp_path: Path) -> Path:
    folder = tmp_path / "pictures"
    folder.mkdir()
    return folder


def actions(opened: Opened) -> FileActions:
    return opened.window.gallery_room.outside.files


def add(qtbot: QtBot, opened: Opened, *paths: Path) -> list[int]:
    """Keys of these files, once they were looked at."""
    before = set(opened.images.entries)
    opened.images.add(paths)

    def known() -> bool:
        fresh = [e for key, e in opened.images.entries.items() if key not in before]
        return {e.path for e in fresh} == set(paths) and all(e.facts or e.problem for e in fresh)

    qtbot.waitUntil(known, timeout=WAIT_MS)
    return [key for path in paths for key, e in opened.images.entries.items() if e.path == path]


def is_carried(kind: str) -> bool:
    mime = QGuiApplication.clipboard().mimeData()
    # Offscreen there is none before something was copied.
    return mime is not None and mime.hasFormat(kind)


def carried(kind: str) -> bytes:
    return bytes(QGuiApplication.clipboard().mimeData().data(kind).data()) if is_carried(kind) else b""


def wait_for_copy(qtbot: QtBot, kind: str) -> bytes:
    qtbot.waitUntil(lambda: is_carried(kind), timeout=WAIT_MS)
    return carried(kind)


def pixels(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGB")


def notice(qtbot: QtBot, opened: Opened, words: str) -> Notice:
    def found() -> Notice | None:
        shown = opened.window.findChildren(Notice)
        return next((one for one in shown if words in one.text and one._open), None)

    qtbot.waitUntil(lambda: found() is not None, timeout=WAIT_MS)
    one = found()
    assert one is not None
    return one


# Copy


def test_files_are_copied_as_file_managers_want_them(qtbot: QtBot, opened: Opened, pictures: Path) -> None:
    odd = Path(os.fsdecode(os.fsencode(pictures) + b"/odd \xff\n.png"))
    odd.write_bytes(make_image(pictures / "a.png").read_bytes())
    keys = add(qtbot, opened, odd, pictures / "a.png")

    actions(opened).copy(keys)

    assert carried(URI_LIST) == uri_list([odd, pictures / "a.png"])
    assert b"%FF%0A.png\r\n" in carried(URI_LIST)
    assert carried(GNOME_FILES).startswith(b"copy\nfile://")
    assert not is_carried("image/png")


def test_of_a_single_image_the_pixels_are_copied_too_and_no_metadata(
    qtbot: QtBot, opened: Opened, pictures: Path
) -> None:
    path = make_image(pictures / "a.jpg")
    with Image.open(path) as image:
        exif = image.getexif()
        exif[0x010E] = "canary description"
        image.save(path, exif=exif)
    (key,) = add(qtbot, opened, path)

    actions(opened).copy([key])

    assert carried(URI_LIST) == uri_list([path])
    png = wait_for_copy(qtbot, "image/png")
    assert pixels(png).size == (640, 480)
    assert b"canary" not in png
    assert carried(URI_LIST) == uri_list([path])


def test_of_an_edited_image_the_edited_version_is_copied(
    qtbot: QtBot, opened: Opened, pictures: Path
) -> None:
    path = make_image(pictures / "photo.png")
    (key,) = add(qtbot, opened, path)
    opened.images.set_edits(key, Edits(crop=Area(0, 0, 320, 480), marks=(Arrow((10, 10), (300, 400)),)))

    actions(opened).copy([key])

    png = wait_for_copy(qtbot, "image/png")
    (address,) = carried(URI_LIST).split()
    made = next((opened.parts.folder.outgoing).glob("*/*"))
    assert address.decode() == uri(made)
    assert made.name == "photo (edited).png"
    with Image.open(made) as image:
        assert image.size == (320, 480)
        reds = [
            count
            for count, (red, green, blue) in image.convert("RGB").getcolors(100_000) or []
            if red > 200 and green < 130 and blue < 130
        ]
        assert sum(reds) > 100
    assert pixels(png).size == (320, 480)
    assert opened.parts.folder.outgoing.stat().st_mode & 0o077 == 0
    assert path.read_bytes() == make_image(pictures / "same.png").read_bytes()


def test_a_page_of_a_document_is_copied_as_a_picture(qtbot: QtBot, opened: Opened, pictures: Path) -> None:
    path = pictures / "report.pdf"
    path.write_bytes(pdf(page_of_text("one"), page_of_text("two")))
    add(qtbot, opened, path)
    qtbot.waitUntil(lambda: len(opened.images.entries) == 2, timeout=WAIT_MS)
    second = next(key for key, entry in opened.images.entries.items() if entry.page == 1)
    qtbot.waitUntil(lambda: opened.images.entries[second].facts is not None, timeout=WAIT_MS)

    actions(opened).copy([second])

    qtbot.waitUntil(lambda: b"report%20%28page%202%29" in carried(URI_LIST), timeout=WAIT_MS)
    actions(opened).copy(list(opened.images.entries))
    assert carried(URI_LIST) == uri_list([path])


def test_pixels_that_come_late_do_not_take_the_place_of_a_newer_copy(
    qtbot: QtBot, opened: Opened, pictures: Path
) -> None:
    one, two = add(
        qtbot, opened, make_image(pictures / "1.png"), make_image(pictures / "2.png", color="olive")
    )

    actions(opened).copy([one])
    actions(opened).copy([two])
    png = wait_for_copy(qtbot, "image/png")
    assert carried(URI_LIST) == uri_list([pictures / "2.png"])
    assert pixels(png).getpixel((1, 1)) == (128, 128, 0)

    actions(opened).copy([one])
    QGuiApplication.clipboard().setText("something else")
    qtbot.wait(300)
    assert QGuiApplication.clipboard().text() == "something else"


def test_what_cannot_be_made_is_said_and_the_rest_is_copied(
    qtbot: QtBot, opened: Opened, pictures: Path
) -> None:
    paths = [make_image(pictures / f"{name}.png", color=name) for name in ("olive", "orchid", "tomato")]
    keys = add(qtbot, opened, *paths)
    for key in keys:
        opened.images.set_edits(key, LEFT_HALF)
    make_image(paths[0], color="navy")
    paths[1].unlink()

    actions(opened).copy(keys)

    said = notice(qtbot, opened, "Left as they were: “olive.png”, “orchid.png”")
    assert "“olive.png” has changed" in said.text
    assert len(carried(URI_LIST).split()) == 1
    assert b"tomato" in carried(URI_LIST)


def test_an_edited_image_that_is_not_known_again_does_not_leave_as_the_file(
    qtbot: QtBot, opened: Opened, pictures: Path
) -> None:
    (key,) = add(qtbot, opened, make_image(pictures / "secret.png"))
    opened.images.set_edits(key, Edits(blackouts=(Area(0, 0, 50, 50),)))
    trouble = opened.images.entries[key]
    opened.images._all.change(key, facts=None)
    assert trouble.facts is not None

    actions(opened).copy([key])

    notice(qtbot, opened, "“secret.png” was edited and cannot be shown")
    assert not is_carried(URI_LIST)


def test_too_many_pictures_to_make_are_refused(
    qtbot: QtBot, opened: Opened, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(file_actions, "MAX_MADE", 1)
    keys = add(qtbot, opened, *(make_image(pictures / f"{n}.png", 64 + n, 64) for n in range(2)))
    for key in keys:
        opened.images.set_edits(key, Edits(quarter_turns=1))

    actions(opened).copy(keys)

    notice(qtbot, opened, "More than 1 edited images")
    assert not is_carried(URI_LIST)


def test_paths_are_copied_as_text_and_odd_names_are_said(
    qtbot: QtBot, opened: Opened, pictures: Path
) -> None:
    odd = Path(os.fsdecode(os.fsencode(pictures) + b"/odd \xff.png"))
    odd.write_bytes(make_image(pictures / "a.png").read_bytes())
    keys = add(qtbot, opened, pictures / "a.png", odd)

    actions(opened).copy_paths(keys)

    assert QGuiApplication.clipboard().text() == f"{pictures}/a.png\n{pictures}/odd \\xff.png"
    notice(qtbot, opened, "“odd \\xff.png” is not UTF-8")


# What is made


def test_what_was_made_is_used_again_and_thrown_away_at_the_next_start(
    qtbot: QtBot, opened: Opened, pictures: Path
) -> None:
    (key,) = add(qtbot, opened, make_image(pictures / "photo.png"))
    opened.images.set_edits(key, LEFT_HALF)
    outgoing = opened.parts.folder.outgoing
    actions(opened).copy([key])
    wait_for_copy(qtbot, "image/png")
    made = next(outgoing.glob("*/*"))
    written = made.stat().st_mtime_ns

    QGuiApplication.clipboard().clear()
    actions(opened).copy([key])
    wait_for_copy(qtbot, "image/png")
    assert made.stat().st_mtime_ns == written

    opened.backend.files_out.clean()
    qtbot.waitUntil(lambda: not outgoing.exists(), timeout=WAIT_MS)


def test_what_was_made_does_not_fill_the_disk(
    qtbot: QtBot, opened: Opened, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(files_out, "MAX_BYTES", 10)
    outgoing = opened.parts.folder.outgoing
    old, young = outgoing / "old", outgoing / "young"
    for place in (old, young):
        place.mkdir(parents=True)
        (place / "a.png").write_bytes(b"x" * 100)
    os.utime(old, (1, 1))
    (key,) = add(qtbot, opened, make_image(pictures / "photo.png"))
    opened.images.set_edits(key, LEFT_HALF)

    actions(opened).copy([key])
    wait_for_copy(qtbot, "image/png")

    assert not old.exists()
    assert young.exists()


# Drag


class Drags:
    """Drags that would have begun: Qt's offscreen platform has none; `tests/window` has."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.over: Callable[[QMimeData], object] = lambda _mime: None
        self.carried: list[bytes] = []
        self.allowed: list[Qt.DropAction] = []

        def execute(drag: QDrag, allowed: Qt.DropAction) -> Qt.DropAction:
            self.carried.append(bytes(drag.mimeData().data(URI_LIST).data()))
            self.allowed.append(allowed)
            self.over(drag.mimeData())
            return allowed

        monkeypatch.setattr(QDrag, "exec", execute)
        monkeypatch.setattr(dragging_out.QGuiApplication, "mouseButtons", lambda: self.buttons)
        self.buttons = Qt.MouseButton.LeftButton


@pytest.fixture
def drags(monkeypatch: pytest.MonkeyPatch) -> Drags:
    return Drags(monkeypatch)


def test_untouched_files_are_dragged_at_once(
    qtbot: QtBot, opened: Opened, pictures: Path, drags: Drags
) -> None:
    paths = [make_image(pictures / f"{color}.png", color=color) for color in ("olive", "orchid")]
    keys = add(qtbot, opened, *paths)

    opened.gallery.view.drag_started.emit(keys)

    assert drags.carried == [uri_list(paths)]
    assert drags.allowed == [Qt.DropAction.CopyAction]


def test_what_is_dragged_is_not_brought_in_again_by_this_window(
    qtbot: QtBot, opened: Opened, pictures: Path, drags: Drags
) -> None:
    (key,) = add(qtbot, opened, make_image(pictures / "1.png"))
    accepted: list[bool] = []

    def enter(mime: QMimeData) -> None:
        event = QDragEnterEvent(
            QPoint(5, 5),
            Qt.DropAction.CopyAction,
            mime,
            Qt.MouseButton.LeftButton,
            Qt.KeyboardModifier.NoModifier,
        )
        QGuiApplication.sendEvent(opened.gallery, event)
        accepted.append(event.isAccepted())

    drags.over = enter
    actions(opened).start_drag([key])
    other = QMimeData()
    other.setData(URI_LIST, uri_list([pictures / "1.png"]))
    enter(other)

    assert accepted == [False, True]


def test_an_edited_image_is_dragged_once_it_is_made(
    qtbot: QtBot, opened: Opened, pictures: Path, drags: Drags
) -> None:
    plain, edited = add(
        qtbot, opened, make_image(pictures / "1.png"), make_image(pictures / "2.png", color="olive")
    )
    opened.images.set_edits(edited, LEFT_HALF)

    actions(opened).start_drag([plain, edited])
    assert drags.carried == []

    qtbot.waitUntil(lambda: len(drags.carried) == 1, timeout=WAIT_MS)
    first, second = drags.carried[0].split()
    assert first.decode() == uri(pictures / "1.png")
    assert b"outgoing" in second
    assert second.endswith(b"/2%20%28edited%29.png")
    assert opened.gallery.view.cursor().shape() is not Qt.CursorShape.BusyCursor


def test_letting_go_before_everything_is_made_drags_nothing(
    qtbot: QtBot, opened: Opened, pictures: Path, drags: Drags
) -> None:
    (key,) = add(qtbot, opened, make_image(pictures / "1.png"))
    opened.images.set_edits(key, LEFT_HALF)

    actions(opened).start_drag([key])
    release = QMouseEvent(
        QEvent.Type.MouseButtonRelease,
        QPointF(1, 1),
        QPointF(1, 1),
        Qt.MouseButton.LeftButton,
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
    )
    QGuiApplication.sendEvent(opened.gallery.view.viewport(), release)

    assert actions(opened)._dragging._making is None
    # A copy comes after it in the same threads.
    actions(opened).copy([key])
    wait_for_copy(qtbot, "image/png")
    assert drags.carried == []


def test_a_button_that_was_let_go_of_elsewhere_drags_nothing(
    qtbot: QtBot, opened: Opened, pictures: Path, drags: Drags
) -> None:
    (key,) = add(qtbot, opened, make_image(pictures / "1.png"))
    opened.images.set_edits(key, LEFT_HALF)
    drags.buttons = Qt.MouseButton.NoButton

    actions(opened).start_drag([key])

    qtbot.waitUntil(lambda: actions(opened)._dragging._making is None, timeout=WAIT_MS)
    assert drags.carried == []


@pytest.mark.parametrize("ratio", [1.0, 1.5, 2.0])
def test_the_picture_that_is_dragged_along_is_small_and_tells_how_many(qapp: object, ratio: float) -> None:
    thumbnail = QPixmap(320, 160)
    thumbnail.fill(QColor("tomato"))

    one, many = drag_picture(thumbnail, 1, ratio), drag_picture(thumbnail, 12, ratio)

    assert one.deviceIndependentSize().toSize() == QSize(112, 64)
    assert one.toImage() != many.toImage()
    middle = many.toImage().pixelColor(round(56 * ratio), round(40 * ratio))
    assert middle == QColor("tomato")


# Show in folder

FILE_MANAGER = textwrap.dedent(
    """
    import sys
    from jeepney import DBusAddress, MessageType, new_method_return
    from jeepney.bus_messages import message_bus
    from jeepney.io.blocking import open_dbus_connection
    with open_dbus_connection() as bus:
        bus.send_and_get_reply(message_bus.RequestName("org.freedesktop.FileManager1"))
        print("ready", flush=True)
        while True:
            message = bus.receive()
            if message.header.message_type is MessageType.method_call:
                print(message.body[0], flush=True)
                bus.send(new_method_return(message))
                break
    """
)


@contextmanager
def talking(command: list[str]) -> Iterator[tuple[subprocess.Popen[str], IO[str]]]:
    """A program and what it prints; it ends with the block, whatever happens there."""
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process, process.stdout
    finally:
        process.kill()
        process.wait(10)
        process.stdout.close()


@pytest.mark.skipif(sys.platform != "linux", reason="D-Bus")
def test_files_are_shown_by_the_file_manager_of_the_desktop(
    qtbot: QtBot, opened: Opened, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = add(qtbot, opened, make_image(pictures / "a b.png"))
    with talking(["dbus-daemon", "--session", "--nofork", "--print-address=1"]) as (_daemon, address):
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address.readline().strip())
        with talking([sys.executable, "-c", FILE_MANAGER]) as (manager, printed):
            assert printed.readline().strip() == "ready"

            actions(opened).show(keys)

            qtbot.waitUntil(lambda: manager.poll() is not None, timeout=WAIT_MS)
            assert printed.read().strip() == str([uri(pictures / "a b.png")])


def test_without_a_file_manager_the_folder_is_opened(
    qtbot: QtBot, opened: Opened, pictures: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = add(qtbot, opened, make_image(pictures / "a.png"))
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "disabled:")
    asked: list[str] = []

    def refuse(url: object) -> bool:
        asked.append(str(url.toString()))  # type: ignore[attr-defined]
        return False

    monkeypatch.setattr(QDesktopServices, "openUrl", refuse)

    actions(opened).show(keys)

    notice(qtbot, opened, "There is no file manager")
    assert asked == [uri(pictures)]


# Rename


def rename_dialog(opened: Opened) -> RenameDialog:
    (dialog,) = opened.window.findChildren(RenameDialog)
    return dialog


def enter(qtbot: QtBot, dialog: RenameDialog, name: str) -> None:
    field = dialog.findChild(QLineEdit)
    assert field is not None
    field.setText(name)
    qtbot.keyClick(dialog, Qt.Key.Key_Return)


def test_a_file_is_renamed_and_back_and_its_entry_stays_what_it_is(
    qtbot: QtBot, opened: Opened, pictures: Path
) -> None:
    path, renamed = make_image(pictures / "a.png"), pictures / "b.png"
    (key,) = add(qtbot, opened, path)
    opened.images.set_edits(key, LEFT_HALF)
    opened.images.select([key])

    actions(opened).rename([key])
    dialog = rename_dialog(opened)
    field = dialog.findChild(QLineEdit)
    assert field is not None
    assert field.selectedText() == "a"
    enter(qtbot, dialog, "b.png")

    said = notice(qtbot, opened, "Renamed to “b.png”.")
    entry = opened.images.entries[key]
    assert (entry.path, entry.edits, opened.images.selection) == (renamed, LEFT_HALF, [key])
    assert renamed.exists()
    assert not path.exists()

    said._on_action()
    qtbot.waitUntil(lambda: opened.images.entries[key].path == path, timeout=WAIT_MS)
    assert path.exists()


def test_names_that_cannot_be_are_said_in_the_dialog_which_stays(
    qtbot: QtBot, opened: Opened, pictures: Path
) -> None:
    path, other = make_image(pictures / "a.png"), make_image(pictures / "b.png", color="olive")
    (key,) = add(qtbot, opened, path)
    before = other.read_bytes()
    actions(opened).rename([key])
    dialog = rename_dialog(opened)

    enter(qtbot, dialog, "in/side.png")
    assert "“/”" in dialog._remark.text()
    assert not dialog._rename.isEnabled()

    enter(qtbot, dialog, "b.png")
    qtbot.waitUntil(
        lambda: "There is a file called “b.png” already" in dialog._remark.text(), timeout=WAIT_MS
    )
    assert dialog.isVisible()
    assert other.read_bytes() == before

    enter(qtbot, dialog, "x" * 300 + ".png")
    qtbot.waitUntil(lambda: "cannot be called" in dialog._remark.text(), timeout=WAIT_MS)
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert path.exists()


def test_only_one_file_is_renamed_at_a_time(qtbot: QtBot, opened: Opened, pictures: Path) -> None:
    keys = add(qtbot, opened, make_image(pictures / "a.png"), make_image(pictures / "b.png", color="olive"))

    actions(opened).rename(keys)

    notice(qtbot, opened, "One file at a time")
    assert opened.window.findChildren(RenameDialog) == []


# The bin


def test_files_go_to_the_bin_and_come_back_as_they_were(qtbot: QtBot, opened: Opened, pictures: Path) -> None:
    paths = [make_image(pictures / f"{color}.png", color=color) for color in ("olive", "orchid")]
    keys = add(qtbot, opened, *paths)
    opened.images.set_edits(keys[0], LEFT_HALF)
    opened.images.select(keys)

    actions(opened).move_to_bin(keys)
    said = notice(qtbot, opened, "2 files moved to the bin")
    assert opened.images.entries == {}
    assert not any(path.exists() for path in paths)

    said._on_action()
    qtbot.waitUntil(lambda: set(opened.images.entries) == set(keys), timeout=WAIT_MS)
    assert all(path.exists() for path in paths)
    assert opened.images.entries[keys[0]].edits == LEFT_HALF
    qtbot.waitUntil(lambda: opened.images.selection == keys, timeout=WAIT_MS)


def test_of_files_that_cannot_go_to_the_bin_the_others_do(
    qtbot: QtBot, opened: Opened, pictures: Path
) -> None:
    paths = [make_image(pictures / f"{n}.png", 64 + n, 64) for n in range(3)]
    keys = add(qtbot, opened, *paths)
    paths[0].unlink()
    paths[2].unlink()

    actions(opened).move_to_bin(keys)

    notice(qtbot, opened, "1 file moved to the bin")
    notice(qtbot, opened, "“0.png”, “2.png”")
    assert set(opened.images.entries) == {keys[0], keys[2]}


# Where users find it


def test_the_menu_offers_what_can_be_done_with_its_keys(qtbot: QtBot, opened: Opened, pictures: Path) -> None:
    keys = add(qtbot, opened, make_image(pictures / "a.png"), make_image(pictures / "b.png", color="olive"))
    menu = QMenu(opened.window)

    actions(opened).add_actions(menu, keys)

    rows = {action.text(): action for action in menu.actions()}
    assert list(rows) == [
        "Copy\tCtrl+C",
        "Copy paths\tCtrl+Shift+C",
        "Show in folder",
        "Rename…\tF2",
        "Move to bin\tShift+Del",
    ]
    assert [action.isEnabled() for action in rows.values()] == [True, True, True, False, True]
    assert not any(action.icon().isNull() for action in rows.values())
    rows["Copy\tCtrl+C"].trigger()
    assert len(carried(URI_LIST).split()) == 2


def test_keys_act_on_what_is_selected_while_the_gallery_has_the_keyboard(
    qtbot: QtBot, opened: Opened, pictures: Path
) -> None:
    path = make_image(pictures / "a.png")
    add(qtbot, opened, path)
    view = opened.gallery.view
    view.setFocus()
    qtbot.waitUntil(lambda: len(view.selected_keys()) == 1, timeout=WAIT_MS)

    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert carried(URI_LIST) == uri_list([path])
    modifiers = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
    qtbot.keyClick(view, Qt.Key.Key_C, modifiers)
    assert QGuiApplication.clipboard().text() == str(path)
    qtbot.keyClick(view, Qt.Key.Key_F2)
    rename_dialog(opened).reject()
    qtbot.keyClick(view, Qt.Key.Key_Delete, Qt.KeyboardModifier.ShiftModifier)
    notice(qtbot, opened, "1 file moved to the bin")
    assert not path.exists()

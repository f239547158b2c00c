"""Buttons: names, icons that follow the theme, menus."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPixmap
from PySide6.QtWidgets import QMenu
from pytestqt.qtbot import QtBot

from desktop.ui import theme
from desktop.ui.widgets.buttons import button, icon_button


def darkest(pixmap: QPixmap) -> int:
    """Lightness of the most opaque pixel."""
    image = pixmap.toImage()
    pixels = [image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())]
    return max(pixels, key=QColor.alpha).lightness()


def test_an_icon_button_has_a_name_and_a_tooltip(qtbot: QtBot) -> None:
    made = icon_button("settings", "Settings <1>")
    qtbot.addWidget(made)

    assert made.accessibleName() == "Settings <1>"
    assert "&lt;1&gt;" in made.toolTip()
    assert made.width() == made.height() == 32


def test_icons_take_the_colours_of_the_theme_that_is_switched_to(qtbot: QtBot) -> None:
    plain, small = button("New", icon="plus"), icon_button("settings", "Settings")
    qtbot.addWidget(plain)
    qtbot.addWidget(small)
    light = [darkest(made.icon().pixmap(16, 16)) for made in (plain, small)]

    theme.current().apply("dark")
    dark = [darkest(made.icon().pixmap(16, 16)) for made in (plain, small)]
    theme.current().apply("light")

    assert all(after > before + 50 for before, after in zip(light, dark, strict=True))


def test_a_deleted_button_does_not_hear_of_a_new_theme(qtbot: QtBot) -> None:
    made = button("New", icon="plus")
    made.deleteLater()
    qtbot.waitSignal(made.destroyed, timeout=1000).wait()

    theme.current().apply("dark")
    theme.current().apply("light")


def test_an_ampersand_in_a_text_is_no_mnemonic(qtbot: QtBot) -> None:
    made = button("Salt & Pepper.png")
    qtbot.addWidget(made)

    assert made.shortcut().isEmpty()
    assert made.accessibleName() == "Salt & Pepper.png"


def test_a_button_with_a_menu_opens_it_by_mouse_and_by_key(qtbot: QtBot) -> None:
    made = button("Add", kind="ghost", chevron=True)
    qtbot.addWidget(made)
    menu = QMenu(made)
    menu.addAction("Choose files…")
    made.setMenu(menu)
    made.show()

    qtbot.mouseClick(made, Qt.MouseButton.LeftButton)
    by_mouse = menu.isVisible()
    menu.close()
    qtbot.keyClick(made, Qt.Key.Key_Down)

    assert by_mouse
    assert menu.isVisible()
    menu.close()


def test_buttons_have_the_height_of_the_mocks(qtbot: QtBot) -> None:
    for kind, name in (
        (None, "button_height"),
        ("small", "button_height_small"),
        ("tiny", "button_height_tiny"),
    ):
        for icon in (None, "plus", "cpu"):
            made = button("New conversation", icon=icon, kind=kind)
            qtbot.addWidget(made)
            made.show()

            assert made.sizeHint().height() == theme.current().metric(name)

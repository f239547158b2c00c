"""Brings the window to the front because another program, which the user has just used, asks for it."""

import os

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from desktop.tasks.handover import Handover, ask_for_focus


def come_forward(window: QWidget, handover: Handover) -> None:
    """Show ``window`` above all others with the keyboard, also when it was minimised."""
    if handover.activation_token:
        # Where Qt looks for it when it asks a Wayland compositor for the focus; it takes it out again.
        os.environ["XDG_ACTIVATION_TOKEN"] = handover.activation_token
    state = window.windowState() & ~Qt.WindowState.WindowMinimized
    window.setWindowState(state | Qt.WindowState.WindowActive)
    window.show()
    window.raise_()
    window.activateWindow()
    if QGuiApplication.platformName() == "xcb":
        ask_for_focus(int(window.winId()), handover)

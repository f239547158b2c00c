"""The one place that opens an address."""

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QWidget

from desktop.core.text import _, printable
from desktop.ui.dialogs import confirm

SCHEMES = ("http", "https", "mailto")
SHOWN_CHARACTERS = 400


def open_link(parent: QWidget | None, url: str) -> bool:
    """Ask whether to open ``url``, showing where it really leads, and open it with the system's own program.

    Args:
        parent: the window above which to ask.
        url: from anybody.

    Returns:
        Whether it was opened. Anything but http, https and mailto never is, and nobody is asked.
    """
    target = QUrl(url, QUrl.ParsingMode.StrictMode)
    if not may_open(target):
        return False
    if not confirm(parent, title=_("Open this link?"), text=question(target), action=_("Open")):
        return False
    return QDesktopServices.openUrl(target)


def may_open(target: QUrl) -> bool:
    """Whether it is a web page or a mail address, and complete."""
    if not target.isValid() or target.scheme() not in SCHEMES:
        return False
    return bool(target.path() if target.scheme() == "mailto" else target.host())


def question(target: QUrl) -> str:
    """What is asked before opening: host and address in ASCII, so that no letter can look like another."""
    address = target.toString(QUrl.ComponentFormattingOption.FullyEncoded)
    shown = printable(address, limit=SHOWN_CHARACTERS)
    if target.scheme() == "mailto":
        return _("A new mail will be written in your mail program:\n\n{address}").format(address=shown)
    host = printable(target.host(QUrl.ComponentFormattingOption.FullyEncoded))
    lead = _("This link leads to {host}. Your browser will open it:").format(host=host)
    return f"{lead}\n\n{shown}"

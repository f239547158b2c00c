"""What macOS gives to the running app, by events; a process of its own has an application of its own."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
CODE = """
import sys
from PySide6.QtCore import QUrl
from PySide6.QtGui import QFileOpenEvent
from desktop.ui.application import OpeningApplication
app = OpeningApplication([])
app.opened_with.connect(lambda given: print(*given.paths, *given.links))
for opened in ("/pictures/a b.png", QUrl("https://example.org/c.png"), QUrl("smb://d")):
    app.sendEvent(app, QFileOpenEvent(opened))
"""


def test_files_and_addresses_of_the_web_are_handed_on() -> None:
    done = subprocess.run([sys.executable, "-c", CODE], cwd=ROOT, capture_output=True, text=True, check=True)

    assert done.stdout.splitlines() == ["/pictures/a b.png", "https://example.org/c.png", ""]

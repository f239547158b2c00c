"""PySide6's hook of every import is out of the way."""

import os
import subprocess
import sys
from pathlib import Path

COUNT_SOURCES_READ = """
import inspect, sys
import PySide6.QtWidgets
from desktop.tasks.imports import restore_import
if sys.argv[1] == "restored":
    restore_import()
read = []
getsource = inspect.getsource
inspect.getsource = lambda of: (read.append(of), getsource(of))[1]
import genai_prices
from PySide6.QtWidgets import QLabel
print(len(read))
"""


def sources_read(how: str) -> int:
    done = subprocess.run(
        [sys.executable, "-c", COUNT_SOURCES_READ, how],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
    )
    return int(done.stdout)


def test_importing_pydantic_in_a_thread_failed_because_pyside_read_every_source() -> None:
    assert sources_read("hooked") > 50, "PySide6 has no such hook any more: remove desktop.tasks.imports"
    assert sources_read("restored") <= 1

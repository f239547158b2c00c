"""Rules about the code itself that import-linter and ruff cannot check."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "desktop"
SOURCES = sorted(PACKAGE.rglob("*.py"))
MAX_FILE_LINES = 400
MAX_FUNCTION_LINES = 50

TASKS_MAY_USE = {"PySide6.QtCore", "PySide6.QtGui", "PySide6.QtNetwork", "PySide6.QtDBus"}
BELOW_TASKS = ["core", "engines", "images", "store", "system", "export", "asking"]

WITHOUT_QT = """
import importlib, pkgutil, sys
class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] == "PySide6":
            raise ImportError(f"PySide6 is absent: {name}")
sys.meta_path.insert(0, Refuse())
import desktop
for room in sys.argv[1:]:
    module = importlib.import_module(f"desktop.{room}")
    for found in pkgutil.walk_packages(getattr(module, "__path__", []), f"desktop.{room}."):
        importlib.import_module(found.name)
import desktop.wiring, desktop.cli, desktop.cli_files
assert not any(name.split(".")[0] == "PySide6" for name in sys.modules)
"""


def names(paths: list[Path]) -> list[str]:
    return [str(path.relative_to(ROOT)) for path in paths]


@pytest.mark.parametrize("path", SOURCES, ids=names(SOURCES))
def test_files_and_functions_stay_small(path: Path) -> None:
    source = path.read_text()
    assert len(source.splitlines()) <= MAX_FILE_LINES
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (node.end_lineno or 0) - node.lineno + 1
            assert lines <= MAX_FUNCTION_LINES, f"{node.name} has {lines} lines"


@pytest.mark.parametrize("path", sorted((PACKAGE / "tasks").glob("*.py")), ids=lambda p: p.name)
def test_tasks_use_no_widgets(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("PySide6"):
            assert node.module in TASKS_MAY_USE
        if isinstance(node, ast.Import):
            assert not any(alias.name.startswith("PySide6") for alias in node.names)


def test_everything_below_tasks_runs_with_pyside6_absent() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", WITHOUT_QT, *BELOW_TASKS],
        check=False,
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr


def test_starting_the_window_imports_nothing_heavy() -> None:
    """``openai``, Pillow, OCR and the price table are imported after the window shows."""
    code = (
        "import sys; from desktop.tasks.imports import restore_import; restore_import();"
        "import desktop.app; print(*{n.split('.')[0] for n in sys.modules})"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True, env=_offscreen()
    )
    heavy = {
        "openai",
        "PIL",
        "numpy",
        "pyqtgraph",
        "rapidocr",
        "onnxruntime",
        "keyring",
        "genai_prices",
        "pygments",
        "markdown_it",
    }
    assert not heavy & set(done.stdout.split())


def _offscreen() -> dict[str, str]:
    import os

    return {**os.environ, "QT_QPA_PLATFORM": "offscreen"}

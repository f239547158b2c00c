"""The window on a real X server, with a window manager; every process ends without a word on stderr."""

import sys
from collections.abc import Callable, Generator, Iterator
from pathlib import Path

import pytest

from tests.helpers.app_window import AppWindow, start_window
from tests.helpers.display import Display, new_display
from tests.helpers.processes import patient

if sys.platform != "linux":
    collect_ignore_glob = ["test_*.py"]
    """X servers and their tools are Linux's here; `tests/qt` covers the widgets everywhere."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    patient(items, Path(__file__).parent)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """A test that fails leaves a picture of the screen."""
    report = yield
    display = getattr(item, "funcargs", {}).get("display")
    if report.when == "call" and report.failed and display is not None:
        path = display.folder / f"{item.name}.png"
        display.see().save(path)
        report.sections.append(("the screen when it failed", str(path)))
    return report


@pytest.fixture(scope="session")
def display(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Display]:
    """One screen for all tests; each test starts its own windows on it."""
    with new_display(tmp_path_factory.mktemp("display")) as made:
        yield made


@pytest.fixture
def start(display: Display, tmp_path: Path) -> Iterator[Callable[..., AppWindow]]:
    """Starts windows in one data folder, and ends those that are left."""
    started: list[AppWindow] = []

    def begin(*arguments: str | Path, **environment: str) -> AppWindow:
        started.append(start_window(display, tmp_path, *arguments, **environment))
        return started[-1]

    yield begin
    for app in started:
        if app.process.status is None:
            app.process.terminate()
    try:
        for app in started:
            app.process.wait()
            assert app.process.err == ""
    finally:
        for app in started:
            app.process.end()

"""What goes into the frozen app, against what the project says it needs."""

import importlib.metadata
import importlib.util
import re
import sys
import sysconfig
import tomllib
from pathlib import Path

import pytest

import desktop
from desktop.system.frozen import leave_no_traces
from tests.unit.test_dev_setup import ROOT, load

contents = load("contents")
freezing = load("freezing")
PACKAGES = Path(sysconfig.get_path("purelib"))
SPEC = (ROOT / "packaging" / "sightline.spec").read_text("utf-8")


def dependencies() -> set[str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    names = (re.match(r"[A-Za-z0-9._-]+", line) for line in project["dependencies"])
    return {contents.normalized(found[0]) for found in names if found}


def test_every_dependency_has_a_row_and_every_row_a_dependency() -> None:
    assert set(contents.PARTS) == dependencies()


@pytest.mark.parametrize("name", sorted(contents.PARTS))
def test_what_a_row_names_is_there(name: str) -> None:
    part = contents.PARTS[name]
    for module in part.modules:
        assert importlib.util.find_spec(module.removesuffix(".*")) is not None, module
    for package in part.data:
        assert (PACKAGES / package).is_dir()
    for pattern in part.files:
        assert any(PACKAGES.glob(pattern)), pattern


def test_every_keyring_that_is_found_by_its_entry_point_is_named() -> None:
    found = {entry.value for entry in importlib.metadata.entry_points(group="keyring.backends")}
    ours = {value for value in found if value.startswith("keyring.backends.")}
    assert ours
    assert ours <= set(contents.PARTS["keyring"].modules)


@pytest.mark.parametrize(
    "place",
    [
        "PySide6/Qt/plugins/platforms/libqxcb.so",
        "PySide6/Qt/plugins/platforms/libqoffscreen.so",
        "PySide6/plugins/platforms/qwindows.dll",
        "PySide6\\plugins\\platforms\\qwindows.dll",
        "PySide6/Qt/plugins/imageformats/libqjpeg.so",
        "PySide6/Qt/plugins/wayland-shell-integration/libxdg-shell.so",
        "PySide6/Qt/lib/libQt6Core.so.6",
        "PySide6/Qt6Core.dll",
        "PySide6/Qt/lib/QtCore.framework/Versions/A/QtCore",
        "PySide6/Qt/lib/libQt6WaylandClient.so.6",
        "PySide6/Qt/lib/libicudata.so.73",
        "PySide6/Qt/translations/qtbase_zh_CN.qm",
        "PySide6/QtWidgets.abi3.so",
        "PySide6/QtCore.pyd",
        "rapidocr/models/PP-OCRv6_rec_small.onnx",
        "desktop/_resources/check/picture.heic",
        "desktop/_resources/translations/zh_CN/LC_MESSAGES/sightline.mo",
        "keyring-25.7.0.dist-info/entry_points.txt",
    ],
)
def test_what_is_used_is_kept(place: str) -> None:
    assert not contents.is_left_out(place)


@pytest.mark.parametrize(
    "place",
    [
        # Under the GPL alone.
        "PySide6/Qt/plugins/platforminputcontexts/libqtvirtualkeyboardplugin.so",
        "PySide6/Qt/lib/libQt6VirtualKeyboard.so.6",
        "PySide6/Qt/lib/libQt6Lottie.so.6",
        "PySide6/Qt/lib/libQt6WaylandCompositor.so.6",
        "PySide6/Qt/plugins/wayland-graphics-integration-server/libqt-wayland-compositor-wayland-egl.so",
        # Large, or a way in for what comes from outside.
        "PySide6/Qt/lib/libQt6Qml.so.6",
        "PySide6/Qt6Quick.dll",
        "PySide6/QtQml.abi3.so",
        "PySide6/Qt/qml/QtQuick/qmldir",
        "PySide6/Qt/plugins/imageformats/libqsvg.so",
        "PySide6/Qt/plugins/imageformats/libqpdf.so",
        "PySide6/Qt/plugins/sqldrivers/libqsqlite.so",
        "PySide6/Qt/translations/qtbase_de.qm",
        "PySide6/opengl32sw.dll",
        "cv2/data/haarcascade_eye.xml",
        "desktop/_resources/translations/zh_CN/LC_MESSAGES/sightline.po",
    ],
)
def test_what_is_not_used_or_may_not_be_passed_on_is_left_out(place: str) -> None:
    assert contents.is_left_out(place)


def test_of_the_building_systems_libraries_only_listed_ones_come_along(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    venv = Path("/build/venv")
    rows = [
        ("libgtk-3.so.0", "/usr/lib/x86_64-linux-gnu/libgtk-3.so.0", "BINARY"),
        ("libstdc++.so.6", "/usr/lib/x86_64-linux-gnu/libstdc++.so.6", "BINARY"),
        ("libssl.so.3", "/usr/lib/x86_64-linux-gnu/libssl.so.3", "BINARY"),
        ("numpy/core.so", "/build/venv/lib/python3.11/site-packages/numpy/core.so", "EXTENSION"),
        ("libQt6Qml.so.6", "PySide6/Qt/lib/libQt6Qml.so.6", "SYMLINK"),
        ("libQt6Core.so.6", "PySide6/Qt/lib/libQt6Core.so.6", "SYMLINK"),
    ]

    kept = [place for place, _source, _kind in freezing.needed(rows, venv)]

    assert kept == ["libssl.so.3", "numpy/core.so", "libQt6Core.so.6"]


def test_what_this_python_was_built_with_stays_behind(tmp_path: Path) -> None:
    rows = [
        ("_sysconfigdata__linux_x86_64-linux-gnu", "/home/builder/x.py", "PYMODULE"),
        ("os", "/os.py", "PYMODULE"),
    ]

    (first, replaced, _kind), second = freezing.without_build_paths(rows, tmp_path)

    assert first == rows[0][0]
    told: dict[str, object] = {}
    exec(Path(replaced).read_text("utf-8"), told)
    assert told["build_time_vars"] == {}
    assert second == rows[1]


def test_the_version_stands_in_one_place() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert freezing.version(ROOT) == desktop.__version__
    assert "version" not in project["project"]
    assert project["tool"]["hatch"]["version"]["path"] == "desktop/__init__.py"
    assert desktop.__version__ not in SPEC


def test_other_programs_are_not_given_the_frozen_apps_libraries() -> None:
    environment = {
        "LD_LIBRARY_PATH": "/usr/lib/sightline/_internal:/opt/mine",
        "LD_LIBRARY_PATH_ORIG": "/opt/mine",
        "DYLD_LIBRARY_PATH": "/usr/lib/sightline/_internal",
        "QT_PLUGIN_PATH": "/usr/lib/sightline/_internal/PySide6/Qt/plugins",
        "QML2_IMPORT_PATH": "/usr/lib/sightline/_internal/PySide6/Qt/qml",
        "_PYI_ARCHIVE_FILE": "/usr/lib/sightline/sightline",
        "_PYI_PARENT_PROCESS_LEVEL": "1",
        "PATH": "/usr/bin",
    }

    leave_no_traces(environment)

    assert environment == {"LD_LIBRARY_PATH": "/opt/mine", "PATH": "/usr/bin"}

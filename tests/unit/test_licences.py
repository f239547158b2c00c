"""Everything that ships has a licence that allows this use, and its text: a new package must have one."""

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest

from desktop.core.licences import Component, LicenceTable
from desktop.system.licences import load_table, read_components

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("licences", ROOT / "packaging" / "licences.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def table() -> LicenceTable:
    return load_table()


@pytest.fixture(scope="module")
def components() -> tuple[Component, ...]:
    return read_components({"Qt": "6.11.3", "SQLite": "3.40.1"})


def test_every_locked_package_has_an_allowed_licence(script: ModuleType, table: LicenceTable) -> None:
    assert script.faults_of_lock(table, script.locked()) == []


def test_what_packages_say_of_themselves_is_what_the_table_says(
    script: ModuleType, table: LicenceTable
) -> None:
    assert script.faults_of_installed(table) == []


def test_an_unknown_package_and_a_forbidden_licence_are_found(
    script: ModuleType, table: LicenceTable
) -> None:
    names = script.locked()
    assert script.faults_of_lock(table, {*names, "another"}) == [
        "another: no licence is known; add it to licences.toml"
    ]
    assert script.faults_of_lock(table, names - {"six"}) == ["six: in licences.toml, but not in the lock"]


@pytest.mark.parametrize(
    ("expression", "allowed"),
    [
        ("MIT", True),
        ("GPL-2.0-only", False),
        ("GPL-3.0-or-later WITH GCC-exception-3.1", True),
        ("LGPL-3.0-only OR GPL-2.0-only", True),
        ("MIT AND GPL-3.0-only", False),
        ("MIT AND (GPL-3.0-only OR BSD-3-Clause)", True),
        ("", False),
    ],
)
def test_expressions(table: LicenceTable, expression: str, allowed: bool) -> None:
    assert table.allows(expression) is allowed


def test_every_component_has_a_text_and_most_a_version(components: tuple[Component, ...]) -> None:
    assert len(components) > 65
    for component in components:
        assert component.text.strip(), component.name
        assert component.version or component.of, component.name
        assert "OR GPL" not in component.licence
    texts = {component.name: component.text for component in components}
    assert "GNU LESSER GENERAL PUBLIC LICENSE" in texts["Qt"]
    assert "GNU GENERAL PUBLIC LICENSE" in texts["Qt"]
    assert "SIL OPEN FONT LICENSE" in texts["Inter"].upper()
    assert "Python Software Foundation" in texts["Python"]


def test_a_build_with_gpl_parts_is_refused(script: ModuleType, table: LicenceTable, tmp_path: Path) -> None:
    inside = tmp_path / "_internal" / "PySide6"
    inside.mkdir(parents=True)
    for name in ("libQt6Core.so.6", "libQt6Widgets.so.6", "libheif-7a3e.so.1", "libde265-90.so.0"):
        (inside / name).touch()
    assert script.faults_of_build(table, tmp_path) == []
    for name in ("libx265-4883ecb5.so.217", "libqtvirtualkeyboardplugin.so", "libreadline.so.8"):
        (inside / name).touch()
    assert len(script.faults_of_build(table, tmp_path)) == 3


def test_debians_copyright_file_has_the_form_that_it_must_have(script: ModuleType) -> None:
    lines = script.copyright_file().splitlines()
    assert lines[0].startswith("Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0")
    assert all(re.match(r"[A-Z][A-Za-z-]+: \S| +\S|$", line) for line in lines)
    assert any("Qt 6" in line or " Qt " in line for line in lines)
    assert any("LGPL-3.0-only" in line for line in lines)

"""The PyInstaller spec carried out for each system, with stand-ins for PyInstaller that only take notes."""

import sys
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from tests.unit.test_dev_setup import ROOT, load

contents = load("contents")
freezing = load("freezing")
SPEC = ROOT / "packaging" / "sightline.spec"
ROW = ("desktop.app", "/sources/app.py", "PYMODULE")


class Notes(dict[str, Any]):
    """What the spec has asked PyInstaller for, by PyInstaller's names."""

    def carried_out(self, platform: str, monkeypatch: pytest.MonkeyPatch, work: Path) -> "Notes":
        hooks = ModuleType("PyInstaller.utils.hooks")
        vars(hooks).update(
            collect_submodules=lambda name: [f"{name}.sub"], collect_data_files=lambda name: []
        )
        monkeypatch.setitem(sys.modules, "PyInstaller", ModuleType("PyInstaller"))
        monkeypatch.setitem(sys.modules, "PyInstaller.utils", ModuleType("PyInstaller.utils"))
        monkeypatch.setitem(sys.modules, "PyInstaller.utils.hooks", hooks)
        monkeypatch.setattr(sys, "platform", platform)
        monkeypatch.setattr(freezing, "without_build_paths", lambda rows, _work: rows)
        monkeypatch.setattr(
            Path, "write_text", lambda path, *_: self.setdefault("written", []).append(path.name)
        )
        names = {name: self._noting(name) for name in ("PYZ", "EXE", "COLLECT", "BUNDLE")}
        exec(SPEC.read_text("utf-8"), {**names, "Analysis": self._analysis, "SPECPATH": str(SPEC.parent)})
        return self

    def _analysis(self, scripts: list[str], **options: Any) -> SimpleNamespace:
        self["Analysis"] = {"scripts": scripts, **options}
        return SimpleNamespace(pure=[ROW], binaries=[], datas=[], scripts=[])

    def _noting(self, name: str) -> Any:
        def note(*parts: Any, **options: Any) -> str:
            self.setdefault(name, []).append({"parts": parts, **options})
            return name

        return note


@pytest.mark.parametrize(
    ("platform", "programs"),
    [
        ("linux", {"sightline": True}),
        ("win32", {"sightline": True, "sightline-window": False}),
        ("darwin", {"sightline": False}),
    ],
)
def test_each_system_gets_its_programs(
    platform: str, programs: dict[str, bool], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    notes = Notes().carried_out(platform, monkeypatch, tmp_path)

    assert {made["name"]: made["console"] for made in notes["EXE"]} == programs
    assert notes["Analysis"]["scripts"] == [str(ROOT / "desktop" / "__main__.py")]
    assert {"desktop.sub", "keyring.backends.SecretService", "keyring.backends.Windows"} <= set(
        notes["Analysis"]["hiddenimports"]
    )
    assert notes["Analysis"]["module_collection_mode"] == {"pebble": "py"}
    assert len(notes["COLLECT"]) == 1


def test_what_ships_has_resources_and_the_licence_of_everything(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    notes = Notes().carried_out("linux", monkeypatch, tmp_path)

    places = [place for _source, place in notes["Analysis"]["datas"]]
    assert "desktop/_resources" in places
    metadata = {place.split(".dist-info")[0] for place in places if ".dist-info" in place}
    names = {contents.normalized(name.rpartition("-")[0]) for name in metadata}
    # Everything that is installed here and that the app runs with; nothing that only tests need.
    assert set(contents.PARTS) <= names
    assert not names & {"pytest", "mypy", "ruff", "hypothesis"}
    assert any(place.startswith("keyring-") for place in places)


def test_windows_and_macos_are_told_name_version_and_icon(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    on_windows = Notes().carried_out("win32", monkeypatch, tmp_path)
    assert on_windows["written"] == ["sightline-version.txt", "sightline-window-version.txt"]
    assert all(made["icon"].endswith("sightline.ico") for made in on_windows["EXE"])

    on_macos = Notes().carried_out("darwin", monkeypatch, tmp_path)
    (bundle,) = on_macos["BUNDLE"]
    assert bundle["name"] == "Sightline.app"
    assert bundle["version"] == freezing.version(ROOT)
    assert bundle["info_plist"]["CFBundleDocumentTypes"]
    assert any(source.endswith("document.icns") for source, _place in on_macos["Analysis"]["datas"])
    assert on_macos["EXE"][0]["entitlements_file"].endswith("sightline.entitlements")

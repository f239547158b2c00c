"""Folders, settings, resources, languages and the lock of the one window."""

import gettext
import json
import os
import stat
import subprocess
import sys
from dataclasses import replace
from datetime import UTC
from pathlib import Path

import pytest
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from desktop.core.problems import Code, ProblemError, problem
from desktop.core.settings import Settings
from desktop.system import clock, files, resources
from desktop.system.instance import InstanceLock
from desktop.system.paths import DataFolder
from desktop.system.settings_file import load_settings, save_settings

ROOT = Path(__file__).parents[2]
OWN = Settings(model="gpt-5-mini", theme="dark", language="zh_CN", base_url="http://localhost:11434/v1")


@pytest.fixture
def folder(tmp_path: Path) -> DataFolder:
    return DataFolder(tmp_path / "data")


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


# Folders


def test_a_given_folder_holds_everything(folder: DataFolder) -> None:
    places = (folder.images, folder.pasted, folder.logs, folder.window_lock, folder.settings_file)
    assert all(folder.root in place.parents for place in places)


def test_without_one_the_systems_places_are_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    folder = DataFolder()
    assert folder.root.name == "Sightline"
    if sys.platform == "linux":
        assert folder.root == tmp_path / "share" / "Sightline"
        assert folder.settings_file == tmp_path / "config" / "Sightline" / "settings.json"


def test_folders_are_private_even_under_umask_0(folder: DataFolder) -> None:
    old = os.umask(0)
    try:
        assert folder.prepare() is None
    finally:
        os.umask(old)
    for path in (folder.root, folder.pasted, folder.logs):
        assert mode_of(path) == 0o700


def test_a_folder_that_was_open_is_closed(folder: DataFolder) -> None:
    folder.root.mkdir()
    folder.root.chmod(0o755)
    folder.prepare()
    assert mode_of(folder.root) == 0o700


def test_a_file_in_place_of_the_folder_is_told(folder: DataFolder) -> None:
    folder.root.write_text("")
    assert folder.prepare() == problem(Code.FOLDER_READ_ONLY, folder=str(folder.root))


@pytest.mark.unprivileged
def test_a_read_only_folder_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        trouble = DataFolder(tmp_path / "data").prepare()
        assert trouble == problem(Code.FOLDER_READ_ONLY, folder=str(tmp_path / "data"))
        with pytest.raises(ProblemError) as caught:
            save_settings(OWN, DataFolder(tmp_path))
        assert caught.value.problem.code is Code.FOLDER_READ_ONLY
        assert InstanceLock(tmp_path / "window.lock").acquire()
        assert list(tmp_path.iterdir()) == []
    finally:
        tmp_path.chmod(0o700)


# Settings


def test_without_a_file_the_settings_are_the_defaults(folder: DataFolder) -> None:
    assert load_settings(folder) == (Settings(), None)
    assert not folder.root.exists()


def test_settings_survive(folder: DataFolder) -> None:
    old = os.umask(0)
    try:
        save_settings(OWN, folder)
    finally:
        os.umask(old)
    assert load_settings(folder) == (OWN, None)
    assert mode_of(folder.settings_file) == 0o600
    assert [path.name for path in folder.root.iterdir()] == ["settings.json"]


def test_what_a_later_version_wrote_is_kept(folder: DataFolder) -> None:
    folder.prepare()
    folder.settings_file.write_text('{"theme": "dark", "budget": {"month": 5}}')
    settings, notice = load_settings(folder)
    assert notice is None
    save_settings(replace(settings, theme="light"), folder)
    assert json.loads(folder.settings_file.read_text())["budget"] == {"month": 5}


@pytest.mark.parametrize(
    "damage",
    [
        b"",
        b"{",
        b"\x00" * 100,
        b"\xff\xfe{}",
        b"[1, 2]",
        b'"text"',
        b"[" * 100_000,
        b'{"theme": "da',
        b"1" * 9999,
    ],
)
def test_a_damaged_file_is_set_aside_and_said(folder: DataFolder, damage: bytes) -> None:
    folder.prepare()
    folder.settings_file.write_bytes(damage)
    settings, notice = load_settings(folder)
    assert settings == Settings()
    assert notice is not None
    assert notice.code is Code.SETTINGS_DAMAGED
    assert (folder.root / str(notice.parameters["file"])).read_bytes() == damage
    assert load_settings(folder) == (Settings(), None)


def test_one_wrong_value_does_not_take_the_others_with_it(folder: DataFolder) -> None:
    folder.prepare()
    written = '{"theme": "purple", "language": "zh_CN"}'
    folder.settings_file.write_text(written)
    settings, notice = load_settings(folder)
    assert settings == Settings(language="zh_CN")
    assert notice is not None
    assert (folder.root / str(notice.parameters["file"])).read_text() == written
    assert load_settings(folder) == (settings, None)


def test_two_damaged_files_are_both_kept(folder: DataFolder) -> None:
    folder.prepare()
    for damage in ("first", "second"):
        folder.settings_file.write_text(damage)
        load_settings(folder)
    assert {p.read_text() for p in folder.root.glob("*.damaged-*")} == {"first", "second"}


def test_a_save_that_fails_leaves_the_file_as_it_was(
    folder: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    save_settings(OWN, folder)

    def full(number: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ProblemError) as caught:
        save_settings(Settings(), folder)
    assert caught.value.problem == problem(Code.DISK_FULL, folder=str(folder.root))
    monkeypatch.undo()
    assert load_settings(folder) == (OWN, None)
    assert [path.name for path in folder.root.iterdir()] == ["settings.json"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege on Windows")
def test_a_linked_file_stays_a_link(folder: DataFolder, tmp_path: Path) -> None:
    folder.prepare()
    real = tmp_path / "dotfiles.json"
    real.write_text("{}")
    folder.settings_file.symlink_to(real)
    save_settings(OWN, folder)
    assert folder.settings_file.is_symlink()
    assert json.loads(real.read_text())["theme"] == "dark"


# Resources and languages


def test_resources_are_found_in_the_source_tree() -> None:
    assert resources.resource_path("models.toml").is_file()
    assert resources.resource_path("icons", "eye.svg").is_file()


def test_resources_are_found_in_a_wheel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "_resources").mkdir()
    monkeypatch.setattr(resources.desktop, "__file__", str(tmp_path / "__init__.py"))
    assert resources.resource_path("a", "b") == tmp_path / "_resources" / "a" / "b"


def test_the_catalogue_is_read() -> None:
    catalog = resources.load_catalog()
    assert catalog.on_device().id == "on-device"


@pytest.fixture
def translations(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Resources with a Chinese and a German catalogue, and no language set."""
    for language, word in (("zh_CN", "提问"), ("de", "Fragen")):
        messages = tmp_path / "translations" / language / "LC_MESSAGES"
        messages.mkdir(parents=True)
        (messages / "sightline.po").write_text(
            f'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Ask"\nmsgstr "{word}"\n'
        )
        with (messages / "sightline.po").open("rb") as source, (messages / "sightline.mo").open("wb") as mo:
            write_mo(mo, read_po(source, locale=language))
    monkeypatch.setattr(resources, "resource_path", tmp_path.joinpath)
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_the_languages_are_the_source_and_the_catalogues(translations: Path) -> None:
    assert resources.available_languages() == ("en", "de", "zh_CN")


@pytest.mark.parametrize(
    ("language", "word"),
    [("en", "Ask"), ("zh_CN", "提问"), ("de", "Fragen"), ("fr", "Ask"), ("system", "Ask")],
)
def test_words_come_in_the_chosen_language(translations: Path, language: str, word: str) -> None:
    assert resources.load_translations(language).gettext("Ask") == word


@pytest.mark.parametrize(
    ("variables", "expected"),
    [
        ({"LANG": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LANG": "zh_SG.UTF-8"}, "zh_CN"),
        ({"LANG": "zh-Hans"}, "zh_CN"),
        ({"LANG": "zh_TW.UTF-8"}, "en"),
        ({"LANG": "de_AT@euro"}, "de"),
        ({"LANG": "C.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "de_DE.UTF-8", "LC_MESSAGES": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LC_MESSAGES": "de_DE.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "zh_CN"),
        ({"LC_ALL": "de_DE.UTF-8", "LANGUAGE": "fr:zh_CN:de"}, "zh_CN"),
        ({"LANGUAGE": "en_GB:zh_CN"}, "en"),
        ({"LANG": ""}, "en"),
    ],
)
def test_the_computers_language_is_found(
    translations: Path, monkeypatch: pytest.MonkeyPatch, variables: dict[str, str], expected: str
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert resources.resolve_language("system") == expected


@pytest.mark.parametrize("damage", [b"", b"garbage", b"\xde\x12\x04\x95" + b"\xff" * 40])
def test_a_damaged_catalogue_leaves_english(translations: Path, damage: bytes) -> None:
    path = translations / "translations" / "de" / "LC_MESSAGES" / "sightline.mo"
    path.write_bytes(damage)
    gettext._translations.clear()  # type: ignore[attr-defined]
    assert resources.load_translations("de").gettext("Ask") == "Ask"


# The lock of the one window, and the clock


def test_only_one_window_gets_the_folder(tmp_path: Path) -> None:
    first, second = InstanceLock(tmp_path / "window.lock"), InstanceLock(tmp_path / "window.lock")
    assert first.acquire()
    assert not second.acquire()
    first.release()
    assert second.acquire()
    second.release()
    second.release()
    assert mode_of(tmp_path / "window.lock") == 0o600 or not (tmp_path / "window.lock").exists()


def test_a_killed_window_frees_the_folder(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from desktop.system.instance import InstanceLock;"
        "lock = InstanceLock(Path(sys.argv[1])); print(lock.acquire(), flush=True); sys.stdin.read()"
    )
    lock = InstanceLock(tmp_path / "window.lock")
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path / "window.lock")],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as window:
        assert window.stdout is not None
        assert window.stdout.readline() == b"True\n"
        assert not lock.acquire()
        window.kill()
    assert lock.acquire()
    lock.release()


def test_the_clock_is_in_utc_and_the_other_never_goes_back() -> None:
    assert clock.now_utc().tzinfo is UTC
    assert clock.monotonic() <= clock.monotonic()


def test_problems_of_files_are_named() -> None:
    folder = Path("/data")
    assert files.problem_of(OSError(28, ""), folder).code is Code.DISK_FULL
    assert files.problem_of(OSError(30, ""), folder).code is Code.FOLDER_READ_ONLY


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux has a folder of thumbnails for all programs")
def test_thumbnails_are_shared_unless_all_is_to_stay_in_one_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert DataFolder().cache == tmp_path / "Sightline"
    assert DataFolder().shared_thumbnails == tmp_path / "thumbnails"
    apart = DataFolder(tmp_path / "data")
    assert apart.cache.is_relative_to(apart.root)
    assert apart.shared_thumbnails is None

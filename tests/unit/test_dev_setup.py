"""The set-up: what the locks promise, what `dev.py` installs, and when it does nothing."""

import ast
import importlib
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ROOT / "packaging" / "locks"
REQUIREMENT = re.compile(r"^([a-z0-9-]+)==(\S+)(?: ; (.+?))?(?: \\)?$")
NAMES = ("runtime.txt", "build.txt", "dev.txt", "package.txt")


def load(name: str) -> ModuleType:
    """Import a module of packaging/, which is a folder of scripts and no package."""
    sys.path.insert(0, str(ROOT / "packaging"))
    try:
        return importlib.import_module(name)
    finally:
        sys.path.remove(str(ROOT / "packaging"))


checks = load("checks")
first_run = load("first_run")
setup_steps = load("setup_steps")
steps = load("steps")
system_packages = load("system_packages")
translations = load("translations")


def read_lock(name: str) -> dict[tuple[str, str], set[str]]:
    """Give the hashes in a lock by package and version."""
    entries: dict[tuple[str, str], set[str]] = {}
    hashes: set[str] = set()
    for line in (LOCKS / name).read_text("utf-8").splitlines():
        if line.startswith("#"):
            continue
        if line.startswith("    --hash=sha256:"):
            hashes.add(line.removeprefix("    --hash=sha256:").removesuffix(" \\"))
            continue
        found = REQUIREMENT.match(line)
        assert found, f"{name} holds a line that is no pinned requirement: {line}"
        hashes = entries.setdefault((found[1], found[2]), set())
    return entries


# -- the locks


@pytest.mark.parametrize("name", NAMES)
def test_a_lock_holds_pinned_versions_with_hashes_and_nothing_else(name: str) -> None:
    entries = read_lock(name)

    assert entries
    for requirement, hashes in entries.items():
        assert hashes, f"{requirement} has no hash"
        assert all(re.fullmatch("[0-9a-f]{64}", digest) for digest in hashes)


@pytest.mark.parametrize("name", NAMES)
def test_a_lock_names_no_address(name: str) -> None:
    text = (LOCKS / name).read_text("utf-8")

    assert "://" not in text
    assert "index" not in text.replace("importlib-metadata", "")
    assert "find-links" not in text
    assert " @ " not in text


def test_the_locks_agree_on_versions() -> None:
    dev = read_lock("dev.txt")

    for name in ("runtime.txt", "build.txt"):
        assert read_lock(name).items() <= dev.items()


def test_qt_is_not_the_version_that_aborts() -> None:
    versions = {version for name, version in read_lock("runtime.txt") if name == "pyside6-essentials"}

    assert len(versions) == 1
    assert "6.12.0" not in versions


@pytest.mark.parametrize("package", ["pyside6-essentials", "pillow", "zxing-cpp"])
def test_packages_with_compiled_code_have_hashes_for_several_systems(package: str) -> None:
    [hashes] = [hashes for (name, _), hashes in read_lock("runtime.txt").items() if name == package]

    assert len(hashes) >= 5


def test_every_dependency_of_the_project_is_locked() -> None:
    pyproject = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))

    def names(requirements: list[str]) -> set[str]:
        return {re.split(r"[\s<>=!;\[]", line)[0].lower() for line in requirements}

    assert names(pyproject["project"]["dependencies"]) <= {name for name, _ in read_lock("runtime.txt")}
    assert names(pyproject["build-system"]["requires"]) <= {name for name, _ in read_lock("build.txt")}
    assert names(pyproject["dependency-groups"]["dev"]) <= {name for name, _ in read_lock("dev.txt")}


# -- when something has to be installed


def copy_of_inputs(folder: Path) -> Path:
    for name in (
        "pyproject.toml",
        "packaging/hatch_build.py",
        "packaging/locks/runtime.txt",
        "packaging/locks/build.txt",
        "packaging/locks/dev.txt",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes((ROOT / name).read_bytes())
    return folder


@pytest.mark.parametrize(
    ("changed", "purposes"),
    [
        ("packaging/locks/runtime.txt", {"run"}),
        ("packaging/locks/build.txt", {"run"}),
        ("packaging/locks/dev.txt", {"test"}),
        ("pyproject.toml", {"run", "test"}),
    ],
)
def test_a_changed_lock_is_installed_anew(tmp_path: Path, changed: str, purposes: set[str]) -> None:
    root = copy_of_inputs(tmp_path)
    before = {purpose: setup_steps.python_fingerprint(root, purpose) for purpose in ("run", "test")}

    with (root / changed).open("a") as file:
        file.write("# changed\n")

    after = {purpose: setup_steps.python_fingerprint(root, purpose) for purpose in ("run", "test")}
    assert {purpose for purpose in after if after[purpose] != before[purpose]} == purposes


def test_a_moved_folder_is_set_up_anew(tmp_path: Path) -> None:
    here, there = copy_of_inputs(tmp_path / "here"), copy_of_inputs(tmp_path / "there")

    assert setup_steps.python_fingerprint(here, "run") != setup_steps.python_fingerprint(there, "run")


@pytest.fixture
def venv(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give the set-up a `.venv` of its own, with a file for a Python."""
    folder = tmp_path / ".venv"
    folder.mkdir()
    (folder / "python").touch()
    monkeypatch.setattr(setup_steps, "VENV", folder)
    monkeypatch.setattr(setup_steps, "PYTHON", folder / "python")
    monkeypatch.setattr(setup_steps, "STAMP", folder / "stamp.json")
    monkeypatch.setattr(setup_steps, "UNFINISHED", folder / "unfinished")
    return folder


def test_a_finished_set_up_is_not_repeated(venv: Path) -> None:
    setup_steps.stamp_python("run")

    assert setup_steps.is_stamped("python run", setup_steps.python_fingerprint(ROOT, "run"))
    assert not setup_steps.is_stamped("python test", setup_steps.python_fingerprint(ROOT, "test"))


def test_what_tests_need_is_enough_for_the_window(venv: Path) -> None:
    setup_steps.stamp_python("test")

    assert setup_steps.is_stamped("python run", setup_steps.python_fingerprint(ROOT, "run"))


def test_installing_one_lock_forgets_what_another_had_installed(venv: Path) -> None:
    setup_steps.write_stamps({"python test": "of an older lock", "system run": "kept"})

    setup_steps.stamp_python("run")

    assert set(json.loads((venv / "stamp.json").read_text())) == {"python run", "system run"}


def test_an_interrupted_set_up_is_made_anew(venv: Path) -> None:
    setup_steps.stamp_python("run")
    (venv / "unfinished").touch()

    assert not setup_steps.is_stamped("python run", setup_steps.python_fingerprint(ROOT, "run"))
    assert "interrupted" in setup_steps.why_unusable()


def test_a_damaged_stamp_counts_as_none(venv: Path) -> None:
    (venv / "stamp.json").write_text("{")

    assert setup_steps.read_stamps() == {}


# -- what the system lacks


def cannot_load(*names: str) -> Callable[[str], None]:
    def load_library(name: str) -> None:
        if name in names:
            raise OSError(name)

    return load_library


def test_missing_libraries_become_packages() -> None:
    missing = system_packages.missing_libraries(
        cannot_load("libEGL.so.1", "libglib-2.0.so.0", "libgthread-2.0.so.0")
    )

    assert system_packages.packages("apt", missing) == ["libegl1", "libglib2.0-0"]
    assert system_packages.packages("pacman", missing) == ["glib2", "libglvnd"]
    assert system_packages.packages("dnf", missing) == [
        "libEGL.so.1()(64bit)",
        "libglib-2.0.so.0()(64bit)",
        "libgthread-2.0.so.0()(64bit)",
    ]


def test_nothing_is_missing_where_everything_loads() -> None:
    assert system_packages.missing_libraries(cannot_load()) == []


def test_missing_programs_and_the_font_become_packages(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(system_packages, "has_chinese_font", lambda: False)
    monkeypatch.setattr(system_packages, "has_dbusmock", lambda: False)
    missing = system_packages.missing_for_tests(
        lambda name: None if name in ("Xvfb", "dbus-daemon") else name
    )

    assert system_packages.packages("apt", missing) == [
        "dbus",
        "fonts-noto-cjk",
        "python3-dbusmock",
        "xvfb",
    ]
    assert system_packages.packages("zypper", missing) == [
        "/usr/bin/Xvfb",
        "/usr/bin/dbus-daemon",
        "font(:lang=zh-cn)",
        "python3dist(python-dbusmock)",
    ]


@pytest.mark.parametrize(
    ("program", "manager", "command"),
    [
        (
            "apt-get",
            "apt",
            "apt-get update && sudo apt-get install -y --no-install-recommends libegl1",
        ),
        ("dnf", "dnf", "dnf install -y 'libEGL.so.1()(64bit)'"),
        ("pacman", "pacman", "pacman -S --needed --noconfirm libglvnd"),
        ("zypper", "zypper", "zypper --non-interactive install 'libEGL.so.1()(64bit)'"),
    ],
)
def test_an_ordinary_user_is_told_one_command(
    monkeypatch: pytest.MonkeyPatch, program: str, manager: str, command: str
) -> None:
    monkeypatch.setattr(system_packages, "is_root", lambda: False)
    monkeypatch.setattr(system_packages.shutil, "which", lambda name: name)
    found = system_packages.package_manager(lambda name: name if name == program else None)

    advice = system_packages.advice(system_packages.missing_libraries(cannot_load("libEGL.so.1")), found)

    assert found == manager
    assert advice.splitlines()[-1].strip() == f"sudo {command}"


def test_an_unknown_system_is_told_the_libraries() -> None:
    advice = system_packages.advice(system_packages.missing_libraries(cannot_load("libEGL.so.1")), None)

    assert "libEGL.so.1" in advice


def test_what_cannot_be_installed_stops_the_set_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setattr(system_packages, "is_root", lambda: False)
    monkeypatch.setattr(system_packages, "package_manager", lambda: "apt")
    missing = system_packages.missing_libraries(cannot_load("libEGL.so.1"))

    with pytest.raises(steps.SetupError, match=r"apt-get install .*libegl1"):
        system_packages.install_missing(lambda: missing)


# -- without a display


@pytest.mark.parametrize(
    ("environment", "has"),
    [
        ({}, False),
        ({"DISPLAY": ""}, False),
        ({"DISPLAY": ":0"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
    ],
)
def test_a_display_is_known_by_its_variable(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], has: bool
) -> None:
    monkeypatch.setattr(sys, "platform", "linux")

    assert first_run.has_display(environment) is has


def test_without_images_the_sample_is_read_on_the_device() -> None:
    asking, painting = first_run.commands_without_display([], {})

    assert asking[1:3] == ["ask", str(ROOT / "resources" / "samples" / "receipt.png")]
    assert asking[asking.index("--model") + 1] == "on-device"
    assert painting[painting.index("--data-dir") + 1] == asking[asking.index("--data-dir") + 1]
    assert "--render-to" in painting


def test_own_images_and_options_go_into_the_question() -> None:
    typed = [
        "a.png",
        "--model",
        "gpt-x",
        "b.png",
        "--data-dir",
        "d",
        "--base-url",
        "u",
        "--language",
        "zh_CN",
    ]
    asking, painting = first_run.commands_without_display(typed, {})

    assert asking[1:4] == ["ask", "a.png", "b.png"]
    assert asking[-6:] == ["--model", "gpt-x", "--base-url", "u", "--data-dir", "d"]
    assert painting[-2:] == ["--language", "zh_CN"]


def test_with_a_key_the_usual_model_is_asked() -> None:
    asking, _ = first_run.commands_without_display([], {"OPENAI_API_KEY": "x"})

    assert "--model" not in asking


# -- the checks


def test_a_key_a_proxy_and_a_screen_do_not_reach_the_tests() -> None:
    given = {
        "OPENAI_API_KEY": "x",
        "OPENAI_BASE_URL": "x",
        "https_proxy": "x",
        "NO_PROXY": "x",
        "DISPLAY": ":0",
        "LANGUAGE": "de",
        "LC_MESSAGES": "de",
        "PATH": "kept",
        "PYTHONDONTWRITEBYTECODE": "1",
    }

    assert checks.clean_environment(given) == {
        "PATH": "kept",
        "PYTHONDONTWRITEBYTECODE": "1",
        "LC_ALL": "C.UTF-8",
    }


def outcome(name: str, status: int, output: str) -> object:
    return checks.Outcome(checks.Check(name, ["python", "-m", "pytest"]), status, output, 1.0)


def test_the_closing_line_adds_up_all_groups(capsys: pytest.CaptureFixture[str]) -> None:
    outcomes = [
        outcome("unit", 0, "..s\n3 passed, 1 skipped in 0.1s\n"),
        outcome("qt", 1, "..\n=== 1 failed, 2 passed, 1 error in 0.2s ===\n"),
        outcome("e2e", 5, "no tests ran in 0.01s\n"),
    ]

    status = checks.conclude(outcomes, 12.0)

    assert status == 1
    assert capsys.readouterr().out.splitlines()[-2:] == [
        "Failed: qt  (12 s)",
        "5 passed, 2 failed, 1 skipped",
    ]


def test_no_test_at_all_is_a_failure() -> None:
    assert checks.conclude([outcome("unit", 5, "no tests ran in 0.01s")], 1.0) == 1


def test_a_failed_step_shows_all_it_printed_and_the_next_one_runs(capsys: pytest.CaptureFixture[str]) -> None:
    failing = checks.Check(
        "broken", [sys.executable, "-c", "print('why'); raise SystemExit(3)"], folder=Path.cwd()
    )

    result = checks.carry_out(failing)

    assert result.status == 3
    assert not result.passed
    assert re.fullmatch(r"FAILED  broken  [\d.]+ s\nwhy\n+", capsys.readouterr().out)


def test_coverage_is_summed_up_by_room() -> None:
    def file(covered: int, total: int) -> dict[str, dict[str, int]]:
        return {"summary": {"covered_lines": covered, "num_statements": total}}

    measured = {
        "files": {
            "desktop/core/a.py": file(9, 10),
            "desktop/core/b.py": file(10, 10),
            "desktop/cli.py": file(1, 2),
            "desktop/ui/window.py": file(0, 50),
        }
    }

    assert checks.coverage_by_room(measured) == "Covered by unit tests: cli 50 %, core 95 %"


# -- translations


def test_a_catalogue_is_compiled_when_its_text_is_newer(tmp_path: Path) -> None:
    po = tmp_path / "resources/translations/zh_CN/LC_MESSAGES/sightline.po"
    po.parent.mkdir(parents=True)
    po.write_text(
        'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "Ask"\nmsgstr "提问"\n',
        "utf-8",
    )

    assert translations.compile_stale(tmp_path) == [po.with_suffix(".mo")]
    assert "提问".encode() in po.with_suffix(".mo").read_bytes()
    assert translations.compile_stale(tmp_path) == []

    later = po.with_suffix(".mo").stat().st_mtime + 10
    os.utime(po, (later, later))

    assert translations.stale_catalogues(tmp_path) == [po]


# -- too old a Python


def test_the_entry_can_be_read_by_old_pythons() -> None:
    text = (ROOT / "packaging" / "dev.py").read_text("ascii")

    ast.parse(text, feature_version=(3, 4))
    assert 'f"' not in text


def test_an_unknown_command_shows_the_two_there_are() -> None:
    command = [sys.executable, str(ROOT / "packaging" / "dev.py"), "fly"]

    done = subprocess.run(command, capture_output=True, text=True, check=False)

    assert done.returncode == 2
    assert "dev.py run" in done.stdout
    assert "dev.py test" in done.stdout


# -- an ordinary user


@pytest.mark.unprivileged
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_tests_about_permissions_are_bound_by_them(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.write_text("x")
    private.chmod(0)

    assert os.getuid() != 0
    assert not os.access(private, os.R_OK)
    with pytest.raises(PermissionError):
        private.read_text()


@pytest.mark.unprivileged
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_an_ordinary_user_can_still_import() -> None:
    sys.modules.pop("wave", None)

    assert importlib.import_module("wave")
    assert os.geteuid() != 0

"""How Sightline presents itself to the desktops of the three systems."""

import plistlib
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest
import yaml

from desktop.core.archive import ARCHIVE_SUFFIX
from desktop.ui.gallery_incoming import FILTER_SUFFIXES
from tests.unit.test_dev_setup import ROOT, load

contents = load("contents")
dress = load("freezing_dress")
linux_texts = load("linux_texts")
linux_deb = load("linux_deb")
build_windows = load("build_windows")
LINUX = ROOT / "packaging" / "linux"
ENTRY = LINUX / "sightline.desktop"
MIME = LINUX / "sightline-mime.xml"
METAINFO = f"{contents.BUNDLE_ID}.metainfo.xml"
ISS = (ROOT / "packaging" / "windows" / "sightline.iss").read_text("utf-8")
TYPE = "application/vnd.sightline+zip"
needs_linux = pytest.mark.skipif(sys.platform != "linux", reason="the tools are of Linux desktops")


def of_entry(key: str) -> list[str]:
    lines = ENTRY.read_text("utf-8").splitlines()
    return next(line.partition("=")[2] for line in lines if line.startswith(f"{key}=")).strip(";").split(";")


def suffixes_of_images() -> set[str]:
    return {word.removeprefix("*.") for word in FILTER_SUFFIXES.split()}


@needs_linux
def test_the_desktop_entry_is_valid_and_starts_what_there_is() -> None:
    done = subprocess.run(
        ["desktop-file-validate", "--warn-kde", ENTRY], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")
    # Addresses and names that are not UTF-8 come through as they are.
    assert of_entry("Exec") == ["sightline %U"]
    assert "Exec=sightline --capture region" in ENTRY.read_text("utf-8")
    # Qt makes the one of the application's name, and Wayland's of its desktop file.
    assert of_entry("StartupWMClass") == ["Sightline"]


def test_every_kind_of_image_is_opened_on_every_system() -> None:
    on_linux = {kind.partition("/")[2] for kind in of_entry("MimeType")}
    same = {"jpg": "jpeg", "tif": "tiff"}
    assert {same.get(suffix, suffix) for suffix in suffixes_of_images()} == on_linux - {"vnd.sightline+zip"}
    assert set(dress.IMAGE_TYPES) == suffixes_of_images()


@needs_linux
def test_the_type_of_our_files_is_known_to_the_desktop(tmp_path: Path) -> None:
    (tmp_path / "packages").mkdir()
    shutil.copy(MIME, tmp_path / "packages" / "sightline.xml")
    subprocess.run(["update-mime-database", tmp_path], check=True, capture_output=True)
    assert f"50:{TYPE}:*{ARCHIVE_SUFFIX}" in (tmp_path / "globs2").read_text("utf-8").splitlines()
    assert f"{TYPE} application/zip" in (tmp_path / "subclasses").read_text("utf-8")
    assert TYPE in of_entry("MimeType")
    assert TYPE.replace("/", "-") == linux_deb.MIME_ICON


@needs_linux
def test_what_app_stores_show_is_valid(tmp_path: Path) -> None:
    file = tmp_path / METAINFO
    file.write_text(linux_texts.filled(METAINFO, "1.2.3"), "utf-8")
    done = subprocess.run(
        ["appstreamcli", "validate", "--no-net", file], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    told = ET.parse(file).getroot()
    assert told.findtext("launchable") == ENTRY.name
    assert told.find("releases/release[@version='1.2.3']") is not None
    # Each English sentence has a Chinese one.
    chinese = "{http://www.w3.org/XML/1998/namespace}lang"
    for tag in ("summary", "description/p", "description/ul/li"):
        languages = [element.get(chinese) for element in told.findall(tag)]
        assert languages == [None, "zh_CN"] * (len(languages) // 2)


@needs_linux
def test_the_share_folder_of_the_package_is_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    drawn = tmp_path / "drawn"
    drawn.mkdir()
    for size in linux_deb._DOCUMENT_SIZES_PX:
        (drawn / f"document-{size}.png").write_bytes(b"png")
    monkeypatch.setattr(linux_deb, "ICONS", drawn)

    linux_deb.desktop_files(tmp_path / "share", "1.2.3")

    icons = tmp_path / "share" / "icons" / "hicolor"
    sizes = {path.parts[-3] for path in icons.glob("*/apps/sightline.*")}
    assert {"16x16", "24x24", "32x32", "48x48", "64x64", "128x128", "256x256", "512x512", "scalable"} == sizes
    assert (icons / "scalable" / "mimetypes" / f"{linux_deb.MIME_ICON}.svg").is_file()
    assert (tmp_path / "share" / "applications" / "sightline.desktop").is_file()


def test_what_dpkg_is_told() -> None:
    text = linux_deb.control("1.2.3", "amd64", "libc6 (>= 2.36)", 500_000)
    fields = dict(re.findall(r"^([A-Za-z-]+): (.+)$", text, re.MULTILINE))
    assert fields["Version"] == "1.2.3"
    assert fields["Depends"] == "ca-certificates, libc6 (>= 2.36)"
    assert "gnome-keyring" in fields["Recommends"]
    # No scripts: nothing of a person's data can be touched by removing.
    assert not {"preinst", "postinst", "prerm", "postrm"} & {path.name for path in LINUX.iterdir()}


def test_windows_shows_name_and_version() -> None:
    made = eval(dress.version_resource("sightline-window", "1.2.3"), dict.fromkeys(_VERSION_WORDS, _kept))
    fixed, kids = made["ffi"], made["kids"]
    assert fixed["filevers"] == fixed["prodvers"] == (1, 2, 3, 0)
    strings = dict(kids[0][0][0][1])
    assert strings["ProductVersion"] == "1.2.3"
    assert strings["OriginalFilename"] == "sightline-window.exe"


_VERSION_WORDS = (
    "VSVersionInfo",
    "FixedFileInfo",
    "StringFileInfo",
    "StringTable",
    "StringStruct",
    "VarFileInfo",
)
_VERSION_WORDS += ("VarStruct",)


def _kept(*words: object, **named: object) -> object:
    return named or words


def test_the_installer_names_only_what_there_is() -> None:
    given = set(re.findall(r'"(\w+)":', Path(build_windows.__file__).read_text("utf-8"))) | {"Associations"}
    defined = set(re.findall(r"^#define (\w+)", ISS, re.MULTILINE))
    used = set(re.findall(r"\{#(\w+)\}", ISS + build_windows.associations()))
    assert used <= given | defined
    assert set(re.findall(r"^\[(\w+)\]$", ISS, re.MULTILINE)) <= {
        *("Setup", "Languages", "Tasks", "Files", "InstallDelete", "Icons", "Registry", "Run", "Code")
    }
    for line in (ISS + build_windows.associations()).splitlines():
        if line.startswith("Root:"):
            assert re.match(r'Root: HKCU; Subkey: "[^"]+"(; \w+: ("(""|[^"])*"|[\w ]+))*$', line), line
    # For one user, without an administrator; nobody's default is taken.
    assert "PrivilegesRequired=lowest" in ISS
    assert not re.search(r"UserChoice|HKLM|HKCR", ISS)


def test_the_installer_offers_sightline_for_each_image_and_opens_its_own() -> None:
    lines = build_windows.associations()
    for suffix in suffixes_of_images():
        assert rf"{{#Types}}\.{suffix}\OpenWithProgids" in lines
    assert (
        rf'Subkey: "{{#Types}}\{ARCHIVE_SUFFIX}"; ValueType: string; ValueData: "Sightline.Conversations"'
        in ISS
    )


def test_macos_is_told_what_it_opens() -> None:
    told = plistlib.loads(plistlib.dumps(dress.info_plist()))
    ours, images = told["CFBundleDocumentTypes"]
    assert ours["LSItemContentTypes"] == [told["UTExportedTypeDeclarations"][0]["UTTypeIdentifier"]]
    tags = told["UTExportedTypeDeclarations"][0]["UTTypeTagSpecification"]
    assert tags["public.filename-extension"] == [ARCHIVE_SUFFIX.removeprefix(".")]
    assert tags["public.mime-type"] == [TYPE]
    assert images["LSHandlerRank"] == "Alternate"
    assert "com.adobe.pdf" in images["LSItemContentTypes"]
    assert told["LSMinimumSystemVersion"].startswith("14")
    rights = plistlib.loads((ROOT / "packaging" / "macos" / "sightline.entitlements").read_bytes())
    assert set(rights.values()) == {True}


def test_the_flatpak_is_of_what_the_build_makes() -> None:
    told = yaml.safe_load((LINUX / f"{contents.BUNDLE_ID}.yml").read_text("utf-8"))
    assert told["app-id"] == contents.BUNDLE_ID
    assert told["command"] == of_entry("TryExec")[0]
    assert "--talk-name=org.freedesktop.secrets" in told["finish-args"]
    places = {source["path"] for source in told["modules"][0]["sources"]}
    assert places == {"../../build/package/dist/sightline", "../../build/package/share"}


def test_the_workflow_builds_looks_and_keeps_on_all_three_systems() -> None:
    text = (ROOT / ".github" / "workflows" / "build.yml").read_text("utf-8")
    told = yaml.safe_load(text)
    systems = told["jobs"]["build"]["strategy"]["matrix"]["include"]
    assert {row["name"].partition("-")[0] for row in systems} == {"linux", "windows", "macos"}
    steps = told["jobs"]["build"]["steps"]
    commands = " ".join(step.get("run", "") for step in steps)
    assert "packaging/build.py" in commands
    assert "${{ matrix.program }} --check" in commands
    uses = [step["uses"] for job in told["jobs"].values() for step in job["steps"] if "uses" in step]
    assert all(re.fullmatch(r"actions/[\w-]+@v\d+\.\d+\.\d+", name) for name in uses)
    assert "http" not in text

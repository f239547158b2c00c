"""The `.deb`: the frozen app below /usr/lib/sightline, and what joins it to a desktop."""

import gzip
import hashlib
import os
import shutil
import subprocess
from collections.abc import Iterable
from email.utils import formatdate
from pathlib import Path

import build_folder
import contents
import linux_libraries
from build_icons import ICONS
from linux_texts import LINUX, filled
from setup_steps import ROOT, run_quietly
from steps import SetupError, step

_APP_SIZES_PX = (16, 24, 32, 48, 64, 128, 256, 512)
_DOCUMENT_SIZES_PX = (16, 32, 48, 64, 128, 256, 512)
MIME_ICON = "application-vnd.sightline+zip"
MAINTAINER = "Sightline developers <developers@sightline.invalid>"
# Besides the libraries that are linked: authorities that vouch for servers.
DEPENDS = "ca-certificates"
# Where keys are kept (without one Sightline asks for the key at each start); what joins desktop and app.
RECOMMENDS = (
    "gnome-keyring | kwalletmanager | keepassxc, desktop-file-utils, hicolor-icon-theme, shared-mime-info,"
    " xdg-desktop-portal, xdg-utils"
)
SUGGESTS = "libgtk-3-0 | libgtk-3-0t64, fonts-noto-cjk"
DESCRIPTION = """\
ask vision models about images, and see what each costs
 Drop pictures from the file manager or capture a piece of the screen, ask,
 read the answer, and see what each image cost. Sightline speaks to OpenAI
 and to every server with the same protocol.
 .
 Without any key a reader on this computer answers: it reads text, barcodes
 and the facts of the file, and sends nothing anywhere."""


def build(app: Path, dist: Path, version: str, *, quick: bool) -> Path:
    """Pack the app's folder as a Debian package.

    Args:
        app: the frozen app's folder.
        dist: where the package goes.
        version: Sightline's.
        quick: pack less tightly.

    Raises:
        SetupError: a tool is missing or failed.
    """
    for tool in ("dpkg-deb", "dpkg-shlibdeps"):
        if shutil.which(tool) is None:
            raise SetupError(f"Please install dpkg-dev: {tool} is missing.")
    root = build_folder.WORK / "deb"
    shutil.rmtree(root, ignore_errors=True)
    with step("Laying out the package"):
        lay_out(app, root, version)
    with step("Finding what it depends on"):
        depends = linux_libraries.depends(root / "usr" / "lib" / "sightline")
    architecture = _told("dpkg", "--print-architecture")
    target = dist / f"sightline_{version}_{architecture}.deb"
    _write_control(root, control(version, architecture, depends, _kilobytes(root)))
    with step("Packing it"):
        # Files that dpkg packs get the time of the commit, through SOURCE_DATE_EPOCH.
        os.environ.update(build_folder.build_environment())
        run_quietly(
            ["dpkg-deb", "--root-owner-group", "-Zxz", "-z0" if quick else "-z6", "--build", root, target],
            "dpkg-deb failed.",
        )
    return target


def lay_out(app: Path, root: Path, version: str) -> None:
    """Put every file of the package where it will be, but for dpkg's own."""
    lib = root / "usr" / "lib" / "sightline"
    shutil.copytree(app, lib, symlinks=True)
    for pattern in contents.FROM_THE_DISTRIBUTION:
        for library in (lib / "_internal").glob(pattern):
            library.unlink()
    (root / "usr" / "bin").mkdir()
    (root / "usr" / "bin" / "sightline").symlink_to("../lib/sightline/sightline")
    desktop_files(root / "usr" / "share", version)
    documents(root / "usr" / "share", version)
    _set_modes(root)


def desktop_files(share: Path, version: str) -> None:
    """The desktop entry, the icons, the type of our files, and what app stores show.

    Args:
        share: the `share` folder of an installation.
        version: Sightline's.
    """
    _copy(LINUX / "sightline.desktop", share / "applications" / "sightline.desktop")
    _copy(LINUX / "sightline-mime.xml", share / "mime" / "packages" / "sightline.xml")
    name = f"{contents.BUNDLE_ID}.metainfo.xml"
    _write(share / "metainfo" / name, filled(name, version))
    hicolor = share / "icons" / "hicolor"
    for size in _APP_SIZES_PX:
        picture = ROOT / "resources" / "icon" / f"sightline-{size}.png"
        _copy(picture, hicolor / f"{size}x{size}" / "apps" / "sightline.png")
    for size in _DOCUMENT_SIZES_PX:
        _copy(ICONS / f"document-{size}.png", hicolor / f"{size}x{size}" / "mimetypes" / f"{MIME_ICON}.png")
    _copy(ROOT / "resources" / "icon" / "sightline.svg", hicolor / "scalable" / "apps" / "sightline.svg")
    _copy(LINUX / "document.svg", hicolor / "scalable" / "mimetypes" / f"{MIME_ICON}.svg")


def documents(share: Path, version: str) -> None:
    """Licences, the manual page, the change log, and what lintian need not say."""
    licences = [str(build_folder.PYTHON), str(ROOT / "packaging" / "licences.py"), "copyright"]
    _write(share / "doc" / "sightline" / "copyright", _told(*licences) + "\n")
    changes = (
        f"sightline ({version}) unstable; urgency=medium\n\n  * Version {version}.\n\n"
        f" -- {MAINTAINER}  {formatdate(build_folder.source_date())}\n"
    )
    _write_packed(share / "doc" / "sightline" / "changelog.gz", changes)
    _write_packed(share / "man" / "man1" / "sightline.1.gz", filled("sightline.1", version))
    _copy(LINUX / "lintian-overrides", share / "lintian" / "overrides" / "sightline")


def control(version: str, architecture: str, depends: str, kilobytes: int) -> str:
    """What dpkg has to know. There are no scripts: the desktop's own triggers see new files."""
    return (
        f"Package: sightline\nVersion: {version}\nArchitecture: {architecture}\nMaintainer: {MAINTAINER}\n"
        f"Installed-Size: {kilobytes}\nDepends: {DEPENDS}, {depends}\n"
        f"Recommends: {RECOMMENDS}\nSuggests: {SUGGESTS}\n"
        f"Section: graphics\nPriority: optional\nDescription: {DESCRIPTION}\n"
    )


def _write_control(root: Path, text: str) -> None:
    _write(root / "DEBIAN" / "control", text)
    sums = [f"{_md5(path)}  {path.relative_to(root)}\n" for path in _files(root / "usr")]
    _write(root / "DEBIAN" / "md5sums", "".join(sums))


def _md5(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "md5").hexdigest()


def _kilobytes(root: Path) -> int:
    return sum(-(-path.stat().st_size // 1024) for path in _files(root)) + 4 * len(list(root.rglob("*/")))


def _files(root: Path) -> Iterable[Path]:
    return sorted(path for path in root.rglob("*") if path.is_file() and not path.is_symlink())


def _set_modes(root: Path) -> None:
    """Folders and programs 755, all else 644, whoever builds."""
    for path in [root, *root.rglob("*")]:
        if not path.is_symlink():
            program = path.is_dir() or path == root / "usr" / "lib" / "sightline" / "sightline"
            path.chmod(0o755 if program else 0o644)


def _copy(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source, target)


def _write(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, "utf-8")
    target.chmod(0o644)


def _write_packed(target: Path, text: str) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(gzip.compress(text.encode(), 9, mtime=0))


def _told(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout.strip()

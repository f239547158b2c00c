"""What Sightline needs from a Linux system besides Python: which parts are missing, and how to get them."""

import ctypes
import importlib
import importlib.util
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from steps import SetupError, say, step


@dataclass(frozen=True)
class Part:
    """One thing that a distribution's package brings.

    Attributes:
        name: A library's soname, a program's name, `FONT`, `DBUSMOCK` or `VENV_MODULE`.
        apt: Its package on Debian and Ubuntu.
        pacman: Its package on Arch. Fedora and openSUSE can be asked for the thing itself.
    """

    name: str
    apt: str
    pacman: str


FONT = "a Chinese font"
VENV_MODULE = "Python's venv module"
DBUSMOCK = "python-dbusmock of the system's own Python"

# What Qt's libraries and its xcb and wayland platforms link with (`objdump -p`, PySide6-Essentials 6.11.3),
# less what they bring themselves and what every Linux has.
LIBRARIES = (
    Part("libEGL.so.1", "libegl1", "libglvnd"),
    Part("libGL.so.1", "libgl1", "libglvnd"),
    Part("libX11.so.6", "libx11-6", "libx11"),
    Part("libX11-xcb.so.1", "libx11-xcb1", "libx11"),
    Part("libdbus-1.so.3", "libdbus-1-3", "dbus"),
    Part("libfontconfig.so.1", "libfontconfig1", "fontconfig"),
    Part("libfreetype.so.6", "libfreetype6", "freetype2"),
    Part("libglib-2.0.so.0", "libglib2.0-0", "glib2"),
    Part("libgthread-2.0.so.0", "libglib2.0-0", "glib2"),
    Part("libwayland-client.so.0", "libwayland-client0", "wayland"),
    Part("libwayland-cursor.so.0", "libwayland-cursor0", "wayland"),
    Part("libwayland-egl.so.1", "libwayland-egl1", "wayland"),
    Part("libxcb.so.1", "libxcb1", "libxcb"),
    Part("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor"),
    Part("libxcb-glx.so.0", "libxcb-glx0", "libxcb"),
    Part("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm"),
    Part("libxcb-image.so.0", "libxcb-image0", "xcb-util-image"),
    Part("libxcb-keysyms.so.1", "libxcb-keysyms1", "xcb-util-keysyms"),
    Part("libxcb-randr.so.0", "libxcb-randr0", "libxcb"),
    Part("libxcb-render.so.0", "libxcb-render0", "libxcb"),
    Part("libxcb-render-util.so.0", "libxcb-render-util0", "xcb-util-renderutil"),
    Part("libxcb-shape.so.0", "libxcb-shape0", "libxcb"),
    Part("libxcb-shm.so.0", "libxcb-shm0", "libxcb"),
    Part("libxcb-sync.so.1", "libxcb-sync1", "libxcb"),
    Part("libxcb-util.so.1", "libxcb-util1", "xcb-util"),
    Part("libxcb-xfixes.so.0", "libxcb-xfixes0", "libxcb"),
    Part("libxcb-xkb.so.1", "libxcb-xkb1", "libxcb"),
    Part("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon"),
    Part("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11"),
    Part("libz.so.1", "zlib1g", "zlib"),
    Part("libzstd.so.1", "libzstd1", "zstd"),
)

# A screen, a window manager, hands, a keyring, a clipboard, a file manager to drag from; curl for the
# requests that are copied as commands; a Wayland compositor, what takes pictures of screens, a tray.
TEST_PROGRAMS = (
    Part("Xvfb", "xvfb", "xorg-server-xvfb"),
    Part("openbox", "openbox", "openbox"),
    Part("xdotool", "xdotool", "xdotool"),
    Part("gnome-keyring-daemon", "gnome-keyring", "gnome-keyring"),
    Part("dbus-run-session", "dbus", "dbus"),
    Part("dbus-daemon", "dbus", "dbus"),
    Part("dbus-launch", "dbus-x11", "dbus"),
    Part("scrot", "scrot", "scrot"),
    Part("xclip", "xclip", "xclip"),
    Part("pcmanfm", "pcmanfm", "pcmanfm"),
    Part("curl", "curl", "curl"),
    Part("desktop-file-validate", "desktop-file-utils", "desktop-file-utils"),
    Part("appstreamcli", "appstream", "appstream"),
    Part("update-mime-database", "shared-mime-info", "shared-mime-info"),
    Part("sway", "sway", "sway"),
    Part("grim", "grim", "grim"),
    Part("gnome-screenshot", "gnome-screenshot", "gnome-screenshot"),
    Part("xrandr", "x11-xserver-utils", "xorg-xrandr"),
    Part("trayer", "trayer", "trayer"),
)
TEST_FONT = Part(FONT, "fonts-noto-cjk", "noto-fonts-cjk")
TEST_DBUSMOCK = Part(DBUSMOCK, "python3-dbusmock", "python-dbusmock")
SYSTEM_PYTHON = "/usr/bin/python3"
FONT_FOLDERS = ("/usr/share/fonts", "/usr/local/share/fonts", "~/.local/share/fonts", "~/.fonts")

PROGRAM_OF_MANAGER = {"apt": "apt-get", "dnf": "dnf", "pacman": "pacman", "zypper": "zypper"}


def missing_parts(purpose: str) -> list[Part]:
    """Find what is missing for the window ("run") or for the checks ("test")."""
    return missing_libraries() + (missing_for_tests() if purpose == "test" else [])


def missing_for_venv() -> list[Part]:
    """Find what this Python lacks to make an environment with pip in it: Debian and Ubuntu split that off."""
    if all(importlib.util.find_spec(name) is not None for name in ("venv", "ensurepip")):
        return []
    package = f"python{sys.version_info.major}.{sys.version_info.minor}-venv"
    return [Part(VENV_MODULE, package, "python")]


def missing_libraries(load: Callable[[str], object] = ctypes.CDLL) -> list[Part]:
    """Find the libraries that the dynamic linker cannot load.

    Args:
        load: Loads a library by its soname and raises OSError where it cannot.
    """

    def absent(part: Part) -> bool:
        try:
            load(part.name)
        except OSError:
            return True
        return False

    return [part for part in LIBRARIES if absent(part)]


def missing_for_tests(find: Callable[[str], str | None] = shutil.which) -> list[Part]:
    """Find the programs, the font and the module that the tests use and the system lacks.

    Args:
        find: Tells where a program is, or None.
    """
    missing = [part for part in TEST_PROGRAMS if find(part.name) is None]
    if not has_chinese_font():
        missing.append(TEST_FONT)
    if not has_dbusmock():
        missing.append(TEST_DBUSMOCK)
    return missing


def has_chinese_font(folders: Sequence[str] = FONT_FOLDERS) -> bool:
    """Tell whether a font with Chinese letters is among the installed ones, going by its file name."""
    return any(next(Path(folder).expanduser().rglob("*CJK*.[ot]t[cf]"), None) for folder in folders)


def has_dbusmock(python: str = SYSTEM_PYTHON) -> bool:
    """Tell whether the system's own Python can import dbusmock, which no other one can."""
    try:
        done = subprocess.run([python, "-c", "import dbusmock"], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


def package_manager(find: Callable[[str], str | None] = shutil.which) -> str | None:
    """Name the system's package manager: apt, dnf, pacman, zypper, or None for another one."""
    return next((name for name, program in PROGRAM_OF_MANAGER.items() if find(program)), None)


def packages(manager: str, parts: Sequence[Part]) -> list[str]:
    """Translate what is missing into what the package manager is asked for.

    Args:
        manager: apt, dnf, pacman or zypper.
        parts: What is missing.

    Returns:
        Names without repetitions, sorted.
    """
    if manager in ("apt", "pacman"):
        return sorted({getattr(part, manager) for part in parts})
    return sorted({capability(part) for part in parts})


def capability(part: Part) -> str:
    """Name a part the way RPM packages declare it, so that no package's name has to be known."""
    special = {
        FONT: "font(:lang=zh-cn)",
        VENV_MODULE: "/usr/bin/pip3",
        DBUSMOCK: "python3dist(python-dbusmock)",
    }
    if part.name in special:
        return special[part.name]
    if ".so." in part.name:
        return f"{part.name}()(64bit)"
    return f"/usr/bin/{part.name}"


def install_command(manager: str, names: Sequence[str]) -> list[str]:
    """Build the command that installs packages, as one types it as root."""
    options = {
        "apt": ["apt-get", "install", "-y", "--no-install-recommends"],
        "dnf": ["dnf", "install", "-y"],
        "pacman": ["pacman", "-S", "--needed", "--noconfirm"],
        "zypper": ["zypper", "--non-interactive", "install"],
    }
    return [*options[manager], *names]


def advice(parts: Sequence[Part], manager: str | None) -> str:
    """Say what is missing and the one line to type.

    Args:
        parts: What is missing.
        manager: The system's package manager, as `package_manager` names it.
    """
    if manager is None:
        names = ", ".join(part.name for part in parts)
        return f"Please install with your system's package manager, then start again: {names}"
    commands = [install_command(manager, packages(manager, parts))]
    if manager == "apt":
        # On a fresh system apt knows no package before that.
        commands.insert(0, ["apt-get", "update"])
    has_sudo = not is_root() and shutil.which("sudo") is not None
    line = " && ".join(("sudo " if has_sudo else "") + shlex.join(command) for command in commands)
    who = "" if has_sudo or is_root() else " as root"
    return f"System packages are missing. Please type this{who}, then start again:\n  {line}"


def is_root() -> bool:
    """Tell whether this process may install system packages."""
    return hasattr(os, "geteuid") and os.geteuid() == 0


def install_missing(find_missing: Callable[[], list[Part]]) -> None:
    """Install what is missing where that is possible, and say the one command to type where it is not.

    Args:
        find_missing: Tells what is missing; asked again after installing.

    Raises:
        SetupError: Something is still missing.
    """
    if not sys.platform.startswith("linux"):
        return
    parts = find_missing()
    manager = package_manager()
    if parts and manager == "apt" and is_root():
        install_with_apt(packages("apt", parts))
        importlib.invalidate_caches()
        parts = find_missing()
    if parts:
        raise SetupError(advice(parts, manager))


def install_with_apt(names: Sequence[str]) -> None:
    """Install Debian packages without asking anything.

    Raises:
        SetupError: apt refused.
    """
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    # Another apt may be at work, as on a machine that has just started.
    wait = ["-o", "DPkg::Lock::Timeout=300"]
    with step(f"Installing {len(names)} system packages: {', '.join(names)}"):
        # Without fresh lists a package may not be found; where that fails, the lists that are there may do.
        subprocess.run(["apt-get", *wait, "update"], env=environment, capture_output=True, check=False)
        command = install_command("apt", names)
        done = subprocess.run(
            [command[0], *wait, *command[1:]], env=environment, capture_output=True, text=True, check=False
        )
    if done.returncode != 0:
        say(done.stdout[-2000:] + done.stderr[-2000:])
        raise SetupError(f"apt-get could not install the packages. The command was: {shlex.join(command)}")

"""Finds and reads what ships with the program: icons, styles, words, the catalogue of models."""

import gettext
import logging
import os
import struct
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import desktop
from desktop.core.catalog import Catalog, parse_catalog

_DOMAIN = "sightline"
_ENGLISH = ("en", "c", "posix")
_log = logging.getLogger(__name__)


def resource_path(*parts: str) -> Path:
    """A file or folder of ``resources/``, which a wheel holds as ``desktop/_resources``."""
    package = Path(desktop.__file__).parent
    shipped = package / "_resources"
    root = shipped if shipped.is_dir() else package.parent / "resources"
    return root.joinpath(*parts)


def load_toml(name: str) -> dict[str, Any]:
    """The table of a TOML file of `resource_path`.

    Raises:
        OSError: it is not there.
        tomllib.TOMLDecodeError: it is not TOML.
    """
    with resource_path(name).open("rb") as file:
        return tomllib.load(file)


def load_catalog() -> Catalog:
    """The models that see images, from ``models.toml``."""
    return parse_catalog(load_toml("models.toml"))


def available_languages() -> tuple[str, ...]:
    """``en``, the source, and the language of every catalogue, such as ``zh_CN``."""
    found = resource_path("translations").glob(f"*/LC_MESSAGES/{_DOMAIN}.po")
    shipped = resource_path("translations").glob(f"*/LC_MESSAGES/{_DOMAIN}.mo")
    return ("en", *sorted({path.parent.parent.name for path in (*found, *shipped)}))


def load_translations(language: str) -> gettext.NullTranslations:
    """The words of a language.

    Args:
        language: one of `available_languages`, or ``system`` for that of the computer.

    Returns:
        The catalogue; one that changes nothing for English, for an unknown language, and where it cannot be
        read.
    """
    chosen = resolve_language(language)
    if chosen == "en":
        return gettext.NullTranslations()
    try:
        return gettext.translation(_DOMAIN, resource_path("translations"), [chosen])
    except (OSError, ValueError, struct.error) as error:
        _log.warning("no translation for %s: %s", chosen, error)
        return gettext.NullTranslations()


def resolve_language(language: str) -> str:
    """One of `available_languages` for a setting: the first that is asked for, English if none is there."""
    wanted = _system_languages() if language == "system" else [language]
    available = available_languages()
    for name in wanted:
        found = _match(name, available)
        if found is not None:
            return found
    return "en"


def _match(wanted: str, available: tuple[str, ...]) -> str | None:
    """``zh_SG.UTF-8`` and ``zh-Hans`` get ``zh_CN``; readers of traditional characters get English."""
    name = wanted.partition(".")[0].partition("@")[0].replace("-", "_")
    language, _, region = name.partition("_")
    if language.lower() in _ENGLISH:
        return "en"
    if name in available:
        return name
    if language.lower() == "zh" and region.upper().startswith(("TW", "HK", "MO", "HANT")):
        return None
    return next((known for known in available if known.partition("_")[0] == language.lower()), None)


def _system_languages() -> list[str]:
    """What the computer is set to, the first choice first. The variables' order is that of GNU gettext."""
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        value = os.environ.get(variable)
        if value:
            return [name for name in value.split(":") if name]
    if sys.platform == "win32":
        return _windows_languages()
    if sys.platform == "darwin":
        return _mac_languages()
    return []


def _windows_languages() -> list[str]:
    import ctypes  # noqa: PLC0415
    import locale  # noqa: PLC0415

    # By name, because elsewhere ctypes has no windll, and mypy checks for elsewhere.
    number = getattr(ctypes, "windll").kernel32.GetUserDefaultUILanguage()  # noqa: B009
    return [locale.windows_locale.get(number, "")]


def _mac_languages() -> list[str]:
    """Programs started from the Dock have no ``LANG``."""
    try:
        answer = subprocess.run(
            ["/usr/bin/defaults", "read", "-g", "AppleLanguages"],
            capture_output=True,
            text=True,
            timeout=2,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return []
    return [line.strip(' ",') for line in answer.stdout.splitlines() if line.strip(' ",()')]

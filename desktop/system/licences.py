"""Reads licences and versions of everything that the application is made of."""

import importlib.metadata
import platform
import ssl
from collections.abc import Iterable, Iterator, Mapping
from fnmatch import fnmatch
from pathlib import Path

from desktop.core.licences import (
    Component,
    LicenceTable,
    Part,
    Row,
    normal_name,
    parse_licences,
    plain_expression,
)
from desktop.system.resources import load_toml, resource_path

_LICENCE_FILES = ("licen[cs]e*", "copying*", "notice*", "authors*", "model_licenses*", "*/licen[cs]e*")
_MOST_CHARS = 2_000_000
_BETWEEN = "\n\n" + "-" * 72 + "\n\n"


def load_table() -> LicenceTable:
    """The table of licences that ships with the application."""
    return parse_licences(load_toml("licences/licences.toml"))


def read_components(others: Mapping[str, str]) -> tuple[Component, ...]:
    """Everything that is there on this computer, by name. Slow: a hundred files and more.

    Args:
        others: versions that this room cannot ask for, by name: ``Qt``, ``SQLite``.
    """
    table = load_table()
    asked = {
        "python": platform.python_version(),
        "openssl": ssl.OPENSSL_VERSION.removeprefix("OpenSSL ").partition(" ")[0],
        **{name.lower(): version for name, version in others.items()},
    }
    found = {normal_name(d.name): d for d in importlib.metadata.distributions()}
    made = [
        _of_distribution(found[name], row, table)
        for name, row in table.distributions.items()
        if name in found
    ]
    made += [
        _of_part(part, found, asked) for part in table.parts if not part.of or normal_name(part.of) in found
    ]
    return tuple(sorted(made, key=lambda component: component.name.casefold()))


def licence_files(distribution: importlib.metadata.Distribution, patterns: Iterable[str]) -> Iterator[Path]:
    """Files of a distribution's metadata that fit, in order; those of licences lie there since PEP 639."""
    for file in distribution.files or ():
        parts = file.parts
        if not parts[0].endswith(".dist-info"):
            continue
        inner = "/".join(parts[2:] if parts[1:2] == ("licenses",) else parts[1:])
        if any(fnmatch(inner.lower(), pattern.lower()) for pattern in patterns):
            yield Path(str(distribution.locate_file(file)))


def _of_distribution(
    distribution: importlib.metadata.Distribution, row: Row, table: LicenceTable
) -> Component:
    paths = [
        *licence_files(distribution, _LICENCE_FILES),
        *(Path(str(distribution.locate_file(file))) for file in row.files),
        *map(_our_text, row.texts),
    ]
    return Component(
        name=distribution.name,
        version=distribution.version,
        licence=plain_expression(row.licence, table.licences),
        text=_joined(paths),
    )


def _of_part(
    part: Part, found: Mapping[str, importlib.metadata.Distribution], asked: Mapping[str, str]
) -> Component:
    inside: Iterator[Path] = iter(())
    version = asked.get(part.version, part.version)
    if part.of:
        distribution = found[normal_name(part.of)]
        inside = licence_files(distribution, part.inside)
    paths = [*inside, *(resource_path(*file.split("/")) for file in part.files), *map(_our_text, part.texts)]
    return Component(
        name=part.name,
        version=version,
        licence=part.licence,
        of=part.of,
        note=part.note,
        text=_joined(paths) or part.note,
    )


def _our_text(name: str) -> Path:
    return resource_path("licences", "texts", f"{name}.txt")


def _joined(paths: Iterable[Path]) -> str:
    texts = []
    for path in dict.fromkeys(paths):
        try:
            text = path.read_text(encoding="utf-8", errors="replace").strip("\n")
        except OSError:
            continue
        if text and text not in texts:
            texts.append(text)
    return _BETWEEN.join(texts)[:_MOST_CHARS]

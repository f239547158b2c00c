"""What the application is made of, and under which licences: ``resources/licences/licences.toml``."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Component:
    """A part of the application that somebody else has made.

    Attributes:
        name: as its makers write it.
        version: empty if nobody knows.
        licence: as an SPDX expression.
        of: the package that it is inside of; empty if it stands alone.
        note: what has to be said of it.
        text: the licence, all of it.
    """

    name: str
    version: str
    licence: str
    of: str = ""
    note: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One distribution of the table.

    Attributes:
        licence: SPDX expression.
        texts: licence texts of ours, for those that bring none.
        files: texts inside the package, by their paths beside it.
        elsewhere: where it is installed, if not here; empty for everywhere.
    """

    licence: str
    texts: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    elsewhere: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What is no distribution: inside of one, or beside them.

    Attributes:
        name: as its makers write it.
        licence: SPDX expression.
        version: as it is, or the name of something that the program asks for.
        of: the distribution that it is inside of.
        inside: patterns of the licence files of that distribution.
        texts: licence texts of ours.
        files: further texts, relative to the resources.
        note: what has to be said of it.
    """

    name: str
    licence: str
    version: str = ""
    of: str = ""
    inside: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LicenceTable:
    """The table.

    Attributes:
        kinds: why each kind of licence allows this use.
        licences: the kind of each licence that may be used.
        distributions: by normalised name.
        parts: everything else.
        forbidden: patterns of file names that may not be passed on, and why.
    """

    kinds: Mapping[str, str]
    licences: Mapping[str, str]
    distributions: Mapping[str, Row]
    parts: tuple[Part, ...]
    forbidden: Mapping[str, str]

    def allows(self, expression: str) -> bool:
        """Whether a licence may be used: all of what AND joins, one of what OR joins."""
        return _allowed(expression, self.licences)


def parse_licences(table: Mapping[str, Any]) -> LicenceTable:
    """The table of the file.

    Raises:
        KeyError, TypeError: it is not of that form.
    """
    return LicenceTable(
        kinds=table["kinds"],
        licences=table["licences"],
        distributions={
            normal_name(name): Row(**_frozen(row)) for name, row in table["distributions"].items()
        },
        parts=tuple(Part(**_frozen(part)) for part in table["parts"]),
        forbidden={name: rule["why"] for rule in table["forbidden"] for name in rule["names"]},
    )


def normal_name(name: str) -> str:
    """The name of a distribution as indexes compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", name).lower()


def plain_expression(expression: str, chosen: Mapping[str, str]) -> str:
    """What is shown of an expression: of what may be chosen only what this application may use."""
    parts = re.split(r" OR ", expression)
    usable = [part for part in parts if _allowed(part, chosen)]
    return " OR ".join(usable or parts)


def _frozen(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}


def _allowed(expression: str, licences: Mapping[str, str]) -> bool:
    return all(
        any(one.strip() in licences for one in either.strip().strip("()").split(" OR "))
        for either in expression.split(" AND ")
    )

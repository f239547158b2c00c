"""The models that see images: their token rules, detail levels and shutdown dates.

They are read from ``resources/models.toml``. Rules are data: nothing in Sightline asks for a model's name.
Sources: OpenAI's "Images and vision" and "Deprecations" guides (section 1 of ``OPENAI_VISION.md``).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction
from typing import cast

from desktop.core.model import ON_DEVICE, Detail

PATCH_PX = 32
"""Side of the square patches that patch models count, in pixels."""
TILE_PX = 512
"""Side of the square tiles that tile models count, in pixels."""
OPENAI = "openai"
"""Provider id of the catalogue's models."""

_LEVELS = (Detail.LOW, Detail.HIGH, Detail.ORIGINAL)
_UNKNOWN_DETAILS = (Detail.AUTO, Detail.LOW, Detail.HIGH)
# Snapshots are named by day: gpt-4.1-2025-04-14; routers write 20250414.
_SNAPSHOT = re.compile(r"-20\d{2}-?[01]\d-?[0-3]\d$")


@dataclass(frozen=True, slots=True)
class Level:
    """What a patch model does with an image at one detail.

    Attributes:
        detail: LOW, HIGH or ORIGINAL.
        max_side_px: the image is first fitted inside a square of this side.
        budget: then made smaller until it has at most this many patches; None for no such limit.
    """

    detail: Detail
    max_side_px: int
    budget: int | None


@dataclass(frozen=True, slots=True)
class TileRule:
    """Tokens by tiles of 512 pixels: ``base + tile * ceil(w/512) * ceil(h/512)``; LOW costs ``base``.

    Attributes:
        base: tokens of every image.
        tile: tokens of one tile.
        low_side_px: at LOW the model sees the image fitted inside a square of this side.
        fit_px: otherwise it is first fitted inside a square of this side,
        short_side_px: and then its shorter side is brought down to this.
    """

    base: int
    tile: int
    low_side_px: int = 512
    fit_px: int = 2048
    short_side_px: int = 768


@dataclass(frozen=True, slots=True)
class PatchRule:
    """Tokens by patches of 32 pixels: ``ceil(patches * multiplier)``.

    Attributes:
        multiplier: tokens of one patch.
        levels: what each detail means.
        reject_above: an image that would have more patches is refused with HTTP 400; None for no such limit.
    """

    multiplier: Fraction
    levels: tuple[Level, ...]
    reject_above: int | None

    def level(self, detail: Detail) -> Level:
        """The level of LOW, HIGH or ORIGINAL.

        Raises:
            KeyError: the rule has no such level.
        """
        for level in self.levels:
            if level.detail is detail:
                return level
        raise KeyError(detail)


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One model as it can be chosen.

    Attributes:
        id: as it is sent to the server.
        provider: ``openai`` or ``on-device``; empty for a model that the catalogue does not know.
        rule: how its image tokens are counted; None if unknown, and for the reader on this computer.
        details: levels it offers, in the order of the selector; empty for the reader.
        auto_means: the level that it uses at AUTO; None if unknown.
        presumed: the rule is its family's and not published for it.
        retired_on: the day its server stops, or stopped, answering.
        replacement: id of the model that its maker advises instead.
        default: chosen at the first start.
        known: it has a row in the catalogue.
        row_id: id of that row, without a router's prefix and a snapshot's date; its own id if there is none.
        chat: it can be asked through Chat Completions.
    """

    id: str
    provider: str
    rule: TileRule | PatchRule | None = None
    details: tuple[Detail, ...] = _UNKNOWN_DETAILS
    auto_means: Detail | None = None
    presumed: bool = False
    retired_on: date | None = None
    replacement: str | None = None
    default: bool = False
    known: bool = True
    row_id: str
    chat: bool = True


_READER = Model(id=ON_DEVICE, provider=ON_DEVICE, details=(), row_id=ON_DEVICE)


def is_retired(model: Model, today: date) -> bool:
    """Whether the server has stopped answering with ``model``."""
    return model.retired_on is not None and model.retired_on <= today


def effective_detail(model: Model, detail: Detail) -> Detail | None:
    """The detail to send when ``detail`` is wished.

    Itself where the model has it, HIGH for a missing ORIGINAL, else AUTO; None for a model that knows no
    detail (the reader on this computer).
    """
    if not model.details:
        return None
    if detail in model.details:
        return detail
    return Detail.HIGH if detail is Detail.ORIGINAL and Detail.HIGH in model.details else Detail.AUTO


@dataclass(frozen=True, slots=True)
class Catalog:
    """All models that are known, newest first, without the reader on this computer.

    Attributes:
        models: listed models.
        families: beginnings of names, each with a model whose rule is presumed for unlisted names.
        prefixes: what routers put before a name, for example ``openai/``.
    """

    models: tuple[Model, ...]
    families: tuple[tuple[str, Model], ...] = ()
    prefixes: tuple[str, ...] = ()

    def model(self, model_id: str) -> Model:
        """The model with this id, whatever it is.

        A router's prefix and a snapshot's date are looked through (``openai/gpt-4o``,
        ``gpt-4.1-2025-04-14``); the id stays as it was asked for. An id that nobody knows gives a model
        without a rule.
        """
        if model_id == ON_DEVICE:
            return _READER
        name = self._without_prefix(model_id)
        for row_id in (name, _SNAPSHOT.sub("", name)):
            for model in self.models:
                if model.id == row_id:
                    return replace(model, id=model_id, default=model.default and model_id == row_id)
        for prefix, model in self.families:
            if name.startswith(prefix):
                return replace(model, id=model_id, row_id=name)
        return Model(id=model_id, provider="", known=False, row_id=name)

    def default(self) -> Model:
        """The model that is chosen at the first start with a key."""
        return next(model for model in self.models if model.default)

    def offered(self, today: date) -> tuple[Model, ...]:
        """What the model picker shows: those that answer today, newest first, the reader last."""
        return (*(m for m in self.models if m.chat and not is_retired(m, today)), _READER)

    def on_device(self) -> Model:
        """The reader on this computer: free, and without detail levels."""
        return _READER

    def _without_prefix(self, model_id: str) -> str:
        for prefix in self.prefixes:
            if model_id.startswith(prefix):
                return model_id.removeprefix(prefix)
        return model_id


def parse_catalog(table: Mapping[str, object]) -> Catalog:
    """The catalogue of a parsed ``models.toml``.

    Raises:
        KeyError: a model names a rule that is not there, or a key is missing.
        ValueError: a number or date cannot be read.
    """
    rules = cast("Mapping[str, Mapping[str, object]]", table["rules"])
    rows = cast("list[Mapping[str, object]]", table["models"])
    families = cast("list[Mapping[str, str]]", table.get("families", []))
    return Catalog(
        models=tuple(_model(row, rules[str(row["rule"])]) for row in rows),
        families=tuple((row["prefix"], _family(row, rules[row["rule"]])) for row in families),
        prefixes=tuple(cast("list[str]", table.get("prefixes", []))),
    )


def _model(row: Mapping[str, object], rule_table: Mapping[str, object]) -> Model:
    rule = _rule({**rule_table, **row})
    return Model(
        id=str(row["id"]),
        row_id=str(row["id"]),
        provider=OPENAI,
        rule=rule,
        details=_details(rule),
        auto_means=Detail(str(rule_table.get("auto", Detail.HIGH))),
        presumed=bool(row.get("presumed", False)),
        retired_on=cast("date | None", row.get("retired_on")),
        replacement=cast("str | None", row.get("replacement")),
        default=bool(row.get("default", False)),
        chat=bool(row.get("chat", True)),
    )


def _family(row: Mapping[str, str], rule_table: Mapping[str, object]) -> Model:
    return replace(_model({"id": row["prefix"]}, rule_table), presumed=True, known=False)


def _rule(table: Mapping[str, object]) -> TileRule | PatchRule:
    if "tile" in table:
        return TileRule(base=cast("int", table["base"]), tile=cast("int", table["tile"]))
    levels = tuple(_level(detail, table[detail]) for detail in _LEVELS if detail in table)
    return PatchRule(
        multiplier=Fraction(str(table["multiplier"])),
        levels=levels,
        reject_above=cast("int | None", table.get("reject_above")),
    )


def _level(detail: Detail, value: object) -> Level:
    row = cast("Mapping[str, int]", value)
    return Level(detail, row["side"], row.get("budget"))


def _details(rule: TileRule | PatchRule) -> tuple[Detail, ...]:
    if isinstance(rule, TileRule):
        return _UNKNOWN_DETAILS
    return (Detail.AUTO, *(level.detail for level in rule.levels))

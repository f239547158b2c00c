"""Rows of the history to the frozen values of `core.model`, and back."""

import json
import os
import sqlite3
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

from desktop.core.edits import Area, Edits, decode_edits, encode_edits
from desktop.core.model import (
    AnswerState,
    Attachment,
    ConversationSummary,
    Detail,
    Draft,
    DraftImage,
    ImageFacts,
    Message,
    Role,
    SentImage,
    Usage,
)
from desktop.core.options import decode_options
from desktop.core.problems import Code, Problem, problem

Value = str | int | float | bytes | None
"""What a column holds."""

E = TypeVar("E", bound=StrEnum)
T = TypeVar("T")

_LARGEST = 2**63 - 1


def clean(text: str) -> str:
    """Text that SQLite can keep: half a surrogate pair, as JSON may hold, becomes a question mark."""
    return text.encode("utf-8", "replace").decode("utf-8")


def decimal_text(value: Decimal | None) -> str | None:
    """Money as text, exactly."""
    return None if value is None else str(value)


def decimal_value(text: str | None) -> Decimal | None:
    """Money from text; None if it is unknown or no number."""
    if text is None:
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return value if value.is_finite() else None


def time_text(moment: datetime) -> str:
    """ISO 8601 in UTC."""
    return moment.astimezone(UTC).isoformat()


def time_value(text: str) -> datetime:
    """The moment in UTC; the beginning of 1970 for what is no moment, as damage leaves it."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        return datetime.fromtimestamp(0, UTC)


def _one_of(values: type[E], text: str, otherwise: E) -> E:
    """A damaged value must not keep the rows around it from being read."""
    try:
        return values(text)
    except ValueError:
        return otherwise


def _json(text: str, otherwise: T) -> T:
    """What is written; ``otherwise`` where it is nothing of that kind."""
    try:
        found = json.loads(text)
    except (ValueError, RecursionError):
        return otherwise
    return found if isinstance(found, type(otherwise)) else otherwise


def path_bytes(path: Path) -> bytes:
    """A file name as the system has it: bytes, not always UTF-8."""
    return os.fsencode(path)


def path_value(name: bytes) -> Path:
    """The path of `path_bytes`."""
    return Path(os.fsdecode(name))


def sent_image(row: sqlite3.Row) -> SentImage:
    """A row of ``image``."""
    return SentImage(
        sha256=row["sha256"],
        media_type=row["media_type"],
        width_px=row["width_px"],
        height_px=row["height_px"],
        size_bytes=row["size_bytes"],
    )


def attachment_columns(attachment: Attachment) -> dict[str, Value]:
    """Everything of an attachment but its id, its message, and where a photo was taken.

    A position stays in the photo: the history has no place for it.
    """
    image = attachment.image
    return {
        "detail": attachment.detail.value,
        "sent_sha256": attachment.sent.sha256 if attachment.sent else None,
        "tokens": attachment.tokens,
        "cost_usd": decimal_text(attachment.cost_usd),
        "left_out": int(attachment.left_out),
        "once": int(attachment.once),
        "stand_in": clean(attachment.stand_in),
        "source_path": path_bytes(image.path),
        "source_name": clean(image.name),
        "source_sha256": image.sha256,
        "source_bytes": image.file_bytes,
        "source_modified_ns": max(-_LARGEST, min(_LARGEST, image.modified_ns)),
        "source_format": clean(image.format),
        "source_width_px": image.width_px,
        "source_height_px": image.height_px,
        "source_frames": image.frames,
        "source_has_alpha": int(image.has_alpha),
        "source_camera": None if image.camera is None else clean(image.camera),
        "source_taken_at": None if image.taken_at is None else clean(image.taken_at),
        "source_page": image.page,
        "source_lens": None if image.lens is None else clean(image.lens),
        "source_metadata": json.dumps(image.metadata),
        "edits": clean(encode_edits(attachment.edits)),
        "note": clean(attachment.note),
        "url": clean(attachment.url) or None,
    }


def attachment(row: sqlite3.Row) -> Attachment:
    """A row of ``attachment`` joined with its ``image``."""
    return Attachment(
        id=row["id"],
        image=_facts(row),
        detail=_one_of(Detail, row["detail"], Detail.AUTO),
        sent=sent_image(row) if row["sha256"] is not None else None,
        tokens=row["tokens"],
        cost_usd=decimal_value(row["cost_usd"]),
        left_out=bool(row["left_out"]),
        once=bool(row["once"]),
        stand_in=row["stand_in"],
        edits=_edits(row["edits"], row["source_width_px"], row["source_height_px"]),
        note=row["note"],
        url=row["url"] or "",
    )


def _edits(text: str, width_px: int, height_px: int) -> Edits:
    try:
        return decode_edits(text)
    except ValueError:
        # What was hidden is not known any more: made again from the file, nothing may be seen.
        return Edits(blackouts=(Area(0, 0, width_px, height_px),))


def _facts(row: sqlite3.Row) -> ImageFacts:
    return ImageFacts(
        path=path_value(row["source_path"]),
        name=row["source_name"],
        sha256=row["source_sha256"],
        file_bytes=row["source_bytes"],
        modified_ns=row["source_modified_ns"],
        format=row["source_format"],
        width_px=row["source_width_px"],
        height_px=row["source_height_px"],
        frames=row["source_frames"],
        page=row["source_page"],
        has_alpha=bool(row["source_has_alpha"]),
        camera=row["source_camera"],
        lens=row["source_lens"],
        taken_at=row["source_taken_at"],
        metadata=tuple(map(str, _json(row["source_metadata"], []))),
    )


def message(row: sqlite3.Row, attachments: tuple[Attachment, ...]) -> Message:
    """A row of ``message`` joined with its ``usage``."""
    return Message(
        id=row["id"],
        role=_one_of(Role, row["role"], Role.ASSISTANT),
        text=row["text"],
        state=_one_of(AnswerState, row["state"], AnswerState.INCOMPLETE),
        created_at=time_value(row["created_at"]),
        attachments=attachments,
        model=row["model"],
        provider=row["provider"],
        problem=problem_value(row["problem_code"], row["problem_parameters"]),
        usage=_usage(row),
        cost_usd=decimal_value(row["cost_usd"]),
        estimate_usd=decimal_value(row["estimate_usd"]),
        seconds=row["seconds"],
        shareable_text=row["shareable_text"],
        options=decode_options(row["options"]),
        comparison=row["comparison"],
    )


def _usage(row: sqlite3.Row) -> Usage | None:
    if row["prompt_tokens"] is None:
        return None
    return Usage(
        prompt_tokens=row["prompt_tokens"],
        completion_tokens=row["completion_tokens"],
        cached_tokens=row["cached_tokens"],
        cache_write_tokens=row["cache_write_tokens"],
        image_tokens=row["image_tokens"],
        reasoning_tokens=row["reasoning_tokens"],
        charged_usd=decimal_value(row["charged_usd"]),
        reported=bool(row["reported"]),
    )


def usage_columns(usage: Usage | None) -> dict[str, Value]:
    """Tokens as billed; all NULL if nothing is known."""
    if usage is None:
        return dict.fromkeys(_USAGE_COLUMNS)
    return {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "cached_tokens": usage.cached_tokens,
        "cache_write_tokens": usage.cache_write_tokens,
        "image_tokens": usage.image_tokens,
        "reasoning_tokens": usage.reasoning_tokens,
        "reported": int(usage.reported),
        "charged_usd": decimal_text(usage.charged_usd),
    }


_USAGE_COLUMNS = (
    "prompt_tokens",
    "completion_tokens",
    "cached_tokens",
    "cache_write_tokens",
    "image_tokens",
    "reasoning_tokens",
    "reported",
    "charged_usd",
)


def problem_columns(trouble: Problem | None) -> tuple[str | None, str | None]:
    """A problem's code, and its parameters as JSON."""
    if trouble is None:
        return None, None
    parameters = {
        key: clean(value) if isinstance(value, str) else value for key, value in trouble.parameters.items()
    }
    return trouble.code.value, json.dumps(parameters)


def problem_value(code: str | None, parameters: str | None) -> Problem | None:
    """The problem of `problem_columns`; UNEXPECTED for a code that this version does not know."""
    if code is None:
        return None
    try:
        known = Code(code)
    except ValueError:
        return problem(Code.UNEXPECTED)
    return Problem(known, _json(parameters or "{}", {}))


def draft(row: sqlite3.Row, images: Iterable[sqlite3.Row]) -> Draft:
    """A row of ``draft`` and its rows of ``draft_image``."""
    found = [_draft_image(image) for image in images]
    return Draft(
        text=row["text"],
        images=tuple(image for image in found if image is not None),
        detail=_one_of(Detail, row["detail"], Detail.AUTO),
        model=row["model"],
        lost_images=found.count(None),
    )


def _draft_image(row: sqlite3.Row) -> DraftImage | None:
    """None if its edits cannot be read: it must not come back with less blacked out than before."""
    try:
        edits = decode_edits(row["edits"])
    except ValueError:
        return None
    return DraftImage(
        path=path_value(row["path"]),
        sha256=row["sha256"],
        detail=_one_of(Detail, row["detail"], Detail.AUTO) if row["detail"] else None,
        page=row["page"],
        edits=edits,
    )


def summary(row: sqlite3.Row) -> ConversationSummary:
    """One row of the history's list. ``costs`` are the known ones, added here: SQLite has no decimals."""
    costs = [cost for text in (row["costs"] or "").split() if (cost := decimal_value(text)) is not None]
    return ConversationSummary(
        id=row["id"],
        title=row["title"],
        updated_at=time_value(row["updated_at"]),
        image_count=row["image_count"],
        cost_usd=sum(costs, Decimal(0)) if costs else None,
        on_device=not row["network_answers"],
        thumbnail=sent_image(row) if row["sha256"] is not None else None,
        running=bool(row["running"]),
        pinned=bool(row["pinned"]),
        archived=bool(row["archived"]),
        tags=tuple(sorted((row["tags"] or "").split("\x1f"))) if row["tags"] else (),
        latest_id=row["latest_id"],
    )


def insert(connection: sqlite3.Connection, table: str, columns: Mapping[str, Value]) -> int:
    """Insert one row; ``table`` and the names are ours, the values go as parameters. Returns its id."""
    names = ", ".join(columns)
    marks = ", ".join(f":{name}" for name in columns)
    cursor = connection.execute(f"INSERT INTO {table} ({names}) VALUES ({marks})", columns)  # noqa: S608
    return cursor.lastrowid or 0

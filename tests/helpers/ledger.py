"""Requests as the ledger keeps them, written without asking anybody."""

import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path

import pytest

from desktop.core.ledger import RequestImage
from desktop.store import rows
from desktop.store.upgrades import upgrade


@contextmanager
def new_history(path: Path | str = ":memory:") -> Iterator[sqlite3.Connection]:
    """An empty history of the newest version."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.row_factory = sqlite3.Row
        upgrade(connection, None)
        yield connection


def add_request(
    connection: sqlite3.Connection,
    at: datetime,
    *images: RequestImage,
    provider: str = "openai",
    model: str = "gpt-5-mini",
    **columns: rows.Value | Decimal,
) -> int:
    """A finished request; returns its id."""
    details = {image.detail for image in images}
    usage_id = rows.insert(
        connection,
        "usage",
        {
            "created_at": rows.time_text(at),
            "provider": provider,
            "model": model,
            "detail": details.pop() if len(details) == 1 else None,
            "images": len(images),
            "sent_bytes": sum(image.sent_bytes for image in images),
            "reported": 1,
            "prompt_tokens": 1000,
            "completion_tokens": 100,
            **{key: str(value) if isinstance(value, Decimal) else value for key, value in columns.items()},
        },
    )
    add_images(connection, usage_id, images)
    return usage_id


def add_images(connection: sqlite3.Connection, usage_id: int, images: Sequence[RequestImage]) -> None:
    """The images of a request."""
    connection.executemany(
        "INSERT INTO usage_image (usage_id, attachment_id, detail, carried, tokens, cost_usd, sent_bytes,"
        " source_bytes) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                usage_id,
                image.attachment_id,
                image.detail,
                int(image.carried),
                image.tokens,
                rows.decimal_text(image.cost_usd),
                image.sent_bytes,
                image.source_bytes,
            )
            for image in images
        ],
    )


def request_image(attachment_id: int = 1, cost: str | None = "0.001", **changes: object) -> RequestImage:
    """One image of a request."""
    values: dict[str, object] = {
        "attachment_id": attachment_id,
        "detail": "high",
        "carried": False,
        "tokens": 765,
        "cost_usd": None if cost is None else Decimal(cost),
        "sent_bytes": 20_000,
        "source_bytes": 214_000,
    }
    return RequestImage(**{**values, **changes})  # type: ignore[arg-type]


@contextmanager
def time_zone(name: str) -> Iterator[None]:
    """This process lives in another time zone within the block."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TZ", name)
        time.tzset()
        try:
            yield
        finally:
            patch.undo()
            time.tzset()

"""Requests that were paid for, in a real store, at chosen days."""

import hashlib
import io
from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal

from PIL import Image

from desktop.core.ledger import Expected, RequestImage
from desktop.core.model import Conversation, SentImage, Usage
from desktop.store.store import Store
from tests.helpers.history import answered, attachment, beginning, question


def noon(day: date) -> datetime:
    """Of the local time zone."""
    return datetime.combine(day, time(12)).astimezone()


def picture(color: str, size: tuple[int, int] = (80, 60)) -> tuple[bytes, SentImage]:
    """A real image, of one colour."""
    written = io.BytesIO()
    Image.new("RGB", size, color).save(written, "PNG")
    data = written.getvalue()
    return data, SentImage(
        sha256=hashlib.sha256(data).hexdigest(),
        media_type="image/png",
        width_px=size[0],
        height_px=size[1],
        size_bytes=len(data),
    )


def pay(
    store: Store,
    day: date,
    cost: str | None,
    *,
    title: str = "What is the total?",
    name: str = "receipt.jpg",
    color: str = "tomato",
    model: str = "gpt-5-mini",
    provider: str = "openai",
    source_bytes: int = 214_000,
) -> Conversation:
    """Ask about one image at noon of ``day``, and pay ``cost`` for it: 900 tokens expected, 1,000 billed."""
    data, sent = picture(color)
    store.put_image(data, sent).result()
    asked = replace(question(title, attachment(data, name, sent=sent)), created_at=noon(day), model=model)
    expected = Expected(text_tokens=100, image_tokens=800, cost_usd=None if cost is None else Decimal(cost))
    began = store.begin(
        beginning(asked, title=title, model=model, provider=provider, expected=expected)
    ).result()
    cost_usd = None if cost is None else Decimal(cost)
    image = RequestImage(
        attachment_id=began.attachments()[0].id,
        detail="high",
        carried=False,
        tokens=800,
        cost_usd=cost_usd,
        sent_bytes=sent.size_bytes,
        source_bytes=source_bytes,
    )
    usage = Usage(prompt_tokens=1000, completion_tokens=20)
    return store.finish(
        answered(began, usage=usage, cost_usd=cost_usd), began.attachments(), [image]
    ).result()

"""Conversations that are exported and imported: a rich one, and what is equal after both ways."""

import io
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from PIL import Image

from desktop.asking.exporting_conversations import export_conversations
from desktop.core.archive import ArchivedConversation, ExportFormat, ExportOutcome, ExportWish
from desktop.core.edits import Area, Arrow, Callout, Edits
from desktop.core.ledger import RequestImage
from desktop.core.model import AnswerState, Attachment, Conversation, Detail, SentImage, Usage
from desktop.core.options import Effort, Options
from desktop.core.problems import Code, problem
from desktop.core.schemas import AnswerSchema
from desktop.store.store import Store
from tests.helpers.history import NOON, answered, attachment, beginning, question, sent_image


@cache
def picture(color: str, *, kind: str = "PNG", width_px: int = 40, height_px: int = 30) -> bytes:
    """The bytes of a plain picture."""
    out = io.BytesIO()
    Image.new("RGB", (width_px, height_px), color).save(out, kind)
    return out.getvalue()


def sent_of(data: bytes) -> SentImage:
    """What is kept of a picture of `picture`."""
    with Image.open(io.BytesIO(data)) as image:
        media_type = "image/png" if image.format == "PNG" else "image/jpeg"
        return replace(sent_image(data, media_type), width_px=image.width, height_px=image.height)


def image_of(data: bytes, name: str = "receipt.jpg", **changes: object) -> Attachment:
    """An attachment that sends a picture."""
    return attachment(data, name, **{"sent": sent_of(data), **changes})


def put(store: Store, *pictures: bytes) -> None:
    for data in pictures:
        store.put_image(data, sent_of(data)).result()


def asked(store: Store, text: str = "What?", *pictures: bytes, answer: str = "This.") -> Conversation:
    """A conversation of one question and its answer."""
    put(store, *pictures)
    begun = store.begin(beginning(question(text, *map(image_of, pictures)))).result()
    return store.finish(answered(begun, answer), ()).result()


def follow(store: Store, before: Conversation, text: str, answer: str = "More.") -> Conversation:
    """One more question and answer at the end of a conversation, a minute later."""
    later = before.messages[-1].created_at + timedelta(minutes=1)
    begun = store.begin(
        beginning(
            replace(question(text), created_at=later),
            conversation_id=before.id,
            parent_id=before.messages[-1].id,
        )
    ).result()
    return store.finish(answered(begun, answer), ()).result()


def rich(store: Store) -> int:
    """A conversation with branches, a comparison, every state, edits, options, costs and a problem."""
    red, blue = picture("red"), picture("blue", kind="JPEG")
    put(store, red, blue)
    edits = Edits(
        crop=Area(1, 2, 30, 40),
        quarter_turns=1,
        marks=(Callout((5.0, 6.5), "the total"), Arrow((1.0, 2.0), (3.0, 4.0))),
        blackouts=(Area(0, 0, 9, 9),),
    )
    options = Options(
        instructions="Be brief. 请简短。",
        temperature=0.2,
        effort=Effort.LOW,
        max_tokens=900,
        schema=AnswerSchema("total", '{"type": "object", "properties": {}}'),
    )
    first = question(
        "What is the total? 总额是多少？",
        image_of(red, "receipt 1.jpg", edits=edits, note="numbered circles: 1 = the total", tokens=0),
        image_of(
            blue,
            "chart.png",
            detail=Detail.LOW,
            cost_usd=Decimal("0.00012345678901234567890"),
            once=True,
            stand_in="Sales rose.",
            url="https://example.org/chart.png?a=1&b=2",
        ),
    )
    begun = store.begin(beginning(first, options=options)).result()
    billed = tuple(
        RequestImage(
            attachment_id=a.id,
            detail=a.detail.value,
            carried=False,
            tokens=85,
            cost_usd=Decimal("0.001"),
            sent_bytes=a.sent.size_bytes if a.sent else 0,
            source_bytes=214_000,
        )
        for a in begun.attachments()
    )
    usage = Usage(
        prompt_tokens=800,
        completion_tokens=12,
        cached_tokens=3,
        cache_write_tokens=4,
        image_tokens=0,
        reasoning_tokens=5,
        charged_usd=Decimal("0.00310"),
        reported=False,
    )
    done = store.finish(answered(begun, "**$23.10**\n\n- [x] paid", usage=usage), (), billed).result()
    again = store.begin(beginning(done.messages[0], conversation_id=done.id)).result()
    trouble = problem(Code.SERVER_ERROR, host="api.example.org", message="and/or", status=500)
    failed = answered(again, "", state=AnswerState.FAILED, problem=trouble, usage=None, cost_usd=None)
    store.finish(failed, ()).result()
    done = follow(store, done, "And the tip?")
    edited = store.begin(
        beginning(question("And the tax?"), conversation_id=done.id, parent_id=done.messages[1].id)
    ).result()
    cut = answered(edited, "The t", state=AnswerState.STOPPED, shareable_text="")
    done = store.finish(cut, ()).result()
    side = replace(question("Compare?"), comparison=0)
    left = store.begin(beginning(side, conversation_id=done.id, parent_id=done.messages[-1].id)).result()
    number = left.messages[-2].comparison
    right = store.begin(
        beginning(
            replace(side, comparison=number),
            conversation_id=done.id,
            parent_id=done.messages[-1].id,
            model="gpt-4.1",
            shown=False,
        )
    ).result()
    store.finish(answered(right, "right"), ()).result()
    store.finish(answered(left, "left"), ()).result()
    store._write(_tag(done.id)).result()
    return done.id


def _tag(conversation_id: int) -> Callable[[object], None]:
    def tag(connection: object) -> None:
        connection.executemany(  # type: ignore[attr-defined]
            "INSERT INTO tag VALUES (?, ?)", [(conversation_id, "税"), (conversation_id, "receipts")]
        )
        connection.execute(  # type: ignore[attr-defined]
            "UPDATE conversation SET pinned = 1, archived = 1 WHERE id = ?", (conversation_id,)
        )

    return tag


def export(store: Store, target: Path, *ids: int, full_paths: bool = False) -> ExportOutcome:
    """Export; the format is that of the ending, and a folder gets Markdown."""
    formats = {".sightline": ExportFormat.ZIP, ".html": ExportFormat.HTML, ".json": ExportFormat.JSON}
    wish = ExportWish(
        ids=ids,
        format=formats.get(target.suffix, ExportFormat.MARKDOWN),
        target=target,
        full_paths=full_paths,
    )
    return export_conversations(wish, store)


def without_paths(conversation: ArchivedConversation) -> ArchivedConversation:
    """What has to be equal where paths were not exported."""
    messages = tuple(
        replace(
            m,
            message=replace(
                m.message,
                attachments=tuple(
                    replace(a, image=replace(a.image, path=Path("x"))) for a in m.message.attachments
                ),
            ),
        )
        for m in conversation.messages
    )
    return replace(conversation, messages=messages)


def everything(store: Store) -> list[ArchivedConversation]:
    """All conversations, without paths."""
    return [without_paths(store.archived(number).result()) for number in store.titles().result()]


__all__ = ["NOON", "asked", "everything", "export", "follow", "image_of", "picture", "put", "rich"]

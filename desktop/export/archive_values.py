"""The values of `archive_text`'s JSON again. Whoever wrote it: what is wrong is an error, never a guess."""

import json
import re
from pathlib import Path, PurePath

from desktop.core.archive import ArchivedConversation, ArchivedMessage, ArchivedRequest
from desktop.core.edits import Edits, decode_edits
from desktop.core.ledger import Expected, RequestImage
from desktop.core.model import AnswerState, Attachment, Detail, ImageFacts, Message, Role, SentImage, Usage
from desktop.core.options import Options, decode_options
from desktop.core.problems import Code, Problem, problem
from desktop.export.archive_text import text_hash
from desktop.export.fields import HASH, SHORT, Fields, NotValidError

MOST_MESSAGES = 200_000
MOST_ATTACHMENTS = 200_000
"""Of one conversation."""
MOST_TAGS = 1_000
_MOST_CHARS = 100_000_000
_UID = re.compile("[0-9a-f]{32}")


def conversation_value(table: object, *, elsewhere: Path) -> ArchivedConversation:
    """The conversation of `archive_text.conversation_table`, whose texts fit their hashes.

    Args:
        table: plain values.
        elsewhere: a folder that is not there; a file whose path is not told is said to lie in it.

    Raises:
        NotValidError: something is missing, of another type, or out of range.
    """
    at = Fields(table, "conversation")
    uid = at.text("uid", limit=32)
    if not _UID.fullmatch(uid):
        at.refuse("uid")
    lines = at.items("messages", most=MOST_MESSAGES)
    messages: list[ArchivedMessage] = []
    images = 0
    for line in lines:
        messages.append(_message(Fields(line, "message"), messages, images, elsewhere))
        images += len(messages[-1].message.attachments)
        if images > MOST_ATTACHMENTS:
            at.refuse("attachments")
    leaf = at.optional_number("leaf", most=len(messages))
    if leaf == 0:
        at.refuse("leaf")
    tags = at.items("tags", most=MOST_TAGS)
    if not all(isinstance(tag, str) and len(tag) <= SHORT for tag in tags):
        at.refuse("tags")
    return ArchivedConversation(
        uid=uid,
        title=at.text("title"),
        created_at=at.moment("created_at"),
        options=_options(at),
        pinned=at.flag("pinned"),
        archived=at.flag("archived"),
        tags=tuple(tags),
        leaf=leaf,
        messages=tuple(messages),
    )


def _message(at: Fields, before: list[ArchivedMessage], images: int, elsewhere: Path) -> ArchivedMessage:
    number = at.number("number")
    if number != len(before) + 1:
        at.refuse("number")
    text = at.text("text", limit=_MOST_CHARS)
    if text_hash(text) != at.hash("text_sha256"):
        at.refuse("text_sha256")
    state = at.one_of("state", AnswerState)
    if state is AnswerState.RUNNING:
        at.refuse("state")
    attachments = tuple(
        _attachment(Fields(line, "attachment"), number, elsewhere)
        for number, line in enumerate(at.items("attachments", most=MOST_ATTACHMENTS), images + 1)
    )
    request, usage = at.inner("request"), at.inner("usage")
    message = Message(
        id=number,
        role=at.one_of("role", Role),
        text=text,
        state=state,
        created_at=at.moment("created_at"),
        attachments=attachments,
        model=at.optional_text("model"),
        provider=at.optional_text("provider"),
        problem=_problem(at.inner("problem")),
        usage=None if usage is None else _usage(usage),
        cost_usd=at.money("cost_usd"),
        estimate_usd=at.money("estimate_usd"),
        seconds=at.seconds("seconds"),
        shareable_text=at.optional_text("shareable_text", limit=_MOST_CHARS),
        options=_options(at),
        comparison=_earlier(at, "comparison", number),
    )
    parent = _earlier(at, "parent", number - 1)
    return ArchivedMessage(
        message=message,
        parent=parent,
        request=None if request is None else _request(request, message, images + len(attachments)),
    )


def _earlier(at: Fields, key: str, most: int) -> int | None:
    """The number of a message that was stored before."""
    value = at.optional_number(key, most=most)
    return at.refuse(key) if value == 0 else value


def _attachment(at: Fields, number: int, elsewhere: Path) -> Attachment:
    if at.number("number") != number:
        at.refuse("number")
    sent = at.inner("sent")
    return Attachment(
        id=number,
        image=_file(at, elsewhere),
        detail=at.one_of("detail", Detail),
        sent=None if sent is None else _sent(sent),
        tokens=at.optional_number("tokens"),
        cost_usd=at.money("cost_usd"),
        left_out=at.flag("left_out"),
        once=at.flag("once"),
        stand_in=at.optional_text("stand_in", limit=_MOST_CHARS) or "",
        edits=_edits(at),
        note=at.optional_text("note", limit=_MOST_CHARS) or "",
        url=at.optional_text("url", limit=1_000_000) or "",
    )


def _file(at: Fields, elsewhere: Path) -> ImageFacts:
    name = at.text("name")
    metadata = at.items("metadata", most=SHORT)
    if not all(isinstance(kind, str) and len(kind) <= SHORT for kind in metadata):
        at.refuse("metadata")
    return ImageFacts(
        path=_path(at.optional_text("path"), name, elsewhere),
        name=name,
        sha256=at.hash("sha256"),
        file_bytes=at.number("file_bytes"),
        modified_ns=at.number("modified_ns", least=-(2**63 - 1)),
        format=at.text("format"),
        width_px=at.number("width_px"),
        height_px=at.number("height_px"),
        frames=at.number("frames", 1),
        page=at.number("page", 0),
        has_alpha=at.flag("has_alpha"),
        camera=at.optional_text("camera"),
        lens=at.optional_text("lens"),
        taken_at=at.optional_text("taken_at"),
        metadata=tuple(metadata),
    )


def _path(told: str | None, name: str, elsewhere: Path) -> Path:
    """A path that was told, if it is one of this computer; never one of another, which would be asked."""
    path = None if told is None or "\0" in told or told.startswith(("//", "\\\\")) else Path(told)
    if path is not None and path.is_absolute():
        return path
    last = PurePath(name.replace("\\", "/").replace("\0", "")).name
    return elsewhere / (last if last not in ("", ".", "..") else "image")


def _sent(at: Fields) -> SentImage:
    media_type = at.text("media_type")
    if media_type not in ("image/png", "image/jpeg"):
        at.refuse("media_type")
    return SentImage(
        sha256=at.hash("sha256"),
        media_type=media_type,
        width_px=at.number("width_px"),
        height_px=at.number("height_px"),
        size_bytes=at.number("size_bytes"),
    )


def _edits(at: Fields) -> Edits:
    found = at.raw("edits")
    if found is None:
        return Edits()
    try:
        return decode_edits(json.dumps(found))
    except ValueError as error:
        raise NotValidError("edits") from error


def _options(at: Fields) -> Options:
    found = at.inner("options")
    return Options() if found is None else decode_options(json.dumps(at.raw("options")))


def _problem(at: Fields | None) -> Problem | None:
    if at is None:
        return None
    code = at.text("code")
    found = at.raw("parameters")
    if not isinstance(found, dict) or len(found) > 100:
        at.refuse("parameters")
    for name, value in found.items():
        if isinstance(value, bool) or not isinstance(value, str | int) or len(name) > SHORT:
            at.refuse("parameters")
        if isinstance(value, str) and len(value) > _MOST_CHARS:
            at.refuse("parameters")
    if code not in list(Code):
        # A later version knows more of them.
        return problem(Code.UNEXPECTED)
    return Problem(Code(code), found)


def _usage(at: Fields) -> Usage:
    return Usage(
        prompt_tokens=at.number("prompt_tokens"),
        completion_tokens=at.number("completion_tokens"),
        cached_tokens=at.number("cached_tokens", 0),
        cache_write_tokens=at.number("cache_write_tokens", 0),
        image_tokens=at.optional_number("image_tokens"),
        reasoning_tokens=at.number("reasoning_tokens", 0),
        charged_usd=at.money("charged_usd"),
        reported=at.flag("reported"),
    )


def _request(at: Fields, message: Message, images: int) -> ArchivedRequest:
    expected = at.inner("expected") or Fields({}, "expected")
    sent = (Fields(line, "sent") for line in at.items("sent", most=MOST_ATTACHMENTS))
    origin = at.text("origin")
    if not HASH.fullmatch(origin):
        at.refuse("origin")
    return ArchivedRequest(
        created_at=at.moment("created_at"),
        provider=at.text("provider"),
        model=at.text("model"),
        detail=at.optional_text("detail"),
        images=at.number("images"),
        sent_bytes=at.number("sent_bytes"),
        seconds=at.seconds("seconds"),
        expected=Expected(
            text_tokens=expected.optional_number("text_tokens"),
            image_tokens=expected.optional_number("image_tokens"),
            planned_image_tokens=expected.optional_number("planned_image_tokens"),
            answer_tokens=expected.optional_number("answer_tokens"),
            cost_usd=message.estimate_usd,
        ),
        sent=tuple(
            RequestImage(
                attachment_id=image.number("attachment", most=images),
                detail=image.optional_text("detail") or "",
                carried=image.flag("carried"),
                tokens=image.optional_number("tokens"),
                cost_usd=image.money("cost_usd"),
                sent_bytes=image.number("sent_bytes"),
                source_bytes=image.number("source_bytes"),
            )
            for image in sent
        ),
        origin=origin,
    )

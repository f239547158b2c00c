"""Conversations as JSON: what a ``.sightline`` file and an export as JSON hold, key by key.

What is unknown, empty or at its default has no key. Money is text, exactly; moments are ISO 8601 in UTC.
Messages of all branches are in the order in which they were stored; ``number`` is their place, from 1, and
``parent`` the number of the message before: messages with the same parent are versions of each other.

- conversation: ``uid``, ``title``, ``created_at``, ``options``, ``pinned``, ``archived``, ``tags``, ``leaf``
  (number of the last message of the branch at hand), ``messages``.
- message: ``number``, ``parent``, ``role``, ``text``, ``text_sha256``, ``state``, ``created_at``, ``model``,
  ``provider``, ``problem`` (``code``, ``parameters``), ``usage``, ``cost_usd``, ``estimate_usd``,
  ``seconds``, ``shareable_text``, ``options``, ``comparison`` (number of the first question that was
  asked at the same time), ``attachments``, ``request``.
- attachment: the file (``name``, ``path`` only where it was asked for, ``sha256``, ``file_bytes``,
  ``modified_ns``, ``format``, ``width_px``, ``height_px``, ``frames``, ``page``, ``has_alpha``, ``camera``,
  ``lens``, ``taken_at``, ``metadata``), what was sent of it (``sent``: ``sha256``, ``media_type``,
  ``width_px``, ``height_px``, ``size_bytes``), and how (``number``, ``detail``, ``tokens``, ``cost_usd``,
  ``left_out``, ``once``, ``stand_in``, ``edits``, ``note``, ``url``).
- request: the ledger's row (``created_at``, ``provider``, ``model``, ``detail``, ``images``, ``sent_bytes``,
  ``seconds``, ``expected``, ``sent``, ``origin``).

Where a photo was taken has no key.
"""

import hashlib
import json
import os
import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any

from desktop.core.archive import ArchivedConversation, ArchivedMessage, ArchivedRequest
from desktop.core.edits import encode_edits
from desktop.core.model import Attachment, ImageFacts, Usage
from desktop.core.options import Options, encode_options
from desktop.core.problems import Problem

Table = dict[str, Any]

# "/home/anna/" and "C:\\Users\\Anna\\" in what the system said.
_FOLDERS = re.compile(r"(?<![^\s'\"“(=])(?:[A-Za-z]:)?[/\\](?:[^/\\\s'\"]+[/\\])*")
_PATH = re.compile(r"(?:[A-Za-z]:)?[/\\]")


def conversation_table(
    conversation: ArchivedConversation, *, full_paths: bool = False, shared: bool = False
) -> Table:
    """A conversation as plain values for JSON.

    Args:
        conversation: with all its branches.
        full_paths: say where the files lie, not only what they are called.
        shared: for others to read: without what must not leave this computer (`Message.shareable_text`
            stands in), without what the files said about cameras and moments, and without the ledger's rows.
    """
    return _kept(
        {
            "uid": conversation.uid,
            "title": conversation.title,
            "created_at": _moment(conversation.created_at),
            "options": _options(conversation.options),
            "pinned": conversation.pinned,
            "archived": conversation.archived,
            "tags": list(conversation.tags),
            "leaf": conversation.leaf,
        }
    ) | {"messages": [_message(m, full_paths=full_paths, shared=shared) for m in conversation.messages]}


def as_json(value: Any) -> str:  # noqa: ANN401 - plain values
    """Plain values as JSON, readable and in any language."""
    text = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=1)
    # Half a surrogate pair is no text; JSON can say it nevertheless.
    return re.sub("[\ud800-\udfff]", lambda found: f"\\u{ord(found[0]):04x}", text)


def text_hash(text: str) -> str:
    """SHA-256 of a text in UTF-8, in hex; halves of surrogate pairs are question marks."""
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()


def _kept(table: Table) -> Table:
    """Without what is unknown or at its default; a zero that was measured stays."""
    return {
        key: value
        for key, value in table.items()
        if value is not None and value is not False and value not in ([], {})
    }


def _message(archived: ArchivedMessage, *, full_paths: bool, shared: bool) -> Table:
    message = archived.message
    text = message.text if not shared or message.shareable_text is None else message.shareable_text
    table = {
        "number": message.id,
        "parent": archived.parent,
        "role": message.role.value,
        "state": message.state.value,
        "created_at": _moment(message.created_at),
        "model": message.model,
        "provider": message.provider,
        "problem": message.problem and _problem(message.problem, full_paths=full_paths),
        "usage": message.usage and _usage(message.usage),
        "cost_usd": _money(message.cost_usd),
        "estimate_usd": _money(message.estimate_usd),
        "seconds": message.seconds,
        "options": _options(message.options),
        "comparison": message.comparison,
        "attachments": [_attachment(a, full_paths=full_paths, shared=shared) for a in message.attachments],
    }
    found: Table = {"text": text, "text_sha256": text_hash(text)} | _kept(table)
    if not shared:
        if message.shareable_text is not None:
            # An empty one says that nothing of it may leave.
            found["shareable_text"] = message.shareable_text
        if archived.request is not None:
            found["request"] = _request(archived.request)
    return found


def _attachment(attachment: Attachment, *, full_paths: bool, shared: bool) -> Table:
    sent = attachment.sent
    edits = encode_edits(attachment.edits)
    table = {
        "number": attachment.id,
        "detail": attachment.detail.value,
        "sent": sent
        and {
            "sha256": sent.sha256,
            "media_type": sent.media_type,
            "width_px": sent.width_px,
            "height_px": sent.height_px,
            "size_bytes": sent.size_bytes,
        },
        "tokens": attachment.tokens,
        "cost_usd": _money(attachment.cost_usd),
        "left_out": attachment.left_out,
        "once": attachment.once,
        "stand_in": attachment.stand_in or None,
        "edits": json.loads(edits) if edits else None,
        "note": attachment.note or None,
        "url": attachment.url or None,
    }
    return _file(attachment.image, full_paths=full_paths, shared=shared) | _kept(table)


def _file(image: ImageFacts, *, full_paths: bool, shared: bool) -> Table:
    table: Table = {
        "name": image.name,
        "path": os.fsencode(image.path).decode("utf-8", "surrogateescape") if full_paths else None,
        "sha256": image.sha256,
        "file_bytes": image.file_bytes,
        "modified_ns": image.modified_ns,
        "format": image.format,
        "width_px": image.width_px,
        "height_px": image.height_px,
        "frames": None if image.frames == 1 else image.frames,
        "page": image.page or None,
        "has_alpha": image.has_alpha,
    }
    if not shared:
        table |= {
            "camera": image.camera,
            "lens": image.lens,
            "taken_at": image.taken_at,
            "metadata": list(image.metadata),
        }
    return {"name": image.name} | _kept(table)


def _request(request: ArchivedRequest) -> Table:
    expected = request.expected
    return _kept(
        {
            "created_at": _moment(request.created_at),
            "provider": request.provider,
            "model": request.model,
            "detail": request.detail,
            "images": request.images,
            "sent_bytes": request.sent_bytes,
            "seconds": request.seconds,
            "expected": _kept(
                {
                    "text_tokens": expected.text_tokens,
                    "image_tokens": expected.image_tokens,
                    "planned_image_tokens": expected.planned_image_tokens,
                    "answer_tokens": expected.answer_tokens,
                }
            ),
            "sent": [
                _kept(
                    {
                        "attachment": image.attachment_id,
                        "detail": image.detail or None,
                        "carried": image.carried,
                        "tokens": image.tokens,
                        "cost_usd": _money(image.cost_usd),
                        "sent_bytes": image.sent_bytes,
                        "source_bytes": image.source_bytes,
                    }
                )
                for image in request.sent
            ],
            "origin": request.origin,
        }
    )


def _usage(usage: Usage) -> Table:
    return _kept(asdict(usage) | {"charged_usd": _money(usage.charged_usd)}) | {"reported": usage.reported}


def _options(options: Options) -> Table | None:
    text = encode_options(options)
    return json.loads(text) if text else None


def _problem(problem: Problem, *, full_paths: bool) -> Table:
    parameters: Mapping[str, str | int] = problem.parameters
    if not full_paths:
        parameters = {name: _without_folders(name, value) for name, value in parameters.items()}
    return {"code": problem.code.value, "parameters": dict(parameters)}


def _without_folders(name: str, value: str | int) -> str | int:
    if not isinstance(value, str):
        return value
    if _PATH.match(value):
        return re.split(r"[/\\]", value.rstrip("/\\"))[-1]
    return _FOLDERS.sub("", value) if name == "reason" else value


def _money(value: object) -> str | None:
    return None if value is None else str(value)


def _moment(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()

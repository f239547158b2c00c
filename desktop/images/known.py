"""What was found out about a file is kept in our own cache folder: facts and thumbnail, until it changes.

An entry is one file: a digest of all that follows, a line of JSON, the thumbnail as JPEG. It is believed only
if the digest fits and the file still has the very signature (`files.Signature`) that it had when it was read,
and whoever sends the picture compares its hash anyway. A position is never kept: it is read again.
"""

import contextlib
import hashlib
import json
import os
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Final

from desktop.core.model import ImageFacts
from desktop.images.facts import read_position
from desktop.images.files import FileContent, Signature, read_small, shown_name, signature_of, write_private
from desktop.images.inspect import Inspection, Thumbnail
from desktop.images.metadata import tried

MAX_BYTES: Final = 512_000_000
"""About 15,000 thumbnails of 320 pixels."""

_SHARDS: Final = 256
_MAX_ENTRY_BYTES: Final = 2_000_000
_DIGEST_BYTES: Final = 32
_VERSION: Final = 3
"""To be raised when facts or thumbnails come out otherwise: what an older version found is then forgotten."""

_LOOKS: Final = 16
"""A shard is looked through as often while as much is written to it as it may hold."""

_written: dict[Path, int] = {}
"""Bytes that this process has written to a shard since it looked through it."""

_NOT_KEPT: Final = ("path", "name", "position")


def entry_path(folder: Path, path: Path, page: int) -> Path:
    """Where the entry of a page of a file is."""
    name = hashlib.sha256(b"%d %s" % (page, os.fsencode(path))).hexdigest()[:40]
    return folder / name[:2] / name


def recall(folder: Path, path: Path, page: int, thumbnail_px: int) -> Inspection | None:
    """What is known of a page of a file that has not changed; None if nothing is, or it is damaged."""
    return tried(lambda: _recall(folder, path, page, thumbnail_px), None)


def keep(folder: Path, found: Inspection, content: FileContent, thumbnail_px: int) -> None:
    """Remember it, and forget the oldest where there is too much.

    Nothing is kept of a file that has changed at this moment: one more change might not show.

    Raises:
        OSError: the folder cannot be written.
    """
    if not content.settled or found.thumbnail is None:
        return
    facts = {key: value for key, value in asdict(found.facts).items() if key not in _NOT_KEPT}
    told = {
        "is": _key(content.signature, thumbnail_px),
        "facts": facts,
        "fingerprint": found.fingerprint,
        "px": (found.thumbnail.width_px, found.thumbnail.height_px),
    }
    data = json.dumps(told).encode() + b"\n" + found.thumbnail.jpeg
    entry = entry_path(folder, found.facts.path, found.facts.page)
    write_private(entry, hashlib.sha256(data).digest() + data)
    _make_room(entry.parent, len(data))


def _recall(folder: Path, path: Path, page: int, thumbnail_px: int) -> Inspection | None:
    data = read_small(entry_path(folder, path, page), _MAX_ENTRY_BYTES)
    if hashlib.sha256(data[_DIGEST_BYTES:]).digest() != data[:_DIGEST_BYTES]:
        return None
    line, jpeg = data[_DIGEST_BYTES:].split(b"\n", 1)
    told = json.loads(line)
    # A link may point elsewhere, and what it points at is what counts.
    if told["is"] != _key(signature_of(path), thumbnail_px):
        return None
    facts = told["facts"]
    facts["metadata"] = tuple(facts["metadata"])
    position = read_position(path, facts["format"], page) if "gps" in facts["metadata"] else None
    width_px, height_px = told["px"]
    return Inspection(
        facts=ImageFacts(path=path, name=shown_name(path), position=position, **facts),
        thumbnail=Thumbnail(width_px=width_px, height_px=height_px, jpeg=jpeg),
        fingerprint=told["fingerprint"],
    )


def _key(signature: Signature, thumbnail_px: int) -> list[int]:
    return [_VERSION, thumbnail_px, *signature]


def _make_room(shard: Path, written_bytes: int) -> None:
    """Look through a shard before the first file that this process writes to it, and after every few."""
    most_bytes = MAX_BYTES // _SHARDS
    since = _written.get(shard, most_bytes) + written_bytes
    if since > most_bytes // _LOOKS:
        since = 0
        _forget_oldest(shard, most_bytes)
    _written[shard] = since


def _forget_oldest(shard: Path, most_bytes: int) -> None:
    with os.scandir(shard) as listing:
        entries = [(entry.stat(follow_symlinks=False), entry.path) for entry in listing]
    too_many = sum(status.st_size for status, _path in entries) - most_bytes
    if too_many > 0:
        _forget(sorted((status.st_mtime_ns, status.st_size, path) for status, path in entries), too_many)


def _forget(oldest_first: Iterable[tuple[int, int, str]], at_least_bytes: int) -> None:
    for _time, size, path in oldest_first:
        if at_least_bytes <= 0:
            return
        # The other process may have been quicker.
        with contextlib.suppress(FileNotFoundError):
            os.unlink(path)  # noqa: PTH108 - no Path for each of many
        at_least_bytes -= size

"""Exported conversations on their way to the disk: each file is whole or is not there."""

import contextlib
import hashlib
import os
import shutil
import zipfile
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

from desktop import __version__
from desktop.asking.archive_file import FORMAT, MANIFEST, MIMETYPE, MOST_RATIO, VERSION, entry_of
from desktop.core.archive import ArchivedConversation, ExportFormat, ExportWish
from desktop.core.file_names import file_stem, image_name, numbered
from desktop.core.model import SentImage
from desktop.core.text import _
from desktop.export.archive_text import as_json, conversation_table
from desktop.export.html_page import conversation_html, page_end, page_head
from desktop.export.markdown_text import IMAGES, conversation_markdown
from desktop.system.clock import now_utc
from desktop.system.files import make_missing_folders, replace_file, replacing

Fetch = Callable[[SentImage], bytes | None]
"""The bytes of an image that was sent; None if they are missing or damaged."""
Add = Callable[[ArchivedConversation, Fetch], None]
_DATE = (1980, 1, 1, 0, 0, 0)
"""Of all entries: the same conversation makes the same bytes."""


def writing(wish: ExportWish, titles: Sequence[str]) -> AbstractContextManager[tuple[Path, Add]]:
    """Write within the block; at its end everything is in its place, and if it raises, nothing is.

    Args:
        wish: what and where to.
        titles: of the conversations that will be added, in order.

    Returns:
        The block's value: where it will be, and what takes the conversations one by one.

    Raises:
        OSError: the folder is read-only or full.
    """
    if wish.format is ExportFormat.ZIP:
        return _zip(wish.target, full_paths=wish.full_paths)
    if wish.format is ExportFormat.JSON:
        return _json(wish.target, full_paths=wish.full_paths)
    if wish.format is ExportFormat.HTML:
        return _html(wish.target, titles)
    if len(titles) == 1 and wish.target.suffix.lower() == ".md":
        return _markdown_file(wish.target)
    return _markdown_folder(wish.target)


@contextmanager
def _zip(path: Path, *, full_paths: bool) -> Iterator[tuple[Path, Add]]:
    conversations: list[dict[str, object]] = []
    images: dict[str, int] = {}
    with replacing(path) as file, zipfile.ZipFile(file, "w") as archive:
        _put(archive, "mimetype", MIMETYPE.encode())

        def add(conversation: ArchivedConversation, fetch: Fetch) -> None:
            data = as_json(conversation_table(conversation, full_paths=full_paths)).encode()
            name = f"conversations/{len(conversations) + 1:06d}.json"
            _put(archive, name, data, packed=True)
            conversations.append(
                {
                    "file": name,
                    "sha256": hashlib.sha256(data).hexdigest(),
                    "bytes": len(data),
                    "uid": conversation.uid,
                    "title": conversation.title,
                }
            )
            for sent in (a.sent for a in conversation.attachments() if a.sent is not None):
                entry = entry_of(sent)
                found = None if entry in images else fetch(sent)
                if found is not None:
                    _put(archive, entry, found)
                    images[entry] = len(found)

        yield path, add
        manifest = {
            "format": FORMAT,
            "version": VERSION,
            "app_version": __version__,
            "exported_at": now_utc().isoformat(timespec="seconds"),
            "conversations": conversations,
            "images": [{"file": name, "bytes": size} for name, size in images.items()],
        }
        _put(archive, MANIFEST, as_json(manifest).encode(), packed=True)


def _put(archive: zipfile.ZipFile, name: str, data: bytes, *, packed: bool = False) -> None:
    info = zipfile.ZipInfo(name, _DATE)
    info.external_attr = 0o100600 << 16
    # What packs like a bomb would be taken for one.
    is_small = packed and len(zlib.compress(data, 1)) * MOST_RATIO < len(data) * 2
    info.compress_type = zipfile.ZIP_DEFLATED if packed and not is_small else zipfile.ZIP_STORED
    archive.writestr(info, data)


@contextmanager
def _json(path: Path, *, full_paths: bool) -> Iterator[tuple[Path, Add]]:
    with replacing(path) as file:
        heading = as_json({"format": f"{FORMAT}-json", "version": VERSION, "app_version": __version__})
        file.write((heading.removesuffix("\n}") + ',\n "conversations": [').encode())
        comma = ""

        def add(conversation: ArchivedConversation, _fetch: Fetch) -> None:
            nonlocal comma
            table = conversation_table(conversation, full_paths=full_paths, shared=True)
            file.write(f"{comma}\n{as_json(table)}".encode())
            comma = ","

        yield path, add
        file.write(b"\n ]\n}\n")


@contextmanager
def _html(path: Path, titles: Sequence[str]) -> Iterator[tuple[Path, Add]]:
    with replacing(path) as raw:
        raw.write(page_head(titles).encode())
        count = 0

        def add(conversation: ArchivedConversation, fetch: Fetch) -> None:
            nonlocal count
            count += 1
            for piece in conversation_html(conversation, fetch, number=count):
                raw.write(piece.encode("utf-8", "replace"))

        yield path, add
        raw.write(page_end().encode())


@contextmanager
def _markdown_file(path: Path) -> Iterator[tuple[Path, Add]]:
    made: list[Path] = []

    def add(conversation: ArchivedConversation, fetch: Fetch) -> None:
        _write_markdown(path, conversation, fetch, made)

    try:
        yield path, add
    except BaseException:
        for file in made:
            file.unlink(missing_ok=True)
        with contextlib.suppress(OSError):
            # Only if there is nothing of somebody else in it.
            (path.parent / IMAGES).rmdir()
        raise


@contextmanager
def _markdown_folder(folder: Path) -> Iterator[tuple[Path, Add]]:
    """A new folder: one that is there gets a neighbour with a number."""
    folder = folder.absolute()
    temporary = folder.with_name(f".{folder.name}.{os.getpid()}.part")
    taken: set[str] = set()
    make_missing_folders(folder.parent)
    temporary.mkdir(mode=0o700)
    place, number = folder, 1
    while place.exists():
        number += 1
        place = folder.with_name(f"{folder.name} ({number})")

    def add(conversation: ArchivedConversation, fetch: Fetch) -> None:
        day = f"{conversation.created_at.astimezone():%Y-%m-%d}"
        name = numbered(f"{day} {file_stem(conversation.title, _('Conversation'))}", taken)
        _write_markdown(temporary / f"{name}.md", conversation, fetch, [])

    try:
        yield place, add
        temporary.rename(place)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def _write_markdown(path: Path, conversation: ArchivedConversation, fetch: Fetch, made: list[Path]) -> None:
    """Write the images first, so that the text never names one that is not there; ``made`` gets new files."""
    names: dict[str, str] = {}
    for attachment in (a for m in conversation.branch() for a in m.message.attachments):
        sent = attachment.sent
        if sent is None or sent.sha256 in names:
            continue
        data = fetch(sent)
        if data is None:
            continue
        names[sent.sha256] = image_name(attachment.image.name, sent)
        file = path.parent / IMAGES / names[sent.sha256]
        # By its name it is the same bytes.
        if not file.exists():
            replace_file(file, data)
            made.append(file)
    text = conversation_markdown(conversation, names)
    replace_file(path, text.encode("utf-8", "replace"))

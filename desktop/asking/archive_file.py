"""A ``.sightline`` file that comes from outside: a zip that is taken at its word in nothing.

The format, version 1. A zip with ``mimetype`` (first, not compressed), ``manifest.json``,
``conversations/000001.json`` and so on (`export.archive_text` documents their keys) and
``images/<sha256>.png`` or ``.jpg``, the bytes that were sent. Nothing else. The manifest has ``format``
("sightline"), ``version``, ``app_version``, ``exported_at``, ``conversations`` (``file``, ``sha256``,
``bytes``, ``uid``, ``title``) and ``images`` (``file``, ``bytes``). A version that is not known is refused;
keys that are not known are passed over.
"""

import hashlib
import logging
import os
import re
import stat
import struct
import zipfile
import zlib
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from desktop.core.archive import ArchivedConversation
from desktop.core.model import SentImage
from desktop.core.problems import Code, ProblemError, problem
from desktop.core.text import printable
from desktop.export.archive_values import conversation_value
from desktop.export.fields import Fields, NotValidError, parse
from desktop.export.picture_head import picture_head

FORMAT = "sightline"
VERSION = 1
MIMETYPE = "application/vnd.sightline+zip"
MANIFEST = "manifest.json"

MOST_ENTRIES = 1_000_000
MOST_JSON_BYTES = 256_000_000
"""Of one conversation."""
MOST_IMAGE_BYTES = 100_000_000
MOST_RATIO = 200
"""Text packs to a tenth, and pictures not at all."""
_FREE_BYTES = 64_000_000
"""Whatever the ratio, so much does no harm: a single answer may be one letter, many times."""
_MOST_DIRECTORY_BYTES = 200_000_000
_TAIL_BYTES = 66_000

_NAMES = re.compile(r"mimetype|manifest\.json|conversations/\d{6,7}\.json|images/[0-9a-f]{64}\.(?:png|jpg)")
_SUFFIXES = {"image/png": "png", "image/jpeg": "jpg"}
_TRANSFER = 1 << 16

_log = logging.getLogger(__name__)


def entry_of(sent: SentImage) -> str:
    """Where the bytes of an image are in the zip."""
    return f"images/{sent.sha256}.{_SUFFIXES[sent.media_type]}"


class ArchiveFile:
    """An open file. Use it as a context manager; every method may raise.

    Attributes:
        conversations: how many it has.

    Raises:
        ProblemError: ARCHIVE_UNREADABLE, ARCHIVE_NOT_ONE, ARCHIVE_NEWER, ARCHIVE_DAMAGED, ARCHIVE_UNSAFE or
            ARCHIVE_TOO_LARGE, each with ``name``.
    """

    def __init__(self, path: Path, *, elsewhere: Path) -> None:
        """Open and look through what it says it holds; ``elsewhere`` as `conversation_value` has it."""
        self._name = path.name
        self._elsewhere = elsewhere
        self._file = self._open(path)
        try:
            self._zip = self._open_zip()
            self._entries = self._checked_entries()
            self._conversations, self._images = self._read_manifest()
        except BaseException:
            self._file.close()
            raise
        self.conversations = len(self._conversations)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._zip.close()
        self._file.close()

    def conversation(self, at: int) -> ArchivedConversation:
        """A conversation by its place, from 0."""
        name, digest, uid = self._conversations[at]
        data = self._read(name, MOST_JSON_BYTES)
        if hashlib.sha256(data).hexdigest() != digest:
            raise self._trouble(Code.ARCHIVE_DAMAGED, name)
        try:
            found = conversation_value(parse(data), elsewhere=self._elsewhere)
        except NotValidError as error:
            _log.info("%s of an archive: %s", name, error)
            raise self._trouble(Code.ARCHIVE_DAMAGED, name) from error
        if found.uid != uid:
            raise self._trouble(Code.ARCHIVE_DAMAGED, name)
        return found

    def image(self, sent: SentImage) -> bytes | None:
        """The bytes of an image, which are what it says; None if they were missing when it was exported."""
        name = entry_of(sent)
        if name not in self._images:
            return None
        data = self._read(name, MOST_IMAGE_BYTES)
        if hashlib.sha256(data).hexdigest() != sent.sha256 or len(data) != sent.size_bytes:
            raise self._trouble(Code.ARCHIVE_DAMAGED, name)
        if picture_head(data) != (sent.media_type, sent.width_px, sent.height_px):
            raise self._trouble(Code.ARCHIVE_DAMAGED, name)
        return data

    def _open(self, path: Path) -> BinaryIO:
        try:
            # A FIFO would block for ever.
            if not stat.S_ISREG(path.stat().st_mode):
                raise self._trouble(Code.ARCHIVE_NOT_ONE)
            return path.open("rb")
        except OSError as error:
            raise ProblemError(
                problem(Code.ARCHIVE_UNREADABLE, name=self._name, reason=error.strerror or "")
            ) from error

    def _open_zip(self) -> zipfile.ZipFile:
        try:
            entries, directory_bytes = _claimed(self._file)
            if entries > MOST_ENTRIES or directory_bytes > _MOST_DIRECTORY_BYTES:
                raise self._trouble(Code.ARCHIVE_TOO_LARGE)
            return zipfile.ZipFile(self._file)
        except (zipfile.BadZipFile, OSError, ValueError, struct.error, NotImplementedError) as error:
            raise self._trouble(Code.ARCHIVE_NOT_ONE) from error

    def _checked_entries(self) -> dict[str, zipfile.ZipInfo]:
        found: dict[str, zipfile.ZipInfo] = {}
        total = 0
        for info in self._zip.infolist():
            name = info.filename
            kind = stat.S_IFMT(info.external_attr >> 16)
            if not _NAMES.fullmatch(name) or info.orig_filename != name or name in found:
                raise self._trouble(Code.ARCHIVE_UNSAFE, info.orig_filename)
            if kind not in (0, stat.S_IFREG):
                raise self._trouble(Code.ARCHIVE_UNSAFE, name)
            if info.flag_bits & 1 or info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
                raise self._trouble(Code.ARCHIVE_UNSAFE, name)
            most = MOST_IMAGE_BYTES if name.startswith("images/") else MOST_JSON_BYTES
            total += info.file_size
            if info.file_size > most:
                raise self._trouble(Code.ARCHIVE_TOO_LARGE, name)
            found[name] = info
        size = os.fstat(self._file.fileno()).st_size
        if total > MOST_RATIO * size + _FREE_BYTES:
            raise self._trouble(Code.ARCHIVE_TOO_LARGE)
        if MANIFEST not in found:
            raise self._trouble(Code.ARCHIVE_NOT_ONE)
        return found

    def _read_manifest(self) -> tuple[list[tuple[str, str, str]], set[str]]:
        try:
            at = Fields(parse(self._read(MANIFEST, MOST_JSON_BYTES)), "manifest")
            if at.raw("format") != FORMAT:
                raise self._trouble(Code.ARCHIVE_NOT_ONE)
            version = at.number("version", least=1)
            if version > VERSION:
                raise ProblemError(
                    problem(
                        Code.ARCHIVE_NEWER,
                        name=self._name,
                        version=at.optional_text("app_version", limit=100) or "",
                    )
                )
            conversations = [
                (line.text("file"), line.hash("sha256"), line.text("uid"))
                for line in (
                    Fields(item, "conversations") for item in at.items("conversations", most=MOST_ENTRIES)
                )
            ]
            images = {Fields(item, "images").text("file") for item in at.items("images", most=MOST_ENTRIES)}
        except NotValidError as error:
            _log.info("the manifest of an archive: %s", error)
            raise self._trouble(Code.ARCHIVE_DAMAGED, MANIFEST) from error
        told = [name for name, _digest, _uid in conversations]
        whole = {MANIFEST, "mimetype", *told, *images} == {"mimetype", *self._entries}
        different = len(told) == len(set(told)) == len({uid for _name, _digest, uid in conversations})
        if not (whole and different):
            raise self._trouble(Code.ARCHIVE_DAMAGED, MANIFEST)
        return conversations, images

    def _read(self, name: str, most: int) -> bytes:
        """One entry; never more than it says, nor than ``most``."""
        parts: list[bytes] = []
        size = 0
        try:
            with self._zip.open(self._entries[name]) as entry:
                while part := entry.read(_TRANSFER):
                    parts.append(part)
                    size += len(part)
                    if size > most:
                        raise self._trouble(Code.ARCHIVE_TOO_LARGE, name)
        except (
            KeyError,
            zipfile.BadZipFile,
            zlib.error,
            EOFError,
            OSError,
            NotImplementedError,
            RuntimeError,
            ValueError,
        ) as error:
            raise self._trouble(Code.ARCHIVE_DAMAGED, name) from error
        return b"".join(parts)

    def _trouble(self, code: Code, part: str = "") -> ProblemError:
        if not part:
            return ProblemError(problem(code, name=self._name))
        return ProblemError(problem(code, name=self._name, part=printable(part, limit=80)))


def _claimed(file: BinaryIO) -> tuple[int, int]:
    """How many entries, and bytes of directory, the end of the file speaks of; `zipfile` reads them at once.

    See APPNOTE 4.3.14 to 4.3.16 (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT).
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - _TAIL_BYTES))
    tail = file.read(_TAIL_BYTES)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0:
        raise zipfile.BadZipFile
    entries, directory_bytes = struct.unpack_from("<HI", tail, at + 10)
    locator = at - 20
    if locator >= 0 and tail[locator : locator + 4] == b"PK\x06\x07":
        (place,) = struct.unpack_from("<Q", tail, locator + 8)
        file.seek(min(place, size))
        record = file.read(56)
        if record[:4] == b"PK\x06\x06" and len(record) == 56:
            entries, directory_bytes = struct.unpack_from("<QQ", record, 32)
    file.seek(0)
    return entries, directory_bytes

"""The images that were sent: files named by the hash of their bytes, and the rows that promise them."""

import hashlib
import sqlite3
from pathlib import Path

from desktop.core.model import SentImage
from desktop.core.problems import Code, ProblemError, problem
from desktop.store.connections import transaction
from desktop.store.files import make_private_folder, sync_folder, write_durably
from desktop.store.rows import sent_image

FOLDER = "images"
INCOMING = "incoming"
_SUFFIXES = {"image/png": "png", "image/jpeg": "jpg"}


def image_path(folder: Path, sent: SentImage) -> Path:
    """``folder/images/ab/<sha256>.<png|jpg>``; the file may be absent.

    Raises:
        ValueError: the hash or the media type is none of ours.
    """
    if len(sent.sha256) != 64 or not set(sent.sha256) <= set("0123456789abcdef"):
        raise ValueError("not a SHA-256 in hex")
    suffix = _SUFFIXES.get(sent.media_type)
    if suffix is None:
        raise ValueError("neither PNG nor JPEG")
    return folder / FOLDER / sent.sha256[:2] / f"{sent.sha256}.{suffix}"


def put_image(
    connection: sqlite3.Connection, folder: Path, *, data: bytes, sent: SentImage, owner: str
) -> None:
    """Keep the bytes before a question names them.

    The row comes first, held by this process, so that no garbage collection takes the file between now and
    the question; it promises nothing until an attachment names it.

    Raises:
        ValueError: ``data`` is not what ``sent`` says.
        OSError: the folder is read-only or full.
    """
    if hashlib.sha256(data).hexdigest() != sent.sha256:
        raise ValueError("the hash is not that of the bytes")
    path = image_path(folder, sent)
    note_image(connection, sent, owner)
    if read_if_whole(path, sent) is not None:
        return
    if not path.parent.is_dir():
        make_private_folder(path.parent)
        sync_folder(path.parent.parent)
    incoming = folder / FOLDER / INCOMING
    make_private_folder(incoming)
    write_durably(path, data, temporary=incoming / f"{owner}-{sent.sha256}.part")


def note_image(connection: sqlite3.Connection, sent: SentImage, owner: str) -> None:
    """The row of an image, held by this process until a question names it."""
    with transaction(connection):
        connection.execute(
            "INSERT INTO image (sha256, media_type, width_px, height_px, size_bytes) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT DO NOTHING",
            (sent.sha256, sent.media_type, sent.width_px, sent.height_px, sent.size_bytes),
        )
        connection.execute("INSERT INTO held_image (sha256, owner) VALUES (?, ?)", (sent.sha256, owner))


def read_image(folder: Path, sent: SentImage) -> bytes:
    """The bytes that were sent.

    Raises:
        ProblemError: STORED_IMAGE_MISSING if they are gone, or no longer those that were sent.
    """
    data = read_if_whole(image_path(folder, sent), sent)
    if data is None:
        raise ProblemError(problem(Code.STORED_IMAGE_MISSING, file=image_path(folder, sent).name))
    return data


def read_if_whole(path: Path, sent: SentImage) -> bytes | None:
    """The file's bytes, or None if it is absent, unreadable or damaged."""
    try:
        if path.stat().st_size != sent.size_bytes:
            return None
        data = path.read_bytes()
    except OSError:
        return None
    return data if hashlib.sha256(data).hexdigest() == sent.sha256 else None


def release_images(connection: sqlite3.Connection, hashes: list[str], owner: str) -> None:
    """An attachment names them now: let go of one hold on each."""
    for sha256 in hashes:
        connection.execute(
            "DELETE FROM held_image WHERE id ="
            " (SELECT id FROM held_image WHERE sha256 = ? AND owner = ? LIMIT 1)",
            (sha256, owner),
        )


def forget_holds(connection: sqlite3.Connection, alive: frozenset[str]) -> None:
    """Let go of what processes held that have died; ``alive`` are the tokens of living ones, see `owners`."""
    owners = {row[0] for row in connection.execute("SELECT DISTINCT owner FROM held_image")}
    if not owners - alive:
        return
    with transaction(connection):
        for owner in owners - alive:
            connection.execute("DELETE FROM held_image WHERE owner = ?", (owner,))


def collect_garbage(connection: sqlite3.Connection, folder: Path) -> None:
    """Remove images that no attachment names and no process holds; a file that resists, the next time.

    Files without a row are left alone: after a damaged database was set aside, its images must stay.
    """
    if connection.execute(_UNNAMED).fetchone() is None:
        # Nothing to do, also while another process writes.
        return
    with transaction(connection):
        for row in connection.execute(_UNNAMED).fetchall():
            sent = sent_image(row)
            try:
                image_path(folder, sent).unlink(missing_ok=True)
            except OSError:
                continue
            except ValueError:
                # A damaged row names no file of ours.
                pass
            connection.execute("DELETE FROM image WHERE sha256 = ?", (sent.sha256,))


_UNNAMED = """
    SELECT * FROM image
    WHERE NOT EXISTS (SELECT 1 FROM attachment WHERE attachment.sent_sha256 = image.sha256)
    AND NOT EXISTS (SELECT 1 FROM held_image WHERE held_image.sha256 = image.sha256)
"""


def sweep_unfinished(folder: Path, alive: frozenset[str]) -> None:
    """Remove what processes that died were writing."""
    for path in (folder / FOLDER / INCOMING).glob("*.part"):
        if path.name.partition("-")[0] not in alive:
            path.unlink(missing_ok=True)

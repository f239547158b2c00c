"""The use case "import": conversations of a ``.sightline`` file into the history. Blocks; no Qt."""

import logging
from pathlib import Path

from desktop.asking.archive_file import ArchiveFile
from desktop.asking.exporting_conversations import Step, no_step
from desktop.core.archive import ArchivedConversation, Imported, ImportOutcome
from desktop.core.model import SentImage
from desktop.core.problems import ProblemError
from desktop.store.store import Store

ELSEWHERE = "elsewhere"
"""A folder of the data folder that is never made: files whose path was not told are said to lie in it."""

_log = logging.getLogger(__name__)


def import_conversations(path: Path, store: Store, step: Step = no_step) -> ImportOutcome:
    """Look through the whole file, then bring in one conversation after the other, each whole.

    What ends it before anything is stored is raised; what ends it later is told with what came in by then.

    Raises:
        ProblemError: the file cannot be used, see `ArchiveFile`; nothing of it was imported.
    """
    imported: list[Imported] = []
    present = 0
    with ArchiveFile(path, elsewhere=store.folder / ELSEWHERE) as archive:
        total = 2 * archive.conversations
        missing = _look_through(archive, step)
        for at in range(archive.conversations):
            try:
                step(archive.conversations + at, total)
                found = _bring_in(archive, archive.conversation(at), store)
            except ProblemError as error:
                if not imported:
                    raise
                return ImportOutcome(
                    imported=tuple(imported),
                    present=present,
                    missing_images=missing,
                    stopped=error.problem,
                )
            if found.messages or found.is_new:
                imported.append(found)
            else:
                present += 1
        step(total, total)
    return ImportOutcome(imported=tuple(imported), present=present, missing_images=missing)


def _look_through(archive: ArchiveFile, step: Step) -> int:
    """Check everything before anything is stored; how many images are missing."""
    seen: dict[SentImage, bool] = {}
    for at in range(archive.conversations):
        step(at, 2 * archive.conversations)
        for attachment in archive.conversation(at).attachments():
            if attachment.sent is not None and attachment.sent not in seen:
                step(at, 2 * archive.conversations)
                seen[attachment.sent] = archive.image(attachment.sent) is not None
    return sum(not there for there in seen.values())


def _bring_in(archive: ArchiveFile, conversation: ArchivedConversation, store: Store) -> Imported:
    """One conversation, its images first; nothing of it stays behind if that fails."""
    put: list[str] = []
    sent_images = dict.fromkeys(a.sent for a in conversation.attachments() if a.sent is not None)
    try:
        for sent in sent_images:
            data = archive.image(sent)
            if data is not None:
                # Before it is tried: the row comes before the bytes, and is held.
                put.append(sent.sha256)
                store.put_image(data, sent).result()
        return store.import_archived(conversation, put).result()
    except BaseException:
        try:
            store.give_up_import(put).result()
        except ProblemError:
            _log.warning("images of a conversation that was not imported are still held", exc_info=True)
        raise

"""The use case "export conversations": from the history to files that the user named. Blocks; no Qt."""

from collections.abc import Callable

from desktop.asking.export_files import writing
from desktop.core.archive import ArchivedConversation, ExportOutcome, ExportWish
from desktop.core.model import SentImage
from desktop.core.problems import Code, ProblemError
from desktop.store.store import Store
from desktop.system.files import problem_of

Step = Callable[[int, int], None]
"""Is told how many of how many are done, often; what it raises ends the work, and nothing is left behind."""


def no_step(_done: int, _of: int) -> None:
    """Nobody watches."""


def export_conversations(wish: ExportWish, store: Store, step: Step = no_step) -> ExportOutcome:
    """Write the conversations; everything is there in the end, or nothing.

    Raises:
        ProblemError: CONVERSATION_GONE, DISK_FULL or FOLDER_READ_ONLY, or the history cannot be read.
    """
    titles = store.titles().result()
    ids = wish.ids or tuple(titles)
    lost: set[str] = set()
    done = count = 0

    def fetch(sent: SentImage) -> bytes | None:
        step(done, len(ids))
        try:
            return store.image_bytes(sent).result()
        except ProblemError:
            lost.add(sent.sha256)
            return None

    try:
        with writing(wish, [titles.get(number, "") for number in ids]) as (path, add):
            for done, conversation_id in enumerate(ids):
                step(done, len(ids))
                archived = _read(store, conversation_id, may_be_gone=not wish.ids)
                if archived is not None:
                    add(archived, fetch)
                    count += 1
            step(len(ids), len(ids))
    except OSError as error:
        raise ProblemError(problem_of(error, wish.target.parent)) from error
    return ExportOutcome(path=str(path), conversations=count, missing_images=len(lost))


def _read(store: Store, conversation_id: int, *, may_be_gone: bool) -> ArchivedConversation | None:
    """None for one that was deleted meanwhile, where nobody asked for it by name."""
    try:
        return store.archived(conversation_id).result()
    except ProblemError as error:
        if may_be_gone and error.problem.code is Code.CONVERSATION_GONE:
            return None
        raise

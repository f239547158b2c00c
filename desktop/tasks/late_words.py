"""Words that were typed while the history was still being opened, kept although the window ends already."""

import logging
from concurrent.futures import Future
from dataclasses import replace

from desktop.core.futures import then
from desktop.core.model import Draft
from desktop.store.store import Store

_LIMIT_S = 1.5
"""An end that a session wants is not held up longer; a history that takes longer has to be mended."""
_log = logging.getLogger(__name__)


def keep_late_words(store: Store, open_key: str, text: str) -> None:
    """Add words to the draft that was open last. Waits for it, because the window ends.

    Args:
        store: the history, perhaps not open yet.
        open_key: under which the conversation that was open last is remembered.
        text: the words.
    """

    def add(remembered: str | None) -> "Future[None]":
        conversation_id = int(remembered) if remembered and remembered.isdigit() else 0

        def save(draft: Draft) -> "Future[None]":
            together = "\n".join(part for part in (draft.text, text) if part)
            return store.save_draft(conversation_id, replace(draft, text=together))

        return then(store.draft(conversation_id), save)

    try:
        then(store.recall(open_key), add).result(_LIMIT_S)
    except Exception:  # noqa: BLE001 - the window ends, whatever is wrong with the history
        _log.warning("what was typed before the history was open is not kept", exc_info=True)

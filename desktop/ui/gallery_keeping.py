"""Keeps the gallery for the next start, and brings back what the last one had."""

from collections.abc import Iterable, Sequence

from PySide6.QtCore import QObject

from desktop.core.gallery_items import GalleryItem
from desktop.core.text import format_count, ngettext
from desktop.tasks.backend import Backend
from desktop.ui.gallery_entries import Entry
from desktop.ui.gallery_state import GalleryState
from desktop.ui.messages import Messages


class GalleryKeeping(QObject):
    """What is in the gallery is in the database a moment later."""

    def __init__(
        self, backend: Backend, state: GalleryState, messages: Messages, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._tasks = tasks = backend.workbench
        self._reading = backend.reading
        self._state = state
        self._messages = messages
        self._kept: dict[int, GalleryItem] = {}
        state.adding.hold()
        state.added.connect(self._on_changed)
        state.updated.connect(self._on_changed)
        state.moved.connect(self._on_changed)
        state.removed.connect(self._on_removed)
        tasks.restored.connect(self._on_restored)
        tasks.restoring_ended.connect(state.adding.release)
        tasks.lost.connect(self._on_lost)
        backend.history.delayed.connect(self._on_delayed)
        tasks.unasked.connect(self._on_unasked)

    def _on_restored(self, items: Sequence[GalleryItem]) -> None:
        """A slice of what the last session had. What is there already, by a draft, stays as it is."""
        brought = [entry for item in items if (entry := self._brought_back(item)) is not None]
        self._state.take_back(brought)

    def _brought_back(self, item: GalleryItem) -> Entry | None:
        entry = self._state.make(
            item.path,
            item.page,
            file=item.file,
            detail=item.detail,
            edits=item.edits,
            url=item.url,
            as_link=item.as_link,
            once=item.once,
        )
        if entry is None:
            self._tasks.remove(((item.file, item.page),))
            return None
        self._kept[entry.key] = item
        if item.edits and item.edited_sha256:
            self._state.expect_hash(entry.key, item.edited_sha256)
        return entry

    def _on_delayed(self) -> None:
        """The last session's images come later: new ones need not wait, and stand behind them."""
        self._state.leave_room()
        self._state.adding.release()

    def _on_lost(self, count: int) -> None:
        text = ngettext(
            "{count} image does not come back: what was done to it cannot be read.",
            "{count} images do not come back: what was done to them cannot be read.",
            count,
        )
        self._messages.say(text.format(count=format_count(count)))

    def _on_unasked(self, source_ids: set[str]) -> None:
        """What was read on images that nobody has any more is forgotten with their conversations."""
        here = {entry.facts.source_id for entry in self._state.entries.values() if entry.facts}
        self._reading.forget(tuple(source_ids - here))

    def _on_changed(self, keys: Iterable[int]) -> None:
        entries = self._state.entries
        put = []
        for key in keys:
            before = self._kept.get(key)
            if key in entries and (item := _item(entries[key], before)) != before:
                if before is not None and (before.file, before.page) != (item.file, item.page):
                    self._tasks.remove(((before.file, before.page),))
                self._kept[key] = item
                put.append(item)
        if put:
            self._tasks.put(put)

    def _on_removed(self, keys: Iterable[int]) -> None:
        gone = [self._kept.pop(key) for key in keys if key in self._kept]
        if gone:
            self._tasks.remove([(item.file, item.page) for item in gone])


def _item(entry: Entry, before: GalleryItem | None) -> GalleryItem:
    edited = entry.facts.sha256 if entry.facts is not None else None
    if edited is None and before is not None and before.edits == entry.edits:
        # Not looked at yet, or missing.
        edited = before.edited_sha256
    return GalleryItem(
        file=entry.file,
        page=entry.page,
        path=entry.path,
        detail=entry.detail,
        edits=entry.edits,
        edited_sha256=edited if entry.edits else None,
        url=entry.url,
        as_link=entry.as_link,
        once=entry.once,
    )

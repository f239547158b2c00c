"""The texts of the images that a question is about: what was read, and reading the others, one by one."""

from collections import OrderedDict
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.found_text import PageText
from desktop.core.problems import Problem
from desktop.core.prompt_filling import Meant, hides_text, sent_text
from desktop.tasks.reading import ReadingTasks

LOOKED_AT_MS = 400
"""Who is still selecting wants nothing read yet."""
_MOST_KEPT = 5_000

Key = tuple[str, str]
"""A page, and what is hidden of it."""


@dataclass(frozen=True, slots=True)
class Reading:
    """How far it has come.

    Attributes:
        done: so many images have a text, have none, or cannot be read.
        total: so many are wanted.
        empty: on these nothing was found.
        failed: these could not be read.
        skipped: the user did not want to wait for these.
    """

    done: int = 0
    total: int = 0
    empty: tuple[Meant, ...] = ()
    failed: tuple[Meant, ...] = ()
    skipped: tuple[Meant, ...] = ()

    @property
    def busy(self) -> bool:
        """Whether texts are still missing."""
        return self.done < self.total


class TextsOfImages(QObject):
    """What was read on images, without what is not sent of them.

    Signals:
        changed(): a text has come, or cannot be had.
    """

    changed = Signal()

    def __init__(self, reading: ReadingTasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._reading = reading
        self._texts: OrderedDict[Key, str] = OrderedDict()
        self._failed: set[Key] = set()
        self._skipped: set[Key] = set()
        self._looked_up: set[Key] = set()
        self._wanted: dict[Key, Meant] = {}
        self._at_hand: tuple[Key, Future[PageText]] | None = None
        self._looking_up = 0
        self._soon = QTimer(self, singleShot=True, interval=LOOKED_AT_MS)
        self._soon.timeout.connect(self._read_next)
        reading.found.connect(self._on_found)

    def text(self, image: Meant) -> str:
        """What was read on it; empty while it is not known, too."""
        return self._texts.get(_key(image), "")

    def want(self, images: Sequence[Meant]) -> None:
        """These texts are needed now, and no others; none for nothing."""
        wanted = {_key(image): image for image in images}
        if wanted.keys() == self._wanted.keys():
            return
        self._wanted = wanted
        self._skipped &= wanted.keys()
        if self._at_hand is not None and self._at_hand[0] not in wanted:
            self._at_hand[1].cancel()
            self._at_hand = None
        self._look_up()
        if self._missing():
            self._soon.start()

    def skip(self) -> None:
        """Do not wait for what is missing."""
        self._skipped.update(self._missing())
        self._soon.stop()
        if self._at_hand is not None:
            self._at_hand[1].cancel()
            self._at_hand = None
        self.changed.emit()

    def try_again(self) -> None:
        """Read what was skipped, and what could not be read."""
        self._skipped.clear()
        self._failed -= self._wanted.keys()
        self._read_next()
        self.changed.emit()

    def state(self) -> Reading:
        """How far the texts that are wanted have come."""
        if not self._wanted:
            return Reading()

        def among(keys: set[Key]) -> tuple[Meant, ...]:
            return tuple(image for key, image in self._wanted.items() if key in keys)

        return Reading(
            done=len(self._wanted) - len(self._missing()),
            total=len(self._wanted),
            empty=tuple(image for key, image in self._wanted.items() if self._texts.get(key) == ""),
            failed=among(self._failed),
            skipped=among(self._skipped),
        )

    def _missing(self) -> list[Key]:
        done = self._failed | self._skipped
        return [key for key in self._wanted if key not in self._texts and key not in done]

    def _look_up(self) -> None:
        """What is kept is of whole pages: it must not be used for one of which a part is hidden."""
        keys = [key for key in self._missing() if not key[1] and key not in self._looked_up]
        if keys:
            self._looked_up.update(keys)
            self._looking_up += 1
            ids = [source_id for source_id, _hidden in keys]
            self._reading.texts(ids, self._on_texts, lambda _trouble: self._on_texts({}))

    def _on_texts(self, texts: Mapping[str, str]) -> None:
        self._looking_up -= 1
        for source_id, text in texts.items():
            self._keep((source_id, ""), text)
        self._read_next()
        if texts:
            self.changed.emit()

    def _read_next(self) -> None:
        missing = self._missing()
        if not missing or self._at_hand is not None or self._soon.isActive() or self._looking_up:
            return
        key = missing[0]
        image = self._wanted[key]
        future = self._reading.read(
            image.facts, partial(self._on_read, key, image), partial(self._on_failed, key)
        )
        self._at_hand = key, future

    def _on_read(self, key: Key, image: Meant, page: PageText) -> None:
        self._keep(key, sent_text(page, image.edits))
        self._go_on(key)

    def _on_failed(self, key: Key, _trouble: Problem) -> None:
        self._failed.add(key)
        self._go_on(key)

    def _go_on(self, key: Key) -> None:
        if self._at_hand is not None and self._at_hand[0] == key:
            self._at_hand = None
        self._read_next()
        self.changed.emit()

    def _on_found(self, source_id: str, text: str) -> None:
        """Somebody else had it read, such as the viewer."""
        key = (source_id, "")
        if key in self._wanted or key in self._looked_up:
            self._keep(key, text)
        if key in self._wanted:
            self.changed.emit()

    def _keep(self, key: Key, text: str) -> None:
        self._failed.discard(key)
        self._texts[key] = text.rstrip()
        self._texts.move_to_end(key)
        while len(self._texts) > max(_MOST_KEPT, len(self._wanted)):
            gone, _text = self._texts.popitem(last=False)
            self._looked_up.discard(gone)


def _key(image: Meant) -> Key:
    return image.facts.source_id, image.edits.digest() if hides_text(image.edits) else ""

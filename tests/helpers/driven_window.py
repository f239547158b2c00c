"""The real application, driven by a script where a person would use keys and mouse.

    python -m tests.helpers.driven_window OPTIONS OF THE WINDOW

It opens, says ``restored`` and waits for a line ``go SEED HOW`` on standard input. From then on it asks and
deletes by the window's own controllers until it is killed, and says on standard output what it knows, a line
each. Worker processes import this module again: it imports nothing of the application at top level.
"""

import hashlib
import os
import random
import sys
import time
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from desktop.core.events import Finished
    from desktop.core.model import Conversation
    from desktop.ui.main_window import MainWindow

AGAIN_MS = 15
"""So long it waits for what is not ready yet, such as facts of images."""
LEAVE_MS = 300
MOST_CONVERSATIONS = 8
READER = "on-device"
ELSEWHERE = "From the terminal"
"""Begins the questions of other processes, of which it says when they are listed."""


def say(*words: object) -> None:
    """One line, with the moment at its end."""
    os.write(1, (" ".join(map(str, (*words, time.monotonic()))) + "\n").encode())


class Driver:
    """Asks and deletes. ``how`` is a mix: ``only`` asks, ``ask``, ``delete``, ``both``, or ``reader``."""

    def __init__(self, window: "MainWindow", backend: Any) -> None:
        self._window = window
        self._backend = backend
        self._state = window._conversation_state
        self._gallery = window._gallery_state
        self._chance = random.Random(0)
        self._how = ""
        self._asked = 0
        self._deleting: set[int] = set()
        self._summaries: Sequence[Any] = ()
        backend.history.restored.connect(self._on_restored)
        backend.history.failed.connect(lambda trouble: say("failed", trouble.code))
        backend.history.noticed.connect(lambda trouble: say("noticed", trouble.code))
        backend.history.summarised.connect(self._on_summarised)
        backend.history.deleted.connect(self._on_deleted)
        self._state.stored.connect(self._on_stored)
        self._state.grew.connect(self._on_grown)
        self._state.finished.connect(self._on_finished)
        self._listen()

    def _listen(self) -> None:
        from PySide6.QtCore import QSocketNotifier

        self._notifier = QSocketNotifier(0, QSocketNotifier.Type.Read)
        self._notifier.activated.connect(self._on_line)

    def _on_line(self) -> None:
        words = os.read(0, 200).decode().split()
        if not words:
            self._notifier.setEnabled(False)
            return
        _go, seed, self._how = words
        self._chance = random.Random(int(seed))
        if self._how == "reader":
            self._window._settings_controller.choose_model(READER)
        self._step()

    def _later(self, then: Any, ms: int = AGAIN_MS) -> None:
        from PySide6.QtCore import QTimer

        QTimer.singleShot(ms, then)

    def _step(self) -> None:
        """One thing more, as a person in a great hurry."""
        stored = [s.id for s in self._summaries if s.id not in self._deleting]
        share = {"only": 0.0, "ask": 0.05, "delete": 0.6, "both": 0.3, "reader": 0.05}[self._how]
        if (share and len(stored) > MOST_CONVERSATIONS) or (stored and self._chance.random() < share):
            self._delete(self._chance.choice(stored))
        elif not self._state.current.id or self._chance.random() < 0.6:
            self._window._history_controller.new_conversation()
            self._later(self._ask)
        else:
            self._ask()

    def _delete(self, conversation_id: int) -> None:
        self._deleting.add(conversation_id)
        say("deleting", conversation_id)
        self._window._history_controller.delete([conversation_id])
        if self._chance.random() < 0.7:
            # As when the notice with the way back has gone.
            self._later(lambda: self._backend.history.purge(conversation_id), self._chance.randrange(10))
        # Mostly in the middle of it the next question is asked.
        self._later(self._step, self._chance.randrange(40))

    def _ask(self) -> None:
        from desktop.core.edits import Area, Edits

        known = [entry for entry in self._gallery.entries.values() if entry.facts]
        if not known or self._state.live is not None:
            if self._state.live is None:
                self._later(self._ask)
                return
            # Not again before it is there: each time the draft is written, too.
            self._window._history_controller.new_conversation()
            self._later(self._ask, LEAVE_MS)
            return
        chosen = self._chance.sample(known, min(len(known), self._chance.randrange(1, 4)))
        for entry in chosen:
            width, height = entry.facts.width_px, entry.facts.height_px
            left, top = self._chance.randrange(width // 2), self._chance.randrange(height // 2)
            crop = Area(left, top, left + width // 3, top + height // 3)
            self._gallery.set_edits(entry.key, Edits(crop=crop))
        self._gallery.select([entry.key for entry in chosen])
        self._asked += 1
        self._window._composer.set_text(f"Question {self._asked} of {os.getpid()}")
        self._later(self._send)

    def _send(self) -> None:
        say("asking", self._asked)
        self._window._ask()
        if self._state.live is None:
            say("not-asked", self._asked)
            self._later(self._step)
        elif self._chance.random() < 0.3:
            # Another one while this one is prepared or answered.
            self._later(self._step, self._chance.randrange(200))

    def _on_stored(self, conversation: "Conversation") -> None:
        answer = conversation.messages[-1]
        say("stored", conversation.id, answer.id, len(conversation.messages[-2].attachments))

    def _on_grown(self, _text: str) -> None:
        live = self._state.live
        if live is not None and live.conversation.id:
            say("grown", live.conversation.messages[-1].id, len(live.text))

    def _on_finished(self, event: "Finished", _here: bool) -> None:
        answer = event.answer
        if event.not_stored is None and event.conversation is not None:
            digest = hashlib.sha256(answer.text.encode()).hexdigest()
            say("finished", event.conversation.id, answer.id, answer.state, digest)
        else:
            code = answer.problem.code if answer.problem else event.not_stored
            say("unstored", answer.id, code)
        self._later(self._step, self._chance.randrange(30))

    def _on_restored(self, _conversation: "Conversation") -> None:
        say("restored")
        # After what starting writes, which goes through the same queue.
        self._backend.history._store._writing.submit(lambda: say("settled"))

    def _on_summarised(self, rows: Any) -> None:
        self._summaries = rows.summaries
        listed = (summary.id for summary in self._summaries if summary.title.startswith(ELSEWHERE))
        say("listed", *listed)

    def _on_deleted(self, conversation_id: int) -> None:
        self._deleting.discard(conversation_id)
        say("deleted", conversation_id)


def main() -> int:
    """Run the application as `desktop.__main__` does, with a driver at its window."""
    from desktop.tasks.imports import restore_import

    restore_import()
    from desktop import app

    made = app.MainWindow
    drivers: list[Driver] = []

    def with_driver(backend: Any, options: Any) -> Any:
        window = made(backend, options)
        drivers.append(Driver(window, backend))
        return window

    app.MainWindow = with_driver  # type: ignore[misc,assignment]
    return app.run(sys.argv[1:])


if __name__ == "__main__":
    import multiprocessing

    multiprocessing.freeze_support()
    sys.exit(main())

"""What models are weak at, said once the prompt asks for it and typing has paused."""

from dataclasses import replace
from functools import lru_cache

from PySide6.QtCore import QObject, QTimer, Signal

from desktop.core.catalog import Model
from desktop.core.weaknesses import WeakSpot, prompt_warnings
from desktop.tasks.settings import SettingsTasks
from desktop.ui.composer.state import HintLine

PAUSE_MS = 700


class PromptHints(QObject):
    """One hint at a time; one that was dismissed does not come again.

    Signals:
        changed(): typing has paused, so `hint` may give something else.
    """

    changed = Signal()

    def __init__(self, settings: SettingsTasks, parent: QObject) -> None:
        super().__init__(parent)
        self._settings = settings
        self._text = ""
        self._typed = ""
        self._soon = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._soon.timeout.connect(self._on_pause)

    def hint(self, text: str, model: Model) -> HintLine | None:
        """The hint for a prompt as it was at the last pause; ``text`` is what it is now."""
        if text != self._typed:
            self._typed = text
            self._soon.start()
        if not text:
            self._text = ""
        dismissed = self._settings.current.dismissed
        spots = (spot for spot in _warnings(model, self._text) if spot.kind.value not in dismissed)
        spot = next(spots, None)
        return HintLine(id=spot.kind.value, text=spot.sentence) if spot else None

    def dismiss(self, hint_id: str) -> None:
        """Never say this again."""
        current = self._settings.current
        self._settings.change(replace(current, dismissed=current.dismissed | {hint_id}))

    def _on_pause(self) -> None:
        if self._text != self._typed:
            self._text = self._typed
            self.changed.emit()


@lru_cache(maxsize=8)
def _warnings(model: Model, text: str) -> tuple[WeakSpot, ...]:
    return prompt_warnings(model, text) if text else ()

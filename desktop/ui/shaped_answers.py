"""What finished answers are besides words: looked for off the GUI thread, and remembered."""

from collections import OrderedDict
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from desktop.core.model import AnswerState, Conversation, Message, Role
from desktop.core.pointed_at import PointedAnswer
from desktop.core.schemas import AnswerSchema
from desktop.core.shaped import Shaped
from desktop.tasks.shaping import ShapingTasks

_MOST_KEPT = 200
_Key = tuple[int, int, AnswerSchema | None]
"""Id and text of an answer, and the shape that was asked for."""
_SIGNS = ("{", "[", "<", "(")
"""An answer without any of these is neither data nor does it point."""


@dataclass(frozen=True, slots=True)
class Extras:
    """What one answer is besides words.

    Attributes:
        shaped: its table, and whether it fits its schema.
        pointed: what it points at; None for nothing.
    """

    shaped: Shaped
    pointed: PointedAnswer | None

    def __bool__(self) -> bool:
        """Whether there is anything to show."""
        return self.shaped.table is not None or self.pointed is not None or self.shaped.misses_shape


class ShapedAnswers(QObject):
    """Remembers the `Extras` of answers, so that a transcript which builds only what is seen may ask again.

    Signals:
        found(int, Extras): of the answer with this id, after `want`; only where there is something to show.
    """

    found = Signal(int, object)

    def __init__(self, tasks: ShapingTasks, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._tasks = tasks
        self._known: OrderedDict[_Key, Extras | None] = OrderedDict()

    def want(
        self, conversation: Conversation, message: Message, schema: AnswerSchema | None
    ) -> Extras | None:
        """The extras of an answer if they are known; else they are looked for, once, and `found` tells them.

        Args:
            conversation: with the answer in it.
            message: a finished answer; anything else has none.
            schema: the shape that was asked for.
        """
        finished = message.role is Role.ASSISTANT and message.state is not AnswerState.RUNNING
        if not finished or (schema is None and not any(sign in message.text for sign in _SIGNS)):
            return None
        key = message.id, hash(message.text), schema
        if key in self._known:
            self._known.move_to_end(key)
            return self._known[key] or None
        self._known[key] = None
        while len(self._known) > _MOST_KEPT:
            self._known.popitem(last=False)
        self._tasks.look_at(message.text, schema, lambda shaped: self._look_on(key, conversation, shaped))
        return None

    def _look_on(self, key: _Key, conversation: Conversation, shaped: Shaped) -> None:
        self._tasks.look_for_places(
            conversation, key[0], lambda pointed: self._on_found(key, Extras(shaped, pointed))
        )

    def _on_found(self, key: _Key, extras: Extras) -> None:
        self._known[key] = extras
        if extras:
            self.found.emit(key[0], extras)

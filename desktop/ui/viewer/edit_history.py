"""Undo and redo: the states of the edits of one picture, one after the other. Pure."""

from dataclasses import dataclass

from desktop.core.edits import Edits

_LIMIT = 200


@dataclass(frozen=True, slots=True)
class EditHistory:
    """States in order, and which of them is the present one. All methods return another value."""

    states: tuple[Edits, ...] = (Edits(),)
    at: int = 0

    @property
    def now(self) -> Edits:
        """The present state."""
        return self.states[self.at]

    @property
    def can_undo(self) -> bool:
        """Whether there is a state before."""
        return self.at > 0

    @property
    def can_redo(self) -> bool:
        """Whether there is a state after."""
        return self.at < len(self.states) - 1

    def pushed(self, edits: Edits) -> "EditHistory":
        """With a new present state; what had been undone is gone. The same state again changes nothing."""
        if edits == self.now:
            return self
        states = (*self.states[: self.at + 1], edits)[-_LIMIT:]
        return EditHistory(states, len(states) - 1)

    def undone(self) -> "EditHistory":
        """At the state before, if there is one."""
        return EditHistory(self.states, max(0, self.at - 1))

    def redone(self) -> "EditHistory":
        """At the state after, if there is one."""
        return EditHistory(self.states, min(len(self.states) - 1, self.at + 1))

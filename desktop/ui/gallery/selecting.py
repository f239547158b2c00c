"""An ordered selection: the first image selected is the first of the next question."""

from collections.abc import Iterable, Sequence


class Selecting:
    """Keys in the order in which they were selected. Knows nothing of rows but the order it is given.

    Attributes:
        order: the selected keys.
        anchor: where a range begins; None before anything was clicked.
    """

    def __init__(self) -> None:
        self.order: list[int] = []
        self.anchor: int | None = None
        self._chosen: set[int] = set()

    def __contains__(self, key: int) -> bool:
        return key in self._chosen

    def set(self, keys: Iterable[int]) -> None:
        """Select exactly these, in this order."""
        self.order = list(dict.fromkeys(keys))
        self._chosen = set(self.order)

    def narrow(self, keys: Iterable[int]) -> None:
        """Select exactly these: what was selected before keeps its place, the rest comes after it."""
        wanted = dict.fromkeys(keys)
        before = [key for key in self.order if key in wanted]
        self.set([*before, *wanted])

    def only(self, key: int) -> None:
        """Select one; ranges begin there."""
        self.anchor = key
        self.set((key,))

    def toggle(self, key: int) -> None:
        """Add one at the end, or take it out; ranges begin there."""
        self.anchor = key
        if key in self._chosen:
            self.set(other for other in self.order if other != key)
        else:
            self.set((*self.order, key))

    def extend(self, key: int, shown: Sequence[int], rows: tuple[int, int], *, add: bool) -> None:
        """Select a range: from the anchor to ``key``, whose rows are given.

        Args:
            key: the end that was clicked.
            shown: all keys in the order in which they are shown.
            rows: of the anchor and of ``key``.
            add: keep what is selected outside the range, too.
        """
        first, last = min(rows), max(rows)
        span = shown[first : last + 1]
        if self.anchor is None:
            self.anchor = key
        self.narrow((*self.order, *span) if add else span)

    def invert(self, shown: Iterable[int]) -> None:
        """Select what is shown and not selected; what is selected and not shown stays."""
        keys = list(shown)
        visible = set(keys)
        hidden = [key for key in self.order if key not in visible]
        self.set((*hidden, *(key for key in keys if key not in self._chosen)))

    def drop(self, gone: Iterable[int]) -> None:
        """Images are not there any more."""
        away = set(gone)
        if self.anchor in away:
            self.anchor = None
        if not away.isdisjoint(self._chosen):
            self.set(key for key in self.order if key not in away)

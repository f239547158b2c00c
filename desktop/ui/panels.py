"""Which of history, gallery and conversation are seen: all where there is room, one where there is little.

A guest, such as the spending page, takes the place of gallery and conversation while it is there.
"""

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QSplitter, QWidget

FOLD_HISTORY_BELOW_PX = 1080
FOLD_GALLERY_BELOW_PX = 760
"""Below this the conversation alone is seen; a panel that is unfolded takes its place."""


class Panels(QObject):
    """Folds and unfolds the two panels beside the conversation, and keeps the widths that the user gave them.

    Attributes:
        is_single: there is room for one of the three only.

    Signals:
        changed(): other panels are seen now.
        moved(): they have other widths.
    """

    changed = Signal()
    moved = Signal()

    def __init__(
        self, splitter: QSplitter, *, history: QWidget, gallery: QWidget, page: QWidget, widths: Sequence[int]
    ) -> None:
        """Arrange what ``splitter`` holds in this order; ``widths`` in px are those of the two panels."""
        super().__init__(splitter)
        self._splitter = splitter
        self._history, self._gallery, self._page = history, gallery, page
        self._widths = list(widths[:2])
        self._pushed: QWidget | None = None
        self._guest: QWidget | None = None
        self._open = {history: True, gallery: True}
        self._wanted = (True, True)
        self.is_single = False
        splitter.splitterMoved.connect(self._on_moved)
        self._apply_widths()

    def widths(self) -> tuple[int, ...]:
        """Widths of the three in px, for the next start: of the panels as the user left them."""
        return (*self._widths, max(self._page.width(), 1))

    def restore(self, widths: Sequence[int]) -> None:
        """Take over what `widths` told once; anything else is ignored."""
        if len(widths) == 3 and all(width > 0 for width in widths):
            self._widths = list(widths[:2])
            self._apply_widths()

    @property
    def wanted(self) -> tuple[bool, bool]:
        """Whether history and gallery are unfolded where there is room for all three, for the next start."""
        return self._wanted

    def unfold(self, *, history: bool, gallery: bool) -> None:
        """Take over what `wanted` told once; in a narrow window its width decides."""
        self._wanted = (history, gallery)
        if self._window_px() >= FOLD_HISTORY_BELOW_PX:
            self._show(history=history, gallery=gallery)

    def fit(self, before_px: int, now_px: int) -> None:
        """The window's width was ``before_px`` (below 0: unknown) and is ``now_px``.

        Only where a limit is crossed something folds: what the user folds or unfolds by hand stays so.
        """
        was_single, self.is_single = self.is_single, now_px < FOLD_GALLERY_BELOW_PX
        history = self._seen(self._history, FOLD_HISTORY_BELOW_PX, before_px, now_px)
        gallery = self._seen(self._gallery, FOLD_GALLERY_BELOW_PX, before_px, now_px)
        if self.is_single and not was_single:
            history = gallery = False
        elif now_px >= FOLD_HISTORY_BELOW_PX:
            gallery = gallery or self._pushed is self._gallery
            history = history or self._pushed is self._history
        elif history and gallery:
            gallery, self._pushed = False, self._gallery
        if self.is_single or now_px >= FOLD_HISTORY_BELOW_PX:
            self._pushed = None
        self._show(history=history, gallery=gallery)

    def toggle_history(self) -> None:
        """Fold the history, or unfold it."""
        self._toggle(self._history, other=self._gallery)

    def toggle_gallery(self) -> None:
        """Fold the gallery, or unfold it; from a guest the way leads to the gallery."""
        if self._guest is not None:
            self._guest.hide()
            self._guest, self._open[self._gallery] = None, False
        self._toggle(self._gallery, other=self._history)

    def show_page(self) -> None:
        """Let the conversation be seen."""
        self.send_off()
        if self.is_single:
            self._show(history=False, gallery=False)

    @property
    def guest(self) -> QWidget | None:
        """What has the place of gallery and conversation; None for themselves."""
        return self._guest

    def receive(self, guest: QWidget) -> None:
        """Let ``guest`` have the place of gallery and conversation until `send_off` or `show_page`."""
        if self._splitter.indexOf(guest) < 0:
            self._splitter.addWidget(guest)
            self._splitter.setStretchFactor(self._splitter.indexOf(guest), 1)
        self._guest = guest
        self._show(
            history=self._open[self._history] and not self.is_single, gallery=self._open[self._gallery]
        )

    def send_off(self) -> None:
        """Let gallery and conversation be seen again as they were."""
        if self._guest is not None:
            self._guest.hide()
            self._guest = None
            self._show(history=self._open[self._history], gallery=self._open[self._gallery])

    def _toggle(self, panel: QWidget, *, other: QWidget) -> None:
        unfolds = not self._open[panel]
        shown = {panel: unfolds, other: self._open[other]}
        if unfolds and shown[other] and self._window_px() < FOLD_HISTORY_BELOW_PX:
            # Two panels would leave the conversation too little; the other one comes back afterwards.
            shown[other] = False
            self._pushed = None if self.is_single else other
        elif not unfolds and self._pushed is other:
            shown[other] = True
            self._pushed = None
        self._show(history=shown[self._history], gallery=shown[self._gallery])

    def _seen(self, panel: QWidget, limit_px: int, before_px: int, now_px: int) -> bool:
        crossed = before_px < 0 or (before_px < limit_px) != (now_px < limit_px)
        return now_px >= limit_px if crossed else self._open[panel]

    def _show(self, *, history: bool, gallery: bool) -> None:
        self._open = {self._history: history, self._gallery: gallery}
        if self._window_px() >= FOLD_HISTORY_BELOW_PX:
            self._wanted = (history, gallery)
        alone = self._guest is None
        self._history.setVisible(history)
        self._gallery.setVisible(gallery and alone)
        self._page.setVisible(alone and not (self.is_single and (history or gallery)))
        if self._guest is not None:
            self._guest.setVisible(not (self.is_single and history))
        self._apply_widths()
        self.changed.emit()

    def _apply_widths(self) -> None:
        rest = max(self._splitter.width() - sum(self._widths), 1)
        self._splitter.setSizes([*self._widths, *[rest] * (self._splitter.count() - 2)])

    def _on_moved(self) -> None:
        if self.is_single:
            return
        for at, (panel, size) in enumerate(
            zip((self._history, self._gallery), self._splitter.sizes()[:2], strict=True)
        ):
            if not panel.isHidden() and size > 0:
                self._widths[at] = size
        self.moved.emit()

    def _window_px(self) -> int:
        return self._splitter.window().width()

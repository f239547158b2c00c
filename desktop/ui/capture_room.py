"""Capturing, joined: who wants it, the picture, the overlay over it, and what becomes of what was chosen."""

from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, QStandardPaths, QTimer, Signal
from PySide6.QtGui import QCursor, QGuiApplication, QImage
from PySide6.QtWidgets import QWidget

from desktop.capture.shots import Shot
from desktop.core.capturing import CaptureRequest, capture_name
from desktop.core.problem_text import Remedy
from desktop.core.problems import Problem
from desktop.core.text import _, printable
from desktop.tasks.delivery import Delivery
from desktop.tasks.handover import Handover
from desktop.ui.budget_guard import BudgetGuard
from desktop.ui.capture.captured import Captured
from desktop.ui.capture.countdown import Countdown
from desktop.ui.capture_recent import CaptureRecent
from desktop.ui.capture_terms import overlay_terms
from desktop.ui.coming_forward import come_forward
from desktop.ui.composer_parts import Parts
from desktop.ui.file_dialog import choose_new_file
from desktop.ui.outside import Outside
from desktop.ui.staying import Staying
from desktop.ui.window_parts import WindowParts

if TYPE_CHECKING:
    # Imported with the first capture: together they are a twentieth of the start.
    from desktop.capture.capturer import Capturer
    from desktop.ui.capture.overlays import CaptureOverlays
    from desktop.ui.capture_asking import CaptureAsking

_HIDDEN_MS = 300
"""So long after the window was hidden it may still be seen: compositors let windows fade away."""
_RECENT_PX = 96
_HOLDER, _CLIPBOARD = "capture", "clipboard"
_CLIPBOARD_ENDS_WITH_US = frozenset({"xcb", "wayland", "wayland-egl"})


class CaptureRoom(QObject):
    """One capture at a time, from the wish to its end.

    Signals:
        ended(): nothing is being captured any more.
    """

    ended = Signal()

    def __init__(
        self,
        window: QWidget,
        parts: Parts,
        widgets: WindowParts,
        *,
        guard: Callable[[], BudgetGuard],
        staying: Staying,
        open_conversation: Callable[[int], object],
        open_image: Callable[[int], object],
        act: Callable[[Remedy], object],
    ) -> None:
        """Join it with the window.

        Args:
            window: the main window, which comes forward with what it alone can show.
            parts: what is at hand.
            widgets: those with a button to capture.
            guard: asks before a question goes over the budget.
            staying: keeps the program alive between two windows.
            open_conversation: shows a conversation in the main window.
            open_image: shows an image of the gallery there, large.
            act: does what a problem offers, there.
        """
        super().__init__(window)
        self._open_conversation = open_conversation
        self._open_image = open_image
        self._act = act
        self._window = window
        self._parts = parts
        self._staying = staying
        self._delivery = Delivery(self)
        self._guard = guard
        self._capturer: Capturer | None = None
        self._asking: CaptureAsking | None = None
        self._countdown = Countdown(self)
        self._countdown.over.connect(self._take)
        self._countdown.cancelled.connect(self._end)
        self._request = CaptureRequest()
        self._taking: Future[Shot] | None = None
        self._overlays: CaptureOverlays | None = None
        self._hid_window = False
        self._held = 0
        QGuiApplication.clipboard().dataChanged.connect(self._on_clipboard)
        self._recent = CaptureRecent(parts.gallery, parts.backend.captures.folder, parts.pixmap, self)
        widgets.gallery.header.capture_requested.connect(self.capture_from_window)
        widgets.composer.capture_requested.connect(self.capture_region)

    def join(self, outside: Outside) -> None:
        """Let further launches, the shortcut and the tray capture, and the tray show what was captured."""
        outside.capture_wanted.connect(self.capture)
        outside.desktop.capture_wanted.connect(self.capture)
        outside.desktop.recent_wanted.connect(self._on_recent)
        self._recent.changed.connect(outside.desktop.show_recent)

    def capture_region(self) -> None:
        """As the window's button does."""
        self.capture_from_window(CaptureRequest())

    def capture_from_window(self, request: CaptureRequest) -> None:
        """Capture what lies behind the window, which is away meanwhile."""
        if self._is_busy():
            self._overlays_forward()
            return
        self._hid_window = self._window.isVisible()
        self._staying.hold(_HOLDER)
        self._window.hide()
        self.capture(request, after_ms=_HIDDEN_MS)

    def capture(self, request: CaptureRequest, *, after_ms: int = 0) -> None:
        """Capture the screens as they are; a wish while another one is being done leads there."""
        if self._is_busy():
            self._overlays_forward()
            return
        self._request = request
        self._staying.hold(_HOLDER)
        if request.delay_s > 0:
            self._countdown.begin(request.delay_s)
        else:
            QTimer.singleShot(after_ms, self, self._take)

    def close(self) -> None:
        """End whatever is being done; idempotent."""
        self._delivery.close()
        self._countdown.end()
        if self._overlays is not None:
            self._overlays.close()
        if self._capturer is not None:
            self._capturer.close()

    def come_forward(self) -> None:
        """Bring the main window to the front."""
        come_forward(self._window, Handover())

    def _on_conversation(self, conversation_id: int) -> None:
        self.come_forward()
        self._open_conversation(conversation_id)

    def _on_recent(self, key: int) -> None:
        self.come_forward()
        if key in self._parts.gallery.entries:
            self._open_image(key)

    def _on_remedy(self, remedy: Remedy) -> None:
        self.come_forward()
        self._act(remedy)

    def _is_busy(self) -> bool:
        return self._taking is not None or self._overlays is not None

    def _overlays_forward(self) -> None:
        if self._overlays is not None:
            self._overlays.show()

    def _take(self) -> None:
        from desktop.capture.capturer import Capturer  # noqa: PLC0415

        if not self._is_busy():
            self._capturer = self._capturer or Capturer(self)
            self._taking = self._capturer.take()
            self._delivery.follow(self._taking, self._on_shot, self._on_failed)

    def _asked(self) -> "CaptureAsking":
        """Who asks about captures, made for the first one."""
        from desktop.ui.capture_asking import CaptureAsking  # noqa: PLC0415

        if self._asking is None:
            parts = self._parts
            self._asking = CaptureAsking(
                parts.backend,
                parts.choice,
                parts.conversation,
                guard=self._guard,
                staying=self._staying,
                parent=self,
            )
            self._asking.conversation_wanted.connect(self._on_conversation)
            self._asking.remedy_wanted.connect(self._on_remedy)
        return self._asking

    def _on_shot(self, shot: Shot) -> None:
        from desktop.ui.capture.overlays import CaptureOverlays  # noqa: PLC0415

        self._taking = None
        overlays = CaptureOverlays(shot, self._request, overlay_terms(self._parts), self)
        overlays.asked.connect(self._on_asked)
        overlays.copied.connect(self._on_copied)
        overlays.saved.connect(self._on_saved)
        overlays.kept.connect(self._on_kept)
        overlays.left.connect(self._end)
        self._overlays = overlays
        overlays.show()

    def _on_failed(self, trouble: Problem) -> None:
        self._taking = None
        self._end()
        self.come_forward()
        self._parts.messages.show(trouble)

    def _on_asked(self, captured: Captured) -> None:
        self._close_overlays()
        asking = self._asked()
        talk = asking.begin(captured, _available_here())
        self._keep(
            captured,
            lambda path: asking.ask(talk, path),
            lambda trouble: asking.fail(talk, trouble),
            listed=not talk.conversation.private,
        )
        self._end()

    def _on_copied(self, captured: Captured) -> None:
        self._close_overlays()
        self._put_on_clipboard(captured, self._end)
        self._keep_beside(captured)

    def _on_saved(self, captured: Captured) -> None:
        self._close_overlays()
        self._keep_beside(captured)
        saved = self._hold()
        # Another capture may begin while the dialog is open.
        self._end()
        pictures = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.PicturesLocation)
        name = capture_name(captured.title, captured.at.astimezone())
        path = choose_new_file(
            None,
            title=_("Save the captured picture"),
            path=Path(pictures) / f"{name}.png",
            filters=[_("PNG image (*.png)")],
        )
        if path is None:
            saved()
            return

        def on_written(path: Path) -> None:
            said = _("The picture was saved as “{name}”.").format(name=printable(path.name))
            self._parts.messages.say(said)
            saved()

        def on_trouble(trouble: Problem) -> None:
            self._on_not_written(trouble)
            saved()

        self._parts.backend.captures.write(captured.image, captured.edits, path, on_written, on_trouble)

    def _on_not_written(self, trouble: Problem) -> None:
        self.come_forward()
        self._parts.messages.show(trouble)

    def _on_kept(self, captured: Captured) -> None:
        self._close_overlays()
        self._keep(captured, lambda _path: self.come_forward(), select=True)
        self._end()

    def _keep_beside(self, captured: Captured) -> None:
        """What is copied or saved is in the gallery too, but for what is done in a private conversation."""
        if not self._parts.conversation.current.private:
            self._keep(captured, lambda _path: None)

    def _keep(
        self,
        captured: Captured,
        kept: Callable[[Path], None],
        failed: Callable[[Problem], None] | None = None,
        *,
        select: bool = False,
        listed: bool = True,
    ) -> None:
        """Make it a file and, if ``listed``, an image of the gallery.

        What cannot be a file is at least on the clipboard.
        """
        over = self._hold()

        def on_file(path: Path) -> None:
            if listed:
                self._list(captured, path, select=select)
            kept(path)
            over()

        def on_trouble(trouble: Problem) -> None:
            self._put_on_clipboard(captured, lambda: None)
            if failed is not None:
                failed(trouble)
            else:
                self._on_not_written(trouble)
            over()

        captures = self._parts.backend.captures
        captures.keep(captured.image, captured.edits, captured.title, captured.at, on_file, on_trouble)

    def _list(self, captured: Captured, path: Path, *, select: bool) -> None:
        known = {path: {"edits": captured.edits}}
        self._parts.gallery.add([path], select=select, known=known)
        self._parts.backend.captures.thumbnail(
            captured.image, captured.edits, _RECENT_PX, partial(self._recent.take_picture, path)
        )

    def _hold(self) -> Callable[[], None]:
        """Go on until the returned is called, though there may be no window: something is being written."""
        self._held += 1
        who = f"{_HOLDER} {self._held}"
        self._staying.hold(who)
        return lambda: self._staying.release(who)

    def _put_on_clipboard(self, captured: Captured, then: Callable[[], None]) -> None:
        def put(image: QImage) -> None:
            QGuiApplication.clipboard().setImage(image)
            self._stay_for_clipboard()
            then()

        self._parts.backend.captures.finish(captured.image, captured.edits, put)

    def _stay_for_clipboard(self) -> None:
        """Where programs give out what they copied themselves, nobody could paste it after our end."""
        if QGuiApplication.platformName() in _CLIPBOARD_ENDS_WITH_US:
            self._staying.hold(_CLIPBOARD)

    def _on_clipboard(self) -> None:
        if not QGuiApplication.clipboard().ownsClipboard():
            self._staying.release(_CLIPBOARD)

    def _close_overlays(self) -> None:
        overlays, self._overlays = self._overlays, None
        if overlays is not None:
            overlays.close()
            overlays.deleteLater()

    def _end(self) -> None:
        self._close_overlays()
        if self._hid_window:
            self._hid_window = False
            self._window.show()
        self._staying.release(_HOLDER)
        self.ended.emit()


def _available_here() -> QRect:
    """The part of the screen at the pointer that windows may cover."""
    screen = QGuiApplication.screenAt(QCursor.pos()) or QGuiApplication.primaryScreen()
    return screen.availableGeometry()

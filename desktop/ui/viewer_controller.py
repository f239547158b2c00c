"""Joins the viewer with the gallery: which image is seen, what is done to it, and what is asked about it."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QPixmap

from desktop.core.edits import Edits
from desktop.core.model import Detail
from desktop.core.pages import is_animated
from desktop.core.pointed_at import last_pointings
from desktop.core.pointing import Pointing
from desktop.core.problem_text import sentence
from desktop.core.problems import Code, Problem
from desktop.core.text import _
from desktop.tasks.backend import Backend
from desktop.ui.choice import Choice
from desktop.ui.conversation_state import ConversationState
from desktop.ui.gallery_state import Entry, GalleryState
from desktop.ui.viewer.at_hand import PictureAtHand
from desktop.ui.viewer.edit_history import EditHistory
from desktop.ui.viewer.figures import Viewed, shrunk
from desktop.ui.viewer.found_state import Warned
from desktop.ui.viewer.other_models import show_other_models
from desktop.ui.viewer.page import ViewerPage
from desktop.ui.viewer.panel_state import Act, panel_state
from desktop.ui.viewer.sent_before import SentBefore


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What the viewer is about.

    Attributes:
        backend: everything behind the window.
        gallery: the images at hand.
        conversation: the one at hand, for images that were sent.
        choice: model and detail.
        thumbnail: the gallery's thumbnail of an entry, until the picture is there.
        prompt: what is being written, for weaknesses of models that it touches.
    """

    backend: Backend
    gallery: GalleryState
    conversation: ConversationState
    choice: Choice
    thumbnail: Callable[[int], QPixmap | None]
    prompt: Callable[[], str]


class ViewerController(QObject):
    """Shows one image at a time among the gallery's usable ones, or among those of a question.

    Signals:
        opened: the viewer is to be seen.
        closed(object): it is left; the key of the image that was seen, or None.
        ask_wanted(int): the user wants to ask about this image.
    """

    opened = Signal()
    closed = Signal(object)
    ask_wanted = Signal(int)

    def __init__(self, around: Around, page: ViewerPage) -> None:
        super().__init__(page)
        self._around = around
        self._page = page
        self._key: int | None = None
        self._shown_source = ""
        self._histories: dict[int, EditHistory] = {}
        self._view = PictureAtHand(around.backend, page, prompt=around.prompt, parent=self)
        self._sent_before = SentBefore(around.backend, page, parent=self)
        self._refresh_soon = QTimer(self, singleShot=True, interval=0)
        self._refresh_soon.timeout.connect(self._refresh)
        self._connect()

    def open(self, key: int) -> None:
        """Show an image of the gallery."""
        entry = self._around.gallery.entries.get(key)
        if entry is not None and entry.problem is None:
            self._sent_before.leave()
            self._show(key)
            self.opened.emit()

    def open_sent(self, attachment_id: int) -> None:
        """Show an image of the conversation at hand as it was sent, and what the last answer points at."""
        self._open_sent(attachment_id, None)

    def show_pointing(self, attachment_id: int, pointing: Pointing) -> None:
        """Show an image of the conversation at hand with the places that an answer names on it."""
        self._open_sent(attachment_id, pointing)

    def _open_sent(self, attachment_id: int, pointing: Pointing | None) -> None:
        current = self._around.conversation.current
        for message in current.messages:
            for attachment in message.attachments:
                if attachment.id == attachment_id and attachment.sent is not None:
                    self._leave_entry()
                    model = self._around.backend.catalog.model(message.model or self._around.choice.model.id)
                    pointings = last_pointings(current, message)
                    if pointing is not None:
                        pointings[attachment_id] = pointing
                    self._sent_before.show(message.attachments, attachment, model, pointings)
                    self.opened.emit()
                    return

    def close(self) -> None:
        """Leave the viewer, if it is open."""
        if self._key is None and not self._sent_before.is_open:
            return
        key = self._key
        self._leave_entry()
        self._sent_before.leave()
        self.closed.emit(key)

    def _connect(self) -> None:
        page, around = self._page, self._around
        page.left.connect(self.close)
        page.stepped.connect(self._on_stepped)
        page.undo_requested.connect(lambda: self._travel(EditHistory.undone))
        page.redo_requested.connect(lambda: self._travel(EditHistory.redone))
        page.frames.chosen.connect(self._on_frame)
        page.toolbar.ask_clicked.connect(self._on_ask)
        page.panel.reset_requested.connect(lambda: self._edit(Edits()))
        page.canvas.edited.connect(self._edit)
        page.panel.detail_chosen.connect(self._on_detail)
        page.panel.act_requested.connect(self._on_act)
        page.panel.warning_acted.connect(self._on_warning_acted)
        page.panel.other_models_requested.connect(self._on_other_models)
        self._view.edited.connect(self._edit)
        self._view.failed.connect(self._on_failed)
        self._view.changed.connect(self._refresh_soon.start)
        around.gallery.updated.connect(self._on_updated)
        around.gallery.removed.connect(self._on_removed)
        around.choice.changed.connect(self._refresh_soon.start)
        around.backend.prices.loaded.connect(self._refresh_soon.start)
        around.backend.spending.learned_changed.connect(self._refresh_soon.start)
        around.backend.settings.changed.connect(self._refresh_soon.start)
        app = QGuiApplication.instance()
        if isinstance(app, QGuiApplication):
            app.applicationStateChanged.connect(self._on_application)

    @property
    def _entry(self) -> Entry | None:
        return None if self._key is None else self._around.gallery.entries.get(self._key)

    def _keys(self) -> list[int]:
        """The usable ones as the gallery shows them, and the one at hand, which may not be among them."""
        gallery = self._around.gallery
        keys = [key for key in gallery.shown if gallery.entries[key].problem is None or key == self._key]
        return keys if self._key in keys or self._key is None else [self._key, *keys]

    def _show(self, key: int) -> None:
        self._key = key
        self._shown_source = ""
        self._page.show_message("")
        self._page.set_read_only(on=False)
        self._show_entry()

    def _show_entry(self) -> None:
        """The picture itself: the entry at hand is another, or its file is."""
        entry = self._entry
        if entry is None:
            return
        keys = self._keys()
        self._page.toolbar.show_title(entry.name, keys.index(entry.key) + 1, len(keys))
        facts = entry.facts
        if facts is None:
            self._view.clear()
            self._page.panel.clear()
            self._page.frames.show_frame(0, 1)
            self._page.show_message(sentence(entry.problem) if entry.problem else "")
            return
        self._shown_source = facts.source_id
        self._page.frames.show_frame(entry.page, facts.frames if is_animated(facts) else 1)
        self._view.show(facts, None if entry.edits else self._around.thumbnail(entry.key))
        # It may have been edited elsewhere since it was seen last.
        history = self._histories.get(entry.key, EditHistory((entry.edits,)))
        self._histories[entry.key] = history.pushed(entry.edits)
        self._refresh()

    def _leave_entry(self) -> None:
        self._key = None
        self._refresh_soon.stop()
        self._view.clear()

    def _viewed(self) -> Viewed | None:
        entry, around = self._entry, self._around
        if entry is None or entry.facts is None:
            return None
        model = around.choice.model
        return Viewed(
            image=entry.facts,
            edits=entry.edits,
            selector=around.choice.detail,
            own_detail=entry.detail,
            model=model,
            rates=around.backend.prices.rates(model),
            learned=around.backend.spending.learned(model),
        )

    def _refresh(self) -> None:
        viewed = self._viewed()
        if viewed is None or self._key is None:
            return
        self._view.show_viewed(viewed)
        self._page.panel.show_state(panel_state(replace(viewed, sent=self._view.sizes())))
        history = self._histories[self._key]
        toolbar = self._page.toolbar
        toolbar.set_undo(can_undo=history.can_undo, can_redo=history.can_redo)
        toolbar.set_ask_text(_("Ask about this part") if viewed.edits.region else _("Ask about this"))

    def _edit(self, edits: Edits) -> None:
        """The user made one step."""
        if self._key is not None and self._entry is not None:
            self._histories[self._key] = self._histories[self._key].pushed(edits)
            self._around.gallery.set_edits(self._key, edits)

    def _travel(self, step: Callable[[EditHistory], EditHistory]) -> None:
        if self._key is not None and self._entry is not None:
            history = self._histories[self._key] = step(self._histories[self._key])
            self._around.gallery.set_edits(self._key, history.now)

    def _on_updated(self, keys: list[int]) -> None:
        entry = self._entry
        if entry is None or entry.key not in keys:
            return
        if entry.facts is None or entry.facts.source_id != self._shown_source:
            self._show_entry()
            return
        # Edits may also come from elsewhere, for example a remedy of the composer.
        self._histories[entry.key] = self._histories[entry.key].pushed(entry.edits)
        self._refresh_soon.start()

    def _on_removed(self, keys: list[int]) -> None:
        for key in keys:
            self._histories.pop(key, None)
        if self._key in keys:
            self.close()

    def _on_stepped(self, step: int) -> None:
        if self._key is None:
            self._sent_before.step(step)
            return
        keys = self._keys()
        at = keys.index(self._key) + step
        if 0 <= at < len(keys):
            self._show(keys[at])

    def _on_frame(self, frame: int) -> None:
        if self._key is not None:
            self._around.gallery.set_page(self._key, frame)

    def _on_detail(self, detail: Detail | None) -> None:
        if self._key is not None:
            # The selector's own level is no level of this picture's own.
            own = None if detail is self._around.choice.shown_detail() else detail
            self._around.gallery.set_detail(self._key, own)

    def _on_act(self, act: Act) -> None:
        viewed = self._viewed()
        if viewed is None:
            return
        edits = viewed.edits
        if act is Act.USE_HIGH:
            self._on_detail(Detail.HIGH)
        elif act is Act.CROP:
            self._edit(replace(edits, region=None, crop=edits.region))
        else:
            self._edit(shrunk(viewed) or edits)

    def _on_warning_acted(self, warning: Warned) -> None:
        entry = self._entry
        if warning.detail is not None:
            self._on_detail(warning.detail)
        elif entry is not None:
            turns = (entry.edits.quarter_turns + warning.quarter_turns) % 4
            self._edit(replace(entry.edits, quarter_turns=turns))

    def _on_other_models(self) -> None:
        viewed = self._viewed()
        if viewed is not None:
            show_other_models(self._page.window(), viewed, self._around.backend)

    def _on_ask(self) -> None:
        key = self._key
        if key is not None:
            self.close()
            self.ask_wanted.emit(key)

    def _on_failed(self, trouble: Problem) -> None:
        """The file is not what it was, or is gone: look at it anew, and say so."""
        changed = trouble.code is Code.IMAGE_CHANGED
        text = _("The file has changed on the disk. This is what it holds now.")
        self._page.show_message(text if changed else sentence(trouble))
        if self._key is not None:
            self._around.gallery.inspect_again((self._key,))

    def _on_application(self, state: Qt.ApplicationState) -> None:
        # The file may have been edited in another program meanwhile.
        if state is Qt.ApplicationState.ApplicationActive and self._key is not None:
            self._view.check_again()

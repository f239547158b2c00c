"""A question as a bubble at the right: its images with their tokens, then its text."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QEnterEvent, QGuiApplication, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QMenu, QSizePolicy, QVBoxLayout, QWidget

from desktop.core.compat import override
from desktop.core.model import ON_DEVICE, Attachment, Message
from desktop.core.request import notes
from desktop.core.text import _, format_count, ngettext
from desktop.ui import theme
from desktop.ui.conversation.answer_view import QuestionText
from desktop.ui.conversation.quiet_button import QuietButton
from desktop.ui.conversation.thumb import MoreButton, Thumb
from desktop.ui.conversation.version_flipper import VersionFlipper
from desktop.ui.widgets.buttons import button
from desktop.ui.widgets.flow import FlowLayout
from desktop.ui.widgets.labels import label

MOST_THUMBS = 12
"""More images than these are folded, unless there is only one more."""

_PART_OF_WIDTH = 0.75
_SURELY_WRAPS = 2000


class QuestionBubble(QWidget):
    """One question; as wide as it needs, up to three quarters of the row.

    Attributes:
        thumbs: its images, in order, without those that are folded away.

    Signals:
        unfolding(QuestionBubble): it is about to become taller.
        thumbnails_needed: attachments whose pictures are to be given to `Thumb.set_pixmap`.
        attachment_opened(int): an image is to be seen large; its id.
        code_requested(int, str): the question of this id is wanted as code, ``curl`` or ``python``.
        edit_requested(int): the question of this id is to be asked in other words.
        version_chosen(int): another version of it; its id.
        comparison_opened(int): it was put to others, too, and they are to be seen beside it; its id.
    """

    comparison_opened = Signal(int)

    unfolding = Signal(object)
    thumbnails_needed = Signal(list)
    attachment_opened = Signal(int)
    code_requested = Signal(int, str)
    edit_requested = Signal(int)
    version_chosen = Signal(int)

    def __init__(self, message: Message) -> None:
        super().__init__()
        self.message = message
        self.thumbs: list[Thumb] = []
        self._more: MoreButton | None = None
        self._folds = True
        self._shown_text: str | None = None
        self.setAccessibleName(_("Question"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._frame = QFrame()
        self._frame.setProperty("kind", "bubble")
        self._frame.setSizePolicy(QSizePolicy.Policy.Maximum, QSizePolicy.Policy.Fixed)
        self._pictures = QWidget()
        self._pictures.hide()
        self._flow = FlowLayout(self._pictures, gap_px=theme.current().metric("bubble_thumb_gap"))
        self._notes = label("", "small")
        self._notes.setWordWrap(True)
        self._notes.hide()
        self._text = QuestionText()
        self._offered = False
        self._edit = QuietButton("pencil", _("Edit and ask again"))
        self._edit.clicked.connect(lambda: self.edit_requested.emit(self.message.id))
        self._copy = QuietButton("copy", _("Copy question"))
        self._copy.clicked.connect(self._on_copy)
        self._more_actions = QuietButton("ellipsis", _("More"))
        self._more_actions.clicked.connect(self._open_menu)
        self._versions = VersionFlipper()
        self._versions.version_chosen.connect(self.version_chosen)
        self._compared = button("", icon="columns-2", kind="small")
        self._compared.clicked.connect(lambda: self.comparison_opened.emit(self.message.id))
        self._compared.hide()
        self._lay_out()
        self.show_message(message)

    @property
    def text_view(self) -> QuestionText:
        """Its text."""
        return self._text

    def take_width(self, width: int) -> int:
        """Be as wide as that; returns the height that it then needs."""
        if width != self.width():
            self.resize(width, self.height())
            self._fit()
        return self.sizeHint().height()

    def show_other(self, message: Message) -> None:
        """Show another question, as if it were made for it."""
        self._folds = True
        self._set_seen(False)
        self._text.set_search(None)
        self._versions.set_versions((), 0)
        self.show_message(message)

    def show_message(self, message: Message) -> None:
        """Show ``message``: the same question, perhaps with images and ids by now."""
        self.message = message
        self._show_images(message.attachments)
        said = notes(message, line=_("Image {number}: {note}"))
        self._notes.setText(said)
        self._notes.setVisible(bool(said))
        if self._shown_text != message.text:
            self._shown_text = message.text
            self._text.set_plain(message.text)
        self._text.setVisible(bool(message.text))
        self._show_buttons()
        self._fit()

    def _show_images(self, attachments: Sequence[Attachment]) -> None:
        folds = self._folds and len(attachments) > MOST_THUMBS + 1
        shown = attachments[:MOST_THUMBS] if folds else attachments
        while self._flow.takeAt(0) is not None:
            pass
        for gone in (*self.thumbs[len(shown) :], self._more):
            if gone is not None:
                gone.hide()
                gone.deleteLater()
        # What stands there stays: it may have its picture already.
        del self.thumbs[len(shown) :]
        for thumb, attachment in zip(self.thumbs, shown, strict=False):
            thumb.show_attachment(attachment)
        for attachment in shown[len(self.thumbs) :]:
            self.thumbs.append(thumb := Thumb(attachment))
            thumb.opened.connect(self.attachment_opened)
        self._more = MoreButton(len(attachments) - len(shown)) if folds else None
        if self._more is not None:
            self._more.clicked.connect(self._unfold)
        for widget in (*self.thumbs, self._more):
            if widget is not None:
                self._flow.addWidget(widget)
                # A layout shows new widgets later, and until then counts them as empty.
                widget.show()
        self._pictures.setVisible(bool(attachments))

    def ask_for_thumbnails(self) -> None:
        """Ask for the pictures that are there and not shown yet."""
        shown = (thumb.attachment for thumb in self.thumbs if thumb.pixmap() is None)
        wanted = [attachment for attachment in shown if attachment.sent is not None]
        if wanted:
            self.thumbnails_needed.emit(wanted)

    def _unfold(self) -> None:
        self.unfolding.emit(self)
        self._folds = False
        self._show_images(self.message.attachments)
        self._fit()
        self.ask_for_thumbnails()

    def _lay_out(self) -> None:
        look = theme.current()
        side, top = look.metric("bubble_padding"), look.metric("bubble_padding_top")
        inner = QVBoxLayout(self._frame)
        inner.setContentsMargins(side, top, side, top - 2)
        inner.setSpacing(8)
        inner.addWidget(self._pictures)
        inner.addWidget(self._notes)
        inner.addWidget(self._text)
        row = QHBoxLayout()
        row.setSpacing(4)
        row.addStretch()
        for made in (self._more_actions, self._edit, self._copy):
            made.setIconSize(QSize(16, 16))
            row.addWidget(made, 0, Qt.AlignmentFlag.AlignBottom)
        row.addWidget(self._frame)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addLayout(row)
        below = QHBoxLayout()
        below.setSpacing(6)
        below.addStretch()
        below.addWidget(self._compared)
        below.addWidget(self._versions)
        column.addLayout(below)

    def set_offered(self, offered: bool) -> None:
        """Whether somebody edits it when that is requested."""
        self._offered = offered
        self._show_buttons()

    def set_versions(self, ids: tuple[int, ...], current: int) -> None:
        """Offer other versions; more than one, ``current`` among them."""
        self._versions.set_versions(ids, current)

    def focus_versions(self) -> None:
        """The keyboard flips to yet another version."""
        self._versions.take_focus()

    def set_compared(self, others: int) -> None:
        """With how many others its answer is compared; 0 for none."""
        words = ngettext("Compared with {count} other", "Compared with {count} others", others)
        self._compared.setText(words.format(count=format_count(others)))
        self._compared.setVisible(others > 0)

    def _show_buttons(self) -> None:
        self._copy.setVisible(bool(self.message.text))
        self._edit.setVisible(self._offered and bool(self.message.id))
        self._more_actions.setVisible(self._can_be_code())

    def _set_seen(self, seen: bool) -> None:
        for made in (self._more_actions, self._edit, self._copy):
            made.set_seen(seen)

    def _fit(self) -> None:
        """Choose the bubble's width and the heights that follow from it; Qt alone would choose a square."""
        most = max(round(self.width() * _PART_OF_WIDTH), 160) - 2 * theme.current().metric("bubble_padding")
        pictures = self._flow.sizeHint().width() if self.thumbs else 0
        width = min(max(pictures, self._natural_width()), most)
        if self.thumbs:
            self._pictures.setFixedSize(width, self._flow.heightForWidth(width))
        self._notes.setFixedWidth(width)
        self._text.take_width(width)

    def _natural_width(self) -> int:
        """How wide the text is where it need not wrap; beyond some length it always must."""
        text = self.message.text
        if len(text) > _SURELY_WRAPS:
            return 1 << 20
        metrics = self._text.fontMetrics()
        widths = [metrics.horizontalAdvance(line) for line in text.splitlines()]
        small = self._notes.fontMetrics()
        widths += [small.horizontalAdvance(line) for line in self._notes.text().splitlines()]
        return max(widths, default=0) + 4

    def actions_menu(self) -> QMenu:
        """What can be done with the question."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        icon = theme.current().icon("copy")
        menu.addAction(icon, _("Copy question"), self._on_copy).setEnabled(bool(self.message.text))
        if self._can_be_code():
            menu.addSeparator()
            for language, text in (("curl", _("Copy as curl")), ("python", _("Copy as Python"))):
                menu.addAction(icon, text, partial(self.code_requested.emit, self.message.id, language))
        return menu

    def _can_be_code(self) -> bool:
        return bool(self.message.id) and self.message.model not in (None, ON_DEVICE)

    def _open_menu(self) -> None:
        self.actions_menu().popup(self._more_actions.mapToGlobal(self._more_actions.rect().bottomLeft()))

    def _on_copy(self) -> None:
        QGuiApplication.clipboard().setText(self.message.text)

    @override
    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        self.actions_menu().popup(event.globalPos())

    @override
    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    @override
    def enterEvent(self, event: QEnterEvent) -> None:
        self._set_seen(True)

    @override
    def leaveEvent(self, event: QEvent) -> None:
        self._set_seen(False)

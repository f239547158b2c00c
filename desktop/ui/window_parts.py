"""What the window is made of: its widgets, made and laid out, not yet joined to anything."""

from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QSplitter, QStackedWidget, QVBoxLayout, QWidget

from desktop.core.text import _
from desktop.ui import theme
from desktop.ui.compare.page import ComparePage
from desktop.ui.composer.composer import Composer
from desktop.ui.conversation.empty import EmptyPage
from desktop.ui.conversation.header import ConversationHeader
from desktop.ui.conversation.transcript import Transcript
from desktop.ui.gallery.model import Source
from desktop.ui.gallery.panel import GalleryPanel
from desktop.ui.history.panel import HistoryPanel
from desktop.ui.panels import Panels
from desktop.ui.viewer.page import ViewerPage
from desktop.ui.widgets.banner import Banner
from desktop.ui.widgets.buttons import IconButton, icon_button
from desktop.ui.widgets.notices import NoticeStack


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowParts:
    """The window's widgets, outermost first.

    Attributes:
        central: all of the window.
        stack: what fills it: `work`, or a page that takes its place.
        work: the banner above the three panels.
        banner: what the user should know all the time.
        splitter: history, gallery and page side by side.
        history: conversations.
        gallery: images.
        page: the conversation: header, `pages` and composer.
        header: its title and the model picker.
        unfold_history: shown in the header while the history is folded.
        unfold_gallery: the same for the gallery.
        pages: the transcript, the page before the first question, or the comparison.
        transcript: questions and answers.
        empty: the page before the first question.
        compare: answers side by side.
        composer: the next question.
        panels: which of the three are seen.
        viewer: one image, large.
        notices: float above everything.
    """

    central: QWidget
    stack: QStackedWidget
    work: QWidget
    banner: Banner
    splitter: QSplitter
    history: HistoryPanel
    gallery: GalleryPanel
    page: QWidget
    header: ConversationHeader
    unfold_history: IconButton
    unfold_gallery: IconButton
    pages: QStackedWidget
    transcript: Transcript
    empty: EmptyPage
    compare: ComparePage
    composer: Composer
    panels: Panels
    viewer: ViewerPage
    notices: NoticeStack


def build_window(images: Source) -> WindowParts:
    """Make all widgets of the window; ``images`` knows what the gallery shows."""
    banner, history, gallery = Banner("key-round", ""), HistoryPanel(), GalleryPanel(images)
    header, transcript, empty, composer = ConversationHeader(), Transcript(), EmptyPage(), Composer()
    unfold_history = icon_button("panel-left", _("Show history (Ctrl+B)"))
    unfold_gallery = icon_button("layout-grid", _("Show gallery (Ctrl+G)"))
    header.add_leading(unfold_history)
    header.add_leading(unfold_gallery)
    compare = ComparePage()
    pages = _stacked(empty, transcript, compare)
    page = _column(header, pages, composer, stretches=pages)
    page.setProperty("kind", "page")
    splitter = _side_by_side(history, gallery, page)
    work = _column(banner, splitter, stretches=splitter)
    viewer = ViewerPage()
    stack = _stacked(work, viewer)
    central = _column(stack, stretches=stack)
    look = theme.current()
    widths = look.metric("sidebar_width"), look.metric("gallery_width")
    return WindowParts(
        central=central,
        stack=stack,
        work=work,
        banner=banner,
        splitter=splitter,
        history=history,
        gallery=gallery,
        page=page,
        header=header,
        unfold_history=unfold_history,
        unfold_gallery=unfold_gallery,
        pages=pages,
        transcript=transcript,
        empty=empty,
        compare=compare,
        composer=composer,
        panels=Panels(splitter, history=history, gallery=gallery, page=page, widths=widths),
        viewer=viewer,
        # Wherever they float: never over the composer.
        notices=NoticeStack(central, (viewer.canvas_place, pages, gallery.body, history.body)),
    )


def _column(*widgets: QWidget, stretches: QWidget) -> QWidget:
    made = QWidget()
    column = QVBoxLayout(made)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(0)
    for widget in widgets:
        column.addWidget(widget, 1 if widget is stretches else 0)
    return made


def _stacked(*pages: QWidget) -> QStackedWidget:
    made = QStackedWidget()
    for page in pages:
        made.addWidget(page)
    return made


def _side_by_side(*panels: QWidget) -> QSplitter:
    made = QSplitter(Qt.Orientation.Horizontal)
    made.setHandleWidth(1)
    made.setChildrenCollapsible(False)
    for panel in panels:
        made.addWidget(panel)
    made.setStretchFactor(len(panels) - 1, 1)
    return made

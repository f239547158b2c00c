"""The picture, large: shown, zoomed, marked."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from desktop.core.edits import Area, Edits
from desktop.core.found_text import PageText
from desktop.core.image_tokens import ImageTokens


class Canvas(QWidget):
    """Shows one picture and lets it be edited.

    Signals:
        edited(Edits): the user finished one step.
        zoom_changed(float): 1 is 100 %.
        tool_changed(object): the tool in use, or None.
        view_changed(str): ``original`` or ``sent``; a tool switches to ``original``.
        detail_wanted(Area, float): this area of the page is shown with fewer pixels than the screen has; the
            number is pixels of the screen to one of the page.
        text_selected(str): found text that was selected; empty if none is.
        suggestion_clicked(int): which of the suggested areas.
    """

    edited = Signal(object)
    zoom_changed = Signal(float)
    tool_changed = Signal(object)
    view_changed = Signal(str)
    detail_wanted = Signal(object, float)
    text_selected = Signal(str)
    suggestion_clicked = Signal(int)

    def show_original(self, image: QImage, page_px: tuple[int, int]) -> None:
        """Show a page of which ``image`` holds all, in as many pixels as there are so far."""

    def show_detail(self, image: QImage, area: Area) -> None:
        """Show more pixels of an area of the page, after `detail_wanted`."""

    def clear(self) -> None:
        """Show nothing, until the next picture is there."""

    def set_edits(self, edits: Edits) -> None:
        """Show these edits."""

    def set_finished_size(self, out_px: tuple[int, int]) -> None:
        """Size in which the picture is sent; sizes of marks go by it."""

    def show_sent(self, image: QImage, grid: ImageTokens | None, *, region: bool = True) -> None:
        """Show what the model gets; ``region`` says whether the frame of the part is drawn over it."""

    def set_view(self, view: str) -> None:
        """Show ``original`` or ``sent``."""

    def set_tool(self, tool: str | None) -> None:
        """Take a tool in hand; None for the hand itself."""

    def set_found(self, found: PageText | None) -> None:
        """Outline the text that was found; None for none."""

    def set_suggested(self, areas: tuple[Area, ...]) -> None:
        """Areas that might be blacked out, dashed."""

    def zoom_in(self) -> None:
        """One step closer."""

    def zoom_out(self) -> None:
        """One step back."""

    def fit(self) -> None:
        """All of the picture."""

    def actual(self) -> None:
        """100 %."""

    def toggle_loupe(self) -> None:
        """Show or hide the loupe."""

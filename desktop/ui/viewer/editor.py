"""Editing one picture: the tool in hand, what is selected, and the gesture that goes on. No Qt.

Whoever has pointer and keys tells them in pixels of the page. Methods that finish a step return the edits it
ended with, or None where nothing has changed.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from desktop.core.edits import Area, Callout, Edits, Label, Point
from desktop.ui.viewer.items import (
    Box,
    Item,
    all_items,
    area_of,
    cropped,
    exists,
    handle_at,
    mark_of,
    moved,
    removed,
    turned,
    with_area,
    with_mark,
)
from desktop.ui.viewer.tools import WRITTEN, Gesture, Ground, begin, item_at, placed


@dataclass(frozen=True, slots=True)
class Reach:
    """What the pointer can take hold of.

    Attributes:
        px: how far beside a line or handle still counts, in pixels of the page.
        boxes: what labels and callouts cover in pixels of the page, by their place among the marks.
    """

    px: float
    boxes: Mapping[int, Box]


class Editor:
    """The state of editing.

    Attributes:
        page_px: width and height of the upright page.
        edits: as they were after the last finished step.
        tool: one of `tools.TOOL_KEYS`, or None for the hand.
        selected: what handles, arrow keys and Delete are for.
        is_writing: the selected label or callout is being typed.
    """

    def __init__(self) -> None:
        self.page_px = (1, 1)
        self.edits = Edits()
        self.tool: str | None = None
        self.selected: Item | None = None
        self.is_writing = False
        self._draft: Edits | None = None
        self._gesture: Gesture | None = None

    @property
    def now(self) -> Edits:
        """The edits with what is being done at present."""
        return self.edits if self._draft is None else self._draft

    @property
    def shown(self) -> Edits:
        """The edits to be shown: all of the page while it is being cropped."""
        return replace(self.now, crop=None) if self.tool == "crop" else self.now

    @property
    def crop(self) -> Area | None:
        """The crop that is being chosen; None unless the crop tool is in hand."""
        return self.now.crop if self.tool == "crop" else None

    @property
    def bounds(self) -> Area:
        """Where things may lie."""
        return self.shown.visible(*self.page_px)

    @property
    def in_gesture(self) -> bool:
        """Whether something is being drawn, moved or resized."""
        return self._gesture is not None

    def take_page(self, page_px: tuple[int, int]) -> None:
        """The page is of this size."""
        if page_px != self.page_px:
            self.page_px = page_px
            self._draft = self._crop_draft() if self.tool == "crop" else None

    def take_edits(self, edits: Edits) -> None:
        """The edits are these now, for example after undo."""
        if edits == self.edits:
            return
        self.edits, self._gesture, self.is_writing = edits, None, False
        self._draft = self._crop_draft() if self.tool == "crop" else None
        self._keep_selection()

    def take_tool(self, tool: str | None) -> Edits | None:
        """Take another tool; a crop that was being chosen is made."""
        if tool == self.tool:
            return None
        done = self.confirm() if self.tool == "crop" else self.finish()
        self.tool = tool
        if tool is not None:
            self.selected = Item("crop") if tool == "crop" else None
        if tool == "crop":
            self._draft = self._crop_draft()
        self._keep_selection()
        return done

    def press(self, at: Point, reach: Reach) -> bool:
        """The pointer went down; whether there was something to do for it."""
        self._gesture = begin(self.tool, self._ground(reach), at)
        if self._gesture is None:
            self.selected = None
            return False
        if not self._gesture.draws:
            self.selected = self._gesture.item
        return True

    def move(self, at: Point, *, even: bool) -> None:
        """The pointer moved; ``even`` keeps squares, and arrows at steps of 45 degrees."""
        if self._gesture is not None:
            self._come_to(self._gesture, at, even=even)

    def release(self, at: Point, reach: Reach, *, is_click: bool) -> Edits | None:
        """The pointer came up, where it went down if ``is_click``."""
        gesture, self._gesture = self._gesture, None
        if gesture is None:
            return None
        if is_click:
            self._click(gesture, at, reach)
        elif gesture.draws and self.tool in WRITTEN:
            self.is_writing = True
        return None if self.is_writing or self.tool == "crop" else self.finish()

    def escape(self) -> bool:
        """Leave the gesture, else what is selected, else the tool; whether there was something to leave."""
        if self._gesture is not None or self.is_writing:
            self._gesture, self.is_writing = None, False
            self._draft = self._crop_draft() if self.tool == "crop" else None
        elif self.tool == "crop":
            self.tool, self._draft = None, None
        elif self.selected is not None:
            self.selected = None
        elif self.tool is not None:
            self.tool = None
        else:
            return False
        self._keep_selection()
        return True

    def confirm(self) -> Edits | None:
        """Make the crop that was being chosen; the hand is taken then."""
        area = self.now.crop or Area(0, 0, *self.page_px)
        self.tool = None
        self._draft = cropped(self.edits, area, self.page_px)
        return self.finish()

    def reset_crop(self) -> None:
        """Choose all of the page."""
        self._draft = replace(self.now, crop=Area(0, 0, *self.page_px))

    def place(self, visible: Area) -> Edits | None:
        """Put what the tool makes into the middle of what is ``visible``."""
        if self.tool is None or self.tool == "crop":
            return None
        gesture = placed(self.tool, self._ground(Reach(0, {})), visible.inside(*self.page_px))
        self._come_to(gesture, ((visible.left + visible.right) / 2, (visible.top + visible.bottom) / 2))
        if self.tool in WRITTEN:
            self.is_writing = True
            return None
        return self.finish()

    def nudge(self, across: int, down: int) -> bool:
        """Move what is selected; `finish` ends the step."""
        if self.selected is None or self.is_writing:
            return False
        self._draft = moved(self.now, self.selected, across, down, self.bounds)
        return True

    def stretch(self, across: int, down: int) -> bool:
        """Move the lower right corner of what is selected; `finish` ends the step."""
        area = None if self.selected is None else area_of(self.now, self.selected)
        if area is None or self.selected is None:
            return False
        right = min(max(area.right + across, area.left + 1), self.bounds.right)
        bottom = min(max(area.bottom + down, area.top + 1), self.bounds.bottom)
        self._draft = with_area(self.now, self.selected, Area(area.left, area.top, right, bottom))
        return True

    def finish(self) -> Edits | None:
        """End a step that went on; a crop stays being chosen."""
        if self._draft is None or self.tool == "crop":
            return None
        before, self.edits, self._draft = self.edits, self._draft, None
        self._keep_selection()
        return self.edits if self.edits != before else None

    def delete(self) -> Edits | None:
        """Remove what is selected."""
        if self.selected is None or self.selected.kind == "crop":
            return None
        self._draft, self.selected = removed(self.now, self.selected), None
        return self.finish()

    def turn(self, by: int) -> Edits:
        """Turn the picture by quarters, also while it is being cropped."""
        self.edits = turned(self.edits, by)
        self._draft = None if self._draft is None else turned(self._draft, by)
        return self.edits

    def select_next(self, step: int) -> bool:
        """Select the next thing there is, or the one before; whether there is any."""
        items = all_items(self.now)
        if not items or self.tool == "crop":
            return False
        at = items.index(self.selected) + step if self.selected in items else min(step, 0)
        self.selected = items[at % len(items)]
        return True

    def begin_writing(self, item: Item) -> bool:
        """Type the text of a label or callout; whether ``item`` is one."""
        if not isinstance(mark_of(self.now, item), Label | Callout):
            return False
        self.selected, self.is_writing, self._gesture = item, True, None
        return True

    def write(self, text: str) -> None:
        """What has been typed so far."""
        mark = mark_of(self.now, self.selected)
        if self.is_writing and self.selected is not None and isinstance(mark, Label | Callout):
            self._draft = with_mark(self.now, self.selected.index, replace(mark, text=text))

    def end_writing(self, text: str) -> Edits | None:
        """All of it has been typed; a label without words goes."""
        self.write(text.strip())
        self.is_writing = False
        mark = mark_of(self.now, self.selected)
        if isinstance(mark, Label) and not mark.text and self.selected is not None:
            self._draft, self.selected = removed(self.now, self.selected), None
        return self.finish()

    def item_at(self, at: Point, reach: Reach) -> Item | None:
        """What a press would move."""
        return item_at(self._ground(reach), at, self.tool)

    def handle_at(self, at: Point, reach: Reach) -> str | None:
        """The handle that a press would take."""
        held = Item("crop") if self.tool == "crop" else self.selected
        if held is None or not exists(self.now, held):
            return None
        return handle_at(self.now, held, at, reach.px * 1.5)

    def _click(self, gesture: Gesture, at: Point, reach: Reach) -> None:
        if gesture.draws and self.tool in WRITTEN:
            self._come_to(gesture, at)
            self.is_writing = True
            return
        self._draft = self._draft if self.tool == "crop" else None
        if gesture.draws and self.tool != "crop":
            self.selected = item_at(replace(self._ground(reach), selected=None), at)

    def _come_to(self, gesture: Gesture, at: Point, *, even: bool = False) -> None:
        self._draft, self.selected = gesture.change(at, even), gesture.item

    def _ground(self, reach: Reach) -> Ground:
        selected = self.selected if exists(self.now, self.selected) else None
        return Ground(self.now, self.bounds, reach.boxes, reach.px, selected)

    def _crop_draft(self) -> Edits:
        return replace(self.edits, crop=self.edits.visible(*self.page_px))

    def _keep_selection(self) -> None:
        if not exists(self.now, self.selected) or (self.selected == Item("crop") and self.tool != "crop"):
            self.selected = None

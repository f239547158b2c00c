"""Selecting in the gallery: an ordered selection by mouse and keys; and what is painted of it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from PySide6.QtCore import QEvent, QModelIndex, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QImage, QPixmap, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from desktop.ui import theme
from desktop.ui.gallery import tile_view
from desktop.ui.gallery.layout import Section
from desktop.ui.gallery.model import GalleryModel
from desktop.ui.gallery.tile_painter import asked_rect
from desktop.ui.gallery.view import GalleryView
from tests.helpers.tiles import Tiles, tile

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
NONE = Qt.KeyboardModifier.NoModifier


class Bench:
    """A view with tiles 10, 11, … in an active window, and what it told."""

    def __init__(self, qtbot: QtBot, tiles: Tiles, view: GalleryView) -> None:
        self.qtbot, self.tiles, self.model, self.view = qtbot, tiles, view.tiles, view
        self.told: list[list[int]] = []
        self.removals: list[list[int]] = []
        view.selection_changed.connect(self.told.append)
        view.remove_requested.connect(self.removals.append)

    def change(self, key: int, **values: Any) -> None:
        self.tiles[key] = tile(key, **values)
        self.model.refresh([key])

    def show(self, *keys: int) -> None:
        self.model.show([*range(10, 22), *keys])

    def index(self, key: int) -> QModelIndex:
        row = self.model.row(key)
        assert row is not None
        return self.model.index(row)

    def click(self, key: int, modifier: Qt.KeyboardModifier = NONE) -> None:
        at = self.view.visualRect(self.index(key)).center()
        self.qtbot.mouseClick(self.view.viewport(), Qt.MouseButton.LeftButton, modifier, at)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier = NONE) -> None:
        self.qtbot.keyClick(self.view, key, modifier)


@pytest.fixture
def bench(qtbot: QtBot, present: Callable[[QWidget], None]) -> Iterator[Bench]:
    tiles = Tiles(range(1000))
    model = GalleryModel(tiles.source())
    view = GalleryView(model)
    view.resize(451, 600)
    model.show(range(10, 22))
    present(view)
    yield Bench(qtbot, tiles, view)
    # The model must not go before its view.
    view.close()


def test_three_tiles_stand_side_by_side_at_the_width_of_the_mocks(bench: Bench) -> None:
    tops = [bench.view.visualRect(bench.index(key)).top() for key in range(10, 14)]

    assert tops[0] == tops[1] == tops[2] < tops[3]


@pytest.mark.parametrize("width", [240, 300, 452, 700, 1100])
def test_columns_fill_any_width(bench: Bench, width: int) -> None:
    bench.view.resize(width, 600)
    bench.qtbot.wait(10)

    rights = [bench.view.visualRect(bench.index(key)).right() for key in range(10, 22)]
    assert bench.view.viewport().width() - max(rights) < 40
    assert bench.view.horizontalScrollBar().maximum() == 0


def test_a_click_selects_only_that_tile(bench: Bench) -> None:
    bench.click(11)
    bench.click(13)

    assert bench.told == [[11], [13]]
    assert bench.model.number(13) == 1


def test_ctrl_adds_in_order_and_takes_away(bench: Bench) -> None:
    bench.click(14)
    bench.click(10, CTRL)
    bench.click(12, CTRL)
    bench.click(10, CTRL)

    assert bench.told[-2:] == [[14, 10, 12], [14, 12]]
    assert [bench.model.number(key) for key in (14, 12, 10)] == [1, 2, 0]


def test_shift_selects_a_range_after_what_was_first(bench: Bench) -> None:
    bench.click(13)
    bench.click(11, SHIFT)

    assert bench.view.selection_order() == [13, 11, 12]


def test_keys_select_everything_move_and_extend(bench: Bench) -> None:
    bench.key(Qt.Key.Key_A, CTRL)
    everything = bench.view.selection_order()
    bench.click(10)
    bench.key(Qt.Key.Key_Right)
    bench.key(Qt.Key.Key_Down, SHIFT)

    assert everything == list(range(10, 22))
    assert bench.view.selection_order() == [11, 12, 13, 14]


def test_a_rubber_band_selects_what_it_touches(bench: Bench) -> None:
    view = bench.view.viewport()
    end = bench.view.visualRect(bench.index(13)).center()
    start = QPoint(2, bench.view.visualRect(bench.index(19)).bottom() + 30)

    bench.qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=start)
    bench.qtbot.mouseMove(view, end + QPoint(0, 60))
    bench.qtbot.mouseMove(view, end)
    bench.qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=end)

    assert set(bench.view.selection_order()) == {13, 16, 19}


def test_a_click_between_the_tiles_dropped_the_whole_selection(bench: Bench) -> None:
    bench.view.resize(451, 800)
    bench.view.select([10, 12])
    ground = QPoint(bench.view.viewport().width() // 2, bench.view.viewport().height() - 5)
    viewport = bench.view.viewport()

    bench.qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=ground)
    bench.qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=ground)
    bench.qtbot.mouseMove(viewport, ground + QPoint(2, -1))
    bench.qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=ground + QPoint(2, -1))
    assert bench.view.selection_order() == [10, 12]

    bench.qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=ground)
    bench.qtbot.mouseMove(viewport, ground - QPoint(30, 30))
    last = bench.view.visualRect(bench.index(20)).center()
    bench.qtbot.mouseMove(viewport, last)
    bench.qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=last)
    assert 20 in bench.view.selection_order()
    assert 10 not in bench.view.selection_order()


def test_select_all_framed_tiles_that_cannot_be_sent(bench: Bench) -> None:
    bench.change(12, state="unusable", reason="It is damaged.")

    bench.key(Qt.Key.Key_A, CTRL)

    assert 12 not in bench.view.selected_keys()
    assert bench.view.selected_keys() == [key for key in range(10, 22) if key != 12]


def test_a_tile_far_below_is_scrolled_to(bench: Bench) -> None:
    bench.model.append(range(22, 222))

    bench.view.reveal(100)

    assert bench.view.viewport().rect().contains(bench.view.visualRect(bench.index(100)))
    assert bench.view.visualRect(bench.index(100)).y() < 20


def test_a_selection_from_outside_keeps_its_order_and_is_told_once(bench: Bench) -> None:
    bench.view.select([15, 11, 19, 4040])
    bench.view.select([15, 11, 19])

    assert bench.told == [[15, 11, 19]]
    bench.view.select([19, 15, 11])
    assert bench.told[-1] == [19, 15, 11]


def test_selecting_scrolls_to_what_is_new(bench: Bench) -> None:
    bench.model.append(range(100, 400))

    bench.view.select([399])

    assert bench.view.viewport().rect().intersects(bench.view.visualRect(bench.index(399)))


def test_tiles_that_go_leave_the_selection_and_the_rest_keeps_its_order(bench: Bench) -> None:
    bench.view.select([15, 11, 19])

    bench.model.show([key for key in bench.model.keys if key not in (11, 12)])
    bench.view.forget([11, 12])

    assert bench.told[-1] == [15, 19]
    assert bench.model.number(19) == 2


def test_another_order_or_a_filter_leaves_the_selection_as_it_is(bench: Bench) -> None:
    bench.view.select([15, 11, 19])
    heard = len(bench.told)

    bench.model.show([19, 18, 11], [Section("a", 1), Section("b", 2)])
    bench.model.show(range(10, 22))

    assert bench.told[heard:] == []
    assert bench.view.selection_order() == [15, 11, 19]


def test_an_unusable_tile_can_be_removed_but_never_sent(bench: Bench) -> None:
    bench.change(11, state="unusable", reason="The file is damaged.")
    bench.click(11)
    bench.click(12, CTRL)

    bench.key(Qt.Key.Key_Delete)

    assert bench.told[-1] == [12]
    assert bench.removals == [[11, 12]]


def test_a_selected_tile_that_turns_out_unusable_is_taken_out_of_the_question(bench: Bench) -> None:
    bench.view.select([10, 11, 12])

    bench.change(11, state="unusable", reason="The file is damaged.")

    bench.qtbot.waitUntil(lambda: bench.told[-1] == [10, 12])
    assert bench.model.number(12) == 2


def test_delete_without_a_selection_asks_for_nothing(bench: Bench) -> None:
    bench.key(Qt.Key.Key_Delete)

    assert bench.removals == []


def test_the_menu_is_about_what_is_selected_or_else_about_the_tile_under_it(bench: Bench) -> None:
    menus: list[list[int]] = []
    bench.view.menu_requested.connect(lambda keys, _place: menus.append(keys))
    bench.view.select([10, 12])

    for key in (12, 14):
        at = bench.view.visualRect(bench.index(key)).center()
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, bench.view.viewport().mapToGlobal(at))
        QApplication.sendEvent(bench.view.viewport(), event)

    assert menus == [[10, 12], [14]]
    assert bench.view.selection_order() == [14]


def test_visible_tiles_ask_for_their_thumbnails_once(bench: Bench) -> None:
    bench.model.append(range(100, 1000))
    asked: list[list[int]] = []
    bench.view.thumbnails_wanted.connect(asked.append)

    bench.view.scrollToBottom()
    bench.view.grab()
    bench.qtbot.waitUntil(lambda: bool(asked))
    bench.view.grab()
    bench.qtbot.wait(30)

    flat = [key for keys in asked for key in keys]
    assert len(flat) == len(set(flat)) < 40
    assert 999 in flat


def test_every_thumbnail_that_came_repainted_all_tiles(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    painted: list[int] = []
    original = GalleryView.mood
    monkeypatch.setattr(GalleryView, "mood", lambda view, key: (painted.append(key), original(view, key))[1])
    bench.view.viewport().update()
    bench.qtbot.waitUntil(lambda: len(painted) > 8)
    bench.qtbot.wait(30)
    painted.clear()

    bench.model.set_thumbnail(14, QPixmap(8, 8))
    bench.qtbot.waitUntil(lambda: 14 in painted)

    assert set(painted) == {14}


def test_a_thumbnail_that_came_and_was_forgotten_is_asked_for_again(bench: Bench) -> None:
    asked: list[list[int]] = []
    bench.view.thumbnails_wanted.connect(asked.append)
    bench.model.set_thumbnail(10, QPixmap(8, 8))
    bench.view.grab()
    bench.qtbot.wait(20)
    asked.clear()

    bench.model.forget([10])
    bench.view.viewport().update()

    bench.qtbot.waitUntil(lambda: any(10 in keys for keys in asked))


def test_the_current_tile_has_a_ring_when_keys_are_used_and_none_when_clicked(bench: Bench) -> None:
    bench.click(11)
    clicked = bench.view.grab().toImage()
    bench.key(Qt.Key.Key_Right)
    bench.key(Qt.Key.Key_Left)

    assert bench.view.grab().toImage() != clicked


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_every_kind_of_tile_paints_in_both_looks(bench: Bench, mode: str) -> None:
    theme.current().apply(mode)
    kinds = [
        tile(10, asked="$0.0034", name="x" * 300, pixels="560×820", cost="562 tok", badge="GPS removed" * 4),
        tile(11, state="unusable", reason="word " * 200),
        tile(12, state="loading", name="图片.png"),
        tile(13, in_conversation=True),
        tile(14, state="missing", reason="It is gone."),
    ]
    bench.tiles.update({kind.key: kind for kind in kinds})
    bench.model.refresh()
    picture = QPixmap(300, 20)
    picture.fill(Qt.GlobalColor.transparent)
    bench.model.set_thumbnail(10, picture)
    bench.view.select([10, 13])

    image = bench.view.grab().toImage()
    bench.view.show_as(as_list=True)
    rows = bench.view.grab().toImage()
    theme.current().apply("light")

    assert len(_colours(image)) > 8
    assert len(_colours(rows)) > 8


def _colours(image: QImage) -> set[int]:
    return {image.pixel(x, y) for x in range(0, image.width(), 3) for y in range(0, image.height(), 3)}


@pytest.mark.parametrize("key", [Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_space_and_enter_open_the_tile_at_hand_and_leave_the_selection(bench: Bench, key: Qt.Key) -> None:
    opened: list[int] = []
    bench.view.opened.connect(opened.append)
    bench.click(13)
    bench.key(Qt.Key.Key_Right, CTRL)
    bench.key(key)

    assert opened == [14]
    assert bench.view.selection_order() == [13]


def test_ctrl_space_adds_the_tile_at_hand_and_takes_it_away(bench: Bench) -> None:
    opened: list[int] = []
    bench.view.opened.connect(opened.append)
    bench.click(13)
    bench.key(Qt.Key.Key_Right, CTRL)
    bench.key(Qt.Key.Key_Space, CTRL)
    both = bench.view.selection_order()
    bench.key(Qt.Key.Key_Space, CTRL)

    assert both == [13, 14]
    assert bench.view.selection_order() == [13]
    assert opened == []


def test_a_double_click_opens_what_can_be_seen(bench: Bench) -> None:
    opened: list[int] = []
    bench.view.opened.connect(opened.append)
    bench.change(12, state="unusable")
    for key in (11, 12):
        at = bench.view.visualRect(bench.index(key)).center()
        bench.click(key)
        bench.qtbot.mouseDClick(bench.view.viewport(), Qt.MouseButton.LeftButton, NONE, at)

    assert opened == [11]


def test_the_selection_can_be_inverted(bench: Bench) -> None:
    bench.view.select([11, 10])
    bench.key(Qt.Key.Key_I, CTRL | SHIFT)
    assert bench.view.selection_order() == list(range(12, 22))


def test_typing_the_beginning_of_a_name_goes_there(bench: Bench) -> None:
    bench.show(*range(100, 200))
    bench.click(10)
    for letter in "150":
        bench.key(Qt.Key(ord(letter)))
    assert bench.view.selection_order() == [150]
    assert bench.view.viewport().rect().intersects(bench.view.visualRect(bench.index(150)))


def test_dragging_a_selected_tile_begins_to_drag_all_of_them_out(bench: Bench) -> None:
    dragged: list[list[int]] = []
    bench.view.drag_started.connect(dragged.append)
    bench.view.select([10, 13])
    viewport, at = bench.view.viewport(), bench.view.visualRect(bench.index(13)).center()

    bench.qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=at)
    bench.qtbot.mouseMove(viewport, at + QPoint(2, 2))
    assert dragged == []
    bench.qtbot.mouseMove(viewport, at + QPoint(40, 2))
    bench.qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=at + QPoint(40, 2))

    assert dragged == [[10, 13]]
    assert bench.view.selection_order() == [10, 13]


def test_what_an_image_has_cost_leads_to_its_conversations_and_selects_nothing(bench: Bench) -> None:
    clicked: list[int] = []
    bench.view.asked_clicked.connect(clicked.append)
    bench.change(11, asked="$0.0034")
    place = asked_rect(bench.view.visualRect(bench.index(11)), bench.tiles[11]).center()

    bench.qtbot.mouseClick(bench.view.viewport(), Qt.MouseButton.LeftButton, NONE, place)

    assert clicked == [11]
    assert bench.view.selection_order() == []


def test_ctrl_and_the_wheel_make_tiles_larger_within_limits(bench: Bench) -> None:
    widths: list[int] = []
    bench.view.tile_width_changed.connect(widths.append)
    at = QPointF(50, 50)
    for _turn in range(20):
        event = QWheelEvent(
            at,
            at,
            QPoint(),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            CTRL,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(bench.view.viewport(), event)

    assert widths == sorted(set(widths))
    assert bench.view.tile_width == theme.current().metric("tile_width_most")
    assert bench.view.visualRect(bench.index(10)).width() > 200


def test_what_stands_at_the_top_stays_there_in_another_size_and_as_a_list(bench: Bench) -> None:
    bench.show(*range(100, 900))
    bench.view.reveal(400)

    bench.view.set_tile_width(80)
    smaller = bench.view.visualRect(bench.index(400))
    bench.view.show_as(as_list=True)
    listed = bench.view.visualRect(bench.index(400))

    for rect in (smaller, listed):
        assert bench.view.viewport().rect().intersects(rect)
        assert rect.y() < 200


def test_groups_have_titles_and_keys_lead_across_them(bench: Bench) -> None:
    bench.model.show(range(10, 16), [Section("Monday", 2), Section("Tuesday", 4)])
    bench.click(11)
    bench.key(Qt.Key.Key_Down)
    assert bench.view.selection_order() == [13]
    assert bench.view.visualRect(bench.index(12)).y() > bench.view.visualRect(bench.index(11)).bottom() + 30


def test_a_page_of_new_tiles_is_painted_in_several_frames(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tile_view, "_FRAME_S", 0.0)
    bench.view.set_tile_width(110)
    bench.view.viewport().repaint()
    assert bench.view._late.isEmpty() is False
    monkeypatch.setattr(tile_view, "_FRAME_S", 1.0)
    bench.qtbot.waitUntil(lambda: not bench.view._late.rectCount())


def test_a_tile_is_marked_while_the_pointer_is_over_it(bench: Bench) -> None:
    at = bench.view.visualRect(bench.index(12)).center()
    bench.qtbot.mouseMove(bench.view.viewport(), at)
    assert bench.view.mood(12).hovered
    QApplication.sendEvent(bench.view.viewport(), QEvent(QEvent.Type.Leave))
    assert not bench.view.mood(12).hovered

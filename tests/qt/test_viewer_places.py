"""Places that an answer names, over the picture: where they lie, are told apart, listed and zoomed to."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desktop.core.edits import Area, Edits
from desktop.core.model import Attachment, Detail, SentImage
from desktop.core.pointed_at import pointed_answer
from desktop.core.pointing import Pointing, Scale
from desktop.core.pointing_text import find_pointing
from desktop.ui.structured.places_chip import PlacesChip
from desktop.ui.viewer.page import ViewerPage
from desktop.ui.viewer.places_layer import colours_of, place_marks
from desktop.ui.viewer.pointing_view import PointingView
from tests.helpers.asking import make_image
from tests.helpers.canvases import PAGE, picture, seen
from tests.helpers.history import facts
from tests.helpers.loopback import Loopback
from tests.helpers.window import WAIT_MS, Opened, open_window

ANSWER = json.dumps(
    [
        {"bbox": [0, 0, 500, 500], "label": "upper left"},
        {"bbox": [600, 600, 800, 900], "label": "<i>lower right</i>"},
        {"point_2d": [750, 250], "label": "a point"},
    ]
)
EDITS = Edits(crop=Area(200, 0, 800, 600), quarter_turns=1)


def pointing(text: str = ANSWER) -> Pointing:
    found = find_pointing(text)
    assert found is not None
    return found


WHOLE = Edits()


def attachment(edits: Edits = WHOLE, *, px: tuple[int, int] = (400, 300)) -> Attachment:
    image = facts("a.png", width_px=PAGE[0], height_px=PAGE[1])
    sent = SentImage(sha256="0" * 64, media_type="image/png", width_px=px[0], height_px=px[1], size_bytes=99)
    return Attachment(id=7, image=image, detail=Detail.AUTO, sent=sent, edits=edits)


class Seen:
    """A viewer's page that shows an image that was sent."""

    def __init__(self, qtbot: QtBot, page: ViewerPage) -> None:
        self.page, self.canvas, self.section = page, page.canvas, page.panel.places
        self.view = PointingView(page)
        page.set_read_only(on=True, views=True)
        self.canvas.set_view("sent")

    def show(self, attached: Attachment, found: Pointing | None) -> None:
        assert attached.sent is not None
        self.canvas.show_sent(picture(attached.sent.width_px, attached.sent.height_px), None, region=False)
        self.canvas.show_original(picture(), PAGE)
        self.canvas.set_edits(attached.edits)
        self.view.show(attached, found)

    def box(self, number: int) -> QRectF:
        spot = next(mark.spot for mark in self.canvas.places.marks if mark.number == number)
        assert spot is not None
        corners = QRectF(QPointF(spot.left, spot.top), QPointF(spot.right, spot.bottom))
        return self.canvas.way_of_places().mapRect(corners)

    def listed(self) -> list[str]:
        return [self.section.list.item(row).text() for row in range(self.section.list.count())]


@pytest.fixture
def shown(qtbot: QtBot, present: Callable[[QWidget], None]) -> Seen:
    page = ViewerPage()
    page.resize(1360, 826)
    present(page)
    return Seen(qtbot, page)


def test_boxes_lie_on_the_sent_image_in_parts_of_it(shown: Seen) -> None:
    shown.show(attachment(), pointing())
    whole, box = shown.canvas.picture_rect(), shown.box(1)
    assert box.topLeft() == whole.topLeft()
    assert box.width() == pytest.approx(whole.width() / 2)
    assert box.height() == pytest.approx(whole.height() / 2)


def test_they_are_painted_in_colours_of_their_own(shown: Seen) -> None:
    shown.show(attachment(), pointing())
    image = seen(shown.canvas)
    for number in (1, 2):
        box = shown.box(number)
        line = image.pixelColor(round(box.right()) - (1 if number == 1 else 0), round(box.center().y()))
        wanted = colours_of(number)[0]
        assert abs(line.hue() - wanted.hue()) < 25, f"{number}: {line.name()}"
    shown.section.shown_wanted.emit(False)
    without = seen(shown.canvas)
    box = shown.box(2)
    assert without.pixelColor(round(box.right()), round(box.center().y())) == QColor("white")


@pytest.mark.parametrize(
    ("edits", "px", "corner"),
    [
        # The upper left quarter of the picture: where its corner farthest from the middle lies on the page.
        (Edits(), (400, 300), (0, 0)),
        (Edits(crop=Area(400, 300, 800, 600)), (400, 300), (400, 300)),
        (Edits(quarter_turns=1), (300, 400), (0, 600)),
        (Edits(quarter_turns=2), (400, 300), (800, 600)),
        (Edits(quarter_turns=3), (300, 400), (800, 0)),
        (EDITS, (600, 600), (200, 600)),
    ],
)
def test_on_the_file_itself_they_lie_at_the_same_thing(
    shown: Seen, edits: Edits, px: tuple[int, int], corner: tuple[int, int]
) -> None:
    shown.show(attachment(edits, px=px), pointing())
    on_sent = shown.box(1)
    sent_rect = shown.canvas.picture_rect()
    shown.canvas.set_view("original")
    on_page, page_rect = shown.box(1), shown.canvas.picture_rect()
    for side in ("left", "top", "right", "bottom"):
        across = side in ("left", "right")
        length = (lambda r: r.width()) if across else (lambda r: r.height())
        start = (lambda r: r.left()) if across else (lambda r: r.top())
        share = (getattr(on_sent, side)() - start(sent_rect)) / length(sent_rect)
        again = (getattr(on_page, side)() - start(page_rect)) / length(page_rect)
        assert share == pytest.approx(again, abs=0.01)
    way = shown.canvas.places.on_page(shown.canvas.place()) * shown.canvas.place().inverted()[0]
    at = way.map(QPointF(0, 0))
    assert (at.x(), at.y()) == pytest.approx(corner)


def test_the_list_names_them_as_plain_text_and_zooms_to_one(shown: Seen, qtbot: QtBot) -> None:
    shown.show(attachment(), pointing())
    assert shown.listed() == ["upper left", "<i>lower right</i>", "a point"]
    before = shown.canvas.view.zoom
    item = shown.section.list.item(1)
    place = shown.section.list.visualItemRect(item).center()
    qtbot.mouseClick(shown.section.list.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert shown.canvas.view.zoom > before
    # In the middle, as far as the edge of the picture lets it.
    assert QRectF(shown.canvas.rect()).contains(shown.box(2))
    assert shown.box(2).height() > 300
    assert shown.canvas.places.highlighted == 2


def test_the_keyboard_points_and_enter_zooms(shown: Seen, qtbot: QtBot) -> None:
    shown.show(attachment(), pointing())
    shown.section.list.setFocus()
    qtbot.keyClick(shown.section.list, Qt.Key.Key_Home)
    qtbot.keyClick(shown.section.list, Qt.Key.Key_Down)
    assert shown.canvas.places.highlighted == 2
    with qtbot.waitSignal(shown.section.chosen) as told:
        qtbot.keyClick(shown.section.list, Qt.Key.Key_Return)
    assert told.args == [2]


def test_the_pointer_over_a_box_shows_which_it_is(shown: Seen, qtbot: QtBot) -> None:
    shown.show(attachment(), pointing())
    qtbot.mouseMove(shown.canvas, shown.box(2).center().toPoint())
    assert shown.canvas.places.highlighted == 2
    assert shown.section.list.currentRow() == 1
    qtbot.mouseMove(shown.canvas, QPoint(3, 3))
    assert shown.canvas.places.highlighted == 0


def test_a_guess_is_said_and_another_scale_moves_them(shown: Seen) -> None:
    shown.show(attachment(), pointing())
    assert "this is assumed" in shown.section.note()
    shown.section.scale.setCurrentIndex(shown.section.scale.findData("pixels"))
    shown.section.scale.activated.emit(shown.section.scale.currentIndex())
    assert "assumed" not in shown.section.note()
    assert "2 lie outside of the image." in shown.section.note()
    assert shown.box(1).right() == shown.canvas.picture_rect().right()
    shown.view.show(attachment(), pointing())
    assert shown.section.scale.currentData() == "pixels", "what the user said holds"


def test_across_and_down_can_be_exchanged(shown: Seen) -> None:
    shown.show(attachment(), pointing('{"bbox": [0, 100, 1000, 200]}'))
    assert shown.box(1).width() > shown.box(1).height()
    shown.section.swap.setChecked(True)
    assert shown.box(1).width() < shown.box(1).height()
    shown.show(replace(attachment(), id=8), pointing('{"bbox": [0, 100, 1000, 200]}'))
    assert not shown.section.swap.isChecked()


def test_nothing_can_be_edited_on_the_file_that_is_only_looked_at(shown: Seen, qtbot: QtBot) -> None:
    shown.show(attachment(EDITS, px=(600, 600)), pointing())
    shown.canvas.set_view("original")
    edited: list[Edits] = []
    shown.canvas.edited.connect(edited.append)
    shown.canvas.setFocus()
    for key in "GCABTNKRM":
        qtbot.keyClicks(shown.canvas, key)
        assert shown.canvas.editor.tool is None
    qtbot.keyClick(shown.canvas, Qt.Key.Key_Delete)
    qtbot.mouseDClick(shown.canvas, Qt.MouseButton.LeftButton, pos=shown.canvas.rect().center())
    assert edited == []
    assert shown.canvas.editor.edits == EDITS


def test_without_an_answer_there_is_no_section(shown: Seen) -> None:
    shown.show(attachment(), pointing())
    assert not shown.section.isHidden()
    shown.view.show(attachment(), None)
    assert shown.section.isHidden()
    assert shown.canvas.places.marks == ()


def test_hundreds_of_places_are_listed_by_number(shown: Seen) -> None:
    many = json.dumps({"boxes": [[n, n, n + 50, n + 50] for n in range(700)]})
    shown.show(attachment(), pointing(many))
    assert shown.section.list.count() == 500
    assert "200 more are not shown." in shown.section.note()
    assert not seen(shown.canvas).isNull()


def test_colours_repeat_and_their_text_can_be_read() -> None:
    def luminance(colour: QColor) -> float:
        parts = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour.getRgbF()[:3])
        red, green, blue = parts
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    for number in range(1, 8):
        ground, ink = map(luminance, colours_of(number))
        assert (max(ground, ink) + 0.05) / (min(ground, ink) + 0.05) >= 3.0
    assert colours_of(8) == colours_of(1)


def test_marks_keep_the_order_and_the_outsiders() -> None:
    marks = place_marks(pointing(), (400, 300), scale=Scale.PIXELS)
    assert [(mark.number, mark.spot is None) for mark in marks] == [(1, False), (2, True), (3, True)]


# in the window


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


@pytest.fixture
def opened(qtbot: QtBot, tmp_path: Path, loopback: Loopback) -> Iterator[Opened]:
    loopback.text = f"Here they are:\n```json\n{ANSWER}\n```"
    with open_window(qtbot, tmp_path / "data", base_url=loopback.base_url, model="gpt-4.1") as window:
        yield window


def ask(qtbot: QtBot, opened: Opened, path: Path) -> None:
    opened.gallery.paths_dropped.emit([path])
    qtbot.waitUntil(lambda: len(opened.images.usable_selection()) == 1, timeout=WAIT_MS)
    opened.composer.set_text("Where?")
    with qtbot.waitSignal(opened.conversation.finished, timeout=WAIT_MS):
        opened.window._composer_controller.ask()


def test_an_image_that_an_answer_points_at_opens_with_its_places(
    qtbot: QtBot, tmp_path: Path, opened: Opened
) -> None:
    path = make_image(tmp_path / "a.png", 800, 600)
    ask(qtbot, opened, path)
    current = opened.conversation.current
    answer = pointed_answer(current, current.messages[-1].id)
    assert answer is not None
    chip = PlacesChip()
    qtbot.addWidget(chip)
    chip.show_answer(answer)
    assert chip.text() == "3 places · show on the image"
    chip.show_requested.connect(opened.window._viewer_controller.show_pointing)
    chip._button.click()
    page = opened.window.findChild(ViewerPage)
    assert page is not None
    qtbot.waitUntil(lambda: len(page.canvas.places.marks) == 3, timeout=WAIT_MS)
    assert page.canvas.shows_sent
    qtbot.waitUntil(page.toolbar._segments.isVisible, timeout=WAIT_MS)
    page.toolbar.view_chosen.emit("original")
    assert not page.canvas.shows_sent
    opened.window._viewer_controller.close()
    assert page.canvas.places.marks == ()
    assert page.panel.places.isHidden()
    # The same from the conversation's own thumbnail.
    opened.window._viewer_controller.open_sent(answer.targets[0].attachment_id)
    qtbot.waitUntil(lambda: len(page.canvas.places.marks) == 3, timeout=WAIT_MS)
    opened.window._viewer_controller.close()


def test_a_file_that_is_gone_is_seen_as_it_was_sent_only(
    qtbot: QtBot, tmp_path: Path, opened: Opened
) -> None:
    path = make_image(tmp_path / "a.png", 800, 600)
    ask(qtbot, opened, path)
    path.unlink()
    (sent,) = opened.conversation.current.attachments()
    opened.window._viewer_controller.open_sent(sent.id)
    page = opened.window.findChild(ViewerPage)
    assert page is not None
    qtbot.waitUntil(lambda: len(page.canvas.places.marks) == 3, timeout=WAIT_MS)
    assert page.toolbar._segments.isHidden()
    opened.window._viewer_controller.close()

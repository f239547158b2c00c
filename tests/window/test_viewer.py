"""The viewer with mouse and keys: black out, ask about a part, leaf and zoom; what the server gets then."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

from PIL import Image, ImageDraw

from desktop.core.edits import Area
from desktop.core.model import AnswerState
from tests.helpers.app_window import AppWindow
from tests.helpers.asking import make_image
from tests.helpers.display import Box, Display, differ, middle
from tests.helpers.loopback import Loopback
from tests.helpers.loopback_exchange import Recorded
from tests.helpers.pictures import exif_with_position, font, photo, text_page
from tests.helpers.processes import until

Start = Callable[..., AppWindow]

MAGENTA = (255, 0, 255)
NAVY, TOMATO, OLIVE, ORCHID = (0, 0, 128), (255, 99, 71), (128, 128, 0), (218, 112, 214)
ACCENT = (0x5B, 0x5B, 0xD6)
SECRET: Box = (320, 260, 680, 340)
"""On `screenshot`; its tile shows the middle of it."""


def screenshot(path: Path) -> Path:
    """A page with an e-mail address, and a secret on magenta; small enough to be sent as it is."""
    page = Image.new("RGB", (1000, 600), "white")
    page.paste(text_page("Jane Doe", "jane.doe@example.com", size_px=32, width_px=1000))
    draw = ImageDraw.Draw(page)
    draw.rectangle((*SECRET[:2], SECRET[2] - 1, SECRET[3] - 1), fill=MAGENTA)
    draw.text((340, 285), "password: hunter2", font=font(30), fill="black")
    page.save(path)
    return path


def photograph(path: Path) -> Path:
    """With a camera, a time and a position."""
    photo(800, 600).save(path, quality=90, exif=exif_with_position())
    return path


def decoded(data: bytes) -> Image.Image:
    with Image.open(BytesIO(data)) as image:
        return image.convert("RGB")


def around(box: Box, by: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """Upper left and lower right corner of a box that is larger on each side."""
    return (box[0] - by, box[1] - by), (box[2] + by, box[3] + by)


def assert_just_around(area: Area, box: Box, *, by: int) -> None:
    left, top, right, bottom = box
    assert left - by < area.left < left < right < area.right < right + by
    assert top - by < area.top < top < bottom < area.bottom < bottom + by


def assert_tells_nothing_of_the_camera(request: Recorded, folder: Path) -> None:
    """No position, no metadata, and no path of this computer in what was sent."""
    for word in (b"48.85", b"2.294", b"Fujifilm", b"hunter2", bytes(folder)):
        assert word not in request.raw
    for data in request.images:
        with Image.open(BytesIO(data)) as image:
            assert not image.getexif()
            assert not {"exif", "xmp", "icc_profile", "comment", "parsed_exif"} & set(image.info)
        for word in (b"Exif", b"Fujifilm", b"http://ns.adobe.com", b"2026:10:03"):
            assert word not in data


def test_what_is_blacked_out_is_black_in_what_is_sent_and_sent_again(
    start: Start, display: Display, loopback: Loopback, tmp_path: Path
) -> None:
    shot = screenshot(tmp_path / "shot.png")
    server = "--base-url", loopback.base_url, "--model", "gpt-4.1"
    app = start(shot, photograph(tmp_path / "photo.jpg"), *server)
    app.wait_for_draft(images=2)

    secret, canvas = app.open_tile(MAGENTA), app.canvas_part
    display.key("k")
    display.drag(*around(secret, 10), over=lambda: display.find(MAGENTA, canvas) is None)
    # The black box is selected, the tool is in hand: both are left first.
    display.key("Escape", "Escape", "Escape")
    app.wait_for_work()
    # The click has selected one tile alone.
    display.key("ctrl+a", "ctrl+l")
    request = app.ask("Whose account is it?", loopback, images=2)
    app.wait_for_answers(1)

    edited = next(a for a in app.conversations()[0].attachments() if a.image.path == shot)
    (area,) = edited.edits.blackouts
    assert_just_around(area, SECRET, by=30)
    expected = decoded(shot.read_bytes())
    expected.paste("black", (area.left, area.top, area.right, area.bottom))
    assert [decoded(data) for data in request.images if decoded(data).size == (1000, 600)] == [expected]
    assert_tells_nothing_of_the_camera(request, tmp_path)

    app.quit()
    again = start(*server)
    follow_up = again.ask("And in short?", loopback)
    again.wait_for_answers(2)
    assert follow_up.images == request.images
    assert_tells_nothing_of_the_camera(follow_up, tmp_path)


def test_a_part_goes_in_full_beside_a_small_overview_and_again_in_follow_ups(
    start: Start, display: Display, loopback: Loopback, tmp_path: Path
) -> None:
    chart = text_page(*(f"{line} is written small on line {line}" for line in range(60)), width_px=2400)
    ImageDraw.Draw(chart).rectangle((1000, 1200, 1399, 1399), fill=MAGENTA)
    chart.save(tmp_path / "chart.png")
    app = start(tmp_path / "chart.png", "--base-url", loopback.base_url, "--model", "gpt-4.1")
    app.wait_for_draft(images=1)

    place = app.open_tile(MAGENTA)
    display.key("g")
    display.drag(*around(place, 20), over=lambda: True)
    (drawn,) = until(lambda: [i.edits.region for i in app.draft().images if i.edits.region], "the part")
    display.click(*middle(display.wait_for_color(ACCENT, app.part(0.88, 0.0, 1.0, 0.05))))
    app.wait_for_work()
    request = app.ask("What does the box say?", loopback, images=1)
    app.wait_for_answers(1)

    overview, part = (decoded(data) for data in request.images)
    assert max(overview.size) == 512
    assert part.size == (drawn.width_px, drawn.height_px)
    assert not differ(part, chart.crop((drawn.left, drawn.top, drawn.right, drawn.bottom)))
    assert_just_around(drawn, (1000, 1200, 1400, 1400), by=100)
    text = request.body["messages"][-1]["content"][-1]["text"]
    assert "an overview of “chart.png”" in text
    assert text.startswith("What does the box say?")

    follow_up = app.ask("And beside it?", loopback)
    app.wait_for_answers(2)
    assert follow_up.images == request.images
    assert follow_up.body["messages"][-3] == request.body["messages"][-1]


def test_leafing_and_zooming_while_an_answer_runs_on(
    start: Start, display: Display, loopback: Loopback, tmp_path: Path
) -> None:
    colors = ("tomato", "olive", "orchid")
    files = [make_image(tmp_path / f"{color}.png", 1600, 1200, color=color) for color in colors]
    loopback.pause_s = 0.05
    app = start(*files, "--base-url", loopback.url_as("slow"), "--model", "gpt-4.1")
    request = app.ask("What is on these?", loopback, images=3)
    loopback.wait_for(lambda: request.sent > 3, 60)

    app.open_tile(OLIVE)
    canvas = app.canvas_part
    fitted = display.wait_for_color(NAVY, canvas)
    display.click(*middle(fitted), times=3, button=4)
    until(lambda: width(display.find(NAVY, canvas)) > width(fitted) * 1.5, "a closer view by the wheel")
    display.key("0")
    # Not the same to the pixel: what was seen first may have been the thumbnail.
    until(lambda: width(display.find(NAVY, canvas)) < width(fitted) * 1.1, "all of the picture")
    display.key("1")
    until(lambda: width(display.find(NAVY, canvas)) == 400, "each pixel of the picture on one of the screen")
    display.key("0", "Page_Down")
    display.wait_for_color(ORCHID, canvas)
    display.key("Left", "Left")
    display.wait_for_color(TOMATO, canvas)
    until(lambda: app.answers()[0].text, "a checkpoint of the answer")

    display.key("Escape")
    app.wait_for_work()
    # The keyboard is where the picture was: beside it is the next one.
    display.key("Right", "space")
    app.wait_for_viewer()
    display.wait_for_color(OLIVE, canvas)
    display.key("Escape")
    app.wait_for_work()
    answer = app.wait_for_answers(1)
    assert (answer.state, answer.text) == (AnswerState.COMPLETE, loopback.text)


def width(box: Box | None) -> int:
    return 0 if box is None else box[2] - box[0]

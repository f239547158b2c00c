"""Pictures of a screen: a bar chart, and an editor with a Python traceback."""

from collections.abc import Sequence

from PIL import Image, ImageDraw

from samples.drawing import font, hex_colour

ACCENT = "#5b5bd6"
REVENUE = (("Q1", 4.2), ("Q2", 5.1), ("Q3", 3.8), ("Q4", 6.3))
Run = tuple[str, str]  # a colour's name and the text in it

TONES = {
    "plain": "#cdd6f4",
    "dim": "#7f849c",
    "key": "#cba6f7",
    "call": "#89b4fa",
    "text": "#a6e3a1",
    "number": "#fab387",
    "error": "#f38ba8",
    "path": "#94e2d5",
}
CODE: tuple[tuple[Run, ...], ...] = (
    (("key", "import"), ("plain", " csv")),
    (("key", "from"), ("plain", " pathlib "), ("key", "import"), ("plain", " Path")),
    (),
    (
        ("plain", "CLASSES = {"),
        ("text", '"cat"'),
        ("plain", ": "),
        ("number", "0"),
        ("plain", ", "),
        ("text", '"dog"'),
        ("plain", ": "),
        ("number", "1"),
        ("plain", "}"),
    ),
    (),
    (),
    (("key", "def"), ("call", " load_labels"), ("plain", "(path: Path) -> list[int]:")),
    (("text", '    """Reads one label a row."""'),),
    (
        ("key", "    with"),
        ("plain", " path."),
        ("call", "open"),
        ("plain", "(newline="),
        ("text", '""'),
        ("plain", ") "),
        ("key", "as"),
        ("plain", " file:"),
    ),
    (
        ("key", "        return"),
        ("plain", " [CLASSES[row["),
        ("text", '"label"'),
        ("plain", "]] "),
        ("key", "for"),
        ("plain", " row "),
        ("key", "in"),
        ("plain", " csv."),
        ("call", "DictReader"),
        ("plain", "(file)]"),
    ),
    (),
    (),
    (
        ("key", "def"),
        ("call", " train"),
        ("plain", "(folder: Path, epochs: int) -> "),
        ("key", "None"),
        ("plain", ":"),
    ),
    (
        ("plain", "    labels = "),
        ("call", "load_labels"),
        ("plain", "(folder / "),
        ("text", '"labels.csv"'),
        ("plain", ")"),
    ),
    (("call", "    print"), ("plain", "("), ("text", 'f"{len(labels)} labels"'), ("plain", ")")),
)
TRACEBACK: tuple[tuple[Run, ...], ...] = (
    (("text", "~/pets $ "), ("plain", "python train.py --epochs 20")),
    (("plain", "Traceback (most recent call last):"),),
    (
        ("plain", "  File "),
        ("path", '"train.py"'),
        ("plain", ", line "),
        ("number", "24"),
        ("plain", ", in <module>"),
    ),
    (("plain", "    train(args.folder, args.epochs)"),),
    (
        ("plain", "  File "),
        ("path", '"train.py"'),
        ("plain", ", line "),
        ("number", "14"),
        ("plain", ", in train"),
    ),
    (("plain", '    labels = load_labels(folder / "labels.csv")'),),
    (
        ("plain", "  File "),
        ("path", '"train.py"'),
        ("plain", ", line "),
        ("number", "10"),
        ("plain", ", in load_labels"),
    ),
    (("plain", '    return [CLASSES[row["label"]] for row in csv.DictReader(file)]'),),
    (("error", "KeyError"), ("plain", ": 'hamster'")),
)


def chart() -> Image.Image:
    """Draws last year's revenue by quarter as bars, 1200 x 750."""
    scale, width, height = 2, 1200, 750
    page = Image.new("RGB", (width * scale, height * scale), "white")
    draw = ImageDraw.Draw(page)
    left, right, top, bottom = 110, 1150, 168, 650
    grey, line = hex_colour("#6b6d76"), hex_colour("#e6e6eb")

    def write(
        x: float,
        y: float,
        text: str,
        face: str,
        size_px: int,
        colour: str | tuple[int, int, int],
        anchor: str,
    ) -> None:
        draw.text((x * scale, y * scale), text, font=font(face, size_px * scale), fill=colour, anchor=anchor)

    write(48, 44, "Revenue by quarter, 2025", "Inter-SemiBold", 34, "#1c1d22", "lt")
    write(48, 96, "Million euros", "Inter-Regular", 22, grey, "lt")
    for value in range(8):
        y = bottom - (bottom - top) * value / 7
        draw.line(
            (left * scale, y * scale, right * scale, y * scale), fill=line if value else grey, width=scale
        )
        write(left - 18, y, str(value), "Inter-Regular", 22, grey, "rm")
    pitch = (right - left) / len(REVENUE)
    for index, (name, value) in enumerate(REVENUE):
        centre = left + pitch * (index + 0.5)
        y = bottom - (bottom - top) * value / 7
        box = [scale * edge for edge in (centre - 84, y, centre + 84, bottom)]
        draw.rounded_rectangle(box, 10 * scale, fill=ACCENT, corners=(True, True, False, False))
        write(centre, y - 14, f"{value:.1f}", "Inter-SemiBold", 26, "#1c1d22", "mb")
        write(centre, bottom + 20, name, "Inter-Medium", 24, grey, "mt")
    return page.resize((width, height), Image.Resampling.LANCZOS)


def error() -> Image.Image:
    """Draws a dark editor whose terminal shows a traceback, 1440 x 900."""
    page = Image.new("RGB", (1440, 900), "#1e1e2e")
    draw = ImageDraw.Draw(page)
    draw.rectangle((0, 0, 1440, 46), fill="#181825")
    for index, colour in enumerate(("#f38ba8", "#f9e2af", "#a6e3a1")):
        _dot(page, 28 + 26 * index, 23, 7, colour)
    draw.rectangle((130, 8, 310, 46), fill="#1e1e2e")
    draw.text((158, 28), "train.py", font=font("Inter-Medium", 18), fill=TONES["plain"], anchor="lm")
    draw.text((338, 28), "labels.csv", font=font("Inter-Regular", 18), fill=TONES["dim"], anchor="lm")
    draw.rectangle((0, 46 + 18 + 9 * 29, 1440, 46 + 18 + 10 * 29 - 1), fill="#3a2a3c")
    _lines(draw, CODE, top=66, pitch=29, numbered=True)
    draw.rectangle((0, 528, 1440, 868), fill="#11111b")
    draw.line((0, 528, 1440, 528), fill="#313244", width=1)
    draw.text((28, 552), "Terminal", font=font("Inter-Medium", 16), fill=TONES["plain"], anchor="lm")
    draw.text((122, 552), "Problems  1", font=font("Inter-Regular", 16), fill=TONES["dim"], anchor="lm")
    _lines(draw, TRACEBACK, top=578, pitch=31, numbered=False)
    draw.rectangle((0, 868, 1440, 900), fill=ACCENT)
    draw.text((28, 884), "main", font=font("Inter-Medium", 15), fill="white", anchor="lm")
    draw.text(
        (1412, 884),
        "Ln 10, Col 17    UTF-8    Python 3.12",
        font=font("Inter-Medium", 15),
        fill="white",
        anchor="rm",
    )
    return page


def _lines(
    draw: ImageDraw.ImageDraw, lines: Sequence[Sequence[Run]], *, top: int, pitch: int, numbered: bool
) -> None:
    face = font("JetBrainsMono-Regular", 21)
    for index, runs in enumerate(lines):
        y = top + index * pitch
        if numbered:
            draw.text((66, y), str(index + 1), font=face, fill="#5b6078", anchor="ra")
        x = 96.0 if numbered else 28.0
        for tone, text in runs:
            draw.text((x, y), text, font=face, fill=TONES[tone])
            x += face.getlength(text)


def _dot(page: Image.Image, x: int, y: int, radius: int, colour: str) -> None:
    scale = 4
    dot = Image.new("L", (2 * radius * scale, 2 * radius * scale), 0)
    ImageDraw.Draw(dot).ellipse((0, 0, dot.width - 1, dot.height - 1), fill=255)
    page.paste(
        colour, (x - radius, y - radius), dot.resize((2 * radius, 2 * radius), Image.Resampling.LANCZOS)
    )

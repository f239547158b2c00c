"""Pages with sensitive text at known places, and pages with text that only looks like it."""

from collections.abc import Iterator
from dataclasses import dataclass

from PIL import Image, ImageDraw

from desktop.core.edits import Area
from desktop.core.secret_kinds import Kind
from desktop.core.sensitive import Suggestion
from tests.helpers import pictures

PAGE_PX = 1200, 1500

SENSITIVE = (
    ("Contact: ", Kind.EMAIL, "jane.doe@example.com", " (sales)"),
    ("Reply to ", Kind.EMAIL, "m.okafor+invoices@mail.example.co.uk", ""),
    ("Write to ", Kind.EMAIL, "info@northwind-bakery.de", " for orders."),
    ("Paid with ", Kind.CARD, "4111 1111 1111 1111", ", thank you"),
    ("Card number ", Kind.CARD, "5500-0000-0000-0004", " exp 12/27"),
    ("Amex ", Kind.CARD, "3782 822463 10005", ""),
    ("OPENAI_API_KEY=", Kind.KEY, "sk-proj-Zk3v9QmT7xWb2LrYc8Nd4HfJ", ""),
    ("aws_access_key_id ", Kind.KEY, "AKIAZ7QX4MNB2TRW5KDE", ""),
    ("export GITHUB=", Kind.KEY, "ghp_9fK2mQ7xVb4LrYc8Nd3HfJz6TwPs5Ga", ""),
    ("password: ", Kind.KEY, "hunter2-Blue7", ""),
    ("token = ", Kind.KEY, "9f86d081884c7d659a2feaa0c55ad015", ""),
    ("Call ", Kind.PHONE, "+49 30 9018 2047", " before noon"),
    ("Phone: ", Kind.PHONE, "(415) 555-2671", ""),
    ("Mobile ", Kind.PHONE, "0171 1234567", " or by mail"),
    ("Hotline ", Kind.PHONE, "800-555-0199", ""),
    ("IBAN ", Kind.IBAN, "DE89 3704 0044 0532 0130 00", ""),
    ("Account ", Kind.IBAN, "GB29 NWBK 6016 1331 9268 19", ", Example Bank"),
)
HARMLESS = (
    "Invoice 2026-004711 of 22.11.2026",
    "Order 20261122-0001, 3 items at 12.90",
    "EAN 4006381333931 and 2003734004212",
    "Total EUR 1,234,567.89 incl. 19 % VAT",
    "Opening hours 08:00-18:00, Mon-Fri",
    "lodash@4.17.21 added 3 packages in 2s",
    "Tokens 14,364 of 30,000 used",
    "commit 9f86d081884c7d659a2feaa0c55ad015",
    "Password must contain 8 characters",
    "Primary key: customer_id",
    "Server 192.168.178.24 is up since 2026-11-01",
    "ISBN 978-3-16-148410-0, 512 pages",
    "Build 22621.2861, version 1.2.3-beta.4",
    "Dimensions 1200 x 1500 x 300 mm",
    "1 234 567 890 rows, 512 256 1024",
    "Meet @anna at gate 12 at 14:05",
)


@dataclass(frozen=True)
class Placed:
    """A sensitive text and the pixels of its letters."""

    kind: Kind
    text: str
    area: Area


@dataclass(frozen=True)
class Page:
    """A drawn page and what is sensitive on it."""

    name: str
    picture: Image.Image
    placed: tuple[Placed, ...] = ()

    def turned(self, quarter_turns: int) -> "Page":
        """The page turned clockwise."""
        picture, placed = self.picture, self.placed
        for _ in range(quarter_turns):
            high = picture.height
            picture = picture.transpose(Image.Transpose.ROTATE_270)
            placed = tuple(Placed(p.kind, p.text, _turned(p.area, high)) for p in placed)
        return Page(f"{self.name}-turned-{quarter_turns}", picture, placed)


def pages(sizes_px: tuple[int, ...] = (16, 22, 30), font: str = "Inter-Regular.ttf") -> Iterator[Page]:
    """Light and dark pages of the sensitive lines with harmless ones between them, at several sizes."""
    for size_px in sizes_px:
        yield drawn(f"light-{size_px}", size_px, font=font)
        fixed = "JetBrainsMono-Regular.ttf"
        yield drawn(f"dark-{size_px}", size_px, ink="#dddddd", ground="#1e1e1e", font=fixed)


def drawn(
    name: str,
    size_px: int,
    *,
    ink: str = "black",
    ground: str = "white",
    font: str = "Inter-Regular.ttf",
    sensitive: tuple[tuple[str, Kind, str, str], ...] = SENSITIVE,
) -> Page:
    picture = Image.new("RGB", PAGE_PX, ground)
    draw = ImageDraw.Draw(picture)
    letters = pictures.font(size_px, name=font)
    placed = []
    step = min(2.0 * size_px, (PAGE_PX[1] - 80) / (2 * len(SENSITIVE)))
    for number, (before, kind, text, after) in enumerate(sensitive):
        top = 40 + 2 * number * step
        draw.text((50, top), before + text + after, fill=ink, font=letters)
        left = 50 + letters.getlength(before)
        ink_box = letters.getbbox(text)
        right = left + letters.getlength(text)
        area = Area(int(left), int(top + ink_box[1]), int(right) + 1, int(top + ink_box[3]) + 1)
        placed.append(Placed(kind, text, area))
        if number < len(HARMLESS):
            draw.text((50, top + step), HARMLESS[number], fill=ink, font=letters)
    return Page(name, picture, tuple(placed))


def covered(placed: Placed, found: tuple[Suggestion, ...]) -> float:
    """The share of a sensitive text's length and height that one suggestion of its kind covers."""
    return max((_share(placed.area, s.area) for s in found if s.kind is placed.kind), default=0.0)


def false_alarms(page: Page, found: tuple[Suggestion, ...]) -> list[Suggestion]:
    """Suggestions over nothing sensitive."""
    return [s for s in found if all(_share(placed.area, s.area) < 0.1 for placed in page.placed)]


def _turned(area: Area, high: int) -> Area:
    return Area(high - area.bottom, area.left, high - area.top, area.right)


def _share(inner: Area, outer: Area) -> float:
    across = min(inner.right, outer.right) - max(inner.left, outer.left)
    down = min(inner.bottom, outer.bottom) - max(inner.top, outer.top)
    return max(0, across) * max(0, down) / (inner.width_px * inner.height_px)

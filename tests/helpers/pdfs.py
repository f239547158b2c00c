"""PDF files made by script: pages of text, locked ones, empty ones."""

from collections.abc import Sequence

A4_POINTS = (595, 842)


def page_of_text(*lines: str, size_points: int = 24, left: int = 60, top: int = 760) -> bytes:
    """The content of a page: lines of Helvetica (PDF 32000-1, 9.4)."""
    shown = " ".join(f"({line}) Tj T*" for line in lines)
    return f"0 g BT /F1 {size_points} Tf {size_points * 1.5} TL {left} {top} Td {shown} ET".encode()


def box(colour: tuple[float, float, float], left: float, bottom: float, width: float, height: float) -> bytes:
    """The content of a page: a filled box, in points from the lower left corner."""
    red, green, blue = colour
    return f"{red} {green} {blue} rg {left} {bottom} {width} {height} re f\n".encode()


def pdf(
    *contents: bytes,
    size_points: tuple[float, float] = A4_POINTS,
    sizes: Sequence[tuple[float, float]] = (),
    locked: bool = False,
    author: str = "",
    rotate: int = 0,
) -> bytes:
    """A document with a page for each content (PDF 32000-1, 7.5)."""
    count = len(contents)
    kids = " ".join(f"{4 + 2 * number} 0 R" for number in range(count))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {count} >>".encode(),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, content in enumerate(contents):
        width, height = sizes[number] if sizes else size_points
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Rotate {rotate} "
            f"/Resources << /Font << /F1 3 0 R >> >> /Contents {5 + 2 * number} 0 R >>".encode()
        )
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(content), content))
    trailer = b"/Root 1 0 R"
    if author:
        objects.append(f"<< /Author ({author}) >>".encode())
        trailer += b" /Info %d 0 R" % len(objects)
    if locked:
        secret = b"<" + b"5a" * 32 + b">"
        objects.append(b"<< /Filter /Standard /V 1 /R 2 /O " + secret + b" /U " + secret + b" /P -44 >>")
        trailer += b" /Encrypt %d 0 R /ID [<00> <00>]" % len(objects)
    return _file(objects, trailer)


def _file(objects: Sequence[bytes], trailer: bytes) -> bytes:
    data, offsets = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        offsets.append(len(data))
        data += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    size = len(objects) + 1
    return (
        data
        + b"xref\n0 %d\n0000000000 65535 f \n" % size
        + table
        + b"trailer\n<< /Size %d %s >>\nstartxref\n%d\n%%%%EOF\n" % (size, trailer, len(data))
    )

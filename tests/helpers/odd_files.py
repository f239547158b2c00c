"""A folder of odd and hostile files, and what each must become: an image, or exactly this problem.

What is in it is made by script, the same every time. `ODD` names all of them; a file system that cannot hold
one (names in bytes on macOS, pipes on Windows) is left without it.
"""

import contextlib
import io
import os
import socket
import struct
import sys
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pillow_heif
from PIL import Image, TiffImagePlugin

from desktop.core.problems import Code
from tests.helpers import pdfs, pictures

Make = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class Odd:
    """One odd thing.

    Attributes:
        name: of the file, in bytes, because not every name is text.
        make: puts it there.
        expected: the problem it becomes; None if it is an image.
    """

    name: bytes
    make: Make
    expected: Code | None

    def path(self, folder: Path) -> Path:
        """Where it is in a folder."""
        return folder / os.fsdecode(self.name)


def make_odd_files(folder: Path) -> dict[Path, Code | None]:
    """Make all of them in a new folder; what each must become. `let_go` must be called at the end."""
    folder.mkdir(parents=True)
    made: dict[Path, Code | None] = {}
    for odd in ODD:
        with contextlib.suppress(OSError, NotImplementedError):
            odd.make(odd.path(folder))
            made[odd.path(folder)] = odd.expected
    return made


def let_go(folder: Path) -> None:
    """Make what nobody may read or enter readable again, so that it can be deleted."""
    for path in folder.iterdir():
        if not path.is_symlink():
            path.chmod(0o700)


def _put(data: bytes | Callable[[], bytes]) -> Make:
    return lambda path: path.write_bytes(data if isinstance(data, bytes) else data())


def _photo(kind: str, **options: object) -> bytes:
    return pictures.encoded(pictures.photo(200, 150), kind, **options)


def _cut(data: bytes, share: float = 0.4) -> bytes:
    return data[: int(len(data) * share)]


def _heif() -> bytes:
    out = io.BytesIO()
    pillow_heif.from_pillow(pictures.photo(200, 150)).save(out)
    return out.getvalue()


def _animated(kind: str) -> bytes:
    frames = [Image.new("RGB", (120, 90), colour) for colour in ("red", "green", "blue")]
    return pictures.encoded(frames[0], kind, save_all=True, append_images=frames[1:], duration=100)


def _jpeg_of_size(width_px: int, height_px: int, *, progressive: bool = False) -> bytes:
    """A small JPEG whose header claims another size."""
    data = bytearray(_photo("JPEG", progressive=progressive))
    at = data.index(b"\xff\xc2" if progressive else b"\xff\xc0") + 5
    data[at : at + 4] = struct.pack(">HH", height_px, width_px)
    return bytes(data)


def _gif_of_size(width_px: int, height_px: int) -> bytes:
    """A GIF of few bytes that claims a size, on its canvas and for its frame."""
    data = bytearray(pictures.encoded(Image.new("P", (4, 4)), "GIF"))
    data[6:10] = struct.pack("<HH", width_px, height_px)
    frame = data.index(b",") + 5
    data[frame : frame + 4] = struct.pack("<HH", width_px, height_px)
    return bytes(data)


def _webp_of_size(width_px: int, height_px: int) -> bytes:
    """An extended WebP that claims a canvas; at most 16,384 pixels a side can be stored."""
    canvas = struct.pack("<I", width_px - 1)[:3] + struct.pack("<I", height_px - 1)[:3]
    body = b"WEBP" + b"VP8X" + struct.pack("<I", 10) + bytes(4) + canvas
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _tiff_bomb(width_px: int, height_px: int) -> bytes:
    """A TIFF of one colour whose few bytes really unpack to that many pixels."""
    return pictures.encoded(Image.new("1", (width_px, height_px)), "TIFF", compression="group4")


def _bmp_of_size(width_px: int, height_px: int) -> bytes:
    data = bytearray(pictures.encoded(Image.new("RGB", (4, 4)), "BMP"))
    data[18:26] = struct.pack("<ii", width_px, height_px)
    return bytes(data)


def _png_text_bomb() -> bytes:
    """A PNG whose compressed comment unpacks to 200 MB."""
    data = _photo("PNG")
    packer = zlib.compressobj(9)
    zeros = bytes(1_000_000)
    body = b"Comment\0\0" + b"".join(packer.compress(zeros) for _ in range(200)) + packer.flush()
    return data[:33] + pictures.png_chunk(b"zTXt", body) + data[33:]


def _png_profile_bomb() -> bytes:
    """A PNG whose colour profile unpacks to 200 MB."""
    data = _photo("PNG")
    packer = zlib.compressobj(9)
    zeros = bytes(1_000_000)
    body = b"icc\0\0" + b"".join(packer.compress(zeros) for _ in range(200)) + packer.flush()
    return data[:33] + pictures.png_chunk(b"iCCP", body) + data[33:]


def _huge_exif() -> bytes:
    exif = Image.Exif()
    exif[0x010E] = "x" * 60_000
    return _photo("JPEG", exif=exif.tobytes())


def _circular_exif() -> bytes:
    """The parts of its EXIF name each other as the next one."""
    exif = b"Exif\0\0MM\0*\0\0\0\x08" + b"\0\x01\x87\x69\0\x04\0\0\0\x01\0\0\0\x08" + b"\0\0\0\x08"
    return _photo("JPEG", exif=exif)


def _circular_tiff() -> bytes:
    """Its only page is followed by itself."""
    data = bytearray(pictures.encoded(pictures.photo(64, 48), "TIFF"))
    first = int.from_bytes(data[4:8], "little")
    entries = int.from_bytes(data[first : first + 2], "little")
    after = first + 2 + 12 * entries
    data[after : after + 4] = data[4:8]
    return bytes(data)


def _tiff_16() -> bytes:
    return pictures.encoded(Image.linear_gradient("L").convert("I").point(lambda v: v * 257), "TIFF")


def _palette_with_alpha() -> bytes:
    picture = pictures.photo(200, 150).quantize(16)
    return pictures.encoded(picture, "PNG", transparency=bytes(range(0, 256, 16)))


def _apng() -> bytes:
    return _animated("PNG")


def _many_pages() -> bytes:
    pages = [Image.new("1", (60, 40)) for _ in range(300)]
    return pictures.encoded(pages[0], "TIFF", save_all=True, append_images=pages[1:])


def _raw_photo() -> bytes:
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[50706] = b"\x01\x04\x00\x00"
    return pictures.encoded(pictures.photo(64, 48), "TIFF", tiffinfo=tags)


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    made = socket.socket(socket.AF_UNIX)
    before = Path.cwd()
    # The address of a socket may be 107 bytes long.
    os.chdir(path.parent)
    try:
        made.bind(path.name)
    finally:
        os.chdir(before)
        made.close()


def _unreadable(path: Path) -> None:
    if not hasattr(os, "geteuid") or os.geteuid() == 0:
        raise NotImplementedError
    path.write_bytes(_photo("PNG"))
    path.chmod(0)


def _link(target: str) -> Make:
    return lambda path: path.symlink_to(target)


def _too_large(path: Path) -> None:
    """100 GB that take no room."""
    with path.open("wb") as file:
        file.write(b"\x89PNG\r\n\x1a\n")
        file.truncate(100_000_000_000)


def _odd_names() -> Iterator[Odd]:
    sound = _put(lambda: _photo("PNG"))
    names = [
        "x" * 251 + ".png",
        "שלום עולם.png",
        "\u202egnp.exe.png",
        "🦊👩‍👩‍👧.png",
        "new\nline.png",
        "tab\tand\x1b[31mred.png",
        "<img src=x onerror=alert(1)>&amp;.png",
        "%s%n{name}.png",
        " .png",
        "-rf.png",
        "con.png",
        "é decomposed.png",
        "line\u2028separator.png",
    ]
    for name in names:
        yield Odd(os.fsencode(name), sound, None)
    if sys.platform == "linux":
        yield Odd(b"no utf-8 caf\xe9.png", sound, None)
        yield Odd(b"\xff\xfe\x80.jpg", _put(lambda: _photo("JPEG")), None)


TRUNCATED = {
    "png": lambda: _photo("PNG"),
    "jpg": lambda: _photo("JPEG"),
    "progressive.jpg": lambda: _photo("JPEG", progressive=True),
    "webp": lambda: _photo("WEBP"),
    "gif": lambda: _photo("GIF"),
    "bmp": lambda: _photo("BMP"),
    "tif": lambda: _photo("TIFF", compression="tiff_lzw"),
    "avif": lambda: _photo("AVIF"),
    "heic": _heif,
}

_SIGNED_BUT_EMPTY = {
    "png": b"\x89PNG\r\n\x1a\n",
    "jpg": b"\xff\xd8\xff",
    "gif": b"GIF89a",
    "bmp": b"BM",
    "tif": b"II*\0",
    "pdf": b"%PDF-1.7\n",
}

ODD: tuple[Odd, ...] = (
    *(
        Odd(f"truncated.{name}".encode(), _put(lambda make=make: _cut(make())), Code.IMAGE_DAMAGED)
        for name, make in TRUNCATED.items()
    ),
    *(
        Odd(f"only a signature.{name}".encode(), _put(data), Code.IMAGE_DAMAGED)
        for name, data in _SIGNED_BUT_EMPTY.items()
    ),
    Odd(b"zero bytes.png", _put(b""), Code.IMAGE_EMPTY),
    Odd(b"one byte.jpg", _put(b"\xff"), Code.IMAGE_NOT_AN_IMAGE),
    Odd(b"png named jpg.jpg", _put(lambda: _photo("PNG")), None),
    Odd(b"jpg named png.png", _put(lambda: _photo("JPEG")), None),
    Odd(b"text named png.png", _put(b"not a picture\n" * 50), Code.IMAGE_NOT_AN_IMAGE),
    Odd(b"page of html.jpg", _put(b"<!doctype html><title>Sign in</title>"), Code.IMAGE_NOT_AN_IMAGE),
    Odd(b"drawing named png.png", _put(b"<svg xmlns='http://www.w3.org/2000/svg'/>"), Code.IMAGE_UNSUPPORTED),
    Odd(b"film named gif.gif", _put(b"\0\0\0\x18ftypmp42" + bytes(200)), Code.IMAGE_UNSUPPORTED),
    Odd(b"raw photo.tif", _put(_raw_photo), Code.IMAGE_UNSUPPORTED),
    Odd(b"bomb.png", _put(lambda: pictures.png_bomb(30_000, 30_000)), Code.IMAGE_TOO_MANY_PIXELS),
    Odd(b"bomb.tif", _put(lambda: _tiff_bomb(30_000, 30_000)), Code.IMAGE_TOO_MANY_PIXELS),
    Odd(b"bomb.gif", _put(lambda: _gif_of_size(60_000, 60_000)), Code.IMAGE_TOO_MANY_PIXELS),
    Odd(b"bomb.webp", _put(lambda: _webp_of_size(30_000, 30_000)), Code.IMAGE_TOO_MANY_PIXELS),
    Odd(b"bomb.bmp", _put(lambda: _bmp_of_size(30_000, 30_000)), Code.IMAGE_TOO_MANY_PIXELS),
    Odd(b"bomb.jpg", _put(lambda: _jpeg_of_size(60_000, 60_000)), Code.IMAGE_TOO_MANY_PIXELS),
    Odd(
        b"bomb progressive.jpg",
        _put(lambda: _jpeg_of_size(20_000, 20_000, progressive=True)),
        Code.IMAGE_TOO_MANY_PIXELS,
    ),
    Odd(b"bomb of text.png", _put(_png_text_bomb), Code.IMAGE_DAMAGED),
    Odd(b"bomb of a profile.png", _put(_png_profile_bomb), Code.IMAGE_DAMAGED),
    Odd(b"no pixels.png", _put(lambda: pictures.png_header(0, 0)), Code.IMAGE_DAMAGED),
    Odd(b"missing pixels.png", _put(lambda: pictures.png_header(500, 500)), Code.IMAGE_DAMAGED),
    Odd(b"1x1.png", _put(lambda: pictures.encoded(Image.new("RGB", (1, 1), "red"))), None),
    Odd(b"60000x1.png", _put(lambda: pictures.encoded(Image.new("RGB", (60_000, 1), "red"))), None),
    Odd(b"1x60000.png", _put(lambda: pictures.encoded(Image.new("RGB", (1, 60_000), "red"))), None),
    Odd(b"60000x1.jpg", _put(lambda: pictures.encoded(Image.new("RGB", (60_000, 1), "red"), "JPEG")), None),
    Odd(b"cmyk.jpg", _put(lambda: pictures.encoded(pictures.photo(200, 150, "CMYK"), "JPEG")), None),
    Odd(b"16 bit.png", _put(lambda: pictures.encoded(Image.new("I;16", (200, 150), 30_000))), None),
    Odd(b"16 bit.tif", _put(_tiff_16), None),
    Odd(b"float.tif", _put(lambda: pictures.encoded(Image.new("F", (20, 15), float("nan")), "TIFF")), None),
    Odd(b"1 bit.png", _put(lambda: pictures.encoded(pictures.photo(200, 150, "1"))), None),
    Odd(b"palette with alpha.png", _put(_palette_with_alpha), None),
    Odd(b"animated.gif", _put(lambda: _animated("GIF")), None),
    Odd(b"animated.webp", _put(lambda: _animated("WEBP")), None),
    Odd(b"animated.png", _put(_apng), None),
    Odd(b"300 pages.tif", _put(_many_pages), None),
    Odd(b"page after itself.tif", _put(_circular_tiff), None),
    Odd(b"huge exif.jpg", _put(_huge_exif), None),
    Odd(b"exif in a circle.jpg", _put(_circular_exif), None),
    Odd(b"position.jpg", _put(lambda: _photo("JPEG", exif=pictures.exif_with_position())), None),
    Odd(b"something behind.png", _put(lambda: _photo("PNG") + bytes(100_000)), None),
    Odd(b"one page.pdf", _put(lambda: pdfs.pdf(pdfs.page_of_text("one"))), None),
    Odd(b"a folder.png", lambda path: path.mkdir(), Code.IMAGE_NOT_A_FILE),
    Odd(b"a pipe.png", _pipe, Code.IMAGE_NOT_A_FILE),
    Odd(b"a socket.png", _socket, Code.IMAGE_NOT_A_FILE),
    Odd(b"link to nothing.png", _link("gone.png"), Code.IMAGE_MISSING),
    Odd(b"link to itself.png", _link("link to itself.png"), Code.IMAGE_MISSING),
    Odd(b"link to a device.png", _link("/dev/zero"), Code.IMAGE_NOT_A_FILE),
    Odd(b"link to an image.png", _link("1x1.png"), None),
    Odd(b"gone.jpg", lambda _path: None, Code.IMAGE_MISSING),
    Odd(b"unreadable.png", _unreadable, Code.IMAGE_UNREADABLE),
    Odd(b"100 GB.png", _too_large, Code.IMAGE_TOO_MANY_BYTES),
    *_odd_names(),
)

"""What drops and the clipboard carry."""

import os
import sys
import time
from pathlib import Path
from urllib.parse import quote

import pytest
from PySide6.QtCore import QByteArray, QMimeData, QUrl
from PySide6.QtGui import QImage

from desktop.ui.widgets.incoming import acceptable, carried_image, carried_links, local_paths


def uris(*lines: str) -> QMimeData:
    mime = QMimeData()
    mime.setData("text/uri-list", QByteArray("\r\n".join(lines).encode()))
    return mime


@pytest.mark.skipif(sys.platform == "win32", reason="names are not bytes on Windows")
def test_names_that_are_not_utf8_arrive_byte_for_byte(tmp_path: Path) -> None:
    name = os.fsencode(tmp_path) + b"/caf\xe9 \xff.png"

    found = local_paths(uris(f"file://{quote(name)}"))

    assert [os.fsencode(path) for path in found] == [name]


@pytest.mark.parametrize("name", ["a b.png", "100%.png", "a#b?.png", "图片.png", "é😀.png", "new\nline.png"])
def test_every_name_arrives_as_it_is(tmp_path: Path, name: str) -> None:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(tmp_path / name))])

    assert local_paths(mime) == [tmp_path / name]


def test_files_keep_their_order_and_come_once() -> None:
    assert local_paths(uris("file:///b.png", "file:///a.png", "file:///b.png")) == [
        Path("/b.png"),
        Path("/a.png"),
    ]


def test_only_files_of_this_computer_count() -> None:
    mime = uris(
        "https://example.org/x.png", "file://other/x.png", "file://localhost/y.png", "file:///a%00b", "x"
    )

    assert local_paths(mime) == [Path("/y.png")]


def test_pixels_are_carried() -> None:
    mime = QMimeData()
    mime.setImageData(QImage(4, 3, QImage.Format.Format_RGB32))

    image = carried_image(mime)

    assert image is not None
    assert image.width() == 4
    assert acceptable(mime)


def test_text_is_not_acceptable() -> None:
    mime = QMimeData()
    mime.setText("file:///etc/passwd")

    assert not acceptable(mime)
    assert carried_image(mime) is None
    assert not acceptable(uris("ftp://example.org/x.png"))


@pytest.mark.parametrize(
    ("html", "text", "urls", "found"),
    [
        # Firefox: a picture that leads to a page.
        (
            '<a href="https://a.example/page"><img alt="x" src="https://a.example/cat.png?a=1&amp;b=2"></a>',
            "https://a.example/page",
            ["https://a.example/page"],
            ["https://a.example/cat.png?a=1&b=2"],
        ),
        # Chromium: a link alone.
        ("", "", ["https://a.example/cat.png"], ["https://a.example/cat.png"]),
        (
            "",
            "https://a.example/1.png\nhttps://a.example/2.png",
            [],
            ["https://a.example/1.png", "https://a.example/2.png"],
        ),
        ("<img src='data:image/png;base64,AAAA'>", "", [], ["data:image/png;base64,AAAA"]),
        ("", "look at https://a.example/1.png", [], []),
        # A page that loads its pictures late names a tracker or nothing in `src` of another attribute.
        (
            '<img data-src="https://t.example/t.gif" src="https://a.example/cat.png">',
            "",
            [],
            ["https://a.example/cat.png"],
        ),
        ("<a href=x><img src=https://a.example/cat.png></a>", "", [], ["https://a.example/cat.png"]),
        ("<img alt=none><img src='https://a.example/2.png'>", "", [], ["https://a.example/2.png"]),
        ('<img src="file:///etc/passwd">', "javascript:alert(1)", [], []),
    ],
)
def test_addresses_of_pictures_are_found_as_browsers_give_them(
    html: str, text: str, urls: list[str], found: list[str]
) -> None:
    mime = uris(*urls) if urls else QMimeData()
    if html:
        mime.setHtml(html)
    if text:
        mime.setText(text)
    assert carried_links(mime) == found
    assert acceptable(mime) == bool(found)


def test_a_large_picture_inside_markup_is_found() -> None:
    mime = QMimeData()
    url = "data:image/png;base64," + "A" * 4_000_000
    mime.setHtml(f'<p><img src="{url}"></p>')

    assert carried_links(mime) == [url]


@pytest.mark.parametrize("markup", ["<img ", "<img src", "<img src =", "<img src='", "<img\t"])
def test_hostile_markup_does_not_hold_the_window_up(markup: str) -> None:
    mime = QMimeData()
    mime.setData("text/html", QByteArray((markup * 40_000).encode()))
    began = time.monotonic()

    acceptable(mime)

    assert time.monotonic() - began < 2

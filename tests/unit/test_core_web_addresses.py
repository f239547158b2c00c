"""Which addresses are public, which texts are links, and what files from there are called."""

import ipaddress
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.problems import ProblemError
from desktop.core.web_addresses import (
    checked,
    file_name,
    host_of,
    is_link,
    is_page,
    is_private_name,
    is_public,
    may_be_told,
    suffix_of,
)

PRIVATE = [
    "127.0.0.1", "10.0.0.1", "172.16.5.5", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "ff02::1", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "2002:7f00:1::", "2002:a00:1::", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
    "2001:0:4136:e378:8000:63bf:3fff:fdd2", "fec0::1", "::127.0.0.1", "::ffff:0:127.0.0.1",
    "64:ff9b:1::a00:1", "192.88.99.1", "192.0.0.8", "3fff::1", "2001:db8::1",
]  # fmt: skip
PUBLIC = [
    "93.184.215.14",
    "8.8.8.8",
    "2606:2800:21f:cb07:6820:80da:af6b:8b2c",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
]


@pytest.mark.parametrize("text", PRIVATE)
def test_what_is_ours_is_not_public_in_any_form(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))
    assert is_private_name(text)


@pytest.mark.parametrize("host", ["127.1", "2130706433", "0x7f000001", "0177.0.0.1", "10.1", "intranet", ""])
def test_a_proxy_is_not_asked_for_what_is_ours_however_it_is_spelled(host: str) -> None:
    assert is_private_name(host)


@pytest.mark.parametrize("host", ["1.1", "134744072", "example.org", "cafe.face", "1.2.3.4.example"])
def test_what_is_public_is_so_in_every_spelling(host: str) -> None:
    assert not is_private_name(host)


@pytest.mark.parametrize(
    "url",
    [
        "https://me:secret@cats.example/cat.png",
        "http://192.168.1.20/cat.png",
        "http://nas.local/cat.png",
        "http://localhost:8000/cat.png",
        "data:image/png;base64,AAAA",
        "",
    ],
)
def test_passwords_and_ones_own_network_are_told_to_no_provider(url: str) -> None:
    assert not may_be_told(url)


def test_an_address_of_the_web_may_be_told() -> None:
    assert may_be_told("https://cats.example/cat.png?size=1")


def test_a_host_is_what_is_looked_up() -> None:
    assert host_of("https://Bücher.Example.:8443/") == "xn--bcher-kva.example"
    for text in ("http://[::1", "http://a..b/", "http://a\\@b.example/", f"http://{'a' * 64}.example/"):
        with pytest.raises(ProblemError):
            checked(text)


@pytest.mark.parametrize("text", PUBLIC)
def test_the_open_internet_is_public(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


@given(st.ip_addresses(v=4))
def test_an_ipv4_address_is_as_public_in_ipv6_clothes(address: ipaddress.IPv4Address) -> None:
    for clothed in (f"::ffff:{address}", str(ipaddress.IPv6Address((0x2002 << 112) | (int(address) << 80)))):
        assert is_public(ipaddress.ip_address(clothed)) == is_public(address)


@given(st.text())
def test_any_text_is_a_link_or_not_and_never_an_exception(text: str) -> None:
    if is_link(text) and text.strip()[:5].lower() != "data:":
        with suppress(ProblemError):
            assert checked(text) == text.strip()


@pytest.mark.parametrize("text", ["ftp://a/b.png", "file:///etc/passwd", "http://", "https://a b/c", "x", ""])
def test_what_cannot_be_fetched_is_no_address(text: str) -> None:
    with pytest.raises(ProblemError):
        checked(text)


@given(st.text(max_size=300), st.sampled_from([".png", ".jpg"]))
def test_a_name_is_safe_whatever_the_address(path: str, suffix: str) -> None:
    name = file_name("https://a.example/x/" + path.replace("?", "").replace("#", ""), suffix)
    assert name.endswith(suffix)
    assert 0 < len(name) <= 90
    assert not set(name) & set('/\\:*?"<>|\0\n')
    assert not name.startswith(".")


def test_names_are_those_that_people_know() -> None:
    assert file_name("https://a.example/pics/my%20cat.jpeg?w=1", ".png") == "my cat.png"
    assert file_name("https://a.example/", ".gif") == "image.gif"
    assert file_name("https://a.example/con.png", ".png") == "image_con.png"
    assert file_name("data:image/png;base64,AAAA", ".png") == "image.png"


def test_the_content_tells_the_kind() -> None:
    assert suffix_of(b"\x89PNG\r\n\x1a\n") == ".png"
    assert suffix_of(b"RIFF\0\0\0\0WEBPVP8 ") == ".webp"
    assert suffix_of(b"<html>") is None
    assert is_page(b"\xef\xbb\xbf\n <!DOCTYPE html>")
    assert not is_page(b"plain")

"""What a second launch gives to the open window arrives as it was, and nothing else is taken for it."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.capturing import CaptureKind, CaptureRequest
from desktop.core.handover import MAX_BYTES, MAX_NAMES, Handover, decode_handover, encode_handover, is_link

NAMES = st.binary(min_size=1, max_size=40).filter(lambda name: b"\0" not in name)
PATHS = NAMES.map(lambda name: Path("/") / os.fsdecode(name))
LINKS = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=40).map(
    lambda rest: "https://" + rest
)
TOKENS = st.text(st.characters(min_codepoint=33, max_codepoint=126), max_size=60)


@given(st.lists(PATHS, max_size=8), st.lists(LINKS, max_size=8), TOKENS, TOKENS)
def test_any_names_arrive(paths: list[Path], links: list[str], startup_id: str, token: str) -> None:
    sent = Handover(paths=tuple(paths), links=tuple(links), startup_id=startup_id, activation_token=token)

    assert decode_handover(encode_handover(sent)) == sent


@given(
    st.sampled_from(CaptureKind),
    st.integers(0, 60_000),
    st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=200),
)
def test_any_wish_to_capture_arrives(kind: CaptureKind, delay_ms: int, prompt: str) -> None:
    sent = Handover(capture=CaptureRequest(kind=kind, delay_s=delay_ms / 1000, prompt=prompt))

    assert decode_handover(encode_handover(sent)) == sent


@given(st.binary(max_size=200) | NAMES.map(lambda name: b"1\0\0\0" + name))
def test_any_other_bytes_are_refused_or_mean_absolute_paths_and_web_addresses(data: bytes) -> None:
    try:
        got = decode_handover(data)
    except ValueError:
        return
    assert all(path.is_absolute() for path in got.paths)
    assert all(is_link(link) for link in got.links)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"1",
        b"2\0\0",
        b"1\0\0\0Frelative.png",
        b"1\0\0\0F",
        b"1\0\0\0Afile:///etc/passwd",
        b"1\0\0\0Ahttps://\xff",
        b"1\0\0\0Xhttps://example.org",
        b"1\0\xff\0\0F/a.png",
        b"1\0\0\0C",
        b"1\0\0\0Cnothing 0 ",
        b"1\0\0\0Cregion -1 ",
        b"1\0\0\0Cregion 60001 ",
        b"1\0\0\0Cregion nan ",
        b"1\0\0\0Cregion 0 \xff",
        b"1\0\0" + b"\0F/a" * (MAX_NAMES + 1),
        b"1\0\0\0F/" + b"a" * MAX_BYTES,
    ],
    ids=lambda data: repr(data[:24]),
)
def test_what_is_not_a_message_is_refused(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - any of its kinds
        decode_handover(data)


def test_a_token_that_is_too_long_is_cut() -> None:
    assert len(decode_handover(b"1\0" + b"x" * 5000 + b"\0").startup_id) == 1000

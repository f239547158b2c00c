"""The form of keys and addresses, checked before any request."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.credentials import check_base_url, check_key, is_encrypted_or_loopback, mask_key, origin
from desktop.core.problems import Code, ProblemError

KEY = "sk-proj-abcdEFGH0123456789_-4f2a"


@pytest.mark.parametrize("text", [KEY, f"  {KEY}\n", f"\t{KEY}\r\n", "12345678", "AIzaSyA-0123456789"])
def test_a_key_is_taken_without_the_space_around_it(text: str) -> None:
    assert check_key(text) == text.strip()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", Code.KEY_EMPTY),
        (" \n\t", Code.KEY_EMPTY),
        (f"{KEY}\n{KEY}", Code.KEY_MULTI_LINE),
        (f"{KEY}\r{KEY}", Code.KEY_MULTI_LINE),
        (f"{KEY}\u2028{KEY}", Code.KEY_MULTI_LINE),
        ("sk-…4f2a", Code.KEY_IS_MASKED),
        ("sk-...4f2a", Code.KEY_IS_MASKED),
        ("sk-proj-********4f2a", Code.KEY_IS_MASKED),
        ("sk-••••••••4f2a", Code.KEY_IS_MASKED),
        ("https://platform.openai.com/api-keys", Code.KEY_IS_AN_ADDRESS),
        ("HTTP://localhost:11434/v1", Code.KEY_IS_AN_ADDRESS),
        ("www.openai.com", Code.KEY_IS_AN_ADDRESS),
        (f"Bearer {KEY}", Code.KEY_HAS_SPACES),
        (f"{KEY}\u00a0{KEY}", Code.KEY_HAS_SPACES),
        (f"{KEY}é", Code.KEY_NOT_ASCII),
        (f"{KEY[:9]}\u200b{KEY[9:]}", Code.KEY_NOT_ASCII),
        (f"{KEY}\x00{KEY}", Code.KEY_NOT_ASCII),
        ("sk-1234", Code.KEY_TOO_SHORT),
    ],
)
def test_what_cannot_be_a_key_is_said_at_once(text: str, code: Code) -> None:
    with pytest.raises(ProblemError) as caught:
        check_key(text)
    assert caught.value.problem.code is code


@given(st.text(st.characters(exclude_categories=[]), max_size=60))
def test_a_key_that_passes_can_be_a_header_and_a_refusal_never_holds_it(text: str) -> None:
    try:
        key = check_key(text)
    except ProblemError as error:
        refusal = error.problem
    else:
        assert key.isascii()
        assert key.isprintable()
        assert len(key) >= 8
        assert not any(c.isspace() for c in key)
        return
    assert set(refusal.parameters) <= {"limit"}


@pytest.mark.parametrize(
    ("key", "shown"),
    [
        (KEY, "sk-…4f2a"),
        ("AIzaSyA-0123456789", "…6789"),
        ("sk-12345678", "sk-…78"),
        ("12345678", "…78"),
        ("ab", "…"),
    ],
)
def test_a_key_is_shown_masked(key: str, shown: str) -> None:
    assert mask_key(key) == shown


@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=8, max_size=80))
def test_a_masked_key_shows_four_characters_at_most(key: str) -> None:
    shown = mask_key(key)
    assert len(shown) <= len("sk-…4f2a")
    assert key not in shown


@pytest.mark.parametrize(
    ("text", "url", "key_origin"),
    [
        ("https://api.openai.com/v1", "https://api.openai.com/v1", "https://api.openai.com:443"),
        (" HTTPS://API.OpenAI.com/v1/ ", "https://api.openai.com/v1", "https://api.openai.com:443"),
        ("https://host:443/", "https://host", "https://host:443"),
        ("http://host:80/v1", "http://host/v1", "http://host:80"),
        ("http://localhost:11434/v1", "http://localhost:11434/v1", "http://localhost:11434"),
        ("http://[::1]:8080/V1", "http://[::1]:8080/V1", "http://[::1]:8080"),
        ("https://münchen.de/v1", "https://xn--mnchen-3ya.de/v1", "https://xn--mnchen-3ya.de:443"),
    ],
)
def test_an_address_is_normalised(text: str, url: str, key_origin: str) -> None:
    assert check_base_url(text) == url
    assert check_base_url(url) == url
    assert origin(text) == key_origin


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "api.openai.com/v1",
        "localhost:11434/v1",
        "ftp://host/v1",
        "file:///etc/passwd",
        "javascript:alert(1)",
        "http://",
        "https:///v1",
        "http://host:0/",
        "http://host:99999/",
        "http://host:port/",
        "https://user:secret@host/v1",
        "https://user@host/v1",
        "https://host/v1?api-key=secret",
        "https://host/v1#part",
        "https://ho st/v1",
        "https://host/v\n1",
        "https://host/\tv1",
        "https://host\\evil/v1",
        "http://a..b/",
        "http://[::1/",
        "http://[fe80::1%25eth0]/",
        "https://" + "a" * 64 + ".com",
        "https://host/" + "a" * 3000,
        "https://host/\u202e",
        "https://host/\ud800",
    ],
)
def test_an_address_that_is_not_right_is_refused_without_its_secrets(text: str) -> None:
    for check in (check_base_url, origin, is_encrypted_or_loopback):
        with pytest.raises(ProblemError) as caught:
            check(text)
        assert caught.value.problem.code is Code.URL_INVALID
        assert "secret" not in str(caught.value.problem.parameters["url"])


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        ("https://example.com/v1", True),
        ("http://localhost:1234/v1", True),
        ("http://LOCALHOST/v1", True),
        ("http://127.0.0.1:8080/v1", True),
        ("http://127.9.9.9/v1", True),
        ("http://[::1]/v1", True),
        ("http://192.168.1.5/v1", False),
        ("http://localhost.example.com/v1", False),
        ("http://127.0.0.1.example.com/v1", False),
        ("http://0.0.0.0/v1", False),
        ("http://example.com/v1", False),
    ],
)
def test_a_key_goes_unencrypted_to_this_computer_only(url: str, safe: bool) -> None:
    assert is_encrypted_or_loopback(url) is safe


@given(st.text(st.characters(exclude_categories=[]), max_size=40).map(lambda tail: f"https://host{tail}"))
def test_no_text_makes_an_address_raise_anything_else(text: str) -> None:
    try:
        url = check_base_url(text)
    except ProblemError:
        return
    assert check_base_url(url) == url
    assert origin(url) == origin(text)

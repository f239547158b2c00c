"""Links are opened in one place, after showing where they really lead."""

import pytest
from PySide6.QtCore import QUrl

from desktop.ui import links


class World:
    """Stands in for the user who is asked and the system that opens."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *, says: bool) -> None:
        self.asked: list[str] = []
        self.opened: list[str] = []

        def confirm(_parent: object, *, text: str, **_words: str) -> bool:
            self.asked.append(text)
            return says

        monkeypatch.setattr(links, "confirm", confirm)
        monkeypatch.setattr(links.QDesktopServices, "openUrl", self._open)

    def _open(self, url: QUrl) -> bool:
        self.opened.append(url.toString())
        return True


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "/etc/passwd",
        "javascript:alert(1)",
        "data:text/html,x",
        "ftp://example.org/x",
        "smb://server/share",
        "ms-settings:",
        "http://",
        "https:///etc/passwd",
        "mailto:",
        "",
        "http://exa mple.org",
        "\x00https://example.org",
    ],
)
def test_nothing_else_is_opened_or_even_asked_about(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    world = World(monkeypatch, says=True)
    assert not links.open_link(None, url)
    assert not world.asked
    assert not world.opened


@pytest.mark.parametrize("url", ["https://example.org/a?b=c", "http://example.org", "mailto:a@example.org"])
def test_web_and_mail_are_opened_after_a_yes(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    world = World(monkeypatch, says=True)
    assert links.open_link(None, url)
    assert world.opened == [url]
    assert url in world.asked[0]


def test_a_no_opens_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(monkeypatch, says=False)
    assert not links.open_link(None, "https://example.org")
    assert not world.opened


def test_look_alike_letters_are_shown_as_what_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(monkeypatch, says=False)
    links.open_link(None, "https://ex\u0430mple.org/")
    assert "xn--exmple-4nf.org" in world.asked[0]
    assert "\u0430" not in world.asked[0]


def test_a_name_before_the_host_does_not_hide_it(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(monkeypatch, says=False)
    links.open_link(None, "https://bank.example@evil.example/")
    assert "leads to evil.example." in world.asked[0]


def test_an_endless_address_is_cut_in_the_question_only(monkeypatch: pytest.MonkeyPatch) -> None:
    world = World(monkeypatch, says=True)
    url = "https://example.org/" + "a" * 5000
    links.open_link(None, url)
    assert len(world.asked[0]) < 700
    assert world.opened == [url]

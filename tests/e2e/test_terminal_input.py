"""What the terminal command says to images, options and addresses that cannot be used."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import Terminal
from tests.helpers.asking import make_image
from tests.helpers.loopback import Loopback
from tests.helpers.pictures import png_header


def _missing(_path: Path) -> None:
    """Nothing is there."""


def _no_image(path: Path) -> None:
    path.write_text("not an image")


def _cut_off(path: Path) -> None:
    make_image(path, 1200, 900)
    path.write_bytes(path.read_bytes()[:900])


def _bomb(path: Path) -> None:
    path.write_bytes(png_header(30_000, 30_000))


UNUSABLE: list[tuple[Callable[[Path], object], str]] = [
    (_missing, "no longer there"),
    (_no_image, "is not an image"),
    (_cut_off, "damaged"),
    (_bomb, "30,000×30,000 pixels, 64 megapixels at most"),
    (Path.mkdir, "is not a file"),
    (Path.touch, "is empty"),
]


@pytest.mark.parametrize(("make", "said"), UNUSABLE, ids=[make.__name__ for make, _ in UNUSABLE])
def test_an_image_that_cannot_be_used_is_named_and_nothing_is_sent(
    terminal: Terminal, loopback: Loopback, tmp_path: Path, make: Callable[[Path], object], said: str
) -> None:
    picture = tmp_path / "holiday.png"
    make(picture)

    done = terminal.ask(make_image(tmp_path / "good.png"), picture, "--base-url", loopback.base_url)

    assert (done.status, done.out) == (3, "")
    assert "holiday.png" in done.err
    assert said in done.err
    assert len(done.err.splitlines()) == 1
    assert loopback.requests == []
    assert terminal.conversations() == []


def test_an_estimate_names_an_image_that_cannot_be_used_too(terminal: Terminal, tmp_path: Path) -> None:
    done = terminal.run("estimate", make_image(tmp_path / "good.png"), tmp_path, "--model", "gpt-4o")

    assert (done.status, done.out) == (3, "")
    assert f"“{tmp_path.name}” is not a file" in done.err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["ask", "a.png"], "--prompt"),
        (["ask", "a.png", "--prompt", "What?", "--detail", "sharp"], "sharp"),
        (["ask", "a.png", "--prompt", "What?", "--max-tokens", "0"], "at least 1"),
        (["ask", "a.png", "--prompt", "What?", "--base-url", "ftp://example.org"], "ftp://example.org"),
        (["ask", "a.png", "--prompt", "What?", "--model", "gpt-4o", "--detail", "original"], "original"),
        (["estimate"], "IMAGE"),
    ],
)
def test_a_wrong_command_says_what_is_wrong(terminal: Terminal, arguments: list[str], said: str) -> None:
    done = terminal.run(*arguments)

    assert (done.status, done.out) == (2, "")
    assert said in done.err
    assert len(done.err.splitlines()) <= 2


def test_json_names_the_problem_of_an_image(terminal: Terminal, loopback: Loopback, tmp_path: Path) -> None:
    done = terminal.ask(tmp_path / "gone.png", "--base-url", loopback.base_url, "--json")

    assert done.status == 3
    assert json.loads(done.out)["problem"]["code"] == "image_missing"


def test_names_that_are_no_utf8_are_asked_about(
    terminal: Terminal, loopback: Loopback, tmp_path: Path
) -> None:
    picture = Path(f"{tmp_path}/caf\udce9 \U0001f35e.png")
    make_image(tmp_path / "plain.png").rename(picture)

    done = terminal.ask(picture, "--base-url", loopback.base_url, "--json")

    assert done.status == 0
    assert json.loads(done.out)["images"][0]["path"].endswith("caf\\xe9 \U0001f35e.png")
    assert len(loopback.requests[0].images) == 1


def test_a_damaged_history_and_damaged_settings_are_set_aside_and_told(
    terminal: Terminal, loopback: Loopback, tmp_path: Path
) -> None:
    terminal.data.mkdir()
    (terminal.data / "sightline.db").write_text("not a database, and long enough to look at" * 100)
    (terminal.data / "settings.json").write_text("{{{")

    done = terminal.ask(make_image(tmp_path / "good.png"), "--base-url", loopback.base_url)

    assert done.status == 0
    settings, history, _cost = done.err.splitlines()
    assert settings.startswith("A part of the settings could not be read.")
    assert history.startswith("The history is damaged. The damaged file is kept")
    assert list(terminal.data.glob("sightline.db.damaged-*"))
    assert len(terminal.conversations()) == 1


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="only Linux has such folders")
def test_a_data_folder_that_cannot_be_made_is_told_and_the_question_is_answered_all_the_same(
    terminal: Terminal, loopback: Loopback, tmp_path: Path
) -> None:
    terminal.data = Path("/proc/sightline")

    done = terminal.ask(make_image(tmp_path / "good.png"), "--base-url", loopback.base_url)

    assert done.status == 0
    assert done.err.splitlines()[:2] == [
        "Nothing can be written to /proc/sightline.",
        "Nothing of this session is stored.",
    ]
    assert len(loopback.requests) == 1

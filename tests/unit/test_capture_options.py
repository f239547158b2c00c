"""``sightline --capture``: what may be typed, and how a captured picture is called."""

from datetime import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desktop.core.capturing import capture_name
from desktop.system.window_options import parse_window_options

AT = datetime(2026, 11, 28, 15, 47, 12)  # noqa: DTZ001 - as the user's clock shows it


def test_a_capture_is_a_region_unless_it_says_otherwise() -> None:
    assert parse_window_options(["--capture"]).capture == "region"
    options = parse_window_options(["--capture", "screen", "--delay", "2.5", "--prompt", "Why?"])
    assert (options.capture, options.delay, options.prompt) == ("screen", 2.5, "Why?")
    assert parse_window_options(["photo.png"]).capture is None


@pytest.mark.parametrize(
    "typed",
    [
        ["--capture", "everything"],
        ["--capture", "region", "--delay", "-1"],
        ["--capture", "region", "--delay", "61"],
        ["--capture", "region", "--delay", "nan"],
        ["--capture", "region", "--delay", "soon"],
        ["--capture", "region", "--prompt", "x" * 20_001],
        ["--delay", "1"],
        ["--prompt", "Why?"],
        ["--capture", "region", "--render-to", "x.png"],
    ],
    ids=lambda typed: " ".join(typed)[:40],
)
def test_what_makes_no_sense_is_refused(typed: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        parse_window_options(typed)
    assert ended.value.code == 2
    assert "sightline: error:" in capsys.readouterr().err


def test_a_capture_is_called_after_its_window_and_its_time() -> None:
    assert capture_name("Receipt – Viewer", AT) == "Receipt – Viewer 2026-11-28 15.47.12"
    assert capture_name("", AT) == "Capture 2026-11-28 15.47.12"


@given(st.text(max_size=400))
def test_any_title_makes_a_name_that_every_file_system_takes(title: str) -> None:
    name = capture_name(title, AT)
    assert name.endswith("2026-11-28 15.47.12")
    assert not set('<>:"/\\|?*\0\n') & set(name)
    assert len(f"{name} (999).png".encode()) < 255

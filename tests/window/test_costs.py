"""What it costs, with mouse and keys: the budget, the spending page and its CSV, a question as curl."""

import csv
import json
import subprocess
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

from PIL import Image

from desktop.core.model import AnswerState
from tests.helpers.app_window import AppWindow, text_on_screen
from tests.helpers.asking import make_image
from tests.helpers.display import Display, middle
from tests.helpers.loopback import Loopback
from tests.helpers.pictures import exif_with_position, photo
from tests.helpers.processes import clean_environment, until

Start = Callable[..., AppWindow]

ACCENT = (0x5B, 0x5B, 0xD6)
OWN_PRICE = {"input": "5", "output": "10"}
KEY = "sk-canary-of-the-shell"


def test_a_budget_stops_until_it_is_confirmed_and_spending_tells_what_went_where(
    start: Start, display: Display, loopback: Loopback, tmp_path: Path
) -> None:
    loopback.prompt_tokens, loopback.completion_tokens = 1000, 100
    (tmp_path / "data").mkdir(mode=0o700)
    settings = {"budget_usd": "0.006", "own_prices": {"gpt-4.1": OWN_PRICE}}
    (tmp_path / "data" / "settings.json").write_text(json.dumps(settings))
    photo(800, 600).save(tmp_path / "holiday.jpg", exif=exif_with_position())
    app = start(tmp_path / "holiday.jpg", "--base-url", loopback.base_url, "--model", "gpt-4.1")
    app.ask("Where is this?", loopback, images=1)
    assert app.wait_for_answers(1).cost_usd == Decimal("0.006")

    display.type("And when?")
    app.wait_for_draft(text="And when?")
    # Cancel is the default; beside it is what goes over the budget this once.
    for keys in (("Return",), ("Left", "Return")):
        display.key("ctrl+Return")
        dialog = display.wait_for_window(app.process.pid, "Budget")
        assert len(loopback.requests) == 1
        display.key(*keys)
        display.wait_until_closed(app.process.pid, dialog)
    loopback.wait_for_requests(2, 60)
    app.wait_for_answers(2)

    display.key("ctrl+shift+d")
    until(lambda: shows(display, app, "$0.012", "holiday.jpg"), "the sum beside the row of what was spent")

    display.key("ctrl+e")
    display.wait_for_window(app.process.pid, "Export CSV")
    display.type(f"{tmp_path}/spent.csv")
    display.key("Return")
    # It is the last of the two that is written.
    until((tmp_path / "spent-days.csv").exists, "the export")
    with (tmp_path / "spent.csv").open(encoding="utf-8-sig", newline="") as file:
        (row,) = csv.DictReader(file)
    assert (row["image"], row["times_sent"], row["tokens"]) == ("holiday.jpg", "2", "1530")
    assert Decimal(row["cost_usd"]) == 2 * 765 * Decimal("0.000005")
    assert Decimal(row["cost_usd"]) < sum(answer.cost_usd or 0 for answer in app.answers())
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and path.name != "holiday.jpg"]
    assert len(kept) > 3
    for word in (b"48.85", b"2.294", b"latitude", b"48, 51"):
        assert not [path for path in kept if word in path.read_bytes()]


def shows(display: Display, app: AppWindow, spent: str, name: str) -> bool:
    """Whether the gauge and the first row of the spending page say so."""
    # The switch between tables is there with the figures; where it stands depends on the height of the chart.
    display.wait_for_color(ACCENT, app.part(0.19, 0.44, 0.27, 0.6))
    gauge = display.wait_until_still(app.part(0.0, 0.89, 0.18, 0.95))
    row = display.wait_until_still(app.part(0.18, 0.5, 1.0, 0.7))
    both = Image.new("RGB", (row.width, gauge.height + row.height), "white")
    both.paste(gauge, (0, 0))
    both.paste(row, (0, gauge.height))
    text = text_on_screen(display, both)
    return spent in text and name in text


def test_a_question_copied_as_curl_runs_in_a_shell(
    start: Start, display: Display, loopback: Loopback, tmp_path: Path
) -> None:
    picture = make_image(tmp_path / "a.png", 1500, 900)
    app = start(picture, "--base-url", loopback.base_url, "--model", "gpt-4.1")
    text = "It's \"the total\", isn't it? $HOME `id`"
    display.type(text)
    app.wait_for_draft(text=text, images=1)

    # Within the composer's border, which has the same colour.
    ask = display.wait_for_color(ACCENT, app.part(0.9, 0.905, 0.978, 0.95))
    above = app.part(0.85, 0.84, 0.98, 0.9)
    before = display.see(above)
    # The button with the menu is beside the one that asks; the menu opens upward.
    display.click(ask[0] - 20, middle(ask)[1])
    display.wait_for_change(above, before)
    # Comparing comes first.
    display.key("Down", "Down", "Return")
    code = until(display.clipboard_text, "the code on the clipboard")
    script = tmp_path / "ask.sh"
    script.write_text(code)
    environment = clean_environment(tmp_path / "home", OPENAI_API_KEY=KEY)
    done = subprocess.run(["bash", script], env=environment, capture_output=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    copied = loopback.requests[-1]
    assert copied.headers["authorization"] == f"Bearer {KEY}"

    display.key("ctrl+Return")
    asked = loopback.wait_for_requests(2, 60)
    assert asked.body == copied.body
    assert app.wait_for_answers(1).state is AnswerState.COMPLETE

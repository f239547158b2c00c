"""`sightline estimate` as a real process: what would be sent and what it would cost, without sending it."""

import json
from decimal import Decimal
from pathlib import Path

from tests.e2e.conftest import Terminal
from tests.helpers.asking import make_image

KEYS = {
    "path",
    "width",
    "height",
    "sent_width",
    "sent_height",
    "sent_bytes",
    "tokens",
    "cost_usd",
    "rejected",
}


def test_each_image_is_told_and_the_totals_add_up(terminal: Terminal, tmp_path: Path) -> None:
    small = make_image(tmp_path / "small.png", 256, 256)
    large = make_image(tmp_path / "large.png", 4000, 3000)

    done = terminal.run("estimate", small, large, "--model", "gpt-4o", "--detail", "high", "--json")

    told = json.loads(done.out, parse_float=Decimal)
    assert done.status == 0
    assert [set(image) for image in told["images"]] == [KEYS, KEYS]
    first, second = told["images"]
    assert (first["path"], second["path"]) == (str(small), str(large))
    assert (second["width"], second["height"]) == (4000, 3000)
    assert (second["sent_width"], second["sent_height"]) == (1024, 768)
    assert 0 < second["sent_bytes"] < large.stat().st_size
    assert (first["tokens"], second["tokens"]) == (255, 765)
    assert (first["cost_usd"], second["cost_usd"]) == (Decimal("0.0006375"), Decimal("0.0019125"))
    for key in ("sent_bytes", "tokens", "cost_usd"):
        assert told["totals"][key] == first[key] + second[key]


def test_an_image_that_the_model_would_refuse_says_why(terminal: Terminal, tmp_path: Path) -> None:
    screen = make_image(tmp_path / "8k.png", 7680, 4320)
    small = make_image(tmp_path / "small.png", 256, 256)

    done = terminal.run("estimate", screen, small, "--model", "gpt-6-astra", "--json")

    told = json.loads(done.out)
    assert done.status == 0
    refused, taken = told["images"]
    assert "32,400" in refused["rejected"]
    assert [refused[key] for key in ("sent_width", "sent_bytes", "tokens", "cost_usd")] == [None] * 4
    assert taken["rejected"] is None
    assert told["totals"]["tokens"] == taken["tokens"]


def test_a_table_for_people(terminal: Terminal, tmp_path: Path) -> None:
    picture = make_image(tmp_path / "receipt.png", 560, 820)

    done = terminal.run("estimate", picture, "--model", "gpt-4o")

    assert done.status == 0
    assert "receipt.png  560×820 → 560×820" in done.out
    assert "765 tokens, $0.0019" in done.out
    assert done.err == ""


def test_an_unknown_model_has_dashes_and_no_invented_figures(terminal: Terminal, tmp_path: Path) -> None:
    picture = make_image(tmp_path / "receipt.png", 560, 820)

    done = terminal.run("estimate", picture, "--model", "house-model-7", "--json")

    told = json.loads(done.out)
    assert done.status == 0
    assert (told["images"][0]["tokens"], told["images"][0]["cost_usd"]) == (None, None)
    assert told["totals"]["cost_usd"] is None


def test_nothing_is_stored(terminal: Terminal, tmp_path: Path) -> None:
    picture = make_image(tmp_path / "receipt.png", 560, 820)

    terminal.run("estimate", picture, "--model", "gpt-4o")

    assert not (terminal.data / "sightline.db").exists()

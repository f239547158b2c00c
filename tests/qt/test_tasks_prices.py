"""Prices, counts and code for the window, from real parts against the loopback server."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.app import make_ground
from desktop.core.model import ON_DEVICE, Conversation, Detail
from desktop.core.own_prices import OwnPrice
from desktop.core.pricing import PriceList
from desktop.core.problems import Code, Problem
from desktop.core.request import CodeLanguage, NewImage, Question
from desktop.core.settings import Settings
from desktop.system.environment import Secrets
from desktop.system.paths import DataFolder
from desktop.tasks.backend import Backend
from desktop.wiring import make_parts
from tests.helpers.asking import CATALOG, make_image
from tests.helpers.loopback import Loopback

WAIT_MS = 20_000
ASTRA = CATALOG.model("gpt-6-astra")
OWN = {"gpt-6-astra": OwnPrice(Decimal(1), None, Decimal(2))}


class Told:
    """What was delivered."""

    def __init__(self) -> None:
        self.results: list[object] = []
        self.problems: list[Problem] = []

    def wait(self, qtbot: QtBot) -> None:
        qtbot.waitUntil(lambda: bool(self.results or self.problems), timeout=WAIT_MS)


@pytest.fixture
def backend(tmp_path: Path, loopback: Loopback, monkeypatch: pytest.MonkeyPatch) -> Iterator[Backend]:
    monkeypatch.setenv("SIGHTLINE_PRICES_URL", f"{loopback.base_url}/prices.json")
    data = DataFolder(tmp_path / "data")
    data.prepare()
    settings = Settings(base_url=loopback.base_url)
    parts = make_parts(
        folder=data, settings=settings, secrets=Secrets("sk-canary-0123456789"), catalog=CATALOG
    )
    made = Backend(make_ground(parts, settings))
    yield made
    made.close()


def million(backend: Backend) -> Decimal | None:
    rates = backend.prices.rates(ASTRA)
    return None if rates is None else rates.tier(0).input_usd * 10**6


def load(qtbot: QtBot, backend: Backend) -> None:
    with qtbot.waitSignal(backend.prices.loaded, timeout=WAIT_MS):
        backend.prices.load()


def test_prices_are_unknown_until_they_are_loaded(qtbot: QtBot, backend: Backend, loopback: Loopback) -> None:
    assert million(backend) is None

    load(qtbot, backend)

    # A server of unknown name on this computer is treated as OpenAI is.
    assert million(backend) == 10
    assert loopback.requests == [], "nothing is fetched"


def test_an_own_price_holds_at_once_and_the_list_price_stays_known(qtbot: QtBot, backend: Backend) -> None:
    load(qtbot, backend)

    with qtbot.waitSignal(backend.prices.loaded):
        backend.settings.change(replace(backend.settings.current, own_prices=OWN))

    assert million(backend) == 1
    listed = backend.prices.listed(ASTRA)
    assert listed is not None
    assert listed.tier(0).input_usd * 10**6 == 10
    with qtbot.assertNotEmitted(backend.prices.loaded):
        backend.settings.change(replace(backend.settings.current, theme="dark"))


def test_an_update_is_told_and_used(qtbot: QtBot, backend: Backend, loopback: Loopback) -> None:
    row = {"id": "a", "match": {"starts_with": "gpt-6"}, "prices": {"input_mtok": 7, "output_mtok": 7}}
    openai = {"id": "openai", "name": "OpenAI", "api_pattern": "https://nowhere", "models": [row]}
    loopback.price_list = json.dumps([openai]).encode()
    load(qtbot, backend)
    told = Told()

    with qtbot.waitSignal(backend.prices.loaded, timeout=WAIT_MS):
        backend.prices.update(told.results.append, told.problems.append)

    assert told.problems == []
    assert isinstance(backend.prices.price_list, PriceList)
    assert told.results == [backend.prices.price_list]
    assert (backend.prices.price_list.models, million(backend)) == (1, 7)
    assert "genai_prices:update" not in {thread.name for thread in threading.enumerate()}


def test_an_update_that_fails_changes_nothing(qtbot: QtBot, backend: Backend, loopback: Loopback) -> None:
    load(qtbot, backend)
    told = Told()

    backend.prices.update(told.results.append, told.problems.append)
    told.wait(qtbot)

    assert [trouble.code for trouble in told.problems] == [Code.NO_PRICE_TABLE]
    assert million(backend) == 10


def test_closing_does_not_wait_for_a_stalled_update(
    qtbot: QtBot, backend: Backend, loopback: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGHTLINE_PRICES_URL", f"{loopback.url_as('stalled_body')}/prices.json")
    told = Told()
    backend.prices.update(told.results.append, told.problems.append)
    loopback.wait_for_requests(1)

    backend.close()

    loopback.wait_for(lambda: loopback.requests[0].closed_at is not None)
    assert (told.results, told.problems) == ([], [])


def ask_about(backend: Backend, path: Path, model: str = "gpt-4o") -> Question:
    facts = backend._ground.services.images.inspect(path, thumbnail_px=None).result(20).facts
    image = NewImage(image=facts, detail=Detail.HIGH)
    return Question(conversation=Conversation(), text="abcd", images=(image,), model=model)


def open_parts(backend: Backend) -> None:
    backend._ground.services.store.open().result(20)
    backend._ground.keys.load(backend.base_url).result(20)


def test_a_question_is_counted_and_copied_without_being_asked(
    qtbot: QtBot, backend: Backend, loopback: Loopback, tmp_path: Path
) -> None:
    open_parts(backend)
    question = ask_about(backend, make_image(tmp_path / "a.png", 1024, 1024))
    counted, copied = Told(), Told()

    backend.count_exactly(question, counted.results.append, counted.problems.append)
    backend.question_as_code(question, CodeLanguage.PYTHON, copied.results.append, copied.problems.append)
    counted.wait(qtbot)
    copied.wait(qtbot)

    assert counted.results == [766]
    (code,) = copied.results
    assert isinstance(code, str)
    assert 'model="gpt-4o"' in code
    assert [request.path for request in loopback.requests] == ["/v1/responses/input_tokens"]
    assert backend._ground.services.store.summaries().result(20) == ()


def test_counting_can_be_given_up(qtbot: QtBot, backend: Backend, loopback: Loopback, tmp_path: Path) -> None:
    open_parts(backend)
    backend.use_base_url(loopback.url_as("headers_never"))
    told = Told()

    counting = backend.count_exactly(
        ask_about(backend, make_image(tmp_path / "a.png")), told.results.append, told.problems.append
    )
    loopback.wait_for_requests(1)
    counting.cancel()

    loopback.wait_for(lambda: loopback.requests[0].closed_at is not None)
    qtbot.wait(20)
    assert (told.results, told.problems) == ([], [])


def test_the_reader_has_nothing_to_count_or_copy(qtbot: QtBot, backend: Backend, tmp_path: Path) -> None:
    open_parts(backend)
    told = Told()

    backend.count_exactly(
        ask_about(backend, make_image(tmp_path / "a.png"), ON_DEVICE),
        told.results.append,
        told.problems.append,
    )
    told.wait(qtbot)

    assert [trouble.code for trouble in told.problems] == [Code.NOT_SENT]

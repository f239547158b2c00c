"""Prices in force: the user's own, then a fetched list, then the packaged one; fetched only on request."""

import asyncio
import json
from collections.abc import Coroutine
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

import pytest

from desktop.asking.price_book import PriceBook
from desktop.core.catalog import Model
from desktop.core.model import ON_DEVICE, Usage
from desktop.core.own_prices import OwnPrice
from desktop.core.pricing import PriceList, Rates, free_rates
from desktop.core.problems import Code, ProblemError
from desktop.core.settings import Settings
from desktop.engines.price_download import download_prices
from desktop.system.environment import Secrets
from desktop.system.paths import DataFolder
from desktop.system.price_file import package_version
from desktop.system.resources import load_catalog
from desktop.wiring import make_parts
from tests.helpers.loopback import Loopback

T = TypeVar("T")
CATALOG = load_catalog()
MILLION = Usage(prompt_tokens=10**6, completion_tokens=0)
ASTRA = CATALOG.model("gpt-6-astra")
NEW = CATALOG.model("gpt-9-nova")


def price_list(*models: dict[str, Any], provider: str = "openai") -> bytes:
    return json.dumps(
        [{"id": provider, "name": "Fetched", "api_pattern": "https://nowhere", "models": list(models)}]
    ).encode()


def priced(model: str, usd: object) -> dict[str, Any]:
    return {"id": model, "match": {"equals": model}, "prices": {"input_mtok": usd, "output_mtok": usd}}


FETCHED = price_list(priced("gpt-6-astra", 7), priced("gpt-9-nova", 3))


def book(folder: Path, **own: OwnPrice) -> PriceBook:
    return PriceBook(folder / "prices.json", own)


def million(rates: Rates | None) -> Decimal | None:
    return None if rates is None else rates.tier(0).input_usd * 10**6


def url_of(server: Loopback, scenario: str | None = None) -> str:
    return f"{server.base_url if scenario is None else server.url_as(scenario)}/prices.json"


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def test_nothing_is_fetched_until_it_is_asked_for(
    loopback: Loopback, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SIGHTLINE_PRICES_URL", url_of(loopback))
    parts = make_parts(folder=DataFolder(tmp_path), settings=Settings(), secrets=Secrets(), catalog=CATALOG)

    assert million(parts.engines.rates(ASTRA)) == 10
    assert parts.engines.prices.price_list().fetched_on is None
    assert loopback.requests == []

    loopback.price_list = FETCHED
    assert run(parts.engines.update_prices()).models == 2
    (request,) = loopback.requests
    assert "authorization" not in request.headers
    assert million(parts.engines.rates(ASTRA)) == 7


def test_a_fetched_list_holds_now_and_at_the_next_start(loopback: Loopback, tmp_path: Path) -> None:
    loopback.price_list = FETCHED
    prices = book(tmp_path)
    assert million(prices.rates(ASTRA, "openai")) == 10
    assert prices.rates(NEW, "openai") is None

    told = run(prices.update(url_of(loopback)))

    assert told == PriceList(models=2, fetched_on=told.fetched_on, package=told.package)
    assert told.fetched_on is not None
    for each in (prices, book(tmp_path)):
        assert million(each.rates(ASTRA, "openai")) == 7
        assert million(each.rates(NEW, "openai")) == 3, "a model of after this release has its price"
        assert each.price_list() == told


@pytest.mark.parametrize(
    ("scenario", "code"),
    [
        ("not_found", Code.NOT_FOUND),
        ("server_error", Code.SERVER_ERROR),
        ("redirect", Code.REDIRECTED),
        ("html", Code.NO_PRICE_TABLE),
        ("empty_body", Code.NO_PRICE_TABLE),
        ("endless_body", Code.NO_PRICE_TABLE),
    ],
)
def test_what_is_no_price_list_changes_nothing(
    loopback: Loopback, tmp_path: Path, scenario: str, code: Code
) -> None:
    prices = book(tmp_path)
    before = prices.price_list()

    with pytest.raises(ProblemError) as caught:
        run(prices.update(url_of(loopback, scenario)))

    assert caught.value.problem.code is code
    assert str(loopback.port) in str(caught.value.problem.parameters["host"])
    assert prices.price_list() == before
    assert not (tmp_path / "prices.json").exists()


@pytest.mark.parametrize("scenario", ["headers_never", "stalled_body"])
def test_a_server_that_stalls_is_given_up_and_one_may_stop_waiting(loopback: Loopback, scenario: str) -> None:
    with pytest.raises(ProblemError) as caught:
        run(download_prices(url_of(loopback, scenario), silence_s=0.2))
    assert caught.value.problem.code in (Code.TIMED_OUT, Code.NO_CONNECTION)

    async def cancelled() -> None:
        waiting = asyncio.create_task(download_prices(url_of(loopback, scenario)))
        await asyncio.to_thread(loopback.wait_for_requests, 2)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
        await asyncio.to_thread(loopback.wait_for, lambda: loopback.requests[1].closed_at is not None)

    run(cancelled())


def test_nobody_at_the_address(unused_port: int, tmp_path: Path) -> None:
    with pytest.raises(ProblemError) as caught:
        run(book(tmp_path).update(f"http://127.0.0.1:{unused_port}/prices.json"))

    assert caught.value.problem.code is Code.CONNECTION_REFUSED


@pytest.mark.parametrize(
    "data",
    [
        b"{}",
        b"[]",
        b"[1]",
        b'[{"id": "openai"}]',
        price_list(),
        price_list(priced("a", 1), provider="other"),
        b"null",
        price_list(priced("a", "NaN")),
        b"[" * 100_000,
        b"[1, 2",
    ],
    ids=range(10),
)
def test_a_list_that_would_take_prices_away_is_refused(
    loopback: Loopback, tmp_path: Path, data: bytes
) -> None:
    wrapped = b'{"package": "%s", "fetched_on": "2026-11-22", "providers": %s}'
    (tmp_path / "prices.json").write_bytes(wrapped % (package_version().encode(), data))
    loopback.price_list = data
    prices = book(tmp_path)

    with pytest.raises(ProblemError) as caught:
        run(prices.update(url_of(loopback)))

    assert caught.value.problem.code is Code.NO_PRICE_TABLE
    assert million(prices.rates(ASTRA, "openai")) == 10, "what is damaged on disk counts as not there"


def test_a_model_whose_row_is_nonsense_has_no_price(tmp_path: Path) -> None:
    prices = book(tmp_path)
    prices._use(
        price_list(
            priced("gpt-6-astra", "1e30"),
            priced("gpt-4o", -1),
            {"id": "none", "match": {"equals": "gpt-5.5"}, "prices": []},
            {"id": "bad", "match": {"regex": "("}, "prices": {"input_mtok": 1, "output_mtok": 1}},
        ),
        "host",
    )

    for model in ("gpt-6-astra", "gpt-4o", "gpt-5.5", "gpt-5.4"):
        assert prices.rates(CATALOG.model(model), "openai") is None


def test_a_list_of_another_version_of_the_package_is_left_alone(loopback: Loopback, tmp_path: Path) -> None:
    book(tmp_path)._use(FETCHED, "host")
    file = tmp_path / "prices.json"
    kept = json.loads(file.read_bytes())
    file.write_text(json.dumps({**kept, "package": "0.0.1"}))

    assert million(book(tmp_path).rates(ASTRA, "openai")) == 10


def test_a_list_that_cannot_be_kept_changes_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    prices = PriceBook(tmp_path / "file" / "prices.json", {})

    with pytest.raises(ProblemError) as caught:
        prices._use(FETCHED, "host")

    assert caught.value.problem.code is Code.FOLDER_READ_ONLY
    assert million(prices.rates(ASTRA, "openai")) == 10


@pytest.mark.parametrize("provider", ["openai", None])
@pytest.mark.parametrize("model", [ASTRA, NEW, CATALOG.model("llava:13b")])
def test_the_users_own_price_wins_everywhere(tmp_path: Path, model: Model, provider: str | None) -> None:
    own = OwnPrice(Decimal("1.5"), Decimal("0.15"), Decimal(6))
    prices = book(tmp_path, **{model.id: own})

    rates = prices.rates(model, provider)

    assert rates is not None
    usage = Usage(prompt_tokens=10**6, completion_tokens=10**5, cached_tokens=10**5)
    assert rates.cost(usage) == Decimal("1.5") * 9 / 10 + Decimal("0.015") + Decimal("0.6")
    assert million(prices.listed(model, provider)) == (10 if (model, provider) == (ASTRA, "openai") else None)


def test_without_a_price_for_cached_tokens_they_cost_the_same(tmp_path: Path) -> None:
    rates = book(tmp_path, nova=OwnPrice(Decimal(2), None, Decimal(0))).rates(CATALOG.model("nova"), None)

    assert rates is not None
    half_cached = Usage(prompt_tokens=10**6, completion_tokens=9, cached_tokens=500_000)
    assert rates.cost(half_cached) == rates.cost(MILLION) == 2


def test_a_local_server_has_no_list_and_the_reader_is_free(tmp_path: Path) -> None:
    settings = Settings(base_url="http://127.0.0.1:11434/v1")
    engines = make_parts(
        folder=DataFolder(tmp_path), settings=settings, secrets=Secrets(), catalog=CATALOG
    ).engines

    assert engines.rates(ASTRA) is None
    assert engines.rates(CATALOG.model(ON_DEVICE)) == free_rates()
    engines.prices.own = {"gpt-6-astra": OwnPrice(Decimal(0), None, Decimal(0))}
    assert engines.rates(ASTRA) == free_rates(), "0 is a price"


@pytest.mark.parametrize(
    ("base_url", "model", "usd"),
    [
        ("https://api.openai.com/v1", "gpt-6-astra", "10"),
        ("https://api.openai.com/v1", "gpt-9-nova", None),
        ("https://openrouter.ai/api/v1", "openai/gpt-4o", "2.5"),
        ("https://my.openai.azure.com/openai/v1", "gpt-4o", "2.5"),
        ("https://my.openai.azure.com/openai/v1", "my-deployment", None),
        ("https://api.anthropic.com/v1", "claude-opus-4-5", "5"),
        ("https://somebody.example/v1", "gpt-4o", "2.5"),
        ("https://somebody.example/v1", "llava:13b", None),
        ("http://localhost:1234/v1", "gpt-4o", None),
        ("http://192.168.1.9:8000/v1", "gpt-4o", None),
    ],
)
def test_the_server_in_force_says_whose_prices_apply(
    tmp_path: Path, base_url: str, model: str, usd: str | None
) -> None:
    settings = Settings(base_url=base_url)
    engines = make_parts(
        folder=DataFolder(tmp_path), settings=settings, secrets=Secrets(), catalog=CATALOG
    ).engines

    assert million(engines.rates(CATALOG.model(model))) == (usd and Decimal(usd))

"""Spending for the window: nothing blocks, and what changes is told."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.app import make_ground
from desktop.core.budget import Budget, BudgetState, month_of
from desktop.core.ledger import Learned, Spending
from desktop.core.model import Conversation, Message, Role, Usage
from desktop.core.request import Question
from desktop.core.settings import Settings
from desktop.system.clock import now_utc
from desktop.system.environment import Secrets
from desktop.system.paths import DataFolder
from desktop.tasks.backend import Backend
from desktop.wiring import make_parts
from tests.helpers.asking import CATALOG, PRICES
from tests.helpers.history import answered, begin, opened
from tests.helpers.loopback import Loopback
from tests.helpers.window import WAIT_MS

MODEL = CATALOG.model("gpt-5-mini")
TODAY = now_utc().astimezone().date()


def spend(folder: Path, cost: str, answer_tokens: int = 50) -> None:
    """Another process asks, and its answer is billed."""
    with opened(folder) as store:
        asked = begin(store, Message(role=Role.USER, text="?", created_at=now_utc(), model=MODEL.id))
        usage = Usage(prompt_tokens=800, completion_tokens=answer_tokens)
        store.finish(answered(asked, usage=usage, cost_usd=Decimal(cost)), ()).result()


@pytest.fixture
def backend(qtbot: QtBot, tmp_path: Path, loopback: Loopback) -> Iterator[Backend]:
    spend(tmp_path, "0.25")
    parts = make_parts(
        folder=DataFolder(tmp_path),
        settings=Settings(base_url=loopback.base_url),
        secrets=Secrets("sk-test-key-of-the-bench"),
        catalog=CATALOG,
    )
    made = Backend(make_ground(parts, Settings(budget_usd=Decimal(1))))
    # As at the server of the catalogue's models, whatever address this server has.
    object.__setattr__(made._ground.services, "provider_for", lambda _model: "openai")
    with qtbot.waitSignal(made.spending.budget_changed, timeout=WAIT_MS):
        made.history.open()
    yield made
    made.close()


def test_the_month_is_known_when_the_history_is_open(backend: Backend) -> None:
    assert backend.spending.budget == Budget(
        month=month_of(TODAY), limit_usd=Decimal(1), spent_usd=Decimal("0.25")
    )


def test_another_budget_holds_at_once(qtbot: QtBot, backend: Backend) -> None:
    with qtbot.waitSignal(backend.spending.budget_changed) as told:
        backend.settings.change(replace(backend.settings.current, budget_usd=Decimal("0.30")))
    assert told.args is not None
    assert told.args[0].state is BudgetState.WARN
    with qtbot.assertNotEmitted(backend.spending.budget_changed):
        backend.settings.change(replace(backend.settings.current, theme="dark"))


def test_what_another_process_spends_is_seen(qtbot: QtBot, backend: Backend, tmp_path: Path) -> None:
    with qtbot.waitSignal(backend.spending.budget_changed, timeout=WAIT_MS):
        spend(tmp_path, "0.5")
    assert backend.spending.budget.spent_usd == Decimal("0.75")


def test_what_bills_taught_comes_later_and_is_kept(qtbot: QtBot, backend: Backend, tmp_path: Path) -> None:
    with qtbot.waitSignal(backend.spending.learned_changed, timeout=WAIT_MS):
        assert backend.spending.learned(MODEL) == Learned()
    assert backend.spending.learned(MODEL).answer_tokens == 50
    with qtbot.waitSignal(backend.spending.learned_changed, timeout=WAIT_MS):
        spend(tmp_path, "0.1", answer_tokens=250)
    assert backend.spending.learned(MODEL).answer_tokens == 150


def test_a_question_that_ends_moves_the_gauge(qtbot: QtBot, backend: Backend, loopback: Loopback) -> None:
    loopback.prompt_tokens, loopback.completion_tokens = 1_000_000, 0
    question = Question(conversation=Conversation(), text="?", model=MODEL.id)
    object.__setattr__(backend._ground.services, "rates", PRICES.rates)
    running = backend.ask(question)
    with qtbot.waitSignals([running.ended, backend.spending.budget_changed], timeout=WAIT_MS):
        backend.start(running)
    assert backend.spending.budget.spent_usd > Decimal("0.25")


def test_a_span_of_days_is_loaded(qtbot: QtBot, backend: Backend) -> None:
    loaded: list[Spending] = []
    backend.spending.load(TODAY - timedelta(days=6), TODAY, loaded.append)
    qtbot.waitUntil(lambda: bool(loaded), timeout=WAIT_MS)
    assert (loaded[0].total_usd, len(loaded[0].days)) == (Decimal("0.25"), 7)


def test_before_the_history_is_open_and_after_the_end_nothing_is_asked_of_it(
    qtbot: QtBot, tmp_path: Path
) -> None:
    parts = make_parts(
        folder=DataFolder(tmp_path), settings=Settings(), secrets=Secrets(None), catalog=CATALOG
    )
    made = Backend(make_ground(parts, Settings()))
    try:
        assert made.spending.learned(MODEL) == Learned()
        assert made.spending.budget.state is BudgetState.NONE
        made.spending.load(TODAY, TODAY, lambda _spending: pytest.fail("nothing can be loaded"))
    finally:
        made.close()
    made.spending.refresh()

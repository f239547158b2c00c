"""How long the spending view's figures take for 100,000 requests with an image each.

.venv/bin/python -m tests.bench.spending

Held against the same run's bare reading of the rows: sums cannot be faster than that.
"""

import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from desktop.store.learning import read_learned
from desktop.store.spending import read_spending, spent_in
from tests.bench.figures import print_figure
from tests.helpers.ledger import new_history

REQUESTS = 100_000
GOAL_TIMES = 4.0
"""Times as long as reading the rows bare."""
FIRST = datetime(2026, 1, 1, 12, tzinfo=UTC)


def _fill(connection: sqlite3.Connection) -> None:
    connection.execute("BEGIN")
    for number in range(REQUESTS):
        at = (FIRST + timedelta(seconds=280 * number)).isoformat()
        connection.execute(
            "INSERT INTO usage (created_at, provider, model, detail, images, sent_bytes, estimate_usd,"
            " prompt_tokens, completion_tokens, reported, cost_usd, expected_text_tokens,"
            " expected_image_tokens, planned_image_tokens)"
            " VALUES (?, 'openai', ?, 'high', 1, 20000, '0.0021', 800, 90, 1, '0.002134', 40, 765, 765)",
            (at, f"gpt-{number % 7}"),
        )
        connection.execute(
            "INSERT INTO usage_image (usage_id, attachment_id, detail, carried, tokens, cost_usd, sent_bytes,"
            " source_bytes) VALUES (?, ?, 'high', 0, 765, '0.001530', 20000, 214000)",
            (number + 1, number // 3 + 1),
        )
    connection.execute("COMMIT")


def _seconds(work: Callable[[], object]) -> float:
    times = []
    for _ in range(5):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return sorted(times)[2]


def main() -> int:
    """Print the medians; status 1 if the goal is missed."""
    with tempfile.TemporaryDirectory() as folder, new_history(Path(folder) / "bench.db") as connection:
        _fill(connection)
        first, last = date(2026, 1, 1), date(2026, 12, 31)
        bare = _seconds(
            lambda: [
                connection.execute("SELECT * FROM usage").fetchall(),
                connection.execute("SELECT * FROM usage_image").fetchall(),
            ]
        )
        year = _seconds(lambda: read_spending(connection, first, last))
        month = _seconds(lambda: read_spending(connection, date(2026, 6, 1), date(2026, 6, 30)))
        print_figure("bare_rows_100000", bare, "s")
        print_figure("spending_year_100000", year, "s")
        print_figure("spending_month_of_100000", month, "s")
        print_figure("budget_month_of_100000", 1000 * _seconds(lambda: spent_in(connection, first)), "ms")
        learned = _seconds(lambda: read_learned(connection, "openai", "gpt-3"))
        print_figure("learned_of_100000", 1000 * learned, "ms")
        return 0 if print_figure("spending_to_bare_rows", year / bare, "times", goal=GOAL_TIMES) else 1


if __name__ == "__main__":
    sys.exit(main())

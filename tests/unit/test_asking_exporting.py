"""What was spent becomes files that hold all of it."""

import asyncio
import csv
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

from desktop.asking.exporting import export_spending
from desktop.store.opening import DATABASE
from desktop.store.spending import MAX_IMAGE_ROWS
from desktop.system.clock import now_utc
from tests.helpers.asking import running
from tests.helpers.ledger import add_request, new_history, request_image
from tests.helpers.loopback import Loopback

A_DAY = timedelta(days=1)


def test_a_table_ended_where_the_window_s_list_ends(tmp_path: Path, loopback: Loopback) -> None:
    """The images that were left out of it were missing in everybody's sums."""
    data, count = tmp_path / "data", MAX_IMAGE_ROWS + 5
    data.mkdir()
    with new_history(data / DATABASE) as connection:
        images = [request_image(number) for number in range(1, count + 1)]
        add_request(connection, now_utc(), *images, cost_usd=Decimal(2))

    async def run() -> tuple[Path, Path]:
        async with running(data, loopback.base_url) as bench:
            today = now_utc().astimezone().date()
            return await export_spending(today - A_DAY, today, tmp_path / "spent.csv", bench.services)

    table, days = asyncio.run(run())
    rows = list(csv.DictReader(table.read_text(encoding="utf-8-sig").splitlines()))
    assert len(rows) == count
    assert sum(Decimal(row["cost_usd"]) for row in rows) == count * Decimal("0.001")
    assert [line.split(",")[1] for line in days.read_text().splitlines()[1:]] == ["0", "1"]

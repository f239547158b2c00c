"""The use case "export": what was spent, as files in a place that the user chose."""

import asyncio
from datetime import date
from pathlib import Path

from desktop.asking.services import Services
from desktop.core.problems import ProblemError
from desktop.export.table import days_csv, spending_csv
from desktop.system.files import problem_of, replace_file


async def export_spending(first: date, last: date, path: Path, services: Services) -> tuple[Path, Path]:
    """Write all images of these days to ``path`` and the days beside it, each file whole or not at all.

    Returns:
        The files: ``spending.csv`` and ``spending-days.csv``.

    Raises:
        ProblemError: DISK_FULL or FOLDER_READ_ONLY, or the history cannot be read.
    """
    spending = await asyncio.wrap_future(services.store.spending(first, last, most_images=None))
    days = path.with_name(f"{path.stem}-days{path.suffix}")
    for file, text in ((path, spending_csv(spending)), (days, days_csv(spending))):
        try:
            await asyncio.to_thread(replace_file, file, text.encode("utf-8"))
        except OSError as error:
            raise ProblemError(problem_of(error, path.parent)) from error
    return path, days

"""Keeps a fetched price list in the data folder, so that the next start has it."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from desktop.core.problems import ProblemError
from desktop.system.files import problem_of, replace_file

_MAX_BYTES = 40_000_000


@dataclass(frozen=True, slots=True)
class KeptPrices:
    """A fetched list.

    Attributes:
        fetched_on: the day, local.
        providers: as it was decoded from JSON; to be validated by `core.pricing.parse_prices`.
    """

    fetched_on: date
    providers: object


def package_version() -> str:
    """The version of ``genai-prices``, whose list is used where nothing was fetched."""
    from importlib.metadata import version  # noqa: PLC0415 - brings all of `email`, which is slow at start

    return version("genai-prices")


def load_kept_prices(path: Path) -> KeptPrices | None:
    """The list that was kept; None if there is none, if it is damaged, or if the package has changed since.

    A package of another version brings a list of its own, which is taken for the newer one, and may
    understand another format.
    """
    try:
        with path.open("rb") as file:
            data = file.read(_MAX_BYTES)
        kept = json.loads(data)
        if kept["package"] != package_version():
            return None
        return KeptPrices(date.fromisoformat(kept["fetched_on"]), kept["providers"])
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return None


def keep_prices(path: Path, prices: KeptPrices) -> None:
    """Write the list so that the file is whole at any moment.

    Raises:
        ProblemError: DISK_FULL or FOLDER_READ_ONLY; the file is as it was.
    """
    table = {
        "package": package_version(),
        "fetched_on": prices.fetched_on.isoformat(),
        "providers": prices.providers,
    }
    try:
        replace_file(path, json.dumps(table, separators=(",", ":")).encode())
    except OSError as error:
        raise ProblemError(problem_of(error, path.parent)) from error

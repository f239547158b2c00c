"""The terminal command as a real process, in a home and a data folder of its own."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

import pytest

from desktop.core.model import Conversation
from tests.helpers.history import opened
from tests.helpers.processes import Process, clean_environment, patient, sightline


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    patient(items, Path(__file__).parent)


@dataclass
class Done:
    """What a process has left behind."""

    status: int
    out: str
    err: str


@dataclass
class Terminal:
    """Starts `sightline` as a shell does.

    Attributes:
        folder: everything of this test.
        environment: added to the clean one.
        data: the data folder.
    """

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    started: list[Process] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.data = self.folder / "data"

    def start(self, command: str, *arguments: str | Path, out: IO[bytes] | None = None) -> Process:
        process = sightline(
            command,
            *arguments,
            "--data-dir",
            self.data,
            environment=clean_environment(self.folder / "home", **self.environment),
            folder=self.folder / f"run-{len(self.started)}",
            out=out,
        )
        self.started.append(process)
        return process

    def run(self, command: str, *arguments: str | Path) -> Done:
        process = self.start(command, *arguments)
        status = process.wait()
        return Done(status, process.out, process.err)

    def ask(self, *arguments: str | Path, model: str = "gpt-4o") -> Done:
        return self.run("ask", *arguments, "--model", model, "--prompt", "What is the total?")

    def start_asking(
        self, *arguments: str | Path, model: str = "gpt-4o", out: IO[bytes] | None = None
    ) -> Process:
        return self.start("ask", *arguments, "--model", model, "--prompt", "What is the total?", out=out)

    def conversations(self) -> list[Conversation]:
        """What the history holds now, the newest first."""
        if not (self.data / "sightline.db").exists():
            return []
        with opened(self.data) as store:
            return [store.conversation(row.id).result() for row in store.summaries().result()]


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    """No process is left behind by what was started here."""
    made = Terminal(tmp_path)
    yield made
    alive = [process for process in made.started if process.status is None]
    for process in alive:
        process.end()
    assert not alive, "a process was still running at the end of the test"

"""Tables in answers are looked for off the GUI thread."""

import threading

import pytest
from pytestqt.qtbot import QtBot

from desktop.core.schema_presets import SCHEMA_PRESETS
from desktop.core.shaped import Shaped, shaped
from desktop.tasks import shaping
from desktop.tasks.delivery import Delivery
from desktop.tasks.shaping import ShapingTasks


def test_a_table_is_found_in_a_thread_and_told_in_this_one(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    threads: list[str] = []

    def watched(*arguments: object) -> Shaped:
        threads.append(threading.current_thread().name)
        return shaped(*arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(shaping, "shaped", watched)
    delivery = Delivery()
    tasks = ShapingTasks(delivery)
    found: list[Shaped] = []
    tasks.look_at('{"answer": "yes", "reason": "b"}', SCHEMA_PRESETS[5].schema(), found.append)
    qtbot.waitUntil(lambda: bool(found))
    assert found[0].table is not None
    assert found[0].fit is not None
    assert threads == ["shaping_0"]
    tasks.close()
    tasks.close()
    assert tasks.look_at("[1]", None, found.append) is None
    delivery.close()

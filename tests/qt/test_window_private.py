"""Private conversations in the real window: nothing of them comes to the disk but what they cost."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desktop.core.model import Detail
from desktop.core.options import Options
from desktop.ui import private_talk
from desktop.ui.composer.state import Carry
from tests.helpers.asking import make_image
from tests.helpers.loopback import Loopback
from tests.helpers.window import WAIT_MS, Opened, open_window

TERRA = "gpt-5.6-terra"
CANARY = "canary-quokka"


@pytest.fixture(autouse=True)
def _no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.null.Keyring")


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, loopback: Loopback) -> Iterator[Opened]:
    with open_window(qtbot, tmp_path / "data", base_url=loopback.base_url, model=TERRA) as opened:
        opened.window.conversation_room.begin_private()
        opened.gallery.paths_dropped.emit([make_image(tmp_path / "a.png", 600, 400)])
        qtbot.waitUntil(lambda: len(opened.images.usable_selection()) == 1, timeout=WAIT_MS)
        ask(qtbot, opened, f"What is this {CANARY}?")
        yield opened


def ask(qtbot: QtBot, opened: Opened, text: str) -> None:
    opened.composer.set_text(text)
    with qtbot.waitSignal(opened.conversation.finished, timeout=WAIT_MS):
        opened.window._composer_controller.ask()


def everything_on_disk(folder: Path) -> bytes:
    return b"".join(path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file())


def test_nothing_of_it_is_on_the_disk_but_what_it_cost(
    qtbot: QtBot, window: Opened, tmp_path: Path, loopback: Loopback
) -> None:
    current = window.conversation.current
    assert current.private
    assert current.messages[-1].cost_usd
    window.composer.set_text(f"half a thought {CANARY}")
    window.window._composer_controller.save_draft()
    assert window.backend.history._store.summaries().result() == ()
    assert not list((tmp_path / "data" / "images").rglob("*.png"))
    assert CANARY.encode() not in everything_on_disk(tmp_path / "data")
    today = datetime.now(UTC).astimezone().date()
    assert window.backend.history._store.spent_in(today).result() == current.messages[-1].cost_usd


def test_it_can_be_continued_asked_again_and_changed(
    qtbot: QtBot, window: Opened, loopback: Loopback
) -> None:
    ask(qtbot, window, "And its colour?")
    assert len(loopback.requests[1].images) == 1
    room = window.window.conversation_room
    with qtbot.waitSignal(window.conversation.finished, timeout=WAIT_MS):
        room.branching.ask_again(window.conversation.current.messages[-1].id)
    first, second = window.conversation.current.versions[0]
    assert second == window.conversation.current.messages[-1].id
    with qtbot.waitSignal(window.conversation.shown, timeout=WAIT_MS):
        room.branching.show_version(first)
    (image,) = window.conversation.current.attachments()
    assert image.detail is Detail.AUTO
    with qtbot.waitSignal(window.backend.branches.changed, timeout=WAIT_MS):
        window.composer.chip_carry_chosen.emit(image.id, Carry.ONCE.value)
    room.options.use(Options(instructions="Be brief."))
    ask(qtbot, window, "And now?")
    assert loopback.requests[-1].body["messages"][0]["role"] == "system"
    assert window.conversation.current.private


def test_its_picture_is_shown_from_memory(qtbot: QtBot, window: Opened) -> None:
    (image,) = window.conversation.current.attachments()
    pictures = window.window._pictures
    qtbot.waitUntil(lambda: pictures.get(image.sent) is not None, timeout=WAIT_MS)
    pixmap = pictures.get(image.sent)
    assert pixmap is not None
    assert (pixmap.width(), pixmap.height()) == (320, 213)


def test_leaving_it_asks_and_forgets_it(
    qtbot: QtBot, window: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []

    def confirm(_parent: object, *, text: str, **_words: object) -> bool:
        asked.append(text)
        return len(asked) > 1

    monkeypatch.setattr(private_talk, "confirm", confirm)
    private = window.conversation.current
    window.history.new_requested.emit()
    assert window.conversation.current is private
    with qtbot.waitSignal(window.conversation.shown, timeout=WAIT_MS):
        window.history.new_requested.emit()
    assert not window.conversation.current.private
    assert window.conversation.current.messages == ()
    assert len(asked) == 2
    store = window.backend.history._store
    qtbot.waitUntil(lambda: not store._private._bytes, timeout=WAIT_MS)


def test_another_conversation_seemed_to_be_at_hand_while_a_private_one_was(
    qtbot: QtBot, tmp_path: Path, loopback: Loopback
) -> None:
    with open_window(qtbot, tmp_path / "data", base_url=loopback.base_url, model=TERRA) as opened:
        opened.gallery.paths_dropped.emit([make_image(tmp_path / "a.png", 600, 400)])
        qtbot.waitUntil(lambda: len(opened.images.usable_selection()) == 1, timeout=WAIT_MS)
        ask(qtbot, opened, "What is this?")
        qtbot.waitUntil(lambda: len(opened.history.view.chosen()) == 1, timeout=WAIT_MS)
        opened.window.conversation_room.begin_private()
        assert opened.history.view.chosen() == []


def test_quitting_threw_a_private_conversation_away_unasked(
    qtbot: QtBot, window: Opened, monkeypatch: pytest.MonkeyPatch
) -> None:
    sure = False
    monkeypatch.setattr(private_talk, "confirm", lambda *_args, **_words: sure)
    window.window.conversation_room.quit()
    assert window.window.isVisible()
    sure = True
    window.window.conversation_room.quit()
    assert not window.window.isVisible()

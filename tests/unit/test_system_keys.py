"""The key is kept where the user is told, or the user is told that it is not."""

import logging
import os
import shutil
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend
from keyring.backends import chainer, fail, null

from desktop.core.ports import KeyStatus, KeyStore
from desktop.core.problems import Code
from desktop.system.environment import Secrets
from desktop.system.keys import KeyringKeys
from tests.helpers.odd_keyrings import (
    Failing,
    Forgetful,
    Hanging,
    Locked,
    Remembering,
    Stubborn,
    Untrusted,
)
from tests.helpers.secret_service import keys_session

ORIGIN = "https://api.openai.com:443"
ELSEWHERE = "https://models.example:443"
CANARY = "sk-canary-0123456789abcdefghij4f2a"

needs_service = pytest.mark.skipif(
    not (shutil.which("gnome-keyring-daemon") and shutil.which("dbus-run-session")),
    reason="this system has no gnome-keyring and dbus-run-session to make a private Secret Service of",
)


@pytest.fixture
def use() -> Iterator[Callable[[KeyringBackend], None]]:
    """Sets the backend that the keyring package hands out."""
    from keyring import core

    before = core._keyring_backend
    yield keyring.set_keyring
    core._keyring_backend = before


@pytest.fixture
def make_keys() -> Iterator[Callable[..., KeyringKeys]]:
    made: list[KeyringKeys] = []

    def make(secrets: Secrets | None = None, *, time_limit_s: float = 5.0) -> KeyringKeys:
        made.append(KeyringKeys(secrets, time_limit_s=time_limit_s))
        return made[-1]

    yield make
    for keys in made:
        keys.close()


Use = Callable[[KeyringBackend], None]
Make = Callable[..., KeyringKeys]


def code_of(status: KeyStatus) -> Code | None:
    return status.problem.code if status.problem else None


# A real Secret Service


@needs_service
def test_a_saved_key_is_there_after_a_restart_and_gone_after_delete() -> None:
    none, saved, again, restarted, deleted, gone = keys_session(
        "load", f"save {CANARY}", "load", "restart", "load", "delete", "restart", "load"
    )
    assert (none.hint, none.code) == (None, None)
    for step in (saved, again, restarted):
        assert (step.hint, step.origin, step.backend) == ("sk-…4f2a", "keyring", "Secret Service")
        assert step.code is None
        assert step.key == CANARY
    for step in (deleted, gone):
        assert (step.hint, step.origin, step.key, step.code) == (None, None, None, None)


@needs_service
def test_where_a_key_would_be_kept_is_known_before_there_is_one() -> None:
    (none,) = keys_session("load")

    assert (none.hint, none.origin, none.backend) == (None, None, "Secret Service")


@needs_service
def test_a_key_can_be_replaced_and_deleting_none_is_no_failure() -> None:
    nothing, _, second, restarted = keys_session(
        "delete", f"save {CANARY}", "save sk-another-0123456789abcdef", "restart", "load"
    )
    assert nothing.code is None
    assert second.hint == restarted.hint == "sk-…cdef"


@needs_service
def test_a_stopped_service_is_given_up_within_five_seconds_and_serves_again_later() -> None:
    _, load, later = keys_session(f"save {CANARY}", "restart", "stop", "load", "continue", "load")
    assert (load.code, load.key) == (Code.KEYRING_TIMED_OUT, None)
    assert 4.5 < load.seconds < 6
    assert (later.code, later.key, later.origin) == (None, CANARY, "keyring")


@needs_service
def test_a_key_that_a_stopped_service_did_not_take_is_not_lost_silently() -> None:
    _, save, again, delete = keys_session(
        f"save {CANARY}", "limit 0.5", "stop", "save sk-new-0123456789abcdefgh", "load", "delete"
    )
    assert save.code == again.code == delete.code == Code.KEYRING_TIMED_OUT
    assert (again.key, again.origin) == ("sk-new-0123456789abcdefgh", "session")
    assert (delete.key, delete.hint) == (None, None)


@needs_service
def test_a_locked_collection_is_said_at_once_where_nobody_can_unlock_it() -> None:
    _, load, save = keys_session(
        f"save {CANARY}", "restart", "lock", "load", "save sk-new-0123456789abcdefgh"
    )
    assert load.code == save.code == Code.KEYRING_LOCKED
    assert (save.key, save.origin) == ("sk-new-0123456789abcdefgh", "session")
    assert load.seconds < 5.5


@needs_service
def test_a_killed_service_loses_nothing_silently() -> None:
    _, load, save, again = keys_session(
        f"save {CANARY}", "restart", "kill", "load", "save sk-new-0123456789abcdefgh", "load"
    )
    assert load.code is not None
    assert save.code is not None
    assert (again.key, again.origin) == ("sk-new-0123456789abcdefgh", "session")
    assert load.seconds < 6
    assert save.seconds < 6


def test_without_a_bus_the_key_is_kept_until_quitting_and_this_is_said(tmp_path: Path) -> None:
    load, save, restarted = keys_session(
        "load",
        f"save {CANARY}",
        "restart",
        "load",
        service=False,
        DBUS_SESSION_BUS_ADDRESS=f"unix:path={tmp_path}/nothing",
    )
    assert load.code == save.code == Code.KEYRING_ABSENT
    assert (save.origin, save.hint, save.backend, save.key) == ("session", "sk-…4f2a", None, CANARY)
    assert restarted.hint is None


@pytest.mark.skipif(os.name != "posix", reason="needs a socket in the file system")
def test_a_bus_that_never_answers_is_given_up_within_the_limit(tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as bus:
        bus.bind(str(tmp_path / "bus"))
        bus.listen()
        (load,) = keys_session(
            "load", service=False, DBUS_SESSION_BUS_ADDRESS=f"unix:path={tmp_path / 'bus'}"
        )
    # The D-Bus library may lose patience before we do.
    assert load.code in {Code.KEYRING_TIMED_OUT, Code.KEYRING_ABSENT}
    assert load.seconds < 6


@pytest.mark.parametrize(
    "name", ["keyring.backends.null.Keyring", "keyring.backends.fail.Keyring", "no.such.Backend"]
)
def test_a_configured_backend_that_keeps_nothing_is_not_used(name: str) -> None:
    load, save = keys_session("load", f"save {CANARY}", service=False, PYTHON_KEYRING_BACKEND=name)
    assert load.code == save.code == Code.KEYRING_ABSENT
    assert (save.origin, save.key) == ("session", CANARY)


# Odd backends


@pytest.mark.parametrize("backend", [null.Keyring(), fail.Keyring(), Untrusted()])
def test_a_backend_that_cannot_be_trusted_gets_no_key(
    use: Use, make_keys: Make, backend: KeyringBackend
) -> None:
    use(backend)
    status = make_keys().save(ORIGIN, CANARY).result()
    assert code_of(status) is Code.KEYRING_ABSENT
    assert status.origin == "session"
    assert not getattr(backend, "kept", None)


def test_behind_a_chain_the_trusted_backend_is_used(
    use: Use, make_keys: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = Remembering(), Untrusted()
    monkeypatch.setattr(chainer.ChainerBackend, "backends", [bad, good])
    use(chainer.ChainerBackend())
    assert make_keys().save(ORIGIN, CANARY).result().origin == "keyring"
    assert good.kept == {("Sightline", ORIGIN): CANARY}
    assert not bad.kept


def test_a_key_that_the_keyring_lost_is_kept_for_the_session_and_said(use: Use, make_keys: Make) -> None:
    use(Forgetful())
    keys = make_keys()
    status = keys.save(ORIGIN, CANARY).result()
    assert code_of(status) is Code.KEYRING_LOST_THE_KEY
    assert (status.origin, status.hint) == ("session", "sk-…4f2a")
    assert keys.key(ORIGIN) == CANARY
    # Looking again must not find "no key" and forget it.
    assert keys.load(ORIGIN).result() == status
    assert keys.key(ORIGIN) == CANARY


def test_a_key_that_the_keyring_does_not_delete_is_said(use: Use, make_keys: Make) -> None:
    use(Stubborn())
    keys = make_keys()
    keys.save(ORIGIN, CANARY).result()
    status = keys.delete(ORIGIN).result()
    assert code_of(status) is Code.KEYRING_FAILED
    assert keys.key(ORIGIN) is None


def test_a_failing_keyring_is_said_without_its_own_words(
    use: Use, make_keys: Make, caplog: pytest.LogCaptureFixture
) -> None:
    use(Failing())
    keys = make_keys()
    with caplog.at_level(logging.DEBUG):
        statuses = [
            keys.load(ORIGIN).result(),
            keys.save(ORIGIN, CANARY).result(),
            keys.delete(ORIGIN).result(),
        ]
    assert [code_of(status) for status in statuses] == [Code.KEYRING_FAILED] * 3
    assert CANARY not in caplog.text + repr(statuses)


def test_a_locked_keyring_is_said(use: Use, make_keys: Make) -> None:
    use(Locked())
    keys = make_keys()
    assert code_of(keys.load(ORIGIN).result()) is Code.KEYRING_LOCKED
    assert code_of(keys.save(ORIGIN, CANARY).result()) is Code.KEYRING_LOCKED
    assert keys.key(ORIGIN) == CANARY


def test_the_keyring_is_read_once_a_session(use: Use, make_keys: Make) -> None:
    backend = Remembering()
    backend.kept["Sightline", ORIGIN] = CANARY
    use(backend)
    keys = make_keys()
    first = keys.load(ORIGIN).result()
    assert keys.load(ORIGIN).result() == first
    assert backend.reads == 1


def test_a_key_belongs_to_one_origin(use: Use, make_keys: Make) -> None:
    use(Remembering())
    keys = make_keys()
    keys.save(ORIGIN, CANARY).result()
    assert keys.load(ELSEWHERE).result().hint is None
    assert keys.key(ELSEWHERE) is None
    assert keys.key("https://api.openai.com:8443") is None


def test_a_hung_call_is_given_up_and_its_key_taken_when_it_comes_late(use: Use, make_keys: Make) -> None:
    backend = Hanging()
    backend.kept["Sightline", ORIGIN] = CANARY
    use(backend)
    keys = make_keys(time_limit_s=0.1)
    status = keys.load(ORIGIN).result(5)
    assert code_of(status) is Code.KEYRING_TIMED_OUT
    assert keys.key(ORIGIN) is None

    backend.go_on.set()
    # Another thread has taken over, and the keyring works again.
    assert keys.load(ORIGIN).result(5).origin == "keyring"
    assert keys.key(ORIGIN) == CANARY


def test_a_late_read_does_not_put_the_old_key_over_the_new_one(use: Use, make_keys: Make) -> None:
    backend = Hanging()
    backend.kept["Sightline", ORIGIN] = "sk-old-0123456789abcdefgh"
    use(backend)
    keys = make_keys(time_limit_s=0.1)
    keys.load(ORIGIN).result(5)
    saved = keys.save(ORIGIN, CANARY).result(5)
    assert saved.origin == "session"
    backend.go_on.set()
    assert keys.load(ORIGIN).result(5).hint == "sk-…4f2a"
    assert keys.key(ORIGIN) == CANARY


def test_a_job_that_was_given_up_before_it_began_never_runs(use: Use, make_keys: Make) -> None:
    backend = Hanging()
    use(backend)
    keys = make_keys(time_limit_s=0.1)
    first, second = keys.load(ORIGIN), keys.save(ELSEWHERE, CANARY)
    assert code_of(first.result(5)) is code_of(second.result(5)) is Code.KEYRING_TIMED_OUT
    backend.go_on.set()
    keys.close()
    assert backend.kept.get(("Sightline", ELSEWHERE)) in {None, CANARY}
    assert keys.key(ELSEWHERE) == CANARY


def test_closing_does_not_wait_for_a_hung_keyring_and_answers_everybody(use: Use, make_keys: Make) -> None:
    backend = Hanging()
    use(backend)
    keys = make_keys()
    futures = [keys.load(ORIGIN), keys.load(ELSEWHERE)]
    assert backend.came.wait(5)
    keys.close()
    assert [code_of(future.result(0)) for future in futures] == [Code.KEYRING_TIMED_OUT] * 2
    assert code_of(keys.load(ORIGIN).result(0)) is Code.KEYRING_TIMED_OUT
    keys.close()
    backend.go_on.set()


# The environment


def test_the_environments_key_wins_for_its_own_server_only(use: Use, make_keys: Make) -> None:
    backend = Remembering()
    backend.kept["Sightline", ORIGIN] = "sk-in-the-keyring-0123456789"
    use(backend)
    keys = make_keys(Secrets(CANARY))
    assert keys.load(ORIGIN).result() == KeyStatus(hint="sk-…4f2a", origin="environment")
    assert keys.key(ORIGIN) == CANARY
    assert keys.key(ELSEWHERE) is None
    assert backend.reads == 0


def test_the_environments_base_url_says_whose_key_it_is(use: Use, make_keys: Make) -> None:
    use(Remembering())
    keys = make_keys(Secrets(CANARY, "https://Models.example/v1"))
    assert keys.key(ELSEWHERE) == CANARY
    assert keys.key(ORIGIN) is None


def test_a_base_url_that_is_none_gives_the_key_to_nobody(use: Use, make_keys: Make) -> None:
    use(Remembering())
    keys = make_keys(Secrets(CANARY, "not an address"))
    assert keys.load(ORIGIN).result().hint is None


def test_deleting_leaves_the_environments_key(use: Use, make_keys: Make) -> None:
    backend = Remembering()
    use(backend)
    keys = make_keys(Secrets(CANARY))
    keys.save(ORIGIN, "sk-typed-0123456789abcdef").result()
    assert backend.kept["Sightline", ORIGIN] == "sk-typed-0123456789abcdef"
    status = keys.delete(ORIGIN).result()
    assert (status.origin, status.hint) == ("environment", "sk-…4f2a")
    assert not backend.kept


def test_it_is_the_key_store_that_core_describes(make_keys: Make) -> None:
    store: KeyStore = make_keys()
    assert store.key(ORIGIN) is None

"""A real Secret Service for tests about the key: gnome-keyring on a private bus, in a private home.

`keys_session` runs steps in a process of its own, because keyring keeps the backend that it has found:

- ``save KEY``, ``load``, ``delete``: call `KeyringKeys` and tell the status and the seconds it took
- ``restart``: a new `KeyringKeys`, as after the next start of the app
- ``limit SECONDS``: the same, with another time limit
- ``lock``, ``stop``, ``continue``, ``kill``: do that to the service
"""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
ORIGIN = "https://api.openai.com:443"


@dataclass(frozen=True)
class Step:
    """What a step came to; ``code`` is the problem's, if there was one."""

    hint: str | None
    origin: str | None
    backend: str | None
    code: str | None
    seconds: float
    key: str | None


def keys_session(*steps: str, service: bool = True, **environment: str) -> list[Step]:
    """Run the steps; with a Secret Service of their own, or in the environment as it is given."""
    with tempfile.TemporaryDirectory() as home:
        command = [sys.executable, "-m", "tests.helpers.secret_service", *steps]
        if service:
            command = ["dbus-run-session", "--", *command]
        done = subprocess.run(
            command,
            cwd=ROOT,
            env=_private_environment(home, environment, service=service),
            stdout=subprocess.PIPE,
            timeout=100,
            check=True,
            text=True,
        )
    return [Step(**step) for step in json.loads(done.stdout)]


def _private_environment(home: str, more: Mapping[str, str], *, service: bool) -> dict[str, str]:
    kept = {name: os.environ[name] for name in ("PATH", "LANG", "VIRTUAL_ENV") if name in os.environ}
    return {
        **kept,
        "HOME": home,
        "XDG_RUNTIME_DIR": home,
        "XDG_DATA_HOME": f"{home}/share",
        "XDG_CONFIG_HOME": f"{home}/config",
        "XDG_CACHE_HOME": f"{home}/cache",
        "SIGHTLINE_TEST_SERVICE": "1" if service else "",
        **more,
    }


@contextlib.contextmanager
def _service() -> Iterator[int]:
    """The service, unlocked, on the bus of this process."""
    command = ["gnome-keyring-daemon", "--foreground", "--unlock", "--components=secrets"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as daemon:
        try:
            assert daemon.stdin is not None
            daemon.stdin.write(b"throw-away")
            daemon.stdin.close()
            _wait_for_the_service()
            yield daemon.pid
        finally:
            daemon.send_signal(signal.SIGCONT)
            daemon.kill()


def _wait_for_the_service() -> None:
    from jeepney import MessageType
    from jeepney.bus_messages import message_bus
    from jeepney.io.blocking import open_dbus_connection

    with open_dbus_connection() as bus:
        until = time.monotonic() + 10
        while time.monotonic() < until:
            reply = bus.send_and_get_reply(message_bus.NameHasOwner("org.freedesktop.secrets"))
            if reply.header.message_type is MessageType.method_return and reply.body[0]:
                return
            threading.Event().wait(0.02)
    raise TimeoutError("the Secret Service did not start")


def _run(steps: Sequence[str], service_pid: int | None) -> list[dict[str, Any]]:
    from desktop.system.environment import take_secrets
    from desktop.system.keys import KeyringKeys

    secrets = take_secrets()
    keys = KeyringKeys(secrets)
    told: list[dict[str, Any]] = []
    for step in steps:
        name, _, argument = step.partition(" ")
        started = time.monotonic()
        if name == "restart":
            keys.close()
            keys = KeyringKeys(secrets)
        elif name == "limit":
            keys.close()
            keys = KeyringKeys(secrets, time_limit_s=float(argument))
        elif name == "lock":
            _lock()
        elif name in _SIGNALS:
            assert service_pid is not None
            os.kill(service_pid, _SIGNALS[name])
        else:
            arguments = (ORIGIN, argument) if argument else (ORIGIN,)
            status = getattr(keys, name)(*arguments).result(20)
            told.append(
                {
                    "hint": status.hint,
                    "origin": status.origin,
                    "backend": status.backend,
                    "code": status.problem.code.value if status.problem else None,
                    "seconds": time.monotonic() - started,
                    "key": keys.key(ORIGIN),
                }
            )
    keys.close()
    return told


_SIGNALS = {
    step: getattr(signal, name)
    for step, name in {"stop": "SIGSTOP", "continue": "SIGCONT", "kill": "SIGKILL"}.items()
    if hasattr(signal, name)
}


def _lock() -> None:
    import secretstorage

    with contextlib.closing(secretstorage.dbus_init()) as bus:
        secretstorage.get_default_collection(bus).lock()


def main(steps: Sequence[str]) -> None:
    """Run in the private session."""
    if os.environ["SIGHTLINE_TEST_SERVICE"]:
        with _service() as pid:
            told = _run(steps, pid)
    else:
        told = _run(steps, None)
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1:])
